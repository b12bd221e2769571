"""A partner organisation, and the agreements under which it exchanges data with others."""

import re
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.people.codes import OrganisationKind

CODE = re.compile(r"[a-z][a-z0-9-]{0,29}")
"""An organisation's code: part of log ids, actors and family codes."""


class CodeMisshapen(Refused):
    """An organisation's code is a short slug: ``a-z``, digits and hyphens, a letter first [4]."""


class OrganisationKnown(Refused):
    """An organisation is registered once [4]."""


class AgreementEndsBeforeItBegins(Refused):
    """An agreement lasts at least one day [3]."""


class AgreementWithItself(Refused):
    """An agreement joins two organisations, each its own controller [3]."""


@dataclass(frozen=True)
class Agreement:
    """A recorded agreement on the exchange of data; both days belong to it."""

    partner: str
    reference: str
    since: date
    until: date | None

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
        """The two may exchange data from ``since`` to ``until``, both included; None: no end."""

        TOPIC = "people.AgreementRecorded"
        partner: str
        reference: str
        since: date
        until: date | None
        on: date

        def apply(self, organisation: "Organisation") -> None:
            """One more agreement."""
            organisation.agreements.append(
                Agreement(self.partner, self.reference, self.since, self.until)
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
        self, partner: str, reference: str, since: date, until: date | None, *, on: date, by: Actor
    ) -> None:
        """Record an agreement on the exchange of data with *partner* [3].

        Args:
            partner: code of the other organisation.
            reference: of the signed document, as it is filed.
            since: first day.
            until: last day, or None.
            on: civil day of the record.
            by: who records it.

        Raises:
            CodeMisshapen: *partner* is not a slug.
            AgreementWithItself: *partner* is this organisation.
            AgreementEndsBeforeItBegins: *until* lies before *since*.
        """
        if not CODE.fullmatch(partner):
            raise CodeMisshapen()
        if partner == self.code:
            raise AgreementWithItself(organisation=partner)
        if until is not None and until < since:
            raise AgreementEndsBeforeItBegins(since=since, until=until)
        self.trigger_event(
            self.AgreementRecorded,
            by=by,
            partner=partner,
            reference=reference,
            since=since,
            until=until,
            on=on,
        )

    def agrees_with(self, partner: str, day: date) -> bool:
        """Whether an agreement with *partner* is in force on *day*."""
        return any(
            agreement.partner == partner and agreement.covers(day) for agreement in self.agreements
        )
