"""What a mail is by its bytes alone."""

import io
import zipfile

import pytest

from services.notify.mail import Aside, Doubt
from services.notify.post_in.found import Asked, Kind
from services.notify.post_in.sorting import MOST_PDFS, sort
from tests.notify.post_in import papers
from tests.notify.post_in.papers import ARRIVED, DEDICATED, LEAD_MEMBER, STRANGER, form, mail

ASKED = Asked([DEDICATED], None, None, None, ARRIVED)
NOTICE = "6f1c0d0e-0000-5000-8000-000000000007"
PLAIN_PDF = papers.form(None, {})


def zipped(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("modulo.pdf", content)
    return out.getvalue()


def test_a_mail_with_one_form_is_a_form():
    found = sort(mail(form(), PLAIN_PDF, b"\x89PNG..."), ASKED)
    assert (found.kind, found.why, found.sender) == (Kind.FORM, "form", LEAD_MEMBER)
    assert found.fields is not None
    assert found.fields["_rif"] == papers.REFERENCE
    assert [each.kind for each in found.attachments] == ["pdf", "pdf", "png"]


def test_the_same_form_attached_twice_is_one():
    assert sort(mail(form(), form()), ASKED).kind is Kind.FORM


def test_first_bytes_count_and_names_and_types_do_not():
    raw = mail(form()).replace(b"application/pdf", b"image/jpeg").replace(b".pdf", b".txt")
    assert sort(raw, ASKED).kind is Kind.FORM


def test_a_form_in_a_forwarded_mail_is_found():
    from email import message_from_bytes
    from email.message import EmailMessage
    from email.policy import SMTP

    outer = EmailMessage(policy=SMTP)
    outer["From"] = STRANGER
    outer.set_content("inoltro\n")
    outer.add_attachment(message_from_bytes(mail(form()), policy=SMTP))
    found = sort(outer.as_bytes(), ASKED)
    assert (found.kind, found.sender) == (Kind.FORM, STRANGER)


NOT_A_FORM = {
    "no attachment": ((), Doubt.NO_FORM, None),
    "a plain pdf": ((PLAIN_PDF,), Doubt.NO_FORM, "pdf"),
    "another form": ((form(None, {"nome": "x"}),), Doubt.NO_FORM, "other_form"),
    "an archive": ((zipped(form()),), Doubt.NO_FORM, "zip"),
    "a signed envelope": ((b"\x30\x82" + b"\0" * 2_000,), Doubt.NO_FORM, "signed"),
    "an empty file": ((b"",), Doubt.FORM_UNREADABLE, "empty"),
    "two forms": ((form(), form(papers.PARTNERS)), Doubt.SEVERAL_FORMS, None),
    "too many pdfs": ((PLAIN_PDF,) * (MOST_PDFS + 1), Doubt.FORM_UNREADABLE, "too_large"),
}


@pytest.mark.parametrize("name", NOT_A_FORM)
def test_what_is_no_form_says_why(name: str):
    attached, why, code = NOT_A_FORM[name]
    found = sort(mail(*attached), ASKED)
    assert (found.kind, found.why, found.code) == (Kind.DOUBT, why, code)


AUTOMATIC = {
    "ours": ({"sender": f"Patti <{DEDICATED.upper()}>"}, Aside.OWN_ADDRESS),
    "auto-submitted": ({"Auto_Submitted": "auto-replied; owner-email=x"}, Aside.AUTO_REPLY),
    "precedence auto_reply": ({"Precedence": "auto_reply"}, Aside.AUTO_REPLY),
    "x-autoreply": ({"X_Autoreply": "yes"}, Aside.AUTO_REPLY),
    "list-id": ({"List_Id": "<lista.rete.example>"}, Aside.LIST),
    "precedence bulk": ({"Precedence": "Bulk"}, Aside.LIST),
    "null sender": ({"Return_Path": "<>"}, Aside.BOUNCE),
}


@pytest.mark.parametrize("name", AUTOMATIC)
def test_what_no_person_wrote_is_set_aside(name: str):
    words, why = AUTOMATIC[name]
    found = sort(mail(**words), ASKED)
    assert (found.kind, found.why) == (Kind.ASIDE, why)


def test_a_person_says_auto_submitted_no():
    assert sort(mail(form(), Auto_Submitted="no"), ASKED).kind is Kind.FORM


@pytest.mark.parametrize("name", ["auto-submitted", "list-id"])
def test_an_automatic_mail_with_a_form_is_looked_at(name: str):
    words, why = AUTOMATIC[name]
    found = sort(mail(form(), **words), ASKED)
    assert (found.why, found.code) == (Doubt.AUTOMATIC_WITH_FORM, why)


def test_a_bounce_names_the_notice_that_came_back():
    raw = papers.raw_mail(
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; boundary="b"\r\n',
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; a\r\n\r\n"
        b"Final-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        b"--b\r\nContent-Type: message/rfc822\r\n\r\n"
        b"Message-ID: <" + NOTICE.encode() + b"@lead.example>\r\n\r\nciao\r\n--b--\r\n",
        sender="MAILER-DAEMON@altrove.example",
    )
    found = sort(raw, ASKED)
    assert (found.why, found.regards) == (Aside.BOUNCE, NOTICE)


def test_a_reply_names_the_notice_that_it_answers():
    found = sort(mail(Auto_Submitted="auto-replied", In_Reply_To=f"<{NOTICE}@lead.example>"), ASKED)
    assert found.regards == NOTICE


@pytest.mark.parametrize(
    "sender",
    [
        "uno@a.example, due@b.example",
        "Nome senza indirizzo",
        "a@b@c.example",
        "(((((((())))))))a@b.example",
        "x" * 1_000 + "@b.example",
        f"{LEAD_MEMBER} <altro@c.example>",
        f'"altro" {LEAD_MEMBER}',
    ],
)
def test_a_sender_who_is_not_exactly_one_plain_address_is_nobody(sender: str):
    raw = mail(form()).replace(f"From: {LEAD_MEMBER}".encode(), f"From: {sender}".encode())
    found = sort(raw, ASKED)
    assert (found.kind, found.sender) == (Kind.FORM, None)


def test_two_senders_are_nobody():
    assert sort(b"From: altro@c.example\r\n" + mail(form()), ASKED).sender is None


@pytest.mark.parametrize(
    "subject",
    [b"=?x-unknown?q?=E8?=", b"=?utf-8?b?!!!?=", b"\xff\xfe\x00", b"=?utf-7?q?+AAAA-?="],
)
def test_a_wrong_charset_hinders_nothing(subject: bytes):
    raw = mail(form()).replace(b"Proposta di patto", subject)
    raw = raw.replace(b'charset="utf-8"', b'charset="x-nessuno"')
    assert sort(raw, ASKED).kind is Kind.FORM


PARTS = {59: Kind.FORM, 60: Kind.FORM, 61: Kind.DOUBT}
DEPTHS = {7: Doubt.NO_FORM, 8: Doubt.NO_FORM, 9: Doubt.TOO_MUCH}


@pytest.mark.parametrize("parts", PARTS)
def test_so_many_parts_are_read(parts: int):
    """The whole, its text, its form, and more."""
    raw = mail(form())
    boundary = raw.split(b"boundary=")[1].split(b'"')[1]
    more, end = (b"\r\n--" + boundary + tail for tail in (b"\r\n\r\nx", b"--"))
    raw = raw.replace(end, more * (parts - 3) + end)
    assert sort(raw, ASKED).kind is PARTS[parts]


@pytest.mark.parametrize("depth", DEPTHS)
def test_so_deep_is_read(depth: int):
    assert sort(papers.nested(depth), ASKED).why is DEPTHS[depth]
