"""``comunita`` with a real installation: up, watched, stopped; wrong use and missing settings."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.console.installation import Installation, Member
from services.kernel.composition import Composition
from services.kernel.keys import Keys
from services.kernel.migrate import migrate
from tests.waiting import until

BARE = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def comunita(*words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.console", *words],
        capture_output=True,
        text=True,
        timeout=120,
        env=BARE | (env or {}),
    )


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What an organisation that runs people alone finds in its environment, without a broker."""
    secret = secrets.token_bytes(32)
    public = Keys(secret).public
    listed = tmp_path / "organisations.json"
    listed.write_text(
        json.dumps(
            [
                {
                    "id": "lead",
                    "lead": True,
                    "services": ["people"],
                    "verify": public.verify,
                    "seal": public.seal,
                }
            ]
        )
    )
    return {
        "ORGANISATION": "lead",
        "SERVICES": "people",
        "ORGANISATION_SECRET": secret.hex(),
        "ORGANISATIONS_FILE": str(listed),
        "AMQP_URL": "amqp://nobody:nothing@127.0.0.1:1/none",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'people.db'}",
    }


def test_wrong_use_ends_with_status_2() -> None:
    assert comunita("stat").returncode == 2
    assert comunita("history").returncode == 2
    assert comunita("skip", "pacts", "some/log/id", "one", "--because", "x").returncode == 2


def test_a_missing_setting_is_named_in_one_line(environment: dict[str, str]) -> None:
    del environment["ORGANISATION_SECRET"]
    done = comunita("status", env=environment)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["comunita: ORGANISATION_SECRET is not set"]


def test_a_database_that_is_not_migrated_is_one_clear_line(environment: dict[str, str]) -> None:
    done = comunita("status", env=environment)
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("comunita: the database does not answer or is not migrated")


def test_migrate_makes_the_tables_and_twice_is_once(environment: dict[str, str]) -> None:
    first = comunita("migrate", env=environment)
    again = comunita("migrate", env=environment)
    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert first.stdout == again.stdout
    shown = comunita("status", "--json", env=environment)
    assert json.loads(shown.stdout)["lead/people"]["position"] == 0
    assert "Mail" not in comunita("status", env=environment).stdout


def test_status_shows_what_waits_of_the_mail(environment: dict[str, str]) -> None:
    environment["SERVICES"] = "notify"
    comunita("migrate", env=environment)
    shown = json.loads(comunita("status", "--json", env=environment).stdout)
    assert shown["lead/notify"]["figures"]["mail_waiting"] == 0
    assert "Mail" in comunita("status", env=environment).stdout


def test_a_family_that_nobody_knows_is_one_clear_line(environment: dict[str, str]) -> None:
    comunita("migrate", env=environment)
    done = comunita("history", "LEAD-000000-0", env=environment)
    assert done.returncode == 1
    assert done.stderr.splitlines() == ["comunita: no fact about LEAD-000000-0 is known here"]


def test_a_line_that_does_not_stand_still_is_not_skipped(environment: dict[str, str]) -> None:
    comunita("migrate", env=environment)
    words = ("skip", "people", "lead/intake/0", "1", "--because", "prova", "--operator", "x")
    done = comunita(*words, env=environment)
    assert done.returncode == 1
    assert done.stderr.startswith("comunita: refused: NotStopped")


@pytest.fixture
def installation(
    tmp_path: Path, organisations: Callable[..., dict[str, str]]
) -> Iterator[Installation]:
    """One organisation that runs people and notify, on a real broker."""
    secret = secrets.token_bytes(32)
    public = Keys(secret).public
    services = ("people", "notify")
    listed = tmp_path / "organisations.json"
    listed.write_text(
        json.dumps(
            [
                {
                    "id": "lead",
                    "lead": True,
                    "services": services,
                    "verify": public.verify,
                    "seal": public.seal,
                }
            ]
        )
    )
    env = {
        "ORGANISATION": "lead",
        "SERVICES": ",".join(services),
        "ORGANISATION_SECRET": secret.hex(),
        "ORGANISATIONS_FILE": str(listed),
        "AMQP_URL": organisations("lead")["lead"],
        **{f"{name.upper()}_DATABASE_URL": f"sqlite:///{tmp_path / name}.db" for name in services},
    }
    member = Member("lead", services, env)
    for name in services:
        settings = member.settings(name)
        migrate(Composition.of(name), "lead", settings.database_url, settings.database_url)
    installed = Installation((member,), tmp_path)
    installed.save()
    return installed


@pytest.mark.slow
def test_up_runs_everything_and_starts_again_what_ends(installation: Installation) -> None:
    """A killed process comes back; SIGTERM ends all of them within seconds."""
    assert installation.directory is not None
    logs = installation.directory / "logs"
    child = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "services.console",
            "up",
            "--installation",
            str(installation.directory),
        ],
        stderr=subprocess.PIPE,
        text=True,
        env=BARE,
    )
    assert child.stderr is not None
    try:
        assert child.stderr.readline().startswith("ready: 4 processes")
        victim = next(pid for pid in below(child.pid) if b"courier" in command(pid))
        os.kill(victim, signal.SIGKILL)
        assert "started again" in child.stderr.readline()
        began = time.monotonic()
        os.kill(child.pid, signal.SIGTERM)
        assert child.wait(timeout=30) == 0
        assert time.monotonic() - began < 15
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        child.stderr.close()
    assert sorted(path.name for path in logs.iterdir()) == [
        "lead-notify-courier.jsonl",
        "lead-notify-serve.jsonl",
        "lead-people-courier.jsonl",
        "lead-people-serve.jsonl",
    ]
    for path in logs.iterdir():
        for line in path.read_text().splitlines():
            assert json.loads(line)["organisation"] == "lead"


@pytest.mark.slow
def test_every_process_answers_for_its_health(installation: Installation) -> None:
    """One service alone, by its environment: health, readiness, status, metrics."""
    [member] = installation.members
    child = subprocess.Popen(
        [sys.executable, "-m", "services.kernel.courier", "people"],
        env=BARE | dict(member.env),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    try:
        port = json.loads(child.stderr.readline())["port"]
        assert read(port, "health") == "ok\n"
        assert json.loads(read(port, "status"))["sound"] is True
        metrics = read(port, "metrics")
        assert "comunita_log_position" in metrics
        assert "comunita_days_behind" in metrics
        until(lambda: "comunita_days_behind 0.0" in read(port, "metrics"))
    finally:
        child.terminate()
        child.stderr.read()
        assert child.wait(timeout=20) == 0
        child.stderr.close()


def read(port: int, page: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=10) as answer:
        text: str = answer.read().decode()
    return text


def below(parent: int) -> Iterator[int]:
    """The processes that *parent* started, and those that they started."""
    task = Path(f"/proc/{parent}/task/{parent}/children")
    for pid in map(int, task.read_text().split()):
        yield pid
        yield from below(pid)


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()
