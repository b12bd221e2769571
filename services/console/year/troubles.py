"""A mail server that refuses a letter now and then, or does not say whether it took it."""

from asyncio import Transport
from pathlib import Path
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope, Session

from services.console.mail_sink import MailSink
from services.console.year.facts import mail_named

EVERY = 13
"""Of so many letters one meets trouble: it is refused, lost, or taken without an answer."""
REFUSED, LOST, UNANSWERED = range(3)


class TroubledSink(MailSink):
    """Keeps letters as files, except for those that it refuses or loses.

    Attributes:
        kept: the mails that it keeps.
        troubled: those that met trouble, until somebody has looked after them.
    """

    def __init__(self, folder: Path) -> None:
        """Nothing came yet."""
        super().__init__(folder)
        self.kept: set[UUID] = set()
        self.troubled: set[UUID] = set()
        self._came = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail, or what goes wrong instead."""
        self._came += 1
        turn, rest = divmod(self._came, EVERY)
        trouble = turn % 3 if rest == 0 else None
        content = envelope.content
        name = mail_named(content if isinstance(content, bytes) else str(content).encode())
        if trouble is not None:
            self.troubled.add(name)
        if trouble == REFUSED:
            return "550 5.7.1 refused"
        if trouble in (LOST, UNANSWERED):
            assert isinstance(server.transport, Transport)
            server.transport.abort()
        if trouble == LOST:
            return "250 2.0.0 nobody hears it"
        answer = await super().handle_DATA(server, session, envelope)
        self.kept.add(name)
        return answer
