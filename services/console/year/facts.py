"""All logs of both organisations, as plain facts: what is judged at the end, and nothing else."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias, cast
from uuid import UUID

from sqlalchemy import select

from services.console.season import Stores
from services.kernel.civil import civil_day
from services.kernel.log import all_rows
from services.kernel.mapper import instant
from services.kernel.rows import Row
from services.kernel.tables import heard, inbox, said

MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*<([0-9a-f-]{36})@")


@dataclass(frozen=True)
class Fact:
    """One event.

    Attributes:
        state: its own words.
    """

    row: Row
    state: Mapping[str, Any]

    @property
    def topic(self) -> str:
        """What happened."""
        return self.row.topic

    @property
    def stream(self) -> UUID:
        """To what it happened."""
        return cast(UUID, self.row.originator_id)

    @property
    def day(self) -> date:
        """The civil day on which it was recorded, Europe/Rome."""
        return civil_day(instant(self.row.recorded_at))

    def on(self, name: str) -> date:
        """The day that it calls *name*."""
        return date.fromisoformat(self.state[name])


@dataclass(frozen=True)
class Said:
    """One envelope, by its hash, and the position of the fact that it tells."""

    position: int
    hash: str


@dataclass(frozen=True)
class Log:
    """One log: its facts, what was said from it, and what its service heard.

    Attributes:
        said: of each audience, what was said to it, in order.
        kept: of each log that is heard, the hashes in the inbox by their number.
        reached: of each log that is heard, the number of the last that was applied.
    """

    log_id: str
    facts: tuple[Fact, ...]
    said: Mapping[str, tuple[Said, ...]]
    kept: Mapping[str, Mapping[int, str]]
    reached: Mapping[str, int]

    @cached_property
    def streams(self) -> Mapping[UUID, list[Fact]]:
        """The facts of each stream, in order."""
        found: dict[UUID, list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(fact.stream, []).append(fact)
        return found

    @cached_property
    def causes(self) -> set[str]:
        """What any of the facts follows from."""
        return {fact.row.cause for fact in self.facts}

    @cached_property
    def closings(self) -> list[tuple[int, date]]:
        """Position and day of every closed day, in order."""
        return [(each.row.position, each.on("day")) for each in self.of("kernel.DayClosed")]

    def of(self, *topics: str) -> list[Fact]:
        """The facts with these topics, in order."""
        return [fact for fact in self.facts if fact.topic in topics]


Logs: TypeAlias = Mapping[tuple[str, str], Log]


def read_logs(stores: Stores) -> Logs:
    """Every log of *stores*."""
    return {key: _read(store) for key, store in stores.items()}


def letters_in(folder: Path) -> list[UUID]:
    """Which letter each mail in *folder* is, by the Message-ID that names it."""
    return [mail_named(path.read_bytes()) for path in sorted(folder.glob("*.eml"))]


def mail_named(content: bytes) -> UUID:
    """The name of a mail of ours; of another's, the id of nothing."""
    named = MESSAGE_ID.search(content)
    return UUID(named[1].decode()) if named else UUID(int=0)


def _read(store: Any) -> Log:
    with store.database.reading() as connection:
        facts = tuple(Fact(row, json.loads(row.state)) for row in all_rows(connection))
        told: dict[str, list[Said]] = {}
        words = select(said.c.audience, said.c.position, said.c.hash)
        for row in connection.execute(words.order_by(said.c.audience, said.c.seq)):
            told.setdefault(row.audience, []).append(Said(row.position, row.hash))
        kept: dict[str, dict[int, str]] = {}
        for row in connection.execute(select(inbox.c.log_id, inbox.c.seq, inbox.c.hash)):
            kept.setdefault(row.log_id, {})[row.seq] = row.hash
        reached = {row.log_id: row.seq for row in connection.execute(select(heard))}
    spoken = {audience: tuple(each) for audience, each in told.items()}
    return Log(store.log_id, facts, spoken, kept, reached)
