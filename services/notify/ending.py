"""Agreements that end: our administrators are told before the last day, and once it is over.

As long as no other one follows, nothing passes to a partner that still takes part, nor from it.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Connection

from services.kernel.agreements import AGREEMENTS, Agreements
from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.notify.letter import DroppedBecause
from services.notify.notice import Kind, Notice, Subject
from services.notify.telling import administrators, days_on, tell

ENDS = (Kind.AGREEMENT_ENDING, Kind.AGREEMENT_ENDED)


def every_day(connection: Connection, day: date) -> Iterable[UUID]:
    """The agreements; whether one ends is asked of them themselves."""
    return [AGREEMENTS]


def tell_of_agreements_that_end(deciding: Deciding, agreements: UUID, day: date) -> None:
    """Tell of each partner once that words pass until a day, and once that none pass any more."""
    known = deciding.find(Agreements, agreements)
    if known is None:
        return
    before = timedelta(days=days_on(deciding, day).agreement_reminder_days)
    for partner in deciding.partners:
        kind, last = Kind.AGREEMENT_ENDING, known.lasts_until(partner, day)
        if last is None:
            kind, last = Kind.AGREEMENT_ENDED, known.ended_before(partner, day)
        elif last - day > before:
            continue
        if last is not None:
            cause, subject = (
                stream_id("agreement ends", partner, last),
                Subject(organisation=partner),
            )
            tell(deciding, cause, kind, administrators(deciding), subject, last)


def why_not_told(deciding: Deciding, notice: Notice) -> DroppedBecause | None:
    """Why a letter that could not be sent at once is not sent any more: words pass, or none do."""
    known, last = deciding.find(Agreements, AGREEMENTS), notice.due
    if known is None or last is None:
        return None
    partner, today = str(notice.subject.organisation), deciding.today
    until = known.lasts_until(partner, today)
    if until is not None and until != last:
        return DroppedBecause.DONE
    if notice.what is Kind.AGREEMENT_ENDING and last < today:
        return DroppedBecause.GONE_BY
    return None
