"""What pacts take from the guidelines: how long pacts last and go unverified, and limits."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from services.kernel.parameters import NothingInForce, Parameters

LATER = (
    "look_back_months",
    "look_back_within_days",
    "second_look_days",
    "complaint_days",
    "isee_reminder_days",
    "dormant_without_proposal_days",
    "dormant_without_fact_days",
)
"""Parameters that older guidelines lack; then the default of :class:`Terms` stands."""

PROPOSALS_BY_DAY = 10
"""Last day of the month on which a proposal is on time, before any guidelines were heard."""

EVALUATES = "previous_month"
"""The committee decides in a month what was received in the month before, unless they say else."""


@dataclass(frozen=True)
class Terms:
    """The terms in force on a day.

    Attributes:
        number: the version of the guidelines.
        pact_months: longest period of a pact, in months.
        signature_days: days to sign after the committee's answer arrived.
        verification_months: months between two verifications.
        look_back_months: months from the end of a pact to the look back.
        look_back_within_days: days for the look back after the day on which it is due.
        second_look_days: days for the family to ask for a second look at a decision.
        complaint_days: days to answer a complaint.
        dormant_without_proposal_days: days after which a draft that nobody proposed is noted.
        dormant_without_fact_days: days after which an active pact without any fact is noted.
        isee_reminder_days: days before the last one of a certificate on which that is noted.
    """

    number: int
    pact_months: int
    signature_days: int
    verification_months: int
    look_back_months: int = 6
    look_back_within_days: int = 30
    second_look_days: int = 30
    complaint_days: int = 30
    isee_reminder_days: int = 30
    dormant_without_proposal_days: int = 60
    dormant_without_fact_days: int = 60

    @classmethod
    def in_force(cls, parameters: Parameters | None, day: date) -> Self:
        """The terms in force on *day*.

        Raises:
            NothingInForce: no guidelines were heard that begin on or before *day*.
        """
        if parameters is None:
            raise NothingInForce(day=day)
        return cls.of(*parameters.on(day))

    @classmethod
    def of(cls, number: int, values: dict[str, Any]) -> Self:
        """The terms of the guidelines *number*; what they say about other things is left aside."""
        return cls(
            number,
            pact_months=values["pact_months"],
            signature_days=values["signature_days"],
            verification_months=values["verification_months"],
            **{name: values[name] for name in LATER if name in values},
        )

    def pact_ends(self, starts: date) -> date:
        """The last day of a pact of the full length."""
        return months_after(starts, self.pact_months)

    def sign_by(self, known: date) -> date:
        """The last day to sign; the day itself on which the answer was known does not count [5]."""
        return known + timedelta(days=self.signature_days)

    def verify_by(self, day: date) -> date:
        """The last day for the verification that follows *day*."""
        return months_after(day, self.verification_months)

    def second_look_until(self, heard: date) -> date:
        """The last day to ask for a second look; the day itself of hearing does not count [5]."""
        return heard + timedelta(days=self.second_look_days)

    def complaint_by(self, recorded: date) -> date:
        """The last day to answer a complaint; the day on which it was made does not count [5]."""
        return recorded + timedelta(days=self.complaint_days)

    def look_back_due(self, ended: date) -> date:
        """The first day to look back on a pact that *ended* on this day."""
        return months_after(ended, self.look_back_months)

    def look_back_until(self, due: date) -> date:
        """The last day for a look back that is *due* on this day, which does not count [5]."""
        return due + timedelta(days=self.look_back_within_days)


URGENT_AID_EUR = "300.00"
EMERGENCY_AID_YEAR_EUR = "0.00"
FAMILIES_PAID = False
RESTITUTION_MONTH_HOURS = 32
"""As the initial guidelines say, for versions that were issued before they said so."""


@dataclass(frozen=True)
class Limits:
    """The limits of help and commitment in force on a day.

    Attributes:
        number: the version of the guidelines.
        urgent_aid_eur: most urgent aid for a family, over all its pacts.
        emergency_aid_year_eur: most emergency aid for a family in a calendar year; None is none.
        families_paid: whether a family may be paid itself, and not suppliers alone.
        restitution_month_hours: most hours of restitution of a family in a calendar month.
    """

    number: int
    urgent_aid_eur: Decimal
    emergency_aid_year_eur: Decimal | None
    families_paid: bool = FAMILIES_PAID
    restitution_month_hours: Decimal = Decimal(f"{RESTITUTION_MONTH_HOURS}.00")

    @classmethod
    def in_force(cls, parameters: Parameters | None, day: date) -> Self:
        """The limits in force on *day*.

        Raises:
            NothingInForce: no guidelines were heard that begin on or before *day*.
        """
        if parameters is None:
            raise NothingInForce(day=day)
        return cls.of(*parameters.on(day))

    @classmethod
    def of(cls, number: int, values: dict[str, Any]) -> Self:
        """The limits of the guidelines *number*; a version may be older than some of them."""
        year = Decimal(values.get("emergency_aid_year_eur", EMERGENCY_AID_YEAR_EUR))
        return cls(
            number,
            urgent_aid_eur=Decimal(values.get("urgent_aid_eur", URGENT_AID_EUR)),
            emergency_aid_year_eur=year or None,
            families_paid=values.get("families_paid", FAMILIES_PAID),
            restitution_month_hours=Decimal(
                f"{values.get('restitution_month_hours', RESTITUTION_MONTH_HOURS)}.00"
            ),
        )


def proposals_by(parameters: Parameters | None, day: date) -> date:
    """The first day, from *day* on, by which a proposal is on time, as the guidelines of *day* say.

    For a month in which the committee meets; before any guidelines, as the programme itself says
    [2].
    """
    try:
        values = {} if parameters is None else parameters.on(day)[1]
    except NothingInForce:
        values = {}
    due = day.replace(day=values.get("proposals_by_day", PROPOSALS_BY_DAY))
    due = due if day <= due else months_after(due, 1)
    later = 1 if values.get("evaluates", EVALUATES) == EVALUATES else 0
    while months_after(due, later).month in values.get("closed_months", ()):
        due = months_after(due, 1)
    return due


def months_after(day: date, months: int) -> date:
    """The day with the same number *months* later, or that month's last if it has none [5]."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
