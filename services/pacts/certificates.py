"""Certificates: until when a family's ISEE is valid, as intake said; what that asks of a pact."""

from datetime import date, timedelta
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.pacts.guidelines import Terms
from services.pacts.life import UNDER_WAY
from services.pacts.standing import Standing


def certificates_id(family: str) -> UUID:
    """The stream of the certificates of *family*."""
    return stream_id("isee certificates", family)


class Certificates(Aggregate):
    """The ISEE certificates of a family by their number: the last day of each, no amount.

    Attributes:
        relied_until: last day on which the committee may approve on the one that the last
            verification relied on; None if there was none, or before that was told.
    """

    TOPIC = "pacts.Certificates"

    def __init__(self) -> None:
        self.valid_until: dict[int, date] = {}
        self.relied_until: date | None = None

    # Stored, for ever: topics and field names.

    class Opened(Birth):
        """The family's first certificate was heard of."""

        TOPIC = "pacts.CertificatesOpened"
        family: str

    class Heard(Aggregate.Event):
        """The certificate *number* is valid until this day, included."""

        TOPIC = "pacts.CertificateHeard"
        number: int
        valid_until: date
        on: date

        def apply(self, certificates: "Certificates") -> None:
            certificates.valid_until[self.number] = self.valid_until

    class ReliedOn(Aggregate.Event):
        """A verification relied on one on which the committee may approve until this day."""

        TOPIC = "pacts.CertificateReliedOn"
        until: date
        on: date

        def apply(self, certificates: "Certificates") -> None:
            certificates.relied_until = self.until

    @classmethod
    def opened(cls, family: str, by: Actor) -> "Certificates":
        """The stream of *family*, empty."""
        return birth(cls, cls.Opened, certificates_id(family), by=by, family=family)

    def hear(self, number: int, valid_until: date, by: Actor, on: date) -> None:
        """Remember a certificate, once."""
        if number not in self.valid_until:
            self.trigger_event(self.Heard, by=by, number=number, valid_until=valid_until, on=on)

    def rely(self, until: date, by: Actor, on: date) -> None:
        """Remember until when the committee may approve; what is known adds nothing."""
        if until != self.relied_until:
            self.trigger_event(self.ReliedOn, by=by, until=until, on=on)

    @property
    def newest(self) -> tuple[int, date]:
        """Number and last day of the one that counts."""
        return max(self.valid_until.items())


class Certified(Standing):
    """The chapter of a pact under way whose family's ISEE runs out; that never ends it."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class CertificateExpiring(Aggregate.Event):
        """The family's newest certificate has some days left."""

        TOPIC = "pacts.CertificateExpiring"
        family: str
        certificate: int
        valid_until: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.expiring_noted = self.certificate

    class CertificateExpired(Aggregate.Event):
        """The family's newest certificate is no longer valid: a matter for the verification."""

        TOPIC = "pacts.CertificateExpired"
        family: str
        certificate: int
        valid_until: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.expired_noted = self.certificate

    def note_certificate(
        self, number: int, valid_until: date, terms: Terms, by: Actor, on: date
    ) -> None:
        """Note, once each, that the newest certificate expires soon, and that it has expired.

        Args:
            number: of the certificate.
            valid_until: its last day.
            terms: in force today.
            by: the service.
            on: today, Europe/Rome.
        """
        if self.state not in UNDER_WAY or self.texts_erased_on is not None:
            return
        facts = {"by": by, "family": self.family, "certificate": number}
        reminded = valid_until - timedelta(days=terms.isee_reminder_days)
        if on > valid_until:
            if self.expired_noted < number:
                self.trigger_event(self.CertificateExpired, **facts, valid_until=valid_until, on=on)
        elif on >= reminded and self.expiring_noted < number:
            self.trigger_event(self.CertificateExpiring, **facts, valid_until=valid_until, on=on)


def relied_until(known: Certificates | None) -> date | None:
    """The last day on which the committee may approve, as far as a family's stream tells."""
    return None if known is None else known.relied_until
