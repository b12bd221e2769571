"""How long families wait between one step of their path and the next, in days."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from uuid import UUID

from services.console.report.paths import FamilyPath, PactPath
from services.console.report.period import Period
from services.console.report.tables import Column, Line, Table
from services.intake.codes import Outcome

STEPS = (
    "referral_to_verification",
    "verification_to_microequipe",
    "microequipe_to_draft",
    "draft_to_proposal",
    "proposal_to_decision",
    "decision_to_signature",
    "signature_to_activation",
)
Wait = tuple[str, UUID, date | None, date | None]
"""Which step, whose, since when, until when."""


def waiting_times(families: Sequence[FamilyPath], period: Period) -> Table:
    """Each wait of *families* that ended in *period*: how many, the median, the longest.

    A wait belongs to the period in which it ended, so that what comes later does not change it.
    """
    ended: dict[str, list[tuple[UUID, int]]] = {step: [] for step in STEPS}
    for family in families:
        for step, whose, since, until in _waits(family):
            if since is not None and until is not None and period.holds(until):
                ended[step].append((whose, (until - since).days))
    columns = (Column.STEPS, Column.MEDIAN, Column.LONGEST)
    lines = tuple(_line(step, found) for step, found in ended.items())
    return Table("waiting", columns, lines, within=frozenset(each.id for each in families))


def _line(step: str, found: Sequence[tuple[UUID, int]]) -> Line:
    days = [Decimal(each) for _, each in found]
    told = (median(days), int(max(days))) if days else (None, None)
    return Line(step, (len(days), *told), frozenset(whose for whose, _ in found))


def _waits(family: FamilyPath) -> Iterator[Wait]:
    decided = family.verified_on(Outcome.ELIGIBLE, Outcome.NOT_ELIGIBLE)
    yield STEPS[0], family.id, family.referred_on, decided
    eligible = family.verified_on(Outcome.ELIGIBLE)
    yield STEPS[1], family.id, eligible, family.microequipe_on
    for pact in family.pacts:
        if pact.first:
            yield STEPS[2], family.id, family.microequipe_on, pact.drafted_on
        yield from _waits_of(pact)


def _waits_of(pact: PactPath) -> Iterator[Wait]:
    yield STEPS[3], pact.family, pact.drafted_on, min(pact.proposals.values(), default=None)
    for number, proposed_on in pact.proposals.items():
        decisions = pact.decisions.get(number)
        yield STEPS[4], pact.family, proposed_on, decisions[0][0] if decisions else None
    yield STEPS[5], pact.family, pact.approved_on, pact.signed_on
    yield STEPS[6], pact.family, pact.signed_on, pact.active_from
