"""What is planned for a year, without any process: the table of a life, evidence, absences."""

import inspect
import socket
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from services.console.forked import Nursery
from services.console.processes import Process
from services.console.year import (
    accompanying,
    amending,
    around,
    at_home,
    drafting,
    entering,
    keeping,
    known_twice,
    objecting,
    posting,
    revising,
    spending,
    visiting,
)
from services.console.year.absences import OFTEN, absences
from services.console.year.board import CHANGES
from services.console.year.committee import PLANS, meeting_day
from services.console.year.family import OF_THE_PACT
from services.console.year.households import FAILING, GOOD, SUSPENDED, evidence
from services.console.year.life import LIFE
from services.console.year.living import families
from services.console.year.witness import chosen_days
from services.intake.codes import IseeKind, Outcome
from services.intake.eligibility import Evidence, decide
from services.intake.guidelines import IntakeGuidelines
from services.intake.isee import IseeFacts, valid_until
from services.intake.words import household
from services.pacts.life import State
from services.review.guidelines import INITIAL, revised
from services.review.tally import Choice

MAY_4 = date(2026, 5, 4)
ROOMS = (
    *(accompanying, amending, around, at_home, drafting, entering, keeping, known_twice),
    *(objecting, posting, revising, spending, visiting),
)
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def test_the_table_has_a_line_for_every_state_of_a_pact() -> None:
    drafts = {"blank", "written"}
    assert {state.value for state in State} - {"drafted"} | drafts <= LIFE.keys()


def test_the_table_has_a_line_for_every_stage_before_the_pact() -> None:
    stages = {"not intercepted", "incomplete", "referred", "to be verified", "no pact yet"}
    assert stages | set(entering.STAGE.values()) <= LIFE.keys()
    assert OF_THE_PACT not in LIFE


def test_everything_that_can_happen_stands_in_the_table() -> None:
    told = {chance.happening.__name__ for chances in LIFE.values() for chance in chances}
    named = {
        each.__name__
        for module in ROOMS
        for each in vars(module).values()
        if inspect.isfunction(each)
        and each.__module__ == module.__name__
        and not each.__name__.startswith("_")
    }
    assert named - told == {"figure", "write", "entries", "later_end", "pending"}


@pytest.mark.parametrize(
    ("kinds", "outcome"),
    [
        (GOOD, Outcome.ELIGIBLE),
        (FAILING, Outcome.NOT_ELIGIBLE),
        (SUSPENDED, Outcome.SUSPENDED),
    ],
)
def test_every_kind_of_evidence_has_its_outcome(kinds: tuple[str, ...], outcome: Outcome) -> None:
    for kind in kinds:
        for number in range(1, 30):
            assert decided(kind, number) is outcome, (kind, number)


def decided(kind: str, number: int) -> Outcome:
    brought = evidence(kind, number, MAY_4, Random(number))
    isee = brought.isee
    told = Evidence(
        household=None if brought.household is None else household(list(brought.household)),
        isee=None
        if isee is None
        else IseeFacts(
            kind=IseeKind(isee["kind"]),
            issued_on=date.fromisoformat(isee["issued_on"]),
            valid_until=valid_until(
                IseeKind(isee["kind"]), date.fromisoformat(isee["issued_on"]), False
            ),
            omissions=isee.get("omissions", False),
            value=Decimal(isee["value"]),
        ),
    )
    return decide(told, IntakeGuidelines.read(1, dict(INITIAL)), MAY_4).outcome


def test_one_seed_plans_one_year() -> None:
    one, again, other = (families(30, FIRST, LAST, seed) for seed in ("1", "1", "2"))
    assert [each.wakes for each in one] == [each.wakes for each in again]
    assert [each.wakes for each in one] != [each.wakes for each in other]
    assert {each.organisation for each in one} == {"lead", "partner"}
    assert all(each.wakes and FIRST < each.wakes <= LAST for each in one)


def test_the_committee_votes_every_way_and_meets_once_a_month() -> None:
    assert {vote for _, plan in PLANS for vote in plan} == {choice.value for choice in Choice}
    days = [meeting_day(date(2026, 3, 1), Random(seed)) for seed in range(60)]
    assert {day.month for day in days} == {3}
    assert min(days).day > 10
    assert {day.day <= 20 for day in days} == {True, False}


@pytest.mark.parametrize("changes", CHANGES)
def test_the_board_changes_what_it_may(changes: dict[str, object]) -> None:
    assert revised(INITIAL, changes, None) != INITIAL


def test_the_witness_looks_on_the_last_day_too() -> None:
    days = chosen_days(FIRST, LAST, Random("1"))
    assert LAST in days
    assert len(days) > 4
    assert min(days) > FIRST


class Named:
    """Processes that do not run."""

    def __init__(self, folder: Path) -> None:
        kinds = ("serve", "courier", "post_out")
        self.listener = socket.socket()
        self.all = [
            Process(organisation, service, kind, {}, folder / "log", self.listener, Nursery())
            for organisation in ("lead", "partner")
            for service in ("pacts", "notify")
            for kind in kinds[: 3 if service == "notify" else 2]
        ]


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Named]:
    processes = Named(tmp_path)
    yield processes
    processes.listener.close()


def test_services_are_away_one_after_the_other_and_come_back(named: Named) -> None:
    for seed in range(20):
        planned = absences(named, FIRST, LAST, OFTEN, Random(seed))  # type: ignore[arg-type]
        assert len(planned) > 5
        assert {absence.kinds for absence in planned} >= {("serve",), ("courier",), ("post_out",)}
        for before, after in pairwise(planned):
            assert before.first <= before.last < after.first
        assert planned[-1].last + timedelta(days=1) < LAST
