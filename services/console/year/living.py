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
from services.console.year.family import AT_REST, OF_THE_PACT, Family, NotNow, Scene
from services.console.year.life import LIFE, Chance

TRIES = 0.3
"""Which part of the families tries, on one day, something that never happened in the year."""


def families(many: int, first: date, last: date, seed: str) -> list[Family]:
    """So many families, two in three of the lead, intercepted from *first* to *last*.

    Most come in its first months, so that their pacts have time to end within it.
    """
    made = []
    days = (last - first).days
    for number in range(1, many + 1):
        chance = Random(f"{seed}/family {number}")
        organisation = "partner" if number % 3 == 0 else "lead"
        wakes = first + timedelta(days=1 + int((days - 2) * chance.random() ** 2.2))
        made.append(Family(number, organisation, chance, wakes))
    return made


@dataclass
class Living:
    """Lets things happen, and counts them.

    Attributes:
        eager: how many times more likely something is until it has happened once in the year.
    """

    asking: Asking
    cast: Cast
    mailing: Mailing
    season: Season
    absent: Absent
    by_mail: int
    eager: float
    happened: Counter[str] = field(default_factory=Counter)

    def a_day(self, everybody: list[Family], day: date) -> None:
        """What happens to each family whose day it is, many at once.

        If the clock has jumped, to one family as much as would have happened meanwhile, one thing
        after the other: what follows from the first has happened when the next one does, so that a
        year does not depend on how fast the services hear.

        Raises:
            StandsStill: a service did not become quiet.
        """
        while awake := [each for each in everybody if each.wakes is not None and each.wakes <= day]:
            self._all_at_once(awake, day)
            self.season.settle()

    def _all_at_once(self, awake: list[Family], day: date) -> None:
        known = frozenset(self.happened)
        turns = self.asking.each(lambda family: self._turn(family, day, known), awake)
        self.happened.update(name for name in turns if name is not None)

    def _turn(self, family: Family, day: date, known: frozenset[str]) -> str | None:
        """What happened to it today, by name, if anything did.

        Args:
            known: what happened before to any family; anything else is more likely.
        """
        woke = family.wakes or day
        family.wakes = day + timedelta(days=1)
        scene = self._scene(family, day)
        if scene is None:
            return None
        chances = [
            each
            for each in LIFE[_state(scene)]
            if self.absent.serves(family.organisation, each.needs)
        ]
        while chances:
            weights = [each.weight * self._eager(each, scene, known) for each in chances]
            [chance] = family.chance.choices(chances, weights)
            try:
                self._happens(chance, scene, woke)
            except NotNow:
                chances.remove(chance)
            else:
                return chance.happening.__name__
        return None

    def _eager(self, chance: Chance, scene: Scene, known: frozenset[str]) -> float:
        """How much more likely it is: some families try what never happened, the others go on."""
        name = chance.happening.__name__
        if name in known or Random(f"{scene.day}/{name}/{scene.family.number}").random() > TRIES:
            return 1
        return self.eager

    def _happens(self, chance: Chance, scene: Scene, woke: date) -> None:
        family = scene.family
        family.wakes = woke + timedelta(days=family.chance.randint(*chance.within))
        family.stage = chance.happening(scene) or family.stage
        if family.stage == AT_REST:
            family.wakes = None

    def _scene(self, family: Family, day: date) -> Scene | None:
        """The scene, or None if who knows how far the family is does not answer today."""
        pact: dict[str, Any] = {}
        if family.stage == OF_THE_PACT:
            if not self.absent.serves(family.organisation, "pacts"):
                return None
            pact = self._last_pact(family)
        door = ("lead", "notify", "post_in") not in self.absent.away
        mail = self._mail if door else None
        serves = self.absent.serves
        return Scene(family, day, self.cast, self.asking, mail, self.by_mail, pact, serves)

    def _last_pact(self, family: Family) -> dict[str, Any]:
        by = self.cast.auditor(family.organisation)
        ask = self.asking
        if family.pact is None:
            found = ask(family.organisation, "pacts", "pacts_of", by, family=family.code)["pacts"]
            if not found:
                return {}
            family.pact = found[0]["pact"]
        told: dict[str, Any] = ask(family.organisation, "pacts", "pact", by, pact_id=family.pact)
        return told

    def _mail(self, sender: str, files: dict[str, bytes]) -> None:
        self.mailing.send(sender, files, self.season.now)


def _state(scene: Scene) -> str:
    """The row of the table."""
    if scene.family.stage != OF_THE_PACT:
        return scene.family.stage
    if not scene.pact:
        return "no pact yet"
    if scene.pact["state"] == "drafted":
        return "blank" if scene.pact["missing"] else "written"
    return str(scene.pact["state"])
