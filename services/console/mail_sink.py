"""Where the demo's letters go: an SMTP server on this machine that keeps each mail as a file.

Nothing leaves the machine: it listens on loopback, on a free port, and forwards to nobody. The
files open in any mail program.
"""

import os
import re
import threading
import unicodedata
from asyncio import Server
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import groupby
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from rich.table import Table

LONGEST_NAME = 60
LARGEST = 1_000_000
"""Bytes of one mail; the letters of a season have some ten thousand each."""


@dataclass(frozen=True)
class Kept:
    """One mail that was kept.

    Attributes:
        at: its own date, aware; the demo's clock.
        answers: whether it answers a mail.
        attached: names of the attached files.
    """

    file: Path
    at: datetime
    to: str
    subject: str
    answers: bool
    attached: tuple[str, ...]


class MailSink:
    """The server, in a thread; a context manager.

    >>> with MailSink(Path("var/demo/latest/mail")) as sink:
    ...     env = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(sink.port), "SMTP_SECURITY": "none"}
    """

    def __init__(self, folder: Path) -> None:
        """Keep mails in *folder*, which is made, beside those that are there."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._turn = threading.Lock()
        self._last = max(map(_number, folder.glob("*.eml")), default=0)
        self._controller: _Controller | None = None

    @property
    def port(self) -> int:
        """On loopback; 0 while it does not listen."""
        return 0 if self._controller is None else int(self._controller.port)

    def __enter__(self) -> "MailSink":
        self._controller = _Controller(
            self, hostname="127.0.0.1", port=0, data_size_limit=LARGEST, ident="demo"
        )
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail; only when it is on the disk it is taken."""
        content = envelope.content
        self.keep(content if isinstance(content, bytes) else str(content).encode())
        return "250 2.0.0 kept"

    def keep(self, content: bytes) -> Path:
        """Write *content* into a file of its own; its path."""
        subject = str(_read(content, head_only=True)["Subject"] or "")
        with self._turn:
            self._last += 1
            path = self._folder / f"{self._last:04}-{_name(subject)}.eml"
            beside = path.with_suffix(".part")
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.rename(path)
        return path


class _Controller(Controller):
    def _trigger_server(self) -> None:  # the library's look whether it answers, on the real port
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def kept(folder: Path) -> Iterator[Kept]:
    """The mails in *folder*, as they came."""
    for path in sorted(folder.glob("*.eml"), key=_number):
        mail = _read(path.read_bytes())
        yield Kept(
            file=path,
            at=mail["Date"].datetime,
            to=str(mail["To"]),
            subject=str(mail["Subject"]).strip(),
            answers=mail["In-Reply-To"] is not None,
            attached=tuple(part.get_filename() or "?" for part in mail.iter_attachments()),
        )


def table(mails: Iterator[Kept]) -> Table:
    """The mails, to be printed; one that several people got is one row."""
    drawn = Table(title="Lettere partite", title_justify="left", show_edge=False)
    drawn.add_column("quando", no_wrap=True)
    drawn.add_column("a", no_wrap=True)
    drawn.add_column("oggetto", overflow="fold")
    for (at, subject, marks), same in groupby(sorted(mails, key=_letter), _letter):
        to = "\n".join(each.to for each in same)
        also = f" ({', '.join(marks)})" if marks else ""
        drawn.add_row(f"{at:%d/%m/%Y %H:%M}", to, subject + also)
    return drawn


def _letter(mail: Kept) -> tuple[datetime, str, tuple[str, ...]]:
    """What the same letter to several people has in common."""
    answer = ("risposta",) if mail.answers else ()
    return mail.at.replace(second=0, microsecond=0), mail.subject, (*answer, *mail.attached)


def _read(content: bytes, head_only: bool = False) -> EmailMessage:
    return BytesParser(EmailMessage, policy=policy.default).parsebytes(content, head_only)


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _name(subject: str) -> str:
    """*subject* as a part of a file's name."""
    plain = unicodedata.normalize("NFKD", subject).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_NAME].strip("-") or "mail"
