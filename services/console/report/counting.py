"""The report of a period: a pure function of the facts, and of the birth dates that were read."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from services.console.report.about_families import family_tables, reached
from services.console.report.about_pacts import pact_tables
from services.console.report.balance import balance_tables
from services.console.report.paths import Told
from services.console.report.period import Period
from services.console.report.tables import Report
from services.console.report.waiting import waiting_times

Births = Mapping[UUID, Mapping[int, date | None]]


def counted(organisation: str, told: Told, births: Births, period: Period) -> Report:
    """Every number about *period*, small ones too.

    Args:
        told: :func:`telling.told_until` its last day.
        births: of the members of the families reached, as the vault told them.
    """
    families = reached(told, period)
    return Report(
        organisation,
        told.names.get(organisation, organisation),
        period,
        (
            *family_tables(families, births, period),
            waiting_times(families, period),
            *pact_tables(told, period),
            *balance_tables(told, families, period),
        ),
    )
