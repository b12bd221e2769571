"""The docket of a cycle: set once, frozen, supplemented by what came afterwards."""

from datetime import date
from uuid import UUID

from services.review.cycle import ReviewCycle
from tests.review.moments import JULY_1, JULY_20
from tests.scenario import fact, given

FIRST, SECOND, THIRD = (UUID(int=n) for n in (1, 2, 3))
JULY_2 = date(2026, 7, 2)

docket_set = fact(
    ReviewCycle.DocketSet,
    cycle="2026-07",
    proposals=(FIRST, SECOND),
    decide_by=JULY_20,
    on=JULY_1,
)
supplemented = fact(ReviewCycle.DocketSupplemented, proposals=(THIRD,), on=JULY_2)


def test_the_docket_is_set_with_the_proposals_of_the_cycle():
    given().when(
        ReviewCycle.set_docket,
        cycle="2026-07",
        proposals=(FIRST, SECOND),
        decide_by=JULY_20,
        on=JULY_1,
    ).then(docket_set)


def test_a_proposal_that_came_after_the_docket_was_set_is_added_to_it():
    given(docket_set).when(ReviewCycle.supplement, proposals=(SECOND, THIRD), on=JULY_2).then(
        supplemented
    )


def test_a_proposal_stands_on_a_docket_once():
    given(docket_set).when(ReviewCycle.supplement, proposals=(FIRST, SECOND), on=JULY_2).then()


def test_what_is_on_a_docket_stays_on_it_in_its_order():
    story = given(docket_set, supplemented).aggregate()
    assert isinstance(story, ReviewCycle)
    assert story.proposals == (FIRST, SECOND, THIRD)


def test_each_proposal_is_on_the_docket_from_the_day_on_which_it_was_put_there():
    docket = given(docket_set, supplemented).aggregate()
    assert isinstance(docket, ReviewCycle)
    assert docket.since == {FIRST: JULY_1, SECOND: JULY_1, THIRD: JULY_2}


def test_a_supplement_changes_neither_when_a_docket_was_set_nor_by_when_it_is_decided():
    docket = given(docket_set, supplemented).aggregate()
    assert isinstance(docket, ReviewCycle)
    assert (docket.set_on, docket.decide_by) == (JULY_1, JULY_20)
