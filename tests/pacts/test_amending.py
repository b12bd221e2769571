"""A new version goes to the committee while the pact in force goes on."""

from dataclasses import replace
from datetime import date

import pytest

from services.pacts.along import SetAsideBecause
from services.pacts.amending import Items, Wanted
from services.pacts.content import Dimension, Progress, Received
from services.pacts.difference import AmendmentState, Difference, GoalChange, What
from services.pacts.life import State
from services.pacts.pact import Pact
from services.pacts.reciprocity import reciprocity
from services.pacts.refusals import (
    ActionsOutsideThePeriod,
    AmendmentBeforeTheCommittee,
    AmendmentDecided,
    CapacityWithoutAction,
    DatesReversed,
    DimensionFixed,
    NoAmendmentPending,
    NobodyCommits,
    NoSuchItem,
    NothingAmended,
    NotReadyToPropose,
    ProposalNotCurrent,
    QuantityNotPositive,
)
from tests.pacts.moments import (
    AUG_1,
    COOKING,
    COURSE,
    FOOD,
    JUL_1,
    KITCHEN,
    LONGER,
    MAR_16_2027,
    OTHER_GOAL,
    OURSELVES,
    SEP_1,
    SEP_2,
    VOLUNTEER,
    active,
    amended,
    amending,
    amendment_not_approved,
    amendment_proposed,
    amendment_returned,
    amendment_withdrawn,
    decision,
    eur,
    fact,
    food_started,
    suspended,
    text,
    verified,
)
from tests.scenario import given

SAME = MAR_16_2027
ON_IT = {"proposal": 2, "cycle": "2026-09", "on": SEP_1, "reasons": (text(43),)}
HEARD = {"by": OURSELVES, "on": SEP_2}
OUTCOMES = {
    State.RETURNED: (amendment_returned, AmendmentState.RETURNED),
    State.NOT_APPROVED: (amendment_not_approved, AmendmentState.NOT_APPROVED),
    State.APPROVED: (amended, AmendmentState.IN_FORCE),
}
WANTED = Wanted(
    ends=date(2027, 9, 16),
    goals=Items(added=(OTHER_GOAL,)),
    actions=Items(
        added=(replace(KITCHEN, until=date(2027, 6, 1)),),
        changed=((2, replace(COURSE, until=date(2027, 6, 15))),),
        removed=(3,),
    ),
    capacities=Items(changed=((1, replace(COOKING, action=-1)),)),
    resources=Items(added=(VOLUNTEER,)),
)


def in_order(difference: Difference) -> Difference:
    actions = tuple(sorted(difference.actions, key=lambda each: each.number))
    return replace(difference, actions=actions)


def test_a_new_version_goes_to_the_committee_and_says_what_it_changes():
    answer = given(*active).when(Pact.propose_amendment, wanted=WANTED, on=AUG_1)
    assert answer.refusal is None
    [told] = answer.facts
    stated = dict(told.fields)
    assert (stated["proposal"], stated["amends"], stated["on"]) == (2, 1, AUG_1)
    assert in_order(stated["difference"]) == LONGER


def test_what_an_amendment_adds_is_numbered_one_after_the_other():
    wanted = Wanted(resources=Items(added=(VOLUNTEER, VOLUNTEER)))
    answer = given(*active).when(Pact.propose_amendment, wanted=wanted, on=AUG_1)
    [told] = answer.facts
    difference = dict(told.fields)["difference"]
    assert [(each.what, each.number) for each in difference.resources] == [
        (What.ADDED, 2),
        (What.ADDED, 3),
    ]


def test_the_pact_in_force_goes_on_while_the_committee_has_the_amendment():
    before, pact = given(*active).aggregate(), given(*amending).aggregate()
    assert pact.state is State.ACTIVE
    assert pact.content() == before.content()
    assert (pact.proposal, pact.in_force, pact.amending) == (2, 1, 2)
    given(*amending).when(Pact.start_action, action=3, on=AUG_1).then(
        fact(Pact.ActionStarted, action=3, on=AUG_1)
    )


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_decision_on_an_amendment_is_a_fact_of_its_own(outcome):
    told, state = OUTCOMES[outcome]
    said = decision(outcome, **ON_IT)
    later = fact(Pact.DecisionHeardLater, proposal=2, on=SEP_2)
    facts = (told,) if told is amended else (told, later)
    given(*amending).when(Pact.hear_amendment_decision, decision=said, **HEARD).then(*facts)
    pact = given(*amending, *facts).aggregate()
    assert (pact.amendments[2].state, pact.heard_on(2)) == (state, SEP_2)
    given(*amending, *facts).when(Pact.hear_amendment_decision, decision=said, **HEARD).then()


def test_an_amendment_approved_with_conditions_takes_effect_with_them():
    said = decision(State.APPROVED_WITH_CONDITIONS, **ON_IT)
    answer = given(*amending).when(Pact.hear_amendment_decision, decision=said, **HEARD)
    [told] = answer.facts
    stated = dict(told.fields)
    assert (stated["outcome"], stated["conditions"]) == (said.outcome, said.conditions)
    pact = given(*amending, told).aggregate()
    assert pact.in_force == 2
    assert [each.conditions for each in pact.amended] == [said.conditions]


def test_an_amended_pact_says_what_the_difference_says():
    pact = given(*amending, amended).aggregate()
    assert (pact.state, pact.in_force, pact.amending) == (State.ACTIVE, 2, None)
    assert pact.ends == date(2027, 9, 16)
    assert list(pact.goals) == [1, 2]
    assert list(pact.actions) == [1, 2, 4]
    assert pact.actions[2].until == date(2027, 6, 15)
    assert pact.capacities[1].action == 4
    assert list(pact.resources) == [1, 2]
    assert pact.missing() == []


def test_progress_balances_and_verifications_go_on_across_versions():
    so_far = (
        *active,
        food_started,
        fact(Pact.ActionStarted, action=3, on=JUL_1),
        fact(Pact.HelpLogged, received=received(1, JUL_1, "75.00")),
        verified,
    )
    before = given(*so_far).aggregate()
    pact = given(*so_far, amendment_proposed, amended).aggregate()
    assert pact.progress == {**before.progress, 4: Progress.PLANNED}
    assert pact.verifications == before.verifications
    assert pact.verify_by == before.verify_by
    assert reciprocity(pact.received, pact.given, SEP_2) == reciprocity(
        before.received, before.given, SEP_2
    )


def received(action, on, amount):
    return Received(action, on, eur(amount), None)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (amendment_returned, AmendmentState.RETURNED),
        (amendment_not_approved, AmendmentState.NOT_APPROVED),
        (amendment_withdrawn, AmendmentState.WITHDRAWN),
    ],
)
def test_otherwise_the_pact_in_force_goes_on_unchanged_and_another_may_be_proposed(told, state):
    pact = given(*amending, told).aggregate()
    assert pact.content() == given(*active).aggregate().content()
    assert (pact.in_force, pact.amending, pact.amendments[2].state) == (1, None, state)
    mended = Wanted(ends=date(2027, 6, 1), goals=Items(added=(OTHER_GOAL,)))
    given(*amending, told).when(Pact.propose_amendment, wanted=mended, on=SEP_2).then(
        fact(
            Pact.AmendmentProposed,
            proposal=3,
            amends=1,
            difference=Difference(
                SAME, date(2027, 6, 1), goals=(GoalChange(What.ADDED, 3, OTHER_GOAL),)
            ),
            on=SEP_2,
        )
    )


def test_an_amendment_of_an_amended_pact_goes_by_the_last_version():
    answer = given(*amending, amended).when(
        Pact.propose_amendment, wanted=Wanted(ends=date(2027, 12, 1)), on=SEP_2
    )
    [told] = answer.facts
    assert dict(told.fields)["amends"] == 2
    assert dict(told.fields)["difference"] == Difference(date(2027, 9, 16), date(2027, 12, 1))


def test_an_amendment_is_withdrawn_before_the_decision():
    given(*amending).when(Pact.withdraw_amendment, on=AUG_1).then(amendment_withdrawn)
    for told in (amendment_returned, amended, amendment_withdrawn):
        given(*amending, told).when(Pact.withdraw_amendment, on=SEP_2).refuses(
            NoAmendmentPending, proposal=2
        )
    given(*active).when(Pact.withdraw_amendment, on=AUG_1).refuses(NoAmendmentPending, proposal=1)


def test_an_amendment_that_the_committee_set_aside_leaves_the_pact_in_force_as_it_is():
    words = {"proposal": 2, "because": SetAsideBecause.FAMILY_ERASED, "on": AUG_1}
    set_aside = fact(Pact.AmendmentSetAside, **words)
    ask = Pact.hear_amendment_set_aside
    given(*amending).when(ask, **words).then(set_aside)
    for told in (set_aside, amendment_withdrawn):
        given(*amending, told).when(ask, **words).then()
        pact = given(*amending, told).aggregate()
        assert pact.amendments[2].state is AmendmentState.WITHDRAWN
        assert (pact.state, pact.amending) == (State.ACTIVE, None)
        assert pact.set_aside == ({2} if told is set_aside else set())
    for told in (amendment_returned, amended):
        given(*amending, told).when(ask, **words).refuses(NoAmendmentPending, proposal=2)


def test_a_decision_on_a_withdrawn_amendment_changes_nothing():
    given(*amending, amendment_withdrawn).when(
        Pact.hear_amendment_decision, decision=decision(State.APPROVED, **ON_IT), **HEARD
    ).refuses(NoAmendmentPending, proposal=2)


def test_a_second_decision_that_corrects_nothing_is_none():
    given(*amending, amendment_returned).when(
        Pact.hear_amendment_decision, decision=decision(State.APPROVED, **ON_IT), **HEARD
    ).refuses(NoAmendmentPending, proposal=2)


def test_a_decision_on_an_older_amendment_is_not_current():
    third = fact(Pact.AmendmentProposed, proposal=3, amends=1, difference=LONGER, on=SEP_1)
    given(*amending, amendment_returned, third).when(
        Pact.hear_amendment_decision,
        decision=decision(State.APPROVED, **ON_IT, corrects=1),
        **HEARD,
    ).refuses(ProposalNotCurrent, proposal=2, current=3)


def test_a_corrected_decision_takes_the_place_of_one_that_changed_nothing():
    said = decision(State.APPROVED, **ON_IT, corrects=1)
    story = given(*amending, amendment_returned)
    [told] = story.when(Pact.hear_amendment_decision, decision=said, **HEARD).facts
    pact = given(*amending, amendment_returned, told).aggregate()
    assert (pact.in_force, pact.amendments[2].decision) == (2, said)
    given(*amending, amended).when(
        Pact.hear_amendment_decision,
        decision=decision(State.RETURNED, **ON_IT, corrects=1),
        **HEARD,
    ).refuses(AmendmentDecided, proposal=2, corrects=1)


def test_the_committee_has_one_amendment_at_a_time():
    given(*amending).when(Pact.propose_amendment, wanted=WANTED, on=AUG_1).refuses(
        AmendmentBeforeTheCommittee, proposal=2
    )


def test_an_amendment_that_was_proposed_is_decided_also_while_the_pact_rests():
    given(*amending, suspended).when(
        Pact.hear_amendment_decision, decision=decision(State.APPROVED, **ON_IT), **HEARD
    ).then(amended)


def test_an_amendment_changes_something():
    for wanted in (Wanted(), Wanted(ends=SAME)):
        given(*active).when(Pact.propose_amendment, wanted=wanted, on=AUG_1).refuses(
            NothingAmended, proposal=1
        )


@pytest.mark.parametrize(
    ("ends", "allowed"),
    [(date(2027, 3, 4), False), (date(2027, 3, 5), True), (date(2027, 3, 6), True)],
)
def test_an_amended_pact_ends_today_or_later(ends, allowed):
    today = date(2027, 3, 5)
    answer = given(*active).when(Pact.propose_amendment, wanted=Wanted(ends=ends), on=today)
    if allowed:
        assert answer.refusal is None
    else:
        answer.refuses(DatesReversed, first=today, last=ends)


def test_a_shorter_pact_leaves_no_action_outside():
    given(*active).when(
        Pact.propose_amendment, wanted=Wanted(ends=date(2026, 12, 14)), on=AUG_1
    ).refuses(
        ActionsOutsideThePeriod, actions=[2, 3], starts=date(2026, 3, 16), ends=date(2026, 12, 14)
    )


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        ("goal", Wanted(goals=Items(removed=(9,)))),
        ("goal", Wanted(goals=Items(changed=((9, OTHER_GOAL),)))),
        ("action", Wanted(actions=Items(removed=(9,)))),
        ("capacity", Wanted(capacities=Items(removed=(9,)))),
        ("resource", Wanted(resources=Items(removed=(9,)))),
    ],
)
def test_what_is_changed_or_removed_is_in_the_pact(kind, wanted):
    given(*active).when(Pact.propose_amendment, wanted=wanted, on=AUG_1).refuses(
        NoSuchItem, **{kind: 9}
    )


def test_an_item_is_changed_or_removed_once():
    twice = Wanted(goals=Items(changed=((1, OTHER_GOAL),), removed=(1,)))
    given(*active).when(Pact.propose_amendment, wanted=twice, on=AUG_1).refuses(NoSuchItem, goal=1)


def test_an_action_keeps_its_dimension():
    other = Wanted(actions=Items(changed=((2, replace(COURSE, dimension=Dimension.ASSISTANCE)),)))
    given(*active).when(Pact.propose_amendment, wanted=other, on=AUG_1).refuses(
        DimensionFixed, action=2, dimension="promotion"
    )


def test_a_capacity_is_not_left_without_its_action():
    for wanted, capacity, action in (
        (
            Wanted(actions=Items(added=(KITCHEN,), removed=(3,))),
            1,
            3,
        ),
        (Wanted(capacities=Items(added=(replace(COOKING, action=-2),))), 2, 5),
        (Wanted(capacities=Items(added=(replace(COOKING, action=0),))), 2, 0),
    ):
        given(*active).when(Pact.propose_amendment, wanted=wanted, on=AUG_1).refuses(
            CapacityWithoutAction, capacity=capacity, action=action
        )


@pytest.mark.parametrize(
    ("wanted", "missing"),
    [
        (Wanted(actions=Items(removed=(1,))), "assistance"),
        (Wanted(capacities=Items(removed=(1,))), "linked_capacity"),
        (Wanted(resources=Items(removed=(1,))), "community_resource"),
    ],
)
def test_an_amended_pact_lacks_nothing_that_a_proposal_needs(wanted, missing):
    given(*active).when(Pact.propose_amendment, wanted=wanted, on=AUG_1).refuses(
        NotReadyToPropose, missing=[missing]
    )


def test_what_an_amendment_adds_is_as_sound_as_in_a_draft():
    for action, refusal, facts in (
        (replace(KITCHEN, committed=None), NobodyCommits, {"dimension": "restitution"}),
        (
            replace(FOOD, quantity_eur=eur("0.00")),
            QuantityNotPositive,
            {"quantity": "quantity_eur", "value": "0.00"},
        ),
        (
            replace(FOOD, until=date(2026, 5, 31)),
            DatesReversed,
            {"first": date(2026, 6, 1), "last": date(2026, 5, 31)},
        ),
    ):
        wanted = Wanted(actions=Items(added=(action,)))
        given(*active).when(Pact.propose_amendment, wanted=wanted, on=AUG_1).refuses(
            refusal, **facts
        )
    hours = Wanted(resources=Items(added=(replace(VOLUNTEER, hours=eur("0.00")),)))
    given(*active).when(Pact.propose_amendment, wanted=hours, on=AUG_1).refuses(
        QuantityNotPositive, quantity="hours", value="0.00"
    )


def test_through_the_door_and_the_inbox_a_pact_is_amended(desk):
    desk.reach_the_active_pact()
    desk.on(AUG_1)
    kitchen = desk.edit("pact")["actions"][2]
    answer = desk.edit(
        "propose_amendment",
        ends="2027-09-01",
        goals={"added": [{"goal": "Una casa", "expected_result": "Un contratto d'affitto"}]},
        actions={
            "added": [
                {
                    **{name: kitchen[name] for name in ("dimension", "area", "provider")},
                    "description": "Orto del quartiere",
                    "responsible": kitchen["responsible"],
                    "committed": kitchen["committed"],
                    "starts": "2026-09-01",
                    "until": "2027-08-31",
                    "expected_result": "Un orto curato",
                }
            ],
            "changed": [{"number": 1, "until": "2027-03-31"}],
        },
        capacities={"added": [{"kind": "informal", "description": "Orto", "action": -1}]},
        resources={"removed": [], "changed": [{"number": 1, "hours": "30"}]},
    )
    assert (answer["state"], answer["proposal"]) == ("active", 2)
    [shown] = desk.edit("pact")["amendments"]
    assert shown["goals"] == [
        {
            "what": "added",
            "number": 2,
            "goal": "Una casa",
            "expected_result": "Un contratto d'affitto",
        }
    ]
    assert [(each["what"], each["number"]) for each in shown["actions"]] == [
        ("added", 4),
        ("changed", 1),
    ]
    desk.on(SEP_2).hear_decision("approved", proposal=2)
    desk.hear_decision("approved", proposal=2)
    assert desk.topics()[-2:] == ["pacts.AmendmentProposed", "pacts.Amended"]
    found = desk.edit("pact")
    assert (found["ends"], found["state"]) == ("2027-09-01", "active")
    assert [each["number"] for each in found["actions"]] == [1, 2, 3, 4]
    assert found["actions"][0]["description"] == "Pacchi alimentari per la famiglia Inventata"
    assert found["capacities"][1]["action"] == 4
    assert found["community_resources"][0]["hours"] == "30.00"
    assert found["amendments"][0]["state"] == "in_force"
    assert desk.edit("printed_pact")["pdf"]
    assert desk.refused() == []


def test_an_amendment_that_was_set_aside_is_heard_as_such(desk):
    desk.reach_the_active_pact()
    desk.on(AUG_1).edit("propose_amendment", ends="2027-09-01")
    body = {"pact": str(desk.pact().id), "proposal": 2, "family": desk.pact().family}
    said = body | {"because": "family_erased", "on": "2026-08-01"}
    desk.hear("review/proposal_set_aside.v1", said)
    assert desk.topics()[-1] == "pacts.AmendmentSetAside"
    assert desk.edit("pact")["state"] == "active"
    assert desk.refused() == []


def test_the_decision_on_a_withdrawn_amendment_is_refused_as_a_fact(desk):
    desk.reach_the_active_pact()
    desk.on(AUG_1).edit("propose_amendment", ends="2027-09-01")
    desk.edit("withdraw_amendment")
    desk.on(SEP_2).hear_decision("approved", proposal=2)
    assert desk.refused() == [("NoAmendmentPending", {"proposal": 2})]
    assert desk.pact().ends == date(2027, 6, 1)
