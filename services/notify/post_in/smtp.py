"""The SMTP and LMTP endpoint: a mail is kept before its sender hears 250.

``aiosmtpd`` speaks the protocol; taking the data is our own, because its collector keeps every line
as an object of its own and a line without end without limit.
"""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from services.kernel.failpoints import failpoint
from services.notify.mail import Route
from services.notify.post_in.gate import MEGABYTE, MOST, Limit
from services.notify.post_in.settings import PostIn

logger = logging.getLogger(__name__)

LARGEST = MOST[Limit.SIZE]
SMALL = MEGABYTE
"""Bytes that every connection may bring at the same time as all the others."""
LARGE_AT_ONCE = 8
"""Mails larger than that which are in memory at once; the others are read more slowly."""
KEEPING_AT_ONCE = 2
"""Mails that are being encrypted and committed at once; each needs about six times its size."""
LONGEST_LINE = 64 * 1024
"""Bytes; RFC 5321 asks for 1,000, and programs that write longer ones exist."""
MOST_RECIPIENTS = 100
CALLS = {"MAIL": 1_000, "RCPT": 10_000, "DATA": 1_000, "*": 1_000}
"""Commands in one session; a sender of more connects anew."""

Keep = Callable[[bytes, Route, datetime], UUID]


class House:
    """What all connections share: who is taken, how much fits, and where mail is kept.

    Args:
        keep: keeps a mail, blocking; runs in a thread.
        now: the present instant, UTC.
        news: called after a mail was kept.
    """

    def __init__(
        self,
        settings: PostIn,
        keep: Keep,
        now: Callable[[], datetime],
        news: Callable[[], None],
    ) -> None:
        self.settings = settings
        self.connections = 0
        self.large = asyncio.Semaphore(LARGE_AT_ONCE)
        self._keep = keep
        self._now = now
        self._news = news
        self._keeping = asyncio.Semaphore(KEEPING_AT_ONCE)
        self._threads = ThreadPoolExecutor(KEEPING_AT_ONCE, "keeping")

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Only the dedicated addresses are taken, each as often as it is named."""
        if address.lower() not in self.settings.addresses:
            return "550 5.1.1 no such address here"
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_exception(self, error: Exception) -> str:
        """Our own trouble is never the sender's: the mail is to come again."""
        logger.error("a connection met a defect", extra={"because": type(error).__name__})
        return "451 4.3.0 try again later"

    async def keep(self, raw: bytes, route: Route) -> str:
        """Keep *raw*; the answer to its sender. Who hangs up meanwhile changes nothing."""
        at = self._now()
        await self._keeping.acquire()
        loop = asyncio.get_running_loop()
        kept = loop.run_in_executor(self._threads, self._keep, raw, route, at)
        kept.add_done_callback(self._kept)
        try:
            await asyncio.shield(kept)
        except Exception as error:  # the database is away, say; the sender keeps the mail
            logger.warning("a mail was not kept", extra={"because": type(error).__name__})
            return "451 4.3.0 not kept, try again later"
        return "250 2.0.0 kept"

    def _kept(self, kept: "asyncio.Future[UUID]") -> None:
        self._keeping.release()
        if not kept.cancelled() and kept.exception() is None:
            self._news()

    def close(self) -> None:
        """Wait for what is being kept."""
        self._threads.shutdown()


class Conversation(SMTP):
    """One connection."""

    line_length_limit = LONGEST_LINE
    route = Route.SMTP

    def __init__(self, house: House, tls: ssl.SSLContext | None) -> None:
        super().__init__(
            house,
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            hostname="comunita",
            ident="ESMTP",
            tls_context=tls,
            timeout=house.settings.session,
            command_call_limit=CALLS,
            loop=asyncio.get_running_loop(),
        )
        self._house = house
        self._counted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """One more connection; STARTTLS makes it a second time."""
        if not self._counted:
            self._counted = True
            self._house.connections += 1
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        """One less."""
        if self._counted:
            self._counted = False
            self._house.connections -= 1
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        if self._house.connections > self._house.settings.connections:
            await self.push("421 4.3.2 too many connections, try again later")
            self._hang_up()
            return
        await super()._handle_client()

    def _hang_up(self) -> None:
        if self.transport is not None:
            self.transport.close()

    async def smtp_DATA(self, arg: str | None) -> None:
        """Take the mail's data, up to the lone dot, and answer when it is kept."""
        if await self.check_helo_needed() or await self.check_auth_needed("DATA"):
            return
        assert self.envelope is not None
        recipients = len(self.envelope.rcpt_tos)
        if not recipients:
            await self.push("503 5.5.1 need RCPT command")
            return
        if arg:
            await self.push("501 5.5.4 Syntax: DATA")
            return
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        collected = Collected(self._house.large)
        try:
            whole = await collected.read(self._reader.readuntil, self._reader.readexactly)
            if not whole:
                await self.push("552 5.3.4 too much mail data")
                self._hang_up()
                return
            answer = collected.refusal
            if answer is None:
                raw = b"".join((_return_path(self.envelope), collected.data))
                collected.data.clear()
                answer = await self._house.keep(raw, self.route)
        finally:
            collected.close()
        self._set_post_data_state()
        for _ in range(self._answers(recipients)):
            await self.push(answer)
        failpoint("after the answer")

    def _answers(self, recipients: int) -> int:
        return 1


class Delivery(LMTP, Conversation):
    """One LMTP connection: the server before us has answered its sender, and hears each answer."""

    route = Route.LMTP

    def _answers(self, recipients: int) -> int:
        return recipients


def _return_path(envelope: Envelope) -> bytes:
    """What a server that delivers for good puts before the mail (RFC 5321, 4.4)."""
    sender = str(envelope.mail_from).strip("<>")
    return f"Return-Path: <{sender}>\r\n".encode("utf-8", "surrogateescape")


class Collected:
    """The data of one mail, as it comes, dots undone.

    Attributes:
        refusal: what to answer when the lone dot came, or None: it can be kept.
    """

    def __init__(self, large: asyncio.Semaphore) -> None:
        self.data = bytearray()
        self.refusal: str | None = None
        self._large = large
        self._holds = False
        self._size = 0
        self._lines = 0

    async def read(
        self,
        line_from: Callable[[bytes], Awaitable[bytes]],
        exactly: Callable[[int], Awaitable[bytes]],
    ) -> bool:
        """Read up to the lone dot; whether it came before twice the largest size."""
        begins = True
        while self._size <= 2 * LARGEST:
            try:
                piece = await line_from(b"\r\n")
            except asyncio.LimitOverrunError as overrun:
                piece = await exactly(overrun.consumed)
                self._refuse("554 5.6.0 a line is too long")
                begins = False
                self._size += len(piece)
                continue
            if begins and piece == b".\r\n":
                return True
            await self._add(piece, begins)
            begins = True
        return False

    async def _add(self, piece: bytes, begins: bool) -> None:
        self._size += len(piece)
        self._lines += 1
        if self._size > LARGEST:
            self._refuse("552 5.3.4 too much mail data")
        if self._lines > MOST[Limit.LINES]:
            self._refuse("554 5.6.0 too many lines")
        if self.refusal is not None:
            return
        if self._size > SMALL and not self._holds:
            await self._large.acquire()
            self._holds = True
        self.data += piece[1:] if begins and piece.startswith(b".") else piece

    def _refuse(self, answer: str) -> None:
        self.refusal = self.refusal or answer
        self.data.clear()

    def close(self) -> None:
        """Make room for the next large one."""
        if self._holds:
            self._holds = False
            self._large.release()


class Endpoint:
    """The listening sockets; one event loop in a thread of its own."""

    def __init__(self, settings: PostIn, house: Callable[[], House]) -> None:
        self._settings = settings
        self._make = house
        self._servers: list[asyncio.Server] = []
        self._tls: ssl.SSLContext | None = None
        if settings.tls is not None:
            self._tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            self._tls.load_cert_chain(*settings.tls)

    async def run(self, started: Callable[[], None], stop: asyncio.Event) -> None:
        """Listen until *stop*; what is being kept then is kept, and answered."""
        house = self._make()
        loop = asyncio.get_running_loop()
        for place, kind in (
            (self._settings.smtp, Conversation),
            (self._settings.lmtp, Delivery),
        ):
            if place is not None:
                server = await loop.create_server(
                    lambda kind=kind: kind(house, self._tls),  # type: ignore[misc]
                    *place,
                    backlog=256,
                )
                self._servers.append(server)
        started()
        await stop.wait()
        for server in self._servers:
            server.close()
        await asyncio.to_thread(house.close)
