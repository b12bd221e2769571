"""Two months of twelve families, once for all tests: what it printed, and its evidence."""

import io
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from services.console import simulate
from services.console.year.facts import Fact, Log
from services.console.year.invariants import Evidence
from services.console.year.passing import Plan
from services.kernel.stopping import Stopping

PLAN = Plan(12, date(2026, 1, 1), date(2026, 2, 28), seed="1", by_mail=20)


@dataclass
class ShortYear:
    """A simulation that has passed."""

    status: int
    out: str
    err: str
    evidence: Evidence
    directory: Path


def simulated(runs: Path) -> ShortYear:
    """Let it pass, and keep what was judged."""
    judged: list[Evidence] = []

    def judge(evidence: Evidence) -> dict[str, list[str]]:
        judged.append(evidence)
        return original(evidence)

    original = simulate.judge
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(simulate, "judge", judge)
        for name in ("AMQP_URL", "DATABASE_URL", "ORGANISATION"):
            patched.delenv(name, raising=False)
        status = simulate.run(
            PLAN,
            runs,
            Stopping(),
            Console(file=out, width=120),
            Console(file=err, width=120),
        )
    assert judged, err.getvalue()
    return ShortYear(status, out.getvalue(), err.getvalue(), judged[0], (runs / "latest").resolve())


def changed(evidence: Evidence, key: tuple[str, str], **words: Any) -> Evidence:
    """A copy in which one log says something else."""
    return replace(evidence, logs={**evidence.logs, key: replace(evidence.logs[key], **words)})


def without(evidence: Evidence, key: tuple[str, str], *lost: Fact) -> Evidence:
    """A copy in which one log has lost some facts."""
    facts = tuple(fact for fact in evidence.logs[key].facts if fact not in lost)
    return changed(evidence, key, facts=facts)


def log_with(evidence: Evidence, service: str, topic: str) -> tuple[tuple[str, str], Log]:
    """A log of *service* in which something with *topic* happened."""
    for key, log in evidence.logs.items():
        if key[1] == service and log.of(topic):
            return key, log
    raise AssertionError(f"no {topic} happened; another seed has it")
