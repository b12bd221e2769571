"""What a family is not content with: second looks and complaints reach who does something about it.

Whom a complaint is about does not hear of it from us: only who sees to it that somebody answers.
"""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.kernel.words import Heard, Policies
from services.notify.awaiting import await_by
from services.notify.deadline import Awaited
from services.notify.notice import Kind, Subject
from services.notify.speaking import (
    must_be_about_their_family,
    must_be_from_the_lead,
    must_be_ours,
)
from services.notify.telling import (
    administrators,
    lead_of,
    manager_of_ours,
    next_for_decisions,
    tell,
)

ANSWERED = {"confirmed": Kind.SECOND_LOOK_CONFIRMED, "reopened": Kind.SECOND_LOOK_REOPENED}
REOPENED = "reopened"
OF_THE_COMMITTEE = "committee"
"""A complaint about it is not for the project manager, who sits in it."""


def tell_that_a_family_asks_for_a_second_look(deciding: Deciding, heard: Heard) -> None:
    """At the lead, the project manager finds somebody who did not decide."""
    must_be_about_their_family(heard)
    told, kind = manager_of_ours(deciding), Kind.SECOND_LOOK_ASKED
    tell(deciding, heard.event_id, kind, told, _proposal(heard))


def tell_what_the_second_look_found(deciding: Deciding, heard: Heard) -> None:
    """The lead of the microequipe tells the family; the committee decides again what is reopened.

    Until its next decision, which corrects the one that stands.
    """
    must_be_from_the_lead(deciding, heard)
    due = None
    if heard.body["outcome"] == REOPENED:
        due = next_for_decisions(deciding, date.fromisoformat(heard.body["on"]))
        _await_another_decision(deciding, heard, due)
    told, kind = lead_of(deciding, heard.body["family"]), ANSWERED[heard.body["outcome"]]
    tell(deciding, heard.event_id, kind, told, _proposal(heard), due)


def tell_that_a_family_complains(deciding: Deciding, heard: Heard) -> None:
    """Who sees to it that somebody answers learns by which day."""
    must_be_ours(deciding, heard)
    told = _who_sees_to_it(deciding, heard.body["about"])
    due = date.fromisoformat(heard.body["answer_by"])
    tell(deciding, heard.event_id, Kind.COMPLAINT_RECORDED, told, _complaint(heard), due)


def escalate_a_complaint_that_nobody_answered(deciding: Deciding, heard: Heard) -> None:
    """The same people learn that the day went by."""
    must_be_ours(deciding, heard)
    told, due = _who_sees_to_it(deciding, None), date.fromisoformat(heard.body["due"])
    tell(deciding, heard.event_id, Kind.COMPLAINT_OVERDUE, told, _complaint(heard), due)


APPEALS: Policies = {
    "pacts/second_look_asked.v1": tell_that_a_family_asks_for_a_second_look,
    "pacts/complaint_recorded.v1": tell_that_a_family_complains,
    "pacts/complaint_overdue.v1": escalate_a_complaint_that_nobody_answered,
    "review/second_look_answered.v1": tell_what_the_second_look_found,
}


def _await_another_decision(deciding: Deciding, heard: Heard, due: date) -> None:
    """At the lead, the committee is reminded of what was reopened before *due*."""
    if deciding.organisation == deciding.lead:
        subject, number = replace(_proposal(heard), cycle=f"{due:%Y-%m}"), heard.body["proposal"]
        review = stream_id("proposal", heard.body["pact"], number)
        await_by(deciding, Awaited.DECISION, review, subject, number, due)


def _who_sees_to_it(deciding: Deciding, about: str | None) -> list[str]:
    managers = [] if about == OF_THE_COMMITTEE else manager_of_ours(deciding)
    return [*administrators(deciding), *managers]


def _proposal(heard: Heard) -> Subject:
    body = heard.body
    return Subject(family=body["family"], pact=UUID(body["pact"]), number=body["proposal"])


def _complaint(heard: Heard) -> Subject:
    body = heard.body
    return Subject(family=body["family"], pact=UUID(body["pact"]), number=body["complaint"])
