"""The mail server of a year: now and then it refuses, loses, or takes and does not answer."""

import smtplib
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from services.console.year.facts import letters_in
from services.console.year.troubles import EVERY, TroubledSink


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[TroubledSink]:
    with TroubledSink(tmp_path) as made:
        yield made


def sent(sink: TroubledSink, number: int) -> int | None:
    """The code that the server answers; None: none came."""
    content = f"Message-ID: <{UUID(int=number)}@x.example>\r\nSubject: Prova\r\n\r\nProva\r\n"
    with smtplib.SMTP("127.0.0.1", sink.port, timeout=30) as connection:
        try:
            connection.sendmail("a@x.example", "b@x.example", content)
        except smtplib.SMTPDataError as refused:
            return refused.smtp_code
        except smtplib.SMTPServerDisconnected:
            return None
    return 250


def test_one_letter_of_so_many_meets_trouble_each_kind_in_turn(
    sink: TroubledSink, tmp_path: Path
) -> None:
    answers = {number: sent(sink, number) for number in range(1, 3 * EVERY + 1)}
    lost, unanswered, refused = EVERY, 2 * EVERY, 3 * EVERY
    assert {number: code for number, code in answers.items() if code != 250} == {
        lost: None,
        unanswered: None,
        refused: 550,
    }
    kept = {UUID(int=number) for number in answers} - {UUID(int=lost), UUID(int=refused)}
    assert set(letters_in(tmp_path)) == sink.kept == kept
    assert sink.troubled == {UUID(int=number) for number in (lost, unanswered, refused)}
