"""The endpoint: nothing is answered 250 that is not kept, nothing is kept that was not finished."""

import smtplib
import socket
import threading
import time
from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from services.notify.mail import Route
from services.notify.post_in.smtp import LARGEST
from tests.notify.post_in import papers, places
from tests.notify.post_in.papers import DEDICATED, LEAD_MEMBER, form, mail
from tests.review.office import Office
from tests.waiting import until

pytestmark = pytest.mark.mail

PAPER = form()


def line(connection: socket.socket, words: bytes = b"") -> bytes:
    """Send *words*; what is answered."""
    if words:
        connection.sendall(words)
    return connection.recv(4096)


def at_data(post) -> socket.socket:
    """A connection that was told to send its data."""
    connection = socket.create_connection(post.smtp, timeout=20)
    line(connection)
    for words in (b"HELO x", b"MAIL FROM:<a@b.example>", f"RCPT TO:<{DEDICATED}>".encode()):
        line(connection, words + b"\r\n")
    assert line(connection, b"DATA\r\n").startswith(b"354")
    return connection


def send(post, raw: bytes, *to: str) -> None:
    with smtplib.SMTP(*post.smtp, timeout=60) as client:
        client.sendmail(LEAD_MEMBER, to or [DEDICATED], raw)


def test_what_was_answered_250_is_kept_as_it_came(lead: Office):
    post = places.settings()
    raw = mail(PAPER, text="riga\n.\n..\n.punto\n")
    with places.endpoint(lead, post):
        send(post, raw)
    [(_, state)] = lead.facts("notify.MailReceived")
    whole = f"Return-Path: <{LEAD_MEMBER}>\r\n".encode() + raw
    assert (state["route"], state["size"]) == ("smtp", len(whole))
    assert places.raw_of(lead) == whole


def test_the_same_mail_three_times_counts_once(lead: Office):
    post, raw = places.settings(), mail(PAPER)
    with places.endpoint(lead, post):
        for _ in range(3):
            send(post, raw)
    assert places.kept(lead) == 1
    assert places.in_vault(lead) == ["mail"]


def test_the_size_limit_is_announced_and_held(lead: Office):
    post = places.settings()
    with places.endpoint(lead, post), smtplib.SMTP(*post.smtp, timeout=20) as client:
        client.ehlo()
        assert int(client.esmtp_features["size"]) == LARGEST
        assert client.mail(LEAD_MEMBER, [f"SIZE={LARGEST}"])[0] == 250
        client.rset()
        assert client.mail(LEAD_MEMBER, [f"SIZE={LARGEST + 1}"])[0] == 552


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_so_large_is_a_mail_that_is_kept(lead: Office, extra: int):
    post = places.settings()
    with places.endpoint(lead, post), smtplib.SMTP(*post.smtp, timeout=120) as client:
        client.ehlo()
        client.mail(LEAD_MEMBER)
        client.rcpt(DEDICATED)
        code, _ = client.data(papers.sized(LARGEST + extra))
    assert (code, places.kept(lead)) == ((250, 1) if extra <= 0 else (552, 0))


@pytest.mark.parametrize(
    ("address", "code"),
    [
        (DEDICATED, 250),
        (DEDICATED.upper(), 250),
        ("proposte@rete.example", 250),
        ("altri@rete.example", 550),
        ("patti@altrove.example", 550),
        ("avvisi@rete.example", 550),
    ],
)
def test_only_the_dedicated_addresses_are_taken(lead: Office, address: str, code: int):
    post = places.settings()
    with places.endpoint(lead, post), smtplib.SMTP(*post.smtp, timeout=20) as client:
        client.ehlo()
        client.mail(LEAD_MEMBER)
        assert client.rcpt(address)[0] == code


def test_a_sender_who_hangs_up_before_the_dot_leaves_nothing(lead: Office):
    post = places.settings()
    with places.endpoint(lead, post) as house:
        connection = at_data(post)
        connection.sendall(mail(PAPER))
        connection.close()
        until(lambda: house.connections == 0, "the connection is over")
    assert lead.facts("notify.MailReceived") == []
    assert places.in_vault(lead) == []


def test_a_dot_between_bare_line_feeds_ends_nothing(lead: Office):
    """What another server took for one mail must not become two here."""
    post = places.settings()
    smuggled = b"\nMAIL FROM:<x@y.example>\r\nRCPT TO:<" + DEDICATED.encode() + b">\r\nDATA\r\n"
    for end in (b"\n.\n", b"\r\n.\n", b"\n.\r\n", b"\r.\r"):
        with places.endpoint(lead, post):
            connection = at_data(post)
            connection.sendall(b"Message-ID: <%d@x>\r\n\r\nuno" % hash(end) + end + smuggled)
            assert line(connection, b"\r\n.\r\n").startswith(b"250")
            connection.close()
    assert places.kept(lead) == 4


def test_a_connection_that_is_cut_after_250_keeps_the_mail(lead: Office):
    post = places.settings()
    with places.endpoint(lead, post):
        connection = at_data(post)
        connection.sendall(mail(PAPER))
        assert line(connection, b"\r\n.\r\n").startswith(b"250")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        connection.close()
    assert places.kept(lead) == 1


def test_who_hangs_up_while_the_mail_is_being_kept_changes_nothing(lead: Office):
    post, begun, go_on = places.settings(), threading.Event(), threading.Event()

    def keep(raw: bytes, route: Route, at):
        begun.set()
        assert go_on.wait(20)
        return places.take(lead.store, raw, route, at)

    with places.endpoint(lead, post, keep) as house:
        connection = at_data(post)
        connection.sendall(mail(PAPER) + b"\r\n.\r\n")
        assert begun.wait(20)
        connection.close()
        until(lambda: house.connections == 0, "the connection is over")
        go_on.set()
    assert places.kept(lead) == 1


def test_a_hundred_connections_at_once_are_all_taken(lead: Office):
    post, codes = places.settings(), []
    ready = threading.Barrier(100)

    def one(number: int) -> None:
        with smtplib.SMTP(*post.smtp, timeout=120) as client:
            client.ehlo()
            client.mail(LEAD_MEMBER)
            client.rcpt(DEDICATED)
            ready.wait(60)
            codes.append(client.data(mail(PAPER, message_id=f"<{number}@x.example>"))[0])

    began = time.monotonic()
    with places.endpoint(lead, post):
        threads = [threading.Thread(target=one, args=(number,)) for number in range(100)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
    print(f"100 mails over 100 connections in {time.monotonic() - began:.1f} s")
    assert codes == [250] * 100
    assert places.kept(lead) == 100


def test_one_connection_too_many_is_told_to_come_later(lead: Office):
    post = places.settings(connections=2)
    with places.endpoint(lead, post) as house:
        first = [socket.create_connection(post.smtp, timeout=20) for _ in range(2)]
        assert all(line(each).startswith(b"220") for each in first)
        third = socket.create_connection(post.smtp, timeout=20)
        assert line(third).startswith(b"421")
        for each in (*first, third):
            each.close()
        until(lambda: house.connections == 0, "all are over")
        fourth = socket.create_connection(post.smtp, timeout=20)
        assert line(fourth).startswith(b"220")
        fourth.close()


@pytest.mark.parametrize("slow", [b"", b"x"])
def test_a_sender_that_never_finishes_is_cut_off(lead: Office, slow: bytes):
    """Also one that sends a byte now and then: the time is that of the whole."""
    post = places.settings(session=1.0)
    with places.endpoint(lead, post) as house:
        connection = at_data(post)
        began = time.monotonic()
        while house.connections and time.monotonic() - began < 20:
            try:
                connection.sendall(slow)
            except OSError:
                break
            time.sleep(0.05)
        until(lambda: house.connections == 0, "it is cut off")
        assert time.monotonic() - began < 5
        connection.close()
        send(post, mail(PAPER))
    assert places.kept(lead) == 1


def test_a_line_that_never_ends_takes_no_memory(lead: Office):
    post = places.settings()
    with places.endpoint(lead, post) as house:
        connection = at_data(post)
        with pytest.raises(OSError):
            connection.sendall(b"x" * (200 << 20))
        until(lambda: house.connections == 0, "it is cut off")
        connection.close()
    assert places.kept(lead) == 0


def test_a_database_that_is_away_is_no_loss(lead: Office):
    post, away = places.settings(), [True]

    def keep(raw: bytes, route: Route, at):
        if away[0]:
            raise OperationalError("", {}, Exception("gone"))
        return places.take(lead.store, raw, route, at)

    with places.endpoint(lead, post, keep):
        with pytest.raises(smtplib.SMTPDataError) as refused:
            send(post, mail(PAPER))
        assert refused.value.smtp_code == 451
        away[0] = False
        send(post, mail(PAPER))
    assert places.kept(lead) == 1


def test_lmtp_answers_for_each_recipient(lead: Office):
    """Python's own LMTP client reads one answer only: so by hand."""
    post = places.settings()
    asked = [b"LHLO x", b"MAIL FROM:<a@b.example>"]
    asked += [f"RCPT TO:<{each}@rete.example>".encode() for each in ("patti", "altri", "proposte")]
    with places.endpoint(lead, post), socket.create_connection(post.lmtp, timeout=20) as one:
        one.sendall(b"\r\n".join([*asked, b"DATA", b""]))
        one.sendall(mail(PAPER) + b"\r\n.\r\nQUIT\r\n")
        told = b""
        while piece := one.recv(4096):
            told += piece
    answers = [each[:3] for each in told.splitlines() if each[3:4] == b" "]
    greeting, hello, sender = answers[:3]
    assert (greeting, hello, sender) == (b"220", b"250", b"250")
    assert answers[3:] == [b"250", b"550", b"250", b"354", b"250", b"250", b"221"]
    [(_, state)] = lead.facts("notify.MailReceived")
    assert state["route"] == "lmtp"


def test_commands_that_come_together_are_answered_in_order(lead: Office):
    post = places.settings()
    with places.endpoint(lead, post):
        connection = at_data(post)
        connection.sendall(b"Message-ID: <1@x>\r\n\r\nuno\r\n.\r\nMAIL FROM:<>\r\nQUIT\r\n")
        told = b""
        while piece := connection.recv(4096):
            told += piece
        connection.close()
    assert [each[:3] for each in told.splitlines()] == [b"250", b"250", b"221"]


@pytest.mark.parametrize("raw", [b"", b"\r\n", b".", b"..\r\n.\r\n"])
def test_the_shortest_mails_are_kept(lead: Office, raw: bytes):
    post = replace(places.settings(), session=20.0)
    with places.endpoint(lead, post), smtplib.SMTP(*post.smtp, timeout=20) as client:
        client.ehlo()
        client.mail("")
        client.rcpt(DEDICATED)
        assert client.data(raw)[0] == 250
    assert places.kept(lead) == 1
