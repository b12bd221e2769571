"""The committee: who holds which seat on which day."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.review.committee import (
    AppointedElsewhere,
    Committee,
    HeadWithoutBody,
    NotSeated,
    Seat,
)
from tests.review.moments import (
    CASE_1,
    CASE_1_SEAT,
    CASE_2_SEAT,
    HEAD,
    HEADS_SEAT,
    MANAGER,
    MANAGERS_SEAT,
    STRANGER,
    by,
)
from tests.scenario import Answer, Fact, fact, given, of_version

JAN_1 = date(2026, 1, 1)
JUNE_30 = date(2026, 6, 30)
JULY_1 = date(2026, 7, 1)
JULY_2 = date(2026, 7, 2)

THIRD = Seat(STRANGER, "case_manager", "nord")

opened = fact(Committee.Opened)


def seated(
    seat: Seat, first: date = JAN_1, last: date | None = None, event: type[Any] = Committee.Seated
) -> Fact:
    return fact(
        event,
        person=seat.person,
        role=seat.role,
        organisation=seat.organisation,
        body=seat.body,
        first=first,
        last=last,
    )


def awaited(seat: Seat, first: date = JAN_1, last: date | None = None) -> Fact:
    return seated(seat, first, last, event=Committee.SeatAwaited)


def unseated(seat: Seat, last: date) -> Fact:
    return fact(
        Committee.Unseated,
        person=seat.person,
        role=seat.role,
        organisation=seat.organisation,
        body=seat.body,
        last=last,
    )


def seating(*facts: Fact, seat: Seat, first: date = JAN_1, last: date | None = None) -> Answer:
    return given(opened, *facts).when(
        Committee.seat, seat=seat, first=first, last=last, lead="lead"
    )


def committee(*facts: Fact) -> Committee:
    found = given(opened, *facts).aggregate()
    assert isinstance(found, Committee)
    return found


@pytest.mark.parametrize("seat", [MANAGERS_SEAT, CASE_1_SEAT, HEADS_SEAT])
def test_a_role_that_sits_gives_a_seat(seat: Seat):
    seating(seat=seat).then(seated(seat))


@pytest.mark.parametrize(
    "role",
    [
        "access_point_operator",
        "verifier",
        "microequipe_member",
        "microequipe_lead",
        "legal_representative",
        "auditor",
        "administrator",
    ],
)
def test_other_roles_give_none(role: str):
    seating(seat=Seat(STRANGER, role, "lead")).then()


def test_a_seat_is_no_proposers_unless_that_is_said():
    assert not Seat(CASE_1_SEAT.person, "case_manager", "lead").proposer


def test_a_seat_is_given_once():
    seating(seated(MANAGERS_SEAT), seat=MANAGERS_SEAT).then()


def test_a_second_project_manager_waits():
    second = Seat(STRANGER, "project_manager", "lead")
    seating(seated(MANAGERS_SEAT), seat=second, first=JULY_1).then(awaited(second, first=JULY_1))


@pytest.mark.parametrize(
    ("facts", "waits"),
    [
        ((), False),
        ((seated(CASE_1_SEAT),), False),
        ((seated(CASE_1_SEAT), seated(CASE_2_SEAT)), True),
    ],
)
def test_the_committee_has_two_case_managers(facts: tuple[Fact, ...], waits: bool):
    seating(*facts, seat=THIRD).then(awaited(THIRD) if waits else seated(THIRD))


@pytest.mark.parametrize(
    ("last", "waits"), [(JUNE_30, False), (JULY_1, True), (JULY_2, True), (None, True)]
)
def test_a_third_case_manager_sits_until_the_second_comes(last: date | None, waits: bool):
    two = (seated(CASE_1_SEAT), seated(CASE_2_SEAT, first=JULY_1))
    third = awaited(THIRD, last=last) if waits else seated(THIRD, last=last)
    seating(*two, seat=THIRD, last=last).then(third)
    shared = committee(*two, third)
    assert [THIRD in shared.seats_on(day) for day in (JUNE_30, JULY_1)] == [True, False]
    assert THIRD not in shared.waiting_on(JUNE_30)
    assert (THIRD in shared.waiting_on(JULY_1)) is waits


@pytest.mark.parametrize("seat", [MANAGERS_SEAT, HEADS_SEAT])
def test_who_comes_second_to_a_seat_that_there_is_once_waits_for_it(seat: Seat):
    second = replace(seat, person=STRANGER)
    shared = committee(seated(seat), awaited(second))
    assert (shared.seats_on(JULY_1), shared.waiting_on(JULY_1)) == ((seat,), (second,))


def test_a_third_case_manager_waits_and_is_shown_to_wait():
    three = committee(seated(CASE_1_SEAT), seated(CASE_2_SEAT), awaited(THIRD))
    assert (three.seats_on(JULY_1), three.waiting_on(JULY_1)) == (
        (CASE_1_SEAT, CASE_2_SEAT),
        (THIRD,),
    )


@pytest.mark.parametrize(("day", "sits"), [(JUNE_30, False), (JULY_1, True), (JULY_2, True)])
def test_who_waits_has_the_seat_from_the_day_after_another_left(day: date, sits: bool):
    two = (seated(CASE_1_SEAT), seated(CASE_2_SEAT))
    heard_first = committee(*two, awaited(THIRD), unseated(CASE_1_SEAT, JUNE_30))
    assert (THIRD in heard_first.seats_on(day)) is sits
    assert (THIRD in heard_first.waiting_on(day)) is not sits


def test_of_two_who_wait_the_one_who_was_heard_of_first_has_the_seat():
    fourth = Seat(HEAD, "case_manager", "nord")
    waiting = (awaited(THIRD, first=JULY_2), awaited(fourth, first=JULY_1))
    left = committee(
        seated(CASE_1_SEAT), seated(CASE_2_SEAT), *waiting, unseated(CASE_1_SEAT, JUNE_30)
    )
    assert [left.waiting_on(day) for day in (JULY_1, JULY_2)] == [(), (fourth,)]
    assert left.seats_on(JULY_1) == (CASE_2_SEAT, fourth)
    assert left.seats_on(JULY_2) == (CASE_2_SEAT, THIRD)


def test_who_waits_already_adds_nothing_and_ceases_to_when_the_role_ends():
    three = (seated(CASE_1_SEAT), seated(CASE_2_SEAT), awaited(THIRD))
    seating(*three, seat=THIRD, first=JULY_1).then()
    ended = unseated(THIRD, JUNE_30)
    given(opened, *three).when(Committee.unseat, seat=THIRD, last=JUNE_30).then(ended)
    assert committee(*three, ended).waiting_on(JULY_1) == ()
    both = committee(*three, ended, unseated(CASE_1_SEAT, JUNE_30))
    assert both.seats_on(JULY_1) == (CASE_2_SEAT,)


def test_who_waits_names_no_deputy():
    story = given(opened, seated(CASE_1_SEAT), seated(CASE_2_SEAT), awaited(THIRD))
    asked = {"seat": STRANGER, "deputy": HEAD, "first": JULY_1, "last": JULY_2, "on": JUNE_30}
    story.when(Committee.name_deputy, **asked, by=by(STRANGER)).refuses(
        NotSeated, seat=STRANGER, on=JULY_1
    )


def test_a_second_project_manager_waits_whatever_body_is_named():
    second = Seat(STRANGER, "project_manager", "lead", "officina")
    seating(seated(MANAGERS_SEAT), seat=second).then(awaited(second))


def test_every_work_placement_body_has_one_head():
    seating(seated(HEADS_SEAT), seat=Seat(STRANGER, "work_placement_head", "nord", "serra")).then(
        seated(Seat(STRANGER, "work_placement_head", "nord", "serra"))
    )
    second = Seat(STRANGER, "work_placement_head", "lead", "officina")
    seating(seated(HEADS_SEAT), seat=second).then(awaited(second))


def test_a_head_sits_for_a_body_that_is_named():
    seating(seat=Seat(HEAD, "work_placement_head", "nord")).refuses(HeadWithoutBody, person=HEAD)


def test_the_project_manager_is_appointed_by_the_lead_organisation():
    seating(seat=Seat(MANAGER, "project_manager", "nord")).refuses(
        AppointedElsewhere, role="project_manager", organisation="nord"
    )


@pytest.mark.parametrize(("day", "held"), [(JUNE_30, False), (JULY_1, True), (JULY_2, True)])
def test_a_seat_is_held_from_its_first_day(day: date, held: bool):
    assert bool(committee(seated(MANAGERS_SEAT, first=JULY_1)).seats_on(day)) is held


@pytest.mark.parametrize(("day", "held"), [(JUNE_30, True), (JULY_1, True), (JULY_2, False)])
def test_a_seat_is_held_to_its_last_day(day: date, held: bool):
    assert bool(committee(seated(MANAGERS_SEAT, last=JULY_1)).seats_on(day)) is held
    ended = committee(seated(MANAGERS_SEAT), unseated(MANAGERS_SEAT, JULY_1))
    assert bool(ended.seats_on(day)) is held


def test_a_seat_that_ended_is_free_for_another_person_from_the_next_day():
    successor = Seat(STRANGER, "project_manager", "lead")
    ended = (seated(MANAGERS_SEAT), unseated(MANAGERS_SEAT, JUNE_30))
    seating(*ended, seat=successor, first=JULY_1).then(seated(successor, first=JULY_1))
    seating(*ended, seat=successor, first=JUNE_30).then(awaited(successor, first=JUNE_30))


def test_a_seat_ends_once():
    story = given(opened, seated(CASE_1_SEAT))
    story.when(Committee.unseat, seat=CASE_1_SEAT, last=JULY_1).then(unseated(CASE_1_SEAT, JULY_1))
    over = given(opened, seated(CASE_1_SEAT), unseated(CASE_1_SEAT, JUNE_30))
    over.when(Committee.unseat, seat=CASE_1_SEAT, last=JULY_1).then()
    over.when(Committee.unseat, seat=CASE_1_SEAT, last=JUNE_30).then()


def test_the_head_of_two_bodies_leaves_the_one_that_is_named():
    other = replace(HEADS_SEAT, body="serra")
    story = given(opened, seated(HEADS_SEAT), seated(other))
    story.when(Committee.unseat, seat=other, last=JUNE_30).then(unseated(other, JUNE_30))
    left = committee(seated(HEADS_SEAT), seated(other), unseated(other, JUNE_30))
    assert left.seats_on(JULY_1) == (HEADS_SEAT,)


def test_the_end_of_a_role_for_no_body_is_not_that_of_a_seat_for_one():
    story = given(opened, seated(HEADS_SEAT))
    story.when(Committee.unseat, seat=replace(HEADS_SEAT, body=None), last=JUNE_30).then()


def test_an_end_of_before_bodies_were_named_still_ends_every_seat_of_the_role():
    told = {name: told for name, told in unseated(HEADS_SEAT, JUNE_30).fields if name != "body"}
    ended = of_version(1, Committee.Unseated, **told)
    both = (seated(HEADS_SEAT), seated(replace(HEADS_SEAT, body="serra")), seated(CASE_1_SEAT))
    assert committee(*both, ended).seats_on(JULY_1) == (CASE_1_SEAT,)


def test_a_seat_for_days_to_come_is_not_ended_with_the_present_one():
    again = seated(CASE_1_SEAT, first=JULY_2)
    present = seated(CASE_1_SEAT, last=JULY_1)
    story = given(opened, present, again)
    story.when(Committee.unseat, seat=CASE_1_SEAT, last=JUNE_30).then(
        unseated(CASE_1_SEAT, JUNE_30)
    )
    ended = committee(present, again, unseated(CASE_1_SEAT, JUNE_30))
    assert [bool(ended.seats_on(day)) for day in (JUNE_30, JULY_1, JULY_2)] == [True, False, True]


def test_who_never_sat_does_not_leave():
    story = given(opened, seated(CASE_1_SEAT))
    story.when(Committee.unseat, seat=CASE_2_SEAT, last=JULY_1).then()


def test_who_left_may_come_back():
    gone = (seated(CASE_1_SEAT), unseated(CASE_1_SEAT, JUNE_30))
    seating(*gone, seat=CASE_1_SEAT, first=JULY_2).then(seated(CASE_1_SEAT, first=JULY_2))
    back = committee(*gone, seated(CASE_1_SEAT, first=JULY_2))
    assert [bool(back.seats_on(day)) for day in (JUNE_30, JULY_1, JULY_2)] == [True, False, True]


def test_a_person_with_two_roles_sits_once_in_the_first_of_them():
    both = Seat(CASE_1, "work_placement_head", "lead", "serra")
    assert committee(seated(both), seated(CASE_1_SEAT)).seats_on(JULY_1) == (CASE_1_SEAT,)
