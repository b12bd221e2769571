"""Configuration of mail in: read once from the environment; a missing value is named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from services.kernel.settings import Missing

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
RESOLVER = re.compile(r"[0-9a-fA-F.:]+:\d+")


@dataclass(frozen=True)
class Mailbox:
    """An existing mailbox that is read by IMAP.

    Attributes:
        tls: whether the connection is encrypted; only on this machine it may not be.
        authorities: file of the CA certificates by one of which the server is known, or None:
            those that this machine trusts.
        folder: where mail arrives.
        taken: where it is moved to once it is kept.
        too_large: where a mail is moved to that is larger than what is kept.
        poll: seconds after which to look, also where the server tells nothing.
    """

    host: str
    port: int
    tls: bool
    user: str
    password: str
    folder: str
    taken: str
    too_large: str
    poll: float
    authorities: str | None = None


@dataclass(frozen=True)
class PostIn:
    """Mail in of one organisation.

    Attributes:
        addresses: the dedicated addresses, lower case; mail to others is refused.
        own: every address of ours, the dedicated ones too; mail from them is not answered.
        smtp: host and port on which SMTP is spoken, or None.
        lmtp: the same for LMTP.
        tls: files of certificate chain and key for STARTTLS, or None.
        mailbox: a mailbox that is read by IMAP, or None.
        authserv: name under which our own provider writes Authentication-Results, or None.
        resolver: ``address:port`` of the name server asked for DKIM keys, or None: none is asked.
        authorities: file with the CA certificates of the PEC providers, or None: none is verified.
        session: seconds for one command of SMTP, the whole of a mail's data included.
        connections: how many may be open at once.
        lease: seconds for which a process that died keeps the next one from sorting.
        poll: seconds after which the sorter looks, also without news.
    """

    addresses: frozenset[str]
    own: frozenset[str]
    smtp: tuple[str, int] | None
    lmtp: tuple[str, int] | None
    tls: tuple[str, str] | None
    mailbox: Mailbox | None
    authserv: str | None
    resolver: str | None
    authorities: str | None
    session: float
    connections: int
    lease: float
    poll: float

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> "PostIn":
        """The settings; see the table in this package's README.

        Raises:
            Missing: names the variable that is needed or wrong.
        """
        addresses = _addresses(env, "POST_IN_ADDRESSES")
        if not addresses:
            raise Missing("POST_IN_ADDRESSES is not set")
        smtp, lmtp = _place(env, "POST_IN_SMTP"), _place(env, "POST_IN_LMTP")
        mailbox = _mailbox(env)
        if smtp is None and lmtp is None and mailbox is None:
            raise Missing("none of POST_IN_SMTP, POST_IN_LMTP and POST_IN_IMAP is set")
        chain, key = env.get("POST_IN_TLS_CHAIN"), env.get("POST_IN_TLS_KEY")
        resolver = env.get("POST_IN_RESOLVER") or None
        if resolver is not None and not RESOLVER.fullmatch(resolver):
            raise Missing("POST_IN_RESOLVER is not an address with a port")
        return cls(
            addresses=addresses,
            own=addresses | _addresses(env, "POST_IN_ALSO_OURS"),
            smtp=smtp,
            lmtp=lmtp,
            tls=(chain, key) if chain and key else None,
            mailbox=mailbox,
            authserv=env.get("POST_IN_AUTHSERV") or None,
            resolver=resolver,
            authorities=_file(env, "POST_IN_PEC_CA"),
            session=_number(env, "POST_IN_SESSION_SECONDS", 300.0),
            connections=int(_number(env, "POST_IN_CONNECTIONS", 200.0)),
            lease=_number(env, "POST_IN_LEASE_SECONDS", 15.0),
            poll=_number(env, "POST_IN_POLL_SECONDS", 5.0),
        )


def _addresses(env: Mapping[str, str], name: str) -> frozenset[str]:
    listed = frozenset(each.strip().lower() for each in env.get(name, "").split(",") if each)
    if any(each.count("@") != 1 for each in listed):
        raise Missing(f"{name} is not a list of addresses, separated by commas")
    return listed


def _place(env: Mapping[str, str], name: str) -> tuple[str, int] | None:
    given = env.get(name)
    if not given:
        return None
    host, _, port = given.rpartition(":")
    if not port.isdigit() or not host:
        raise Missing(f"{name} is not host:port")
    return host, int(port)


def _number(env: Mapping[str, str], name: str, otherwise: float) -> float:
    try:
        return float(env.get(name) or otherwise)
    except ValueError:
        raise Missing(f"{name} is not a number") from None


def _file(env: Mapping[str, str], name: str) -> str | None:
    given = env.get(name)
    if given and not Path(given).is_file():
        raise Missing(f"the file that {name} names cannot be read")
    return given or None


def _mailbox(env: Mapping[str, str]) -> Mailbox | None:
    """``imaps://user@host:993/INBOX``; the password beside it or in a file."""
    given = env.get("POST_IN_IMAP")
    if not given:
        return None
    parts = urlsplit(given)
    tls = parts.scheme == "imaps"
    if parts.scheme not in ("imaps", "imap") or not parts.hostname or not parts.username:
        raise Missing("POST_IN_IMAP is not imaps://user@host:port/folder")
    if not tls and parts.hostname not in LOOPBACK:
        raise Missing("POST_IN_IMAP: without TLS only a server on this machine is asked")
    secret = env.get("POST_IN_IMAP_PASSWORD", "")
    if not secret and (kept := _file(env, "POST_IN_IMAP_PASSWORD_FILE")):
        secret = Path(kept).read_text().strip()
    if not secret:
        raise Missing("POST_IN_IMAP_PASSWORD is not set")
    return Mailbox(
        host=parts.hostname,
        port=parts.port or (993 if tls else 143),
        tls=tls,
        user=unquote(parts.username),
        password=secret,
        folder=unquote(parts.path.lstrip("/")) or "INBOX",
        taken=env.get("POST_IN_IMAP_TAKEN") or "Acquisiti",
        too_large=env.get("POST_IN_IMAP_TOO_LARGE") or "Troppo grandi",
        poll=_number(env, "POST_IN_IMAP_POLL_SECONDS", 60.0),
        authorities=_file(env, "POST_IN_IMAP_CA"),
    )
