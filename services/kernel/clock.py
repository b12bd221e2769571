"""What time it is: the system's clock, or a simulated one that a whole season can pass through."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class Clock(Protocol):
    """Tells the time of the programme; token expiry, retries and leases use real time instead."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        return datetime.now(UTC)


class SimulatedClock:
    """One shared value: a file that holds an ISO instant, replaced as a whole by :meth:`set`.

    Every process that is given the same file lives at the same instant.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """The simulated instant, aware, UTC."""
        return datetime.fromisoformat(self._path.read_text().strip())

    def set(self, to: datetime) -> None:
        """Move the clock; it never goes back.

        Raises:
            ValueError: *to* is before the present simulated instant, or has no time zone.
        """
        if to.tzinfo is None:
            raise ValueError("a simulated instant needs a time zone")
        if self._path.exists() and to < self.now():
            raise ValueError("the simulated clock does not go back")
        beside = self._path.with_suffix(".next")
        beside.write_text(to.astimezone(UTC).isoformat())
        os.replace(beside, self._path)


def clock_of(simulated: str | None) -> Clock:
    """The clock that a process lives by: the file *simulated*, or the machine's."""
    return SimulatedClock(Path(simulated)) if simulated else SystemClock()
