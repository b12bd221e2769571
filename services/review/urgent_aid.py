"""Urgent aid that was authorised before a pact is in force: the next committee hears of it."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id


def urgent_aid_id(pact: UUID, aid: int) -> UUID:
    """The stream of authorisation number *aid* of *pact*."""
    return stream_id("urgent aid", pact, aid)


class UrgentAid(Aggregate):
    """One authorisation of urgent aid (aiuto emergenziale), as the committee hears of it [5]."""

    TOPIC = "review.UrgentAid"

    def __init__(self) -> None:
        self.pact = UUID(int=0)
        self.family = ""
        self.aid = 0
        self.eur = Decimal("0.00")
        self.authorised_as = ""
        self.authorised_on = date.min
        self.cycle: str | None = None

    class Reported(Birth):
        """A pact's organisation said that urgent aid was authorised.

        Attributes:
            aid: number of the authorisation within the pact, from 1.
            eur: amount authorised, EUR.
            authorised_as: the role in which a person authorised it.
            on: civil day on which it reached us.
        """

        TOPIC = "review.UrgentAidReported"
        pact: UUID
        family: str
        aid: int
        eur: Decimal
        authorised_as: str
        authorised_on: date
        on: date

        def apply(self, report: "UrgentAid") -> None:
            report.pact, report.family = self.pact, self.family
            report.aid, report.eur = self.aid, self.eur
            report.authorised_as, report.authorised_on = self.authorised_as, self.authorised_on

    class Listed(Aggregate.Event):
        """It stands beside the docket of *cycle*; nothing is decided on it."""

        TOPIC = "review.UrgentAidListed"
        cycle: str
        on: date

        def apply(self, report: "UrgentAid") -> None:
            report.cycle = self.cycle

    @classmethod
    def report(
        cls,
        pact: UUID,
        family: str,
        aid: int,
        eur: Decimal,
        authorised_as: str,
        authorised_on: date,
        by: Actor,
        on: date,
    ) -> "UrgentAid":
        """Urgent aid that waits to be listed with the next docket."""
        return birth(
            cls,
            cls.Reported,
            urgent_aid_id(pact, aid),
            by=by,
            pact=pact,
            family=family,
            aid=aid,
            eur=eur,
            authorised_as=authorised_as,
            authorised_on=authorised_on,
            on=on,
        )

    def list_with(self, cycle: str, by: Actor, on: date) -> None:
        """List it with the docket of *cycle*; listed already, nothing is added."""
        if self.cycle is None:
            self.trigger_event(self.Listed, by=by, cycle=cycle, on=on)
