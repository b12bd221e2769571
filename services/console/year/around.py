"""What happens around a family at any time: who is in its microequipe, and that nothing does."""

from services.console.year.entering import figure
from services.console.year.family import AT_REST, NotNow, Scene


def wait(scene: Scene) -> None:
    """Nothing happens today."""


def rest(scene: Scene) -> str:
    """Nothing happens any more."""
    return AT_REST


def somebody_joins(scene: Scene) -> None:
    """A reference figure joins the microequipe."""
    member = figure(scene, scene.chance.choice(("relative", "employer", "other")))
    scene.intake("verifier", "join_microequipe", member=member, on=scene.today)
    scene.family.joined = member["person"]


def somebody_leaves(scene: Scene) -> None:
    """Who joined leaves again."""
    if scene.family.joined is None:
        raise NotNow
    scene.intake("verifier", "leave_microequipe", person=scene.family.joined, on=scene.today)
    scene.family.joined = None


def a_figure_helps(scene: Scene) -> None:
    """A reference figure helps in an action from today."""
    figures = [each["person"] for each in scene.pact["figures"]]
    free = [
        (action["number"], person)
        for action in scene.pact["actions"]
        for person in figures
        if action["progress"] not in ("completed", "dropped")
        and person not in (*action["figures"], action["responsible"])
    ]
    if not free:
        raise NotNow
    action, person = scene.chance.choice(free)
    scene.pacts("engage_figure", action=action, figure=person)


def a_figure_helps_no_more(scene: Scene) -> None:
    """Who helped in an action does so no longer."""
    for action in scene.pact["actions"]:
        for person in action["figures"][:1]:
            scene.pacts("release_figure", action=action["number"], figure=person)
            return
    raise NotNow


def the_lead_is_handed_over(scene: Scene) -> None:
    """Somebody else of the microequipe leads it."""
    if scene.family.second is None:
        raise NotNow
    former = scene.pact["lead"]
    scene.intake("verifier", "hand_over_lead", lead=scene.family.second, on=scene.today)
    scene.family.second = former


def another_case_manager(scene: Scene) -> None:
    """A case manager begins, or ceases, to assist the microequipe."""
    manager = scene.cast["lead", f"case manager {scene.chance.randint(1, 2)}"].id
    named = manager if scene.chance.random() < 0.7 else None
    scene.intake("verifier", "name_case_manager", case_manager=named, on=scene.today)
