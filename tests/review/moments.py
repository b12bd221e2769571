"""Named moments of the committee's and the board's work, on fixed days of 2026."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed
from services.review.committee import Seat
from services.review.guidelines import INITIAL, Guidelines
from services.review.proposal import Action, Proposal
from services.review.proposal_review import ProposalReview, review_id
from services.review.tally import Ballot, Choice
from tests.scenario import Fact, fact

V1 = Guidelines.of(1, INITIAL)

JUNE_9 = date(2026, 6, 9)
JULY_1 = date(2026, 7, 1)
JULY_14 = date(2026, 7, 14)
JULY_20 = date(2026, 7, 20)
JULY_21 = date(2026, 7, 21)
AUGUST_1 = date(2026, 8, 1)
AUGUST_20 = date(2026, 8, 20)


def person(number: int) -> UUID:
    """An invented person."""
    return UUID(int=number, version=4)


MANAGER = person(1)
CASE_1 = person(2)
CASE_2 = person(3)
HEAD = person(4)
MICROEQUIPE = person(5)
STRANGER = person(9)

MANAGERS_SEAT = Seat(MANAGER, "project_manager", "lead")
CASE_1_SEAT = Seat(CASE_1, "case_manager", "lead")
CASE_2_SEAT = Seat(CASE_2, "case_manager", "lead")
HEADS_SEAT = Seat(HEAD, "work_placement_head", "nord", "officina")
SEATS = (MANAGERS_SEAT, CASE_1_SEAT, CASE_2_SEAT, HEADS_SEAT)

PACT = stream_id("pact", "NORD-2X8W5T-R", 1)
REVIEW = review_id(PACT, 1)


def by(who: UUID, *roles: str) -> Actor:
    """That person, with *roles*, at the lead organisation."""
    return Actor.of_person("lead", who, *roles)


def words(number: int) -> Sealed:
    """A reference to some words in the vault."""
    return Sealed(UUID(int=1000 + number, version=4), f"{number:064x}")


REASON = words(0)


def an_action(provider: str = "parrocchia") -> Action:
    return Action(
        dimension="assistance",
        area="emergency_aid",
        provider=provider,
        quantity_eur=Decimal("250.00"),
        quantity_hours=None,
        starts=date(2026, 8, 1),
        ends=None,
        description=words(99),
    )


def a_proposal(
    *providers: str, sent_on: date = JUNE_9, case_manager: UUID | None = None
) -> Proposal:
    return Proposal(
        pact=PACT,
        number=1,
        family="NORD-2X8W5T-R",
        organisation="nord",
        lead=MICROEQUIPE,
        case_manager=case_manager,
        sent_on=sent_on,
        sent_at=datetime(2026, 6, 9, 8, 30, tzinfo=UTC),
        actions=tuple(an_action(provider) for provider in providers or ("parrocchia",)),
        goals=2,
        capacities_linked=1,
        community_resources=1,
    )


def received(proposal: Proposal | None = None) -> Fact:
    return fact(
        ProposalReview.Received,
        proposal=proposal or a_proposal(),
        received_on=JUNE_9,
        cycle="2026-07",
        late=False,
        docket_on=JULY_1,
        decide_by=JULY_20,
        guidelines=1,
    )


on_docket = fact(ProposalReview.PutOnDocket, cycle="2026-07", on=JULY_1)


def ballot(seat: Seat, choice: Choice, *conflicts: str, reason: Sealed = REASON) -> Ballot:
    proposer = seat.person == MICROEQUIPE
    return Ballot(seat.person, seat.role, proposer, choice, reason, conflicts)


def voted(seat: Seat, choice: Choice, reason: Sealed = REASON) -> Fact:
    return fact(
        ProposalReview.Voted, ballot=ballot(seat, choice, reason=reason), spoken=False, on=JULY_14
    )


def recused(seat: Seat) -> Fact:
    return fact(
        ProposalReview.Recused,
        seat=seat.person,
        role=seat.role,
        conflicts=(),
        reason=REASON,
        spoken=False,
        on=JULY_14,
    )


MICROEQUIPES_SEAT = Seat(MICROEQUIPE, "microequipe_lead", "nord", proposer=True)
