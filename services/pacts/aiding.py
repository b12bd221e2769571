"""Aiding: urgent help that cannot wait for the committee, and the ceilings of help in EUR."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed
from services.pacts.guidelines import Limits
from services.pacts.money import AidGiven, AuthorisedAs, UrgentAid
from services.pacts.reciprocity import total
from services.pacts.refusals import (
    EmergencyAidCeiling,
    MoreThanAuthorised,
    NoSuchItem,
    OutsideTheAid,
    UrgentAidCeiling,
)
from services.pacts.standing import Standing, above_zero


@dataclass(frozen=True)
class Ceiling:
    """A ceiling of help in EUR for a family, and what is below it already.

    Attributes:
        eur: at most so much; None is no ceiling.
        used: over all pacts of the family.
        guidelines: the version that sets it.
        otherwise: the refusal of what does not fit.
    """

    eur: Decimal | None
    used: Decimal
    guidelines: int
    otherwise: type[Refused]

    def must_hold(self, more: Decimal) -> None:
        """Go on only if *more* EUR fit below it."""
        if self.eur is not None and self.used + more > self.eur:
            raise self.otherwise(
                ceiling=self.eur, used=self.used, asked=more, guidelines=self.guidelines
            )


class Aiding(Standing):
    """The chapter of urgent aid; what was authorised stays so, whatever becomes of the pact."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class UrgentAidAuthorised(Aggregate.Event):
        """Help may be given before the committee decides; it hears of it."""

        TOPIC = "pacts.UrgentAidAuthorised"
        number: int
        aid: UrgentAid
        guidelines: int

        def apply(self, pact: Standing) -> None:
            pact.aids[self.number] = self.aid

    class UrgentAidGiven(Aggregate.Event):
        """The family received urgent aid that was authorised."""

        TOPIC = "pacts.UrgentAidGiven"
        given: AidGiven

        def apply(self, pact: Standing) -> None:
            pact.aid_given += (self.given,)

    def authorise_urgent_aid(
        self,
        eur: Decimal,
        reason: Sealed,
        ceilings: Iterable[Ceiling],
        guidelines: int,
        by: Actor,
        on: date,
    ) -> int:
        """Let the family have up to *eur* before its pact is in force; give the number of the aid.

        It is never reclaimed or changed because the pact was not approved [2].

        Args:
            eur: above zero.
            reason: why it cannot wait.
            ceilings: of urgent aid and of emergency aid, with all that the family has.
            guidelines: in force today.
            by: the family's case manager, or the project manager.
            on: today, Europe/Rome.

        Raises:
            QuantityNotPositive: *eur* is not above zero.
            UrgentAidCeiling, EmergencyAidCeiling: it does not fit.
        """
        self._may("authorise_urgent_aid", by)
        above_zero(eur=eur)
        for ceiling in ceilings:
            ceiling.must_hold(eur)
        manages = by.person == str(self.microequipe.case_manager)
        role = AuthorisedAs.CASE_MANAGER if manages else AuthorisedAs.PROJECT_MANAGER
        number = len(self.aids) + 1
        self.trigger_event(
            self.UrgentAidAuthorised,
            by=by,
            number=number,
            aid=UrgentAid(eur, reason, role, on),
            guidelines=guidelines,
        )
        return number

    def log_urgent_aid(
        self, aid: int, received_on: date, eur: Decimal, by: Actor, on: date
    ) -> None:
        """Log what the family received of an urgent aid, whatever became of the pact since.

        Raises:
            NoSuchItem: nothing was authorised under this number.
            QuantityNotPositive: *eur* is not above zero.
            OutsideTheAid: *received_on* is before the authorisation, or in the future.
            MoreThanAuthorised: more would have been given than was authorised.
        """
        self._may("log_urgent_aid", by)
        if aid not in self.aids:
            raise NoSuchItem(aid=aid)
        above_zero(eur=eur)
        authorised = self.aids[aid]
        if not authorised.on <= received_on <= on:
            raise OutsideTheAid(day=received_on, authorised_on=authorised.on, today=on)
        given = total(each.eur for each in self.aid_given if each.aid == aid)
        if given + eur > authorised.eur:
            raise MoreThanAuthorised(aid=aid, authorised=authorised.eur, given=given, asked=eur)
        self.trigger_event(self.UrgentAidGiven, by=by, given=AidGiven(aid, received_on, eur))


def urgent_aid_ceiling(family: Iterable[Standing], limits: Limits) -> Ceiling:
    """The ceiling of urgent aid, with all that was ever authorised on the pacts of *family*."""
    used = total(aid.eur for pact in family for aid in pact.aids.values())
    return Ceiling(limits.urgent_aid_eur, used, limits.number, UrgentAidCeiling)


def emergency_aid_ceiling(family: Sequence[Standing], limits: Limits, year: int) -> Ceiling:
    """The ceiling of emergency aid in a calendar year, with what the pacts of *family* have in it.

    Counted are the EUR of help logged on actions of emergency aid, by the day of the help, and of
    urgent aid, by the day of its authorisation.
    """
    helped = ((each.on, each.eur) for pact in family for each in pact.emergency_aid)
    authorised = ((aid.on, aid.eur) for pact in family for aid in pact.aids.values())
    used = total(eur for day, eur in (*helped, *authorised) if day.year == year)
    return Ceiling(limits.emergency_aid_year_eur, used, limits.number, EmergencyAidCeiling)
