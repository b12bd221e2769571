"""Who leads a microequipe is heard from intake, its proposals from pacts: in any order."""

from datetime import date
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from services.review.microequipe import Microequipe
from services.review.service import ReviewService
from tests.review.moments import (
    CASE_1,
    CASE_2,
    HEAD,
    JULY_14,
    MANAGER,
    MICROEQUIPE,
    REVIEW,
    by,
    person,
)
from tests.review.office import Office
from tests.review.test_season import (
    COMMITTEE,
    ERASED,
    SUCCESSOR,
    changed,
    decide,
    june,
    proposed,
    vote,
)
from tests.scenario import fact, given

__all__ = ["june"]

FAMILY = "NORD-2X8W5T-R"
THIRD = person(52)
CHANGED = "intake/microequipe_changed.v1"
SECRETARY = by(MANAGER, "project_manager")

opened = fact(Microequipe.Opened, family=FAMILY)


def told(lead: UUID, manager: UUID | None) -> Any:
    return fact(Microequipe.Told, lead=lead, case_manager=manager, on=JULY_14)


@pytest.mark.parametrize(
    ("manager", "added"), [(CASE_2, ()), (CASE_1, (told(MICROEQUIPE, CASE_1),))]
)
def test_what_intake_told_last_is_remembered_once(manager: UUID, added: tuple[Any, ...]):
    story = given(opened, told(MICROEQUIPE, CASE_2))
    story.when(Microequipe.tell, lead=MICROEQUIPE, case_manager=manager, on=JULY_14).then(*added)


def test_of_one_just_heard_of_nobody_is_known():
    found = given(opened).aggregate()
    assert isinstance(found, Microequipe)
    assert (found.lead, found.case_manager) == (None, None)


def conflicts(office: Office) -> dict[str, list[str]]:
    """Conflicts by seat; of the two case managers and the lead."""
    shown = office.call(ReviewService, "proposal", SECRETARY, proposal_id=str(REVIEW))
    seats = {seat["person"]: seat["conflicts"] for seat in shown["seats"]}
    return {who: found for who, found in seats.items() if who not in (str(MANAGER), str(HEAD))}


THEIRS = {str(CASE_1): [], str(CASE_2): ["assisted"], str(MICROEQUIPE): []}
HANDED_OVER = {str(CASE_1): ["assisted"], str(CASE_2): [], str(SUCCESSOR): []}


def handed_over(lead: UUID, manager: UUID = CASE_1) -> dict[str, Any]:
    return changed(manager=manager) | {"lead": str(lead), "members": [str(lead)]}


def hear_in_turn(office: Office, words: list[tuple[str, dict[str, Any]]]) -> None:
    for contract, body in words:
        office.hear(contract, body, "nord")


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_a_hand_over_counts_whether_it_is_heard_before_the_proposal_or_after(
    june: Office, order: tuple[int, ...]
):
    june.live_until(date(2026, 6, 9))
    words = [("pacts/pact_proposed.v1", proposed()), (CHANGED, changed())]
    hear_in_turn(june, [words[number] for number in order])
    assert conflicts(june) == HANDED_OVER
    assert june.refusals() == []


@pytest.mark.parametrize("before", [0, 1, 2])
def test_of_two_hand_overs_the_last_one_counts_wherever_the_proposal_is_heard(
    june: Office, before: int
):
    june.live_until(date(2026, 6, 9))
    words = [(CHANGED, handed_over(THIRD, CASE_2)), (CHANGED, handed_over(SUCCESSOR))]
    words.insert(before, ("pacts/pact_proposed.v1", proposed()))
    hear_in_turn(june, words)
    assert conflicts(june) == HANDED_OVER


def test_a_lead_whom_intake_is_yet_to_tell_presents_once_it_has(june: Office):
    june.live_until(date(2026, 6, 9))
    june.hear(CHANGED, handed_over(MICROEQUIPE, CASE_2), "nord")
    words = {"lead": str(SUCCESSOR), "case_manager": str(CASE_1)}
    june.hear("pacts/pact_proposed.v1", proposed(**words), "nord")
    assert conflicts(june) == THEIRS
    june.hear(CHANGED, handed_over(SUCCESSOR), "nord")
    assert conflicts(june) == HANDED_OVER


def test_a_proposal_that_names_whom_intake_told_is_received_as_it_is(june: Office):
    june.live_until(date(2026, 6, 9))
    june.hear(CHANGED, handed_over(MICROEQUIPE, CASE_2), "nord")
    june.hear("pacts/pact_proposed.v1", proposed(), "nord")
    assert conflicts(june) == THEIRS
    assert june.facts("review.MicroequipeChanged") == []


def test_what_is_said_twice_or_by_another_organisation_is_not_remembered(june: Office):
    june.live_until(date(2026, 6, 9))
    for organisation in ("nord", "nord", "lead"):
        june.hear(CHANGED, changed(), organisation)
    assert len(june.facts("review.MicroequipeTold")) == 1
    assert june.refusals() == [(CHANGED, "NotTheirs")]
    june.hear("pacts/pact_proposed.v1", proposed(family="NORD-2R8TQX-G"), "nord")
    assert conflicts(june) == THEIRS


def test_a_proposal_of_a_family_that_was_erased_follows_nobody(june: Office):
    june.live_until(date(2026, 6, 9))
    june.hear(CHANGED, changed(), "nord")
    june.hear("intake/family_erased.v1", ERASED, "nord")
    june.hear("pacts/pact_proposed.v1", proposed(), "nord")
    assert len(june.facts("review.ProposalSetAside")) == 1
    assert june.facts("review.MicroequipeChanged") == []


@pytest.fixture
def decided(june: Office) -> Office:
    """The committee decided on 14 July; then the lead was handed over."""
    june.live_until(date(2026, 6, 9))
    june.hear("pacts/pact_proposed.v1", proposed(), "nord")
    june.live_until(JULY_14)
    for who, role in COMMITTEE:
        vote(june, who, "return", role)
    decide(june)
    june.hear(CHANGED, changed(), "nord")
    assert conflicts(june) == THEIRS
    return june


def correct(office: Office) -> None:
    mistake = {"proposal_id": str(REVIEW), "reason": "Due voti trascritti male."}
    office.call(ReviewService, "correct_decision", SECRETARY, **mistake)


def look_again(office: Office, outcome: str) -> None:
    asked = {"pact": proposed()["pact"], "proposal": 1, "family": FAMILY}
    days = {"asked_on": "2026-07-14", "on": "2026-07-14"}
    office.hear("pacts/second_look_asked.v1", asked | days, "nord")
    answer = {"proposal_id": str(REVIEW), "outcome": outcome, "reason": "Riletta la proposta."}
    head = by(HEAD, "work_placement_head")
    office.call(ReviewService, "answer_second_look", head, **answer)


def test_a_correction_is_voted_with_the_lead_of_its_day(decided: Office):
    correct(decided)
    assert conflicts(decided) == HANDED_OVER


@pytest.mark.parametrize(("outcome", "seats"), [("reopened", HANDED_OVER), ("confirmed", THEIRS)])
def test_so_is_what_a_second_look_reopened(decided: Office, outcome: str, seats: Any):
    look_again(decided, outcome)
    assert conflicts(decided) == seats
