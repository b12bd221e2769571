"""What follows from what a mail is: a form goes to who issued it; what is in doubt waits."""

import re
from datetime import datetime
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.failpoints import failpoint
from services.kernel.ids import stream_id
from services.kernel.rows import canonical
from services.kernel.store import Store
from services.kernel.vault import Erased
from services.notify.mail import Aside, Authentic, Doubt, Form, Mail, Provenance, Standing
from services.notify.post_in.form import REFERENCE
from services.notify.post_in.found import Asked, Found, Kind
from services.notify.post_in.reading import Readers
from services.notify.post_in.receiving import occasion
from services.notify.post_in.settings import PostIn
from services.notify.reaching import known_sender
from services.notify.waiting import leave_to_a_person

REFERENCE_SHAPE = re.compile(
    r"(?P<organisation>[a-z0-9][a-z0-9_-]{0,39})"
    r"/(?P<family>[A-Z][A-Z0-9-]{0,30}-[0-9A-Z]{6}-[0-9A-Z])(?:/[1-9]\d{0,3}){2}"
)
"""``lead/LEAD-7K3M9Q-8/1/2``: organisation, family code, pact, proposal. Nothing else is told on:
whoever edited the hidden field may have written anything there."""


def sort(store: Store, settings: PostIn, readers: Readers, mail: UUID) -> None:
    """Read *mail* in a limited child and record what becomes of it; sorted already, nothing."""
    why = occasion(store, "sorting", mail)
    at, raw = store.ask(why, lambda reading: _raw(reading, mail))
    asked = Asked(
        sorted(settings.own), settings.authserv, settings.resolver, settings.authorities, at
    )
    found = readers.read(raw, asked)
    failpoint("between reading and sorting")

    def act(deciding: Deciding) -> None:
        decide(deciding, store, mail, found)
        failpoint("between sorting and said")

    store.decide(why, act)
    failpoint("after sorting")


def give_up(store: Store, mail: UUID) -> None:
    """Leave *mail*, of which not even the trouble is understood, to a person."""
    found = Found(Kind.DOUBT, Doubt.UNREADABLE, "defect")
    why = occasion(store, "giving up", mail)
    store.decide(why, lambda deciding: decide(deciding, store, mail, found))


def decide(deciding: Deciding, store: Store, id: UUID, found: Found) -> None:
    """Record what becomes of mail *id*, of which the child has *found* so much."""
    mail, by, on = deciding.edit(Mail, id), deciding.actor, deciding.today
    if mail.standing is not Standing.RECEIVED:
        return
    if found.kind is Kind.ASIDE:
        regards = UUID(found.regards) if found.regards else None
        mail.set_aside(Aside(found.why), found.code, regards, by=by, on=on)
        return
    provenance = _provenance(deciding, mail, found)
    if found.kind is Kind.DOUBT:
        replies = UUID(found.regards) if found.regards else None
        leave_to_a_person(deciding, mail, Doubt(found.why), found.code, provenance, replies=replies)
        return
    reference = REFERENCE_SHAPE.fullmatch(_reference(found))
    if reference is None:
        leave_to_a_person(deciding, mail, Doubt.REFERENCE_UNREADABLE, None, provenance)
        return
    known = reference["organisation"] in store.programme.organisations
    try:
        subject = stream_id("family", reference["family"])
        values = deciding.seal(subject, "form", canonical({"fields": found.fields}))
    except Erased:
        leave_to_a_person(deciding, mail, Doubt.FAMILY_ERASED, None, provenance)
        return
    form = Form(reference[0], reference["organisation"] if known else "", values)
    doubt = _doubt(provenance, known)
    if doubt is not None:
        leave_to_a_person(deciding, mail, doubt, None, provenance, form)
        return
    mail.take_form(provenance, form, by=by, on=on)


def _doubt(provenance: Provenance, known_organisation: bool) -> Doubt | None:
    """Why a person has to look at a mail with one readable form, or None."""
    if not known_organisation:
        return Doubt.UNKNOWN_ORGANISATION
    if provenance.authentic is Authentic.FAIL:
        return Doubt.NOT_AUTHENTIC
    if provenance.person is None:
        return Doubt.UNKNOWN_SENDER
    return None


def _raw(reading: Deciding, mail: UUID) -> tuple[datetime, bytes]:
    found = reading.get(Mail, mail)
    assert found.raw is not None  # one that was not kept is never to be sorted
    return found.at, reading.open_bytes(found.raw)


def _provenance(deciding: Deciding, mail: Mail, found: Found) -> Provenance:
    head = {
        "from": found.sender,
        "subject": found.subject,
        "attachments": [f"{each.kind} {each.size}" for each in found.attachments],
    }
    return Provenance(
        deciding.seal(mail.id, "mail_head", canonical(head)),
        known_sender(deciding, found.sender) if found.sender else None,
        Authentic(found.authentic),
        found.accepted_at or mail.at,
        found.accepted_at is not None,
    )


def _reference(found: Found) -> str:
    value = (found.fields or {}).get(REFERENCE, "")
    return value.strip() if isinstance(value, str) else ""
