"""Moments in the life of a pact, as facts; a test spells out only what it is about."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.sealed import Sealed
from services.pacts.along import Position, VisitPlace
from services.pacts.content import (
    Action,
    ActionArea,
    Capacity,
    CapacityKind,
    CommunityResource,
    ConclusionReason,
    Decision,
    DeclineReason,
    Dimension,
    Figure,
    FigureRole,
    Goal,
    GoalRating,
    InterruptionReason,
    Microequipe,
    Party,
    ResourceKind,
    SuspensionReason,
    Verification,
)
from services.pacts.difference import (
    ActionChange,
    CapacityChange,
    Difference,
    GoalChange,
    ResourceChange,
    What,
)
from services.pacts.guidelines import Limits, Terms
from services.pacts.life import State
from services.pacts.money import AidGiven, AuthorisedAs, Expense, Payee, Payment, UrgentAid
from services.pacts.pact import Pact
from tests.scenario import SOMEBODY, Fact, fact

FAMILY = "LEAD-7K3M9Q-8"
FORMATION = UUID("f0000000-0000-4000-8000-000000000001")
LEAD = UUID(str(SOMEBODY.person))
MEMBER = UUID("00000000-0000-4000-8000-000000000002")
MANAGER = UUID("00000000-0000-4000-8000-000000000003")
MOTHER = UUID("00000000-0000-4000-8000-00000000000a")
SON = UUID("00000000-0000-4000-8000-00000000000b")
STRANGER = UUID("00000000-0000-4000-8000-00000000000f")
TEACHER = UUID("00000000-0000-4000-8000-00000000000c")
NEIGHBOUR = UUID("00000000-0000-4000-8000-00000000000d")
TEAM = Microequipe(LEAD, (MEMBER,), MANAGER)
FIGURES = (
    Figure(TEACHER, FigureRole.TEACHER, has_account=True),
    Figure(NEIGHBOUR, FigureRole.NEIGHBOUR, has_account=False),
)
WITH_FIGURES = Microequipe(LEAD, (MEMBER, TEACHER), MANAGER, FIGURES)

BY_LEAD = SOMEBODY
BY_MEMBER = Actor.of_person("lead", MEMBER)
BY_MANAGER = Actor.of_person("lead", MANAGER)
BY_TEACHER = Actor.of_person("lead", TEACHER)
BY_STRANGER = Actor.of_person("lead", STRANGER)
OURSELVES = Actor.of_service("lead", "pacts")

TERMS = Terms(number=1, pact_months=12, signature_days=30, verification_months=3)

MAR_16 = date(2026, 3, 16)
APR_9 = date(2026, 4, 9)
MAY_14 = date(2026, 5, 14)
MAY_20 = date(2026, 5, 20)
JUN_1 = date(2026, 6, 1)
JUN_13 = date(2026, 6, 13)
JUL_1 = date(2026, 7, 1)
AUG_1 = date(2026, 8, 1)
SEP_1 = date(2026, 9, 1)
SEP_2 = date(2026, 9, 2)
MAR_16_2027 = date(2027, 3, 16)


def eur(amount: str) -> Decimal:
    return Decimal(amount)


hours = eur


def text(number: int) -> Sealed:
    """A reference to some personal text."""
    return Sealed(UUID(int=number), f"{number:064x}")


GOAL = Goal(text(1), text(2))
OTHER_GOAL = Goal(text(3), text(4))
FOOD = Action(
    dimension=Dimension.ASSISTANCE,
    area=ActionArea.EMERGENCY_AID,
    description=text(11),
    provider="cda-san-rocco",
    responsible=LEAD,
    committed=None,
    starts=date(2026, 6, 1),
    until=date(2026, 11, 30),
    expected_result=text(12),
    quantity_eur=eur("450.00"),
    quantity_hours=None,
)
COURSE = Action(
    dimension=Dimension.PROMOTION,
    area=ActionArea.WORK_AND_TRAINING,
    description=text(13),
    provider="cfp-valle",
    responsible=MEMBER,
    committed=SON,
    starts=date(2026, 6, 15),
    until=date(2026, 12, 15),
    expected_result=text(14),
    quantity_eur=None,
    quantity_hours=hours("120.00"),
)
KITCHEN = Action(
    dimension=Dimension.RESTITUTION,
    area=ActionArea.COMPLEMENTARY_SERVICES_AND_EDUCATION,
    description=text(15),
    provider="oratorio-centro",
    responsible=MEMBER,
    committed=MOTHER,
    starts=date(2026, 7, 1),
    until=date(2027, 3, 1),
    expected_result=text(16),
    quantity_eur=None,
    quantity_hours=hours("60.00"),
)
COOKING = Capacity(CapacityKind.INFORMAL, text(21), MOTHER, action=3)
VOLUNTEER = CommunityResource(ResourceKind.VOLUNTEER, text(31), hours("20.00"))

drafted = fact(
    Pact.Drafted,
    family=FAMILY,
    number=1,
    formation=FORMATION,
    microequipe=TEAM,
    on=MAR_16,
    starts=MAR_16,
    ends=MAR_16_2027,
    guidelines=1,
)
figures_known = fact(Pact.MicroequipeChanged, formation=FORMATION, microequipe=WITH_FIGURES)
teacher_leads = fact(
    Pact.MicroequipeChanged,
    formation=FORMATION,
    microequipe=replace(WITH_FIGURES, lead=TEACHER),
)
neighbour_engaged = fact(Pact.FigureEngaged, action=2, person=NEIGHBOUR, on=MAR_16)
goal_added = fact(Pact.GoalAdded, number=1, goal=GOAL)
food_added = fact(Pact.ActionAdded, number=1, action=FOOD)
course_added = fact(Pact.ActionAdded, number=2, action=COURSE)
kitchen_added = fact(Pact.ActionAdded, number=3, action=KITCHEN)
capacity_linked = fact(Pact.CapacityLinked, number=1, capacity=COOKING)
resource_named = fact(Pact.ResourceNamed, number=1, resource=VOLUNTEER)
written = (
    drafted,
    goal_added,
    food_added,
    course_added,
    kitchen_added,
    capacity_linked,
    resource_named,
)

proposed = fact(Pact.Proposed, proposal=1, on=APR_9)
on_the_table = (*written, proposed)


def decision(outcome: State, proposal: int = 1, **changed: object) -> Decision:
    """The committee's decision of 14 May, as heard."""
    said: dict[str, object] = {
        "proposal": proposal,
        "outcome": outcome,
        "cycle": "2026-05",
        "guidelines": 1,
        "on": MAY_14,
        "reasons": (text(41),),
        "conditions": (text(42),) if outcome is State.APPROVED_WITH_CONDITIONS else (),
    }
    return Decision(**{**said, **changed})  # type: ignore[arg-type]


DECIDED = {"proposal": 1, "cycle": "2026-05", "guidelines": 1, "on": MAY_14, "reasons": (text(41),)}
TO_SIGN = {"signatories": (SON, MOTHER), "sign_by": JUN_13}
approved = fact(Pact.Approved, **DECIDED, **TO_SIGN)
approved_with_conditions = fact(
    Pact.ApprovedWithConditions, **DECIDED, **TO_SIGN, conditions=(text(42),)
)
returned = fact(Pact.Returned, **DECIDED)
not_approved = fact(Pact.NotApproved, **DECIDED)
taken_back = fact(Pact.DecisionTakenBack, proposal=1, corrects=1, on=MAY_14)
DECISIONS = {
    State.APPROVED: approved,
    State.APPROVED_WITH_CONDITIONS: approved_with_conditions,
    State.RETURNED: returned,
    State.NOT_APPROVED: not_approved,
}
"""What each decision of 14 May is in the pact."""

mother_signed = fact(Pact.Signed, person=MOTHER, party=Party.FAMILY, on=MAY_20)
son_signed = fact(Pact.Signed, person=SON, party=Party.FAMILY, on=MAY_20)
lead_signed = fact(Pact.Signed, person=LEAD, party=Party.LEAD, on=MAY_20)
all_signed = (
    son_signed,
    mother_signed,
    lead_signed,
    fact(Pact.SignedByAll, on=MAY_20),
)
signed = (*on_the_table, approved, *all_signed)
declined = fact(Pact.Declined, reason=DeclineReason.NOT_SAID, on=MAY_20)
lapsed = fact(Pact.Lapsed, sign_by=JUN_13, on=date(2026, 6, 14))

activated = fact(Pact.Activated, on=JUN_1, verify_by=SEP_1, guidelines=1)
active = (*signed, activated)
suspended = fact(Pact.Suspended, reason=SuspensionReason.HEALTH, on=JUL_1)
food_started = fact(Pact.ActionStarted, action=1, on=JUN_1)
verified = fact(
    Pact.Verified,
    verification=Verification(AUG_1, True, False, (GoalRating(1, 0),), None),
    next_by=date(2026, 11, 1),
    guidelines=1,
)
finally_verified = fact(
    Pact.Verified,
    verification=Verification(AUG_1, True, True, (GoalRating(1, 1),), None),
    next_by=date(2026, 11, 1),
    guidelines=1,
)
LONGER = Difference(
    ends_before=MAR_16_2027,
    ends=date(2027, 9, 16),
    goals=(GoalChange(What.ADDED, 2, OTHER_GOAL),),
    actions=(
        ActionChange(What.CHANGED, 2, replace(COURSE, until=date(2027, 6, 15))),
        ActionChange(What.REMOVED, 3, None),
        ActionChange(What.ADDED, 4, replace(KITCHEN, until=date(2027, 6, 1))),
    ),
    capacities=(CapacityChange(What.CHANGED, 1, replace(COOKING, action=4)),),
    resources=(ResourceChange(What.ADDED, 2, VOLUNTEER),),
)
amendment_proposed = fact(Pact.AmendmentProposed, proposal=2, amends=1, difference=LONGER, on=AUG_1)
amendment_withdrawn = fact(Pact.AmendmentWithdrawn, proposal=2, on=AUG_1)
ON_AMENDMENT = {
    "proposal": 2,
    "cycle": "2026-09",
    "guidelines": 1,
    "on": SEP_1,
    "reasons": (text(43),),
    "corrects": None,
}
amendment_returned = fact(Pact.AmendmentReturned, **ON_AMENDMENT)
amendment_not_approved = fact(Pact.AmendmentNotApproved, **ON_AMENDMENT)
amended = fact(
    Pact.Amended,
    **ON_AMENDMENT,
    outcome=State.APPROVED,
    conditions=(),
    difference=LONGER,
    heard_on=SEP_2,
)
amending = (*active, amendment_proposed)

URGENT = UrgentAid(eur("150.00"), text(61), AuthorisedAs.CASE_MANAGER, MAR_16)
aid_authorised = fact(Pact.UrgentAidAuthorised, number=1, aid=URGENT, guidelines=1)
aid_given = fact(Pact.UrgentAidGiven, given=AidGiven(1, APR_9, eur("100.00")))
BREAD = Expense(1, eur("120.00"), "lead", Payee.SUPPLIER, "forno-sole", "A.1")
expense_planned = fact(Pact.ExpensePlanned, number=1, expense=BREAD, guidelines=1, on=JUN_1)
expense_committed = fact(Pact.ExpenseCommitted, number=1, eur=eur("100.00"), on=JUL_1)
expense_paid = fact(
    Pact.ExpensePaid,
    number=1,
    payment=1,
    paid=Payment(eur("60.00"), "FT-2026-17", JUL_1, None, None),
)
LIMITS = Limits(number=1, urgent_aid_eur=eur("300.00"), emergency_aid_year_eur=None)

look_back_set = fact(
    Pact.LookBackSet, due=date(2027, 2, 1), until=date(2027, 3, 3), guidelines=1, on=AUG_1
)
visit_planned = fact(
    Pact.VisitPlanned, visit=1, day=AUG_1, visitor=MEMBER, place=VisitPlace.HOME, on=JUL_1
)
concluded = fact(Pact.Concluded, reason=ConclusionReason.GOALS_REACHED, on=AUG_1)
interrupted = fact(Pact.Interrupted, reason=InterruptionReason.MOVED_AWAY, on=AUG_1)

minor_told = fact(
    Pact.PositionTold,
    person=STRANGER,
    position=Position.MINOR_FROM_14,
    signer=None,
    representation=None,
    on=MAR_16,
)

REACHED: dict[State, tuple[Fact, ...]] = {
    State.DRAFTED: (*written, minor_told),
    State.PROPOSED: (*on_the_table, minor_told),
    State.RETURNED: (*on_the_table, minor_told, returned),
    State.APPROVED: (*on_the_table, approved, son_signed, mother_signed),
    State.APPROVED_WITH_CONDITIONS: (
        *on_the_table,
        approved_with_conditions,
        son_signed,
        mother_signed,
    ),
    State.NOT_APPROVED: (*on_the_table, not_approved),
    State.SIGNED: signed,
    State.ACTIVE: (*active, food_started, visit_planned, finally_verified),
    State.SUSPENDED: (*active, food_started, visit_planned, finally_verified, suspended),
    State.CONCLUDED: (*active, finally_verified, concluded, look_back_set),
    State.INTERRUPTED: (*active, finally_verified, interrupted, look_back_set),
    State.DECLINED: (*on_the_table, approved, declined),
    State.LAPSED: (*on_the_table, approved, lapsed),
}
"""A story that leads to each state, with all that is needed for whatever may be asked there."""
