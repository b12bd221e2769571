"""Who is reminded of what is awaited, and why a reminder is not sent after all.

A reminder is recorded when its day comes and sent later: in the digest of the day, or when a mail
server is back. Whether there still is something to remind of is asked at each try.
"""

from collections.abc import Iterable
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.notify.addressees import Addressees, addressees_id
from services.notify.board import BOARD, Board
from services.notify.deadline import Awaited, Deadline, deadline_id
from services.notify.ending import ENDS, why_not_told
from services.notify.letter import DroppedBecause, Letter, letter_id
from services.notify.notice import Kind, Notice, Subject, notice_id
from services.notify.preferences import OWED_TO, Preferences, Reminders, preferences_id
from services.notify.receipt import Receipt, receipt_id
from services.notify.telling import committee, lead_of, persons_of, tell
from services.notify.views import holders

REMINDERS = {
    Awaited.PROPOSAL: Kind.REMINDER_PROPOSAL,
    Awaited.DECISION: Kind.REMINDER_DECISION,
    Awaited.VERIFICATION: Kind.REMINDER_VERIFICATION,
}
AWAITED = {kind: awaited for awaited, kind in REMINDERS.items()}
WAITING = (
    Kind.FAMILY_WITHOUT_MICROEQUIPE,
    Kind.LOOK_BACK_DUE,
    Kind.CERTIFICATE_EXPIRING,
    Kind.CERTIFICATE_EXPIRED,
    Kind.FAMILY_WITHOUT_PROPOSAL,
    Kind.FAMILY_WITHOUT_FACT,
)
"""Told once, when another service says so; nothing is awaited here by a day."""
ENDS_WITH = {
    Kind.FAMILY_WITHOUT_PROPOSAL: Awaited.PROPOSAL,
    Kind.FAMILY_WITHOUT_FACT: Awaited.VERIFICATION,
}
"""What is not told any more once nothing of the kind is awaited of the pact."""
GATHERED = (*AWAITED, *WAITING)
"""What goes with the others of the day."""
BY_CHOICE = {Kind.REMINDER_DECISION}
"""What many are reminded of: one of them may do without [7]."""


def reminded_of(deciding: Deciding, awaited: Awaited, subject: Subject) -> Iterable[str]:
    """The committee of a decision, the lead of a draft or a verification; as of today."""
    if awaited is Awaited.DECISION:
        return committee(deciding)
    return lead_of(deciding, str(subject.family))


def why_not(deciding: Deciding, letter: Letter) -> DroppedBecause | None:
    """Why the reminder *letter* is not to be sent; None: it is, or is no reminder."""
    notice = deciding.get(Notice, letter.notice)
    if notice.what in WAITING:
        return _why_not_wait(deciding, notice)
    if notice.what in ENDS:
        return why_not_told(deciding, notice)
    if notice.what is Kind.BOARD_SESSION_DUE and notice.due is not None:
        board = deciding.find(Board, BOARD)
        return DroppedBecause.DONE if board and board.has_met(notice.due) else None
    if notice.what is Kind.ISEE_RUNS_OUT and notice.due is not None:
        pact, number = UUID(str(notice.subject.pact)), notice.subject.number or 0
        until = deciding.get(Receipt, receipt_id(pact, number)).isee_until
        return DroppedBecause.DONE if until and until > notice.due else None
    awaited = AWAITED.get(notice.what)
    if awaited is None or notice.due is None:
        return None
    awaits = deciding.find(Deadline, _deadline(awaited, notice.subject))
    if awaits is None or not awaits.open:
        return DroppedBecause.DONE
    if awaits.due != notice.due:
        return DroppedBecause.MOVED
    if notice.due < deciding.today:
        return DroppedBecause.GONE_BY
    if letter.person not in _persons(deciding, awaited, notice.subject):
        return DroppedBecause.ROLE_ENDED
    if notice.what in BY_CHOICE and wanted(deciding, letter.person) is Reminders.NONE:
        return DroppedBecause.NOT_WANTED
    return None


def _why_not_wait(deciding: Deciding, notice: Notice) -> DroppedBecause | None:
    """Why there is nothing to tell any more.

    The family was erased, or has its microequipe; the pact was proposed, or rests; the last day of
    a certificate went by, which is told anew.
    """
    ends = ENDS_WITH.get(notice.what)
    if ends is not None:
        awaits = deciding.find(Deadline, _deadline(ends, notice.subject))
        if awaits is not None and not awaits.open:
            return DroppedBecause.DONE
    expires = notice.what is Kind.CERTIFICATE_EXPIRING
    if expires and notice.due is not None and notice.due < deciding.today:
        return DroppedBecause.GONE_BY
    known = deciding.find(Addressees, addressees_id(str(notice.subject.family)))
    if known is None:
        return None
    formed = notice.what is Kind.FAMILY_WITHOUT_MICROEQUIPE and known.lead is not None
    return DroppedBecause.DONE if known.erased or formed else None


def wanted(deciding: Deciding, person: UUID) -> Reminders:
    """How *person* is reminded today; who took on a role that is owed reminders gets them again."""
    chosen = deciding.find(Preferences, preferences_id(person))
    how = Reminders.DAILY if chosen is None else chosen.reminders
    roles = holders.roles_of(deciding.connection, person, deciding.today)
    owed = how is Reminders.NONE and any(role in OWED_TO for role in roles)
    return Reminders.DAILY if owed else how


def drop(deciding: Deciding, letter: Letter, because: DroppedBecause) -> None:
    """Record why *letter* is not sent; whoever does now what that person did is told instead.

    A role may be told already, and be somebody else's since.
    """
    letter.drop(because, by=deciding.actor, on=deciding.today)
    if because is DroppedBecause.ROLE_ENDED:
        notice = deciding.get(Notice, letter.notice)
        cause, what = notice.cause, notice.what
        for recipient in reminded_of(deciding, AWAITED[what], notice.subject):
            told = deciding.find(Notice, notice_id(cause, what, recipient))
            if told is None:
                tell(deciding, cause, what, [recipient], notice.subject, notice.due)
            else:
                write_to(deciding, told, persons_of(deciding, recipient, deciding.today))


def write_to(deciding: Deciding, notice: Notice, persons: Iterable[UUID]) -> None:
    """Let a letter about *notice* be due to each of *persons* who has none of its cause."""
    for person in persons:
        if deciding.find(Letter, letter_id(notice.cause, notice.what, person)) is None:
            deciding.add(
                Letter.due(
                    notice.id,
                    notice.cause,
                    notice.what,
                    person,
                    notice.subject.family,
                    by=deciding.actor,
                    on=deciding.today,
                )
            )


def _persons(deciding: Deciding, awaited: Awaited, subject: Subject) -> set[UUID]:
    recipients = reminded_of(deciding, awaited, subject)
    return {who for each in recipients for who in persons_of(deciding, each, deciding.today)}


def _deadline(awaited: Awaited, subject: Subject) -> UUID:
    if awaited is Awaited.DECISION:
        return deadline_id(awaited, stream_id("proposal", subject.pact, subject.number))
    return deadline_id(awaited, UUID(str(subject.pact)))
