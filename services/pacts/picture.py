"""A pact as JSON words: codes and dates for all who may ask, texts for those who need them."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from services.kernel.sealed import Sealed
from services.kernel.words import Body
from services.pacts.along import TieKind
from services.pacts.budget import by_budget_line
from services.pacts.content import Action, Capacity, CommunityResource, Decision, Goal
from services.pacts.difference import Change
from services.pacts.form.own_part import OwnAction
from services.pacts.pact import Pact
from services.pacts.reciprocity import Reciprocity, Tally, total

T = TypeVar("T")
Open = Callable[[Sealed | None], str | None]
"""Gives the text behind a reference, or None to who may not read it or when it was erased."""


def picture(pact: Pact, text: Open) -> Body:
    """Everything about *pact* as it stands."""
    team = pact.microequipe
    return {
        "pact": str(pact.id),
        "version": pact.version,
        "family": pact.family,
        "number": pact.number,
        "state": str(pact.state),
        "drafted_on": word(pact.drafted_on),
        "lead": str(team.lead),
        "members": [str(member) for member in team.members],
        "figures": [
            {
                "person": str(figure.person),
                "role": word(figure.role),
                "account": figure.has_account,
            }
            for figure in team.figures
        ],
        "case_manager": word(team.case_manager),
        "starts": word(pact.starts),
        "ends": word(pact.ends),
        "missing": pact.missing(),
        "proposal": pact.proposal,
        "decision": _decision(pact.decision, text),
        "sign_by": word(pact.sign_by),
        "signed": {str(person): word(on) for person, on in pact.signed.items()},
        "awaited": [str(person) for person in pact.awaited] if pact.signatories else [],
        "positions": _positions(pact),
        "to_be_heard": [str(person) for person in pact.to_be_heard],
        "active_from": word(pact.active_from),
        "verify_by": word(pact.verify_by),
        "ended_on": word(pact.ended_on),
        "ended_because": word(pact.ended_because),
        "texts_erased_on": word(pact.texts_erased_on),
        "goals": _goals(pact, text),
        "actions": _actions(pact, text),
        "capacities": _capacities(pact, text),
        "community_resources": _resources(pact, text),
        "verifications": _verifications(pact, text),
        "amendments": _amendments(pact, text),
        "urgent_aid": _urgent_aid(pact, text),
        "baseline_ties": _by_kind(next(iter(pact.ties.values()), {})),
        "visits": _visits(pact, text),
        "not_verified_because": word(pact.not_verified_because),
        "look_back": _look_back(pact, text),
        "decision_heard": word(pact.decision_heard),
        "second_looks": _second_looks(pact, text),
    }


def own_actions(pact: Pact, actions: Iterable[OwnAction]) -> Body:
    """The *actions* of *pact* in which somebody has a part, for them, and nothing else of it."""
    return {
        "pact": str(pact.id),
        "family": pact.family,
        "number": pact.number,
        "state": str(pact.state),
        "lead": str(pact.microequipe.lead),
        "actions": [
            {
                "number": each.number,
                "part": "answers" if each.answers else "helps",
                "dimension": str(each.action.dimension),
                "area": str(each.action.area),
                **each.told,
                "left_out": list(each.left_out),
                "starts": word(each.action.starts),
                "until": word(each.action.until),
                "quantity_eur": word(each.action.quantity_eur),
                "quantity_hours": word(each.action.quantity_hours),
                "progress": word(each.progress),
            }
            for each in actions
        ],
    }


def _decision(decision: Decision | None, text: Open) -> Body | None:
    if decision is None:
        return None
    return {
        "proposal": decision.proposal,
        "outcome": str(decision.outcome),
        "cycle": decision.cycle,
        "guidelines": decision.guidelines,
        "on": word(decision.on),
        "corrects": decision.corrects,
        "reasons": [text(reason) for reason in decision.reasons],
        "conditions": [text(condition) for condition in decision.conditions],
    }


def _goals(pact: Pact, text: Open) -> list[Body]:
    return [{"number": number, **_goal(goal, text)} for number, goal in pact.goals.items()]


def _goal(goal: Goal, text: Open) -> Body:
    return {"goal": text(goal.goal), "expected_result": text(goal.expected_result)}


def _actions(pact: Pact, text: Open) -> list[Body]:
    return [
        {
            "number": number,
            **_action(action, text),
            "figures": [str(person) for person in pact.engaged.get(number, ())],
            "progress": word(pact.progress.get(number)),
            "given_hours": word(total(each.hours for each in pact.given if each.action == number)),
            "given_works": sum(
                each.works is not None for each in pact.given if each.action == number
            ),
        }
        for number, action in pact.actions.items()
    ]


def _action(action: Action, text: Open) -> Body:
    return {
        "dimension": str(action.dimension),
        "area": str(action.area),
        "description": text(action.description),
        "provider": action.provider,
        "responsible": str(action.responsible),
        "committed": word(action.committed),
        "starts": word(action.starts),
        "until": word(action.until),
        "expected_result": text(action.expected_result),
        "quantity_eur": word(action.quantity_eur),
        "quantity_hours": word(action.quantity_hours),
    }


def _capacities(pact: Pact, text: Open) -> list[Body]:
    return [
        {"number": number, **_capacity(capacity, text)}
        for number, capacity in pact.capacities.items()
    ]


def _capacity(capacity: Capacity, text: Open) -> Body:
    return {
        "kind": str(capacity.kind),
        "description": text(capacity.description),
        "person": word(capacity.person),
        "action": capacity.action,
    }


def _resources(pact: Pact, text: Open) -> list[Body]:
    return [
        {"number": number, **_resource(resource, text)}
        for number, resource in pact.resources.items()
    ]


def _resource(resource: CommunityResource, text: Open) -> Body:
    return {
        "kind": str(resource.kind),
        "description": text(resource.description),
        "hours": word(resource.hours),
    }


def _amendments(pact: Pact, text: Open) -> list[Body]:
    return [
        {
            "proposal": number,
            "on": word(each.on),
            "state": str(each.state),
            "decision": _decision(each.decision, text),
            "ends": word(each.difference.ends),
            "goals": _changes(each.difference.goals, lambda item: _goal(item, text)),
            "actions": _changes(each.difference.actions, lambda item: _action(item, text)),
            "capacities": _changes(each.difference.capacities, lambda item: _capacity(item, text)),
            "community_resources": _changes(
                each.difference.resources, lambda item: _resource(item, text)
            ),
        }
        for number, each in pact.amendments.items()
    ]


def _urgent_aid(pact: Pact, text: Open) -> list[Body]:
    return [
        {
            "number": number,
            "on": word(aid.on),
            "eur": word(aid.eur),
            "authorised_as": str(aid.authorised_as),
            "reason": text(aid.reason),
            "given": word(total(each.eur for each in pact.aid_given if each.aid == number)),
        }
        for number, aid in pact.aids.items()
    ]


def _changes(changes: Iterable[Change[T]], told: Callable[[T], Body]) -> list[Body]:
    return [
        {"what": str(each.what), "number": each.number, **(told(each.item) if each.item else {})}
        for each in changes
    ]


def _verifications(pact: Pact, text: Open) -> list[Body]:
    return [
        {
            "on": word(each.on),
            "family_present": each.family_present,
            "final": each.final,
            "ratings": {str(rated.goal): rated.rating for rated in each.ratings},
            "changes": text(each.changes),
            "capacities_used": _used(pact.capacities_used.get(number)),
            "ties": _by_kind(pact.ties.get(number, {})),
            "new_ties": _by_kind(pact.new_ties(number)),
        }
        for number, each in enumerate(pact.verifications, start=1)
    ]


def _positions(pact: Pact) -> list[Body]:
    return [
        {
            "person": str(person),
            "position": str(placed.position),
            "signer": word(placed.signer),
            "representation": word(placed.representation),
            "heard_on": word(pact.minors_heard.get(person)),
        }
        for person, placed in pact.positions.items()
    ]


def _used(capacities: tuple[int, ...] | None) -> list[int] | None:
    return None if capacities is None else list(capacities)


def _by_kind(ties: dict[TieKind, int]) -> dict[str, int]:
    return {str(kind): number for kind, number in ties.items()}


def _visits(pact: Pact, text: Open) -> list[Body]:
    return [
        {
            "number": number,
            "day": word(visit.day),
            "visitor": str(visit.visitor),
            "place": str(visit.place),
            "progress": str(visit.progress),
            "present": [str(person) for person in visit.present],
            "called_off": word(visit.called_off),
            "note": text(visit.note),
        }
        for number, visit in pact.visits.items()
    ]


def complaints(pact: Pact, may_read: Callable[[int], bool], text: Open) -> list[Body]:
    """The complaints of the family, with the words of those that *may_read* allows."""
    return [
        {
            "number": number,
            "about": str(each.about),
            "person": word(each.person),
            "on": word(each.on),
            "answer_by": word(each.answer_by),
            "answered_on": word(each.answered_on),
            "words": text(each.words) if may_read(number) else None,
            "answer": text(each.answer) if may_read(number) else None,
        }
        for number, each in pact.complaints.items()
    ]


def _second_looks(pact: Pact, text: Open) -> list[Body]:
    return [
        {
            "proposal": proposal,
            "asked_on": word(each.asked_on),
            "words": text(each.words),
            "outcome": word(each.outcome),
            "reason": text(each.reason),
            "answered_on": word(each.answered_on),
        }
        for proposal, each in pact.second_looks.items()
    ]


def _look_back(pact: Pact, text: Open) -> Body | None:
    if pact.look_back_due is None:
        return None
    return {
        "due": word(pact.look_back_due),
        "until": word(pact.look_back_until),
        "on": word(pact.looked_back_on),
        "outcome": word(pact.looked_back),
        "note": text(pact.look_back_note),
    }


def spending(pact: Pact, on: date) -> Body:
    """The expenses of *pact* as they stand, and their totals by budget line up to *on*."""
    return {
        "expenses": [
            {
                "number": number,
                "action": each.expense.action,
                "planned": word(each.expense.eur),
                "committed": word(each.committed),
                "paid": word(each.paid),
                "payer": each.expense.payer,
                "payee": str(each.expense.payee),
                "supplier": each.expense.supplier,
                "budget_line": each.expense.budget_line,
                "payments": [
                    {
                        "number": payment,
                        "eur": word(paid.eur),
                        "document": paid.document,
                        "on": word(paid.on),
                        "corrects": paid.corrects,
                        "reason": word(paid.reason),
                    }
                    for payment, paid in each.payments.items()
                ],
            }
            for number, each in pact.expenses.items()
        ],
        "budget_lines": {
            line: {stage: word(eur) for stage, eur in asdict(totals).items()}
            for line, totals in by_budget_line(pact.movements, on).items()
        },
    }


def balance(both: Reciprocity, other_support: Tally) -> Body:
    """Both tallies of the reciprocity balance, side by side; support from elsewhere apart."""
    return {
        "other_support": _tally(other_support),
        "help_received": _tally(both.help_received),
        "active_commitment": _tally(both.active_commitment),
    }


def _tally(tally: Tally) -> Body:
    return {"hours": str(tally.hours), "eur": str(tally.eur), "works": tally.works}


def word(value: Any) -> str | None:
    """A day as ISO, an amount or an id as text; None stays None."""
    match value:
        case None:
            return None
        case date():
            return value.isoformat()
        case Decimal():
            return f"{value:.2f}"
    return str(value)
