"""*Contatto sicuro* as intake told it: nothing goes to such a family but by the way recorded there.

Which way that is, who verifies knows; here is only that there is one. The mark itself is written on
no paper: one that is found at home must not give it away.
"""

from datetime import date
from enum import StrEnum
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.pacts.refusals import ContactRestricted


class Goes(StrEnum):
    """What goes to a family; values are stored."""

    VISIT = "visit"
    ANSWER = "answer"


def contact_id(family: str) -> UUID:
    """The stream of how *family* may be reached."""
    return stream_id("contact", family)


class Contact(Aggregate):
    """Whether every contact with a family is restricted."""

    TOPIC = "pacts.Contact"

    def __init__(self) -> None:
        self.family = ""
        self.restricted = False

    # Stored, for ever: topics, field names and the values of enumerations.

    class Opened(Birth):
        """The mark was heard of."""

        TOPIC = "pacts.ContactOpened"
        family: str

        def apply(self, contact: "Contact") -> None:
            contact.family = self.family

    class Heard(Aggregate.Event):
        """The mark was set, or lifted."""

        TOPIC = "pacts.ContactHeard"
        restricted: bool
        on: date

        def apply(self, contact: "Contact") -> None:
            contact.restricted = self.restricted

    class SafeWayTaken(Aggregate.Event):
        """Who acted said that it goes by the way agreed with the family."""

        TOPIC = "pacts.SafeWayTaken"
        what: Goes
        on: date

    @classmethod
    def opened(cls, family: str, by: Actor) -> "Contact":
        """The stream of *family*; no mark."""
        return birth(cls, cls.Opened, contact_id(family), by=by, family=family)

    def hear(self, restricted: bool, by: Actor, on: date) -> None:
        """Remember how the mark stands; known already, nothing is added."""
        if self.restricted is not restricted:
            self.trigger_event(self.Heard, by=by, restricted=restricted, on=on)

    def must_go_safely(self, safely: bool) -> None:
        """Go on only if nothing is restricted, or who asks says that it goes by the safe way [2].

        Raises:
            ContactRestricted: it is, and nobody says so.
        """
        if self.restricted and not safely:
            raise ContactRestricted(family=self.family)

    def go(self, what: Goes, safely: bool, by: Actor, on: date) -> None:
        """Let something go to the family; under the mark, who says that it goes safely is kept.

        Raises:
            ContactRestricted: see :meth:`must_go_safely`.
        """
        self.must_go_safely(safely)
        if self.restricted:
            self.trigger_event(self.SafeWayTaken, by=by, what=what, on=on)
