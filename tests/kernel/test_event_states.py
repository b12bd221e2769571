"""An event's state: exact text in, the same typed values out, and nothing that is not exact."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import IntEnum
from typing import Any, ClassVar
from uuid import UUID

import pytest

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth, facts_of, replay
from services.kernel.mapper import Mapper, NotStorable
from services.kernel.rows import Row, canonical
from services.kernel.sealed import Sealed
from tests.kernel.kitchen import APRICOT, PLUM, Fruit, Jar, Size
from tests.kernel.parties import MARCH_2, Party, some_id

COOK = Actor("lead/person/cook", on_behalf_of="partner/person/guest")
LABEL = Sealed(some_id("label"), "c0" * 32)


class Grade(IntEnum):
    GOOD = 1
    BEST = 2


@dataclass(frozen=True)
class Crate:
    fruits: tuple[Fruit, ...]
    grade: Grade
    seal: Sealed | None


class Everything(Aggregate):
    TOPIC = "tests.Everything"

    def __init__(self) -> None:
        self.facts: dict[str, Any] = {}

    class Began(Birth):
        TOPIC = "tests.EverythingBegan"
        text: str
        number: int
        truth: bool
        day: date
        instant: datetime
        amount: Decimal
        person: UUID
        size: Size
        nothing: str | None
        perhaps: date | None
        names: tuple[str, ...]
        days: tuple[date, ...]
        crates: tuple[Crate, ...]
        pair: tuple[int, str]
        label: Sealed
        words: dict[str, Any]

        def apply(self, everything: "Everything") -> None:
            everything.facts = facts_of(self)


FACTS: dict[str, Any] = {
    "text": 'Perché "no"?\n\\ \u2028 😀 \x00\x7f',
    "number": -(2**53) - 1,
    "truth": True,
    "day": date(2024, 2, 29),
    "instant": datetime(2026, 3, 29, 0, 59, 59, 999_999, tzinfo=UTC),
    "amount": Decimal("12.50"),
    "person": some_id("someone"),
    "size": Size.LARGE,
    "nothing": None,
    "perhaps": date(1, 1, 1),
    "names": ("b", "a"),
    "days": (date(9999, 12, 31),),
    "crates": (Crate((APRICOT, PLUM), Grade.BEST, LABEL), Crate((), Grade.GOOD, None)),
    "pair": (1, "one"),
    "label": LABEL,
    "words": {"b": [1, {"c": None}], "a": "12.50", "d": {}},
}


def everything(**changed: Any) -> Everything:
    return birth(Everything, Everything.Began, some_id("all"), by=COOK, **{**FACTS, **changed})


def stored(aggregate: Aggregate) -> list[Row]:
    mapper = Mapper()
    return [mapper.to_stored_event(event) for event in aggregate.collect_events()]


def types(value: Any) -> Any:
    """The types inside *value*, at every depth."""
    if isinstance(value, tuple | list):
        return type(value), [types(inner) for inner in value]
    if isinstance(value, dict):
        return {key: types(inner) for key, inner in value.items()}
    if hasattr(value, "__dataclass_fields__"):
        fields = value.__dataclass_fields__
        return type(value), {name: types(getattr(value, name)) for name in fields}
    return type(value)


def test_every_allowed_value_comes_back_equal_and_of_its_type() -> None:
    made = everything()
    [row] = stored(made)
    again = Mapper().to_domain_event(row)
    assert facts_of(again) == FACTS
    assert types(facts_of(again)) == types(FACTS)
    replayed = replay(None, [again])
    assert replayed is not None
    assert vars(replayed)["facts"] == vars(made)["facts"]


def test_every_allowed_value_comes_back_from_the_store(new_party: Any) -> None:
    kitchen: Party = new_party()
    kitchen.decide(lambda deciding: deciding.add(everything()))
    [event] = kitchen.events()
    assert facts_of(event) == FACTS
    assert types(facts_of(event)) == types(FACTS)


def test_the_columns_come_back_and_are_not_in_the_state(new_party: Any) -> None:
    kitchen: Party = new_party()
    jar = kitchen.open_jar()
    [row], [event] = kitchen.rows(), kitchen.events()
    assert row.state == b'{"on":"2026-01-07","size":"small"}'
    assert (event.originator_id, event.originator_version) == (jar, 1)
    assert event.timestamp == MARCH_2
    assert event.by == Actor(row.actor, row.on_behalf_of)
    assert event.originator_topic == "kitchen.Jar"


def test_an_instant_of_another_zone_is_stored_in_utc() -> None:
    rome = timezone(timedelta(hours=2))
    [row] = stored(everything(instant=datetime(2026, 7, 1, 1, 30, tzinfo=rome)))
    assert b'"instant":"2026-06-30T23:30:00Z"' in row.state


def test_who_decided_comes_back_with_on_whose_behalf() -> None:
    [row] = stored(everything())
    event = Mapper().to_domain_event(row)
    assert event.by == COOK


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("words", {"deep": [{"in": 0.5}]}),
        ("words", {"not a number": float("nan")}),
        ("number", 1.0),
        ("amount", Decimal("1")),
        ("amount", Decimal("1.0")),
        ("amount", Decimal("1.000")),
        ("amount", Decimal("1E+2")),
        ("amount", Decimal("NaN")),
        ("amount", Decimal("Infinity")),
        ("words", {"amount": Decimal("1.5")}),
        ("instant", datetime(2026, 3, 2, 9, 30)),  # noqa: DTZ001  # naive on purpose
        ("words", {"at": datetime(2026, 3, 2)}),  # noqa: DTZ001  # naive on purpose
        ("names", {"a", "b"}),
        ("names", frozenset({"a"})),
        ("text", b"bytes"),
        ("words", {"at": time(9, 30)}),
        ("words", {"for": timedelta(days=1)}),
        ("words", {"what": object()}),
        ("words", {"jar": Jar.open(some_id("jar"), by=COOK)}),
    ],
)
def test_what_has_no_exact_text_is_refused_at_once(field: str, value: Any) -> None:
    with pytest.raises(NotStorable):
        stored(everything(**{field: value}))


class Tool(Aggregate):
    TOPIC = "tests.Tool"

    def __init__(self) -> None:
        self.told: dict[str, Any] = {}

    class Bought(Birth):
        TOPIC = "tests.ToolBought"
        kind: str
        event: str

        def apply(self, tool: "Tool") -> None:
            tool.told = facts_of(self)


def test_a_first_fact_may_be_called_as_what_it_is_made_with() -> None:
    tool = birth(Tool, Tool.Bought, some_id("tool"), by=COOK, kind="knife", event="a fair")
    assert tool.told == {"kind": "knife", "event": "a fair"}


def test_what_is_not_storable_writes_nothing(new_party: Any) -> None:
    kitchen: Party = new_party()
    with pytest.raises(NotStorable):
        kitchen.decide(lambda deciding: deciding.add(everything(number=1.5)))
    assert kitchen.rows() == []


@pytest.mark.parametrize(
    "value",
    [
        0.0,
        [1, (2, 3.0)],
        {"a": {"b": 1e300}},
        float("inf"),
        {1.5: "key"},
        {1: "key"},
        {None: "key"},
    ],
)
def test_canonical_json_has_no_floats_and_only_text_as_keys(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [True, None], "à": "è"}, '{"a":[true,null],"b":1,"à":"è"}'),
        ("\u2028\x7f😀/", '"\u2028\x7f😀/"'),
        ('"\\\b\f\n\r\t\x00\x1f', '"\\"\\\\\\b\\f\\n\\r\\t\\u0000\\u001f"'),
        (10**30, "1" + "0" * 30),
        ({"😀": 1, "\uffee": 2}, '{"\uffee":2,"😀":1}'),
        ([], "[]"),
        ({}, "{}"),
    ],
)
def test_canonical_json_is_one_text_for_one_value(value: Any, text: str) -> None:
    assert canonical(value) == text


class Grown(Aggregate):
    """An aggregate whose first event has changed twice since the first release."""

    TOPIC = "tests.Grown"

    def __init__(self) -> None:
        self.size = Size.SMALL
        self.kept_until: date | None = None
        self.goals: tuple[str, ...] = ()

    class Began(Birth):
        TOPIC = "tests.GrownBegan"
        size: Size
        kept_until: date | None
        goals: tuple[str, ...]
        class_version: ClassVar[int] = 3

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            state["size"] = {"S": "small", "L": "large"}[state.pop("letter")]
            state["kept_until"] = "2026-12-31"

        @staticmethod
        def upcast_v2_v3(state: dict[str, Any]) -> None:
            state["goals"] = []

        def apply(self, grown: "Grown") -> None:
            grown.size, grown.kept_until, grown.goals = self.size, self.kept_until, self.goals


@pytest.mark.parametrize(
    ("version", "state"),
    [
        (1, {"letter": "L"}),
        (2, {"size": "large", "kept_until": "2026-12-31"}),
        (3, {"size": "large", "kept_until": "2026-12-31", "goals": []}),
    ],
)
def test_a_row_of_an_older_release_reads_as_the_present_one(version: int, state: Any) -> None:
    row = Row(
        originator_id=some_id("grown"),
        originator_version=1,
        topic="tests.GrownBegan",
        state=canonical(state).encode(),
        stream_type="tests.Grown",
        schema_version=version,
        recorded_at=1,
        actor=COOK.id,
    )
    event = Mapper().to_domain_event(row)
    assert facts_of(event) == {"size": Size.LARGE, "kept_until": date(2026, 12, 31), "goals": ()}
    assert types(facts_of(event)) == {"size": Size, "kept_until": date, "goals": (tuple, [])}


def test_a_row_of_an_older_release_replays_from_the_store(new_party: Any) -> None:
    from sqlalchemy import insert

    from services.kernel.tables import events

    kitchen: Party = new_party()
    grown = some_id("grown")
    with kitchen.store.database.writing() as connection:
        connection.execute(
            insert(events).values(
                position=1,
                event_id=some_id("event"),
                stream_type="tests.Grown",
                stream=grown,
                version=1,
                topic="tests.GrownBegan",
                schema_version=1,
                recorded_at=1,
                actor="lead/person/cook",
                cause="test",
                correlation="test",
                state='{"letter":"S"}',
            )
        )
    found = kitchen.decide(lambda deciding: deciding.get(Grown, grown))
    assert (found.size, found.kept_until, found.goals) == (Size.SMALL, date(2026, 12, 31), ())


def test_new_rows_carry_the_present_schema_version() -> None:
    made = birth(
        Grown, Grown.Began, some_id("g"), by=COOK, size=Size.SMALL, kept_until=None, goals=()
    )
    [row] = stored(made)
    assert row.schema_version == 3


def test_an_enumeration_stores_its_value_and_not_its_name() -> None:
    jar = Jar.open(some_id("jar"), by=COOK, size=Size.LARGE)
    [row] = stored(jar)
    assert b'"size":"large"' in row.state
