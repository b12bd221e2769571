"""What the form says before anybody fills it: the draft as it is; nothing is typed twice."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kernel.sealed import Sealed
from services.pacts.content import Action, Dimension
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
    member_of,
)
from services.pacts.pact import Pact
from services.pacts.refusals import DraftDoesNotFitTheForm

Open = Callable[[Sealed | None], str | None]
"""Gives the text behind a reference, or None when it was erased."""
Entries = Iterator[tuple[Field, str | None]]


def prefilled(pact: Pact, text: Open) -> dict[str, str]:
    """The values of the form's fields that the draft gives, by name; empty ones are left out.

    Somebody who commits and is none of the numbered members of the household, or answers for an
    action and is no longer in the microequipe, is left to be chosen anew.

    Raises:
        DraftDoesNotFitTheForm: the draft holds more, or longer texts, than the form has room for.
    """
    fields = Fields.of(pact.microequipe)
    places = _places(fields, pact)
    _must_fit("goals", len(pact.goals), GOALS)
    _must_fit("capacities", len(pact.capacities), CAPACITIES)
    _must_fit("community_resources", len(pact.resources), RESOURCES)
    values = {}
    for field, value in _entries(fields, places, pact, text):
        if field.choices and value not in dict(field.choices):
            continue
        if value:
            _must_fit(field.name, len(value), field.longest or len(value))
            values[field.name] = value
    return values


def as_typed(value: date | Decimal | None) -> str:
    """A day as ``01/06/2026``, an amount as ``1.250,50``: as people write it."""
    match value:
        case None:
            return ""
        case date():
            return f"{value:%d/%m/%Y}"
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def _entries(fields: Fields, places: dict[int, ActionFields], pact: Pact, text: Open) -> Entries:
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


def _places(fields: Fields, pact: Pact) -> dict[int, ActionFields]:
    """Where each action of the draft is written: the first free place of its dimension."""
    places: dict[int, ActionFields] = {}
    for dimension in Dimension:
        held = [number for number, each in pact.actions.items() if each.dimension is dimension]
        room = [each for each in fields.actions if each.dimension is dimension]
        _must_fit(str(dimension), len(held), len(room))
        places |= dict(zip(held, room, strict=False))
    return places


def _member(family: str, person: UUID | None) -> str | None:
    numbers = range(1, FAMILY_MEMBERS + 1)
    return next((str(each) for each in numbers if member_of(family, each) == person), None)


def _must_fit(what: str, found: int, most: int) -> None:
    if found > most:
        raise DraftDoesNotFitTheForm(what=what, found=found, most=most)
