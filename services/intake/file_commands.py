"""The door of the files: two about the same person, here or elsewhere, held by law, erased."""

import json
from datetime import timedelta

from services.intake import words
from services.intake.answering import Askings, askings_id
from services.intake.codes import ErasureReason, LegalHold
from services.intake.door import done, edit, pair_of, standing
from services.intake.microequipe import Microequipe, microequipe_id
from services.intake.pairing import PairState
from services.intake.recognising_elsewhere import fingerprints, may_be_asked
from services.intake.views.pairs import pairs
from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.words import Body

A_YEAR = timedelta(days=366)


class FileCommands:
    """Commands and the question about files; the service joins them."""

    @command("verifier")
    def confirm_duplicate(
        self, intake: Deciding, by: Actor, *, family: str, other: str, goes_on: str
    ) -> Body:
        """Record that two referrals are of one family, followed as ``goes_on`` from today."""
        pair = pair_of(intake, family, other)
        stays = standing(intake, goes_on, None)
        pair.confirm(stays.code, on=intake.today, by=by)
        stays.must_be_followed_here()
        joined = edit(intake, pair.other_than(stays.code), None)
        team = intake.find(Microequipe, microequipe_id(joined.code))
        joined.join(stays.code, team is not None, on=intake.today, by=by)
        if joined.safe_contact and not stays.safe_contact:
            stays.mark_safe_contact(None, on=intake.today, by=by)
        return {"goes_on": stays.code, "joined": joined.code}

    @command("verifier")
    def refuse_duplicate(self, intake: Deciding, by: Actor, *, family: str, other: str) -> Body:
        """Record that two referrals are of two families."""
        pair = pair_of(intake, family, other)
        pair.refuse(on=intake.today, by=by)
        return {"first": pair.first, "second": pair.second}

    @command("verifier")
    def undo_duplicate(self, intake: Deciding, by: Actor, *, family: str, other: str) -> Body:
        """Take back what was said of two referrals; a family that was joined goes on by itself."""
        pair = pair_of(intake, family, other)
        goes_on = pair.goes_on
        pair.undo(on=intake.today, by=by)
        if goes_on is not None:
            joined = edit(intake, pair.other_than(goes_on), None)
            joined.undo_joining(on=intake.today, by=by)
        return {"first": pair.first, "second": pair.second}

    @query("verifier")
    def possible_duplicates(
        self, intake: Deciding, by: Actor, *, state: str = PairState.OPEN.value
    ) -> list[Body]:
        """Pairs of referrals that may concern one person; those that wait for an answer."""
        found = pairs(intake.connection, parsing.word("state", state, PairState))
        return [json.loads(json.dumps(row, default=str)) for row in found]

    @command("verifier")
    def ask_elsewhere(self, intake: Deciding, by: Actor, *, family: str, organisation: str) -> Body:
        """Ask another organisation whether it follows somebody of the family; it answers later."""
        asked = standing(intake, family, None)
        other = parsing.text("organisation", organisation, longest=30)
        codes = fingerprints(intake, asked.code, other)
        asked.ask_elsewhere(
            other,
            intake.seal(asked.next_asking, "fingerprints", json.dumps(codes)),
            len(codes),
            may_be_asked(intake, other),
            on=intake.today,
            by=by,
        )
        return done(asked)

    @query("administrator", "auditor", "project_manager")
    def asked_of_us(
        self, intake: Deciding, by: Actor, *, organisation: str, since: str
    ) -> list[Body]:
        """What another organisation asked about persons since a day, of a year at most."""
        other = parsing.text("organisation", organisation, longest=30)
        day = max(parsing.day("since", since), intake.today - A_YEAR)
        told: list[Body] = []
        while day <= intake.today:
            askings = intake.find(Askings, askings_id(other, day))
            told += map(words.about_answer, askings.answers if askings else ())
            day += timedelta(days=1)
        return told

    @command("administrator")
    def place_legal_hold(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        hold: str,
        expected_version: int | None = None,
    ) -> Body:
        """Keep what is known of the family, whoever asks for its erasure."""
        edited = edit(intake, family, expected_version)
        edited.place_legal_hold(parsing.word("hold", hold, LegalHold), on=intake.today, by=by)
        return done(edited)

    @command("administrator")
    def lift_legal_hold(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        hold: str,
        expected_version: int | None = None,
    ) -> Body:
        """Let one reason to keep it no longer stand."""
        edited = edit(intake, family, expected_version)
        edited.lift_legal_hold(parsing.word("hold", hold, LegalHold), on=intake.today, by=by)
        return done(edited)

    @command("administrator")
    def erase_family(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        because: str,
        expected_version: int | None = None,
    ) -> Body:
        """Destroy everything personal that intake holds about the family; its history stays."""
        edited = edit(intake, family, expected_version)
        edited.erase(
            parsing.word("because", because, ErasureReason),
            shared=intake.find(Microequipe, microequipe_id(edited.code)) is not None,
            on=intake.today,
            by=by,
        )
        intake.erase(edited.id)
        for each in edited.asked:
            intake.erase(each.asking)
        return done(edited)
