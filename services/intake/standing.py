"""What a family is at any moment, and whether something may be recorded; all chapters share it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.intake.codes import AccessPoint, Direction, Elsewhere, LegalHold, NoticeState
from services.intake.household import Arrival, Departure, Record
from services.intake.isee import Assessment, Certificate
from services.intake.referral import Lacking
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed


class FamilyErased(Refused):
    """The family's personal data was erased for good: nothing is recorded or recomputed [4]."""


class JoinedIntoAnother(Refused):
    """The family is followed under another code, ``into``; what is new is recorded there [2]."""


class NoticeNotRecorded(Refused):
    """Nothing is processed before the information notice is recorded, given or owed [2] [8]."""


class NoSuchMember(Refused):
    """The household, as it is known, has no member of that number."""


class VerifierNotNamed(Refused):
    """A named person verifies eligibility, never a service by itself [2]."""


@dataclass(frozen=True)
class Asked:
    """What another organisation was asked about the family, and its answer, once there is one."""

    asking: UUID
    organisation: str
    by: UUID
    on: date
    answer: Elsewhere | None = None


class Standing(Aggregate):
    """The state of a family that more than one chapter looks at, without its events.

    Attributes:
        records: the households that were told at once; ``changes`` what was told of them since.
        members: numbers of who is in the household, as it is known.
        numbered: highest number that a member ever had.
        joined_into: code under which the family is followed instead, if it was referred twice.
        origin: code of the family that it was part of before a split, if any.
        safe_contact_how: how the family may be reached while ``safe_contact`` is marked.
        directed_elsewhere: where it was sent before it was verified.
        verified: whether anybody verified it.
        eligible_since: first day of the verifications that, up to the last one, found it eligible.
        dormant_since: the day since which it waited when that was noted.
        notice_overdue: that the information notice came too late, or not, was noted.
        holds: why its data must be kept for now.
        assessments: of certificates whose kind is accepted on assessment only, in order.
        asked: what other organisations were asked about it, in order.
    """

    def __init__(self) -> None:
        self.code = ""
        self.access_point = AccessPoint.CDA
        self.referred_on = date.min
        self.referral = Sealed(UUID(int=0), "")
        self.lacking: tuple[Lacking, ...] = ()
        self.notice: NoticeState | None = None
        self.notice_due: date | None = None
        self.records: list[Record] = []
        self.changes: list[Arrival | Departure] = []
        self.members: tuple[int, ...] = ()
        self.numbered = 0
        self.joined_into: str | None = None
        self.origin: str | None = None
        self.safe_contact = False
        self.safe_contact_how: Sealed | None = None
        self.certificates: list[Certificate] = []
        self.assessments: list[Assessment] = []
        self.directed_elsewhere: Direction | None = None
        self.verified = False
        self.eligible_since: date | None = None
        self.dormant_since: date | None = None
        self.notice_overdue = False
        self.holds: tuple[LegalHold, ...] = ()
        self.asked: list[Asked] = []
        self.erased_on: date | None = None

    @property
    def next_number(self) -> int:
        """The number of the next member who comes; none is used again."""
        return self.numbered + 1

    def leave(self, departure: Departure) -> None:
        """Let those members be of the household no more: the effect of facts, never a decision."""
        self.changes.append(departure)
        self.members = tuple(each for each in self.members if each not in departure.numbers)

    def members_on(self, day: date) -> tuple[int, ...]:
        """Numbers of who was of the household on *day*, by all that is known now.

        The last record of *day* or before, with the changes that were told since and had come by
        then; none before the first record.
        """
        known = [number for number, each in enumerate(self.records, start=1) if each.on <= day]
        if not known:
            return ()
        numbers = self.records[known[-1] - 1].numbers
        for change in self.changes_since(known[-1]):
            if change.on <= day:
                numbers = _changed(numbers, change)
        return numbers

    def changes_since(self, record: int) -> list[Arrival | Departure]:
        """What was told after that record of the household."""
        return [change for change in self.changes if change.records >= record]

    def assessed(self, certificate: int | None) -> bool | None:
        """What was said last of the certificate of that number; None if nothing was."""
        said = [each.accepted for each in self.assessments if each.certificate == certificate]
        return said[-1] if said else None

    def must_not_be_erased(self) -> None:
        """Refuse if the family's personal data is gone [4].

        Raises:
            FamilyErased: it is.
        """
        if self.erased_on is not None:
            raise FamilyErased(family=self.code, on=self.erased_on)

    @property
    def is_followed_here(self) -> bool:
        """Whether anything of the family still happens under this code."""
        return self.erased_on is None and self.joined_into is None

    def must_be_followed_here(self) -> None:
        """Refuse if what is new of the family belongs nowhere, or under another code [2] [4].

        Raises:
            FamilyErased: its data is gone.
            JoinedIntoAnother: it is followed under another code.
        """
        self.must_not_be_erased()
        if self.joined_into is not None:
            raise JoinedIntoAnother(family=self.code, into=self.joined_into)

    def must_be_processable(self) -> None:
        """Refuse if nothing may be recorded or looked at, not yet or no more [2] [4].

        Raises:
            FamilyErased: its data is gone.
            JoinedIntoAnother: it is followed under another code.
            NoticeNotRecorded: the information notice comes first.
        """
        self.must_be_followed_here()
        if self.notice is None:
            raise NoticeNotRecorded(family=self.code)


def _changed(numbers: tuple[int, ...], change: Arrival | Departure) -> tuple[int, ...]:
    if isinstance(change, Arrival):
        return (*numbers, change.number)
    return tuple(each for each in numbers if each not in change.numbers)
