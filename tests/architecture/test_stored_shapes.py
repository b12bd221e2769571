"""What an event states is stored for ever: its fields, their types, the words of enumerations."""

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.shapes import NotAllowed, present, stored_events, type_of

LISTED = [
    line
    for line in (Path(__file__).parent / "shapes.txt").read_text().splitlines()
    if not line.startswith("#")
]


def test_every_stored_event_has_the_shape_that_was_released() -> None:
    """Add a line for a new event; change one only together with class_version and an upcast."""
    assert present() == LISTED


def test_every_older_version_has_its_upcast() -> None:
    present()
    for event in stored_events():
        for version in range(1, event.class_version):
            assert hasattr(event, f"upcast_v{version}_v{version + 1}"), event.TOPIC


def test_topics_begin_with_their_service() -> None:
    present()
    for event in stored_events():
        assert event.TOPIC.split(".")[0] == event.__module__.split(".")[1]
        assert event.STREAM_TYPE.split(".")[0] == event.TOPIC.split(".")[0]


def test_no_two_events_share_a_topic() -> None:
    topics = [line.split(" ")[0] for line in present()]
    assert len(topics) == len(set(topics))


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Spot:
    colour: Colour
    sizes: tuple[Decimal, ...]


@dataclass(frozen=True)
class Imprecise:
    weight: float


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (str | None, "str|nothing"),
        (Spot, "{colour:(red) sizes:[Decimal,...]}"),
        (tuple[Spot, int], "[{colour:(red) sizes:[Decimal,...]},int]"),
        (dict[str, Any], "json"),
    ],
)
def test_a_type_in_words(hint: Any, words: str) -> None:
    assert type_of(hint) == words


@pytest.mark.parametrize(
    "hint",
    [
        *(float, float | None, tuple[float, ...], list[str], set[str], frozenset[str], bytes),
        *(Imprecise, tuple[Imprecise, ...], dict[str, float], dict[int, Any], object, Any),
    ],
    ids=str,
)
def test_what_has_no_exact_text_is_found_at_any_depth(hint: Any) -> None:
    with pytest.raises(NotAllowed):
        type_of(hint)
