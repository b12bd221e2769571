"""Tables about families and persons: who was reached, where they stand, their ages and sexes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from services.console.report.paths import FamilyPath, Told
from services.console.report.period import Period
from services.console.report.tables import Column, Item, Line, Table
from services.intake.codes import AccessPoint, Outcome, Sex
from services.intake.days import age
from services.pacts.life import AWAITING_SIGNATURE, DRAFT, OVER, UNDER_WAY, State

NOT_VERIFIED = "not_verified"
AGES = (0, 6, 15, 18, 30, 55, 65)
"""First year of each class. Unions of them are the classes of the European Social Fund Plus (below
18, 18 to 29, 55 and over: Regulation (EU) 2021/1057, annex I) and those of the programme (below
school age, NEET from 15 to 29, elderly from 65)."""

AGE_UNKNOWN = "unknown"
CLASSES = (
    *(f"{first}-{then - 1}" for first, then in pairwise(AGES)),
    f"{AGES[-1]}+",
    AGE_UNKNOWN,
)
SEXES = (Sex.FEMALE, Sex.MALE, Sex.NOT_STATED)
"""In the order of the columns that cross them with the ages."""


class Person(NamedTuple):
    """What is counted of one member: the birth date, and the sex as it was told, if it was."""

    born: date | None = None
    sex: Sex | None = None


NOBODY_KNOWN = Person()


class Phase(StrEnum):
    """Where a family stands at the end of a day."""

    REFERRED = "referred"
    DIRECTED_ELSEWHERE = "directed_elsewhere"
    NOT_ELIGIBLE = "not_eligible"
    ELIGIBLE = "eligible"
    MICROEQUIPE = "microequipe"
    DRAFT = "draft"
    PROPOSED = "proposed"
    TO_SIGN = "to_sign"
    UNDER_WAY = "under_way"
    OVER = "over"


def reached(told: Told, period: Period) -> tuple[FamilyPath, ...]:
    """The families of *period*."""
    return tuple(each for each in told.families.values() if each.reached(period))


def family_tables(
    families: Sequence[FamilyPath],
    persons: Mapping[UUID, Mapping[int, Person]],
    period: Period,
) -> Iterator[Table]:
    """The tables about *families*, those of *period*; each but those of persons divides them all.

    Args:
        persons: the members by their numbers, for each family that is not erased.
    """
    one = (Column.FAMILIES,)
    yield Table.of(
        "access_points",
        one,
        [*AccessPoint, "unknown"],
        (Item(each.access_point or "unknown", each.id) for each in families),
    )
    yield Table.of(
        "entries",
        one,
        ("new", "before"),
        (Item(_entry(each, period), each.id) for each in families),
    )
    yield Table.of("phases", one, list(Phase), (Item(phase(each), each.id) for each in families))
    yield from _person_tables(families, persons, period)
    yield Table.of(
        "verifications",
        one,
        [*Outcome, NOT_VERIFIED],
        (Item(_verified(each, period), each.id) for each in families),
    )


def phase(family: FamilyPath) -> Phase:
    """Where *family* stands, as far as it was told."""
    if family.pacts:
        return PHASES[family.pacts[-1].state]
    if family.microequipe_on is not None:
        return Phase.MICROEQUIPE
    if family.verifications:
        return VERIFIED[family.verifications[-1][1]]
    return Phase.DIRECTED_ELSEWHERE if family.directed_elsewhere else Phase.REFERRED


VERIFIED = {
    Outcome.SUSPENDED: Phase.REFERRED,
    Outcome.NOT_ELIGIBLE: Phase.NOT_ELIGIBLE,
    Outcome.ELIGIBLE: Phase.ELIGIBLE,
}
PHASES = {
    **dict.fromkeys(DRAFT, Phase.DRAFT),
    State.PROPOSED: Phase.PROPOSED,
    **dict.fromkeys((*AWAITING_SIGNATURE, State.SIGNED), Phase.TO_SIGN),
    **dict.fromkeys(UNDER_WAY, Phase.UNDER_WAY),
    **dict.fromkeys(OVER, Phase.OVER),
}


def age_class(born: date | None, on: date) -> str:
    """The class of who was *born* then, on the day *on*."""
    if born is None:
        return AGE_UNKNOWN
    years = age(born, on)
    return CLASSES[max(0, sum(first <= years for first in AGES) - 1)]


def _entry(family: FamilyPath, period: Period) -> str:
    return "new" if period.holds(family.referred_on) else "before"


def _verified(family: FamilyPath, period: Period) -> str:
    """What its last verification in the period came to."""
    outcomes = [outcome for day, outcome in family.verifications if period.holds(day)]
    return outcomes[-1] if outcomes else NOT_VERIFIED


def _person_tables(
    families: Sequence[FamilyPath], known: Mapping[UUID, Mapping[int, Person]], period: Period
) -> Iterator[Table]:
    """Persons by age, by sex, and by both; who did not tell the sex, or was not asked, is one."""
    told = {
        (each.id, number): known.get(each.id, {}).get(number, NOBODY_KNOWN)
        for each in families
        for number in each.members
    }
    ages = {who: age_class(person.born, period.last) for who, person in told.items()}
    sexes = {who: person.sex or Sex.NOT_STATED for who, person in told.items()}
    one = (Column.PERSONS,)
    yield Table.of("persons", one, CLASSES, (Item(code, who) for who, code in ages.items()))
    yield Table.of("sexes", one, SEXES, (Item(code, who) for who, code in sexes.items()))
    crossed = []
    for code in CLASSES:
        units = frozenset(who for who, theirs in ages.items() if theirs == code)
        split = tuple(sum(sexes[who] is sex for who in units) for sex in SEXES)
        crossed.append(Line(code, split, units))
    columns = (Column.WOMEN, Column.MEN, Column.SEX_NOT_STATED)
    yield Table("ages_and_sexes", columns, tuple(crossed), crosses=("persons", "sexes"))
