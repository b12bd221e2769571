"""What families bring to their verification: every way to meet the criteria, and to fail them."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

Words = dict[str, Any]


@dataclass(frozen=True)
class Evidence:
    """What an operator records of one family.

    Attributes:
        household: members as intake takes them, or None if none is recorded.
        isee: a certificate, or None.
    """

    household: tuple[Words, ...] | None
    isee: Words | None


MEMBERS = ("student", "unemployed", "neet", "small", "disabled", "elderly")
"""Those by whom the first criterion is met."""
GOOD = (*MEMBERS, "short")
"""The last one is a certificate that is good for six months."""
FAILING = ("grown", "too_little", "too_much", "both")
SUSPENDED = (
    "no_household",
    "no_isee",
    "omissions",
    "another_kind",
    "for_minors",
    "expired",
    "no_birth_date",
    "no_proof",
    "no_occupation",
)


def told_of(number: int) -> dict[str, str]:
    """A whole referral of family *number*: whom to speak to, and the code of that person."""
    return {
        "person": f"Zaira Inventata{number}",
        "phone": f"000 {number:06}",
        "tax_code": f"STP{number:013}",
    }


def evidence(kind: str, number: int, day: date, chance: Random) -> Evidence:
    """The evidence of *kind* (of GOOD, FAILING or SUSPENDED) of family *number* on *day*."""
    who = _someone(kind, chance)
    value = {"too_little": "5999.99", "too_much": "12000.01", "both": "15400.00"}.get(kind)
    isee = _isee(number, value or f"{chance.randrange(600_000, 1_200_001) / 100:.2f}", day)
    if kind == "omissions":
        isee["omissions"] = True
    elif kind == "another_kind":
        isee["kind"] = "universita"
    elif kind == "for_minors":
        isee["kind"] = "minorenni"
    elif kind == "short":
        isee |= {"kind": "corrente", "income_only": True}
    elif kind == "expired":
        isee["issued_on"] = date(day.year - 1, 6, 1).isoformat()
    household = _household(who, number, day)
    return Evidence(
        None if kind == "no_household" else household, None if kind == "no_isee" else isee
    )


def _someone(kind: str, chance: Random) -> str:
    if kind in ("grown", "both"):
        return "grown"
    if kind in MEMBERS or kind.startswith("no_"):
        return kind
    return chance.choice(MEMBERS)


def _household(who: str, number: int, day: date) -> tuple[Words, ...]:
    def born(years: int) -> str:
        return (day - timedelta(days=366 * years + number % 300)).isoformat()

    applicant = {
        "number": 1,
        "relation": "applicant",
        "name": f"Zaira Inventata{number}",
        "birth_date": born(38),
        "occupation": "employed",
    }
    child = {"number": 2, "relation": "child", "name": f"Zeno Inventato{number}", "dependent": True}
    other = {"number": 2, "relation": "parent", "name": f"Zelia Inventata{number}"}
    second: Words = {
        "student": {**child, "birth_date": born(12), "occupation": "student"},
        "unemployed": {**child, "birth_date": born(20), "occupation": "unemployed"},
        "neet": {**child, "birth_date": born(18), "occupation": "neet"},
        "small": {**child, "birth_date": born(2), "occupation": "below_school_age"},
        "disabled": {
            **other,
            "birth_date": born(50),
            "disability": True,
            "proof": "legge_104",
            "proof_on": "2020-05-04",
        },
        "elderly": {**other, "birth_date": born(71)},
        "grown": {**child, "birth_date": born(24), "occupation": "employed", "dependent": False},
        "no_birth_date": {**child, "occupation": "neet"},
        "no_proof": {**other, "birth_date": born(50), "disability": True},
        "no_occupation": {**child, "birth_date": born(15)},
    }.get(who, {**child, "birth_date": born(12), "occupation": "student"})
    return applicant, second


def _isee(number: int, value: str, day: date) -> Words:
    issued = max(date(day.year, 1, 1), day - timedelta(days=20))
    return {
        "kind": "ordinario",
        "value": value,
        "protocol": f"INPS-ISEE-{issued.year}-{number:08}X-00",
        "issued_on": issued.isoformat(),
    }
