"""The day of all families: each whose day it is meets one thing that may happen to it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from services.console.mailing import Mailing
from services.console.season import Season
from services.console.year.absences import Absent
from services.console.year.asking import Asking
from services.console.year.cast import Cast
from services.console.year.family import AT_REST, OF_THE_PACT, Family, Scene
from services.console.year.life import LIFE


def families(many: int, first: date, last: date, seed: str) -> list[Family]:
    """So many families, two in three of the lead, intercepted all through the year.

    Most come in its first half, so that their pacts have time to end within it.
    """
    made = []
    days = (last - first).days
    for number in range(1, many + 1):
        chance = Random(f"{seed}/family {number}")
        organisation = "partner" if number % 3 == 0 else "lead"
        wakes = first + timedelta(days=1 + int((days - 2) * chance.random() ** 1.6))
        made.append(Family(number, organisation, chance, wakes))
    return made


@dataclass
class Living:
    """Lets things happen, and counts them."""

    asking: Asking
    cast: Cast
    mailing: Mailing
    season: Season
    absent: Absent
    by_mail: int
    happened: Counter[str] = field(default_factory=Counter)

    def a_day(self, everybody: list[Family], day: date) -> None:
        """One thing for each family whose day it is, many at once."""
        awake = [each for each in everybody if each.wakes is not None and each.wakes <= day]
        done = self.asking.each(lambda family: self._turn(family, day), awake)
        self.happened.update(each for each in done if each is not None)

    def _turn(self, family: Family, day: date) -> str | None:
        """What happened to it today, by name, if anything did."""
        family.wakes = day + timedelta(days=1)
        scene = self._scene(family, day)
        if scene is None:
            return None
        chances = [
            each
            for each in LIFE[_state(scene)]
            if self.absent.serves(family.organisation, each.needs)
        ]
        if not chances:
            return None
        [chance] = family.chance.choices(chances, [each.weight for each in chances])
        family.wakes = day + timedelta(days=family.chance.randint(*chance.within))
        family.stage = chance.happening(scene) or family.stage
        if family.stage == AT_REST:
            family.wakes = None
        return chance.happening.__name__

    def _scene(self, family: Family, day: date) -> Scene | None:
        """The scene, or None if who knows how far the family is does not answer today."""
        pact: dict[str, Any] = {}
        if family.stage == OF_THE_PACT:
            if not self.absent.serves(family.organisation, "pacts"):
                return None
            pact = self._last_pact(family)
        door = ("lead", "notify", "post_in") not in self.absent.away
        mail = self._mail if door else None
        return Scene(family, day, self.cast, self.asking, mail, self.by_mail, pact)

    def _last_pact(self, family: Family) -> dict[str, Any]:
        by = self.cast.auditor(family.organisation)
        ask = self.asking
        found = ask(family.organisation, "pacts", "pacts_of", by, family=family.code)["pacts"]
        if not found:
            return {}
        last = found[0]["pact"]
        told: dict[str, Any] = ask(family.organisation, "pacts", "pact", by, pact_id=last)
        return told | {"state": found[0]["state"]}

    def _mail(self, sender: str, name: str, form: bytes) -> None:
        self.mailing.send_form(sender, name, form, self.season.now)


def _state(scene: Scene) -> str:
    """The row of the table."""
    if scene.family.stage != OF_THE_PACT:
        return scene.family.stage
    if not scene.pact:
        return "no pact yet"
    if scene.pact["state"] == "drafted":
        return "blank" if scene.pact["missing"] else "written"
    return str(scene.pact["state"])
