"""PEC: only what the provider signed counts; receipts are recorded and never a proposal."""

import subprocess
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from services.notify.mail import Aside, Doubt
from services.notify.post_in.found import Asked, Found, Kind
from services.notify.post_in.pec import EARLIEST, LATEST, RECEIPTS
from services.notify.post_in.sorting import sort
from tests.notify.post_in import places
from tests.notify.post_in.papers import DEDICATED, STRANGER, form, mail
from tests.review.moments import person
from tests.review.office import Office

SENDER = "centro.prova@pec.example"
ACCEPTED = datetime(2026, 6, 10, 21, 58, 41, tzinfo=UTC)
ARRIVED = datetime(2026, 6, 11, 4, 30, tzinfo=UTC)
DATICERT = """<?xml version="1.0" encoding="UTF-8"?>
<postacert tipo="{kind}" errore="nessuno"><intestazione><mittente>{sender}</mittente>
<destinatari tipo="certificato">{to}</destinatari><risposte>{sender}</risposte>
<oggetto>Proposta</oggetto></intestazione><dati><gestore-emittente>GESTORE PROVA</gestore-emittente>
<data zona="+0200"><giorno>{day}</giorno><ora>{hour}</ora></data>
<identificativo>opec1.1@pec.example</identificativo><msgid>&lt;abc@pec.example&gt;</msgid>
<ricevuta tipo="completa"/></dati></postacert>"""


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A provider with a certificate that is its own authority, and another one."""
    folder = tmp_path_factory.mktemp("pec")
    for name in ("gestore", "altro"):
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-keyout", folder / f"{name}.key", "-out", folder / f"{name}.pem"),
                *("-subj", f"/CN={name}/emailAddress=posta-certificata@pec.example"),
            ],
            check=True,
            capture_output=True,
        )
    return folder


def daticert(at: datetime = ACCEPTED, **words: str) -> bytes:
    local = at + timedelta(hours=2)
    told = {"kind": "posta-certificata", "sender": SENDER, "to": DEDICATED}
    told |= {"day": f"{local:%d/%m/%Y}", "hour": f"{local:%H:%M:%S}"} | words
    return DATICERT.format(**told).encode()


def envelope(
    provider: Path, inner: bytes, certificate: bytes, by: str = "gestore", **headers: str
) -> bytes:
    """A PEC envelope around *inner*, signed by the provider *by*."""
    content = EmailMessage(policy=SMTP)
    content.set_content("Messaggio di posta certificata\n")
    content.make_mixed()
    carried = EmailMessage(policy=SMTP)
    carried.set_content(message_from_bytes(inner, policy=SMTP))
    carried.replace_header("Content-Type", 'message/rfc822; name="postacert.eml"')
    content.attach(carried)
    told = EmailMessage(policy=SMTP)
    told.set_content(certificate, maintype="application", subtype="xml", filename="daticert.xml")
    content.attach(told)
    signed = subprocess.run(
        [
            *("openssl", "smime", "-sign"),
            *("-signer", provider / f"{by}.pem", "-inkey", provider / f"{by}.key"),
        ],
        input=content.as_bytes(),
        check=True,
        capture_output=True,
    ).stdout.replace(b"\r\n", b"\n")
    outside = {
        "X-Trasporto": "posta-certificata",
        "X-Riferimento-Message-ID": "<abc@pec.example>",
        "From": f'"Per conto di: {SENDER}" <posta-certificata@pec.example>',
        "Reply-To": SENDER,
        "To": DEDICATED,
        "Subject": "POSTA CERTIFICATA: Proposta",
        "Message-ID": "<opec1.1@pec.example>",
        **headers,
    }
    head = "".join(f"{name}: {value}\n" for name, value in outside.items()).encode()
    return (head + signed).replace(b"\n", b"\r\n")


def found(provider: Path, raw: bytes, at: datetime = ARRIVED) -> Found:
    return sort(raw, Asked([DEDICATED], None, None, str(provider / "gestore.pem"), at))


INNER = mail(form(), sender=SENDER)


def test_a_verified_envelope_says_who_sent_it_and_when_it_was_accepted(provider: Path):
    told = found(provider, envelope(provider, INNER, daticert()))
    assert (told.kind, told.sender, told.accepted_at) == (Kind.FORM, SENDER, ACCEPTED)
    assert (told.authentic, told.claimed) == ("pass", False)


BOMB = b'<!DOCTYPE a [<!ENTITY a "aa">]><postacert tipo="posta-certificata">&a;</postacert>'
DOUBTFUL = {
    "altered": lambda p: envelope(p, INNER, daticert()).replace(b"Messaggio di", b"Messaggio  di"),
    "signed by another": lambda p: envelope(p, INNER, daticert(), by="altro"),
    "not signed": lambda p: b"X-Trasporto: posta-certificata\r\n" + INNER,
    "sent to another": lambda p: envelope(p, INNER, daticert(to="altri@rete.example")),
    "of another kind": lambda p: envelope(p, INNER, daticert(kind="avvenuta-consegna")),
    "no certificate": lambda p: envelope(p, INNER, b"<postacert"),
    "a bomb": lambda p: envelope(
        p,
        INNER,
        b'<!DOCTYPE a [<!ENTITY a "aa">]><postacert tipo="posta-certificata">&a;</postacert>',
    ),
    "too long": lambda p: envelope(p, INNER, daticert() + b" " * 200_000),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_what_is_not_verified_is_only_noted(provider: Path, name: str):
    told = found(provider, DOUBTFUL[name](provider))
    assert told.accepted_at is None
    assert told.authentic == "none"
    assert told.claimed or told.why == Doubt.UNREADABLE


def test_without_authorities_nothing_is_verified(provider: Path):
    told = sort(
        envelope(provider, INNER, daticert()), Asked([DEDICATED], None, None, None, ARRIVED)
    )
    assert (told.kind, told.sender, told.accepted_at, told.claimed) == (
        Kind.FORM,
        SENDER,
        None,
        True,
    )


@pytest.mark.parametrize("first", [True, False])
def test_parts_around_the_signed_content_do_not_count(provider: Path, first: bool):
    """Two Content-Type headers: one reader sees what was signed, another one something else."""
    honest = envelope(provider, INNER, daticert())
    told = daticert(at=ACCEPTED - timedelta(days=2))
    other = b'Content-Type: multipart/mixed; boundary="x"\r\n'
    wrapped = honest.replace(
        b"This is an S/MIME signed message",
        b"--x\r\nContent-Type: message/rfc822; name=postacert.eml\r\n\r\n"
        + INNER
        + b"\r\n--x\r\nContent-Disposition: attachment; filename=daticert.xml\r\n\r\n"
        + told
        + b"\r\n--x--\r\n",
    )
    if first:
        wrapped = other + wrapped
    else:
        wrapped = wrapped.replace(b"\r\n\r\n", b"\r\n" + other + b"\r\n", 1)
    assert found(provider, wrapped).accepted_at in (None, ACCEPTED)


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("accepted", "counts"),
    [
        (ARRIVED - EARLIEST - SECOND, False),
        (ARRIVED - EARLIEST, True),
        (ARRIVED - EARLIEST + SECOND, True),
        (ARRIVED + LATEST - SECOND, True),
        (ARRIVED + LATEST, True),
        (ARRIVED + LATEST + SECOND, False),
    ],
)
def test_an_acceptance_counts_within_bounds(provider: Path, accepted: datetime, counts: bool):
    told = found(provider, envelope(provider, INNER, daticert(at=accepted)))
    assert told.accepted_at == (accepted if counts else None)
    assert told.sender == SENDER


def test_a_mail_that_names_another_sender_inside_is_not_authentic(provider: Path):
    told = found(provider, envelope(provider, mail(form(), sender=STRANGER), daticert()))
    assert (told.sender, told.authentic) == (SENDER, "fail")


@pytest.mark.parametrize("receipt", [*sorted(RECEIPTS), "mai-sentita"])
def test_a_receipt_is_recorded_even_with_a_form_inside(provider: Path, receipt: str):
    raw = envelope(provider, INNER, daticert(kind=receipt), **{"X-Ricevuta": receipt})
    raw = raw.replace(b"X-Trasporto: posta-certificata\r\n", b"")
    told = found(provider, raw)
    code = receipt if receipt in RECEIPTS else "unknown"
    assert (told.kind, told.why, told.code) == (Kind.ASIDE, Aside.PEC_RECEIPT, code)


def test_ordinary_mail_that_reached_a_pec_box_is_ordinary_mail(provider: Path):
    raw = envelope(provider, INNER, daticert(), **{"X-Trasporto": "errore"})
    told = found(provider, raw)
    assert (told.kind, told.accepted_at, told.claimed) == (Kind.FORM, None, True)


def test_the_providers_acceptance_is_the_instant_that_counts(lead: Office, provider: Path):
    """Accepted at 23:58 of the 10th, read from the mailbox on the 11th."""
    places.know(lead, person(3), SENDER)
    lead.clock.at = ARRIVED
    places.received(lead, envelope(provider, INNER, daticert()))
    places.sort_all(lead, places.settings(authorities=str(provider / "gestore.pem")))
    [(contract, body)] = lead.told("lead")
    assert contract == "notify/form_received.v1"
    assert body["sent_at"] == "2026-06-10T21:58:41Z"
    assert body["received_at"] == "2026-06-11T04:30:00Z"
    assert body["sender"] == str(person(3))
