"""Taking part: which reference figures have a part in which actions, and so see them [3]."""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.content import Progress
from services.pacts.refusals import (
    ActionOver,
    FigureTakesNoPart,
    FigureTakesPartAlready,
    NotAReferenceFigure,
    TakesPartInNothing,
)
from services.pacts.standing import Standing

OVER = (Progress.COMPLETED, Progress.DROPPED)


class TakingPart(Standing):
    """The chapter of the reference figures.

    A figure has a part in the actions for which it answers, as the pact says, and in those in which
    the microequipe says that it helps. Who helps is no content of the pact: it may change along the
    way, without a new proposal.
    """

    # Stored, for ever: topics, field names and the values of enumerations.

    class FigureEngaged(Aggregate.Event):
        """A reference figure helps in an action from *on*."""

        TOPIC = "pacts.FigureEngaged"
        action: int
        person: UUID
        on: date

        def apply(self, pact: Standing) -> None:
            pact.engaged[self.action] = (*pact.engaged.get(self.action, ()), self.person)

    class FigureReleased(Aggregate.Event):
        """A reference figure no longer helps in an action."""

        TOPIC = "pacts.FigureReleased"
        action: int
        person: UUID
        on: date

        def apply(self, pact: Standing) -> None:
            others = (each for each in pact.engaged[self.action] if each != self.person)
            pact.engaged[self.action] = tuple(others)

    def engage_figure(self, action: int, person: UUID, by: Actor, on: date) -> None:
        """Record that *person* helps in *action*, and sees it.

        Raises:
            NotAReferenceFigure: *person* is none of this microequipe, or leads it.
            ActionOver: it was completed or dropped.
            FigureTakesPartAlready: *person* helps in it, or answers for it.
        """
        self._may("engage_figure", by)
        self._action(action)
        self._must_be_a_figure(person)
        if (progress := self.progress.get(action)) in OVER:
            raise ActionOver(action=action, progress=progress)
        if action in self.parts_of(person):
            raise FigureTakesPartAlready(action=action, person=person)
        self.trigger_event(self.FigureEngaged, by=by, action=action, person=person, on=on)

    def release_figure(self, action: int, person: UUID, by: Actor, on: date) -> None:
        """Record that *person* no longer helps in *action*, nor sees it.

        Raises:
            FigureTakesNoPart: *person* does not help in it; who answers for it, the pact says.
        """
        self._may("release_figure", by)
        self._action(action)
        if person not in self.engaged.get(action, ()):
            raise FigureTakesNoPart(action=action, person=person)
        self.trigger_event(self.FigureReleased, by=by, action=action, person=person, on=on)

    def my_actions(self, by: Actor) -> tuple[int, ...]:
        """The numbers of the actions in which *by* has a part.

        Raises:
            Unknown: *by* is a reference figure, and the pact is not approved.
            OnlyAReferenceFigure: *by* is one without any part: not even the state is told.
        """
        self.must_be_there_for(by)
        parts = () if by.person is None else self.parts_of(UUID(by.person))
        if not parts:
            self.must_be_entrusted_to(by)
        self._may("my_actions", by)
        return parts

    def figure_sheet(self, person: UUID, by: Actor) -> tuple[int, ...]:
        """Let *by* have the sheet of the figure *person*; give the actions that stand on it.

        Raises:
            NotAReferenceFigure: *person* is none of this microequipe, or leads it.
            TakesPartInNothing: there is nothing to write on it.
        """
        self._may("figure_sheet", by)
        self._must_be_a_figure(person)
        if not (parts := self.parts_of(person)):
            raise TakesPartInNothing(person=person)
        return parts

    def part_in(self, action: int) -> tuple[UUID, ...]:
        """Who has a part in *action*: who answers for it, and the figures that help."""
        return (self.actions[action].responsible, *self.engaged.get(action, ()))

    def parts_of(self, person: UUID) -> tuple[int, ...]:
        """The numbers of the actions in which *person* has a part."""
        return tuple(number for number in self.actions if person in self.part_in(number))

    def _must_be_a_figure(self, person: UUID) -> None:
        if person not in self.figures:
            raise NotAReferenceFigure(person=person)
