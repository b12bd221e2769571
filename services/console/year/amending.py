"""Amendments: what is to be otherwise in a pact in force, and that it is no longer wanted."""

from datetime import date, timedelta
from typing import Any

from services.console.year.drafting import GOAL
from services.console.year.family import NotNow, Scene


def propose_an_amendment(scene: Scene) -> None:
    """The pact is to last longer, and one goal more is aimed at."""
    if _pending(scene):
        raise NotNow
    later = date.fromisoformat(scene.pact["ends"]) + timedelta(days=scene.chance.randint(20, 90))
    goal: dict[str, Any] = {"goal": GOAL[0], "expected_result": GOAL[1]}
    scene.pacts("propose_amendment", ends=later.isoformat(), goals={"added": [goal]})


def withdraw_the_amendment(scene: Scene) -> None:
    """Before the committee has decided, it is taken back."""
    if not _pending(scene):
        raise NotNow
    scene.pacts("withdraw_amendment")


def _pending(scene: Scene) -> bool:
    return any(each["state"] == "proposed" for each in scene.pact["amendments"])
