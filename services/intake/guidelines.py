"""The parameters of the guidelines that intake applies."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from services.intake.codes import IseeKind
from services.kernel.parameters import NothingInForce, Parameters

# for versions that were issued before these parameters were asked for
KINDS_ON_ASSESSMENT = (IseeKind.MINORENNI,)
"""*Minorenni on assessment* [2]."""
TOLERATED_UNTIL = "02-28"
"""*Tolerated until 28 February* [2]."""
DORMANT_WITHOUT_MICROEQUIPE_DAYS = 30
"""*Eligible 30 days without microequipe* [11]."""
ASKINGS_A_DAY = 20
"""Askings of one organisation about persons that are looked up on one day [2, our reading]."""


@dataclass(frozen=True)
class IntakeGuidelines:
    """One version of the guidelines, as intake reads it [2] [3].

    Attributes:
        number: the version; every decision names it.
        isee_min: lowest ISEE that is in range, EUR, included.
        isee_max: highest ISEE that is in range, EUR, included.
        isee_kinds: the kinds of certificate that are accepted.
        isee_kinds_on_assessment: kinds that are accepted if whoever verifies accepts the
            certificate that was shown.
        isee_tolerated_until: month and day until which a certificate of the year before, which
            was valid at the verification, is still good for the committee's decision.
        elderly_from_age: completed years from which a person is elderly.
        neet_from_age: lowest age at which NEET counts, included.
        neet_to_age: highest age at which NEET counts, included.
        school_age: completed years below which a child is below school age.
        other_elements_min: how many other elements of vulnerability are required.
        microequipe_requires_both: a social worker and a CDA head, not one of the two.
        dormant_without_microequipe_days: days after which an eligible family without microequipe is
            noted.
        askings_a_day: how many askings of one organisation about persons are looked up on one day.
    """

    number: int
    isee_min: Decimal
    isee_max: Decimal
    isee_kinds: frozenset[IseeKind]
    isee_kinds_on_assessment: frozenset[IseeKind]
    isee_tolerated_until: str
    elderly_from_age: int
    neet_from_age: int
    neet_to_age: int
    school_age: int
    other_elements_min: int
    microequipe_requires_both: bool
    dormant_without_microequipe_days: int
    askings_a_day: int

    @property
    def neet_ages(self) -> range:
        """The ages at which NEET counts."""
        return range(self.neet_from_age, self.neet_to_age + 1)

    @classmethod
    def read(cls, number: int, values: dict[str, Any]) -> Self:
        """Version *number* from its parameters as they were issued."""
        return cls(
            number=number,
            isee_min=Decimal(values["isee_min"]),
            isee_max=Decimal(values["isee_max"]),
            isee_kinds=frozenset(map(IseeKind, values["isee_kinds"])),
            isee_kinds_on_assessment=frozenset(
                map(IseeKind, values.get("isee_kinds_on_assessment", KINDS_ON_ASSESSMENT))
            ),
            isee_tolerated_until=values.get("isee_tolerated_until", TOLERATED_UNTIL),
            elderly_from_age=values["elderly_from_age"],
            neet_from_age=values["neet_from_age"],
            neet_to_age=values["neet_to_age"],
            school_age=values["school_age"],
            other_elements_min=values["other_elements_min"],
            microequipe_requires_both=values["microequipe_requires_both"],
            dormant_without_microequipe_days=values.get(
                "dormant_without_microequipe_days", DORMANT_WITHOUT_MICROEQUIPE_DAYS
            ),
            askings_a_day=values.get("askings_a_day", ASKINGS_A_DAY),
        )

    @classmethod
    def in_force(cls, heard: Parameters | None, day: date) -> Self:
        """The version that applies to a decision of *day*.

        Args:
            heard: every version heard so far, or None when nothing was heard yet.
            day: civil day of the decision.

        Raises:
            NothingInForce: no version begins on or before *day*.
        """
        if heard is None:
            raise NothingInForce(day=day)
        return cls.read(*heard.on(day))

    @classmethod
    def numbered(cls, heard: Parameters | None, number: int) -> Self:
        """Version *number*, in force or not: for a decision that named it.

        Raises:
            NothingInForce: that version was not heard.
        """
        if heard is None or number not in heard.versions:
            raise NothingInForce(number=number)
        return cls.read(number, heard.versions[number][1])
