"""An existing mailbox, read by IMAP with IDLE: kept first, moved to another folder then.

What lies in the folder of arrival is what was not kept yet: the folder itself is the cursor. Killed
between keeping and moving, the same mail is taken again, is the same stream, and is moved. Only
while it runs does the reader remember, by UIDVALIDITY and UID, what it kept and could not move.
"""

import logging
import random
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from imap_tools import BaseMailBox, MailBox, MailBoxUnencrypted

from services.kernel.failpoints import failpoint
from services.kernel.store import Store
from services.notify.mail import Route
from services.notify.post_in.gate import MOST, Limit
from services.notify.post_in.receiving import note_too_large, take
from services.notify.post_in.settings import Mailbox

logger = logging.getLogger(__name__)

SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds of real time between two attempts to connect, doubled from one to the other."""
PATIENCE = 60.0
"""Seconds for one answer of the server."""
LOOK_UP = 1.0
"""Seconds after which an idle reader looks whether it is to end."""


class Reader(threading.Thread):
    """Reads one mailbox until it is stopped; after any failure it connects again."""

    def __init__(self, store: Store, mailbox: Mailbox, news: Callable[[], None]) -> None:
        super().__init__(name="imap", daemon=True)
        self._store = store
        self._mailbox = mailbox
        self._news = news
        self._stopping = threading.Event()
        self._kept: set[tuple[int, str]] = set()

    def stop(self) -> None:
        """Ask the thread to end after the mail that it takes."""
        self._stopping.set()

    def run(self) -> None:
        """Connect, take, wait for more; until stopped."""
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            try:
                with self._connected() as box:
                    pause = SHORTEST_PAUSE
                    while not self._stopping.is_set():
                        self.take_all(box)
                        self._wait(box)
            except Exception as error:  # nothing was half done; connect again
                logger.warning("mailbox not read", extra={"because": type(error).__name__})
                self._stopping.wait(pause * random.uniform(0.75, 1.25))
                pause = min(2 * pause, LONGEST_PAUSE)

    @contextmanager
    def _connected(self) -> Iterator[BaseMailBox]:
        """The mailbox, its folder of arrival open; afterwards the connection is closed.

        The library closes it only after a good-bye that was answered.
        """
        host, port = self._mailbox.host, self._mailbox.port
        box: BaseMailBox
        if self._mailbox.tls:  # the library itself believes any certificate
            known = ssl.create_default_context(cafile=self._mailbox.authorities)
            box = MailBox(host, port, timeout=PATIENCE, ssl_context=known)
        else:
            box = MailBoxUnencrypted(host, port, timeout=PATIENCE)
        try:
            box.login(self._mailbox.user, self._mailbox.password, initial_folder=None)
            _learn_capabilities(box)
            for folder in (self._mailbox.taken, self._mailbox.too_large):
                if not box.folder.exists(folder):
                    box.folder.create(folder)
            box.folder.set(self._mailbox.folder)
            yield box
            box.logout()
        finally:
            with suppress(OSError):  # it is closed already
                box.client.shutdown()

    def take_all(self, box: BaseMailBox) -> None:
        """Keep and move everything that lies in the folder of arrival, oldest first."""
        validity = box.folder.status(self._mailbox.folder, ["UIDVALIDITY"])["UIDVALIDITY"]
        for lies in lying(box):
            if self._stopping.is_set():
                return
            at = min(lies.arrived, self._store.clock.now())
            if lies.size > MOST[Limit.SIZE]:
                part = f"BODY.PEEK[HEADER]<0.{MOST[Limit.HEADERS]}>"
                note_too_large(self._store, content(box, lies.uid, part), lies.size, Route.IMAP, at)
                failpoint("between noting and moving")
                box.move(lies.uid, self._mailbox.too_large)
                continue
            if (validity, lies.uid) not in self._kept:
                take(self._store, content(box, lies.uid, "BODY.PEEK[]"), Route.IMAP, at)
                self._news()
                self._kept.add((validity, lies.uid))
            failpoint("between keeping and moving")
            box.move(lies.uid, self._mailbox.taken)
            failpoint("after moving")
            self._kept.discard((validity, lies.uid))

    def _wait(self, box: BaseMailBox) -> None:
        """Wait until the server tells of something, or for the poll's seconds."""
        if "IDLE" not in box.client.capabilities:
            self._stopping.wait(self._mailbox.poll)
            return
        box.idle.start()
        try:
            if _told_at_once(box):
                return
            waited = 0.0
            while waited < self._mailbox.poll and not self._stopping.is_set():
                if box.idle.poll(timeout=LOOK_UP):
                    return
                waited += LOOK_UP
        finally:
            box.idle.stop()


def _learn_capabilities(box: BaseMailBox) -> None:
    """Ask what the server can do for who is logged in: before that, few tell of MOVE (RFC 6851).

    Without MOVE the library copies and then expunges; killed in between, a second copy would stay.
    """
    status, (told, *_) = box.client.capability()
    if status == "OK" and told:
        box.client.capabilities = tuple(bytes(told).decode("ascii", "replace").upper().split())


def _told_at_once(box: BaseMailBox) -> bool:
    """Whether the server told of something in one breath with its consent to idle.

    Such words lie in our own buffers, where whoever polls the socket does not see them.
    """
    client: Any = box.client
    timeout = client.sock.gettimeout()
    client.sock.settimeout(0)
    try:
        return bool(client.file.peek(1))
    except OSError:  # TLS has nothing to read now
        return False
    finally:
        client.sock.settimeout(timeout)


@dataclass(frozen=True)
class Lying:
    """One mail in the folder of arrival.

    Attributes:
        size: bytes.
        arrived: when the mailbox's server got it (INTERNALDATE), UTC.
    """

    uid: str
    size: int
    arrived: datetime


def lying(box: BaseMailBox) -> list[Lying]:
    """What lies in the selected folder, oldest first; no mail is parsed here."""
    uids = box.uids("ALL")
    if not uids:
        return []
    answers = _fetch(box, ",".join(uids), "(UID RFC822.SIZE INTERNALDATE)")
    return sorted(filter(None, map(_described, answers)), key=lambda each: int(each.uid))


def content(box: BaseMailBox, uid: str, part: str) -> bytes:
    """The bytes of *part* of one mail.

    Raises:
        Gone: somebody else moved it away.
    """
    for answer in _fetch(box, uid, f"({part})"):
        if isinstance(answer, tuple):
            return bytes(answer[1])
    raise Gone


class Gone(Exception):
    """A mail that lay there does not any more; look again."""


DESCRIBED = re.compile(
    rb'(?=.*\bUID (\d+))(?=.*\bRFC822\.SIZE (\d+))(?=.*\bINTERNALDATE "([^"]+)")', re.DOTALL
)


def _described(answer: Any) -> Lying | None:
    words = answer[0] if isinstance(answer, tuple) else answer
    found = DESCRIBED.search(words or b"")
    if found is None:
        return None
    arrived = datetime.strptime(found[3].decode().strip(), "%d-%b-%Y %H:%M:%S %z")
    return Lying(found[1].decode(), int(found[2]), arrived.astimezone(UTC))


def _fetch(box: BaseMailBox, uids: str, what: str) -> list[Any]:
    """The library parses whatever it fetches, here, without a limit: so it is not asked to."""
    status, answers = box.client.uid("FETCH", uids, what)
    if status != "OK":
        raise Gone
    return list(answers)
