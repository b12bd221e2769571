"""Mail that comes encrypted: STARTTLS at the endpoint, a mailbox whose server is surely the one."""

import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from services.kernel.settings import Missing
from services.notify.post_in.imap import Reader
from services.notify.post_in.settings import Mailbox, PostIn
from tests.dovecot import PASSWORD, DovecotUnavailable, PrivateDovecot
from tests.notify.post_in import places
from tests.notify.post_in.papers import DEDICATED, LEAD_MEMBER, form, mail
from tests.notify.post_out.mail_server import Certificates, new_certificates
from tests.review.office import Office
from tests.waiting import until

pytestmark = pytest.mark.mail
PAPER = form()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return new_certificates(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """By another authority, for the same address."""
    return new_certificates(tmp_path_factory.mktemp("strangers"))


@pytest.fixture(scope="session")
def others(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    """For another address."""
    return new_certificates(tmp_path_factory.mktemp("others"), "DNS:altrove.example")


# the endpoint


@pytest.fixture
def post(certificates: Certificates) -> PostIn:
    return places.settings(tls=(str(certificates.certificate), str(certificates.key)))


@contextmanager
def secured(post: PostIn, authority: Path) -> Iterator[smtplib.SMTP]:
    """A sender that trusts *authority* alone, after STARTTLS."""
    assert post.smtp is not None
    with smtplib.SMTP(*post.smtp, timeout=20) as client:
        client.starttls(context=ssl.create_default_context(cafile=authority))
        client.ehlo()
        yield client


def test_mail_comes_encrypted_if_the_sender_can(
    lead: Office, post: PostIn, certificates: Certificates
):
    with places.endpoint(lead, post) as house:
        with secured(post, certificates.authority) as client:
            assert isinstance(client.sock, ssl.SSLSocket)
            assert client.sock.version() in ("TLSv1.2", "TLSv1.3")
            assert "starttls" not in client.esmtp_features
            client.sendmail(LEAD_MEMBER, [DEDICATED], mail(PAPER))
            assert house.connections == 1
        with smtplib.SMTP(*post.smtp, timeout=20) as client:  # type: ignore[misc]
            client.ehlo()
            assert "starttls" in client.esmtp_features
            client.sendmail(LEAD_MEMBER, [DEDICATED], mail(PAPER, message_id="<2@x>"))
    assert places.kept(lead) == 2


def test_a_sender_that_trusts_somebody_else_hands_nothing_over(
    lead: Office, post: PostIn, strangers: Certificates
):
    with places.endpoint(lead, post) as house:
        with pytest.raises(ssl.SSLCertVerificationError), secured(post, strangers.authority):
            pass
        until(lambda: house.connections == 0, "the connection is given up")
    assert places.kept(lead) == 0


def test_what_was_said_in_the_clear_before_is_forgotten(
    lead: Office, post: PostIn, certificates: Certificates
):
    """Whoever sits between may put commands before the encryption; they do not count after it."""
    assert post.smtp is not None
    context = ssl.create_default_context(cafile=certificates.authority)
    with places.endpoint(lead, post), socket.create_connection(post.smtp, timeout=20) as bare:
        heard(bare, b"220 ")
        bare.sendall(b"EHLO x\r\n")
        heard(bare, b"250 ")
        slipped_in = f"MAIL FROM:<falso@altrove.example>\r\nRCPT TO:<{DEDICATED}>\r\n".encode()
        bare.sendall(b"STARTTLS\r\n" + slipped_in)
        heard(bare, b"220 ")
        with context.wrap_socket(bare, server_hostname=post.smtp[0]) as inside:
            inside.sendall(b"EHLO x\r\n")
            heard(inside, b"250 ")
            inside.sendall(b"DATA\r\n")
            heard(inside, b"503 ")
    assert places.kept(lead) == 0


def heard(connection: socket.socket, code: bytes) -> None:
    """Read up to the last line of an answer, which must begin with *code*."""
    answer = b""
    while not answer.endswith(b"\r\n") or answer.split(b"\r\n")[-2][3:4] == b"-":
        answer += connection.recv(4096)
    assert answer.split(b"\r\n")[-2].startswith(code), answer


def test_without_a_certificate_it_offers_none(lead: Office):
    post = places.settings()
    assert post.smtp is not None
    with places.endpoint(lead, post), smtplib.SMTP(*post.smtp, timeout=20) as client:
        client.ehlo()
        assert "starttls" not in client.esmtp_features


# the mailbox


@pytest.fixture(scope="module")
def dovecot(certificates: Certificates) -> Iterator[PrivateDovecot]:
    """With a certificate by an authority that only the test knows."""
    server = PrivateDovecot((certificates.certificate, certificates.key))
    try:
        server.start()
    except DovecotUnavailable as problem:
        pytest.fail(str(problem), pytrace=False)
    yield server
    server.discard()


def mailbox(server: PrivateDovecot, user: str, authority: Path | None, port: int = 0) -> Mailbox:
    env = {
        "POST_IN_ADDRESSES": DEDICATED,
        "POST_IN_IMAP": f"imaps://{user}@127.0.0.1:{port or server.imaps}/INBOX",
        "POST_IN_IMAP_PASSWORD": PASSWORD,
    }
    if authority is not None:
        env["POST_IN_IMAP_CA"] = str(authority)
    found = PostIn.from_env(env).mailbox
    assert found is not None
    return found


@contextmanager
def reading(office: Office, box: Mailbox) -> Iterator[Reader]:
    reader = Reader(office.store, box, lambda: None)
    reader.start()
    try:
        yield reader
    finally:
        reader.stop()
        reader.join(30)
        assert not reader.is_alive()


def test_a_mailbox_is_read_of_a_server_that_our_authority_knows(
    lead: Office, dovecot: PrivateDovecot, certificates: Certificates
):
    """Also what comes while the reader idles: its poll alone would take minutes."""
    box = replace(mailbox(dovecot, "cifrata", certificates.authority), poll=600.0)
    assert box.tls
    dovecot.deliver("cifrata", mail(PAPER))
    with reading(lead, box):
        until(lambda: dovecot.count("cifrata", box.taken) == 1, "the first is moved")
        for number in range(2, 6):
            dovecot.deliver("cifrata", mail(PAPER, message_id=f"<{number}@x>"))
            until(lambda: dovecot.count("cifrata", box.taken) == number, "the next one is moved")  # noqa: B023
    assert places.kept(lead) == 5


@pytest.mark.parametrize("known", ["an authority of others", "those of this machine"])
def test_no_password_is_told_to_a_server_that_nobody_vouches_for(
    lead: Office,
    dovecot: PrivateDovecot,
    strangers: Certificates,
    caplog: pytest.LogCaptureFixture,
    known: str,
):
    user = "creduta" if known.startswith("an") else "fidata"
    authority = strangers.authority if user == "creduta" else None
    dovecot.deliver(user, mail(PAPER))
    with reading(lead, mailbox(dovecot, user, authority)):
        until(lambda: len(refused(caplog)) >= 1, "it does not connect")
    assert set(refused(caplog)) == {"SSLCertVerificationError"}
    assert dovecot.count(user) == 1
    assert places.kept(lead) == 0


def test_a_certificate_for_another_server_is_none(
    lead: Office, others: Certificates, caplog: pytest.LogCaptureFixture
):
    with (
        PrivateDovecot((others.certificate, others.key)) as server,
        reading(lead, mailbox(server, "altrui", others.authority)),
    ):
        until(lambda: len(refused(caplog)) >= 1, "it does not connect")
    assert set(refused(caplog)) == {"SSLCertVerificationError"}


def refused(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Why the mailbox was not read, each time."""
    return [
        str(vars(record)["because"])
        for record in caplog.records
        if record.getMessage() == "mailbox not read"
    ]


def test_an_authority_that_is_not_there_is_named(dovecot: PrivateDovecot, tmp_path: Path):
    with pytest.raises(Missing, match="POST_IN_IMAP_CA"):
        mailbox(dovecot, "x", tmp_path / "nowhere.pem")
