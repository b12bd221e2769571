"""The witness: on some days of the year it writes down what the services tell, for the end."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import Connection, select

from services.console.season import Stores
from services.console.year.absences import Absent
from services.console.year.asking import Asking
from services.console.year.cast import Cast
from services.console.year.family import OF_THE_PACT, Family
from services.kernel.actor import Actor
from services.kernel.ids import stream_id
from services.kernel.log import head
from services.kernel.tables import events

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
        budgets: by the id of each pact, the budget lines that ``expenses`` answered for the day.
        families: by code, what the question ``family`` answered.
    """

    day: date
    positions: dict[tuple[str, str], int]
    views: dict[tuple[str, str], dict[str, Counter[str]]]
    pacts: dict[str, Told] = field(default_factory=dict)
    balances: dict[str, Told] = field(default_factory=dict)
    budgets: dict[str, Told] = field(default_factory=dict)
    families: dict[str, Told] = field(default_factory=dict)


def chosen_days(first: date, last: date, chance: Random) -> set[date]:
    """The days on which the witness looks."""
    many = max(1, (last - first).days // EVERY)
    return {last} | {
        first + timedelta(days=chance.randint(1, (last - first).days)) for _ in range(many)
    }


class Witness:
    """Looks on its days; on the last one at everything, before at what changed since it looked."""

    def __init__(
        self, days: set[date], stores: Stores, asking: Asking, cast: Cast, absent: Absent
    ) -> None:
        """Nothing was seen yet; it looks on *days*."""
        self.seen: list[Seen] = []
        self._days = sorted(days)
        self._last = max(days)
        self._stores = stores
        self._asking = asking
        self._cast = cast
        self._absent = absent
        self._pacts: dict[str, set[str]] = {}
        self._asked: dict[tuple[str, str], int] = {}

    def looks_on(self, day: date) -> bool:
        """Whether one of its days has come by *day*, since it looked last."""
        come = [each for each in self._days if each <= day]
        del self._days[: len(come)]
        return bool(come)

    def look(self, day: date, families: Iterable[Family]) -> None:
        """Write down what every view holds, and what questions about families answer."""
        stands = {key: _stands(store) for key, store in self._stores.items()}
        seen = Seen(
            day,
            {key: position for key, (position, _) in stands.items()},
            {key: views for key, (_, views) in stands.items()},
        )
        moved = {
            key: self._moved(key, day) for key in self._stores if key[1] in ("intake", "pacts")
        }
        known = [family for family in families if family.code]
        self._asking.each(lambda family: self._ask(family, seen, moved), known)
        self._asked |= {key: seen.positions[key] for key in moved if self._absent.serves(*key)}
        self.seen.append(seen)

    def _moved(self, key: tuple[str, str], day: date) -> set[UUID]:
        """The streams in which something happened since somebody could be asked about them."""
        since = 0 if day >= self._last else self._asked.get(key, 0)
        with self._stores[key].database.reading() as connection:
            query = select(events.c.stream).where(events.c.position > since).distinct()
            return set(connection.scalars(query))

    def _ask(self, family: Family, seen: Seen, moved: Mapping[tuple[str, str], set[UUID]]) -> None:
        organisation, code = family.organisation, family.code
        by = self._cast.auditor(organisation)
        intake, pacts = moved[organisation, "intake"], moved[organisation, "pacts"]
        if self._absent.serves(organisation, "intake") and stream_id("family", code) in intake:
            seen.families[code] = self._asking(organisation, "intake", "family", by, family=code)
        if not self._absent.serves(organisation, "pacts"):
            return
        known = self._pacts.setdefault(code, set())
        if family.pact is None and family.stage == OF_THE_PACT:
            found = self._asking(organisation, "pacts", "pacts_of", by, family=code)["pacts"]
            known.update(each["pact"] for each in found)
        known.update([family.pact] if family.pact else [])
        for pact in known:
            if UUID(pact) in pacts:
                self._ask_of_pact(organisation, by, pact, seen)

    def _ask_of_pact(self, organisation: str, by: Actor, pact: str, seen: Seen) -> None:
        day = seen.day.isoformat()
        ask = partial(self._asking, organisation, "pacts")
        seen.pacts[pact] = ask("pact", by, pact_id=pact)
        seen.balances[pact] = ask("reciprocity", by, pact_id=pact, on=day)
        seen.budgets[pact] = ask("expenses", by, pact_id=pact, on=day)["budget_lines"]


def _stands(store: Any) -> tuple[int, dict[str, Counter[str]]]:
    """Position and views of one log, as they were at one moment."""
    with store.database.reading() as connection:
        return head(connection)[1], rows_of(store, connection)


def rows_of(store: Any, connection: Connection) -> dict[str, Counter[str]]:
    """What every view of *store* holds, as *connection* sees it."""
    return {
        view.name: Counter(repr(tuple(row)) for row in connection.execute(select(view.table)))
        for view in store.composition.views
    }
