"""Families' lives as recorded events; a test spells out only the days that it is about."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.console.report.about_families import Person
from services.console.report.counting import counted
from services.console.report.period import Period
from services.console.report.tables import Report, Value
from services.console.report.telling import told_until
from services.intake.codes import AccessPoint, Coming, Direction, Going, Outcome
from services.intake.family import Family
from services.intake.family_code import family_id
from services.intake.microequipe import Microequipe
from services.kernel.aggregate import Birth
from services.kernel.civil import ROME
from services.notify.receipt import Receipt, receipt_id
from services.pacts.along import LookBackOutcome
from services.pacts.content import (
    CommunityResource,
    Given,
    GoalRating,
    Received,
    ResourceKind,
    Verification,
)
from services.pacts.difference import Difference
from services.pacts.giving import RestitutionKind
from services.pacts.life import State
from services.pacts.money import (
    AidGiven,
    CorrectionReason,
    Expense,
    OtherSupport,
    Payee,
    Payment,
)
from services.pacts.pact import Pact, pact_id
from tests.intake.moments import described, referred, verified
from tests.pacts import moments as pact_moments
from tests.pacts.moments import DECISIONS, text
from tests.scenario import SOMEBODY, Fact, fact

FIRST, LAST, KNOWN = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 15)
HALF_YEAR = Period(FIRST, LAST, KNOWN)


def code(number: int) -> str:
    return f"LEAD-{number:06}-0"


def happened(told: Fact, stream: UUID, recorded: date, **changed: Any) -> Any:
    """The event that states *told* (with some fields *changed*), recorded at noon of that day."""
    columns: dict[str, Any] = {
        "originator_id": stream,
        "originator_version": 1,
        "timestamp": datetime.combine(recorded, time(12), ROME).astimezone(UTC),
        "by": SOMEBODY,
    }
    if issubclass(told.event, Birth):
        columns["originator_topic"] = told.event.STREAM_TYPE
    return told.event(**columns, **(dict(told.fields) | changed))


class Life:
    """What is recorded of family *number*, each fact on its own day unless told otherwise."""

    def __init__(self, number: int = 1) -> None:
        self.number = number
        self.family = family_id(code(number))
        self.pact = pact_id(code(number), 1)
        self.events: list[Any] = []

    def referred(self, on: date, at: AccessPoint = AccessPoint.CDA) -> "Life":
        return self._of_family(referred, on, code=code(self.number), access_point=at)

    def described(self, on: date, *members: int) -> "Life":
        return self._of_family(described, on, members=members)

    def joined(self, on: date, into: int) -> "Life":
        return self._of_family(fact(Family.Joined, into=code(into)), on)

    def parted(self, on: date) -> "Life":
        return self._of_family(fact(Family.JoiningUndone), on)

    def came(self, on: date, number: int) -> "Life":
        came = fact(Family.MemberCame, number=number, came=Coming.MOVED_IN, member=text(9))
        return self._of_family(came, on)

    def gone(self, on: date, number: int) -> "Life":
        return self._of_family(fact(Family.MemberGone, number=number, gone=Going.DIED), on)

    def split(self, on: date, *members: int) -> "Life":
        return self._of_family(fact(Family.HouseholdSplit, members=members), on)

    def directed(self, on: date) -> "Life":
        return self._of_family(fact(Family.DirectedElsewhere, to=Direction.CAF), on)

    def verified(self, on: date, outcome: Outcome = Outcome.ELIGIBLE) -> "Life":
        return self._of_family(verified(outcome), on)

    def team(self, on: date) -> "Life":
        formed = fact(
            Microequipe.Formed,
            family=code(self.number),
            members=(),
            lead=SOMEBODY.person,
            case_manager=None,
            guidelines=1,
            figures_told=True,
            on=on,
        )
        self.events.append(happened(formed, UUID(int=self.number), on))
        return self

    def drafted(self, on: date, number: int = 1) -> "Life":
        self.pact = pact_id(code(self.number), number)
        family = code(self.number)
        self.on_pact(pact_moments.drafted, on, family=family, number=number, on=on)
        for added in ("food_added", "course_added", "kitchen_added"):
            self.on_pact(getattr(pact_moments, added), on)
        return self

    def proposed(self, on: date, late: bool | None = False, number: int = 1) -> "Life":
        self.on_pact(fact(Pact.Proposed, proposal=number, on=on), on)
        if late is not None:
            self.placed(on, late, number)
        return self

    def placed(self, recorded: date, late: bool, number: int = 1) -> "Life":
        receipt = receipt_id(self.pact, number)
        opened = fact(Receipt.Opened, family=code(self.number), pact=self.pact, number=number)
        place = {"cycle": "2026-07", "late": late, "decide_by": date(2026, 7, 20)}
        placed = fact(Receipt.Placed, **place, by_form=None)
        self.events += [happened(each, receipt, recorded) for each in (opened, placed)]
        return self

    def decided(
        self, on: date, outcome: State = State.APPROVED, number: int = 1, heard: date | None = None
    ) -> "Life":
        return self.on_pact(DECISIONS[outcome], heard or on, on=on, proposal=number)

    def signed(self, on: date) -> "Life":
        return self.on_pact(fact(Pact.SignedByAll, on=on), on)

    def active(self, on: date) -> "Life":
        return self.on_pact(pact_moments.activated, on, on=on)

    def helped(self, on: date, recorded: date | None = None, **received: Any) -> "Life":
        got = {"action": 1, "on": on, "eur": None, "hours": None, **received}
        return self.on_pact(fact(Pact.HelpLogged, received=Received(**got)), recorded or on)

    def gave(self, on: date, action: int, recorded: date | None = None, **given: Any) -> "Life":
        gave = {"action": action, "on": on, "eur": None, "hours": None, "works": None, **given}
        return self.on_pact(fact(Pact.CommitmentLogged, given=Given(**gave)), recorded or on)

    def gave_back(
        self, on: date, action: int, recorded: date | None = None, **given: Any
    ) -> "Life":
        """Restitution, logged with its kind."""
        gave = {"action": action, "on": on, "eur": None, "hours": None, "works": None, **given}
        told = fact(
            Pact.RestitutionLogged,
            given=Given(**gave),
            kind=RestitutionKind.COMMUNITY_SERVICE,
            health_limits=False,
        )
        return self.on_pact(told, recorded or on)

    def aided(self, on: date, eur: Decimal) -> "Life":
        return self.on_pact(fact(Pact.UrgentAidGiven, given=AidGiven(1, on, eur)), on)

    def supported(self, on: date, eur: Decimal) -> "Life":
        support = OtherSupport("comune", on, eur, None)
        return self.on_pact(fact(Pact.OtherSupportLogged, support=support), on)

    def planned(self, on: date, eur: Decimal, line: str = "A.1", number: int = 1) -> "Life":
        expense = Expense(1, eur, "lead", Payee.SUPPLIER, "negozio", line)
        told = fact(Pact.ExpensePlanned, number=number, expense=expense, guidelines=1, on=on)
        return self.on_pact(told, on)

    def committed(self, on: date, eur: Decimal, number: int = 1) -> "Life":
        return self.on_pact(fact(Pact.ExpenseCommitted, number=number, eur=eur, on=on), on)

    def reduced(self, on: date, before: Decimal, eur: Decimal) -> "Life":
        return self.on_pact(
            fact(Pact.CommitmentReduced, number=1, before=before, eur=eur, on=on), on
        )

    def paid(self, on: date, eur: Decimal, recorded: date | None = None, number: int = 1) -> "Life":
        paid = Payment(eur, "F-1", on, None, None)
        return self.on_pact(
            fact(Pact.ExpensePaid, number=number, payment=1, paid=paid), recorded or on
        )

    def corrected(self, on: date, before: Decimal, eur: Decimal) -> "Life":
        paid = Payment(eur, "F-2", on, 1, CorrectionReason.WRONG_AMOUNT)
        told = fact(Pact.PaymentCorrected, number=1, payment=2, before=before, paid=paid)
        return self.on_pact(told, on)

    def amendment(self, on: date, difference: Difference, number: int = 2) -> "Life":
        told = fact(Pact.AmendmentProposed, proposal=number, amends=1, difference=difference, on=on)
        return self.on_pact(told, on)

    def amendment_decided(self, on: date, event: Any, number: int = 2, **more: Any) -> "Life":
        told = {"proposal": number, "cycle": "2026-05", "guidelines": 1, "reasons": ()}
        return self.on_pact(fact(event, **told, on=on, corrects=None, **more), on)

    def resource(self, on: date, kind: ResourceKind, hours: Any = None) -> "Life":
        named = CommunityResource(kind, text(31), hours)
        number = len(self.events)
        return self.on_pact(fact(Pact.ResourceNamed, number=number, resource=named), on)

    def rated(self, on: date, *ratings: int) -> "Life":
        """Each goal, from the first on, got its rating."""
        rated = tuple(GoalRating(goal, each) for goal, each in enumerate(ratings, start=1))
        check = Verification(on, True, False, rated, None)
        return self.on_pact(replace_fact(pact_moments.verified, verification=check), on)

    def ended(self, on: date, how: Fact = pact_moments.concluded) -> "Life":
        return self.on_pact(how, on, on=on)

    def to_look_back(self, ended: date, due: date) -> "Life":
        told = fact(Pact.LookBackSet, due=due, until=due, guidelines=1, on=ended)
        return self.on_pact(told, ended)

    def looked_back(self, on: date, outcome: LookBackOutcome) -> "Life":
        return self.on_pact(fact(Pact.LookedBack, outcome=outcome, note=None, on=on), on)

    def on_pact(self, told: Fact, recorded: date, **changed: Any) -> "Life":
        self.events.append(happened(told, self.pact, recorded, **changed))
        return self

    def _of_family(self, told: Fact, on: date, **changed: Any) -> "Life":
        self.events.append(happened(told, self.family, on, on=on, **changed))
        return self

    def way(self, referred: date, active: date, at: AccessPoint = AccessPoint.CDA) -> "Life":
        """From the referral to an active pact: all that lies between happened on the first day."""
        self.referred(referred, at).verified(referred).team(referred).drafted(referred)
        return self.proposed(referred).decided(referred).signed(referred).active(active)


def replace_fact(told: Fact, **changed: Any) -> Fact:
    return fact(told.event, **(dict(told.fields) | changed))


def report_of(
    *lives: Life,
    period: Period = HALF_YEAR,
    persons: Mapping[UUID, Mapping[int, Person]] | None = None,
) -> Report:
    """The report of the organisation that recorded *lives*."""
    events = [event for life in lives for event in life.events if _known(event, period)]
    return counted("lead", told_until(events, period.last), persons or {}, period)


def _known(event: Any, period: Period) -> bool:
    return bool(event.timestamp.astimezone(ROME).date() <= period.known)


def numbers(report: Report, *tables: str) -> dict[str, dict[str, tuple[Value, ...]]]:
    """The lines of *tables* (all) that count something, by their codes; without totals."""
    return {
        table.code: {line.code: line.values for line in table.lines if line.units}
        for table in report.tables
        if (not tables or table.code in tables) and any(line.units for line in table.lines)
    }


def counts(report: Report, table: str) -> dict[str, int]:
    """The counts of one table, by line; lines of none are left out."""
    found = numbers(report, table).get(table, {})
    return {line: int(values[0] or 0) for line, values in found.items()}
