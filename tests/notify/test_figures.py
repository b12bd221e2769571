"""What waits, in figures: each state counted, the oldest in seconds, nothing when nothing waits."""

from datetime import timedelta

import pytest

from services.console.post import COLUMNS, figures_of, post_table
from services.notify.figures import letter_figures, mail_figures
from services.notify.letter import GivenUpBecause, Obstacle
from services.notify.post_out.outbox import Outbox, Unreached
from services.notify.service import NotifyService
from tests.notify.post_in import places
from tests.notify.post_in.papers import STRANGER, form, mail
from tests.notify.post_out.conftest import drafted
from tests.review.moments import MANAGER, by
from tests.review.office import Office

NOTHING = dict.fromkeys(
    [
        "mail_to_sort",
        "mail_to_sort_oldest_seconds",
        "mail_waiting",
        "mail_waiting_oldest_seconds",
        "letters_due",
        "letters_deferred",
        "letters_held_back",
        "letters_uncertain",
        "letters_given_up",
        "letters_oldest_due_seconds",
        "letters_unaddressed",
    ],
    0,
)


def later(office: Office, **time: float) -> None:
    office.clock.at += timedelta(**time)


def found(office: Office) -> dict[str, float]:
    """The figures that are not 0."""
    return {name: value for name, value in figures_of(office.store).items() if value}


def came(office: Office, number: int, **words: str) -> None:
    places.received(office, mail(form(), message_id=f"<{number}@x>", **words))


def test_where_nothing_waits_every_figure_is_0(lead: Office):
    assert figures_of(lead.store) == NOTHING
    names = [each.name for each in (*mail_figures(lead.store), *letter_figures(lead.store))]
    assert len(names) == len(set(names))


def test_mail_is_to_sort_until_it_is_sorted(lead: Office):
    came(lead, 1)
    later(lead, seconds=40)
    came(lead, 2)
    later(lead, seconds=2)
    assert found(lead) == {"mail_to_sort": 2, "mail_to_sort_oldest_seconds": 42}
    places.know(lead)
    places.sort_all(lead, places.settings())
    assert found(lead) == {}


def test_mail_waits_for_a_person_until_it_is_settled(lead: Office):
    for number in (1, 2):
        came(lead, number, sender=STRANGER)
        places.sort_all(lead, places.settings())
        later(lead, hours=1)
    waits = {name: value for name, value in found(lead).items() if name.startswith("mail")}
    assert waits == {"mail_waiting": 2, "mail_waiting_oldest_seconds": 7_200}
    manager = by(MANAGER, "project_manager")
    for each in lead.call(NotifyService, "mailbox", manager)["mails"]:
        lead.call(NotifyService, "settle_mail", manager, mail=each["mail"], what="Visto")
    assert "mail_waiting" not in found(lead)


@pytest.fixture
def outbox(lead: Office) -> Outbox:
    """Three letters are due, since an hour, two minutes and one minute."""
    outbox = Outbox(lead.store, since=None)
    for number, time in ((1, 3480), (2, 60), (3, 60)):
        drafted(lead, number)
        outbox.take_up()
        later(lead, seconds=time)
    return outbox


def test_letters_are_due_since_the_oldest(lead: Office, outbox: Outbox):
    assert found(lead) == {"letters_due": 3, "letters_oldest_due_seconds": 3_600}


def test_a_letter_that_was_put_off_is_still_to_be_sent(lead: Office, outbox: Outbox):
    [first], [second], [third] = outbox.to_send()
    outbox.deferred(first, 1, "451")
    for each in (second, third):
        outbox.sent(each, "250")
    assert found(lead) == {"letters_deferred": 1, "letters_oldest_due_seconds": 3_600}


def test_what_waits_for_a_person_is_counted_by_what_is_wrong(lead: Office, outbox: Outbox):
    [first], [second], [third] = outbox.to_send()
    outbox.uncertain(first)
    outbox.given_up(second, GivenUpBecause.REFUSED, "550")
    outbox.hold_back(third, Unreached(Obstacle.NO_ADDRESS, None))
    assert found(lead) == {
        "letters_uncertain": 1,
        "letters_given_up": 1,
        "letters_held_back": 1,
    }


def test_a_notice_that_reaches_nobody_is_counted(lead: Office):
    came(lead, 1, sender=STRANGER)
    places.sort_all(lead, places.settings())
    Outbox(lead.store, since=None).take_up()
    assert found(lead)["letters_unaddressed"] == 1


def test_the_table_shows_every_figure_and_a_dash_for_nothing(lead: Office):
    shown = {name for _, names, age in COLUMNS for name in (*names, age) if name}
    assert shown == NOTHING.keys() - {"letters_unaddressed"}
    few = NOTHING | {"mail_waiting": 2, "mail_waiting_oldest_seconds": 90.4, "letters_given_up": 1}
    columns = post_table({"lead": few}).columns
    assert [next(iter(column.cells)) for column in columns] == [
        *("lead", "–", "2 (oldest 90 s)", "–", "–", "1"),
    ]
