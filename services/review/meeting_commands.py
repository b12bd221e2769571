"""Commands and questions of the committee's meeting: its docket and its minutes."""

from typing import Any

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.words import Body
from services.review.cycle import Month, ReviewCycle, cycle_id, is_closed
from services.review.door import READERS, VOTERS, must_read, runs_out, text_of
from services.review.meeting import gather
from services.review.minutes import Minutes, minutes_id
from services.review.policies import calendar_on
from services.review.published import minuted
from services.review.views import proposals, urgent_aid


class MeetingCommands:
    """The committee's meeting, month by month."""

    @command("project_manager", "administrator")
    def draw_up_minutes(
        self,
        review: Deciding,
        by: Actor,
        *,
        cycle: str,
        held_on: str,
        present: list[str],
        corrects: int | None = None,
    ) -> Body:
        """Draw up, from the facts, the minutes of a meeting; *present* are persons.

        With *corrects* they take the place of minutes that have a mistake.
        """
        name = _cycle(cycle)
        persons = [parsing.uuid("present", person) for person in present]
        record = gather(review, name, parsing.day("held_on", held_on), persons)
        minutes = review.find(Minutes, minutes_id(name)) or review.add(Minutes.open(name, by=by))
        mended = None if corrects is None else parsing.number("corrects", corrects, 1, 10_000)
        number = minutes.draw_up(record, mended, by=by, on=review.today)
        return {"number": number, "version": minutes.version}

    @command("project_manager")
    def approve_minutes(
        self,
        review: Deciding,
        by: Actor,
        *,
        cycle: str,
        number: int,
        expected_version: int | None = None,
    ) -> Body:
        """Approve minutes *number* of *cycle*, and with them the votes that were spoken."""
        minutes = review.edit(Minutes, minutes_id(_cycle(cycle)), expected_version)
        which = parsing.number("number", number, 1, 10_000)
        minutes.approve(which, by=by, on=review.today)
        return {"number": number, "version": minutes.version}

    @query(*READERS, "administrator")
    def minutes(self, reading: Deciding, by: Actor, *, cycle: str) -> Body:
        """The minutes of *cycle*, with those that were corrected."""
        name = _cycle(cycle)
        minutes = reading.find(Minutes, minutes_id(name))
        return {
            "cycle": name,
            "version": minutes.version if minutes else 0,
            "minutes": [
                minuted(minutes, number)
                | {"approved_on": text_of(minutes.approved.get(number))}
                | {"stands": number in minutes.standing()}
                for number in minutes.records
            ]
            if minutes
            else [],
        }

    @query(*READERS, *VOTERS)
    def docket(self, reading: Deciding, by: Actor, *, cycle: str) -> Body:
        """The docket of *cycle* (``2026-07``), and what waits to be put on it."""
        name = _cycle(cycle)
        must_read(reading, by)
        docket = reading.find(ReviewCycle, cycle_id(name))
        waiting = proposals.waiting_for_docket(reading.connection, cycle_id(name))
        listed = proposals.these(reading.connection, docket.proposals if docket else ())
        return {
            "cycle": name,
            "closed": is_closed(name, calendar_on(reading, reading.today)),
            "on": str(docket.set_on) if docket else None,
            "decide_by": str(docket.decide_by) if docket else None,
            "proposals": [_line(row) for row in listed],
            "waiting": [_line(row) for row in waiting],
            "urgent_aid": _aids(reading, name),
            "urgent_aid_waiting": _aids(reading, None),
        }


def _cycle(name: str) -> str:
    """The cycle called *name*, if there is such a month."""
    return str(Month.of(parsing.day("cycle", f"{name}-01")))


def _line(row: Any) -> Body:
    return {
        "proposal_id": str(row.review_id),
        "pact": str(row.pact),
        "proposal": row.proposal,
        "family": row.family,
        "organisation": row.organisation,
        "sent_on": str(row.sent_on),
        "late": row.late,
        "cycle": row.cycle,
        "decide_by": str(row.decide_by),
        "outcome": row.outcome,
        "set_aside_on": text_of(row.set_aside_on),
        "isee_until": text_of(row.isee_until),
        "isee_runs_out": runs_out(row.isee_until, row.decide_by),
    }


def _aids(reading: Deciding, cycle: str | None) -> list[Body]:
    return [
        {
            "pact": str(row.pact),
            "family": row.family,
            "aid": row.aid,
            "eur": row.eur,
            "authorised_as": row.authorised_as,
            "on": str(row.authorised_on),
        }
        for row in urgent_aid.listed(reading.connection, cycle)
    ]
