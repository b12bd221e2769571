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
    TERMS,
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
