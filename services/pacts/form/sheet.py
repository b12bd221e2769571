"""The sheet of a reference figure: the actions in which it has a part, and whom to ask.

Printed and handed over by the microequipe, above all to a figure that does not sign in. Nobody's
name is on it, and no text that names somebody of the family; names are written by hand.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from babel.dates import format_date

from services.pacts.content import Progress
from services.pacts.form.fields import AREAS
from services.pacts.form.own_part import OwnAction
from services.pacts.form.pages import templates
from services.pacts.form.prefilling import as_typed
from services.pacts.form.printing import ERASED, labels
from services.pacts.pact import Pact

LEFT_OUT = "(lo chieda a voce alla persona responsabile)"
PROGRESS = {
    Progress.PLANNED: "non è ancora cominciata",
    Progress.STARTED: "è in corso",
    Progress.COMPLETED: "è finita",
    Progress.DROPPED: "non si fa più",
}


def sheet_page(pact: Pact, called: str, actions: Sequence[OwnAction], on: date) -> str:
    """The page with *actions* of *pact* for who has a part in them.

    Texts that were erased, or that name somebody of the family, say so.

    Args:
        called: what the figure is, without its name.
        on: today, Europe/Rome.
    """
    environment = templates().overlay()
    environment.filters = {
        **environment.filters,
        "typed": as_typed,
        "said": lambda day: format_date(day, "d MMMM y", locale="it_IT"),
        "hours": _hours,
        "words": _words,
    }
    return environment.get_template("sheet.html").render(
        pact=pact,
        state=str(pact.state),
        called=called,
        actions=actions,
        areas=AREAS,
        labels=labels(pact),
        progress=PROGRESS,
        on=on,
    )


def _hours(hours: Decimal) -> str:
    """As people say it: ``1 ora``, ``60 ore``, ``2,50 ore``."""
    told = as_typed(hours).removesuffix(",00")
    return f"{told} {'ora' if told == '1' else 'ore'}"


def _words(action: OwnAction, name: str) -> str:
    return LEFT_OUT if name in action.left_out else action.told[name] or ERASED
