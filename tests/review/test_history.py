"""The history of a cycle and of the guidelines, from the events alone."""

from datetime import date

from services.console.history import Moment, history
from services.console.sentences import sentence
from services.review.service import ReviewService
from tests.review.moments import CASE_1, CASE_2, HEAD, MANAGER, by
from tests.review.office import Office
from tests.review.test_season import decide, june, send, vote

__all__ = ["june"]

DECIDED = "review.ProposalDecided"
VERSIONS = ((1, "15/01/2026"), (2, "01/07/2026"))


def told(office: Office, about: str, as_of: date | None = None) -> list[Moment]:
    stores = {(office.organisation, office.service): office.store}
    return history(stores, about, as_of)


def topics(moments: list[Moment]) -> list[str]:
    return [each.row.topic for each in moments]


def sentences(moments: list[Moment]) -> list[str]:
    return [sentence(each.row.topic, each.state) for each in moments]


def test_a_cycle_is_told_as_it_was_on_any_day_and_by_whom(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 14))
    vote(june, MANAGER, "approve", "project_manager")
    for person in (CASE_1, CASE_2):
        vote(june, person, "approve")
    vote(june, HEAD, "approve", "work_placement_head")
    decide(june)
    assert topics(told(june, "2026-07", date(2026, 6, 8))) == []
    assert topics(told(june, "2026-07", date(2026, 6, 9))) == ["review.ProposalReceived"]
    assert "review.DocketSet" not in topics(told(june, "2026-07", date(2026, 6, 30)))
    assert "review.DocketSet" in topics(told(june, "2026-07", date(2026, 7, 1)))
    assert DECIDED not in topics(told(june, "2026-07", date(2026, 7, 13)))
    [decided] = [each for each in told(june, "2026-07") if each.row.topic == DECIDED]
    assert (decided.day, decided.state["outcome"]) == (date(2026, 7, 14), "approved")
    assert str(MANAGER) in decided.row.actor
    assert told(june, "2026-08") == []


def test_the_guidelines_are_told_as_they_were_on_any_day_and_by_whom(june: Office):
    manager = by(MANAGER, "project_manager")
    june.live_until(date(2026, 6, 9))
    june.call(ReviewService, "acknowledge_guidelines", by(CASE_1, "case_manager"), number=1)
    session = {"on": "2026-06-09", "present": [str(MANAGER)]}
    june.call(ReviewService, "hold_session", manager, **session)
    issued = {"number": 2, "in_force_from": "2026-07-01", "parameters": {"pact_months": 9}}
    june.call(ReviewService, "issue_guidelines", manager, session=2, text="Due.", **issued)
    first, second = (f"linee guida n. {n} in vigore dal {day}" for n, day in VERSIONS)
    before = told(june, "guidelines", date(2026, 6, 8))
    now = told(june, "guidelines")
    assert first in sentences(before)
    assert second not in sentences(before)
    assert {first, second, "presa visione delle linee guida: case manager"} <= set(sentences(now))
    assert now[-1].row.topic == "review.GuidelinesIssued"
    assert str(MANAGER) in now[-1].row.actor
