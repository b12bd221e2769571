"""The server that takes our mail: one SMTP connection, over which letters are handed one by one.

What the server says is never kept, only its code: its words repeat addresses.
"""

import re
import select
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from services.kernel.failpoints import failpoint
from services.notify.post_out.settings import MailSettings, Security

LETTERS = 100
"""Handed over one connection before a new one is made, as servers ask for."""


LONGEST = 5
"""Time-outs that one letter may take: a server that sends a byte now and then does not hold us."""


class NotReached(Exception):
    """The server could not be reached, trusted or logged in to; no letter is to blame.

    Attributes:
        code: of its answer, or the kind of failure.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotTaken(Exception):
    """The letter was surely not taken.

    Attributes:
        code: of the server's answer, or the kind of failure.
        answered: whether the server said so itself.
    """

    def __init__(self, code: str, answered: bool) -> None:
        super().__init__(code)
        self.code = code
        self.answered = answered


class NobodyKnows(Exception):
    """The final dot may have reached the server, and no answer came."""


class Relay:
    """The server of *settings*; connected when the first letter is handed over."""

    def __init__(self, settings: MailSettings) -> None:
        self._settings = settings
        self._connection: smtplib.SMTP | None = None
        self._left = 0

    def hand_over(self, to: str, content: bytes, before_the_dot: Callable[[], None]) -> str:
        """Hand over *content* for *to*; the code with which the server took it.

        Args:
            content: lines end in CR LF.
            before_the_dot: called when the next byte may send the letter.

        Raises:
            NotReached: no letter is to blame.
            NotTaken: it was surely not taken.
            NobodyKnows: it may have been.
        """
        smtp = self._connected()
        with _no_longer_than(LONGEST * self._settings.timeout, smtp):
            return self._hand_over(smtp, to, content, before_the_dot)

    def _hand_over(
        self, smtp: smtplib.SMTP, to: str, content: bytes, before_the_dot: Callable[[], None]
    ) -> str:
        try:
            self._say(smtp, smtp.mail(self._settings.sender, _options(smtp, to)))
            self._say(smtp, smtp.rcpt(to))
            self._say(smtp, smtp.docmd("DATA"), wanted=3)
            smtp.send(_dots_doubled(content))
            if smtp.sock is None or select.select([smtp.sock], [], [], 0)[0]:
                raise smtplib.SMTPServerDisconnected  # it has left, or answers what is not asked
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            self.close()
            raise NotTaken(type(error).__name__, answered=False) from None
        failpoint("before handing over")
        before_the_dot()
        failpoint("before the dot")
        try:
            smtp.send(b".\r\n")
            failpoint("after the dot")
            answer = smtp.getreply()
        except (OSError, smtplib.SMTPException):
            self.close()
            raise NobodyKnows from None
        self._left -= 1
        return self._say(smtp, answer)

    def close(self) -> None:
        """Leave the server, if it listens."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def leave(self) -> None:
        """Say goodbye and close."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
        self.close()

    def _say(self, smtp: smtplib.SMTP, answer: tuple[int, bytes], wanted: int = 2) -> str:
        """The code of *answer*, if it is of the hundred that is *wanted*."""
        code = answer[0]
        if code // 100 == wanted:
            return _code(answer)
        if code in (421, -1):  # it closes the connection
            self.close()
        else:
            with suppress(OSError, smtplib.SMTPException):
                smtp.rset()
        raise NotTaken(_code(answer), answered=code // 100 in (4, 5))

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and self._left <= 0:
            self.leave()
        if self._connection is None:
            try:
                self._connection = self._connect()
            except smtplib.SMTPResponseException as error:
                raise NotReached(f"{type(error).__name__}.{error.smtp_code}") from None
            except (OSError, smtplib.SMTPException, ValueError) as error:
                raise NotReached(type(error).__name__) from None
            self._left = LETTERS
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        ours = self._settings
        # the system's certificates take some 40 ms to read: who sends in the clear needs none
        context = (
            None
            if ours.security is Security.NONE
            else ssl.create_default_context(cafile=ours.ca_file)
        )
        smtp: smtplib.SMTP
        if ours.security is Security.TLS:
            smtp = smtplib.SMTP_SSL(
                ours.host,
                ours.port,
                context=context,
                timeout=ours.timeout,
                local_hostname=ours.domain,
            )
        else:
            smtp = smtplib.SMTP(
                ours.host, ours.port, timeout=ours.timeout, local_hostname=ours.domain
            )
        try:
            if ours.security is Security.STARTTLS:
                smtp.starttls(context=context)  # refuses to go on in the clear
            if ours.user is not None and ours.password is not None:
                smtp.login(ours.user, ours.password)
            smtp.ehlo_or_helo_if_needed()
            # the dot goes alone: without this it would wait 40 ms for the server's TCP
            smtp.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
        except BaseException:
            smtp.close()
            raise
        return smtp


@contextmanager
def _no_longer_than(seconds: float, smtp: smtplib.SMTP) -> Iterator[None]:
    """Cut the connection when the time is over; whoever waits on it gets an OSError."""

    def cut() -> None:
        with suppress(OSError, AttributeError):
            smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _options(smtp: smtplib.SMTP, to: str) -> list[str]:
    """What the sender's line asks for: an address beyond ASCII needs a server that knows such."""
    if to.isascii():
        return []
    if not smtp.has_extn("smtputf8"):
        raise NotTaken("553", answered=True)
    smtp.command_encoding = "utf-8"
    return ["SMTPUTF8"]


def _dots_doubled(content: bytes) -> bytes:
    """As RFC 5321 4.5.2 wants it: no line of the letter is taken for its end."""
    return re.sub(rb"(?m)^\.", b"..", content)


def _code(answer: tuple[int, bytes]) -> str:
    """The code of an answer with its enhanced one, as ``250`` or ``550-5.1.1``; never its words."""
    enhanced = re.match(rb"([245]\.\d{1,3}\.\d{1,3})\b", answer[1])
    return f"{answer[0]}-{enhanced[1].decode()}" if enhanced else str(answer[0])
