"""Signing: the family and the lead sign, decline, or let the pact lapse; then it becomes active."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.along import TieKind
from services.pacts.content import DeclineReason, Party, Progress
from services.pacts.guidelines import Terms
from services.pacts.life import AWAITING_SIGNATURE, State
from services.pacts.proximity import Proximity
from services.pacts.refusals import (
    AlreadySigned,
    MinorNotHeard,
    NobodySigns,
    NotAParty,
    NotYetLapsed,
    OutsideThePeriod,
    SignatureLate,
)
from services.pacts.standing import Standing


class Signing(Proximity):
    """The chapter between the approval and the first day of the active pact."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class Signed(Aggregate.Event):
        """One of the parties signed."""

        TOPIC = "pacts.Signed"
        person: UUID
        party: Party
        on: date

        def apply(self, pact: Standing) -> None:
            pact.signed[self.person] = self.on

    class SignedByAll(Aggregate.Event):
        """The last signature was given."""

        TOPIC = "pacts.SignedByAll"
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.SIGNED

    class Declined(Aggregate.Event):
        """The family does not want this pact; that is never held against it [2]."""

        TOPIC = "pacts.Declined"
        reason: DeclineReason
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.DECLINED
            pact.ended_on, pact.ended_because = self.on, self.reason

    class Lapsed(Aggregate.Event):
        """Not everybody signed until *sign_by*; that is never held against the family [2]."""

        TOPIC = "pacts.Lapsed"
        sign_by: date
        on: date

        def apply(self, pact: Standing) -> None:
            pact.state = State.LAPSED
            pact.ended_on = self.on

    class Activated(Aggregate.Event):
        """The pact runs; its first verification is due by *verify_by*."""

        TOPIC = "pacts.Activated"
        on: date
        verify_by: date
        guidelines: int

        def apply(self, pact: Standing) -> None:
            pact.state = State.ACTIVE
            pact.active_from, pact.verify_by = self.on, self.verify_by
            pact.progress = dict.fromkeys(pact.actions, Progress.PLANNED)

    def sign(self, person: UUID, by: Actor, on: date) -> None:
        """Record the signature of *person*; the last one makes the pact signed.

        Args:
            person: a signatory of the family, or the lead of the microequipe.
            by: of the microequipe; who holds the signed paper.
            on: day of the signature, Europe/Rome.

        Raises:
            SignatureLate: the last day for signing has passed.
            AlreadySigned: *person* has signed.
            NotAParty: *person* is neither a signatory nor the lead.
            NobodySigns: those who commit are all minors for whom nobody signs.
            MinorNotHeard: it would be the last signature, and minors were not heard.
        """
        self._may("sign", by)
        if self.sign_by is not None and on > self.sign_by:
            raise SignatureLate(sign_by=self.sign_by)
        if person in self.signed:
            raise AlreadySigned(person=person)
        if person not in self.awaited:
            raise NotAParty(person=person)
        if not self.signers:
            raise NobodySigns(signatories=list(self.signatories))
        if self.awaited == (person,) and self.to_be_heard:
            raise MinorNotHeard(persons=list(self.to_be_heard))
        party = Party.LEAD if person == self.microequipe.lead else Party.FAMILY
        self.trigger_event(self.Signed, by=by, person=person, party=party, on=on)
        if not self.awaited:
            self.trigger_event(self.SignedByAll, by=by, on=on)

    def decline(self, reason: DeclineReason, by: Actor, on: date) -> None:
        """Record that the family does not want this pact."""
        self._may("decline", by)
        self.trigger_event(self.Declined, by=by, reason=reason, on=on)

    def lapse(self, by: Actor, on: date) -> None:
        """End a pact that was not signed in time.

        Raises:
            NotYetLapsed: *on* is not after the last day for signing.
        """
        self._may("lapse", by)
        if not self.lapses(on):
            raise NotYetLapsed(sign_by=self.sign_by)
        self.trigger_event(self.Lapsed, by=by, sign_by=self.sign_by, on=on)

    def lapses(self, day: date) -> bool:
        """Whether the pact awaits signatures whose last day is before *day*."""
        awaiting = self.state in AWAITING_SIGNATURE
        return awaiting and self.sign_by is not None and day > self.sign_by

    def activate(
        self, terms: Terms, by: Actor, on: date, *, ties: Mapping[TieKind, int] | None = None
    ) -> None:
        """Let the signed pact run from *on*; the first verification is due after some months.

        Args:
            terms: in force today.
            by: the lead of the microequipe.
            on: today, Europe/Rome.
            ties: how many the family has, by kind, one left out being none: the baseline of the
                verifications; None if not counted.

        Raises:
            OutsideThePeriod: *on* is before the pact's first day or after its last.
        """
        self._may("activate", by)
        if self.starts is None or self.ends is None or not self.starts <= on <= self.ends:
            raise OutsideThePeriod(starts=self.starts, ends=self.ends)
        self.trigger_event(
            self.Activated,
            by=by,
            on=on,
            verify_by=terms.verify_by(on),
            guidelines=terms.number,
        )
        if ties is not None:
            self._count_ties(ties, 0, by, on)
