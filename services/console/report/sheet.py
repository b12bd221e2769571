"""A report as CSV, as Italian spreadsheets open it: one line for each number."""

import csv
from io import StringIO

from services.console.report.tables import Report
from services.console.report.words import COLUMNS, HIDDEN, TABLES, day, line_words, number

HEADINGS = ("ente", "dal", "al", "dati al", "tabella", "codice", "voce", "misura", "valore", "nota")


def csv_of(report: Report) -> bytes:
    """UTF-8 with a mark, semicolons, decimal commas, no thousands; a hidden number is empty."""
    period = report.period
    about = (report.name, *map(day, (period.first, period.last, period.known)))
    kept = StringIO()
    writer = csv.writer(kept, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for table in report.tables:
        for line in table.all_lines:
            what = (
                TABLES[table.code].title,
                f"{table.code}.{line.code}",
                line_words(table.code, line.code),
            )
            for column, value in zip(table.columns, line.values, strict=True):
                told = ("", HIDDEN) if line.hidden else (number(column, value), "")
                writer.writerow((*about, *what, COLUMNS[column], *told))
    return kept.getvalue().encode("utf-8-sig")
