"""One timeline from the events alone, across services and organisations.

It tells a family's path, a cycle of the committee, or the guidelines.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select

from services.kernel.civil import civil_day, ends
from services.kernel.ids import stream_id
from services.kernel.log import row_of
from services.kernel.mapper import instant, micros
from services.kernel.rows import Row
from services.kernel.store import Store
from services.kernel.tables import events

CYCLE = re.compile(r"\d{4}-\d{2}")
"""A month of the committee, as it is stored."""

GUIDELINES = "guidelines"
"""All versions: the board's sessions, what it issued, who has acknowledged it."""

OF_THE_GUIDELINES = ("review.SteeringBoardOpened", "review.AcknowledgementsOpened")
OF_THE_COMMITTEE = "review"
OF_PAIRS = "intake"
"""Where a pair of referrals names both its families."""


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
    stores: Mapping[tuple[str, str], Store], about: str, as_of: date | None = None
) -> list[Moment]:
    """Every fact about *about* that was recorded up to the end of *as_of* (Europe/Rome).

    Read from the events tables alone: no view, no vault.

    Args:
        stores: where to read.
        about: a family's code; a cycle, as ``2026-07``: its docket, minutes and proposals; or
            ``guidelines``.
        as_of: civil day; None is today.
    """
    moments = []
    until = micros(ends(as_of)) if as_of else None
    for (organisation, service), store in stores.items():
        for row in _rows(store, _begins(service, about), until):
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


def _begins(service: str, about: str) -> ColumnElement[bool]:
    """Which facts bring their stream into the history."""
    if about == GUIDELINES:
        return events.c.topic.in_(OF_THE_GUIDELINES)
    if CYCLE.fullmatch(about):
        named = events.c.state.like(f'%"cycle":{json.dumps(about)}%')
        return named if service == OF_THE_COMMITTEE else false()
    keys = ("family", "first", "second") if service == OF_PAIRS else ("family",)
    naming = [events.c.state.like(f'%"{key}":{json.dumps(about)}%') for key in keys]
    return or_(*naming, events.c.stream == stream_id("family", about))


def _rows(store: Store, begins: ColumnElement[bool], until: int | None) -> list[Row]:
    with store.database.reading() as connection:
        streams = set(connection.scalars(select(events.c.stream).where(begins).distinct()))
        query = select(events).where(events.c.stream.in_(streams)).order_by(events.c.position)
        if until is not None:
            query = query.where(events.c.recorded_at < until)
        return [row_of(found) for found in connection.execute(query)]
