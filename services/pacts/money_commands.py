"""Commands on help and on commitment that have a ceiling.

A ceiling of help is the family's, over all its pacts: nobody else writes between the look at what
is below it and the decision.
"""

from functools import partial

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command
from services.kernel.words import Body
from services.pacts.aiding import emergency_aid_ceiling, urgent_aid_ceiling
from services.pacts.door import (
    MANAGERS,
    TEAM,
    Version,
    answer,
    edit,
    flag,
    limits,
    maybe,
    number,
    seal,
)
from services.pacts.giving import RestitutionKind
from services.pacts.policies import pacts_of


class MoneyCommands:
    """Commands on what a family receives and gives."""

    @command(*MANAGERS)
    def authorise_urgent_aid(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        eur: str,
        reason: str,
        expected_version: Version = None,
    ) -> Body:
        """Let the family have help before its pact is in force, and say why it cannot wait."""
        pacts.hold()
        pact = edit(pacts, pact_id, expected_version)
        allowed = limits(pacts)
        family = list(pacts_of(pacts, pact.family))
        ceilings = (
            urgent_aid_ceiling(family, allowed),
            emergency_aid_ceiling(family, allowed, pacts.today.year),
        )
        aid = pact.authorise_urgent_aid(
            parsing.amount("eur", eur),
            seal(pacts, pact, "urgent_aid", "reason", reason),
            ceilings,
            allowed.number,
            by=by,
            on=pacts.today,
        )
        return answer(pact, aid=aid)

    @command(*TEAM)
    def log_urgent_aid(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        aid: int,
        received_on: str,
        eur: str,
        expected_version: Version = None,
    ) -> Body:
        """Log what the family received of an urgent aid."""
        pact = edit(pacts, pact_id, expected_version)
        pact.log_urgent_aid(
            number("aid", aid),
            parsing.day("received_on", received_on),
            parsing.amount("eur", eur),
            by=by,
            on=pacts.today,
        )
        return answer(pact)

    @command(*TEAM)
    def log_help(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        received_on: str,
        eur: str | None = None,
        hours: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Log help that the family received on an action of assistance: EUR, hours, or both."""
        pacts.hold()
        pact = edit(pacts, pact_id, expected_version)
        day = parsing.day("received_on", received_on)
        amount = partial(maybe, parsing.amount)
        pact.log_help(
            number("action", action),
            day,
            by=by,
            on=pacts.today,
            eur=amount("eur", eur),
            hours=amount("hours", hours),
            ceiling=emergency_aid_ceiling(
                list(pacts_of(pacts, pact.family)), limits(pacts), day.year
            ),
        )
        return answer(pact)

    @command(*TEAM)
    def log_restitution(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        done_on: str,
        hours: str | None = None,
        eur: str | None = None,
        works: str | None = None,
        kind: str = RestitutionKind.COMMUNITY_SERVICE,
        health_limits: bool = False,
        expected_version: Version = None,
    ) -> Body:
        """Log active commitment on promotion or restitution: hours, EUR, or works in words."""
        pact = edit(pacts, pact_id, expected_version)
        pact.log_restitution(
            number("action", action),
            parsing.day("done_on", done_on),
            by=by,
            on=pacts.today,
            hours=maybe(parsing.amount, "hours", hours),
            eur=maybe(parsing.amount, "eur", eur),
            works=maybe(partial(seal, pacts, pact, "works"), "works", works),
            kind=parsing.word("kind", kind, RestitutionKind),
            health_limits=flag("health_limits", health_limits),
            limits=limits(pacts),
        )
        return answer(pact)
