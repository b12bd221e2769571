"""Applies what was heard and does what the calendar asks for, in one thread."""

import logging
import threading
import time
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from services.kernel import tracing
from services.kernel.actor import Actor
from services.kernel.civil import civil_day
from services.kernel.courier.names import resend_key
from services.kernel.courier.out import Sender
from services.kernel.deciding import Deciding, Occasion
from services.kernel.duties import CALENDAR, Calendar, Duty, next_day
from services.kernel.failpoints import failpoint
from services.kernel.ids import speaker_of
from services.kernel.inbox import Step, lines_waiting, look
from services.kernel.refusal import Refused
from services.kernel.store import Store

logger = logging.getLogger(__name__)

ASK_AGAIN = 5.0
"""Seconds of real time between two requests to fill the same hole."""


class Worker(threading.Thread):
    """Applies the inbox in order and closes the days. After any failure it looks again."""

    def __init__(self, store: Store, sender: Sender, poll: float) -> None:
        super().__init__(name="worker", daemon=True)
        self._store = store
        self._sender = sender
        self._poll = poll
        self._stopping = threading.Event()
        self._news = threading.Event()
        self._asked: dict[str, float] = {}
        self._next_day = date.min

    def stop(self) -> None:
        """Ask the thread to end after the transaction it is in."""
        self._stopping.set()
        self._news.set()

    def news(self) -> None:
        """Something came into the inbox."""
        self._news.set()

    def run(self) -> None:
        """Apply, close days, wait for news; until stopped."""
        while not self._stopping.is_set():
            self._news.clear()
            try:
                if not self._apply():
                    self._close_days()
                    self._news.wait(self._poll)
            except Exception as error:  # nothing was half done; look again
                logger.warning("worker looks again", extra={"because": type(error).__name__})
                self._stopping.wait(0.5)

    def _apply(self) -> bool:
        """Look at every line on which something waits; whether anything was heard.

        What came from an organisation without an agreement stays in the inbox, in its order.
        """
        with self._store.database.reading() as connection:
            known = lines_waiting(connection)
            closed = self._store.without_agreement(connection) if known else frozenset()
        moved = False
        for log_id in known:
            if self._stopping.is_set():
                return False
            if speaker_of(log_id) in closed:
                continue
            looked = look(self._store, log_id)
            moved = moved or looked.step is Step.HEARD
            if looked.applied:
                self._sender.wake()
            for applied in looked.applied:
                tracing.heard(self._store, applied)
            if looked.step is Step.HOLE:
                self._ask(log_id, looked.seq)
        return moved

    def _close_days(self) -> None:
        """Close the days that are not, if today has come to them; nobody opens one again."""
        if self._next_day <= civil_day(self._store.clock.now()):
            self._next_day = close_days(self._store, self._stopping.is_set)

    def _ask(self, log_id: str, after: int) -> None:
        """Ask for what is missing after number *after*; not more than once in a while."""
        if time.monotonic() - self._asked.get(log_id, -ASK_AGAIN) < ASK_AGAIN:
            return
        self._asked[log_id] = time.monotonic()
        organisation, service, _ = log_id.split("/")
        own = self._store.programme.own
        logger.info("a hole; asking again", extra={"log_id": log_id, "after": after})
        self._sender.tell(
            resend_key(own, self._store.composition.name, organisation, service),
            {"organisation": own, "after": after, "log_id": log_id},
        )


def close_days(store: Store, stopping: Any = lambda: False) -> date:
    """Do the duties of every day that is not closed yet, up to today, and close it; the next day.

    A duty is one transaction per aggregate under a key of its own; killed in between, the rest is
    done by who comes next, and nothing twice.
    """
    actor = Actor.of_service(store.programme.own, store.composition.name)

    def occasion(*parts: object) -> Occasion:
        root = uuid5(CALENDAR, "/".join((store.log_id, *map(str, parts))))
        return Occasion(root, f"duty:{':'.join(map(str, parts))}", str(root), actor)

    def open_calendar(deciding: Deciding) -> date:
        calendar = deciding.find(Calendar, CALENDAR)
        if calendar is None:
            calendar = deciding.add(Calendar.open(deciding.today, by=actor))
        return calendar.next_day

    today = civil_day(store.clock.now())
    with store.database.reading() as connection:
        found = next_day(connection)
    day = found or store.decide(occasion("open"), open_calendar)
    while day <= today and not stopping():
        for duty in store.composition.duties:
            with store.database.reading() as connection:
                due = list(duty.due(connection, day))
            for aggregate in due:
                _do(store, duty, aggregate, day, occasion(duty.name, day, aggregate))
                failpoint("between duties")
        failpoint("before day close")

        def close(deciding: Deciding, closing: date = day) -> date:
            calendar = deciding.get(Calendar, CALENDAR)
            calendar.close(closing, by=actor)
            return calendar.next_day

        day = store.decide(occasion("close", day), close)
        failpoint("after day close")
    return day


def _do(store: Store, duty: Duty, aggregate: UUID, day: date, occasion: Occasion) -> None:
    traced = tracing.Act(store, tracing.DUTY, f"duty {duty.name}")
    traced.occasion = occasion

    def act(deciding: Deciding) -> None:
        traced.decided = True
        duty.decide(deciding, aggregate, day)

    request = f"{duty.name}/{day}/{aggregate}".encode()
    try:
        with traced:
            store.decide_once(occasion.root, f"duty:{duty.name}", request, occasion, act)
    except Refused as refusal:  # stored as the duty's outcome; the day goes on
        logger.info("duty refused", extra={"duty": duty.name, "refusal": refusal.kind})
