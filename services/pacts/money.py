"""Money around a pact: urgent aid before it is in force.

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
