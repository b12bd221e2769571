"""Amendments: what is to be otherwise in a pact in force, and that it is no longer wanted."""

from datetime import date, timedelta
from typing import Any

from services.console.year.drafting import GOAL
from services.console.year.family import NotNow, Scene


def propose_an_amendment(scene: Scene) -> None:
    """The pact is to last longer, and one goal more is aimed at."""
    if pending(scene):
        raise NotNow
    later = later_end(scene)
    goal: dict[str, Any] = {"goal": GOAL[0], "expected_result": GOAL[1]}
    scene.pacts("propose_amendment", ends=later.isoformat(), goals={"added": [goal]})


def withdraw_the_amendment(scene: Scene) -> None:
    """Before the committee has decided, it is taken back."""
    if not pending(scene):
        raise NotNow
    scene.pacts("withdraw_amendment")


def later_end(scene: Scene) -> date:
    """Some weeks after the last day of the pact."""
    return date.fromisoformat(scene.pact["ends"]) + timedelta(days=scene.chance.randint(20, 90))


def pending(scene: Scene) -> bool:
    """Whether the committee has an amendment."""
    return any(each["state"] == "proposed" for each in scene.pact["amendments"])
