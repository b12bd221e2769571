"""The household as it was told: who lives in it, what the criteria look at. All of it is sealed."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from services.intake.codes import CHILDREN, DisabilityProof, Occupation, Relation, Sex
from services.intake.days import age
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed


@dataclass(frozen=True)
class Arrival:
    """Somebody is of the household from ``on``, as told after so many ``records`` of it."""

    records: int
    number: int
    member: Sealed
    on: date


@dataclass(frozen=True)
class Departure:
    """Those members are not of the household from ``on``, as told after so many ``records``."""

    records: int
    numbers: tuple[int, ...]
    on: date


@dataclass(frozen=True)
class Record:
    """The household as it was told at once.

    Attributes:
        numbers: of its members.
        sealed: :meth:`HouseholdFacts.text`.
        on: the day on which it was so.
    """

    numbers: tuple[int, ...]
    sealed: Sealed
    on: date


class NobodyInHousehold(Refused):
    """A household has at least one person; one person is a household too [2]."""


class MemberNumberTwice(Refused):
    """Each member of a household keeps a number of their own, from 1 on; ``number`` is not such."""


@dataclass(frozen=True)
class Member:
    """One person of the household; what is not known yet is None.

    Attributes:
        number: the member's own in this household, kept for life, never reused.
        relation: to the person whom the household is registered under.
        name: as the access point wrote it.
        tax_code: codice fiscale, STP, ENI or a provisional code.
        birth_date: civil day.
        occupation: what the member does.
        dependent: whether the member is *a carico* of the household.
        disability: whether the member is said to have a disability.
        proof: the kind of document that proves it.
        proof_on: the day of that document.
        care_needs: what care the member needs, in words; no criterion looks at it.
        sex: as the family tells it, for counts; never read from the tax code [15].
    """

    number: int
    relation: Relation
    name: str | None = None
    tax_code: str | None = None
    birth_date: date | None = None
    occupation: Occupation | None = None
    dependent: bool | None = None
    disability: bool = False
    proof: DisabilityProof | None = None
    proof_on: date | None = None
    care_needs: str | None = None
    sex: Sex | None = None

    @property
    def is_child(self) -> bool:
        """Whether the criterion of the dependent child looks at this member."""
        return self.relation in CHILDREN

    def age(self, on: date) -> int | None:
        """Completed years on *on*, or None while the birth date is not known."""
        return None if self.birth_date is None else age(self.birth_date, on)

    def proven_by(self, on: date) -> bool:
        """Whether a document of *on* or earlier proves the disability."""
        return self.proof is not None and self.proof_on is not None and self.proof_on <= on


@dataclass(frozen=True)
class HouseholdFacts:
    """A household, opened.

    Raises:
        NobodyInHousehold: there is no member.
        MemberNumberTwice: two members have one number, or one is not positive.
    """

    members: tuple[Member, ...]

    def __post_init__(self) -> None:
        if not self.members:
            raise NobodyInHousehold()
        seen: set[int] = set()
        for number in self.numbers:
            if number < 1 or number in seen:
                raise MemberNumberTwice(number=number)
            seen.add(number)

    @property
    def numbers(self) -> tuple[int, ...]:
        """The members' numbers, as events name members."""
        return tuple(member.number for member in self.members)

    @property
    def tax_codes(self) -> tuple[str, ...]:
        """The members' codes that are known."""
        return tuple(member.tax_code for member in self.members if member.tax_code)

    def going(self, relations: Mapping[int, Relation]) -> "HouseholdFacts":
        """The household of those who go in a split: what was told of them, and of nobody else [2].

        Args:
            relations: by number, what each is to the person whom the new household is registered
                under. Numbers begin anew.
        """
        going = [member for member in self.members if member.number in relations]
        return HouseholdFacts(
            tuple(
                replace(member, number=number, relation=relations[member.number])
                for number, member in enumerate(going, start=1)
            )
        )

    def text(self) -> str:
        """What the vault keeps."""
        return json.dumps([asdict(member) for member in self.members], default=str)

    @classmethod
    def read(cls, text: str) -> Self:
        """The household that the vault kept."""
        return cls(tuple(_member(words) for words in json.loads(text)))


def _member(words: dict[str, Any]) -> Member:
    return Member(
        number=words["number"],
        relation=Relation(words["relation"]),
        name=words["name"],
        tax_code=words["tax_code"],
        birth_date=words["birth_date"] and date.fromisoformat(words["birth_date"]),
        occupation=words["occupation"] and Occupation(words["occupation"]),
        dependent=words["dependent"],
        disability=words["disability"],
        proof=words["proof"] and DisabilityProof(words["proof"]),
        proof_on=words["proof_on"] and date.fromisoformat(words["proof_on"]),
        care_needs=words.get("care_needs"),  # not asked for at first
        sex=(sex := words.get("sex")) and Sex(sex),  # nor was this
    )
