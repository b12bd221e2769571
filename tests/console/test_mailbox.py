"""``comunita mailbox``: what came and what became of it, asked of a running notify."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from uuid import UUID

import pytest

from services.console.installation import Member
from services.console.private_broker import PrivateBroker
from services.notify.mail import Route
from services.notify.post_in.reading import Readers
from services.notify.post_in.receiving import take
from services.notify.post_in.sorter import Sorter
from tests.faults.running import Running
from tests.faults.scene import scene, sqlite_in
from tests.notify.post_in import papers, places

pytestmark = [pytest.mark.slow, pytest.mark.broker, pytest.mark.mail]

OPERATOR = "00000000-0000-4000-8000-0000000000ad"
MAILS = (
    papers.mail(Auto_Submitted="auto-replied", message_id="<1@x>"),
    papers.mail(papers.form(), sender=papers.STRANGER, message_id="<2@x>"),
    papers.mail(sender=papers.STRANGER, subject="Richiesta", message_id="<3@x>"),
)


@pytest.fixture(scope="module")
def lead(tmp_path_factory: pytest.TempPathFactory, broker: PrivateBroker) -> Iterator[Member]:
    """Its notify runs; three mails came, two of them wait."""
    folder = tmp_path_factory.mktemp("mailbox")
    services = {"lead": ("notify",), "partner": ("notify",)}
    with scene(folder, broker, sqlite_in(folder), services) as made:
        with made.stores() as stores:
            store, readers = stores["lead", "notify"], Readers()
            for raw in MAILS:
                take(store, raw, Route.SMTP, store.clock.now())
            Sorter(store, places.settings(), readers).sort_all()
            readers.close()
        serving = Running(made.members["lead"], "notify", "serve", folder).start()
        try:
            serving.wait_ready()
            yield made.members["lead"]
        finally:
            serving.stop()


def mailbox(
    lead: Member, *words: str, operator: str = OPERATOR
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.console", "mailbox", *words, "--operator", operator],
        capture_output=True,
        text=True,
        timeout=120,
        env={
            **lead.env,
            "SERVICES": "notify",
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        },
    )


def rows(table: str) -> list[list[str]]:
    """The cells of each mail, whose lines are one below the other."""
    found: list[list[str]] = []
    for line in table.splitlines()[3:]:
        cells = [cell.strip() for cell in line.split("│")]
        if len(cells) == 5 and cells[1]:
            found.append(cells)
        elif len(cells) == 5:
            found[-1] = [" ".join(pair).strip() for pair in zip(found[-1], cells, strict=True)]
    return found


def test_the_table_shows_what_came_and_what_became_of_it(lead: Member) -> None:
    done = mailbox(lead)
    assert done.returncode == 0, done.stderr
    assert "Indirizzo dedicato: 2 da guardare" in done.stdout
    newest, form, automatic = rows(done.stdout)
    assert newest[0] == "02/03/2026 09:00:00 smtp"
    assert UUID(newest[1])
    assert newest[2:] == ["da guardare: nessun modulo allegato", "–", "–"]
    assert form[2] == "da guardare: mittente non conosciuto"
    assert form[3].replace(" ", "") == papers.REFERENCE
    assert automatic[2] == "registrata, senza risposta: risposta automatica"
    assert "@" not in done.stdout


def test_only_what_waits_is_asked_for_and_given_as_json(lead: Member) -> None:
    answer = json.loads(mailbox(lead, "--waiting", "--json").stdout)
    assert [each["standing"] for each in answer["mails"]] == ["waiting", "waiting"]
    assert [each["answered"] for each in answer["mails"]] == [False, False]
    assert len(json.loads(mailbox(lead, "--most", "1", "--json").stdout)["mails"]) == 1


def test_one_mail_is_looked_at_by_name(lead: Member) -> None:
    [newest, _] = json.loads(mailbox(lead, "--waiting", "--json").stdout)["mails"]
    head = json.loads(mailbox(lead, newest["mail"]).stdout)["head"]
    assert (head["from"], head["subject"]) == (papers.STRANGER, "Richiesta")


def test_what_is_wrong_is_one_clear_line(lead: Member) -> None:
    done = mailbox(lead, "00000000-0000-4000-8000-000000000000")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("comunita: refused: ")
