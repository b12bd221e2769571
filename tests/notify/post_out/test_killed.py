"""The sender's process, killed at each step, started twice, stopped: nobody gets a letter twice."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

import pytest

from services.console.forked import Forked
from services.console.private_broker import free_ports
from services.notify.post_out.outbox import Outbox
from services.notify.post_out.settings import MailSettings
from tests.forked import forked
from tests.notify.post_out.conftest import Desk, drafted
from tests.notify.post_out.mail_server import MailServer
from tests.review.office import SERVICES, Office, keys_of
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.slow, pytest.mark.mail]

BEFORE_THE_DOT = [
    "before letters are due",
    "before commit",
    "after commit",
    "after letters are due",
    "before handing over",
]
"""Surely not sent: the next sender sends it."""
NOBODY_KNOWS = ["before the dot", "after the dot", "before taken is noted"]
"""It is in the ledger as handed over, without an answer: a person finds out."""
SURELY_SENT = [
    "before sent is stored",
    "before commit:2",
    "after commit:2",
    "after sent is stored",
]
"""The second commit is that of ``Sent``."""

Start = Callable[..., Forked]


@pytest.fixture
def environment(desk: Desk, tmp_path: Path) -> dict[str, str]:
    """What a process of the lead's notify finds in its environment."""
    public = {each: keys_of(each).public for each in ("lead", "nord")}
    organisations = tmp_path / "organisations.json"
    organisations.write_text(
        json.dumps(
            [
                {
                    "id": each,
                    "services": SERVICES,
                    "verify": keys.verify,
                    "seal": keys.seal,
                    "lead": each == "lead",
                }
                for each, keys in public.items()
            ]
        )
    )
    clock = tmp_path / "clock"
    clock.write_text(desk.office.clock.at.isoformat())
    settings: MailSettings = desk.settings
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.environ.get("PYTHONPATH", "."),
        "PYTHONWARNINGS": "ignore",
        "ORGANISATION": "lead",
        "ORGANISATION_SECRET": sha256(b"lead").hexdigest(),
        "ORGANISATIONS_FILE": str(organisations),
        "DATABASE_URL": desk.office.urls[1],
        "AMQP_URL": "amqp://nobody@127.0.0.1:1/",
        "CLOCK_FILE": str(clock),
        "COURIER_POLL_SECONDS": "0.1",
        "COURIER_LEASE_SECONDS": "1.0",
        "MAIL_FROM": settings.sender,
        "MAIL_LEDGER": str(settings.ledger),
        "SMTP_HOST": settings.host,
        "SMTP_PORT": str(settings.port),
        "SMTP_SECURITY": "none",
    }


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    """Starts a sender; those still alive are killed at the end."""
    started: list[Forked] = []

    def begin(failpoint: str = "", *words: str, **more: str) -> Forked:
        log = (tmp_path / f"log-{len(started)}.jsonl").open("wb")
        with log:
            env = environment | {"COMUNITA_FAILPOINTS": failpoint} | more
            started.append(forked("post_out", "notify", env, log, *words))
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


def ended(process: Forked) -> int:
    return process.wait(timeout=30)


@pytest.mark.parametrize("step", BEFORE_THE_DOT)
def test_killed_before_the_dot_it_is_sent_by_who_comes_next(
    one_letter: Desk, mail_server: MailServer, start: Start, step: str
):
    assert ended(start(step)) == -signal.SIGKILL
    assert mail_server.taken == []
    start()
    until(lambda: "Sent" in one_letter.became())
    assert one_letter.became() == ["Due", "Sent"]
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("step", NOBODY_KNOWS)
def test_killed_around_the_dot_nobody_knows_and_nothing_is_sent_again(
    one_letter: Desk, mail_server: MailServer, start: Start, step: str
):
    assert ended(start(step)) == -signal.SIGKILL
    taken = 0 if step == "before the dot" else 1
    until(lambda: len(mail_server.taken) == taken)
    start()
    until(lambda: "Uncertain" in one_letter.became())
    time.sleep(0.5)  # a second one would have gone by now
    assert one_letter.became() == ["Due", "Uncertain"]
    assert len(mail_server.taken) == taken


@pytest.mark.parametrize("step", SURELY_SENT)
def test_killed_after_it_was_taken_it_is_recorded_and_not_sent_again(
    one_letter: Desk, mail_server: MailServer, start: Start, step: str
):
    assert ended(start(step)) == -signal.SIGKILL
    assert (one_letter.became() == ["Due"]) is (
        step not in ("after commit:2", "after sent is stored")
    )
    start()
    until(lambda: "Sent" in one_letter.became())
    assert one_letter.became() == ["Due", "Sent"]
    assert len(mail_server.taken) == 1


@pytest.fixture
def three_reminders(desk: Desk, mail_server: MailServer) -> Desk:
    """Three reminders to one person are due, and not gathered yet."""
    for number in (1, 2, 3):
        drafted(desk.office, number)
    desk.round()
    mail_server.taken.clear()
    desk.office.begin_days()
    desk.office.live_until(date(2026, 6, 5))
    Outbox(desk.office.store, None).take_up()
    return desk


@pytest.mark.parametrize(
    "step",
    [
        *("before commit", "after commit", "before handing over", "before sent is stored"),
        *("before commit:2", "after commit:2", "before commit:3", "after commit:4"),
    ],
)
def test_killed_at_any_step_a_digest_is_sent_once_and_recorded_of_each_letter(
    three_reminders: Desk, mail_server: MailServer, start: Start, step: str
):
    """The first commit gathers, the next three record that each letter was sent."""
    assert ended(start(step)) == -signal.SIGKILL
    start()
    until(lambda: three_reminders.became()[6:].count("Sent") == 3)
    assert three_reminders.became()[9:] == ["Gathered"] * 3 + ["Sent"] * 3
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("step", NOBODY_KNOWS)
def test_killed_around_the_dot_nobody_knows_of_any_letter_of_the_digest(
    three_reminders: Desk, mail_server: MailServer, start: Start, step: str
):
    assert ended(start(step)) == -signal.SIGKILL
    taken = 0 if step == "before the dot" else 1
    until(lambda: len(mail_server.taken) == taken)
    start()
    until(lambda: three_reminders.became().count("Uncertain") == 3)
    time.sleep(0.5)  # a second one would have gone by now
    assert three_reminders.became()[9:] == ["Gathered"] * 3 + ["Uncertain"] * 3
    assert len(mail_server.taken) == taken


def test_killed_before_a_failure_is_stored_the_pause_holds(
    one_letter: Desk, mail_server: MailServer, start: Start
):
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}
    assert ended(start("before a failure is stored")) == -signal.SIGKILL
    start()
    time.sleep(2.0)
    assert one_letter.became() == ["Due"]
    assert one_letter.ledger() == ["refused 451"]


def test_two_senders_send_each_letter_once(desk: Desk, mail_server: MailServer, start: Start):
    for number in range(1, 31):
        drafted(desk.office, number)
    start()
    start()
    until(lambda: desk.became().count("Sent") == 30)
    assert len({each["Message-ID"] for each in mail_server.mails()}) == 30
    assert len(mail_server.taken) == 30


def test_when_one_dies_the_other_goes_on(desk: Desk, mail_server: MailServer, start: Start):
    drafted(desk.office)
    first = start()
    until(lambda: "Sent" in desk.became())
    start()
    first.kill()
    drafted(desk.office, 2)
    until(lambda: desk.became().count("Sent") == 2)
    assert len(mail_server.taken) == 2


def test_sigterm_lets_the_letter_at_hand_through(
    one_letter: Desk, mail_server: MailServer, start: Start
):
    mail_server.behaviour.slow = 1.0
    sender = start()
    until(lambda: len(mail_server.taken) == 1)
    sender.terminate()
    assert ended(sender) == 0
    assert one_letter.became() == ["Due", "Sent"]


def test_it_ends_in_seconds_when_the_mail_server_is_away(
    one_letter: Desk, mail_server: MailServer, start: Start
):
    mail_server.stop()
    sender = start()
    until(lambda: "Deferred" in one_letter.became())
    asked = time.monotonic()
    sender.terminate()
    assert ended(sender) == 0
    assert time.monotonic() - asked < 5


def test_what_it_logs_names_nobody(
    one_letter: Desk, mail_server: MailServer, start: Start, tmp_path: Path
):
    mail_server.behaviour.answers = {"RCPT": ["550 referente.prova@rete.example unknown"]}
    sender = start()
    until(lambda: "GivenUp" in one_letter.became())
    sender.terminate()
    ended(sender)
    logged = (tmp_path / "log-0.jsonl").read_text()
    assert "550" in logged
    assert "prova" not in logged.replace(str(tmp_path), "")


@pytest.mark.parametrize("name", ["MAIL_FROM", "MAIL_LEDGER", "SMTP_HOST"])
def test_a_missing_setting_stops_it_by_name(start: Start, tmp_path: Path, name: str):
    assert ended(start("", **{name: ""})) == 2
    assert (tmp_path / "log-0.jsonl").read_text() == f"{name} is not set\n"


def test_a_rebuilt_view_sends_nothing_again(
    one_letter: Desk, mail_server: MailServer, start: Start
):
    sender = start()
    until(lambda: "Sent" in one_letter.became())
    sender.terminate()
    ended(sender)
    _rebuild(one_letter.office)
    start()
    time.sleep(2.0)
    assert one_letter.became() == ["Due", "Sent"]
    assert len(mail_server.taken) == 1


def _rebuild(office: Office) -> None:
    from services.kernel.database import Database
    from services.kernel.views import rebuild
    from services.notify.views import VIEWS

    database = Database.of_owner(office.urls[0])
    for view in VIEWS:
        rebuild(view, database, lambda position: None)
    database.dispose()


def test_its_metrics_tell_what_is_to_be_sent_and_what_waits(
    one_letter: Desk, mail_server: MailServer, start: Start
):
    """Two letters: the first one is given up, the other one's server is away."""
    mail_server.behaviour.answers["RCPT"] = ["550 nobody of that name"]
    (port,) = free_ports(1)
    start(HEALTH_PORT=str(port))
    until(lambda: "GivenUp" in one_letter.became())
    mail_server.stop()
    drafted(one_letter.office, 2)
    until(lambda: "Deferred" in one_letter.became())
    with urlopen(f"http://127.0.0.1:{port}/metrics", timeout=20) as answer:
        metrics = answer.read().decode().splitlines()
    assert "comunita_letters_given_up 1.0" in metrics
    assert "comunita_letters_deferred 1.0" in metrics
    assert "comunita_letters_uncertain 0.0" in metrics
