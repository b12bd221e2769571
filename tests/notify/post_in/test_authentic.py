"""Who vouches for a sender's domain: our own provider, or a DKIM signature that holds."""

import base64
import socket
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass

import dkim
import dns.message
import dns.rrset
import pytest

from services.notify.post_in.found import Asked
from services.notify.post_in.sorting import sort
from tests.notify.post_in.papers import ARRIVED, DEDICATED, STRANGER, form, mail

OURS = "mx.rete.example"
PLAIN = mail(form())


@dataclass
class Names:
    """A name server that knows one key; ``address`` is where it is asked."""

    address: str
    key: bytes


@pytest.fixture(scope="session")
def names() -> Iterator[Names]:
    """Answers for ``s1._domainkey.comune.example``; for any other name it has no answer."""
    key = _openssl("genrsa", "-traditional", "2048")
    public = base64.b64encode(_openssl("rsa", "-pubout", "-outform", "DER", given=key)).decode()
    place = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    place.bind(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                asked, who = place.recvfrom(4096)
            except OSError:
                return
            question = dns.message.from_wire(asked)
            told = dns.message.make_response(question)
            name = question.question[0].name.to_text()
            if name == "s1._domainkey.comune.example.":
                half = f"v=DKIM1; k=rsa; p={public}"
                pieces = f'"{half[:200]}" "{half[200:]}"'
                told.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", pieces))
            place.sendto(told.to_wire(), who)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    yield Names(f"127.0.0.1:{place.getsockname()[1]}", key)
    place.close()


def _openssl(*words: str, given: bytes = b"") -> bytes:
    done = subprocess.run(["openssl", *words], input=given, check=True, capture_output=True)
    return done.stdout


def signed(names: Names, raw: bytes = PLAIN, domain: bytes = b"comune.example") -> bytes:
    headers = [b"from", b"to", b"subject", b"date", b"message-id"]
    return dkim.sign(raw, b"s1", domain, names.key, include_headers=headers) + raw


def verdict(raw: bytes, authserv: str | None = None, resolver: str | None = None) -> str:
    return sort(raw, Asked([DEDICATED], authserv, resolver, None, ARRIVED)).authentic


def results(authserv: str, words: str) -> bytes:
    return f"Authentication-Results: {authserv}; {words}\r\n".encode()


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (b"", "none"),
        (results(OURS, "spf=pass; dkim=pass; dmarc=pass header.from=comune.example"), "pass"),
        (results(OURS, "dkim=fail; DMARC=Fail"), "fail"),
        (results(OURS, "dmarc=none"), "none"),
        (results(OURS, "spf=pass"), "none"),
        (results("altro.example", "dmarc=pass"), "none"),
        (results(f"{OURS}.altro.example", "dmarc=pass"), "none"),
        (results(OURS, "dmarc=fail") + results(OURS, "dmarc=pass"), "fail"),
        (results("altro.example", "dmarc=fail") + results(OURS, "dmarc=pass"), "none"),
        (b"Authentication-Results:\r\n", "none"),
    ],
)
def test_only_the_topmost_word_of_our_own_provider_counts(head: bytes, told: str):
    assert verdict(head + PLAIN, authserv=OURS) == told


def test_without_a_provider_of_ours_nobody_is_believed():
    assert verdict(results(OURS, "dmarc=fail") + PLAIN) == "none"


def test_a_signature_that_holds_vouches_for_its_domain(names: Names):
    assert verdict(signed(names), resolver=names.address) == "pass"
    deeper = signed(names, mail(form(), sender="anna@ufficio.comune.example"))
    assert verdict(deeper, resolver=names.address) == "pass"


def test_a_mail_that_was_altered_fails(names: Names):
    altered = signed(names).replace(b"in allegato", b"in Allegato")
    assert verdict(altered, resolver=names.address) == "fail"


def test_the_signature_of_another_domain_says_nothing(names: Names):
    other = signed(names, mail(form(), sender=STRANGER))
    assert verdict(other, resolver=names.address) == "none"
    suffix = signed(names, mail(form(), sender="anna@falsocomune.example"))
    assert verdict(suffix, resolver=names.address) == "none"


def test_where_no_name_server_answers_nothing_is_known(names: Names):
    assert verdict(signed(names)) == "none"
    assert verdict(signed(names), resolver="127.0.0.1:1") == "none"


def test_of_many_signatures_none_is_looked_at(names: Names):
    whole = signed(names)
    signature = whole[: -len(PLAIN)]
    assert verdict(signature * 4 + whole, resolver=names.address) == "pass"
    assert verdict(signature * 5 + whole, resolver=names.address) == "none"
