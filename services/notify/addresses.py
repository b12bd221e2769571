"""Where a person is reached by mail: references to sealed addresses, the newest of each kind."""

import unicodedata
from enum import StrEnum
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed

BUCKETS = 256
"""In so many parts known addresses are sorted by fingerprint: few enough that a part tells nothing
about an address that was erased, enough that only few are opened to find a sender."""


class Channel(StrEnum):
    """Kinds of address; values are stored."""

    MAIL = "mail"
    PEC = "pec"


def addresses_id(person: UUID) -> UUID:
    """The stream of the addresses of *person*."""
    return stream_id("addresses", person)


def normalised(address: str) -> str:
    """*address* as it is compared: no provider tells upper case from lower case."""
    return unicodedata.normalize("NFC", address).strip().casefold()


class Addresses(Aggregate):
    """Where one person is reached, as heard from the organisation they work for."""

    TOPIC = "notify.Addresses"

    def __init__(self) -> None:
        self.person = UUID(int=0)
        self.organisation = ""
        self.known: dict[Channel, Sealed] = {}

    class Opened(Birth):
        """The person was heard of; *organisation* is whom they work for."""

        TOPIC = "notify.AddressesOpened"
        person: UUID
        organisation: str

        def apply(self, addresses: "Addresses") -> None:
            addresses.person = self.person
            addresses.organisation = self.organisation

    class Learnt(Aggregate.Event):
        """The newest address of this kind.

        Attributes:
            bucket: 0 to 255, of the address's fingerprint.
        """

        TOPIC = "notify.AddressLearnt"
        person: UUID
        channel: Channel
        address: Sealed
        bucket: int

        def apply(self, addresses: "Addresses") -> None:
            addresses.known[self.channel] = self.address

    @classmethod
    def open(cls, person: UUID, organisation: str, by: Actor) -> "Addresses":
        """The addresses of *person*, before any is known."""
        return birth(
            cls,
            cls.Opened,
            addresses_id(person),
            by=by,
            person=person,
            organisation=organisation,
        )

    def learn(self, channel: Channel, address: Sealed, bucket: int, by: Actor) -> None:
        """Remember the newest address of a kind; known already, nothing is added."""
        if self.known.get(channel) != address:
            self.trigger_event(
                self.Learnt,
                by=by,
                person=self.person,
                channel=channel,
                address=address,
                bucket=bucket,
            )
