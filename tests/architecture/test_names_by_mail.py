"""A person writes names into a form and a mail: they stay in the vault, and nowhere else.

From the form that pacts makes to the letter that answers, through the services of two
organisations. ``provider`` is left alone: it is the code of a body, which the facts hold in clear.
"""

import base64
import io
import json
import logging
from base64 import b64decode
from collections.abc import Iterator
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pikepdf
import pytest
from pypdf import PdfReader
from sqlalchemy import MetaData, select

from services.kernel.actor import Actor
from services.kernel.database import Database
from services.kernel.deciding import Deciding, Occasion
from services.kernel.ids import stream_id
from services.kernel.logs import JsonLines
from services.kernel.sealed import Sealed
from services.kernel.tables import vault
from services.notify.post_out.settings import MailSettings
from services.pacts.pact import pact_id
from tests.architecture.season import LEAD, OPERATOR, SOCIAL_WORKER, admit, at
from tests.demo.telling import invented
from tests.intake.test_service import SAMPLES
from tests.notify.post_in import papers, places
from tests.notify.post_in.papers import DEDICATED, STRANGER
from tests.notify.post_out.conftest import Desk
from tests.notify.post_out.mail_server import MailServer
from tests.pacts.form.filled import filled
from tests.review import house as houses
from tests.review.house import House
from tests.review.moments import MANAGER, person
from tests.review.office import Office

pytestmark = [pytest.mark.slow, pytest.mark.mail]

WORDS = ("Zeffirina", "Provatutti", "Nicolò Šarić")
NAME = " ".join(WORDS)
SENDER = "zeffirina.provatutti@rete.example"
TEXTS = ("_goal", "_result", "_description")
"""Ends of the names of the fields that take text."""


def written() -> list[bytes]:
    """The invented words as they could stand in a row, a file or a message."""
    found = set()
    for word in WORDS:
        plain = [word, word.lower(), word.upper(), word.lower().replace(" ", "-")]
        plain += [json.dumps(each)[1:-1] for each in plain]
        for each in plain:
            found |= {each.encode(how, "ignore") for how in ("utf-8", "latin-1", "utf-16-be")}
        found |= {word.encode().hex().encode()}
        padded = [base64.b64encode(b"." * shift + word.encode()) for shift in range(3)]
        found |= {each[4:-4] for each in padded}
    return sorted(found)


def named_in(content: object) -> list[bytes]:
    """Which of the invented words stand in *content*."""
    told = content if isinstance(content, bytes) else str(content).encode()
    return [each for each in written() if each in told]


class Overheard:
    """Everything that leaves the databases: messages between services, log lines, letters."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
        self.messages: list[bytes] = []
        self.letters: list[EmailMessage] = []
        self._lines = caplog
        real = houses.hear

        def hear(hearer: Any, messages: list[bytes]) -> None:
            self.messages += messages
            real(hearer, messages)

        monkeypatch.setattr(houses, "hear", hear)
        caplog.set_level(logging.INFO)
        monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)  # the other side's

    @property
    def lines(self) -> list[str]:
        """The log as the processes write it."""
        return list(map(JsonLines(organisation="lead").format, self._lines.records))


@pytest.fixture
def overheard(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Overheard:
    return Overheard(monkeypatch, caplog)


@pytest.fixture
def server() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.stop()


def reachable(house: House) -> None:
    """Who sends the form, and who looks after the mailbox, have addresses."""
    registrar = at("lead", person(42), "administrator")
    register = {"person": str(SOCIAL_WORKER), "display_name": NAME}
    house.ask("nord/people", "register_person", OPERATOR, **register)
    role = {"person": str(SOCIAL_WORKER), "role": "microequipe_lead", "since": "2026-01-01"}
    house.ask("nord/people", "assign_role", OPERATOR, **role)
    for place, who, actor, address in (
        ("nord/people", SOCIAL_WORKER, OPERATOR, SENDER),
        ("lead/people", MANAGER, registrar, "responsabile@rete.example"),
    ):
        words = {"person": str(who), "kind": "mail", "address": address}
        house.ask(place, "record_address", actor, **words)
    house.carry()


def filled_in(form: bytes, values: dict[str, str]) -> bytes:
    """*form* with *values* in its fields."""
    with pikepdf.open(io.BytesIO(form)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if (value := values.get(str(field.T))) is not None:
                tick = value.startswith("/")
                field.V = pikepdf.Name(value) if tick else pikepdf.String(value)
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


def mailed(number: int, attached: bytes, sender: str = SENDER) -> bytes:
    """A mail that names somebody wherever a mail can."""
    made = EmailMessage(policy=policy.SMTP)
    made["From"] = f'"{NAME}" <{sender}>'
    made["To"] = DEDICATED
    made["Subject"] = f"Proposta per {NAME}"
    made["Message-ID"] = f"<{number}.zeffirina@rete.example>"
    made.set_content(f"Buongiorno, sono {NAME}.\n")
    made.add_attachment(attached, maintype="application", subtype="pdf", filename=f"{NAME}.pdf")
    return made.as_bytes()


def names_everywhere(form: bytes) -> dict[str, str]:
    """A name in every field that a person can fill, whatever it takes."""
    fields = PdfReader(io.BytesIO(form)).get_fields() or {}
    return {name: NAME for name in fields if not name.startswith("_")}


def names_in_texts() -> dict[str, str]:
    """A form in order, with a name in every field that takes text."""
    values = filled(starts="01/06/2026")
    named = {
        name: f"{NAME}: {value}" if name.endswith(TEXTS) else value
        for name, value in values.items()
    }
    chosen = {name: str(SOCIAL_WORKER) for name in named if name.endswith("_responsible")}
    return named | chosen


def stored(house: House) -> dict[str, bytes]:
    """Every row of every table of everybody, by place and table, ciphertexts too."""
    found = {}
    for (organisation, service), office in house.offices.items():
        tables, database = MetaData(), Database.of_owner(office.urls[0])
        with database.reading() as connection:
            tables.reflect(connection)
            for table in tables.sorted_tables:
                cells = [cell for row in connection.execute(select(table)) for cell in row]
                told = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells]
                found[f"{organisation}/{service}/{table.name}"] = b"\n".join(told)
        database.dispose()
    return found


def opened(office: Office, *kinds: str) -> bytes:
    """What the vault of *office* holds of these *kinds*."""
    with office.store.database.reading() as connection:
        refs = connection.execute(select(vault).where(vault.c.kind.in_(kinds))).all()
    by = Actor.of_service(office.organisation, office.service)
    occasion = Occasion(stream_id("test"), "test", "test", by)

    def read(reading: Deciding) -> bytes:
        texts = []
        for row in refs:
            sealed = Sealed(row.ref, "")
            bulk = row.kind == "mail"
            texts.append(reading.open_bytes(sealed) if bulk else reading.open(sealed).encode())
        return b"\n".join(texts)

    return office.store.ask(occasion, read)


def letters(office: Office, server: MailServer, ledger: Path) -> list[EmailMessage]:
    """What *office* writes to people now, as the mail server gets it."""
    before = len(server.taken)
    settings = {
        "MAIL_FROM": "programma@rete.example",
        "MAIL_LEDGER": str(ledger / f"{office.organisation}.ledger"),
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(server.port),
        "SMTP_SECURITY": "none",
        "PORTAL_URL": "https://portale.rete.example",
    }
    Desk(office, MailSettings.from_env(settings)).round()
    return server.mails()[before:]


def in_letter(letter: EmailMessage) -> str:
    """A letter as people see it, but for the address it goes to."""
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]
    headers = [
        value for name, value in letter.items() if name not in ("To", "In-Reply-To", "References")
    ]
    return "\n".join((*headers, *parts))


def test_names_that_a_person_writes_stay_in_the_vault(
    house: House, overheard: Overheard, server: MailServer, tmp_path: Path
) -> None:
    family = admit(house)
    reachable(house)
    house.on(date(2026, 3, 9))
    post, desk = places.settings(), house.offices["lead", "notify"]
    answer = house.ask("nord/pacts", "form", LEAD, pact_id=str(pact_id(family, 1)))
    form = b64decode(answer["pdf"])

    came: list[UUID] = []
    for raw in (
        mailed(1, filled_in(form, names_everywhere(form))),
        mailed(2, filled_in(form, names_in_texts())),
        mailed(3, papers.form(None, {})),
        mailed(4, filled_in(form, names_in_texts()), sender=STRANGER),
    ):
        came.append(places.received(desk, raw))
        places.sort_all(desk, post)
        house.carry()
    for each in ("lead", "nord"):
        overheard.letters += letters(house.offices[each, "notify"], server, tmp_path)

    facts = house.facts()
    assert [each for each in facts["nord/pacts"] if each.startswith("pacts.Form")] == [
        "pacts.FormRefused",
        "pacts.FormAccepted",
    ]
    assert facts["lead/review"].count("review.ProposalReceived") == 1
    assert {str(letter["Subject"]).partition(":")[0] for letter in overheard.letters} >= {
        f"La proposta va corretta e inviata di nuovo ({family})",
        "Proposta ricevuta",
        "La proposta non è ancora arrivata",
        "Posta da guardare",
    }

    assert {place: named_in(rows) for place, rows in stored(house).items() if named_in(rows)} == {}
    assert [named_in(each) for each in overheard.messages if named_in(each)] == []
    assert [line for line in overheard.lines if named_in(line)] == []
    assert [in_letter(each) for each in overheard.letters if named_in(in_letter(each))] == []

    # who looks sees: the words are there, where they may be, and the search finds them
    assert named_in(opened(desk, "mail"))
    assert named_in(opened(desk, "mail_head"))
    assert named_in(opened(desk, "form"))
    assert named_in(opened(house.offices["nord", "pacts"], "goal", "action", "form"))
    assert named_in(opened(house.offices["lead", "review"], "action"))
    assert family.encode() in stored(house)["lead/notify/events"]
    assert any(family.encode() in each for each in overheard.messages)
    assert any(str(came[0]) in line for line in overheard.lines)
    assert all("Comunità Energetiche" in in_letter(each) for each in overheard.letters)


@pytest.mark.parametrize("how", [str, str.lower, str.upper, lambda word: json.dumps(word)])
@pytest.mark.parametrize("word", WORDS)
def test_the_search_finds_each_word(word: str, how: Any) -> None:
    assert named_in(f"prima {how(word)} dopo")
    assert named_in(f"prima {word} dopo".encode("latin-1", "ignore")) or "Š" in word
    assert named_in(f"prima {word} dopo".encode("utf-16-be"))
    assert named_in(f"prima {word} dopo".encode().hex().encode())
    for shift in range(3):
        assert named_in(base64.b64encode(b"x" * shift + f"prima {word} dopo".encode()))


def test_the_form_names_nobody_of_the_household(house: House) -> None:
    family = admit(house)
    answer = house.ask("nord/pacts", "form", LEAD, pact_id=str(pact_id(family, 1)))
    reader = PdfReader(io.BytesIO(b64decode(answer["pdf"])))
    values = [str(field.get("/V", "")) for field in (reader.get_fields() or {}).values()]
    shown = "\n".join(
        (*(page.extract_text() for page in reader.pages), *values, str(reader.metadata))
    )
    referred = (SAMPLES / "cda.csv").read_text(encoding="utf-8-sig")
    assert [word for word in invented() if word in referred]
    assert family in shown
    assert [word for word in invented() if word in shown] == []
