"""From the instant at which a microequipe proposes to the month in which the committee decides."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.kernel.civil import ROME
from services.kernel.ids import stream_id
from services.pacts.service import PactsService
from services.review.guidelines import INITIAL
from tests.pacts.desk import ACTIONS
from tests.review.house import hear, words_for
from tests.review.moments import by, person
from tests.review.office import Office

FAMILY = "LEAD-7K3M9Q-8"
LEAD = by(person(31), "microequipe_lead")
PACT = {"pact_id": str(stream_id("pact", FAMILY, 1))}
MARCH_2 = date(2026, 3, 2)

LITERAL = {"evaluates": "previous_month", "late": "mark"}
SAME = {"evaluates": "same_month", "late": "mark"}
ELEVENTH = {"evaluates": "eleventh_to_tenth", "late": "mark"}
READINGS = [
    reading | {"late": late}
    for reading in (LITERAL, SAME, ELEVENTH)
    for late in ("mark", "next_cycle")
]


def opened(service: str, path: Path, migrated: bool) -> Office:
    url = f"sqlite:///{path}"
    return Office(service, "lead", (url, url), MARCH_2, migrated=migrated)


def with_guidelines(office: Office, reading: dict[str, str]) -> None:
    issued = {"number": 1, "in_force_from": "2026-01-15", "parameters": INITIAL | reading}
    office.hear("review/guidelines_issued.v1", issued)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a draft that can be proposed, and a committee for each reading."""
    folder = tmp_path_factory.mktemp("ready")
    pacts = opened("pacts", folder / "pacts.db", migrated=False)
    with_guidelines(pacts, LITERAL)
    formed = {
        "family": FAMILY,
        "microequipe": str(stream_id("microequipe", FAMILY)),
        "lead": LEAD.person,
        "members": [str(person(32))],
        "case_manager": None,
        "on": "2026-03-02",
    }
    pacts.hear("intake/microequipe_formed.v1", formed)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("add_goal", {"goal": "Un lavoro stabile", "expected_result": "Un contratto"}),
        *(("add_action", dict(action)) for action in ACTIONS),
        ("link_capacity", {"action": 3, "kind": "informal", "description": "Cucina per molti"}),
        ("name_resource", {"kind": "parish", "description": "Oratorio"}),
        ("set_period", {"starts": "2026-06-01"}),
    ]
    for method, words in asked:
        pacts.call(PactsService, method, LEAD, **PACT, **words)
    pacts.close()
    opened("review", folder / "review.db", migrated=False).close()
    for number, reading in enumerate(READINGS):
        shutil.copy(folder / "review.db", folder / f"review{number}.db")
        review = opened("review", folder / f"review{number}.db", migrated=True)
        with_guidelines(review, reading)
        review.close()
    return folder


@pytest.fixture
def receipts(ready: Path, tmp_path: Path) -> Iterator[Callable[[datetime], list[str]]]:
    """Proposes at an instant; what the receipt of each reading says."""
    folder = tmp_path / "here"
    shutil.copytree(ready, folder)
    pacts = opened("pacts", folder / "pacts.db", migrated=True)
    reviews = [opened("review", folder / f"review{n}.db", True) for n in range(len(READINGS))]

    def at(instant: datetime) -> list[str]:
        pacts.clock.at = instant
        pacts.call(PactsService, "propose", LEAD, **PACT)
        said = words_for(pacts, "lead")
        recorded = json.loads(json.loads(said[-1])["envelope"])["recorded_at"]
        assert recorded == round(instant.timestamp() * 1_000_000)
        return [receipt(review, said, instant) for review in reviews]

    yield at
    for office in (pacts, *reviews):
        office.close()


def receipt(review: Office, said: list[bytes], instant: datetime) -> str:
    """What *review* says when it hears the proposal at the instant of its sending."""
    review.clock.at = instant
    hear(review.store, said)
    [*_, (_, body)] = review.told("lead")
    assert body["decide_by"] == f"{body['cycle']}-20"
    return f"{body['cycle'][2:]}{' late' if body['late'] else ''}"


# clocks of Rome; then previous_month, same_month, eleventh_to_tenth, each with mark | next_cycle
TABLE = """
2026-06-10T23:59:59.999  26-07      | 26-07       26-06      | 26-06       26-06 | 26-06
2026-06-11T00:00:00.000  26-07 late | 26-08 late  26-06 late | 26-07 late  26-07 | 26-07
2026-12-10T23:59:59.999  27-01      | 27-01       26-12      | 26-12       26-12 | 26-12
2026-12-11T00:00:00.000  27-01 late | 27-02 late  26-12 late | 27-01 late  27-01 | 27-01
2026-06-30T23:59:59.999  26-07 late | 26-08 late  26-07 late | 26-07 late  26-07 | 26-07
2026-07-01T00:00:00.000  26-08      | 26-08       26-07      | 26-07       26-07 | 26-07
2026-03-29T01:59:59.999  26-04 late | 26-05 late  26-04 late | 26-04 late  26-04 | 26-04
2026-03-29T03:00:00.000  26-04 late | 26-05 late  26-04 late | 26-04 late  26-04 | 26-04
2026-03-31T23:59:59.999  26-04 late | 26-05 late  26-04 late | 26-04 late  26-04 | 26-04
2026-04-01T00:00:00.000  26-05      | 26-05       26-04      | 26-04       26-04 | 26-04
2026-10-25T02:59:59.999  26-11 late | 26-12 late  26-11 late | 26-11 late  26-11 | 26-11
2026-10-25T02:00:00.000* 26-11 late | 26-12 late  26-11 late | 26-11 late  26-11 | 26-11
2026-10-31T23:59:59.999  26-11 late | 26-12 late  26-11 late | 26-11 late  26-11 | 26-11
2026-11-01T00:00:00.000  26-12      | 26-12       26-11      | 26-11       26-11 | 26-11
2028-02-29T23:59:59.999  28-03 late | 28-04 late  28-03 late | 28-03 late  28-03 | 28-03
2028-03-01T00:00:00.000  28-04      | 28-04       28-03      | 28-03       28-03 | 28-03
2026-12-31T23:59:59.999  27-01 late | 27-02 late  27-01 late | 27-01 late  27-01 | 27-01
2027-01-01T00:00:00.000  27-02      | 27-02       27-01      | 27-01       27-01 | 27-01
"""
ROWS = [tuple(line.split(maxsplit=1)) for line in TABLE.strip().splitlines()]
RECEIPT = re.compile(r"\d\d-\d\d(?: late)?(?= |$)")


@pytest.mark.parametrize(("clocks", "told"), ROWS)
def test_an_instant_has_its_cycle_by_each_reading(
    receipts: Callable[[datetime], list[str]], clocks: str, told: str
) -> None:
    """An asterisk is the second time that the clocks show it, when summer time ends."""
    shown = datetime.fromisoformat(clocks.rstrip("*")).replace(tzinfo=ROME)
    instant = shown.replace(fold=int(clocks.endswith("*"))).astimezone(UTC)
    assert receipts(instant) == RECEIPT.findall(told)
