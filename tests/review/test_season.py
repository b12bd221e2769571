"""From January to August 2026 through the real store: words heard, commands, and the calendar."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest

from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.review.guidelines import INITIAL
from services.review.proposal_review import review_id
from services.review.service import ReviewService
from tests.review.moments import (
    CASE_1,
    CASE_2,
    HEAD,
    MANAGER,
    MICROEQUIPE,
    PACT,
    REVIEW,
    STRANGER,
    by,
)
from tests.review.office import Office

MAY_29 = date(2026, 5, 29)
DESCRIPTION = "3f0e2d1c-0000-4000-8000-000000000001"
GUIDELINES = "review/guidelines_issued.v1"
RECEIVED = "review/proposal_received.v2"
COMMITTEE = ((MANAGER, "project_manager"), (CASE_1, "case_manager"), (CASE_2, "case_manager"))


def appointed(person: UUID, role: str, organisation: str = "lead", body: str | None = None):
    return {
        "person": str(person),
        "role": role,
        "organisation": organisation,
        "body": body,
        "from": "2026-01-01",
        "until": None,
    }


def proposed(number: int = 1, pact: UUID = PACT, on: str = "2026-06-09", **changes: Any):
    return {
        "pact": str(pact),
        "proposal": number,
        "family": "NORD-2X8W5T-R",
        "organisation": "nord",
        "lead": str(MICROEQUIPE),
        "case_manager": str(CASE_2),
        "on": on,
        "actions": [
            {
                "dimension": "assistance",
                "area": "work_and_training",
                "provider": "officina",
                "quantity_eur": "250.00",
                "quantity_hours": None,
                "from": "2026-08-01",
                "until": "2026-12-31",
                "description": {"ref": DESCRIPTION, "commitment": "0" * 64},
            }
        ],
        "goals": 2,
        "capacities_linked": 1,
        "community_resources": 1,
    } | changes


AMENDMENT = {
    "amends": 1,
    "ends_before": "2027-05-31",
    **{
        kind: {"added": 0, "changed": 0, "removed": 0}
        for kind in ("goals", "actions", "capacities", "community_resources")
    },
}


@pytest.mark.parametrize(("amendment", "amends"), [(None, None), (AMENDMENT, 1)])
def test_the_committee_is_told_whether_a_proposal_amends_a_pact_in_force(june, amendment, amends):
    words = {"starts": "2026-06-01", "ends": "2027-11-30", "amendment": amendment}
    body = proposed(on="2026-05-29", **words)
    june.hear("pacts/pact_proposed.v2", body, organisation="nord")
    shown = june.call(
        ReviewService, "proposal", by(MANAGER, "project_manager"), proposal_id=str(REVIEW)
    )
    assert shown["amends"] == amends


@pytest.mark.parametrize(
    ("said_by", "by_form"),
    [(f"nord/person/{MICROEQUIPE}", False), ("nord/service/pacts", True)],
)
def test_the_receipt_says_whether_a_form_proposed_it_also_when_it_is_moved(june, said_by, by_form):
    june.live_until(date(2026, 7, 10))
    body = proposed(on="2026-07-10")
    june.hear("pacts/pact_proposed.v1", body, organisation="nord", by=said_by)
    close(june, [8])
    june.live_until(date(2026, 8, 1))
    receipts = [words for contract, words in june.told("nord") if contract == RECEIVED]
    assert [(each["cycle"], each["by_form"]) for each in receipts] == [
        ("2026-08", by_form),
        ("2026-09", by_form),
    ]


SUCCESSOR = UUID(int=51, version=4)


def changed(family: str = "NORD-2X8W5T-R", manager: UUID | None = CASE_1) -> dict[str, Any]:
    return {
        "family": family,
        "microequipe": str(stream_id("microequipe", family)),
        "change": "lead_handed_over",
        "lead": str(SUCCESSOR),
        "members": [str(SUCCESSOR)],
        "case_manager": manager and str(manager),
        "on": "2026-07-01",
    }


def with_guidelines(office: Office) -> None:
    """The board met on 15 January and issued the initial guidelines; review has heard them."""
    manager = by(MANAGER, "project_manager")
    office.call(
        ReviewService,
        "hold_session",
        manager,
        on="2026-01-15",
        present=[str(MANAGER), str(STRANGER)],
    )
    office.call(
        ReviewService,
        "issue_guidelines",
        manager,
        number=1,
        in_force_from="2026-01-15",
        parameters={},
        session=1,
        text="Si comincia con le linee guida iniziali.",
    )
    for contract, body in list(office.told("lead")):
        office.hear(contract, body)


def with_committee(office: Office) -> None:
    for person, role in COMMITTEE:
        office.hear("people/role_assigned.v1", appointed(person, role))
    head = appointed(HEAD, "work_placement_head", "nord", "officina")
    office.hear("people/role_assigned.v1", head, organisation="nord")


@pytest.fixture
def june(office: Office) -> Office:
    """The committee sits, guidelines are in force, and days are kept from 29 May on."""
    with_guidelines(office)
    with_committee(office)
    office.day = MAY_29
    office.clock.at = datetime(2026, 5, 29, 10, tzinfo=UTC)
    office.begin_days()
    return office


def send(office: Office, **words: Any) -> None:
    """The partner's microequipe sends its proposal today."""
    words.setdefault("on", office.day.isoformat())
    person = f"nord/person/{MICROEQUIPE}"
    office.hear("pacts/pact_proposed.v1", proposed(**words), organisation="nord", by=person)


def vote(office: Office, who: UUID, choice: str, role: str = "case_manager", **words: Any):
    return office.call(
        ReviewService,
        "cast_vote",
        by(who, role),
        proposal_id=str(REVIEW),
        vote=choice,
        reason="Una ragione.",
        **words,
    )


def decide(office: Office, **words: Any):
    manager = by(MANAGER, "project_manager")
    return office.call(ReviewService, "decide", manager, proposal_id=str(REVIEW), **words)


def refused(ask: Any, *arguments: Any, **words: Any) -> tuple[str, dict[str, Any]]:
    with pytest.raises(Refused) as refusal:
        ask(*arguments, **words)
    return refusal.value.kind, refusal.value.facts


def test_guidelines_are_said_to_everyone_and_heard_like_everybody_elses(office: Office):
    with_guidelines(office)
    body = {"number": 1, "in_force_from": "2026-01-15", "parameters": dict(INITIAL)}
    said = [words for contract, words in office.told("nord") if contract == GUIDELINES]
    assert said == [body]
    heard = {"number": 1, "in_force_from": "2026-01-15", "values": dict(INITIAL)}
    assert office.facts("kernel.ParametersHeard") == [("kernel.ParametersHeard", heard)]


def test_from_a_proposal_to_its_decision(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    which = {"pact": str(PACT), "proposal": 1, "family": "NORD-2X8W5T-R"}
    receipt = which | {"cycle": "2026-07", "late": False, "decide_by": "2026-07-20"}
    receipt |= {"by_form": False}
    assert list(june.told("nord"))[-1] == (RECEIVED, receipt)

    june.live_until(date(2026, 7, 1))
    docket = {
        "cycle": "2026-07",
        "proposals": [str(REVIEW)],
        "decide_by": "2026-07-20",
        "on": "2026-07-01",
    }
    assert list(june.told("lead"))[-1] == ("review/docket_set.v1", docket)
    assert list(june.told("nord"))[-1] == (RECEIVED, receipt)

    june.live_until(date(2026, 7, 14))
    vote(june, CASE_1, "approve")
    vote(june, MANAGER, "approve", "project_manager")
    vote(june, MANAGER, "approve_with_conditions", "project_manager", seat=str(MICROEQUIPE))
    recusal = {"proposal_id": str(REVIEW), "reason": "Ho assistito la microequipe."}
    june.call(ReviewService, "recuse", by(CASE_2, "case_manager"), **recusal)
    answer = decide(june)
    assert answer["outcome"] == "approved"

    contract, decision = list(june.told("nord"))[-1]
    assert contract == "review/proposal_decided.v1"
    reasons = decision.pop("reasons")
    assert len(reasons) == 3
    assert decision == which | {
        "cycle": "2026-07",
        "outcome": "approved",
        "guidelines": 1,
        "on": "2026-07-14",
        "votes": {
            "approve": 2,
            "approve_with_conditions": 1,
            "return": 0,
            "not_approve": 0,
            "recused": 1,
        },
        "by_quorum": True,
        "conditions": [],
    }
    assert list(june.told("lead"))[-1][1]["reasons"] == reasons

    before = june.facts()
    assert refused(decide, june)[0] == "AlreadyDecided"
    june.live_until(date(2026, 8, 25))
    assert [f for f in june.facts() if f not in before and f[0].startswith("review.P")] == []


def test_an_undecided_proposal_is_overdue_on_the_21st_and_on_the_next_docket(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 20))
    assert june.facts("review.ProposalOverdue") == []
    june.live_until(date(2026, 7, 21))
    overdue = {
        "pact": str(PACT),
        "proposal": 1,
        "family": "NORD-2X8W5T-R",
        "cycle": "2026-07",
        "carried_to": "2026-08",
        "on": "2026-07-21",
    }
    assert list(june.told("nord"))[-1] == ("review/proposal_overdue.v1", overdue)
    june.live_until(date(2026, 8, 21))
    dockets = [state["cycle"] for _, state in june.facts("review.DocketSet")]
    carried = [state["carried_to"] for _, state in june.facts("review.ProposalOverdue")]
    assert (dockets, carried) == (["2026-07", "2026-08"], ["2026-08", "2026-09"])


def close(june: Office, months: list[int], number: int = 2) -> None:
    """The board closes *months*, from today on."""
    manager = by(MANAGER, "project_manager")
    issue = {"number": number, "in_force_from": str(june.day), "session": 1}
    june.call(
        ReviewService,
        "issue_guidelines",
        manager,
        **issue,
        parameters={"closed_months": months},
    )
    june.hear(*[told for told in june.told("lead") if "issued" in told[0]][-1])


def receipt(cycle: str, late: bool = False) -> tuple[str, dict[str, Any]]:
    which = {"pact": str(PACT), "proposal": 1, "family": "NORD-2X8W5T-R"}
    placed = {"cycle": cycle, "late": late, "decide_by": f"{cycle}-20", "by_form": False}
    return RECEIVED, which | placed


def test_in_a_closed_month_there_is_no_docket_and_nothing_is_to_be_decided(june: Office):
    close(june, [8])
    june.live_until(date(2026, 7, 10))
    send(june)
    assert list(june.told("nord"))[-1] == receipt("2026-09")
    june.live_until(date(2026, 9, 1))
    dockets = [(state["cycle"], state["on"]) for _, state in june.facts("review.DocketSet")]
    assert dockets == [("2026-09", "2026-09-01")]
    manager = by(MANAGER, "project_manager")
    cycles = ("2026-07", "2026-08", "2026-09")
    asked = [june.call(ReviewService, "docket", manager, cycle=cycle) for cycle in cycles]
    assert [answer["closed"] for answer in asked] == [False, True, False]
    assert june.facts("review.ProposalOverdue") == []
    june.live_until(date(2026, 9, 21))
    [(_, overdue)] = june.facts("review.ProposalOverdue")
    assert (overdue["cycle"], overdue["carried_to"]) == ("2026-09", "2026-10")


def test_a_proposal_placed_before_its_month_was_closed_gets_another_receipt(june: Office):
    june.live_until(date(2026, 7, 10))
    send(june)
    assert list(june.told("nord"))[-1] == receipt("2026-08")
    close(june, [8])
    june.live_until(date(2026, 7, 31))
    assert june.facts("review.ProposalPostponed") == []
    june.live_until(date(2026, 8, 25))
    assert list(june.told("nord"))[-1] == receipt("2026-09")
    [(_, postponed)] = june.facts("review.ProposalPostponed")
    assert (postponed["on"], postponed["guidelines"]) == ("2026-08-01", 2)
    june.live_until(date(2026, 9, 2))
    dockets = [(state["cycle"], state["on"]) for _, state in june.facts("review.DocketSet")]
    assert dockets == [("2026-09", "2026-09-01")]


def test_an_undecided_proposal_passes_over_a_closed_month(june: Office):
    close(june, [8])
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 21))
    contract, overdue = list(june.told("nord"))[-1]
    assert (contract, overdue["carried_to"]) == ("review/proposal_overdue.v1", "2026-09")


def test_a_docket_holds_the_previous_month_on_time_before_late(june: Office):
    pacts = [UUID(int=n, version=4) for n in range(4)]
    for day, pact in zip((3, 10, 11, 30), pacts, strict=True):
        june.live_until(date(2026, 6, day))
        send(june, pact=pact)
    june.live_until(date(2026, 7, 1))
    send(june, pact=UUID(int=9, version=4))
    june.live_until(date(2026, 7, 3))
    reviews = [str(review_id(pact, 1)) for pact in pacts]
    (_, docket), *more = june.facts("review.DocketSet", "review.DocketSupplemented")
    assert docket["proposals"] == reviews
    assert more == []
    answer = june.call(ReviewService, "docket", by(MANAGER, "project_manager"), cycle="2026-07")
    assert [line["late"] for line in answer["proposals"]] == [False, False, True, True]
    assert (answer["on"], answer["decide_by"], answer["waiting"]) == (
        "2026-07-01",
        "2026-07-20",
        [],
    )
    later = june.call(ReviewService, "docket", by(MANAGER, "auditor"), cycle="2026-08")
    assert (later["on"], later["proposals"], len(later["waiting"])) == (None, [], 1)


def test_a_proposal_that_was_on_its_way_when_the_docket_was_set_supplements_it(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 2))
    on_its_way = UUID(int=7, version=4)
    june.hear(
        "pacts/pact_proposed.v1",
        proposed(pact=on_its_way, on="2026-06-30"),
        organisation="nord",
        said_at=datetime(2026, 6, 30, 21, 59, tzinfo=UTC),
    )
    june.live_until(date(2026, 7, 3))
    both = [str(REVIEW), str(review_id(on_its_way, 1))]
    contract, docket = list(june.told("lead"))[-1]
    assert contract == "review/docket_set.v1"
    assert (docket["proposals"], docket["on"]) == (both, "2026-07-03")
    june.live_until(date(2026, 7, 5))
    assert len(june.facts("review.DocketSupplemented")) == 1


def test_after_an_outage_every_day_is_lived_in_order(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.day = date(2026, 8, 24)
    june.live_until(date(2026, 8, 25))
    topics = ("review.DocketSet", "review.ProposalOverdue")
    assert [(topic, state["on"]) for topic, state in june.facts(*topics)] == [
        ("review.DocketSet", "2026-07-01"),
        ("review.ProposalOverdue", "2026-07-21"),
        ("review.DocketSet", "2026-08-01"),
        ("review.ProposalOverdue", "2026-08-21"),
    ]


def test_a_proposal_is_never_turned_away_even_before_any_guidelines(office: Office):
    send(office, on="2026-01-15")
    ((_, state),) = office.facts("review.ProposalReceived")
    assert (state["cycle"], state["late"], state["guidelines"]) == ("2026-02", True, 0)


def test_nothing_is_voted_or_decided_before_guidelines_are_in_force(office: Office):
    with_committee(office)
    send(office, on="2026-01-15")
    assert refused(vote, office, CASE_1, "approve") == ("NothingInForce", {"day": "2026-01-15"})
    assert refused(decide, office)[0] == "NothingInForce"


def test_the_guidelines_of_the_day_of_the_decision_are_applied(june: Office):
    manager = by(MANAGER, "project_manager")
    june.live_until(date(2026, 6, 9))
    send(june)
    changes = {"proposer_votes": False}
    issue = {"number": 2, "in_force_from": "2026-07-10", "parameters": changes, "session": 1}
    june.call(ReviewService, "issue_guidelines", manager, **issue)
    june.hear(*list(june.told("lead"))[-1])
    june.live_until(date(2026, 7, 9))
    proposal = {"proposal_id": str(REVIEW)}
    before = june.call(ReviewService, "proposal", manager, **proposal)
    june.live_until(date(2026, 7, 10))
    after = june.call(ReviewService, "proposal", manager, **proposal)
    assert (len(before["seats"]), len(after["seats"])) == (5, 4)
    for who, role in COMMITTEE:
        vote(june, who, "return", role)
    assert decide(june)["outcome"] == "returned"
    assert june.facts("review.ProposalDecided")[0][1]["guidelines"] == 2


def test_a_proposal_is_shown_with_words_seats_conflicts_and_votes(june: Office):
    june.live_until(date(2026, 6, 9))
    parts = {DESCRIPTION: "Tirocinio in officina"}
    june.hear("pacts/pact_proposed.v1", proposed(), organisation="nord", parts=parts)
    june.live_until(date(2026, 7, 2))
    vote(june, CASE_1, "return")
    shown = june.call(
        ReviewService, "proposal", by(MANAGER, "project_manager"), proposal_id=str(REVIEW)
    )
    assert [action["description"] for action in shown["actions"]] == ["Tirocinio in officina"]
    assert {seat["person"]: seat["conflicts"] for seat in shown["seats"]} == {
        str(MANAGER): [],
        str(CASE_1): [],
        str(CASE_2): ["assisted"],
        str(HEAD): ["provides"],
        str(MICROEQUIPE): [],
    }
    vote_shown = {"seat": str(CASE_1), "vote": "return", "reason": "Una ragione."}
    assert shown["votes"] == [vote_shown | {"deputy": None, "spoken": False}]
    assert (shown["cycle"], shown["docket"], shown["late"]) == ("2026-07", "2026-07", False)


def test_words_that_were_not_disclosed_are_shown_as_missing(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    shown = june.call(
        ReviewService, "proposal", by(MANAGER, "project_manager"), proposal_id=str(REVIEW)
    )
    assert [action["description"] for action in shown["actions"]] == [None]


def test_who_took_over_the_lead_presents_the_proposal_and_votes_on_it(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 2))
    secretary = by(MANAGER, "project_manager")

    def said(seat: UUID, choice: str) -> None:
        words = {"proposal_id": str(REVIEW), "vote": choice, "reason": "Una ragione."}
        june.call(ReviewService, "cast_vote", secretary, seat=str(seat), **words)

    said(MICROEQUIPE, "approve")
    for _ in range(2):
        june.hear("intake/microequipe_changed.v1", changed(), "nord")
    assert len(june.facts("review.MicroequipeChanged")) == 1
    assert refused(said, MICROEQUIPE, "approve")[0] == "NoSeat"
    shown = june.call(ReviewService, "proposal", secretary, proposal_id=str(REVIEW))
    assert {seat["person"]: seat["conflicts"] for seat in shown["seats"]} == {
        str(MANAGER): [],
        str(CASE_1): ["assisted"],
        str(CASE_2): [],
        str(HEAD): ["provides"],
        str(SUCCESSOR): [],
    }
    for who in (MANAGER, CASE_1, SUCCESSOR):
        said(who, "return")
    assert decide(june)["outcome"] == "returned"
    [(_, decision)] = june.facts("review.ProposalDecided")
    assert str(MICROEQUIPE) not in [ballot["seat"] for ballot in decision["ballots"]]
    june.hear("intake/microequipe_changed.v1", changed(manager=None), "nord")
    assert len(june.facts("review.MicroequipeChanged")) == 1


def test_another_familys_microequipe_does_not_change_with_it(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.hear("intake/microequipe_changed.v1", changed("NORD-2R8TQX-G"), "nord")
    assert june.facts("review.MicroequipeChanged") == []


ERASED = {"family": "NORD-2X8W5T-R", "on": "2026-07-03"}
SUBJECT = stream_id("family", "NORD-2X8W5T-R")


def test_what_was_written_about_an_erased_family_is_gone_and_votes_and_codes_stay(june: Office):
    june.live_until(date(2026, 6, 9))
    parts = {DESCRIPTION: "Tirocinio in officina"}
    june.hear("pacts/pact_proposed.v1", proposed(), "nord", parts=parts, about=SUBJECT)
    june.live_until(date(2026, 7, 2))
    vote(june, CASE_1, "return")
    assert june.texts() == ["guidelines", "action", "reason"]
    june.hear("intake/family_erased.v1", ERASED, "nord")
    assert june.texts() == ["guidelines"]
    erased = [("review.TextsErased", {"on": "2026-07-02"})]
    assert june.facts("review.TextsErased") == erased
    shown = june.call(
        ReviewService, "proposal", by(MANAGER, "project_manager"), proposal_id=str(REVIEW)
    )
    assert [action["description"] for action in shown["actions"]] == [None]
    [shown_vote] = shown["votes"]
    assert (shown_vote["vote"], shown_vote["reason"]) == ("return", None)
    june.hear("intake/family_erased.v1", ERASED, "nord")
    assert june.facts("review.TextsErased") == erased


def test_a_description_that_arrives_after_the_erasure_is_not_kept(june: Office):
    june.hear("intake/family_erased.v1", ERASED, "nord")
    june.live_until(date(2026, 6, 9))
    parts = {DESCRIPTION: "Tirocinio in officina"}
    june.hear("pacts/pact_proposed.v1", proposed(), "nord", parts=parts, about=SUBJECT)
    assert june.facts("review.ProposalReceived") != []
    assert june.texts() == ["guidelines"]


def test_seats_follow_the_roles_that_people_assigns_and_ends(office: Office):
    with_committee(office)
    ended = {"person": str(CASE_1), "role": "case_manager", "organisation": "lead", "body": None}
    office.hear("people/role_ended.v1", ended | {"on": "2026-06-30"})
    asked = {
        day: office.call(ReviewService, "seats", by(MANAGER, "auditor"), day=day)
        for day in ("2026-06-30", "2026-07-01")
    }
    held = {day: [UUID(s["person"]) for s in answer["seats"]] for day, answer in asked.items()}
    assert held == {
        "2026-06-30": [MANAGER, CASE_1, CASE_2, HEAD],
        "2026-07-01": [MANAGER, CASE_2, HEAD],
    }


LEFT = {"person": str(CASE_1), "role": "case_manager", "organisation": "lead", "body": None}
HEARD = {
    "lead/left": ("people/role_ended.v1", LEFT | {"on": "2026-06-30"}),
    "nord/came": (
        "people/role_assigned.v1",
        appointed(STRANGER, "case_manager", "nord") | {"from": "2026-07-01"},
    ),
}


@pytest.mark.parametrize("order", [["lead/left", "nord/came"], ["nord/came", "lead/left"]])
def test_who_follows_another_organisations_case_manager_has_the_seat_whatever_is_heard_first(
    june: Office, order: list[str]
):
    for word in order:
        june.hear(*HEARD[word], organisation=word.split("/")[0])
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 2))
    vote(june, MANAGER, "approve", "project_manager", seat=str(STRANGER))
    assert refused(vote, june, CASE_1, "approve")[0] == "NoSeat"
    assert june.refusals() == []


def test_a_third_case_manager_waits_has_no_vote_and_is_shown_to_whoever_asks_for_seats(
    june: Office,
):
    third = appointed(STRANGER, "case_manager", "nord")
    for _ in range(2):
        june.hear("people/role_assigned.v1", third, "nord")
    assert len(june.facts("review.SeatAwaited")) == 1
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 2))
    assert refused(vote, june, STRANGER, "approve")[0] == "NoSeat"
    asked = june.call(ReviewService, "seats", by(MANAGER, "auditor"), day="2026-07-02")
    assert len(asked["seats"]) == 4
    [waiting] = asked["waiting"]
    assert (waiting["person"], waiting["role"]) == (str(STRANGER), "case_manager")


@pytest.mark.parametrize(
    ("contract", "body", "organisation", "refusal"),
    [
        ("people/role_assigned.v1", appointed(STRANGER, "project_manager"), "nord", "NotTheirs"),
        (
            "people/role_assigned.v1",
            appointed(STRANGER, "project_manager", "nord"),
            "nord",
            "AppointedElsewhere",
        ),
        (
            "people/role_ended.v1",
            {
                "person": str(CASE_1),
                "role": "case_manager",
                "organisation": "lead",
                "body": None,
                "on": "2026-06-30",
            },
            "nord",
            "NotTheirs",
        ),
        ("pacts/pact_proposed.v1", proposed(), "lead", "NotTheirs"),
        ("intake/family_erased.v1", {"family": "NORD-2X8W5T-R"}, "lead", "NotTheirs"),
        ("intake/microequipe_changed.v1", changed(), "lead", "NotTheirs"),
        (
            "review/guidelines_issued.v1",
            {"number": 1, "in_force_from": "2026-01-15", "parameters": dict(INITIAL)},
            "nord",
            "NotFromTheLead",
        ),
    ],
)
def test_what_a_rule_refuses_becomes_a_fact_and_changes_nothing(
    office: Office, contract: str, body: dict[str, Any], organisation: str, refusal: str
):
    with_committee(office)
    before = office.facts()
    office.hear(contract, body, organisation=organisation)
    assert office.refusals() == [(contract, refusal)]
    added = [topic for topic, _ in office.facts()[len(before) :]]
    assert added == ["kernel.LineOpened", "kernel.WordsRefused"]


def test_twice_is_once(june: Office):
    june.live_until(date(2026, 6, 9))
    ended = {"person": str(CASE_1), "role": "case_manager", "organisation": "lead", "body": None}
    words = [
        ("people/role_assigned.v1", appointed(MANAGER, "project_manager"), "lead"),
        ("people/role_ended.v1", ended | {"on": "2026-06-30"}, "lead"),
        ("pacts/pact_proposed.v1", proposed(), "nord"),
        (GUIDELINES, dict(june.told("nord"))[GUIDELINES], "lead"),
    ]
    for contract, body, organisation in words:
        june.hear(contract, body, organisation)
    before = june.facts()
    for contract, body, organisation in words:
        june.hear(contract, body, organisation)
    assert june.facts() == before


def test_two_proposals_do_not_interfere(june: Office):
    june.live_until(date(2026, 6, 9))
    other = UUID(int=8, version=4)
    send(june)
    send(june, pact=other, number=2)
    june.live_until(date(2026, 7, 14))
    for who, role in COMMITTEE:
        vote(june, who, "approve", role)
    decide(june)
    june.live_until(date(2026, 7, 21))
    overdue = [body["pact"] for c, body in june.told("nord") if c.endswith("overdue.v1")]
    assert overdue == [str(other)]


def test_a_correction_leads_to_a_second_decision_that_names_the_first(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 14))
    for who, role in COMMITTEE:
        vote(june, who, "approve", role)
    decide(june)
    manager = by(MANAGER, "project_manager")
    mistake = {"proposal_id": str(REVIEW), "reason": "Due voti trascritti male."}
    june.call(ReviewService, "correct_decision", manager, **mistake)
    for seat in (CASE_1, CASE_2):
        vote(june, MANAGER, "not_approve", "project_manager", seat=str(seat))
    assert decide(june)["outcome"] == "not_approved"
    _, second = list(june.told("nord"))[-1]
    assert (second["outcome"], second["corrects"]) == ("not_approved", 1)


def test_a_deputy_reads_and_votes_on_their_days_only(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 13))
    deputy = by(STRANGER, "access_point_operator")
    proposal = {"proposal_id": str(REVIEW)}
    days = {"deputy": str(STRANGER), "first": "2026-07-14", "last": "2026-07-15"}
    june.call(ReviewService, "name_deputy", by(CASE_1, "case_manager"), **days)

    def cast() -> Any:
        words = {"seat": str(CASE_1), "vote": "approve", "reason": "Una ragione."}
        return june.call(ReviewService, "cast_vote", deputy, **proposal, **words)

    def read() -> Any:
        return june.call(ReviewService, "proposal", deputy, **proposal)

    assert [refused(ask)[0] for ask in (cast, read)] == ["NotOfTheCommittee"] * 2
    june.live_until(date(2026, 7, 14))
    cast()
    [shown] = read()["votes"]
    assert (shown["seat"], shown["deputy"]) == (str(CASE_1), str(STRANGER))
    assert june.call(ReviewService, "docket", deputy, cycle="2026-07")["proposals"] != []
    june.live_until(date(2026, 7, 16))
    assert [refused(ask)[0] for ask in (cast, read)] == ["NotOfTheCommittee"] * 2


def test_who_is_not_of_the_committee_is_not_told_which_proposals_there_are(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    stranger = by(STRANGER, "microequipe_member")
    for proposal in (REVIEW, stream_id("proposal", REVIEW, 1)):
        words = {"vote": "approve", "reason": "Una ragione."}
        for asked, more in (("proposal", {}), ("cast_vote", words)):

            def ask(asked=asked, more=more, proposal=proposal):
                return june.call(ReviewService, asked, stranger, proposal_id=str(proposal), **more)

            assert refused(ask)[0] == "NotOfTheCommittee"


def test_of_two_who_close_the_same_decision_one_wins_and_the_other_is_told(june: Office):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 14))
    for who, role in COMMITTEE:
        answer = vote(june, who, "approve", role)
    decide(june, expected_version=answer["version"])
    kind, facts = refused(decide, june, expected_version=answer["version"])
    assert (kind, facts["expected"]) == ("VersionMoved", answer["version"])
    kind, facts = refused(decide, june)
    assert (kind, facts["outcome"]) == ("AlreadyDecided", "approved")


def test_two_who_close_at_the_same_moment_take_one_decision(new_urls: Any):
    """Two transactions, on either database: one decides, the other is told what was decided."""
    june = Office("review", "lead", new_urls(), date(2026, 1, 15))
    with_guidelines(june)
    with_committee(june)
    june.day = MAY_29
    june.begin_days()
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 14))
    for who, role in COMMITTEE:
        vote(june, who, "approve", role)
    together = Barrier(2)

    def close(who: UUID) -> str:
        together.wait()
        try:
            closing = by(who, "case_manager")
            june.call(ReviewService, "decide", closing, proposal_id=str(REVIEW))
        except Refused as refusal:
            return refusal.kind
        return "decided"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(close, (CASE_1, CASE_2))) == ["AlreadyDecided", "decided"]
    assert len(june.facts("review.ProposalDecided")) == 1
    june.close()


def test_the_board_is_reminded_and_its_missed_session_is_a_fact(office: Office):
    with_guidelines(office)
    office.day = date(2026, 4, 28)
    office.begin_days()
    office.live_until(date(2026, 5, 20))
    topics = ("review.SessionAnnounced", "review.SessionMissed")
    assert office.facts(*topics) == [
        ("review.SessionAnnounced", {"due": "2026-05-15", "on": "2026-05-01"}),
        ("review.SessionMissed", {"due": "2026-05-15", "on": "2026-05-16"}),
    ]
    seen = office.call(ReviewService, "sessions", by(MANAGER, "project_manager"))
    assert (seen["next_due"], seen["missed"]) == ("2026-05-15", True)


MANAGER_ACTS = by(MANAGER, "project_manager")


@pytest.mark.parametrize(
    ("method", "words", "argument"),
    [
        ("hold_session", {"on": "15/01/2026", "present": []}, "on"),
        ("hold_session", {"on": "2026-01-15", "present": ["somebody"]}, "present"),
        (
            "issue_guidelines",
            {"number": "1", "in_force_from": "2026-01-15", "parameters": {}, "session": 1},
            "number",
        ),
        (
            "issue_guidelines",
            {"number": 1, "in_force_from": "soon", "parameters": {}, "session": 1},
            "in_force_from",
        ),
        ("cast_vote", {"proposal_id": "x", "vote": "approve", "reason": "r"}, "proposal_id"),
        ("decide", {"proposal_id": "x"}, "proposal_id"),
        ("docket", {"cycle": "2026-13"}, "cycle"),
        ("docket", {"cycle": "July"}, "cycle"),
        ("proposal", {"proposal_id": None}, "proposal_id"),
        ("seats", {"day": "today"}, "day"),
        ("seats", {}, ""),
    ],
)
def test_bad_words_are_refused_by_the_name_of_the_argument_and_nothing_is_written(
    office: Office, method: str, words: dict[str, Any], argument: str
):
    kind, facts = refused(office.call, ReviewService, method, MANAGER_ACTS, **words)
    assert (kind, facts["argument"]) == ("BadWord", argument)
    assert office.facts() == []


@pytest.mark.parametrize("argument", ["vote", "reason", "seat"])
def test_a_bad_vote_is_refused_by_the_name_of_the_argument(june: Office, argument: str):
    june.live_until(date(2026, 6, 9))
    send(june)
    june.live_until(date(2026, 7, 2))
    words = {"proposal_id": str(REVIEW), "vote": "approve", "reason": "r"} | {argument: "  "}
    before = june.facts()
    kind, facts = refused(june.call, ReviewService, "cast_vote", MANAGER_ACTS, **words)
    assert (kind, facts["argument"]) == ("BadWord", argument)
    assert june.facts() == before


@pytest.mark.parametrize(
    ("method", "role"),
    [
        ("hold_session", "case_manager"),
        ("issue_guidelines", "administrator"),
        ("cast_vote", "auditor"),
        ("recuse", "auditor"),
        ("decide", "work_placement_head"),
        ("correct_decision", "case_manager"),
        ("recuse", "legal_representative"),
        ("name_deputy", "verifier"),
        ("seats", "verifier"),
    ],
)
def test_a_role_without_the_right_is_refused(office: Office, method: str, role: str):
    kind, facts = refused(office.call, ReviewService, method, by(STRANGER, role))
    assert (kind, facts["method"]) == ("RoleWithoutRight", method)
    assert office.facts() == []
