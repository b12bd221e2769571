"""How letters leave: read once from the environment; a missing value stops the process by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from services.kernel.settings import Missing

USABLE = re.compile(r"[^\s<>(),;:\"\[\]\\@\x00-\x1f\x7f]+@[^\s<>(),;:\"\[\]\\@\x00-\x1f\x7f]+")
"""An address as mail takes it, without quoting; nothing in it can end a line or a command."""


class Security(StrEnum):
    """How the connection to the server is protected."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class MailSettings:
    """Our own address, the server that takes our mail, and the ledger.

    Attributes:
        sender: address that letters come from; its domain names our letters.
        sender_name: shown beside it.
        reply_to: the dedicated address, or None.
        ledger: file outside of what backups bring back.
        ca_file: certificates to trust instead of the system's, or None.
        timeout: seconds for each answer of the server.
        portal: root of the links in letters, or None.
        since: notices recorded before this day get no letter; None: all do.
    """

    sender: str
    sender_name: str
    reply_to: str | None
    ledger: Path
    host: str
    port: int
    security: Security
    user: str | None
    password: str | None = field(repr=False)
    ca_file: str | None
    timeout: float
    portal: str | None
    since: date | None

    @property
    def domain(self) -> str:
        """Of our address."""
        return self.sender.rpartition("@")[2]

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "MailSettings":
        """The settings of the mail that goes out.

        Raises:
            Missing: names the variable that is needed or wrong.
        """

        def needed(name: str) -> str:
            if not (value := env.get(name, "")):
                raise Missing(f"{name} is not set")
            return value

        def address(name: str, value: str) -> str:
            if not USABLE.fullmatch(value):
                raise Missing(f"{name} is not a mail address")
            return value

        security = env.get("SMTP_SECURITY") or Security.STARTTLS.value
        if security not in list(Security):
            raise Missing(f"SMTP_SECURITY is none of {', '.join(Security)}")
        host, user = needed("SMTP_HOST"), env.get("SMTP_USER") or None
        if user and security == Security.NONE and host not in LOOPBACK:
            raise Missing("SMTP_SECURITY is none: SMTP_USER's password would travel readable")
        reply_to = env.get("MAIL_REPLY_TO")
        try:
            return cls(
                sender=address("MAIL_FROM", needed("MAIL_FROM")),
                sender_name=env.get("MAIL_FROM_NAME") or "Comunità Energetiche",
                reply_to=address("MAIL_REPLY_TO", reply_to) if reply_to else None,
                ledger=Path(needed("MAIL_LEDGER")),
                host=host,
                port=int(env.get("SMTP_PORT") or PORTS[Security(security)]),
                security=Security(security),
                user=user,
                password=_password(env) if user else None,
                ca_file=env.get("SMTP_CA_FILE") or None,
                timeout=float(env.get("SMTP_TIMEOUT_SECONDS") or "60"),
                portal=(env.get("PORTAL_URL") or "").rstrip("/") or None,
                since=date.fromisoformat(env["MAIL_SINCE"]) if env.get("MAIL_SINCE") else None,
            )
        except ValueError:
            raise Missing(
                "SMTP_PORT or SMTP_TIMEOUT_SECONDS is not a number, or MAIL_SINCE not a day"
            ) from None


def _password(env: Mapping[str, str]) -> str:
    """The password, or the content of the file that ``SMTP_PASSWORD_FILE`` names."""
    if env.get("SMTP_PASSWORD"):
        return env["SMTP_PASSWORD"]
    try:
        return Path(env["SMTP_PASSWORD_FILE"]).read_text().strip()
    except (KeyError, OSError):
        raise Missing("SMTP_PASSWORD is not set") from None
