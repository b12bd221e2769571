"""The ledger: what was handed over, line by line, whatever happens to the process."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from services.notify.post_out.ledger import NOTHING, Ledger, LedgerDamaged, LedgerInUse
from services.notify.post_out.pauses import looked_at_again, next_try, too_long

LETTER, OTHER = UUID(int=1), UUID(int=2)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger"


def ledger(path: Path) -> Ledger:
    return Ledger(path, lambda: NOW)


def test_what_is_written_is_known_again(path: Path):
    with ledger(path) as book:
        book.failed([(LETTER, 1)], "ConnectionRefusedError")
        book.handing([(LETTER, 1)])
        book.refused([(LETTER, 1)], "451-4.3.0")
        book.handing([(LETTER, 1)])
        book.taken([(LETTER, 1)], "250-2.0.0")
        book.handing([(OTHER, 1)])
        before = book.of(LETTER, 1), book.of(OTHER, 1)
    with ledger(path) as book:
        assert (book.of(LETTER, 1), book.of(OTHER, 1)) == before
        assert book.of(LETTER, 1).taken == "250-2.0.0"
        assert (book.of(LETTER, 1).failures, book.of(LETTER, 1).code) == (2, "451-4.3.0")
        assert not book.of(LETTER, 1).handed
        assert book.of(OTHER, 1).handed
        assert book.of(LETTER, 2) == NOTHING


def test_refused_now_is_a_failure_and_refused_for_good_is_final(path: Path):
    with ledger(path) as book:
        book.refused([(LETTER, 1)], "451")
        assert book.of(LETTER, 1).refused is None
        book.refused([(LETTER, 1)], "550-5.1.1")
        assert book.of(LETTER, 1).refused == "550-5.1.1"


def test_a_line_is_on_the_disk_when_the_method_returns(path: Path):
    with ledger(path) as book:
        book.handing([(LETTER, 1)])
        assert path.read_text() == f"2026-11-22T08:00:00.000000+00:00 handing {LETTER}#1\n"


@pytest.mark.parametrize("cut", [1, 20, 40, 79])
def test_a_torn_last_line_never_counted(path: Path, cut: int):
    with ledger(path) as book:
        book.handing([(LETTER, 1)])
        book.taken([(LETTER, 1)], "250")
    whole = path.read_bytes()
    path.write_bytes(whole[:-cut])
    with ledger(path) as book:
        assert book.of(LETTER, 1).handed
        book.handing([(OTHER, 1)])
    with ledger(path) as book:
        assert book.of(OTHER, 1).handed


@pytest.mark.parametrize(
    "line",
    ["", "nonsense", "2026-11-22T08:00:00.000000+00:00 handed 1#1", "\x00" * 80, "è"],
)
def test_a_line_that_is_not_ours_stops_everything_and_is_named(path: Path, line: str):
    with ledger(path) as book:
        book.handing([(LETTER, 1)])
    path.write_text(path.read_text() + f"{line}\n")
    with pytest.raises(LedgerDamaged, match="line 2"):
        ledger(path)
    with pytest.raises(LedgerDamaged, match="line 2"):  # and it is not left locked
        ledger(path)


def test_a_mail_that_carries_several_letters_is_one_line(path: Path):
    with ledger(path) as book:
        book.handing([(LETTER, 1), (OTHER, 2)])
        book.taken([(LETTER, 1), (OTHER, 2)], "250")
    assert len(path.read_text().splitlines()) == 2
    with ledger(path) as book:
        assert [book.of(LETTER, 1).taken, book.of(OTHER, 2).taken] == ["250", "250"]
        assert book.of(OTHER, 1) == NOTHING


@pytest.mark.parametrize("cut", [1, 10, 40, 77])
def test_torn_it_names_none_of_them(path: Path, cut: int):
    with ledger(path) as book:
        book.handing([(LETTER, 1), (OTHER, 1)])
    path.write_bytes(path.read_bytes()[:-cut])
    with ledger(path) as book:
        assert book.empty


def test_a_disk_that_is_full_leaves_no_half_line(path: Path, monkeypatch: pytest.MonkeyPatch):
    write = os.write
    with ledger(path) as book:
        book.handing([(LETTER, 1)])
        with monkeypatch.context() as full:
            full.setattr(os, "write", lambda file, line: write(file, line[:40]))
            with pytest.raises(OSError, match="full"):
                book.taken([(LETTER, 1)], "250")
        assert book.of(LETTER, 1).handed
        book.taken([(LETTER, 1)], "250")
    with ledger(path) as book:
        assert book.of(LETTER, 1).taken == "250"


def test_an_empty_file_is_a_ledger(path: Path):
    path.touch()
    with ledger(path) as book:
        assert book.empty


def test_one_process_holds_it(path: Path):
    with ledger(path), pytest.raises(LedgerInUse):
        ledger(path)
    with ledger(path):
        pass


def test_it_is_readable_by_its_owner_only(path: Path):
    with ledger(path):
        assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(1, 1), (2, 2), (3, 4), (9, 256), (10, 360), (11, 360), (500, 360)],
)
def test_pauses_double_from_a_minute_to_six_hours(failures: int, minutes: int):
    assert next_try(failures, NOW) == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(("hours", "over"), [(71.99, False), (72, True), (72.01, True)])
def test_after_three_days_nobody_waits(hours: float, over: bool):
    assert too_long(NOW, NOW + timedelta(hours=hours)) is over


@pytest.mark.parametrize(("hours", "until"), [(65, 71), (66, 72), (67, 72)])
def test_a_letter_is_looked_at_again_for_a_try_or_to_be_given_up(hours: int, until: int):
    """Its longest pause is six hours, and nobody waits longer than three days."""
    last = NOW + timedelta(hours=hours)
    assert looked_at_again(12, NOW, last) == NOW + timedelta(hours=until)
