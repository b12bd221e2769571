"""What is told, and awaited, of a pact that was signed: its verifications, until it ends."""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.words import Heard, Policies
from services.notify.awaiting import await_by, await_nothing_of, never_await, no_longer_await, rests
from services.notify.deadline import Awaited
from services.notify.notice import Kind, Subject
from services.notify.speaking import must_be_ours
from services.notify.telling import lead_of, tell


def tell_the_lead_that_a_pact_was_signed(deciding: Deciding, heard: Heard) -> None:
    """The lead learns that everybody has signed; no proposal of this pact is awaited any more.

    An amendment that is returned is nobody's duty: the pact in force goes on.
    """
    must_be_ours(deciding, heard)
    family, pact = heard.body["family"], UUID(heard.body["pact"])
    never_await(deciding, Awaited.PROPOSAL, pact)
    subject = Subject(family=family, pact=pact)
    tell(deciding, heard.event_id, Kind.PACT_SIGNED, lead_of(deciding, family), subject)


def tell_the_lead_when_the_first_verification_is_due(deciding: Deciding, heard: Heard) -> None:
    """A pact that runs is verified by a day."""
    _verification_due(deciding, heard, Kind.PACT_ACTIVATED, heard.body["verify_by"])


def tell_the_lead_when_the_next_verification_is_due(deciding: Deciding, heard: Heard) -> None:
    """A pact that was verified is verified again by a day."""
    _verification_due(deciding, heard, Kind.PACT_VERIFIED, heard.body["next_by"])


def tell_the_lead_that_a_verification_is_overdue(deciding: Deciding, heard: Heard) -> None:
    """The lead learns that the day of a verification went by."""
    must_be_ours(deciding, heard)
    family, due = heard.body["family"], date.fromisoformat(heard.body["due"])
    subject = Subject(family=family, pact=UUID(heard.body["pact"]))
    told = lead_of(deciding, family)
    tell(deciding, heard.event_id, Kind.VERIFICATION_OVERDUE, told, subject, due)


def stop_reminding_of_a_pact_that_rests(deciding: Deciding, heard: Heard) -> None:
    """A suspended pact owes no verification."""
    must_be_ours(deciding, heard)
    no_longer_await(deciding, Awaited.VERIFICATION, UUID(heard.body["pact"]), 0)


def await_the_verification_of_a_pact_that_runs_again(deciding: Deciding, heard: Heard) -> None:
    """A pact that was resumed is verified by a later day."""
    must_be_ours(deciding, heard)
    pact, due = UUID(heard.body["pact"]), date.fromisoformat(heard.body["verify_by"])
    subject = Subject(family=heard.body["family"], pact=pact)
    await_by(deciding, Awaited.VERIFICATION, pact, subject, 0, due)


def stop_reminding_of_a_pact_that_ended(deciding: Deciding, heard: Heard) -> None:
    """A pact that was concluded, interrupted or declined, or that lapsed, awaits nothing."""
    must_be_ours(deciding, heard)
    await_nothing_of(deciding, UUID(heard.body["pact"]))


VERIFICATIONS: Policies = {
    "pacts/pact_signed.v1": tell_the_lead_that_a_pact_was_signed,
    "pacts/pact_activated.v1": tell_the_lead_when_the_first_verification_is_due,
    "pacts/pact_verified.v1": tell_the_lead_when_the_next_verification_is_due,
    "pacts/verification_overdue.v1": tell_the_lead_that_a_verification_is_overdue,
    "pacts/pact_suspended.v1": stop_reminding_of_a_pact_that_rests,
    "pacts/pact_resumed.v1": await_the_verification_of_a_pact_that_runs_again,
    "pacts/pact_ended.v1": stop_reminding_of_a_pact_that_ended,
}


def _verification_due(deciding: Deciding, heard: Heard, kind: Kind, day: str) -> None:
    must_be_ours(deciding, heard)
    family, pact, due = heard.body["family"], UUID(heard.body["pact"]), date.fromisoformat(day)
    subject = Subject(family=family, pact=pact)
    never_await(deciding, Awaited.PROPOSAL, pact)  # signed before this was heard of
    if not rests(deciding, pact):
        await_by(deciding, Awaited.VERIFICATION, pact, subject, 0, due)
    tell(deciding, heard.event_id, kind, lead_of(deciding, family), subject, due)
