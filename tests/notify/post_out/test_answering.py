"""Who sent a proposal by mail gets one answer: the receipt, or everything that is to be mended."""

from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding, Occasion
from services.kernel.ids import stream_id
from services.notify.mail import Authentic, Form, Mail, Provenance, Route
from services.notify.post_out.settings import MailSettings
from tests.notify.post_out.conftest import OURS, Desk, know_address
from tests.notify.post_out.mail_server import MailServer
from tests.notify.test_season import FAMILY, PACT, about, drafted, proposed, received, told
from tests.review.moments import CASE_1, MICROEQUIPE
from tests.review.office import Office

AT = datetime(2026, 6, 4, 8, tzinfo=UTC)
RAW = b"Received: by x\r\nMessage-ID:\r\n <un.certo.id@posta.example>\r\nSubject: proposta\r\n\r\nx"
REASONS = [
    {"kind": "field_empty", "facts": {"label": "Obiettivo 1"}},
    {"kind": "dimension_without_action", "facts": {"dimension": "restitution"}},
]


def came(
    office: Office, sender: UUID | None = MICROEQUIPE, organisation: str = "nord", number: int = 1
) -> UUID:
    """A mail with a form that *organisation* issued."""
    by = Actor.of_service(office.organisation, "notify")
    ids: list[UUID] = []

    def act(deciding: Deciding) -> None:
        name = f"{number:064}"
        raw = deciding.seal_bytes(stream_id("mail", name, name), "mail", RAW)
        mail = Mail.receive(Route.SMTP, len(RAW), name, name, raw, AT, by=by)
        head = deciding.seal(mail.id, "mail_head", "{}")
        values = deciding.seal(stream_id("family", FAMILY), "form", "{}")
        form = Form(f"{organisation}/{FAMILY}/1/1", organisation, values)
        provenance = Provenance(head, sender, Authentic.PASS, AT, certified=False)
        mail.take_form(provenance, form, by=by, on=deciding.today)
        ids.append(deciding.add(mail).id)

    root = stream_id("test mail", number)
    office.store.decide(Occasion(root, "test", str(root), by), act)
    return ids[0]


def accepted(mail: UUID) -> dict[str, Any]:
    return about(mail=str(mail))


def refused(mail: UUID, **other: Any) -> dict[str, Any]:
    body = {"mail": str(mail), "family": FAMILY, "pact": str(PACT), "reasons": REASONS}
    return body | other


def answered(office: Office) -> list[tuple[str, str, str | None]]:
    """Kind, recipient and answered mail of each notice."""
    return [
        (state["what"], state["recipient"], state["mail"])
        for _, state in office.facts("notify.NoticeRecorded")
    ]


def hear(office: Office, contract: str, body: dict[str, Any]) -> None:
    said_by = "lead" if contract.startswith("review/") else "nord"
    office.hear(contract, body, said_by)


ORDERS = [
    ("pacts/form_accepted.v1", "pacts/pact_proposed.v1", "review/proposal_received.v1"),
    ("pacts/pact_proposed.v1", "pacts/form_accepted.v1", "review/proposal_received.v1"),
    ("pacts/pact_proposed.v1", "review/proposal_received.v1", "pacts/form_accepted.v1"),
]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("late", [False, True])
def test_who_sent_it_gets_the_receipt_once_whatever_comes_first(
    lead: Office, order: tuple[str, ...], late: bool
):
    mail = came(lead)
    words = {
        "pacts/form_accepted.v1": accepted(mail),
        "pacts/pact_proposed.v1": proposed(),
        "review/proposal_received.v1": received(late),
    }
    for contract in order:
        hear(lead, contract, words[contract])
    kind = "proposal_received_late" if late else "proposal_received"
    assert told(lead) == [(kind, str(MICROEQUIPE), "2026-07-20")]
    assert answered(lead)[0][2] == str(mail)


def test_the_lead_of_the_microequipe_is_told_too_if_somebody_else_sent_it(lead: Office):
    mail = came(lead, sender=CASE_1)
    hear(lead, "pacts/pact_proposed.v1", proposed())
    hear(lead, "pacts/form_accepted.v1", accepted(mail))
    hear(lead, "review/proposal_received.v1", received())
    assert answered(lead) == [
        ("proposal_received", str(CASE_1), str(mail)),
        ("proposal_received", str(MICROEQUIPE), None),
    ]


def test_when_its_month_is_closed_afterwards_they_are_told_the_new_day_once(lead: Office):
    mail = came(lead, sender=CASE_1)
    hear(lead, "pacts/pact_proposed.v1", proposed())
    hear(lead, "pacts/form_accepted.v1", accepted(mail))
    moved = received() | {"cycle": "2026-09", "decide_by": "2026-09-20"}
    for words in (received(), moved, moved):
        hear(lead, "review/proposal_received.v1", words)
    both = [("proposal_received", str(CASE_1)), ("proposal_received", str(MICROEQUIPE))]
    assert told(lead) == [
        *((*each, "2026-07-20") for each in both),
        *((*each, "2026-09-20") for each in both),
    ]
    assert [answers for _, _, answers in answered(lead)] == [str(mail), None] * 2


def test_the_organisation_of_the_pact_sends_no_second_receipt(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    hear(nord, "pacts/form_accepted.v1", accepted(UUID(int=1)))
    hear(nord, "pacts/pact_proposed.v1", proposed())
    hear(nord, "review/proposal_received.v1", received())
    assert [kind for kind, _, _ in told(nord)] == ["pact_drafted"]


BY_FORM = ("review/proposal_received.v2", "pacts/form_accepted.v1", "pacts/pact_proposed.v1")


@pytest.mark.parametrize("order", list(permutations(BY_FORM)))
@pytest.mark.parametrize("organisation", ["nord", "lead"])
def test_of_what_a_form_proposed_its_own_organisation_sends_no_receipt_whatever_comes_first(
    organisation: str, order: tuple[str, ...], lead: Office, nord: Office
):
    """The committee's receipt may be heard before it is known which mail brought the form."""
    ours = {"lead": lead, "nord": nord}[organisation]
    family = FAMILY if organisation == "nord" else OURS
    mail = came(lead, organisation=organisation)
    words = {
        "pacts/form_accepted.v1": accepted(mail) | {"family": family},
        "pacts/pact_proposed.v1": proposed() | {"family": family, "organisation": organisation},
        "review/proposal_received.v2": received() | {"family": family, "by_form": True},
    }
    for contract in order:
        said_by = "lead" if contract.startswith("review/") else organisation
        ours.hear(contract, words[contract], said_by)
    answers = [("proposal_received", str(MICROEQUIPE), str(mail))]
    assert answered(ours) == (answers if organisation == "lead" else [])
    assert ours.refusals() == []


def test_what_the_microequipe_proposed_itself_has_its_receipt_from_its_organisation(nord: Office):
    nord.hear("pacts/pact_drafted.v1", drafted(), "nord")
    hear(nord, "pacts/pact_proposed.v1", proposed())
    hear(nord, "review/proposal_received.v2", received() | {"by_form": False})
    assert [kind for kind, _, _ in told(nord)] == ["pact_drafted", "proposal_received"]


def test_the_same_form_sent_again_is_answered_again(lead: Office):
    first, second = came(lead), came(lead, sender=CASE_1, number=2)
    hear(lead, "pacts/form_accepted.v1", accepted(first))
    hear(lead, "review/proposal_received.v1", received())
    hear(lead, "pacts/form_accepted.v1", accepted(second))
    assert answered(lead) == [
        ("proposal_received", str(MICROEQUIPE), str(first)),
        ("proposal_received", str(CASE_1), str(second)),
    ]


def test_who_sent_a_form_that_is_to_be_mended_learns_everything_at_once(lead: Office):
    mail = came(lead)
    hear(lead, "pacts/form_refused.v1", refused(mail))
    ((_, state),) = lead.facts("notify.NoticeRecorded")
    assert (state["what"], state["recipient"]) == ("form_refused", str(MICROEQUIPE))
    assert (state["mail"], state["reasons"]) == (str(mail), REASONS)
    assert state["subject"]["family"] == FAMILY


def test_a_form_of_which_not_even_the_family_is_known_is_answered(lead: Office):
    mail = came(lead)
    hear(lead, "pacts/form_refused.v1", refused(mail, family=None, pact=None))
    assert answered(lead) == [("form_refused", str(MICROEQUIPE), str(mail))]


def test_an_unknown_sender_is_not_answered(lead: Office):
    hear(lead, "pacts/form_refused.v1", refused(came(lead, sender=None)))
    assert told(lead) == []


def test_only_the_lead_organisation_answers(nord: Office):
    hear(nord, "pacts/form_refused.v1", refused(UUID(int=1)))
    assert told(nord) == []


def test_who_did_not_issue_the_form_says_nothing_about_it(lead: Office):
    ours = came(lead, organisation="lead")
    hear(lead, "pacts/form_refused.v1", refused(ours))
    hear(lead, "pacts/form_accepted.v1", accepted(ours))
    assert told(lead) == []
    assert lead.refusals() == [
        ("pacts/form_refused.v1", "NotTheirForm"),
        ("pacts/form_accepted.v1", "NotTheirForm"),
    ]


def test_the_answer_goes_back_as_an_answer(
    lead: Office,
    mail_server: MailServer,
    settings: MailSettings,
):
    know_address(lead, MICROEQUIPE, "referente.prova@rete.example", 1)
    hear(lead, "pacts/form_refused.v1", refused(came(lead)))
    Desk(lead, settings).round()
    (sent,) = mail_server.mails()
    assert sent["In-Reply-To"] == "<un.certo.id@posta.example>"
    assert sent["Auto-Submitted"] == "auto-replied"
    plain = " ".join(sent.get_body(("plain",)).get_content().split())
    assert "«Obiettivo 1»: il campo è vuoto." in plain
    assert "Manca almeno un’azione di restituzione." in plain
