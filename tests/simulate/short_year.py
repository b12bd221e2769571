"""``python -m tests.simulate.short_year FOLDER``: two months of twelve families, for all tests.

It runs in a process of its own, as the command does, and leaves what was judged beside its data.
"""

import pickle
import subprocess
import sys
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console

from services.console import simulate
from services.console.year.facts import Fact, Log
from services.console.year.invariants import Evidence
from services.console.year.passing import Plan
from services.kernel.stopping import Stopping
from tests.demo.telling import clean_environment

PLAN = Plan(
    18,
    date(2026, 1, 1),
    date(2026, 11, 19),
    seed="1",
    by_mail=5,
    outages=60,
    stride=14,
    eager=60,
    arrived=date(2026, 2, 20),
)
"""The clock stops every second week: all that takes months has its time, and little is waited for.

What never happened is so likely that most of what can happen does.
"""
FEWEST = 180
"""Kinds of facts that it brings at least, of those that a year brings; 194 with this seed.

A year is like another of its seed, but for which letters meet trouble at the mail server. What is
added to the table of a family's life makes it another one.
"""
KEPT = "evidence.pickle"
PATIENCE = 900
"""Seconds for it on a machine that others use too; alone it takes about one minute."""


@dataclass
class ShortYear:
    """A simulation that has passed."""

    directory: Path
    status: int
    out: str
    err: str
    evidence: Evidence


def simulated(runs: Path) -> ShortYear:
    """Let it pass, and bring what was judged."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.simulate.short_year", str(runs)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        env=clean_environment(),
    )
    assert (runs / KEPT).exists(), done.stderr
    evidence = pickle.loads((runs / KEPT).read_bytes())
    directory = (runs / "latest").resolve()
    return ShortYear(directory, done.returncode, done.stdout, done.stderr, evidence)


def changed(evidence: Evidence, key: tuple[str, str], **words: Any) -> Evidence:
    """A copy in which one log says something else."""
    return replace(evidence, logs={**evidence.logs, key: replace(evidence.logs[key], **words)})


def without(evidence: Evidence, key: tuple[str, str], *lost: Fact) -> Evidence:
    """A copy in which one log has lost some facts."""
    facts = tuple(fact for fact in evidence.logs[key].facts if fact not in lost)
    return changed(evidence, key, facts=facts)


def log_with(evidence: Evidence, service: str, topic: str) -> tuple[tuple[str, str], Log]:
    """A log of *service* in which something with *topic* happened: one that is never rare."""
    for key, log in evidence.logs.items():
        if key[1] == service and log.of(topic):
            return key, log
    raise AssertionError(f"no {topic} happened; another seed has it")


def main(runs: Path) -> int:
    """Simulate, keep the evidence; the exit status of the command."""

    def judge(evidence: Evidence) -> dict[str, list[str]]:
        (runs / KEPT).write_bytes(pickle.dumps(evidence))
        return original(evidence)

    original = simulate.judge
    simulate.judge = judge
    out, err = Console(width=120), Console(stderr=True, width=120)
    return simulate.run(PLAN, runs, Stopping(), out, err)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
