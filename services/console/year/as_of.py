"""What was so on a day, from the facts recorded until its end alone: views, pacts, families."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import create_engine, select
from sqlalchemy.pool import StaticPool

from services.console.year.facts import Fact, Log
from services.console.year.witness import Seen
from services.kernel.composition import Composition
from services.kernel.mapper import Mapper

NOTHING = Decimal("0.00")
STATES = {
    "pacts.Drafted": "drafted",
    "pacts.Proposed": "proposed",
    "pacts.Approved": "approved",
    "pacts.ApprovedWithConditions": "approved_with_conditions",
    "pacts.Returned": "returned",
    "pacts.NotApproved": "not_approved",
    "pacts.DecisionTakenBack": "proposed",
    "pacts.ProposalSetAside": "drafted",
    "pacts.SignedByAll": "signed",
    "pacts.Activated": "active",
    "pacts.Suspended": "suspended",
    "pacts.Resumed": "active",
    "pacts.Declined": "declined",
    "pacts.Lapsed": "lapsed",
    "pacts.Concluded": "concluded",
    "pacts.Interrupted": "interrupted",
}
"""Where a pact stands after a fact."""
PROGRESS = {
    "pacts.ActionStarted": "started",
    "pacts.ActionCompleted": "completed",
    "pacts.ActionDropped": "dropped",
}

STAGES: dict[str, tuple[str, str | None]] = {
    "pacts.ExpensePlanned": ("planned", "expense"),
    "pacts.ExpenseCommitted": ("committed", None),
    "pacts.CommitmentReduced": ("committed", None),
    "pacts.ExpensePaid": ("paid", "paid"),
    "pacts.PaymentCorrected": ("paid", "paid"),
}
"""Which amount of an expense a fact changes, and the word under which it and its day stand."""


def views_differ(service: str, log: Log, key: tuple[str, str], seen: list[Seen]) -> Iterator[str]:
    """Every view that told something else on a day than the facts up to that day's end make it."""
    composition = Composition.of(service)
    mapper = Mapper()
    facts = iter(log.facts)
    engine = create_engine("sqlite://", poolclass=StaticPool)
    try:
        with engine.begin() as connection:
            for view in composition.views:
                view.table.metadata.create_all(connection)
            following = next(facts, None)
            for each in sorted(seen, key=lambda each: each.day):
                while following is not None and following.day <= each.day:
                    event = mapper.to_domain_event(following.row)
                    for view in composition.views:
                        view.project(event, following.row, view.table, connection)
                    following = next(facts, None)
                for view in composition.views:
                    told = each.views[key].get(view.name)
                    rows = connection.execute(select(view.table))
                    if told != Counter(repr(tuple(row)) for row in rows):
                        yield f"{'/'.join(key)}: {view.name} told something else on {each.day}"
    finally:
        engine.dispose()


def pact_as_of(facts: list[Fact], day: date) -> dict[str, Any]:
    """A pact's state, version, proposals, signatures, progress and verifications on *day*."""
    known = [fact for fact in facts if fact.day <= day]
    told: dict[str, Any] = {
        "version": len(known),
        "state": "",
        "proposal": 0,
        "signed": {},
        "verify_by": None,
        "progress": {},
        "verifications": 0,
    }
    for fact in known:
        state = fact.state
        told["state"] = STATES.get(fact.topic, told["state"])
        match fact.topic:
            case "pacts.Proposed" | "pacts.AmendmentProposed":
                told["proposal"] = state["proposal"]
            case "pacts.Signed":
                told["signed"][state["person"]] = state["on"]
            case "pacts.Activated" | "pacts.Resumed":
                told["verify_by"] = state["verify_by"]
            case "pacts.Verified":
                told["verify_by"] = state["next_by"]
                told["verifications"] += 1
        if fact.topic in PROGRESS:
            told["progress"][state["action"]] = PROGRESS[fact.topic]
    return told


def pact_told(answer: dict[str, Any]) -> dict[str, Any]:
    """The same of what the question answered."""
    return {
        **{name: answer[name] for name in ("version", "state", "proposal", "signed", "verify_by")},
        "progress": {
            action["number"]: action["progress"]
            for action in answer["actions"]
            if action["progress"] not in (None, "planned")
        },
        "verifications": len(answer["verifications"]),
    }


def family_as_of(facts: list[Fact], day: date) -> dict[str, Any]:
    """How far a family is on *day*."""
    known = [fact for fact in facts if fact.day <= day]
    verified = [fact for fact in known if fact.topic == "intake.EligibilityVerified"]
    erased = [fact for fact in known if fact.topic == "intake.FamilyErased"]
    return {
        "version": len(known),
        "outcome": verified[-1].state["outcome"] if verified else None,
        "verifications": [fact.state["outcome"] for fact in verified],
        "erased_on": erased[-1].state["on"] if erased else None,
    }


def family_told(answer: dict[str, Any]) -> dict[str, Any]:
    """The same of what the question answered."""
    return {
        **{name: answer[name] for name in ("version", "outcome", "erased_on")},
        "verifications": [each["outcome"] for each in answer["verifications"]],
    }


def balance_as_of(facts: list[Fact], day: date) -> dict[str, dict[str, Any]]:
    """Help received beside active commitment up to *day*, as known at its end; support apart."""
    known = [fact for fact in facts if fact.day <= day]

    def tally(**logged: str) -> dict[str, Any]:
        found = [
            fact.state[word]
            for fact in known
            for event, word in logged.items()
            if fact.topic == f"pacts.{event}"
        ]
        counted = [each for each in found if date.fromisoformat(each["on"]) <= day]
        return {
            "hours": _sum(each.get("hours") for each in counted),
            "eur": _sum(each["eur"] for each in counted),
            "works": sum(each.get("works") is not None for each in counted),
        }

    return {
        "help_received": tally(HelpLogged="received", UrgentAidGiven="given"),
        "active_commitment": tally(CommitmentLogged="given", RestitutionLogged="given"),
        "other_support": tally(OtherSupportLogged="support"),
    }


def budget_as_of(facts: list[Fact], day: date) -> dict[str, dict[str, str]]:
    """What was planned, committed and paid up to *day*, as known at its end, by budget line."""
    known = [fact for fact in facts if fact.day <= day]
    lines = {
        fact.state["number"]: fact.state["expense"]["budget_line"]
        for fact in known
        if fact.topic == "pacts.ExpensePlanned"
    }
    found: dict[str, dict[str, Decimal]] = {}
    for fact in known:
        if fact.topic not in STAGES:
            continue
        stage, word = STAGES[fact.topic]
        told = fact.state if word is None else fact.state[word]
        if date.fromisoformat(fact.state.get("on") or told["on"]) <= day:
            nothing = dict.fromkeys(("planned", "committed", "paid"), NOTHING)
            line = found.setdefault(lines[fact.state["number"]], nothing)
            line[stage] += Decimal(told["eur"]) - Decimal(fact.state.get("before", NOTHING))
    return {name: {stage: str(eur) for stage, eur in line.items()} for name, line in found.items()}


def _sum(amounts: Iterator[str | None]) -> str:
    return str(sum((Decimal(each) for each in amounts if each is not None), NOTHING))
