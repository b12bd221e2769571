"""What a pact is at any moment, and whether something may be asked of it; all chapters share it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Unknown
from services.kernel.sealed import Sealed
from services.pacts.along import (
    Complaint,
    DormantKind,
    LookBackOutcome,
    NotVerifiedBecause,
    Placed,
    Position,
    SecondLook,
    TieKind,
    Visit,
)
from services.pacts.budget import Movement, Spending
from services.pacts.content import (
    Action,
    Capacity,
    CommunityResource,
    Decision,
    Dimension,
    Given,
    Goal,
    Microequipe,
    Progress,
    Received,
    Verification,
)
from services.pacts.difference import Amendment, AmendmentState
from services.pacts.life import LIFE, ON_PAPER, OVER, State, Who
from services.pacts.money import AidGiven, OtherSupport, UrgentAid
from services.pacts.refusals import (
    NoSuchItem,
    NotAManagerOfTheFamily,
    NotInThePact,
    NotOfTheMicroequipe,
    NotTheLead,
    OnlyAReferenceFigure,
    QuantityNotPositive,
)

NOBODY = UUID(int=0)
SEE_ANY = frozenset({"project_manager", "auditor"})
"""Roles that see every pact of the organisation without its texts; the others see their own [3]."""


class Standing(Aggregate):
    """The state of a pact, without its events: those are in the chapters that :class:`Pact` joins.

    Attributes:
        number: 1 for the family's first pact.
        proposed: what the last proposal said, as :meth:`content` gives it.
        amendments: by the number of their proposal, which goes on counting within the pact.
        aids: urgent aid by its number.
        expenses: by their number, as they stand; *movements* say how they came to stand so.
        emergency_aid: those of *received* that were help on an action of emergency aid.
        corrected: of each proposal whose decision was corrected: the number of the corrected one.
        set_aside: proposals, amendments too, that the committee set aside undecided.
        formation: what made us draft it: the event in which intake said who the microequipe is.
        named: highest number ever given to a goal, action, capacity or resource; none is reused.
        engaged: by the number of an action, the reference figures that help in it.
        restitution: those of *given* that were for the community.
        signatories: who signs for the family, fixed by the approval.
        expiring_noted: number of the last ISEE certificate that was noted to expire soon.
        expired_noted: number of the last one that was noted to have expired.
        dormant_noted: of the last silence that was noted: its kind, and since when.
        positions: of those of the family about whom the microequipe told; the others sign.
        relied_on: of the last proposal of which it was told, its number and the last day on which
            the committee may approve it on the family's ISEE.
        overdue_noted: the due date whose passing was noted.
        heard: the day on which the decision on each proposal was heard.
        ties: as counted at each verification by its number, 0 being the activation.
        capacities_used: as told at each verification, by its number.
    """

    def __init__(self) -> None:
        self.family = ""
        self.number = 0
        self.formation = NOBODY
        self.microequipe = Microequipe(NOBODY, (), None)
        self.drafted_on = date.min
        self.state = State.DRAFTED

        self.starts: date | None = None
        self.ends: date | None = None
        self.goals: dict[int, Goal] = {}
        self.actions: dict[int, Action] = {}
        self.capacities: dict[int, Capacity] = {}
        self.resources: dict[int, CommunityResource] = {}
        self.named: dict[str, int] = {}
        self.chosen_signatories: tuple[UUID, ...] = ()

        self.proposal = 0
        self.proposed: tuple[Any, ...] = ()
        self.decisions: dict[int, Decision] = {}
        self.corrected: dict[int, int] = {}
        self.set_aside: set[int] = set()
        self.relied_on: tuple[int, date] | None = None

        self.signatories: tuple[UUID, ...] = ()
        self.sign_by: date | None = None
        self.signed: dict[UUID, date] = {}

        self.active_from: date | None = None
        self.suspended_on: date | None = None
        self.progress: dict[int, Progress] = {}
        self.engaged: dict[int, tuple[UUID, ...]] = {}
        self.received: tuple[Received, ...] = ()
        self.given: tuple[Given, ...] = ()
        self.restitution: tuple[Given, ...] = ()
        self.verifications: tuple[Verification, ...] = ()
        self.verify_by: date | None = None
        self.overdue_noted: date | None = None
        self.ended_on: date | None = None
        self.ended_because: str | None = None
        self.texts_erased_on: date | None = None

        self.amendments: dict[int, Amendment] = {}

        self.aids: dict[int, UrgentAid] = {}
        self.aid_given: tuple[AidGiven, ...] = ()
        self.emergency_aid: tuple[Received, ...] = ()
        self.expenses: dict[int, Spending] = {}
        self.movements: tuple[Movement, ...] = ()
        self.other_support: tuple[OtherSupport, ...] = ()

        self.expiring_noted = 0
        self.expired_noted = 0
        self.dormant_noted: tuple[DormantKind, date] | None = None
        self.positions: dict[UUID, Placed] = {}
        self.minors_heard: dict[UUID, date] = {}
        self.heard: dict[int, date] = {}
        self.second_looks: dict[int, SecondLook] = {}
        self.complaints: dict[int, Complaint] = {}
        self.visits: dict[int, Visit] = {}
        self.ties: dict[int, dict[TieKind, int]] = {}
        self.capacities_used: dict[int, tuple[int, ...]] = {}
        self.not_verified_because: NotVerifiedBecause | None = None
        self.look_back_due: date | None = None
        self.look_back_until: date | None = None
        self.look_back_noted = False
        self.look_back_late_noted = False
        self.looked_back_on: date | None = None
        self.looked_back: LookBackOutcome | None = None
        self.look_back_note: Sealed | None = None

    @property
    def over(self) -> bool:
        """Whether the pact has ended, in whatever way; then the family may have another."""
        return self.state in OVER

    @property
    def decision(self) -> Decision | None:
        """What the committee decided last."""
        return next(reversed(self.decisions.values()), None)

    @property
    def every_decision(self) -> dict[int, Decision]:
        """The decisions that stand by the number of their proposal, also those on amendments."""
        on_amendments = {
            number: each.decision for number, each in self.amendments.items() if each.decision
        }
        return {**self.decisions, **on_amendments}

    @property
    def last_decision(self) -> Decision | None:
        """What the committee decided last, on the pact or on an amendment of it."""
        return next(reversed(self.every_decision.values()), None)

    @property
    def helped(self) -> tuple[Received | AidGiven, ...]:
        """All help that the family received, urgent aid too."""
        return (*self.received, *self.aid_given)

    @property
    def amending(self) -> int | None:
        """The number of the amendment that awaits the committee's decision, if one does."""
        last = self.amendments.get(self.proposal)
        return self.proposal if last and last.state is AmendmentState.PROPOSED else None

    @property
    def in_force(self) -> int:
        """The number of the proposal that says what the pact says; later ones took no effect."""
        amended = [each.proposal for each in self.amended]
        return max(amended, default=self.proposal - len(self.amendments))

    @property
    def amended(self) -> tuple[Decision, ...]:
        """The decisions by which the pact was amended, in their order."""
        return tuple(
            each.decision
            for each in self.amendments.values()
            if each.decision and each.state is AmendmentState.IN_FORCE
        )

    @property
    def decision_heard(self) -> date | None:
        """The day on which the committee's last decision was heard, Europe/Rome."""
        return None if self.decision is None else self.heard[self.decision.proposal]

    def heard_on(self, proposal: int | None = None) -> date | None:
        """The day on which the decision on *proposal* was heard; by default, the last decision."""
        last = self.last_decision
        number = proposal or (last.proposal if last else 0)
        return self.heard.get(number)

    @property
    def committed(self) -> tuple[UUID, ...]:
        """Those of the family who commit to an action, in the order of the actions."""
        found = (action.committed for action in self.actions.values())
        return tuple(dict.fromkeys(person for person in found if person is not None))

    @property
    def awaited(self) -> tuple[UUID, ...]:
        """Those who have still to sign: of the family first, then the lead."""
        wanted = dict.fromkeys((*self.signers, self.microequipe.lead))
        return tuple(person for person in wanted if person not in self.signed)

    @property
    def signers(self) -> tuple[UUID, ...]:
        """Who signs for the family: the signatories, or who signs in their place; no minor."""
        wanted = (self._signs_for(person) for person in self.signatories)
        return tuple(dict.fromkeys(person for person in wanted if person is not None))

    @property
    def to_be_heard(self) -> tuple[UUID, ...]:
        """The minors from 14 on who were not heard yet."""
        return tuple(
            person
            for person, placed in self.positions.items()
            if placed.position is Position.MINOR_FROM_14 and person not in self.minors_heard
        )

    def content(self) -> tuple[Any, ...]:
        """What the committee decides on, and the family signs."""
        return (
            (self.starts, self.ends, self.chosen_signatories),
            (dict(self.goals), dict(self.actions)),
            (dict(self.capacities), dict(self.resources)),
        )

    def missing(self) -> list[str]:
        """What the pact lacks to be proposed [2]."""
        return lacking(self.actions, self.capacities, self.resources, self.ends)

    @property
    def around(self) -> tuple[UUID, ...]:
        """The microequipe but for its reference figures, its lead first, and the case manager."""
        manager = self.microequipe.case_manager
        team = self.microequipe.professionals
        return team if manager is None else (*team, manager)

    @property
    def figures(self) -> tuple[UUID, ...]:
        """Who is only a reference figure: sees the actions it takes part in, and nothing else."""
        return tuple(figure.person for figure in self.microequipe.only_figures)

    def entrusted_to(self, by: Actor) -> bool:
        """Whether *by* is of the microequipe, and not only a figure, or assists it."""
        return by.person is not None and by.person in map(str, self.around)

    def is_with(self, by: Actor) -> bool:
        """Whether *by* is around the family, in any capacity."""
        return by.person is not None and by.person in map(str, (*self.around, *self.figures))

    def must_be_entrusted_to(self, by: Actor) -> None:
        """Go on only for who sees the whole pact.

        Raises:
            OnlyAReferenceFigure: *by* is of the microequipe as a reference figure.
            NotOfTheMicroequipe: *by* is not of it, nor assists it.
        """
        self.must_not_be_a_figure(by, pact=self.id)
        if not self.entrusted_to(by):
            raise NotOfTheMicroequipe(pact=self.id)

    def must_not_be_a_figure(self, by: Actor, **facts: object) -> None:
        """Go on only for who is not of the microequipe as a reference figure alone.

        Raises:
            OnlyAReferenceFigure: *by* is; with *facts*, which *by* knows already.
        """
        if self._only_a_figure(by):
            raise OnlyAReferenceFigure(**facts)

    def must_be_there_for(self, by: Actor) -> None:
        """Go on only if *by* may know that there is this pact.

        Raises:
            Unknown: it is not approved, and a reference figure is told neither that it is there
                nor how it stands.
        """
        hidden = self._only_a_figure(by) and not by.roles & SEE_ANY
        if hidden and self.state not in ON_PAPER:
            raise Unknown(kind=self.TOPIC, id=self.id)

    def _only_a_figure(self, by: Actor) -> bool:
        return by.person is not None and by.person in map(str, self.figures)

    def _may(self, asked: str, by: Actor, **facts: object) -> None:
        """Go on only if *by* may ask this, and the pact stands where it may be asked.

        Args:
            asked: a question of the table.
            by: who asks.
            facts: what the refusal of that state says, besides the state.
        """
        move = LIFE[asked]
        if move.who is Who.LEAD and by.person != str(self.microequipe.lead):
            raise NotTheLead(pact=self.id)
        if move.who is Who.TEAM:
            self.must_be_entrusted_to(by)
        if move.who is Who.WITH_FIGURES and not self.is_with(by):
            raise NotOfTheMicroequipe(pact=self.id)
        if move.who is Who.MANAGERS and not self._managed_by(by):
            raise NotAManagerOfTheFamily(pact=self.id)
        if self.state not in move.before:
            raise move.otherwise(state=self.state, **facts)

    def _managed_by(self, by: Actor) -> bool:
        manager = self.microequipe.case_manager
        return by.person is not None and (
            by.person == str(manager) or "project_manager" in by.roles
        )

    def _signs_for(self, person: UUID) -> UUID | None:
        placed = self.positions.get(person)
        if placed is None or (placed.position is Position.ADULT and placed.signer is None):
            return person
        return placed.signer

    def _within(self, day: date, today: date) -> None:
        if self.active_from is None or not self.active_from <= day <= today:
            raise NotInThePact(day=day, active_from=self.active_from, today=today)

    def _next(self, kind: str) -> int:
        return self.named.get(kind, 0) + 1

    def _goal(self, number: int) -> Goal:
        if number not in self.goals:
            raise NoSuchItem(goal=number)
        return self.goals[number]

    def _action(self, number: int) -> Action:
        if number not in self.actions:
            raise NoSuchItem(action=number)
        return self.actions[number]


def lacking(
    actions: Mapping[int, Action],
    capacities: Mapping[int, Capacity],
    resources: Mapping[int, CommunityResource],
    ends: date | None,
) -> list[str]:
    """What a pact of these parts lacks to be proposed [2]."""
    carried = {action.dimension for action in actions.values()}
    missing = [str(dimension) for dimension in Dimension if dimension not in carried]
    if not capacities:
        missing.append("linked_capacity")
    if not resources:
        missing.append("community_resource")
    if ends is None:
        missing.append("period")
    return missing


def above_zero(**quantities: Decimal | None) -> None:
    """Go on only if every quantity that is stated is above zero."""
    for name, value in quantities.items():
        if value is not None and value <= 0:
            raise QuantityNotPositive(quantity=name, value=value)
