"""PEC: envelopes and receipts of certified mail, RFC 6109 [5].

A header may say anything: certified is only what the provider signed. The parts are read from the
signed content that ``openssl`` hands out after it has verified it, never from around it.
"""

import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import Message
from typing import Any

from services.notify.post_in.mime import leaves, message_of

LONGEST_DATICERT = 200_000
EARLIEST = timedelta(days=5)
"""How long before our receipt an acceptance may lie: servers try for four to five days
(RFC 5321, 4.5.4.1); an older one is a repetition, or a clock that is wrong."""
LATEST = timedelta(minutes=5)
"""How far ahead of our clock the provider's may go."""
PATIENCE = 20.0
"""Seconds for ``openssl``."""


@dataclass(frozen=True)
class Envelope:
    """One verified or claimed PEC envelope.

    Attributes:
        receipt: kind of the receipt, or None: it carries a mail.
        inner: the mail that it carries, or None.
        sender: whom the provider names as sender; only if verified.
        accepted_at: when the provider accepted the mail; only if verified and plausible.
    """

    receipt: str | None
    verified: bool
    inner: bytes | None
    sender: str | None
    accepted_at: datetime | None


RECEIPTS = {
    "accettazione",
    "non-accettazione",
    "presa-in-carico",
    "avvenuta-consegna",
    "errore-consegna",
    "preavviso-errore-consegna",
    "rilevazione-virus",
}


def envelope(
    raw: bytes, mail: Message, own: list[str], authorities: str | None, at: datetime
) -> Envelope | None:
    """What *mail* is as PEC, or None: it does not say that it is any."""
    carries = str(mail.get("X-Trasporto", "")).strip().lower()
    receipt = str(mail.get("X-Ricevuta", "")).strip().lower()
    if receipt:
        return Envelope(receipt if receipt in RECEIPTS else "unknown", False, None, None, None)
    if carries not in ("posta-certificata", "errore"):
        return None
    signed = _verified(raw, authorities) if carries == "posta-certificata" else None
    inner, daticert = _parts(message_of(signed) if signed is not None else mail)
    if signed is None or daticert is None:
        return Envelope(None, False, inner, None, None)
    told = _daticert(daticert)
    if told is None or not told.recipients & set(own) or told.kind != "posta-certificata":
        return Envelope(None, False, inner, None, None)
    plausible = at - EARLIEST <= told.at <= at + LATEST
    return Envelope(None, True, inner, told.sender, told.at if plausible else None)


def _verified(raw: bytes, authorities: str | None) -> bytes | None:
    """The content that a PEC provider signed, or None."""
    if authorities is None:
        return None
    verify = ("openssl", "smime", "-verify", "-purpose", "any", "-CAfile", authorities)
    try:
        done = subprocess.run(verify, input=raw, capture_output=True, timeout=PATIENCE)
    except (subprocess.TimeoutExpired, OSError):
        return None
    return done.stdout if done.returncode == 0 else None


def _parts(mail: Message) -> tuple[bytes | None, bytes | None]:
    """``postacert.eml`` and ``daticert.xml``."""
    inner = daticert = None
    for part in leaves(mail, into_messages=False):
        name = str(part.get_filename() or part.get_param("name") or "").lower()
        if part.get_content_type() == "message/rfc822" and inner is None:
            payload: Any = part.get_payload()
            inner = payload[0].as_bytes() if isinstance(payload, list) and payload else None
        elif name == "daticert.xml" and daticert is None:
            content: Any = part.get_payload(decode=True)
            daticert = content if isinstance(content, bytes) else None
    return inner, daticert


@dataclass(frozen=True)
class Daticert:
    """What the provider certifies."""

    kind: str
    sender: str
    recipients: frozenset[str]
    at: datetime


def _daticert(xml: bytes) -> Daticert | None:
    from defusedxml import ElementTree  # entities and outside references are refused

    if len(xml) > LONGEST_DATICERT:
        return None
    try:
        root = ElementTree.fromstring(xml, forbid_dtd=True)
        found = root.find("dati/data")
        day, hour = found.findtext("giorno"), found.findtext("ora")
        at = datetime.strptime(f"{day} {hour} {found.get('zona')}", "%d/%m/%Y %H:%M:%S %z")
        return Daticert(
            str(root.get("tipo")),
            str(root.findtext("intestazione/mittente")).strip().lower(),
            frozenset(
                str(each.text).strip().lower() for each in root.findall("intestazione/destinatari")
            ),
            at.astimezone(UTC),
        )
    except Exception:  # whatever it is, it certifies nothing
        return None
