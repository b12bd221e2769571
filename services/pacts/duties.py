"""What the calendar asks of pacts, once for each civil day, at its beginning."""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.duties import Duty
from services.kernel.parameters import PARAMETERS, Parameters
from services.pacts.certificates import Certificates, certificates_id
from services.pacts.guidelines import Terms
from services.pacts.pact import Pact
from services.pacts.views import complaints, expiry, looking_back, silence, unsigned, verification


def let_an_unsigned_pact_lapse(deciding: Deciding, pact: UUID, day: date) -> None:
    """The last day for signing is over: the pact lapses, without prejudice."""
    unsigned_pact = deciding.edit(Pact, pact)
    if unsigned_pact.lapses(day):
        unsigned_pact.lapse(by=deciding.actor, on=day)


def note_a_verification_that_was_not_held(deciding: Deciding, pact: UUID, day: date) -> None:
    """The last day for a verification is over: that it was not held is a fact, once."""
    deciding.edit(Pact, pact).note_overdue_verification(by=deciding.actor, on=day)


def note_that_somebody_is_to_look_back(deciding: Deciding, pact: UUID, day: date) -> None:
    """Some months after the end: that a look back is due is a fact, once; that it is late, too."""
    deciding.edit(Pact, pact).note_look_back(by=deciding.actor, on=day)


def note_complaints_that_nobody_answered(deciding: Deciding, pact: UUID, day: date) -> None:
    """The last day to answer a complaint is over: that nobody did is a fact, once."""
    deciding.edit(Pact, pact).note_overdue_complaints(by=deciding.actor, on=day)


def note_a_certificate_that_runs_out(deciding: Deciding, pact: UUID, day: date) -> None:
    """The family's newest ISEE expires soon, or has expired: each is a fact, once."""
    noting = deciding.edit(Pact, pact)
    newest = deciding.get(Certificates, certificates_id(noting.family)).newest
    terms = Terms.in_force(deciding.find(Parameters, PARAMETERS), day)
    noting.note_certificate(*newest, terms, by=deciding.actor, on=day)


def note_a_family_that_is_left_alone(deciding: Deciding, pact: UUID, day: date) -> None:
    """A draft waits for its proposal, or an active pact for any fact: noted once each time."""
    since = silence.since(deciding.connection, pact)
    terms = Terms.in_force(deciding.find(Parameters, PARAMETERS), day)
    if since is not None:
        deciding.edit(Pact, pact).note_dormant(since, terms, by=deciding.actor, on=day)


DUTIES: tuple[Duty, ...] = (
    Duty("lapse_unsigned_pact", unsigned.lapsing, let_an_unsigned_pact_lapse),
    Duty("note_overdue_verification", verification.overdue, note_a_verification_that_was_not_held),
    Duty("note_overdue_complaint", complaints.overdue, note_complaints_that_nobody_answered),
    Duty("note_certificate", expiry.to_note, note_a_certificate_that_runs_out),
    Duty("note_dormant_family", silence.quiet, note_a_family_that_is_left_alone),
    Duty("note_look_back", looking_back.to_note, note_that_somebody_is_to_look_back),
)
