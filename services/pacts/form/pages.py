"""The form as a page of HTML, from which the PDF is set."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from services.pacts.content import Dimension
from services.pacts.form.fields import (
    AGREED,
    DIMENSIONS,
    ENDS,
    STARTS,
    TAG,
    VERSION,
    WITH_FAMILY,
    WITHOUT_NAMES,
    Field,
    Fields,
    Item,
    fields_of,
    taken_out,
)
from services.pacts.form.reference import Reference
from services.pacts.pact import Pact

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


@dataclass(frozen=True)
class InForce:
    """The version of a pact from which the form of an amendment starts.

    Attributes:
        number: of the proposal that says what is in force.
        approved_on: day of the committee's decision on that.
        starts: first day of the pact, which no amendment changes.
    """

    number: int
    approved_on: date
    starts: date

    @classmethod
    def of(cls, pact: Pact) -> Self:
        """What is in force of *pact*, which is under way."""
        decision = pact.every_decision[pact.in_force]
        assert pact.starts is not None
        return cls(decision.proposal, decision.on, pact.starts)


def form_page(
    fields: Fields,
    reference: Reference,
    sending: Sending,
    values: Mapping[str, str],
    hidden: Mapping[str, str],
    amends: InForce | None = None,
) -> str:
    """The form for *reference*, with the *values* that are known already.

    Args:
        amends: what is in force, if it is the form of an amendment.
    """
    shown = f"{reference}:{VERSION}:{hidden[TAG]}"

    def out(item: Item) -> Field | None:
        written = any(each.name in values for each in fields_of(item))
        return taken_out(item) if amends and written else None

    return (
        templates()
        .get_template("form.html")
        .render(
            fields=fields,
            reference=reference,
            sending=sending,
            values=values,
            version=VERSION,
            amends=amends,
            out=out,
            starts=STARTS,
            ends=ENDS,
            with_family=AGREED if amends else WITH_FAMILY,
            without_names=WITHOUT_NAMES,
            parts=[
                (dimension, DIMENSIONS[dimension], number, ABOUT[dimension])
                for number, dimension in enumerate(Dimension, start=FIRST_PART)
            ],
            tag=in_fours(hidden[TAG]),
            qr=qr(f"MODIFICA:{amends.number}:{shown}" if amends else f"PATTO:{shown}"),
        )
    )


def labels(fields: Fields, amends: InForce | None = None) -> dict[str, str]:
    """The whole label of each field that the form may have, by its name, for screen readers."""
    others = (AGREED, *map(taken_out, fields.items)) if amends else ()
    return {each.name: each.label for each in (*fields, *others)}


def qr(text: str) -> str:
    """A QR code of *text* as the address of a picture."""
    return str(segno.make(text, error="m").svg_data_uri(border=0))


def in_fours(tag: str) -> str:
    """A tag as people read it aloud: ``ABCD EFGH …``."""
    return " ".join(tag[at : at + 4] for at in range(0, len(tag), 4))
