"""The steering board: sessions, and guidelines that are issued once, in order, for days to come."""

from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest

from services.review.guidelines import INITIAL, OutOfRange, UnknownParameter
from services.review.steering_board import (
    InForceInThePast,
    InForceTooEarly,
    InTheFuture,
    NobodyThere,
    NoSuchSession,
    NoSuchVersion,
    NumberNotNext,
    SteeringBoard,
)
from tests.review.moments import HEAD, MANAGER, words
from tests.scenario import Fact, Story, fact, given

JAN_14 = date(2026, 1, 14)
JAN_15 = date(2026, 1, 15)
JAN_16 = date(2026, 1, 16)
MAY_15 = date(2026, 5, 15)
JUNE_1 = date(2026, 6, 1)

opened = fact(SteeringBoard.Opened)


def held(number: int = 1, on: date = JAN_15, next_due: date = MAY_15) -> Fact:
    return fact(
        SteeringBoard.SessionHeld,
        number=number,
        on=on,
        present=(MANAGER, HEAD),
        next_due=next_due,
    )


def issued(
    number: int = 1,
    in_force_from: date = JAN_15,
    changed: tuple[str, ...] = (),
    agreement: str | None = None,
    **changes: Any,
) -> Fact:
    return fact(
        SteeringBoard.Issued,
        number=number,
        in_force_from=in_force_from,
        parameters={**INITIAL, **changes},
        changed=changed,
        session=1,
        agreement=agreement,
        text=None,
        on=JAN_15,
    )


def issuing(story: Story, **arguments: Any):
    asked = {
        "number": 1,
        "in_force_from": JAN_15,
        "changes": {},
        "session": 1,
        "text": None,
        "agreement": None,
        "on": JAN_15,
    }
    return story.when(SteeringBoard.issue, **(asked | arguments))


def test_a_session_records_who_was_there_and_when_the_next_is_due():
    given(opened).when(
        SteeringBoard.hold_session, held_on=JAN_15, present=(HEAD, MANAGER, HEAD), on=JAN_16
    ).then(held())


def test_a_session_without_anybody_is_refused():
    given(opened).when(SteeringBoard.hold_session, held_on=JAN_15, present=(), on=JAN_15).refuses(
        NobodyThere, on=JAN_15
    )


@pytest.mark.parametrize(("held_on", "refused"), [(JAN_14, False), (JAN_15, False), (JAN_16, True)])
def test_a_session_is_recorded_when_it_was_held_not_before(held_on: date, refused: bool):
    answer = given(opened).when(
        SteeringBoard.hold_session, held_on=held_on, present=(MANAGER,), on=JAN_15
    )
    if refused:
        answer.refuses(InTheFuture, held_on=held_on, on=JAN_15)
    else:
        assert answer.refusal is None


def test_the_next_session_is_due_by_the_guidelines_in_force_on_the_day_of_the_session():
    every_two = issued(2, JUNE_1, ("board_months",), board_months=2)
    board = given(opened, held(), issued(), every_two)
    board.when(
        SteeringBoard.hold_session, held_on=date(2026, 5, 31), present=(MANAGER, HEAD), on=JUNE_1
    ).then(held(2, date(2026, 5, 31), date(2026, 9, 30)))
    board.when(SteeringBoard.hold_session, held_on=JUNE_1, present=(MANAGER, HEAD), on=JUNE_1).then(
        held(2, JUNE_1, date(2026, 8, 1))
    )


def test_a_session_recorded_out_of_order_does_not_bring_the_next_date_forward():
    given(opened, held()).when(
        SteeringBoard.hold_session, held_on=date(2025, 12, 1), present=(MANAGER, HEAD), on=JAN_16
    ).then(held(2, date(2025, 12, 1), MAY_15))


def test_the_first_version_is_the_initial_guidelines():
    issuing(given(opened, held())).then(issued())


def test_a_version_states_every_parameter_and_which_changed():
    issuing(
        given(opened, held(), issued()),
        number=2,
        in_force_from=JUNE_1,
        changes={"elderly_from_age": 67, "late": "next_cycle", "pact_months": 12},
    ).then(issued(2, JUNE_1, ("elderly_from_age", "late"), elderly_from_age=67, late="next_cycle"))


def test_a_version_keeps_the_changes_of_the_one_before():
    issuing(
        given(opened, held(), issued(changed=("pact_months",), pact_months=9)),
        number=2,
        in_force_from=JUNE_1,
        changes={"isee_max": "13000.00"},
        agreement="CONV-2026-014",
    ).then(
        issued(
            2,
            JUNE_1,
            ("isee_max",),
            "CONV-2026-014",
            pact_months=9,
            isee_max="13000.00",
        )
    )


def test_a_parameter_that_did_not_exist_before_has_not_changed_unless_it_was_set():
    older = {name: value for name, value in INITIAL.items() if name != "closed_months"}
    first = fact(SteeringBoard.Issued, **(dict(issued().fields) | {"parameters": older}))
    board = given(opened, held(), first)
    issuing(board, number=2).then(issued(2))
    issuing(board, number=2, changes={"closed_months": [8]}).then(
        issued(2, JAN_15, ("closed_months",), closed_months=[8])
    )


@pytest.mark.parametrize(("number", "refused"), [(1, True), (2, False), (3, True)])
def test_guidelines_are_numbered_without_gaps(number: int, refused: bool):
    answer = issuing(given(opened, held(), issued()), number=number)
    if refused:
        answer.refuses(NumberNotNext, number=number, next=2)
    else:
        assert answer.refusal is None


@pytest.mark.parametrize(
    ("in_force_from", "refused"), [(JAN_14, True), (JAN_15, False), (JAN_16, False)]
)
def test_guidelines_come_into_force_on_the_day_of_issue_or_later(
    in_force_from: date, refused: bool
):
    answer = issuing(given(opened, held()), in_force_from=in_force_from)
    if refused:
        answer.refuses(InForceInThePast, in_force_from=in_force_from, on=JAN_15)
    else:
        assert answer.refusal is None


@pytest.mark.parametrize(
    ("in_force_from", "refused"),
    [(date(2026, 5, 31), True), (JUNE_1, False), (date(2026, 6, 2), False)],
)
def test_a_later_version_does_not_come_into_force_before_an_earlier_one(
    in_force_from: date, refused: bool
):
    answer = issuing(
        given(opened, held(), issued(in_force_from=JUNE_1)), number=2, in_force_from=in_force_from
    )
    if refused:
        answer.refuses(InForceTooEarly, in_force_from=in_force_from, previous=JUNE_1)
    else:
        assert answer.refusal is None


@pytest.mark.parametrize(("session", "refused"), [(0, True), (1, False), (2, True)])
def test_guidelines_are_issued_by_a_session_that_was_held(session: int, refused: bool):
    answer = issuing(given(opened, held()), session=session)
    if refused:
        answer.refuses(NoSuchSession, session=session, held=1)
    else:
        assert answer.refusal is None


def test_a_version_follows_the_last_one_not_the_first():
    second = issued(2, JUNE_1, ("pact_months",), pact_months=9)
    board = given(opened, held(), issued(), second)
    issuing(board, number=3, in_force_from=date(2026, 5, 31)).refuses(
        InForceTooEarly, in_force_from=date(2026, 5, 31), previous=JUNE_1
    )
    issuing(board, number=3, in_force_from=JUNE_1).then(issued(3, JUNE_1, pact_months=9))


@pytest.mark.parametrize(("number", "refused"), [(0, True), (1, False), (2, False), (3, True)])
def test_only_versions_that_were_issued_are_shown_and_acknowledged(number: int, refused: bool):
    board = given(opened, held(), issued(), issued(2)).aggregate()
    assert isinstance(board, SteeringBoard)
    with pytest.raises(NoSuchVersion) if refused else nullcontext():
        board.must_have_issued(number)


def test_a_parameter_out_of_range_is_refused_with_its_range():
    issuing(given(opened, held()), changes={"decided_by_day": 31}).refuses(
        OutOfRange, parameter="decided_by_day", least=1, most=28
    )


def test_a_parameter_that_no_rule_reads_is_refused():
    issuing(given(opened, held()), changes={"decide_by_day": 20}).refuses(
        UnknownParameter, parameter="decide_by_day"
    )


def test_the_directions_in_words_are_kept_as_a_reference():
    answer = issuing(given(opened, held()), text=words(7))
    assert dict(answer.facts[0].fields)["text"] == words(7)
    board = given(opened, held(), issued(), *answer.facts).aggregate()
    assert isinstance(board, SteeringBoard)
    assert board.texts == [None, words(7)]


@pytest.mark.parametrize(
    ("on", "noted"),
    [
        (date(2026, 4, 30), False),
        (date(2026, 5, 1), True),
        (MAY_15, True),
        (date(2026, 5, 16), False),
    ],
)
def test_the_next_session_is_announced_two_weeks_before_it_is_due(on: date, noted: bool):
    expected = [fact(SteeringBoard.SessionAnnounced, due=MAY_15, on=on)] if noted else []
    given(opened, held()).when(SteeringBoard.announce_session, on=on).then(*expected)


@pytest.mark.parametrize(
    ("on", "noted"), [(date(2026, 5, 14), False), (MAY_15, False), (date(2026, 5, 16), True)]
)
def test_a_session_is_missed_on_the_day_after_it_was_due(on: date, noted: bool):
    expected = [fact(SteeringBoard.SessionMissed, due=MAY_15, on=on)] if noted else []
    given(opened, held()).when(SteeringBoard.note_missed_session, on=on).then(*expected)


def test_a_due_session_is_announced_and_missed_once():
    announced = fact(SteeringBoard.SessionAnnounced, due=MAY_15, on=date(2026, 5, 1))
    missed = fact(SteeringBoard.SessionMissed, due=MAY_15, on=date(2026, 5, 16))
    board = given(opened, held(), announced, missed)
    board.when(SteeringBoard.announce_session, on=date(2026, 5, 2)).then()
    board.when(SteeringBoard.note_missed_session, on=date(2026, 5, 17)).then()


def test_before_the_first_session_nothing_is_due():
    given(opened).when(SteeringBoard.announce_session, on=JAN_15).then()
    given(opened).when(SteeringBoard.note_missed_session, on=JAN_15).then()
