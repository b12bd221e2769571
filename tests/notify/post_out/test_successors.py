"""A reminder of somebody whose role has ended goes to who holds it now, once."""

from datetime import date
from uuid import UUID

import pytest

from services.kernel.ids import stream_id
from services.notify.deadline import Awaited, deadline_id, due_id
from services.notify.letter import letter_id
from services.notify.notice import Kind
from services.notify.post_out.outbox import Outbox
from services.notify.service import NotifyService
from tests.notify.post_out.conftest import ADDRESSES, Desk, know_address, role_of
from tests.notify.post_out.mail_server import MailServer
from tests.notify.post_out.test_digest import JUNE_5, THEIRS, lived, received, why
from tests.review.moments import CASE_1, CASE_2, MANAGER, by

pytestmark = pytest.mark.mail

SUCCESSOR = "subentro.prova@rete.example"


def role_ends(desk: Desk, who: UUID, role: str, on: str = "2026-06-04") -> None:
    told = {"person": str(who), "role": role, "organisation": "lead", "body": None, "on": on}
    desk.office.hear("people/role_ended.v1", told)


def of_decision(who: UUID) -> UUID:
    """The letter that reminds of the decision on the one proposal."""
    proposal = stream_id("proposal", stream_id("pact", THEIRS, 1), 1)
    cause = due_id(deadline_id(Awaited.DECISION, proposal), date(2026, 6, 10))
    return letter_id(cause, Kind.REMINDER_DECISION, who)


def got_one(desk: Desk) -> list[UUID]:
    """Who has a letter that reminds of the decision, as they became due."""
    due = desk.office.facts("notify.LetterDue")
    return [UUID(state["person"]) for _, state in due]


def told(mail_server: MailServer) -> list[str]:
    return sorted(to for each in mail_server.taken for to in each.rcpt_tos)


@pytest.fixture
def reminded(desk: Desk) -> Desk:
    """The committee is to be reminded on 5 June of a decision due on the 10th."""
    know_address(desk.office, CASE_2, SUCCESSOR, 9)
    received(desk, 1)
    desk.office.begin_days()
    return desk


@pytest.fixture
def addressed(reminded: Desk) -> Desk:
    """The project manager and the case manager have a letter that is not gathered yet."""
    reminded.office.live_until(JUNE_5)
    Outbox(reminded.office.store, None).take_up()
    return reminded


def rounds(desk: Desk) -> None:
    for _ in range(3):
        desk.round()
    assert desk.problems == []


def test_who_took_over_the_role_gets_the_reminder(addressed: Desk, mail_server: MailServer):
    role_ends(addressed, MANAGER, "project_manager")
    role_of(addressed.office, CASE_2, "project_manager")
    rounds(addressed)
    assert told(mail_server) == sorted([ADDRESSES[CASE_1], SUCCESSOR])
    assert got_one(addressed) == [MANAGER, CASE_1, CASE_2]
    assert why(addressed) == ["role_ended"]


def test_who_took_over_after_a_try_that_failed_gets_it(reminded: Desk, mail_server: MailServer):
    mail_server.behaviour.answers = {"RCPT": ["451 later"]}  # the manager's
    lived(reminded, JUNE_5)
    mail_server.behaviour.answers = {}
    reminded.after(hours=1)
    role_ends(reminded, MANAGER, "project_manager")
    role_of(reminded.office, CASE_2, "project_manager")
    rounds(reminded)
    assert told(mail_server) == sorted([ADDRESSES[CASE_1], SUCCESSOR])
    assert why(reminded) == ["role_ended"]


def test_of_two_who_left_one_role_one_successor_gets_one_letter(
    desk: Desk, mail_server: MailServer
):
    role_of(desk.office, CASE_2, "case_manager")
    received(desk, 1)
    desk.office.begin_days()
    desk.office.live_until(JUNE_5)
    Outbox(desk.office.store, None).take_up()
    successor = UUID(int=88)
    know_address(desk.office, successor, SUCCESSOR, 9)
    for who in (CASE_1, CASE_2):
        role_ends(desk, who, "case_manager")
    role_of(desk.office, successor, "case_manager")
    rounds(desk)
    assert told(mail_server) == sorted([ADDRESSES[MANAGER], SUCCESSOR])
    assert why(desk) == ["role_ended"] * 2


def test_who_has_a_letter_for_another_role_gets_no_second_one(
    addressed: Desk, mail_server: MailServer
):
    role_ends(addressed, MANAGER, "project_manager")
    role_of(addressed.office, CASE_1, "project_manager")
    rounds(addressed)
    assert told(mail_server) == [ADDRESSES[CASE_1]]
    assert got_one(addressed) == [MANAGER, CASE_1]


def test_a_successor_with_two_roles_gets_one_letter(addressed: Desk, mail_server: MailServer):
    """One of the roles was told before, the other is told now."""
    role_ends(addressed, MANAGER, "project_manager")
    for role in ("project_manager", "work_placement_head"):
        role_of(addressed.office, CASE_2, role)
    rounds(addressed)
    assert told(mail_server) == sorted([ADDRESSES[CASE_1], SUCCESSOR])
    assert got_one(addressed) == [MANAGER, CASE_1, CASE_2]


def test_who_keeps_another_role_of_the_committee_keeps_the_reminder(
    desk: Desk, mail_server: MailServer
):
    role_of(desk.office, CASE_1, "work_placement_head")
    received(desk, 1)
    desk.office.begin_days()
    desk.office.live_until(JUNE_5)
    Outbox(desk.office.store, None).take_up()
    role_ends(desk, CASE_1, "case_manager")
    rounds(desk)
    assert told(mail_server) == sorted([ADDRESSES[MANAGER], ADDRESSES[CASE_1]])
    assert why(desk) == []


def test_who_took_over_and_left_again_gets_none(addressed: Desk, mail_server: MailServer):
    role_ends(addressed, MANAGER, "project_manager")
    role_of(addressed.office, CASE_2, "project_manager")
    outbox = Outbox(addressed.office.store, None)
    outbox.gather()
    role_ends(addressed, CASE_2, "project_manager")
    rounds(addressed)
    assert told(mail_server) == [ADDRESSES[CASE_1]]
    assert why(addressed) == ["role_ended"] * 2


def test_gathering_again_adds_nothing(addressed: Desk):
    role_ends(addressed, MANAGER, "project_manager")
    role_of(addressed.office, CASE_2, "project_manager")
    outbox = Outbox(addressed.office.store, None)
    outbox.gather()
    outbox.gather()
    before = addressed.office.facts()
    outbox.take_up()
    outbox.gather()
    assert addressed.office.facts() == before
    assert len(got_one(addressed)) == 3


def test_the_letter_of_a_successor_is_seen_with_the_notice(addressed: Desk):
    role_ends(addressed, MANAGER, "project_manager")
    role_of(addressed.office, CASE_2, "project_manager")
    Outbox(addressed.office.store, None).gather()
    caller = by(MANAGER, "project_manager")
    answer = addressed.office.call(NotifyService, "notices", caller, day="2026-06-05")
    (notice,) = [each for each in answer["notices"] if each["recipient"] == "lead:project_manager"]
    states = [(each["letter"], each["state"]) for each in notice["letters"]]
    assert states == [(str(of_decision(MANAGER)), "dropped"), (str(of_decision(CASE_2)), "due")]
