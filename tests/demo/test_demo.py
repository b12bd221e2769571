"""The demo as a new user runs it: real processes, two organisations, a season in about a minute."""

import json
import sqlite3
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from services.console.mail_sink import kept
from services.console.mailing import address_of
from tests.demo.interrupting import interrupted, left_in, processes_of
from tests.demo.telling import Run, invented, named_in
from tests.demo.test_story import GOES_ON

pytestmark = [pytest.mark.slow, pytest.mark.broker]


def topics(moments: list[dict[str, Any]]) -> list[str]:
    return [moment["topic"] for moment in moments]


def test_letters_go_to_a_sink_as_files_and_are_listed(run: Run) -> None:
    letters = list(kept(run.directory / "letters"))
    assert len(letters) > 30
    assert {mail.to for mail in letters} >= {address_of("lead", 8), address_of("partner", 5)}
    answers = [mail for mail in letters if mail.answers]
    assert [(f"{mail.at:%d/%m}", mail.to, mail.subject.split(" (")[0]) for mail in answers] == [
        ("04/03", address_of("lead", 8), "La proposta va corretta e inviata di nuovo"),
        (
            "05/03",
            address_of("lead", 8),
            "Proposta ricevuta: sarà valutata entro lunedì 20 aprile 2026",
        ),
        (
            "11/03",
            address_of("partner", 5),
            "Proposta ricevuta in ritardo: sarà valutata entro lunedì 20 aprile 2026",
        ),
        (
            "28/04",
            address_of("partner", 5),
            "Proposta ricevuta in ritardo: sarà valutata entro mercoledì 20 maggio 2026",
        ),
    ]
    assert run.out.count("@lead.prova.example") == len(
        [mail for mail in letters if mail.to.endswith("@lead.prova.example")]
    )


def test_nobody_gets_a_letter_twice(run: Run) -> None:
    told = [(mail.at.date(), mail.to, mail.subject) for mail in kept(run.directory / "letters")]
    assert len(told) == len(set(told))


def test_what_the_committee_is_reminded_of_on_a_day_is_one_letter(run: Run) -> None:
    letters = kept(run.directory / "letters")
    told = [mail.subject for mail in letters if f"{mail.at:%d/%m}" in ("15/04", "16/04")]
    reminders = [subject for subject in told if subject.startswith("Promemoria")]
    subject = "Promemoria: 2 cose da fare, la prima entro lunedì 20 aprile 2026"
    assert reminders == [subject] * 5


def test_addresses_stand_in_letters_only(run: Run) -> None:
    files = [path for path in run.directory.rglob("*") if path.is_file()]
    holding = {path.suffix for path in files if b"operatore-" in path.read_bytes()}
    assert holding == {".eml"}


def test_what_was_known_on_a_day_is_answered_from_the_events(run: Run) -> None:
    family = run.families()[GOES_ON]
    done = run.comunita("history", family, "--json", "--as-of", "2026-03-31")
    assert done.returncode == 0, done.stderr
    whole, then = run.history(family), json.loads(done.stdout)
    assert then == whole[: len(then)]
    assert "pacts.Proposed" in topics(then)
    assert "review.PutOnDocket" not in topics(then)


def test_no_invented_name_is_in_any_database_log_or_broker_file(run: Run) -> None:
    """Whole files are searched, not only tables: WAL pages, queue segments and log lines too.

    What was printed is for the family, and holds the committee's reasons.
    """
    printed = run.directory / "papers"
    paths = (path for path in run.directory.rglob("*") if printed not in path.parents)
    files = [path for path in paths if path.is_file()]
    assert len(files) > 30
    found = [(file.name, needle) for file in files for needle in named_in(file.read_bytes())]
    assert found == []


def test_the_search_for_names_finds_one_that_is_there(run: Run) -> None:
    """The names are in the files that access points keep, so the search is not blind."""
    samples = resources.files("services.intake") / "samples"
    texts = b"".join(each.read_bytes() for each in samples.iterdir() if each.name.endswith(".csv"))
    seen = [needle for needle in invented() if needle.encode() in texts]
    assert len(seen) > 20


def test_at_the_end_everything_was_said_heard_and_closed(run: Run) -> None:
    done = run.comunita("status", "--json")
    assert done.returncode == 0, done.stderr
    statuses = json.loads(done.stdout)
    assert len(statuses) == 9
    for name, each in statuses.items():
        assert each["sound"], name
        assert each["days_behind"] == 0, name
        assert [line["waiting"] for line in each["lines"]] == [0] * len(each["lines"]), name


def test_every_log_is_what_was_signed_and_the_other_organisation_has_seen_it(run: Run) -> None:
    done = run.comunita("verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    logs = json.loads(done.stdout)
    assert len(logs) == 9
    for each in logs:
        [seen] = each["cosigned"].values()
        assert 0 < seen <= each["signed"] <= each["events"], each["log_id"]
        assert each["held"] == 1, each["log_id"]


def test_a_view_built_anew_equals_the_one_that_was_kept(run: Run) -> None:
    kept = run.directory / "data" / "lead-pacts.db"
    before = tables(kept)
    done = run.comunita("rebuild", "pacts", "--organisation", "lead")
    assert done.returncode == 0, done.stderr
    assert tables(kept) == before
    assert any(before.values())


def tables(path: Path) -> dict[str, list[Any]]:
    """The rows of every view in the SQLite file *path*."""
    connection = sqlite3.connect(path)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM views ORDER BY name")]
        return {
            name: sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
            for name in names
        }
    finally:
        connection.close()


def test_nothing_that_the_demo_started_is_left(run: Run) -> None:
    assert processes_of(run.directory) == []


def test_a_demo_that_is_interrupted_stops_everything_it_started(tmp_path: Path) -> None:
    """Ctrl-C while the services run: status 130, and no process of it is left."""
    assert interrupted("demo", "--once", folder=tmp_path, when="processes ready") == 130
    assert left_in(tmp_path) == []
