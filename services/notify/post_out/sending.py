"""Sending: each letter that is due is handed over once, and what became of it is recorded.

The ledger is asked first, always: what was handed over is not handed over again, whatever the
database says, also one that was restored from an older copy.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from services.kernel.database import PATIENCE
from services.kernel.failpoints import failpoint
from services.kernel.lease import Hangs
from services.kernel.store import Store
from services.notify.letter import GivenUpBecause
from services.notify.post_out.compose import compose
from services.notify.post_out.ledger import (
    Ledger,
    LedgerDamaged,
    LedgerInUse,
    LedgerMissing,
)
from services.notify.post_out.outbox import Outbox, ToSend, Unreached
from services.notify.post_out.pauses import looked_at_again, next_try, too_long
from services.notify.post_out.relay import NobodyKnows, NotReached, NotTaken, Relay
from services.notify.post_out.settings import MailSettings

logger = logging.getLogger(__name__)

LONGEST_REST = 60.0
"""Longest pause, in seconds of real time, before a server that was not reached is tried again."""
DRAIN = PATIENCE + 5.0
"""Seconds that the letter at hand may take when the sender is to end; a database may be away."""


class Sender(threading.Thread):
    """Takes up notices and sends letters until stopped."""

    def __init__(
        self,
        store: Store,
        settings: MailSettings,
        poll: float,
        begin_ledger: bool = False,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Args:
        poll: seconds between two looks.
        begin_ledger: a person allows a new ledger, though letters were sent before.
        now: real time, aware, UTC.
        """
        super().__init__(name="sender", daemon=True)
        self._store = store
        self._settings = settings
        self._outbox = Outbox(store, settings.since)
        self._poll = poll
        self._begin_ledger = begin_ledger
        self._now = now
        self._stopping = threading.Event()

    def stop(self) -> None:
        """End the thread, after the letter it is at.

        Raises:
            Hangs: it waits for the mail server or the database, and holds the ledger.
        """
        self._stopping.set()
        self.join(DRAIN)
        if self.is_alive():
            raise Hangs("the letter at hand does not end")

    def run(self) -> None:
        """Hold the ledger and work; what goes wrong is looked at again, nothing is half done."""
        while not self._stopping.is_set():
            try:
                with self.ledger() as ledger:
                    self._work(ledger)
            except (LedgerDamaged, LedgerInUse, LedgerMissing) as reason:
                logger.error(
                    "nothing is sent", extra={"because": type(reason).__name__, "at": str(reason)}
                )
            except Exception as error:  # the database is away, say; look again
                logger.warning("sender looks again", extra={"because": type(error).__name__})
            self._stopping.wait(max(self._poll, 0.5))

    def ledger(self) -> Ledger:
        """The ledger, opened.

        Raises:
            LedgerMissing: letters were sent before, and it is not there.
        """
        known = self._begin_ledger or not self._outbox.ever_handed_over()
        if not self._settings.ledger.exists() and not known:
            raise LedgerMissing
        return Ledger(self._settings.ledger, self._now)

    def _work(self, ledger: Ledger) -> None:
        rest = 1.0
        relay = Relay(self._settings)
        quiet: object = None
        again: datetime | None = None
        try:
            while not self._stopping.is_set():
                now = self._outbox.stands_at()
                try:
                    if now != quiet or (again is not None and again <= self._now()):
                        self.one_round(ledger, relay)
                        quiet, again = now, self._next_try(ledger)
                    rest = 1.0
                except NotReached as problem:
                    quiet = None
                    logger.warning("mail server not reached", extra={"code": problem.code})
                    self._stopping.wait(rest)
                    rest = min(LONGEST_REST, rest * 2)
                self._stopping.wait(self._poll)
        finally:
            relay.leave()

    def one_round(self, ledger: Ledger, relay: Relay) -> None:
        """Take up what is new and send every letter whose time has come.

        Raises:
            NotReached: the server; the letter that was tried is deferred, the others wait.
        """
        self._outbox.take_up()
        self._outbox.gather()
        handed = False
        for mail in self._outbox.to_send():
            if self._stopping.is_set():
                break
            handed = self._settle(mail, ledger, relay) or handed
        if not handed:
            relay.leave()  # nobody keeps a connection for nothing

    def _settle(self, mail: list[ToSend], ledger: Ledger, relay: Relay) -> bool:
        """Bring the letters of one mail further; whether they were handed over."""
        open = [it for it in mail if not self._known(it, ledger)]
        if any(self._rests(it, ledger) for it in open):
            return False
        told = [it for it in open if not self._outbox.dropped(it)]
        return bool(told) and self._send(told, ledger, relay)

    def _known(self, it: ToSend, ledger: Ledger) -> bool:
        """Whether the ledger knows what became of a letter; then that is recorded."""
        known = ledger.of(it.letter, it.round)
        if known.taken is not None:
            self._outbox.sent(it, known.taken)
        elif known.handed:
            self._outbox.uncertain(it)
        elif known.refused is not None:
            self._outbox.given_up(it, GivenUpBecause.REFUSED, known.refused)
        elif known.first_failure is not None and too_long(known.first_failure, self._now()):
            self._outbox.given_up(it, GivenUpBecause.TOO_LONG, known.code)
        else:
            return False
        return True

    def _rests(self, it: ToSend, ledger: Ledger) -> bool:
        """Whether the pause after a try that failed is not over."""
        known = ledger.of(it.letter, it.round)
        if known.last_failure is None:
            return False
        return next_try(known.failures, known.last_failure) > self._now()

    def _next_try(self, ledger: Ledger) -> datetime | None:
        """When one of the letters that wait is to be looked at again; None: none waits."""

        def when(it: ToSend) -> datetime:
            known = ledger.of(it.letter, it.round)
            if known.first_failure is None or known.last_failure is None:
                return self._now()
            return looked_at_again(known.failures, known.first_failure, known.last_failure)

        return min((when(it) for mail in self._outbox.to_send() for it in mail), default=None)

    def _send(self, mail: list[ToSend], ledger: Ledger, relay: Relay) -> bool:
        """Hand over one mail; what becomes of it becomes of all the letters in it."""
        name, carried = mail[0].mail, [(it.letter, it.round) for it in mail]
        opened = self._outbox.opened(mail)
        if isinstance(opened, Unreached):
            for it in mail:
                self._outbox.hold_back(it, opened)
            return False
        try:
            content = compose(name, opened, self._settings, self._store.clock.now())
        except Exception as error:  # a defect of its template keeps no other letter waiting
            logger.error("letter not written", extra={"letter": str(name)}, exc_info=error)
            ledger.failed(carried, type(error).__name__)
            self._not_taken(mail, ledger)
            return False
        try:
            code = relay.hand_over(opened.address, content, lambda: ledger.handing(carried))
        except NotReached as problem:
            ledger.failed(carried, problem.code)
            self._not_taken(mail, ledger)
            raise
        except NotTaken as problem:
            note = ledger.refused if problem.answered else ledger.failed
            failpoint("before a failure is noted")
            note(carried, problem.code)
            failpoint("before a failure is stored")
            self._not_taken(mail, ledger)
            return False
        except NobodyKnows:
            logger.error("no answer after the final dot", extra={"letter": str(name)})
            failpoint("before a doubt is stored")
            for it in mail:
                self._outbox.uncertain(it)
            return False
        failpoint("before taken is noted")
        ledger.taken(carried, code)
        failpoint("before sent is stored")
        for it in mail:
            self._outbox.sent(it, code)
            failpoint("after sent is stored")
        return True

    def _not_taken(self, mail: list[ToSend], ledger: Ledger) -> None:
        """Record a try that failed; the ledger knows whether for good."""
        for it in mail:
            known = ledger.of(it.letter, it.round)
            if known.refused is not None:
                self._outbox.given_up(it, GivenUpBecause.REFUSED, known.refused)
            else:
                self._outbox.deferred(it, known.failures, known.code)
        logger.warning(
            "letter not taken",
            extra={"letter": str(mail[0].mail), "code": known.refused or known.code},
        )
