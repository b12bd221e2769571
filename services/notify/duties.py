"""What the calendar asks of notify: reminders, once for each day that is due."""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.duties import Duty
from services.notify.awaiting import follow_the_guidelines
from services.notify.deadline import Deadline, due_id
from services.notify.ending import every_day, tell_of_agreements_that_end
from services.notify.reminding import REMINDERS, reminded_of
from services.notify.telling import tell
from services.notify.views import deadlines
from services.notify.waiting import look_again, waits_on


def remind_of_what_falls_due(deciding: Deciding, deadline: UUID, day: date) -> None:
    """Remind the lead of a draft or a verification, the committee of a decision; once."""
    awaits = deciding.edit(Deadline, deadline)
    if not awaits.remind(by=deciding.actor, on=day):
        return
    recipients = reminded_of(deciding, awaits.awaited, awaits.subject)
    cause = due_id(deadline, awaits.due)
    tell(deciding, cause, REMINDERS[awaits.awaited], recipients, awaits.subject, awaits.due)


DUTIES: tuple[Duty, ...] = (
    Duty("await_proposals_next_month", deadlines.proposals_missed, follow_the_guidelines),
    Duty("remind_of_deadlines", deadlines.to_remind, remind_of_what_falls_due),
    Duty("tell_of_waiting_mail", waits_on, look_again),
    Duty("tell_of_agreements_that_end", every_day, tell_of_agreements_that_end),
)
