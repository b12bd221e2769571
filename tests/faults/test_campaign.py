"""Nothing lost and nothing doubled, wherever a process ends; and when it is, the suite sees it."""

import re
from contextlib import suppress
from pathlib import Path

import pytest

import services
from services.console.private_broker import PrivateBroker
from tests.faults.campaign import campaign, run
from tests.faults.running import NotReached
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
HARMS = (r"(assign|record|register|end)_\w+ [0-9a-f-]{36}: ", r"number .* took effect \d times")
"""A command that is answered otherwise the second time; words that take effect twice."""
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
    seen: dict[str, str] = {}
    # Which words a killed process had in hand is chance, and most change nothing a second time: so
    # all are heard again after each stage, those that were refused among them. A line that stands
    # still shows nothing more, and passes no failpoint: then everything begins anew.
    for seed in range(6):
        folder = tmp_path / str(seed)
        folder.mkdir()
        databases = sqlite_in(folder)
        with (
            campaign(seed, folder, broker, databases, launcher=launcher, patience=30.0) as ready,
            suppress(NotReached),
        ):
            for stage in REPEATING * 3:
                found = ready.run(stage).faults()
                doubled = "\n".join(found.get("doubled", []))
                seen |= {harm: doubled for harm in HARMS if re.search(harm, doubled)}
                if set(seen) == set(HARMS):
                    return
                if "lost" in found:  # a line stands still
                    break
                ready.hear_all_again()
    pytest.fail(f"not seen, or not both:\n{seen}")


def test_every_failpoint_is_met_and_described() -> None:
    named = [
        name
        for source in Path(services.__file__).parent.rglob("*.py")
        for name in re.findall(r'failpoint\("([^"]+)"\)', source.read_text())
    ]
    assert set(named) == set(FAILPOINTS)
    described = re.findall(r"^\| `([a-z ]+)` \|", (HERE / "README.md").read_text(), re.MULTILINE)
    assert sorted(described) == sorted(FAILPOINTS)
