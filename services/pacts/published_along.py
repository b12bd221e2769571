"""What pacts tell others of the way and of what follows it; :mod:`published` joins it."""

from datetime import date

from services.kernel.words import LEAD, OWN, Body, Publish, Published
from services.pacts.pact import Pact


def _look_back_due(event: Pact.LookBackDue, pact: Pact) -> Body:
    return {**_which(pact), "due": _day(event.due), "on": _day(event.on)}


def _relied_on(event: Pact.IseeReliedOn, pact: Pact) -> Body:
    return {
        "pact": str(pact.id),
        "proposal": event.proposal,
        "family": pact.family,
        "until": _day(event.until),
        "on": _day(event.on),
    }


def _second_look(event: Pact.SecondLookAsked, pact: Pact) -> Body:
    return {
        "pact": str(pact.id),
        "proposal": event.proposal,
        "family": pact.family,
        "asked_on": _day(event.asked_on),
        "on": _day(event.on),
    }


def _complaint(event: Pact.ComplaintRecorded, pact: Pact) -> Body:
    return {
        **_which(pact),
        "complaint": event.complaint,
        "about": event.about.value,
        "answer_by": _day(event.answer_by),
        "on": _day(event.on),
    }


def _complaint_answered(event: Pact.ComplaintAnswered, pact: Pact) -> Body:
    return {**_which(pact), "complaint": event.complaint, "on": _day(event.on)}


def _complaint_overdue(event: Pact.ComplaintOverdue, pact: Pact) -> Body:
    return {
        **_which(pact),
        "complaint": event.complaint,
        "due": _day(event.due),
        "on": _day(event.on),
    }


def _certificate(event: Pact.CertificateExpiring | Pact.CertificateExpired, pact: Pact) -> Body:
    return {**_which(pact), "valid_until": _day(event.valid_until), "on": _day(event.on)}


def _dormant(event: Pact.FamilyDormant, pact: Pact) -> Body:
    return {
        **_which(pact),
        "kind": event.kind.value,
        "since": _day(event.since),
        "on": _day(event.on),
    }


def _which(pact: Pact) -> Body:
    return {"pact": str(pact.id), "family": pact.family}


def _day(day: date) -> str:
    return day.isoformat()


ALONG: Published = {
    Pact.LookBackDue: Publish({"look_back_due.v1": _look_back_due}, to=(OWN,)),
    Pact.CertificateExpiring: Publish({"certificate_expiring.v1": _certificate}, to=(OWN,)),
    Pact.CertificateExpired: Publish({"certificate_expired.v1": _certificate}, to=(OWN,)),
    Pact.IseeReliedOn: Publish({"isee_relied_on.v1": _relied_on}, to=(OWN, LEAD)),
    Pact.FamilyDormant: Publish({"family_dormant.v1": _dormant}, to=(OWN,)),
    Pact.SecondLookAsked: Publish({"second_look_asked.v1": _second_look}, to=(OWN, LEAD)),
    Pact.ComplaintRecorded: Publish({"complaint_recorded.v1": _complaint}, to=(OWN,)),
    Pact.ComplaintAnswered: Publish({"complaint_answered.v1": _complaint_answered}, to=(OWN,)),
    Pact.ComplaintOverdue: Publish({"complaint_overdue.v1": _complaint_overdue}, to=(OWN,)),
}
