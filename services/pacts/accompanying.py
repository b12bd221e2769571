"""The door along the way: visits, and what follows the end of a pact."""

from functools import partial

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command
from services.kernel.refusal import BadWord
from services.kernel.words import Body
from services.pacts.along import CalledOff, LookBackOutcome, TieKind, VisitPlace
from services.pacts.door import TEAM, Version, answer, edit, maybe, number, seal, several

MOST_TIES = 99


class Accompanying:
    """Commands on a pact under way, and after it; as those of the service that joins them."""

    @command(*TEAM)
    def plan_visit(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        day: str,
        place: str,
        visitor: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Plan a visit; without a visitor, of who asks."""
        pact = edit(pacts, pact_id, expected_version)
        visit = pact.plan_visit(
            parsing.day("day", day),
            parsing.uuid("visitor", visitor or by.person),
            parsing.word("place", place, VisitPlace),
            by=by,
            on=pacts.today,
        )
        return answer(pact, visit=visit)

    @command(*TEAM)
    def record_visit(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        day: str,
        place: str,
        present: list[str],
        visitor: str | None = None,
        visit: int | None = None,
        note: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Record a visit that was held, planned before or not, and who of the family was there."""
        pact = edit(pacts, pact_id, expected_version)
        held = pact.record_visit(
            parsing.day("day", day),
            parsing.uuid("visitor", visitor or by.person),
            parsing.word("place", place, VisitPlace),
            tuple(parsing.uuid("present", person) for person in several("present", present)),
            by=by,
            on=pacts.today,
            visit=maybe(number, "visit", visit),
            note=maybe(partial(seal, pacts, pact, "visit"), "note", note),
        )
        return answer(pact, visit=held)

    @command(*TEAM)
    def call_off_visit(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        visit: int,
        reason: str,
        expected_version: Version = None,
    ) -> Body:
        """Record that a planned visit was not held, and why."""
        pact = edit(pacts, pact_id, expected_version)
        because = parsing.word("reason", reason, CalledOff)
        pact.call_off_visit(number("visit", visit), because, by=by, on=pacts.today)
        return answer(pact)

    @command(*TEAM)
    def look_back(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        outcome: str,
        note: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Record how the family is, some months after the end of the pact."""
        pact = edit(pacts, pact_id, expected_version)
        pact.look_back(
            parsing.word("outcome", outcome, LookBackOutcome),
            by=by,
            on=pacts.today,
            note=maybe(partial(seal, pacts, pact, "look_back"), "note", note),
        )
        return answer(pact)


def ties_of(name: str, value: object) -> dict[TieKind, int]:
    """How many ties of each kind; one that is left out is none."""
    if not isinstance(value, dict):
        raise BadWord(argument=name, wanted="kinds with numbers")
    return {
        parsing.word(name, kind, TieKind): parsing.number(name, each, 0, MOST_TIES)
        for kind, each in value.items()
    }
