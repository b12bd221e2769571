"""A log beside what was signed of it: what is found, and between which positions."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace

import pytest

from services.kernel.proof.comparing import Compared, Contradiction, compared
from services.kernel.proof.merkle import EMPTY, Tree
from services.kernel.proof.notes import Checkpoint
from services.kernel.rows import Row, leaf_hash
from tests.kernel.parties import keys_of, some_id

LOG = "lead/kitchen/0000000000000001"
LEAD = keys_of("lead").envelopes
ROWS = [
    Row(
        originator_id=some_id("jar", position),
        originator_version=1,
        topic="kitchen.Opened",
        state=b"{}",
        position=position,
        event_id=some_id("event", position),
        stream_type="kitchen.Jar",
        recorded_at=position,
        actor="lead/person/x",
        cause=f"command:{position}",
        correlation="x",
    )
    for position in range(1, 9)
]
ALTERED = replace(ROWS[3], cause="command:another")


def tree(rows: Sequence[Row]) -> Tree:
    return Tree().grown(leaf_hash(LOG, row) for row in rows)


def signed(size: int, rows: Sequence[Row] = ROWS) -> Checkpoint:
    """What was signed of the first *size* of *rows*."""
    return Checkpoint.sign(LOG, size, tree(rows[:size]).root, LEAD)


THREE_AND_FIVE = (signed(3), signed(5))


@pytest.mark.parametrize("checkpoints", [THREE_AND_FIVE, THREE_AND_FIVE[::-1]])
def test_a_log_that_is_what_was_signed(checkpoints: Sequence[Checkpoint]) -> None:
    assert compared(LOG, ROWS, checkpoints) == Compared(tree(ROWS), 5)
    assert compared(LOG, ROWS[:5], checkpoints) == Compared(tree(ROWS[:5]), 5)


def test_a_log_of_which_nothing_was_signed() -> None:
    assert compared(LOG, ROWS, ()) == Compared(tree(ROWS), 0)
    assert compared(LOG, (), ()) == Compared(Tree(), 0)


def test_one_checkpoint_twice_is_one() -> None:
    assert compared(LOG, ROWS, (signed(5), signed(5))) == Compared(tree(ROWS), 5)


def test_one_event_otherwise_is_found_at_the_next_checkpoint() -> None:
    rows = [*ROWS[:3], ALTERED, *ROWS[4:]]
    found = Contradiction("Altered", 3, 6, THREE_AND_FIVE[1])
    assert compared(LOG, rows, THREE_AND_FIVE) == Compared(tree(rows[:5]), 3, found)


def test_behind_the_last_checkpoint_nobody_can_know() -> None:
    rows = [*ROWS[:3], ALTERED, *ROWS[4:]]
    assert compared(LOG, rows, (signed(3),)) == Compared(tree(rows), 3)


@pytest.mark.parametrize(
    ("stored", "found"),
    [
        (4, Contradiction("Shortened", 3, 5, THREE_AND_FIVE[1])),
        (5, None),
        (6, None),
    ],
)
def test_one_less_than_was_signed_as_many_and_one_more(
    stored: int, found: Contradiction | None
) -> None:
    reached = 5 if found is None else 3
    came = compared(LOG, ROWS[:stored], THREE_AND_FIVE)
    assert came == Compared(tree(ROWS[:stored]), reached, found)


def test_no_event_at_all() -> None:
    found = Contradiction("Shortened", 0, 1, THREE_AND_FIVE[0])
    assert compared(LOG, (), THREE_AND_FIVE) == Compared(Tree(), 0, found)


HOLES = {
    "the first is missing": (ROWS[1:], 0, 2, 0),
    "one is missing": ([*ROWS[:1], *ROWS[2:]], 1, 3, 0),
    "one is there twice": ([*ROWS[:2], ROWS[1], *ROWS[2:]], 2, 3, 0),
    "two are swapped": ([*ROWS[:3], ROWS[4], ROWS[3]], 3, 5, 1),
}


@pytest.mark.parametrize("hole", HOLES)
def test_positions_have_no_hole(hole: str) -> None:
    rows, read, before, reached = HOLES[hole]
    after = (0, 3)[reached]
    found = Contradiction("Altered", after, before, THREE_AND_FIVE[reached])
    assert compared(LOG, rows, THREE_AND_FIVE) == Compared(tree(ROWS[:read]), after, found)


def test_nor_have_they_one_behind_the_last_checkpoint() -> None:
    rows = [*ROWS[:6], ROWS[7]]
    found = Contradiction("Altered", 5, 8, None)
    assert compared(LOG, rows, THREE_AND_FIVE) == Compared(tree(ROWS[:6]), 5, found)


def test_a_checkpoint_of_no_event_has_one_root() -> None:
    """Who asks what others hold shows one; who held it gives it back."""
    nothing = Checkpoint.sign(LOG, 0, EMPTY, LEAD)
    something = Checkpoint.sign(LOG, 0, b64decode("A" * 43 + "="), LEAD)
    assert compared(LOG, ROWS, (nothing, signed(3))) == Compared(tree(ROWS), 3)
    found = Contradiction("Altered", 0, 1, something)
    assert compared(LOG, ROWS, (something,)) == Compared(Tree(), 0, found)


def test_another_log_has_other_leaves() -> None:
    came = compared("lead/kitchen/0000000000000002", ROWS, THREE_AND_FIVE)
    assert came.contradiction == Contradiction("Altered", 0, 4, THREE_AND_FIVE[0])
