"""Positions: who signs for whom, and who is heard; told by the microequipe, without birth dates."""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.along import Placed, Position, Representation
from services.pacts.refusals import (
    AlreadyHeard,
    NotAMinorToBeHeard,
    RepresentativeNotNamed,
    SignaturesBegun,
)
from services.pacts.standing import Standing


class Positions(Standing):
    """The chapter before the signatures."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class PositionTold(Aggregate.Event):
        """*person* is in this position; *signer*, if there is one, signs in their place."""

        TOPIC = "pacts.PositionTold"
        person: UUID
        position: Position
        signer: UUID | None
        representation: Representation | None
        on: date

        def apply(self, pact: Standing) -> None:
            pact.positions[self.person] = Placed(self.position, self.signer, self.representation)

    class MinorHeard(Aggregate.Event):
        """Somebody asked *person*, a minor from 14 on, about the pact."""

        TOPIC = "pacts.MinorHeard"
        person: UUID
        on: date

        def apply(self, pact: Standing) -> None:
            pact.minors_heard[self.person] = self.on

    def tell_position(
        self,
        person: UUID,
        position: Position,
        by: Actor,
        on: date,
        *,
        signer: UUID | None = None,
        representation: Representation | None = None,
    ) -> None:
        """Say in which position somebody of the family is; what was told before no longer counts.

        An adult signs, unless *signer* does; a minor does not, and is heard from 14 on.

        Args:
            person: of the family.
            position: adult, or minor from or under 14.
            by: of the microequipe.
            on: today, Europe/Rome.
            signer: who signs in the place of *person*.
            representation: in what right.

        Raises:
            RepresentativeNotNamed: only one of *signer* and *representation* is told, or somebody
                is to sign for themself.
            SignaturesBegun: somebody has signed.
        """
        self._may("tell_position", by)
        if self.signed:
            raise SignaturesBegun(signed=len(self.signed))
        if (signer is None) != (representation is None) or signer == person:
            raise RepresentativeNotNamed(person=person)
        self.trigger_event(
            self.PositionTold,
            by=by,
            person=person,
            position=position,
            signer=signer,
            representation=representation,
            on=on,
        )

    def hear_minor(self, person: UUID, by: Actor, on: date) -> None:
        """Record that a minor from 14 on was heard.

        Raises:
            AlreadyHeard: that was recorded.
            NotAMinorToBeHeard: nobody told that *person* is a minor from 14 on.
        """
        self._may("hear_minor", by)
        if person in self.minors_heard:
            raise AlreadyHeard(person=person, on=self.minors_heard[person])
        if person not in self.to_be_heard:
            raise NotAMinorToBeHeard(person=person)
        self.trigger_event(self.MinorHeard, by=by, person=person, on=on)
