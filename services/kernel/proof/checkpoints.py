"""Checkpoints of the own log: read as a whole, continued, signed; and who has seen them.

Nothing is signed that contradicts what was signed before: a log that is not what its checkpoints
say gets no further one until it is again, and says so.
"""

import json
import logging
from itertools import takewhile
from typing import Any

from sqlalchemy import Connection, func, select, update

from services.kernel.database import add_new
from services.kernel.failpoints import failpoint
from services.kernel.log import all_rows, head
from services.kernel.mapper import micros
from services.kernel.proof.comparing import ALTERED, NOT_SIGNED, SHORTENED, compared
from services.kernel.proof.merkle import EMPTY, Tree, continues
from services.kernel.proof.notes import LARGEST, Checkpoint, Cosignature, Unsigned
from services.kernel.rows import leaf_hash
from services.kernel.store import Store
from services.kernel.tables import checkpoints, cosignatures, witnessed

logger = logging.getLogger(__name__)

_made = select(checkpoints.c.note).order_by(checkpoints.c.size)
_newest = select(checkpoints).order_by(checkpoints.c.size.desc()).limit(1)
_cosigned = select(
    cosignatures.c.organisation, func.max(cosignatures.c.size).label("size")
).group_by(cosignatures.c.organisation)


class Contradicted(Exception):
    """The log is not what was signed of it; nothing was signed, and its row says what is wrong."""


def _signed(store: Store, connection: Connection) -> list[Checkpoint]:
    """Every checkpoint of the own log, and what others hold of it that contradicted it once.

    Raises:
        Unsigned: a stored one was altered.
    """
    own = store.keys.public
    notes = list(connection.scalars(_made))
    against = connection.scalar(
        select(witnessed.c.against).where(witnessed.c.log_id == store.log_id)
    )
    return [Checkpoint.read(note, own) for note in (*notes, *([against] if against else ()))]


def read_whole(store: Store, *held: Checkpoint) -> Tree:
    """Read the whole log beside all that was signed of it, and keep what came of it.

    Args:
        held: checkpoints of ours that others hold, and that we do not know.

    Returns:
        The tree of all events.

    Raises:
        Contradicted: it is not what was signed; that stands in ``witnessed`` until it is again.
    """
    try:
        with store.database.reading() as connection:
            ours = _signed(store, connection)
            came = compared(store.log_id, all_rows(connection), (*ours, *held))
    except Unsigned:
        logger.error("what stands for a checkpoint of this log is none")
        raise _stopped(store, Tree(), NOT_SIGNED) from None
    if came.contradiction is None:
        _keep(store, came.tree, None, None)
        return came.tree
    found = came.contradiction
    logger.error(
        "this log is not what was signed of it",
        extra={"because": found.kind, "after": found.after, "before": found.before},
    )
    note = found.checkpoint.note if found.checkpoint else None
    raise _stopped(store, came.tree, found.kind, note)


def continued(store: Store, tree: Tree) -> Tree:
    """Sign a checkpoint of what was stored since *tree*, if anything was.

    Two that do so at once sign the same, or one continues the other.

    Returns:
        The tree of the last checkpoint.

    Raises:
        Contradicted: fewer events are stored, or one is missing; or another checkpoint of the same
            size was signed.
    """
    with store.database.reading() as connection:
        last = head(connection)[1]
        new = [
            leaf_hash(store.log_id, row)
            for position, row in enumerate(all_rows(connection, tree.size), start=tree.size + 1)
            if row.position == position
        ]
        grown = tree.grown(new)
        known = _root_at(connection, grown.size)
    if grown.size != last:
        raise _stopped(store, tree, SHORTENED if last < tree.size else ALTERED)
    if not grown.size or known == grown.root.hex():
        return grown
    checkpoint = Checkpoint.sign(store.log_id, grown.size, grown.root, store.keys.envelopes)
    row = {
        "size": grown.size,
        "root": grown.root.hex(),
        "peaks": json.dumps([peak.hex() for peak in grown.peaks]),
        "note": checkpoint.note,
        "made_at": micros(store.clock.now()),
    }

    def attempt() -> str:
        with store.database.writing() as connection:
            add_new(connection, checkpoints, row)
            failpoint("before checkpoint commit")
            return str(_root_at(connection, grown.size))

    if store.database.again(attempt) != row["root"]:
        raise _stopped(store, tree, ALTERED)
    return grown


def continuing(store: Store, held: int) -> dict[str, Any] | None:
    """The last checkpoint with the proof that it continues the first *held* events.

    Returns:
        ``checkpoint`` (a note), ``old`` and ``proof`` (hex); None if there is none as large.
    """
    with store.database.reading() as connection:
        last = connection.execute(_newest).one_or_none()
        if last is None or last.size < held:
            return None
        if held in (0, last.size):  # that a log continues nothing, or itself, needs no proof
            return {"checkpoint": last.note, "old": held, "proof": []}
        old = _tree_at(store, connection, held)
        rows = takewhile(lambda row: row.position <= last.size, all_rows(connection, held))
        leaves = [leaf_hash(store.log_id, row) for row in rows]
    return {
        "checkpoint": last.note,
        "old": held,
        "proof": [node.hex() for node in continues(old, leaves)],
    }


def nothing(store: Store) -> dict[str, Any]:
    """The checkpoint of no event at all: who has seen more says so, and what."""
    empty = Checkpoint.sign(store.log_id, 0, EMPTY, store.keys.envelopes)
    return {"checkpoint": empty.note, "old": 0, "proof": []}


def cosigned(connection: Connection) -> dict[str, int]:
    """How many events the last checkpoint has that each other organisation cosigned."""
    return {row.organisation: row.size for row in connection.execute(_cosigned)}


def keep_cosignature(store: Store, organisation: str, size: int, line: str) -> bool:
    """Keep that *organisation* saw our checkpoint of *size* events; whether it is news.

    Raises:
        Unsigned: it did not sign that, or we have no such checkpoint.
    """
    note = None
    if 0 < size <= LARGEST:
        with store.database.reading() as connection:
            note = connection.scalar(select(checkpoints.c.note).where(checkpoints.c.size == size))
    if note is None:
        raise Unsigned("no checkpoint of ours")
    keys = store.programme.organisations[organisation].keys
    cosignature = Cosignature.read(
        line, Checkpoint.read(note, store.keys.public), organisation, keys
    )
    row = {
        "organisation": organisation,
        "size": size,
        "line": cosignature.line,
        "received_at": micros(store.clock.now()),
    }

    def attempt() -> bool:
        with store.database.writing() as connection:
            return add_new(connection, cosignatures, row)

    return store.database.again(attempt)


def held_elsewhere(store: Store, note: str) -> int:
    """How many events the checkpoint *note* has, which another organisation holds of this log.

    If we do not know it, this database was restored from an older copy: the whole log is read
    beside it, and the next checkpoint continues it or is never signed.

    Raises:
        Unsigned: it is not ours.
        Contradicted: the log is not what that checkpoint says.
    """
    checkpoint = Checkpoint.read(note, store.keys.public)
    if checkpoint.log_id != store.log_id:
        raise Unsigned("of another log")
    with store.database.reading() as connection:
        known = _root_at(connection, checkpoint.size)
    if known != checkpoint.root.hex():
        read_whole(store, checkpoint)
    return checkpoint.size


def _root_at(connection: Connection, size: int) -> str | None:
    return connection.scalar(select(checkpoints.c.root).where(checkpoints.c.size == size))


def _tree_at(store: Store, connection: Connection, size: int) -> Tree:
    """The tree of the first *size* events: as it was kept, or of the events themselves."""
    kept = connection.execute(select(checkpoints).where(checkpoints.c.size == size)).one_or_none()
    if kept is not None and (tree := _by_peaks(kept)):
        return tree
    rows = takewhile(lambda row: row.position <= size, all_rows(connection))
    return Tree().grown(leaf_hash(store.log_id, row) for row in rows)


def _by_peaks(kept: Any) -> Tree | None:
    """The tree whose peaks are *kept*, or None if they are not those of its root."""
    try:
        tree = Tree(kept.size, tuple(map(bytes.fromhex, json.loads(kept.peaks))))
    except (ValueError, TypeError):
        return None
    fits = len(tree.peaks) == kept.size.bit_count() and tree.root.hex() == kept.root
    return tree if fits else None


def _stopped(store: Store, tree: Tree, kind: str, against: str | None = None) -> Contradicted:
    """Keep that the own log is not what was signed of it."""
    _keep(store, tree, kind, against)
    return Contradicted(kind)


def _keep(store: Store, tree: Tree, stopped: str | None, against: str | None) -> None:
    """Keep what the own log was when it was read as a whole."""
    row = {
        "log_id": store.log_id,
        "size": tree.size,
        "root": tree.root.hex(),
        "seen_at": micros(store.clock.now()),
        "stopped": stopped,
        "against": against,
    }

    def attempt() -> None:
        with store.database.writing() as connection:
            if not add_new(connection, witnessed, row):
                own = witnessed.c.log_id == store.log_id
                connection.execute(update(witnessed).where(own).values(row))

    store.database.again(attempt)
