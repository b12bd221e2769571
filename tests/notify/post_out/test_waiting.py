"""When the sender looks: after something was written, on a new day, and when a pause is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from services.kernel.lease import Lease
from services.notify.post_out.sending import Sender
from tests.notify.post_out.conftest import Desk, drafted
from tests.notify.post_out.mail_server import MailServer


def nothing() -> None:
    """Time passes."""


class Polls:
    """In the place of the sender's pauses: what happens in each, until all has."""

    def __init__(self, *happens: Callable[[], object]) -> None:
        self.left = list(happens)

    def is_set(self) -> bool:
        return not self.left

    def wait(self, seconds: float) -> None:
        self.left.pop(0)()


def rounds(desk: Desk, *happens: Callable[[], object]) -> int:
    """How often the sender looked, which looks once before anything *happens*."""

    class Counting(Sender):
        looked = 0

        def one_round(self, *words: Any) -> None:
            self.looked += 1
            super().one_round(*words)

    sender = Counting(desk.office.store, desk.settings, 0.1, now=lambda: desk.real)
    polls: Any = Polls(*happens)
    sender._stopping = polls
    with sender.ledger() as ledger:
        sender._work(ledger)
    return sender.looked


def test_it_looks_once_as_long_as_nobody_writes(desk: Desk) -> None:
    assert rounds(desk, *[nothing] * 9) == 1


def test_it_looks_after_something_was_written_and_after_what_it_wrote_itself(
    desk: Desk, mail_server: MailServer
) -> None:
    assert rounds(desk, nothing, lambda: drafted(desk.office), *[nothing] * 9) == 3
    assert len(mail_server.taken) == 1


def test_it_does_not_look_after_what_is_not_in_the_log(desk: Desk) -> None:
    lease = Lease(desk.office.store.database, "of-the-test", 1.0)
    assert rounds(desk, nothing, lease.hold, *[nothing] * 3) == 1


def test_it_looks_on_a_new_day(desk: Desk) -> None:
    def tomorrow() -> None:
        desk.office.clock.at += timedelta(days=1)

    assert rounds(desk, nothing, tomorrow, *[nothing] * 9) == 2


@pytest.mark.parametrize(
    ("passes", "looks"),
    [
        (timedelta(seconds=59), 2),
        (timedelta(seconds=60), 4),
        (timedelta(seconds=61), 4),
    ],
)
def test_it_looks_at_a_letter_that_failed_when_its_pause_is_over(
    one_letter: Desk, mail_server: MailServer, passes: timedelta, looks: int
) -> None:
    """After each try that failed it looks once more; one pause is the rest of the server."""

    def later() -> None:
        one_letter.real += passes

    mail_server.stop()
    assert rounds(one_letter, *[nothing] * 3, later, *[nothing] * 3) == looks
