"""``comunita verify``, ``bundle`` and ``held``: what an auditor asks of two organisations."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from services.console.installation import Installation, Member
from services.console.main import app
from services.kernel.clock import SimulatedClock
from services.kernel.composition import Composition
from services.kernel.courier.work import close_days
from services.kernel.migrate import migrate
from services.kernel.proof.checkpoints import continued, continuing, keep_cosignature, read_whole
from services.kernel.proof.witness import see
from services.kernel.store import Store
from tests.kernel.parties import keys_of

pytestmark = pytest.mark.slow
ORGANISATIONS = ("lead", "partner")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An installation of two organisations with a log each; one saw what the other signed."""
    clock = tmp_path / "clock"
    SimulatedClock(clock).set(datetime(2026, 3, 2, 9, tzinfo=UTC))
    listed = [
        {
            "id": name,
            "lead": name == "lead",
            "services": ["people"],
            "verify": keys_of(name).public.verify,
            "seal": keys_of(name).public.seal,
        }
        for name in ORGANISATIONS
    ]
    (tmp_path / "organisations.json").write_text(json.dumps(listed))
    members = []
    for name in ORGANISATIONS:
        url = f"sqlite:///{tmp_path}/{name}.db"
        migrate(Composition.of("people"), name, url, url)
        members.append(
            Member(
                name,
                ("people",),
                {
                    "ORGANISATION": name,
                    "ORGANISATION_SECRET": keys_of(name)._secret.hex(),
                    "ORGANISATIONS_FILE": str(tmp_path / "organisations.json"),
                    "DATABASE_URL": url,
                    "AMQP_URL": "amqp://nowhere",
                    "CLOCK_FILE": str(clock),
                },
            )
        )
    installation = Installation(tuple(members), tmp_path)
    installation.save()
    with installation.stores() as stores:
        lead, partner = (stores[name, "people"] for name in ORGANISATIONS)
        for store in (lead, partner):
            close_days(store)
        shown(lead, partner)
        shown(partner, lead)
    return tmp_path


def shown(log: Store, witness: Store) -> None:
    """Let *witness* see the log's newest checkpoint."""
    continued(log, read_whole(log))
    answer = see(witness, log.programme.own, continuing(log, 0) or {})
    keep_cosignature(log, witness.programme.own, answer["size"], answer["cosignature"])


def asked(*words: object) -> Result:
    return CliRunner().invoke(app, list(map(str, words)))


def verified(*words: object) -> tuple[int, list[dict[str, Any]]]:
    done = asked("verify", "--json", *words)
    return done.exit_code, json.loads(done.stdout)


def alter(place: Path, *statements: str) -> None:
    """Change the lead's database as somebody who owns it may."""
    connection = sqlite3.connect(place / "lead.db")
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        connection.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_the_logs_of_an_installation_are_verified(place: Path) -> None:
    status, judged = verified("--installation", place)
    assert status == 0
    assert [each["findings"] for each in judged] == [[], []]
    assert [each["cosigned"] for each in judged] == [{"partner": 2}, {"lead": 2}]
    assert [(each["events"], each["signed"], each["held"]) for each in judged] == [(2, 2, 1)] * 2
    assert [each["log_id"].split("/")[0] for each in judged] == ["lead", "partner"]
    status, judged = verified("--installation", place, "--organisation", "partner")
    assert [each["log_id"].split("/")[0] for each in judged] == ["partner"]


def test_an_altered_log_ends_with_status_1_and_says_where(place: Path) -> None:
    alter(place, "UPDATE events SET cause = 'duty:open:x' WHERE position = 1")
    status, judged = verified("--installation", place)
    assert status == 1
    assert judged[0]["findings"] == [
        {"kind": "Altered", "facts": {"after": 0, "before": 3, "checkpoint": 2}}
    ]
    assert judged[1]["findings"] == []
    done = asked("verify", "--installation", place)
    assert done.exit_code == 1
    assert "Altered" in done.stdout


def test_a_bundle_is_verified_anywhere_beside_what_another_holds(
    place: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path_factory.mktemp("an auditor")
    log, held = away / "lead.zip", away / "held.json"
    of_lead = ("--installation", place, "--organisation", "lead")
    assert asked("bundle", "people", "-o", log, *of_lead).exit_code == 0
    of_partner = ("--installation", place, "--organisation", "partner")
    assert asked("held", "-o", held, *of_partner).exit_code == 0
    organisations = away / "organisations.json"
    organisations.write_bytes((place / "organisations.json").read_bytes())
    monkeypatch.chdir(away)
    words = (log, "--organisations", organisations, "--held", held)
    status, [judged] = verified(*words)
    assert (status, judged["findings"], judged["held"]) == (0, [], 1)

    alter(
        place,
        "UPDATE events SET cause = 'duty:open:x' WHERE position = 1",
        *(f"DELETE FROM {table}" for table in ("checkpoints", "cosignatures", "witnessed")),
    )
    with Installation.read(place).stores() as stores:
        store = stores["lead", "people"]
        continued(store, read_whole(store))
    assert asked("bundle", "people", "-o", log, *of_lead).exit_code == 0
    assert verified(log, "--organisations", organisations)[0] == 0  # by itself it is whole
    status, [judged] = verified(*words)
    assert (status, judged["findings"][0]["kind"]) == (1, "Altered")


def test_a_bundle_is_verified_with_the_keys_and_the_memory_of_an_installation(place: Path) -> None:
    log = place / "lead.zip"
    of_lead = ("--installation", place, "--organisation", "lead")
    asked("bundle", "people", "-o", log, *of_lead)
    status, [judged] = verified(log, "--installation", place)
    assert (status, judged["held"]) == (0, 1)


def test_files_are_called_after_what_they_hold(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    for organisation in ORGANISATIONS:
        of_it = ("--installation", ".", "--organisation", organisation)
        bundle, held = asked("bundle", "people", *of_it), asked("held", *of_it)
        assert bundle.stdout.startswith(f"{organisation}-people-")
        assert held.stdout == f"{organisation}-held.json\n"
        assert (place / bundle.stdout.strip()).exists()
        assert len(json.loads((place / held.stdout.strip()).read_text())) == 1


def test_a_log_of_which_nothing_is_held_is_not_vouched_for(place: Path) -> None:
    held = place / "held.json"
    of_lead = ("--installation", place, "--organisation", "lead")
    asked("held", "-o", held, *of_lead)  # the lead itself holds nothing of its own log
    log = place / "lead.zip"
    asked("bundle", "people", "-o", log, *of_lead)
    words = (log, "--organisations", place / "organisations.json")
    assert verified(*words)[0] == 0
    status, [judged] = verified(*words, "--held", held)
    assert (status, judged["findings"]) == (1, [{"kind": "NothingHeld", "facts": {}}])


def test_what_cannot_be_written_is_said_in_one_line_and_a_bundle_is_its_owners(place: Path) -> None:
    of_lead = ("--installation", place, "--organisation", "lead")
    log = place / "lead.zip"
    asked("bundle", "people", "-o", log, *of_lead)
    assert log.stat().st_mode & 0o777 == 0o600
    for words in (("bundle", "people"), ("held",)):
        done = asked(*words, "-o", place / "nowhere" / "file", *of_lead)
        assert done.exit_code == 1
        assert "cannot be written: No such file or directory" in done.stderr
        assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("content", [None, b"", b"x", b"\xff\xfe", b"{}", b"[3]", b"null"])
def test_what_cannot_be_read_is_said_in_one_line(place: Path, content: bytes | None) -> None:
    file = place / "file"
    if content is not None:
        file.write_bytes(content)
    log = place / "lead.zip"
    asked("bundle", "people", "-o", log, "--installation", place, "--organisation", "lead")
    organisations = place / "organisations.json"
    for words in (
        (log, "--organisations", file),
        (log, "--organisations", organisations, "--held", file),
    ):
        done = asked("verify", *words)
        assert done.exit_code == 1
        assert isinstance(done.exception, SystemExit)
        assert done.stderr.startswith("comunita: ")
        assert done.stderr.count("\n") == 1
    status, [judged] = verified(file, "--organisations", organisations)
    assert (status, judged["findings"][0]["kind"]) == (1, "NoBundle")
