"""Asking: whether another organisation follows somebody of the family, answered by yes or no."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from services.intake.codes import Elsewhere
from services.intake.standing import Asked, Standing, VerifierNotNamed
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed

ASKED_AGAIN_DAYS = 30
"""Days after which one organisation may be asked about a family again [2, our reading]."""
MOST_PERSONS = 20
"""Persons about whom one asking is [2, our reading]: a family, and not a list of codes to try."""


class NobodyIdentified(Refused):
    """Nobody of the family is known by a tax code, so nobody can be recognised [2]."""


class TooManyPersons(Refused):
    """One asking is about a family, of ``most`` known persons at most [2]."""


class NoAgreementOnRecognition(Refused):
    """Organisations ask each other about persons only under an agreement that says so [8]."""


class AskedLately(Refused):
    """The organisation was asked about the family on ``on``; again from ``again_from`` [2]."""


class AskingWouldTell(Refused):
    """Under *contatto sicuro* nobody elsewhere hears that the family is here [2]."""


class NotAsked(Refused):
    """An answer to what that organisation was not asked counts for nothing."""


def asking_id(family: str, number: int) -> UUID:
    """The asking of that number about *family*; also the subject of what is sent with it."""
    return stream_id("asking", family, number)


class Asking(Standing):
    """The chapter of what other organisations were asked about the family."""

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class AskedElsewhere(Aggregate.Event):
        """*organisation* was asked whether it follows somebody who has one of the *codes*.

        Attributes:
            codes: fingerprints of the tax codes, which only that organisation can compare.
        """

        TOPIC = "intake.AskedElsewhere"
        asking: UUID
        organisation: str
        codes: Sealed
        on: date

        def apply(self, family: Standing) -> None:
            """One more asking, not answered yet."""
            person = cast(UUID, self.by.person)
            family.asked.append(Asked(self.asking, self.organisation, person, self.on))

    class AnsweredElsewhere(Aggregate.Event):
        """That organisation answered: yes, no, or why it does not say."""

        TOPIC = "intake.AnsweredElsewhere"
        asking: UUID
        organisation: str
        answer: Elsewhere
        on: date

        def apply(self, family: Standing) -> None:
            """The asking is answered."""
            family.asked = [
                replace(each, answer=self.answer) if each.asking == self.asking else each
                for each in family.asked
            ]

    def ask_elsewhere(
        self,
        organisation: str,
        codes: Sealed,
        persons: int,
        agreed: bool,
        *,
        on: date,
        by: Actor,
    ) -> None:
        """Ask *organisation* whether it follows somebody of the family [2].

        Args:
            organisation: another one than ours.
            codes: the fingerprints, sealed under :attr:`next_asking`.
            persons: how many of them there are.
            agreed: whether an agreement with it that covers recognition is in force on *on*.
            on: civil day.
            by: the named person who asks.

        Raises:
            FamilyErased: its data is gone.
            JoinedIntoAnother: it is followed under another code.
            NoticeNotRecorded: the information notice comes first.
            VerifierNotNamed: *by* is not a person.
            AskingWouldTell: the mark *contatto sicuro* is set.
            NobodyIdentified: there is no tax code to ask about.
            TooManyPersons: there are more than 20.
            NoAgreementOnRecognition: none is in force.
            AskedLately: it was asked less than 30 days ago.
        """
        self.must_be_processable()
        if by.person is None:
            raise VerifierNotNamed()
        if self.safe_contact:
            raise AskingWouldTell(family=self.code)
        if not persons:
            raise NobodyIdentified(family=self.code)
        if persons > MOST_PERSONS:
            raise TooManyPersons(family=self.code, persons=persons, most=MOST_PERSONS)
        if not agreed:
            raise NoAgreementOnRecognition(organisation=organisation)
        for each in self.asked:
            again_from = each.on + timedelta(days=ASKED_AGAIN_DAYS)
            if each.organisation == organisation and on < again_from:
                raise AskedLately(organisation=organisation, on=each.on, again_from=again_from)
        self.trigger_event(
            self.AskedElsewhere,
            by=by,
            asking=self.next_asking,
            organisation=organisation,
            codes=codes,
            on=on,
        )

    def hear_answer(
        self, asking: UUID, organisation: str, answer: Elsewhere, *, on: date, by: Actor
    ) -> None:
        """Keep what *organisation* answered; heard twice, or after an erasure, it adds nothing.

        Raises:
            NotAsked: it was not asked that.
        """
        found = next((each for each in self.asked if each.asking == asking), None)
        if found is None or found.organisation != organisation:
            raise NotAsked(family=self.code, organisation=organisation)
        if found.answer is None and self.erased_on is None:
            self.trigger_event(
                self.AnsweredElsewhere,
                by=by,
                asking=asking,
                organisation=organisation,
                answer=answer,
                on=on,
            )

    @property
    def next_asking(self) -> UUID:
        """The id of the next one."""
        return asking_id(self.code, len(self.asked) + 1)
