"""What the endpoint takes is kept and sorted, on SQLite and on PostgreSQL alike."""

import smtplib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from services.notify.post_in.settings import PostIn
from services.notify.service import NotifyService
from tests.notify.post_in import papers, places
from tests.notify.post_in.papers import DEDICATED, LEAD_MEMBER, STRANGER, form, mail
from tests.review.moments import MANAGER, by, person
from tests.review.office import Office

pytestmark = [pytest.mark.slow, pytest.mark.mail]
PAPER = form()
MANAGER_ACTS = by(MANAGER, "project_manager")


@pytest.fixture
def office(either: Office) -> Office:
    places.know(either)
    return either


def send(post: PostIn, raw: bytes) -> None:
    assert post.smtp is not None
    with smtplib.SMTP(*post.smtp, timeout=60) as client:
        client.sendmail(LEAD_MEMBER, [DEDICATED], raw)


def mailbox(office: Office, **words: Any) -> list[dict[str, Any]]:
    mails: list[dict[str, Any]] = office.call(NotifyService, "mailbox", MANAGER_ACTS, **words)[
        "mails"
    ]
    return mails


def test_a_form_is_kept_as_it_came_sorted_and_said(office: Office):
    post, raw = places.settings(), mail(PAPER)
    with places.endpoint(office, post):
        for _ in range(3):
            send(post, raw)
    assert places.kept(office) == 1
    assert places.raw_of(office) == f"Return-Path: <{LEAD_MEMBER}>\r\n".encode() + raw
    assert places.sort_all(office, post) == 1
    assert places.became(office) == [("FormReceived", None, None)]
    assert places.in_vault(office) == ["form", "mail", "mail_head"]
    assert [contract for contract, _ in office.told("lead")] == ["notify/form_received.v1"]
    (found,) = mailbox(office)
    assert (found["standing"], found["person"]) == ("form_received", str(person(3)))
    assert found["sent_at"] == "2026-06-01T10:00:00Z"


def test_a_large_mail_is_kept_to_the_last_byte(office: Office):
    post, raw = places.settings(), papers.sized(25 << 20, PAPER)
    with places.endpoint(office, post):
        send(post, raw)
    assert places.raw_of(office).endswith(raw)
    assert places.sort_all(office, post) == 1
    assert places.became(office) == [("FormReceived", None, None)]


def test_many_at_once_are_kept_each_once(office: Office):
    """Twenty senders, of whom each sends the mail of another one, too."""
    post = places.settings()
    mails = [mail(PAPER, message_id=f"<{number}@x>") for number in range(20)]
    with places.endpoint(office, post), ThreadPoolExecutor(20) as senders:
        list(senders.map(lambda raw: send(post, raw), [*mails, *reversed(mails)]))
    assert places.kept(office) == 20
    places.sort_all(office, post)
    assert places.became(office) == [("FormReceived", None, None)] * 20


def test_what_waits_is_told_answered_settled_and_admitted(office: Office):
    post = places.settings()
    for number, (attached, sender) in enumerate(
        [((PAPER,), STRANGER), ((), LEAD_MEMBER), ((), STRANGER)]
    ):
        places.received(office, mail(*attached, sender=sender, message_id=f"<{number}@x>"))
    places.sort_all(office, post)
    assert [state["what"] for _, state in office.facts("notify.NoticeRecorded")] == [
        "mail_waiting",
        "form_not_read",
    ]
    words, answered, admitted = mailbox(office, standing="waiting")
    assert (words["answered"], answered["answered"]) == (False, True)
    settle = {"mail": words["mail"], "what": "Pubblicità"}
    office.call(NotifyService, "settle_mail", MANAGER_ACTS, **settle)
    admit = {"mail": admitted["mail"], "person": str(person(3))}
    office.call(NotifyService, "admit_mail", MANAGER_ACTS, **admit)
    assert [each["standing"] for each in mailbox(office)] == [
        "settled",
        "waiting",
        "form_received",
    ]
    assert [body["sender"] for _, body in office.told("lead")] == [str(person(3))]
