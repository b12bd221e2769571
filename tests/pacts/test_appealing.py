from datetime import date

import pytest

from services.pacts.along import SecondLookOutcome
from services.pacts.life import State
from services.pacts.pact import Pact
from services.pacts.refusals import (
    NothingDecided,
    PactNotDecided,
    SecondLookAsked,
    SecondLookNotAsked,
    SecondLookNotInTime,
)
from tests.pacts.moments import (
    AUG_1,
    BY_MEMBER,
    DECISIONS,
    JUN_13,
    MAY_14,
    MAY_20,
    OURSELVES,
    SEP_1,
    SEP_2,
    TERMS,
    amended,
    amending,
    amendment_not_approved,
    amendment_returned,
    amendment_withdrawn,
    decision,
    declined,
    drafted,
    on_the_table,
    proposed,
    text,
)
from tests.scenario import fact, given, stated

ASK = {"asked_on": MAY_20, "terms": TERMS, "on": MAY_20}


def asked(asked_on=MAY_20, on=MAY_20, words=None, proposal=1):
    return fact(Pact.SecondLookAsked, proposal=proposal, asked_on=asked_on, words=words, on=on)


@pytest.mark.parametrize("outcome", list(DECISIONS))
def test_a_second_look_may_be_asked_at_every_decision(outcome):
    given(*on_the_table, DECISIONS[outcome]).when(
        Pact.ask_second_look, **ASK, words=text(91), by=BY_MEMBER
    ).then(asked(words=text(91)))


@pytest.mark.parametrize(
    ("day", "allowed"),
    [
        (date(2026, 5, 13), False),
        (MAY_14, True),
        (date(2026, 5, 15), True),
        (date(2026, 6, 12), True),
        (JUN_13, True),
        (date(2026, 6, 14), False),
    ],
)
def test_the_family_asks_within_thirty_days_from_the_day_on(day, allowed):
    story = given(*on_the_table, DECISIONS[State.NOT_APPROVED])
    answer = story.when(Pact.ask_second_look, **{**ASK, "asked_on": day, "on": AUG_1})
    if allowed:
        answer.then(asked(asked_on=day, on=AUG_1))
    else:
        answer.refuses(SecondLookNotInTime, asked_on=day, heard=MAY_14, until=JUN_13, today=AUG_1)


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(date(2026, 5, 19), True), (MAY_20, True), (date(2026, 5, 21), False)],
)
def test_nobody_has_asked_tomorrow(day, allowed):
    story = given(*on_the_table, DECISIONS[State.RETURNED])
    answer = story.when(Pact.ask_second_look, **{**ASK, "asked_on": day})
    if allowed:
        answer.then(asked(asked_on=day))
    else:
        answer.refuses(SecondLookNotInTime, asked_on=day, heard=MAY_14, until=JUN_13, today=MAY_20)


def test_the_days_begin_when_the_decision_was_heard_not_when_it_was_taken():
    pact = given(*on_the_table).aggregate()
    said = decision(State.NOT_APPROVED)
    pact.hear_decision(said, TERMS, by=OURSELVES, on=MAY_20)
    assert (pact.decision.on, pact.decision_heard) == (MAY_14, MAY_20)
    assert stated(pact.pending_events[-1]) == fact(Pact.DecisionHeardLater, proposal=1, on=MAY_20)


def test_the_family_asks_once_about_one_proposal():
    story = given(*on_the_table, DECISIONS[State.RETURNED], asked())
    story.when(Pact.ask_second_look, **ASK).refuses(SecondLookAsked, proposal=1)
    again = fact(Pact.Proposed, proposal=2, on=MAY_20)
    facts = dict(DECISIONS[State.RETURNED].fields) | {"proposal": 2, "on": MAY_20}
    second = fact(Pact.Returned, **facts)
    given(*story.facts, again, second).when(Pact.ask_second_look, **ASK).then(asked(proposal=2))


def test_where_nothing_was_decided_there_is_nothing_to_look_at():
    given(drafted, declined).when(Pact.ask_second_look, **ASK).refuses(
        NothingDecided, state="declined"
    )
    given(*on_the_table).when(Pact.ask_second_look, **ASK).refuses(PactNotDecided, state="proposed")
    assert proposed in on_the_table


@pytest.mark.parametrize("told", [amended, amendment_returned, amendment_not_approved])
def test_a_second_look_may_be_asked_at_the_decision_on_an_amendment(told):
    story = given(*amending, told, fact(Pact.DecisionHeardLater, proposal=2, on=SEP_2))
    when = {"asked_on": SEP_2, "on": SEP_2, "terms": TERMS}
    story.when(Pact.ask_second_look, **when).then(asked(asked_on=SEP_2, on=SEP_2, proposal=2))
    story.when(Pact.ask_second_look, **{**when, "asked_on": SEP_1}).refuses(
        SecondLookNotInTime, asked_on=SEP_1, heard=SEP_2, until=date(2026, 10, 2), today=SEP_2
    )


def test_the_family_says_at_which_of_several_decisions():
    story = given(*amending, amendment_returned)
    ask = {"asked_on": MAY_20, "terms": TERMS, "on": SEP_1}
    story.when(Pact.ask_second_look, **ask, proposal=1).then(asked(on=SEP_1))
    story.when(Pact.ask_second_look, **ask, proposal=3).refuses(NothingDecided, state="active")


def test_at_an_amendment_that_waits_or_was_withdrawn_there_is_nothing_to_look_at():
    ask = {"asked_on": AUG_1, "terms": TERMS, "on": AUG_1, "proposal": 2}
    for facts in (amending, (*amending, amendment_withdrawn)):
        given(*facts).when(Pact.ask_second_look, **ask).refuses(NothingDecided, state="active")


def test_through_the_door_a_familys_second_look_at_an_amendment_reaches_the_committee(desk):
    desk.reach_the_active_pact()
    desk.on(AUG_1).edit("propose_amendment", ends="2027-09-01")
    desk.on(SEP_1).hear_decision("not_approved", proposal=2)
    answer = desk.edit("ask_second_look", asked_on="2026-09-01")
    assert (answer["proposal"], desk.told("lead")[-1]) == (2, "pacts/second_look_asked.v1")
    [said] = [each for each in desk.events() if each.TOPIC == "pacts.SecondLookAsked"]
    assert said.proposal == 2


# the answer


@pytest.mark.parametrize("outcome", list(SecondLookOutcome))
def test_what_became_of_a_second_look_is_heard_once(outcome):
    words = {"proposal": 1, "outcome": outcome, "reason": text(92), "on": AUG_1}
    answered = fact(Pact.SecondLookAnswered, **words)
    story = given(*on_the_table, DECISIONS[State.RETURNED], asked())
    story.when(Pact.hear_second_look, **words, by=OURSELVES).then(answered)
    known = given(*story.facts, answered)
    known.when(Pact.hear_second_look, **words, by=OURSELVES).then()
    [look] = known.aggregate().second_looks.values()
    assert (look.asked_on, look.outcome, look.reason, look.answered_on) == (
        MAY_20,
        outcome,
        text(92),
        AUG_1,
    )


def test_nobody_answers_what_the_family_did_not_ask():
    given(*on_the_table, DECISIONS[State.RETURNED]).when(
        Pact.hear_second_look,
        proposal=1,
        outcome=SecondLookOutcome.CONFIRMED,
        reason=text(92),
        on=AUG_1,
        by=OURSELVES,
    ).refuses(SecondLookNotAsked, proposal=1)
