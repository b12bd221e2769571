"""A proposal as it reaches the committee: codes, numbers and references, no names."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.kernel.sealed import Sealed
from services.review.committee import MICROEQUIPE_LEAD, Seat
from services.review.guidelines import Guidelines

ASSISTED = "assisted"
"""Conflict of the case manager who assists the microequipe [6]."""

PROVIDES = "provides"
"""Conflict of the head of a body that provides an action [6]."""


@dataclass(frozen=True)
class Action:
    """One action of the proposed pact, as the committee needs it; without names.

    Attributes:
        provider: code of who provides it.
        quantity_eur: EUR, or None.
        quantity_hours: hours, or None.
        starts: first day, or None.
        ends: last day, or None.
        description: reference to the words that the sender disclosed.
    """

    dimension: str
    area: str
    provider: str
    quantity_eur: Decimal | None
    quantity_hours: Decimal | None
    starts: date | None
    ends: date | None
    description: Sealed


@dataclass(frozen=True)
class Proposal:
    """What a microequipe sent, as heard.

    Attributes:
        number: which version of the pact's proposal, from 1.
        family: code of the family.
        organisation: who sent it.
        lead: person who leads the microequipe and presents it.
        case_manager: person who assists the microequipe, or None.
        sent_on: civil day of sending.
        sent_at: instant at which the sender recorded it.
        amends: number of the proposal by which the pact in force goes; None for a pact that is not.
        by_form: whether a form that came by mail says it: its sender awaits an answer.
    """

    pact: UUID
    number: int
    family: str
    organisation: str
    lead: UUID
    case_manager: UUID | None
    sent_on: date
    sent_at: datetime
    actions: tuple[Action, ...]
    goals: int
    capacities_linked: int
    community_resources: int
    amends: int | None = None
    by_form: bool = False

    def seats(self, committee: tuple[Seat, ...], guidelines: Guidelines) -> tuple[Seat, ...]:
        """The seats for this proposal: the committee's, and the sending lead's [1, 6].

        A lead who sits in the committee anyway has one seat, marked as proposer.
        """
        seats = tuple(replace(seat, proposer=seat.person == self.lead) for seat in committee)
        if guidelines.proposer_votes and not any(seat.proposer for seat in seats):
            seats = (*seats, Seat(self.lead, MICROEQUIPE_LEAD, self.organisation, proposer=True))
        return seats

    def conflicts(self, seat: Seat) -> tuple[str, ...]:
        """Why *seat* should abstain, as far as the proposal's facts tell [6]."""
        found = []
        if seat.person == self.case_manager:
            found.append(ASSISTED)
        if seat.body is not None and any(each.provider == seat.body for each in self.actions):
            found.append(PROVIDES)
        return tuple(found)
