"""What pacts says keeps the shape it promised; what it hears, it can follow."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from services.kernel.actor import Actor
from services.kernel.sealed import Sealed
from services.kernel.words import LEAD as TO_LEAD
from services.kernel.words import OWN
from services.pacts.along import ComplaintAbout, DormantKind
from services.pacts.amending import Items, Wanted
from services.pacts.content import (
    ConclusionReason,
    DeclineReason,
    InterruptionReason,
    SuspensionReason,
)
from services.pacts.form.fields import STARTS
from services.pacts.form.problems import Kind, problem
from services.pacts.form.received import ReceivedForm
from services.pacts.pact import Pact, pact_id
from services.pacts.policies import POLICIES
from services.pacts.published import ENDED, PUBLISHED
from tests.pacts.moments import (
    BY_LEAD,
    BY_MANAGER,
    COOKING,
    COURSE,
    FAMILY,
    FOOD,
    FORMATION,
    GOAL,
    JUN_1,
    KITCHEN,
    LEAD,
    MAR_16,
    MAY_14,
    MOTHER,
    OURSELVES,
    SON,
    STRANGER,
    TEAM,
    TERMS,
    VOLUNTEER,
    State,
    approved,
    decision,
    eur,
    on_the_table,
)
from tests.scenario import given

DAY = date(2027, 2, 1)

SERVICES = Path(__file__).parents[2] / "services"
OWN_CONTRACTS = SERVICES / "pacts" / "contract"
SAID: dict[str, dict] = {}
for event, told in PUBLISHED.items():
    for name, say in told.says.items():
        SAID.setdefault(name, {})[event] = say


def schema(name: str) -> dict:
    return json.loads((OWN_CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))


def validator(of: dict) -> Draft202012Validator:
    Draft202012Validator.check_schema(of)
    return Draft202012Validator(of, format_checker=FormatChecker())


def a_pact_from_its_draft_to_its_first_verification(case_manager: bool = True) -> Pact:
    team = TEAM if case_manager else type(TEAM)(LEAD, (), None)
    pact = Pact.draft(FAMILY, 1, FORMATION, team, TERMS, by=OURSELVES, on=MAR_16)
    pact.add_goal(GOAL, by=BY_LEAD)
    for action in (FOOD, COURSE, KITCHEN):
        pact.add_action(action, by=BY_LEAD)
    pact.link_capacity(COOKING, by=BY_LEAD)
    pact.name_resource(VOLUNTEER, by=BY_LEAD)
    pact.propose(by=BY_LEAD, on=date(2026, 4, 9), isee_until=DAY)
    pact.hear_decision(decision(State.APPROVED), TERMS, by=OURSELVES, on=MAY_14)
    for person in (MOTHER, SON, LEAD):
        pact.sign(person, by=BY_LEAD, on=MAY_14)
    pact.activate(TERMS, by=BY_LEAD, on=JUN_1)
    pact.verify({1: 1}, TERMS, by=BY_LEAD, on=date(2026, 8, 27), family_present=True)
    return pact


def pacts_with_every_fact(case_manager: bool) -> Iterator[Any]:
    """A pact that goes its way with a rest, one each for every other end, one not verified."""
    resting = a_pact_from_its_draft_to_its_first_verification(case_manager)
    resting.suspend(SuspensionReason.HEALTH, by=BY_LEAD, on=date(2026, 9, 1))
    resting.resume(by=BY_LEAD, on=date(2026, 9, 21))
    resting.note_overdue_verification(by=OURSELVES, on=date(2027, 1, 1))
    change = {"by": BY_LEAD, "on": date(2027, 1, 15)}
    resting.propose_amendment(Wanted(ends=date(2027, 6, 1)), **change)
    resting.withdraw_amendment(**change)
    resting.propose_amendment(Wanted(ends=date(2027, 6, 1), goals=Items(added=(GOAL,))), **change)
    said = decision(State.APPROVED, proposal=3)
    resting.hear_amendment_decision(said, by=OURSELVES, on=date(2027, 1, 20))
    resting.verify({1: 2, 2: 0}, TERMS, by=BY_LEAD, on=DAY, family_present=True, final=True)
    resting.conclude(ConclusionReason.GOALS_REACHED, TERMS, by=BY_LEAD, on=DAY)
    resting.note_look_back(by=OURSELVES, on=date(2027, 8, 1))
    yield resting
    unhappy = a_pact_from_its_draft_to_its_first_verification(case_manager)
    unhappy.ask_second_look(JUN_1, TERMS, by=BY_LEAD, on=JUN_1)
    for about in ComplaintAbout:
        number = unhappy.record_complaint(about, GOAL.goal, TERMS, by=BY_LEAD, on=JUN_1)
    unhappy.note_overdue_complaints(by=OURSELVES, on=DAY)
    unhappy.answer_complaint(number, GOAL.goal, by=BY_LEAD, on=DAY)
    for day in (DAY, date(2027, 3, 1)):
        unhappy.note_certificate(1, date(2027, 2, 28), TERMS, by=OURSELVES, on=day)
    unhappy.note_dormant(JUN_1, TERMS, by=OURSELVES, on=DAY)
    yield unhappy
    forgotten = Pact.draft(FAMILY, 1, FORMATION, TEAM, TERMS, by=OURSELVES, on=MAR_16)
    forgotten.note_dormant(MAR_16, TERMS, by=OURSELVES, on=DAY)
    yield forgotten
    for reason in InterruptionReason:
        broken = a_pact_from_its_draft_to_its_first_verification(case_manager)
        broken.verify({1: 2}, TERMS, by=BY_LEAD, on=DAY, family_present=True, final=True)
        broken.interrupt(reason, TERMS, by=BY_LEAD, on=DAY)
        yield broken
    for given_up in DeclineReason:
        declined = Pact.draft(FAMILY, 1, FORMATION, TEAM, TERMS, by=OURSELVES, on=MAR_16)
        declined.decline(given_up, by=BY_LEAD, on=DAY)
        yield declined
    for by in (BY_MANAGER, Actor.of_person("lead", STRANGER, "project_manager")):
        urgent = Pact.draft(FAMILY, 1, FORMATION, TEAM, TERMS, by=OURSELVES, on=MAR_16)
        words = {"ceilings": (), "guidelines": 1, "by": by, "on": DAY}
        urgent.authorise_urgent_aid(eur("150.00"), GOAL.goal, **words)
        yield urgent
    lapsed = given(*on_the_table, approved).aggregate()
    assert isinstance(lapsed, Pact)
    lapsed.lapse(by=OURSELVES, on=DAY)
    yield lapsed
    of = {"by": OURSELVES, "on": DAY}
    yield ReceivedForm.accept(FORMATION, FAMILY, pact_id(FAMILY, 1), 1, **of)
    problems = [problem(kind, STARTS, first=DAY, number=1) for kind in Kind]
    yield ReceivedForm.refuse(FORMATION, FAMILY, pact_id(FAMILY, 1), problems, **of)
    yield ReceivedForm.refuse(FORMATION, None, None, problems, **of)


def test_every_published_contract_has_a_file_and_every_file_is_published():
    assert set(SAID) == {path.stem for path in OWN_CONTRACTS.glob("*.json")}


@pytest.mark.parametrize("name", SAID)
def test_a_contract_describes_everything_it_requires(name):
    words = schema(name)
    assert words["$id"] == f"pacts/{name}"
    assert words["additionalProperties"] is False
    assert set(words["required"]) == set(words["properties"])
    assert all(each.get("description") for each in words["properties"].values())
    assert words["description"]


@pytest.mark.parametrize("name", SAID)
def test_the_examples_of_a_contract_keep_it(name):
    words = schema(name)
    assert len(words["examples"]) >= 2
    for example in words["examples"]:
        validator(words).validate(example)


@pytest.mark.parametrize("case_manager", [True, False])
@pytest.mark.parametrize("name", SAID)
def test_what_is_said_of_a_real_pact_keeps_the_contract(name, case_manager):
    told = [
        (type(each), SAID[name][type(each)](each, pact))
        for pact in pacts_with_every_fact(case_manager)
        for each in pact.pending_events
        if type(each) in SAID[name]
    ]
    assert {event for event, _ in told} == set(SAID[name])
    for _, body in told:
        validator(schema(name)).validate(body)
        assert json.loads(json.dumps(body)) == body


def test_the_examples_speak_of_ids_that_can_exist():
    for name in SAID:
        for example in schema(name)["examples"]:
            known = example["family"] is not None
            assert example["pact"] == (str(pact_id(example["family"], 1)) if known else None)


def test_a_proposal_is_told_whole():
    pact = a_pact_from_its_draft_to_its_first_verification()
    (event,) = [each for each in pact.pending_events if type(each) is Pact.Proposed]
    body = PUBLISHED[Pact.Proposed].says["pact_proposed.v1"](event, pact)
    assert body["organisation"] == "lead"
    assert (body["goals"], body["capacities_linked"], body["community_resources"]) == (1, 1, 1)
    assert [action["dimension"] for action in body["actions"]] == [
        "assistance",
        "promotion",
        "restitution",
    ]
    food = body["actions"][0]
    assert (food["quantity_eur"], food["quantity_hours"]) == ("450.00", None)
    assert (food["from"], food["until"]) == ("2026-06-01", "2026-11-30")
    assert food["description"] == {
        "ref": str(FOOD.description.ref),
        "commitment": FOOD.description.commitment,
    }


def test_the_codes_of_the_contracts_are_those_of_the_rules():
    def codes(*kinds):
        return {each.value for kind in kinds for each in kind}

    suspended = schema("pact_suspended.v1")["properties"]
    ended = schema("pact_ended.v1")["properties"]
    assert set(suspended["reason"]["enum"]) == codes(SuspensionReason)
    complaint = schema("complaint_recorded.v1")["properties"]
    assert set(complaint["about"]["enum"]) == codes(ComplaintAbout)
    dormant = schema("family_dormant.v1")["properties"]
    assert set(dormant["kind"]["enum"]) == codes(DormantKind)
    assert set(ended["reason"]["enum"]) == {
        *codes(ConclusionReason, InterruptionReason, DeclineReason),
        None,
    }
    assert set(ended["outcome"]["enum"]) == {each.value for each in ENDED.values()}


def test_an_end_is_told_with_its_code_and_a_lapse_without_any():
    told = []
    for end in (
        lambda pact: pact.decline(DeclineReason.NOT_SAID, by=BY_LEAD, on=DAY),
        lambda pact: pact.lapse(by=OURSELVES, on=DAY),
    ):
        pact = given(*on_the_table, approved).aggregate()
        end(pact)
        [event] = pact.pending_events
        told.append(PUBLISHED[type(event)].says["pact_ended.v1"](event, pact))
    which = {"pact": str(pact.id), "family": FAMILY, "on": "2027-02-01"}
    assert told == [
        {**which, "outcome": "declined", "reason": "not_said"},
        {**which, "outcome": "lapsed", "reason": None},
    ]


def test_who_knows_no_forms_of_amendments_hears_the_nearest_kind_of_what_to_mend():
    of = {"by": OURSELVES, "on": DAY}
    refused = ReceivedForm.refuse(FORMATION, None, None, map(problem, Kind), **of)
    [event] = refused.pending_events
    says = PUBLISHED[ReceivedForm.Refused].says
    older, newer = (
        [reason["kind"] for reason in says[f"form_refused.{version}"](event, refused)["reasons"]]
        for version in ("v1", "v2")
    )
    assert newer == [str(kind) for kind in Kind]
    known = schema("form_refused.v1")["properties"]["reasons"]["items"]["properties"]["kind"]
    assert older[: len(known["enum"])] == known["enum"]
    assert older[len(known["enum"]) :] == [
        "pact_not_draft",
        "form_of_another_proposal",
        "pact_not_draft",
        "form_unreadable",
        "dates_reversed",
        "action_not_written",
    ]


def test_the_organisation_of_a_proposal_is_that_of_who_proposed():
    pact = a_pact_from_its_draft_to_its_first_verification()
    (event,) = [each for each in pact.pending_events if type(each) is Pact.Proposed]
    object.__setattr__(event, "by", Actor.of_person("nord", LEAD))
    body = PUBLISHED[Pact.Proposed].says["pact_proposed.v1"](event, pact)
    assert body["organisation"] == "nord"


PROPOSALS = {Pact.Proposed, Pact.AmendmentProposed}
CODES_ONLY = {
    ReceivedForm.Accepted,
    ReceivedForm.Refused,
    Pact.UrgentAidAuthorised,
    Pact.SecondLookAsked,
    Pact.AmendmentWithdrawn,
    Pact.IseeReliedOn,
}
"""Told to the lead organisation, whose mailbox and committee it is about, in codes."""
WHEN = {"by": BY_LEAD, "on": date(2026, 9, 1)}


def test_only_a_proposal_leaves_the_organisation_with_texts_its_descriptions():
    pact = a_pact_from_its_draft_to_its_first_verification()
    pact.propose_amendment(
        Wanted(ends=date(2027, 5, 1), actions=Items(removed=(1,), added=(FOOD,))), **WHEN
    )
    amendment = pact.pending_events[-1]
    for event, told in PUBLISHED.items():
        parts = list(told.parts(amendment, pact))
        if event in PROPOSALS:
            assert set(told.to) == {OWN, TO_LEAD}
            descriptions = {FOOD.description, COURSE.description, KITCHEN.description}
            assert set(parts) == descriptions
            assert len(parts) == len(descriptions)
            assert all(isinstance(part, Sealed) for part in parts)
        else:
            assert set(told.to) == ({OWN, TO_LEAD} if event in CODES_ONLY else {OWN})
            assert parts == []


def test_an_amendment_is_told_whole_and_says_what_it_changes():
    pact = a_pact_from_its_draft_to_its_first_verification()
    wanted = Wanted(
        ends=date(2027, 5, 1),
        actions=Items(removed=(1,), added=(FOOD,)),
        goals=Items(added=(GOAL,)),
    )
    pact.propose_amendment(wanted, **WHEN)
    event = pact.pending_events[-1]
    says = PUBLISHED[Pact.AmendmentProposed].says
    v1, v2 = (says[f"pact_proposed.{version}"](event, pact) for version in ("v1", "v2"))
    assert {name: v2[name] for name in v1} == v1
    assert (v2["proposal"], v2["goals"], len(v2["actions"])) == (2, 2, 3)
    assert (v2["starts"], v2["ends"]) == ("2026-03-16", "2027-05-01")
    none = {"added": 0, "changed": 0, "removed": 0}
    assert v2["amendment"] == {
        "amends": 1,
        "ends_before": "2027-03-16",
        "goals": {**none, "added": 1},
        "actions": {**none, "added": 1, "removed": 1},
        "capacities": none,
        "community_resources": none,
    }


def heard_contracts() -> list:
    return [
        pytest.param(contract, example, id=f"{contract}-{number}")
        for contract in POLICIES
        for number, example in enumerate(_examples(contract))
    ]


def _examples(contract: str) -> list[dict]:
    service, _, name = contract.partition("/")
    path = SERVICES / service / "contract" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))["examples"] if path.exists() else []
