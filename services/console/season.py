"""The simulated season: the clock goes on when every service has done its day."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TypeAlias

from sqlalchemy import select

from services.kernel.civil import begins, civil_day
from services.kernel.clock import SimulatedClock
from services.kernel.database import Prepared
from services.kernel.duties import next_day
from services.kernel.log import head
from services.kernel.said import last_said
from services.kernel.store import Store
from services.kernel.tables import heard
from services.notify.post_out.outbox import Outbox
from services.notify.views.mails import to_sort

SHORTEST_PAUSE, LONGEST_PAUSE = 0.01, 0.05
"""Seconds between two looks at what is waited for: looking costs what that needs itself."""

Stores = Mapping[tuple[str, str], Store]
Away: TypeAlias = set[tuple[str, str, str]]
"""Processes that do not run just now: organisation, service, kind."""


_lines = Prepared(select(heard.c.log_id, heard.c.seq, heard.c.stopped))


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
        self._outboxes = {
            organisation: Outbox(store, None)
            for (organisation, service), store in stores.items()
            if service == "notify"
        }

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
        pause = SHORTEST_PAUSE
        seen: tuple[int, ...] | None = None
        while True:
            if next(self._missing(), None) is None:
                positions = tuple(look.position for _, look in self._looks.values())
                if positions == seen:  # nothing was written between two looks at all there is
                    return
                seen = positions
                continue
            seen = None
            if time.monotonic() > end:
                raise StandsStill("; ".join(islice(self._missing(), 5)))
            time.sleep(pause)
            pause = min(pause * 1.1, LONGEST_PAUSE)

    def _missing(self) -> Iterator[str]:
        """Yield what is not quiet yet; who only wants to know whether anything is, asks for one.

        Mail is looked at last, because that takes most: it begins when all else is quiet.
        """
        today = self.today
        looks = {}
        for key in self._stores:
            look = looks[key] = self._look(key)
            if (*key, "courier") in self._away:
                continue
            name = "/".join(key)
            if look.next_day is None or look.next_day <= today:
                yield f"{name}: day not closed"
            for log_id in look.stopped:
                yield f"{name}: {log_id} stands still"
        for (organisation, service), store in self._stores.items():
            if (organisation, service, "courier") in self._away:
                continue
            hears = looks[organisation, service].heard
            for other, producer in store.producers:
                speaking = looks.get((other, producer))
                if speaking is None or (other, producer, "courier") in self._away:
                    continue
                log_id = self._stores[other, producer].log_id
                behind = speaking.said.get(organisation, 0) - hears.get(log_id, 0)
                if behind:
                    yield f"{organisation}/{service}: {behind} of {other}/{producer}"
        for (organisation, service), store in self._stores.items():
            resting = not self._mailing or service != "notify"
            if not (resting or self._mail_at_rest(organisation, store)):
                yield f"{organisation}/{service}: mail not sorted, or letters not sent"

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
        outbox = self._outboxes[organisation]
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
        lines = _lines(connection).all()
        return _Look(
            position=head(connection)[1],
            said={name: last_said(connection, name)[0] for name in store.programme.organisations},
            heard={line.log_id: line.seq for line in lines},
            stopped=[line.log_id for line in lines if line.stopped],
            next_day=next_day(connection),
        )
