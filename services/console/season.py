"""The simulated season: the clock goes on when every service has done its day."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeAlias

from sqlalchemy import select

from services.kernel.civil import begins, civil_day
from services.kernel.clock import SimulatedClock
from services.kernel.duties import next_day
from services.kernel.log import head
from services.kernel.said import last_said
from services.kernel.store import Store
from services.kernel.tables import heard
from services.notify.post_out.outbox import Outbox
from services.notify.views.mails import to_sort

Stores = Mapping[tuple[str, str], Store]
Away: TypeAlias = set[tuple[str, str, str]]
"""Processes that do not run just now: organisation, service, kind."""


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
        mailing: bool = False,
        away: Away | None = None,
    ) -> None:
        """Nothing has happened yet.

        Args:
            patience: seconds of real time for what follows from one step.
            report: is told each day that has passed.
            mailing: whether mail goes in and out, to be waited for too.
            away: what is not waited for; who puts processes into it takes them out again.
        """
        self._clock = clock
        self._stores = stores
        self._patience = patience
        self._report = report
        self._mailing = mailing
        self._away: Away = set() if away is None else away
        self._looks: dict[tuple[str, str], tuple[int, _Look]] = {}
        self._resting: dict[str, object] = {}

    @property
    def now(self) -> datetime:
        """The simulated instant, UTC."""
        return self._clock.now()

    @property
    def today(self) -> date:
        """The simulated civil day."""
        return civil_day(self.now)

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

    def step(self, to: date, hour: int = 9) -> None:
        """Stand at *hour* o'clock of *to* (Europe/Rome) at once: days between are caught up with.

        Raises:
            StandsStill: a service did not do its days in time.
        """
        self.reach(to, hour)
        self.settle()

    def reach(self, to: date, hour: int = 9) -> None:
        """Let it be *hour* o'clock of *to* (Europe/Rome); what follows is not waited for."""
        self._move(begins(to) + timedelta(hours=hour))

    def _stand_at(self, instant: datetime) -> None:
        self._move(instant)
        self.settle()

    def _move(self, instant: datetime) -> None:
        if instant > self._clock.now():
            self._clock.set(instant)
            for store in self._stores.values():
                store.wake()

    def settle(self) -> None:
        """Wait until every day is closed, every inbox applied and everything said was heard.

        Raises:
            StandsStill: it did not happen in time.
        """
        end = time.monotonic() + self._patience
        pause = 0.02
        seen: tuple[int, ...] | None = None
        while True:
            missing, positions = self._missing()
            if not missing and positions == seen:
                return
            seen = positions
            if missing:
                if time.monotonic() > end:
                    raise StandsStill("; ".join(missing[:5]))
                time.sleep(pause)
                pause = min(pause * 1.2, 0.1)  # looking costs what those who are waited for need

    def _missing(self) -> tuple[list[str], tuple[int, ...]]:
        """What is not yet quiet, and the positions of all logs at that moment.

        Mail is looked at first: what it brings about is in the logs then.
        """
        today = self.today
        missing = [
            f"{organisation}/{service}: mail not sorted, or letters not sent"
            for (organisation, service), store in self._stores.items()
            if self._mailing and service == "notify" and not self._mail_at_rest(organisation, store)
        ]
        if missing:
            return missing, ()
        looks = {key: self._look(key) for key in self._stores}
        for (organisation, service), store in self._stores.items():
            look = looks[organisation, service]
            name = f"{organisation}/{service}"
            if (organisation, service, "courier") in self._away:
                continue
            if look.next_day is None or look.next_day <= today:
                missing.append(f"{name}: day not closed")
            missing += [f"{name}: {log_id} stands still" for log_id in look.stopped]
            for other, producer in store.producers:
                speaking = looks.get((other, producer))
                if speaking is None or (other, producer, "courier") in self._away:
                    continue
                log_id = self._stores[other, producer].log_id
                behind = speaking.said.get(organisation, 0) - look.heard.get(log_id, 0)
                if behind:
                    missing.append(f"{name}: {behind} of {other}/{producer}")
        return missing, tuple(look.position for look in looks.values())

    def _look(self, key: tuple[str, str]) -> "_Look":
        """How far one service is; looked at anew only after something was written."""
        store = self._stores[key]
        change = store.database.last_change()
        known = self._looks.get(key)
        if change is None or known is None or known[0] != change:
            known = (change or 0, _look(store))
            self._looks[key] = known
        return known[1]

    def _mail_at_rest(self, organisation: str, notify: Store) -> bool:
        """Whether no mail is to be sorted or sent; looked at anew only if something has changed."""
        away = [(organisation, "notify", kind) in self._away for kind in ("post_in", "post_out")]
        outbox = Outbox(notify, None)
        now = (outbox.stands_at(), *away)
        if self._resting.get(organisation) == now:
            return True
        if not away[0]:
            with notify.database.reading() as connection:
                if to_sort(connection, 1):
                    return False
        if not (away[1] or outbox.at_rest()):
            return False
        self._resting[organisation] = now
        return True


@dataclass(frozen=True)
class _Look:
    """How far one service is: its log, what it said to whom, what it heard, its calendar."""

    position: int
    said: dict[str, int]
    heard: dict[str, int]
    stopped: list[str]
    next_day: date | None


def _look(store: Store) -> _Look:
    with store.database.reading() as connection:
        lines = connection.execute(select(heard.c.log_id, heard.c.seq, heard.c.stopped)).all()
        return _Look(
            position=head(connection)[1],
            said={name: last_said(connection, name)[0] for name in store.programme.organisations},
            heard={line.log_id: line.seq for line in lines},
            stopped=[line.log_id for line in lines if line.stopped],
            next_day=next_day(connection),
        )
