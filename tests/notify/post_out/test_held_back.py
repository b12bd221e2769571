"""An address that is heard while the sender finds that there is none keeps no letter waiting."""

from threading import Thread
from typing import Any

import pytest

from services.notify.letter import Obstacle
from services.notify.post_out import outbox as sender
from services.notify.post_out.outbox import Outbox, Unreached
from services.notify.post_out.settings import MailSettings
from services.notify.reaching import mail_address
from tests.notify.post_in.test_forgetting import until_somebody_waits
from tests.notify.post_out.conftest import ADDRESSES, Desk, drafted, know_address
from tests.notify.post_out.mail_server import MailServer
from tests.notify.post_out.test_waiting import nothing, rounds
from tests.review.moments import MICROEQUIPE
from tests.review.office import Office

pytestmark = pytest.mark.mail

UNUSABLE = "chi\nsia@rete.example"


def hear_address(office: Office, number: int = 9) -> None:
    know_address(office, MICROEQUIPE, ADDRESSES[MICROEQUIPE], number)


@pytest.fixture
def waiting(either: Office, settings: MailSettings) -> Desk:
    """One letter is to be sent, to somebody without an address."""
    drafted(either)
    Outbox(either.store, None).take_up()
    return Desk(either, settings)


@pytest.mark.parametrize(
    ("known", "because"),
    [(None, Obstacle.NO_ADDRESS), (UNUSABLE, Obstacle.ADDRESS_UNUSABLE)],
)
def test_an_address_heard_since_the_look_lets_the_letter_go_in_the_next_round(
    waiting: Desk, mail_server: MailServer, known: str | None, because: Obstacle
):
    if known is not None:
        know_address(waiting.office, MICROEQUIPE, known, 1)
    outbox = Outbox(waiting.office.store, None)
    ((it,),) = outbox.to_send()
    found = outbox.opened([it])
    assert isinstance(found, Unreached)
    assert found.because is because
    hear_address(waiting.office)
    outbox.hold_back(it, found)
    waiting.round()
    assert waiting.became() == ["Due", "Sent"]
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("new_urls", ["postgresql"], indirect=True)
def test_an_address_heard_while_a_letter_is_held_back_is_newer_than_that(
    waiting: Desk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    outbox = Outbox(waiting.office.store, None)
    ((it,),) = outbox.to_send()
    found = outbox.opened([it])
    assert isinstance(found, Unreached)
    courier = Thread(target=hear_address, args=(waiting.office,))

    def while_it_is_heard(*asked: Any) -> Any:
        seen = mail_address(*asked)
        courier.start()
        until_somebody_waits(waiting.office.store)
        return seen

    with monkeypatch.context() as patched:
        patched.setattr(sender, "mail_address", while_it_is_heard)
        outbox.hold_back(it, found)
    courier.join(60)
    waiting.round()
    assert waiting.became() == ["Due", "HeldBack", "Sent"]
    assert len(mail_server.taken) == 1


def test_the_sender_looks_again_when_an_address_was_heard_since_its_look(
    waiting: Desk, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
):
    find = Outbox.opened

    def opened(outbox: Outbox, mail: Any) -> Any:
        found = find(outbox, mail)
        if isinstance(found, Unreached):
            hear_address(waiting.office)
        return found

    monkeypatch.setattr(Outbox, "opened", opened)
    assert rounds(waiting, *[nothing] * 9) == 3
    assert waiting.became() == ["Due", "Sent"]
    assert len(mail_server.taken) == 1


def test_the_letters_of_one_mail_go_together_when_an_address_is_heard_between_two_of_them(
    waiting: Desk, mail_server: MailServer
):
    outbox = Outbox(waiting.office.store, None)
    drafted(waiting.office, 2)
    outbox.take_up()
    (first,), (second,) = outbox.to_send()
    found = outbox.opened([first, second])
    assert isinstance(found, Unreached)
    outbox.hold_back(first, found)
    hear_address(waiting.office)
    outbox.hold_back(second, found)
    waiting.round()
    assert waiting.became() == ["Due", "Due", "HeldBack", "Sent", "Sent"]
    assert len(mail_server.taken) == 2


def test_a_letter_may_be_held_back_again_for_what_held_it_back_before(
    waiting: Desk, mail_server: MailServer
):
    """A second address is no better than the first; between them the server was away."""
    know_address(waiting.office, MICROEQUIPE, UNUSABLE, 1)
    waiting.round()
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}
    hear_address(waiting.office, 2)
    waiting.round()
    mail_server.behaviour.answers = {}
    know_address(waiting.office, MICROEQUIPE, UNUSABLE, 3)
    waiting.after(hours=1).round()
    hear_address(waiting.office, 4)
    waiting.round()
    assert waiting.problems == []
    assert waiting.became() == ["Due", "HeldBack", "Deferred", "HeldBack", "Sent"]


def test_a_second_address_that_is_no_better_is_tried_once_and_a_third_one_lets_it_go(
    waiting: Desk, mail_server: MailServer
):
    for number in (1, 2):
        know_address(waiting.office, MICROEQUIPE, UNUSABLE, number)
        waiting.round()
        assert Outbox(waiting.office.store, None).at_rest()
        waiting.round()
    hear_address(waiting.office, 3)
    waiting.round()
    assert waiting.became() == ["Due", "HeldBack", "HeldBack", "Sent"]
    assert len(mail_server.taken) == 1
