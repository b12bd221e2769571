"""Something to be done by a day: reminded of once for each day, unless it was done."""

from datetime import date

import pytest

from services.kernel.mapper import plain
from services.notify.deadline import Awaited, Deadline
from services.notify.notice import Subject
from tests.scenario import Fact, Story, fact, given, of_version

JUNE_1, JUNE_5, JUNE_10 = date(2026, 6, 1), date(2026, 6, 5), date(2026, 6, 10)
JULY_7, JULY_10 = date(2026, 7, 7), date(2026, 7, 10)
PACT = Subject(family="NORD-2X8W5T-R")

awaited = fact(
    Deadline.Set,
    awaited=Awaited.PROPOSAL,
    subject=PACT,
    number=1,
    due=JUNE_10,
    remind_from=JUNE_5,
    on=JUNE_1,
)
met = fact(Deadline.Met, number=1, on=JUNE_5)
reminded = fact(Deadline.Reminded, due=JUNE_10, on=JUNE_5)


def moved(number: int = 1) -> Fact:
    return fact(Deadline.Moved, number=number, due=JULY_10, remind_from=JULY_7, on=JUNE_10)


def moving(story: Story, number: int = 1):
    return story.when(Deadline.move, number=number, due=JULY_10, remind_from=JULY_7, on=JUNE_10)


@pytest.mark.parametrize(
    ("on", "goes"),
    [
        (date(2026, 6, 4), False),
        (JUNE_5, True),
        (JUNE_10, True),
        (date(2026, 6, 11), False),
    ],
)
def test_a_reminder_goes_out_from_its_day_to_the_day_that_is_due(on: date, goes: bool):
    expected = [fact(Deadline.Reminded, due=JUNE_10, on=on)] if goes else []
    given(awaited).when(Deadline.remind, on=on).then(*expected)


def test_one_reminder_for_one_day():
    given(awaited, reminded).when(Deadline.remind, on=date(2026, 6, 8)).then()


def test_no_reminder_of_what_was_done_meanwhile():
    given(awaited, met).when(Deadline.remind, on=JUNE_5).then()


def test_another_day_has_its_own_reminder():
    given(awaited, reminded, moved()).when(Deadline.remind, on=JULY_7).then(
        fact(Deadline.Reminded, due=JULY_10, on=JULY_7)
    )


def test_what_was_done_is_done_once():
    asked = {"number": 1, "on": JUNE_5}
    given(awaited).when(Deadline.meet, **asked).then(met)
    given(awaited, met).when(Deadline.meet, **asked).then()


def test_what_was_returned_is_awaited_again_under_its_next_number():
    moving(given(awaited, met), number=2).then(moved(2))
    given(awaited, met, moved(2)).when(Deadline.meet, number=1, on=JUNE_10).then()
    given(awaited, met, moved(2)).when(Deadline.meet, number=2, on=JUNE_10).then(
        fact(Deadline.Met, number=2, on=JUNE_10)
    )


def test_a_day_moves_once():
    moving(given(awaited)).then(moved())
    moving(given(awaited, moved())).then()


def test_words_about_an_older_number_move_nothing():
    moving(given(awaited, met, moved(2)), number=1).then()


ended = fact(Deadline.Ended, on=JUNE_5)


@pytest.mark.parametrize("before", [(), (met,), (moved(2),)])
def test_what_is_never_to_be_done_again_is_neither_awaited_nor_reminded_of(before: tuple[Fact]):
    given(awaited, *before).when(Deadline.end, on=JUNE_5).then(ended)
    over = given(awaited, *before, ended)
    over.when(Deadline.end, on=JUNE_10).then()
    moving(over, number=3).then()
    over.when(Deadline.remind, on=JUNE_5).then()
    over.when(Deadline.meet, number=3, on=JUNE_5).then()


def test_what_an_older_number_says_neither_meets_nor_moves_the_first_that_is_awaited():
    second = fact(Deadline.Set, **dict(awaited.fields) | {"number": 2})
    given(second).when(Deadline.meet, number=1, on=JUNE_5).then()
    moving(given(second), number=1).then()


def test_the_reminder_of_a_day_that_was_moved_goes_out_from_its_own_first_day():
    given(awaited, moved()).when(Deadline.remind, on=date(2026, 7, 6)).then()


def test_who_is_reminded_follows_from_what_is_awaited_about_which_codes():
    deadline = given(
        fact(Deadline.Set, **dict(awaited.fields) | {"awaited": Awaited.DECISION})
    ).aggregate()
    assert isinstance(deadline, Deadline)
    assert (deadline.awaited, deadline.subject) == (Awaited.DECISION, PACT)


def test_what_was_done_is_awaited_again_when_it_is_moved():
    moving(given(awaited, met)).then(moved())


@pytest.mark.parametrize("stands_there", [{}, {"organisation": "nord"}])
def test_what_was_awaited_before_partners_were_is_about_no_organisation(
    stands_there: dict[str, str],
):
    told = plain(dict(awaited.fields))
    del told["subject"]["organisation"]
    told["subject"] |= stands_there
    assert of_version(1, Deadline.Set, **told) == awaited
