"""What changes in a household: births, arrivals, deaths, moves, splits, and how it is reached."""

from typing import Any

from services.console.year.family import NotNow, Scene


def a_child_is_born(scene: Scene) -> None:
    """A child was born today."""
    child = {"relation": "child", "name": _name(scene), "birth_date": scene.today}
    scene.intake("operator", "record_birth", member=child)


def somebody_moves_in(scene: Scene) -> None:
    """A grandparent moved in today."""
    member = {"relation": "grandparent", "name": _name(scene), "birth_date": "1948-05-04"}
    scene.intake("operator", "record_arrival", member=member, on=scene.today)


def somebody_goes(scene: Scene) -> None:
    """The member who came last died or moved out."""
    gone = scene.chance.choice(("died", "moved_out"))
    last = _members(scene)[-1]
    scene.intake("operator", "record_departure", member=last, gone=gone, on=scene.today)


def the_household_splits(scene: Scene) -> None:
    """The member who came last has a household of their own, which is referred by that alone."""
    going = [{"number": _members(scene)[-1], "relation": "applicant"}]
    scene.intake("verifier", "split_household", members=going, on=scene.today)


def contact_is_restricted(scene: Scene) -> None:
    """The family may be reached in one way only."""
    how = "Modo di contatto di prova"
    scene.intake("operator", "mark_safe_contact", how=how)
    scene.family.guarded = True


def contact_is_free_again(scene: Scene) -> None:
    """The family may be reached like any other."""
    if not scene.family.guarded:
        raise NotNow
    scene.intake("verifier", "lift_safe_contact")
    scene.family.guarded = False


def _members(scene: Scene) -> list[Any]:
    """By number; somebody stays with those who go."""
    members: list[Any] = scene.intake("operator", "household")["members"]
    if len(members) < 2:
        raise NotNow
    return members


def _name(scene: Scene) -> str:
    return f"Zoe Inventata{scene.family.number}"
