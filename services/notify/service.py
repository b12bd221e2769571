"""Questions to notify, as nameko offers them inside an organisation."""

from typing import Any

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import Hosted, query
from services.kernel.refusal import BadWord
from services.kernel.words import Body
from services.notify.addressees import Holders, holders_id
from services.notify.notice import role_at
from services.notify.views.notices import recorded

SEE_ANY = {"project_manager", "auditor", "administrator"}
"""Roles that see every notice of the organisation."""


class NotifyService:
    """Who was told what, and why."""

    name = "notify"
    hosted = Hosted()

    @query(
        "microequipe_lead",
        "case_manager",
        "project_manager",
        "work_placement_head",
        "auditor",
        "administrator",
    )
    def notices(
        self,
        reading: Deciding,
        by: Actor,
        *,
        family: str | None = None,
        pact: str | None = None,
        day: str | None = None,
    ) -> Body:
        """The notices about a family, about a pact, of a day; at least one must be given.

        Who has no role that sees all of them sees those that they got themselves [5].
        """
        if family is None and pact is None and day is None:
            raise BadWord(argument="", wanted="family, pact or day")
        found = recorded(
            reading.connection,
            None if family is None else parsing.text("family", family, 40),
            None if pact is None else parsing.uuid("pact", pact),
            None if day is None else parsing.day("day", day),
        )
        theirs = {by.person, *(role_at(by.organisation, role) for role in by.roles)}
        sees_all = bool(by.roles & SEE_ANY)
        return {
            "notices": [
                _notice(reading, row) for row in found if sees_all or row.recipient in theirs
            ]
        }


def _notice(reading: Deciding, row: Any) -> Body:
    return {
        "notice": str(row.notice),
        "cause": str(row.cause),
        "kind": row.kind,
        "recipient": row.recipient,
        "persons": _persons(reading, row),
        "family": row.family,
        "pact": row.pact and str(row.pact),
        "cycle": row.cycle,
        "number": row.number,
        "due": row.due and str(row.due),
        "on": str(row.on),
        "status": row.status,
    }


def _persons(reading: Deciding, row: Any) -> list[str]:
    """Who the recipient is: the person, or those who held the role on the day of the notice."""
    if ":" not in row.recipient:
        return [row.recipient]
    holders = reading.find(Holders, holders_id(*row.recipient.split(":", 1)))
    return [str(person) for person in holders.on(row.on)] if holders else []
