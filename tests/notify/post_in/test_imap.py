"""An existing mailbox: kept before it is moved, nothing twice, and back after any loss."""

import gc
import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from services.notify.post_in import imap, receiving
from services.notify.post_in.gate import MOST, Limit
from services.notify.post_in.imap import Reader
from services.notify.post_in.settings import Mailbox
from tests.dovecot import PASSWORD, PrivateDovecot
from tests.notify.post_in import papers, places
from tests.notify.post_in.papers import form, mail
from tests.review.office import Office
from tests.waiting import until

pytestmark = pytest.mark.mail

TAKEN, TOO_LARGE = "Acquisiti", "Troppo grandi"
PAPER = form()
_users = itertools.count(1)


class Died(BaseException):
    """What no reader survives."""


@pytest.fixture
def user() -> str:
    return f"patti{next(_users)}@rete.example"


def mailbox_of(dovecot: PrivateDovecot, user: str, poll: float = 60.0) -> Mailbox:
    return Mailbox(
        host="127.0.0.1",
        port=dovecot.imap,
        tls=False,
        user=user,
        password=PASSWORD,
        folder="INBOX",
        taken=TAKEN,
        too_large=TOO_LARGE,
        poll=poll,
    )


@contextmanager
def reading(office: Office, mailbox: Mailbox) -> Iterator[Reader]:
    reader = Reader(office.store, mailbox, lambda: None)
    reader.start()
    try:
        yield reader
    finally:
        reader.stop()
        reader.join(30)
        assert not reader.is_alive()


def mails(count: int) -> list[bytes]:
    return [mail(PAPER, message_id=f"<{number}@comune.example>") for number in range(count)]


def test_what_lies_there_is_kept_and_moved(lead: Office, dovecot: PrivateDovecot, user: str):
    dovecot.deliver(user, *mails(5))
    with reading(lead, mailbox_of(dovecot, user)):
        until(lambda: dovecot.count(user, TAKEN) == 5, "all are moved")
    assert places.kept(lead) == 5
    assert dovecot.count(user) == 0
    assert {state["route"] for _, state in lead.facts("notify.MailReceived")} == {"imap"}


def test_what_arrives_is_taken_at_once(lead: Office, dovecot: PrivateDovecot, user: str):
    """By IDLE: the poll is an hour."""
    with reading(lead, mailbox_of(dovecot, user, poll=1_000.0)):
        for number, raw in enumerate(mails(3), 1):
            began = time.monotonic()
            dovecot.deliver(user, raw)
            until(lambda number=number: places.kept(lead) == number, "it is kept")
            print(f"kept {time.monotonic() - began:.2f} s after it was delivered")
        until(lambda: dovecot.count(user, TAKEN) == 3, "all are moved")


def test_the_bytes_are_those_of_the_mailbox(lead: Office, dovecot: PrivateDovecot, user: str):
    raw = mail(PAPER, text="è\n.\nfine\n")
    dovecot.deliver(user, raw)
    with reading(lead, mailbox_of(dovecot, user)):
        until(lambda: dovecot.count(user, TAKEN) == 1, "it is moved")
    assert places.raw_of(lead).endswith(raw)


def test_it_counts_when_the_mailbox_got_it_but_never_ahead_of_our_clock(
    lead: Office, dovecot: PrivateDovecot, user: str
):
    """The mailbox lives in the present, and the test in June: our clock is behind it."""
    dovecot.deliver(user, *mails(1))
    with reading(lead, mailbox_of(dovecot, user)):
        until(lambda: places.kept(lead) == 1, "it is kept")
    [(_, state)] = lead.facts("notify.MailReceived")
    assert state["at"] == "2026-06-01T10:00:00Z"


@pytest.mark.parametrize("place", ["between keeping and moving", "after moving"])
def test_ended_anywhere_it_doubles_nothing(
    lead: Office,
    dovecot: PrivateDovecot,
    user: str,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
):
    """The reader dies at its second mail, and another one begins."""
    passed = itertools.count(1)

    def die(name: str) -> None:
        if name == place and next(passed) == 2:
            raise Died

    monkeypatch.setattr(imap, "failpoint", die)
    dovecot.deliver(user, *mails(4))
    first = Reader(lead.store, mailbox_of(dovecot, user), lambda: None)
    with pytest.raises(Died):
        first.run()
    assert places.kept(lead) == 2
    with reading(lead, mailbox_of(dovecot, user)):
        until(lambda: dovecot.count(user, TAKEN) == 4, "all are moved")
    assert places.kept(lead) == 4
    assert places.in_vault(lead) == ["mail"] * 4


def test_a_mail_is_moved_by_one_command(lead: Office, dovecot: PrivateDovecot, user: str):
    """Killed between copying and expunging, a reader would leave a second copy of what it kept."""
    copied: list[None] = []
    dovecot.deliver(user, *mails(2))
    with (
        in_one_breath(dovecot.imap, b"COPY", lambda: copied.append(None)) as port,
        reading(lead, replace(mailbox_of(dovecot, user), port=port)),
    ):
        until(lambda: dovecot.count(user, TAKEN) == 2, "all are moved")
    assert not copied


def test_a_mail_that_is_put_back_counts_once(lead: Office, dovecot: PrivateDovecot, user: str):
    dovecot.deliver(user, *mails(1))
    with reading(lead, mailbox_of(dovecot, user)):
        until(lambda: dovecot.count(user, TAKEN) == 1, "it is moved")
        with dovecot.open(user, TAKEN) as box:
            box.move(box.uids(), "INBOX")
        until(lambda: dovecot.count(user, TAKEN) == 1, "it is moved again")
    assert places.kept(lead) == 1


def test_what_cannot_be_kept_stays_where_it_is(
    lead: Office, dovecot: PrivateDovecot, user: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imap, "SHORTEST_PAUSE", 0.1)
    real, away = receiving.take, [True]

    def take(*words):
        if away[0]:
            raise OSError("the database is away")
        return real(*words)

    monkeypatch.setattr(imap, "take", take)
    dovecot.deliver(user, *mails(1))
    with reading(lead, mailbox_of(dovecot, user)):
        time.sleep(0.5)
        assert (dovecot.count(user), dovecot.count(user, TAKEN)) == (1, 0)
        away[0] = False
        until(lambda: dovecot.count(user, TAKEN) == 1, "it is moved")
    assert places.kept(lead) == 1


def test_a_mail_that_comes_just_before_idle_is_taken_at_once(
    lead: Office, dovecot: PrivateDovecot, user: str
):
    """The server then tells of it in one breath with its consent to idle."""
    delivered: list[None] = []

    def deliver_once() -> None:
        if not delivered:
            delivered.append(dovecot.deliver(user, *mails(1)))

    with in_one_breath(dovecot.imap, b"IDLE", deliver_once) as port:
        mailbox = replace(mailbox_of(dovecot, user), port=port)
        with reading(lead, mailbox):
            until(lambda: dovecot.count(user, TAKEN) == 1, "it is moved")


@contextmanager
def in_one_breath(port: int, word: bytes, before: Callable[[], None]) -> Iterator[int]:
    """A way to *port* that runs *before* when the client says *word*, and hurries no answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def there(client: socket.socket, server: socket.socket) -> None:
        while said := client.recv(65536):
            if word in said:
                before()
            server.sendall(said)
        server.shutdown(socket.SHUT_WR)

    def back(server: socket.socket, client: socket.socket) -> None:
        while said := server.recv(65536):
            if said.startswith(b"+"):
                time.sleep(0.5)  # what follows comes meanwhile
                with suppress(BlockingIOError):
                    said += server.recv(65536, socket.MSG_DONTWAIT)
            client.sendall(said)

    def carry() -> None:
        client, _ = listener.accept()
        with client, socket.create_connection(("127.0.0.1", port)) as server:
            thread = threading.Thread(target=there, args=(client, server))
            thread.start()
            with suppress(OSError):
                back(server, client)
            thread.join()

    carrying = threading.Thread(target=carry)
    carrying.start()
    with listener:
        yield int(listener.getsockname()[1])
    carrying.join()


def test_after_the_connection_was_lost_it_connects_again(
    lead: Office, user: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(imap, "SHORTEST_PAUSE", 0.1)
    server = PrivateDovecot()
    server.start()
    try:
        with reading(lead, mailbox_of(server, user)):
            server.deliver(user, *mails(1))
            until(lambda: places.kept(lead) == 1, "the first is kept")
            server.stop()
            server.start()
            server.deliver(user, mail(PAPER, message_id="<due@comune.example>"))
            until(lambda: server.count(user, TAKEN) == 2, "the second is moved")
    finally:
        server.discard()
    assert places.kept(lead) == 2


@contextmanager
def refusing() -> Iterator[tuple[int, list[bytes]]]:
    """A server that lets nobody in; its port, and what each connection said until it was closed."""
    said: list[bytes] = []

    def serve() -> None:
        with suppress(OSError):  # the listener is closed at the end
            while True:
                connection, _ = listener.accept()
                with connection, connection.makefile("rwb") as talk:
                    talk.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
                    talk.flush()
                    said.append(b"")
                    for line in talk:
                        said[-1] += line
                        tag = line.split()[0]
                        answer = b"OK" if b"CAPABILITY" in line else b"NO"
                        talk.write(b"* CAPABILITY IMAP4rev1\r\n" if answer == b"OK" else b"")
                        talk.write(tag + b" " + answer + b" that is all\r\n")
                        talk.flush()
                    said[-1] += b"closed"

    listener = socket.create_server(("127.0.0.1", 0))
    serving = threading.Thread(target=serve)
    serving.start()
    try:
        yield listener.getsockname()[1], said
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        serving.join(30)


def test_who_is_not_let_in_leaves_no_connection_open(
    lead: Office, dovecot: PrivateDovecot, user: str, monkeypatch: pytest.MonkeyPatch
):
    """Nor waits for the collector of garbage to close it."""
    monkeypatch.setattr(imap, "SHORTEST_PAUSE", 0.05)
    gc.disable()
    try:
        with (
            refusing() as (port, said),
            reading(lead, replace(mailbox_of(dovecot, user), port=port)),
        ):
            until(lambda: len(said) > 2, "it tries again")
            assert all(each.endswith(b"closed") for each in said[:-1])
    finally:
        gc.enable()


def test_a_mail_that_is_too_large_is_recorded_and_put_aside(
    lead: Office, dovecot: PrivateDovecot, user: str
):
    dovecot.deliver(user, papers.sized(MOST[Limit.SIZE]), *mails(1))
    with reading(lead, mailbox_of(dovecot, user)):
        until(lambda: dovecot.count(user, TAKEN) == 1, "the small one is moved")
        until(lambda: dovecot.count(user, TOO_LARGE) == 1, "the large one is put aside")
    assert places.became(lead) == [("MailLeftToAPerson", "too_much", "size")]
    assert places.in_vault(lead) == ["mail"]


def test_hostile_mail_is_not_parsed_by_the_reader(lead: Office, dovecot: PrivateDovecot, user: str):
    raw = papers.many_parts(200_000)
    dovecot.deliver(user, raw)
    began = time.process_time()
    with reading(lead, mailbox_of(dovecot, user)):
        until(lambda: dovecot.count(user, TAKEN) == 1, "it is moved")
    assert time.process_time() - began < 5
    assert places.raw_of(lead).endswith(raw)
