"""Nothing lost and nothing doubled, wherever a process ends; and when it is, the suite sees it."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

import services.kernel
from services.console.private_broker import PrivateBroker
from tests.faults.campaign import campaign, run
from tests.faults.scene import sqlite_in
from tests.faults.tally import FAILPOINTS
from tests.private_postgres import PrivatePostgres

SEEDS = int(os.environ.get("FAULT_SEEDS", "2"))
"""How many seeds run; ``make faults`` runs 20."""
HERE = Path(__file__).parent


@pytest.mark.faults
@pytest.mark.broker
@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_acknowledged_is_stored_is_said_is_applied_once(
    seed: int,
    tmp_path: Path,
    broker: PrivateBroker,
    postgres: PrivatePostgres,
    record_property: Callable[[str, object], None],
) -> None:
    tally = run(seed, tmp_path, broker, postgres)
    record_property("faults", str(tally))
    assert tally.faults() == {}
    assert {line.name for line in tally.lines.values()} >= set(FAILPOINTS)
    assert all(line.kills == 1 for line in tally.lines.values())


@pytest.mark.faults
@pytest.mark.broker
@pytest.mark.slow
def test_without_deduplication_the_same_suite_fails(tmp_path: Path, broker: PrivateBroker) -> None:
    launcher = ("tests.faults.without_deduplication", "{kind}")
    with campaign(0, tmp_path, broker, sqlite_in(tmp_path), launcher=launcher) as ready:
        tally = ready.run("before ack", "before cursor is saved", "after commit")
    doubled = "\n".join(tally.faults()["doubled"])
    assert re.search(r"command .* stored \d times", doubled)
    assert re.search(r"number .* took effect \d times", doubled)


def test_every_failpoint_of_the_kernel_is_met_and_described() -> None:
    kernel = Path(services.kernel.__file__).parent
    named = {
        name
        for source in kernel.rglob("*.py")
        for name in re.findall(r'failpoint\("([^"]+)"\)', source.read_text())
    }
    assert named == set(FAILPOINTS)
    described = re.findall(r"^\| `([^`]+)` \|", (HERE / "README.md").read_text(), re.MULTILINE)
    assert set(described) == named
