"""Questions to notify, as nameko offers them inside an organisation."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.civil import begins
from services.kernel.deciding import Deciding
from services.kernel.hosting import Hosted, command, query
from services.kernel.mapper import instant, plain
from services.kernel.refusal import BadWord
from services.kernel.words import Body
from services.notify.addresses import Addresses, addresses_id
from services.notify.letter import Letter, State, letter_id
from services.notify.mail import Mail, Standing
from services.notify.notice import Kind, Notice, notice_id, role_at
from services.notify.preferences import (
    NobodyWeWriteTo,
    NotTheirOwn,
    Preferences,
    Reminders,
    preferences_id,
)
from services.notify.reminding import wanted
from services.notify.telling import persons_of
from services.notify.views import letters
from services.notify.views.holders import roles_of
from services.notify.views.mails import arrived, waiting
from services.notify.views.notices import recorded, unaddressed

MOST_LISTED = 500
"""Letters in one answer."""

EVERYBODY = (
    *("access_point_operator", "verifier", "microequipe_member", "microequipe_lead"),
    *("case_manager", "project_manager", "work_placement_head", "legal_representative"),
    *("auditor", "administrator"),
)
"""Every role: whoever gets letters says how."""

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

    @query("project_manager", "auditor", "administrator")
    def letters(
        self,
        reading: Deciding,
        by: Actor,
        *,
        state: str | None = None,
        day: str | None = None,
    ) -> Body:
        """The last letters in *state* (any), changed on *day* (any), newest first.

        And what waits for a person: letters of which nobody knows, that were given up or have no
        address, and notices to a role that nobody holds.
        """
        wanted = [] if state is None else [parsing.word("state", state, State).value]
        on = None if day is None else parsing.day("day", day)
        found = letters.listed(reading.connection, wanted, on, MOST_LISTED)
        return {
            "letters": [_letter(row) for row in found],
            "counts": letters.counted(reading.connection),
            "unaddressed": [str(row.notice) for row in unaddressed(reading.connection)],
        }

    @command("project_manager", "administrator")
    def letter_was_sent(self, deciding: Deciding, by: Actor, *, letter: str) -> Body:
        """Record that a letter of which nobody knew had been sent."""
        found = deciding.edit(Letter, parsing.uuid("letter", letter))
        found.find_sent(by=by, on=deciding.today)
        return {"letter": letter, "version": found.version}

    @command("project_manager", "administrator")
    def send_letter_again(self, deciding: Deciding, by: Actor, *, letter: str) -> Body:
        """Let a letter be sent once more, that was given up or of which nobody knows."""
        found = deciding.edit(Letter, parsing.uuid("letter", letter))
        found.send_again(by=by, on=deciding.today)
        return {"letter": letter, "version": found.version}

    @query(*EVERYBODY)
    def reminders(self, reading: Deciding, by: Actor, *, person: str | None = None) -> Body:
        """How reminders come to who asks, or to *person*: ``daily``, ``at_once``, ``none``."""
        who = _whose(by, person)
        return {"person": str(who), "reminders": wanted(reading, who).value}

    @command(*EVERYBODY)
    def choose_reminders(
        self, deciding: Deciding, by: Actor, *, reminders: str, person: str | None = None
    ) -> Body:
        """Let reminders come as who asks wants it, or as an administrator says for *person*."""
        who, how = _whose(by, person), parsing.word("reminders", reminders, Reminders)
        roles = roles_of(deciding.connection, who, deciding.today)
        if not roles and deciding.find(Addresses, addresses_id(who)) is None:
            raise NobodyWeWriteTo(person=who)
        chosen = deciding.find(Preferences, preferences_id(who))
        if chosen is None:
            chosen = deciding.add(Preferences.open(who, by=by))
        chosen.choose(who, how, roles, by=by, on=deciding.today)
        return {"person": str(who), "reminders": chosen.reminders.value}

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
        return {"mails": [_mail(reading, row) for row in found], "waiting": waits}

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


def _whose(by: Actor, person: str | None) -> UUID:
    """Whose choice it is.

    Raises:
        NotTheirOwn: somebody else's, and who asks is no administrator.
    """
    who = UUID(by.person) if person is None and by.person else parsing.uuid("person", person)
    if str(who) != by.person and "administrator" not in by.roles:
        raise NotTheirOwn(person=who, may=["administrator"])
    return who


def _notice(reading: Deciding, row: Any) -> Body:
    return {
        "notice": str(row.notice),
        "cause": str(row.cause),
        "kind": row.kind,
        "recipient": row.recipient,
        "persons": [str(each) for each in persons_of(reading, row.recipient, row.on)],
        "family": row.family,
        "pact": row.pact and str(row.pact),
        "cycle": row.cycle,
        "number": row.number,
        "organisation": row.organisation,
        "due": row.due and str(row.due),
        "on": str(row.on),
        "status": row.status,
        "letters": [
            {"letter": str(each.id), "person": str(each.person), "state": each.state.value}
            for each in _letters_of(reading, row)
        ],
    }


def _letters_of(reading: Deciding, row: Any) -> Iterator[Letter]:
    """The letters that tell what this notice tells, also those written for another of its cause.

    And those to who took over, since, what one of its persons did.
    """
    notice = reading.get(Notice, row.notice)
    others = letters.persons_of(reading.connection, row.notice)
    for person in dict.fromkeys([*(notice.persons or ()), *others]):
        letter = reading.find(Letter, letter_id(notice.cause, notice.what, person))
        if letter is not None:
            yield letter


def _letter(row: Any) -> Body:
    return {
        "letter": str(row.letter),
        "notice": str(row.notice),
        "kind": row.kind,
        "person": str(row.person),
        "state": row.state,
        "because": row.because,
        "attempts": row.attempts,
        "round": row.round,
        "digest": row.digest and str(row.digest),
        "on": str(row.on),
    }


def _mail(reading: Deciding, row: Any) -> Body:
    answer = row.person and notice_id(row.mail, Kind.FORM_NOT_READ, str(row.person))
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
        "answered": bool(answer and reading.find(Notice, answer)),
        "authentic": row.authentic,
        "certified": row.certified,
        "sent_at": None if row.sent_at is None else plain(instant(row.sent_at)),
        "regards": row.regards and str(row.regards),
        "on": row.on and str(row.on),
    }
