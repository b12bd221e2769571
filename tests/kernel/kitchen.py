"""A toy trade for the kernel's tests: a kitchen fills jars, a cellar keeps shelves for them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Integer,
    String,
    Table,
    Uuid,
    insert,
    select,
    update,
)

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.composition import Composition
from services.kernel.deciding import Deciding
from services.kernel.duties import Duty
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.kernel.rows import Row
from services.kernel.sealed import Sealed
from services.kernel.views import View
from services.kernel.words import EVERYONE, LEAD, OWN, Heard, Publish


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


@dataclass(frozen=True)
class Fruit:
    name: str
    price: Decimal
    picked: date | None = None


class JarClosed(Refused):
    """A closed jar is not filled any more."""


class Jar(Aggregate):
    TOPIC = "kitchen.Jar"

    def __init__(self) -> None:
        self.size = Size.SMALL
        self.fruits: tuple[Fruit, ...] = ()
        self.labels: tuple[Sealed, ...] = ()
        self.closed_on: date | None = None
        self.checked: tuple[date, ...] = ()

    class Opened(Birth):
        TOPIC = "kitchen.Opened"
        size: Size
        on: date

        def apply(self, jar: "Jar") -> None:
            jar.size = self.size

    class Filled(Aggregate.Event):
        TOPIC = "kitchen.Filled"
        fruits: tuple[Fruit, ...]

        def apply(self, jar: "Jar") -> None:
            jar.fruits = (*jar.fruits, *self.fruits)

    class Labelled(Aggregate.Event):
        TOPIC = "kitchen.Labelled"
        label: Sealed

        def apply(self, jar: "Jar") -> None:
            jar.labels = (*jar.labels, self.label)

    class Checked(Aggregate.Event):
        TOPIC = "kitchen.Checked"
        day: date

        def apply(self, jar: "Jar") -> None:
            jar.checked = (*jar.checked, self.day)

    class Closed(Aggregate.Event):
        TOPIC = "kitchen.Closed"
        on: date
        at: datetime
        notes: dict[str, Any]

        def apply(self, jar: "Jar") -> None:
            jar.closed_on = self.on

    @classmethod
    def open(
        cls, id: UUID, by: Actor, on: date = date(2026, 1, 7), size: Size = Size.SMALL
    ) -> "Jar":
        return birth(cls, cls.Opened, id, by=by, size=size, on=on)

    def fill(self, *fruits: Fruit, by: Actor) -> None:
        if self.closed_on is not None:
            raise JarClosed(jar=self.id)
        self.trigger_event(self.Filled, by=by, fruits=fruits)

    def label(self, label: Sealed, by: Actor) -> None:
        self.trigger_event(self.Labelled, by=by, label=label)

    def check(self, day: date, by: Actor) -> None:
        if day not in self.checked:
            self.trigger_event(self.Checked, by=by, day=day)

    def close(self, on: date, at: datetime, by: Actor, **notes: Any) -> None:
        self.trigger_event(self.Closed, by=by, on=on, at=at, notes=notes)


APRICOT = Fruit("apricot", Decimal("2.50"))
PLUM = Fruit("plum", Decimal("0.90"), date(2026, 9, 1))


def _opened(event: Jar.Opened, jar: Jar) -> dict[str, Any]:
    return {"jar": str(jar.id), "size": event.size.value, "on": event.on.isoformat()}


def _labelled(event: Jar.Labelled, jar: Jar) -> dict[str, Any]:
    return {"jar": str(jar.id), "label": str(event.label.ref), "commitment": event.label.commitment}


PUBLISHED = {
    Jar.Opened: Publish({"jar_opened.v1": _opened}, to=(OWN, LEAD)),
    Jar.Labelled: Publish(
        {"jar_labelled.v1": _labelled}, to=(EVERYONE,), parts=lambda event, jar: (event.label,)
    ),
    Jar.Closed: Publish(
        {
            "jar_closed.v1": lambda event, jar: {"jar": str(jar.id)},
            "jar_closed.v2": lambda event, jar: {"jar": str(jar.id), "on": event.on.isoformat()},
        },
        to=(EVERYONE,),
    ),
}


def _project_jars(event: Any, row: Row, table: Table, connection: Connection) -> None:
    if isinstance(event, Jar.Opened):
        connection.execute(
            insert(table).values(jar=event.originator_id, size=event.size.value, fruits=0)
        )
    elif isinstance(event, Jar.Filled):
        connection.execute(
            update(table)
            .where(table.c.jar == event.originator_id)
            .values(fruits=table.c.fruits + len(event.fruits))
        )
    elif isinstance(event, Jar.Closed):
        connection.execute(
            update(table).where(table.c.jar == event.originator_id).values(closed_on=event.on)
        )


JARS = View(
    "jars",
    1,
    lambda: [
        Column("jar", Uuid, primary_key=True),
        Column("size", String(10), nullable=False, index=True),
        Column("fruits", Integer, nullable=False),
        Column("closed_on", Date),
    ],
    _project_jars,
)


def open_jars(connection: Connection, day: date) -> Iterable[UUID]:
    """Jars that are not closed, on any day."""
    query = select(JARS.table.c.jar).where(JARS.table.c.closed_on.is_(None))
    return connection.scalars(query.order_by(JARS.table.c.jar))


def check_the_jar(deciding: Deciding, jar: UUID, day: date) -> None:
    deciding.edit(Jar, jar).check(day, by=deciding.actor)


CHECK = Duty("check", open_jars, check_the_jar)
KITCHEN = Composition("kitchen", {}, PUBLISHED, (JARS,), (CHECK,))


class ShelfTaken(Refused):
    """A shelf holds one jar."""


class Shelf(Aggregate):
    TOPIC = "cellar.Shelf"

    def __init__(self) -> None:
        self.jars: tuple[UUID, ...] = ()
        self.emptied_on: date | None = None

    class Reserved(Birth):
        TOPIC = "cellar.Reserved"
        jar: UUID

        def apply(self, shelf: "Shelf") -> None:
            shelf.jars = (self.jar,)

    class Emptied(Aggregate.Event):
        TOPIC = "cellar.Emptied"
        on: date

        def apply(self, shelf: "Shelf") -> None:
            shelf.emptied_on = self.on

    @classmethod
    def reserve(cls, id: UUID, jar: UUID, by: Actor) -> "Shelf":
        return birth(cls, cls.Reserved, id, by=by, jar=jar)

    def empty(self, on: date, by: Actor) -> None:
        if self.emptied_on is not None:
            raise ShelfTaken(shelf=self.id)
        self.trigger_event(self.Emptied, by=by, on=on)


def shelf_of(jar: object) -> UUID:
    return stream_id("shelf", jar)


def reserve_a_shelf_for_the_opened_jar(deciding: Deciding, heard: Heard) -> None:
    jar = UUID(heard.body["jar"])
    if deciding.find(Shelf, shelf_of(jar)) is None:
        deciding.add(Shelf.reserve(shelf_of(jar), jar, by=deciding.actor))


def empty_the_shelf_of_the_closed_jar(deciding: Deciding, heard: Heard) -> None:
    shelf = deciding.edit(Shelf, shelf_of(heard.body["jar"]))
    shelf.empty(date.fromisoformat(heard.body["on"]), by=deciding.actor)


POLICIES = {
    "kitchen/jar_opened.v1": reserve_a_shelf_for_the_opened_jar,
    "kitchen/jar_closed.v2": empty_the_shelf_of_the_closed_jar,
}
CELLAR = Composition("cellar", POLICIES, {}, (), ())
