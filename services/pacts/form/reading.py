"""What a filled form says: the contents of a proposal, or everything that is to be mended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias, cast
from uuid import UUID

from services.pacts.content import ActionArea, CapacityKind, Dimension, Microequipe, ResourceKind
from services.pacts.form import entries
from services.pacts.form.fields import (
    ENDS,
    STARTS,
    WITH_FAMILY,
    WITHOUT_NAMES,
    ActionFields,
    CapacityFields,
    Field,
    Fields,
    GoalFields,
    Item,
    ResourceFields,
    Shape,
    fields_of,
    member_of,
    place_of,
)
from services.pacts.form.names import NOBODY, Names
from services.pacts.form.problems import Kind, Problem, problem
from services.pacts.form.written import (
    Written,
    WrittenAction,
    WrittenCapacity,
    WrittenGoal,
    WrittenResource,
)
from services.pacts.guidelines import Terms

UNREADABLE = {
    Shape.LINE: Kind.TEXT_UNREADABLE,
    Shape.TEXT: Kind.TEXT_UNREADABLE,
    Shape.CODE: Kind.TEXT_UNREADABLE,
    Shape.DAY: Kind.DAY_UNREADABLE,
    Shape.EUR: Kind.AMOUNT_UNREADABLE,
    Shape.HOURS: Kind.AMOUNT_UNREADABLE,
    Shape.CHOICE: Kind.CHOICE_UNKNOWN,
}


Period: TypeAlias = tuple[date | None, date | None]
"""First and last day, as far as they can be read."""
TEXTS = {Shape.LINE: True, Shape.TEXT: True, Shape.CODE: False}
"""Where somebody may be named; a body that provides may share one word with a family."""


@dataclass(frozen=True)
class Reading:
    """What came of reading a form: its contents, or what to mend in the order of the pages."""

    written: Written | None
    problems: tuple[Problem, ...]


def read(
    values: Mapping[str, object],
    family: str,
    team: Microequipe,
    terms: Terms,
    names: Names = NOBODY,
) -> Reading:
    """Read the *values* of a form, by the names of its fields.

    Args:
        values: as programs leave them in ``/V``; names that the form does not have are left aside.
        family: its code; the numbers of household members are those of this family.
        team: the microequipe of today, whose people may answer for actions.
        terms: in force on the day of the proposal.
        names: of the household; a text that carries one is to be mended.
    """
    page = Page(values, names)
    period = _period(page, terms)
    ticked(page, WITH_FAMILY, WITHOUT_NAMES)
    return page.read(contents(page, Fields.of(team), family, period))


def ticked(page: "Page", *ticks: Field) -> None:
    """Note which of *ticks* are not ticked."""
    for tick in ticks:
        if not entries.ticked(page.values.get(tick.name)):
            page.wrong(Kind.FIELD_NOT_TICKED, tick)


def contents(page: "Page", fields: Fields, family: str, period: Period) -> Written:
    """All that is written in *fields*; what is wrong with it is noted, and None stands for it."""
    goals = [_goal(page, each) for each in fields.goals if page.any_of(each)]
    used = [each for each in fields.actions if page.any_of(each)]
    actions = [_action(page, each, family, period) for each in used]
    for dimension in Dimension:
        if dimension not in {each.dimension for each in used}:
            page.wrong(Kind.DIMENSION_WITHOUT_ACTION, dimension=dimension)
    places = {each.name: place for place, each in enumerate(used, start=1)}
    capacities = [
        _capacity(page, each, family, places) for each in fields.capacities if page.any_of(each)
    ]
    if not capacities:
        page.wrong(Kind.NO_CAPACITY)
    resources = [_resource(page, each) for each in fields.resources if page.any_of(each)]
    if not resources:
        page.wrong(Kind.NO_RESOURCE)
    told: Any = (goals, actions, capacities, resources)
    first, last = cast(tuple[date, date], period)
    return Written(first, last, *map(tuple, told))


class Page:
    """The values of a form, and what was found to be wrong with them so far.

    Attributes:
        taken_out: places of items that are to be taken out of the pact; they count as empty.
    """

    def __init__(
        self, values: Mapping[str, object], names: Names, taken_out: Iterable[str] = ()
    ) -> None:
        self.values = values
        self.taken_out = frozenset(taken_out)
        self._names = names
        self.problems: list[Problem] = []

    def read(self, written: Written) -> Reading:
        """What came of reading it, if it says what is *written*."""
        return Reading(None if self.problems else written, tuple(self.problems))

    def wrong(self, kind: Kind, field: Field | None = None, **facts: Any) -> None:
        self.problems.append(problem(kind, field, **facts))

    def any_of(self, item: Item) -> bool:
        """Whether anything is written in the fields of *item*."""
        if place_of(item) in self.taken_out:
            return False
        return any(entries.normalised(self.values.get(each.name)) != "" for each in fields_of(item))

    def wanted(self, field: Field) -> Any:
        """The value of *field*, which must not be empty; None, and a problem, if it has none."""
        if entries.normalised(self.values.get(field.name)) == "":
            self.wrong(Kind.FIELD_EMPTY, field)
        return self.maybe(field)

    def maybe(self, field: Field) -> Any:
        """The value of *field*; None if it is empty, or unreadable, which is a problem."""
        text = entries.normalised(self.values.get(field.name))
        if text == "":
            return None
        value = None if text is None else _value(text, field)
        if value is None:
            self.wrong(UNREADABLE[field.shape], field)
        elif isinstance(value, str) and field.longest and len(value) > field.longest:
            self.wrong(Kind.TEXT_TOO_LONG, field, longest=field.longest, length=len(value))
        elif isinstance(value, str) and self._names_somebody(value, field):
            self.wrong(Kind.NAME_IN_CLEAR, field)
        elif isinstance(value, Decimal) and value <= 0:
            self.wrong(Kind.AMOUNT_NOT_POSITIVE, field)
        else:
            return value
        return None

    def _names_somebody(self, value: str, field: Field) -> bool:
        return field.shape in TEXTS and self._names.stand_in(value, single=TEXTS[field.shape])


def _value(text: str, field: Field) -> str | date | Decimal | None:
    match field.shape:
        case Shape.LINE:
            return entries.line(text)
        case Shape.CODE:
            return entries.code(text) or None
        case Shape.DAY:
            return entries.day(text)
        case Shape.EUR | Shape.HOURS:
            return entries.amount(text)
        case Shape.CHOICE:
            return entries.choice(text, field.choices)
    return text


def _period(page: Page, terms: Terms) -> Period:
    """First and last day; without a last one, the longest that *terms* allow."""
    starts, ends = page.wanted(STARTS), page.maybe(ENDS)
    if starts is None:
        return None, ends
    longest = terms.pact_ends(starts)
    if ends is not None and ends < starts:
        page.wrong(Kind.DATES_REVERSED, ENDS, first=starts, last=ends)
    elif ends is not None and ends > longest:
        page.wrong(Kind.PERIOD_TOO_LONG, ENDS, last=ends, longest=longest, guidelines=terms.number)
    return starts, ends or longest


def _goal(page: Page, fields: GoalFields) -> WrittenGoal:
    goal, expected_result = page.wanted(fields.goal), page.wanted(fields.expected_result)
    return WrittenGoal(goal, expected_result, place_of(fields))


def _action(page: Page, fields: ActionFields, family: str, period: Period) -> WrittenAction:
    """One action; where it has no days of its own, it lasts as long as the pact."""
    description, area = page.wanted(fields.description), page.wanted(fields.area)
    provider, responsible = page.wanted(fields.provider), page.wanted(fields.responsible)
    committed = (page.wanted if fields.family_commits else page.maybe)(fields.committed)
    starts, until = _days(page, fields, period)
    result: Any = page.wanted(fields.expected_result)
    eur, hours = page.maybe(fields.quantity_eur), page.maybe(fields.quantity_hours)
    return WrittenAction(
        dimension=fields.dimension,
        area=area and ActionArea(area),
        description=description,
        provider=provider,
        responsible=responsible and UUID(responsible),
        committed=_person(family, committed),
        starts=starts,
        until=until,
        expected_result=result,
        quantity_eur=eur,
        quantity_hours=hours,
        place=place_of(fields),
    )


def _person(family: str, chosen: str | None) -> UUID | None:
    """Somebody of *family*: by the number in its household, or who stands in the pact already."""
    if chosen is None:
        return None
    return member_of(family, int(chosen)) if chosen.isdigit() else UUID(chosen)


def _days(page: Page, fields: ActionFields, period: Period) -> Any:
    first, last = period
    starts, until = page.maybe(fields.starts) or first, page.maybe(fields.until) or last
    if starts is None or until is None:
        return starts, until
    if until < starts:
        page.wrong(Kind.DATES_REVERSED, fields.until, first=starts, last=until)
    elif first is not None and last is not None and first <= last:
        astray = fields.starts if starts < first else fields.until if until > last else None
        if astray is not None:
            page.wrong(Kind.ACTION_OUTSIDE_THE_PERIOD, astray, starts=first, ends=last)
    return starts, until


def _capacity(
    page: Page, fields: CapacityFields, family: str, places: Mapping[str, int]
) -> WrittenCapacity:
    description, kind = page.wanted(fields.description), page.wanted(fields.kind)
    person, action = page.maybe(fields.person), page.wanted(fields.action)
    if action is not None and action not in places:
        written = dict(fields.action.choices)[action]
        gone = Kind.ACTION_TAKEN_OUT if action in page.taken_out else Kind.ACTION_NOT_WRITTEN
        page.wrong(gone, fields.action, action=written)
    return WrittenCapacity(
        kind and CapacityKind(kind),
        description,
        _person(family, person),
        places.get(action, 0),
        place_of(fields),
    )


def _resource(page: Page, fields: ResourceFields) -> WrittenResource:
    description, kind = page.wanted(fields.description), page.wanted(fields.kind)
    hours = page.maybe(fields.hours)
    return WrittenResource(kind and ResourceKind(kind), description, hours, place_of(fields))
