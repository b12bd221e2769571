"""The reminders of a day are one mail to a person; each is told once, or dropped with a reason."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.kernel.ids import stream_id
from services.notify.deadline import Awaited, deadline_id, due_id
from services.notify.letter import digest_id, letter_id
from services.notify.notice import Kind
from services.notify.post_out.outbox import Outbox
from services.notify.service import NotifyService
from services.notify.views.letters import is_ours
from services.review.guidelines import INITIAL
from tests.notify.post_out.conftest import ADDRESSES, OURS, Desk, drafted, role_of
from tests.notify.post_out.mail_server import MailServer
from tests.notify.post_out.test_sending import _checkpoint
from tests.review.moments import CASE_1, MANAGER, MICROEQUIPE, by
from tests.review.office import Office, noon

pytestmark = pytest.mark.mail

JUNE_4, JUNE_5, JUNE_8 = date(2026, 6, 4), date(2026, 6, 5), date(2026, 6, 8)
JUNE_10 = date(2026, 6, 10)
THEIRS = "NORD-2X8W5T-R"


def pact(number: int) -> UUID:
    return stream_id("pact", OURS, number)


def of_draft(number: int, who: UUID = MICROEQUIPE, due: date = JUNE_10) -> UUID:
    """The letter that reminds of draft *number*."""
    cause = due_id(deadline_id(Awaited.PROPOSAL, pact(number)), due)
    return letter_id(cause, Kind.REMINDER_PROPOSAL, who)


def received(desk: Desk, number: int, decide_by: str = "2026-06-10") -> None:
    """The committee has proposal *number* of a partner, to be decided by that day."""
    words = {"pact": str(stream_id("pact", THEIRS, number)), "proposal": 1, "family": THEIRS}
    words |= {"cycle": "2026-06", "late": False, "decide_by": decide_by}
    desk.office.hear("review/proposal_received.v1", words)


@pytest.fixture
def drafts(desk: Desk, mail_server: MailServer) -> Desk:
    """Three drafts, of which their lead heard; on 5 June they are to be reminded of."""
    for number in (1, 2, 3):
        drafted(desk.office, number)
    desk.round()
    mail_server.taken.clear()
    desk.office.begin_days()
    return desk


def lived(desk: Desk, day: date) -> None:
    """Let *day* come, with its duties and the sender's round."""
    desk.office.live_until(day)
    desk.round()


def text(mail: Any) -> str:
    return " ".join(mail.get_body(("plain",)).get_content().split())


def reminders(desk: Desk) -> list[str]:
    """What became of the letters since the first of June's three."""
    return desk.became()[6:]


def test_the_reminders_of_a_day_are_one_mail(drafts: Desk, mail_server: MailServer):
    lived(drafts, JUNE_5)
    (mail,) = mail_server.mails()
    letters = [of_draft(number) for number in (1, 2, 3)]
    assert mail["Message-ID"] == f"<{digest_id(letters)}@rete.example>"
    assert mail["Subject"] == "Promemoria: 3 cose da fare, la prima entro mercoledì 10 giugno 2026"
    for number in (1, 2, 3):
        assert f"/patti/{pact(number)}" in text(mail)
    assert reminders(drafts) == ["Due"] * 3 + ["Gathered"] * 3 + ["Sent"] * 3
    handing, taken = drafts.settings.ledger.read_text().splitlines()[-2:]
    assert all(f"{letter}#1" in handing and f"{letter}#1" in taken for letter in letters)


def test_the_next_round_sends_nothing_more(drafts: Desk, mail_server: MailServer):
    lived(drafts, JUNE_5)
    lived(drafts, JUNE_8)
    assert len(mail_server.taken) == 1


def test_one_reminder_alone_is_its_own_letter(desk: Desk, mail_server: MailServer):
    drafted(desk.office)
    desk.office.begin_days()
    lived(desk, JUNE_5)
    mail = mail_server.mails()[1]
    assert mail["Message-ID"] == f"<{of_draft(1)}@rete.example>"
    assert mail["Subject"].startswith("Promemoria: proposta da inviare entro")


def test_the_committee_gets_one_mail_for_each_member(desk: Desk, mail_server: MailServer):
    for number in (1, 2, 3):
        received(desk, number)
    role_of(desk.office, CASE_1, "work_placement_head")
    desk.office.begin_days()
    lived(desk, JUNE_5)
    told = [to for each in mail_server.taken for to in each.rcpt_tos]
    assert sorted(told) == sorted([ADDRESSES[MANAGER], ADDRESSES[CASE_1]])
    assert "Proposte da decidere in comitato entro mercoledì 10 giugno" in text(
        mail_server.mails()[0]
    )


def test_who_leads_and_decides_gets_both_in_one_mail(desk: Desk, mail_server: MailServer):
    role_of(desk.office, MICROEQUIPE, "case_manager")
    drafted(desk.office)
    received(desk, 1)
    desk.office.begin_days()
    lived(desk, JUNE_5)
    (theirs,) = [each for each in mail_server.mails()[1:] if each["To"] == ADDRESSES[MICROEQUIPE]]
    told = text(theirs)
    assert "Bozze da inviare" in told
    assert "Proposte da decidere in comitato" in told


def test_nothing_is_gathered_before_the_duties_of_the_day_are_done(
    drafts: Desk, mail_server: MailServer
):
    drafts.office.live_until(JUNE_5)
    drafts.office.clock.at = noon(date(2026, 6, 6))
    drafts.round()
    assert mail_server.taken == []
    drafts.office.begin_days()
    assert not Outbox(drafts.office.store, None).at_rest()
    drafts.round()
    assert len(mail_server.taken) == 1
    assert Outbox(drafts.office.store, None).at_rest()


def test_what_is_recorded_while_letters_become_due_goes_with_them(
    drafts: Desk, mail_server: MailServer
):
    drafts.office.live_until(JUNE_5)
    outbox = Outbox(drafts.office.store, None)
    outbox.take_up()
    words = {"family": OURS, "pact": str(pact(1)), "valid_until": "2026-06-30", "on": "2026-06-05"}
    drafts.office.hear("pacts/certificate_expiring.v1", words)
    outbox.gather()
    assert reminders(drafts) == ["Due"] * 3
    drafts.round()
    (mail,) = mail_server.mails()
    assert mail["Subject"].startswith("Promemoria: 4 cose da fare")


def handed_over(desk: Desk, to: UUID) -> None:
    words = {"family": OURS, "microequipe": str(stream_id("microequipe", OURS)), "lead": str(to)}
    words |= {"members": [str(to)], "case_manager": None, "change": "lead_handed_over"}
    desk.office.hear("intake/microequipe_changed.v1", words | {"on": "2026-06-05"})


def verification(desk: Desk, number: int, verify_by: str) -> None:
    words = {"pact": str(pact(number)), "family": OURS, "on": "2026-06-01", "verify_by": verify_by}
    desk.office.hear("pacts/pact_activated.v1", words)


@pytest.fixture
def took_over(drafts: Desk, mail_server: MailServer) -> Desk:
    """The server was away on 5 June; then the case manager leads, who had a digest that day."""
    received(drafts, 1)
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}  # the drafts' reminders
    lived(drafts, JUNE_5)
    mail_server.behaviour.answers = {}
    handed_over(drafts, CASE_1)
    return drafts


def test_what_comes_after_the_digest_goes_with_that_of_the_next_day(
    took_over: Desk, mail_server: MailServer
):
    took_over.after(hours=1).round()
    took_over.round()
    assert len(mail_server.taken) == 2
    assert Outbox(took_over.office.store, None).at_rest()
    lived(took_over, date(2026, 6, 6))
    assert len(mail_server.taken) == 3
    last = mail_server.mails()[2]
    assert last["To"] == ADDRESSES[CASE_1]
    assert last["Subject"] == "Promemoria: 3 cose da fare, la prima entro mercoledì 10 giugno 2026"


@pytest.mark.parametrize(("day", "goes"), [(date(2026, 6, 9), 0), (JUNE_10, 1)])
def test_what_is_due_before_the_next_digest_goes_at_once(
    drafts: Desk, mail_server: MailServer, day: date, goes: int
):
    """The case manager has a digest of that day already when the drafts become theirs."""
    received(drafts, 1, {date(2026, 6, 9): "2026-06-12", JUNE_10: "2026-06-15"}[day])
    drafts.office.live_until(day)
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}  # the drafts' reminders
    drafts.round()
    assert len(mail_server.taken) == 2  # to the two of the committee
    handed_over(drafts, CASE_1)
    drafts.after(hours=1).round()
    drafts.round()
    assert len(mail_server.taken) == 2 + goes


# as a person wants it


def choose(desk: Desk, who: UUID, how: str) -> None:
    asked = {"person": str(who), "reminders": how}
    caller = by(MANAGER, "administrator")
    desk.office.call(NotifyService, "choose_reminders", caller, **asked)


def test_who_wants_each_at_once_gets_one_mail_for_each(drafts: Desk, mail_server: MailServer):
    choose(drafts, MICROEQUIPE, "at_once")
    lived(drafts, JUNE_5)
    assert {each["Message-ID"] for each in mail_server.mails()} == {
        f"<{of_draft(number)}@rete.example>" for number in (1, 2, 3)
    }


def test_who_wants_each_at_once_waits_for_no_next_day(took_over: Desk, mail_server: MailServer):
    choose(took_over, CASE_1, "at_once")
    took_over.after(hours=1).round()
    took_over.round()
    assert len(mail_server.taken) == 2 + 3


def test_who_wants_none_gets_none_of_what_others_do_too(desk: Desk, mail_server: MailServer):
    choose(desk, CASE_1, "none")
    received(desk, 1)
    received(desk, 2)
    desk.office.begin_days()
    lived(desk, JUNE_5)
    assert [to for each in mail_server.taken for to in each.rcpt_tos] == [ADDRESSES[MANAGER]]
    assert why(desk) == ["not_wanted"] * 2


def test_what_nobody_else_does_is_told_also_who_wants_none(drafts: Desk, mail_server: MailServer):
    choose(drafts, MICROEQUIPE, "none")
    lived(drafts, JUNE_5)
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("how", ["daily", "at_once", "none"])
def test_decisions_and_receipts_come_at_once_whatever_is_wanted(
    drafts: Desk, mail_server: MailServer, how: str
):
    choose(drafts, MICROEQUIPE, how)
    words = {"pact": str(pact(1)), "proposal": 1, "family": OURS, "cycle": "2026-07"}
    words |= {"late": False, "decide_by": "2026-07-20"}
    drafts.office.hear("review/proposal_received.v1", words)
    drafts.round()
    assert len(mail_server.taken) == 1


# what was done meanwhile


def away(desk: Desk, mail_server: MailServer, day: date = JUNE_5) -> None:
    """The mail server puts off the digest of *day*."""
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}
    lived(desk, day)
    mail_server.behaviour.answers = {}
    assert mail_server.taken == []
    desk.after(hours=1)


def why(desk: Desk) -> list[str]:
    return [state["because"] for _, state in desk.office.facts("notify.LetterDropped")]


def sent(desk: Desk, number: int) -> None:
    words = {"pact": str(pact(number)), "proposal": 1, "family": OURS, "organisation": "lead"}
    words |= {"lead": str(MICROEQUIPE), "case_manager": None, "on": "2026-06-05", "actions": []}
    words |= {"goals": 1, "capacities_linked": 1, "community_resources": 1}
    desk.office.hear("pacts/pact_proposed.v1", words)


def ended(desk: Desk, number: int) -> None:
    words = {"pact": str(pact(number)), "family": OURS, "outcome": "declined", "reason": None}
    desk.office.hear("pacts/pact_ended.v1", words | {"on": "2026-06-05"})


def test_what_was_done_meanwhile_is_left_out(drafts: Desk, mail_server: MailServer):
    away(drafts, mail_server)
    sent(drafts, 2)
    drafts.round()
    (mail,) = mail_server.mails()
    assert mail["Subject"].startswith("Promemoria: 2 cose da fare")
    assert str(pact(2)) not in text(mail)
    name = digest_id(of_draft(number) for number in (1, 2, 3))
    assert mail["Message-ID"] == f"<{name}@rete.example>"
    assert reminders(drafts)[9:] == ["Dropped", "Sent", "Sent"]
    assert why(drafts) == ["done"]


def test_one_that_is_left_is_told_as_a_letter_of_its_own(drafts: Desk, mail_server: MailServer):
    away(drafts, mail_server)
    sent(drafts, 2)
    ended(drafts, 3)
    drafts.round()
    (mail,) = mail_server.mails()
    assert mail["Subject"].startswith("Promemoria: proposta da inviare entro")
    assert why(drafts) == ["done", "done"]


def erased(desk: Desk) -> None:
    desk.office.hear("intake/family_erased.v1", {"family": OURS, "on": "2026-06-05"})


def moved(desk: Desk) -> None:
    words = {"number": 1, "in_force_from": "2026-01-15"}
    parameters = {**INITIAL, "proposals_by_day": 15}
    desk.office.hear("review/guidelines_issued.v1", words | {"parameters": parameters})


def all_sent(desk: Desk) -> None:
    for number in (1, 2, 3):
        sent(desk, number)


def all_ended(desk: Desk) -> None:
    for number in (1, 2, 3):
        ended(desk, number)


@pytest.mark.parametrize(
    ("happens", "because"),
    [
        (all_sent, "done"),
        (all_ended, "done"),
        (erased, "done"),
        (moved, "moved"),
        (lambda desk: handed_over(desk, CASE_1), "role_ended"),
    ],
)
@pytest.mark.parametrize("gathered", [True, False])
def test_when_nothing_is_left_nothing_is_sent(
    drafts: Desk,
    mail_server: MailServer,
    happens: Callable[[Desk], None],
    because: str,
    gathered: bool,
):
    if gathered:
        away(drafts, mail_server)
    else:
        drafts.office.live_until(JUNE_5)
        Outbox(drafts.office.store, None).take_up()
    happens(drafts)
    drafts.round()
    assert why(drafts) == [because] * 3
    assert all("Promemoria" not in mail["Subject"] for mail in mail_server.mails())
    assert reminders(drafts).count("Gathered") == (3 if gathered else 0)


@pytest.mark.parametrize(
    ("day", "goes"), [(date(2026, 6, 9), True), (JUNE_10, True), (date(2026, 6, 11), False)]
)
def test_nobody_is_reminded_of_a_day_that_went_by(
    desk: Desk, mail_server: MailServer, day: date, goes: bool
):
    verification(desk, 1, "2026-06-10")
    drafted(desk.office)
    desk.round()
    mail_server.taken.clear()
    desk.office.begin_days()
    away(desk, mail_server)
    desk.office.live_until(day)
    desk.round()
    assert len(mail_server.taken) == (1 if goes else 0)
    assert why(desk) == ([] if goes else ["moved", "gone_by"])


def decided(desk: Desk, number: int) -> None:
    votes = dict.fromkeys(("approve", "approve_with_conditions", "return", "not_approve"), 0)
    words = {"pact": str(stream_id("pact", THEIRS, number)), "proposal": 1, "family": THEIRS}
    words |= {"cycle": "2026-06", "outcome": "approved", "guidelines": 1, "on": "2026-06-05"}
    words |= {"votes": votes | {"recused": 0}, "by_quorum": True, "conditions": [], "reasons": []}
    desk.office.hear("review/proposal_decided.v1", words)


def test_a_decision_that_was_taken_and_a_verification_that_was_held_are_not_reminded_of(
    desk: Desk, mail_server: MailServer
):
    received(desk, 1)
    verification(desk, 1, "2026-06-10")
    desk.office.hear(
        "intake/microequipe_changed.v1",
        {
            "family": OURS,
            "microequipe": str(UUID(int=5)),
            "lead": str(MICROEQUIPE),
            "members": [],
            "case_manager": None,
            "change": "lead_handed_over",
            "on": "2026-06-01",
        },
    )
    desk.office.begin_days()
    desk.office.live_until(JUNE_5)
    Outbox(desk.office.store, None).take_up()
    decided(desk, 1)
    held = {"pact": str(pact(1)), "family": OURS, "on": "2026-06-05", "next_by": "2026-09-05"}
    desk.office.hear("pacts/pact_verified.v1", held)
    mail_server.taken.clear()
    desk.round()
    assert sorted(why(desk)) == ["done", "done", "moved"]
    assert all("Promemoria" not in mail["Subject"] for mail in mail_server.mails())


def test_a_role_that_ended_meanwhile_gets_no_reminder(desk: Desk, mail_server: MailServer):
    received(desk, 1)
    desk.office.begin_days()
    desk.office.live_until(JUNE_5)
    Outbox(desk.office.store, None).take_up()
    ends = {"person": str(CASE_1), "role": "case_manager", "organisation": "lead", "body": None}
    desk.office.hear("people/role_ended.v1", ends | {"on": "2026-06-04"})
    desk.round()
    assert [to for each in mail_server.taken for to in each.rcpt_tos] == [ADDRESSES[MANAGER]]
    assert why(desk) == ["role_ended"]


def test_of_a_lead_who_left_every_role_whoever_leads_a_microequipe_is_told(
    drafts: Desk, mail_server: MailServer
):
    role_of(drafts.office, MICROEQUIPE, "microequipe_lead")
    away(drafts, mail_server)
    role_of(drafts.office, CASE_1, "microequipe_lead")
    ends = {"person": str(MICROEQUIPE), "role": "microequipe_lead", "organisation": "lead"}
    drafts.office.hear("people/role_ended.v1", ends | {"body": None, "on": "2026-06-04"})
    drafts.round()
    drafts.round()
    (mail,) = mail_server.mails()
    assert mail["To"] == ADDRESSES[CASE_1]
    assert why(drafts) == ["role_ended"] * 3


def test_a_family_that_has_its_microequipe_meanwhile_waits_no_more(
    desk: Desk, mail_server: MailServer
):
    words = {"family": OURS, "kind": "without_microequipe", "since": "2026-05-02"}
    desk.office.hear("intake/family_dormant.v1", words | {"on": "2026-06-01"})
    role_of(desk.office, CASE_1, "access_point_operator")
    Outbox(desk.office.store, None).take_up()
    handed_over(desk, MICROEQUIPE)
    desk.office.begin_days()
    desk.round()
    assert mail_server.taken == []
    assert why(desk) == ["done", "done"]


def test_a_draft_that_was_sent_meanwhile_is_not_told_as_left_alone(
    drafts: Desk, mail_server: MailServer
):
    for number in (1, 2):
        words = {"pact": str(pact(number)), "family": OURS, "kind": "without_proposal"}
        words |= {"since": "2026-04-02", "on": "2026-06-01"}
        drafts.office.hear("pacts/family_dormant.v1", words)
    Outbox(drafts.office.store, None).take_up()
    sent(drafts, 1)
    drafts.office.begin_days()
    drafts.round()
    assert why(drafts) == ["done"]
    alone = [mail for mail in mail_server.mails() if "ferma da tempo" in mail["Subject"]]
    assert len(alone) == 1
    assert str(pact(2)) in text(alone[0])


# what nobody knows, and what a person wants sent again


def test_of_a_digest_that_nobody_knows_of_each_letter_is_in_doubt_and_goes_again_alone(
    drafts: Desk, mail_server: MailServer
):
    mail_server.behaviour.cut = "DOT"
    lived(drafts, JUNE_5)
    mail_server.behaviour.cut = None
    assert reminders(drafts)[6:] == ["Uncertain"] * 3
    drafts.round()
    before = len(mail_server.taken)
    asked = {"letter": str(of_draft(2))}
    caller = by(MANAGER, "project_manager")
    drafts.office.call(NotifyService, "send_letter_again", caller, **asked)
    drafts.round()
    assert len(mail_server.taken) == before + 1
    assert mail_server.mails()[-1]["Message-ID"] == f"<{of_draft(2)}@rete.example>"
    listed = drafts.office.call(NotifyService, "letters", caller, day="2026-06-05")["letters"]
    assert [each["state"] for each in listed] == ["uncertain", "sent", "uncertain"]


def test_a_refusal_of_the_digest_is_one_of_each_letter(drafts: Desk, mail_server: MailServer):
    mail_server.behaviour.answers = {"RCPT": ["550 nobody"]}
    lived(drafts, JUNE_5)
    assert reminders(drafts)[6:] == ["GivenUp"] * 3


def test_a_restored_database_tells_nothing_twice_and_what_is_new_under_another_name(
    drafts: Desk, mail_server: MailServer, tmp_path: Path
):
    file = tmp_path / "lead.db"
    office = drafts.office
    office.store.database.dispose()
    _checkpoint(file)
    older = file.read_bytes()
    lived(drafts, JUNE_5)
    (first,) = mail_server.mails()
    office.store.database.dispose()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    file.write_bytes(older)
    office.day = date(2026, 6, 1)
    office.clock.at = noon(office.day)
    drafted(office, 4)
    lived(drafts, JUNE_5)
    told = mail_server.mails()[1:]
    assert [each["Subject"] for each in told].count(first["Subject"]) == 0
    (again,) = [each for each in told if each["Subject"].startswith("Promemoria")]
    assert str(pact(4)) in text(again)
    assert str(pact(1)) not in text(again)
    assert again["Message-ID"] != first["Message-ID"]
    assert reminders(drafts).count("Sent") == 5  # the letter about the draft, and four reminders


def test_a_digest_waits_for_an_address_as_one(drafts: Desk, mail_server: MailServer):
    handed_over(drafts, UUID(int=77))
    lived(drafts, JUNE_5)
    assert reminders(drafts)[6:] == ["HeldBack"] * 3
    handed_over(drafts, MICROEQUIPE)
    lived(drafts, JUNE_5 + timedelta(days=1))
    assert mail_server.taken == []


def test_what_is_gathered_is_the_same_in_every_database(either: Office):
    role_of(either, CASE_1, "case_manager")
    role_of(either, MANAGER, "project_manager")
    desk = Desk(either, None)  # nothing is sent
    choose(desk, CASE_1, "at_once")
    for number in (1, 2):
        received(desk, number)
    either.begin_days()
    either.live_until(JUNE_5)
    outbox = Outbox(either.store, None)
    outbox.take_up()
    outbox.gather()
    assert sorted(len(mail) for mail in outbox.to_send()) == [1, 1, 2]
    assert not outbox.at_rest()
    with either.store.database.reading() as connection:
        assert is_ours(connection, outbox.to_send()[0][0].mail)


SESSION = {"due": "2026-06-15", "on": "2026-06-01"}


@pytest.mark.parametrize(
    ("next_due", "told"), [("2026-06-14", 1), ("2026-06-15", 1), ("2026-06-16", 0)]
)
def test_nobody_is_reminded_of_a_session_of_the_board_that_was_held_meanwhile(
    desk: Desk, mail_server: MailServer, next_due: str, told: int
):
    """The server is away when the session is announced; the board met before it is back."""
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}
    desk.office.hear("review/board_session_due.v1", SESSION)
    desk.round()
    mail_server.behaviour.answers = {}
    met = {"session": 2, "on": "2026-06-05", "next_due": next_due}
    desk.office.hear("review/board_session_held.v1", met)
    desk.after(hours=1).round()
    assert len(mail_server.taken) == told
    assert desk.became()[-1] == ("Sent" if told else "Dropped")


def test_the_next_session_is_reminded_of_again(desk: Desk, mail_server: MailServer):
    met = {"session": 1, "on": "2026-02-15", "next_due": "2026-06-15"}
    desk.office.hear("review/board_session_held.v1", met)
    desk.office.hear("review/board_session_due.v1", SESSION)
    desk.round()
    assert len(mail_server.taken) == 1


def agreed(desk: Desk, number: int, since: str, until: str | None) -> None:
    words = {"organisation": "lead", "number": number, "partner": "nord", "covers": ["programme"]}
    desk.office.hear("people/agreement_recorded.v1", words | {"from": since, "until": until})


@pytest.mark.parametrize(("since", "told"), [("2026-07-01", 0), ("2026-07-02", 1)])
def test_nobody_is_told_that_an_agreement_ends_once_another_one_follows_it(
    desk: Desk, mail_server: MailServer, since: str, told: int
):
    """The server is away when it is told; before it is back somebody records the next one."""
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}
    role_of(desk.office, CASE_1, "administrator")
    agreed(desk, 1, "2026-01-01", "2026-06-30")
    desk.office.begin_days()
    lived(desk, JUNE_4)
    assert desk.became() == ["Due", "Deferred"]
    mail_server.behaviour.answers = {}
    agreed(desk, 2, since, None)
    desk.after(hours=1).round()
    assert len(mail_server.taken) == told
    assert desk.became()[-1] == ("Sent" if told else "Dropped")
