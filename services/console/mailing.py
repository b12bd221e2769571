"""The season's mail: where it goes, and what people of a microequipe do with a form.

They fill it with a program of another maker, pypdf, and send it from their own address over SMTP.
Nothing leaves the machine; the addresses are of a domain that cannot exist.
"""

import smtplib
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path

from pypdf import PdfWriter

from services.console.mail_sink import MailSink
from services.console.private_broker import free_ports

DOMAIN = "prova.example"
DEDICATED = f"proposte@{DOMAIN}"
HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds for one answer of the dedicated address."""


class Mailing:
    """The door of the dedicated address, and the sink that every letter goes to."""

    def __init__(self, sink: MailSink, directory: Path) -> None:
        self._sink = sink
        self._directory = directory
        [self._door] = free_ports(1)

    def environment(self, organisation: str, lead: bool) -> dict[str, str]:
        """What the processes of *organisation* find about mail in their environment."""
        sender = f"avvisi@{organisation}.{DOMAIN}"
        out = {
            "MAIL_FROM": sender,
            "MAIL_REPLY_TO": DEDICATED,
            "MAIL_LEDGER": str((self._directory / f"{organisation}-letters.ledger").absolute()),
            "SMTP_HOST": HOST,
            "SMTP_PORT": str(self._sink.port),
            "SMTP_SECURITY": "none",
        }
        into = {
            "POST_IN_ADDRESSES": DEDICATED,
            "POST_IN_ALSO_OURS": sender,
            "POST_IN_SMTP": f"{HOST}:{self._door}",
        }
        return out | into if lead else out

    def send_form(self, sender: str, name: str, pdf: bytes, at: datetime) -> None:
        """Send the form *pdf*, a file called *name*, to the dedicated address."""
        self.send(sender, {name: pdf}, at)

    def send(
        self, sender: str, files: Mapping[str, bytes], at: datetime, automatic: bool = False
    ) -> None:
        """Send PDF *files*, by their names, to the dedicated address.

        Args:
            automatic: as by a program that answers while somebody is on holiday.
        """
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, DEDICATED
        mail["Subject"] = "Proposta di patto"
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{at:%Y%m%d%H%M%S%f}.{sender}>"
        if automatic:
            mail["Auto-Submitted"] = "auto-replied"
        mail.set_content("In allegato la proposta di patto della nostra microequipe.\n")
        for name, pdf in files.items():
            mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=name)
        with smtplib.SMTP(HOST, self._door, timeout=PATIENCE) as connection:
            connection.send_message(mail)


def address_of(organisation: str, number: int) -> str:
    """The mail address of the person with *number* in the cast of *organisation*."""
    return f"operatore-{number}@{organisation}.{DOMAIN}"


def filled(form: bytes, entries: Mapping[str, str]) -> bytes:
    """*form* with *entries* by the names of its fields, as pypdf fills them."""
    writer = PdfWriter(clone_from=BytesIO(form))
    writer.update_page_form_field_values(None, dict(entries), auto_regenerate=False)
    kept = BytesIO()
    writer.write(kept)
    return kept.getvalue()
