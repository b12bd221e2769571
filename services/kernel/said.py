"""What is said: envelopes chained per audience, stored with the facts they tell."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, insert, select

from services.kernel.database import Prepared
from services.kernel.ids import speaker_of
from services.kernel.programme import Programme
from services.kernel.rows import Row, canonical
from services.kernel.tables import said
from services.kernel.words import EVERYONE, LEAD, OWN, Published

NOTHING_BEFORE = "0" * 64
"""The previous hash of the first envelope of an audience."""


@dataclass(frozen=True)
class Envelope:
    """One row of the public log, as it was said.

    Attributes:
        text: canonical JSON; these very bytes are hashed, signed and carried.
    """

    text: str
    words: dict[str, Any]

    @property
    def hash(self) -> str:
        """Hex SHA-256 of the text."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def log_id(self) -> str:
        """The log that says it."""
        return str(self.words["log_id"])

    @property
    def organisation(self) -> str:
        """The organisation whose log it is."""
        return speaker_of(self.log_id)

    @property
    def service(self) -> str:
        """The service whose log it is."""
        return self.log_id.split("/", 2)[1]

    @property
    def audience(self) -> str:
        """The organisation it is said to."""
        return str(self.words["audience"])

    @property
    def seq(self) -> int:
        """Its number for this audience, from 1, without holes."""
        return int(self.words["seq"])

    @classmethod
    def read(cls, text: str) -> "Envelope":
        """The envelope in *text*.

        Raises:
            ValueError: it is not JSON of an envelope's shape, or speaks for somebody else: for an
                actor of another organisation, or with the contracts of another service.
        """
        try:
            shape = _shape.decode(text)
        except msgspec.MsgspecError:
            raise ValueError("not an envelope") from None
        organisation, service, _ = shape.log_id.split("/")
        if not shape.by.startswith(f"{organisation}/"):
            raise ValueError("an act of somebody whom its organisation does not vouch for")
        if not all(contract.startswith(f"{service}/") for contract in shape.says):
            raise ValueError("words of another service")
        return cls(text, json.loads(text))


Hash = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Part(msgspec.Struct):
    """A vault entry that the envelope commits to."""

    ref: UUID
    commitment: Hash


class Shape(msgspec.Struct):
    """What every envelope states; limits are those of the tables that keep it."""

    log_id: Annotated[str, msgspec.Meta(pattern=r"^[^/\s]+/[^/\s]+/[^/\s]+\Z", max_length=120)]
    audience: Annotated[str, msgspec.Meta(max_length=40)]
    seq: Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
    previous_hash: Hash
    event_id: UUID
    recorded_at: Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999_999)]
    by: Annotated[str, msgspec.Meta(max_length=120)]
    cause: str
    correlation: Annotated[str, msgspec.Meta(max_length=80)]
    says: dict[str, dict[str, Any]]
    parts: list[Part]


_shape = msgspec.json.Decoder(Shape)


def say(
    decided: Sequence[tuple[Any, Any, Row]],
    published: Published,
    programme: Programme,
    log_id: str,
    service: str,
    connection: Connection,
) -> int:
    """Store what is said of the events just appended, under the log's counter row.

    Args:
        decided: event, its aggregate and its stored row, in the order of positions.

    Returns:
        How many envelopes were stored.
    """
    ends: dict[str, tuple[int, str]] = {}
    told = []
    for event, aggregate, row in decided:
        publish = published.get(type(event))
        if publish is None:
            continue
        to = publish.to(event, aggregate) if callable(publish.to) else publish.to
        says = {name: body(event, aggregate) for name, body in publish.says.items()}
        parts = [
            {"ref": str(part.ref), "commitment": part.commitment}
            for part in publish.parts(event, aggregate)
        ]
        for audience in audiences(to, programme):
            if audience not in ends:
                ends[audience] = last_said(connection, audience)
            seq, previous = ends[audience]
            words = {
                "log_id": log_id,
                "audience": audience,
                "seq": seq + 1,
                "previous_hash": previous,
                "event_id": str(row.event_id),
                "recorded_at": row.recorded_at,
                "by": row.actor,
                "cause": row.cause,
                "correlation": row.correlation,
                "says": {f"{service}/{name}": body for name, body in says.items()},
                "parts": parts,
            }
            envelope = Envelope(canonical(words), words)
            ends[audience] = (seq + 1, envelope.hash)
            told.append(
                {
                    "audience": audience,
                    "seq": seq + 1,
                    "previous_hash": previous,
                    "hash": envelope.hash,
                    "position": row.position,
                    "envelope": envelope.text,
                }
            )
    if told:
        _say(connection, told)
    return len(told)


class UnknownAudience(Exception):
    """Words were to be said to an organisation that takes no part: a bug, nothing was written."""


def audiences(to: Iterable[str], programme: Programme) -> list[str]:
    """The organisations that *to* names, each once, in a fixed order."""
    named: set[str] = set()
    for word in to:
        match word:
            case _ if word == OWN:
                named.add(programme.own)
            case _ if word == LEAD:
                named.add(programme.lead)
            case _ if word == EVERYONE:
                named.update(programme.organisations)
            case _ if word in programme.organisations:
                named.add(word)
            case _:
                raise UnknownAudience(word)
    return sorted(named)


_say = Prepared(insert(said))
_last = Prepared(
    select(said.c.seq, said.c.hash)
    .where(said.c.audience == bindparam("audience"))
    .order_by(said.c.seq.desc())
    .limit(1)
)


def last_said(connection: Connection, audience: str) -> tuple[int, str]:
    """Number and hash of the last envelope said to *audience*; 0 and zeros before the first."""
    found = _last(connection, {"audience": audience}).one_or_none()
    return (found.seq, found.hash) if found else (0, NOTHING_BEFORE)
