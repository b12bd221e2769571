"""Questions to notify, as nameko offers them inside an organisation."""

import json
from typing import Any

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.civil import begins
from services.kernel.deciding import Deciding
from services.kernel.hosting import Hosted, command, query
from services.kernel.mapper import instant, plain
from services.kernel.refusal import BadWord
from services.kernel.words import Body
from services.notify.addressees import Holders, holders_id
from services.notify.post_in.mail import Mail, Standing
from services.notify.views.mails import arrived, waiting
from services.notify.views.notices import recorded


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
        """The notices about a family, about a pact, of a day; at least one must be given."""
        if family is None and pact is None and day is None:
            raise BadWord(argument="", wanted="family, pact or day")
        found = recorded(
            reading.connection,
            None if family is None else parsing.text("family", family, 40),
            None if pact is None else parsing.uuid("pact", pact),
            None if day is None else parsing.day("day", day),
        )
        return {"notices": [_notice(reading, row) for row in found]}

    @query("project_manager", "administrator", "auditor")
    def mailbox(
        self,
        reading: Deciding,
        by: Actor,
        *,
        standing: str | None = None,
        since: str | None = None,
        most: int = 50,
    ) -> Body:
        """The newest mails at the dedicated address and what became of each; codes only."""
        found = arrived(
            reading.connection,
            None if since is None else begins(parsing.day("since", since)),
            None if standing is None else parsing.word("standing", standing, Standing),
            parsing.number("most", most, 1, 1_000),
        )
        waits = waiting(reading.connection)
        return {"mails": [_mail(row) for row in found], "waiting": waits}

    @query("project_manager", "administrator")
    def mail(self, reading: Deciding, by: Actor, *, mail: str) -> Body:
        """Who sent one mail, its subject and what is attached; that it was read is recorded."""
        provenance = reading.get(Mail, parsing.uuid("mail", mail)).provenance
        if provenance is None or provenance.head is None:
            return {"mail": mail, "head": None}
        return {"mail": mail, "head": json.loads(reading.open(provenance.head))}

    @command("project_manager", "administrator")
    def admit_mail(self, deciding: Deciding, by: Actor, *, mail: str, person: str) -> Body:
        """Take the form of a mail in doubt as sent by a person who vouched for it."""
        found = deciding.edit(Mail, parsing.uuid("mail", mail))
        found.admit(parsing.uuid("person", person), by=by, on=deciding.today)
        return {"mail": mail}

    @command("project_manager", "administrator")
    def settle_mail(self, deciding: Deciding, by: Actor, *, mail: str, what: str) -> Body:
        """Record what a person did about a mail that waited."""
        found = deciding.edit(Mail, parsing.uuid("mail", mail))
        done = deciding.seal(found.id, "settled", parsing.text("what", what))
        found.settle(done, by=by, on=deciding.today)
        return {"mail": mail}


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


def _mail(row: Any) -> Body:
    return {
        "mail": str(row.mail),
        "at": plain(instant(row.at)),
        "route": row.route,
        "size": row.size,
        "standing": row.standing,
        "why": row.why,
        "code": row.code,
        "organisation": row.organisation,
        "reference": row.reference,
        "person": row.person and str(row.person),
        "authentic": row.authentic,
        "certified": row.certified,
        "sent_at": None if row.sent_at is None else plain(instant(row.sent_at)),
        "regards": row.regards and str(row.regards),
        "on": row.on and str(row.on),
    }


def _persons(reading: Deciding, row: Any) -> list[str]:
    """Who the recipient is: the person, or those who held the role on the day of the notice."""
    if ":" not in row.recipient:
        return [row.recipient]
    holders = reading.find(Holders, holders_id(*row.recipient.split(":", 1)))
    return [str(person) for person in holders.on(row.on)] if holders else []
