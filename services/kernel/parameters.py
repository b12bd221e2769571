"""Versioned parameters: which version is in force on which day, as heard from who issues them."""

from datetime import date
from typing import Any

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused

PARAMETERS = stream_id("parameters")
"""The one stream of parameters in a log."""


class NothingInForce(Refused):
    """No version of the parameters is in force on the day of the decision."""


class Parameters(Aggregate):
    """Every version heard; a decision applies the one in force on its day."""

    TOPIC = "kernel.Parameters"

    def __init__(self) -> None:
        self.versions: dict[int, tuple[date, dict[str, Any]]] = {}

    class Opened(Birth):
        """The first version was heard."""

        TOPIC = "kernel.ParametersOpened"

    class Heard(Aggregate.Event):
        """One version, as it was issued."""

        TOPIC = "kernel.ParametersHeard"
        number: int
        in_force_from: date
        values: dict[str, Any]

        def apply(self, parameters: "Parameters") -> None:
            parameters.versions[self.number] = (self.in_force_from, self.values)

    @classmethod
    def opened(cls, by: Actor) -> "Parameters":
        """The stream, before any version."""
        return birth(cls, cls.Opened, PARAMETERS, by=by)

    def hear(self, number: int, in_force_from: date, values: dict[str, Any], by: Actor) -> None:
        """Keep version *number*; a version that is known already adds nothing."""
        if number not in self.versions:
            self.trigger_event(
                self.Heard, by=by, number=number, in_force_from=in_force_from, values=values
            )

    def on(self, day: date) -> tuple[int, dict[str, Any]]:
        """The number and values in force on *day*.

        Raises:
            NothingInForce: no version begins on or before *day*.
        """
        begun = [
            (begins, number, values)
            for number, (begins, values) in self.versions.items()
            if begins <= day
        ]
        if not begun:
            raise NothingInForce(day=day)
        _, number, values = max(begun, key=lambda version: version[:2])
        return number, values
