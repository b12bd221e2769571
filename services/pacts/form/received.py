"""A form that came by mail, and what became of it: once for each mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.pacts.form.problems import Kind, Problem


@dataclass(frozen=True)
class Reason:
    """One thing to mend, as it is stored and said.

    Attributes:
        facts: codes, numbers, days and labels of the form's own fields.
    """

    kind: Kind
    facts: dict[str, Any]


def form_id(mail: UUID) -> UUID:
    """The stream of the form that *mail* brought."""
    return stream_id("form", mail)


class ReceivedForm(Aggregate):
    """What we answered to the form of one mail."""

    TOPIC = "pacts.Form"

    def __init__(self) -> None:
        self.mail = UUID(int=0)
        self.family: str | None = None
        self.pact: UUID | None = None

    # Stored, for ever: topics, field names and the values of enumerations.

    class Accepted(Birth):
        """The pact's proposal of this number says what the form says.

        Attributes:
            on: day on which the form was sent, Europe/Rome.
        """

        TOPIC = "pacts.FormAccepted"
        mail: UUID
        family: str
        pact: UUID
        proposal: int
        on: date

        def apply(self, form: "ReceivedForm") -> None:
            form.mail, form.family, form.pact = self.mail, self.family, self.pact

    class Refused(Birth):
        """The form was not followed; everything that is to be mended was named.

        Attributes:
            family: None where the form does not prove which family it is about; *pact*, too.
            on: day on which the form was sent, Europe/Rome.
        """

        TOPIC = "pacts.FormRefused"
        class_version = 2
        mail: UUID
        family: str | None
        pact: UUID | None
        reasons: tuple[Reason, ...]
        on: date

        def apply(self, form: "ReceivedForm") -> None:
            form.mail, form.family, form.pact = self.mail, self.family, self.pact

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 no form was that of an amendment, and no reason was about one."""

    @classmethod
    def accept(
        cls, mail: UUID, family: str, pact: UUID, proposal: int, by: Actor, on: date
    ) -> "ReceivedForm":
        """The form of *mail* is the pact's *proposal*."""
        return birth(
            cls,
            cls.Accepted,
            form_id(mail),
            by=by,
            mail=mail,
            family=family,
            pact=pact,
            proposal=proposal,
            on=on,
        )

    @classmethod
    def refuse(
        cls,
        mail: UUID,
        family: str | None,
        pact: UUID | None,
        problems: Iterable[Problem],
        by: Actor,
        on: date,
    ) -> "ReceivedForm":
        """The form of *mail* is to be mended."""
        reasons = tuple(Reason(each.kind, each.facts) for each in problems)
        return birth(
            cls,
            cls.Refused,
            form_id(mail),
            by=by,
            mail=mail,
            family=family,
            pact=pact,
            reasons=reasons,
            on=on,
        )
