"""Moments of a family's way in, with fixed dates; a test spells out only what it is about."""

import json
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.intake.codes import (
    AccessPoint,
    FigureRole,
    IseeKind,
    MemberKind,
    NoticeState,
    Occupation,
    Outcome,
    Relation,
)
from services.intake.eligibility import Criterion, CriterionCode, Evidence, LookedAt
from services.intake.family import Family
from services.intake.family_code import family_id
from services.intake.guidelines import IntakeGuidelines
from services.intake.household import HouseholdFacts, Member
from services.intake.isee import IseeFacts
from services.intake.microequipe import Member as TeamMember
from services.intake.microequipe import Microequipe
from services.kernel.sealed import Sealed
from tests.scenario import SOMEBODY, Fact, Story, fact

CODE = "LEAD-7K3M9Q-8"
REFERRED = date(2026, 1, 12)
DAY = date(2026, 3, 2)
"""The day of the decisions."""

INITIAL: dict[str, Any] = {
    "isee_min": "6000.00",
    "isee_max": "12000.00",
    "isee_kinds": ["ordinario", "corrente"],
    "elderly_from_age": 65,
    "neet_from_age": 15,
    "neet_to_age": 29,
    "school_age": 6,
    "other_elements_min": 0,
    "microequipe_requires_both": False,
    "pact_months": 12,
}
"""The parameters of the initial guidelines that intake reads, and one that it does not."""


def guidelines(number: int = 1, **changed: Any) -> IntakeGuidelines:
    return IntakeGuidelines.read(number, INITIAL | changed)


def sealed(number: int) -> Sealed:
    return Sealed(UUID(int=number), f"{number:064x}")


# people of the household

APPLICANT = Member(1, Relation.APPLICANT, birth_date=date(1979, 3, 14), dependent=False)
STUDENT = Member(
    2,
    Relation.CHILD,
    birth_date=date(2011, 9, 21),
    occupation=Occupation.STUDENT,
    dependent=True,
)
GROWN_UP = Member(
    2,
    Relation.CHILD,
    birth_date=date(2000, 10, 27),
    occupation=Occupation.EMPLOYED,
    dependent=False,
)


def child(born: date | None, occupation: Occupation | None, **more: Any) -> Member:
    return Member(
        2,
        Relation.CHILD,
        birth_date=born,
        occupation=occupation,
        **({"dependent": True} | more),
    )


def household(*members: Member) -> HouseholdFacts:
    return HouseholdFacts(members)


def isee(value: str = "7431.17", **more: Any) -> IseeFacts:
    told: dict[str, Any] = {
        "kind": IseeKind.ORDINARIO,
        "issued_on": date(2026, 1, 9),
        "valid_until": date(2026, 12, 31),
        "omissions": False,
        "value": Decimal(value),
    }
    return IseeFacts(**(told | more))


FITTING = Evidence(household(APPLICANT, STUDENT), isee())
"""Both criteria are met."""
UNFITTING = Evidence(household(APPLICANT, GROWN_UP), isee("14327.59"))
"""Neither is."""

# facts of the family

referred = fact(
    Family.Referred,
    code=CODE,
    access_point=AccessPoint.CDA,
    referral=sealed(1),
    lacking=(),
    on=REFERRED,
)
informed = fact(Family.InformationNoticeRecorded, state=NoticeState.GIVEN, due=None, on=REFERRED)
described = fact(Family.HouseholdRecorded, members=(1, 2), household=sealed(2), on=REFERRED)
certified = fact(
    Family.IseeRecorded,
    number=1,
    kind=IseeKind.ORDINARIO,
    issued_on=date(2026, 1, 9),
    valid_until=date(2026, 12, 31),
    omissions=False,
    income_only=False,
    certificate=sealed(3),
    on=REFERRED,
)

HOUSEHOLD_FACTS = (
    LookedAt.RELATION,
    LookedAt.DEPENDENT,
    LookedAt.BIRTH_DATE,
    LookedAt.OCCUPATION,
    LookedAt.DISABILITY,
)
ISEE_FACTS = (
    LookedAt.ISEE_KIND,
    LookedAt.ISEE_VALIDITY,
    LookedAt.ISEE_OMISSIONS,
    LookedAt.ISEE_VALUE,
)


def criteria(household: bool | None, isee: bool | None) -> tuple[Criterion, ...]:
    return (
        Criterion(CriterionCode.HOUSEHOLD, household, HOUSEHOLD_FACTS),
        Criterion(CriterionCode.ISEE, isee, ISEE_FACTS),
    )


def verified(outcome: Outcome = Outcome.ELIGIBLE, **more: Any) -> Fact:
    told: dict[str, Any] = {
        "number": 1,
        "outcome": outcome,
        "criteria": criteria(True, True),
        "missing": (),
        "directed_to": None,
        "guidelines": 1,
        "at": AccessPoint.CDA,
        "household": 1,
        "household_changes": 0,
        "certificate": 1,
        "assessed": None,
        "other_elements": 0,
        "isee_tolerated_until": date(2027, 2, 28) if outcome is Outcome.ELIGIBLE else None,
        "on": DAY,
    }
    return fact(Family.EligibilityVerified, **(told | more))


def family(*facts: Fact) -> Story:
    """The story of the family CODE."""
    return Story(facts, family_id(CODE))


def eligible() -> Family:
    """The family, found eligible on DAY."""
    found = family(referred, informed, described, certified, verified()).aggregate()
    assert isinstance(found, Family)
    return found


VAULT = {
    sealed(2): household(APPLICANT, STUDENT).text(),
    sealed(3): json.dumps({"value": "7431.17", "protocol": "INPS-ISEE-2026-ALFA00001-00"}),
}
"""What was sealed under the references of the facts above."""

# the microequipe; who asks in a story is its social worker

SOCIAL_WORKER = TeamMember(UUID(str(SOMEBODY.person)), MemberKind.SOCIAL_WORKER)
CDA_HEAD = TeamMember(UUID(int=0xB), MemberKind.CDA_HEAD)
TEACHER = TeamMember(
    UUID(int=0xC), MemberKind.REFERENCE_FIGURE, FigureRole.TEACHER, agreed_on=REFERRED
)
NEIGHBOUR = TeamMember(
    UUID(int=0xD),
    MemberKind.REFERENCE_FIGURE,
    FigureRole.NEIGHBOUR,
    name=sealed(9),
    agreed_on=REFERRED,
)
CASE_MANAGER = UUID(int=0xE)


def formed(
    *members: TeamMember, case_manager: UUID | None = None, lead: UUID = SOCIAL_WORKER.person
) -> Fact:
    return fact(
        Microequipe.Formed,
        family=CODE,
        members=members or (SOCIAL_WORKER, TEACHER),
        lead=lead,
        case_manager=case_manager,
        guidelines=1,
        figures_told=True,
        on=DAY,
    )
