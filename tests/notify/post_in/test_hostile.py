"""The table of hostile mail: the real bytes over real SMTP, the real child, one outcome each.

The rows of this table are those of the README; a test compares the two.
"""

import io
import re
import smtplib
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest

from services.notify.post_in import smtp
from tests.notify.post_in import papers, places
from tests.notify.post_in.papers import LEAD_MEMBER, STRANGER, form, mail
from tests.review.office import Office

pytestmark = pytest.mark.mail

README = Path(smtp.__file__).with_name("README.md")


@dataclass(frozen=True)
class Row:
    """One row: what comes, and what becomes of it.

    Attributes:
        outcome: fact, reason and code; or the answer of the endpoint, and nothing is kept.
    """

    make: Callable[[], bytes]
    outcome: tuple[str, str | None, str | None] | int
    sender: str = LEAD_MEMBER


def left(why: str, code: str | None = None) -> tuple[str, str | None, str | None]:
    return ("MailLeftToAPerson", why, code)


TAKEN = ("FormReceived", None, None)


def zip_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("modulo.pdf", b"\0" * (100 << 20))
    return out.getvalue()


XML_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY a%d "&a;&a;&a;&a;&a;&a;">' % n for n in range(30))
    + b"]><postacert>&a29;</postacert>"
)


def pec_with(daticert: bytes) -> bytes:
    from email.message import EmailMessage
    from email.policy import SMTP

    made = EmailMessage(policy=SMTP)
    made["X-Trasporto"] = "posta-certificata"
    made["From"] = "posta-certificata@pec.example"
    made["Message-ID"] = "<opec@pec.example>"
    made.set_content("busta\n")
    made.add_attachment(daticert, maintype="application", subtype="xml", filename="daticert.xml")
    return made.as_bytes()


HOSTILE = {
    "25 MB": Row(lambda: papers.sized(25 << 20, form()), TAKEN),
    "more than 30 MB": Row(lambda: papers.sized((30 << 20) + 1), 552),
    "a million and one lines": Row(lambda: mail() + b"\r\n" * 1_000_001, 554),
    "a line without end": Row(lambda: mail() + b"x" * 70_000 + b"\r\n", 554),
    "200,000 parts": Row(lambda: papers.many_parts(200_000), left("too_much", "boundaries")),
    "nested 1,000 deep": Row(lambda: papers.nested(1_000), left("too_much", "boundaries")),
    "mails in mails 1,000 deep": Row(
        lambda: papers.nested_messages(1_000), left("too_much", "messages_in_messages")
    ),
    "20,000 addresses": Row(lambda: papers.many_addresses(20_000), left("too_much", "headers")),
    "20,000 encoded words": Row(
        lambda: papers.many_encoded_words(20_000), left("too_much", "headers")
    ),
    "3,000 encoded words": Row(
        lambda: papers.many_encoded_words(3_000), left("too_much", "encoded_words")
    ),
    "zip bomb": Row(lambda: mail(zip_bomb()), left("no_form", "zip")),
    "xml bomb": Row(lambda: pec_with(XML_BOMB), left("unreadable", "pec_without_mail")),
    "wrong charsets": Row(
        lambda: (
            mail(form())
            .replace(b'charset="utf-8"', b'charset="x-nessuno"')
            .replace(b"Proposta di patto", b"=?x-nessuno?q?=FF?=")
        ),
        TAKEN,
    ),
    "empty file": Row(lambda: mail(b""), left("form_unreadable", "empty")),
    "encrypted form": Row(
        lambda: mail(form(encryption=pikepdf.Encryption(user="segreto", owner="altro"))),
        left("form_unreadable", "encrypted"),
    ),
    "truncated form": Row(lambda: mail(form()[:700]), left("form_unreadable", "broken")),
    "cyclic form": Row(lambda: mail(form(more=papers.add_fields(papers.cyclic))), TAKEN),
    "form 3,000 deep": Row(
        lambda: mail(form(more=papers.add_fields(papers.deep(3_000)))),
        left("form_unreadable", "too_deep"),
    ),
    "form with a 300 MB value": Row(
        lambda: mail(form(more=papers.bomb)), left("form_unreadable", "too_much")
    ),
    "JavaScript in the form": Row(lambda: mail(form(more=papers.with_javascript)), TAKEN),
    "60,000 fields": Row(
        lambda: mail(form(more=papers.many(60_000))), left("form_unreadable", "too_many_fields")
    ),
    "a form of another organisation": Row(lambda: mail(form(papers.PARTNERS)), TAKEN),
    "a form of an unknown organisation": Row(
        lambda: mail(form("ovest/OVEST-7K3M9Q-8/1/1")), left("unknown_organisation")
    ),
    "an edited reference": Row(
        lambda: mail(form("Mario Rossi, via Roma 1")), left("reference_unreadable")
    ),
    "an unknown sender": Row(lambda: mail(form(), sender=STRANGER), left("unknown_sender")),
    "two senders": Row(lambda: b"From: altro@c.example\r\n" + mail(form()), left("unknown_sender")),
    "a spoofed sender": Row(
        lambda: b"Authentication-Results: mx.rete.example; dmarc=fail\r\n" + mail(form()),
        left("not_authentic"),
    ),
    "two forms in one mail": Row(
        lambda: mail(form(), form("lead/LEAD-7K3M9Q-8/1/2")), left("several_forms")
    ),
    "our own address": Row(
        lambda: mail(sender=papers.DEDICATED), ("MailSetAside", "own_address", None)
    ),
    "a bounce": Row(lambda: mail(), ("MailSetAside", "bounce", None), sender=""),
    "an automatic reply": Row(
        lambda: mail(Auto_Submitted="auto-replied"), ("MailSetAside", "auto_reply", None)
    ),
    "list mail": Row(lambda: mail(List_Id="<lista>"), ("MailSetAside", "list", None)),
    "nothing at all": Row(lambda: b"\r\n", left("no_form")),
    "noise": Row(lambda: bytes(range(256)) * 100, left("no_form")),
}


@pytest.fixture
def office(lead: Office) -> Office:
    places.know(lead)
    return lead


def sent(post, raw: bytes, sender: str = LEAD_MEMBER) -> int:
    """The answer to *raw*."""
    raw = re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
    with smtplib.SMTP(*post.smtp, timeout=120) as client:
        client.ehlo()
        client.mail(sender)
        client.rcpt(papers.DEDICATED)
        code, _ = client.data(raw)
        return code


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_mail_has_its_outcome(office: Office, name: str):
    row = HOSTILE[name]
    post = places.settings(authserv="mx.rete.example")
    with places.endpoint(office, post):
        began = time.monotonic()
        code = sent(post, row.make(), row.sender)
        answered = time.monotonic() - began
    if isinstance(row.outcome, int):
        assert code == row.outcome
        assert places.kept(office) == 0
        assert places.in_vault(office) == []
        return
    assert code == 250
    assert places.sort_all(office, post) == 1
    took = time.monotonic() - began - answered
    print(f"{name}: answered in {answered:.2f} s, sorted in {took:.2f} s")
    assert places.became(office) == [row.outcome]
    assert took < 60
    form_kept = row.outcome == TAKEN or row.outcome[1] in (
        "unknown_organisation",
        "unknown_sender",
        "not_authentic",
    )
    head = [] if row.outcome[0] == "MailSetAside" else ["mail_head"]
    assert places.in_vault(office) == ["form"] * form_kept + ["mail"] + head
    assert [name for name, _ in office.told("lead")] + [
        name for name, _ in office.told("nord")
    ] == ["notify/form_received.v1"] * (row.outcome == TAKEN)


def test_the_table_is_that_of_the_readme():
    """Case and outcome, row by row, in this order."""
    text = README.read_text(encoding="utf-8").split("## Hostile mail")[1].split("\n\n")[2]
    cells = [[cell.strip() for cell in row.split("|")[1:3]] for row in text.splitlines()[2:]]
    assert [case for case, _ in cells] == list(HOSTILE)
    for (_, told), row in zip(cells, HOSTILE.values(), strict=True):
        if isinstance(row.outcome, int):
            assert told == str(row.outcome)
            continue
        fact, why, code = row.outcome
        begins = {"FormReceived": "form received", "MailSetAside": "set aside:"}.get(fact, "waits:")
        assert told.startswith(begins)
        assert not why or " ".join(filter(None, (why, code))) in told


def test_nothing_personal_stands_in_a_fact(office: Office):
    post = places.settings()
    for row in (HOSTILE["an edited reference"], HOSTILE["an unknown sender"], HOSTILE["zip bomb"]):
        places.received(office, row.make())
    places.sort_all(office, post)
    stored = str(office.facts())
    for personal in ("Mario", "Roma", "sconosciuto", "assistente", "signora"):
        assert personal not in stored
