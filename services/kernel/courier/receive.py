"""Hears from the broker: a batch into the inbox, commit, then the ack. Nothing is dropped."""

import json
import logging
import threading
import time
from collections.abc import Callable
from typing import Any

import pika
from sqlalchemy import select

from services.kernel.courier.names import (
    EXCHANGE,
    QUEUE_ARGUMENTS,
    heard_queue,
    resend_key,
    resend_queue,
    said_key,
)
from services.kernel.courier.notary import Notary
from services.kernel.courier.out import Sender
from services.kernel.failpoints import failpoint
from services.kernel.inbox import lines_waiting, receive
from services.kernel.store import Store
from services.kernel.tables import heard

logger = logging.getLogger(__name__)

PREFETCH = 400
"""Messages the broker may hand over before an ack; also the largest batch of a transaction."""


QUIET = 60.0
"""Seconds without a word of a producer after which it is asked whether it said more."""
SETTLED = 1.0
"""The same just after connecting, when its queue may still hold what it said meanwhile."""
LONGEST = 65_536
"""Bytes of what another courier asks, shows or answers, at most; ours have less than 6,000."""
UNANSWERED = 60.0
"""Seconds that a queue may take until it can be consumed from, while the broker answers.

A quorum queue that lost its leader for good never can: the broker refuses it or keeps silent.
"""


class Receiver(threading.Thread):
    """Owns one consuming connection. After a failure it connects again; unacked words return."""

    def __init__(
        self,
        store: Store,
        amqp_url: str,
        sender: Sender,
        notary: Notary,
        received: Callable[[], None],
    ) -> None:
        super().__init__(name="receiver", daemon=True)
        self._store = store
        self._url = amqp_url
        self._sender = sender
        self._notary = notary
        self._received = received
        self._stopping = threading.Event()
        self._bodies: list[bytes] = []
        self._last_tag = 0
        self._ask_at: dict[tuple[str, str], float] = {}
        self._waits: tuple[str, float] | None = None

    def unanswered(self) -> str | None:
        """The queue that cannot be used for too long, if any; this thread may hang on it."""
        waits = self._waits
        return waits[0] if waits and time.monotonic() - waits[1] > UNANSWERED else None

    def stop(self) -> None:
        """Ask the thread to end; what it has not acked is delivered again."""
        self._stopping.set()

    def run(self) -> None:
        """Consume, and connect again after any failure, until stopped."""
        pause = 0.1
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self._consume()
            except Exception as error:  # nothing was acked that is not in the inbox
                logger.warning("receiver begins anew", extra={"because": type(error).__name__})
            if time.monotonic() - began > 5:
                pause = 0.1
            self._stopping.wait(pause)
            pause = min(pause * 2, 2.0)

    def _consume(self) -> None:
        self._bodies, self._last_tag = [], 0
        try:
            connection = pika.BlockingConnection(pika.URLParameters(self._url))
        except BaseException:
            self._waits = None  # no queue is to blame
            raise
        try:
            channel = connection.channel()
            channel.exchange_declare(EXCHANGE, "topic", durable=True)
            channel.basic_qos(prefetch_count=PREFETCH)
            own, service = self._store.programme.own, self._store.composition.name
            for organisation, producer in self._store.producers:
                queue = heard_queue(service, organisation, producer)
                key = said_key(organisation, producer, own)
                self._consume_from(channel, queue, key, self._delivered)
            key = resend_key("*", "*", own, service)
            self._consume_from(channel, resend_queue(service), key, self._asked)
            self._waits = None
            self._ask_at = dict.fromkeys(self._store.producers, time.monotonic() + SETTLED)
            while not self._stopping.is_set():
                connection.process_data_events(time_limit=0.5)
                self._flush(channel)
                self._ask_the_quiet()
        finally:
            if connection.is_open:
                connection.close()

    def _consume_from(self, channel: Any, queue: str, key: str, hear: Callable[..., None]) -> None:
        """Declare, bind and consume; how long it has been tried outlives a failed attempt."""
        if self._waits is None or self._waits[0] != queue:
            self._waits = queue, time.monotonic()
        channel.queue_declare(queue, durable=True, arguments=QUEUE_ARGUMENTS)
        channel.queue_bind(queue, EXCHANGE, key)
        channel.basic_consume(queue, hear)

    def _delivered(self, _channel: Any, method: Any, _properties: Any, body: bytes) -> None:
        self._bodies.append(body)
        self._last_tag = method.delivery_tag
        organisation, producer, _ = method.routing_key.split(".", 2)
        self._ask_at[organisation, producer] = time.monotonic() + QUIET

    def _flush(self, channel: Any) -> None:
        if not self._bodies:
            return
        bodies, self._bodies = self._bodies, []
        receive(self._store, bodies)
        failpoint("before ack")
        channel.basic_ack(self._last_tag, multiple=True)
        failpoint("after ack")
        self._received()

    def _ask_the_quiet(self) -> None:
        """Ask producers that say nothing for what was said since we last heard.

        A late joiner gets everything; and what was lost behind the last word, where no following
        one shows the hole, comes too. Nobody is asked while words of it still wait here.
        """
        now = time.monotonic()
        due = [pair for pair, at in self._ask_at.items() if at <= now]
        if not due:
            return
        with self._store.database.reading() as connection:
            reached = {row.log_id: row.seq for row in connection.execute(select(heard))}
            waiting = lines_waiting(connection)
        own, service = self._store.programme.own, self._store.composition.name
        for organisation, producer in due:
            self._ask_at[organisation, producer] = now + QUIET
            log = f"{organisation}/{producer}/"
            known = {log_id: seq for log_id, seq in reached.items() if log_id.startswith(log)}
            for log_id, seq in (known or {None: 0}).items():
                if log_id not in waiting:
                    words = {"organisation": own, "after": seq, "log_id": log_id}
                    key = resend_key(own, service, organisation, producer)
                    self._sender.tell(key, words)

    def _asked(self, channel: Any, method: Any, _properties: Any, body: bytes) -> None:
        """Another courier asks to hear something again, shows a checkpoint, or answers to one.

        The broker lets each organisation publish only under its own name, so the routing key says
        who asks: nobody can ask, or ring the alarm of a shorter log, in another's name.
        """
        self._flush(channel)
        self._last_tag = method.delivery_tag
        try:
            words = json.loads(body if len(body) <= LONGEST else b"")
            organisation, after = str(words["organisation"]), int(words.get("after", -1))
        except Exception:  # whatever it is, it must not come back for ever
            logger.warning("unreadable request")
        else:
            asks = method.routing_key.split(".")[0]
            if organisation != asks or organisation not in self._store.programme.organisations:
                logger.warning("asked in another's name", extra={"asks": asks})
            elif "after" not in words:
                self._notary.told(organisation, words)
            elif after >= 0 and words.get("log_id") in (None, self._store.log_id):
                self._sender.say_again(organisation, after)
        channel.basic_ack(method.delivery_tag)


def delete(amqp_url: str, queue: str) -> None:
    """Delete a queue that cannot be used: it is declared anew, and what it held is asked for.

    RabbitMQ 3.10 and 4.0 leave a queue that was declared within a second of a power cut without a
    leader.
    """
    connection = pika.BlockingConnection(pika.URLParameters(amqp_url))
    try:
        connection.channel().queue_delete(queue)
    finally:
        connection.close()
