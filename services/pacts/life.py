"""The life of a pact: its states, and who may ask what in which of them. One table, no decision."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from services.kernel.refusal import Refused
from services.pacts.refusals import (
    PactHasGoneOn,
    PactIsOver,
    PactNeverActive,
    PactNotActive,
    PactNotApproved,
    PactNotAwaitingSignature,
    PactNotDecided,
    PactNotDeclinable,
    PactNotDraft,
    PactNotEnded,
    PactNotProposed,
    PactNotSigned,
    PactNotSuspended,
    PactNotUnderWay,
    PactStillRunning,
    PositionsFixed,
    UrgentAidTooLate,
)


class State(StrEnum):
    """Where a pact stands; the values are stored in views and shown to others [2]."""

    DRAFTED = "drafted"
    PROPOSED = "proposed"
    RETURNED = "returned"
    APPROVED = "approved"
    APPROVED_WITH_CONDITIONS = "approved_with_conditions"
    NOT_APPROVED = "not_approved"
    SIGNED = "signed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CONCLUDED = "concluded"
    INTERRUPTED = "interrupted"
    DECLINED = "declined"
    LAPSED = "lapsed"


class Who(StrEnum):
    """Who may ask for a move."""

    LEAD = "the lead of the microequipe"
    TEAM = "the microequipe or its case manager"
    WITH_FIGURES = "the microequipe, its reference figures too, or its case manager"
    MANAGERS = "the case manager of the family or the project manager"
    SERVICE = "the service itself"


DRAFT = (State.DRAFTED, State.RETURNED)
AWAITING_SIGNATURE = (State.APPROVED, State.APPROVED_WITH_CONDITIONS)
DECIDED = (*AWAITING_SIGNATURE, State.RETURNED, State.NOT_APPROVED)
NOT_YET_IN_FORCE = (*DRAFT, State.PROPOSED, *AWAITING_SIGNATURE, State.SIGNED)
UNDER_WAY = (State.ACTIVE, State.SUSPENDED)
BEGUN = (*UNDER_WAY, State.CONCLUDED, State.INTERRUPTED)
ON_PAPER = (
    *AWAITING_SIGNATURE,
    State.SIGNED,
    *UNDER_WAY,
    State.CONCLUDED,
    State.INTERRUPTED,
)
KNOWN = (*DECIDED, State.SIGNED, *UNDER_WAY, State.DECLINED, State.LAPSED)
AFTER_A_DECISION = (
    *DECIDED,
    State.SIGNED,
    *UNDER_WAY,
    State.CONCLUDED,
    State.INTERRUPTED,
    State.LAPSED,
)
ENDED = (State.CONCLUDED, State.INTERRUPTED)
OVER = (
    State.NOT_APPROVED,
    State.CONCLUDED,
    State.INTERRUPTED,
    State.DECLINED,
    State.LAPSED,
)


@dataclass(frozen=True)
class Move:
    """What may be asked of a pact.

    Attributes:
        before: the states in which it may be asked.
        otherwise: the refusal in every other state.
        after: the states it may lead to; empty when the pact stays where it is.
    """

    who: Who
    before: tuple[State, ...]
    otherwise: type[Refused]
    after: tuple[State, ...] = ()


WRITES = Move(Who.TEAM, DRAFT, PactNotDraft)
PLACES = Move(Who.TEAM, (*DRAFT, State.PROPOSED, *AWAITING_SIGNATURE), PositionsFixed)
VISITS = Move(Who.TEAM, UNDER_WAY, PactNotUnderWay)
FOLLOWS = Move(Who.TEAM, (State.ACTIVE,), PactNotActive)
ENGAGES = Move(Who.TEAM, tuple(each for each in State if each not in OVER), PactIsOver)
SETTLES = Move(Who.TEAM, BEGUN, PactNeverActive)

LIFE: dict[str, Move] = {
    "set_period": WRITES,
    "add_goal": WRITES,
    "remove_goal": WRITES,
    "add_action": WRITES,
    "remove_action": WRITES,
    "link_capacity": WRITES,
    "unlink_capacity": WRITES,
    "name_resource": WRITES,
    "remove_resource": WRITES,
    "name_signatories": WRITES,
    "propose": Move(Who.LEAD, DRAFT, PactNotDraft, (State.PROPOSED,)),
    "form": Move(Who.TEAM, (*DRAFT, State.ACTIVE), PactNotDraft),
    "propose_by_form": Move(Who.SERVICE, DRAFT, PactNotDraft, (State.PROPOSED,)),
    "hear_decision": Move(
        Who.SERVICE,
        (State.PROPOSED,),
        PactNotProposed,
        DECIDED,
    ),
    "take_back_decision": Move(Who.SERVICE, DECIDED, PactHasGoneOn, (State.PROPOSED,)),
    "hear_set_aside": Move(Who.SERVICE, (State.PROPOSED,), PactNotProposed, (State.DRAFTED,)),
    "printed_pact": Move(Who.TEAM, ON_PAPER, PactNotApproved),
    "family_letter": Move(Who.TEAM, AFTER_A_DECISION, PactNotDecided),
    "sign": Move(Who.TEAM, AWAITING_SIGNATURE, PactNotAwaitingSignature, (State.SIGNED,)),
    "decline": Move(Who.TEAM, (*DRAFT, *AWAITING_SIGNATURE), PactNotDeclinable, (State.DECLINED,)),
    "lapse": Move(Who.SERVICE, AWAITING_SIGNATURE, PactNotAwaitingSignature, (State.LAPSED,)),
    "activate": Move(Who.LEAD, (State.SIGNED,), PactNotSigned, (State.ACTIVE,)),
    "start_action": FOLLOWS,
    "complete_action": FOLLOWS,
    "drop_action": FOLLOWS,
    "log_restitution": FOLLOWS,
    "log_help": FOLLOWS,
    "suspend": Move(Who.LEAD, (State.ACTIVE,), PactNotActive, (State.SUSPENDED,)),
    "resume": Move(Who.LEAD, (State.SUSPENDED,), PactNotSuspended, (State.ACTIVE,)),
    "verify": Move(Who.TEAM, UNDER_WAY, PactNotUnderWay),
    "conclude": Move(Who.LEAD, (State.ACTIVE,), PactNotActive, (State.CONCLUDED,)),
    "interrupt": Move(Who.LEAD, UNDER_WAY, PactNotUnderWay, (State.INTERRUPTED,)),
    "propose_amendment": Move(Who.LEAD, (State.ACTIVE,), PactNotActive),
    "propose_amendment_by_form": Move(Who.SERVICE, (State.ACTIVE,), PactNotActive),
    "withdraw_amendment": Move(Who.LEAD, UNDER_WAY, PactNotUnderWay),
    "hear_amendment_decision": Move(Who.SERVICE, UNDER_WAY, PactNotUnderWay),
    "hear_amendment_set_aside": Move(Who.SERVICE, UNDER_WAY, PactNotUnderWay),
    "authorise_urgent_aid": Move(Who.MANAGERS, NOT_YET_IN_FORCE, UrgentAidTooLate),
    "log_urgent_aid": Move(Who.TEAM, tuple(State), UrgentAidTooLate),
    "plan_expense": FOLLOWS,
    "commit_expense": FOLLOWS,
    "reduce_commitment": SETTLES,
    "pay_expense": SETTLES,
    "correct_payment": SETTLES,
    "log_other_support": FOLLOWS,
    "draft_again": Move(Who.LEAD, OVER, PactStillRunning),
    "plan_visit": VISITS,
    "record_visit": VISITS,
    "call_off_visit": VISITS,
    "look_back": Move(Who.TEAM, ENDED, PactNotEnded),
    "tell_position": PLACES,
    "hear_minor": PLACES,
    "ask_second_look": Move(Who.TEAM, KNOWN, PactNotDecided),
    "engage_figure": ENGAGES,
    "release_figure": ENGAGES,
    "my_actions": Move(Who.WITH_FIGURES, ON_PAPER, PactNotApproved),
    "figure_sheet": Move(Who.TEAM, ON_PAPER, PactNotApproved),
}
"""Everything that may be asked of a pact, by the name of the method that decides it."""


def arrows() -> Iterator[tuple[State, State, str]]:
    """Every change of state: from, to, and what was asked."""
    for asked, move in LIFE.items():
        for before in move.before:
            for after in move.after:
                yield before, after, asked


def picture() -> str:
    """The life of a pact as a mermaid state diagram; README.md shows it, and a test compares."""
    lines = ["stateDiagram-v2", "    [*] --> drafted : draft"]
    lines += [f"    {before} --> {after} : {asked}" for before, after, asked in arrows()]
    lines += [f"    {state} --> [*]" for state in OVER]
    return "\n".join(lines)
