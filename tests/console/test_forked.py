"""Processes are forked from one that has loaded them: what they are given, and how they end."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest

from services.console.forked import NOBODY_KNOWS, Forked, Nursery
from services.kernel.composition import Composition
from services.kernel.keys import Keys
from services.kernel.migrate import migrate
from tests.waiting import until

pytestmark = pytest.mark.slow

SECRET = secrets.token_bytes(32)


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    with closing(Nursery()) as begun:
        yield begun


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of a courier of people, whose broker is away."""
    folder = tmp_path_factory.mktemp("lead")
    public, url = Keys(SECRET).public, f"sqlite:///{folder / 'people.db'}"
    lead = {"id": "lead", "lead": True, "services": ["people"]}
    keys = {"verify": public.verify, "seal": public.seal}
    (folder / "organisations.json").write_text(json.dumps([lead | keys]))
    migrate(Composition.of("people"), "lead", url, url)
    return {
        "PATH": os.environ["PATH"],
        "ORGANISATION": "lead",
        "ORGANISATION_SECRET": SECRET.hex(),
        "ORGANISATIONS_FILE": str(folder / "organisations.json"),
        "DATABASE_URL": url,
        "AMQP_URL": "amqp://nobody@127.0.0.1:1/",
    }


@pytest.fixture
def fork(
    nursery: Nursery, environment: dict[str, str], tmp_path: Path
) -> Iterator[Callable[..., Forked]]:
    """Forks a courier of people, if nothing else is asked for; what still runs is killed."""
    begun: list[Forked] = []

    def begin(
        kind: str = "courier", words: tuple[str, ...] = ("people",), **more: object
    ) -> Forked:
        env = more.pop("env", environment)
        with (tmp_path / "log").open("ab") as log:
            begun.append(nursery.fork(kind, words, env, log, **more))  # type: ignore[arg-type]
        return begun[-1]

    yield begin
    for each in begun:
        each.kill()
        each.wait(timeout=20)


@pytest.fixture
def log(tmp_path: Path) -> Callable[[], str]:
    """What the forked wrote."""
    return (tmp_path / "log").read_text


def of_proc(pid: int, what: str) -> bytes:
    return Path(f"/proc/{pid}/{what}").read_bytes()


def parent(pid: int) -> int:
    return int(of_proc(pid, "stat").rpartition(b")")[2].split()[1])


def is_gone(pid: int) -> bool:
    """It has ended, and whoever started it has taken note or is gone as well."""
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [("serve", ("people",)), ("courier", ("people",)), ("post_in", ()), ("post_out", ())],
)
def test_each_kind_lives_by_the_environment_that_it_gets_and_by_no_other(
    fork: Callable[..., Forked],
    log: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    words: tuple[str, ...],
) -> None:
    """Whoever forks has an organisation in its environment, too."""
    monkeypatch.setenv("DATABASE_URL", "sqlite://")
    assert fork(kind, words, env={"PATH": os.environ["PATH"]}).wait(timeout=60) == 2
    assert log() == "DATABASE_URL is not set\n"


def test_it_is_ready_where_it_was_told_to_listen(
    fork: Callable[..., Forked], log: Callable[[], str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = fork(listener=listener)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/health"
        assert urlopen(url, timeout=30).read() == b"ok\n"
    assert running.poll() is None
    assert {json.loads(line)["process"] for line in log().splitlines()} == {"courier"}


def test_lists_of_processes_show_what_it_is_and_no_secret(fork: Callable[..., Forked]) -> None:
    running = fork(title="comunita lead/people courier")
    until(lambda: of_proc(running.pid, "cmdline").startswith(b"comunita lead/people courier"))
    shown = of_proc(running.pid, "cmdline") + of_proc(running.pid, "environ")
    assert SECRET.hex().encode() not in shown


def test_asked_to_end_it_ends_well(fork: Callable[..., Forked], log: Callable[[], str]) -> None:
    running = fork()
    until(lambda: '"health"' in log())
    with pytest.raises(subprocess.TimeoutExpired):
        running.wait(timeout=0.01)
    running.terminate()
    assert running.wait(timeout=30) == 0
    running.terminate()  # nobody is there any more
    assert running.poll() == 0


def test_killed_it_has_ended_by_that_signal(fork: Callable[..., Forked]) -> None:
    killed, other = fork(), fork()
    killed.kill()
    assert killed.wait(timeout=30) == -signal.SIGKILL
    assert killed.poll() == -signal.SIGKILL
    assert other.poll() is None


def test_several_who_wait_for_it_learn_the_same_at_once(fork: Callable[..., Forked]) -> None:
    """How it ended is told once, and the next ones do not wait for it in vain."""
    for _ in range(5):
        running = fork(words=("people", "more"))
        began = time.monotonic()
        with ThreadPoolExecutor(8) as pool:
            told = [pool.submit(running.wait, 30) for _ in range(8)]
            assert {each.result() for each in told} == {1}
        assert time.monotonic() - began < 30


def test_what_goes_wrong_in_it_is_told_in_its_log_and_the_nursery_lives(
    fork: Callable[..., Forked], log: Callable[[], str]
) -> None:
    """One word too many for it."""
    assert fork(words=("people", "more")).wait(timeout=30) == 1
    assert "TypeError" in log()
    assert fork().poll() is None


def test_it_ends_with_its_nursery_and_the_next_one_has_another(
    fork: Callable[..., Forked],
) -> None:
    running = fork(dies_by=signal.SIGKILL)
    before = parent(running.pid)
    os.kill(before, signal.SIGKILL)
    assert running.wait(timeout=30) == NOBODY_KNOWS
    again = fork()
    assert again.poll() is None
    assert parent(again.pid) != before


def test_asked_before_its_nursery_was_taken_leave_of_it_says_how_it_ended(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with closing(Nursery()) as nursery, (tmp_path / "log").open("wb") as log:
        ended = nursery.fork("courier", ("people", "more"), environment, log)
        assert ended.wait(timeout=60) == 1
        running = nursery.fork("courier", ("people",), environment, log, dies_by=signal.SIGKILL)
    assert ended.poll() == 1
    assert running.wait(timeout=30) == NOBODY_KNOWS


HOLDER = """
import sys
from services.console.forked import Nursery
nursery = Nursery()
with open(sys.argv[1], "wb") as log:
    child = nursery.fork("courier", ("people",), {}, log)
print(child.pid, flush=True)
child.wait()
sys.stdin.read()
"""


def test_nothing_is_left_of_who_was_killed(environment: dict[str, str], tmp_path: Path) -> None:
    """``kill -9`` of whoever holds the nursery: it ends, and with it all that it forked."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER.replace("{}", repr(environment)), tmp_path / "log"],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with holder:
        assert holder.stdout is not None
        forked = int(holder.stdout.readline())
        theirs = parent(forked)
        assert parent(theirs) == holder.pid
        holder.kill()
    until(lambda: is_gone(forked))
    until(lambda: is_gone(theirs))
