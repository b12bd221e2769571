"""What notify tells other services: the forms that came by mail. People are told by letters."""

from services.kernel.mapper import plain
from services.kernel.sealed import Sealed
from services.kernel.words import Body, Publish, Published
from services.notify.mail import Mail


def _form_received(event: Mail.FormReceived, mail: Mail) -> Body:
    provenance, form = event.provenance, event.form
    return {
        "mail": str(mail.id),
        "reference": form.reference,
        "sent_at": plain(provenance.sent_at),
        "received_at": plain(mail.at),
        "sender": str(provenance.person) if provenance.person else None,
        "form": {"ref": str(form.values.ref), "commitment": form.values.commitment},
    }


def _issuer(event: Mail.FormReceived, mail: Mail) -> tuple[str, ...]:
    """Who issued the form, and nobody else."""
    return (event.form.organisation,)


def _values(event: Mail.FormReceived, mail: Mail) -> tuple[Sealed, ...]:
    return (event.form.values,)


PUBLISHED: Published = {
    Mail.FormReceived: Publish({"form_received.v1": _form_received}, to=_issuer, parts=_values),
}
