"""The parameters of the guidelines: what may be set, in which range, and what review reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from services.kernel.refusal import Refused
from services.review.ranges import Euro, MonthDay, OneOf, Range, Several, SomeOf, Whole, YesNo


class UnknownParameter(Refused):
    """No rule reads this parameter; a misspelt one must not be issued as if it had effect [2]."""


class OutOfRange(Refused):
    """The value is outside the range within which the programme works; the range is told [2]."""


class Disordered(Refused):
    """The lower of two parameters is above the upper one; no value would lie between [2]."""


class FixedByAgreement(Refused):
    """A funding agreement fixes it: it changes only with that agreement's reference [2]."""


class Evaluates(StrEnum):
    """Which proposals the committee evaluates in a month; values are stored."""

    PREVIOUS_MONTH = "previous_month"
    SAME_MONTH = "same_month"
    ELEVENTH_TO_TENTH = "eleventh_to_tenth"


class Late(StrEnum):
    """What becomes of a proposal sent after the day; values are stored."""

    MARK = "mark"
    NEXT_CYCLE = "next_cycle"


INITIAL: Mapping[str, Any] = {
    "isee_min": "6000.00",  # EUR, included [1: "ISEE compreso tra 6.000 e i 12.000 €"]
    "isee_max": "12000.00",  # EUR, included [1]
    "isee_kinds": ["ordinario", "corrente"],  # [3]
    "isee_kinds_on_assessment": ["minorenni"],  # [3: "minorenni on assessment"]
    "isee_tolerated_until": "02-28",  # of the year after the certificate's [3: "28 February"]
    "elderly_from_age": 65,  # years [3]
    "neet_from_age": 15,  # years, included [3]
    "neet_to_age": 29,  # years, included [3]
    "school_age": 6,  # years; a child is below school age until then [3, our reading]
    "other_elements_min": 0,  # [3: "their required minimum is a parameter, 0 at first"]
    "microequipe_requires_both": False,  # social worker and head of a CDA [4]
    "dormant_without_microequipe_days": 30,  # [Programme, section 3 Notification]
    "askings_a_day": 20,  # of one organisation about persons [3: "già seguita da X"; ours]
    "pact_months": 12,  # [5]
    "signature_days": 30,  # days from approval to lapse [5]
    "verification_months": 3,  # [5]
    "proposals_by_day": 10,  # of the month [1: "entro il 10 del mese"]
    "decided_by_day": 20,  # of the month [1: "entro il 20 di ogni mese"]
    "evaluates": "previous_month",  # [1: "i patti ricevuti nel mese precedente"]
    "late": "mark",  # [6]
    "proposer_votes": True,  # [1: "resp. microequipe inviante" is in the committee; 6]
    "board_months": 4,  # [1: "ogni quattro mesi"]
    "urgent_aid_eur": "300.00",  # EUR a family, over all its pacts [5: "within a ceiling"; ours]
    "restitution_month_hours": 32,  # [5: "has a ceiling"; 8 hours a week is our reading]
    "families_paid": False,  # [5: "suppliers are paid, not families, by default"]
    "emergency_aid_year_eur": "0.00",  # EUR a family and calendar year; 0.00 is none [our reading]
    "second_look_answer_days": 30,  # days from the family's asking [6; how many: our reading]
    "closed_months": [],  # months without a committee, as numbers [6: "closed cycles (August)"]
    "look_back_months": 6,  # months from the end of a pact [5: "a look back after six months"]
    "look_back_within_days": 30,  # days from the day on which it is due [5, our reading]
    "second_look_days": 30,  # days from the decision's arrival [6: "within 30 days"]
    "complaint_days": 30,  # days to answer a complaint [6, our reading]
    "dormant_without_proposal_days": 60,  # since the draft [8: "60 without proposal"]
    "dormant_without_fact_days": 60,  # since the last fact [8: "60 without any fact"]
    "isee_reminder_days": 30,  # days before an ISEE expires [8: "before an ISEE expires"]
    "agreement_reminder_days": 30,  # days before an agreement on data ends [our reading]
}
"""Version 1, "linee guida iniziali"; each value with its source (README, Sources)."""

RANGES: Mapping[str, Range] = {
    "isee_min": Euro("0.00", "100000.00"),
    "isee_max": Euro("0.00", "100000.00"),
    "isee_kinds": SomeOf(
        ("ordinario", "corrente", "minorenni", "universita", "sociosanitario", "residenze")
    ),
    "isee_kinds_on_assessment": SomeOf(
        ("ordinario", "corrente", "minorenni", "universita", "sociosanitario", "residenze"), least=0
    ),
    "isee_tolerated_until": MonthDay("01-01", "06-30"),
    "elderly_from_age": Whole(55, 80),
    "neet_from_age": Whole(14, 20),
    "neet_to_age": Whole(20, 35),
    "school_age": Whole(3, 7),
    "other_elements_min": Whole(0, 5),
    "microequipe_requires_both": YesNo(),
    "dormant_without_microequipe_days": Whole(1, 180),
    "askings_a_day": Whole(0, 500),
    "pact_months": Whole(1, 36),
    "signature_days": Whole(1, 180),
    "verification_months": Whole(1, 12),
    "proposals_by_day": Whole(1, 28),
    "decided_by_day": Whole(1, 28),
    "evaluates": OneOf(tuple(word.value for word in Evaluates)),
    "late": OneOf(tuple(word.value for word in Late)),
    "proposer_votes": YesNo(),
    "board_months": Whole(1, 12),
    "urgent_aid_eur": Euro("0.00", "100000.00"),
    "restitution_month_hours": Whole(1, 160),
    "families_paid": YesNo(),
    "emergency_aid_year_eur": Euro("0.00", "100000.00"),
    "second_look_answer_days": Whole(1, 180),
    "closed_months": Several(1, 12, 11),  # one month at least is open
    "look_back_months": Whole(1, 24),
    "look_back_within_days": Whole(1, 180),
    "second_look_days": Whole(1, 180),
    "complaint_days": Whole(1, 180),
    "dormant_without_proposal_days": Whole(15, 365),
    "dormant_without_fact_days": Whole(15, 365),
    "isee_reminder_days": Whole(1, 90),
    "agreement_reminder_days": Whole(1, 180),
}
"""Outside these no rule was thought through; days end at 28 so that every month has them [2]."""

ORDERED: tuple[tuple[str, str, bool], ...] = (
    ("isee_min", "isee_max", True),
    ("neet_from_age", "neet_to_age", True),
    ("proposals_by_day", "decided_by_day", False),
)
"""Lower parameter, upper parameter, and whether they may be equal."""

AGREED = frozenset({"isee_min", "isee_max"})
"""Parameters fixed by the funding agreement: who the programme is for [1, 2; our reading]."""


def revised(
    previous: Mapping[str, Any], changes: Mapping[str, Any], agreement: str | None
) -> dict[str, Any]:
    """Every parameter of a new version: *previous* with *changes*.

    Args:
        previous: every parameter of the version before; one that did not exist then has its
            initial value.
        changes: those that change, as JSON words.
        agreement: reference of the funding agreement that allows changes of :data:`AGREED`.

    Raises:
        UnknownParameter: a change names no parameter.
        OutOfRange: a value is outside its range.
        FixedByAgreement: a change of an agreed parameter comes without a reference.
        Disordered: a lower parameter would be above its upper one.
    """
    for parameter, value in changes.items():
        if parameter not in RANGES:
            raise UnknownParameter(parameter=parameter[:60])
        allowed = RANGES[parameter]
        if not allowed.holds(value):
            raise OutOfRange(parameter=parameter, **allowed.told())
        if parameter in AGREED and value != previous[parameter] and agreement is None:
            raise FixedByAgreement(parameter=parameter)
    values = {**INITIAL, **previous, **changes}
    for lower, upper, may_be_equal in ORDERED:
        low, high = Decimal(values[lower]), Decimal(values[upper])
        if low > high or (low == high and not may_be_equal):
            raise Disordered(lower=lower, upper=upper)
    return values


@dataclass(frozen=True)
class Guidelines:
    """What review reads of one version of the guidelines.

    Attributes:
        number: of the version; every decision names it.
        proposals_by_day: last day of the month on which a proposal is on time.
        decided_by_day: last day of the cycle's month on which to decide.
        evaluates: which proposals belong to a cycle.
        late: what becomes of a late one.
        proposer_votes: whether the lead of the sending microequipe has a seat for its proposal.
        closed_months: numbers of the months in which the committee does not meet.
        second_look_answer_days: days for a second look, from the day on which the family asked.
    """

    number: int
    proposals_by_day: int
    decided_by_day: int
    evaluates: Evaluates
    late: Late
    proposer_votes: bool
    closed_months: frozenset[int] = frozenset()
    second_look_answer_days: int = 30

    @classmethod
    def of(cls, number: int, values: Mapping[str, Any]) -> "Guidelines":
        """Version *number*, whose parameters are *values*."""
        return cls(
            number=number,
            proposals_by_day=values["proposals_by_day"],
            decided_by_day=values["decided_by_day"],
            evaluates=Evaluates(values["evaluates"]),
            late=Late(values["late"]),
            proposer_votes=values["proposer_votes"],
            closed_months=frozenset(values.get("closed_months", INITIAL["closed_months"])),
            second_look_answer_days=values.get(
                "second_look_answer_days", INITIAL["second_look_answer_days"]
            ),
        )


BEFORE_ANY = Guidelines.of(0, INITIAL)
"""How a proposal is placed while no version is in force: it is never turned away [6]."""
