"""A mail brought the form of an amendment: it is proposed as it says, or what to mend is told."""

from datetime import date

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.pacts.amending import Wanted
from services.pacts.form.comparing import Amended, read_amendment, said, wanted
from services.pacts.form.opening import names_of, opened, sealing
from services.pacts.form.problems import Kind, Problem, problem
from services.pacts.form.reference import Reference
from services.pacts.form.written import Written
from services.pacts.life import LIFE
from services.pacts.pact import Pact
from services.pacts.refusals import DraftDoesNotFitTheForm


def amended(
    deciding: Deciding,
    pact: Pact,
    reference: Reference,
    amends: int,
    values: dict[str, object],
    stranger: list[Problem],
    by: Actor,
    on: date,
) -> tuple[int | None, list[Problem]]:
    """The number of the amendment that says what the form says, or all that is to be mended.

    A form that starts from another pact than the one in force cannot be compared with it: then that
    alone is told.

    Args:
        amends: number of the proposal from which the form starts.
        stranger: what is wrong with who sent it.
    """
    told = [*stranger, *_about_the_pact(pact, reference, amends)]
    waits = amends == pact.in_force and reference.proposal == pact.amending
    if len(told) > len(stranger) and not waits:
        return None, told
    reading = read_amendment(values, pact, on, names_of(deciding, pact.family))
    if waits:
        same = reading.written and _is_before_the_committee(deciding, pact, reading.written)
        return (pact.amending, []) if same and not stranger else (None, stranger if same else told)
    told.extend(reading.problems)
    if told or reading.written is None:
        return None, told
    before = said(pact, opened(deciding))
    otherwise = wanted(pact, reading.written, before, sealing(deciding, pact.family))
    if otherwise == Wanted():
        return None, [problem(Kind.NOTHING_AMENDED, amends=amends)]
    return pact.propose_amendment_by_form(otherwise, by=by, on=on), []


def _about_the_pact(pact: Pact, reference: Reference, amends: int) -> list[Problem]:
    """The pact in force is the one from which the form starts, and no amendment of it waits."""
    if pact.state not in LIFE["propose_amendment_by_form"].before:
        return [problem(Kind.PACT_NOT_ACTIVE, state=pact.state)]
    if amends != pact.in_force:
        return [problem(Kind.FORM_OF_AN_OLDER_PACT, amends=amends, in_force=pact.in_force)]
    if pact.amending is not None:
        return [problem(Kind.AMENDMENT_BEFORE_THE_COMMITTEE, proposal=pact.amending)]
    return reference.is_for(pact.proposal + 1)


def _is_before_the_committee(deciding: Deciding, pact: Pact, written: Written) -> bool:
    """Whether the amendment that awaits its decision says what is *written*."""
    waiting = Amended.of(pact, pact.amendments[pact.proposal].difference)
    try:
        return said(waiting, opened(deciding)) == written
    except DraftDoesNotFitTheForm:
        return False
