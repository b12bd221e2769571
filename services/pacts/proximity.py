"""Proximity: what the family can do that was used, and how many ties it has where it lives."""

from collections.abc import Iterable, Mapping
from datetime import date

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.along import TieCount, TieKind
from services.pacts.refusals import NoSuchItem
from services.pacts.standing import Standing


class Proximity(Standing):
    """*Prossimità*: what a verification says beside the ratings of the goals."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class TiesCounted(Aggregate.Event):
        """The family's ties were counted by kind; the first count is the baseline.

        Attributes:
            verification: its number, from 1; 0 at the activation.
        """

        TOPIC = "pacts.TiesCounted"
        ties: tuple[TieCount, ...]
        baseline: bool
        verification: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.ties[self.verification] = {each.kind: each.ties for each in self.ties}

    class CapacitiesUsed(Aggregate.Event):
        """These of the pact's capacities were used until the verification of this number."""

        TOPIC = "pacts.CapacitiesUsed"
        verification: int
        capacities: tuple[int, ...]
        on: date

        def apply(self, pact: Standing) -> None:
            pact.capacities_used[self.verification] = self.capacities

    def new_ties(self, verification: int) -> dict[TieKind, int]:
        """Ties of each kind at that verification above the baseline, or below it; if counted."""
        counted = self.ties.get(verification)
        if counted is None:
            return {}
        first = next(iter(self.ties.values()))
        return {kind: counted.get(kind, 0) - first.get(kind, 0) for kind in TieKind}

    def _count_ties(
        self, ties: Mapping[TieKind, int], verification: int, by: Actor, on: date
    ) -> None:
        self.trigger_event(
            self.TiesCounted,
            by=by,
            ties=tuple(TieCount(kind, ties.get(kind, 0)) for kind in TieKind),
            baseline=not self.ties,
            verification=verification,
            on=on,
        )

    def _used(self, capacities: Iterable[int]) -> tuple[int, ...]:
        """*capacities* in order, each once; all of them are the pact's."""
        for number in capacities:
            if number not in self.capacities:
                raise NoSuchItem(capacity=number)
        return tuple(sorted(set(capacities)))
