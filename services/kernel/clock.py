"""What time it is: the system's clock, or a simulated one that a whole season can pass through."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

TICKING = "ticking"
"""The word in the file that lets a simulated clock go on in real time."""


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

    Every process that is given the same file lives at the same instant. A ticking one goes on from
    there in real time, so that what follows from something is also recorded after it.
    """

    def __init__(self, path: Path, ticking: bool = False) -> None:
        """Live by the file *path*; *ticking* says what :meth:`set` writes."""
        self._path = path
        self._ticking = ticking

    def now(self) -> datetime:
        """The simulated instant, aware, UTC."""
        with self._path.open() as file:
            words = file.read().split()
            since = os.fstat(file.fileno()).st_mtime
        base = datetime.fromisoformat(words[0])
        if TICKING in words:
            return base + timedelta(seconds=max(0.0, time.time() - since))
        return base

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
        ticks = f" {TICKING}" if self._ticking else ""
        beside.write_text(f"{to.astimezone(UTC).isoformat()}{ticks}")
        os.replace(beside, self._path)


def clock_of(simulated: str | None) -> Clock:
    """The clock that a process lives by: the file *simulated*, or the machine's."""
    return SimulatedClock(Path(simulated)) if simulated else SystemClock()
