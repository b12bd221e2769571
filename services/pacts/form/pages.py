"""The form as a page of HTML, from which the PDF is set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.pacts.content import Dimension
from services.pacts.form.fields import (
    DIMENSIONS,
    ENDS,
    STARTS,
    TAG,
    VERSION,
    WITH_FAMILY,
    WITHOUT_NAMES,
    Fields,
)
from services.pacts.form.reference import Reference

ABOUT = {
    Dimension.ASSISTANCE: "L’aiuto che la famiglia riceve.",
    Dimension.PROMOTION: "Ciò che cresce: lavoro, studio, autonomia. Qualcuno della famiglia si "
    "impegna.",
    Dimension.RESTITUTION: "Ciò che la famiglia offre alla comunità, nella misura che le è "
    "possibile. Non sostituisce un lavoro.",
}
FIRST_PART = 3
"""The number of the first dimension among the headings."""


@cache
def templates() -> Environment:
    """The pages of pacts; what is filled in is escaped, what is missing is a defect."""
    return Environment(
        loader=PackageLoader("services.pacts", "form"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True)
class Sending:
    """Where the form goes, and by which day.

    Attributes:
        to: the dedicated address, or None: nobody says it.
        by: the next day by which a proposal is on time.
    """

    to: str | None
    by: date


def form_page(
    fields: Fields,
    reference: Reference,
    sending: Sending,
    values: Mapping[str, str],
    hidden: Mapping[str, str],
) -> str:
    """The form for *reference*, with the *values* that are known already."""
    return (
        templates()
        .get_template("form.html")
        .render(
            fields=fields,
            reference=reference,
            sending=sending,
            values=values,
            version=VERSION,
            starts=STARTS,
            ends=ENDS,
            with_family=WITH_FAMILY,
            without_names=WITHOUT_NAMES,
            parts=[
                (dimension, DIMENSIONS[dimension], number, ABOUT[dimension])
                for number, dimension in enumerate(Dimension, start=FIRST_PART)
            ],
            tag=in_fours(hidden[TAG]),
            qr=qr(f"PATTO:{reference}:{VERSION}:{hidden[TAG]}"),
        )
    )


def qr(text: str) -> str:
    """A QR code of *text* as the address of a picture."""
    return str(segno.make(text, error="m").svg_data_uri(border=0))


def in_fours(tag: str) -> str:
    """A tag as people read it aloud: ``ABCD EFGH …``."""
    return " ".join(tag[at : at + 4] for at in range(0, len(tag), 4))
