"""Money around a pact: urgent aid before it is in force, expenses, support from elsewhere.

The values of the enumerations and the fields of the records are stored: they never change.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from services.kernel.sealed import Sealed


class AuthorisedAs(StrEnum):
    """The role in which somebody authorises urgent aid."""

    CASE_MANAGER = "case_manager"
    PROJECT_MANAGER = "project_manager"


@dataclass(frozen=True)
class UrgentAid:
    """Urgent aid that may be given before the pact is in force [2].

    Attributes:
        eur: at most so much.
        reason: why it cannot wait.
    """

    eur: Decimal
    reason: Sealed
    authorised_as: AuthorisedAs
    on: date


@dataclass(frozen=True)
class AidGiven:
    """What of an authorised urgent aid was given on a day.

    Attributes:
        aid: number of the authorisation.
    """

    aid: int
    on: date
    eur: Decimal

    @property
    def hours(self) -> Decimal | None:
        """Urgent aid is counted in EUR."""
        return None


class Stage(StrEnum):
    """How far an amount has come."""

    PLANNED = "planned"
    COMMITTED = "committed"
    PAID = "paid"


class Payee(StrEnum):
    """Who is paid: suppliers, and families only where the guidelines allow it [2]."""

    SUPPLIER = "supplier"
    FAMILY = "family"


class CorrectionReason(StrEnum):
    """Why a payment is corrected."""

    WRONG_AMOUNT = "wrong_amount"
    RECORDED_TWICE = "recorded_twice"
    NOT_MADE = "not_made"
    REFUNDED = "refunded"


@dataclass(frozen=True)
class Expense:
    """What is to be spent on an action [2].

    Attributes:
        eur: planned.
        payer: code of the organisation that pays.
        supplier: code of who is paid; None when it is the family.
        budget_line: code.
    """

    action: int
    eur: Decimal
    payer: str
    payee: Payee
    supplier: str | None
    budget_line: str


@dataclass(frozen=True)
class Payment:
    """What was paid of an expense, or the correction of that.

    Attributes:
        eur: paid; of a correction, what was paid really.
        document: code of the invoice, receipt or order behind it.
        corrects: number of the payment of this expense that it corrects.
        reason: why it is corrected.
    """

    eur: Decimal
    document: str
    on: date
    corrects: int | None
    reason: CorrectionReason | None


@dataclass(frozen=True)
class OtherSupport:
    """Support from outside the programme; it stands in the balance apart [2].

    Attributes:
        source: code of the body or measure that it came from.
    """

    source: str
    on: date
    eur: Decimal | None
    hours: Decimal | None
