"""Which thing happens to a family: by weight, new things sooner, and never what cannot."""

from collections import Counter
from datetime import date
from typing import Any

import pytest

from services.console.year import living
from services.console.year.family import AT_REST, Family, NotNow, Scene
from services.console.year.life import Chance
from services.console.year.living import Living, families

MAY_4 = date(2026, 5, 4)
EAGER = 6
LONG = (date(2026, 1, 1), date(2026, 12, 31))


class Asking:
    """Acts one after the other."""

    def each(self, act: Any, things: Any) -> list[Any]:
        return [act(each) for each in things]


class Absent:
    """Nobody is."""

    away: frozenset[Any] = frozenset()

    def serves(self, organisation: str, service: str) -> bool:
        return True


def usual(scene: Scene) -> None:
    """It happens."""


def rare(scene: Scene) -> None:
    """It happens."""


def impossible(scene: Scene) -> None:
    raise NotNow


def the_end(scene: Scene) -> str:
    return AT_REST


class Season:
    """Counts how often everything that follows was waited for."""

    settled = 0

    def settle(self) -> None:
        self.settled += 1


def lived(monkeypatch: pytest.MonkeyPatch, **weights: float) -> Living:
    named = {each.__name__: each for each in (usual, rare, impossible, the_end)}
    chances = tuple(
        Chance(weight, named[name], "intake", (1, 1)) for name, weight in weights.items()
    )
    monkeypatch.setattr(living, "LIFE", {"not intercepted": chances})
    nothing: Any = None
    asking: Any = Asking()
    absent: Any = Absent()
    season: Any = Season()
    return Living(asking, nothing, nothing, season, absent, 0, EAGER)


def some(many: int) -> list[Family]:
    made = families(many, *LONG, "1")
    for each in made:
        each.wakes = MAY_4
    return made


def test_what_has_not_happened_in_the_year_is_more_likely_until_it_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of ten families three try it: half of them do it, of all others one in seven."""
    year = lived(monkeypatch, usual=EAGER, rare=1)
    year.happened = Counter(usual=1)
    everybody = some(400)
    year.a_day(everybody, MAY_4)
    assert 75 < year.happened["rare"] < 125
    first = year.happened["rare"]
    for each in everybody:
        each.wakes = MAY_4
    year.a_day(everybody, MAY_4)
    assert 35 < year.happened["rare"] - first < 75


def test_what_cannot_happen_now_gives_way_to_something_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    year = lived(monkeypatch, impossible=1000, usual=1)
    year.a_day(some(20), MAY_4)
    assert year.happened == {"usual": 20}


def test_nothing_happens_to_a_family_to_which_nothing_can(monkeypatch: pytest.MonkeyPatch) -> None:
    year = lived(monkeypatch, impossible=1)
    [family] = some(1)
    year.a_day([family], MAY_4)
    assert year.happened == {}
    assert family.wakes is not None
    assert family.wakes > MAY_4


def test_a_family_at_rest_wakes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    year = lived(monkeypatch, the_end=1)
    [family] = some(1)
    year.a_day([family], MAY_4)
    assert family.wakes is None


def test_one_seed_lives_one_life(monkeypatch: pytest.MonkeyPatch) -> None:
    lives = []
    for _ in range(2):
        year = lived(monkeypatch, usual=3, rare=2)
        year.a_day(some(50), MAY_4)
        lives.append(year.happened)
    assert lives[0] == lives[1]


def test_if_the_clock_has_jumped_as_much_happens_as_would_have_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    year = lived(monkeypatch, usual=1)
    [family] = some(1)
    year.a_day([family], date(2026, 5, 10))
    assert year.happened == {"usual": 7}
    assert family.wakes == date(2026, 5, 11)


def test_what_follows_from_one_thing_is_waited_for_before_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    year = lived(monkeypatch, usual=1)
    season: Any = year.season
    seen: list[int] = []

    def note(scene: Scene) -> None:
        seen.append(season.settled)

    monkeypatch.setattr(living, "LIFE", {"not intercepted": (Chance(1, note, "intake", (1, 1)),)})
    everybody = some(2)
    everybody[1].wakes = date(2026, 5, 9)
    year.a_day(everybody, date(2026, 5, 10))
    assert seen == [0, 0, 1, 1, 2, 3, 4, 5, 6]
    assert season.settled == 7
