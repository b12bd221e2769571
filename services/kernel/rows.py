"""The row: one stored event, the bytes that stand for it, and its Merkle leaf. See docs/format.md.

Frozen: the test vectors beside the format's page must hold for ever.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from eventsourcing.persistence import StoredEvent


@dataclass(frozen=True)
class Row(StoredEvent):
    """One event as it is stored; ``state`` is canonical JSON in UTF-8.

    Inherits ``originator_id`` (the column ``stream``), ``originator_version`` (``version``),
    ``topic`` and ``state``.

    Attributes:
        position: place in the log, from 1, without holes; 0 before it is appended.
        event_id: derived from the cause, unique in the log.
        stream_type: topic of the aggregate.
        schema_version: of the state, for upcasting.
        recorded_at: microseconds since 1970-01-01 UTC, never less than the row before.
        actor: who decided.
        on_behalf_of: whose act made a service decide, or None.
        cause: ``command:<key>``, ``heard:<log_id>#<seq>`` or ``duty:<name>:<day>:<aggregate>``.
        correlation: id shared by everything that followed from one first act.
    """

    position: int = 0
    event_id: UUID = UUID(int=0)
    stream_type: str = ""
    schema_version: int = 1
    recorded_at: int = 0
    actor: str = ""
    on_behalf_of: str | None = None
    cause: str = ""
    correlation: str = ""


_AS_THEY_ARE = (
    "topic",
    "position",
    "stream_type",
    "schema_version",
    "recorded_at",
    "actor",
    "on_behalf_of",
    "cause",
    "correlation",
)


def columns_of(row: Row) -> dict[str, Any]:
    """What *row* is in the columns of its table, by their names."""
    own = {name: getattr(row, name) for name in _AS_THEY_ARE}
    return {
        **own,
        "event_id": row.event_id,
        "stream": row.originator_id,
        "version": row.originator_version,
        "state": row.state.decode(),
    }


def canonical(value: Any) -> str:
    """*value* as canonical JSON: keys sorted, no blanks, text as it is, no floats.

    Raises:
        TypeError: *value* holds something that JSON has no exact word for (a float, say).
    """
    refuse_floats(value)
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def refuse_floats(value: Any) -> None:
    """Raise TypeError if *value* holds a float, or a key that is no text, at any depth.

    A float's text is not one on all machines; of ``{1: …, "1": …}`` JSON would keep both.
    """
    if isinstance(value, float):
        raise TypeError("a float has no canonical text; use a decimal string")
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str):
                raise TypeError("a key that is no text")
            refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            refuse_floats(inner)


def row_bytes(log_id: str, row: Row) -> bytes:
    """The bytes that stand for *row* of the log *log_id* in proofs."""
    names = {"event_id": str(row.event_id), "stream": str(row.originator_id)}
    return canonical({"log_id": log_id, **columns_of(row), **names}).encode()


def read_row(line: bytes) -> tuple[str, Row]:
    """Log id and row for which *line* stands.

    Raises:
        ValueError: it does not stand for a row: read and written again, it is not the same bytes.
    """
    try:
        words = json.loads(line)
        row = Row(
            originator_id=UUID(words["stream"]),
            originator_version=words["version"],
            state=words["state"].encode(),
            event_id=UUID(words["event_id"]),
            **{name: words[name] for name in _AS_THEY_ARE},
        )
        log_id = words["log_id"]
        if row_bytes(log_id, row) != line:
            raise ValueError
    except Exception:  # whatever it is, it stands for no row; fails closed
        raise ValueError("not a row") from None
    return log_id, row


def leaf_hash(log_id: str, row: Row) -> bytes:
    """The RFC 6962 leaf of *row*: SHA-256 of a zero byte and the row's bytes."""
    return sha256(b"\x00" + row_bytes(log_id, row)).digest()
