"""What pacts tell others; what is not in the table stays ours."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from services.kernel.sealed import Sealed
from services.kernel.words import LEAD, OWN, Body, Publish, Published
from services.pacts.content import Action
from services.pacts.difference import after, count
from services.pacts.form.problems import Kind
from services.pacts.form.received import ReceivedForm
from services.pacts.life import State
from services.pacts.pact import Pact
from services.pacts.published_along import ALONG

ENDED = {
    Pact.Concluded: State.CONCLUDED,
    Pact.Interrupted: State.INTERRUPTED,
    Pact.Declined: State.DECLINED,
    Pact.Lapsed: State.LAPSED,
}
"""How a pact ends here; that it was not approved is the committee's to say."""

BEFORE_AMENDMENTS = {
    Kind.PACT_NOT_ACTIVE: Kind.PACT_NOT_DRAFT,
    Kind.FORM_OF_AN_OLDER_PACT: Kind.FORM_OF_ANOTHER_PROPOSAL,
    Kind.AMENDMENT_BEFORE_THE_COMMITTEE: Kind.PACT_NOT_DRAFT,
    Kind.NOTHING_AMENDED: Kind.FORM_UNREADABLE,
    Kind.ENDS_BEFORE_THE_PROPOSAL: Kind.DATES_REVERSED,
    Kind.ACTION_TAKEN_OUT: Kind.ACTION_NOT_WRITTEN,
}
"""What comes nearest among the kinds that were known before amendments came by form."""


def _drafted(event: Pact.Drafted, pact: Pact) -> Body:
    return {
        "pact": str(pact.id),
        "family": event.family,
        "lead": str(event.microequipe.lead),
        "on": _day(event.on),
    }


def _proposed(event: Pact.Proposed | Pact.AmendmentProposed, pact: Pact) -> Body:
    team = pact.microequipe
    return {
        "pact": str(pact.id),
        "proposal": event.proposal,
        "family": pact.family,
        "organisation": event.by.organisation,
        "lead": str(team.lead),
        "case_manager": str(team.case_manager) if team.case_manager else None,
        "on": _day(event.on),
        "actions": [_action(action) for action in pact.actions.values()],
        "goals": len(pact.goals),
        "capacities_linked": len(pact.capacities),
        "community_resources": len(pact.resources),
    }


def _proposed_v2(event: Pact.Proposed, pact: Pact) -> Body:
    return {**_proposed(event, pact), **_period(pact.starts, pact.ends), "amendment": None}


def _amendment(event: Pact.AmendmentProposed, pact: Pact) -> Body:
    """The whole pact as it would be, like any other proposal."""
    difference = event.difference
    actions = after(pact.actions, difference.actions)
    return {
        **_proposed(event, pact),
        "actions": [_action(action) for action in actions.values()],
        "goals": len(after(pact.goals, difference.goals)),
        "capacities_linked": len(after(pact.capacities, difference.capacities)),
        "community_resources": len(after(pact.resources, difference.resources)),
    }


def _amendment_v2(event: Pact.AmendmentProposed, pact: Pact) -> Body:
    difference = event.difference
    return {
        **_amendment(event, pact),
        **_period(pact.starts, difference.ends),
        "amendment": {
            "amends": event.amends,
            "ends_before": _day(difference.ends_before),
            "goals": count(difference.goals),
            "actions": count(difference.actions),
            "capacities": count(difference.capacities),
            "community_resources": count(difference.resources),
        },
    }


def _withdrawn(event: Pact.AmendmentWithdrawn, pact: Pact) -> Body:
    return {
        "pact": str(pact.id),
        "proposal": event.proposal,
        "family": pact.family,
        "on": _day(event.on),
    }


def _amended_descriptions(event: Pact.AmendmentProposed, pact: Pact) -> Iterator[Sealed]:
    actions = after(pact.actions, event.difference.actions)
    return (action.description for action in actions.values())


def _period(starts: date | None, ends: date | None) -> Body:
    assert starts is not None
    assert ends is not None
    return {"starts": _day(starts), "ends": _day(ends)}


def _action(action: Action) -> Body:
    return {
        "dimension": str(action.dimension),
        "area": str(action.area),
        "provider": action.provider,
        "quantity_eur": _amount(action.quantity_eur),
        "quantity_hours": _amount(action.quantity_hours),
        "from": _day(action.starts),
        "until": _day(action.until),
        "description": {
            "ref": str(action.description.ref),
            "commitment": action.description.commitment,
        },
    }


def _descriptions(event: Pact.Proposed, pact: Pact) -> Iterator[Sealed]:
    return (action.description for action in pact.actions.values())


def _signed(event: Pact.SignedByAll, pact: Pact) -> Body:
    return {**_which(pact), "on": _day(event.on)}


def _activated(event: Pact.Activated, pact: Pact) -> Body:
    return {
        **_which(pact),
        "on": _day(event.on),
        "verify_by": _day(event.verify_by),
    }


def _verified(event: Pact.Verified, pact: Pact) -> Body:
    return {
        **_which(pact),
        "on": _day(event.verification.on),
        "next_by": _day(event.next_by),
    }


def _suspended(event: Pact.Suspended, pact: Pact) -> Body:
    return {**_which(pact), "reason": event.reason.value, "on": _day(event.on)}


def _resumed(event: Pact.Resumed, pact: Pact) -> Body:
    return {**_which(pact), "on": _day(event.on), "verify_by": _day(event.verify_by)}


def _overdue(event: Pact.VerificationOverdue, pact: Pact) -> Body:
    return {**_which(pact), "due": _day(event.due), "on": _day(event.on)}


def _ended(event: Any, pact: Pact) -> Body:
    reason = getattr(event, "reason", None)
    return {
        **_which(pact),
        "outcome": ENDED[type(event)].value,
        "reason": None if reason is None else reason.value,
        "on": _day(event.on),
    }


def _urgent_aid(event: Pact.UrgentAidAuthorised, pact: Pact) -> Body:
    return {
        **_which(pact),
        "aid": event.number,
        "eur": str(event.aid.eur),
        "authorised_as": event.aid.authorised_as.value,
        "on": _day(event.aid.on),
    }


def _which(pact: Pact) -> Body:
    return {"pact": str(pact.id), "family": pact.family}


def _day(day: date) -> str:
    return day.isoformat()


def _amount(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _form_accepted(event: ReceivedForm.Accepted, form: ReceivedForm) -> Body:
    return {
        "mail": str(event.mail),
        "family": event.family,
        "pact": str(event.pact),
        "proposal": event.proposal,
    }


def _form_refused(event: ReceivedForm.Refused, form: ReceivedForm) -> Body:
    return _refused(event, {kind: BEFORE_AMENDMENTS.get(kind, kind) for kind in Kind})


def _form_refused_v2(event: ReceivedForm.Refused, form: ReceivedForm) -> Body:
    return _refused(event, {kind: kind for kind in Kind})


def _refused(event: ReceivedForm.Refused, kinds: Mapping[Kind, Kind]) -> Body:
    return {
        "mail": str(event.mail),
        "family": event.family,
        "pact": str(event.pact) if event.pact else None,
        "reasons": [{"kind": str(kinds[each.kind]), "facts": each.facts} for each in event.reasons],
    }


PUBLISHED: Published = {
    Pact.Drafted: Publish({"pact_drafted.v1": _drafted}, to=(OWN,)),
    Pact.Proposed: Publish(
        {"pact_proposed.v1": _proposed, "pact_proposed.v2": _proposed_v2},
        to=(OWN, LEAD),
        parts=_descriptions,
    ),
    Pact.AmendmentProposed: Publish(
        {"pact_proposed.v1": _amendment, "pact_proposed.v2": _amendment_v2},
        to=(OWN, LEAD),
        parts=_amended_descriptions,
    ),
    Pact.AmendmentWithdrawn: Publish({"amendment_withdrawn.v1": _withdrawn}, to=(OWN, LEAD)),
    Pact.UrgentAidAuthorised: Publish({"urgent_aid_authorised.v1": _urgent_aid}, to=(OWN, LEAD)),
    Pact.SignedByAll: Publish({"pact_signed.v1": _signed}, to=(OWN,)),
    Pact.Activated: Publish({"pact_activated.v1": _activated}, to=(OWN,)),
    Pact.Verified: Publish({"pact_verified.v1": _verified}, to=(OWN,)),
    Pact.VerificationOverdue: Publish({"verification_overdue.v1": _overdue}, to=(OWN,)),
    Pact.Suspended: Publish({"pact_suspended.v1": _suspended}, to=(OWN,)),
    Pact.Resumed: Publish({"pact_resumed.v1": _resumed}, to=(OWN,)),
    ReceivedForm.Accepted: Publish({"form_accepted.v1": _form_accepted}, to=(OWN, LEAD)),
    ReceivedForm.Refused: Publish(
        {"form_refused.v1": _form_refused, "form_refused.v2": _form_refused_v2}, to=(OWN, LEAD)
    ),
    **ALONG,
    **{event: Publish({"pact_ended.v1": _ended}, to=(OWN,)) for event in ENDED},
}
