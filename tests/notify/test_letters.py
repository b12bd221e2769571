"""Letters: plain Italian, in two forms that say the same; codes, days and links, nothing else."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from services.notify.letters import (
    LEADS_TO_NO_CONTACT,
    Entry,
    Text,
    day,
    month,
    write,
    write_digest,
)
from services.notify.mail import Doubt
from services.notify.mending import (
    GENERAL,
    NO_FORM_SENTENCES,
    SENTENCES,
    sentence,
    why_not_read,
)
from services.notify.notice import Kind, Notice, Reason, Subject
from services.notify.post_in.mime import MAGIC
from services.notify.post_out.compose import compose
from services.notify.post_out.outbox import Opened
from services.notify.post_out.settings import MailSettings, Security
from services.notify.reminding import GATHERED
from services.notify.waiting import MENDED_BY_THE_SENDER
from tests.scenario import fact, given

FAMILY, PACT = "NORD-2X8W5T-R", UUID(int=7)
SUBJECT = Subject(FAMILY, PACT, "2026-07", 1, "sud")
DUE, ON = date(2026, 7, 20), date(2026, 7, 1)
NOW = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)
LETTER = UUID(int=99)
PORTAL = "https://portale.rete.example"
OURS = MailSettings(
    sender="programma@rete.example",
    sender_name="Comunità Energetiche",
    reply_to="proposte@rete.example",
    ledger=Path("ledger"),
    host="127.0.0.1",
    port=25,
    security=Security.NONE,
    user=None,
    password=None,
    ca_file=None,
    timeout=5.0,
    portal=PORTAL,
    since=None,
)
TAGS = re.compile(r"<style.*?</style>|<title>.*?</title>|<[^>]+>", re.DOTALL)


def letter(what: Kind, **other: Any) -> Text:
    asked: dict[str, Any] = {"subject": SUBJECT, "due": DUE, "portal": PORTAL, "answered": True}
    return write(what, **asked | other)


def notice(what: Kind, **other: Any) -> Notice:
    facts = {"cause": UUID(int=1), "what": what, "recipient": str(UUID(int=2))}
    facts |= {"subject": SUBJECT, "due": DUE, "on": ON, "mail": None, "reasons": ()} | other
    told = given(fact(Notice.Recorded, **facts)).aggregate()
    assert isinstance(told, Notice)
    return told


def mail(what: Kind, to: str = "chi@rete.example", answers: str | None = None, **other: Any):
    raw = compose(LETTER, Opened((notice(what, **other),), to, answers), OURS, NOW)
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return raw, parsed


def words(text: str) -> list[str]:
    """The words of a letter, however it is drawn."""
    return re.findall(r"[\w’]+", text.casefold())


@pytest.mark.parametrize("what", Kind)
def test_every_kind_of_notice_has_its_letter(what: Kind):
    written = letter(what)
    assert 20 < len(written.subject) <= 90
    assert written.plain.startswith(written.plain.splitlines()[0].upper())
    assert "Comunità Energetiche" in written.plain


def test_there_is_no_template_without_a_kind():
    templates = Path(__file__).parents[2] / "services/notify/letters/templates"
    named = {path.name.removesuffix(".jinja") for path in templates.glob("*.jinja")}
    frames = {"digest", "frame.plain", "frame.html", "page.txt", "page.html"}
    assert named == {kind.value for kind in Kind} | frames


@pytest.mark.parametrize("what", Kind)
def test_both_forms_say_the_same(what: Kind):
    written = letter(what)
    shown = TAGS.sub(" ", written.html)
    linked = re.sub(r"https://\S+", " ", written.plain)
    assert words(shown)[2:] == [
        *words(linked.split("\n--\n")[0]),
        *words(linked.split("\n--\n")[1])[2:],
    ]


@pytest.mark.parametrize("what", Kind)
def test_a_letter_is_short_and_no_line_is_long(what: Kind):
    plain = letter(what).plain
    assert len(words(plain)) < 130
    assert max(len(line) for line in plain.splitlines() if "https://" not in line) <= 72
    assert "\n\n\n" not in plain


@pytest.mark.parametrize("what", Kind)
def test_the_html_is_whole_loads_nothing_and_is_italian(what: Kind):
    html = letter(what).html
    assert '<html lang="it">' in html
    assert html.count("<h1") == 1
    assert not re.search(r"<(img|script|link|iframe|form)\b|url\(|@import", html)
    assert set(re.findall(r'https?://[^"<\s]+', html)) <= {
        f"{PORTAL}/{path}"
        for path in (
            f"patti/{PACT}",
            f"famiglie/{FAMILY}",
            "comitato/2026-07",
            "linee-guida/1",
            "posta",
            "cabina",
            "richieste/sud",
            "accordi/sud",
        )
    }


@pytest.mark.parametrize("what", Kind)
def test_without_a_portal_there_is_no_link(what: Kind):
    written = letter(what, portal=None)
    assert "http" not in written.plain
    assert "href" not in written.html


def test_what_comes_in_is_text_and_never_html():
    reason = Reason("field_empty", {"label": "<b>Obiettivo</b> & altro"})
    written = letter(Kind.FORM_REFUSED, reasons=(reason,))
    assert "&lt;b&gt;Obiettivo&lt;/b&gt; &amp; altro" in written.html
    assert "<b>Obiettivo</b> & altro" in written.plain


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (Kind.PROPOSAL_RECEIVED, "Sarà valutata entro lunedì 20 luglio 2026"),
        (Kind.PROPOSAL_RECEIVED_LATE, "«in ritardo»"),
        (Kind.DOCKET_SET, "ciclo di luglio 2026"),
        (Kind.REMINDER_PROPOSAL, "va inviata entro lunedì 20 luglio 2026"),
        (Kind.REMINDER_DECISION, "Va decisa entro lunedì 20 luglio 2026"),
        (Kind.PROPOSAL_OVERDUE, "passa al ciclo di luglio 2026"),
        (Kind.PROPOSAL_RETURNED, "inviala di nuovo entro lunedì 20 luglio 2026"),
    ],
)
def test_a_letter_says_until_when(what: Kind, says: str):
    assert says in " ".join(letter(what).plain.split())


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (date(2026, 7, 10), "venerdì 10 luglio 2026"),
        (date(2026, 11, 1), "domenica 1 novembre 2026"),
    ],
)
def test_days_are_italian(value: date, told: str):
    assert day(value) == told


def test_a_cycle_is_named_by_its_month():
    assert month("2026-07") == "luglio 2026"


# contatto sicuro

NO_FAMILY = {
    Kind.GUIDELINES_ISSUED,
    Kind.MAIL_WAITING,
    Kind.BOARD_SESSION_DUE,
    Kind.BOARD_SESSION_MISSED,
    Kind.MINUTES_APPROVED,
    Kind.MINUTES_CORRECTED,
}


@pytest.mark.parametrize("what", sorted(set(Kind) - LEADS_TO_NO_CONTACT - NO_FAMILY))
def test_a_letter_that_may_lead_to_a_contact_says_that_it_is_restricted(what: Kind):
    says = f"Contatto sicuro: {FAMILY} si contatta soltanto nel modo concordato."
    written, free = letter(what, restricted=True), letter(what)
    for text in (written.plain, written.html):
        assert says in " ".join(text.split())
    assert "Contatto sicuro" not in free.plain + free.html
    assert max(len(line) for line in written.plain.splitlines() if "https://" not in line) <= 72


@pytest.mark.parametrize("what", sorted(LEADS_TO_NO_CONTACT))
def test_receipts_and_what_the_committee_reads_do_not_tell_the_mark(what: Kind):
    assert letter(what, restricted=True) == letter(what)


def test_a_mail_says_it_of_the_families_that_are_marked():
    told = (notice(Kind.PACT_SIGNED),)
    raw = compose(
        LETTER, Opened(told, "chi@rete.example", restricted=frozenset({FAMILY})), OURS, NOW
    )
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    plain = parsed.get_body(("plain",))
    assert plain is not None
    assert "Contatto sicuro" in plain.get_content()


def test_a_digest_names_the_families_that_are_marked_where_they_may_be_contacted():
    entries = [
        replace(entry(Kind.REMINDER_VERIFICATION, 3), restricted=True),
        replace(entry(Kind.REMINDER_PROPOSAL, 2), restricted=True),
        entry(Kind.REMINDER_PROPOSAL, 4),
        replace(entry(Kind.REMINDER_DECISION, 5), restricted=True),
    ]
    digest = write_digest(entries, PORTAL, answered=True)
    says = "Contatto sicuro: NORD-000002-R, NORD-000003-R si contattano soltanto nel modo"
    assert says in " ".join(digest.plain.split())
    assert says in " ".join(digest.html.split())


# the digest


def entry(what: Kind, number: int, due: date = DUE) -> Entry:
    return Entry(what, Subject(f"NORD-0000{number:02}-R", UUID(int=number), "2026-07", 1), due)


ENTRIES = [
    entry(Kind.REMINDER_VERIFICATION, 3),
    entry(Kind.REMINDER_DECISION, 5),
    entry(Kind.REMINDER_DECISION, 4),
    entry(Kind.REMINDER_PROPOSAL, 2, date(2026, 7, 10)),
]


def test_a_digest_says_first_what_is_due_first():
    digest = write_digest(ENTRIES[::-1], PORTAL, answered=True)
    assert digest.subject == "Promemoria: 4 cose da fare, la prima entro venerdì 10 luglio 2026"
    codes = re.findall(r"NORD-0000(\d\d)-R", digest.plain)
    assert codes == ["02", "04", "05", "03"]
    assert codes == re.findall(r">NORD-0000(\d\d)-R", digest.html)


@pytest.mark.parametrize("portal", [PORTAL, None])
def test_a_digest_is_plain_in_both_forms(portal: str | None):
    digest = write_digest(ENTRIES, portal, answered=True)
    said, signed = re.sub(r"https://\S+", " ", digest.plain).split("\n--\n")
    assert words(TAGS.sub(" ", digest.html))[2:] == [*words(said), *words(signed)[2:]]
    assert digest.html.count("<a ") == (len(ENTRIES) if portal else 0)
    assert digest.plain.count("https://") == (len(ENTRIES) if portal else 0)
    assert max(len(line) for line in digest.plain.splitlines()) <= 100
    assert "\n\n\n" not in digest.plain


@pytest.mark.parametrize("what", GATHERED)
def test_every_reminder_has_its_place_in_a_digest(what: Kind):
    plain = write_digest([entry(what, 1), entry(what, 2)], PORTAL, answered=True).plain
    assert " lunedì 20 luglio 2026:" in " ".join(plain.split())


def test_what_has_no_last_day_does_not_say_by_when():
    digest = write_digest([entry(Kind.LOOK_BACK_DUE, n) for n in (1, 2)], PORTAL, answered=True)
    assert digest.subject == "Promemoria: 2 cose da fare"


# what to mend


FACTS = {
    "label": "Obiettivo 1",
    "field": "obiettivo_1",
    "first": "2026-07-10",
    "last": "2026-06-01",
    "starts": "2026-07-01",
    "ends": "2026-12-31",
    "longest": 400,
    "length": 512,
    "action": "Assistenza, azione 1",
    "dimension": "restitution",
    "guidelines": 1,
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_every_kind_of_problem_is_one_whole_sentence(kind: str):
    said = sentence(kind, FACTS)
    assert said.endswith(".")
    assert "{" not in said
    assert said != GENERAL.format(kind=kind)
    assert "2026-" not in said


def test_everything_to_mend_is_in_one_letter():
    kinds = set(SENTENCES) - {"form_erased"}
    reasons = tuple(Reason(kind, FACTS) for kind in kinds)
    plain = " ".join(letter(Kind.FORM_REFUSED, reasons=reasons).plain.split())
    for kind in kinds:
        assert sentence(kind, FACTS) in plain


def test_of_an_erased_family_nothing_is_to_be_mended():
    told = letter(Kind.FORM_REFUSED, reasons=(Reason("form_erased", {}),))
    plain = " ".join(told.plain.split())
    assert told.subject == f"Il modulo non si può più usare ({FAMILY})"
    assert "sono stati cancellati per sempre" in plain
    assert "orregg" not in plain.replace("Non devi correggere", "")
    assert "conservato." in plain


@pytest.mark.parametrize("facts", [{}, {"label": "x", "longest": "{", "length": "%s"}])
def test_a_kind_that_we_do_not_know_yet_gets_the_general_sentence(facts: dict[str, Any]):
    assert "«of_next_year»" in sentence("of_next_year", facts)


def test_missing_facts_give_the_general_sentence():
    assert "«text_too_long»" in sentence("text_too_long", {"label": "x"})


def test_every_kind_that_pacts_say_has_its_sentence():
    """When this fails: write the sentence of the new kind in ``mending.py``."""
    contract = Path(__file__).parents[2] / "services/pacts/contract/form_refused.v2.json"
    kinds = json.loads(contract.read_text())["properties"]["reasons"]["items"]["properties"]["kind"]
    assert set(kinds["enum"]) == set(SENTENCES)


# why no form was read


UNREAD = {
    *((Doubt.NO_FORM, code) for code in (None, "pdf", "other_form", "other", *MAGIC.values())),
    *((Doubt.FORM_UNREADABLE, code) for code in ("encrypted", "broken", "empty", "too_large")),
    *(
        (Doubt.FORM_UNREADABLE, code)
        for code in ("too_much", "too_deep", "too_long", "too_many_fields")
    ),
    *((doubt, None) for doubt in MENDED_BY_THE_SENDER - {Doubt.NO_FORM, Doubt.FORM_UNREADABLE}),
}
"""Doubts and codes that sorting finds and who sent the mail is told of."""


@pytest.mark.parametrize(("doubt", "code"), sorted(UNREAD, key=str))
def test_why_no_form_was_read_is_one_whole_sentence(doubt: Doubt, code: str | None):
    said = why_not_read(doubt.value, {"code": code} if code else {})
    assert said.endswith(".")
    assert said != GENERAL.format(kind=doubt.value)
    assert (said == NO_FORM_SENTENCES["no_form"]) == (code is None and doubt is Doubt.NO_FORM)


def test_no_sentence_is_there_that_nobody_hears():
    said = {why_not_read(doubt.value, {"code": code}) for doubt, code in UNREAD}
    assert said >= set(NO_FORM_SENTENCES.values()) - {NO_FORM_SENTENCES["form_unreadable"]}


def test_who_sent_no_form_hears_that_nothing_counts_yet_and_what_to_do():
    reason = Reason("no_form", {"code": "pdf"})
    told = letter(Kind.FORM_NOT_READ, subject=Subject(), due=None, reasons=(reason,))
    plain = " ".join(told.plain.split())
    assert "la proposta non è ancora arrivata" in plain
    assert NO_FORM_SENTENCES["pdf"] in plain
    assert "Allega quel file a un nuovo messaggio" in plain
    assert "una persona leggerà il tuo messaggio" in plain


@pytest.mark.parametrize(
    ("number", "says"), [(1, "un messaggio attende"), (7, "7 messaggi attendono")]
)
def test_who_has_to_look_hears_how_many_wait(number: int, says: str):
    told = letter(Kind.MAIL_WAITING, subject=Subject(number=number), due=None)
    assert told.subject == f"Posta da guardare: {says}"
    assert says in " ".join(told.plain.split())


# the mail around the letter


@pytest.mark.parametrize("what", Kind)
def test_a_mail_has_text_and_html_and_loops_nowhere(what: Kind):
    raw, parsed = mail(what)
    assert parsed["From"] == "Comunità Energetiche <programma@rete.example>"
    assert parsed["To"] == "chi@rete.example"
    assert parsed["Reply-To"] == "proposte@rete.example"
    assert parsed["Message-ID"] == f"<{LETTER}@rete.example>"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["X-Auto-Response-Suppress"] == "All"
    assert parsed["Date"].datetime == NOW
    assert parsed["In-Reply-To"] is None
    plain, html = (parsed.get_body((each,)) for each in ("plain", "html"))
    written = letter(what)
    assert plain.get_content().splitlines() == written.plain.splitlines()
    assert html.get_content().splitlines() == written.html.splitlines()
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 200
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_an_answer_names_the_mail_that_it_answers():
    long = f"<{'A' * 70}@{'b' * 70}.outlook.example>"
    raw, parsed = mail(Kind.FORM_REFUSED, answers=long, mail=UUID(int=3))
    assert parsed["Auto-Submitted"] == "auto-replied"
    assert f"In-Reply-To: {long}\r\n".encode() in raw
    assert f"References: {long}\r\n".encode() in raw


@pytest.mark.parametrize("answers", ["", "<a b@c>", "<a@b>\r\nBcc: x@y", "nothing", "<è@b>"])
def test_an_id_of_another_shape_is_not_repeated(answers: str):
    raw, parsed = mail(Kind.FORM_REFUSED, answers=answers, mail=UUID(int=3))
    assert parsed["In-Reply-To"] is None
    assert b"Bcc" not in raw


def test_an_address_beyond_ascii_is_written_as_it_is():
    raw, parsed = mail(Kind.PACT_SIGNED, to="nicolò@rete.example")
    assert "To: nicolò@rete.example\r\n".encode() in raw
    assert parsed["Subject"].startswith("Patto firmato")


def test_the_docket_brings_the_last_day_for_the_calendar():
    _, parsed = mail(Kind.DOCKET_SET, subject=Subject(cycle="2026-07"))
    (attached,) = parsed.iter_attachments()
    assert attached.get_content_type() == "text/calendar"
    assert attached.get_param("method") == "PUBLISH"
    assert attached.get_filename() == "comitato.ics"
    calendar = Calendar.from_ical(attached.get_payload(decode=True))
    assert calendar["METHOD"] == "PUBLISH"
    (event,) = calendar.walk("VEVENT")
    assert event["DTSTART"].dt == DUE
    assert event["UID"] == "comitato-2026-07@rete.example"
    assert event["SUMMARY"] == "Comitato: ultimo giorno per le decisioni di luglio 2026"
    assert "ATTENDEE" not in event


def test_the_boards_date_comes_with_a_calendar_entry():
    _, parsed = mail(Kind.BOARD_SESSION_DUE, subject=Subject())
    (attached,) = parsed.iter_attachments()
    assert attached.get_filename() == "cabina-di-regia.ics"
    (event,) = Calendar.from_ical(attached.get_payload(decode=True)).walk("VEVENT")
    assert event["DTSTART"].dt == DUE
    assert event["UID"] == "cabina-2026-07-20@rete.example"
    assert event["SUMMARY"] == "Cabina di regia: ultimo giorno per la riunione"


def test_a_docket_that_was_supplemented_replaces_the_entry():
    def sequence(on: date) -> int:
        _, parsed = mail(Kind.DOCKET_SET, subject=Subject(cycle="2026-07"), on=on)
        (attached,) = parsed.iter_attachments()
        (event,) = Calendar.from_ical(attached.get_payload(decode=True)).walk("VEVENT")
        return int(event["SEQUENCE"])

    assert sequence(date(2026, 7, 1)) == 0
    assert sequence(date(2026, 7, 9)) > sequence(date(2026, 7, 2)) > 0


def test_other_letters_bring_nothing_along():
    for what in set(Kind) - {Kind.DOCKET_SET, Kind.BOARD_SESSION_DUE}:
        assert list(mail(what)[1].iter_attachments()) == []
