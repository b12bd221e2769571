"""What the form says before anybody fills it: the pact as it is; nothing is typed twice."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Protocol
from uuid import UUID

from services.kernel.sealed import Sealed
from services.pacts.content import (
    Action,
    Capacity,
    CommunityResource,
    Dimension,
    Goal,
    Microequipe,
)
from services.pacts.form.fields import (
    CAPACITIES,
    ENDS,
    FAMILY_MEMBERS,
    GOALS,
    RESOURCES,
    STARTS,
    ActionFields,
    Field,
    Fields,
    Item,
    member_of,
    place_of,
)
from services.pacts.refusals import DraftDoesNotFitTheForm

Open = Callable[[Sealed | None], str | None]
"""Gives the text behind a reference, or None when it was erased."""
Entries = Iterator[tuple[Field, str | None]]
STANDS_IN_IT = "come ora nel patto"
"""Of a person whom the form has no other word for: one who has left, or has no number."""


class Holds(Protocol):
    """What is written on a form: a draft, a pact in force, or one as an amendment would have it."""

    @property
    def family(self) -> str: ...
    @property
    def microequipe(self) -> Microequipe: ...
    @property
    def starts(self) -> date | None: ...
    @property
    def ends(self) -> date | None: ...
    @property
    def goals(self) -> Mapping[int, Goal]: ...
    @property
    def actions(self) -> Mapping[int, Action]: ...
    @property
    def capacities(self) -> Mapping[int, Capacity]: ...
    @property
    def resources(self) -> Mapping[int, CommunityResource]: ...


def prefilled(pact: Holds, text: Open, fields: Fields | None = None) -> dict[str, str]:
    """The values of the form's fields that *pact* gives, by name; empty ones are left out.

    Somebody who commits and is none of the numbered members of the household, or answers for an
    action and is no longer in the microequipe, is left to be chosen anew, unless *fields* offer
    them (the form of an amendment: see :func:`amendable`).

    Raises:
        DraftDoesNotFitTheForm: it holds more, or longer texts, than the form has room for.
    """
    fields = fields or Fields.of(pact.microequipe)
    values = {}
    for field, value in _entries(fields, pact, text):
        if field.choices and value not in dict(field.choices):
            continue
        if value:
            _must_fit(field.name, len(value), field.longest or len(value))
            values[field.name] = value
    return values


def amendable(pact: Holds) -> Fields:
    """The fields of the form of an amendment of *pact*: who stands in it may stay where they are.

    Raises:
        DraftDoesNotFitTheForm: it holds more than the form has room for.
    """
    fields = Fields.of(pact.microequipe)
    others = {
        field.name: replace(field, choices=(*field.choices, (value, STANDS_IN_IT)))
        for field, value in _entries(fields, pact, lambda _: None)
        if field.choices and value and value not in dict(field.choices)
    }
    return fields.with_others(others)


def numbers(pact: Holds, fields: Fields) -> dict[str, int]:
    """The number of each goal, action, capacity and resource of *pact* by its place on the form."""
    rooms: tuple[tuple[Iterable[Item], Iterable[int]], ...] = (
        (fields.goals, pact.goals),
        (fields.capacities, pact.capacities),
        (fields.resources, pact.resources),
    )
    found = {place_of(place): number for number, place in _places(fields, pact).items()}
    for room, present in rooms:
        found |= {place_of(place): each for place, each in zip(room, present, strict=False)}
    return found


def as_typed(value: date | Decimal | None) -> str:
    """A day as ``01/06/2026``, an amount as ``1.250,50``: as people write it."""
    match value:
        case None:
            return ""
        case date():
            return f"{value:%d/%m/%Y}"
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def _entries(fields: Fields, pact: Holds, text: Open) -> Entries:
    places = _places(fields, pact)
    _must_fit("goals", len(pact.goals), GOALS)
    _must_fit("capacities", len(pact.capacities), CAPACITIES)
    _must_fit("community_resources", len(pact.resources), RESOURCES)
    yield STARTS, as_typed(pact.starts)
    yield ENDS, as_typed(pact.ends)
    for into, goal in zip(fields.goals, pact.goals.values(), strict=False):
        yield into.goal, text(goal.goal)
        yield into.expected_result, text(goal.expected_result)
    for number, place in places.items():
        yield from _action(place, pact.actions[number], pact.family, text)
    for where, capacity in zip(fields.capacities, pact.capacities.values(), strict=False):
        yield where.description, text(capacity.description)
        yield where.kind, str(capacity.kind)
        yield where.person, _member(pact.family, capacity.person)
        yield where.action, places[capacity.action].name
    for room, resource in zip(fields.resources, pact.resources.values(), strict=False):
        yield room.description, text(resource.description)
        yield room.kind, str(resource.kind)
        yield room.hours, as_typed(resource.hours)


def _action(place: ActionFields, action: Action, family: str, text: Open) -> Entries:
    yield place.description, text(action.description)
    yield place.expected_result, text(action.expected_result)
    yield place.area, str(action.area)
    yield place.provider, action.provider
    yield place.responsible, str(action.responsible)
    yield place.committed, _member(family, action.committed)
    yield place.starts, as_typed(action.starts)
    yield place.until, as_typed(action.until)
    yield place.quantity_eur, as_typed(action.quantity_eur)
    yield place.quantity_hours, as_typed(action.quantity_hours)


def _places(fields: Fields, pact: Holds) -> dict[int, ActionFields]:
    """Where each action of the draft is written: the first free place of its dimension."""
    places: dict[int, ActionFields] = {}
    for dimension in Dimension:
        held = [number for number, each in pact.actions.items() if each.dimension is dimension]
        room = [each for each in fields.actions if each.dimension is dimension]
        _must_fit(str(dimension), len(held), len(room))
        places |= dict(zip(held, room, strict=False))
    return places


def _member(family: str, person: UUID | None) -> str | None:
    """The number of *person* in the household; of who has none of those offered, their id."""
    offered = range(1, FAMILY_MEMBERS + 1)
    known = next((str(each) for each in offered if member_of(family, each) == person), None)
    return known or (str(person) if person else None)


def _must_fit(what: str, found: int, most: int) -> None:
    if found > most:
        raise DraftDoesNotFitTheForm(what=what, found=found, most=most)
