"""What the doors of review share: who may, whose seat is meant, and words for the answers."""

from datetime import date
from uuid import UUID

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.sealed import Sealed
from services.kernel.vault import Erased
from services.kernel.words import Body
from services.review.committee import COMMITTEE, Committee, Seat

SEATS = ("project_manager", "case_manager", "work_placement_head", "microequipe_lead")
VOTERS = (
    *SEATS,
    "administrator",
    "legal_representative",
    "microequipe_member",
    "access_point_operator",
    "verifier",
)
"""Whoever may vote: seats, their deputies, and who records what was said in the meeting."""

READERS = (
    "project_manager",
    "case_manager",
    "work_placement_head",
    "legal_representative",
    "auditor",
)


def seats_today(deciding: Deciding) -> tuple[Seat, ...]:
    """The seats held today."""
    return deciding.get(Committee, COMMITTEE).seats_on(deciding.today)


def must_read(reading: Deciding, by: Actor) -> None:
    """Go on for who reads by their role, and for deputies on their days.

    Asked before anything is looked up: nobody else learns that there is a proposal.
    """
    _must_sit(reading, by, READERS)


def must_vote(review: Deciding, by: Actor) -> None:
    """Go on for who votes or records by their role, and for deputies on their days; as above."""
    _must_sit(review, by, (*SEATS, "administrator"))


def _must_sit(deciding: Deciding, by: Actor, unless: tuple[str, ...]) -> None:
    if not by.roles & set(unless):
        committee = deciding.get(Committee, COMMITTEE)
        committee.must_sit(parsing.uuid("identity", by.person), deciding.today)


def person_meant(seat: str | None, by: Actor) -> UUID:
    """Whose seat is meant: the one named, or the caller's own."""
    return parsing.uuid("seat", seat or by.person)


def words_of(reading: Deciding, sealed: Sealed) -> str | None:
    """The words behind *sealed*, or None if they were erased."""
    try:
        return reading.open(sealed)
    except Erased:
        return None


def text_of(value: object) -> str | None:
    """*value* as text; None stays None."""
    return None if value is None else str(value)


def runs_out(isee_until: date | None, decide_by: date) -> bool:
    """Whether a proposal can no longer be approved on its last day for the decision."""
    return isee_until is not None and isee_until < decide_by


def shown_seat(seat: Seat) -> Body:
    """A seat in the words of an answer."""
    return {
        "person": str(seat.person),
        "role": seat.role,
        "organisation": seat.organisation,
        "body": seat.body,
        "proposer": seat.proposer,
        "deputy": text_of(seat.deputy),
    }
