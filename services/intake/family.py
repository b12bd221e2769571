"""The family: referred, informed, described and verified.

What its chapters share is in ``standing.py``; what other organisations were asked about it is in
``asking.py``, the changes of its household are in ``changing.py``,
its certificates in ``certifying.py``, where it is sent before a verification in ``directing.py``,
its legal holds in ``holding.py``, its joining with another family in ``joining.py``, its mark in
``safe_contact.py``, what the calendar finds in ``waiting.py``.
No name, date of birth, amount or note is an event field: they are sealed, and the decision about
eligibility gets them opened.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from services.intake.asking import Asking
from services.intake.certifying import Certifying
from services.intake.changing import Changing
from services.intake.codes import (
    MAY_VERIFY,
    AccessPoint,
    CapacityKind,
    Direction,
    Element,
    ErasureReason,
    NoticeState,
    Outcome,
)
from services.intake.days import months_after, must_have_come
from services.intake.directing import Directing
from services.intake.eligibility import (
    Criterion,
    Decision,
    Evidence,
    Missing,
    decide,
    failed,
)
from services.intake.family_code import family_id, read_code
from services.intake.guidelines import IntakeGuidelines
from services.intake.holding import Holding
from services.intake.household import Departure, HouseholdFacts, Record
from services.intake.isee import tolerated_until
from services.intake.joining import Joining
from services.intake.referral import Lacking
from services.intake.safe_contact import SafeContact
from services.intake.standing import NoSuchMember, Standing, VerifierNotNamed
from services.intake.waiting import Waiting
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed

NOTICE_MONTHS = 1
"""Months within which a notice that is owed must reach the family [8]."""


class NoticeAlreadyRecorded(Refused):
    """A notice is owed until it is given, and given once [8]."""


class AccessPointMayNotVerify(Refused):
    """Only CDA, servizi sociali and piattaforma verify eligibility; ``may_verify`` says so [1]."""


class DirectedNowhere(Refused):
    """A family that is not eligible is directed elsewhere; ``failed`` says why it is not [2]."""


class NoSuchVerification(Refused):
    """The family has no verification of that number."""


class NotEligible(Refused):
    """A microequipe is formed only for a family whose last verification found it eligible [3].

    ``outcome`` is that of the last verification, or null if there was none.
    """


class Family(Asking, Changing, Certifying, Directing, Holding, Joining, SafeContact, Waiting):
    """A family taken in charge, known to all others by its code."""

    TOPIC = "intake.Family"

    def __init__(self) -> None:
        Standing.__init__(self)
        self.vulnerabilities: list[Family.VulnerabilityRecorded] = []
        self.capacities: list[Family.CapacityRecorded] = []
        self.verifications: list[Family.EligibilityVerified] = []

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class Referred(Birth):
        """An access point intercepted the family on ``on``; ``lacking`` is what it did not tell."""

        TOPIC = "intake.FamilyReferred"
        code: str
        access_point: AccessPoint
        referral: Sealed
        lacking: tuple[Lacking, ...]
        on: date

        def apply(self, family: "Family") -> None:
            """The family has a code."""
            family.code = self.code
            family.access_point = self.access_point
            family.referred_on = self.on
            family.referral, family.lacking = self.referral, self.lacking

    class ReferralCompleted(Aggregate.Event):
        """The access point told more; ``referral`` replaces what was told before."""

        TOPIC = "intake.ReferralCompleted"
        referral: Sealed
        lacking: tuple[Lacking, ...]
        on: date

        def apply(self, family: "Family") -> None:
            """The newest referral counts."""
            family.referral, family.lacking = self.referral, self.lacking

    class InformationNoticeRecorded(Aggregate.Event):
        """The family was given the notice, or is owed it until ``due``, last day included."""

        TOPIC = "intake.InformationNoticeRecorded"
        state: NoticeState
        due: date | None
        on: date

        def apply(self, family: "Family") -> None:
            """The family may be processed."""
            family.notice, family.notice_due = self.state, self.due

    class HouseholdRecorded(Aggregate.Event):
        """The household as it is on ``on``; the record before stays in the history."""

        TOPIC = "intake.HouseholdRecorded"
        members: tuple[int, ...]
        household: Sealed
        on: date

        def apply(self, family: "Family") -> None:
            """The newest record counts."""
            family.members = self.members
            family.numbered = max(family.numbered, *self.members)
            family.records.append(Record(self.members, self.household, self.on))

    class VulnerabilityRecorded(Aggregate.Event):
        """One of the other elements of vulnerability, with a note."""

        TOPIC = "intake.VulnerabilityRecorded"
        element: Element
        note: Sealed
        on: date

        def apply(self, family: "Family") -> None:
            """One more note; see :attr:`Family.other_elements`."""
            family.vulnerabilities.append(self)

    class CapacityRecorded(Aggregate.Event):
        """What somebody of the family can do and bring; ``member`` is None for the whole family."""

        TOPIC = "intake.CapacityRecorded"
        number: int
        kind: CapacityKind
        member: int | None
        capacity: Sealed
        on: date

        def apply(self, family: "Family") -> None:
            """One more."""
            family.capacities.append(self)

    class EligibilityVerified(Aggregate.Event):
        """A person verified the family; every criterion is told, met or not.

        ``household`` and ``certificate`` are the numbers of the records that it looked at,
        ``household_changes`` how many changes of the household were known by then,
        ``assessed`` what was said of that certificate by then; ``missing`` is the evidence without
        which it cannot be decided. If the certificate is relied on, ``isee_tolerated_until`` is the
        last day on which the committee may still do so.
        """

        TOPIC = "intake.EligibilityVerified"
        class_version = 2
        number: int
        outcome: Outcome
        criteria: tuple[Criterion, ...]
        missing: tuple[Missing, ...]
        directed_to: Direction | None
        guidelines: int
        at: AccessPoint
        household: int | None
        household_changes: int
        certificate: int | None
        assessed: bool | None
        other_elements: int
        isee_tolerated_until: date | None
        on: date

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 no household changed, no certificate was assessed or tolerated."""
            state["household_changes"] = 0
            state["assessed"] = None
            state["isee_tolerated_until"] = None

        def apply(self, family: "Family") -> None:
            """The verification before stays; this one counts."""
            family.verified = True
            eligible = self.outcome is Outcome.ELIGIBLE
            family.eligible_since = (family.eligible_since or self.on) if eligible else None
            family.verifications.append(self)

    class Erased(Aggregate.Event):
        """The family's personal data is destroyed; this history stays.

        Attributes:
            shared: whether the lead may hold something about it, too: it had a microequipe, and
                with it a pact that may have been proposed to the committee.
        """

        TOPIC = "intake.FamilyErased"
        class_version = 2
        because: ErasureReason
        shared: bool
        on: date

        def apply(self, family: "Family") -> None:
            """Nothing more is recorded."""
            family.erased_on = self.on

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 nobody was told of an erasure, and this was not looked at."""
            state["shared"] = True

    @classmethod
    def refer(
        cls,
        code: str,
        access_point: AccessPoint,
        referral: Sealed,
        lacking: tuple[Lacking, ...],
        *,
        on: date,
        today: date,
        by: Actor,
    ) -> "Family":
        """A family that *access_point* intercepted on *on*; the referral may be incomplete [1] [2].

        Raises:
            WrongFamilyCode: *code* is not a family code.
            DayToCome: *on* lies after *today*.
        """
        code = read_code(code)
        must_have_come(on, today)
        return birth(
            cls,
            cls.Referred,
            family_id(code),
            by=by,
            code=code,
            access_point=access_point,
            referral=referral,
            lacking=lacking,
            on=on,
        )

    def complete_referral(
        self, referral: Sealed, lacking: tuple[Lacking, ...], *, on: date, by: Actor
    ) -> None:
        """Record what the access point told since."""
        self.must_be_processable()
        self.trigger_event(self.ReferralCompleted, by=by, referral=referral, lacking=lacking, on=on)

    def record_information_notice(
        self, state: NoticeState, *, on: date, today: date, by: Actor
    ) -> None:
        """Record that the notice was given on *on*, or that it is owed from then [2] [8].

        Raises:
            DayToCome: *on* lies after *today*.
            NoticeAlreadyRecorded: it was given before, or is owed already.
        """
        self.must_not_be_erased()
        must_have_come(on, today)
        if NoticeState.GIVEN is self.notice or state is self.notice:
            raise NoticeAlreadyRecorded(state=self.notice)
        due = months_after(on, NOTICE_MONTHS) if state is NoticeState.OWED else None
        self.trigger_event(self.InformationNoticeRecorded, by=by, state=state, due=due, on=on)

    def record_household(
        self, members: tuple[int, ...], household: Sealed, *, on: date, by: Actor
    ) -> None:
        """Record who lives together; one person is a household too [2].

        Args:
            members: their numbers, as in the sealed household.
            household: :meth:`HouseholdFacts.text`, sealed.
            on: civil day on which the household was as told.
            by: who records.
        """
        self.must_be_processable()
        self.trigger_event(
            self.HouseholdRecorded, by=by, members=members, household=household, on=on
        )

    def record_vulnerability(self, element: Element, note: Sealed, *, on: date, by: Actor) -> None:
        """Record another element of vulnerability; a named one again renews its note [1] [2]."""
        self.must_be_processable()
        self.trigger_event(self.VulnerabilityRecorded, by=by, element=element, note=note, on=on)

    def record_capacity(
        self, kind: CapacityKind, member: int | None, capacity: Sealed, *, on: date, by: Actor
    ) -> None:
        """Record what a member (or the family, None) can do and bring [1].

        Raises:
            NoSuchMember: *member* is not in the household.
        """
        self.must_be_processable()
        if member is not None and member not in self.members:
            raise NoSuchMember(family=self.code, number=member)
        self.trigger_event(
            self.CapacityRecorded,
            by=by,
            number=len(self.capacities) + 1,
            kind=kind,
            member=member,
            capacity=capacity,
            on=on,
        )

    def evidence(self, open: Callable[[Sealed], str]) -> Evidence:
        """What a verification today would look at.

        Raises:
            FamilyErased: there is nothing to open any more.
        """
        certificate = len(self.certificates) or None
        return self._evidence(
            open,
            self.household(open),
            certificate,
            self.assessed(certificate),
            self.other_elements,
        )

    def household(
        self,
        open: Callable[[Sealed], str],
        record: int | None = None,
        changes: int | None = None,
    ) -> HouseholdFacts | None:
        """The household as it is known, opened; None if it was not told, or nobody is left.

        Args:
            open: opens what was sealed.
            record: number of the record that counts; the last one if none is said.
            changes: how many changes were known; all if none is said.
        """
        self.must_not_be_erased()
        record = record or len(self.records)
        if not record:
            return None
        told = HouseholdFacts.read(open(self.records[record - 1].sealed))
        members = {member.number: member for member in told.members}
        for change in self.changes[:changes]:
            if change.records < record:
                continue
            if isinstance(change, Departure):
                members = {n: each for n, each in members.items() if n not in change.numbers}
            else:
                (members[change.number],) = HouseholdFacts.read(open(change.member)).members
        return HouseholdFacts(tuple(members.values())) if members else None

    def verify_eligibility(
        self,
        at: AccessPoint,
        evidence: Evidence,
        guidelines: IntakeGuidelines,
        directed_to: Direction | None,
        *,
        on: date,
        by: Actor,
    ) -> None:
        """Decide whether the family may enter; every criterion is told, met or not [2].

        Args:
            at: the access point where it is verified.
            evidence: of :meth:`evidence`, opened.
            guidelines: in force on *on*.
            directed_to: where the family is sent if it is not eligible; not kept otherwise.
            on: civil day of the decision.
            by: the named person who verifies.

        Raises:
            AccessPointMayNotVerify: *at* may refer but not verify.
            VerifierNotNamed: *by* is not a person.
            DirectedNowhere: the family is not eligible and *directed_to* is None.
        """
        self.must_be_processable()
        if at not in MAY_VERIFY:
            raise AccessPointMayNotVerify(access_point=at, may_verify=MAY_VERIFY)
        if by.person is None:
            raise VerifierNotNamed()
        decision = decide(evidence, guidelines, on)
        rejected = decision.outcome is Outcome.NOT_ELIGIBLE
        if rejected and directed_to is None:
            raise DirectedNowhere(failed=failed(decision.criteria))
        self.trigger_event(
            self.EligibilityVerified,
            by=by,
            number=len(self.verifications) + 1,
            outcome=decision.outcome,
            criteria=decision.criteria,
            missing=decision.missing,
            directed_to=directed_to if rejected else None,
            guidelines=guidelines.number,
            at=at,
            household=len(self.records) or None,
            household_changes=len(self.changes),
            certificate=len(self.certificates) or None,
            assessed=None if evidence.isee is None else evidence.isee.assessed,
            other_elements=evidence.other_elements,
            isee_tolerated_until=(
                tolerated_until(
                    evidence.isee.issued_on,
                    evidence.isee.valid_until,
                    guidelines.isee_tolerated_until,
                )
                if evidence.isee is not None and decision.isee_is_relied_on
                else None
            ),
            on=on,
        )

    def assess(
        self, open: Callable[[Sealed], str], guidelines: IntakeGuidelines, day: date
    ) -> Decision:
        """What a verification on *day* would decide, explained; nothing is decided.

        Raises:
            NoticeNotRecorded: not even a look is allowed yet.
            FamilyErased: there is nothing to look at any more.
        """
        self.must_be_processable()
        return decide(self.evidence(open), guidelines, day)

    def recompute(
        self, number: int, open: Callable[[Sealed], str], guidelines: IntakeGuidelines
    ) -> Decision:
        """Verification *number* decided again from what it looked at, explained [2].

        Args:
            number: of the verification, from 1.
            open: opens what was sealed.
            guidelines: the version that the verification names.

        Raises:
            NoSuchVerification: there is none of that number.
            FamilyErased: *non ricalcolabile: dati cancellati*.
        """
        verification = self.verification(number)
        evidence = self._evidence(
            open,
            (
                None
                if verification.household is None
                else self.household(open, verification.household, verification.household_changes)
            ),
            verification.certificate,
            verification.assessed,
            verification.other_elements,
        )
        return decide(evidence, guidelines, verification.on)

    def erase(self, because: ErasureReason, shared: bool, *, on: date, by: Actor) -> None:
        """Close the family for good; whoever calls destroys its vault entries with it [4].

        Args:
            because: why.
            shared: whether it ever had a microequipe.
            on: civil day.
            by: who erases.

        Raises:
            FamilyErased: it was erased before.
            HeldByLaw: a legal hold stands.
        """
        self.must_not_be_erased()
        self.must_not_be_held()
        self.trigger_event(self.Erased, by=by, because=because, shared=shared, on=on)

    @property
    def other_elements(self) -> int:
        """How many are recorded: a named element counts once, each free one by itself [1]."""
        elements = [recorded.element for recorded in self.vulnerabilities]
        return len(set(elements) - {Element.OTHER}) + elements.count(Element.OTHER)

    @property
    def outcome(self) -> Outcome | None:
        """Of the last verification."""
        return self.verifications[-1].outcome if self.verifications else None

    def verification(self, number: int) -> EligibilityVerified:
        """Verification *number*, from 1.

        Raises:
            NoSuchVerification: there is none of that number.
        """
        if not 1 <= number <= len(self.verifications):
            raise NoSuchVerification(family=self.code, number=number)
        return self.verifications[number - 1]

    def is_followed(self, has_microequipe: bool) -> bool:
        """Whether somebody here goes with the family, or may still come to do so [2].

        Not a family that was erased or joined into another; nor, while it has no microequipe, one
        that was found not eligible or was sent elsewhere before anybody verified it.
        """
        if not self.is_followed_here:
            return False
        sent_away = self.directed_elsewhere is not None and not self.verified
        return has_microequipe or not (sent_away or self.outcome is Outcome.NOT_ELIGIBLE)

    def must_be_eligible(self) -> None:
        """Refuse unless the last verification found the family eligible [3].

        Raises:
            FamilyErased: the family was erased.
            JoinedIntoAnother: it is followed under another code.
            NotEligible: it was not verified, or with another outcome.
        """
        self.must_be_followed_here()
        if self.outcome is not Outcome.ELIGIBLE:
            raise NotEligible(family=self.code, outcome=self.outcome)

    def _evidence(
        self,
        open: Callable[[Sealed], str],
        household: HouseholdFacts | None,
        certificate: int | None,
        assessed: bool | None,
        other_elements: int,
    ) -> Evidence:
        self.must_not_be_erased()
        shown = None if certificate is None else self.certificates[certificate - 1]
        return Evidence(
            household=household,
            isee=None if shown is None else shown.opened(open(shown.sealed), assessed),
            other_elements=other_elements,
        )
