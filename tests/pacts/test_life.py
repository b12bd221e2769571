"""Every state of a pact beside everything that may be asked of it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from services.kernel.actor import Actor
from services.pacts.along import CalledOff, LookBackOutcome, Position, SetAsideBecause, VisitPlace
from services.pacts.amending import Wanted
from services.pacts.content import (
    ConclusionReason,
    DeclineReason,
    DropReason,
    InterruptionReason,
    SuspensionReason,
)
from services.pacts.life import LIFE, OVER, State, Who, arrows, picture
from services.pacts.money import CorrectionReason, OtherSupport
from services.pacts.pact import Pact
from services.pacts.refusals import (
    NotAManagerOfTheFamily,
    NotOfTheMicroequipe,
    NotTheLead,
    OnlyAReferenceFigure,
)
from tests.pacts.moments import (
    AUG_1,
    BREAD,
    BY_LEAD,
    BY_MANAGER,
    BY_MEMBER,
    BY_STRANGER,
    BY_TEACHER,
    COOKING,
    JUN_1,
    KITCHEN,
    LEAD,
    LIMITS,
    MAR_16_2027,
    MAY_14,
    MAY_20,
    MEMBER,
    MOTHER,
    NEIGHBOUR,
    OTHER_GOAL,
    OURSELVES,
    REACHED,
    SON,
    STRANGER,
    TEACHER,
    TERMS,
    VOLUNTEER,
    aid_authorised,
    amendment_proposed,
    decision,
    eur,
    expense_committed,
    expense_paid,
    expense_planned,
    figures_known,
    hours,
    minor_told,
    neighbour_engaged,
    teacher_leads,
    text,
)
from tests.scenario import THE_ONE, Fact, fact, given

README = Path(__file__).parents[2] / "services" / "pacts" / "README.md"

SEP_1_2027 = date(2027, 9, 1)
DECISIONS = (
    State.APPROVED,
    State.APPROVED_WITH_CONDITIONS,
    State.RETURNED,
    State.NOT_APPROVED,
)

ASKED: dict[str, list[tuple[dict[str, Any], State | None]]] = {
    "set_period": [({"starts": JUN_1, "ends": None, "terms": TERMS}, None)],
    "add_goal": [({"goal": OTHER_GOAL}, None)],
    "remove_goal": [({"number": 1}, None)],
    "add_action": [({"action": KITCHEN}, None)],
    "remove_action": [({"number": 1}, None)],
    "link_capacity": [({"capacity": COOKING}, None)],
    "unlink_capacity": [({"number": 1}, None)],
    "name_resource": [({"resource": VOLUNTEER}, None)],
    "remove_resource": [({"number": 1}, None)],
    "name_signatories": [({"persons": (MOTHER,)}, None)],
    "propose": [({"on": JUN_1}, State.PROPOSED)],
    "form": [({}, None)],
    "propose_by_form": [({"contents": None, "terms": TERMS, "on": JUN_1}, State.PROPOSED)],
    "printed_pact": [({}, None)],
    "family_letter": [({}, None)],
    "hear_decision": [
        ({"decision": decision(outcome, cycle="2026-06"), "terms": TERMS, "on": MAY_14}, outcome)
        for outcome in DECISIONS
    ],
    "take_back_decision": [({"corrects": 1, "succeeded": False, "on": MAY_20}, State.PROPOSED)],
    "hear_set_aside": [
        (
            {"proposal": 1, "because": SetAsideBecause.FAMILY_ERASED, "on": MAY_14},
            State.DRAFTED,
        )
    ],
    "sign": [({"person": LEAD, "on": MAY_20}, State.SIGNED)],
    "decline": [({"reason": DeclineReason.NOT_SAID, "on": MAY_20}, State.DECLINED)],
    "lapse": [({"on": AUG_1}, State.LAPSED)],
    "activate": [({"terms": TERMS, "on": JUN_1}, State.ACTIVE)],
    "start_action": [({"action": 2, "on": AUG_1}, None)],
    "complete_action": [({"action": 1, "on": AUG_1}, None)],
    "drop_action": [({"action": 3, "reason": DropReason.HEALTH, "on": AUG_1}, None)],
    "log_restitution": [
        ({"action": 3, "done_on": AUG_1, "on": AUG_1, "hours": hours("1.00")}, None)
    ],
    "log_help": [({"action": 1, "received_on": AUG_1, "on": AUG_1, "eur": eur("1.00")}, None)],
    "suspend": [({"reason": SuspensionReason.AWAY, "on": AUG_1}, State.SUSPENDED)],
    "resume": [({"on": AUG_1}, State.ACTIVE)],
    "verify": [({"ratings": {1: 0}, "terms": TERMS, "on": AUG_1, "family_present": True}, None)],
    "propose_amendment": [({"wanted": Wanted(ends=SEP_1_2027), "on": AUG_1}, None)],
    "propose_amendment_by_form": [({"wanted": Wanted(ends=SEP_1_2027), "on": AUG_1}, None)],
    "withdraw_amendment": [({"on": AUG_1}, None)],
    "hear_amendment_decision": [
        (
            {"decision": decision(outcome, proposal=2, cycle="2026-09"), "on": AUG_1},
            None,
        )
        for outcome in DECISIONS
    ],
    "hear_amendment_set_aside": [
        ({"proposal": 2, "because": SetAsideBecause.FAMILY_ERASED, "on": AUG_1}, None)
    ],
    "authorise_urgent_aid": [
        (
            {
                "eur": eur("10.00"),
                "reason": text(61),
                "ceilings": (),
                "guidelines": 1,
                "on": MAY_20,
            },
            None,
        )
    ],
    "log_urgent_aid": [({"aid": 1, "received_on": MAY_20, "eur": eur("1.00"), "on": AUG_1}, None)],
    "conclude": [
        (
            {"reason": ConclusionReason.GOALS_REACHED, "terms": TERMS, "on": AUG_1},
            State.CONCLUDED,
        )
    ],
    "interrupt": [
        (
            {"reason": InterruptionReason.MOVED_AWAY, "terms": TERMS, "on": AUG_1},
            State.INTERRUPTED,
        )
    ],
    "plan_expense": [({"expense": BREAD, "limits": LIMITS, "on": AUG_1}, None)],
    "commit_expense": [({"expense": 1, "eur": None, "on": AUG_1}, None)],
    "reduce_commitment": [({"expense": 1, "eur": eur("90.00"), "on": AUG_1}, None)],
    "pay_expense": [
        (
            {
                "expense": 1,
                "eur": eur("1.00"),
                "document": "FT-1",
                "paid_on": AUG_1,
                "on": AUG_1,
            },
            None,
        )
    ],
    "correct_payment": [
        (
            {
                "expense": 1,
                "payment": 1,
                "eur": eur("1.00"),
                "document": "FT-1",
                "reason": CorrectionReason.WRONG_AMOUNT,
                "on": AUG_1,
            },
            None,
        )
    ],
    "log_other_support": [
        ({"support": OtherSupport("inps", AUG_1, eur("1.00"), None), "on": AUG_1}, None)
    ],
    "draft_again": [({"terms": TERMS, "on": MAR_16_2027}, None)],
    "plan_visit": [
        ({"day": AUG_1, "visitor": MEMBER, "place": VisitPlace.HOME, "on": AUG_1}, None)
    ],
    "record_visit": [
        (
            {
                "day": AUG_1,
                "visitor": MEMBER,
                "place": VisitPlace.HOME,
                "present": (MOTHER,),
                "on": AUG_1,
            },
            None,
        )
    ],
    "call_off_visit": [({"visit": 1, "reason": CalledOff.NOBODY_THERE, "on": AUG_1}, None)],
    "tell_position": [({"person": SON, "position": Position.ADULT, "on": MAY_20}, None)],
    "hear_minor": [({"person": STRANGER, "on": MAY_20}, None)],
    "ask_second_look": [({"asked_on": MAY_20, "terms": TERMS, "on": MAY_20}, None)],
    "look_back": [({"outcome": LookBackOutcome.BETTER, "on": MAR_16_2027}, None)],
    "engage_figure": [({"action": 2, "person": NEIGHBOUR, "on": AUG_1}, None)],
    "release_figure": [({"action": 2, "person": NEIGHBOUR, "on": AUG_1}, None)],
    "my_actions": [({}, None)],
    "figure_sheet": [({"person": NEIGHBOUR}, None)],
}
"""Each question with words that nothing but the state can speak against, and where it leads."""


def story(state: State, asked: str) -> tuple[Fact, ...]:
    """What leads to *state*, with nothing in the way of what is *asked*."""
    facts = REACHED[state]
    if asked == "log_urgent_aid":
        return (facts[0], aid_authorised, *facts[1:])
    if asked == "commit_expense":
        return (*facts, expense_planned)
    if asked in ("reduce_commitment", "pay_expense", "correct_payment"):
        return (*facts, expense_planned, expense_committed, expense_paid)
    if asked in ("withdraw_amendment", "hear_amendment_decision", "hear_amendment_set_aside"):
        return (*facts, amendment_proposed)
    if asked == "engage_figure":
        return (*facts, figures_known)
    if asked in ("release_figure", "figure_sheet"):
        return (*facts, figures_known, neighbour_engaged)
    if asked in ("take_back_decision", "tell_position", "hear_minor") and state in DECISIONS:
        unsigned = tuple(each for each in facts if each.event is not Pact.Signed)
        told = minor_told in facts or asked != "hear_minor"
        return unsigned if told else (*unsigned, minor_told)
    return facts


def said_of(state: State, asked: str) -> dict[str, Any]:
    """What the refusal of *state* says besides the state."""
    if asked != "take_back_decision":
        return {}
    proposal = given(*REACHED[state]).aggregate().proposal
    return {"proposal": proposal, "corrects": 1, "because": ["state"]}


EVERY_QUESTION = [
    pytest.param(state, asked, words, leads_to, id=f"{state}-{asked}-{number}")
    for state in State
    for asked, ways in ASKED.items()
    for number, (words, leads_to) in enumerate(ways)
]


def test_every_question_of_the_table_is_asked_here():
    assert ASKED.keys() == LIFE.keys()


@pytest.mark.parametrize("state", State)
def test_each_state_is_reached_by_a_story(state):
    assert given(*REACHED[state]).aggregate().state is state


@pytest.mark.parametrize(
    ("state", "on", "because"),
    [
        (State.NOT_APPROVED, MAY_14, None),
        (State.DECLINED, MAY_20, "not_said"),
        (State.LAPSED, date(2026, 6, 14), None),
        (State.CONCLUDED, AUG_1, "goals_reached"),
        (State.INTERRUPTED, AUG_1, "moved_away"),
        (State.SUSPENDED, None, None),
    ],
)
def test_when_and_why_a_pact_ended_is_known(state, on, because):
    pact = given(*REACHED[state]).aggregate()
    assert (pact.ended_on, pact.ended_because, pact.over) == (on, because, state in OVER)


@pytest.mark.parametrize(("state", "asked", "words", "leads_to"), EVERY_QUESTION)
def test_a_question_is_allowed_exactly_in_the_states_of_the_table(state, asked, words, leads_to):
    move = LIFE[asked]
    ask: Callable[..., Any] = getattr(Pact, asked)
    by = {Who.SERVICE: OURSELVES, Who.MANAGERS: BY_MANAGER}.get(move.who, BY_LEAD)
    pact = given(*story(state, asked)).aggregate()
    if state not in move.before:
        given(*story(state, asked)).when(ask, by=by, **words).refuses(
            move.otherwise, state=state, **said_of(state, asked)
        )
        return
    ask(pact, by=by, **words)
    assert pact.state is (leads_to or state)
    assert leads_to is None or leads_to in move.after


@pytest.mark.parametrize("asked", LIFE)
def test_the_table_says_where_a_question_leads_and_nothing_else(asked):
    assert {leads_to for _, leads_to in ASKED[asked]} - {None} == set(LIFE[asked].after)


@pytest.mark.parametrize("asked", [name for name, move in LIFE.items() if move.who is Who.LEAD])
@pytest.mark.parametrize("by", [BY_MEMBER, BY_MANAGER, BY_STRANGER, OURSELVES])
def test_what_only_the_lead_may_ask_nobody_else_may(asked, by):
    state, (words, _) = LIFE[asked].before[0], ASKED[asked][0]
    given(*story(state, asked)).when(getattr(Pact, asked), by=by, **words).refuses(
        NotTheLead, pact=THE_ONE
    )


@pytest.mark.parametrize("asked", [name for name, move in LIFE.items() if move.who is Who.TEAM])
def test_what_the_microequipe_may_ask_its_members_and_case_manager_may_and_no_stranger(asked):
    state, (words, _) = LIFE[asked].before[0], ASKED[asked][0]
    so_far, ask = given(*story(state, asked)), getattr(Pact, asked)
    for by in (BY_LEAD, BY_MEMBER, BY_MANAGER):
        assert so_far.when(ask, by=by, **words).refusal is None
    for by in (BY_STRANGER, OURSELVES):
        so_far.when(ask, by=by, **words).refuses(NotOfTheMicroequipe, pact=THE_ONE)


def test_what_figures_may_ask_the_whole_microequipe_may_and_no_stranger():
    helps = fact(Pact.FigureEngaged, action=2, person=TEACHER, on=MAY_20)
    for asked in [name for name, move in LIFE.items() if move.who is Who.WITH_FIGURES]:
        state, (words, _) = LIFE[asked].before[0], ASKED[asked][0]
        so_far, ask = given(*story(state, asked), figures_known, helps), getattr(Pact, asked)
        for by in (BY_LEAD, BY_MEMBER, BY_MANAGER, BY_TEACHER):
            assert so_far.when(ask, by=by, **words).refusal is None
        for by in (BY_STRANGER, OURSELVES):
            so_far.when(ask, by=by, **words).refuses(NotOfTheMicroequipe, pact=THE_ONE)


@pytest.mark.parametrize(
    ("who", "refusal", "facts"),
    [
        (Who.TEAM, OnlyAReferenceFigure, {"pact": THE_ONE}),
        (Who.LEAD, NotTheLead, {"pact": THE_ONE}),
        (Who.MANAGERS, NotAManagerOfTheFamily, {"pact": THE_ONE}),
    ],
)
def test_who_is_only_a_reference_figure_may_ask_none_of_it(who, refusal, facts):
    for asked in [name for name, move in LIFE.items() if move.who is who]:
        state, (words, _) = LIFE[asked].before[0], ASKED[asked][0]
        so_far = given(*story(state, asked), figures_known)
        so_far.when(getattr(Pact, asked), by=BY_TEACHER, **words).refuses(refusal, **facts)


@pytest.mark.parametrize("asked", [name for name, move in LIFE.items() if move.who is Who.TEAM])
def test_a_reference_figure_who_leads_may_ask_what_a_lead_may(asked):
    state, (words, _) = LIFE[asked].before[0], ASKED[asked][0]
    words = words | {"person": TEACHER} if asked == "sign" else words
    so_far = given(*story(state, asked), teacher_leads)
    assert so_far.when(getattr(Pact, asked), by=BY_TEACHER, **words).refusal is None


@pytest.mark.parametrize("asked", [name for name, move in LIFE.items() if move.who is Who.MANAGERS])
def test_what_managers_may_ask_the_lead_may_not(asked):
    state, (words, _) = LIFE[asked].before[0], ASKED[asked][0]
    so_far, ask = given(*story(state, asked)), getattr(Pact, asked)
    for by in (BY_MANAGER, Actor.of_person("lead", STRANGER, "project_manager")):
        assert so_far.when(ask, by=by, **words).refusal is None
    for by in (BY_LEAD, BY_MEMBER, BY_STRANGER, OURSELVES):
        so_far.when(ask, by=by, **words).refuses(NotAManagerOfTheFamily, pact=THE_ONE)


@pytest.mark.parametrize("state", list(State))
def test_in_every_state_it_is_noted_once_that_the_texts_are_gone(state):
    gone = fact(Pact.TextsErased, on=AUG_1)
    given(*REACHED[state]).when(Pact.note_erased_texts, by=OURSELVES, on=AUG_1).then(gone)
    given(*REACHED[state], gone).when(Pact.note_erased_texts, by=OURSELVES, on=AUG_1).then()
    assert given(*REACHED[state], gone).aggregate().texts_erased_on == AUG_1


def test_no_state_is_a_trap():
    """From every state that is not an end, some end can be reached."""
    leads_to: dict[State, set[State]] = {state: set() for state in State}
    for before, after, _ in arrows():
        leads_to[before].add(after)
    for state in State:
        seen, todo = {state}, [state]
        while todo:
            for after in leads_to[todo.pop()] - seen:
                seen.add(after)
                todo.append(after)
        assert seen & set(OVER)


def test_from_an_end_nothing_leads_on_but_the_correction_of_a_mistake():
    leads_on = [(before, asked) for before, _, asked in arrows() if before in OVER]
    assert leads_on == [(State.NOT_APPROVED, "take_back_decision")]


def test_the_picture_in_the_readme_is_the_code():
    (drawn,) = re.findall(r"```mermaid\n(.*?)\n```", README.read_text(encoding="utf-8"), flags=re.S)
    assert drawn == picture()


def test_the_table_of_who_may_ask_in_the_readme_is_the_code():
    readme = README.read_text(encoding="utf-8")
    for asked, move in LIFE.items():
        before = ", ".join(move.before)
        assert f"| `{asked}` | {move.who} | {before} | `{move.otherwise.__name__}` |" in readme
