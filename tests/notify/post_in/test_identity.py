"""When two mails are the same one: whatever servers change on the way, and what they do not."""

import pytest

from services.notify.post_in.identity import digests
from tests.notify.post_in.papers import STRANGER, form, mail

KEY = b"k" * 32
PAPER = form()
FIRST = digests(mail(PAPER), KEY)


def changed(**words: str) -> bytes:
    made = mail(PAPER, **words)
    old, new = made.split(b"boundary=")[1].split(b'"')[1], b"same"
    return made.replace(old, new)


THIS = changed()


@pytest.mark.parametrize(
    "raw",
    [
        THIS,
        THIS.replace(b"\r\n", b"\n"),
        b"Received: from a by b\r\nReturn-Path: <x@y.example>\r\n" + THIS,
        THIS + b"\r\n",
        THIS.replace(b"Message-ID: <1@comune.example>", b"Message-Id:\r\n <1@comune.example>"),
        changed(subject="[fwd] un altro oggetto"),
    ],
    ids=["as it is", "line ends", "more headers", "an empty line", "folded", "subject"],
)
def test_the_same_mail_is_the_same(raw: bytes):
    assert digests(raw, KEY) == digests(THIS, KEY)


@pytest.mark.parametrize(
    "raw",
    [
        changed(message_id="<2@comune.example>"),
        changed(text="altro testo\n"),
        changed(sender=STRANGER),
        changed(message_id=None),
    ],
    ids=["message-id", "text", "sender", "no message-id"],
)
def test_another_mail_is_another(raw: bytes):
    assert digests(raw, KEY) != digests(THIS, KEY)


def test_without_a_message_id_date_and_subject_tell_mails_apart():
    one, other = (changed(message_id=None, subject=each) for each in ("uno", "due"))
    assert digests(one, KEY) == digests(one, KEY)
    assert digests(one, KEY) != digests(other, KEY)


def test_without_a_body_the_whole_counts():
    assert digests(b"X: 1", KEY) != digests(b"X: 2", KEY)


def test_nobody_without_the_key_finds_a_mail_by_its_digest():
    assert all(a != b for a, b in zip(FIRST, digests(mail(PAPER), b"l" * 32), strict=True))
    assert b"comune" not in bytes.fromhex(FIRST[0])
