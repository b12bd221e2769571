"""What the calendar asks of the committee and of the board."""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.duties import Duty
from services.review.cycle import ReviewCycle, carry, is_closed
from services.review.policies import calendar_on
from services.review.proposal_review import ProposalReview
from services.review.setting_aside import SetAsideBecause
from services.review.steering_board import SteeringBoard
from services.review.urgent_aid import UrgentAid
from services.review.views import board, proposals, second_looks, urgent_aid


def set_the_docket(deciding: Deciding, cycle: UUID, day: date) -> None:
    """Set the docket of a cycle with its proposals; supplement it if it is set.

    The urgent aid that was authorised since the docket before is listed with it [5]. A month that
    was closed after proposals had their place in it has no docket: they go on.
    """
    waiting = proposals.waiting_for_docket(deciding.connection, cycle)
    if not waiting:
        return
    guidelines = calendar_on(deciding, day)
    if is_closed(waiting[0].cycle, guidelines) and deciding.find(ReviewCycle, cycle) is None:
        for row in waiting:
            where = carry(row.cycle, row.late, day, guidelines)
            deciding.edit(ProposalReview, row.review_id).postpone(
                where, guidelines.number, by=deciding.actor, on=day
            )
        return
    reviews = tuple(row.review_id for row in waiting)
    docket = deciding.find(ReviewCycle, cycle)
    if docket is None:
        decide_by = min(row.decide_by for row in waiting)
        name = waiting[0].cycle
        docket = deciding.add(
            ReviewCycle.set_docket(name, reviews, decide_by, by=deciding.actor, on=day)
        )
    docket.supplement(reviews, by=deciding.actor, on=day)
    for review in reviews:
        deciding.edit(ProposalReview, review).put_on_docket(docket.cycle, by=deciding.actor, on=day)
    for aid in urgent_aid.waiting(deciding.connection):
        deciding.edit(UrgentAid, aid).list_with(docket.cycle, by=deciding.actor, on=day)


def carry_an_undecided_proposal_on(deciding: Deciding, review_id: UUID, day: date) -> None:
    """Note a proposal that its cycle left undecided as overdue, and carry it into the next.

    One whose family was erased before such proposals were set aside is set aside now.
    """
    review = deciding.edit(ProposalReview, review_id)
    if review.texts_erased_on is not None:
        review.set_aside(SetAsideBecause.FAMILY_ERASED, by=deciding.actor, on=day)
        return
    where = carry(review.cycle, review.late, day, calendar_on(deciding, day))
    review.fall_overdue(where, by=deciding.actor, on=day)


def announce_the_next_session(deciding: Deciding, board_id: UUID, day: date) -> None:
    """Say that the board's next session falls due soon."""
    deciding.edit(SteeringBoard, board_id).announce_session(by=deciding.actor, on=day)


def note_a_missed_session(deciding: Deciding, board_id: UUID, day: date) -> None:
    """Note that the board did not meet in time."""
    deciding.edit(SteeringBoard, board_id).note_missed_session(by=deciding.actor, on=day)


def note_a_second_look_that_waits(deciding: Deciding, review_id: UUID, day: date) -> None:
    """Note that a family has waited too long for the second look that it asked for."""
    days = calendar_on(deciding, day).second_look_answer_days
    deciding.edit(ProposalReview, review_id).note_overdue_second_look(
        days, by=deciding.actor, on=day
    )


DUTIES: tuple[Duty, ...] = (
    Duty("carry_overdue_proposals", proposals.overdue, carry_an_undecided_proposal_on),
    Duty("set_dockets", proposals.cycles_to_set, set_the_docket),
    Duty("announce_board_session", board.to_announce, announce_the_next_session),
    Duty("note_missed_board_session", board.missed, note_a_missed_session),
    Duty("note_overdue_second_looks", second_looks.waiting, note_a_second_look_that_waits),
)
