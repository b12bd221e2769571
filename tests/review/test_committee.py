"""The committee: who holds which seat on which day."""

from dataclasses import replace
from datetime import date

import pytest

from services.review.committee import (
    AppointedElsewhere,
    BodyHasAHead,
    Committee,
    HeadWithoutBody,
    Seat,
    TooManyCaseManagers,
    TooManyProjectManagers,
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
)
from tests.scenario import Answer, Fact, fact, given, of_version

JAN_1 = date(2026, 1, 1)
JUNE_30 = date(2026, 6, 30)
JULY_1 = date(2026, 7, 1)
JULY_2 = date(2026, 7, 2)

opened = fact(Committee.Opened)


def seated(seat: Seat, first: date = JAN_1, last: date | None = None) -> Fact:
    return fact(
        Committee.Seated,
        person=seat.person,
        role=seat.role,
        organisation=seat.organisation,
        body=seat.body,
        first=first,
        last=last,
    )


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


def test_a_seat_is_given_once():
    seating(seated(MANAGERS_SEAT), seat=MANAGERS_SEAT).then()


def test_a_second_project_manager_is_refused():
    seating(
        seated(MANAGERS_SEAT), seat=Seat(STRANGER, "project_manager", "lead"), first=JULY_1
    ).refuses(TooManyProjectManagers, on=JULY_1, most=1)


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ((), False),
        ((seated(CASE_1_SEAT),), False),
        ((seated(CASE_1_SEAT), seated(CASE_2_SEAT)), True),
    ],
)
def test_the_committee_has_two_case_managers(facts: tuple[Fact, ...], refused: bool):
    third = Seat(STRANGER, "case_manager", "nord")
    answer = seating(*facts, seat=third)
    if refused:
        answer.refuses(TooManyCaseManagers, on=JAN_1, most=2)
    else:
        answer.then(seated(third))


def test_a_third_case_manager_is_refused_also_when_the_second_comes_later():
    seating(
        seated(CASE_1_SEAT),
        seated(CASE_2_SEAT, first=JULY_1),
        seat=Seat(STRANGER, "case_manager", "nord"),
    ).refuses(TooManyCaseManagers, on=JULY_1, most=2)


def test_a_third_case_manager_may_sit_until_the_second_comes():
    third = Seat(STRANGER, "case_manager", "nord")
    seating(seated(CASE_1_SEAT), seated(CASE_2_SEAT, first=JULY_1), seat=third, last=JUNE_30).then(
        seated(third, last=JUNE_30)
    )


def test_a_second_project_manager_is_refused_whatever_body_is_named():
    seating(
        seated(MANAGERS_SEAT), seat=Seat(STRANGER, "project_manager", "lead", "officina")
    ).refuses(TooManyProjectManagers, on=JAN_1, most=1)


def test_every_work_placement_body_has_one_head():
    seating(seated(HEADS_SEAT), seat=Seat(STRANGER, "work_placement_head", "nord", "serra")).then(
        seated(Seat(STRANGER, "work_placement_head", "nord", "serra"))
    )
    seating(
        seated(HEADS_SEAT), seat=Seat(STRANGER, "work_placement_head", "lead", "officina")
    ).refuses(BodyHasAHead, on=JAN_1, body="officina")


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
    seating(*ended, seat=successor, first=JUNE_30).refuses(
        TooManyProjectManagers, on=JUNE_30, most=1
    )


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
