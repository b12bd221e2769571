"""The real process: killed with kill -9 at each step, it loses nothing and doubles nothing."""

import json
import os
import signal
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from services.console.forked import Forked
from services.console.private_broker import free_ports
from tests.dovecot import PASSWORD, PrivateDovecot
from tests.forked import forked
from tests.notify.post_in import places
from tests.notify.post_in.papers import DEDICATED, LEAD_MEMBER, form, mail
from tests.review.office import SERVICES, Office, keys_of
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.mail]
PAPER = form()
SECRET = {"lead": "lead", "nord": "nord"}


class PostInProcess:
    """``python -m services.notify.post_in`` over the office's database."""

    def __init__(self, office: Office, folder: Path, **env: str) -> None:
        self.smtp, self.lmtp, self._health = free_ports(3)
        self._arms, self.log = folder / "arms", folder / "post_in.log"
        organisations = folder / "organisations.json"
        organisations.write_text(
            json.dumps(
                [
                    {
                        "id": name,
                        "lead": name == "lead",
                        "services": SERVICES,
                        "verify": keys_of(name).public.verify,
                        "seal": keys_of(name).public.seal,
                    }
                    for name in ("lead", "nord")
                ]
            )
        )
        clock = folder / "clock"
        clock.write_text(office.clock.at.isoformat())
        self._env = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "ORGANISATION": "lead",
            "ORGANISATION_SECRET": keys_of("lead")._secret.hex(),
            "ORGANISATIONS_FILE": str(organisations),
            "DATABASE_URL": office.urls[1],
            "AMQP_URL": "amqp://nobody@127.0.0.1:1/none",
            "CLOCK_FILE": str(clock),
            "HEALTH_PORT": str(self._health),
            "COMUNITA_FAILPOINTS_FILE": str(self._arms),
            "POST_IN_ADDRESSES": DEDICATED,
            "POST_IN_SMTP": f"127.0.0.1:{self.smtp}",
            "POST_IN_LMTP": f"127.0.0.1:{self.lmtp}",
            "POST_IN_LEASE_SECONDS": "1.5",
            "POST_IN_POLL_SECONDS": "0.2",
            **env,
        }
        self._child: Forked | None = None

    def start(self, arm: str = "") -> "PostInProcess":
        """Start it, armed with a failpoint; wait until it listens."""
        self._arms.write_text(arm)
        with self.log.open("ab") as log:
            self._child = forked("post_in", "notify", self._env, log)
        until(self._ready, lambda: f"it listens\n{self.log.read_text()[-3000:]}", 60)
        return self

    def _ready(self) -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{self._health}/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def told(self, page: str) -> str:
        """What it answers to who watches it."""
        with urlopen(f"http://127.0.0.1:{self._health}/{page}", timeout=20) as answer:
            return str(answer.read().decode())

    def died(self) -> bool:
        """Whether it was killed by its failpoint."""
        return self._child is not None and self._child.poll() == -signal.SIGKILL

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        assert self._child is not None
        self._child.terminate()
        return self._child.wait(30)

    def end(self) -> None:
        """Whatever it does, it ends."""
        if self._child is not None and self._child.poll() is None:
            self._child.kill()
            self._child.wait(20)


@pytest.fixture
def office(lead: Office) -> Office:
    places.know(lead)
    return lead


@pytest.fixture
def new_process(office: Office, tmp_path: Path) -> Iterator[Callable[..., PostInProcess]]:
    made: list[PostInProcess] = []

    def new(**env: str) -> PostInProcess:
        folder = tmp_path / f"process{len(made)}"
        folder.mkdir()
        made.append(PostInProcess(office, folder, **env))
        return made[-1]

    yield new
    for process in made:
        process.end()


def send(process: PostInProcess, number: int, patience: float = 40.0) -> int:
    """Send mail *number* until it is taken, as any server does; how many attempts it took."""
    raw = mail(PAPER, message_id=f"<{number}@comune.example>")
    end = time.monotonic() + patience
    attempts = 0
    while True:
        attempts += 1
        try:
            with smtplib.SMTP("127.0.0.1", process.smtp, timeout=20) as client:
                client.sendmail(LEAD_MEMBER, [DEDICATED], raw)
                return attempts
        except (OSError, smtplib.SMTPException):
            if process.died():
                process.start()
            assert time.monotonic() < end
            time.sleep(0.1)


def test_it_takes_sorts_and_ends_when_told(
    office: Office, new_process: Callable[..., PostInProcess]
):
    process = new_process().start()
    send(process, 1)
    until(lambda: len(places.became(office)) == 1, lambda: process.log.read_text()[-3000:])
    assert places.became(office) == [("FormReceived", None, None)]
    assert process.stop() == 0, process.log.read_text()[-3000:]
    log = process.log.read_text()
    for personal in ("comune.example", "assistente", "Proposta", "rete.example"):
        assert personal not in log


def test_its_metrics_and_its_status_tell_what_waits(
    office: Office, new_process: Callable[..., PostInProcess]
):
    process = new_process().start()
    raw = mail(PAPER, sender="sconosciuto@altrove.example")
    with smtplib.SMTP("127.0.0.1", process.smtp, timeout=20) as client:
        client.sendmail(LEAD_MEMBER, [DEDICATED], raw)
    until(lambda: len(places.became(office)) == 1, lambda: process.log.read_text()[-3000:])
    metrics = process.told("metrics").splitlines()
    assert "comunita_mail_waiting 1.0" in metrics
    assert "comunita_mail_to_sort 0.0" in metrics
    assert "# TYPE comunita_mail_waiting_oldest_seconds gauge" in metrics
    assert f"comunita_log_position {len(office.facts())}.0" in metrics
    told = json.loads(process.told("status"))
    assert told["figures"]["mail_waiting"] == 1
    assert told["sound"] is True


STEPS = [
    "before mail commit",
    "before commit",
    "between events and said",
    "after mail commit",
    "after the answer",
    "between reading and sorting",
    "between sorting and said",
    "after sorting",
]


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_any_step_nothing_is_lost_and_nothing_doubled(
    office: Office, new_process: Callable[..., PostInProcess], step: str
):
    """The second passage of the step kills it; senders try again until they hear 250."""
    process = new_process().start(f"{step}:2")
    for number in range(4):
        send(process, number)

    def all_sorted() -> bool:
        if process.died():
            process.start()
        return len(places.became(office)) == 4

    until(all_sorted, lambda: f"all are sorted\n{process.log.read_text()[-3000:]}")
    assert process.log.read_text().count('"works"') == 2, "it was killed once"
    assert places.kept(office) == 4
    assert places.became(office) == [("FormReceived", None, None)] * 4
    assert places.in_vault(office) == ["form"] * 4 + ["mail"] * 4 + ["mail_head"] * 4
    told = [body["mail"] for _, body in office.told("lead")]
    assert len(told) == len(set(told)) == 4


@pytest.mark.parametrize(
    "step",
    ["before mail commit", "after mail commit", "between keeping and moving", "after moving"],
)
def test_killed_while_it_reads_a_mailbox_it_doubles_nothing(
    office: Office,
    new_process: Callable[..., PostInProcess],
    dovecot: PrivateDovecot,
    step: str,
):
    user = f"{step.replace(' ', '')}@rete.example"
    process = new_process(
        POST_IN_IMAP=f"imap://{user.replace('@', '%40')}@127.0.0.1:{dovecot.imap}/INBOX",
        POST_IN_IMAP_PASSWORD=PASSWORD,
    )
    mails = [mail(PAPER, message_id=f"<{number}@x>") for number in range(4)]
    dovecot.deliver(user, *mails)
    process.start(f"{step}:2")

    def all_moved() -> bool:
        if process.died():
            process.start()
        return dovecot.count(user, "Acquisiti") == 4 and len(places.became(office)) == 4

    until(all_moved, lambda: f"all are moved\n{process.log.read_text()[-3000:]}")
    assert process.log.read_text().count('"works"') == 2, "it was killed once"
    assert places.kept(office) == 4
    assert dovecot.count(user) == 0


def test_two_processes_take_and_one_sorts(
    office: Office, new_process: Callable[..., PostInProcess]
):
    one, other = new_process().start(), new_process().start()
    for number in range(6):
        send((one, other)[number % 2], number)
    until(lambda: len(places.became(office)) == 6, lambda: "all are sorted")
    logs = [process.log.read_text() for process in (one, other)]
    assert sum(log.count('"works"') for log in logs) == 1
    holder = (one, other)[logs[1].count('"works"')]
    rest = other if holder is one else one
    holder.end()
    send(rest, 7)
    until(lambda: len(places.became(office)) == 7, lambda: "the other one goes on")


def test_a_database_that_is_away_is_451_and_then_all_is_kept(
    office: Office, new_process: Callable[..., PostInProcess], tmp_path: Path
):
    """SQLite's tables are taken away, and come back."""
    process = new_process().start()
    send(process, 1)
    until(lambda: len(places.became(office)) == 1, lambda: "it works")
    import sqlite3

    path = office.urls[1].removeprefix("sqlite:///")
    with sqlite3.connect(path, isolation_level=None, timeout=20) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with smtplib.SMTP("127.0.0.1", process.smtp, timeout=60) as client:
            with pytest.raises(smtplib.SMTPDataError) as refused:
                client.sendmail(LEAD_MEMBER, [DEDICATED], mail(PAPER, message_id="<2@x>"))
            assert refused.value.smtp_code == 451
        holder.execute("ROLLBACK")
    send(process, 2)
    until(lambda: len(places.became(office)) == 2, lambda: "it goes on")


def test_without_its_settings_it_names_what_is_missing(tmp_path: Path):
    done = subprocess.run(
        [sys.executable, "-m", "services.notify.post_in"],
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "ORGANISATION": "lead",
            "ORGANISATION_SECRET": "07" * 32,
            "ORGANISATIONS_FILE": "x",
            "DATABASE_URL": "sqlite://",
            "AMQP_URL": "amqp://x",
        },
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (2, "POST_IN_ADDRESSES is not set\n")
