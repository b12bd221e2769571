"""A mail brought a form: one proposal, or everything that is to be mended, once for each mail."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4, uuid5

import pytest

from services.kernel.deciding import Occasion
from services.kernel.ids import stream_id
from services.kernel.keys import Keys
from services.kernel.rows import canonical
from services.kernel.vault import Erased
from services.pacts.form.fields import member_of
from services.pacts.form.problems import Kind
from services.pacts.form.received import ReceivedForm
from services.pacts.form.reference import Reference
from services.pacts.life import State
from tests.pacts.desk import ACTIONS, NAMESPACE, Desk, keys_of, text_of
from tests.pacts.form.filled import filled
from tests.pacts.moments import BY_LEAD, FAMILY, LEAD, MANAGER, MEMBER, NEIGHBOUR, STRANGER, TEACHER

JUNE_10 = "2026-06-10T21:59:59.999999Z"
"""The last instant of 10 June in Rome."""
SPINE = [
    *["pacts.PeriodSet", "pacts.GoalAdded"],
    *["pacts.ActionAdded"] * 3,
    *["pacts.CapacityLinked", "pacts.ResourceNamed", "pacts.Proposed", "pacts.FormAccepted"],
]


@pytest.fixture
def drafted(desk):
    """A blank draft, on 11 June 2026."""
    desk.hear_guidelines()
    desk.hear_microequipe()
    return desk.on(date(2026, 6, 11))


def a_form(own="lead", family=FAMILY, number=1, proposal=1, by=None, **changed):
    """The values of a filled form, as its issuer made it and nobody altered."""
    reference = Reference(own, family, number, proposal)
    hidden = reference.hidden((by or keys_of(own)).tag)
    return {**filled(), **hidden, **changed}


def mail(desk: Desk, values, number=1, sender: UUID | None = LEAD, organisation="lead", **changed):
    """Hear that mail *number* brought *values*; what became of it."""
    ref = uuid5(NAMESPACE, f"form {number} {uuid4()}")
    text = values if isinstance(values, str) else canonical({"fields": values})
    part = text_of(ref, text)
    part["part"]["kind"] = "form"
    reference = values.get("_rif", "") if isinstance(values, dict) else "lead/LEAD-7K3M9Q-8/1/1"
    body = {
        "mail": str(uuid5(NAMESPACE, f"mail {number}")),
        "reference": reference,
        "sent_at": JUNE_10,
        "received_at": JUNE_10,
        "sender": str(sender) if sender else None,
        "form": {"ref": str(ref), "commitment": part["commitment"]},
        **changed,
    }
    desk.hear("notify/form_received.v1", body, organisation, {ref: part})
    answers = [each for each in desk.events() if each.TOPIC.startswith("pacts.Form")]
    return answers[-1] if answers else None


def reasons(answer):
    """What is to be mended, without labels."""
    assert isinstance(answer, ReceivedForm.Refused)
    return [
        (each.kind, {name: fact for name, fact in each.facts.items() if name != "label"})
        for each in answer.reasons
    ]


def test_a_form_is_the_proposal(drafted):
    answer = mail(drafted, a_form())
    assert isinstance(answer, ReceivedForm.Accepted)
    assert (answer.family, answer.pact, answer.proposal) == (FAMILY, drafted.pact_id, 1)
    assert drafted.topics() == ["pacts.Drafted", *SPINE]
    pact = drafted.pact()
    assert pact.state is State.PROPOSED
    assert pact.committed == (member_of(FAMILY, 2), member_of(FAMILY, 1))
    found = drafted.edit("pact")
    assert found["actions"][0]["description"].endswith("frutta, verdura e 350 € di bollette")
    assert found["actions"][1]["description"] == "Corso serale della scuola «Nicolò D’Àvila-Šarić»"
    assert found["capacities"][0]["action"] == 3


def test_a_form_that_was_printed_in_the_first_release_is_the_proposal(drafted):
    printed = {"_rif": f"lead/{FAMILY}/1/1", "_v": "1", "_tag": "LXYWIIP7ETQ5KRRQMI23XPHS"}
    assert a_form() == filled(**printed)
    assert mail(drafted, filled(**printed)).proposal == 1


def test_the_day_of_the_proposal_is_the_one_on_which_it_was_sent(drafted):
    mail(drafted, a_form())
    (proposed,) = [each for each in drafted.events() if each.TOPIC == "pacts.Proposed"]
    assert proposed.on == date(2026, 6, 10)


@pytest.mark.parametrize(
    ("instant", "day"),
    [("2026-06-10T21:59:59.999999Z", 10), ("2026-06-10T22:00:00Z", 11)],
)
def test_the_day_ends_in_rome(drafted, instant, day):
    assert mail(drafted, a_form(), sent_at=instant).on == date(2026, 6, day)


def test_the_service_decides_on_behalf_of_who_sent_it(drafted):
    mail(drafted, a_form(), sender=MEMBER)
    (proposed,) = [each for each in drafted.events() if each.TOPIC == "pacts.Proposed"]
    assert proposed.by.id == "lead/service/pacts"
    assert proposed.by.on_behalf_of == f"lead/person/{MEMBER}"


def test_what_the_draft_held_is_what_the_form_says(drafted):
    drafted.write_a_draft()
    mail(drafted, a_form())
    found = drafted.edit("pact")
    assert [goal["number"] for goal in found["goals"]] == [2]
    assert [action["number"] for action in found["actions"]] == [4, 5, 6]
    assert (found["starts"], found["ends"]) == ("2026-06-01", "2027-05-31")
    assert [capacity["action"] for capacity in found["capacities"]] == [6]
    assert len(found["community_resources"]) == 1


def helping(desk: Desk) -> dict[int, list[str]]:
    """Who helps in the actions that the draft has."""
    pact = desk.pact()
    engaged = {
        number: [str(each) for each in pact.engaged.get(number, ())] for number in pact.actions
    }
    return {number: persons for number, persons in engaged.items() if persons}


@pytest.fixture
def helped(drafted):
    """A draft in whose summer kitchen (action 3) the neighbour helps."""
    drafted.write_a_draft()
    drafted.hear_figures()
    drafted.edit("engage_figure", action=3, figure=str(NEIGHBOUR))
    return drafted


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({}, True),
        ({"restitution_1_description": " Cucina al centro estivo\r\n"}, True),
        ({"restitution_1_hours": "30", "restitution_1_until": "01/02/2027"}, True),
        ({"restitution_1_provider": "Oratorio Centro"}, True),
        ({"restitution_1_provider": "parrocchia"}, False),
        ({"restitution_1_description": "Cucina al centro anziani"}, False),
    ],
)
def test_who_helps_in_an_action_that_stays_the_same_helps_on(helped, changed, kept):
    assert mail(helped, a_form(**changed)).proposal == 1
    assert helping(helped) == ({6: [str(NEIGHBOUR)]} if kept else {})


def test_an_action_is_the_same_however_a_command_wrote_it(helped):
    helped.edit("remove_action", action=3)
    words = {"description": "Orto\r\ndella parrocchia", "provider": "Parrocchia Sant'Anna"}
    helped.edit("add_action", **{**ACTIONS[2], **words})
    helped.edit("engage_figure", action=4, figure=str(NEIGHBOUR))
    on_the_form = {
        "restitution_1_description": "Orto\ndella parrocchia",
        "restitution_1_provider": "parrocchia-sant-anna",
    }
    assert mail(helped, a_form(**on_the_form)).proposal == 1
    assert helping(helped) == {7: [str(NEIGHBOUR)]}


def test_who_helps_is_not_guessed_where_two_actions_say_the_same(helped):
    values = a_form()
    twice = {
        name.replace("restitution_1", "restitution_2"): value
        for name, value in values.items()
        if name.startswith("restitution_1")
    }
    assert mail(helped, {**values, **twice}).proposal == 1
    assert helping(helped) == {}


def test_nor_where_the_draft_had_two(helped):
    helped.edit("add_action", **ACTIONS[2])
    assert mail(helped, a_form()).proposal == 1
    assert helping(helped) == {}


def test_the_lead_organisation_and_our_own_services_are_told(new_desk):
    partner = new_desk(own="nord")
    partner.hear_guidelines()
    partner.hear_microequipe()
    partner.on(date(2026, 6, 11))
    answer = mail(partner, a_form(own="nord"))
    assert isinstance(answer, ReceivedForm.Accepted)
    told = ["pacts/pact_proposed.v1", "pacts/pact_proposed.v2", "pacts/form_accepted.v1"]
    assert partner.told("lead") == told
    assert partner.told("nord") == ["pacts/pact_drafted.v1", *told]


def test_the_same_mail_three_times_is_one_proposal(drafted):
    for _ in range(3):
        mail(drafted, a_form(), number=7)
    assert drafted.topics() == ["pacts.Drafted", *SPINE]
    assert drafted.refused() == []


def test_the_same_form_by_three_mails_is_one_proposal(drafted):
    for number in (1, 2, 3):
        answer = mail(drafted, a_form(), number=number)
        assert (type(answer), answer.proposal) == (ReceivedForm.Accepted, 1)
    assert drafted.topics() == ["pacts.Drafted", *SPINE, *["pacts.FormAccepted"] * 2]
    assert drafted.pact().proposal == 1


def test_another_form_for_a_proposal_that_the_committee_has_is_refused(drafted):
    mail(drafted, a_form())
    answer = mail(drafted, a_form(goal_1_goal="Un'altra cosa"), number=2)
    assert reasons(answer) == [(Kind.PACT_NOT_DRAFT, {"state": "proposed"})]
    assert drafted.edit("pact")["goals"][0]["goal"] == "Un lavoro stabile"


def test_a_form_that_says_what_the_draft_says_writes_nothing_anew(drafted):
    mail(drafted, a_form())
    drafted.on(date(2026, 6, 18)).hear_decision("returned")
    before = len(drafted.topics())
    mail(drafted, a_form(proposal=2), number=2)
    assert drafted.topics()[before:] == ["pacts.Proposed", "pacts.FormAccepted"]


def test_an_old_form_that_arrives_late_proposes_nothing_again(drafted):
    mail(drafted, a_form())
    drafted.on(date(2026, 6, 18)).hear_decision("returned")
    answer = mail(drafted, a_form(), number=2)
    assert reasons(answer) == [(Kind.FORM_OF_ANOTHER_PROPOSAL, {"proposal": 1, "awaited": 2})]
    assert drafted.pact().state is State.RETURNED


@pytest.mark.parametrize("outcome", ["approved", "not_approved"])
def test_a_form_for_a_pact_that_was_decided(drafted, outcome):
    mail(drafted, a_form())
    drafted.on(date(2026, 6, 18)).hear_decision(outcome)
    answer = mail(drafted, a_form(), number=2)
    assert reasons(answer) == [(Kind.PACT_NOT_DRAFT, {"state": outcome})]
    assert (answer.family, answer.pact) == (FAMILY, drafted.pact_id)


def test_everything_that_is_to_be_mended_is_told_at_once_and_nothing_is_written(drafted):
    before = drafted.topics()
    answer = mail(drafted, a_form(starts="domani", with_family="Off"), sender=STRANGER)
    assert reasons(answer) == [
        (Kind.SENDER_NOT_OF_THE_MICROEQUIPE, {}),
        (Kind.DAY_UNREADABLE, {"field": "starts"}),
        (Kind.FIELD_NOT_TICKED, {"field": "with_family"}),
    ]
    assert drafted.topics() == [*before, "pacts.FormRefused"]
    assert drafted.told("lead")[-2:] == ["pacts/form_refused.v1", "pacts/form_refused.v2"]


def test_a_mended_form_is_accepted(drafted):
    mail(drafted, a_form(starts="domani"))
    assert isinstance(mail(drafted, a_form(), number=2), ReceivedForm.Accepted)


@pytest.mark.parametrize("sender", [LEAD, MEMBER])
def test_the_microequipe_sends_proposals(drafted, sender):
    assert isinstance(mail(drafted, a_form(), sender=sender), ReceivedForm.Accepted)


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        (None, Kind.SENDER_UNKNOWN),
        (STRANGER, Kind.SENDER_NOT_OF_THE_MICROEQUIPE),
        (MANAGER, Kind.SENDER_NOT_OF_THE_MICROEQUIPE),
    ],
)
def test_nobody_else_sends_proposals(drafted, sender, kind):
    assert reasons(mail(drafted, a_form(), sender=sender)) == [(kind, {})]
    mail(drafted, a_form(), number=2)
    assert reasons(mail(drafted, a_form(), number=3, sender=sender)) == [(kind, {})]


def test_nor_does_who_is_only_a_reference_figure_until_the_figure_leads(drafted):
    drafted.hear_figures()
    kind = Kind.SENDER_NOT_OF_THE_MICROEQUIPE
    assert reasons(mail(drafted, a_form(), sender=TEACHER)) == [(kind, {})]
    drafted.hear_figures(lead=str(TEACHER))
    accepted = mail(drafted, a_form(), number=2, sender=TEACHER)
    assert isinstance(accepted, ReceivedForm.Accepted)


OTHER = Keys(b"\x66" * 32)


@pytest.mark.parametrize(
    ("values", "kind", "facts"),
    [
        (a_form(by=OTHER), Kind.FORM_ALTERED, {}),
        (a_form(_v="2"), Kind.FORM_ALTERED, {}),
        (a_form(_tag=""), Kind.FORM_ALTERED, {}),
        (a_form(_tag=["a"]), Kind.FORM_ALTERED, {}),
        (a_form(_rif="lead/LEAD-2R8TQX-G/1/1"), Kind.FORM_ALTERED, {}),
        (a_form(_rif="lead/LEAD-7K3M9Q-8/2/1"), Kind.FORM_ALTERED, {}),
        (a_form(_rif="nothing"), Kind.FORM_UNREADABLE, {}),
        (a_form(own="nord"), Kind.FORM_OF_ANOTHER_ORGANISATION, {"organisation": "nord"}),
        ("no json", Kind.FORM_UNREADABLE, {}),
        ("[1]", Kind.FORM_UNREADABLE, {}),
        ('{"fields":[]}', Kind.FORM_UNREADABLE, {}),
    ],
)
def test_a_form_that_is_not_ours_proves_nothing_about_any_family(drafted, values, kind, facts):
    answer = mail(drafted, values)
    assert reasons(answer) == [(kind, facts)]
    assert (answer.family, answer.pact) == (None, None)
    assert drafted.pact().state is State.DRAFTED


def test_what_notify_told_of_a_form_and_what_the_form_says_must_agree(drafted):
    answer = mail(drafted, a_form(), reference="lead/LEAD-7K3M9Q-8/1/2")
    assert reasons(answer) == [(Kind.FORM_ALTERED, {})]


def test_a_form_of_an_older_version_of_ours(drafted, monkeypatch):
    monkeypatch.setattr("services.pacts.form.reference.VERSION", "0")
    old = a_form()
    assert reasons(mail(drafted, old)) == [(Kind.FORM_VERSION_OLD, {"version": "0", "now": "1"})]


def test_a_form_for_a_pact_that_is_not_here(drafted):
    answer = mail(drafted, a_form(number=2))
    assert reasons(answer) == [(Kind.PACT_UNKNOWN, {})]
    assert answer.family == FAMILY


def test_before_any_guidelines_nothing_is_proposed(desk):
    desk.hear_microequipe()
    desk.on(date(2026, 6, 11))
    assert reasons(mail(desk, a_form())) == [(Kind.NO_GUIDELINES, {"day": "2026-06-10"})]


def test_a_form_about_a_family_whose_data_was_erased(drafted):
    occasion = Occasion(uuid4(), "command:erase", "erase", BY_LEAD)
    drafted.store.decide(occasion, lambda pacts: pacts.erase(stream_id("family", FAMILY)))
    assert reasons(mail(drafted, a_form())) == [(Kind.FORM_ERASED, {})]


def test_only_the_lead_organisation_has_the_dedicated_mailbox(drafted):
    assert mail(drafted, a_form(), organisation="nord") is None
    assert drafted.refused() == [
        ("NotFromTheLeadOrganisation", {"lead": "lead", "organisation": "nord"})
    ]


def test_the_guidelines_are_those_of_the_day_on_which_it_was_sent(drafted):
    drafted.hear_guidelines(number=2, begins="2026-06-11", pact_months=6)
    assert isinstance(mail(drafted, a_form()), ReceivedForm.Accepted)


def test_no_word_of_the_form_is_in_what_is_stored_in_clear_or_said(drafted):
    mail(drafted, a_form(starts="Inventata", assistance_1_eur="Inventata", resource_1_kind="Inv"))
    mail(drafted, a_form(), number=2)
    with drafted.store.database.reading() as connection:
        stored = "".join(
            str(tuple(row))
            for table in ("events", "said", "inbox")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        )
    assert "day_unreadable" in stored
    for word in ("Inventata", "Šarić", "Un lavoro stabile", "Cucina per molti", "bollette"):
        assert word not in stored


def test_every_kind_of_problem_is_in_the_readme_and_in_the_contract():
    services = Path(__file__).parents[3] / "services" / "pacts"
    readme = (services / "README.md").read_text(encoding="utf-8")
    contract = json.loads((services / "contract" / "form_refused.v2.json").read_text())
    kinds = contract["properties"]["reasons"]["items"]["properties"]["kind"]["enum"]
    assert kinds == [str(kind) for kind in Kind]
    for kind in Kind:
        assert f"| `{kind}` |" in readme


def test_an_erased_family_keeps_no_form(drafted):
    mail(drafted, a_form())
    occasion = Occasion(uuid4(), "command:erase", "erase", BY_LEAD)
    drafted.store.decide(occasion, lambda pacts: pacts.erase(stream_id("family", FAMILY)))
    goal = drafted.pact().goals[1].goal
    with pytest.raises(Erased):
        drafted.store.ask(occasion, lambda reading: reading.open(goal))


# names of the household


NAMES = json.dumps(["Rosa Verdicchio", "TRMRCC80A01H501Z"])


def names_told(desk: Desk, names=NAMES, organisation="lead", number=1):
    """Hear from intake which names the family has."""
    ref = uuid5(NAMESPACE, f"names {number}")
    part = text_of(ref, names)
    part["part"]["kind"] = "names"
    told = {"ref": str(ref), "commitment": part["commitment"]}
    body = {"family": FAMILY, "names": told, "on": "2026-06-01"}
    desk.hear("intake/names_told.v1", body, organisation, {ref: part})


def test_a_form_that_names_somebody_of_the_family_is_to_be_mended(drafted):
    names_told(drafted)
    answer = mail(
        drafted, a_form(goal_1_goal="Rosa trova lavoro", resource_1_description="Verdicchio")
    )
    assert reasons(answer) == [
        (Kind.NAME_IN_CLEAR, {"field": "goal_1_goal"}),
        (Kind.NAME_IN_CLEAR, {"field": "resource_1_description"}),
    ]
    assert drafted.topics()[-1] == "pacts.FormRefused"
    assert mail(drafted, a_form(promotion_1_description="Corso serale"), number=2).proposal == 1


def test_who_is_only_a_reference_figure_tries_out_no_names_nor_how_the_pact_stands(drafted):
    drafted.hear_figures()
    names_told(drafted)
    only = [(Kind.SENDER_NOT_OF_THE_MICROEQUIPE, {})]
    guessing = a_form(goal_1_goal="Rosa trova lavoro")
    assert reasons(mail(drafted, guessing, sender=TEACHER)) == only
    assert reasons(mail(drafted, a_form(proposal=2), number=2, sender=TEACHER)) == only
    mail(drafted, a_form(promotion_1_description="Corso serale"), number=3)
    assert drafted.pact().state is State.PROPOSED
    assert reasons(mail(drafted, guessing, number=4, sender=TEACHER)) == only


def test_names_that_were_told_earlier_stay_names_of_the_family(drafted):
    names_told(drafted)
    names_told(drafted, json.dumps(["Zaira Prova"]), number=2)
    answer = mail(drafted, a_form(goal_1_goal="con Rosa", goal_1_result="con Zaira"))
    assert [kind for kind, _ in reasons(answer)][:2] == [Kind.NAME_IN_CLEAR] * 2


def test_another_organisation_tells_us_no_names(drafted):
    names_told(drafted, organisation="nord")
    assert drafted.refused() == [("NotFromOurOrganisation", {"organisation": "nord"})]
