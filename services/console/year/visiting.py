"""Visits along the way: planned, held as planned or not, called off."""

from typing import Any

from services.console.year.family import NotNow, Scene

PLACES = ("home", "access_point", "where_an_action_is", "school", "at_a_distance")


def plan_a_visit(scene: Scene) -> None:
    """The lead is to meet the family."""
    place = scene.chance.choice(PLACES)
    scene.pacts("plan_visit", day=scene.later(1, 15), place=place)


def visit(scene: Scene) -> None:
    """The lead met the family today: as planned, if a visit was."""
    planned = _planned(scene)
    scene.pacts(
        "record_visit",
        day=scene.today,
        place=scene.chance.choice(PLACES),
        present=[scene.family.committed],
        visit=planned[0]["number"] if planned else None,
        note="Nota di prova sulla visita",
    )


def call_a_visit_off(scene: Scene) -> None:
    """A planned visit is not held."""
    reasons = ("asked_by_the_family", "visitor_unavailable", "nobody_there")
    for planned in _planned(scene)[:1]:
        reason = scene.chance.choice(reasons)
        scene.pacts("call_off_visit", visit=planned["number"], reason=reason)
        return
    raise NotNow


def _planned(scene: Scene) -> list[dict[str, Any]]:
    return [each for each in scene.pact["visits"] if each["progress"] == "planned"]
