"""The witness: on some days of the year it writes down what the services tell, for the end."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

from sqlalchemy import select

from services.console.season import Stores
from services.console.year.absences import Absent
from services.console.year.asking import Asking
from services.console.year.cast import Cast
from services.console.year.family import Family
from services.kernel.log import head

EVERY = 45
"""About how many days lie between two that are looked at; the last one always is."""

Told: TypeAlias = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """What was told on one day, after everything that followed from it.

    Attributes:
        positions: of each log.
        views: of each service, by the name of the view: its rows.
        pacts: by the id of each pact, what the question ``pact`` answered.
        balances: by the id of each pact, what the question ``reciprocity`` answered for the day.
        families: by code, what the question ``family`` answered.
    """

    day: date
    positions: dict[tuple[str, str], int]
    views: dict[tuple[str, str], dict[str, Counter[str]]]
    pacts: dict[str, Told] = field(default_factory=dict)
    balances: dict[str, Told] = field(default_factory=dict)
    families: dict[str, Told] = field(default_factory=dict)


def chosen_days(first: date, last: date, chance: Random) -> set[date]:
    """The days on which the witness looks."""
    many = max(1, (last - first).days // EVERY)
    return {last} | {
        first + timedelta(days=chance.randint(1, (last - first).days)) for _ in range(many)
    }


class Witness:
    """Looks on its days."""

    def __init__(
        self, days: set[date], stores: Stores, asking: Asking, cast: Cast, absent: Absent
    ) -> None:
        """Nothing was seen yet; it looks on *days*."""
        self.seen: list[Seen] = []
        self._days = days
        self._stores = stores
        self._asking = asking
        self._cast = cast
        self._absent = absent

    def looks_on(self, day: date) -> bool:
        """Whether *day* is one of its days."""
        return day in self._days

    def look(self, day: date, families: Iterable[Family]) -> None:
        """Write down what every view holds, and what questions about each family answer."""
        seen = Seen(
            day,
            {key: _position(store) for key, store in self._stores.items()},
            {key: rows_of(store) for key, store in self._stores.items()},
        )
        known = [family for family in families if family.code]
        self._asking.each(lambda family: self._ask(family, seen), known)
        self.seen.append(seen)

    def _ask(self, family: Family, seen: Seen) -> None:
        by = self._cast.auditor(family.organisation)
        ask = self._asking
        if self._absent.serves(family.organisation, "intake"):
            told = ask(family.organisation, "intake", "family", by, family=family.code)
            seen.families[family.code] = told
        if not self._absent.serves(family.organisation, "pacts"):
            return
        for each in ask(family.organisation, "pacts", "pacts_of", by, family=family.code)["pacts"]:
            pact = each["pact"]
            told = ask(family.organisation, "pacts", "pact", by, pact_id=pact)
            seen.pacts[pact] = told | {"state": each["state"]}
            seen.balances[pact] = ask(
                family.organisation,
                "pacts",
                "reciprocity",
                by,
                pact_id=pact,
                on=seen.day.isoformat(),
            )


def rows_of(store: Any) -> dict[str, Counter[str]]:
    """What every view of *store* holds just now."""
    with store.database.reading() as connection:
        return {
            view.name: Counter(repr(tuple(row)) for row in connection.execute(select(view.table)))
            for view in store.composition.views
        }


def _position(store: Any) -> int:
    with store.database.reading() as connection:
        return head(connection)[1]
