"""A log read as a whole, beside what was signed of it: nothing but hashes."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from services.kernel.proof.merkle import Tree
from services.kernel.proof.notes import Checkpoint
from services.kernel.rows import Row, leaf_hash

ALTERED = "Altered"
"""The stored events are not those of which a checkpoint was signed."""
SHORTENED = "Shortened"
"""A checkpoint was signed of more events than are stored."""
NOT_SIGNED = "NotSigned"
"""What stands for a checkpoint of the log is none: it cannot be said what was signed."""


@dataclass(frozen=True)
class Contradiction:
    """What the log is not any more.

    Attributes:
        kind: ``Altered`` or ``Shortened``.
        after: up to this position all is as it was signed.
        before: the first position that was not looked at.
        checkpoint: the first that is contradicted, or None: a position is missing or doubled behind
            the last one.
    """

    kind: str
    after: int
    before: int
    checkpoint: Checkpoint | None


@dataclass(frozen=True)
class Compared:
    """What came of reading a log as a whole.

    Attributes:
        tree: of its events, as far as their positions have no hole.
        signed: how many of them stand under a checkpoint.
        contradiction: the first, or None.
    """

    tree: Tree
    signed: int
    contradiction: Contradiction | None = None


def compared(log_id: str, rows: Iterable[Row], signed: Iterable[Checkpoint]) -> Compared:
    """Read *rows*, the whole log *log_id* from its first position, beside checkpoints of it.

    Args:
        signed: checkpoints whose signatures were verified, in any order.
    """
    expected = deque(sorted(signed, key=lambda each: each.size))
    tree, sound = Tree(), 0

    def contradicted(kind: str, before: int) -> Compared:
        checkpoint = expected[0] if expected else None
        return Compared(tree, sound, Contradiction(kind, sound, before, checkpoint))

    def differs() -> bool:
        """Whether a checkpoint of as many events as were read is of others."""
        nonlocal sound
        while expected and expected[0].size == tree.size:
            if expected[0].root != tree.root:
                return True
            sound = expected.popleft().size
        return False

    if differs():
        return contradicted(ALTERED, 1)
    for row in rows:
        if row.position != tree.size + 1:
            return contradicted(ALTERED, max(row.position, tree.size + 1))
        tree = tree.grown((leaf_hash(log_id, row),))
        if differs():
            return contradicted(ALTERED, tree.size + 1)
    if expected:
        return contradicted(SHORTENED, tree.size + 1)
    return Compared(tree, sound)
