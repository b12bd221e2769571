"""The door along the way, called without a broker, on a real store."""

from datetime import date
from uuid import UUID

import pytest

from services.kernel.refusal import BadWord
from services.pacts.accompanying_commands import MOST_TIES
from services.pacts.refusals import (
    ConcernedByTheComplaint,
    NotOfTheMicroequipe,
    SecondLookNotInTime,
)
from tests.pacts.desk import text_of
from tests.pacts.moments import FAMILY, LEAD, MANAGER, MEMBER, MOTHER, SON, STRANGER
from tests.pacts.test_service import refuses


@pytest.fixture
def active(desk):
    desk.reach_the_active_pact()
    return desk


def test_visits_are_planned_held_and_called_off(active):
    plan = active.edit("plan_visit", MANAGER, day="2026-06-10", place="home")
    assert plan["visit"] == 1
    active.edit("plan_visit", day="2026-06-12", place="school", visitor=str(MEMBER))
    active.on(date(2026, 6, 12))
    active.edit("call_off_visit", visit=2, reason="nobody_there")
    held = active.edit(
        "record_visit",
        MANAGER,
        visit=1,
        day="2026-06-10",
        place="home",
        present=[str(MOTHER), str(SON)],
        note="La cucina è stata riordinata",
    )
    assert held["visit"] == 1
    seen = active.edit("pact", MEMBER)["visits"]
    assert seen == [
        {
            "number": 1,
            "day": "2026-06-10",
            "visitor": str(MANAGER),
            "place": "home",
            "progress": "held",
            "present": [str(MOTHER), str(SON)],
            "called_off": None,
            "note": "La cucina è stata riordinata",
        },
        {
            "number": 2,
            "day": "2026-06-12",
            "visitor": str(MEMBER),
            "place": "school",
            "progress": "called_off",
            "present": [],
            "called_off": "nobody_there",
            "note": None,
        },
    ]
    assert "cucina" not in repr([vars(each) for each in active.events()])


def test_a_verification_shows_capacities_used_and_ties_beside_the_baseline(active):
    active.edit(
        "verify", ratings={"1": 0}, family_present=True, capacities_used=[], ties={"friends": 1}
    )
    active.edit(
        "verify",
        ratings={"1": 1},
        family_present=True,
        capacities_used=[1],
        ties={"friends": 3, "parish": 1},
    )
    active.edit("verify", ratings={"1": 1}, family_present=True)
    seen = active.edit("pact")
    assert seen["baseline_ties"]["friends"] == 1
    first, second, third = seen["verifications"]
    assert (first["capacities_used"], first["new_ties"]["friends"]) == ([], 0)
    assert (second["capacities_used"], second["ties"]["friends"]) == ([1], 3)
    assert {kind: new for kind, new in second["new_ties"].items() if new} == {
        "friends": 2,
        "parish": 1,
    }
    assert (third["capacities_used"], third["ties"], third["new_ties"]) == (None, {}, {})


def test_an_end_without_a_final_verification_says_why_and_is_looked_back_on(active):
    active.edit("interrupt", reason="unreachable", not_verified_because="family_unreachable")
    active.on(date(2026, 12, 1)).edit("look_back", outcome="worse", note="Ha chiesto aiuto altrove")
    seen = active.edit("pact")
    assert seen["not_verified_because"] == "family_unreachable"
    assert seen["look_back"] == {
        "due": "2026-12-01",
        "until": "2026-12-31",
        "on": "2026-12-01",
        "outcome": "worse",
        "note": "Ha chiesto aiuto altrove",
    }


def test_a_second_look_is_within_thirty_days_of_the_day_the_decision_was_heard(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 16)).hear_decision("not_approved", on="2026-05-14")
    assert desk.edit("pact")["decision_heard"] == "2026-05-16"
    desk.on(date(2026, 6, 20))
    late = refuses(desk, SecondLookNotInTime, "ask_second_look", asked_on="2026-06-16")
    assert (late["heard"], late["until"]) == ("2026-05-16", "2026-06-15")
    answer = desk.edit("ask_second_look", asked_on="2026-06-15", words="Non siamo d'accordo")
    assert answer["proposal"] == 1
    assert desk.edit("pact")["second_looks"] == [
        {
            "proposal": 1,
            "asked_on": "2026-06-15",
            "words": "Non siamo d'accordo",
            "outcome": None,
            "reason": None,
            "answered_on": None,
        }
    ]
    assert desk.told("lead").count("pacts/second_look_asked.v1") == 1


REASON = UUID("00000000-0000-4000-8000-00000000001a")


def answers(desk, outcome, organisation="lead"):
    told = text_of(REASON, "Il corso era adatto")
    body = {
        "pact": str(desk.pact_id),
        "proposal": 1,
        "family": FAMILY,
        "decision": 1,
        "outcome": outcome,
        "reason": {"ref": str(REASON), "commitment": told["commitment"]},
        "on": desk.clock.day.isoformat(),
    }
    desk.hear("review/second_look_answered.v1", body, organisation, {REASON: told})


@pytest.mark.parametrize("outcome", ["confirmed", "reopened"])
def test_what_became_of_a_second_look_is_recorded_once(active, outcome):
    active.edit("ask_second_look", asked_on="2026-06-01")
    active.on(date(2026, 6, 9))
    answers(active, outcome)
    answers(active, outcome)
    [look] = active.edit("pact")["second_looks"]
    assert (look["outcome"], look["answered_on"]) == (outcome, "2026-06-09")
    assert look["reason"] == "Il corso era adatto"
    assert active.topics().count("pacts.SecondLookAnswered") == 1
    assert active.pact().state == "active"


def test_a_second_look_that_nobody_asked_for_or_another_organisation_answers_is_refused(active):
    answers(active, "confirmed")
    active.edit("ask_second_look", asked_on="2026-06-01")
    answers(active, "confirmed", "nord")
    assert [refusal for refusal, _ in active.refused()] == [
        "SecondLookNotAsked",
        "NotFromTheLeadOrganisation",
    ]
    assert "pacts.SecondLookAnswered" not in active.topics()


def test_a_complaint_is_read_and_answered_by_somebody_whom_it_is_not_about(active):
    recorded = active.edit("record_complaint", MANAGER, about="microequipe", words="Non ascoltano")
    assert recorded["complaint"] == 1
    own = active.edit("complaints", MEMBER, roles=("microequipe_member",))
    assert (own[0]["words"], own[0]["about"]) == (None, "microequipe")
    team = ("microequipe_lead",)
    words = {"complaint": 1, "words": "Vi sentiamo domani"}
    refuses(active, ConcernedByTheComplaint, "answer_complaint", roles=team, **words)
    active.edit("answer_complaint", STRANGER, roles=("project_manager",), **words)
    assert active.edit("complaints", STRANGER, roles=("project_manager",)) == [
        {
            "number": 1,
            "about": "microequipe",
            "person": None,
            "on": "2026-06-01",
            "answer_by": "2026-07-01",
            "answered_on": "2026-06-01",
            "words": "Non ascoltano",
            "answer": "Vi sentiamo domani",
        }
    ]
    assert "ascoltano" not in repr([vars(each) for each in active.events()])
    assert active.told("lead")[-2:] == [
        "pacts/complaint_recorded.v1",
        "pacts/complaint_answered.v1",
    ]


def test_who_is_not_of_the_family_does_not_see_its_complaints(active):
    refuses(active, NotOfTheMicroequipe, "complaints", STRANGER, roles=("case_manager",))
    refuses(
        active,
        NotOfTheMicroequipe,
        "record_complaint",
        STRANGER,
        roles=("case_manager",),
        about="other",
        words="x",
    )


def test_who_is_awaited_follows_the_positions_that_were_told(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    desk.edit("tell_position", MEMBER, person=str(SON), position="minor_from_14")
    words = {"signer": str(STRANGER), "representation": "tutor"}
    desk.edit("tell_position", person=str(MOTHER), position="adult", **words)
    seen = desk.edit("pact")
    assert seen["awaited"] == [str(STRANGER), str(LEAD)]
    assert seen["to_be_heard"] == [str(SON)]
    assert seen["positions"][1] == {
        "person": str(MOTHER),
        "position": "adult",
        **words,
        "heard_on": None,
    }
    desk.edit("hear_minor", person=str(SON))
    desk.edit("sign", person=str(STRANGER))
    assert desk.edit("sign", person=str(LEAD))["state"] == "signed"
    assert desk.edit("pact")["positions"][0]["heard_on"] == "2026-05-14"
    assert desk.edit("printed_pact")["pdf"]


VISIT = {"day": "2026-06-01", "place": "home", "present": [str(MOTHER)]}


@pytest.mark.parametrize(
    ("method", "words", "argument"),
    [
        ("plan_visit", {"day": "domani", "place": "home"}, "day"),
        ("plan_visit", {"day": "2026-06-01", "place": "Via Roma 1"}, "place"),
        ("plan_visit", {"day": "2026-06-01", "place": "home", "visitor": "io"}, "visitor"),
        ("record_visit", {**VISIT, "present": str(SON)}, "present"),
        ("record_visit", {**VISIT, "present": ["la madre"]}, "present"),
        ("record_visit", {**VISIT, "visit": 0}, "visit"),
        ("record_visit", {**VISIT, "note": ""}, "note"),
        ("call_off_visit", {"visit": 1, "reason": "pioveva"}, "reason"),
        ("look_back", {"outcome": "bene"}, "outcome"),
        ("tell_position", {"person": "lui", "position": "adult"}, "person"),
        ("tell_position", {"person": str(SON), "position": "17"}, "position"),
        ("tell_position", {"person": str(SON), "position": "adult", "signer": "x"}, "signer"),
        (
            "tell_position",
            {"person": str(SON), "position": "adult", "representation": "x"},
            "representation",
        ),
        ("hear_minor", {"person": None}, "person"),
        ("ask_second_look", {"asked_on": "ieri"}, "asked_on"),
        ("record_complaint", {"about": "tutto", "words": "x"}, "about"),
        ("record_complaint", {"about": "other", "words": " "}, "words"),
        ("record_complaint", {"about": "other", "words": "x", "person": "lui"}, "person"),
        ("answer_complaint", {"complaint": 0, "words": "x"}, "complaint"),
        ("activate", {"ties": ["friends"]}, "ties"),
        ("activate", {"ties": {"cousins": 1}}, "ties"),
        ("activate", {"ties": {"friends": -1}}, "ties"),
        ("verify", {"ratings": {}, "family_present": True, "ties": {"work": "1"}}, "ties"),
        (
            "verify",
            {"ratings": {}, "family_present": True, "capacities_used": 1},
            "capacities_used",
        ),
        (
            "verify",
            {"ratings": {}, "family_present": True, "capacities_used": ["1"]},
            "capacities_used",
        ),
        (
            "interrupt",
            {"reason": "death", "not_verified_because": "rain"},
            "not_verified_because",
        ),
    ],
)
def test_a_word_of_the_wrong_shape_is_refused_by_its_name(active, method, words, argument):
    assert refuses(active, BadWord, method, **words)["argument"] == argument


@pytest.mark.parametrize(
    ("number", "allowed"), [(MOST_TIES - 1, True), (MOST_TIES, True), (MOST_TIES + 1, False)]
)
def test_more_ties_than_can_be_are_refused(active, number, allowed):
    words = {"ratings": {"1": 0}, "family_present": True, "ties": {"friends": number}}
    if allowed:
        active.edit("verify", LEAD, **words)
    else:
        refuses(active, BadWord, "verify", **words)
