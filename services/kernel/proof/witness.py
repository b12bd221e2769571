"""The witness: sees that the logs of other organisations only grow, and says so by its signature.

What it has seen is stored before it answers, and never forgotten for something smaller or other.
"""

import logging
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from services.kernel.database import add_new
from services.kernel.failpoints import failpoint
from services.kernel.ids import speaker_of
from services.kernel.mapper import micros
from services.kernel.proof.merkle import EMPTY, LONGEST_PROOF, is_continued
from services.kernel.proof.notes import Checkpoint, Cosignature, Unsigned
from services.kernel.store import Store
from services.kernel.tables import witnessed

logger = logging.getLogger(__name__)


class Verdict(Enum):
    """What a checkpoint is beside the one that is held."""

    CONTINUES = "Continues"
    """It has all events of the one that is held, in their places."""
    ELSEWHERE = "Elsewhere"
    """Its proof begins at another checkpoint than the one that is held: nothing is known yet."""
    SHORTER = "Shorter"
    """It has fewer events than were seen before."""
    UNPROVEN = "Unproven"
    """It has more events, and is not shown to continue the one that is held."""
    REPLACED = "Replaced"
    """It is of another log than the one that was seen of the same service: a service has one."""
    FORKED = "Forked"
    """Two of one size were signed with two roots: for good; both are kept as evidence."""


NOTHING_SEEN = {"size": 0, "root": EMPTY.hex(), "note": "", "seen_at": 0}
_NUMBER = re.compile(r"[0-9a-f]{16}")
_held = select(witnessed).where(witnessed.c.log_id == bindparam("log"))


@dataclass(frozen=True)
class Held:
    """What the witness holds of one log.

    Attributes:
        size: events of the last checkpoint that was seen to continue all before; 0: none was.
        note: that checkpoint, or empty.
        forked: whether it was ever contradicted by another one of its size.
    """

    size: int
    root: bytes
    note: str
    forked: bool


def verdict(held: Held, shown: Checkpoint, old: int, proof: list[bytes]) -> Verdict:
    """What *shown*, with a *proof* that it continues the first *old* events, is beside *held*."""
    if held.forked or (shown.size == held.size and shown.root != held.root):
        return Verdict.FORKED
    if shown.size < held.size:
        return Verdict.SHORTER
    if is_continued(held.size, held.root, shown.size, shown.root, proof):
        return Verdict.CONTINUES
    return Verdict.UNPROVEN if old == held.size else Verdict.ELSEWHERE


def see(store: Store, organisation: str, words: dict[str, Any]) -> dict[str, Any]:
    """Look at the checkpoint that *organisation* shows, and answer.

    Args:
        words: ``checkpoint`` (a note), ``old`` and ``proof``, as ``continuing`` makes them.

    Returns:
        ``size`` and ``cosignature`` if it continues what was seen before; else ``held``, the
        checkpoint that is held, empty if none is.

    Raises:
        Unsigned: it is no checkpoint of a log of that organisation; nothing was stored.
    """
    shown, old, proof = _shown(store, organisation, words)
    now = store.clock.now()

    def attempt() -> tuple[Verdict, str]:
        with store.database.writing() as connection:
            seen = _seen(connection, shown.log_id)
            add_new(connection, witnessed, {**NOTHING_SEEN, "log_id": seen})
            row = connection.execute(_held, {"log": seen}).one()
            forked = row.stopped == Verdict.FORKED.value
            held = Held(row.size, bytes.fromhex(row.root), row.note, forked)
            same = seen == shown.log_id
            found = verdict(held, shown, old, proof) if same else Verdict.REPLACED
            if kept := _kept(found, held, shown, micros(now)):
                of_this = witnessed.c.log_id == seen
                connection.execute(update(witnessed).where(of_this).values(kept))
            failpoint("before witnessed commit")
            return found, held.note if same else ""

    found, held = store.database.again(attempt)
    failpoint("between witnessed and answer")
    if found is not Verdict.CONTINUES:
        logger.warning("checkpoint", extra={"log_id": shown.log_id, "because": found.value})
        return {"log_id": shown.log_id, "held": held}
    keys = store.keys.envelopes
    cosignature = Cosignature.sign(shown, store.programme.own, now, keys)
    return {"log_id": shown.log_id, "size": shown.size, "cosignature": cosignature.line}


def _seen(connection: Connection, log_id: str) -> str:
    """The log that was seen first of the service whose log is called *log_id*, or that one."""
    service, _ = log_id.rsplit("/", 1)
    known = connection.scalars(select(witnessed.c.log_id)).all()
    return next((each for each in known if each.rsplit("/", 1)[0] == service), log_id)


def _kept(found: Verdict, held: Held, shown: Checkpoint, now: int) -> dict[str, Any]:
    """What is stored of *found*."""
    if found is Verdict.CONTINUES:
        seen = {"size": shown.size, "root": shown.root.hex(), "note": shown.note, "seen_at": now}
        return {**seen, "stopped": None, "against": None}
    if found is Verdict.ELSEWHERE or held.forked:
        return {}
    return {"stopped": found.value, "against": shown.note}


def _shown(
    store: Store, organisation: str, words: dict[str, Any]
) -> tuple[Checkpoint, int, list[bytes]]:
    known = store.programme.organisations[organisation]
    try:
        note, old, hashes = str(words["checkpoint"]), int(words["old"]), list(words["proof"])
        proof = [bytes.fromhex(each) for each in hashes[: LONGEST_PROOF + 1]]
        _, service, number = note.split("\n", 1)[0].split("/")
    except Exception:  # whatever it is, it shows nothing
        raise Unsigned("not a checkpoint") from None
    shown = Checkpoint.read(note, known.keys)
    itself = speaker_of(shown.log_id) == organisation and service in known.services
    if not itself or not _NUMBER.fullmatch(number):
        raise Unsigned("of another organisation's log")
    if len(proof) > LONGEST_PROOF or any(len(each) != 32 for each in proof):
        raise Unsigned("not a proof")
    return shown, old, proof
