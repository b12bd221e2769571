"""Reading what a report rests on: an organisation's logs, birth dates and sexes in its vault."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from services.console.report.about_families import Person, reached
from services.console.report.counting import counted
from services.console.report.period import Period
from services.console.report.tables import Report
from services.console.report.telling import TOPICS, told_until
from services.intake.household import HouseholdFacts
from services.kernel.actor import Actor
from services.kernel.civil import ends
from services.kernel.deciding import Deciding, Occasion
from services.kernel.log import all_rows
from services.kernel.mapper import Mapper, micros
from services.kernel.sealed import Sealed
from services.kernel.settings import Missing
from services.kernel.store import Store
from services.kernel.vault import Erased

LOGS = ("people", "intake", "pacts", "notify")
"""The services whose facts are counted, in the order in which they are told."""

Stores = Mapping[tuple[str, str], Store]


def counted_report(stores: Stores, organisation: str, period: Period, reader: Actor) -> Report:
    """The report of *organisation*, small counts included; whose household was read is recorded.

    Args:
        reader: for whom it is made.

    Raises:
        Missing: a service of the organisation is not on this machine.
    """
    told = told_until(_events(stores, organisation, period.known), period.last)
    households = {each.id: each.sealed for each in reached(told, period)}
    persons = _persons(store_of(stores, organisation, "intake"), households, reader)
    return counted(organisation, told, persons, period)


def _events(stores: Stores, organisation: str, known: date) -> Iterator[Any]:
    """What was recorded up to the end of *known*, log after log, each in its order."""
    until, mapper = micros(ends(known)), Mapper()
    for service in LOGS:
        with store_of(stores, organisation, service).database.reading() as connection:
            for row in all_rows(connection):
                if row.recorded_at >= until:
                    break
                if row.topic in TOPICS:
                    yield mapper.to_domain_event(row)


def _persons(
    intake: Store, households: Mapping[UUID, Sequence[Sealed]], reader: Actor
) -> dict[UUID, dict[int, Person]]:
    """What is counted of the members, by their numbers; of an erased family there are none."""

    def opened(reading: Deciding) -> dict[UUID, dict[int, Person]]:
        found = {}
        for family, sealed in households.items():
            try:
                told = [HouseholdFacts.read(reading.open(each)) for each in sealed]
            except Erased:
                continue
            found[family] = {
                each.number: Person(each.birth_date, each.sex)
                for one in told
                for each in one.members
            }
        return found

    key = uuid4()
    return intake.ask(Occasion(key, f"console report:{key}", str(key), reader), opened)


def store_of(stores: Stores, organisation: str, service: str) -> Store:
    """The store of one of the services whose facts are counted.

    Raises:
        Missing: it is not on this machine.
    """
    if (store := stores.get((organisation, service))) is None:
        raise Missing(f"{organisation} does not run {service} here: a report counts its facts")
    return store
