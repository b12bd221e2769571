"""The minutes: drawn up once for each meeting from the facts, approved, never changed."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.kernel.mapper import plain
from services.review.minutes import (
    ApprovedAlready,
    CorrectedAlready,
    DrawnUpAlready,
    MeetingToCome,
    Minutes,
    NobodyMet,
    NoSuchMinutes,
    Present,
    Record,
)
from services.review.service import ReviewService
from tests.review.moments import (
    CASE_1,
    CASE_2,
    HEAD,
    JULY_14,
    JULY_20,
    JULY_21,
    MANAGER,
    MICROEQUIPE,
    PACT,
    REVIEW,
    STRANGER,
    by,
)
from tests.review.office import Office
from tests.review.test_season import june, refused, send, vote
from tests.review.test_urgent_aid import hear as hear_urgent_aid
from tests.scenario import Answer, Fact, fact, given, of_version

__all__ = ["june"]

RECORD = Record(
    held_on=JULY_14,
    present=(Present(MANAGER, "project_manager", None),),
    absent=(CASE_1,),
    decisions=(),
    undecided=(),
    set_aside=(),
    urgent_aid=(),
    guidelines=1,
)
opened = fact(Minutes.Opened, cycle="2026-07")


def drawn_up(number: int = 1, corrects: int | None = None, record: Record = RECORD) -> Fact:
    return fact(Minutes.DrawnUp, number=number, corrects=corrects, record=record, on=JULY_20)


def approved(number: int = 1) -> Fact:
    return fact(Minutes.Approved, number=number, on=JULY_20)


def drawing_up(*facts: Fact, record: Record = RECORD, corrects: int | None = None) -> Answer:
    asked = {"record": record, "corrects": corrects, "on": JULY_20}
    return given(opened, *facts).when(Minutes.draw_up, **asked)


def approving(*facts: Fact, number: int = 1) -> Answer:
    return given(opened, *facts).when(Minutes.approve, number=number, on=JULY_20)


def test_the_minutes_of_a_meeting_are_drawn_up_once():
    drawing_up().then(drawn_up())
    drawing_up(drawn_up()).refuses(DrawnUpAlready, number=1, held_on=JULY_14)
    drawing_up(drawn_up(), approved()).refuses(DrawnUpAlready, number=1, held_on=JULY_14)


def test_another_meeting_of_the_cycle_has_minutes_of_its_own():
    other = replace(RECORD, held_on=JULY_20)
    drawing_up(drawn_up(), record=other).then(drawn_up(2, record=other))


@pytest.mark.parametrize(
    ("held_on", "refused"), [(date(2026, 7, 19), False), (JULY_20, False), (JULY_21, True)]
)
def test_a_meeting_is_minuted_when_it_was_held(held_on: date, refused: bool):
    record = replace(RECORD, held_on=held_on)
    answer = drawing_up(record=record)
    if refused:
        answer.refuses(MeetingToCome, held_on=held_on, on=JULY_20)
    else:
        answer.then(drawn_up(record=record))


def test_a_meeting_of_nobody_is_not_minuted():
    drawing_up(record=replace(RECORD, present=())).refuses(NobodyMet, on=JULY_14)


def test_minutes_are_approved_once():
    approving(drawn_up()).then(approved())
    approving(drawn_up(), approved()).refuses(ApprovedAlready, number=1, on=JULY_20)


@pytest.mark.parametrize("number", [0, 2])
def test_only_what_was_drawn_up_is_approved_or_corrected(number: int):
    approving(drawn_up(), number=number).refuses(NoSuchMinutes, number=number, drawn_up=1)
    drawing_up(drawn_up(), corrects=number).refuses(NoSuchMinutes, number=number, drawn_up=1)


def test_a_mistake_is_corrected_by_minutes_that_name_the_first():
    mended = replace(RECORD, absent=())
    correction = drawn_up(2, 1, mended)
    drawing_up(drawn_up(), approved(), record=mended, corrects=1).then(correction)
    drawing_up(drawn_up(), record=mended, corrects=1).then(correction)
    approving(drawn_up(), correction, number=2).then(approved(2))
    approving(drawn_up(), correction).refuses(CorrectedAlready, number=1, corrected_by=2)
    drawing_up(drawn_up(), correction, corrects=1).refuses(
        CorrectedAlready, number=1, corrected_by=2
    )
    drawing_up(drawn_up(), correction).refuses(DrawnUpAlready, number=2, held_on=JULY_14)


def test_a_correction_may_tell_another_day_unless_that_has_minutes():
    later = replace(RECORD, held_on=JULY_20)
    drawing_up(drawn_up(), record=later, corrects=1).then(drawn_up(2, 1, later))
    both = (drawn_up(), drawn_up(2, record=later))
    drawing_up(*both, record=later, corrects=1).refuses(DrawnUpAlready, number=2, held_on=JULY_20)


SECRETARY = by(MANAGER, "project_manager")


def ask(office: Office, method: str, actor: Any = SECRETARY, **words: Any) -> Any:
    return office.call(ReviewService, method, actor, cycle="2026-07", **words)


def draw_up(office: Office, *present: UUID, held_on: str = "2026-07-14", **words: Any) -> Any:
    there = [str(person) for person in present]
    return ask(office, "draw_up_minutes", held_on=held_on, present=there, **words)


@pytest.fixture
def decided(june: Office) -> Office:
    """On 14 July: of two proposals one is decided, with a deputy and two spoken votes."""
    june.live_until(date(2026, 6, 9))
    send(june)
    send(june, pact=UUID(int=8, version=4))
    hear_urgent_aid(june)
    june.live_until(JULY_14)
    named = {"first": "2026-07-14", "last": "2026-07-14", "deputy": str(STRANGER)}
    june.call(ReviewService, "name_deputy", by(CASE_1, "case_manager"), **named)
    vote(june, MANAGER, "approve_with_conditions", "project_manager")
    vote(june, STRANGER, "approve", "verifier", seat=str(CASE_1))
    vote(june, MANAGER, "approve_with_conditions", "project_manager", seat=str(HEAD))
    vote(june, MANAGER, "approve", "project_manager", seat=str(MICROEQUIPE))
    reason = {"proposal_id": str(REVIEW), "reason": "Ho assistito la microequipe."}
    june.call(ReviewService, "recuse", by(CASE_2, "case_manager"), **reason)
    june.call(ReviewService, "decide", SECRETARY, proposal_id=str(REVIEW))
    return june


def test_the_minutes_tell_who_was_there_and_what_was_decided(decided: Office):
    draw_up(decided, MANAGER, STRANGER, MICROEQUIPE, MANAGER)
    [found] = ask(decided, "minutes")["minutes"]
    assert found["present"] == [
        {"person": str(MANAGER), "role": "project_manager", "deputy_of": None},
        {"person": str(STRANGER), "role": "case_manager", "deputy_of": str(CASE_1)},
        {"person": str(MICROEQUIPE), "role": "microequipe_lead", "deputy_of": None},
    ]
    assert found["absent"] == [str(CASE_2), str(HEAD)]
    [decision] = found["decisions"]
    votes = {
        vote["seat"]: (vote["vote"], vote["deputy"], vote["spoken"], vote["confirmed"])
        for vote in decision["votes"]
    }
    assert votes == {
        str(MANAGER): ("approve_with_conditions", None, False, True),
        str(CASE_1): ("approve", str(STRANGER), False, True),
        str(HEAD): ("approve_with_conditions", None, True, False),
        str(MICROEQUIPE): ("approve", None, True, True),
    }
    assert (decision["pact"], decision["outcome"]) == (str(PACT), "approved_with_conditions")
    assert len(decision["conditions"]) == 2
    assert (decision["recused"], decision["guidelines"]) == ([str(CASE_2)], 1)
    assert [each["pact"] for each in found["undecided"]] == [str(UUID(int=8, version=4))]
    assert [each["eur"] for each in found["urgent_aid"]] == ["150.00"]
    assert (found["guidelines"], found["approved_on"], found["stands"]) == (1, None, True)


def test_approved_minutes_are_said_at_home_and_stay_as_they_are(decided: Office):
    answer = draw_up(decided, MANAGER, STRANGER)
    before = ask(decided, "minutes")["minutes"][0]
    decided.live_until(date(2026, 7, 16))
    ask(decided, "approve_minutes", number=1, expected_version=answer["version"])
    (former, said_before), (contract, said) = list(decided.told("lead"))[-2:]
    told = {name: value for name, value in before.items() if name not in ("approved_on", "stands")}
    assert (contract, said) == ("review/minutes_approved.v2", told | {"on": "2026-07-16"})
    assert (former, said_before) == (
        "review/minutes_approved.v1",
        {name: value for name, value in said.items() if name != "set_aside"},
    )
    assert not [name for name, _ in decided.told("nord") if "minutes" in name]
    draw_up(decided, MANAGER, STRANGER, HEAD, corrects=1)
    first, second = ask(decided, "minutes")["minutes"]
    assert first == before | {"approved_on": "2026-07-16", "stands": False}
    assert (second["corrects"], second["absent"]) == (1, [str(CASE_2)])
    confirmed = {vote["seat"] for vote in second["decisions"][0]["votes"] if vote["confirmed"]}
    assert confirmed == {str(MANAGER), str(CASE_1), str(HEAD)}


def test_a_decision_of_another_day_is_not_of_this_meeting(decided: Office):
    decided.live_until(date(2026, 7, 15))
    draw_up(decided, MANAGER, held_on="2026-07-13")
    draw_up(decided, MANAGER, held_on="2026-07-15")
    earlier, later = ask(decided, "minutes")["minutes"]
    assert (earlier["decisions"], len(earlier["undecided"])) == ([], 2)
    assert (later["decisions"], len(later["undecided"])) == ([], 1)


def test_what_was_listed_after_the_meeting_is_not_of_it(decided: Office):
    hear_urgent_aid(decided, aid=2)
    send(decided, pact=UUID(int=9, version=4), on="2026-06-30")
    decided.live_until(date(2026, 7, 15))
    draw_up(decided, MANAGER, held_on="2026-07-14")
    draw_up(decided, MANAGER, held_on="2026-07-15")
    before, after = ask(decided, "minutes")["minutes"]
    assert [each["aid"] for each in before["urgent_aid"]] == [1]
    assert [each["aid"] for each in after["urgent_aid"]] == [1, 2]
    assert [len(each["undecided"]) for each in (before, after)] == [1, 2]


def test_minutes_of_before_there_were_proposals_set_aside_list_none():
    told = plain(dict(drawn_up().fields))
    del told["record"]["set_aside"]
    assert of_version(1, Minutes.DrawnUp, **told) == drawn_up()


@pytest.mark.parametrize(
    ("present", "held_on", "refusal"),
    [
        ((MANAGER, STRANGER), "2026-07-13", "NotAtTheTable"),
        ((MANAGER,), "2026-06-30", "NoDocketYet"),
        ((MANAGER,), "2026-07-15", "MeetingToCome"),
        ((), "2026-07-14", "NobodyMet"),
        ((MANAGER,), "14/07/2026", "BadWord"),
    ],
)
def test_bad_minutes_are_refused_and_nothing_is_written(
    decided: Office, present: tuple[UUID, ...], held_on: str, refusal: str
):
    before = decided.facts()
    assert refused(draw_up, decided, *present, held_on=held_on)[0] == refusal
    assert decided.facts() == before


def test_a_month_without_a_docket_has_no_minutes(june: Office):
    assert refused(draw_up, june, MANAGER)[0] == "NoDocketYet"
    assert ask(june, "minutes") == {"cycle": "2026-07", "version": 0, "minutes": []}


@pytest.mark.parametrize(
    ("method", "role"),
    [
        ("draw_up_minutes", "case_manager"),
        ("approve_minutes", "administrator"),
        ("minutes", "verifier"),
    ],
)
def test_who_draws_up_approves_and_reads(june: Office, method: str, role: str):
    kind, _ = refused(ask, june, method, by(STRANGER, role))
    assert kind == "RoleWithoutRight"
