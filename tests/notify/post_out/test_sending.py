"""A letter is handed over once for each cause and person, whatever the mail server answers."""

import json
import logging
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from services.kernel.logs import JsonLines
from services.notify.letter import letter_id
from services.notify.notice import Kind
from services.notify.post_out.ledger import Ledger, LedgerInUse, LedgerMissing
from services.notify.post_out.relay import NotReached, Relay
from services.notify.post_out.sending import Sender
from services.notify.post_out.settings import MailSettings, Security
from tests.notify.post_out.conftest import (
    ADDRESSES,
    REAL,
    Desk,
    docket,
    drafted,
    know_address,
    role_of,
)
from tests.notify.post_out.mail_server import (
    PASSWORD,
    USER,
    Certificates,
    MailServer,
    login,
    new_certificates,
)
from tests.private_postgres import Urls
from tests.review.moments import CASE_1, CASE_2, MANAGER, MICROEQUIPE
from tests.review.office import Office, noon

pytestmark = pytest.mark.mail


def test_a_letter_is_taken_and_recorded_once(one_letter: Desk, mail_server: MailServer):
    one_letter.round()
    one_letter.round()
    assert one_letter.became() == ["Due", "Sent"]
    assert one_letter.ledger() == ["handing", "taken 250-2.0.0"]
    (envelope,) = mail_server.taken
    assert envelope.mail_from == "programma@rete.example"
    assert envelope.rcpt_tos == [ADDRESSES[MICROEQUIPE]]


def test_its_name_comes_from_its_cause(desk: Desk, mail_server: MailServer):
    cause = drafted(desk.office)
    desk.round()
    (mail,) = mail_server.mails()
    letter = letter_id(cause, Kind.PACT_DRAFTED, MICROEQUIPE)
    assert mail["Message-ID"] == f"<{letter}@rete.example>"


def test_a_role_reaches_everybody_who_holds_it(desk: Desk, mail_server: MailServer):
    role_of(desk.office, CASE_2, "case_manager")
    know_address(desk.office, CASE_2, "due.prova@rete.example", 9)
    docket(desk.office)
    desk.round()
    told = sorted(to for each in mail_server.taken for to in each.rcpt_tos)
    assert told == sorted([ADDRESSES[MANAGER], ADDRESSES[CASE_1], "due.prova@rete.example"])


def test_who_holds_two_roles_gets_one_letter(desk: Desk, mail_server: MailServer):
    role_of(desk.office, CASE_1, "work_placement_head")
    docket(desk.office)
    desk.round()
    told = [to for each in mail_server.taken for to in each.rcpt_tos]
    assert sorted(told) == sorted([ADDRESSES[MANAGER], ADDRESSES[CASE_1]])


def test_a_role_that_nobody_holds_waits_for_who_held_it_that_day(lead: Office, settings):
    desk = Desk(lead, settings)
    docket(lead)
    desk.round()
    assert desk.became() == []
    role_of(lead, MANAGER, "project_manager")
    know_address(lead, MANAGER, ADDRESSES[MANAGER], 1)
    desk.round()
    assert desk.became() == ["Due", "Sent"]


def test_without_an_address_a_letter_waits_visibly_and_goes_when_one_is_known(
    lead: Office, settings: MailSettings, mail_server: MailServer
):
    desk = Desk(lead, settings)
    drafted(lead)
    for _ in range(3):
        desk.round()
    assert desk.became() == ["Due", "HeldBack"]
    assert lead.facts("notify.LetterHeldBack")[0][1]["because"] == "no_address"
    know_address(lead, MICROEQUIPE, "chi\nsia@rete.example", 1)
    desk.round()
    assert lead.facts("notify.LetterHeldBack")[1][1]["because"] == "address_unusable"
    know_address(lead, MICROEQUIPE, ADDRESSES[MICROEQUIPE], 2)
    desk.round()
    assert desk.became() == ["Due", "HeldBack", "HeldBack", "Sent"]
    assert len(mail_server.taken) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "DOT"])
def test_what_the_server_puts_off_is_tried_again_after_a_pause(
    one_letter: Desk, mail_server: MailServer, command: str
):
    mail_server.behaviour.answers = {command: ["451 4.3.0 later"]}
    one_letter.round()
    one_letter.after(seconds=59).round()
    assert mail_server.taken == []
    one_letter.after(seconds=1).round()
    assert one_letter.became() == ["Due", "Deferred", "Sent"]
    assert len(mail_server.taken) == 1
    ((_, put_off),) = one_letter.office.facts("notify.LetterDeferred")
    assert (put_off["attempt"], put_off["code"]) == (1, "451-4.3.0")


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DOT"])
def test_what_the_server_refuses_for_good_is_given_up_at_once(
    one_letter: Desk, mail_server: MailServer, command: str
):
    mail_server.behaviour.answers = {command: ["550 5.1.1 referente.prova@rete.example: nobody"]}
    one_letter.round()
    one_letter.after(days=1).round()
    assert one_letter.became() == ["Due", "GivenUp"]
    ((_, given_up),) = one_letter.office.facts("notify.LetterGivenUp")
    assert (given_up["because"], given_up["code"]) == ("refused", "550-5.1.1")
    assert mail_server.taken == []


@pytest.mark.parametrize("answer", ["421 4.4.2 goodbye", "451 4.3.1 full"])
def test_a_server_that_leaves_before_the_dot_is_tried_again(
    one_letter: Desk, mail_server: MailServer, answer: str
):
    mail_server.behaviour.answers = {"DATA": [answer]}
    one_letter.round()
    one_letter.after(minutes=1).round()
    assert one_letter.became() == ["Due", "Deferred", "Sent"]
    assert len(mail_server.taken) == 1


def test_a_connection_cut_while_the_letter_passes_never_brings_a_second_one(
    one_letter: Desk, mail_server: MailServer
):
    """Whether the cut was seen before the final dot is chance; seen too late, it is a doubt."""
    mail_server.behaviour.cut = "DATA"
    one_letter.round()
    assert one_letter.became() in (["Due", "Deferred"], ["Due", "Uncertain"])
    mail_server.behaviour.cut = None
    for _ in range(3):
        one_letter.after(days=1).round()
    assert len(mail_server.taken) <= 1


def test_a_server_that_answers_without_end_is_cut_off(one_letter: Desk, mail_server: MailServer):
    mail_server.behaviour.drips = 200
    one_letter.round(timeout=0.2)
    assert one_letter.became() == ["Due", "Uncertain"]


def test_a_connection_cut_after_the_dot_is_never_tried_again(
    one_letter: Desk, mail_server: MailServer
):
    mail_server.behaviour.cut = "DOT"
    one_letter.round()
    mail_server.behaviour.cut = None
    for _ in range(3):
        one_letter.after(days=1).round()
    assert one_letter.became() == ["Due", "Uncertain"]
    assert one_letter.ledger() == ["handing"]
    assert len(mail_server.taken) == 1


def test_a_server_that_answers_the_dot_too_late_leaves_a_doubt(
    one_letter: Desk, mail_server: MailServer
):
    mail_server.behaviour.slow = 1.5
    one_letter.round(timeout=0.3)
    one_letter.after(days=1).round()
    assert one_letter.became() == ["Due", "Uncertain"]


def test_a_server_that_is_slow_is_waited_for(one_letter: Desk, mail_server: MailServer):
    mail_server.behaviour.slow = 0.5
    one_letter.round()
    assert one_letter.became() == ["Due", "Sent"]


def test_pauses_double_up_to_six_hours_and_after_three_days_it_is_given_up(
    one_letter: Desk, mail_server: MailServer
):
    mail_server.behaviour.answers = {"MAIL": ["451 later"] * 1000}
    tries = []
    for hour in range(4 * 24):
        for minute in range(60) if hour == 0 else (0,):
            before = one_letter.became()
            one_letter.real = REAL + timedelta(hours=hour, minutes=minute)
            one_letter.round()
            if one_letter.became() != before:
                tries.append(hour * 60 + minute)
    assert tries[:6] == [0, 1, 3, 7, 15, 31]
    assert tries[6:9] == [120, 240, 420]
    assert tries[9:] == list(range(720, 3 * 24 * 60 + 1, 6 * 60))
    assert one_letter.became()[-2:] == ["Deferred", "GivenUp"]
    ((_, given_up),) = one_letter.office.facts("notify.LetterGivenUp")
    assert (given_up["because"], given_up["code"]) == ("too_long", "451")


def test_the_programmes_clock_hurries_no_retry(one_letter: Desk, mail_server: MailServer):
    mail_server.behaviour.answers = {"MAIL": ["451 later"]}
    one_letter.round()
    one_letter.office.clock.at = noon(date(2026, 9, 1))
    one_letter.after(seconds=30).round()
    assert "Sent" not in one_letter.became()
    assert "GivenUp" not in one_letter.became()
    one_letter.after(seconds=30).round()
    assert "Sent" in one_letter.became()


def test_a_server_that_is_away_is_no_letters_fault(desk: Desk, mail_server: MailServer):
    for number in range(1, 4):
        drafted(desk.office, number)
    mail_server.stop()
    desk.round()
    assert [type(each) for each in desk.problems] == [NotReached]
    assert desk.became() == ["Due", "Due", "Due", "Deferred"]


def test_one_connection_carries_many_letters(desk: Desk, mail_server: MailServer):
    for number in range(1, 121):
        drafted(desk.office, number)
    desk.round()
    assert len(mail_server.taken) == 120
    assert len({id(session) for session in mail_server.sessions}) == 2


def test_one_letter_that_is_refused_stops_no_other(desk: Desk, mail_server: MailServer):
    for number in range(1, 4):
        drafted(desk.office, number)
    mail_server.behaviour.answers = {"RCPT": ["550 no", "451 later"]}
    desk.round()
    assert sorted(desk.became()[3:]) == ["Deferred", "GivenUp", "Sent"]


def test_notices_of_before_mail_was_turned_on_get_no_letter(one_letter: Desk):
    one_letter.round(since=date(2026, 6, 2))
    assert one_letter.became() == []
    one_letter.round(since=date(2026, 6, 1))
    assert one_letter.became() == ["Due", "Sent"]


def test_reading_an_address_is_recorded(one_letter: Desk):
    one_letter.round()
    with one_letter.office.store.database.reading() as connection:
        reads = connection.exec_driver_sql("SELECT actor, cause FROM vault_reads").all()
    assert [row.actor for row in reads] == ["lead/service/notify"]
    assert reads[0].cause.startswith("post_out:")


def test_nothing_personal_is_in_facts_ledger_or_logs(
    desk: Desk, mail_server: MailServer, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    docket(desk.office)
    drafted(desk.office)
    answer = "responsabile.prova@rete.example"
    mail_server.behaviour.answers = {"RCPT": [f"550 {answer} no", f"451 {answer} later"]}
    desk.round()
    lines = [JsonLines().format(record) for record in caplog.records]
    lines += [desk.settings.ledger.read_text(), json.dumps(desk.office.facts())]
    ours = [line for line in lines if '"logger": "mail.log"' not in line]
    for address in ADDRESSES.values():
        assert not [line for line in ours if address in line or address.split("@")[0] in line]


# TLS and login


def tls_server(certificates: Certificates, implicit: bool, **options: object) -> MailServer:
    if implicit:
        return MailServer(ssl_context=certificates.context(), **options)
    return MailServer(tls_context=certificates.context(), require_starttls=True, **options)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_the_connection_is_encrypted_and_the_server_known(
    one_letter: Desk, certificates: Certificates, security: Security
):
    server = tls_server(
        certificates,
        security is Security.TLS,
        authenticator=login,
        auth_require_tls=security is Security.STARTTLS,
    )
    ours = {"port": server.port, "security": security, "ca_file": str(certificates.authority)}
    try:
        one_letter.round(**ours, user=USER, password=PASSWORD)
    finally:
        server.stop()
    assert one_letter.became() == ["Due", "Sent"]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_server_that_nobody_vouches_for_gets_nothing(
    one_letter: Desk, certificates: Certificates, security: Security
):
    server = tls_server(certificates, security is Security.TLS)
    try:
        one_letter.round(port=server.port, security=security)
    finally:
        server.stop()
    assert [str(each) for each in one_letter.problems] == ["SSLCertVerificationError"]
    assert one_letter.became() == ["Due", "Deferred"]
    assert server.taken == []


def test_a_certificate_of_somebody_else_is_not_accepted(one_letter: Desk, tmp_path: Path):
    elsewhere = new_certificates(tmp_path / "elsewhere", "DNS:altrove.example")
    server = tls_server(elsewhere, implicit=True)
    ours = {"port": server.port, "security": Security.TLS, "ca_file": str(elsewhere.authority)}
    try:
        one_letter.round(**ours)
    finally:
        server.stop()
    assert [str(each) for each in one_letter.problems] == ["SSLCertVerificationError"]


def test_a_server_without_starttls_gets_nothing_in_the_clear(
    one_letter: Desk, mail_server: MailServer
):
    one_letter.round(security=Security.STARTTLS)
    assert [str(each) for each in one_letter.problems] == ["SMTPNotSupportedError"]
    assert mail_server.taken == []


def test_a_wrong_password_is_no_letters_fault(one_letter: Desk, certificates: Certificates):
    server = tls_server(certificates, False, authenticator=login, auth_required=True)
    ours = {"security": Security.STARTTLS, "ca_file": str(certificates.authority)}
    try:
        one_letter.round(port=server.port, **ours, user=USER, password="falsa")
    finally:
        server.stop()
    assert [str(each) for each in one_letter.problems] == ["SMTPAuthenticationError.535"]
    assert one_letter.became() == ["Due", "Deferred"]


# the ledger guards what the database forgot


def test_a_restored_older_database_sends_nothing_again(
    desk: Desk, mail_server: MailServer, tmp_path: Path
):
    file = tmp_path / "lead.db"
    desk.office.store.database.dispose()
    _checkpoint(file)
    older = file.read_bytes()
    producers = {key: replace(each) for key, each in desk.office.producers.items()}
    drafted(desk.office)
    mail_server.behaviour.cut = None
    desk.round()
    assert desk.became() == ["Due", "Sent"]
    desk.office.store.database.dispose()
    for suffix in ("", "-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    file.write_bytes(older)
    desk.office.producers = producers  # they say again what the older copy has not heard
    assert desk.became() == []
    drafted(desk.office)
    desk.round()
    assert desk.became() == ["Due", "Sent"]
    assert len(mail_server.taken) == 1


def test_a_ledger_that_is_gone_stops_the_sender_until_a_person_says_so(
    one_letter: Desk, mail_server: MailServer
):
    one_letter.round()
    one_letter.settings.ledger.unlink()
    drafted(one_letter.office, 2)
    with pytest.raises(LedgerMissing):
        one_letter.round()
    sender = Sender(one_letter.office.store, one_letter.settings, 0.1, begin_ledger=True)
    with sender.ledger() as ledger:
        assert ledger.empty
    assert len(mail_server.taken) == 1


def test_two_senders_at_once_are_refused_by_the_ledger(one_letter: Desk):
    with Ledger(one_letter.settings.ledger), pytest.raises(LedgerInUse):
        one_letter.round()
    one_letter.round()
    assert one_letter.became() == ["Due", "Sent"]


def test_no_line_of_a_letter_is_taken_for_its_end(desk: Desk, mail_server: MailServer):
    content = b"Subject: x\r\n\r\n.\r\n..\r\n.x\r\nend\r\n"
    relay = Relay(desk.settings)
    relay.hand_over("chi@rete.example", content, lambda: None)
    relay.leave()
    assert mail_server.taken[0].content == content


def test_on_both_stores_the_outbox_is_the_same(
    database_urls: Urls, settings: MailSettings, mail_server: MailServer
):
    office = Office("notify", "lead", tuple(database_urls), date(2026, 6, 1))
    try:
        know_address(office, MANAGER, ADDRESSES[MANAGER], 1)
        for who in (MANAGER, CASE_1):
            role_of(office, who, "case_manager")
        role_of(office, MANAGER, "project_manager")
        docket(office)
        desk = Desk(office, settings)
        desk.round()
        assert sorted(desk.became()) == ["Due", "Due", "HeldBack", "Sent"]
        know_address(office, CASE_1, ADDRESSES[CASE_1], 2)
        desk.round()
        assert desk.became()[-1] == "Sent"
    finally:
        office.close()
    assert len(mail_server.taken) == 2


def test_letters_of_one_cause_differ_by_person():
    cause = UUID(int=1)
    ids = {letter_id(cause, Kind.DOCKET_SET, who) for who in (MANAGER, CASE_1)}
    assert len(ids) == 2


def _checkpoint(file: Path) -> None:
    import sqlite3

    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
