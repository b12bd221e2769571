"""Events to rows and back: canonical JSON states, typed by the event's own annotations."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, ClassVar, TypedDict, cast, get_origin, get_type_hints
from uuid import UUID

import msgspec
from eventsourcing.persistence import JSONTranscoder, StoredEvent
from eventsourcing.persistence import Mapper as LibraryMapper
from eventsourcing.utils import resolve_topic

from services.kernel.actor import Actor
from services.kernel.aggregate import COLUMNS, Birth, facts_of
from services.kernel.rows import Row, canonical

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CENT = Decimal("0.01")


class NotStorable(TypeError):
    """An event holds a value that the row format has no exact text for: a bug, caught at once."""


def instant(micros: int) -> datetime:
    """Microseconds since 1970 as an aware instant in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def micros(at: datetime) -> int:
    """An aware instant as microseconds since 1970 UTC."""
    return (at - EPOCH) // MICROSECOND


class Mapper(LibraryMapper[UUID]):
    """Maps events to :class:`Row` (position and cause come from the recorder) and back."""

    def __init__(self) -> None:
        super().__init__(JSONTranscoder())

    def to_stored_event(self, domain_event: Any) -> StoredEvent:
        """The row of *domain_event*, without what only the append knows."""
        kind = type(domain_event)
        return Row(
            originator_id=domain_event.originator_id,
            originator_version=domain_event.originator_version,
            topic=kind.TOPIC,
            state=canonical(plain(facts_of(domain_event))).encode(),
            stream_type=kind.STREAM_TYPE,
            schema_version=kind.class_version,
            actor=domain_event.by.id,
            on_behalf_of=domain_event.by.on_behalf_of,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> Any:
        """The event of a row, upcast to the class's present version."""
        row = cast(Row, stored_event)
        kind = cast(Any, resolve_topic(row.topic))
        state = decoder(kind)(row.state, row.schema_version)
        state["originator_id"] = row.originator_id
        state["originator_version"] = row.originator_version
        state["timestamp"] = instant(row.recorded_at)
        state["by"] = Actor(row.actor, row.on_behalf_of)
        if issubclass(kind, Birth):
            state["originator_topic"] = row.stream_type
        event = object.__new__(kind)
        object.__setattr__(event, "__dict__", state)
        return event


def plain(value: Any) -> Any:
    """*value* in JSON's words; what has no exact text is refused.

    Raises:
        NotStorable: a float, a naive instant, an amount without exactly two decimals, or a type
            that the row format does not know.
    """
    match value:
        case None | bool() | int() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return plain(value.value)
        case dict():
            return {str(plain(key)): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case UUID():
            return str(value)
        case datetime():
            if value.tzinfo is None:
                raise NotStorable("an instant without a time zone")
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
        case Decimal():
            if value.as_tuple().exponent != -2:
                raise NotStorable("an amount must have exactly two decimals")
            return str(value)
        case _ if hasattr(value, "__dataclass_fields__"):
            return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    raise NotStorable(f"no stored form for {type(value).__name__}")


@cache
def decoder(kind: type[Any]) -> Callable[[bytes, int], dict[str, Any]]:
    """A function that reads a state of *kind* (bytes, schema version) into typed fields."""
    hints = get_type_hints(kind)
    fields = {
        name: hint
        for name, hint in hints.items()
        if name not in COLUMNS and get_origin(hint) is not ClassVar and hint is not ClassVar
    }
    shape = TypedDict("shape", fields)  # type: ignore[misc]  # made from the event's own fields
    decode = msgspec.json.Decoder(shape).decode
    present: int = kind.class_version

    def read(state: bytes, version: int) -> dict[str, Any]:
        if version == present:
            return cast(dict[str, Any], decode(state))
        words: dict[str, Any] = json.loads(state)
        for step in range(version, present):
            getattr(kind, f"upcast_v{step}_v{step + 1}")(words)
        return cast(dict[str, Any], msgspec.convert(words, shape))

    return read
