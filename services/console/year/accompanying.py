"""What happens from the approval on: signatures, actions, logs, rests, verifications, the end."""

from typing import Any

from services.console.year.family import NotNow, Scene


def sign(scene: Scene) -> None:
    """Everybody who has still to sign signs."""
    for person in scene.pact["awaited"]:
        scene.pacts("sign", person=person)


def one_signs(scene: Scene) -> None:
    """Only one of them signs; the others may come too late."""
    for person in scene.pact["awaited"][:1]:
        scene.pacts("sign", person=person)


def activate(scene: Scene) -> None:
    """The signed pact runs; often the family's ties are counted, as a baseline."""
    scene.pacts("activate", ties=_ties(scene))


def start_actions(scene: Scene) -> None:
    """Planned actions begin."""
    for action in _actions(scene, "planned"):
        scene.pacts("start_action", action=action["number"])


def complete_an_action(scene: Scene) -> None:
    """An action was carried out."""
    for action in _actions(scene, "started")[:1]:
        scene.pacts("complete_action", action=action["number"])


def drop_an_action(scene: Scene) -> None:
    """An action will not be carried out."""
    reasons = ("no_longer_needed", "provider_unavailable", "family_gave_up", "health")
    for action in _actions(scene, "planned", "started")[:1]:
        scene.pacts("drop_action", action=action["number"], reason=scene.chance.choice(reasons))


def log_help(scene: Scene) -> None:
    """The family received help, in EUR, in hours or in both."""
    eur, hours = scene.chance.choice(((True, False), (False, True), (True, True)))
    scene.pacts(
        "log_help",
        action=_one_of(scene, "assistance"),
        received_on=scene.today,
        eur=scene.amount(10, 180) if eur else None,
        hours=scene.amount(1, 6) if hours else None,
    )


def log_commitment(scene: Scene) -> None:
    """The family did something: hours, a contribution, or works."""
    dimension = scene.chance.choice(("promotion", "restitution"))
    words: dict[str, Any] = scene.chance.choice(
        (
            {"hours": scene.amount(1, 8)},
            {"hours": scene.amount(1, 8)},
            {"eur": scene.amount(5, 20)} if dimension == "promotion" else {"hours": "1.00"},
            {"works": "Opera di prova"},
        )
    )
    action = _one_of(scene, dimension)
    scene.pacts("log_restitution", action=action, done_on=scene.today, **words)


def suspend(scene: Scene) -> None:
    """The pact rests."""
    reasons = ("health", "care_of_a_relative", "away", "work", "asked_by_the_family")
    scene.pacts("suspend", reason=scene.chance.choice(reasons))


def resume(scene: Scene) -> None:
    """The pact runs again."""
    scene.pacts("resume")


def verify(scene: Scene) -> None:
    """The periodic check with the family."""
    _verify(scene, final=False)


def conclude(scene: Scene) -> None:
    """The pact comes to the end of its way, with a final check."""
    _verify(scene, final=True)
    reasons = ("goals_reached", "goals_partly_reached", "period_ended")
    scene.pacts("conclude", reason=scene.chance.choice(reasons))


def interrupt(scene: Scene) -> None:
    """The pact ends before its time, with a final check, or why there can be none."""
    unverified = None
    if scene.chance.random() < 0.7:
        _verify(scene, final=True)
    else:
        unverified = scene.chance.choice(("family_unreachable", "moved_away"))
    reasons = ("family_withdrew", "moved_away", "commitments_not_kept", "unreachable")
    reason = scene.chance.choice(reasons)
    scene.pacts("interrupt", reason=reason, not_verified_because=unverified)


def look_back(scene: Scene) -> None:
    """Some months after the end somebody asks how the family is; before, it is refused."""
    outcomes = ("better", "as_at_the_end", "worse", "not_reached")
    scene.pacts("look_back", outcome=scene.chance.choice(outcomes))


def _verify(scene: Scene, final: bool) -> None:
    ratings = {str(goal["number"]): scene.chance.randint(-2, 2) for goal in scene.pact["goals"]}
    there = scene.chance.random() < 0.9
    changes = "Cambiamento di prova" if scene.chance.random() < 0.5 else None
    used = [each["number"] for each in scene.pact["capacities"] if scene.chance.random() < 0.6]
    scene.pacts(
        "verify",
        ratings=ratings,
        family_present=there,
        final=final,
        changes=changes,
        capacities_used=used,
        ties=_ties(scene),
    )


def _ties(scene: Scene) -> dict[str, int] | None:
    if scene.chance.random() < 0.3:
        return None
    return {kind: scene.chance.randint(0, 3) for kind in ("relatives", "neighbours", "parish")}


def _actions(scene: Scene, *progress: str) -> list[dict[str, Any]]:
    found = [each for each in scene.pact["actions"] if each["progress"] in progress]
    if not found:
        raise NotNow
    return found


def _one_of(scene: Scene, dimension: str) -> int:
    found = [each for each in scene.pact["actions"] if each["dimension"] == dimension]
    return int(scene.chance.choice(found)["number"])
