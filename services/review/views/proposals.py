"""Proposals by cycle: which wait for a docket, which for a decision, until when."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Date,
    Integer,
    Row,
    String,
    Table,
    Uuid,
    select,
)

from services.kernel.rows import Row as StoredRow
from services.kernel.views import View, add, change
from services.review.cycle import cycle_id
from services.review.proposal_review import ProposalReview


def _columns() -> list[Column[Any]]:
    return [
        Column("review_id", Uuid, primary_key=True),
        Column("pact", Uuid, nullable=False),
        Column("proposal", Integer, nullable=False),
        Column("family", String(40), nullable=False),
        Column("organisation", String(40), nullable=False),
        Column("sent_on", Date, nullable=False),
        Column("late", Boolean, nullable=False),
        Column("cycle", String(7), nullable=False, index=True),
        Column("cycle_id", Uuid, nullable=False),
        Column("docket_on", Date, nullable=False),
        Column("decide_by", Date, nullable=False),
        Column("on_docket", Boolean, nullable=False),
        Column("outcome", String(30)),
        Column("decided_on", Date),
        Column("set_aside_on", Date),
        Column("isee_until", Date),
    ]


def _project(event: Any, row: StoredRow, table: Table, connection: Connection) -> None:
    this = {"review_id": event.originator_id}
    match event:
        case ProposalReview.Received(proposal=sent):
            add(
                table,
                connection,
                **this,
                pact=sent.pact,
                proposal=sent.number,
                family=sent.family,
                organisation=sent.organisation,
                sent_on=sent.sent_on,
                late=event.late,
                cycle=event.cycle,
                cycle_id=cycle_id(event.cycle),
                docket_on=event.docket_on,
                decide_by=event.decide_by,
                on_docket=False,
            )
        case ProposalReview.PutOnDocket():
            change(table, connection, this, on_docket=True)
        case ProposalReview.Decided():
            decided = {"outcome": event.outcome.value, "decided_on": event.on}
            change(table, connection, this, **decided)
        case ProposalReview.IseeReliedOn():
            change(table, connection, this, isee_until=event.until)
        case ProposalReview.SetAside() | ProposalReview.Withdrawn():
            change(table, connection, this, set_aside_on=event.on)
        case ProposalReview.Overdue():
            change(table, connection, this, **_placed(event, event.carried_to))
        case ProposalReview.Postponed():
            change(table, connection, this, **_placed(event, event.postponed_to))


def _placed(event: Any, cycle: str) -> dict[str, Any]:
    return {
        "cycle": cycle,
        "cycle_id": cycle_id(cycle),
        "docket_on": event.docket_on,
        "decide_by": event.decide_by,
        "on_docket": False,
    }


PROPOSALS = View(name="review_proposals", version=3, columns=_columns, project=_project)
proposals = PROPOSALS.table


def cycles_to_set(connection: Connection, day: date) -> list[UUID]:
    """Cycles whose docket day has come and for which undecided proposals are not on it yet."""
    query = (
        select(proposals.c.cycle_id)
        .where(_waits_for_docket(), proposals.c.docket_on <= day)
        .group_by(proposals.c.cycle_id, proposals.c.cycle)
        .order_by(proposals.c.cycle)
    )
    return list(connection.scalars(query))


def waiting_for_docket(connection: Connection, cycle: UUID) -> Sequence[Row[Any]]:
    """Undecided proposals of *cycle* that are not on its docket, in the order of a docket.

    On time before late, then by the day of sending.
    """
    query = (
        select(proposals)
        .where(_waits_for_docket(), proposals.c.cycle_id == cycle)
        .order_by(proposals.c.late, proposals.c.sent_on, proposals.c.family, proposals.c.review_id)
    )
    return connection.execute(query).all()


def overdue(connection: Connection, day: date) -> list[UUID]:
    """Undecided proposals whose last day was before *day*, longest overdue first."""
    query = (
        select(proposals.c.review_id)
        .where(_is_open(), proposals.c.decide_by < day)
        .order_by(proposals.c.decide_by, proposals.c.review_id)
    )
    return list(connection.scalars(query))


def of_family(connection: Connection, family: str) -> list[UUID]:
    """Every proposal of *family*, as received."""
    query = select(proposals.c.review_id).where(proposals.c.family == family)
    return list(connection.scalars(query.order_by(proposals.c.sent_on, proposals.c.review_id)))


def these(connection: Connection, reviews: Sequence[UUID]) -> Sequence[Row[Any]]:
    """The proposals *reviews*, in that order."""
    found = connection.execute(select(proposals).where(proposals.c.review_id.in_(reviews)))
    return sorted(found, key=lambda row: reviews.index(row.review_id))


def _waits_for_docket() -> Any:
    return _is_open() & proposals.c.on_docket.is_(False)


def _is_open() -> Any:
    return proposals.c.outcome.is_(None) & proposals.c.set_aside_on.is_(None)
