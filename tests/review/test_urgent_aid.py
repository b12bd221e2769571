"""Urgent aid is reported to the next committee: listed once, with the next docket."""

from datetime import date
from decimal import Decimal
from typing import Any

from services.review.service import ReviewService
from services.review.urgent_aid import UrgentAid
from tests.review.moments import JULY_1, MANAGER, PACT, by
from tests.review.office import Office
from tests.review.test_season import june, refused, send
from tests.scenario import fact, given

__all__ = ["june"]

JUNE_29 = date(2026, 6, 29)
AID: dict[str, Any] = {
    "pact": PACT,
    "family": "NORD-2X8W5T-R",
    "aid": 1,
    "eur": Decimal("150.00"),
    "authorised_as": "case_manager",
    "authorised_on": JUNE_29,
}
reported = fact(UrgentAid.Reported, **AID, on=JUNE_29)
listed = fact(UrgentAid.Listed, cycle="2026-07", on=JULY_1)


def test_urgent_aid_is_reported_with_its_amount_and_who_authorised_it():
    given().when(UrgentAid.report, **AID, on=JUNE_29).then(reported)


def test_urgent_aid_is_listed_once():
    asked = {"cycle": "2026-07", "on": JULY_1}
    given(reported).when(UrgentAid.list_with, **asked).then(listed)
    given(reported, listed).when(UrgentAid.list_with, cycle="2026-08", on=date(2026, 8, 1)).then()


def authorised(aid: int = 1, on: str = "2026-06-09", family: str = "NORD-2X8W5T-R"):
    return {
        "pact": str(PACT),
        "family": family,
        "aid": aid,
        "eur": "150.00",
        "authorised_as": "case_manager",
        "on": on,
    }


def hear(office: Office, **words: Any) -> None:
    office.hear("pacts/urgent_aid_authorised.v1", authorised(**words), "nord")


def docket(office: Office, cycle: str) -> dict[str, Any]:
    answer = office.call(ReviewService, "docket", by(MANAGER, "project_manager"), cycle=cycle)
    assert isinstance(answer, dict)
    return answer


def test_the_next_docket_lists_the_urgent_aid_that_was_authorised_before(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    for aid in (1, 1, 2):
        hear(june, aid=aid)
    assert [each["aid"] for each in docket(june, "2026-07")["urgent_aid_waiting"]] == [1, 2]
    june.live_until(JULY_1)
    found = docket(june, "2026-07")
    assert [each["aid"] for each in found["urgent_aid"]] == [1, 2]
    assert found["urgent_aid_waiting"] == []
    told = [body for name, body in june.told("lead") if name == "review/urgent_aid_listed.v1"]
    assert [(each["aid"], each["cycle"], each["on"]) for each in told] == [
        (1, "2026-07", "2026-07-01"),
        (2, "2026-07", "2026-07-01"),
    ]
    assert [name for name, _ in june.told("nord")].count("review/urgent_aid_listed.v1") == 0
    hear(june, aid=3, on="2026-07-01")
    june.live_until(date(2026, 8, 3))
    assert [each["aid"] for each in docket(june, "2026-08")["urgent_aid"]] == [3]


def test_without_a_docket_urgent_aid_waits_for_the_next_one(june: Office):
    hear(june, on="2026-05-29")
    june.live_until(date(2026, 7, 2))
    assert [each["aid"] for each in docket(june, "2026-07")["urgent_aid_waiting"]] == [1]
    send(june)
    june.live_until(date(2026, 8, 1))
    assert [each["eur"] for each in docket(june, "2026-08")["urgent_aid"]] == ["150.00"]


def test_who_does_not_follow_the_family_reports_nothing(june: Office):
    before = june.facts("review.UrgentAidReported")
    hear(june, family="LEAD-7K3M9Q-8")
    assert june.refusals() == [("pacts/urgent_aid_authorised.v1", "NotTheirs")]
    assert june.facts("review.UrgentAidReported") == before
    assert refused(docket, june, "2026-13")[0] == "BadWord"
