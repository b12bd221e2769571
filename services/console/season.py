"""The simulated season: the clock goes on when every service has done its day."""

import time
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import select

from services.kernel.civil import begins, civil_day
from services.kernel.clock import SimulatedClock
from services.kernel.operate import status
from services.kernel.said import last_said
from services.kernel.store import Store
from services.kernel.tables import heard

Stores = Mapping[tuple[str, str], Store]


class StandsStill(Exception):
    """The services did not become quiet in time; the message names what is missing."""


class Season:
    """Moves the shared clock, and waits until all that follows from it has happened."""

    def __init__(
        self,
        clock: SimulatedClock,
        stores: Stores,
        patience: float = 60.0,
        report: Callable[[date], None] = lambda day: None,
    ) -> None:
        self._clock = clock
        self._stores = stores
        self._patience = patience
        self._report = report

    @property
    def today(self) -> date:
        """The simulated civil day."""
        return civil_day(self._clock.now())

    def advance(self, to: date, hour: int = 9) -> None:
        """Let every day up to *to* pass, and stand at *hour* o'clock of it (Europe/Rome).

        Raises:
            StandsStill: a service did not do its day in time.
        """
        day = self.today
        while day < to:
            day += timedelta(days=1)
            self._stand_at(begins(day))
            self._report(day)
        self._stand_at(begins(to) + timedelta(hours=hour))

    def _stand_at(self, instant: datetime) -> None:
        if instant > self._clock.now():
            self._clock.set(instant)
            for store in self._stores.values():
                store.wake()
        self.settle()

    def settle(self) -> None:
        """Wait until every day is closed, every inbox applied and everything said was heard.

        Raises:
            StandsStill: it did not happen in time.
        """
        end = time.monotonic() + self._patience
        seen: tuple[int, ...] | None = None
        while True:
            missing, positions = self._missing()
            if not missing and positions == seen:
                return
            seen = positions
            if missing:
                if time.monotonic() > end:
                    raise StandsStill("; ".join(missing[:5]))
                time.sleep(0.02)

    def _missing(self) -> tuple[list[str], tuple[int, ...]]:
        """What is not yet quiet, and the positions of all logs at that moment."""
        missing = []
        ends: dict[str, dict[str, int]] = {}
        positions = []
        for (organisation, service), store in self._stores.items():
            found = status(store)
            positions.append(found.position)
            if found.days_behind:
                missing.append(f"{organisation}/{service}: day not closed")
            if not found.sound:
                missing.append(f"{organisation}/{service}: a line stands still")
            with store.database.reading() as connection:
                ends[store.log_id] = {
                    name: last_said(connection, name)[0] for name in store.programme.organisations
                }
        for (organisation, service), store in self._stores.items():
            with store.database.reading() as connection:
                reached = {row.log_id: row.seq for row in connection.execute(select(heard))}
            for producer in store.composition.listens_to:
                for other, _ in store.programme.producers(producer):
                    speaking = self._stores.get((other, producer))
                    if speaking is None:
                        continue
                    behind = ends[speaking.log_id][organisation] - reached.get(speaking.log_id, 0)
                    if behind:
                        missing.append(f"{organisation}/{service}: {behind} of {other}/{producer}")
        return missing, tuple(positions)
