"""Help received beside active commitment: two tallies, never a difference, never a debt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from services.pacts.content import Given


class Help(Protocol):
    """Help on a day, whatever its ground: EUR, hours, or both."""

    @property
    def on(self) -> date: ...
    @property
    def eur(self) -> Decimal | None: ...
    @property
    def hours(self) -> Decimal | None: ...


NOTHING = Decimal("0.00")


@dataclass(frozen=True)
class Tally:
    """One side of the reciprocity balance.

    Attributes:
        hours: sum of the hours logged.
        eur: sum of the amounts logged, EUR.
        works: how many works were logged; always 0 for help received.
    """

    hours: Decimal
    eur: Decimal
    works: int


@dataclass(frozen=True)
class Reciprocity:
    """What the family received and what it did, side by side [2]."""

    help_received: Tally
    active_commitment: Tally


def reciprocity(received: Iterable[Help], given: Iterable[Given], on: date) -> Reciprocity:
    """Both tallies of everything that happened up to *on*, that day included.

    Args:
        received: help logged on assistance, urgent aid that was given.
        given: active commitment logged on promotion and restitution.
        on: civil day, Europe/Rome.
    """
    helped = [each for each in received if each.on <= on]
    done = [each for each in given if each.on <= on]
    return Reciprocity(
        Tally(
            total(each.hours for each in helped),
            total(each.eur for each in helped),
            works=0,
        ),
        Tally(
            total(each.hours for each in done),
            total(each.eur for each in done),
            works=sum(each.works is not None for each in done),
        ),
    )


def support(received: Iterable[Help], on: date) -> Tally:
    """What came from outside the programme up to *on*: beside the balance, never in it."""
    came = [each for each in received if each.on <= on]
    return Tally(total(each.hours for each in came), total(each.eur for each in came), works=0)


def total(amounts: Iterable[Decimal | None]) -> Decimal:
    """The sum of the *amounts* that were stated."""
    return sum((amount for amount in amounts if amount is not None), NOTHING)
