"""A partner organisation, and the agreements under which it exchanges data with others."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.people.codes import Covers, EndedBecause, OrganisationKind

CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")
"""An organisation's code: part of log ids, actors and family codes."""


class CodeMisshapen(Refused):
    """An organisation's code is a short slug: ``a-z``, digits and hyphens, a letter first [4]."""


class OrganisationKnown(Refused):
    """An organisation is registered once [4]."""


class AgreementEndsBeforeItBegins(Refused):
    """An agreement lasts at least one day [3]."""


class AgreementCoversNothing(Refused):
    """An agreement says what it covers [3]."""


class AgreementSignedLater(Refused):
    """What is recorded was signed today or before [3]."""


class NoSuchAgreement(Refused):
    """Only an agreement that was recorded ends [3]."""


class AgreementOver(Refused):
    """An agreement ends once, on a day that belongs to it; ``until`` is its last one [3]."""


class AgreementWithItself(Refused):
    """An agreement joins two organisations, each its own controller [3]."""


@dataclass(frozen=True)
class Agreement:
    """A recorded agreement on the exchange of data; both days belong to it.

    Attributes:
        number: its own, from 1, in the order in which they were recorded.
        ended: whether it was ended, rather than made, to end on its last day.
    """

    number: int
    partner: str
    reference: str
    since: date
    until: date | None
    signed_on: date | None
    covers_what: tuple[Covers, ...]
    ended: bool = False

    def covers(self, day: date) -> bool:
        """Whether it is in force on *day*."""
        return self.since <= day and (self.until is None or day <= self.until)


def organisation_id(code: str) -> UUID:
    """The stream of the organisation *code*."""
    return stream_id("organisation", code)


class Organisation(Aggregate):
    """A partner of the programme; the lead runs the committee's services."""

    TOPIC = "people.Organisation"

    def __init__(self) -> None:
        self.code = ""
        self.nature = OrganisationKind.OTHER
        self.lead = False
        self.agreements: list[Agreement] = []

    # stored: rename a class at will, never its topic

    class Registered(Birth):
        """A body takes part from ``on``; ``name`` is its own, never that of a person."""

        TOPIC = "people.OrganisationRegistered"
        code: str
        nature: OrganisationKind
        name: str
        lead: bool
        on: date

        def apply(self, organisation: "Organisation") -> None:
            """It is known."""
            organisation.code = self.code
            organisation.nature = self.nature
            organisation.lead = self.lead

    class AgreementRecorded(Aggregate.Event):
        """The two may exchange data from ``since`` to ``until``, both included; None: no end.

        Attributes:
            reference: of the signed document, as it is filed.
            signed_on: None: not told at first.
        """

        TOPIC = "people.AgreementRecorded"
        class_version = 2
        partner: str
        reference: str
        since: date
        until: date | None
        on: date
        signed_on: date | None
        covers: tuple[Covers, ...]

        def apply(self, organisation: "Organisation") -> None:
            """One more agreement."""
            organisation.agreements.append(
                Agreement(
                    len(organisation.agreements) + 1,
                    self.partner,
                    self.reference,
                    self.since,
                    self.until,
                    self.signed_on,
                    self.covers,
                )
            )

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 an agreement covered the programme, and its day was not asked for."""
            state["signed_on"] = None
            state["covers"] = [Covers.PROGRAMME.value]

    class AgreementEnded(Aggregate.Event):
        """*last* is the last day of the agreement, before the one that was agreed, if any was."""

        TOPIC = "people.AgreementEnded"
        number: int
        last: date
        because: EndedBecause
        on: date

        def apply(self, organisation: "Organisation") -> None:
            """It ends."""
            at = self.number - 1
            organisation.agreements[at] = replace(
                organisation.agreements[at], until=self.last, ended=True
            )

    @classmethod
    def register(
        cls,
        code: str,
        existing: "Organisation | None",
        nature: OrganisationKind,
        name: str,
        lead: bool,
        *,
        on: date,
        by: Actor,
    ) -> "Organisation":
        """An organisation that takes part from *on* [4].

        Args:
            code: short slug, never changed.
            existing: the organisation that has the code already, if any.
            nature: what it is.
            name: of the body.
            lead: whether it runs the committee's services.
            on: civil day.
            by: who registers it.

        Raises:
            CodeMisshapen: *code* is not a slug.
            OrganisationKnown: it is registered already.
        """
        if not CODE.fullmatch(code):
            raise CodeMisshapen()
        if existing is not None:
            raise OrganisationKnown(organisation=code)
        return birth(
            cls,
            cls.Registered,
            organisation_id(code),
            by=by,
            code=code,
            nature=nature,
            name=name,
            lead=lead,
            on=on,
        )

    def record_agreement(
        self,
        partner: str,
        reference: str,
        since: date,
        until: date | None,
        *,
        on: date,
        by: Actor,
        signed_on: date | None = None,
        covers: tuple[Covers, ...] = (Covers.PROGRAMME,),
    ) -> None:
        """Record an agreement on the exchange of data with *partner* [3].

        Args:
            partner: code of the other organisation.
            reference: of the signed document, as it is filed.
            since: first day.
            until: last day, or None.
            on: civil day of the record.
            by: who records it.
            signed_on: civil day of the signatures; None: of this record.
            covers: what may be exchanged, at least one.

        Raises:
            CodeMisshapen: *partner* is not a slug.
            AgreementWithItself: *partner* is this organisation.
            AgreementEndsBeforeItBegins: *until* lies before *since*.
            AgreementSignedLater: *signed_on* lies after *on*.
            AgreementCoversNothing: *covers* is empty.
        """
        if not CODE.fullmatch(partner):
            raise CodeMisshapen()
        if partner == self.code:
            raise AgreementWithItself(organisation=partner)
        if until is not None and until < since:
            raise AgreementEndsBeforeItBegins(since=since, until=until)
        signed = on if signed_on is None else signed_on
        if signed > on:
            raise AgreementSignedLater(signed_on=signed, today=on)
        if not covers:
            raise AgreementCoversNothing(partner=partner)
        self.trigger_event(
            self.AgreementRecorded,
            by=by,
            partner=partner,
            reference=reference,
            since=since,
            until=until,
            on=on,
            signed_on=signed,
            covers=tuple(dict.fromkeys(covers)),
        )

    def end_agreement(
        self, number: int, last: date, because: EndedBecause, *, on: date, by: Actor
    ) -> None:
        """Record that agreement *number* ends on *last*; nothing is exchanged after that day [3].

        Args:
            last: its last day, also one that is over, if it is told late.

        Raises:
            NoSuchAgreement: there is none with that number.
            AgreementOver: it was ended, or *last* does not belong to it.
        """
        if not 1 <= number <= len(self.agreements):
            raise NoSuchAgreement(number=number)
        agreement = self.agreements[number - 1]
        if agreement.ended or not agreement.covers(last):
            raise AgreementOver(number=number, since=agreement.since, until=agreement.until)
        self.trigger_event(
            self.AgreementEnded, by=by, number=number, last=last, because=because, on=on
        )

    def agrees_with(self, partner: str, day: date, what: Covers = Covers.PROGRAMME) -> bool:
        """Whether an agreement with *partner* that covers *what* is in force on *day*."""
        return any(
            agreement.partner == partner and agreement.covers(day) and what in agreement.covers_what
            for agreement in self.agreements
        )
