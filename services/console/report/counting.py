"""The report of a period: a pure function of the facts, and of what was read about persons."""

from collections.abc import Mapping
from uuid import UUID

from services.console.report.about_families import Person, family_tables, reached
from services.console.report.about_pacts import pact_tables
from services.console.report.balance import balance_tables
from services.console.report.paths import Told
from services.console.report.period import Period
from services.console.report.tables import Report
from services.console.report.waiting import waiting_times

Persons = Mapping[UUID, Mapping[int, Person]]


def counted(organisation: str, told: Told, persons: Persons, period: Period) -> Report:
    """Every number about *period*, small ones too.

    Args:
        told: :func:`telling.told_until` its last day.
        persons: the members of the families reached, as the vault told them.
    """
    families = reached(told, period)
    return Report(
        organisation,
        told.names.get(organisation, organisation),
        period,
        (
            *family_tables(families, persons, period),
            waiting_times(families, period),
            *pact_tables(told, period),
            *balance_tables(told, families, period),
        ),
    )
