"""Two referrals of one person: proposed, said to be one family or two, and taken back.

Or one here and one at the other organisation, which is asked whether it follows somebody.
"""

from services.console.year.entering import ACCESS_POINTS
from services.console.year.family import NotNow, Scene
from services.console.year.households import told_of


def referred_once_more(scene: Scene) -> None:
    """Another access point refers the family, with the same code of a person; nobody knows yet."""
    if scene.family.twin:
        raise NotNow
    scene.family.twin = _referred(scene, scene.family.organisation, scene.family.access_point)


def known_elsewhere(scene: Scene) -> None:
    """An access point of the other organisation refers the same person, and goes no further."""
    other = _other(scene)
    if scene.family.elsewhere or not scene.serves(other, "intake"):
        raise NotNow
    _referred(scene, other, ACCESS_POINTS[other][0])
    scene.family.elsewhere = True


def followed_elsewhere(scene: Scene) -> None:
    """Who verifies asks the other organisation whether it follows somebody of the family."""
    scene.intake("verifier", "ask_elsewhere", organisation=_other(scene))


def it_is_one_family(scene: Scene) -> None:
    """A verifier says that both are one, followed under the first code."""
    _say(scene, "confirm_duplicate", goes_on=scene.family.code)


def they_are_two_families(scene: Scene) -> None:
    """A verifier says that they have nothing to do with each other."""
    _say(scene, "refuse_duplicate")


def that_was_a_mistake(scene: Scene) -> None:
    """What was said of both is taken back; somebody says it anew one day."""
    if not scene.family.twin_known:
        raise NotNow
    scene.intake("verifier", "undo_duplicate", other=scene.family.twin)
    scene.family.twin_known = False


def _referred(scene: Scene, organisation: str, access_point: str) -> str:
    """The code under which the family's person is referred once more."""
    by = scene.cast[organisation, "operator"].acting()
    words = {"access_point": access_point, "on": scene.today}
    told = told_of(scene.family.number)
    made = scene.asking(organisation, "intake", "refer_family", by, **words, referral=told)
    return str(made["family"])


def _other(scene: Scene) -> str:
    return "partner" if scene.family.organisation == "lead" else "lead"


def _say(scene: Scene, method: str, **words: str) -> None:
    if not scene.family.twin or scene.family.twin_known:
        raise NotNow
    scene.intake("verifier", method, other=scene.family.twin, **words)
    scene.family.twin_known = True
