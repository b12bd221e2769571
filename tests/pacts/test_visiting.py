from datetime import date

import pytest

from services.pacts.along import CalledOff, VisitPlace
from services.pacts.pact import Pact
from services.pacts.refusals import (
    NobodyPresent,
    NoSuchItem,
    NotInThePact,
    VisitInThePast,
    VisitNotPlanned,
    VisitorNotOfTheMicroequipe,
)
from tests.pacts.moments import (
    AUG_1,
    BY_MEMBER,
    JUN_1,
    LEAD,
    MANAGER,
    MEMBER,
    MOTHER,
    NEIGHBOUR,
    SON,
    STRANGER,
    TEACHER,
    active,
    figures_known,
    suspended,
    text,
)
from tests.scenario import fact, given

AUG_5 = date(2026, 8, 5)
PLAN = {"day": AUG_5, "visitor": MEMBER, "place": VisitPlace.HOME, "on": AUG_1}
planned = fact(Pact.VisitPlanned, visit=1, **PLAN)
called_off = fact(Pact.VisitCalledOff, visit=1, reason=CalledOff.NOBODY_THERE, on=AUG_5)
HELD = {
    "day": AUG_1,
    "visitor": MEMBER,
    "place": VisitPlace.SCHOOL,
    "present": (MOTHER, SON),
    "on": AUG_1,
}


def held(visit=1, **changed):
    return fact(Pact.VisitHeld, **{"visit": visit, "note": None, **HELD, **changed})


@pytest.mark.parametrize("place", list(VisitPlace))
@pytest.mark.parametrize("visitor", [LEAD, MEMBER, MANAGER])
def test_a_visit_is_planned_for_somebody_of_the_microequipe_or_its_case_manager(place, visitor):
    words = {**PLAN, "place": place, "visitor": visitor}
    given(*active).when(Pact.plan_visit, **words).then(fact(Pact.VisitPlanned, visit=1, **words))


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(date(2026, 7, 31), False), (AUG_1, True), (date(2026, 8, 2), True)],
)
def test_a_visit_is_planned_from_today_on(day, allowed):
    answer = given(*active).when(Pact.plan_visit, **{**PLAN, "day": day})
    if allowed:
        answer.then(fact(Pact.VisitPlanned, visit=1, **{**PLAN, "day": day}))
    else:
        answer.refuses(VisitInThePast, day=day, today=AUG_1)


def test_a_visit_that_was_planned_is_held_with_its_number_as_it_really_was():
    given(*active, planned).when(
        Pact.record_visit, **{**HELD, "day": AUG_5, "on": AUG_5}, visit=1, note=text(71)
    ).then(held(day=AUG_5, on=AUG_5, note=text(71)))


def test_a_visit_that_was_not_planned_gets_the_next_number():
    given(*active, planned).when(Pact.record_visit, **HELD, by=BY_MEMBER).then(held(2))
    given(*active, planned, held(2)).when(Pact.plan_visit, **PLAN).then(
        fact(Pact.VisitPlanned, visit=3, **PLAN)
    )


def test_the_number_of_a_visit_is_not_given_again_after_an_older_one_was_held():
    given(*active, planned, held(2), held(1)).when(Pact.record_visit, **HELD).then(held(3))


def test_a_family_is_visited_while_its_pact_rests():
    given(*active, suspended).when(Pact.record_visit, **HELD).then(held())


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2026, 5, 31), False),
        (JUN_1, True),
        (date(2026, 6, 2), True),
        (date(2026, 7, 31), True),
        (AUG_1, True),
        (date(2026, 8, 2), False),
    ],
)
def test_a_visit_was_held_between_the_first_active_day_and_today(day, allowed):
    answer = given(*active).when(Pact.record_visit, **{**HELD, "day": day})
    if allowed:
        answer.then(held(day=day))
    else:
        answer.refuses(NotInThePact, day=day, active_from=JUN_1, today=AUG_1)


def test_a_visit_at_which_nobody_was_there_is_called_off():
    given(*active, planned).when(Pact.record_visit, **{**HELD, "present": ()}, visit=1).refuses(
        NobodyPresent, day=AUG_1
    )
    given(*active, planned).when(
        Pact.call_off_visit, visit=1, reason=CalledOff.NOBODY_THERE, on=AUG_5
    ).then(called_off)


@pytest.mark.parametrize("progress", [held(), called_off])
def test_only_a_planned_visit_is_held_or_called_off(progress):
    over = given(*active, planned, progress)
    stands = "held" if progress.event is Pact.VisitHeld else "called_off"
    over.when(Pact.record_visit, **HELD, visit=1).refuses(VisitNotPlanned, visit=1, progress=stands)
    over.when(Pact.call_off_visit, visit=1, reason=CalledOff.ASKED_BY_THE_FAMILY, on=AUG_5).refuses(
        VisitNotPlanned, visit=1, progress=stands
    )


def test_a_visit_that_is_not_there_is_neither_held_nor_called_off():
    given(*active).when(Pact.record_visit, **HELD, visit=1).refuses(NoSuchItem, visit=1)
    given(*active).when(
        Pact.call_off_visit, visit=2, reason=CalledOff.VISITOR_UNAVAILABLE, on=AUG_1
    ).refuses(NoSuchItem, visit=2)


@pytest.mark.parametrize("visitor", [TEACHER, NEIGHBOUR])
def test_a_reference_figure_visits_and_somebody_else_records_it(visitor):
    so_far = given(*active, figures_known)
    so_far.when(Pact.record_visit, **{**HELD, "visitor": visitor}).then(held(visitor=visitor))


def test_nobody_else_visits():
    given(*active).when(Pact.plan_visit, **{**PLAN, "visitor": STRANGER}).refuses(
        VisitorNotOfTheMicroequipe, visitor=STRANGER
    )
    given(*active).when(Pact.record_visit, **{**HELD, "visitor": MOTHER}).refuses(
        VisitorNotOfTheMicroequipe, visitor=MOTHER
    )


def test_who_was_there_is_kept_once():
    given(*active).when(Pact.record_visit, **{**HELD, "present": (SON, SON)}).then(
        held(present=(SON,))
    )
