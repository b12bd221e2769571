"""Messages that are not believed: kept aside whole, up to a limit; beyond it counted, never lost.

A flood must not fill the disk. What is not kept any more leaves its count, its bytes and a chained
digest, so that whoever has the messages can show that they were these.
"""

import logging
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import Connection, func, select, update

from services.kernel.database import add_new
from services.kernel.tables import quarantine, quarantine_overflow

logger = logging.getLogger(__name__)

LARGEST = 256 * 1024
"""Bytes of the largest message that is kept."""
MOST = 1_000
"""Messages that are kept."""
MOST_BYTES = 32 * 1024 * 1024
"""Bytes that are kept, of all of them together."""
NOTHING_BEFORE = "0" * 64
"""What the chain of digests begins with."""


@dataclass(frozen=True)
class Aside:
    """What was not believed.

    Attributes:
        kept: messages in quarantine.
        not_kept: messages that were too large, or came when it was full.
        not_kept_bytes: what those would have taken.
        digest: hex SHA-256 over the digest before and the SHA-256 of the message, for each of them.
    """

    kept: int
    not_kept: int = 0
    not_kept_bytes: int = 0
    digest: str = NOTHING_BEFORE


def keep_aside(connection: Connection, body: bytes, reason: str, now: int) -> None:
    """Keep *body* in quarantine; if it is too large, or that is full, count it.

    The same message kept before adds nothing.

    Args:
        connection: of a transaction that may write.
        body: of the message.
        reason: why it is not believed, in words without anything of the message.
        now: microseconds since 1970 UTC, real time.
    """
    digest = sha256(body).hexdigest()
    same = select(quarantine.c.digest).where(quarantine.c.digest == digest)
    if connection.scalar(same) is not None:
        return
    size = func.coalesce(func.sum(func.length(quarantine.c.body)), 0)
    kept, taken = connection.execute(select(func.count(quarantine.c.digest), size)).one()
    if len(body) > LARGEST or kept >= MOST or taken + len(body) > MOST_BYTES:
        _count(connection, len(body), digest, reason, now)
        return
    row = {"digest": digest, "reason": reason, "received_at": now, "body": body}
    add_new(connection, quarantine, row)


def aside(connection: Connection) -> Aside:
    """How much was kept aside, and how much only counted."""
    kept = connection.scalar(select(func.count()).select_from(quarantine)) or 0
    row = connection.execute(select(quarantine_overflow)).one_or_none()
    return Aside(kept, row.messages, row.bytes, row.digest) if row else Aside(kept)


def _count(connection: Connection, size: int, digest: str, reason: str, now: int) -> None:
    """Add one message of *size* bytes to what is not kept; log the 1st, 2nd, 4th, 8th and so on."""
    nothing = {"one": 1, "messages": 0, "bytes": 0, "digest": NOTHING_BEFORE}
    add_new(connection, quarantine_overflow, {**nothing, "first_at": now, "last_at": now})
    before = connection.execute(select(quarantine_overflow).with_for_update()).one()
    chained = sha256(bytes.fromhex(before.digest) + bytes.fromhex(digest)).hexdigest()
    messages = before.messages + 1
    connection.execute(
        update(quarantine_overflow).values(
            messages=messages, bytes=before.bytes + size, digest=chained, last_at=now
        )
    )
    if messages & (messages - 1) == 0:
        logger.error(
            "not kept aside",
            extra={"because": reason, "digest": digest, "bytes": size, "not_kept": messages},
        )
