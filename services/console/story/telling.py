"""What every chapter of the story needs: the clock, who asks whom, and what is told of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from services.console.mailing import Mailing
from services.console.season import Season
from services.console.year.asking import Asking
from services.console.year.cast import Cast
from services.kernel.ids import stream_id


@dataclass(frozen=True)
class Followed:
    """A family whose path is told."""

    organisation: str
    code: str

    @property
    def pact(self) -> UUID:
        """Its first pact."""
        return stream_id("pact", self.code, 1)

    def proposal(self, number: int) -> str:
        """The proposal *number* of its pact, as the committee calls it."""
        return str(stream_id("proposal", self.pact, number))


@dataclass(frozen=True)
class Telling:
    """Asks on behalf of the cast, lets days pass, and tells who watches.

    Attributes:
        watching: is told each step in Italian.
        papers: folder for what is printed.
    """

    asking: Asking
    cast: Cast
    mailing: Mailing
    season: Season
    watching: Callable[[date, str], None]
    papers: Path

    def on(self, day: date) -> None:
        """Let every day up to *day* pass."""
        self.season.advance(day)

    @property
    def today(self) -> str:
        """The simulated civil day, as commands take it."""
        return self.season.today.isoformat()

    def say(self, words: str) -> None:
        """Tell who watches what happens today."""
        self.watching(self.season.today, words)

    def done(self, words: str) -> None:
        """Wait until all that follows has happened, and tell who watches."""
        self.season.settle()
        self.say(words)

    def ask(self, organisation: str, who: str, service: str, method: str, **words: Any) -> Any:
        """What *service* answers to somebody of the cast."""
        by = self.cast[organisation, who].acting()
        return self.asking(organisation, service, method, by, **words)

    def intake(self, family: Followed, who: str, method: str, **words: Any) -> Any:
        """What intake answers to *who* about *family*."""
        asked = {"family": family.code, **words}
        return self.ask(family.organisation, who, "intake", method, **asked)

    def pacts(
        self, family: Followed, method: str, who: str = "microequipe lead", **words: Any
    ) -> Any:
        """What pacts answers to *who* about the pact of *family*."""
        asked = {"pact_id": str(family.pact), **words}
        return self.ask(family.organisation, who, "pacts", method, **asked)

    def review(self, who: str, method: str, **words: Any) -> Any:
        """What review answers to *who* of the lead organisation."""
        return self.ask("lead", who, "review", method, **words)

    def action(self, family: Followed, dimension: str) -> int:
        """The number of the first action of its pact in *dimension*."""
        found = self.pacts(family, "pact")["actions"]
        return next(int(each["number"]) for each in found if each["dimension"] == dimension)
