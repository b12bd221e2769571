"""What makes two mails the same one: Message-ID, sender, and everything after the headers.

Servers on the way add headers and change line ends; the same mail by another route stays the same.
"""

import re
from hashlib import blake2b

from services.notify.post_in.gate import END_OF_HEADERS, MOST, Limit

NAMED = (b"message-id", b"from")
INSTEAD = (b"from", b"to", b"date", b"subject")
"""Of a mail without Message-ID."""
FIELD = re.compile(rb"^([!-9;-~]+)[ \t]*:((?:.*\r?\n[ \t])*.*)", re.MULTILINE)


def digests(raw: bytes, key: bytes) -> tuple[str, str]:
    """Digest of who names the mail, and digest of its body; hex, keyed: nobody can search them."""
    found = END_OF_HEADERS.search(raw, 0, MOST[Limit.HEADERS] + 4)
    head, body = (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")
    head = head[: MOST[Limit.HEADERS]]
    fields: dict[bytes, list[bytes]] = {}
    for name, value in FIELD.findall(head):
        fields.setdefault(name.lower(), []).append(b" ".join(value.split()))
    names = NAMED if b"message-id" in fields else INSTEAD
    named = b"\n".join(b"\0".join((name, *fields.get(name, ()))) for name in names)
    if not found:  # no body at all: nothing else tells two of them apart
        named += b"\n" + raw
    return _digest(named, key), _digest(body.replace(b"\r\n", b"\n").rstrip(b"\n"), key)


def _digest(words: bytes, key: bytes) -> str:
    return blake2b(words, key=key, digest_size=32).hexdigest()
