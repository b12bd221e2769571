"""Load: mails without pause, each sent again until its server answers 250, as mail servers do."""

import smtplib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from services.pacts.form.reference import Reference
from tests.dovecot import PrivateDovecot
from tests.faults.loader import Load
from tests.faults.scene import keys_of
from tests.notify.post_in.papers import DEDICATED, form, mail, sized

SENDER = "referente.inventata@comune.example"
FAMILY = "LEAD-7K3M9Q-8"
BY_MAILBOX = 0.35
"""How often a mail comes to the mailbox, and not to the endpoint."""
WITHOUT_FORM = 0.2
SENT_AGAIN = 0.15
"""How often a server that did hear 250 sends the mail again."""
TOO_LARGE = (30 << 20) + 1000
TIMEOUT = 20.0
"""Seconds for one answer."""


@dataclass(frozen=True)
class Posted:
    """One mail.

    Attributes:
        name: its Message-ID.
        form: whether it brings a form, which pacts refuses: nobody knows the pact.
        by_mailbox: whether it comes to the mailbox that is read by IMAP.
    """

    name: str
    raw: bytes
    form: bool
    by_mailbox: bool


@dataclass
class Postbook:
    """What was sent, and what was answered.

    Attributes:
        sent: every mail that was sent at least once, by its name.
        taken: names of those that were answered by 250.
        delivered: how often a mail was put into the mailbox.
        too_large: how many mails were put there that are larger than what is kept.
    """

    sent: dict[str, Posted] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    delivered: int = 0
    too_large: int = 0


class Writer(Load[Posted]):
    """Writes to the dedicated address, by SMTP to its endpoint and to its mailbox."""

    many = 6

    def __init__(self, seed: str, port: int, mailbox: PrivateDovecot, user: str) -> None:
        super().__init__("writer", f"{seed}/writer")
        self.book = Postbook()
        self._port = port
        self._mailbox = mailbox
        self._user = user
        hidden = Reference("lead", FAMILY, 1, 1).hidden(keys_of("lead").tag)
        self._form = form(None, hidden)

    def answered(self) -> int:
        """How many mails were answered by 250."""
        return len(self.book.taken)

    def write_too_large(self) -> None:
        """Let a mail lie in the mailbox that is larger than what is kept."""
        self.book.too_large += 1
        self._mailbox.deliver(self._user, sized(TOO_LARGE + self.book.too_large))

    def _story(self) -> Iterator[Posted]:
        number = len(self.book.sent)
        name = f"<{number}.{self._random.getrandbits(64):x}@comune.example>"
        with_form = self._random.random() >= WITHOUT_FORM
        attached = [self._form] if with_form else []
        raw = mail(*attached, sender=SENDER, message_id=name)
        yield Posted(name, raw, with_form, self._random.random() < BY_MAILBOX)

    def _until_answered(self, posted: Posted) -> bool:
        self.book.sent[posted.name] = posted
        again = self._random.random() < SENT_AGAIN
        while not self._ending:
            try:
                self._send(posted)
            except (OSError, smtplib.SMTPException):  # no answer, or 451: it comes again
                time.sleep(0.05)
                continue
            self.book.taken.add(posted.name)
            if not again:
                break
            again = False
        return True

    def _send(self, posted: Posted) -> None:
        if posted.by_mailbox:
            self._mailbox.deliver(self._user, posted.raw)
            self.book.delivered += 1
            return
        with smtplib.SMTP("127.0.0.1", self._port, timeout=TIMEOUT) as client:
            client.sendmail(SENDER, [DEDICATED], posted.raw)
