"""A report as a page for people, set as a tagged PDF."""

from functools import cache

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from services.console.report.hiding import SMALLEST
from services.console.report.tables import Report
from services.console.report.words import COLUMNS, HIDDEN, TABLES, day, line_words, number
from services.pacts.form.typesetting import page_pdf

THOUSANDS = "."


def pdf_of(report: Report) -> bytes:
    """The PDF of *report*.

    Raises:
        services.pacts.form.typesetting.NotSet: it could not be made.
    """
    return page_pdf(page_of(report))


def page_of(report: Report) -> str:
    """The page from which the PDF is set."""
    return _templates().get_template("report.html").render(report=report, smallest=SMALLEST)


@cache
def _templates() -> Environment:
    """This page, and the style sheet of the papers of pacts."""
    made = Environment(
        loader=ChoiceLoader(
            [PackageLoader("services.console", "report"), PackageLoader("services.pacts", "form")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"about": TABLES, "columns": COLUMNS, "hidden": HIDDEN, "words": line_words}
    made.filters |= {"day": day}
    made.globals["number"] = lambda column, value: number(column, value, THOUSANDS)
    return made
