"""The sender: what was said arrives in order, the window never stays shut, and it knows how far."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pika
import pytest
from sqlalchemy import select

from services.kernel.courier import out
from services.kernel.courier.names import EXCHANGE, said_key
from services.kernel.courier.out import Sender
from services.kernel.said import Envelope
from services.kernel.tables import sent
from tests.kernel.parties import Party
from tests.waiting import until

pytestmark = pytest.mark.broker

MANY = 25
"""More than the window of these tests holds."""
SLOW = 600.0
"""A poll that nobody waits for: only wakes and confirms move the sender."""


@pytest.fixture(autouse=True)
def small_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few messages are on their way at once, and fewer are read at once."""
    monkeypatch.setattr(out, "WINDOW", 6)
    monkeypatch.setattr(out, "PAGE", 4)


@pytest.fixture
def listening(vhost: str) -> Iterator[Any]:
    """A queue in which the lead hears the kitchen."""
    with closing(pika.BlockingConnection(pika.URLParameters(vhost))) as connection:
        channel = connection.channel()
        channel.exchange_declare(EXCHANGE, "topic", durable=True)
        channel.queue_declare("heard.test")
        channel.queue_bind("heard.test", EXCHANGE, said_key("lead", "kitchen", "lead"))
        yield channel


@pytest.fixture
def sender(kitchen: Party, vhost: str) -> Iterator[Sender]:
    """The sender of the kitchen, which each test starts."""
    made = Sender(kitchen.store, vhost, SLOW, lambda: None)
    yield made
    made.stop()
    made.join(10.0)


def heard(channel: Any, count: int) -> list[int]:
    """The numbers of the next *count* messages."""
    numbers: list[int] = []

    def one_more() -> bool:
        _, _, body = channel.basic_get("heard.test", auto_ack=True)
        if body is not None:
            numbers.append(_number(body))
        return len(numbers) >= count

    until(one_more, "it arrives")
    return numbers


def _number(body: bytes) -> int:
    return Envelope.read(json.loads(body)["envelope"]).seq


def stored(kitchen: Party) -> int:
    """How far the lead was served, as the next courier will know."""
    with kitchen.store.database.reading() as connection:
        return connection.scalar(select(sent.c.seq).where(sent.c.audience == "lead")) or 0


def test_more_than_the_window_holds_arrives_in_order(
    kitchen: Party, sender: Sender, listening: Any
) -> None:
    for number in range(MANY):
        kitchen.open_jar(number)
    sender.start()
    assert heard(listening, MANY) == [*range(1, MANY + 1)]


def test_what_is_decided_later_wakes_it(kitchen: Party, sender: Sender, listening: Any) -> None:
    sender.start()
    kitchen.open_jar("early")
    assert heard(listening, 1) == [1]
    kitchen.open_jar("late")
    assert heard(listening, 1) == [2]


def test_how_far_it_came_is_stored_soon_without_another_word(
    kitchen: Party, sender: Sender, listening: Any
) -> None:
    kitchen.open_jar()
    sender.start()
    until(lambda: stored(kitchen) == 1, "it is stored")


def test_stopped_in_good_order_it_has_stored_how_far_it_came(
    kitchen: Party, sender: Sender, listening: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "SAVE_AFTER", SLOW)
    kitchen.open_jar()
    sender.start()
    until(lambda: "lead" in sender._cursors and sender._cursors["lead"].confirmed == 1, "confirmed")
    assert stored(kitchen) == 0
    sender.stop()
    sender.join(10.0)
    assert stored(kitchen) == 1


def test_what_is_asked_for_again_comes_again_however_much_it_is(
    kitchen: Party, sender: Sender, listening: Any
) -> None:
    for number in range(MANY):
        kitchen.open_jar(number)
    sender.start()
    heard(listening, MANY)
    until(lambda: stored(kitchen) == MANY, "all is confirmed")
    sender.say_again("lead", 2)
    assert heard(listening, MANY - 2) == [*range(3, MANY + 1)]
