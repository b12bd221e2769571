"""Who asks to hear something again: in its own name, and in words that can be read."""

import json
from types import SimpleNamespace
from typing import Any

import pytest

from services.kernel.courier.receive import LONGEST, Receiver
from tests.kernel.parties import Party


class Broker:
    """Stands for channel, sender and notary: what was acked, is to be said again, or proven."""

    def __init__(self) -> None:
        self.acked: list[int] = []
        self.again: list[tuple[str, int]] = []
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def basic_ack(self, tag: int, multiple: bool = False) -> None:
        self.acked.append(tag)

    def say_again(self, audience: str, after: int) -> None:
        self.again.append((audience, after))

    def told(self, organisation: str, words: dict[str, Any]) -> None:
        self.heard.append((organisation, words))


def asked(kitchen: Party, body: bytes, asks: str = "partner") -> Broker:
    """What comes of a request that the broker lets *asks* publish."""
    broker: Any = Broker()
    receiver = Receiver(kitchen.store, "amqp://nowhere", broker, broker, lambda: None)
    method = SimpleNamespace(delivery_tag=7, routing_key=f"{asks}.cellar.lead.kitchen")
    receiver._asked(broker, method, None, body)
    assert broker.acked == [7]
    assert isinstance(broker, Broker)
    return broker


def request(kitchen: Party, **changed: Any) -> bytes:
    words = {"organisation": "partner", "after": 3, "log_id": kitchen.store.log_id}
    return json.dumps({**words, **changed}).encode()


def test_who_asks_in_its_own_name_is_told_again(kitchen: Party) -> None:
    assert asked(kitchen, request(kitchen)).again == [("partner", 3)]


def test_what_is_no_such_request_is_the_notarys(kitchen: Party) -> None:
    words = {"organisation": "partner", "checkpoint": "x"}
    broker = asked(kitchen, json.dumps(words).encode())
    assert (broker.again, broker.heard) == ([], [("partner", words)])
    assert asked(kitchen, json.dumps(words).encode(), asks="lead").heard == []


def test_nobody_fills_the_memory_with_one_word(kitchen: Party) -> None:
    def heard(more: int) -> int:
        words = {"organisation": "partner", "checkpoint": ""}
        room = LONGEST - len(json.dumps(words))
        body = json.dumps({**words, "checkpoint": "x" * (room + more)}).encode()
        return len(asked(kitchen, body).heard)

    assert (heard(0), heard(1)) == (1, 0)


def test_who_never_heard_of_this_log_asks_from_the_beginning(kitchen: Party) -> None:
    assert asked(kitchen, request(kitchen, log_id=None, after=0)).again == [("partner", 0)]


@pytest.mark.parametrize(
    ("changed", "asks"),
    [
        ({"organisation": "lead"}, "partner"),
        ({}, "lead"),
        ({"organisation": "nobody"}, "nobody"),
        ({"log_id": "lead/kitchen/another"}, "partner"),
        ({"after": -1}, "partner"),
    ],
    ids=str,
)
def test_who_asks_for_another_or_another_log_is_told_nothing(
    kitchen: Party, changed: dict[str, Any], asks: str
) -> None:
    assert asked(kitchen, request(kitchen, **changed), asks).again == []


def test_what_cannot_be_read_is_done_with(kitchen: Party) -> None:
    garbage = [
        *(b"", b"\xff", b"null", b"[]", b"{}", b'"x"', b"[" * 100_000, b"9" * 5_000),
        *(request(kitchen, after=None), request(kitchen, after="x"), request(kitchen, after=[])),
        request(kitchen, after=float("inf")),
        b'{"organisation": "partner"}',
    ]
    for body in garbage:
        assert asked(kitchen, body).again == [], body[:40]
