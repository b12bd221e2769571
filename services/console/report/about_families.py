"""Tables about families and persons: who was reached, where they stand, how old they are."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from uuid import UUID

from services.console.report.paths import FamilyPath, Told
from services.console.report.period import Period
from services.console.report.tables import Column, Item, Table
from services.intake.codes import AccessPoint, Outcome
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
    births: Mapping[UUID, Mapping[int, date | None]],
    period: Period,
) -> Iterator[Table]:
    """The tables about *families*, those of *period*; each but that of persons divides them all.

    Args:
        births: of the members by their numbers, for each family that is not erased.
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
    yield Table.of(
        "persons",
        (Column.PERSONS,),
        CLASSES,
        (item for each in families for item in _persons(each, births.get(each.id, {}), period)),
    )
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


def _persons(
    family: FamilyPath, births: Mapping[int, date | None], period: Period
) -> Iterator[Item]:
    for number in family.members:
        yield Item(age_class(births.get(number), period.last), (family.id, number))
