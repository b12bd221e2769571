"""Mail that waits: who has to look is told once a day, a known sender at once what is wrong."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pikepdf
import pytest

from services.kernel.deciding import Deciding, Occasion
from services.notify.letter import Letter, letter_id
from services.notify.mail import Route
from services.notify.notice import Kind
from services.notify.post_in.receiving import note_too_large
from services.notify.post_out.outbox import Outbox
from services.notify.service import NotifyService
from services.notify.waiting import ANSWERS_A_DAY
from tests.notify.post_in import papers, places
from tests.notify.post_in.papers import STRANGER, form, mail
from tests.review.moments import MANAGER, by, person
from tests.review.office import Office

pytestmark = pytest.mark.mail

FRIDAY, MONDAY, TUESDAY = date(2026, 6, 5), date(2026, 6, 8), date(2026, 6, 9)
SCAN = papers.form(None, {})
AUTHSERV = "mx.rete.example"
SENDER = person(3)


@pytest.fixture
def office(lead: Office) -> Office:
    """On Friday 5 June; the days before are closed, one sender is known."""
    places.know(lead, SENDER)
    lead.begin_days()
    lead.live_until(FRIDAY)
    return lead


def came(office: Office, *mails: bytes) -> None:
    for raw in mails:
        places.received(office, raw)
    places.sort_all(office, places.settings(authserv=AUTHSERV))


def told(office: Office, what: Kind) -> list[dict[str, Any]]:
    notices = [state for _, state in office.facts("notify.NoticeRecorded")]
    return [each for each in notices if each["what"] == what.value]


def looks(office: Office) -> list[tuple[str, int]]:
    """Day and number of each notice that mail waits; all go to the manager."""
    found = told(office, Kind.MAIL_WAITING)
    assert {each["recipient"] for each in found} <= {"lead:project_manager"}
    return [(each["on"], each["subject"]["number"]) for each in found]


def junk(number: int) -> bytes:
    return mail(sender=STRANGER, message_id=f"<{number}@altrove.example>")


def settle_all(office: Office) -> None:
    manager = by(MANAGER, "project_manager")
    waits = office.call(NotifyService, "mailbox", manager, standing="waiting")["mails"]
    for each in waits:
        office.call(NotifyService, "settle_mail", manager, mail=each["mail"], what="Visto")


# who has to look


def test_who_has_to_look_is_told_when_the_first_mail_waits(office: Office):
    came(office, junk(1))
    assert looks(office) == [("2026-06-05", 1)]


def test_a_flood_is_told_once_a_day(office: Office):
    came(office, *map(junk, range(20)))
    assert looks(office) == [("2026-06-05", 1)]


def test_what_still_waits_is_told_again_on_the_next_working_day_with_how_many(office: Office):
    came(office, *map(junk, range(3)))
    office.live_until(TUESDAY)
    assert looks(office) == [("2026-06-05", 1), ("2026-06-08", 3), ("2026-06-09", 3)]


def test_a_mail_that_comes_later_on_such_a_day_is_told_on_the_next(office: Office):
    came(office, junk(1))
    office.live_until(MONDAY)
    came(office, junk(2))
    office.live_until(TUESDAY)
    assert looks(office) == [("2026-06-05", 1), ("2026-06-08", 1), ("2026-06-09", 2)]


def test_on_a_sunday_the_first_that_waits_is_told_at_once(office: Office):
    office.live_until(date(2026, 6, 7))
    came(office, junk(1))
    assert looks(office) == [("2026-06-07", 1)]


def test_when_nothing_waits_nobody_is_told(office: Office):
    came(office, junk(1))
    settle_all(office)
    office.live_until(TUESDAY)
    assert looks(office) == [("2026-06-05", 1)]


def test_days_that_were_missed_are_told_once(office: Office):
    came(office, junk(1), junk(2))
    office.day = TUESDAY - timedelta(days=1)
    office.clock.at += timedelta(days=4)
    office.live_until(TUESDAY)
    assert looks(office) == [("2026-06-05", 1), ("2026-06-09", 2)]


def test_a_mail_too_large_to_be_kept_is_told(office: Office):
    note_too_large(office.store, b"From: a@b.example\r\n", 1 << 30, Route.IMAP, office.clock.at)
    assert looks(office) == [("2026-06-05", 1)]


@pytest.mark.parametrize("raw", [mail(form()), mail(Auto_Submitted="auto-replied")])
def test_what_does_not_wait_is_not_told(office: Office, raw: bytes):
    came(office, raw)
    office.live_until(MONDAY)
    assert looks(office) == []


# who sent it


TO_MEND = {
    "nothing attached": (lambda: mail(), "no_form", {}),
    "a scan": (lambda: mail(SCAN), "no_form", {"code": "pdf"}),
    "a photo": (lambda: mail(b"\xff\xd8\xff..."), "no_form", {"code": "jpeg"}),
    "two forms": (lambda: mail(form(), form(papers.PARTNERS)), "several_forms", {}),
    "an empty file": (lambda: mail(b""), "form_unreadable", {"code": "empty"}),
    "a locked file": (
        lambda: mail(form(encryption=pikepdf.Encryption(user="segreto", owner="altro"))),
        "form_unreadable",
        {"code": "encrypted"},
    ),
    "an edited reference": (lambda: mail(form("Via Roma 1")), "reference_unreadable", {}),
    "nobody's form": (
        lambda: mail(form("ovest/OVEST-7K3M9Q-8/1/1")),
        "unknown_organisation",
        {},
    ),
}


@pytest.mark.parametrize("name", TO_MEND)
def test_a_known_sender_hears_at_once_what_is_wrong_and_the_mail_waits(office: Office, name: str):
    make, kind, facts = TO_MEND[name]
    came(office, make())
    (answer,) = told(office, Kind.FORM_NOT_READ)
    assert answer["recipient"] == str(SENDER)
    assert answer["reasons"] == [{"kind": kind, "facts": facts}]
    assert answer["cause"] == answer["mail"]
    assert answer["on"] == "2026-06-05"
    assert [each for each, _, _ in places.became(office)] == ["MailLeftToAPerson"]
    assert looks(office) == [("2026-06-05", 1)]


def test_the_same_mail_again_is_answered_once(office: Office):
    raw = mail(SCAN)
    came(office, raw)
    came(office, raw)
    assert len(told(office, Kind.FORM_NOT_READ)) == 1


def test_the_mailbox_shows_who_was_answered(office: Office):
    came(office, mail(SCAN), junk(1))
    manager = by(MANAGER, "project_manager")
    mails = office.call(NotifyService, "mailbox", manager)["mails"]
    assert [(each["person"], each["answered"]) for each in mails] == [
        (None, False),
        (str(SENDER), True),
    ]


NOT_ANSWERED = {
    "an unknown sender": mail(SCAN, sender=STRANGER),
    "two senders": b"From: altro@c.example\r\n" + mail(SCAN),
    "a spoofed sender": b"Authentication-Results: mx.rete.example; dmarc=fail\r\n" + mail(SCAN),
    "our own address": mail(SCAN, sender=papers.DEDICATED),
    "an automatic reply": mail(SCAN, Auto_Submitted="auto-replied"),
    "an automatic mail with a form": mail(form(), Auto_Submitted="auto-generated"),
    "list mail": mail(SCAN, List_Id="<lista>"),
    "a bounce": b"Return-Path: <>\r\n" + mail(SCAN),
    "more than is read": papers.many_addresses(20_000),
    "a form that is in order": mail(form()),
}


@pytest.mark.parametrize("name", NOT_ANSWERED)
def test_nobody_else_is_answered(office: Office, name: str):
    came(office, NOT_ANSWERED[name])
    assert len(places.became(office)) == 1
    assert told(office, Kind.FORM_NOT_READ) == []


def test_a_person_is_answered_so_often_in_a_day_and_no_more(office: Office):
    mails = [mail(SCAN, message_id=f"<{each}@x>") for each in range(ANSWERS_A_DAY + 2)]
    came(office, *mails)
    assert len(told(office, Kind.FORM_NOT_READ)) == ANSWERS_A_DAY
    assert len(places.became(office)) == ANSWERS_A_DAY + 2
    office.live_until(MONDAY)
    came(office, mail(SCAN, message_id="<later@x>"))
    assert len(told(office, Kind.FORM_NOT_READ)) == ANSWERS_A_DAY + 1


# a letter of ours is replied to


def reply(office: Office, *attached: bytes, letter: Any = None) -> bytes:
    """A reply to *letter*, or to the letter that answered the first mail."""
    if letter is None:
        came(office, mail(SCAN, message_id="<first@x>"))
        letter = written(office)
    header = {"In_Reply_To": f"<{letter}@rete.example>"}
    return mail(*attached, message_id="<reply@x>", text="Grazie, rimedio domani.", **header)


def written(office: Office) -> UUID:
    """The letter that answers the first mail, as the outbox makes it."""
    Outbox(office.store, since=None).take_up()
    (answer,) = told(office, Kind.FORM_NOT_READ)
    return letter_id(UUID(answer["cause"]), Kind.FORM_NOT_READ, SENDER)


def test_words_that_reply_to_a_letter_of_ours_are_read_by_a_person_and_not_answered(
    office: Office,
):
    came(office, reply(office))
    assert len(told(office, Kind.FORM_NOT_READ)) == 1
    assert len(places.became(office)) == 2


def test_words_that_reply_to_a_digest_are_not_answered(office: Office):
    digest = UUID(int=12)

    def gather(deciding: Deciding) -> None:
        letter = deciding.edit(Letter, written_to)
        letter.gather(digest, by=deciding.actor, on=deciding.today)

    came(office, mail(SCAN, message_id="<first@x>"))
    written_to = written(office)
    office.store.decide(Occasion(digest, "test", "test", by(MANAGER, "project_manager")), gather)
    came(office, reply(office, letter=digest))
    assert len(told(office, Kind.FORM_NOT_READ)) == 1


def test_a_reply_that_attaches_something_is_answered(office: Office):
    came(office, reply(office, SCAN))
    assert len(told(office, Kind.FORM_NOT_READ)) == 2


def test_a_reply_to_somebody_else_is_answered(office: Office):
    """Mail programs make ids that look like ours."""
    came(office, reply(office, letter="6f1c0d0e-0000-5000-8000-000000000007"))
    assert len(told(office, Kind.FORM_NOT_READ)) == 1
