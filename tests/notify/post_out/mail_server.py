"""A real SMTP server on a free port, that takes mail, and does what a test says at each command."""

import asyncio
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CUT = "cut"
USER, PASSWORD = "postino", "una parola d'ordine"


@dataclass
class Behaviour:
    """What the server does; by default it takes everything.

    Attributes:
        answers: command (``MAIL``, ``RCPT``, ``DATA``, ``DOT``) → what is answered instead, in
            turn; when the list is empty, it takes. ``DOT``: CUT takes it and cuts the connection.
        slow: seconds that it waits before it answers the final dot.
        drips: lines of an answer that never ends, every twentieth of a second.
        cut: ``DATA``: the connection is cut before the final dot; ``DOT``: after it, unanswered.
    """

    answers: dict[str, list[str]] = field(default_factory=dict)
    slow: float = 0.0
    drips: int = 0
    cut: str | None = None

    def answer(self, command: str) -> str | None:
        left = self.answers.get(command)
        return left.pop(0) if left else None


class Server(SMTP):
    """aiosmtpd's, which can cut the connection before the letter is through."""

    async def smtp_DATA(self, arg: str) -> None:
        behaviour: Behaviour = self.event_handler.behaviour
        if (instead := behaviour.answer("DATA")) is not None:
            await self.push(instead)
            return
        if behaviour.cut == "DATA":
            await self.push("354 go on")
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


class MailServer:
    """Keeps what it took, in memory."""

    def __init__(self, **options: Any) -> None:
        self.behaviour = Behaviour()
        self.taken: list[Envelope] = []
        self.sessions: list[Session] = []
        self._options = options
        self._controller = _Controller(self, hostname="127.0.0.1", port=0, **options)
        self._controller.start()
        self.port: int = self._controller.port

    def stop(self) -> None:
        """Once, or again."""
        if self.port:
            self._controller.stop()
        self.port = 0

    def mails(self) -> list[EmailMessage]:
        """What it took, parsed."""
        return [
            message_from_bytes(each.content, policy=policy.default)  # type: ignore[misc]
            for each in self.taken
        ]

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if (instead := self.behaviour.answer("MAIL")) is not None:
            return instead
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if (instead := self.behaviour.answer("RCPT")) is not None:
            return instead
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        instead = self.behaviour.answer("DOT")
        if instead not in (None, CUT):
            return instead
        self.taken.append(envelope)
        self.sessions.append(session)
        for _ in range(self.behaviour.drips):
            await asyncio.sleep(0.05)
            server.transport.write(b"250-drip\r\n")
        await asyncio.sleep(self.behaviour.slow)
        if self.behaviour.cut == "DOT" or instead == CUT:
            server.transport.abort()
        return "250 2.0.0 taken"


class _Controller(Controller):
    def factory(self) -> Server:
        return Server(self.handler, **self.SMTP_kwargs)

    def _trigger_server(self) -> None:  # the library's own look whether it answers
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


def login(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    """Whether it is our postman."""
    right = isinstance(data, LoginPassword) and data.password == PASSWORD.encode()
    return AuthResult(success=right, handled=False)


@dataclass(frozen=True)
class Certificates:
    """A certificate authority of the test, and a server's certificate by it."""

    authority: Path
    certificate: Path
    key: Path

    def context(self) -> ssl.SSLContext:
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.certificate, self.key)
        return made


def new_certificates(folder: Path, name: str = "IP:127.0.0.1") -> Certificates:
    """Made by OpenSSL's own program; *name* is whom the server's certificate is for."""
    folder.mkdir(parents=True, exist_ok=True)

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    (folder / "ext").write_text(f"subjectAltName={name}\n")
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl(
        *("req", "-x509", *new_key, "-days", "30", "-subj", "/CN=Prova CA"),
        *("-keyout", "ca.key", "-out", "ca.pem"),
    )
    openssl("req", *new_key, "-subj", "/CN=prova", "-keyout", "key.pem", "-out", "request.pem")
    openssl(
        *("x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "30"),
        *("-CAcreateserial", "-extfile", "ext", "-out", "cert.pem"),
    )
    return Certificates(folder / "ca.pem", folder / "cert.pem", folder / "key.pem")


Made = Callable[..., MailServer]
