"""Certifying: the ISEE certificates that a family shows, and what is said of the doubtful ones."""

from datetime import date

from services.intake.codes import IseeKind
from services.intake.guidelines import IntakeGuidelines
from services.intake.isee import Assessment, Certificate, valid_until
from services.intake.standing import Standing, VerifierNotNamed
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed


class IssuedLater(Refused):
    """A certificate was issued before it is recorded [5]."""


class NoCertificate(Refused):
    """There is no certificate to assess yet."""


class NotOnAssessment(Refused):
    """The guidelines accept this kind as it is, or not at all; ``on_assessment`` says which [2]."""


class Certifying(Standing):
    """The chapter of the certificates; the newest one counts."""

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class IseeRecorded(Aggregate.Event):
        """A certificate was shown; it supersedes the one before, which stays in the history."""

        TOPIC = "intake.IseeRecorded"
        number: int
        kind: IseeKind
        issued_on: date
        valid_until: date
        omissions: bool
        income_only: bool
        certificate: Sealed
        on: date

        def apply(self, family: Standing) -> None:
            """The newest certificate counts."""
            family.certificates.append(
                Certificate(
                    self.number,
                    self.kind,
                    self.issued_on,
                    self.valid_until,
                    self.omissions,
                    self.certificate,
                )
            )

    class IseeAssessed(Aggregate.Event):
        """Whoever verifies looked at a certificate of a kind that is accepted on assessment.

        Attributes:
            certificate: its number.
            reason: why it is accepted, or not, in words.
            guidelines: number of the version that asks for the assessment.
        """

        TOPIC = "intake.IseeAssessed"
        certificate: int
        accepted: bool
        reason: Sealed
        guidelines: int
        on: date

        def apply(self, family: Standing) -> None:
            """The last assessment of a certificate counts."""
            family.assessments.append(Assessment(self.certificate, self.accepted, self.reason))

    def record_isee(
        self,
        kind: IseeKind,
        issued_on: date,
        omissions: bool,
        income_only: bool,
        certificate: Sealed,
        *,
        on: date,
        by: Actor,
    ) -> None:
        """Record a certificate; its last valid day follows from its kind and is stored [5] [6].

        Args:
            kind: which ISEE.
            issued_on: day of the attestation.
            omissions: INPS marked it with *omissioni o difformità*.
            income_only: of a *corrente*: only the income changed.
            certificate: :func:`isee.certificate_text`, sealed.
            on: civil day of the record.
            by: who records.

        Raises:
            IssuedLater: *issued_on* lies after *on*.
        """
        self.must_be_processable()
        if issued_on > on:
            raise IssuedLater(issued_on=issued_on, on=on)
        self.trigger_event(
            self.IseeRecorded,
            by=by,
            number=len(self.certificates) + 1,
            kind=kind,
            issued_on=issued_on,
            valid_until=valid_until(kind, issued_on, income_only),
            omissions=omissions,
            income_only=income_only,
            certificate=certificate,
            on=on,
        )

    def assess_isee(
        self, accepted: bool, reason: Sealed, guidelines: IntakeGuidelines, *, on: date, by: Actor
    ) -> None:
        """Record whether the newest certificate is accepted, where its kind needs that [2].

        Args:
            accepted: what *by* finds.
            reason: why, in words, sealed.
            guidelines: in force on *on*.
            on: civil day of the assessment.
            by: the named person who verifies.

        Raises:
            VerifierNotNamed: *by* is not a person.
            NoCertificate: none was recorded.
            NotOnAssessment: certificates of its kind are not assessed.
        """
        self.must_be_processable()
        if by.person is None:
            raise VerifierNotNamed()
        if not self.certificates:
            raise NoCertificate(family=self.code)
        newest = self.certificates[-1]
        if newest.kind not in guidelines.isee_kinds_on_assessment:
            raise NotOnAssessment(
                isee_kind=newest.kind, on_assessment=sorted(guidelines.isee_kinds_on_assessment)
            )
        self.trigger_event(
            self.IseeAssessed,
            by=by,
            certificate=newest.number,
            accepted=accepted,
            reason=reason,
            guidelines=guidelines.number,
            on=on,
        )
