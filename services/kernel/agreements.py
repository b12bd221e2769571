"""With whom words may be exchanged on which day: agreements, as heard from who keeps them.

What is said is stored and chained with the facts, whoever it is for; it is carried, and what comes
is applied, only while an agreement with that organisation is in force. Until then it waits.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id

PROGRAMME = "programme"
"""What an agreement covers under which services exchange words."""
AGREEMENTS = stream_id("agreements")
"""The stream of the agreements that cover it, in every log."""
WITHOUT_END = date.max
ONE_DAY = timedelta(days=1)


def agreements_on(what: str) -> UUID:
    """The stream of the agreements that cover *what*; one log may keep several."""
    return AGREEMENTS if what == PROGRAMME else stream_id("agreements", what)


@dataclass(frozen=True)
class Term:
    """One agreement with *partner*; both days belong to it, None: no end."""

    partner: str
    since: date
    until: date | None

    def covers(self, day: date) -> bool:
        """Whether it is in force on *day*."""
        return self.since <= day and (self.until is None or day <= self.until)


class Agreements(Aggregate):
    """Every agreement of our organisation on one matter that was heard of, by its number."""

    TOPIC = "kernel.Agreements"

    def __init__(self) -> None:
        self.terms: dict[int, Term] = {}

    # stored: rename a class at will, never its topic

    class Opened(Birth):
        """The first agreement was heard of."""

        TOPIC = "kernel.AgreementsOpened"

    class AgreementHeard(Aggregate.Event):
        """Words may be exchanged with *partner* from *since* to *until*."""

        TOPIC = "kernel.AgreementHeard"
        number: int
        partner: str
        since: date
        until: date | None

        def apply(self, agreements: "Agreements") -> None:
            agreements.terms[self.number] = Term(self.partner, self.since, self.until)

    class AgreementEndHeard(Aggregate.Event):
        """*last* is the last day of that agreement."""

        TOPIC = "kernel.AgreementEndHeard"
        number: int
        last: date

        def apply(self, agreements: "Agreements") -> None:
            agreements.terms[self.number] = replace(agreements.terms[self.number], until=self.last)

    @classmethod
    def opened(cls, by: Actor, what: str = PROGRAMME) -> "Agreements":
        """The stream of what covers *what*, before any agreement."""
        return birth(cls, cls.Opened, agreements_on(what), by=by)

    def hear(self, number: int, term: Term, by: Actor) -> None:
        """Keep agreement *number*; one that is known already adds nothing."""
        if number not in self.terms:
            self.trigger_event(
                self.AgreementHeard,
                by=by,
                number=number,
                partner=term.partner,
                since=term.since,
                until=term.until,
            )

    def hear_end(self, number: int, last: date, by: Actor) -> None:
        """Keep the last day of agreement *number*; known already, nothing is added."""
        term = self.terms.get(number)
        if term is not None and term.until != last:
            self.trigger_event(self.AgreementEndHeard, by=by, number=number, last=last)

    def in_force_with(self, partner: str, day: date) -> bool:
        """Whether an agreement with *partner* is in force on *day*."""
        return self.lasts_until(partner, day) is not None

    def lasts_until(self, partner: str, day: date) -> date | None:
        """The last day, from *day* on without a break, on which one with *partner* is in force.

        :data:`WITHOUT_END` if none of them ends; None if none is in force on *day*.
        """
        last = None
        while ends := [each.until for each in self._with(partner) if each.covers(day)]:
            last = WITHOUT_END if None in ends else max(each for each in ends if each is not None)
            if last == WITHOUT_END:
                break
            day = last + ONE_DAY
        return last

    def ended_before(self, partner: str, day: date) -> date | None:
        """The last day before *day* on which one with *partner* was in force; None: none was."""
        over = (each.until for each in self._with(partner) if each.until is not None)
        return max((last for last in over if last < day), default=None)

    def _with(self, partner: str) -> list[Term]:
        return [each for each in self.terms.values() if each.partner == partner]
