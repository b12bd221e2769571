"""The names of a family's people, as intake told them to us alone; no form may carry one."""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed


def names_id(family: str) -> UUID:
    """The stream of the names of *family*."""
    return stream_id("known names", family)


class KnownNames(Aggregate):
    """References to the names that were told, each a JSON list of names and tax codes."""

    TOPIC = "pacts.KnownNames"

    def __init__(self) -> None:
        self.told: list[Sealed] = []

    # Stored, for ever: topics and field names.

    class Opened(Birth):
        """Names of the family were heard of."""

        TOPIC = "pacts.KnownNamesOpened"
        family: str

    class Learnt(Aggregate.Event):
        """These names are of the family, too."""

        TOPIC = "pacts.NamesLearnt"
        names: Sealed
        on: date

        def apply(self, known: "KnownNames") -> None:
            known.told.append(self.names)

    @classmethod
    def opened(cls, family: str, by: Actor) -> "KnownNames":
        """The stream of *family*, empty."""
        return birth(cls, cls.Opened, names_id(family), by=by, family=family)

    def learn(self, names: Sealed, on: date, by: Actor) -> None:
        """Remember them, once."""
        if names not in self.told:
            self.trigger_event(self.Learnt, by=by, names=names, on=on)
