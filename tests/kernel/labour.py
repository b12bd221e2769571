"""The labour of those processes; each function makes connections of its own."""

import random
import time
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine, select, text

from services.kernel import inbox
from services.kernel.courier.work import close_days
from services.kernel.database import Database
from services.kernel.deciding import Deciding
from services.kernel.inbox import Step, look, receive
from services.kernel.lease import Lease
from services.kernel.log import Recorder, rows_after
from services.kernel.mapper import Mapper, micros
from services.kernel.migrate import migrate
from services.kernel.refusal import AlreadyBegun, VersionMoved
from services.kernel.rows import Row
from tests.kernel.kitchen import APRICOT, CELLAR, JARS, KITCHEN, PLUM, Jar
from tests.kernel.parties import MARCH_2, Party, StandingClock, occasion, person, some_id
from tests.private_postgres import Urls


def opened(jar: object) -> Row:
    """The row of a jar that was opened, not yet appended."""
    made = Jar.open(some_id("jar", jar), by=person("lead"))
    row = Mapper().to_stored_event(made.collect_events()[0])
    assert isinstance(row, Row)
    return row


def append(database: Database, row: Row, now: int = micros(MARCH_2), linger: float = 0.0) -> int:
    """Append *row* in a transaction of its own; its position."""

    def attempt() -> int:
        with database.writing() as connection:
            positions = Recorder(connection).insert_events(
                [row], now=now, cause="test", correlation="test", root=uuid4(), rows=[]
            )
            if linger:
                time.sleep(linger)
            return positions[0]

    return database.again(attempt, patience=120.0)


def write_many(url: str, writer: int, count: int) -> list[int]:
    """Append *count* facts, one transaction each, now and then a slow one; their positions."""
    database = Database(url)
    row = opened(0)
    positions = []
    for number in range(count):
        fact = replace(row, originator_id=some_id(writer, number))
        positions.append(append(database, fact, linger=0.002 if number % 100 == 0 else 0.0))
    database.dispose()
    return positions


def tail(url: str, total: int, patience: float = 400.0) -> list[int]:
    """The positions that a tailing reader sees, in its order, until *total* or out of patience."""
    database = Database(url)
    seen: list[int] = []
    deadline = time.monotonic() + patience
    while len(seen) < total and time.monotonic() < deadline:
        with database.reading() as connection:
            page = rows_after(connection, seen[-1] if seen else 0, limit=500)
        seen.extend(row.position for row in page)
        if not page:
            time.sleep(0.02)
    database.dispose()
    return seen


def write_naively(url: str, count: int) -> int:
    """Insert *count* rows numbered by a sequence, committed a moment later."""
    engine = create_engine(url)
    for _ in range(count):
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO naive DEFAULT VALUES"))
            time.sleep(random.uniform(0, 0.003))
    engine.dispose()
    return count


def tail_naively(url: str, quiet: float = 1.5) -> int:
    """How many rows a reader of the sequence sees, until nothing new comes for *quiet* seconds."""
    engine = create_engine(url)
    last, seen, until = 0, 0, time.monotonic() + 20
    while time.monotonic() < until:
        with engine.connect() as connection:
            query = text("SELECT id FROM naive WHERE id > :last ORDER BY id")
            page: list[Any] = list(connection.scalars(query, {"last": last}))
        if page:
            last, seen, until = page[-1], seen + len(page), time.monotonic() + quiet
    engine.dispose()
    return seen


def fill_many(urls: Urls, jar: UUID, tries: int, editor: int) -> tuple[int, int]:
    """Edit *jar* *tries* times at the version last seen; how often it was granted and refused."""
    kitchen = Party(urls)
    accepted = refused = 0
    for number in range(tries):
        seen = kitchen.store.ask(occasion(), lambda reading: reading.get(Jar, jar).version)

        def fill(deciding: Deciding, version: int = seen) -> None:
            deciding.edit(Jar, jar, version).fill(APRICOT, by=deciding.actor)

        try:
            kitchen.store.decide(occasion(editor, number), fill)
        except VersionMoved:
            refused += 1
        else:
            accepted += 1
    kitchen.close()
    return accepted, refused


def open_all(urls: Urls, jars: list[UUID], editor: int) -> list[UUID]:
    """Open each of *jars*; those of which it was not refused."""
    kitchen = Party(urls)
    begun = []
    for number, jar in enumerate(jars):

        def open_one(deciding: Deciding, id: UUID = jar) -> None:
            deciding.add(Jar.open(id, by=deciding.actor))

        try:
            kitchen.store.decide(occasion(editor, number), open_one)
        except AlreadyBegun:
            continue
        begun.append(jar)
    kitchen.close()
    return begun


def fill_surely(urls: Urls, jar: UUID, tries: int, editor: int) -> int:
    """Fill *jar* *tries* times without an expected version: conflicts are decided again."""
    kitchen = Party(urls)
    for number in range(tries):
        kitchen.store.decide(
            occasion(editor, number),
            lambda deciding: deciding.edit(Jar, jar).fill(APRICOT, by=deciding.actor),
        )
    kitchen.close()
    return tries


def label_once(urls: Urls, jar: UUID, key: UUID) -> Any:
    """Seal a text, label *jar* with it, and answer; one decision under *key*."""
    kitchen = Party(urls)
    try:
        return kitchen.once(key, lambda deciding: label(deciding, jar))
    finally:
        kitchen.close()


def label(deciding: Deciding, jar: UUID) -> dict[str, Any]:
    """A decision that touches every table: facts, said, view, vault (and outcome, with a key)."""
    found = deciding.edit(Jar, jar)
    found.label(deciding.seal(jar, "label", "for aunt Pia"), by=deciding.actor)
    found.fill(PLUM, by=deciding.actor)
    return {"jar": str(jar), "version": found.version}


def ask_at_once(urls: Urls, jar: UUID, keys: list[UUID]) -> list[int]:
    """Fill *jar* once for each key; the versions that were answered."""
    kitchen = Party(urls)

    def fill(deciding: Deciding) -> int:
        found = deciding.edit(Jar, jar)
        found.fill(APRICOT, by=deciding.actor)
        return found.version

    try:
        return [kitchen.once(key, fill) for key in keys]
    finally:
        kitchen.close()


def close_the_days(urls: Urls, clock: StandingClock) -> date:
    """Do what the calendar asks for; the next day."""
    kitchen = Party(urls, clock=clock)
    try:
        return close_days(kitchen.store)
    finally:
        kitchen.close()


def receive_all(urls: Urls, messages: list[bytes]) -> None:
    """Put *messages* into the inbox."""
    cellar = Party(urls, CELLAR)
    receive(cellar.store, messages)
    cellar.close()


def hear_all(urls: Urls, log_id: str, batch: int) -> int:
    """Apply what waits on one line until nothing moves; how often something was heard."""
    inbox.BATCH, inbox.LONGEST_BATCH = batch, 60.0  # a busy machine must not end a batch early
    cellar = Party(urls, CELLAR)
    moved = 0
    try:
        while look(cellar.store, log_id).step is Step.HEARD:
            moved += 1
    finally:
        cellar.close()
    return moved


def write_and_ask(urls: Urls, writer: int, count: int) -> None:
    """Open *count* jars; before each decision ask the view, in the same transaction."""
    kitchen = Party(urls)
    for number in range(count):

        def open_one(deciding: Deciding, name: str = f"{writer}/{number}") -> None:
            deciding.connection.execute(select(JARS.table)).all()
            deciding.add(Jar.open(some_id(name), by=deciding.actor))

        kitchen.store.decide(occasion(writer, number), open_one)
        time.sleep(0.02)  # people think between two decisions
    kitchen.close()


def migrate_once(urls: Urls) -> str:
    """Migrate the kitchen; its log's id."""
    return migrate(KITCHEN, "lead", *urls)


def hold_once(urls: Urls, seconds: float) -> bool:
    """Ask for the lease; whether it was granted."""
    database = Database(urls.runtime)
    try:
        return Lease(database, "courier", seconds).hold()
    finally:
        database.dispose()
