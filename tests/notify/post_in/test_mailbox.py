"""Who may see what came and what became of it; what a person decides about what waits."""

import pytest

from services.kernel.refusal import Refused
from services.notify.service import NotifyService
from tests.notify.post_in import papers, places
from tests.notify.post_in.papers import LEAD_MEMBER, STRANGER, form, mail
from tests.review.moments import CASE_1, MANAGER, by, person
from tests.review.moments import STRANGER as SOMEBODY
from tests.review.office import Office

pytestmark = pytest.mark.mail

MANAGER_ACTS = by(MANAGER, "project_manager")


@pytest.fixture
def office(lead: Office) -> Office:
    """One form of a known sender, one of an unknown one, a bounce."""
    places.know(lead)
    places.received(lead, mail(form(), message_id="<1@x>"))
    places.received(lead, mail(form(), message_id="<2@x>", sender=STRANGER))
    places.received(lead, mail(message_id="<3@x>", Auto_Submitted="auto-replied"))
    places.sort_all(lead, places.settings())
    return lead


def ask(office: Office, method: str, actor=MANAGER_ACTS, **words):
    return office.call(NotifyService, method, actor, **words)


def waiting(office: Office) -> str:
    [found] = ask(office, "mailbox", standing="waiting")["mails"]
    return found["mail"]


def test_the_newest_comes_first_and_what_waits_is_counted(office: Office):
    told = ask(office, "mailbox")
    assert told["waiting"] == 1
    assert [(each["standing"], each["why"]) for each in told["mails"]] == [
        ("set_aside", "auto_reply"),
        ("waiting", "unknown_sender"),
        ("form_received", None),
    ]
    assert told["mails"][2]["person"] == str(person(3))
    assert told["mails"][2]["reference"] == papers.REFERENCE
    assert "@" not in str(told)


def test_it_is_asked_by_day_and_by_number(office: Office):
    assert len(ask(office, "mailbox", since="2026-06-01")["mails"]) == 3
    assert ask(office, "mailbox", since="2026-06-02")["mails"] == []
    assert len(ask(office, "mailbox", most=1)["mails"]) == 1


def test_the_sender_is_shown_to_who_has_to_act(office: Office):
    head = ask(office, "mail", mail=waiting(office))["head"]
    assert (head["from"], head["subject"]) == (STRANGER, "Proposta di patto")
    assert head["attachments"][0].startswith("pdf ")


@pytest.mark.parametrize(
    ("method", "role"),
    [
        ("mailbox", "case_manager"),
        ("mail", "auditor"),
        ("admit_mail", "auditor"),
        ("settle_mail", "microequipe_lead"),
    ],
)
def test_others_may_not(office: Office, method: str, role: str):
    before = office.facts()
    words = {
        "mailbox": {},
        "mail": {"mail": waiting(office)},
        "admit_mail": {"mail": waiting(office), "person": str(CASE_1)},
        "settle_mail": {"mail": waiting(office), "what": "x"},
    }
    with pytest.raises(Refused) as refusal:
        ask(office, method, by(SOMEBODY, role), **words[method])
    assert refusal.value.kind == "RoleWithoutRight"
    assert office.facts() == before


def test_a_form_that_a_person_admits_is_told_to_who_issued_it(office: Office):
    told = len(list(office.told("lead")))
    ask(office, "admit_mail", mail=waiting(office), person=str(person(3)))
    contract, body = list(office.told("lead"))[told]
    assert contract == "notify/form_received.v1"
    assert body["sender"] == str(person(3))
    assert body["sent_at"] == "2026-06-01T10:00:00Z"
    assert ask(office, "mailbox")["waiting"] == 0


def test_what_a_person_settles_waits_no_more(office: Office):
    ask(office, "settle_mail", mail=waiting(office), what="Ho telefonato: non era per noi")
    assert ask(office, "mailbox")["waiting"] == 0
    assert "telefonato" not in str(office.facts())
    with pytest.raises(Refused) as refusal:
        ask(office, "settle_mail", mail=ask(office, "mailbox")["mails"][1]["mail"], what="x")
    assert refusal.value.kind == "NotWaiting"


def test_known_means_from_the_newest_address(office: Office):
    assert LEAD_MEMBER not in str(office.facts())
