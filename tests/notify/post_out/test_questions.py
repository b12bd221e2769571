"""What was sent, what failed, what waits for a person; and what a person does about it."""

from typing import Any
from uuid import UUID

import pytest

from services.console.history import history
from services.console.sentences import sentence
from services.kernel.refusal import Refused
from services.notify.letter import letter_id
from services.notify.notice import Kind
from services.notify.service import NotifyService
from tests.notify.post_out.conftest import OURS, Desk, docket, drafted
from tests.notify.post_out.mail_server import MailServer
from tests.review.moments import CASE_1, MANAGER, MICROEQUIPE, by
from tests.review.office import Office


def asked(office: Office, method: str, role: str = "project_manager", **words: Any) -> Any:
    return office.call(NotifyService, method, by(MANAGER, role), **words)


@pytest.fixture
def doubtful(one_letter: Desk, mail_server: MailServer) -> Desk:
    """A letter of which nobody knows."""
    mail_server.behaviour.cut = "DOT"
    one_letter.round()
    mail_server.behaviour.cut = None
    return one_letter


def the_letter(desk: Desk) -> str:
    (found,) = asked(desk.office, "letters")["letters"]
    return str(found["letter"])


def test_a_notice_says_what_became_of_its_letters(desk: Desk, mail_server: MailServer):
    cause = docket(desk.office)
    day = {"day": "2026-06-01"}
    assert [each["status"] for each in asked(desk.office, "notices", **day)["notices"]] == [
        "recorded",
        "recorded",
    ]
    mail_server.behaviour.answers = {"RCPT": ["550 no"]}
    desk.round()
    notices = asked(desk.office, "notices", **day)["notices"]
    assert [(each["status"], each["letters"]) for each in notices] == [
        (
            "addressed",
            [
                {
                    "letter": str(letter_id(cause, Kind.DOCKET_SET, who)),
                    "person": str(who),
                    "state": state,
                }
            ],
        )
        for who, state in ((MANAGER, "given_up"), (CASE_1, "sent"))
    ]


def test_letters_are_listed_and_counted(desk: Desk, mail_server: MailServer):
    drafted(desk.office, 1)
    drafted(desk.office, 2)
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}
    desk.round()
    answer = asked(desk.office, "letters")
    assert answer["counts"] == {"deferred": 1, "sent": 1}
    assert [each["state"] for each in answer["letters"]] == ["sent", "deferred"]
    (deferred,) = asked(desk.office, "letters", state="deferred")["letters"]
    assert deferred["kind"] == "pact_drafted"
    assert deferred["person"] == str(MICROEQUIPE)
    assert (deferred["because"], deferred["attempts"], deferred["on"]) == ("451", 1, "2026-06-01")
    assert asked(desk.office, "letters", day="2026-06-02")["letters"] == []


def test_a_notice_to_a_role_that_nobody_holds_is_seen(lead: Office):
    docket(lead)
    (waiting,) = asked(lead, "letters")["unaddressed"]
    assert UUID(waiting)


def test_a_person_finds_that_a_letter_was_sent(doubtful: Desk, mail_server: MailServer):
    asked(doubtful.office, "letter_was_sent", letter=the_letter(doubtful))
    doubtful.round()
    assert doubtful.became() == ["Due", "Uncertain", "FoundSent"]
    assert len(mail_server.taken) == 1
    with pytest.raises(Refused, match="sent"):
        asked(doubtful.office, "letter_was_sent", letter=the_letter(doubtful))


def test_a_person_lets_a_letter_be_sent_again_under_the_same_name(
    doubtful: Desk, mail_server: MailServer
):
    asked(doubtful.office, "send_letter_again", letter=the_letter(doubtful))
    doubtful.round()
    doubtful.round()
    assert doubtful.became() == ["Due", "Uncertain", "SendAgainAsked", "Sent"]
    one, two = mail_server.mails()
    assert one["Message-ID"] == two["Message-ID"]
    assert doubtful.ledger() == ["handing", "handing", "taken 250-2.0.0"]


def test_a_letter_that_was_given_up_can_be_sent_again(one_letter: Desk, mail_server: MailServer):
    mail_server.behaviour.answers = {"RCPT": ["550 no"]}
    one_letter.round()
    asked(one_letter.office, "send_letter_again", letter=the_letter(one_letter))
    one_letter.round()
    assert one_letter.became() == ["Due", "GivenUp", "SendAgainAsked", "Sent"]


@pytest.mark.parametrize("method", ["letters", "letter_was_sent", "send_letter_again"])
def test_only_who_has_the_right_may_ask(lead: Office, method: str):
    words = {} if method == "letters" else {"letter": str(UUID(int=1))}
    with pytest.raises(Refused, match="project_manager"):
        asked(lead, method, "case_manager", **words)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("letters", {"state": "lost"}),
        ("letters", {"day": "ieri"}),
        ("letter_was_sent", {"letter": "x"}),
        ("send_letter_again", {"letter": str(UUID(int=1))}),
    ],
)
def test_words_of_the_wrong_shape_are_refused(lead: Office, method: str, words: dict[str, str]):
    with pytest.raises(Refused):
        asked(lead, method, **words)


def test_what_became_of_a_letter_stands_in_the_familys_history(
    one_letter: Desk, mail_server: MailServer
):
    one_letter.round()
    stores = {("lead", "notify"): one_letter.office.store}
    told = [sentence(each.row.topic, each.state) for each in history(stores, OURS)]
    assert told[-3:-1] == [
        "avviso indirizzato a chi va avvisato",
        f"lettera da inviare a persona {str(MICROEQUIPE)[:8]}: bozza del patto",
    ]
    assert told[-1] == "lettera inviata"
