"""Who is known of a family by a tax code: references to sealed codes, few of which are opened.

Nothing by which an erased person could be recognised is stored: an event holds one of 256 buckets
of a fingerprint that only the organisation's key can compute.
"""

from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed

BUCKETS = 256
"""So few that a bucket tells nothing about a code, so many that few codes are in each."""


def known_persons_id(family: str) -> UUID:
    """The stream of the persons who are known of *family*."""
    return stream_id("known persons", family)


class KnownPersons(Aggregate):
    """The persons of one family whose tax codes were told."""

    TOPIC = "intake.KnownPersons"

    def __init__(self) -> None:
        self.family = ""

    # Stored, for ever: topics and field names.

    class Opened(Birth):
        """The first code is known."""

        TOPIC = "intake.KnownPersonsOpened"
        family: str

        def apply(self, known: "KnownPersons") -> None:
            """Whose persons they are."""
            known.family = self.family

    class PersonIdentified(Aggregate.Event):
        """Somebody of the family was told with this code, for the first time.

        Attributes:
            bucket: 0 to 255, of the code's fingerprint.
        """

        TOPIC = "intake.PersonIdentified"
        family: str
        tax_code: Sealed
        bucket: int
        on: date

        def apply(self, known: "KnownPersons") -> None:
            """Nothing is decided by it here."""

    @classmethod
    def opened(cls, family: str, by: Actor) -> "KnownPersons":
        """The stream of *family*, empty."""
        return birth(cls, cls.Opened, known_persons_id(family), by=by, family=family)

    def identify(self, tax_code: Sealed, bucket: int, *, on: date, by: Actor) -> None:
        """Record that the code was told."""
        self.trigger_event(
            self.PersonIdentified,
            by=by,
            family=self.family,
            tax_code=tax_code,
            bucket=bucket,
            on=on,
        )
