"""JSON words to intake's types, and its types to JSON words. No rule stands here."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.intake.answering import Answer
from services.intake.codes import (
    DisabilityProof,
    FigureRole,
    MemberKind,
    Occupation,
    Relation,
    Sex,
)
from services.intake.eligibility import Decision, failed
from services.intake.family import Family
from services.intake.household import HouseholdFacts
from services.intake.household import Member as HouseholdMember
from services.intake.microequipe import Microequipe
from services.intake.referral import ReferralFacts
from services.intake.tax_code import read_tax_code
from services.kernel import parsing
from services.kernel.refusal import BadWord
from services.kernel.words import Body

MEMBER_WORDS = frozenset(HouseholdMember.__dataclass_fields__)
REFERRAL_WORDS = frozenset(ReferralFacts.__dataclass_fields__)
TEAM_WORDS = frozenset({"person", "kind", "role", "name", "agreed_on"})


def referral(told: object) -> ReferralFacts:
    """What an access point told; each word may be missing, none may be unknown."""
    words = dict(_object("referral", told, REFERRAL_WORDS))
    birth_date = words.pop("birth_date", None)
    return ReferralFacts(
        birth_date=None if birth_date is None else parsing.day("birth_date", birth_date),
        tax_code=_tax_code(words.pop("tax_code", None)),
        **{name: _text(name, value) for name, value in words.items()},
    )


def household(told: object) -> HouseholdFacts:
    """The household from a list of members."""
    return HouseholdFacts(tuple(_household_member(each) for each in _list("members", told)))


def newcomer(told: object, number: int) -> HouseholdFacts:
    """Somebody who comes to a household, under the number that is next there."""
    words = _object("member", told, MEMBER_WORDS - {"number"})
    return HouseholdFacts((_household_member({**words, "number": number}),))


def going(told: object) -> Mapping[int, Relation]:
    """Who goes in a split, by number, and what each is in the new household."""
    relations: dict[int, Relation] = {}
    for each in _list("members", told):
        words = _object("members", each, frozenset({"number", "relation"}))
        number = parsing.number("number", words.get("number"), 1, 99)
        relations[number] = parsing.word("relation", words.get("relation"), Relation)
    return relations


def yes_or_no(name: str, value: object) -> bool:
    """True or false, and nothing that looks like it."""
    if isinstance(value, bool):
        return value
    raise BadWord(argument=name, wanted="true or false")


def team_member(told: object) -> Mapping[str, Any]:
    """The words of one member of a microequipe, typed; the name is still in the clear."""
    words = _object("members", told, TEAM_WORDS)
    role, agreed_on = words.get("role"), words.get("agreed_on")
    return {
        "person": parsing.uuid("person", words.get("person")),
        "kind": parsing.word("kind", words.get("kind"), MemberKind),
        "role": None if role is None else parsing.word("role", role, FigureRole),
        "name": _text("name", words.get("name")),
        "agreed_on": None if agreed_on is None else parsing.day("agreed_on", agreed_on),
    }


def team(told: object) -> list[Mapping[str, Any]]:
    """The words of the members of a microequipe, as :func:`team_member` gives them."""
    return [team_member(each) for each in _list("members", told)]


def person_or_nobody(name: str, value: object) -> UUID | None:
    """An id, or None."""
    return None if value is None else parsing.uuid(name, value)


def about_family(family: Family) -> Body:
    """Codes, days and outcomes of a family."""
    return {
        "family": family.code,
        "version": family.version,
        "access_point": family.access_point.value,
        "referred_on": family.referred_on.isoformat(),
        "lacking": [lack.value for lack in family.lacking],
        "notice": family.notice and family.notice.value,
        "notice_due": _day(family.notice_due),
        "members": list(family.members),
        "safe_contact": family.safe_contact,
        "directed_elsewhere": family.directed_elsewhere and family.directed_elsewhere.value,
        "joined_into": family.joined_into,
        "legal_holds": [hold.value for hold in family.holds],
        "certificates": [
            {
                "number": certificate.number,
                "kind": certificate.kind.value,
                "issued_on": certificate.issued_on.isoformat(),
                "valid_until": certificate.valid_until.isoformat(),
                "omissions": certificate.omissions,
                "assessed": family.assessed(certificate.number),
            }
            for certificate in family.certificates
        ],
        "other_elements": family.other_elements,
        "capacities": len(family.capacities),
        "outcome": family.outcome and family.outcome.value,
        "verifications": [about_verification(each) for each in family.verifications],
        "asked_elsewhere": [
            {
                "organisation": each.organisation,
                "on": each.on.isoformat(),
                "answer": each.answer and each.answer.value,
            }
            for each in family.asked
        ],
        "erased_on": _day(family.erased_on),
    }


def about_answer(answer: Answer) -> Body:
    """What another organisation asked, and was answered."""
    return {
        "asking": str(answer.asking),
        "asked_by": answer.asked_by,
        "answer": answer.answer.value,
        "on": answer.on.isoformat(),
    }


def about_household(family: Family, day: date) -> Body:
    """Who was of the household on *day*, by number, and what changed until then."""
    return {
        "family": family.code,
        "on": day.isoformat(),
        "members": list(family.members_on(day)),
    }


def about_verification(verification: Family.EligibilityVerified) -> Body:
    """A verification as it was decided."""
    return {
        "number": verification.number,
        "outcome": verification.outcome.value,
        "criteria": [
            {
                "code": criterion.code.value,
                "met": criterion.met,
                "looked_at": [kind.value for kind in criterion.looked_at],
            }
            for criterion in verification.criteria
        ],
        "failed": [code.value for code in failed(verification.criteria)],
        "missing": [lack.value for lack in verification.missing],
        "directed_to": verification.directed_to and verification.directed_to.value,
        "guidelines": verification.guidelines,
        "isee_tolerated_until": _day(verification.isee_tolerated_until),
        "at": verification.at.value,
        "on": verification.on.isoformat(),
        "by": verification.by.id,
    }


def about_decision(decision: Decision, guidelines: int) -> Body:
    """A decision with its reasons; for those who verify."""
    return {
        "outcome": decision.outcome.value,
        "guidelines": guidelines,
        "findings": [
            {
                "code": finding.criterion.code.value,
                "met": finding.criterion.met,
                "because": [
                    {"code": reason.code, "member": reason.member} for reason in finding.because
                ],
                "missing": [lack.value for lack in finding.missing],
            }
            for finding in decision.findings
        ],
    }


def about_microequipe(microequipe: Microequipe, day: date) -> Body:
    """Who was in it on *day*; ids only."""
    lead, case_manager = microequipe.lead_on(day), microequipe.case_manager_on(day)
    return {
        "family": microequipe.family,
        "microequipe": str(microequipe.id),
        "version": microequipe.version,
        "formed_on": microequipe.formed_on.isoformat(),
        "on": day.isoformat(),
        "lead": lead and str(lead),
        "case_manager": case_manager and str(case_manager),
        "members": [
            {
                "person": str(member.person),
                "kind": member.kind.value,
                "role": member.role and member.role.value,
                "account": member.has_account,
            }
            for member in microequipe.members_on(day)
        ],
        "lacking": list(microequipe.lacking),
    }


def _household_member(told: object) -> HouseholdMember:
    words = _object("members", told, MEMBER_WORDS)
    birth_date, occupation = words.get("birth_date"), words.get("occupation")
    dependent, proof = words.get("dependent"), words.get("proof")
    proof_on, sex = words.get("proof_on"), words.get("sex")
    return HouseholdMember(
        number=parsing.number("number", words.get("number"), 1, 99),
        relation=parsing.word("relation", words.get("relation"), Relation),
        name=_text("name", words.get("name")),
        tax_code=_tax_code(words.get("tax_code")),
        birth_date=None if birth_date is None else parsing.day("birth_date", birth_date),
        occupation=(
            None if occupation is None else parsing.word("occupation", occupation, Occupation)
        ),
        dependent=None if dependent is None else yes_or_no("dependent", dependent),
        disability=yes_or_no("disability", words.get("disability", False)),
        proof=None if proof is None else parsing.word("proof", proof, DisabilityProof),
        care_needs=_text("care_needs", words.get("care_needs")),
        proof_on=None if proof_on is None else parsing.day("proof_on", proof_on),
        sex=None if sex is None else parsing.word("sex", sex, Sex),
    )


def _object(name: str, told: object, known: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(told, dict) or not known.issuperset(told):
        raise BadWord(argument=name, wanted="object", allowed=sorted(known))
    return told


def _list(name: str, told: object) -> Sequence[object]:
    if not isinstance(told, list) or len(told) > 50:
        raise BadWord(argument=name, wanted="list", longest=50)
    return told


def _text(name: str, value: object) -> str | None:
    return None if value is None else parsing.text(name, value)


def _tax_code(value: object) -> str | None:
    told = _text("tax_code", value)
    return None if told is None else read_tax_code(told)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
