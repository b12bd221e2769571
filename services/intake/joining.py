"""Joining: a family that was referred twice is followed under one of its codes."""

from datetime import date

from services.intake.standing import Standing
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused


class MicroequipeGoesOn(Refused):
    """Of two referrals of one family the one that has a microequipe goes on [2]."""


class Joining(Standing):
    """The chapter of a family that is followed under another code; nothing is copied."""

    # stored: rename a class at will, never its topic

    class Joined(Aggregate.Event):
        """The family is followed as ``into``; what was told here stays here."""

        TOPIC = "intake.FamilyJoined"
        into: str
        on: date

        def apply(self, family: Standing) -> None:
            """Nothing more is recorded here."""
            family.joined_into = self.into

    class JoiningUndone(Aggregate.Event):
        """The family is followed under its own code again."""

        TOPIC = "intake.FamilyJoiningUndone"
        on: date

        def apply(self, family: Standing) -> None:
            """As before."""
            family.joined_into = None

    def join(self, into: str, has_microequipe: bool, *, on: date, by: Actor) -> None:
        """Follow the family as *into* from *on* [2].

        Raises:
            FamilyErased: its data is gone.
            JoinedIntoAnother: it is followed under another code already.
            MicroequipeGoesOn: people go with it under this code.
        """
        self.must_be_followed_here()
        if has_microequipe:
            raise MicroequipeGoesOn(family=self.code)
        self.trigger_event(self.Joined, by=by, into=into, on=on)

    def undo_joining(self, *, on: date, by: Actor) -> None:
        """Follow the family under its own code again; adds nothing if it is [2]."""
        if self.joined_into is not None:
            self.trigger_event(self.JoiningUndone, by=by, on=on)
