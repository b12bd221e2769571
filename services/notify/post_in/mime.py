"""The parts of a mail that passed the gate, by the standard library's quick policy.

Nothing is interpreted that need not be: no address list, no charset of a text.
"""

import email
import email.policy
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any

from services.notify.post_in.gate import MOST, Limit

LONGEST_FIELD = 1_000
LONGEST_SUBJECT = 200
MAGIC = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\xd0\xcf\x11\xe0": "office",
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG": "png",
    b"MZ": "program",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
    b"\x1f\x8b": "gzip",
    b"<?xml": "xml",
    b"\x30\x82": "signed",
    b"\x30\x80": "signed",
    b"\x30\x83": "signed",
}
"""First bytes; ``signed`` is DER, as of a file that was signed as ``.p7m``."""


PLAIN = re.compile(r"[^@\s]+@[^@\s]+")


class Exceeded(Exception):
    """The parsed mail exceeds a limit."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(limit)
        self.limit = limit


def message_of(raw: bytes) -> Message:
    """*raw*, parsed."""
    return email.message_from_bytes(raw, policy=email.policy.compat32)


def leaves(mail: Message, into_messages: bool = True) -> Iterator[Message]:
    """The parts that hold no parts, in order.

    Args:
        into_messages: whether a mail inside the mail is opened, too.

    Raises:
        Exceeded: too many parts, or nested too deep.
    """
    count = 0
    waiting = [(mail, 0)]
    while waiting:
        part, depth = waiting.pop()
        count += 1
        if count > MOST[Limit.PARTS]:
            raise Exceeded(Limit.PARTS)
        if depth > MOST[Limit.DEPTH]:
            raise Exceeded(Limit.DEPTH)
        inside: Any = part.get_payload()
        closed = part.get_content_maintype() == "message" and not into_messages
        if isinstance(inside, list) and not closed:
            waiting.extend((each, depth + 1) for each in reversed(inside))
        else:
            yield part


def kind_of(content: bytes) -> str:
    """What the first bytes say; the name and type that the sender gave say nothing."""
    if not content:
        return "empty"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    return next((kind for magic, kind in MAGIC.items() if content.startswith(magic)), "other")


def one_address(mail: Message, field: str = "From") -> str | None:
    """The one address in *field*, lower case; None if there is not exactly one, plainly written."""
    values = mail.get_all(field) or []
    if len(values) != 1:
        return None
    value = str(values[0])
    if len(value) > LONGEST_FIELD or value.count("(") > 3:
        return None
    try:
        found = [address for _, address in getaddresses([value]) if address]
    except (ValueError, IndexError, RecursionError):
        return None
    if len(found) != 1 or len(found[0]) > 320 or not PLAIN.fullmatch(found[0]):
        return None
    if any(sign.isspace() or not sign.isprintable() for sign in found[0]):
        return None
    return found[0].lower()


def subject_of(mail: Message) -> str:
    """The subject in one line, as far as it can be read; of an unknown charset as it came."""
    raw = str(mail.get("Subject", ""))[:LONGEST_FIELD]
    try:
        text = str(make_header(decode_header(raw)))
    except (LookupError, ValueError, TypeError, AssertionError):
        text = raw
    text = text.encode("utf-8", "replace").decode()
    return " ".join("".join(s if s.isprintable() else " " for s in text).split())[:LONGEST_SUBJECT]
