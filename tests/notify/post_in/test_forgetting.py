"""A family is erased: the mails that brought its forms cannot be read any more, early or late."""

import threading
import time
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.kernel.store import Store
from services.kernel.tables import erasures, vault, vault_keys
from services.notify import forgetting
from services.notify.notice import Kind
from services.notify.post_in import deciding as post_in_deciding
from services.notify.service import NotifyService
from tests.notify.post_in import papers, places
from tests.notify.post_in.papers import STRANGER, form, mail
from tests.review.moments import MANAGER, by, person
from tests.review.office import Office

pytestmark = pytest.mark.mail

OURS, NEIGHBOURS = "LEAD-7K3M9Q-8", "NORD-2X8W5T-R"
MANAGER_ACTS = by(MANAGER, "project_manager")
BOTH = (form(), form(papers.PARTNERS))
SENDER = person(3)


@pytest.fixture
def office(lead: Office) -> Office:
    places.know(lead, SENDER)
    return lead


def came(office: Office, raw: bytes, sort: bool = True) -> UUID:
    kept = places.received(office, raw)
    if sort:
        places.sort_all(office, places.settings(authserv="mx.rete.example"))
    return kept


def erase(office: Office, family: str = OURS) -> None:
    body = {"family": family, "on": "2026-06-01"}
    office.hear("intake/family_erased.v1", body, family.split("-")[0].lower())


def readable(office: Office, subject: UUID) -> list[str]:
    """The kinds of what the vault can open about *subject*; without its key nothing."""
    with office.store.database.reading() as connection:
        kinds = connection.scalars(select(vault.c.kind).where(vault.c.subject == subject))
        keys = select(func.count()).where(vault_keys.c.subject == subject)
        found = sorted(kinds)
        assert bool(found) == bool(connection.scalar(keys))
        return found


def forgotten(office: Office, subject: UUID) -> bool:
    with office.store.database.reading() as connection:
        query = select(erasures.c.subject).where(erasures.c.subject == subject)
        return connection.execute(query).first() is not None


def standing(office: Office, id: UUID) -> tuple[str, str | None]:
    mails = office.call(NotifyService, "mailbox", MANAGER_ACTS)["mails"]
    (found,) = (each for each in mails if each["mail"] == str(id))
    return found["standing"], found["why"]


def told(office: Office, what: Kind) -> list[dict[str, Any]]:
    notices = [state for _, state in office.facts("notify.NoticeRecorded")]
    return [each for each in notices if each["what"] == what.value]


BROUGHT = {
    "a form that was taken": (mail(form()), None),
    "a form that waits": (mail(form(), sender=STRANGER), "unknown_sender"),
    "one of several forms": (mail(*BOTH), "several_forms"),
    "a form in an automatic mail": (
        mail(form(), Auto_Submitted="auto-generated"),
        "automatic_with_form",
    ),
    "a form in a mail of ours": (mail(form(), sender=papers.DEDICATED), "own_address"),
    "a form in a mail that came back": (b"Return-Path: <>\r\n" + mail(form()), "bounce"),
}


@pytest.mark.parametrize("name", BROUGHT)
def test_a_mail_that_brought_its_form_cannot_be_read_after_the_erasure(office: Office, name: str):
    raw, why = BROUGHT[name]
    id = came(office, raw)
    neighbours = came(office, mail(form(papers.PARTNERS), message_id="<other@x>"))
    assert "mail" in readable(office, id)
    before = readable(office, neighbours)
    erase(office)
    assert readable(office, id) == []
    assert forgotten(office, id)
    assert readable(office, stream_id("family", OURS)) == []
    assert standing(office, id) == ("erased", why)
    assert readable(office, neighbours) == before == ["mail", "mail_head"]
    erase(office)
    assert len(office.facts("notify.MailErased")) == 1


def test_an_erased_mail_waits_for_nobody(office: Office):
    id = came(office, mail(form(), sender=STRANGER))
    erase(office)
    assert office.call(NotifyService, "mailbox", MANAGER_ACTS)["waiting"] == 0
    decisions = (
        ("admit_mail", {"person": str(SENDER)}, "NotWaiting"),
        ("settle_mail", {"what": "x"}, "Erased"),
    )
    for method, words, refused in decisions:
        with pytest.raises(Refused) as refusal:
            office.call(NotifyService, method, MANAGER_ACTS, mail=str(id), **words)
        assert refusal.value.kind == refused


def test_a_form_that_a_person_admitted_is_erased_like_others(office: Office):
    id = came(office, mail(form(), sender=STRANGER))
    words = {"mail": str(id), "person": str(SENDER)}
    office.call(NotifyService, "admit_mail", MANAGER_ACTS, **words)
    erase(office)
    assert readable(office, id) == []
    assert standing(office, id)[0] == "erased"


def test_what_a_person_wrote_about_it_is_destroyed_with_it(office: Office):
    id = came(office, mail(form(), sender=STRANGER))
    words = {"mail": str(id), "what": "Ho telefonato"}
    office.call(NotifyService, "settle_mail", MANAGER_ACTS, **words)
    assert readable(office, id) == ["mail", "mail_head", "settled"]
    erase(office)
    assert readable(office, id) == []


def test_a_mail_without_a_form_is_left_alone(office: Office):
    id = came(office, mail(papers.form(None, {})))
    erase(office)
    assert readable(office, id) == ["mail", "mail_head"]


LATE = {
    "a form": (mail(form()), "family_erased", True),
    "a form of an unknown sender": (mail(form(), sender=STRANGER), "family_erased", False),
    "a form of somebody else's sender": (
        b"Authentication-Results: mx.rete.example; dmarc=fail\r\n" + mail(form()),
        "family_erased",
        False,
    ),
    "one of several forms": (mail(*reversed(BOTH)), "family_erased", True),
    "a form in an automatic mail": (
        mail(form(), Auto_Submitted="auto-generated"),
        "family_erased",
        False,
    ),
    "a form in a mail of ours": (mail(form(), sender=papers.DEDICATED), "own_address", False),
}


@pytest.mark.parametrize("unsorted", [False, True], ids=["came later", "was sorted later"])
@pytest.mark.parametrize("name", LATE)
def test_a_mail_that_is_sorted_after_the_erasure_is_destroyed(
    office: Office, name: str, unsorted: bool
):
    raw, why, answered = LATE[name]
    if unsorted:
        came(office, raw, sort=False)
    erase(office)
    id = came(office, raw)
    assert readable(office, id) == []
    assert readable(office, stream_id("family", OURS)) == []
    assert standing(office, id) == ("erased", why)
    assert [each["recipient"] for each in told(office, Kind.FORM_REFUSED)] == [
        str(SENDER)
    ] * answered
    assert told(office, Kind.MAIL_WAITING) == []
    assert list(office.told("lead")) == []
    came(office, raw)
    assert readable(office, id) == []


def test_a_known_sender_hears_that_the_form_is_of_no_use_any_more(office: Office):
    erase(office)
    id = came(office, mail(form()))
    (answer,) = told(office, Kind.FORM_REFUSED)
    assert answer["reasons"] == [{"kind": "form_erased", "facts": {}}]
    assert answer["subject"]["family"] == OURS
    assert answer["mail"] == str(id)


def until_somebody_waits(store: Store) -> None:
    """Return when a transaction waits for a lock of the database."""
    end = time.monotonic() + 20
    query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while time.monotonic() < end:
        with store.database.reading() as connection:
            if connection.scalar(query):
                return
    raise AssertionError("nobody waits for a lock")


@pytest.mark.parametrize("new_urls", ["postgresql"], indirect=True)
@pytest.mark.parametrize("first", ["sorting", "erasing"])
def test_a_mail_that_is_sorted_while_the_family_is_erased_is_destroyed(
    either: Office, monkeypatch: pytest.MonkeyPatch, first: str
):
    """While one of the two decides, the other one begins, and waits for its turn."""
    raw = mail(*BOTH)
    id = came(either, raw, sort=False)
    acts = {"sorting": lambda: came(either, raw), "erasing": lambda: erase(either)}
    (other,) = (act for name, act in acts.items() if name != first)
    module, name = {
        "sorting": (post_in_deciding, "leave_to_a_person"),
        "erasing": (forgetting, "mails_of"),
    }[first]
    real, begun = getattr(module, name), threading.Thread(target=other)

    def meanwhile(*words: Any, **named: Any) -> Any:
        if not begun.ident:
            begun.start()
            until_somebody_waits(either.store)
        return real(*words, **named)

    monkeypatch.setattr(module, name, meanwhile)
    acts[first]()
    begun.join(60)
    assert not begun.is_alive()
    assert readable(either, id) == []
    assert forgotten(either, id)
    assert standing(either, id)[0] == "erased"
