"""Carries what was said to the broker, in order, with confirms; may repeat, never skips."""

import json
import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pika
from pika.adapters.select_connection import SelectConnection
from sqlalchemy import Connection, bindparam, select, update

from services.kernel.courier.names import EXCHANGE, said_key
from services.kernel.database import Prepared, add_new
from services.kernel.failpoints import failpoint
from services.kernel.said import NOTHING_BEFORE, last_said
from services.kernel.store import Store, wake_address
from services.kernel.tables import said, sent
from services.kernel.vault import Vault

logger = logging.getLogger(__name__)

WINDOW = 1000
"""Messages that may be on their way without a confirm."""
PAGE = 200
"""Rows of one audience read at a time."""
SAVE_AFTER = 0.2
"""Seconds after which confirmed numbers are stored; killed before, they are said again."""
SHORTER = "ShorterLog"
"""Why an audience is not served any more: it has heard more than this log ever said."""

_served = Prepared(select(sent))
_following = Prepared(
    select(said)
    .where(said.c.audience == bindparam("audience"), said.c.seq > bindparam("after"))
    .order_by(said.c.seq)
    .limit(bindparam("most"))
)
_reached = Prepared(
    update(sent).where(sent.c.audience == bindparam("to"), sent.c.seq < bindparam("reached"))
)


@dataclass
class Cursor:
    """How far one audience was served.

    Attributes:
        confirmed: number of the last row that the broker confirmed, without holes before it.
        hash: of that row.
        published: number of the last row handed to the broker.
        on_the_way: number → hash of rows published after *confirmed*, in order.
        done: numbers after *confirmed* that were confirmed out of order.
        wait_until: monotonic time before which nothing is published (after an unroutable message).
        pause: seconds to wait after the next unroutable message.
        probing: the last one was unroutable, so one at a time is tried until one arrives.
        attempt: counts how often publishing began again, so that an old confirm counts for nothing.
    """

    confirmed: int
    hash: str
    published: int
    on_the_way: dict[int, str] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)
    wait_until: float = 0.0
    pause: float = 0.1
    probing: bool = False
    attempt: int = 0


class Sender(threading.Thread):
    """Owns one connection for publishing. Wakes after each commit, and by a slow poll.

    ``committed`` is called after each commit of this service on this machine.

    After any failure it begins anew from the stored cursors: repeating is harmless.
    """

    def __init__(
        self, store: Store, amqp_url: str, poll: float, committed: Callable[[], None]
    ) -> None:
        super().__init__(name="sender", daemon=True)
        self._store = store
        self._url = amqp_url
        self._poll = poll
        self._committed = committed
        self._stopping = threading.Event()
        self._requests: deque[tuple[str, Any]] = deque()
        self._repeats: dict[str, int] = {}
        self._wake, self._waker = socket.socketpair()
        self._wake.setblocking(False)
        self._waker.setblocking(False)
        self._connection: SelectConnection | None = None
        self._channel: Any = None
        self._cursors: dict[str, Cursor] = {}
        self._tags: dict[int, tuple[Cursor, int, int] | None] = {}
        self._tag = 0
        self._behind = False
        self._dirty = False

    def stop(self) -> None:
        """Ask the thread to end; what is not confirmed is sent again by the next courier."""
        self._stopping.set()
        self.wake()

    def wake(self) -> None:
        """Look at once for something to carry."""
        try:
            self._waker.send(b"!")
        except OSError:  # it is full of wakes already, or the thread has ended and closed it
            return

    def tell(self, key: str, words: dict[str, Any]) -> None:
        """Publish a request or an answer to another courier, as soon as there is a channel."""
        self._requests.append(("tell", (key, words)))
        self.wake()

    def say_again(self, audience: str, after: int) -> None:
        """Say everything after number *after* to *audience* again."""
        self._requests.append(("again", (audience, after)))
        self.wake()

    def run(self) -> None:
        """Connect, carry, and connect again after any failure, until stopped."""
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.setblocking(False)
        try:
            listener.bind(wake_address(self._store.log_id))
        except OSError:  # another courier on this machine is woken; our poll finds the rows
            listener.close()
        pause = 0.1
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._carry(listener)
            except Exception as error:  # rows stay in said; begin anew from the cursors
                logger.warning("sender begins anew", extra={"because": type(error).__name__})
            if time.monotonic() - began > 5:
                pause = 0.1
            self._stopping.wait(pause)
            pause = min(pause * 2, 2.0)
        listener.close()
        self._wake.close()
        self._waker.close()

    def _carry(self, listener: socket.socket) -> None:
        self._tags.clear()
        self._tag = 0
        self._cursors = {}
        self._dirty = False
        failed: list[BaseException] = []

        def closed(_connection: Any, reason: BaseException) -> None:
            failed.append(reason)
            connection.ioloop.stop()

        connection = SelectConnection(
            pika.URLParameters(self._url),
            on_open_callback=lambda opened: opened.channel(on_open_callback=self._opened),
            on_open_error_callback=closed,
            on_close_callback=closed,
        )
        self._connection = connection
        loop = connection.ioloop
        for waking in (self._wake, listener):
            if waking.fileno() >= 0:
                loop.add_handler(
                    waking.fileno(), lambda fd, _e, s=waking: self._woken(s), loop.READ
                )
        loop.call_later(self._poll, self._polled)
        try:
            loop.start()
        finally:
            for waking in (self._wake, listener):
                if waking.fileno() >= 0:
                    loop.remove_handler(waking.fileno())
            self._channel = None
            if connection.is_open:
                connection.close()
                loop.start()
            loop.close()
        if failed and not self._stopping.is_set():
            raise failed[0]

    def _opened(self, channel: Any) -> None:
        channel.add_on_close_callback(self._channel_closed)
        channel.add_on_return_callback(self._returned)
        channel.confirm_delivery(self._confirmed, callback=lambda _frame: self._ready(channel))

    def _ready(self, channel: Any) -> None:
        self._channel = channel
        self._pump()

    def _channel_closed(self, _channel: Any, reason: BaseException) -> None:
        self._channel = None
        if self._connection is not None and self._connection.is_open:
            logger.warning("channel closed", extra={"because": type(reason).__name__})
            self._connection.close()

    def _woken(self, waking: socket.socket) -> None:
        try:
            while waking.recv(4096):
                pass
        except BlockingIOError:
            if waking is not self._wake:
                self._committed()
            self._pump()

    def _polled(self) -> None:
        if self._connection is not None:
            self._pump()
            self._connection.ioloop.call_later(self._poll, self._polled)

    def _pump(self) -> None:
        """Publish what fits into the window; what does not goes when enough is confirmed."""
        if self._stopping.is_set():
            self._save()
            if self._connection is not None and self._connection.is_open:
                self._connection.close()
            return
        if self._channel is None:
            return
        self._behind = False
        self._answer_requests()
        with self._store.database.reading() as connection:
            self._find_audiences(connection)
            for audience, cursor in self._cursors.items():
                if cursor.wait_until <= time.monotonic():
                    self._publish_rows(connection, audience, cursor)
            for audience in list(self._repeats):
                self._publish_again(connection, audience)

    def _find_audiences(self, connection: Connection) -> None:
        """Whoever may be spoken to now; rows of who may not wait in ``said``, as they were said."""
        stored = {row.audience: row for row in _served(connection)}
        closed = self._store.without_agreement(connection)
        for audience in self._store.programme.organisations:
            row = stored.get(audience)
            if audience in closed or (row is not None and row.stopped):
                if audience in self._cursors:
                    self._save()
                    del self._cursors[audience]
            elif audience not in self._cursors:
                seq, hash = (row.seq, row.hash) if row else (0, NOTHING_BEFORE)
                self._cursors[audience] = Cursor(seq, hash, seq)

    def _publish_rows(self, connection: Connection, audience: str, cursor: Cursor) -> None:
        while not (cursor.probing and cursor.on_the_way):
            most = 1 if cursor.probing else min(PAGE, WINDOW - len(self._tags))
            if most <= 0:
                self._behind = True
                return
            words = {"audience": audience, "after": cursor.published, "most": most}
            rows = _following(connection, words).all()
            for row in rows:
                body = message(self._store, connection, row.envelope)
                cursor.published = row.seq
                cursor.on_the_way[row.seq] = row.hash
                self._publish(audience, body, (cursor, row.seq, cursor.attempt))
            if len(rows) < most:
                return

    def _publish(self, audience: str, body: bytes, what: tuple[Cursor, int, int] | None) -> None:
        failpoint("before send")
        key = said_key(self._store.programme.own, self._store.composition.name, audience)
        self._channel.basic_publish(
            EXCHANGE,
            key,
            body,
            pika.BasicProperties(
                content_type="application/json",
                delivery_mode=2,
                message_id=audience,
                correlation_id=str(what[2]) if what else None,
            ),
            mandatory=what is not None,
        )
        self._tag += 1
        self._tags[self._tag] = what

    def _confirmed(self, frame: Any) -> None:
        failpoint("between send and confirm")
        tag, multiple = frame.method.delivery_tag, frame.method.multiple
        if isinstance(frame.method, pika.spec.Basic.Nack):
            # a channel whose first publish met a leaderless queue is nacked for ever: a new one
            logger.warning("nacked; a new channel begins from the cursors")
            if self._connection is not None and self._connection.is_open:
                self._connection.close()
            return
        tags = [known for known in self._tags if known <= tag] if multiple else [tag]
        for known in tags:
            what = self._tags.pop(known, None)
            if what is not None:
                self._count(*what)
        if self._behind and len(self._tags) < WINDOW // 2:
            self._pump()

    def _count(self, cursor: Cursor, seq: int, attempt: int) -> None:
        if attempt != cursor.attempt or seq not in cursor.on_the_way:
            return
        cursor.done.add(seq)
        while (following := cursor.confirmed + 1) in cursor.done:
            cursor.done.discard(following)
            cursor.confirmed = following
            cursor.hash = cursor.on_the_way.pop(following)
            cursor.pause = 0.1
            self._behind |= cursor.probing
            cursor.probing = False
            self._save_soon()

    def _save_soon(self) -> None:
        if not self._dirty and self._connection is not None:
            self._dirty = True
            self._connection.ioloop.call_later(SAVE_AFTER, self._save)

    def _returned(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        """Nobody has a queue for this audience yet: wait, visibly, and say it again."""
        audience = properties.message_id
        cursor = self._cursors.get(audience)
        if cursor is None or properties.correlation_id != str(cursor.attempt):
            return
        if not cursor.probing:
            logger.info("unroutable; waiting", extra={"audience": audience})
        cursor.probing = True
        cursor.wait_until = time.monotonic() + cursor.pause
        pause, cursor.pause = cursor.pause, min(cursor.pause * 2, 5.0)
        cursor.published = cursor.confirmed
        cursor.attempt += 1
        cursor.on_the_way.clear()
        cursor.done.clear()
        if self._connection is not None:
            self._connection.ioloop.call_later(pause, self._pump)

    def _save(self) -> None:
        """Store the cursors; never backwards, and never past what a new courier must repeat."""
        if not self._dirty:
            return
        failpoint("before cursor is saved")
        self._dirty = False
        served = {name: (each.confirmed, each.hash) for name, each in self._cursors.items()}

        def attempt() -> None:
            with self._store.database.writing() as connection:
                for audience, (seq, hash) in served.items():
                    _begin(connection, audience)
                    words = {"to": audience, "reached": seq, "seq": seq, "hash": hash}
                    _reached(connection, words)

        self._store.database.again(attempt)
        failpoint("after cursor is saved")

    def _answer_requests(self) -> None:
        while self._requests:
            kind, what = self._requests.popleft()
            if kind == "tell":
                key, words = what
                self._channel.basic_publish(
                    EXCHANGE,
                    key,
                    json.dumps(words, sort_keys=True).encode(),
                    pika.BasicProperties(content_type="application/json", delivery_mode=2),
                )
                self._tag += 1
                self._tags[self._tag] = None
            else:
                self._repeat(*what)

    def _repeat(self, audience: str, after: int) -> None:
        """Begin to say confirmed rows again; who heard them already ignores them."""
        with self._store.database.reading() as connection:
            last, _ = last_said(connection, audience)
        if after > last:
            self._alarm(audience)
        else:
            self._repeats[audience] = min(after, self._repeats.get(audience, after))

    def _publish_again(self, connection: Connection, audience: str) -> None:
        """Say again as much as fits into the window; the rest when confirms come."""
        cursor = self._cursors.get(audience)
        while cursor is not None and (after := self._repeats[audience]) < cursor.confirmed:
            room = WINDOW - len(self._tags)
            if room <= 0:
                self._behind = True
                return
            most = min(PAGE, room, cursor.confirmed - after)
            words = {"audience": audience, "after": after, "most": most}
            rows = _following(connection, words).all()
            for row in rows:
                self._repeats[audience] = row.seq
                self._publish(audience, message(self._store, connection, row.envelope), None)
            if not rows:
                break
        del self._repeats[audience]

    def _alarm(self, audience: str) -> None:
        """Somebody has heard more than we said: this log was restored shorter. Stop."""
        logger.error("this log is shorter than what was heard of it", extra={"audience": audience})

        def attempt() -> None:
            with self._store.database.writing() as connection:
                _begin(connection, audience)
                connection.execute(
                    update(sent).where(sent.c.audience == audience).values(stopped=SHORTER)
                )

        self._store.database.again(attempt)


def _begin(connection: Connection, audience: str) -> None:
    add_new(connection, sent, {"audience": audience, "seq": 0, "hash": NOTHING_BEFORE})


def message(store: Store, connection: Any, envelope: str) -> bytes:
    """The bytes that carry *envelope*: text, signature, parts sealed for the reader.

    A part whose subject was erased is named as erased: a legal answer.
    """
    words = json.loads(envelope)
    reader = store.programme.organisations[words["audience"]].keys
    vault = Vault(lambda: connection, store.keys, store.log_id)
    parts = []
    for part in words["parts"]:
        entry = vault.entry(UUID(part["ref"]))
        if entry is None:
            parts.append({"ref": part["ref"], "erased": True})
            continue
        opened = {
            "subject": str(entry.subject),
            "kind": entry.kind,
            "text": entry.text,
            "salt": entry.salt,
        }
        parts.append(
            {"ref": part["ref"], "sealed": reader.sealed(json.dumps(opened).encode()).hex()}
        )
    signature = store.keys.envelopes.sign(envelope.encode()).signature.hex()
    return json.dumps({"envelope": envelope, "signature": signature, "parts": parts}).encode()
