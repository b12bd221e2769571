"""Small things that the fault tests say and look at."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

import pika
from pika.exceptions import ChannelClosedByBroker
from sqlalchemy import select

from services.kernel.courier.names import EXCHANGE
from services.kernel.courier.out import message
from services.kernel.deciding import Deciding, Occasion
from services.kernel.ids import stream_id
from services.kernel.log import all_rows
from services.kernel.operate import LineStatus, status
from services.kernel.store import Store
from services.kernel.tables import inbox, said
from services.people.codes import Role
from services.people.person import Person
from tests.faults.scene import Scene, administrator


def tell(people: Store, *numbers: object, role: Role = Role.WORK_PLACEMENT_HEAD) -> None:
    """One more person with one role for each of *numbers*: one envelope each."""
    for number in numbers:
        key = stream_id("told", people.log_id, number, uuid4())
        actor = administrator(people.programme.own)

        def act(deciding: Deciding, number: object = number) -> dict[str, Any]:
            id = stream_id("invented", people.log_id, number)
            name = deciding.seal(id, "name", "Persona inventata")
            person = Person.register(
                id, None, people.programme.own, name, on=deciding.today, by=deciding.actor
            )
            body = f"body-{number}" if role is Role.WORK_PLACEMENT_HEAD else None
            person.assign_role(role, body, date(2026, 1, 1), None, by=deciding.actor)
            deciding.add(person)
            return {"person": str(id)}

        occasion = Occasion(key, f"command:{key}", str(key), actor)
        people.decide_once(key, "tell", str(number).encode(), occasion, act)


def line(consumer: Store, producer: Store) -> LineStatus | None:
    """How far *consumer* has heard *producer*, if at all."""
    found = [each for each in status(consumer).lines if each.log_id == producer.log_id]
    return found[0] if found else None


def heard(consumer: Store, producer: Store) -> int:
    """The number up to which *consumer* has heard *producer*."""
    found = line(consumer, producer)
    return found.heard if found else 0


def seated(review: Store) -> Counter[str]:
    """How often each body was given a seat."""
    return Counter(
        json.loads(row.state)["body"] for row in rows(review) if row.topic == "review.Seated"
    )


def rows(store: Store) -> list[Any]:
    """The log of *store*."""
    with store.database.reading() as connection:
        return list(all_rows(connection))


def kept(consumer: Store, producer: Store) -> list[int]:
    """Numbers of *producer* in the inbox of *consumer*."""
    query = select(inbox.c.seq).where(inbox.c.log_id == producer.log_id).order_by(inbox.c.seq)
    with consumer.database.reading() as connection:
        return list(connection.scalars(query))


def everything(store: Store, table: Any) -> Sequence[Any]:
    """Every row of *table*."""
    with store.database.reading() as connection:
        return connection.execute(select(table)).all()


def messages(producer: Store, audience: str) -> list[bytes]:
    """What the courier of *producer* carries to *audience*."""
    query = select(said.c.envelope).where(said.c.audience == audience).order_by(said.c.seq)
    with producer.database.reading() as connection:
        envelopes = list(connection.scalars(query))
        return [message(producer, connection, envelope) for envelope in envelopes]


class Hand:
    """A hand in one organisation's virtual host: publishes, takes messages away, counts them."""

    def __init__(self, place: Scene, organisation: str) -> None:
        self._url = place.members[organisation].env["AMQP_URL"]

    def __enter__(self) -> "Hand":
        self._connection = pika.BlockingConnection(pika.URLParameters(self._url))
        self._channel = self._connection.channel()
        self._channel.confirm_delivery()
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def publish(self, key: str, body: bytes) -> None:
        """Publish *body* under *key*, confirmed."""
        self._channel.basic_publish(
            EXCHANGE, key, body, pika.BasicProperties(delivery_mode=2), mandatory=True
        )

    def take(self, queue: str, *numbers: int) -> None:
        """Take the messages with these sequence *numbers* out of *queue*; the others stay."""
        channel = self._connection.channel()
        for method, _, body in channel.consume(queue, inactivity_timeout=0.5):
            if method is None:
                break
            if json.loads(json.loads(body)["envelope"])["seq"] in numbers:
                channel.basic_ack(method.delivery_tag)
        channel.close()

    def waiting(self, queue: str) -> int | None:
        """How many messages are ready in *queue*; None if there is no such queue."""
        try:
            answer = self._channel.queue_declare(queue, passive=True)
        except ChannelClosedByBroker:
            self._channel = self._connection.channel()
            self._channel.confirm_delivery()
            return None
        return int(answer.method.message_count)
