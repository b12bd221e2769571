"""A due day that passes: told by its fact, or missed in silence, told apart to the day."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.console.year.board import CHANGES
from services.console.year.deadlines import DEADLINES, Deadline, Following
from services.console.year.facts import Fact, Log
from services.kernel.rows import Row
from tests.architecture.test_house import frozen

PACT = UUID(int=7)
MAY_10 = date(2026, 5, 10)
SIGNING, VERIFYING = DEADLINES[1], DEADLINES[2]


class Story:
    """Facts of one log, one after the other."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def told(self, topic: str, **state: Any) -> "Story":
        row = Row(
            originator_id=PACT,
            originator_version=1,
            topic=topic,
            state=b"{}",
            position=len(self.facts) + 1,
        )
        self.facts.append(Fact(row, state))
        return self

    def closed(self, until: date) -> "Story":
        """The days from 2026-05-08 to *until* are closed."""
        day = date(2026, 5, 8)
        while day <= until:
            self.told("kernel.DayClosed", day=day.isoformat())
            day += timedelta(days=1)
        return self

    def cries(self, kind: Deadline) -> list[str]:
        log = Log("lead/pacts/1", tuple(self.facts), {}, {}, {})
        about = [fact for fact in self.facts if fact.topic != "kernel.DayClosed"]
        return list(Following(log, kind).along(about))


def approved() -> Story:
    return Story().told("pacts.Approved", sign_by="2026-05-10")


@pytest.mark.parametrize(("closed", "cries"), [(9, 0), (10, 0), (11, 1)])
def test_it_has_passed_when_the_day_after_is_closed(closed: int, cries: int) -> None:
    assert len(approved().closed(date(2026, 5, closed)).cries(SIGNING)) == cries


@pytest.mark.parametrize("topic", ["pacts.Lapsed", "pacts.SignedByAll", "pacts.Declined"])
def test_what_notes_or_settles_it_in_time_ends_it(topic: str) -> None:
    story = approved().closed(MAY_10).told(topic)
    story.told("kernel.DayClosed", day="2026-05-11")
    assert story.cries(SIGNING) == []


def test_what_settles_it_after_the_day_was_closed_was_silent_before() -> None:
    story = approved().closed(date(2026, 5, 11)).told("pacts.SignedByAll")
    assert story.cries(SIGNING) == ["lead/pacts/1: 2026-05-10 passed without pacts.Lapsed"]


def test_what_is_noted_only_days_later_was_silent_before() -> None:
    story = approved().closed(date(2026, 5, 11)).told("pacts.Lapsed")
    assert story.cries(SIGNING) == ["lead/pacts/1: 2026-05-10 passed without pacts.Lapsed"]


def test_a_pact_that_rests_owes_no_verification() -> None:
    story = Story().told("pacts.Activated", verify_by="2026-05-10").told("pacts.Suspended")
    story.told("pacts.Verified", next_by="2026-05-10").closed(date(2026, 5, 20))
    assert story.cries(VERIFYING) == []
    story.told("pacts.Resumed", verify_by="2026-05-25")
    story.told("kernel.DayClosed", day="2026-05-26")
    assert story.cries(VERIFYING) == [
        "lead/pacts/1: 2026-05-25 passed without pacts.VerificationOverdue"
    ]


def test_a_new_day_is_due_after_the_old_one() -> None:
    story = Story().told("pacts.Activated", verify_by="2026-05-10").closed(MAY_10)
    story.told("pacts.Verified", next_by="2026-08-10")
    story.told("kernel.DayClosed", day="2026-05-11")
    assert story.cries(VERIFYING) == []


def test_what_is_not_due_sets_no_day() -> None:
    notices = next(kind for kind in DEADLINES if kind.service == "intake")
    story = Story().told("intake.InformationNoticeRecorded", due=None)
    assert story.closed(date(2026, 5, 20)).cries(notices) == []


@pytest.mark.parametrize(("closed", "cries"), [(9, 0), (10, 0), (11, 1)])
def test_a_second_look_is_due_thirty_days_after_it_was_asked_for(closed: int, cries: int) -> None:
    looks = next(kind for kind in DEADLINES if kind.notes == "review.SecondLookOverdue")
    story = Story().told("review.SecondLookOpened", asked_on="2026-04-10")
    assert len(story.closed(date(2026, 5, closed)).cries(looks)) == cries


def test_no_version_of_the_year_changes_how_long_a_second_look_may_wait() -> None:
    assert not any("second_look_answer_days" in changes for changes in CHANGES)


def test_every_topic_of_the_table_is_stored() -> None:
    stored = set(frozen("topics.txt"))
    for kind in DEADLINES:
        rests = {kind.rests, kind.resumes} - {""}
        assert {*kind.sets, *kind.settles, kind.notes, *rests} <= stored
