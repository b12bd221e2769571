"""A family's path as one timeline, from the events alone, across services and organisations."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select

from services.kernel.civil import civil_day, ends
from services.kernel.ids import stream_id
from services.kernel.log import row_of
from services.kernel.mapper import instant, micros
from services.kernel.rows import Row
from services.kernel.store import Store
from services.kernel.tables import events


@dataclass(frozen=True)
class Moment:
    """One fact on the timeline.

    Attributes:
        at: when it was recorded; aware, UTC.
        state: the event's own words, without personal text.
    """

    at: datetime
    organisation: str
    service: str
    row: Row
    state: dict[str, Any]

    @property
    def day(self) -> date:
        """The civil day in Europe/Rome."""
        return civil_day(self.at)

    def words(self) -> dict[str, Any]:
        """As JSON words."""
        return {
            "at": self.at.isoformat(),
            "organisation": self.organisation,
            "service": self.service,
            "position": self.row.position,
            "event_id": str(self.row.event_id),
            "topic": self.row.topic,
            "actor": self.row.actor,
            "on_behalf_of": self.row.on_behalf_of,
            "cause": self.row.cause,
            "correlation": self.row.correlation,
            "state": self.state,
        }


def history(
    stores: Mapping[tuple[str, str], Store], family: str, as_of: date | None = None
) -> list[Moment]:
    """Every fact about *family* that was recorded up to the end of *as_of* (Europe/Rome).

    Read from the events tables alone: no view, no vault.
    """
    moments = []
    until = micros(ends(as_of)) if as_of else None
    for (organisation, service), store in stores.items():
        for row in _rows(store, family, until):
            moments.append(
                Moment(
                    instant(row.recorded_at),
                    organisation,
                    service,
                    row,
                    json.loads(row.state),
                )
            )
    return sorted(moments, key=lambda each: (each.at, each.organisation, each.row.position))


def _rows(store: Store, family: str, until: int | None) -> list[Row]:
    named = f'%"family":{json.dumps(family)}%'
    with store.database.reading() as connection:
        streams = set(
            connection.scalars(
                select(events.c.stream)
                .where(
                    or_(events.c.state.like(named), events.c.stream == stream_id("family", family))
                )
                .distinct()
            )
        )
        query = select(events).where(events.c.stream.in_(streams)).order_by(events.c.position)
        if until is not None:
            query = query.where(events.c.recorded_at < until)
        return [row_of(found) for found in connection.execute(query)]
