"""Signs what the log was, shows it to the other organisations, and sees what they show."""

import logging
import threading
import time
from collections import deque
from typing import Any

from services.kernel.courier.names import resend_key
from services.kernel.courier.out import Sender
from services.kernel.database import away
from services.kernel.failpoints import failpoint
from services.kernel.programme import Organisation
from services.kernel.proof.checkpoints import (
    Contradicted,
    continued,
    continuing,
    cosigned,
    held_elsewhere,
    keep_cosignature,
    nothing,
    read_whole,
)
from services.kernel.proof.merkle import Tree
from services.kernel.proof.notes import Unsigned
from services.kernel.proof.witness import see
from services.kernel.store import Store

logger = logging.getLogger(__name__)

WHOLE = 86_400.0
"""Seconds of real time after which the whole log is read again beside what was signed of it."""
UNANSWERED = 5
"""Intervals after which who did not answer is shown the newest checkpoint again; each time twice
as long, for what it has not seen is read anew, and waits on its way to who is away for months."""
LONGEST_WAIT = 2**6
"""Times as long, at most: five hours, of intervals of a minute."""
UNHEARD = 100
"""Words of one organisation that wait at most; those before are shown again by who said them."""


class Notary(threading.Thread):
    """Makes checkpoints, one in each interval at most, and answers those of others.

    Nothing waits for it, and nothing is lost with it: what it knows is stored, and asked for again.

    Args:
        interval: seconds of real time.
    """

    def __init__(self, store: Store, sender: Sender, interval: float) -> None:
        super().__init__(name="notary", daemon=True)
        self._store = store
        self._sender = sender
        self._interval = interval
        self._stopping = threading.Event()
        self._news = threading.Event()
        self._told: dict[str, deque[dict[str, Any]]] = {
            organisation: deque(maxlen=UNHEARD) for organisation in store.programme.organisations
        }
        self._tree: Tree | None = None
        self._make_at = self._read_at = 0.0
        self._show_at: dict[str, float] = {}
        self._patience: dict[str, int] = {}
        self._unheard: set[str] = set()
        self._hear_until: float | None = None
        self._held: dict[str, int] = {}
        self._held_at: dict[str, float] = {}

    def stop(self) -> None:
        """Ask the thread to end after what it is doing."""
        self._stopping.set()
        self._news.set()

    def told(self, organisation: str, words: dict[str, Any]) -> None:
        """Another organisation shows a checkpoint, or answers to one of ours."""
        self._told[organisation].append(words)
        self._news.set()

    def run(self) -> None:
        """Take turns until stopped."""
        while not self._stopping.is_set():
            self._news.clear()
            try:
                self.turn()
            except Exception as error:  # what is signed and seen is stored; look again
                logger.warning("notary looks again", extra={"because": type(error).__name__})
                self._stopping.wait(0.5)
            else:
                self._news.wait(self._interval)

    def turn(self) -> None:
        """Hear what was told, sign what the log is now, and show it to who has not seen it."""
        self._answer()
        self._make()
        self._show()

    def _answer(self) -> None:
        """Hear what was told; it is forgotten only then, but nobody waits for it if it is.

        What a database that is there cannot keep is forgotten as what nobody should say.
        """
        with self._store.database.reading() as connection:
            closed = self._store.without_agreement(connection)
        for organisation, told in self._told.items():
            while told and not self._stopping.is_set():
                if organisation not in {self._store.programme.own, *closed}:
                    self._hear_or_pass_over(organisation, told[0])
                told.popleft()

    def _hear_or_pass_over(self, organisation: str, words: dict[str, Any]) -> None:
        try:
            self._hear(organisation, words)
        except Contradicted:
            self._contradicted()
        except Exception as reason:  # whatever it is, it must not come back for ever
            if away(reason):
                raise
            because = type(reason).__name__
            logger.error("no proof", extra={"because": because, "from": organisation})

    def _hear(self, organisation: str, words: dict[str, Any]) -> None:
        """Hear one word; of what is held, which may need the whole log, one an interval."""
        if "checkpoint" in words:
            own = self._store.programme.organisations[self._store.programme.own]
            if self._store.composition.name != own.witness:
                raise Unsigned("another service sees the logs of others")
            answer = see(self._store, organisation, words)
            self._tell(organisation, answer["log_id"].split("/")[1], answer)
            return
        if words["log_id"] != self._store.log_id:
            raise Unsigned("about another log")
        if organisation in self._unheard:
            self._unheard.discard(organisation)
            self._show_soon(organisation)
        if "cosignature" in words:
            line, size = str(words["cosignature"]), int(words["size"])
            news = size == 0 or keep_cosignature(self._store, organisation, size, line)
            self._held.pop(organisation, None)
            if news:
                self._show_soon(organisation)
        elif time.monotonic() >= self._held_at.get(organisation, 0):
            self._held_at[organisation] = time.monotonic() + self._interval
            note = str(words["held"])
            held = held_elsewhere(self._store, note) if note else 0
            if held != self._held.get(organisation):  # else it was shown what follows, in vain
                self._show_soon(organisation)
            self._held[organisation] = held

    def _show_soon(self, organisation: str) -> None:
        """It has seen something, or said what it holds: what follows is shown to it at once."""
        self._show_at.pop(organisation, None)
        self._patience.pop(organisation, None)

    def _make(self) -> None:
        """Sign what the log is now; read it as a whole before the first time, and once a day."""
        now = time.monotonic()
        if now < self._make_at:
            return
        try:
            if self._tree is None or now > self._read_at:
                self._tree = read_whole(self._store)
                self._read_at = now + WHOLE
            if self._hears_first(now):
                return
            self._make_at = now + self._interval
            self._tree = continued(self._store, self._tree)
        except Contradicted:
            self._contradicted()

    def _hears_first(self, now: float) -> bool:
        """Whether some organisation has yet to say what it holds of this log, since the start.

        A database that was restored from an older copy would sign another history than the one that
        others have seen. Who is away is waited for no longer than until it is shown it again.
        """
        if self._hear_until is None:
            self._hear_until = now + UNANSWERED * self._interval
            self._unheard = {each.id for each in self._others()}
        if now >= self._hear_until:
            self._unheard.clear()
        return bool(self._unheard)

    def _contradicted(self) -> None:
        """It stands in its row; nothing is signed until the log is again what it was."""
        self._tree = None
        self._make_at = time.monotonic() + UNANSWERED * self._interval

    def _show(self) -> None:
        """Show the last checkpoint to whoever has not seen it, one at a time to each."""
        if self._tree is None:
            return
        now = time.monotonic()
        with self._store.database.reading() as connection:
            seen = cosigned(connection)
        for each in self._others():
            told, unheard = self._held.get(each.id), each.id in self._unheard
            held = seen.get(each.id, 0) if told is None else told
            if now < self._show_at.get(each.id, 0):
                continue
            if told is None and held >= self._tree.size and not unheard:
                continue
            words = continuing(self._store, held) or (nothing(self._store) if unheard else None)
            if words is not None:
                patience = self._patience.get(each.id, 1)
                self._patience[each.id] = min(2 * patience, LONGEST_WAIT)
                self._show_at[each.id] = now + patience * UNANSWERED * self._interval
                failpoint("between checkpoint and send")
                self._tell(each.id, each.witness, words)

    def _others(self) -> list[Organisation]:
        """The other organisations that may be told something, and run a service that sees it."""
        programme = self._store.programme
        with self._store.database.reading() as connection:
            closed = {programme.own, *self._store.without_agreement(connection)}
        return [
            each
            for each in programme.organisations.values()
            if each.id not in closed and each.services
        ]

    def _tell(self, organisation: str, service: str, words: dict[str, Any]) -> None:
        own = self._store.programme.own
        key = resend_key(own, self._store.composition.name, organisation, service)
        self._sender.tell(key, {"organisation": own, **words})
