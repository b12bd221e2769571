"""What passes between two organisations, and that nothing does: who is told of it."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.kernel.ids import stream_id
from services.notify.ending import why_not_told
from services.notify.letter import DroppedBecause
from services.notify.notice import Kind, Notice, notice_id
from tests.notify.test_season import guidelines, told
from tests.review.office import Office

LAST, DAY = date(2026, 7, 20), timedelta(days=1)
BEFORE = timedelta(days=30)
ADMINISTRATORS = "nord:administrator"


def asked_too_much(asker: str = "lead") -> dict[str, Any]:
    return {"asker": asker, "on": "2026-06-01"}


def subjects(office: Office) -> list[str | None]:
    return [each["subject"]["organisation"] for _, each in office.facts("notify.NoticeRecorded")]


def test_the_administrators_learn_who_asks_too_much(nord: Office):
    nord.hear("intake/too_many_asked.v1", asked_too_much(), "nord")
    assert told(nord) == [("too_many_askings", ADMINISTRATORS, "2026-06-01")]
    assert subjects(nord) == ["lead"]


# agreements that end


def agree(office: Office, until: date | None, number: int = 1, since: str = "2026-01-01") -> None:
    words = {"organisation": "nord", "number": number, "partner": "lead", "covers": ["programme"]}
    words |= {"from": since, "until": until and until.isoformat()}
    office.hear("people/agreement_recorded.v1", words, "nord")


def end(office: Office, last: date, number: int = 1) -> None:
    words = {"organisation": "nord", "number": number, "last": last.isoformat()}
    office.hear("people/agreement_ended.v1", words, "nord")


def morning(office: Office, day: date) -> list[tuple[str, str, str | None]]:
    office.live_until(day)
    return told(office)


ENDING = ("agreement_ending", ADMINISTRATORS, LAST.isoformat())
ENDED = ("agreement_ended", ADMINISTRATORS, LAST.isoformat())


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (LAST - BEFORE - DAY, []),
        (LAST - BEFORE, [ENDING]),
        (LAST - BEFORE + DAY, [ENDING]),
    ],
)
def test_the_administrators_learn_thirty_days_before_that_an_agreement_ends(
    nord: Office, day: date, expected: Any
):
    agree(nord, LAST)
    assert morning(nord, day) == expected
    assert subjects(nord) == ["lead"] * len(expected)


@pytest.mark.parametrize(
    ("day", "expected"),
    [(LAST - DAY, [ENDING]), (LAST, [ENDING]), (LAST + DAY, [ENDING, ENDED])],
)
def test_and_on_the_day_after_its_last_one_that_it_has_ended(
    nord: Office, day: date, expected: Any
):
    agree(nord, LAST)
    assert morning(nord, day) == expected


def test_each_is_told_once_however_many_mornings_pass(nord: Office):
    agree(nord, LAST)
    for days in range(-40, 41, 10):
        morning(nord, LAST + days * DAY)
    assert told(nord) == [ENDING, ENDED]


def test_how_many_days_before_is_the_boards_to_say(nord: Office):
    nord.hear("review/guidelines_issued.v1", guidelines(agreement_reminder_days=7))
    before = len(told(nord))
    agree(nord, LAST)
    mornings = [LAST - 8 * DAY, LAST - 7 * DAY]
    assert [morning(nord, day)[before:] for day in mornings] == [[], [ENDING]]


def test_one_that_another_follows_at_once_does_not_end(nord: Office):
    agree(nord, LAST)
    agree(nord, None, 2, (LAST + DAY).isoformat())
    assert morning(nord, LAST + DAY) == []


def test_after_a_pause_it_did_end(nord: Office):
    agree(nord, LAST)
    agree(nord, None, 2, (LAST + 2 * DAY).isoformat())
    assert morning(nord, LAST + DAY) == [ENDING, ENDED]


def test_one_that_is_ended_sooner_is_told_of_again(nord: Office):
    agree(nord, LAST)
    morning(nord, LAST - BEFORE)
    end(nord, LAST - 10 * DAY)
    sooner = (LAST - 10 * DAY).isoformat()
    assert morning(nord, LAST - 9 * DAY)[1:] == [
        ("agreement_ending", ADMINISTRATORS, sooner),
        ("agreement_ended", ADMINISTRATORS, sooner),
    ]


def test_of_one_without_an_end_or_that_never_was_nothing_is_told(nord: Office):
    assert morning(nord, LAST) == []
    agree(nord, None)
    assert morning(nord, LAST + DAY) == []


def test_a_partner_that_no_longer_takes_part_is_not_told_of(nord: Office):
    words = {"organisation": "nord", "number": 1, "partner": "sud", "covers": ["programme"]}
    until = {"from": "2026-01-01", "until": LAST.isoformat()}
    nord.hear("people/agreement_recorded.v1", words | until, "nord")
    assert morning(nord, LAST + DAY) == []


# a letter that waited

NOTICES = {
    kind: notice_id(stream_id("agreement ends", "lead", LAST), kind, ADMINISTRATORS)
    for kind in (Kind.AGREEMENT_ENDING, Kind.AGREEMENT_ENDED)
}


def why(office: Office, kind: Kind) -> DroppedBecause | None:
    """Why the letter of *kind* about the agreement that ended on LAST is not sent any more."""
    found: list[DroppedBecause | None] = []
    office.decide(lambda deciding: found.append(_why(deciding, kind)))
    return found[0]


def _why(deciding: Any, kind: Kind) -> DroppedBecause | None:
    return why_not_told(deciding, deciding.get(Notice, NOTICES[kind]))


@pytest.mark.parametrize(
    ("day", "because"),
    [(LAST - DAY, None), (LAST, None), (LAST + DAY, DroppedBecause.GONE_BY)],
)
def test_that_it_ends_is_not_told_any_more_once_it_has(
    nord: Office, day: date, because: DroppedBecause | None
):
    agree(nord, LAST)
    morning(nord, day)
    assert why(nord, Kind.AGREEMENT_ENDING) is because


@pytest.mark.parametrize(
    ("begins", "because"), [(LAST + DAY, DroppedBecause.DONE), (LAST + 2 * DAY, None)]
)
def test_nor_once_another_one_is_recorded_that_follows_at_once(
    nord: Office, begins: date, because: DroppedBecause | None
):
    agree(nord, LAST)
    morning(nord, LAST - DAY)
    agree(nord, None, 2, begins.isoformat())
    assert why(nord, Kind.AGREEMENT_ENDING) is because


def test_that_it_has_ended_is_told_as_long_as_nothing_passes(nord: Office):
    agree(nord, LAST)
    morning(nord, LAST + DAY)
    assert why(nord, Kind.AGREEMENT_ENDED) is None
    agree(nord, None, 2, (LAST + 3 * DAY).isoformat())
    for days, because in ((2, None), (3, DroppedBecause.DONE), (4, DroppedBecause.DONE)):
        morning(nord, LAST + days * DAY)
        assert why(nord, Kind.AGREEMENT_ENDED) is because
