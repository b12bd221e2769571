"""One mail that came to the dedicated address, and what became of it.

No address, subject or text stands in an event: they are sealed under the mail's own id. The form is
sealed under the family's.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import UNRECORDED, Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed


class NotWaiting(Refused):
    """Only a mail that waits for a person is settled by one [1]."""


class NoFormToAdmit(Refused):
    """Only a mail with one readable form, of an organisation that takes part, is admitted [1]."""


class Route(StrEnum):
    """How a mail came; values are stored."""

    SMTP = "smtp"
    LMTP = "lmtp"
    IMAP = "imap"


class Aside(StrEnum):
    """Why a mail is recorded and nobody answers it; values are stored."""

    OWN_ADDRESS = "own_address"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    PEC_RECEIPT = "pec_receipt"


class Doubt(StrEnum):
    """Why a mail waits for a person; values are stored."""

    TOO_MUCH = "too_much"
    UNREADABLE = "unreadable"
    NO_FORM = "no_form"
    SEVERAL_FORMS = "several_forms"
    FORM_UNREADABLE = "form_unreadable"
    REFERENCE_UNREADABLE = "reference_unreadable"
    UNKNOWN_ORGANISATION = "unknown_organisation"
    UNKNOWN_SENDER = "unknown_sender"
    NOT_AUTHENTIC = "not_authentic"
    AUTOMATIC_WITH_FORM = "automatic_with_form"
    FAMILY_ERASED = "family_erased"


class Authentic(StrEnum):
    """Whether DKIM, or our provider, vouches for the sender's domain; values are stored."""

    PASS = "pass"
    FAIL = "fail"
    NONE = "none"


class Standing(StrEnum):
    """Where a mail stands."""

    RECEIVED = "received"
    FORM_RECEIVED = "form_received"
    SET_ASIDE = "set_aside"
    WAITING = "waiting"
    SETTLED = "settled"
    ERASED = "erased"


@dataclass(frozen=True)
class Provenance:
    """What a sorted mail says of itself.

    Attributes:
        head: sender, subject and attachments as JSON, sealed under the mail's id; None: unreadable.
        person: whose known address the sender's is.
        sent_at: the instant that counts: our receipt, or the PEC provider's verified acceptance.
        certified: whether *sent_at* is that acceptance.
    """

    head: Sealed | None
    person: UUID | None
    authentic: Authentic
    sent_at: datetime
    certified: bool


@dataclass(frozen=True)
class Form:
    """One form that was read.

    Attributes:
        reference: as printed by who issued it, ``organisation/family/pact/proposal``.
        values: ``{"fields": {name: value}}`` as canonical JSON, sealed under the family's id.
    """

    reference: str
    organisation: str
    values: Sealed

    @property
    def family(self) -> str:
        """The code of the family whose pact it is about."""
        return self.reference.split("/")[1]


def nothing_known(at: datetime) -> Provenance:
    """What is known of a mail that could not be read and came at *at*."""
    return Provenance(None, None, Authentic.NONE, at, certified=False)


def mail_id(message: str, body: str) -> UUID:
    """The stream of the mail with these digests; the same mail again is the same stream."""
    return stream_id("mail", message, body)


class Mail(Aggregate):
    """One mail [1]."""

    TOPIC = "notify.Mail"

    def __init__(self) -> None:
        self.raw: Sealed | None = None
        self.at = UNRECORDED
        self.standing = Standing.RECEIVED
        self.provenance: Provenance | None = None
        self.form: Form | None = None

    # stored: rename a class at will, never its topic

    class Received(Birth):
        """It is kept; only now the sender is told that it was taken.

        Attributes:
            size: bytes.
            message: keyed digest of Message-ID and sender.
            body: keyed digest of everything after the headers.
            raw: the mail as it came; None where it was too large to be kept, and stays in its
                mailbox.
            at: when it reached us, UTC.
        """

        TOPIC = "notify.MailReceived"
        route: Route
        size: int
        message: str
        body: str
        raw: Sealed | None
        at: datetime

        def apply(self, mail: "Mail") -> None:
            mail.raw = self.raw
            mail.at = self.at

    class FormReceived(Aggregate.Event):
        """It brings one form; the organisation that issued it learns of it."""

        TOPIC = "notify.FormReceived"
        provenance: Provenance
        form: Form
        on: date

        def apply(self, mail: "Mail") -> None:
            mail.provenance = self.provenance
            mail.form = self.form
            mail.standing = Standing.FORM_RECEIVED

    class SetAside(Aggregate.Event):
        """It is recorded, and nobody answers it.

        Attributes:
            code: the PEC receipt's kind, or None.
            regards: our notice to which it refers, if it names one.
        """

        TOPIC = "notify.MailSetAside"
        why: Aside
        code: str | None
        regards: UUID | None
        on: date

        def apply(self, mail: "Mail") -> None:
            mail.standing = Standing.SET_ASIDE

    class LeftToAPerson(Aggregate.Event):
        """No rule understands it; it waits until a person has looked.

        Attributes:
            code: what exactly was wrong, or None.
            form: the one form that was read, if it is only the rest that is in doubt.
        """

        TOPIC = "notify.MailLeftToAPerson"
        why: Doubt
        code: str | None
        provenance: Provenance
        form: Form | None
        on: date

        def apply(self, mail: "Mail") -> None:
            mail.provenance = self.provenance
            mail.form = self.form
            mail.standing = Standing.WAITING

    class FormsFound(Aggregate.Event):
        """None of its forms is taken, but it holds forms of these families, by their codes."""

        TOPIC = "notify.MailFormsFound"
        families: tuple[str, ...]

    class Erased(Aggregate.Event):
        """A family was erased whose form it brought: nobody can read it any more."""

        TOPIC = "notify.MailErased"
        on: date

        def apply(self, mail: "Mail") -> None:
            mail.standing = Standing.ERASED

    class Settled(Aggregate.Event):
        """A person has looked and says what was done, in words that are sealed."""

        TOPIC = "notify.MailSettled"
        what: Sealed
        on: date

        def apply(self, mail: "Mail") -> None:
            mail.standing = Standing.SETTLED

    @classmethod
    def receive(
        cls,
        route: Route,
        size: int,
        message: str,
        body: str,
        raw: Sealed | None,
        at: datetime,
        by: Actor,
    ) -> "Mail":
        """The mail that came; its stream can begin only once."""
        return birth(
            cls,
            cls.Received,
            mail_id(message, body),
            by=by,
            route=route,
            size=size,
            message=message,
            body=body,
            raw=raw,
            at=at,
        )

    def take_form(self, provenance: Provenance, form: Form, by: Actor, on: date) -> None:
        """Record its form; sorted already, nothing is added."""
        if self.standing is Standing.RECEIVED:
            self.trigger_event(self.FormReceived, by=by, provenance=provenance, form=form, on=on)

    def set_aside(
        self, why: Aside, code: str | None, regards: UUID | None, by: Actor, on: date
    ) -> None:
        """Record that nobody answers it; sorted already, nothing is added."""
        if self.standing is Standing.RECEIVED:
            self.trigger_event(self.SetAside, by=by, why=why, code=code, regards=regards, on=on)

    def leave(
        self,
        why: Doubt,
        code: str | None,
        provenance: Provenance,
        form: Form | None,
        by: Actor,
        on: date,
    ) -> None:
        """Record that a person has to look; sorted already, nothing is added."""
        if self.standing is Standing.RECEIVED:
            self.trigger_event(
                self.LeftToAPerson,
                by=by,
                why=why,
                code=code,
                provenance=provenance,
                form=form,
                on=on,
            )

    def find_forms(self, families: tuple[str, ...], by: Actor) -> None:
        """Remember whose forms it holds; of nobody, or sorted already, nothing is added."""
        if self.standing is Standing.RECEIVED and families:
            self.trigger_event(self.FormsFound, by=by, families=families)

    def erase(self, by: Actor, on: date) -> None:
        """Remember, once, that it was erased; who calls destroys what the vault holds."""
        if self.standing is not Standing.ERASED:
            self.trigger_event(self.Erased, by=by, on=on)

    def admit(self, person: UUID, by: Actor, on: date) -> None:
        """Take its form as sent by *person*, who vouched for it to the one who decides here.

        Raises:
            NotWaiting: nobody has to look at it.
            NoFormToAdmit: it has no form, or one that names nobody who takes part.
        """
        self._must_wait()
        if self.form is None or self.provenance is None or not self.form.organisation:
            raise NoFormToAdmit(mail=self.id)
        provenance = replace(self.provenance, person=person)
        self.trigger_event(self.FormReceived, by=by, provenance=provenance, form=self.form, on=on)

    def settle(self, what: Sealed, by: Actor, on: date) -> None:
        """Record what a person did about it.

        Raises:
            NotWaiting: nobody has to look at it.
        """
        self._must_wait()
        self.trigger_event(self.Settled, by=by, what=what, on=on)

    def _must_wait(self) -> None:
        if self.standing is not Standing.WAITING:
            raise NotWaiting(mail=self.id, standing=self.standing)
