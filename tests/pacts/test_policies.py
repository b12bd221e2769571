"""What others say, heard through the real inbox and the table of policies."""

import json
from datetime import date
from pathlib import Path

import pytest

from services.kernel.deciding import Occasion
from services.kernel.ids import stream_id
from services.kernel.inbox import Step
from services.kernel.words import Heard
from services.pacts.content import Figure, FigureRole, Microequipe
from services.pacts.life import State
from services.pacts.pact import Pact
from services.pacts.policies import POLICIES
from services.pacts.refusals import NotOfTheMicroequipe, NotTheLead
from tests.pacts.desk import NAMESPACE, pact_id, text_of, uuid5
from tests.pacts.moments import FAMILY, LEAD, MANAGER, MEMBER, OURSELVES, SON, STRANGER, drafted
from tests.scenario import fact, of_version

PARTNERS = "NORD-2R8TQX-G"
SERVICES = Path(__file__).parents[2] / "services"


def examples() -> list:
    found = []
    for contract in POLICIES:
        service, _, name = contract.partition("/")
        path = SERVICES / service / "contract" / f"{name}.json"
        for number, example in enumerate(json.loads(path.read_text("utf-8"))["examples"]):
            found.append(pytest.param(contract, example, id=f"{contract}-{number}"))
    return found


@pytest.mark.parametrize(("contract", "example"), examples())
@pytest.mark.parametrize("own", ["lead", "nord"])
def test_pacts_lives_on_the_published_examples(new_desk, own, contract, example):
    desk = new_desk(own=own)
    speaker = own if contract.startswith("intake/") else "lead"
    assert desk.hear(contract, example, speaker).step is Step.HEARD


def test_a_microequipe_brings_a_blank_draft_of_the_guidelines_length(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    pact = desk.pact()
    assert desk.topics() == ["pacts.Drafted"]
    assert (pact.family, pact.number, pact.state) == (FAMILY, 1, State.DRAFTED)
    assert pact.microequipe == Microequipe(LEAD, (MEMBER,), MANAGER)
    assert (pact.starts, pact.ends) == (date(2026, 3, 16), date(2027, 3, 16))
    assert desk.told("lead") == ["pacts/pact_drafted.v1"]


def test_a_draft_does_not_wait_for_guidelines(desk):
    desk.hear_microequipe()
    assert desk.topics() == ["pacts.Drafted"]
    assert desk.pact().missing()[-1] == "period"
    assert desk.refused() == []


def test_a_microequipe_said_again_adds_nothing(desk):
    desk.hear_microequipe()
    desk.hear_microequipe()
    assert desk.topics() == ["pacts.Drafted"]


def test_a_running_pact_learns_who_the_microequipe_is_now(desk):
    desk.hear_microequipe()
    desk.hear_microequipe(lead=str(MEMBER), members=[], case_manager=None)
    assert desk.topics() == ["pacts.Drafted", "pacts.MicroequipeChanged"]
    assert desk.pact().microequipe == Microequipe(MEMBER, (), None)


def test_a_microequipe_formed_after_the_end_brings_the_next_pact(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.edit("decline")
    desk.hear_microequipe(lead=str(MEMBER))
    assert desk.topics() == ["pacts.Drafted", "pacts.Declined", "pacts.Drafted"]
    assert (desk.find(2).number, desk.find(2).microequipe.lead) == (2, MEMBER)


CHANGED = {
    "family": FAMILY,
    "microequipe": str(stream_id("microequipe", FAMILY)),
    "change": "lead_handed_over",
    "lead": str(MEMBER),
    "members": [str(MEMBER), str(LEAD)],
    "case_manager": None,
    "on": "2026-04-01",
}
CHANGE = "intake/microequipe_changed.v1"


def test_a_running_pact_follows_its_microequipe_that_changed(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    formation = desk.pact().formation
    for _ in range(2):
        desk.hear(CHANGE, CHANGED)
    assert desk.topics() == ["pacts.Drafted", "pacts.MicroequipeChanged"]
    assert desk.pact().microequipe == Microequipe(MEMBER, (MEMBER, LEAD), None)
    assert desk.pact().formation == formation
    desk.write_a_draft()
    with pytest.raises(NotTheLead):
        desk.edit("propose", LEAD)
    desk.edit("propose", MEMBER)


TEACHER = {"person": str(STRANGER), "role": "teacher", "account": True}
NEIGHBOUR = {"person": str(SON), "role": None, "account": False}
FIGURES = (Figure(STRANGER, FigureRole.TEACHER, True), Figure(SON, None, False))
JOINED = {**CHANGED, "change": "joined", "lead": str(LEAD)}
LEADS_NOW = {**CHANGED, "members": [str(MEMBER), str(LEAD), str(STRANGER)]}
CHANGE_2 = "intake/microequipe_changed.v2"


def test_a_pact_knows_who_of_its_microequipe_is_a_reference_figure(desk):
    members = [str(LEAD), str(STRANGER)]
    desk.hear_microequipe(members=members, figures=[TEACHER, NEIGHBOUR])
    assert desk.pact().microequipe == Microequipe(LEAD, (LEAD, STRANGER), MANAGER, FIGURES)


def test_figures_join_and_leave_and_another_lead_leaves_them_as_they_are(desk):
    desk.hear_microequipe()
    desk.hear(CHANGE_2, JOINED | {"figures": [TEACHER, NEIGHBOUR]})
    assert desk.pact().microequipe.figures == FIGURES
    desk.hear(CHANGE, LEADS_NOW)
    assert desk.pact().microequipe.lead == MEMBER
    assert desk.pact().microequipe.figures == FIGURES
    desk.hear(CHANGE_2, JOINED | {"change": "left", "figures": [TEACHER]})
    assert desk.pact().microequipe.figures == FIGURES[:1]


def test_a_pact_that_did_not_know_its_figures_learns_them(desk):
    old = {**CHANGED, "lead": str(LEAD), "members": [str(LEAD), str(STRANGER)]}
    del old["change"]
    desk.hear("intake/microequipe_formed.v1", old)
    assert desk.pact().microequipe.figures == ()
    for _ in range(2):
        desk.hear(CHANGE_2, {**old, "change": "figures_told", "figures": [TEACHER, NEIGHBOUR]})
    assert desk.topics() == ["pacts.Drafted", "pacts.MicroequipeChanged"]
    assert desk.pact().microequipe.figures == FIGURES


def test_the_next_pact_knows_the_figures_of_the_last(desk):
    desk.hear_microequipe(figures=[TEACHER])
    desk.edit("decline")
    desk.ask("draft_again", family=FAMILY)
    assert desk.find(2).microequipe.figures == FIGURES[:1]


@pytest.mark.parametrize(
    ("event", "more"),
    [(Pact.Drafted, dict(drafted.fields)), (Pact.MicroequipeChanged, {"formation": SON})],
)
def test_until_version_2_nobody_told_who_is_a_reference_figure(event, more):
    team = {"lead": LEAD, "members": [MEMBER], "case_manager": None}
    assert of_version(1, event, **{**more, "microequipe": team}) == fact(
        event, **{**more, "microequipe": Microequipe(LEAD, (MEMBER,), None)}
    )


def test_after_the_end_the_new_lead_drafts_again(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.edit("decline")
    desk.hear(CHANGE, CHANGED)
    with pytest.raises(NotTheLead):
        desk.ask("draft_again", LEAD, family=FAMILY)
    desk.ask("draft_again", MEMBER, family=FAMILY)
    assert desk.find(2).microequipe.lead == MEMBER


def test_who_has_left_sees_none_of_the_familys_pacts_any_more(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.edit("decline")
    desk.ask("draft_again", family=FAMILY)
    bound = {"roles": ("microequipe_member",)}
    for number in (1, 2):
        assert desk.ask("pact", MEMBER, pact_id=str(pact_id(number)), **bound)
    desk.hear(CHANGE, CHANGED | {"change": "left", "lead": str(LEAD), "members": [str(LEAD)]})
    for number in (1, 2):
        with pytest.raises(NotOfTheMicroequipe):
            desk.ask("pact", MEMBER, pact_id=str(pact_id(number)), **bound)


def test_old_words_about_its_formation_do_not_bring_the_former_people_back(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.edit("decline")
    desk.hear(CHANGE, CHANGED)
    contract, event = "intake/microequipe_formed.v1", desk.pact().formation
    formed = {**CHANGED, "lead": str(LEAD)}
    told = Heard(contract, formed, "lead", "intake", desk.clock.now(), "lead/service/intake", event)
    why = Occasion(event, "test", "test", OURSELVES)
    before = desk.topics()
    desk.store.decide(why, lambda deciding: POLICIES[contract](deciding, told))
    assert desk.topics() == before


def test_a_change_in_a_microequipe_that_was_never_formed_here_is_kept_as_a_fact(desk):
    desk.hear(CHANGE, CHANGED)
    assert desk.refused() == [("Unknown", {"id": str(pact_id(1)), "kind": "pacts.Pact"})]


def test_the_lead_leaves_the_microequipes_of_partners_alone(desk):
    desk.hear(CHANGE, CHANGED | {"family": PARTNERS}, "nord")
    assert (desk.topics(), desk.refused()) == ([], [])


def test_nobody_but_its_own_organisation_says_how_a_microequipe_changed(desk):
    desk.hear_microequipe()
    desk.hear(CHANGE, CHANGED, "nord")
    assert desk.refused() == [
        ("NotFromItsOrganisation", {"organisation": "nord", "family": FAMILY})
    ]
    assert desk.pact().microequipe.lead == LEAD


def test_another_organisation_does_not_say_who_our_microequipes_are(desk):
    desk.hear_microequipe(organisation="nord")
    assert desk.topics() == []
    assert desk.refused() == [("NotFromOurOrganisation", {"organisation": "nord"})]


def test_two_families_do_not_interfere(desk):
    other = "LEAD-2R8TQX-G"
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.hear_microequipe(family=other)
    desk.edit("add_goal", goal="Un lavoro", expected_result="Un contratto")
    found = {each.originator_id for each in desk.events() if each.TOPIC == "pacts.Drafted"}
    assert len(found) == 2
    assert desk.ask("pacts_of", family=other)["pacts"][0]["state"] == "drafted"
    (goal,) = [each for each in desk.events() if each.TOPIC == "pacts.GoalAdded"]
    assert goal.originator_id == desk.pact_id


def proposed(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14))
    return desk


@pytest.mark.parametrize(
    ("outcome", "topic"),
    [
        ("approved", "pacts.Approved"),
        ("approved_with_conditions", "pacts.ApprovedWithConditions"),
        ("returned", "pacts.Returned"),
        ("not_approved", "pacts.NotApproved"),
    ],
)
def test_the_committees_decision_takes_effect(desk, outcome, topic):
    proposed(desk).hear_decision(outcome)
    assert desk.topics()[-1] == topic
    assert desk.pact().state == outcome
    decision = desk.pact().decision
    assert (decision.cycle, decision.guidelines, decision.on) == ("2026-05", 1, date(2026, 5, 14))


def test_the_reasons_of_the_committee_can_be_read_by_the_microequipe(desk):
    proposed(desk).hear_decision("returned")
    assert desk.edit("pact")["decision"]["reasons"] == ["Un corso che si può frequentare"]


def test_a_decision_said_twice_adds_nothing(desk):
    proposed(desk).hear_decision("approved")
    before = desk.topics()
    desk.hear_decision("approved")
    assert desk.topics() == before
    assert desk.refused() == []


def test_nobody_but_the_lead_organisation_decides(desk):
    proposed(desk).hear_decision("approved", organisation="nord")
    assert desk.pact().state is State.PROPOSED
    assert desk.refused() == [
        ("NotFromTheLeadOrganisation", {"lead": "lead", "organisation": "nord"})
    ]


def test_a_decision_on_a_former_proposal_is_refused_as_a_fact(desk):
    proposed(desk).hear_decision("returned")
    desk.edit("propose")
    desk.hear_decision("approved_with_conditions", proposal=1)
    assert desk.pact().state is State.PROPOSED
    assert desk.refused() == [("ProposalNotCurrent", {"proposal": 1, "current": 2})]
    desk.hear_decision("approved", proposal=2)
    assert desk.pact().state is State.APPROVED


def test_a_corrected_decision_takes_the_place_of_the_former_and_names_it(desk):
    proposed(desk).hear_decision("not_approved")
    for _ in range(2):
        desk.hear_decision("approved", corrects=1)
    assert desk.topics()[-3:] == [
        *("pacts.NotApproved", "pacts.DecisionTakenBack", "pacts.Approved")
    ]
    shown = desk.edit("pact")
    assert (shown["state"], shown["ended_on"]) == ("approved", None)
    assert (shown["decision"]["outcome"], shown["decision"]["corrects"]) == ("approved", 1)
    desk.edit("sign", person=str(SON))
    assert desk.refused() == []


def test_what_rests_on_the_former_decision_is_not_undone_and_that_is_kept_as_a_fact(desk):
    proposed(desk).hear_decision("approved")
    desk.edit("sign", person=str(SON))
    before = desk.topics()
    desk.hear_decision("not_approved", corrects=1)
    assert desk.topics() == before
    about = {"proposal": 1, "corrects": 1, "state": "approved"}
    assert desk.refused() == [("PactHasGoneOn", {**about, "because": ["signature"]})]


def test_a_family_that_has_its_next_pact_keeps_it(desk):
    """A family has one running pact: the former is not brought back to life beside it."""
    proposed(desk).hear_decision("not_approved")
    desk.ask("draft_again", family=FAMILY)
    desk.hear_decision("approved", corrects=1)
    assert desk.pact().state is State.NOT_APPROVED
    about = {"proposal": 1, "corrects": 1, "state": "not_approved"}
    assert desk.refused() == [("PactHasGoneOn", {**about, "because": ["next_pact"]})]


def test_the_days_to_sign_are_those_of_the_guidelines_in_force_on_the_day_of_the_decision(desk):
    proposed(desk)
    desk.hear_guidelines(number=2, begins="2026-05-15", signature_days=10)
    desk.clock.day = date(2026, 5, 16)
    desk.hear_decision("approved", on="2026-05-14")
    assert desk.pact().sign_by == date(2026, 6, 15)


def test_the_lead_leaves_decisions_on_partners_pacts_alone(desk):
    desk.hear_guidelines()
    desk.hear_decision("approved", pact=str(STRANGER))
    assert desk.topics() == []
    assert desk.refused() == []


def test_a_partner_that_is_told_of_a_pact_it_does_not_have_keeps_that_as_a_fact(new_desk):
    partner = new_desk(own="nord")
    partner.hear_guidelines()
    partner.hear_decision("approved", pact=str(STRANGER))
    assert partner.refused() == [("Unknown", {"id": str(STRANGER), "kind": "pacts.Pact"})]


def test_a_partner_hears_the_leads_committee_on_its_own_pact(new_desk):
    partner = proposed(new_desk(own="nord"))
    partner.hear_decision("approved")
    assert partner.pact().state is State.APPROVED
    versions = ["pacts/pact_proposed.v1", "pacts/pact_proposed.v2"]
    assert partner.told("lead") == versions
    assert partner.told("nord") == ["pacts/pact_drafted.v1", *versions]


ERASED = {"family": FAMILY, "on": "2026-05-20"}


def test_what_was_written_about_an_erased_family_is_gone_and_its_history_stays(desk):
    proposed(desk).hear_decision("not_approved")
    desk.ask("draft_again", family=FAMILY)
    desk.ask("add_goal", pact_id=str(pact_id(2)), goal="Un orto", expected_result="Verdure")
    events, texts = desk.rows_written()
    assert texts > 10
    desk.on(date(2026, 5, 20)).hear("intake/family_erased.v1", ERASED)
    assert desk.rows_written() == (events + 2, 0)
    assert desk.topics()[-2:] == ["pacts.TextsErased"] * 2
    found = desk.edit("pact")
    assert (found["state"], found["texts_erased_on"]) == ("not_approved", "2026-05-20")
    assert found["decision"]["reasons"] == [None]
    assert found["goals"] == [{"number": 1, "goal": None, "expected_result": None}]
    desk.hear("intake/family_erased.v1", ERASED)
    assert desk.rows_written() == (events + 2, 0)
    assert desk.refused() == []


def test_a_reason_that_arrives_after_the_erasure_is_not_kept(desk):
    proposed(desk).hear("intake/family_erased.v1", ERASED)
    desk.hear_decision("returned")
    assert desk.pact().state is State.RETURNED
    assert desk.rows_written()[1] == 0
    assert desk.edit("pact")["decision"]["reasons"] == [None]


def hear_set_aside(desk, organisation="lead", **changes):
    body = {
        "pact": str(pact_id(1)),
        "proposal": 1,
        "family": FAMILY,
        "because": "family_erased",
        "on": "2026-05-20",
    }
    desk.hear("review/proposal_set_aside.v1", body | changes, organisation)


def test_the_pact_whose_proposal_was_set_aside_is_a_draft_again_and_can_be_declined(desk):
    proposed(desk).on(date(2026, 5, 20)).hear("intake/family_erased.v1", ERASED)
    for _ in range(2):
        hear_set_aside(desk)
    assert desk.topics()[-2:] == ["pacts.TextsErased", "pacts.ProposalSetAside"]
    assert desk.edit("pact")["state"] == "drafted"
    [found] = desk.ask("pacts_of", family=FAMILY)["pacts"]
    assert found["state"] == "drafted"
    desk.edit("decline", reason="not_said")
    assert desk.pact().state is State.DECLINED
    assert desk.refused() == []


def test_only_the_lead_organisation_sets_aside_and_only_the_proposal_that_waits(desk):
    hear_set_aside(proposed(desk), "nord")
    hear_set_aside(desk, proposal=2)
    desk.hear_decision("approved")
    hear_set_aside(desk)
    assert desk.pact().state is State.APPROVED
    assert desk.refused() == [
        ("NotFromTheLeadOrganisation", {"lead": "lead", "organisation": "nord"}),
        ("ProposalNotCurrent", {"proposal": 2, "current": 1}),
        ("PactNotProposed", {"state": "approved"}),
    ]


def test_the_lead_leaves_a_partners_pact_alone_when_its_proposal_is_set_aside(desk):
    before = proposed(desk).rows_written()
    hear_set_aside(desk, pact=str(STRANGER), family=PARTNERS)
    assert desk.rows_written() == before
    assert desk.refused() == []


def test_the_lead_forgets_what_it_heard_about_the_family_of_a_partner(desk):
    reasons = {uuid5(NAMESPACE, "a reason"): text_of(uuid5(NAMESPACE, "a reason"), "Perché sì")}
    subject = str(stream_id("family", PARTNERS))
    for reason in reasons.values():
        reason["part"]["subject"] = subject
    desk.hear_guidelines()
    decided = {"pact": str(STRANGER), "family": PARTNERS}
    desk.hear_decision("approved", texts=reasons, **decided)
    events, texts = desk.rows_written()
    assert texts == 1
    desk.hear("intake/family_erased.v1", ERASED | {"family": PARTNERS}, "nord")
    assert desk.rows_written() == (events, 0)


def test_nobody_but_its_own_organisation_says_that_a_family_was_erased(desk):
    before = proposed(desk).rows_written()
    desk.hear("intake/family_erased.v1", ERASED, "nord")
    assert desk.refused() == [
        ("NotFromItsOrganisation", {"organisation": "nord", "family": FAMILY})
    ]
    assert desk.rows_written() == (before[0] + 2, before[1])


def test_another_family_is_not_forgotten_with_it(desk):
    before = proposed(desk).rows_written()
    desk.hear("intake/family_erased.v1", ERASED | {"family": "LEAD-2R8TQX-G"})
    assert desk.rows_written() == before


def test_guidelines_said_twice_are_kept_once(desk):
    desk.hear_guidelines()
    desk.hear_guidelines()
    topics = [each.TOPIC for each in desk.events()]
    assert topics == ["kernel.ParametersOpened", "kernel.ParametersHeard"]


def test_nobody_but_the_lead_organisation_issues_guidelines(desk):
    body = {"number": 1, "in_force_from": "2026-01-01", "parameters": {}}
    desk.hear("review/guidelines_issued.v1", body, "nord")
    assert desk.refused() == [
        ("NotFromTheLeadOrganisation", {"lead": "lead", "organisation": "nord"})
    ]


def test_a_draft_again_keeps_its_formation_so_that_old_words_bring_no_third_pact(desk):
    desk.hear_microequipe()
    desk.edit("decline")
    desk.ask("draft_again", family=FAMILY)
    assert (
        desk.find(2).formation
        == desk.pact().formation
        == uuid5(NAMESPACE, "lead/intake/0123456789abcdef#1")
    )
    assert desk.find(2).id == pact_id(2)
    assert SON not in desk.find(2).committed
