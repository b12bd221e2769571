"""One family of the year, and what those who work with it need to know to go on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from services.console.year.asking import Asking
from services.console.year.cast import Cast, Person

OF_THE_PACT = "of the pact"
"""How far it is, only the service of pacts knows."""
AT_REST = "at rest"
"""Nothing more happens."""


class NotNow(Exception):
    """There is nothing just now to which this could happen; something else may."""


@dataclass
class Family:
    """A family's life as it is planned; what happened to it, the services know.

    Attributes:
        number: of this family in the year, from 1.
        chance: decides all that happens to it, whatever happens to others meanwhile.
        wakes: the next day on which something happens to it; None: no more.
        stage: where it stands before it has a pact, or OF_THE_PACT.
        code: given by intake.
        access_point: which referred it.
        committed: who of the family commits to something.
        joined: a figure who joined the microequipe later.
        second: somebody else of it with an account, who may lead it one day.
        complaint: number of the one that is not answered yet, of the pact it was about.
        guarded: whether it may be reached in one way only.
        hold: why its data must be kept just now.
        twin: code under which it was referred once more.
        twin_known: whether somebody said what the two referrals are.
        elsewhere: whether the other organisation knows somebody of it, too.
        pact: id of its last pact.
        mailed: whether a mail about it was sent to the dedicated address.
    """

    number: int
    organisation: str
    chance: Random
    wakes: date | None
    stage: str = "not intercepted"
    code: str = ""
    access_point: str = ""
    committed: str = ""
    joined: str | None = None
    second: str | None = None
    complaint: int | None = None
    guarded: bool = False
    hold: str | None = None
    twin: str = ""
    twin_known: bool = False
    elsewhere: bool = False
    pact: str | None = None
    mailed: bool = False

    def new_id(self) -> str:
        """An id that nobody has."""
        return str(UUID(int=self.chance.getrandbits(128), version=4))


@dataclass
class Scene:
    """One thing that happens to one family on one day.

    Attributes:
        pact: its last pact as pacts tells it, or nothing.
        mail: sends PDF files to the dedicated address: sender, content by name; None: its door is
            closed just now.
        by_mail: how many of a hundred blank drafts are written on the form, and sent by mail.
        serves: whether a service of an organisation answers today.
    """

    family: Family
    day: date
    cast: Cast
    asking: Asking
    mail: Callable[[str, dict[str, bytes]], None] | None
    by_mail: int
    pact: dict[str, Any]
    serves: Callable[[str, str], bool]

    @property
    def chance(self) -> Random:
        """The family's own."""
        return self.family.chance

    @property
    def today(self) -> str:
        """As the services take it."""
        return self.day.isoformat()

    def later(self, least: int, most: int) -> str:
        """A day between *least* and *most* days from today."""
        return (self.day + timedelta(days=self.chance.randint(least, most))).isoformat()

    def amount(self, least: int, most: int) -> str:
        """Between *least* and *most* EUR or hours, with quarters."""
        return f"{self.chance.randint(least * 4, most * 4) / 4:.2f}"

    def lead(self) -> Person:
        """Who leads the microequipe, as the pact knows it."""
        return self.cast.by_id(self.pact["lead"])

    def intake(self, who: str, method: str, **words: Any) -> Any:
        """Ask intake about this family, as the operator or the verifier."""
        by = self.cast[self.family.organisation, who].acting()
        about = {"family": self.family.code} if self.family.code else {}
        return self.asking(self.family.organisation, "intake", method, by, **about, **words)

    def pacts(self, method: str, **words: Any) -> Any:
        """Ask pacts about the last pact, as the lead of the microequipe."""
        by = self.lead().acting("microequipe_lead")
        pact = {"pact_id": self.pact["pact"]}
        return self.asking(self.family.organisation, "pacts", method, by, **pact, **words)
