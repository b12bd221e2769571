"""From a notice to the mail that is handed over: headers that loop nowhere, text, calendar."""

import re
from datetime import UTC, date, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from icalendar import Calendar, Event

from services.kernel.civil import ROME
from services.notify.letters import Entry, Text, month, write, write_digest
from services.notify.notice import Kind, Notice
from services.notify.post_out.outbox import Opened
from services.notify.post_out.settings import MailSettings

ONE_ID = re.compile(r"<[!-;=?-~]{1,900}>")
"""A Message-ID; what has another shape is not repeated in a mail of ours."""


class Policy(EmailPolicy):
    """Lines end in CR LF, only ASCII is sent; long ids are not taken for words to encode."""

    def fold(self, name: str, value: Any) -> str:
        """One header, folded."""
        if name in ("In-Reply-To", "References", "Message-ID"):
            return f"{name}: {value}\r\n"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """One header, folded, as bytes."""
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii")


POLICY = Policy(linesep="\r\n", cte_type="7bit")
POLICY_UTF8 = POLICY.clone(utf8=True)


def compose(name: UUID, opened: Opened, ours: MailSettings, now: datetime) -> bytes:
    """The mail, as it is handed over.

    Args:
        name: of the mail, in every try: who gets it twice sees it once.
        now: the programme's instant, UTC.
    """
    told = opened.notices[0]
    text = _written(opened, ours)
    mail = EmailMessage(policy=POLICY if opened.address.isascii() else POLICY_UTF8)
    mail["From"] = Address(ours.sender_name, addr_spec=ours.sender)
    user, _, domain = opened.address.rpartition("@")
    mail["To"] = Address(username=user, domain=domain)
    if ours.reply_to is not None:
        mail["Reply-To"] = Address(addr_spec=ours.reply_to)
    mail["Subject"] = text.subject
    mail["Date"] = format_datetime(now.astimezone(ROME))
    mail["Message-ID"] = f"<{name}@{ours.domain}>"
    answers = opened.answers if opened.answers and ONE_ID.fullmatch(opened.answers) else None
    if answers is not None:
        mail["In-Reply-To"] = answers
        mail["References"] = answers
    mail["Auto-Submitted"] = "auto-replied" if told.mail else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = "it"
    mail.set_content(text.plain)
    mail.add_alternative(text.html, subtype="html")
    if told.what in ENTRIES and told.due is not None:
        file, entry = ENTRIES[told.what]
        mail.add_attachment(
            entry(told, told.due, ours.domain, now),
            maintype="text",
            subtype="calendar",
            params={"method": "PUBLISH", "charset": "utf-8"},
            filename=f"{file}.ics",
        )
    return mail.as_bytes()


def _written(opened: Opened, ours: MailSettings) -> Text:
    """The letter about one notice, or the digest of several reminders."""
    answered = ours.reply_to is not None
    if len(opened.notices) > 1:
        entries = [
            Entry(each.what, each.subject, each.due, each.subject.family in opened.restricted)
            for each in opened.notices
        ]
        return write_digest(entries, ours.portal, answered)
    (told,) = opened.notices
    restricted = told.subject.family in opened.restricted
    return write(told.what, told.subject, told.due, told.reasons, ours.portal, answered, restricted)


def decisions_by(docket: Notice, due: date, domain: str, now: datetime) -> bytes:
    """The last day for the decisions of a cycle, as a whole day of the reader's calendar.

    Published, not an invitation: the day is the programme's, nobody is asked to accept it. A docket
    that was supplemented replaces the entry.
    """
    cycle = str(docket.subject.cycle)
    return _entry(
        due,
        now,
        uid=f"comitato-{cycle}@{domain}",
        sequence=max(0, (docket.on - date.fromisoformat(f"{cycle}-01")).days),
        summary=f"Comitato: ultimo giorno per le decisioni di {month(cycle)}",
    )


def board_meets_by(told: Notice, due: date, domain: str, now: datetime) -> bytes:
    """The last day for the board's session, as a whole day; nobody is asked to accept it."""
    summary = "Cabina di regia: ultimo giorno per la riunione"
    return _entry(due, now, uid=f"cabina-{due}@{domain}", sequence=0, summary=summary)


ENTRIES = {
    Kind.DOCKET_SET: ("comitato", decisions_by),
    Kind.BOARD_SESSION_DUE: ("cabina-di-regia", board_meets_by),
}
"""Letters that bring a day for the calendar: the file's name, and what is in it."""


def _entry(due: date, now: datetime, uid: str, sequence: int, summary: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Comunita Energetiche//IT")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    event = Event()
    event.add("uid", uid)
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", due)
    event.add("dtend", due + timedelta(days=1))
    event.add("summary", summary)
    event.add("transp", "TRANSPARENT")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
