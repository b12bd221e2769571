"""The family's letter: what was decided on its pact and why, what it can do, whom to ask.

Printed and handed over by the microequipe, to a family that has no mail or none that is safe. It is
never mailed: it holds the committee's reasons. Names are written by hand.
"""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date

from services.kernel.sealed import Sealed
from services.pacts.form.pages import templates
from services.pacts.form.printing import ERASED
from services.pacts.life import State
from services.pacts.pact import Pact

YES = (State.APPROVED, State.APPROVED_WITH_CONDITIONS)


def family_page(
    pact: Pact, text: Callable[[Sealed | None], str | None], look_again_by: date
) -> str:
    """The page about the last decision on *pact*, or on an amendment of it.

    Texts that were erased say so.

    Args:
        look_again_by: last day to ask for a second look.
    """
    environment = templates().overlay()
    environment.filters = {
        **environment.filters,
        "said": lambda day: format_date(day, "d MMMM y", locale="it_IT"),
        "clear": lambda sealed: text(sealed) or ERASED,
    }
    decision = pact.last_decision
    assert decision is not None  # it was asked for in a state that follows a decision
    return environment.get_template("family.html").render(
        pact=pact,
        decision=decision,
        outcome=str(decision.outcome),
        amendment=decision.proposal in pact.amendments,
        yes=decision.outcome in YES,
        sign_by=pact.sign_by if pact.state in YES else None,
        look_again_by=look_again_by,
    )
