"""What follows from what a mail is: a form goes to who issued it; what is in doubt waits."""

import re
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.kernel import tracing
from services.kernel.deciding import Deciding
from services.kernel.failpoints import failpoint
from services.kernel.ids import stream_id
from services.kernel.rows import canonical
from services.kernel.store import Store
from services.notify.forgetting import erased_of, forget_mail
from services.notify.mail import Aside, Authentic, Doubt, Form, Mail, Provenance, Standing
from services.notify.post_in.found import Asked, Found, Kind
from services.notify.post_in.reading import Readers
from services.notify.post_in.receiving import occasion
from services.notify.post_in.settings import PostIn
from services.notify.reaching import known_sender
from services.notify.waiting import answer_that_it_was_erased, leave_to_a_person

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

    tracing.decide(store, "sort a mail", why, act)
    failpoint("after sorting")


def give_up(store: Store, mail: UUID) -> None:
    """Leave *mail*, of which not even the trouble is understood, to a person."""
    found = Found(Kind.DOUBT, Doubt.UNREADABLE, "defect")
    why = occasion(store, "giving up", mail)
    tracing.decide(store, "sort a mail", why, lambda deciding: decide(deciding, store, mail, found))


def decide(deciding: Deciding, store: Store, id: UUID, found: Found) -> None:
    """Record what becomes of mail *id*, of which the child has *found* so much."""
    mail = deciding.edit(Mail, id)
    if mail.standing is not Standing.RECEIVED:
        return
    named = list(filter(None, map(REFERENCE_SHAPE.fullmatch, found.references)))
    families = tuple(dict.fromkeys(each["family"] for each in named))
    erased = erased_of(deciding, families) if families else None
    if erased is not None:
        _forget(deciding, mail, found, erased)
    elif found.kind is not Kind.FORM:
        mail.find_forms(families, by=deciding.actor)
        _no_form(deciding, mail, found)
    elif not named:
        provenance = _provenance(deciding, mail, found)
        leave_to_a_person(deciding, mail, Doubt.REFERENCE_UNREADABLE, None, provenance)
    else:
        _form(deciding, store, mail, found, named[0])


def _no_form(deciding: Deciding, mail: Mail, found: Found) -> None:
    if found.kind is Kind.ASIDE:
        _set_aside(deciding, mail, found)
        return
    provenance = _provenance(deciding, mail, found)
    replies = UUID(found.regards) if found.regards else None
    leave_to_a_person(deciding, mail, Doubt(found.why), found.code, provenance, replies=replies)


def _set_aside(deciding: Deciding, mail: Mail, found: Found) -> None:
    regards = UUID(found.regards) if found.regards else None
    by, on = deciding.actor, deciding.today
    mail.set_aside(Aside(found.why), found.code, regards, by=by, on=on)


def _form(
    deciding: Deciding, store: Store, mail: Mail, found: Found, reference: re.Match[str]
) -> None:
    provenance = _provenance(deciding, mail, found)
    known = reference["organisation"] in store.programme.organisations
    subject = stream_id("family", reference["family"])
    values = deciding.seal(subject, "form", canonical({"fields": found.fields}))
    form = Form(reference[0], reference["organisation"] if known else "", values)
    doubt = _doubt(provenance, known)
    if doubt is not None:
        leave_to_a_person(deciding, mail, doubt, None, provenance, form)
        return
    mail.take_form(provenance, form, by=deciding.actor, on=deciding.today)


def _forget(deciding: Deciding, mail: Mail, found: Found, family: str) -> None:
    """Destroy *mail*: it holds a form of *family*, which was erased."""
    if found.kind is Kind.ASIDE:
        _set_aside(deciding, mail, found)
    else:
        provenance = replace(_provenance(deciding, mail, found), head=None)
        by, on = deciding.actor, deciding.today
        mail.leave(Doubt.FAMILY_ERASED, None, provenance, None, by=by, on=on)
        if found.why != Doubt.AUTOMATIC_WITH_FORM:
            answer_that_it_was_erased(deciding, mail, provenance, family)
    forget_mail(deciding, mail)


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
