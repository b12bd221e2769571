"""What a mail is, by its bytes alone: form, receipt, automatic, or nothing we understand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

import msgspec

from services.notify.mail import Aside, Doubt
from services.notify.post_in import authentic, gate, pec
from services.notify.post_in.form import REFERENCE, Filled, NotRead, read
from services.notify.post_in.found import LONGEST_REFERENCE, Asked, Attachment, Found, Kind
from services.notify.post_in.gate import MEGABYTE
from services.notify.post_in.mime import (
    Exceeded,
    kind_of,
    leaves,
    message_of,
    one_address,
    subject_of,
)

MOST_PDFS = 10
LARGEST_PDF = 15 * MEGABYTE
OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
"""A Message-ID of our letters: the notice's id before the ``@``."""
BULK = {"bulk", "junk", "list"}


def sort(raw: bytes, asked: Asked) -> Found:
    """What *raw* is; never raises for anything that is in it."""
    limit = gate.exceeded(raw)
    if limit is not None:
        return Found(Kind.DOUBT, Doubt.TOO_MUCH, limit)
    try:
        return _sort(raw, asked)
    except Exceeded as exceeded:
        return Found(Kind.DOUBT, Doubt.TOO_MUCH, exceeded.limit)
    except RecursionError:
        return Found(Kind.DOUBT, Doubt.TOO_MUCH, gate.Limit.DEPTH)
    except MemoryError:
        return Found(Kind.DOUBT, Doubt.UNREADABLE, "memory")


def _sort(raw: bytes, asked: Asked) -> Found:
    mail = message_of(raw)
    certified = pec.envelope(raw, mail, asked.own, asked.authorities, asked.at)
    if certified is not None and certified.receipt is not None:
        return Found(
            Kind.ASIDE, Aside.PEC_RECEIPT, certified.receipt, regards=_ours(mail, "receipt")
        )
    if certified is not None:
        return _certified(certified, asked)
    return _plain(raw, mail, asked)


def _certified(envelope: pec.Envelope, asked: Asked) -> Found:
    """A mail inside a PEC envelope; the envelope says who sent it, if it is verified."""
    if envelope.inner is None:
        return Found(Kind.DOUBT, Doubt.UNREADABLE, "pec_without_mail")
    found = _plain(envelope.inner, message_of(envelope.inner), asked)
    if not envelope.verified:
        return msgspec.structs.replace(found, claimed=True)
    return msgspec.structs.replace(
        found,
        sender=envelope.sender,
        authentic="pass" if found.sender == envelope.sender else "fail",
        accepted_at=envelope.accepted_at,
    )


def _plain(raw: bytes, mail: Message, asked: Asked) -> Found:
    sender = one_address(mail)
    why = _automatic(mail, sender, asked.own)
    held = _Attached.of(mail)
    head: dict[str, Any] = {
        "sender": sender,
        "subject": subject_of(mail),
        "attachments": held.attachments,
        "references": held.references,
    }
    if why is not None:
        if why is not Aside.OWN_ADDRESS and why is not Aside.BOUNCE and held.forms:
            return Found(Kind.DOUBT, Doubt.AUTOMATIC_WITH_FORM, why, **head)
        return Found(Kind.ASIDE, why, regards=_ours(mail, "reply"), **head)
    head["authentic"] = authentic.verdict(raw, mail, sender, asked.authserv, asked.resolver)
    if len(held.forms) == 1:
        [filled] = held.forms
        return Found(Kind.FORM, "form", fields=filled.fields, active=list(filled.active), **head)
    if held.forms:
        return Found(Kind.DOUBT, Doubt.SEVERAL_FORMS, **head)
    if held.troubles:
        return Found(Kind.DOUBT, Doubt.FORM_UNREADABLE, held.troubles[0], **head)
    replies = None if held.attachments else _ours(mail, "reply")
    return Found(Kind.DOUBT, Doubt.NO_FORM, held.instead, regards=replies, **head)


def _automatic(mail: Message, sender: str | None, own: Iterable[str]) -> Aside | None:
    """Why nobody answers it, or None: somebody wrote it (RFC 3834)."""
    if sender is not None and sender in own:
        return Aside.OWN_ADDRESS
    if mail.get_content_type() == "multipart/report":
        return Aside.BOUNCE
    says = _word(mail, "Auto-Submitted").split(";")[0].strip()
    precedence = _word(mail, "Precedence")
    if says not in ("", "no") or precedence == "auto_reply":
        return Aside.AUTO_REPLY
    if mail.get("X-Autoreply") or mail.get("X-Autorespond"):
        return Aside.AUTO_REPLY
    if mail.get("List-Id") or precedence in BULK:
        return Aside.LIST
    if (mail.get_all("Return-Path") or [""])[0].strip() == "<>":
        return Aside.BOUNCE
    return None


def _word(mail: Message, name: str) -> str:
    return str(mail.get(name, ""))[:100].strip().lower()


def _ours(mail: Message, kind: str) -> str | None:
    """The notice of ours to which a bounce, reply or receipt refers, if it names one."""
    named = [str(mail.get(name, "")) for name in ("In-Reply-To", "References")]
    named.append(str(mail.get("X-Riferimento-Message-ID", "")))
    if mail.get_content_type() == "multipart/report":
        for part in leaves(mail):
            content: Any = part.get_payload(decode=True)
            named.append(str(part.get("Message-ID", "")))
            named.append((content or b"")[:20_000].decode("ascii", "replace"))
    found = OURS.search("\n".join(named)[:100_000])
    return found[1] if found else None


@dataclass
class _Attached:
    """What is attached: files by their first bytes, and the forms among them.

    Attributes:
        troubles: why PDFs were not read.
        instead: what is attached in the place of a form, or None.
    """

    attachments: list[Attachment] = field(default_factory=list)
    forms: list[Filled] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    instead: str | None = None

    @classmethod
    def of(cls, mail: Message) -> "_Attached":
        held = cls()
        for part in leaves(mail):
            content: Any = part.get_payload(decode=True)
            named = part.get_filename() is not None
            kind = kind_of(content or b"")
            if kind == "pdf" or named:
                held.attachments.append(Attachment(kind, len(content or b"")))
                held._look(kind, content or b"")
        return held

    @property
    def references(self) -> list[str]:
        """What the forms name."""
        named = [str(each.fields[REFERENCE]).strip() for each in self.forms]
        return [each for each in named if len(each) <= LONGEST_REFERENCE]

    def _look(self, kind: str, content: bytes) -> None:
        if kind == "empty":
            self.troubles.append("empty")
        elif kind != "pdf":
            self.instead = self.instead or kind
        elif len(self.attachments) > MOST_PDFS or len(content) > LARGEST_PDF:
            self.troubles.append("too_large")
        else:
            self._read(content)

    def _read(self, content: bytes) -> None:
        try:
            filled = read(content)
        except NotRead as trouble:
            self.troubles.append(trouble.code)
            return
        if REFERENCE not in filled.fields:
            self.instead = self.instead or ("other_form" if filled.fields else "pdf")
        elif all(filled.fields != other.fields for other in self.forms):
            self.forms.append(filled)
