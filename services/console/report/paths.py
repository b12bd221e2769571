"""The facts of an organisation as paths of its families, up to a day: what a report counts."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.console.report.period import Period
from services.intake.codes import AccessPoint, Outcome
from services.kernel.sealed import Sealed
from services.pacts.along import LookBackOutcome
from services.pacts.budget import Movement
from services.pacts.content import CommunityResource, Dimension, Given, GoalRating, Received
from services.pacts.life import AWAITING_SIGNATURE, State
from services.pacts.money import AidGiven, OtherSupport


@dataclass
class PactPath:
    """One pact.

    Attributes:
        proposals: the day of each, by its number.
        decisions: those on each proposal, by its number, each with its day, the newest last.
        movements: of money on budget lines.
        ratings: of goals, each with the day of the verification.
        look_back_due: from which day on somebody is to look back; None: nobody is to, or can.
    """

    family: UUID
    first: bool
    drafted_on: date
    state: State = State.DRAFTED
    proposals: dict[int, date] = field(default_factory=dict)
    decisions: dict[int, list[tuple[date, State]]] = field(default_factory=dict)
    signed_on: date | None = None
    active_from: date | None = None
    ended_on: date | None = None
    ended_because: StrEnum | None = None
    received: list[Received] = field(default_factory=list)
    urgent_aid: list[AidGiven] = field(default_factory=list)
    other_support: list[OtherSupport] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    resources: dict[int, CommunityResource] = field(default_factory=dict)
    ratings: list[tuple[date, GoalRating]] = field(default_factory=list)
    look_back_due: date | None = None
    looked_back: tuple[date, LookBackOutcome] | None = None

    def under_way(self, period: Period) -> bool:
        """Whether it was active, or rested, on a day of the period."""
        return (
            self.active_from is not None
            and self.active_from <= period.last
            and (self.ended_on is None or self.ended_on >= period.first)
        )

    @property
    def approved_on(self) -> date | None:
        """The day of the decision on which the signatures rest."""
        found = [each[-1] for each in self.decisions.values() if each]
        days = [day for day, outcome in found if outcome in AWAITING_SIGNATURE]
        before = [day for day in days if self.signed_on is None or day <= self.signed_on]
        return max(before, default=None)


@dataclass
class FamilyPath:
    """One family; a pact without its referral (another log's) has a family all the same.

    Attributes:
        directed_elsewhere: it was sent elsewhere before anybody verified it.
        members: numbers of who is of the household.
        sealed: who they are: the newest record, and who came since.
        steps: the days on which something of its path took place.
    """

    id: UUID
    access_point: AccessPoint | None = None
    referred_on: date | None = None
    directed_elsewhere: bool = False
    verifications: list[tuple[date, Outcome]] = field(default_factory=list)
    microequipe_on: date | None = None
    members: tuple[int, ...] = ()
    sealed: tuple[Sealed, ...] = ()
    pacts: list[PactPath] = field(default_factory=list)
    steps: set[date] = field(default_factory=set)

    def reached(self, period: Period) -> bool:
        """Whether it is one of the period's families: a step on one of its days, or a pact then."""
        return any(map(period.holds, self.steps)) or any(
            pact.under_way(period) for pact in self.pacts
        )

    def leave(self, *numbers: int) -> None:
        """Those members are of the household no more."""
        self.members = tuple(each for each in self.members if each not in numbers)

    def take_in(self, other: "FamilyPath") -> None:
        """What was told of the same family under another code is told of it, too.

        The earlier referral is the family's; its household is as told here, if it was.
        """
        if other.referred_on is not None:
            mine = self.referred_on
            if mine is None or other.referred_on < mine:
                self.referred_on, self.access_point = other.referred_on, other.access_point
        self.verifications = sorted(
            [*self.verifications, *other.verifications], key=lambda each: each[0]
        )
        if not self.sealed:
            self.members, self.sealed = other.members, other.sealed
        self.directed_elsewhere |= other.directed_elsewhere
        self.steps |= other.steps

    def verified_on(self, *outcomes: Outcome) -> date | None:
        """The day of its first verification with one of *outcomes*."""
        return next((day for day, outcome in self.verifications if outcome in outcomes), None)


@dataclass
class Told:
    """Everything that was told up to the last day.

    Attributes:
        actions: the dimension of each, by pact and number.
        budget_lines: that of each expense, by pact and number.
        late: whether the committee marked a proposal as late, by pact and number.
        names: of organisations, by their codes.
        joined: under which other code a family is followed.
    """

    families: dict[UUID, FamilyPath] = field(default_factory=dict)
    pacts: dict[UUID, PactPath] = field(default_factory=dict)
    actions: dict[tuple[UUID, int], Dimension] = field(default_factory=dict)
    budget_lines: dict[tuple[UUID, int], str] = field(default_factory=dict)
    receipts: dict[UUID, tuple[UUID, int]] = field(default_factory=dict)
    late: dict[tuple[UUID, int], bool] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    joined: dict[UUID, UUID] = field(default_factory=dict)

    def family(self, id: UUID, step: date | None = None) -> FamilyPath:
        """The path of the family *id*; *step* is a day on which something took place."""
        found = self.families.setdefault(id, FamilyPath(id))
        if step is not None:
            found.steps.add(step)
        return found

    def join(self) -> None:
        """Let each family that is followed under another code be one with that one."""
        for id in self.joined:
            into = self._followed_as(id)
            if into != id and (found := self.families.pop(id, None)) is not None:
                self.family(into).take_in(found)

    def _followed_as(self, id: UUID) -> UUID:
        """The last of the codes under which it is followed; of a circle, always the same one."""
        way = [id]
        while (then := self.joined.get(way[-1])) is not None and then not in way:
            way.append(then)
        return way[-1] if then is None else min(way[way.index(then) :])

    def pact(self, event: Any, step: date | None = None) -> PactPath:
        """The pact that *event* is about."""
        found = self.pacts[event.originator_id]
        self.family(found.family, step)
        return found
