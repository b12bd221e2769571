"""Hearing: into the inbox before the ack; applied once, in order, without holes; stops when unsure.

What cannot be believed is kept in quarantine; what a rule refuses becomes a fact; what crashes
stops its line, visibly, and is tried again with back-off until an operator steps over it.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, exists, func, select, update

from services.kernel.actor import Actor
from services.kernel.database import Prepared, add_new, away
from services.kernel.deciding import Deciding, Occasion
from services.kernel.failpoints import failpoint
from services.kernel.line import Line, line_id
from services.kernel.mapper import instant
from services.kernel.quarantine import keep_aside
from services.kernel.refusal import Refused
from services.kernel.said import NOTHING_BEFORE, Envelope
from services.kernel.store import Store
from services.kernel.tables import heard, inbox
from services.kernel.vault import Entry
from services.kernel.words import Heard

FORKED = "Forked"
"""Why a line stands still for good: its producer said something else under the same number."""
BATCH = 100
"""Envelopes applied in one transaction, as long as none of them fails."""
LONGEST_BATCH = 0.1
"""Seconds after which a batch is committed as it is, so that slow policies keep nobody waiting."""
PATIENCE = 5.0
"""Seconds for which a batch that conflicts with others, or meets a busy database, is repeated."""
LONGEST_PAUSE = 300.0
"""Longest pause, in seconds of real time, before a crashed line is tried again."""

_waiting = Prepared(
    select(heard.c.log_id)
    .where(exists().where(inbox.c.log_id == heard.c.log_id, inbox.c.seq > heard.c.seq))
    .order_by(heard.c.log_id)
)
_heard = Prepared(select(heard).where(heard.c.log_id == bindparam("log_id")))
_following = Prepared(
    select(inbox)
    .where(inbox.c.log_id == bindparam("log_id"), inbox.c.seq > bindparam("after"))
    .order_by(inbox.c.seq)
    .limit(BATCH)
)
_without_parts = Prepared(
    update(inbox)
    .where(inbox.c.log_id == bindparam("line"), inbox.c.seq == bindparam("number"))
    .values(parts=None)
)
_follow = Prepared(
    update(heard)
    .where(
        heard.c.log_id == bindparam("line"),
        heard.c.seq == bindparam("before"),
        heard.c.hash == bindparam("previous_hash"),
        func.coalesce(heard.c.stopped, "") != FORKED,
    )
    .values(
        seq=bindparam("seq"),
        hash=bindparam("hash"),
        stopped=None,
        stopped_at=None,
        attempts=0,
        next_try_at=0,
    )
)


class Broken(Exception):
    """A personal part does not match what its envelope commits to."""


class HeardElsewhere(Exception):
    """Another courier of this service heard it first; nothing was written."""


class Step(Enum):
    """What came of one look at a line."""

    HEARD = "heard"
    WAITING = "waiting"
    HOLE = "hole"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Applied:
    """One envelope that was heard.

    Attributes:
        contract: the words on which the policy acted, or None: there is no policy for any of them.
        began: nanoseconds since 1970 UTC, real time, as *ended*.
    """

    envelope: Envelope
    occasion: Occasion
    contract: str | None
    began: int
    ended: int


@dataclass(frozen=True)
class Looked:
    """What came of one look, and how far the line is heard now.

    Attributes:
        applied: what was heard in this look, in order.
    """

    step: Step
    seq: int
    applied: Sequence[Applied] = field(default=(), compare=False)


def receive(store: Store, bodies: Sequence[bytes]) -> None:
    """Put messages into the inbox, in one transaction; after it they may be acked.

    A repeated message counts once; where a line stands still, its parts are taken anew. One that
    says something else under a number that was said before is kept in quarantine and stops its
    line. One that nobody known signed is kept in quarantine.
    """
    now = int(time.time() * 1_000_000)

    def attempt() -> None:
        with store.database.writing() as connection:
            for body in bodies:
                _receive(store, connection, body, now)
            failpoint("before inbox commit")
        failpoint("between inbox commit and ack")

    store.database.again(attempt)


def _receive(store: Store, connection: Connection, body: bytes, now: int) -> None:
    try:
        envelope, parts = _believed(store, body)
    except ValueError as reason:
        keep_aside(connection, body, str(reason), now)
        return
    line = {
        "log_id": envelope.log_id,
        "seq": 0,
        "hash": NOTHING_BEFORE,
        "attempts": 0,
        "next_try_at": 0,
    }
    add_new(connection, heard, line)
    row = {
        "log_id": envelope.log_id,
        "seq": envelope.seq,
        "hash": envelope.hash,
        "envelope": envelope.text,
        "parts": json.dumps(parts) if parts else None,
        "received_at": now,
    }
    if add_new(connection, inbox, row):
        return
    known = connection.scalar(
        select(inbox.c.hash).where(inbox.c.log_id == envelope.log_id, inbox.c.seq == envelope.seq)
    )
    if known != envelope.hash:
        keep_aside(connection, body, "contradicts what was heard", now)
        connection.execute(
            update(heard)
            .where(heard.c.log_id == envelope.log_id)
            .values(stopped=FORKED, stopped_at=now)
        )
    elif parts:
        _mend(connection, envelope, parts)


def _mend(connection: Connection, envelope: Envelope, parts: list[dict[str, Any]]) -> None:
    """Take the parts that came again, if the line stands still at this very envelope."""
    stands = exists().where(
        heard.c.log_id == envelope.log_id,
        heard.c.seq == envelope.seq - 1,
        heard.c.stopped.is_not(None),
    )
    connection.execute(
        update(inbox)
        .where(inbox.c.log_id == envelope.log_id, inbox.c.seq == envelope.seq, stands)
        .values(parts=json.dumps(parts))
    )


def _believed(store: Store, body: bytes) -> tuple[Envelope, list[dict[str, Any]]]:
    """The envelope and sealed parts of a message.

    Raises:
        ValueError: why it is not believed, in words without anything of the message.
    """
    try:
        message = json.loads(body)
        envelope = Envelope.read(message["envelope"])
        signature = bytes.fromhex(message["signature"])
        parts = [_part(part) for part in message["parts"]]
    except Exception:  # whatever it is, it is no message of ours; fails closed
        raise ValueError("unreadable") from None
    speaker = store.programme.organisations.get(envelope.organisation)
    if speaker is None or envelope.service not in speaker.services:
        raise ValueError("unknown organisation or service")
    if not speaker.keys.verifies(envelope.text.encode(), signature):
        raise ValueError("not signed by the organisation it names")
    if envelope.audience != store.programme.own:
        raise ValueError("said to somebody else")
    return envelope, parts


def _part(part: dict[str, Any]) -> dict[str, Any]:
    """One part of a message, of the shape that it must have."""
    ref = str(UUID(part["ref"]))
    if part.get("erased") is True:
        return {"ref": ref, "erased": True}
    return {"ref": ref, "sealed": bytes.fromhex(part["sealed"]).hex()}


def lines_waiting(connection: Connection) -> list[str]:
    """The logs of which something waits in the inbox."""
    return list(_waiting(connection).scalars())


def look(store: Store, log_id: str) -> Looked:
    """Apply what waits on one line, in order; a batch in one transaction, or one by one.

    A crash of a policy is caught here: the envelope stays in the inbox, the line's row says what
    kind of crash, how often, and when it is tried again.

    Raises:
        sqlalchemy.exc.DBAPIError: the database is busy or away; nothing is wrong with the words.
    """
    with store.database.reading() as connection:
        line = _heard(connection, {"log_id": log_id}).one()
        words = {"log_id": log_id, "after": line.seq}
        waiting = _following(connection, words).all()
    if line.stopped == FORKED or line.next_try_at > _real_now():
        return Looked(Step.STOPPED, line.seq)
    ready = []
    for offset, row in enumerate(waiting, start=1):
        if row.seq != line.seq + offset:
            break
        ready.append(row)
    if not ready:
        return Looked(Step.HOLE if waiting else Step.WAITING, line.seq)
    try:
        applied = _apply(store, ready)
        return Looked(Step.HEARD, applied[-1].envelope.seq, applied)
    except HeardElsewhere:
        return Looked(Step.HEARD, line.seq)
    except Exception as crash:  # find which one, by applying one by one
        if away(crash):
            raise
        return _one_by_one(store, log_id, ready)


def _one_by_one(store: Store, log_id: str, rows: Sequence[Any]) -> Looked:
    applied: list[Applied] = []
    for row in rows:
        try:
            applied += _apply(store, [row])
        except HeardElsewhere:
            return Looked(Step.HEARD, row.seq, applied)
        except Exception as crash:  # the line stops here; the envelope stays
            if away(crash):
                raise
            stop(store, log_id, type(crash).__name__)
            return Looked(Step.STOPPED, row.seq - 1, applied)
    return Looked(Step.HEARD, rows[-1].seq, applied)


def _apply(store: Store, rows: Sequence[Any]) -> list[Applied]:
    """Hear *rows* in one transaction: heard position, decisions and what they say, together.

    Returns:
        What was heard: at least the first of *rows*, and not all if they took long.
    """

    def attempt() -> list[Applied]:
        applied = []
        with store.database.writing() as connection:
            end = time.monotonic() + LONGEST_BATCH
            for row in rows:
                envelope, parts = Envelope.read(row.envelope), json.loads(row.parts or "[]")
                applied.append(_hear(store, connection, envelope, parts))
                if time.monotonic() > end:
                    break
            failpoint("before heard commit")
        failpoint("after heard commit")
        return applied

    return store.database.again(attempt, PATIENCE)


def _hear(
    store: Store, connection: Connection, envelope: Envelope, parts: list[dict[str, Any]]
) -> Applied:
    began = time.time_ns()
    words = envelope.words
    occasion = Occasion(
        root=uuid5(UUID(words["event_id"]), store.log_id),
        cause=f"heard:{envelope.log_id}#{envelope.seq}",
        correlation=words["correlation"],
        actor=Actor.of_service(store.programme.own, store.composition.name, words["by"]),
    )
    if not _advance(connection, envelope):
        stop_if_contradicted(connection, envelope)
    failpoint("between heard and apply")
    deciding = store.deciding(connection, occasion)
    contract = newest(words["says"], store.composition.policies)
    if contract is not None:
        entries = list(_opened(store, envelope, parts))
        for entry in entries:
            deciding.vault.keep(entry)
        said = Heard(
            contract=contract,
            body=words["says"][contract],
            organisation=envelope.organisation,
            service=envelope.service,
            said_at=instant(words["recorded_at"]),
            by=words["by"],
            event_id=UUID(words["event_id"]),
        )
        try:
            store.composition.policies[contract](deciding, said)
        except Refused as refusal:
            deciding.forget()
            for entry in entries:
                deciding.vault.keep(entry)
            line = _line(deciding, envelope.log_id)
            line.refuse(envelope.seq, contract, refusal.kind, refusal.facts, by=occasion.actor)
    deciding.write()
    failpoint("between apply and heard")
    if parts:
        _forget_parts(connection, envelope.log_id, envelope.seq)
    return Applied(envelope, occasion, contract, began, time.time_ns())


def _forget_parts(connection: Connection, log_id: str, seq: int) -> None:
    """Drop the personal parts of an envelope that was heard; what is kept is in the vault."""
    _without_parts(connection, {"line": log_id, "number": seq})


def _advance(connection: Connection, envelope: Envelope) -> bool:
    """Move the heard position to *envelope*, if it follows what was heard."""
    words = {
        "line": envelope.log_id,
        "before": envelope.seq - 1,
        "previous_hash": envelope.words["previous_hash"],
        "seq": envelope.seq,
        "hash": envelope.hash,
    }
    return bool(_follow(connection, words).rowcount)


def stop_if_contradicted(connection: Connection, envelope: Envelope) -> None:
    """Say why *envelope* did not follow.

    Raises:
        HeardElsewhere: another courier was faster.
        Forked: it follows something else than what was heard.
    """
    line = _heard(connection, {"log_id": envelope.log_id}).one()
    if line.seq >= envelope.seq:
        raise HeardElsewhere
    raise Forked


class Forked(Exception):
    """The producer's chain does not continue what was heard from it; nothing was written."""


def stop(store: Store, log_id: str, because: str) -> None:
    """Mark the line as stopped: *because* is the name of what happened, never its message."""
    now = _real_now()

    def attempt() -> None:
        with store.database.writing() as connection:
            line = _heard(connection, {"log_id": log_id}).one()
            pause = min(LONGEST_PAUSE, 0.5 * 2 ** min(line.attempts, 12))
            connection.execute(
                update(heard)
                .where(heard.c.log_id == log_id, func.coalesce(heard.c.stopped, "") != FORKED)
                .values(
                    stopped=because,
                    stopped_at=line.stopped_at or now,
                    attempts=line.attempts + 1,
                    next_try_at=now + int(pause * 1_000_000),
                )
            )

    store.database.again(attempt)


def skip(store: Store, log_id: str, seq: int, because: str, by: Actor) -> None:
    """Step over the envelope that stops a line; a deliberate, recorded act of an operator.

    Raises:
        Refused: *seq* is not the next one of a line that stands still.
    """
    root = uuid5(line_id(log_id), f"skip/{seq}")
    occasion = Occasion(root, f"skip:{log_id}#{seq}", str(root), by)

    def act(deciding: Deciding) -> None:
        line = _heard(deciding.connection, {"log_id": log_id}).one_or_none()
        if line is None or line.stopped in (None, FORKED) or line.seq + 1 != seq:
            raise NotStopped(log_id=log_id, seq=seq, heard=line.seq if line else None)
        row = deciding.connection.execute(
            select(inbox).where(inbox.c.log_id == log_id, inbox.c.seq == seq)
        ).one()
        if not _advance(deciding.connection, Envelope.read(row.envelope)):
            raise NotStopped(log_id=log_id, seq=seq, heard=line.seq)
        _forget_parts(deciding.connection, log_id, seq)
        reason = deciding.seal(line_id(log_id), "skip", because)
        _line(deciding, log_id).skip(seq, reason, by)

    store.decide(occasion, act)


class NotStopped(Refused):
    """Only the next envelope of a line that stands still can be stepped over."""


def newest(says: Iterable[str], known: Iterable[str]) -> str | None:
    """The newest contract version in *says* that is *known*."""
    both = set(says) & set(known)
    return max(both, key=lambda contract: int(contract.rpartition(".v")[2]), default=None)


def _opened(store: Store, envelope: Envelope, parts: Sequence[dict[str, Any]]) -> Iterable[Entry]:
    """The personal parts that came with *envelope*, opened and checked.

    Raises:
        Broken: the parts are not the ones that the envelope commits to.
    """
    committed = {str(UUID(part["ref"])): part["commitment"] for part in envelope.words["parts"]}
    if {part["ref"] for part in parts} != committed.keys():
        raise Broken
    for part in parts:
        if part.get("erased"):
            continue
        words = json.loads(store.keys.open_part(bytes.fromhex(part["sealed"])))
        entry = Entry(
            UUID(part["ref"]), UUID(words["subject"]), words["kind"], words["text"], words["salt"]
        )
        if committed[part["ref"]] != entry.commitment:
            raise Broken
        yield entry


def _line(deciding: Deciding, log_id: str) -> Line:
    return deciding.find(Line, line_id(log_id)) or deciding.add(
        Line.open(log_id, by=deciding.actor)
    )


def waiting(connection: Connection) -> int:
    """How many envelopes wait in the inbox, over all lines."""
    return int(
        connection.scalar(
            select(func.count())
            .select_from(inbox.join(heard, inbox.c.log_id == heard.c.log_id))
            .where(inbox.c.seq > heard.c.seq)
        )
        or 0
    )


def _real_now() -> int:
    return int(time.time() * 1_000_000)
