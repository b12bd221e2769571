"""*Contatto sicuro*: a family that may be reached in one way only, or harm may come to somebody."""

from datetime import date

from services.intake.standing import Standing
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed


class ContactNotMarked(Refused):
    """A mark that was not set is not lifted [2]."""


class SafeContact(Standing):
    """The chapter of the mark that restricts every contact."""

    # stored: rename a class at will, never its topic

    class ContactMarked(Aggregate.Event):
        """From ``on`` the family is reached as ``how`` says, and in no other way; None: not yet."""

        TOPIC = "intake.ContactMarked"
        how: Sealed | None
        on: date

        def apply(self, family: Standing) -> None:
            """The last mark counts."""
            family.safe_contact, family.safe_contact_how = True, self.how

    class ContactMarkLifted(Aggregate.Event):
        """From ``on`` the family is reached like any other."""

        TOPIC = "intake.ContactMarkLifted"
        on: date

        def apply(self, family: Standing) -> None:
            """No mark."""
            family.safe_contact, family.safe_contact_how = False, None

    def mark_safe_contact(self, how: Sealed | None, *, on: date, by: Actor) -> None:
        """Restrict every contact from *on*; also before the information notice: it protects [2].

        Args:
            how: in words, how the family may be reached, sealed; None: nobody has said yet.
            on: civil day.
            by: who marks.
        """
        self.must_not_be_erased()
        self.trigger_event(self.ContactMarked, by=by, how=how, on=on)

    def lift_safe_contact(self, *, on: date, by: Actor) -> None:
        """Let the family be reached like any other from *on* [2].

        Raises:
            ContactNotMarked: there is no mark.
        """
        self.must_not_be_erased()
        if not self.safe_contact:
            raise ContactNotMarked(family=self.code)
        self.trigger_event(self.ContactMarkLifted, by=by, on=on)
