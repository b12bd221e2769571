"""The door of the reference figures: in which actions they help, and what they see of a pact."""

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.words import Body
from services.pacts.door import TEAM, Version, answer, edit, number, restricted
from services.pacts.form.opening import names_to_compare, opened
from services.pacts.form.own_part import own_actions as read
from services.pacts.life import ON_PAPER
from services.pacts.pact import Pact
from services.pacts.picture import own_actions
from services.pacts.views.people import pacts_with


class FigureCommands:
    """Commands on who helps in an action, and the questions of who does."""

    @command(*TEAM)
    def engage_figure(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        figure: str,
        expected_version: Version = None,
    ) -> Body:
        """Record that a reference figure helps in an action from today, and sees it."""
        pact = edit(pacts, pact_id, expected_version)
        person = parsing.uuid("figure", figure)
        pact.engage_figure(number("action", action), person, by=by, on=pacts.today)
        return answer(pact)

    @command(*TEAM)
    def release_figure(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        figure: str,
        expected_version: Version = None,
    ) -> Body:
        """Record that a reference figure no longer helps in an action."""
        pact = edit(pacts, pact_id, expected_version)
        person = parsing.uuid("figure", figure)
        pact.release_figure(number("action", action), person, by=by, on=pacts.today)
        return answer(pact)

    @query(*TEAM)
    def my_pacts(self, reading: Deciding, by: Actor) -> list[Body]:
        """The approved pacts in which who asks has a part: ids, codes and states, no more."""
        person = parsing.uuid("identity", by.person)
        found = (reading.get(Pact, id) for id in pacts_with(reading.connection, person))
        return [
            {
                "pact": str(pact.id),
                "family": pact.family,
                "number": pact.number,
                "state": str(pact.state),
            }
            for pact in found
            if pact.state in ON_PAPER and pact.parts_of(person)
        ]

    @query(*TEAM)
    def my_actions(self, reading: Deciding, by: Actor, *, pact_id: str) -> Body:
        """The actions of a pact in which who asks has a part, and nothing else of it."""
        pact = edit(reading, pact_id)
        numbers = pact.my_actions(by=by)
        names = names_to_compare(reading, pact.family)
        told = own_actions(pact, read(pact, numbers, by.person, opened(reading), names))
        return told | {"safe_contact": restricted(reading, pact.family)}
