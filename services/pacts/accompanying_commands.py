"""The door along the way: positions, visits, second looks, complaints, and what follows the end."""

from functools import partial

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.refusal import BadWord
from services.kernel.words import Body
from services.pacts.along import (
    CalledOff,
    ComplaintAbout,
    LookBackOutcome,
    Position,
    Representation,
    TieKind,
    VisitPlace,
)
from services.pacts.complaining import PROJECT_MANAGER
from services.pacts.contact import Goes
from services.pacts.door import (
    TEAM,
    Version,
    answer,
    edit,
    maybe,
    number,
    reach,
    seal,
    several,
    terms,
)
from services.pacts.form.opening import opened
from services.pacts.picture import complaints

MOST_TIES = 99


class AccompanyingCommands:
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
        safely: bool = False,
        expected_version: Version = None,
    ) -> Body:
        """Plan a visit; without a visitor, of who asks. ``safely``: by the way that was agreed."""
        pact = edit(pacts, pact_id, expected_version)
        visit = pact.plan_visit(
            parsing.day("day", day),
            parsing.uuid("visitor", visitor or by.person),
            parsing.word("place", place, VisitPlace),
            by=by,
            on=pacts.today,
        )
        reach(pacts, pact, Goes.VISIT, safely, by)
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

    @command(*TEAM)
    def ask_second_look(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        asked_on: str,
        proposal: int | None = None,
        words: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Record that the family asks for a second look by somebody who did not decide.

        At the last decision, or at the one on *proposal*, which may be an amendment.
        """
        pact = edit(pacts, pact_id, expected_version)
        which = maybe(number, "proposal", proposal)
        looked_at = pact.ask_second_look(
            parsing.day("asked_on", asked_on),
            terms(pacts, pact.heard_on(which)),
            by=by,
            on=pacts.today,
            proposal=which,
            words=maybe(partial(seal, pacts, pact, "second_look"), "words", words),
        )
        return answer(pact, proposal=looked_at)

    @command(*TEAM, PROJECT_MANAGER)
    def record_complaint(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        about: str,
        words: str,
        person: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Record a complaint of the family, at any time."""
        pact = edit(pacts, pact_id, expected_version)
        complaint = pact.record_complaint(
            parsing.word("about", about, ComplaintAbout),
            seal(pacts, pact, "complaint", "words", words),
            terms(pacts),
            by=by,
            on=pacts.today,
            person=maybe(parsing.uuid, "person", person),
        )
        return answer(pact, complaint=complaint)

    @command(*TEAM, PROJECT_MANAGER)
    def answer_complaint(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        complaint: int,
        words: str,
        safely: bool = False,
        expected_version: Version = None,
    ) -> Body:
        """Record what the family was told about its complaint. ``safely``: as for a visit."""
        pact = edit(pacts, pact_id, expected_version)
        told = seal(pacts, pact, "complaint", "words", words)
        pact.answer_complaint(number("complaint", complaint), told, by=by, on=pacts.today)
        reach(pacts, pact, Goes.ANSWER, safely, by)
        return answer(pact)

    @query(*TEAM, PROJECT_MANAGER)
    def complaints(self, reading: Deciding, by: Actor, *, pact_id: str) -> list[Body]:
        """The complaints about a pact; the words only for those whom they are not about."""
        pact = edit(reading, pact_id)
        pact.must_hear_complaints(by)
        return complaints(pact, lambda each: not pact.concerned(each, by), opened(reading))

    @command(*TEAM)
    def tell_position(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        person: str,
        position: str,
        signer: str | None = None,
        representation: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Say in which position somebody of the family is, and who signs in their place."""
        pact = edit(pacts, pact_id, expected_version)
        right = partial(parsing.word, words=Representation)
        pact.tell_position(
            parsing.uuid("person", person),
            parsing.word("position", position, Position),
            by=by,
            on=pacts.today,
            signer=maybe(parsing.uuid, "signer", signer),
            representation=maybe(right, "representation", representation),
        )
        return answer(pact)

    @command(*TEAM)
    def hear_minor(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        person: str,
        expected_version: Version = None,
    ) -> Body:
        """Record that a minor from 14 on was heard about the pact."""
        pact = edit(pacts, pact_id, expected_version)
        pact.hear_minor(parsing.uuid("person", person), by=by, on=pacts.today)
        return answer(pact)


def ties_of(name: str, value: object) -> dict[TieKind, int]:
    """How many ties of each kind; one that is left out is none."""
    if not isinstance(value, dict):
        raise BadWord(argument=name, wanted="kinds with numbers")
    return {
        parsing.word(name, kind, TieKind): parsing.number(name, each, 0, MOST_TIES)
        for kind, each in value.items()
    }
