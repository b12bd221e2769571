"""Making a report at the console, and writing its files."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from services.console.report.document import pdf_of
from services.console.report.hiding import published
from services.console.report.period import Period
from services.console.report.reading import Stores, counted_report, store_of
from services.console.report.sheet import csv_of
from services.console.report.tables import Report
from services.kernel.actor import Actor
from services.kernel.civil import civil_day


def make_report(
    stores: Stores,
    organisation: str,
    first: date,
    last: date,
    known: date | None,
    operator: str | None,
) -> Report:
    """The report of *organisation* from *first* to *last*, small counts included.

    Args:
        known: what was recorded at the end of this day; None: of yesterday.
        operator: id of the person who makes it; None: nobody says who it is.

    Raises:
        PeriodReversed, NotOverYet: there is no such period, or not yet.
        Missing: a service of the organisation is not on this machine.
    """
    today = civil_day(store_of(stores, organisation, "intake").clock.now())
    reader = (
        Actor.of_service(organisation, "console")
        if operator is None
        else Actor.of_person(organisation, operator)
    )
    period = Period.told(first, last, known, today)
    return counted_report(stores, organisation, period, reader)


def written(report: Report, unsuppressed: bool, folder: Path) -> Iterator[Path]:
    """Write the CSV and the PDF of *report*, for everybody or for the organisation alone.

    Yields:
        Each file; one for the organisation alone says so in its name, and only its owner reads it.
    """
    told = report if unsuppressed else published(report)
    period = report.period
    name = f"rendiconto-{report.organisation}-{period.first}-{period.last}"
    if unsuppressed:
        name += "-uso-interno"
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, content in (("csv", csv_of(told)), ("pdf", pdf_of(told))):
        path = folder / f"{name}.{suffix}"
        path.unlink(missing_ok=True)
        mode = 0o600 if unsuppressed else 0o644
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(content)
        yield path
