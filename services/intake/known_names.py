"""Names and tax codes of a family's people, as they were told: what nobody may write on a form."""

import json
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.intake.household import HouseholdFacts
from services.intake.referral import ReferralFacts
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed


def names_id(family: str) -> UUID:
    """The stream of the names of *family*."""
    return stream_id("known names", family)


class KnownNames(Aggregate):
    """The names that are known of one family, in the order in which they were told."""

    TOPIC = "intake.KnownNames"

    def __init__(self) -> None:
        self.family = ""

    # Stored, for ever: topics and field names.

    class Opened(Birth):
        """The first names are known."""

        TOPIC = "intake.KnownNamesOpened"
        family: str

        def apply(self, known: "KnownNames") -> None:
            """Whose names they are."""
            known.family = self.family

    class Told(Aggregate.Event):
        """These names were told; those before stay names of the family.

        Attributes:
            names: JSON list of names and tax codes.
        """

        TOPIC = "intake.NamesTold"
        names: Sealed
        on: date

        def apply(self, known: "KnownNames") -> None:
            """Nothing is decided by them here."""

    @classmethod
    def opened(cls, family: str, by: Actor) -> "KnownNames":
        """The stream of *family*, empty."""
        return birth(cls, cls.Opened, names_id(family), by=by, family=family)

    def tell(self, names: Sealed, on: date, by: Actor) -> None:
        """Record what was told."""
        self.trigger_event(self.Told, by=by, names=names, on=on)


def names_in(told: HouseholdFacts | ReferralFacts) -> str | None:
    """Names and tax codes in *told*, as the vault keeps them; None if there are none."""
    match told:
        case HouseholdFacts():
            words: Iterable[str | None] = (
                word for member in told.members for word in (member.name, member.tax_code)
            )
        case ReferralFacts():
            words = (told.person, told.tax_code)
    known = sorted({word for word in words if word})
    return json.dumps(known, ensure_ascii=False) if known else None
