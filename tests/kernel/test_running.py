"""What every process is made of: settings, programme, logs without exception text, failpoints."""

import io
import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from services.kernel.keys import Keys
from services.kernel.logs import JsonLines
from services.kernel.programme import Programme
from services.kernel.settings import Missing, Settings
from tests.kernel.parties import keys_of

FULL = {
    "ORGANISATION": "lead",
    "DATABASE_URL": "sqlite:///all.db",
    "AMQP_URL": "amqp://lead@localhost/lead",
    "ORGANISATION_SECRET": "ab" * 32,
    "ORGANISATIONS_FILE": "organisations.json",
}


def test_the_settings_of_a_service() -> None:
    assert Settings.from_env("pacts", FULL) == Settings(
        organisation="lead",
        service="pacts",
        database_url="sqlite:///all.db",
        owner_database_url="sqlite:///all.db",
        amqp_url="amqp://lead@localhost/lead",
        secret=b"\xab" * 32,
        organisations_file=Path("organisations.json"),
        clock_file=None,
        health_port=0,
        health_host="127.0.0.1",
        health_socket=None,
        poll=1.0,
        lease=6.0,
        checkpoint=60.0,
    )


@pytest.mark.parametrize("name", sorted(FULL))
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_value_stops_the_process_by_name(name: str, value: str | None) -> None:
    env = {**FULL, name: value} if value is not None else {k: FULL[k] for k in FULL if k != name}
    with pytest.raises(Missing, match=rf"^{name} is not set$"):
        Settings.from_env("pacts", env)  # type: ignore[arg-type]


@pytest.mark.parametrize("secret", ["x", "ab" * 31, "ab" * 33, "zz" * 32, " " + "ab" * 32])
def test_a_secret_of_another_shape_is_named_and_not_shown(secret: str) -> None:
    with pytest.raises(Missing) as missing:
        Settings.from_env("pacts", {**FULL, "ORGANISATION_SECRET": secret})
    assert str(missing.value) == "ORGANISATION_SECRET is not 64 hexadecimal digits"


@pytest.mark.parametrize(
    "name",
    [
        "HEALTH_PORT",
        "HEALTH_SOCKET",
        "COURIER_POLL_SECONDS",
        "COURIER_LEASE_SECONDS",
        "CHECKPOINT_SECONDS",
    ],
)
def test_what_is_no_number_is_named(name: str) -> None:
    with pytest.raises(Missing, match=rf"^{name} is not a number$"):
        Settings.from_env("pacts", {**FULL, name: "many"})


def test_a_services_own_database_goes_first() -> None:
    env = {**FULL, "PACTS_DATABASE_URL": "sqlite:///pacts.db"}
    assert Settings.from_env("pacts", env).database_url == "sqlite:///pacts.db"
    assert Settings.from_env("intake", env).database_url == "sqlite:///all.db"


def test_the_owner_has_a_url_of_its_own() -> None:
    env = {**FULL, "OWNER_DATABASE_URL": "o", "PACTS_OWNER_DATABASE_URL": "po"}
    assert Settings.from_env("pacts", env).owner_database_url == "po"
    assert Settings.from_env("intake", env).owner_database_url == "o"
    own = {**FULL, "PACTS_DATABASE_URL": "p"}
    assert Settings.from_env("pacts", own).owner_database_url == "p"


def test_values_may_be_kept_in_files(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("cd" * 32 + "\n")
    env = {**FULL, "ORGANISATION_SECRET": "", "ORGANISATION_SECRET_FILE": str(kept)}
    assert Settings.from_env("pacts", env).secret == b"\xcd" * 32
    kept.write_text("postgresql://kept")
    env = {**FULL, "PACTS_DATABASE_URL_FILE": str(kept)}
    assert Settings.from_env("pacts", env).database_url == "postgresql://kept"
    kept.unlink()
    with pytest.raises(Missing, match="PACTS_DATABASE_URL_FILE"):
        Settings.from_env("pacts", env)


# the programme


def listed(**changed: Any) -> list[dict[str, Any]]:
    return [
        {"id": own, "services": ["kitchen"], "verify": "v", "seal": "s", **changed.get(own, {})}
        for own in ("lead", "partner")
    ]


def read(tmp_path: Path, words: Any, own: str = "lead") -> Programme:
    file = tmp_path / "organisations.json"
    file.write_text(json.dumps(words))
    return Programme.read(own, file)


def test_the_programme_as_one_of_its_organisations_sees_it(tmp_path: Path) -> None:
    found = read(tmp_path, listed(lead={"lead": True}), own="partner")
    assert (found.own, found.lead, set(found.organisations)) == (
        *("partner", "lead"),
        {"lead", "partner"},
    )
    assert found.producers("kitchen") == [("partner", "kitchen"), ("lead", "kitchen")]
    assert found.producers("bakery") == []
    assert found.lead_mail is None


def test_everybody_knows_where_the_lead_takes_mail(tmp_path: Path) -> None:
    words = listed(lead={"lead": True, "mail": "posta@rete.example"})
    assert read(tmp_path, words, own="partner").lead_mail == "posta@rete.example"


@pytest.mark.parametrize(
    ("words", "own", "because"),
    [
        (listed(), "lead", "exactly one organisation must be the lead"),
        (listed(lead={"lead": True}, partner={"lead": True}), "lead", "exactly one"),
        (listed(lead={"lead": True}), "nobody", "nobody is not listed"),
        (listed(lead={"lead": True, "mail": "a b@c"}), "lead", "mail of lead is no address"),
    ],
    ids=["no lead", "two leads", "not listed", "no address"],
)
def test_a_programme_has_one_lead_and_knows_us(
    tmp_path: Path, words: Any, own: str, because: str
) -> None:
    with pytest.raises(ValueError, match=because):
        read(tmp_path, words, own)


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_secret_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(bytes(length))


def test_no_two_purposes_share_a_key() -> None:
    keys = keys_of("lead")
    purposes = (keys.envelopes, keys.identities, keys.parts, keys.transport, keys.wrapping)
    raw = {bytes(key) for key in purposes} | {keys.digests}
    assert len(raw) == 6
    assert raw.isdisjoint({bytes(key) for key in (keys_of("partner").envelopes,)})


def test_any_malformed_key_or_signature_is_not_theirs() -> None:
    keys = keys_of("lead")
    signature = keys.envelopes.sign(b"words").signature
    assert keys.public.verifies(b"words", signature)
    assert not keys.public.verifies(b"other words", signature)
    assert not keys.public.verifies(b"words", signature[:-1])
    assert not keys.public.verifies(b"words", b"")
    assert not type(keys.public)("zz", "").verifies(b"words", signature)
    assert not keys_of("partner").public.verifies(b"words", signature)


# logs


@pytest.fixture
def lines() -> Any:
    """A logger of a service, and what it wrote."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines(organisation="lead", service="kitchen", process="serve"))
    loggers = [logging.getLogger(name) for name in ("services.tests", "somelibrary")]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel("DEBUG")
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for logger in loggers:
        logger.removeHandler(handler)
        logger.propagate = True


def test_a_line_is_one_json_object(lines: Any) -> None:
    logging.getLogger("services.tests").info("opened %s\njar", 2, extra={"jar": "x", "n": 1})
    [line] = lines()
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "services.tests",
        "message": "opened 2\njar",
        "organisation": "lead",
        "service": "kitchen",
        "process": "serve",
        "jar": "x",
        "n": 1,
    }


def test_of_an_exception_only_type_and_places_are_written(lines: Any) -> None:
    def deep() -> None:
        raise ValueError("Pia Rossi, via Garibaldi 1")

    try:
        try:
            deep()
        except ValueError as inner:
            raise KeyError("Pia Rossi") from inner
    except KeyError:
        logging.getLogger("services.tests").exception("something broke")
        logging.getLogger("somelibrary").exception("something broke")
    for line in lines():
        assert line["exception"] == "KeyError"
        assert line["frames"]
        assert "Pia" not in json.dumps(line)


def test_what_a_library_was_given_is_not_written(lines: Any) -> None:
    logging.getLogger("somelibrary").error("error handling worker %s: %s", "x", "Pia Rossi")
    logging.getLogger("somelibrary").error(ValueError("Pia Rossi"))
    first, second = lines()
    assert first["message"] == "error handling worker %s: %s"
    assert second["message"] == "ValueError"


def test_what_has_no_json_is_named_by_its_type(lines: Any) -> None:
    logging.getLogger("services.tests").info(
        "x", extra={"what": object(), "error": ValueError("P")}
    )
    [line] = lines()
    assert (line["what"], line["error"]) == ("object", "ValueError")


# failpoints

PASS_THREE_TIMES = """
from services.kernel.failpoints import failpoint
for number in range(3):
    failpoint("here"); failpoint("elsewhere")
    print(number, flush=True)
"""


@pytest.mark.parametrize(
    ("armed", "passed", "status"),
    [
        (None, 3, 0),
        ("", 3, 0),
        ("here", 0, -9),
        ("here:1", 0, -9),
        ("here:2", 1, -9),
        ("here:3", 2, -9),
        ("here:4", 3, 0),
        ("nowhere:1", 3, 0),
        ("nowhere:1,elsewhere:2", 1, -9),
    ],
)
def test_an_armed_failpoint_ends_the_process_as_kill_9_would(
    armed: str | None, passed: int, status: int
) -> None:
    env = {name: word for name, word in os.environ.items() if "FAILPOINTS" not in name}
    ended = subprocess.run(
        [sys.executable, "-c", PASS_THREE_TIMES],
        env=env if armed is None else {**env, "COMUNITA_FAILPOINTS": armed},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, len(ended.stdout.splitlines())) == (status, passed), ended.stderr
