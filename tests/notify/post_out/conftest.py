"""Notify of the lead, persons with addresses, a mail server, and the sender's work by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.kernel.ids import stream_id
from services.notify.post_out.ledger import Ledger
from services.notify.post_out.relay import Relay
from services.notify.post_out.sending import Sender
from services.notify.post_out.settings import MailSettings, Security
from tests.notify.post_out.mail_server import Certificates, MailServer, new_certificates
from tests.review.moments import CASE_1, MANAGER, MICROEQUIPE
from tests.review.office import Office, _part

OURS = "LEAD-7K3M9Q-8"
PACT = stream_id("pact", OURS, 1)
ADDRESSES = {
    MICROEQUIPE: "referente.prova@rete.example",
    MANAGER: "responsabile.prova@rete.example",
    CASE_1: "case.prova@rete.example",
}
REAL = datetime(2026, 11, 22, 8, tzinfo=UTC)
"""Real time when a test begins; the programme lives in June."""

SENT = "notify.LetterSent"


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """Takes everything, in the clear."""
    server = MailServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return new_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def settings(mail_server: MailServer, tmp_path: Path) -> MailSettings:
    return MailSettings(
        sender="programma@rete.example",
        sender_name="Comunità Energetiche",
        reply_to="proposte@rete.example",
        ledger=tmp_path / "ledger",
        host="127.0.0.1",
        port=mail_server.port,
        security=Security.NONE,
        user=None,
        password=None,
        ca_file=None,
        timeout=5.0,
        portal="https://portale.rete.example",
        since=None,
    )


@dataclass
class Desk:
    """The sender's work by hand: one round at a time, in a real time that the test says."""

    office: Office
    settings: MailSettings
    real: datetime = REAL
    problems: list[Exception] = field(default_factory=list)

    def round(self, **changed: Any) -> None:
        """What a sender that has just started does in one round."""
        settings = replace(self.settings, **changed)
        sender = Sender(self.office.store, settings, 0.1, now=lambda: self.real)
        relay = Relay(settings)
        with sender.ledger() as ledger:
            try:
                sender.one_round(ledger, relay)
            except Exception as problem:  # kept for who asks
                self.problems.append(problem)
            finally:
                relay.leave()

    def after(self, **time: float) -> "Desk":
        """The same, later in real time."""
        self.real += timedelta(**time)
        return self

    def ledger(self) -> list[str]:
        """Word and code of each line."""
        lines = [line.split(" ") for line in self.settings.ledger.read_text().splitlines()]
        return [" ".join((line[1], *line[3:])) for line in lines]

    def became(self) -> list[str]:
        """What became of the letters, in order: topics without their service."""
        return [
            topic.removeprefix("notify.Letter")
            for topic, _ in self.office.facts()
            if topic.startswith("notify.Letter")
        ]


@pytest.fixture
def desk(lead: Office, settings: MailSettings) -> Desk:
    """Notify of the lead, nobody told anything yet; three persons with roles and addresses."""
    for number, (who, address) in enumerate(ADDRESSES.items(), start=1):
        know_address(lead, who, address, number)
    role_of(lead, MANAGER, "project_manager")
    role_of(lead, CASE_1, "case_manager")
    return Desk(lead, settings)


@pytest.fixture
def one_letter(desk: Desk) -> Desk:
    """The lead of a microequipe is to be told that the pact is drafted."""
    drafted(desk.office)
    return desk


def know_address(office: Office, who: UUID, address: str, number: int) -> None:
    ref = str(UUID(int=number))
    told = {"ref": ref, "commitment": _part(ref, address, None)["commitment"]}
    body = {"person": str(who), "kind": "mail", "address": told}
    office.hear("people/address_recorded.v1", body, office.organisation, parts={ref: address})


def role_of(office: Office, who: UUID, role: str) -> None:
    told = {"person": str(who), "role": role, "organisation": office.organisation, "body": None}
    told |= {"from": "2026-01-01", "until": None}
    office.hear("people/role_assigned.v1", told, office.organisation)


def drafted(office: Office, number: int = 1) -> UUID:
    pact = stream_id("pact", OURS, number)
    body = {"pact": str(pact), "family": OURS, "lead": str(MICROEQUIPE), "on": "2026-06-01"}
    return office.hear("pacts/pact_drafted.v1", body)


def docket(office: Office) -> UUID:
    proposals = [str(stream_id("proposal", PACT, 1))]
    body = {"cycle": "2026-07", "proposals": proposals, "decide_by": "2026-07-20"}
    return office.hear("review/docket_set.v1", body | {"on": "2026-07-01"})


NewLedger = Callable[[], Ledger]
