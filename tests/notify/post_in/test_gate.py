"""The gate: each limit is a table of three rows; whatever is counted is counted in linear time."""

import time

import pytest

from services.notify.post_in.gate import MEGABYTE, MOST, Limit, exceeded
from tests.notify.post_in.papers import form, mail, many_parts

TABLE = [
    (Limit.SIZE, lambda n: b"A: b\n\n" + b"x" * (n - 6)),
    (Limit.LINES, lambda n: b"A: b\n\n" + b"\n" * (n - 2)),
    (Limit.HEADERS, lambda n: b"A: " + b"x" * (n - 3) + b"\r\n\r\nbody"),
    (Limit.ADDRESSES, lambda n: b"To: " + b"a@b, " * n + b"\r\n\r\nbody"),
    (Limit.ENCODED_WORDS, lambda n: b"Subject: " + b"=?u?q?x?= " * n + b"\r\n\r\nbody"),
    (Limit.BOUNDARIES, lambda n: b"A: b\r\n\r\n" + b"\r\n--" * n),
    (Limit.DECLARED, lambda n: b"A: b\r\n\r\n" + b"BOUNDARY=b " * n),
    (Limit.MESSAGES, lambda n: b"A: b\r\n\r\n" + b"Message/Rfc822 " * n),
]


@pytest.mark.parametrize(("limit", "make"), TABLE, ids=[limit for limit, _ in TABLE])
def test_the_last_one_that_is_read_and_the_first_that_is_not(limit: Limit, make):
    assert exceeded(make(MOST[limit] - 1)) is None
    assert exceeded(make(MOST[limit])) is None
    assert exceeded(make(MOST[limit] + 1)) is limit


def test_parts_and_depth_are_counted_while_the_parsed_mail_is_walked():
    assert {*Limit} - {limit for limit, _ in TABLE} == {Limit.PARTS, Limit.DEPTH}


def test_a_mail_with_a_form_passes():
    assert exceeded(mail(form(), form())) is None


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"no header at all", b"\r\n\r\n", b"\0" * 1000])
def test_whatever_is_short_passes(raw: bytes):
    assert exceeded(raw) is None


@pytest.mark.parametrize(
    "unit", [b"\n--", b"\n", b"=?", b"message/", b"boundary=", b"\r\n\r\n", b"a@", b"\0"]
)
def test_time_grows_as_the_mail_does(unit: bytes):
    """Ten times the bytes, at most thirty times the seconds: a square would be a hundred."""

    def seconds(size: int) -> float:
        raw = unit * (size // len(unit))
        began = time.process_time()
        exceeded(raw)
        return time.process_time() - began

    small = min(seconds(2 * MEGABYTE) for _ in range(5))
    assert seconds(20 * MEGABYTE) < 30 * small + 0.05


def test_two_hundred_thousand_parts_are_counted_at_once():
    raw = many_parts(200_000)
    began = time.process_time()
    assert exceeded(raw) is Limit.BOUNDARIES
    assert time.process_time() - began < 1.0
