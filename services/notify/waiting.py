"""Mail that no rule understands waits for a person, who is told; a known sender hears why at once.

A mailbox on the net gets junk: who has to look is told that something waits, not of each mail.
"""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import Connection

from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.notify.mail import Authentic, Doubt, Form, Mail, Provenance
from services.notify.notice import Kind, Reason, Subject, role_at
from services.notify.telling import tell
from services.notify.views.letters import is_ours
from services.notify.views.mails import waiting
from services.notify.views.notices import how_many
from services.notify.working_days import is_working_day

NOT_READ = Kind.FORM_NOT_READ
ANSWERS_A_DAY = 5
"""Mails of one person that are answered in a day [6]: whoever writes more is a program, or somebody
else in their name. A person looks at all of them."""

MENDED_BY_THE_SENDER = {
    Doubt.NO_FORM,
    Doubt.SEVERAL_FORMS,
    Doubt.FORM_UNREADABLE,
    Doubt.REFERENCE_UNREADABLE,
    Doubt.UNKNOWN_ORGANISATION,
}
"""Doubts of which who sent the mail can do something about."""


def waiting_id(day: date) -> UUID:
    """The cause of telling, once on *day*, that mail waits."""
    return stream_id("mail waiting", day)


def waits_on(connection: Connection, day: date) -> Iterable[UUID]:
    """The cause of telling that mail waits, if any does and *day* is a working day."""
    return [waiting_id(day)] if is_working_day(day) and waiting(connection) else []


def look_again(deciding: Deciding, cause: UUID, day: date) -> None:
    """Tell who has to look how many mails wait; several days that were missed are told once."""
    _tell(deciding, waiting(deciding.connection))


def leave_to_a_person(
    deciding: Deciding,
    mail: Mail,
    why: Doubt,
    code: str | None,
    provenance: Provenance,
    form: Form | None = None,
    replies: UUID | None = None,
) -> None:
    """Leave *mail* to a person, tell them, and answer its sender if that is a known person.

    Args:
        code: what exactly was wrong, or None.
        form: the one form that was read, if it is only the rest that is in doubt.
        replies: the mail of ours to which it replies, if it does and attaches nothing.
    """
    mail.leave(why, code, provenance, form, by=deciding.actor, on=deciding.today)
    _tell(deciding, waiting(deciding.connection) + 1)
    who = _answered(deciding, why, provenance)
    if who is not None and (replies is None or not is_ours(deciding.connection, replies)):
        reason = Reason(why.value, {} if code is None else {"code": code})
        tell(deciding, mail.id, NOT_READ, [who], Subject(), mail=mail.id, reasons=(reason,))


def answer_that_it_was_erased(
    deciding: Deciding, mail: Mail, provenance: Provenance, family: str
) -> None:
    """Tell a known sender that *mail* was destroyed: the data of *family* was erased."""
    if provenance.person is not None and provenance.authentic is not Authentic.FAIL:
        who, reason = str(provenance.person), Reason("form_erased", {})
        about = Subject(family=family)
        tell(deciding, mail.id, Kind.FORM_REFUSED, [who], about, mail=mail.id, reasons=(reason,))


def _tell(deciding: Deciding, waits: int) -> None:
    cause, manager = waiting_id(deciding.today), role_at(deciding.lead, "project_manager")
    tell(deciding, cause, Kind.MAIL_WAITING, [manager], Subject(number=waits))


def _answered(deciding: Deciding, why: Doubt, provenance: Provenance) -> str | None:
    """Who hears at once what is wrong, or None: nobody we know, not surely them, or too often."""
    if why not in MENDED_BY_THE_SENDER or provenance.person is None:
        return None
    if provenance.authentic is Authentic.FAIL:
        return None
    who = str(provenance.person)
    told = how_many(deciding.connection, NOT_READ, who, deciding.today)
    return who if told < ANSWERS_A_DAY else None
