"""Nothing lost and nothing doubled, wherever a process ends; and when it is, the suite sees it."""

import re
from pathlib import Path

import pytest

import services
from services.console.private_broker import PrivateBroker
from tests.faults.campaign import campaign, run
from tests.faults.scene import sqlite_in
from tests.faults.tally import FAILPOINTS
from tests.private_postgres import PrivatePostgres

SEEDS = 2
"""``make faults`` runs 20, and prints their table."""
REPEATING = (
    "after commit",
    "before cursor is saved",
    "between inbox commit and ack",
    "before ack",
)
"""What makes words and commands come again."""
HERE = Path(__file__).parent


@pytest.mark.faults
@pytest.mark.broker
@pytest.mark.postgres
@pytest.mark.mail
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_acknowledged_is_stored_is_said_is_applied_once(
    seed: int,
    tmp_path: Path,
    broker: PrivateBroker,
    postgres: PrivatePostgres,
) -> None:
    tally = run(seed, tmp_path, broker, postgres)
    print(tally)
    assert tally.faults() == {}
    assert {line.name for line in tally.lines.values()} >= set(FAILPOINTS)
    assert all(line.kills == 1 for line in tally.lines.values())


@pytest.mark.faults
@pytest.mark.broker
@pytest.mark.slow
def test_without_deduplication_the_same_suite_fails(tmp_path: Path, broker: PrivateBroker) -> None:
    launcher = ("tests.faults.without_deduplication", "{kind}")
    answered_otherwise = r"(assign|record|register|end)_\w+ [0-9a-f-]{36}: "
    took_effect_twice = r"number .* took effect \d times"
    with campaign(0, tmp_path, broker, sqlite_in(tmp_path), launcher=launcher) as ready:
        # Which words a killed process had in hand is chance: half of the rounds show both.
        for _ in range(20):
            tally = ready.run(*REPEATING)
            doubled = "\n".join(tally.faults()["doubled"])
            if re.search(answered_otherwise, doubled) and re.search(took_effect_twice, doubled):
                return
    pytest.fail(f"not seen, or not both:\n{doubled}")


def test_every_failpoint_is_met_and_described() -> None:
    named = [
        name
        for source in Path(services.__file__).parent.rglob("*.py")
        for name in re.findall(r'failpoint\("([^"]+)"\)', source.read_text())
    ]
    assert set(named) == set(FAILPOINTS)
    described = re.findall(r"^\| `([a-z ]+)` \|", (HERE / "README.md").read_text(), re.MULTILINE)
    assert sorted(described) == sorted(FAILPOINTS)
