"""What is awaited, and until when: deadlines with the reminder's first day in working days."""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.notify.addressees import Addressees, addressees_id
from services.notify.calendar import remind_from
from services.notify.deadline import Awaited, Deadline, deadline_id
from services.notify.notice import Subject
from services.notify.telling import next_for_proposals
from services.notify.views import deadlines
from services.notify.working_days import is_working_day


def await_by(
    deciding: Deciding, awaited: Awaited, of: UUID, subject: Subject, number: int, due: date
) -> None:
    """Set a deadline, or move the one there is; about an erased family nothing is awaited."""
    if _is_erased(deciding, subject):
        return
    id = deadline_id(awaited, of)
    if deciding.find(Deadline, id) is not None:
        move_to(deciding, awaited, of, number, due)
        return
    deciding.add(
        Deadline.set(
            id,
            awaited,
            subject,
            number,
            due,
            remind_from(due, is_working_day),
            by=deciding.actor,
            on=deciding.today,
        )
    )


def move_to(deciding: Deciding, awaited: Awaited, of: UUID, number: int, due: date) -> None:
    """Let what is awaited of *of* be due on *due*; what nobody awaits here stays so."""
    deadline = deciding.find(Deadline, deadline_id(awaited, of))
    if deadline is not None and not _is_erased(deciding, deadline.subject):
        reminder = remind_from(due, is_working_day)
        deadline.move(number, due, reminder, by=deciding.actor, on=deciding.today)


def no_longer_await(deciding: Deciding, awaited: Awaited, of: UUID, number: int) -> None:
    """Record that number *number* of what was awaited of *of* is done."""
    deadline = deciding.find(Deadline, deadline_id(awaited, of))
    if deadline is not None:
        deadline.meet(number, by=deciding.actor, on=deciding.today)


def never_await(deciding: Deciding, awaited: Awaited, of: UUID) -> None:
    """Record that what was awaited of *of* is not to be done any more, whatever is heard later."""
    deadline = deciding.find(Deadline, deadline_id(awaited, of))
    if deadline is not None:
        deadline.end(by=deciding.actor, on=deciding.today)


def rests(deciding: Deciding, pact: UUID) -> bool:
    """Whether *pact* owes no verification though it ran: it is suspended, or has ended."""
    deadline = deciding.find(Deadline, deadline_id(Awaited.VERIFICATION, pact))
    return deadline is not None and not deadline.open


def await_nothing_of(deciding: Deciding, pact: UUID) -> None:
    """Record of the proposal and of the verification of *pact* that none is to come any more."""
    for awaited in (Awaited.PROPOSAL, Awaited.VERIFICATION):
        never_await(deciding, awaited, pact)


def await_nothing_about(deciding: Deciding, family: str) -> None:
    """Record of everything awaited about *family* that it is not to be done any more."""
    for id in deadlines.open_about(deciding.connection, family):
        deadline = deciding.edit(Deadline, id)
        deadline.meet(deadline.number, by=deciding.actor, on=deciding.today)


def follow_the_guidelines(deciding: Deciding, deadline: UUID, day: date) -> None:
    """Let an awaited proposal be due on the next day, from *day* on, that the guidelines give."""
    awaits = deciding.edit(Deadline, deadline)
    due = next_for_proposals(deciding, day)
    reminder = remind_from(due, is_working_day)
    awaits.move(awaits.number, due, reminder, by=deciding.actor, on=day)


def _is_erased(deciding: Deciding, subject: Subject) -> bool:
    known = deciding.find(Addressees, addressees_id(str(subject.family)))
    return known is not None and known.erased
