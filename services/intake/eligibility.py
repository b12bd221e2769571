"""Whether a family may enter: the explained decision, a pure function of what was recorded.

Both criteria are always looked at, so that every failure is told at once. What a criterion found
about whom (``because``) is for those who verify, and can be recomputed; only the outcome is stored.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.intake.codes import Occupation, Outcome
from services.intake.guidelines import IntakeGuidelines
from services.intake.household import HouseholdFacts, Member
from services.intake.isee import IseeFacts


class CriterionCode(StrEnum):
    """What is asked of a family; the values are stored [2]."""

    HOUSEHOLD = "dependent_child_or_vulnerable_person"
    ISEE = "valid_isee_in_range"
    OTHER_ELEMENTS = "other_elements"


class LookedAt(StrEnum):
    """The kinds of fact that a criterion looks at; never what they say. The values are stored."""

    RELATION = "relation"
    DEPENDENT = "dependent"
    BIRTH_DATE = "birth_date"
    OCCUPATION = "occupation"
    DISABILITY = "disability"
    ISEE_KIND = "isee_kind"
    ISEE_VALIDITY = "isee_validity"
    ISEE_OMISSIONS = "isee_omissions"
    ISEE_VALUE = "isee_value"
    OTHER_ELEMENTS = "other_elements"


class Missing(StrEnum):
    """Evidence without which a criterion cannot be decided; the values are stored [2]."""

    HOUSEHOLD = "household"
    BIRTH_DATE = "member_birth_date"
    OCCUPATION = "member_occupation"
    DEPENDENT = "member_dependent"
    PROOF = "member_proof"
    ISEE = "isee"
    VALID_ISEE = "valid_isee"
    ACCEPTED_KIND = "isee_of_accepted_kind"
    WITHOUT_OMISSIONS = "isee_without_omissions"
    ASSESSMENT = "isee_assessment"


@dataclass(frozen=True)
class Criterion:
    """One criterion as the event keeps it.

    Attributes:
        met: None while evidence is missing.
        looked_at: kinds of fact, never their values.
    """

    code: CriterionCode
    met: bool | None
    looked_at: tuple[LookedAt, ...]


@dataclass(frozen=True)
class Evidence:
    """What a verification looks at, opened.

    Attributes:
        household: None if none was recorded.
        isee: the certificate that counts, or None.
        other_elements: how many other elements of vulnerability are recorded.
    """

    household: HouseholdFacts | None
    isee: IseeFacts | None
    other_elements: int = 0


@dataclass(frozen=True)
class Reason:
    """Why a criterion came out as it did; of a member if ``member`` says which."""

    code: str
    member: int | None = None


@dataclass(frozen=True)
class Finding:
    """One criterion, explained."""

    criterion: Criterion
    because: tuple[Reason, ...] = ()
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True)
class Decision:
    """The outcome, and how it came about."""

    outcome: Outcome
    findings: tuple[Finding, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria as the event keeps them."""
        return tuple(finding.criterion for finding in self.findings)

    @property
    def isee_is_relied_on(self) -> bool:
        """Whether the certificate fulfils its criterion."""
        return any(each.met and each.code is CriterionCode.ISEE for each in self.criteria)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """All evidence that is missing, each once."""
        return tuple(dict.fromkeys(lack for finding in self.findings for lack in finding.missing))


def failed(criteria: tuple[Criterion, ...]) -> tuple[CriterionCode, ...]:
    """The codes of the criteria that are not met."""
    return tuple(criterion.code for criterion in criteria if criterion.met is False)


def decide(evidence: Evidence, guidelines: IntakeGuidelines, day: date) -> Decision:
    """Decide on *day* under *guidelines* [2].

    A criterion that is certainly not met makes the family not eligible, whatever evidence else is
    missing; otherwise missing evidence suspends.

    Args:
        evidence: what was recorded, opened.
        guidelines: in force on *day*.
        day: civil day of the verification.
    """
    findings = [
        _household(evidence.household, guidelines, day),
        _isee(evidence.isee, guidelines, day),
    ]
    if guidelines.other_elements_min:
        findings.append(_other_elements(evidence.other_elements, guidelines))
    met = [finding.criterion.met for finding in findings]
    if False in met:
        outcome = Outcome.NOT_ELIGIBLE
    elif None in met:
        outcome = Outcome.SUSPENDED
    else:
        outcome = Outcome.ELIGIBLE
    return Decision(outcome, tuple(findings))


def _household(
    household: HouseholdFacts | None, guidelines: IntakeGuidelines, day: date
) -> Finding:
    """At least one dependent child of the named kinds, or one vulnerable person [1] [2]."""
    looked_at = (
        LookedAt.RELATION,
        LookedAt.DEPENDENT,
        LookedAt.BIRTH_DATE,
        LookedAt.OCCUPATION,
        LookedAt.DISABILITY,
    )
    if household is None:
        return Finding(
            Criterion(CriterionCode.HOUSEHOLD, None, looked_at), missing=(Missing.HOUSEHOLD,)
        )
    because: list[Reason] = []
    missing: list[Missing] = []
    for member in household.members:
        for found in (*_child(member, guidelines, day), *_vulnerable(member, guidelines, day)):
            if isinstance(found, Missing):
                missing.append(found)
            else:
                because.append(Reason(found, member.number))
    if because:
        return Finding(Criterion(CriterionCode.HOUSEHOLD, True, looked_at), tuple(because))
    lacks = tuple(dict.fromkeys(missing))
    return Finding(
        Criterion(CriterionCode.HOUSEHOLD, None if lacks else False, looked_at), missing=lacks
    )


def _child(member: Member, guidelines: IntakeGuidelines, day: date) -> tuple[str | Missing, ...]:
    """Why *member* counts as a dependent child, or what is missing to say so."""
    if not member.is_child or member.dependent is False:
        return ()
    found = _child_status(member, guidelines, day)
    if found is None or member.dependent:
        return () if found is None else (found,)
    return (found, Missing.DEPENDENT) if isinstance(found, Missing) else (Missing.DEPENDENT,)


def _child_status(member: Member, guidelines: IntakeGuidelines, day: date) -> str | Missing | None:
    age = member.age(day)
    if age is not None and age < guidelines.school_age:
        return Occupation.BELOW_SCHOOL_AGE.value
    match member.occupation:
        case Occupation.STUDENT | Occupation.UNEMPLOYED:
            return member.occupation.value
        case Occupation.NEET | Occupation.BELOW_SCHOOL_AGE if age is None:
            return Missing.BIRTH_DATE
        case Occupation.NEET if age in guidelines.neet_ages:
            return Occupation.NEET.value
        case None:
            return Missing.OCCUPATION
    return None


def _vulnerable(
    member: Member, guidelines: IntakeGuidelines, day: date
) -> tuple[str | Missing, ...]:
    """Why *member* counts as a vulnerable person, or what is missing to say so."""
    found: list[str | Missing] = []
    age = member.age(day)
    if age is None:
        found.append(Missing.BIRTH_DATE)
    elif age >= guidelines.elderly_from_age:
        found.append("elderly")
    if member.disability:
        found.append("disability" if member.proven_by(day) else Missing.PROOF)
    return tuple(found)


def _isee(isee: IseeFacts | None, guidelines: IntakeGuidelines, day: date) -> Finding:
    """A valid ISEE of an accepted kind, in range, both ends included [1] [2].

    A certificate that cannot be relied on (expired, of another kind, with omissions) is missing
    evidence, whatever its value.
    """
    looked_at = (
        LookedAt.ISEE_KIND,
        LookedAt.ISEE_VALIDITY,
        LookedAt.ISEE_OMISSIONS,
        LookedAt.ISEE_VALUE,
    )
    if isee is None:
        return Finding(Criterion(CriterionCode.ISEE, None, looked_at), missing=(Missing.ISEE,))
    missing: list[Missing] = []
    if not isee.valid_on(day):
        missing.append(Missing.VALID_ISEE)
    missing += _kind(isee, guidelines)
    if isee.omissions:
        missing.append(Missing.WITHOUT_OMISSIONS)
    if missing:
        return Finding(Criterion(CriterionCode.ISEE, None, looked_at), missing=tuple(missing))
    if isee.value < guidelines.isee_min:
        because = "below_minimum"
    elif isee.value > guidelines.isee_max:
        because = "above_maximum"
    else:
        because = "in_range"
    return Finding(
        Criterion(CriterionCode.ISEE, because == "in_range", looked_at), (Reason(because),)
    )


def _kind(isee: IseeFacts, guidelines: IntakeGuidelines) -> tuple[Missing, ...]:
    """What the kind leaves open: it is accepted, accepted on assessment, or not accepted [2]."""
    if isee.kind in guidelines.isee_kinds or (
        isee.kind in guidelines.isee_kinds_on_assessment and isee.assessed
    ):
        return ()
    if isee.kind in guidelines.isee_kinds_on_assessment and isee.assessed is None:
        return (Missing.ASSESSMENT,)
    return (Missing.ACCEPTED_KIND,)


def _other_elements(recorded: int, guidelines: IntakeGuidelines) -> Finding:
    """The required minimum of other elements of vulnerability, if the guidelines set one [2]."""
    return Finding(
        Criterion(
            CriterionCode.OTHER_ELEMENTS,
            recorded >= guidelines.other_elements_min,
            (LookedAt.OTHER_ELEMENTS,),
        )
    )
