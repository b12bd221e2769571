"""Whether everything that was decided has reached everybody whom it concerns."""

from collections.abc import Mapping

from sqlalchemy import select

from services.kernel.operate import status
from services.kernel.said import last_said
from services.kernel.store import Store
from services.kernel.tables import heard

Stores = Mapping[tuple[str, str], Store]
"""Stores by organisation and service."""


def listened(stores: Stores, producer: tuple[str, str]) -> set[str]:
    """Organisations in which somebody has a queue for what *producer* says."""
    return {
        organisation for (organisation, _), store in stores.items() if producer in store.producers
    }


def missing(stores: Stores) -> list[str]:
    """What has not reached everybody yet."""
    found = []
    said_to: dict[tuple[str, str], int] = {}
    for (organisation, service), store in stores.items():
        now = status(store)
        if now.days_behind:
            found.append(f"{organisation}/{service}: day not closed")
        found += [
            f"{organisation}/{service}: {each.unsent} unsent to {each.organisation}"
            for each in now.audiences
            if each.unsent and each.organisation in listened(stores, (organisation, service))
        ]
        with store.database.reading() as connection:
            for name in store.programme.organisations:
                said_to[store.log_id, name] = last_said(connection, name)[0]
    for (organisation, service), store in stores.items():
        with store.database.reading() as connection:
            reached = {row.log_id: row.seq for row in connection.execute(select(heard))}
        for producer, speaking in stores.items():
            if producer in store.producers:
                behind = said_to[speaking.log_id, organisation] - reached.get(speaking.log_id, 0)
                if behind:
                    found.append(f"{organisation}/{service}: {behind} of {speaking.log_id}")
    return found


def unseen(stores: Stores) -> list[str]:
    """Which events are not signed yet, or not seen by every other organisation."""
    found = []
    for (organisation, service), store in stores.items():
        now = status(store)
        others = store.programme.organisations.keys() - {organisation}
        seen = {"signed": now.checkpoint} | {name: now.cosigned.get(name, 0) for name in others}
        found += [
            f"{organisation}/{service}: {size} of {now.position}: {name}"
            for name, size in seen.items()
            if size < now.position
        ]
    return found
