"""The door of the service, called without a broker, on a real store."""

import shutil
import sqlite3
from datetime import date
from uuid import uuid4

import pytest

from services.kernel.deciding import Occasion
from services.kernel.identity import IdentityMissing, RoleWithoutRight
from services.kernel.ids import stream_id
from services.kernel.parameters import NothingInForce
from services.kernel.refusal import BadWord, Refused, Unknown, VersionMoved
from services.kernel.vault import Erased
from services.pacts.life import LIFE, State, Who
from services.pacts.refusals import (
    NobodyCommits,
    NotOfTheMicroequipe,
    NotReadyToPropose,
    PactStillRunning,
)
from services.pacts.service import PactsService
from tests.pacts.desk import ACTIONS, Desk
from tests.pacts.moments import BY_LEAD, FAMILY, LEAD, MANAGER, MEMBER, MOTHER, SON, STRANGER

BREAD = {
    "action": 1,
    "eur": "120",
    "payer": "lead",
    "supplier": "forno-sole",
    "budget_line": "A.1",
}


@pytest.fixture
def drafted(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    return desk


@pytest.fixture(scope="module")
def untouched(empty, tmp_path_factory):
    """A draft for questions that are all refused: nothing of it ever changes."""
    path = tmp_path_factory.mktemp("untouched") / "pacts.db"
    shutil.copy(empty("lead"), path)
    desk = Desk(f"sqlite:///{path}")
    desk.hear_guidelines()
    desk.hear_microequipe()
    yield desk
    desk.store.close()


def test_a_family_goes_its_whole_way(desk):
    desk.reach_the_active_pact()
    for action in (1, 2, 3):
        desk.edit("start_action", MEMBER, action=action)
    desk.on(date(2026, 7, 6))
    desk.edit("log_help", MEMBER, action=1, received_on="2026-06-12", eur="75")
    desk.edit("log_restitution", MEMBER, action=3, done_on="2026-07-05", hours="2.5")
    desk.edit("log_restitution", MEMBER, action=3, done_on="2026-07-06", works="Sala tinteggiata")
    desk.edit("complete_action", MEMBER, action=2)
    desk.edit("drop_action", MEMBER, action=1, reason="no_longer_needed")
    desk.on(date(2026, 8, 27))
    desk.edit("verify", ratings={"1": 1}, family_present=True, final=True, changes="Si conclude")
    desk.edit("conclude", reason="goals_reached")
    assert desk.topics() == [
        "pacts.Drafted",
        "pacts.GoalAdded",
        "pacts.PeriodSet",
        "pacts.ActionAdded",
        "pacts.ActionAdded",
        "pacts.ActionAdded",
        "pacts.CapacityLinked",
        "pacts.ResourceNamed",
        "pacts.Proposed",
        "pacts.Approved",
        "pacts.Signed",
        "pacts.Signed",
        "pacts.Signed",
        "pacts.SignedByAll",
        "pacts.Activated",
        "pacts.ActionStarted",
        "pacts.ActionStarted",
        "pacts.ActionStarted",
        "pacts.HelpLogged",
        "pacts.RestitutionLogged",
        "pacts.RestitutionLogged",
        "pacts.ActionCompleted",
        "pacts.ActionDropped",
        "pacts.Verified",
        "pacts.Concluded",
        "pacts.LookBackSet",
    ]
    assert desk.told("lead") == [
        "pacts/pact_drafted.v1",
        "pacts/pact_proposed.v1",
        "pacts/pact_proposed.v2",
        "pacts/pact_signed.v1",
        "pacts/pact_activated.v1",
        "pacts/pact_verified.v1",
        "pacts/pact_ended.v1",
    ]
    assert desk.told("nord") == []


def test_the_answer_names_the_pact_its_version_its_state_and_what_was_added(drafted):
    answer = drafted.edit("add_goal", goal="Un lavoro", expected_result="Un contratto")
    assert answer == {
        "pact": str(drafted.pact_id),
        "version": 2,
        "state": "drafted",
        "goal": 1,
    }


def test_the_pact_is_read_as_a_whole_by_its_microequipe(desk):
    desk.reach_the_active_pact()
    found = desk.edit("pact", MEMBER)
    assert (found["state"], found["family"], found["number"]) == ("active", FAMILY, 1)
    assert (found["starts"], found["ends"]) == ("2026-06-01", "2027-06-01")
    assert (found["active_from"], found["verify_by"]) == ("2026-06-01", "2026-09-01")
    assert found["goals"] == [
        {"number": 1, "goal": "Un lavoro stabile", "expected_result": "Un contratto"}
    ]
    assert found["actions"][1] == {
        "number": 2,
        **dict.fromkeys(("quantity_eur",)),
        **ACTIONS[1],
        "quantity_hours": "120.00",
        "figures": [],
        "progress": "planned",
        "given_hours": "0.00",
        "given_works": 0,
    }
    assert found["capacities"][0]["description"] == "Cucina per molti"
    assert found["community_resources"][0] == {
        "number": 1,
        "kind": "parish",
        "description": "Oratorio",
        "hours": "20.00",
    }
    assert found["signed"] == dict.fromkeys(map(str, (SON, MOTHER, LEAD)), "2026-05-14")
    assert (found["awaited"], found["missing"]) == ([], [])


def test_who_is_awaited_to_sign_is_told(drafted):
    drafted.write_a_draft()
    assert drafted.edit("pact")["awaited"] == []
    drafted.on(date(2026, 4, 9)).edit("propose")
    drafted.on(date(2026, 5, 14)).hear_decision("approved")
    assert drafted.edit("pact")["awaited"] == [str(SON), str(MOTHER), str(LEAD)]


def test_texts_are_not_shown_to_who_is_not_of_the_microequipe(drafted):
    drafted.write_a_draft()
    found = drafted.edit("pact", STRANGER, roles=("project_manager",))
    assert found["goals"] == [{"number": 1, "goal": None, "expected_result": None}]
    assert [action["description"] for action in found["actions"]] == [None, None, None]


QUESTIONS = {
    "pact": {},
    "reciprocity": {"on": "2026-05-04"},
    "expenses": {"on": "2026-05-04"},
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_who_works_with_single_families_sees_their_pacts_and_no_other(drafted, question):
    bound, words = ("microequipe_lead", "microequipe_member", "case_manager"), QUESTIONS[question]
    for person in (LEAD, MEMBER, MANAGER):
        drafted.edit(question, person, roles=bound, **words)
    refuses(drafted, NotOfTheMicroequipe, question, STRANGER, roles=bound, **words)
    for role in ("project_manager", "auditor"):
        drafted.edit(question, STRANGER, roles=(role,), **words)


def test_the_pacts_of_a_family_are_seen_by_who_is_with_it(drafted):
    for who in (LEAD, MANAGER):
        assert drafted.ask("pacts_of", who, roles=("case_manager",), family=FAMILY)["running"]
    with pytest.raises(NotOfTheMicroequipe) as refusal:
        drafted.ask("pacts_of", STRANGER, roles=("case_manager",), family=FAMILY)
    assert refusal.value.facts == {"pact": str(drafted.pact_id)}
    assert drafted.ask("pacts_of", STRANGER, roles=("auditor",), family=FAMILY)["running"]


def test_an_erased_text_is_gone_and_the_rest_stays(drafted):
    drafted.write_a_draft()
    occasion = Occasion(uuid4(), "command:erase", "erase", BY_LEAD)
    drafted.store.decide(occasion, lambda pacts: pacts.erase(stream_id("family", FAMILY)))
    found = drafted.edit("pact")
    assert found["goals"] == [{"number": 1, "goal": None, "expected_result": None}]
    assert found["actions"][0]["provider"] == "cda-san-rocco"
    refuses(drafted, Erased, "add_goal", goal="Un altro", expected_result="Un altro")


def test_no_word_about_a_person_is_in_the_events_the_views_or_what_is_said(desk):
    desk.reach_the_active_pact()
    desk.edit("log_restitution", action=3, done_on="2026-06-01", works="Sala tinteggiata")
    words = [
        *(each["description"] for each in ACTIONS),
        *(each["expected_result"] for each in ACTIONS),
        "Un lavoro stabile",
        "Cucina per molti",
        "Oratorio",
        "Sala tinteggiata",
        "Un corso che si può frequentare",
    ]
    file = sqlite3.connect(desk.store.database._writing.url.database)
    tables = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type='table'")]
    stored = "".join(
        str(row) for table in tables for row in file.execute(f'SELECT * FROM "{table}"')
    )
    file.close()
    assert "cda-san-rocco" in stored
    for word in words:
        assert word not in stored


def test_reciprocity_is_two_tallies_at_any_date(desk):
    desk.reach_the_active_pact()
    desk.on(date(2026, 7, 6))
    desk.edit("log_help", action=1, received_on="2026-06-12", eur="75.00", hours="1")
    desk.edit("log_restitution", action=2, done_on="2026-07-05", hours="2.5", eur="10")
    desk.edit("log_restitution", action=3, done_on="2026-07-06", works="Sala tinteggiata")
    assert desk.edit("reciprocity", on="2026-07-05") == {
        "help_received": {"hours": "1.00", "eur": "75.00", "works": 0},
        "active_commitment": {"hours": "2.50", "eur": "10.00", "works": 0},
        "other_support": {"hours": "0.00", "eur": "0.00", "works": 0},
    }
    assert desk.edit("reciprocity", on="2026-07-06")["active_commitment"]["works"] == 1
    assert desk.edit("reciprocity", on="2026-06-11")["help_received"]["eur"] == "0.00"


def test_the_pacts_of_a_family_and_the_one_that_runs(drafted):
    found = drafted.ask("pacts_of", family=FAMILY)
    assert found == {
        "running": str(drafted.pact_id),
        "pacts": [
            {
                "pact": str(drafted.pact_id),
                "number": 1,
                "state": "drafted",
                "since": "2026-03-16",
            }
        ],
    }
    assert drafted.ask("pacts_of", family="LEAD-ANOTHER-1") == {"running": None, "pacts": []}


def test_open_drafts_and_due_verifications_are_listed(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    assert desk.ask("open_drafts") == [
        {
            "pact": str(desk.pact_id),
            "family": FAMILY,
            "lead": str(LEAD),
            "since": "2026-03-16",
        }
    ]
    assert desk.ask("verifications_due", by_day="2030-01-01") == []


def test_due_verifications_are_listed_by_their_day(desk):
    desk.reach_the_active_pact()
    assert desk.ask("verifications_due", by_day="2026-08-31") == []
    assert desk.ask("verifications_due", by_day="2026-09-01") == [
        {"pact": str(desk.pact_id), "verify_by": "2026-09-01"}
    ]


def test_a_draft_is_rewritten(drafted):
    drafted.write_a_draft()
    drafted.edit("remove_goal", goal=1)
    drafted.edit("remove_resource", resource=1)
    drafted.edit("unlink_capacity", capacity=1)
    drafted.edit("remove_action", action=3)
    drafted.edit("name_signatories", persons=[str(MOTHER)])
    found = drafted.edit("pact")
    assert found["missing"] == ["restitution", "linked_capacity", "community_resource"]
    assert drafted.pact().chosen_signatories == (MOTHER,)


def test_the_next_pact_is_drafted_when_the_former_has_ended(drafted):
    with pytest.raises(PactStillRunning) as refused:
        drafted.ask("draft_again", family=FAMILY)
    assert refused.value.facts == {"state": "drafted"}
    drafted.edit("decline", MANAGER, reason="disagrees")
    answer = drafted.ask("draft_again", family=FAMILY)
    assert (answer["version"], answer["state"]) == (1, State.DRAFTED)
    with pytest.raises(PactStillRunning):
        drafted.ask("draft_again", family=FAMILY)


def refuses(desk, kind, method, by=LEAD, /, *, ask=None, **words):
    """*method* is refused as *kind*, and nothing was written."""
    before = desk.rows_written()
    with pytest.raises(Refused) as refused:
        (ask or desk.edit)(method, by, **words)
    assert refused.type is kind
    assert desk.rows_written() == before
    return refused.value.facts


@pytest.mark.parametrize(
    ("method", "words", "argument"),
    [
        ("set_period", {"starts": "1 June"}, "starts"),
        ("set_period", {"starts": "2026-06-01", "ends": 12}, "ends"),
        ("add_goal", {"goal": " ", "expected_result": "x"}, "goal"),
        ("add_goal", {"goal": "x"}, ""),
        ("add_goal", {"goal": "x", "expected_result": "x", "more": 1}, ""),
        ("add_action", {**ACTIONS[0], "dimension": "charity"}, "dimension"),
        ("add_action", {**ACTIONS[0], "area": "other"}, "area"),
        ("add_action", {**ACTIONS[0], "responsible": "the lead"}, "responsible"),
        ("add_action", {**ACTIONS[0], "quantity_eur": "12,50"}, "quantity_eur"),
        ("add_action", {**ACTIONS[0], "quantity_hours": "1.005"}, "quantity_hours"),
        ("add_action", {**ACTIONS[0], "provider": "x" * 61}, "provider"),
        ("add_action", {**ACTIONS[0], "description": "x" * 2001}, "description"),
        ("link_capacity", {"action": "1", "kind": "informal", "description": "x"}, "action"),
        ("link_capacity", {"action": 1, "kind": "rare", "description": "x"}, "kind"),
        ("name_resource", {"kind": "bank", "description": "x"}, "kind"),
        ("name_signatories", {"persons": str(MOTHER)}, "persons"),
        ("name_signatories", {"persons": ["mother"]}, "persons"),
        ("sign", {"person": None}, "person"),
        ("decline", {"reason": "no"}, "reason"),
        ("suspend", {"reason": "tired"}, "reason"),
        ("drop_action", {"action": 1, "reason": "why not"}, "reason"),
        ("start_action", {"action": 0}, "action"),
        ("start_action", {"action": True}, "action"),
        ("log_help", {"action": 1, "received_on": "2026-13-01", "eur": "1"}, "received_on"),
        ("log_help", {"action": 1, "received_on": "2026-03-01", "eur": "-1"}, "eur"),
        ("log_restitution", {"action": 1, "done_on": "2026-03-01", "works": ""}, "works"),
        ("verify", {"ratings": [1], "family_present": True}, "ratings"),
        ("verify", {"ratings": {"one": 1}, "family_present": True}, "ratings"),
        ("verify", {"ratings": {"1": "1"}, "family_present": True}, "ratings"),
        ("verify", {"ratings": {}, "family_present": "yes"}, "family_present"),
        ("verify", {"ratings": {}, "family_present": True, "final": 1}, "final"),
        ("log_restitution", {"action": 3, "done_on": "2026-03-01", "kind": "work"}, "kind"),
        (
            "log_restitution",
            {"action": 3, "done_on": "2026-03-01", "health_limits": "yes"},
            "health_limits",
        ),
        ("plan_expense", {**BREAD, "payer": "chi paga"}, "payer"),
        ("plan_expense", {**BREAD, "budget_line": ""}, "budget_line"),
        ("plan_expense", {**BREAD, "supplier": "x" * 61}, "supplier"),
        ("plan_expense", {**BREAD, "payee": "friend"}, "payee"),
        ("plan_expense", {**BREAD, "eur": "1,00"}, "eur"),
        ("commit_expense", {"expense": 0}, "expense"),
        ("reduce_commitment", {"expense": 1, "eur": "-1"}, "eur"),
        (
            "pay_expense",
            {"expense": 1, "eur": "1", "document": "a bill", "paid_on": "2026-06-01"},
            "document",
        ),
        (
            "correct_payment",
            {"expense": 1, "payment": 1, "eur": "1", "document": "F1", "reason": "oops"},
            "reason",
        ),
        ("log_other_support", {"source": "a b", "received_on": "2026-06-01"}, "source"),
        ("authorise_urgent_aid", {"eur": "ten", "reason": "x"}, "eur"),
        ("authorise_urgent_aid", {"eur": "10", "reason": ""}, "reason"),
        ("log_urgent_aid", {"aid": 0, "received_on": "2026-03-16", "eur": "1"}, "aid"),
        ("log_urgent_aid", {"aid": 1, "received_on": "today", "eur": "1"}, "received_on"),
        ("log_urgent_aid", {"aid": 1, "received_on": "2026-03-16", "eur": "1.001"}, "eur"),
        ("propose_amendment", {"ends": "next year"}, "ends"),
        ("propose_amendment", {"goals": [1]}, "goals"),
        ("propose_amendment", {"goals": {"more": []}}, "goals"),
        ("propose_amendment", {"goals": {"removed": 1}}, "goals"),
        ("propose_amendment", {"goals": {"removed": ["1"]}}, "goals"),
        ("propose_amendment", {"goals": {"added": [{"goal": "x"}]}}, "goals"),
        ("propose_amendment", {"goals": {"changed": [{"goal": "x"}]}}, "goals"),
        ("propose_amendment", {"actions": {"added": [ACTIONS[0] | {"area": 1}]}}, "area"),
        ("conclude", {"reason": "done"}, "reason"),
        ("interrupt", {"reason": "done"}, "reason"),
        ("engage_figure", {"action": 0, "figure": str(MEMBER)}, "action"),
        ("engage_figure", {"action": 1, "figure": "the neighbour"}, "figure"),
        ("release_figure", {"action": "1", "figure": str(MEMBER)}, "action"),
        ("release_figure", {"action": 1, "figure": None}, "figure"),
        ("figure_sheet", {"figure": "2"}, "figure"),
        ("figure_sheet", {"figure": str(MEMBER), "safely": 1}, "safely"),
    ],
)
def test_a_word_of_the_wrong_shape_is_refused_by_its_name(untouched, method, words, argument):
    assert refuses(untouched, BadWord, method, **words)["argument"] == argument


def test_a_pact_id_that_is_none_is_refused(untouched):
    facts = refuses(untouched, BadWord, "propose", ask=untouched.ask, pact_id="the first")
    assert facts["argument"] == "pact_id"


def test_a_pact_that_is_not_here_is_unknown(untouched):
    refuses(untouched, Unknown, "propose", ask=untouched.ask, pact_id=str(STRANGER))
    refuses(untouched, Unknown, "draft_again", ask=untouched.ask, family="LEAD-ANOTHER-1")


def test_who_edits_an_old_version_is_told(drafted):
    drafted.edit("add_goal", goal="Un lavoro", expected_result="Un contratto", expected_version=1)
    facts = refuses(drafted, VersionMoved, "remove_goal", goal=1, expected_version=1)
    assert (facts["expected"], facts["found"]) == (1, 2)


def test_what_a_rule_refuses_leaves_no_event_and_no_vault_entry(untouched):
    words = {**ACTIONS[1], "committed": None}
    refuses(untouched, NobodyCommits, "add_action", **words)
    refuses(untouched, NotReadyToPropose, "propose")


def test_before_any_guidelines_no_period_is_set(desk):
    desk.hear_microequipe()
    refuses(desk, NothingInForce, "set_period", starts="2026-06-01")


def test_the_right_role_for_another_family_is_not_enough(untouched):
    refuses(untouched, NotOfTheMicroequipe, "set_period", STRANGER, starts="2026-06-01")


def test_without_identity_nobody_is_served(untouched):
    with pytest.raises(IdentityMissing):
        untouched.service.propose(pact_id=str(untouched.pact_id))


@pytest.mark.parametrize("role", ["access_point_operator", "verifier", "administrator"])
def test_other_roles_are_not_served(untouched, role):
    refuses(untouched, RoleWithoutRight, "propose", roles=(role,))
    refuses(untouched, RoleWithoutRight, "pact", roles=(role,))


def test_every_question_of_the_life_that_a_person_asks_has_a_command():
    asked = {name for name, move in LIFE.items() if move.who is not Who.SERVICE}
    assert {name for name in asked if not callable(getattr(PactsService, name, None))} == set()


DOORS = {
    Who.LEAD: ("microequipe_lead",),
    Who.TEAM: ("microequipe_lead", "microequipe_member", "case_manager"),
    Who.MANAGERS: ("case_manager", "project_manager"),
    Who.WITH_FIGURES: ("microequipe_lead", "microequipe_member", "case_manager"),
}


@pytest.mark.parametrize(
    ("asked", "roles"),
    [(asked, DOORS[move.who]) for asked, move in LIFE.items() if move.who in DOORS],
)
def test_the_door_asks_for_the_roles_of_the_table(untouched, asked, roles):
    facts = refuses(untouched, RoleWithoutRight, asked, roles=("verifier",))
    assert facts["may"] == sorted(roles)


def test_a_repeated_request_is_answered_the_same_and_decides_nothing_twice(drafted):
    key = uuid4()
    words = {"goal": "Un lavoro", "expected_result": "Un contratto"}
    first = drafted.edit("add_goal", key=key, **words)
    before = drafted.rows_written()
    assert drafted.edit("add_goal", key=key, **words) == first
    assert drafted.rows_written() == before
