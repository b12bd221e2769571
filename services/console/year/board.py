"""The steering board: its sessions, one of them late, and a new version of the guidelines."""

from datetime import date, timedelta
from random import Random
from typing import Any

from services.console.year.asking import Asking
from services.console.year.cast import Cast

MONTHS = 4
CHANGES: tuple[dict[str, Any], ...] = (
    {"signature_days": 20, "proposals_by_day": 12, "closed_months": [8]},
    {"verification_months": 2, "elderly_from_age": 63},
    {"proposals_by_day": 8, "signature_days": 25, "other_elements_min": 1},
)
"""What the second version changes; one of these."""
VERSIONS = 3
"""Issued at the first sessions, one at each; the third one closes a month that is near."""


class Board:
    """Meets on its days, and issues guidelines at its first sessions."""

    def __init__(self, asking: Asking, cast: Cast, first: date, chance: Random) -> None:
        """Plan its sessions from *first* on; one is held some days after it was due."""
        self._asking = asking
        self._cast = cast
        self._changes = chance.choice(CHANGES)
        late = chance.randint(1, 3)
        self._days = [first]
        while len(self._days) < 8:
            last = self._days[-1]
            months = last.month - 1 + MONTHS
            due = last.replace(year=last.year + months // 12, month=months % 12 + 1, day=1)
            shift = 40 if len(self._days) == late else -chance.randint(1, 15)
            self._days.append(due + timedelta(days=last.day - 1 + shift))
        self._held = 0

    def due(self, day: date) -> bool:
        """Whether a session is held on *day*, or should have been already."""
        return self._days[self._held] <= day

    def hold(self, day: date) -> None:
        """A session; at the first ones, a version of the guidelines is issued."""
        manager = self._cast["lead", "project manager"].acting()
        present = [self._cast[organisation, "legal"].id for organisation in ("lead", "partner")]
        held = self._asking(
            "lead", "review", "hold_session", manager, on=day.isoformat(), present=present
        )
        self._held += 1
        if self._held <= VERSIONS:
            self._asking(
                "lead",
                "review",
                "issue_guidelines",
                manager,
                number=self._held,
                in_force_from=day.isoformat(),
                parameters=self._changed(day),
                session=held["session"],
                text="Linee guida di prova",
            )

    def acknowledge(self) -> None:
        """The committee acknowledges the last version that was issued."""
        for called in ("project manager", "case manager 1"):
            by = self._cast["lead", called].acting()
            self._asking(
                "lead", "review", "acknowledge_guidelines", by, number=min(self._held, VERSIONS)
            )

    def _changed(self, day: date) -> dict[str, Any]:
        """What the version of this session changes; proposals may have their place in a month
        that the last one closes.
        """
        if self._held == VERSIONS:
            return {"closed_months": [day.month % 12 + 1]}
        return {} if self._held == 1 else self._changes
