"""A mail brought the form of an amendment: one more proposal, or everything to mend, once."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from services.kernel.deciding import Deciding, Occasion
from services.kernel.ids import stream_id
from services.pacts.difference import AmendmentState, What
from services.pacts.form.fields import member_of
from services.pacts.form.opening import opened
from services.pacts.form.prefilling import amendable, prefilled
from services.pacts.form.problems import Kind
from services.pacts.form.received import ReceivedForm
from services.pacts.form.reference import Reference
from services.pacts.life import State
from services.pacts.pact import Pact
from services.pacts.refusals import (
    AmendmentBeforeTheCommittee,
    ContactRestricted,
    DraftDoesNotFitTheForm,
    NotOfTheMicroequipe,
    OnlyAReferenceFigure,
    PactNotDraft,
)
from tests.pacts.desk import Desk
from tests.pacts.form.filled import filled
from tests.pacts.form.test_hearing import a_form as a_drafts_form
from tests.pacts.form.test_hearing import mail, names_told, reasons
from tests.pacts.moments import (
    BY_LEAD,
    FAMILY,
    LEAD,
    MANAGER,
    MEMBER,
    NEIGHBOUR,
    STRANGER,
    TEACHER,
)

SEP_9 = date(2026, 9, 9)
SENT = "2026-09-09T10:00:00Z"
TICKED = {"with_family": "on", "without_names": "on"}
LONGER = {"ends": "30/11/2027"}
ACTIVE_ON = date(2026, 6, 1)


@pytest.fixture
def active(desk: Desk) -> Desk:
    """A pact that is active since 1 June 2026, on 9 September."""
    desk.reach_the_active_pact()
    return desk.on(SEP_9)


def a_form(desk: Desk, **changed):
    """The form of an amendment as it is given out now, ticked, with some fields as *changed*."""

    def made(reading: Deciding):
        pact = reading.get(Pact, desk.pact_id)
        reference = Reference(desk.own, FAMILY, 1, pact.proposal + 1)
        said = prefilled(pact, opened(reading), amendable(pact))
        return {**said, **reference.hidden(reading.tag, pact.in_force), **TICKED}

    return {**desk.store.ask(Occasion(uuid4(), "test", "form", BY_LEAD), made), **changed}


def send(desk: Desk, values, number=1, sender=LEAD, **changed):
    return mail(desk, values, number, sender, **{"sent_at": SENT, "received_at": SENT, **changed})


def proposed(desk: Desk):
    """The amendments that were proposed."""
    return [each for each in desk.events() if each.TOPIC == "pacts.AmendmentProposed"]


def approve(desk: Desk, proposal=2):
    desk.hear_decision("approved", proposal=proposal)


A_COURSE = {
    name.replace("promotion_1", "promotion_2"): value
    for name, value in filled(promotion_1_description="Corso di lingua").items()
    if name.startswith("promotion_1")
}


def test_a_form_is_an_amendment_while_the_pact_in_force_goes_on(active):
    before = active.edit("pact")
    answer = send(active, a_form(active, **LONGER))
    assert isinstance(answer, ReceivedForm.Accepted)
    assert (answer.family, answer.pact, answer.proposal) == (FAMILY, active.pact_id, 2)
    (amendment,) = proposed(active)
    assert (amendment.proposal, amendment.amends) == (2, 1)
    assert (amendment.difference.ends_before, amendment.difference.ends) == (
        date(2027, 6, 1),
        date(2027, 11, 30),
    )
    after = active.edit("pact")
    assert (after["state"], after["ends"]) == (before["state"], before["ends"])
    assert active.pact().amending == 2


def test_it_is_what_the_command_would_have_made(active, new_desk):
    send(active, a_form(active, **LONGER, assistance_1_eur="500", resource_1_out="on", **ANOTHER))
    other = new_desk()
    other.reach_the_active_pact()
    other.on(SEP_9).edit(
        "propose_amendment",
        ends="2027-11-30",
        actions={"changed": [{"number": 1, "quantity_eur": "500"}]},
        resources={
            "added": [{"kind": "firm", "description": "Il forno", "hours": None}],
            "removed": [1],
        },
    )
    (by_form,), (by_command,) = proposed(active), proposed(other)
    assert without_refs(by_form.difference) == without_refs(by_command.difference)
    for who in ("lead", "nord"):
        said = "pacts/pact_proposed.v2"
        assert (said in active.told(who)) == (said in other.told(who))


ANOTHER = {"resource_2_description": "Il forno", "resource_2_kind": "firm"}


def without_refs(difference):
    """What an amendment changes, but for texts, whose references are never the same."""
    return replace(
        difference,
        actions=tuple(
            replace(each, item=replace(each.item, description=None, expected_result=None))
            for each in difference.actions
        ),
        resources=tuple(
            replace(each, item=each.item and replace(each.item, description=None))
            for each in difference.resources
        ),
    )


def test_only_what_was_written_otherwise_is_otherwise(active):
    food = active.pact().actions[1]
    send(active, a_form(active, assistance_1_description="Due pacchi", assistance_1_eur="1.000"))
    [change] = proposed(active)[0].difference.actions
    assert (change.what, change.number) == (What.CHANGED, 1)
    assert change.item.description != food.description
    assert change.item == replace(
        food, description=change.item.description, quantity_eur=change.item.quantity_eur
    )
    assert str(change.item.quantity_eur) == "1000.00"


def test_what_is_ticked_is_taken_out_and_what_is_written_in_an_empty_place_is_added(active):
    out = {"goal_1_out": "on", "promotion_1_out": "/on"}
    moved = {"capacity_1_action": "promotion_2"}
    send(active, a_form(active, **out, **A_COURSE, **moved))
    difference = proposed(active)[0].difference
    assert [(each.what, each.number) for each in difference.goals] == [(What.REMOVED, 1)]
    told = [(each.what, each.number) for each in difference.actions]
    assert told == [(What.ADDED, 4), (What.REMOVED, 2)]
    [capacity] = difference.capacities
    assert (capacity.what, capacity.number, capacity.item.action) == (What.CHANGED, 1, 4)
    approve(active.on(date(2026, 10, 20)))
    assert sorted(active.pact().actions) == [1, 3, 4]


def test_what_is_emptied_is_taken_out_too(active):
    values = a_form(active)
    emptied = {name: "" for name in values if name.startswith("goal_1")}
    send(active, {**values, **emptied})
    assert [each.what for each in proposed(active)[0].difference.goals] == [What.REMOVED]


def test_an_action_keeps_its_number_its_logs_and_who_helps(active):
    active.hear_figures()
    active.edit("engage_figure", action=2, figure=str(NEIGHBOUR))
    active.edit("start_action", action=2)
    send(active, a_form(active, assistance_1_out="on", promotion_1_until="31/03/2027", **FOOD))
    approve(active.on(date(2026, 10, 20)))
    pact = active.pact()
    assert sorted(pact.actions) == [2, 3, 4]
    assert (pact.progress[2], pact.engaged[2]) == ("started", (NEIGHBOUR,))


FOOD = {
    "assistance_2_description": "Buoni spesa",
    "assistance_2_result": "La spesa basta",
    "assistance_2_area": "emergency_aid",
    "assistance_2_provider": "caritas",
    "assistance_2_responsible": str(LEAD),
}


def test_an_action_without_days_lasts_as_long_as_the_amended_pact(active):
    send(active, a_form(active, **LONGER, **FOOD))
    [added] = proposed(active)[0].difference.actions
    assert (added.item.starts, added.item.until) == (ACTIVE_ON, date(2027, 11, 30))


def test_without_a_last_day_the_pact_ends_as_it_does(active):
    send(active, a_form(active, ends="", **FOOD))
    difference = proposed(active)[0].difference
    assert difference.ends == difference.ends_before == date(2027, 6, 1)
    assert difference.actions[0].item.until == date(2027, 6, 1)


def test_the_first_day_of_a_pact_is_not_amended(active):
    assert "starts" in a_form(active)
    answer = send(active, a_form(active, starts="01/01/2027"))
    assert reasons(answer) == [(Kind.NOTHING_AMENDED, {"amends": 1})]


@pytest.mark.parametrize("sender", [LEAD, MEMBER])
def test_the_microequipe_sends_amendments_and_the_service_acts_on_its_behalf(active, sender):
    send(active, a_form(active, **LONGER), sender=sender)
    (amendment,) = proposed(active)
    assert amendment.by.id == "lead/service/pacts"
    assert amendment.by.on_behalf_of == f"lead/person/{sender}"


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        (None, Kind.SENDER_UNKNOWN),
        (STRANGER, Kind.SENDER_NOT_OF_THE_MICROEQUIPE),
        (MANAGER, Kind.SENDER_NOT_OF_THE_MICROEQUIPE),
    ],
)
def test_nobody_else_sends_amendments(active, sender, kind):
    values = a_form(active, **LONGER)
    assert reasons(send(active, values, sender=sender)) == [(kind, {})]
    send(active, values, number=2)
    assert reasons(send(active, values, number=3, sender=sender)) == [(kind, {})]


def test_who_is_only_a_reference_figure_learns_nothing_by_a_form(active):
    active.hear_figures()
    names_told(active)
    only = [(Kind.SENDER_NOT_OF_THE_MICROEQUIPE, {})]
    guessing = a_form(active, goal_1_goal="Rosa trova lavoro")
    assert reasons(send(active, guessing, sender=TEACHER)) == only
    send(active, a_form(active, **LONGER), number=2)
    assert reasons(send(active, guessing, number=3, sender=TEACHER)) == only
    assert active.pact().amending == 2


@pytest.mark.parametrize(
    ("instant", "day"),
    [("2026-09-10T21:59:59.999999Z", 10), ("2026-09-10T22:00:00Z", 11)],
)
def test_the_day_of_the_amendment_is_the_one_on_which_it_was_sent_in_rome(active, instant, day):
    active.on(date(2026, 9, 12))
    send(active, a_form(active, **LONGER), sent_at=instant)
    assert proposed(active)[0].on == date(2026, 9, day)


def test_the_lead_organisation_is_told_as_of_any_amendment(new_desk):
    partner = new_desk(own="nord")
    partner.reach_the_active_pact()
    partner.on(SEP_9)
    before = len(partner.told("lead"))
    send(partner, a_form(partner, **LONGER))
    assert partner.told("lead")[before:] == [
        "pacts/pact_proposed.v1",
        "pacts/pact_proposed.v2",
        "pacts/form_accepted.v1",
    ]


# once


def test_the_same_mail_three_times_is_one_amendment(active):
    values = a_form(active, **LONGER)
    for _ in range(3):
        send(active, values, number=7)
    assert len(proposed(active)) == 1
    assert active.refused() == []


def test_the_same_form_by_three_mails_is_one_amendment(active):
    taken = {"goal_1_out": "on", "promotion_1_out": "on", "capacity_1_action": "promotion_2"}
    values = a_form(active, **LONGER, **A_COURSE, **taken)
    for number in (1, 2, 3):
        answer = send(active, values, number=number)
        assert (type(answer), answer.proposal) == (ReceivedForm.Accepted, 2)
    assert len(proposed(active)) == 1
    active.edit("suspend", reason="health")
    assert send(active, values, number=4).proposal == 2


def test_another_form_while_the_committee_has_an_amendment_is_refused(active):
    values = a_form(active, **LONGER)
    send(active, values)
    answer = send(active, {**values, "ends": "31/12/2027"}, number=2)
    assert reasons(answer) == [(Kind.AMENDMENT_BEFORE_THE_COMMITTEE, {"proposal": 2})]
    assert len(proposed(active)) == 1


def test_a_form_that_holds_more_than_fits_with_the_one_before_the_committee_is_refused(active):
    values = a_form(active, **LONGER)
    goal = {"goal": "x", "expected_result": "y"}
    active.edit("propose_amendment", goals={"added": [goal] * 4})
    answer = send(active, values)
    assert reasons(answer) == [(Kind.AMENDMENT_BEFORE_THE_COMMITTEE, {"proposal": 2})]


# stale


def test_a_form_that_starts_from_a_pact_that_was_amended_since_is_refused(active):
    values = a_form(active, **LONGER)
    active.edit("propose_amendment", ends="2027-07-01")
    approve(active.on(date(2026, 10, 20)))
    answer = send(active, {**values, "starts": "domani"})
    assert reasons(answer) == [(Kind.FORM_OF_AN_OLDER_PACT, {"amends": 1, "in_force": 2})]
    assert send(active, a_form(active, **LONGER), number=2).proposal == 3
    assert proposed(active)[-1].amends == 2


def test_one_that_the_pact_in_force_has_outgrown_is_answered_not_left(active):
    values = a_form(active, **LONGER)
    goal = {"goal": "x", "expected_result": "y"}
    active.edit("propose_amendment", goals={"added": [goal] * 4})
    approve(active.on(date(2026, 10, 20)))
    assert reasons(send(active, values))[0][0] is Kind.FORM_OF_AN_OLDER_PACT
    assert active.refused() == []


@pytest.mark.parametrize("how", ["returned", "not_approved", "withdrawn"])
def test_a_form_is_good_for_one_amendment_also_if_that_changed_nothing(active, how):
    values = a_form(active, **LONGER)
    send(active, values)
    if how == "withdrawn":
        active.edit("withdraw_amendment")
    else:
        active.on(date(2026, 10, 20)).hear_decision(how, proposal=2)
    answer = send(active, values, number=2)
    assert reasons(answer) == [(Kind.FORM_OF_ANOTHER_PROPOSAL, {"proposal": 2, "awaited": 3})]
    assert send(active, a_form(active, **LONGER), number=3).proposal == 3
    assert active.pact().amendments[3].state is AmendmentState.PROPOSED


@pytest.mark.parametrize(
    ("state", "command", "words"),
    [
        ("suspended", "suspend", {"reason": "health"}),
        (
            "interrupted",
            "interrupt",
            {"reason": "moved_away", "not_verified_because": "moved_away"},
        ),
    ],
)
def test_a_pact_that_is_not_active_is_not_amended(active, state, command, words):
    values = a_form(active, **LONGER)
    active.edit(command, **words)
    answer = send(active, values)
    assert reasons(answer) == [(Kind.PACT_NOT_ACTIVE, {"state": state})]
    assert active.pact().state is State(state)


def test_a_drafts_form_amends_nothing(active):
    drafts = a_drafts_form(proposal=2)
    assert reasons(send(active, drafts)) == [(Kind.PACT_NOT_DRAFT, {"state": "active"})]
    assert proposed(active) == []


def test_nor_is_the_form_of_an_amendment_that_of_a_draft(active):
    values = a_form(active, **LONGER)
    altered = ({"_da": ""}, {"_da": "2"}, {"_da": ["1"]}, {"_rif": f"lead/{FAMILY}/1/3"})
    for number, changed in enumerate(altered):
        answer = send(active, {**values, **changed}, number=number)
        assert reasons(answer) == [(Kind.FORM_ALTERED, {})]
    draft = {**a_drafts_form(proposal=2), "_da": "1"}
    assert reasons(send(active, draft, number=9)) == [(Kind.FORM_ALTERED, {})]


# to be mended


def test_a_form_that_says_what_the_pact_says_is_to_be_mended(active):
    written = active.rows_written()[1]
    answer = send(active, a_form(active))
    assert reasons(answer) == [(Kind.NOTHING_AMENDED, {"amends": 1})]
    assert proposed(active) == []
    assert active.rows_written()[1] == written + 1  # the form itself, as notify disclosed it


def test_everything_that_is_to_be_mended_is_told_at_once_and_nothing_is_written(active):
    before = active.topics()
    answer = send(
        active,
        a_form(
            active,
            ends="01/11/2026",
            with_family="Off",
            restitution_1_out="on",
            resource_1_description="x" * 121,
        ),
        sender=STRANGER,
    )
    assert reasons(answer) == [
        (Kind.SENDER_NOT_OF_THE_MICROEQUIPE, {}),
        (Kind.FIELD_NOT_TICKED, {"field": "with_family"}),
        (
            Kind.ACTION_OUTSIDE_THE_PERIOD,
            {"field": "assistance_1_until", "starts": "2026-06-01", "ends": "2026-11-01"},
        ),
        (
            Kind.ACTION_OUTSIDE_THE_PERIOD,
            {"field": "promotion_1_until", "starts": "2026-06-01", "ends": "2026-11-01"},
        ),
        (Kind.DIMENSION_WITHOUT_ACTION, {"dimension": "restitution"}),
        (Kind.ACTION_TAKEN_OUT, {"field": "capacity_1_action", "action": "Restituzione 1"}),
        (Kind.TEXT_TOO_LONG, {"field": "resource_1_description", "longest": 120, "length": 121}),
    ]
    labels = [each.facts.get("label") for each in answer.reasons]
    assert "La modifica è stata decisa con la famiglia" in labels
    assert active.topics() == [*before, "pacts.FormRefused"]


@pytest.mark.parametrize(("ends", "accepted"), [("08/09", False), ("09/09", True), ("10/09", True)])
def test_a_pact_ends_on_the_day_of_the_amendment_at_the_earliest(active, ends, accepted):
    until = {f"{name}_1_until": f"{ends}/2026" for name in ("assistance", "promotion")}
    changed = {"ends": f"{ends}/2026", "restitution_1_until": f"{ends}/2026", **until}
    answer = send(active, a_form(active, **changed))
    if accepted:
        assert proposed(active)[0].difference.ends == date(2026, 9, int(ends[:2]))
    else:
        assert reasons(answer) == [
            (
                Kind.ENDS_BEFORE_THE_PROPOSAL,
                {"field": "ends", "first": "2026-09-09", "last": "2026-09-08"},
            )
        ]


def test_a_form_that_names_somebody_of_the_family_is_to_be_mended(active):
    values = a_form(active, promotion_2_description="x", resource_2_description="Rosa")
    names_told(active)
    answer = send(active, values)
    assert (Kind.NAME_IN_CLEAR, {"field": "resource_2_description"}) in reasons(answer)
    assert proposed(active) == []


def test_the_guidelines_set_no_longest_period_nor_need_there_be_any(active):
    active.hear_guidelines(number=2, begins="2026-09-01", pact_months=6)
    assert send(active, a_form(active, ends="31/12/2028")).proposal == 2


def test_who_stands_in_the_pact_may_stay_but_takes_over_nothing_else(active):
    """The member who answers for two actions has left since."""
    active.hear_figures(change="left", members=[str(LEAD)], figures=[])
    values = a_form(active, **LONGER)
    assert values["promotion_1_responsible"] == str(MEMBER)
    assert values["promotion_1_committed"] == str(active.pact().actions[2].committed)
    taking_over = {**values, "assistance_1_responsible": str(MEMBER)}
    answer = send(active, taking_over)
    assert reasons(answer) == [(Kind.CHOICE_UNKNOWN, {"field": "assistance_1_responsible"})]
    assert send(active, values, number=2).proposal == 2
    assert proposed(active)[0].difference.actions == ()


def test_who_commits_may_be_another_of_the_household(active):
    """The mother has no number on the form; whoever has the number 1 takes over from her."""
    send(active, a_form(active, restitution_1_committed="1"))
    [change] = proposed(active)[0].difference.actions
    assert change.item == replace(active.pact().actions[3], committed=member_of(FAMILY, 1))


def test_what_no_form_can_say_is_said_otherwise_and_amended_by_that(active):
    """A provider without a letter, as a command may name one."""
    active.edit("propose_amendment", actions={"changed": [{"number": 1, "provider": "***"}]})
    approve(active.on(date(2026, 10, 20)))
    answer = send(active, a_form(active, **LONGER))
    assert reasons(answer) == [(Kind.TEXT_UNREADABLE, {"field": "assistance_1_provider"})]
    send(active, a_form(active, assistance_1_provider="Caritas"), number=2)
    [change] = proposed(active)[-1].difference.actions
    assert change.item.provider == "caritas"


def test_a_form_about_a_family_whose_data_was_erased(active):
    values = a_form(active, **LONGER)
    occasion = Occasion(uuid4(), "command:erase", "erase", BY_LEAD)
    active.store.decide(occasion, lambda pacts: pacts.erase(stream_id("family", FAMILY)))
    assert reasons(send(active, values)) == [(Kind.FORM_ERASED, {})]


# who may have a form, and when


def refuses(desk: Desk, refusal, by=LEAD, **words):
    with pytest.raises(refusal) as refused:
        desk.edit("form", by, **words)
    return refused.value.facts


def test_there_is_no_form_while_the_committee_has_an_amendment(active):
    send(active, a_form(active, **LONGER))
    assert refuses(active, AmendmentBeforeTheCommittee) == {"proposal": 2}


@pytest.mark.parametrize(
    ("command", "words", "state"),
    [
        ("suspend", {"reason": "health"}, "suspended"),
        (
            "interrupt",
            {"reason": "moved_away", "not_verified_because": "moved_away"},
            "interrupted",
        ),
    ],
)
def test_nor_of_a_pact_that_is_not_active(active, command, words, state):
    active.edit(command, **words)
    assert refuses(active, PactNotDraft) == {"state": state}


def test_nor_for_who_does_not_see_the_whole_pact(active):
    active.hear_figures()
    pact = {"pact": str(active.pact_id)}
    assert refuses(active, OnlyAReferenceFigure, TEACHER) == pact
    assert refuses(active, NotOfTheMicroequipe, STRANGER) == pact


def test_under_contatto_sicuro_it_is_made_only_by_the_way_agreed(active):
    body = {"family": FAMILY, "safe_contact": True, "on": "2026-09-09"}
    active.hear("intake/contact_marked.v1", body)
    assert refuses(active, ContactRestricted) == {"family": FAMILY}


def test_nor_of_a_pact_that_holds_more_than_the_form(active):
    goal = {"goal": "x", "expected_result": "y"}
    active.edit("propose_amendment", goals={"added": [goal] * 4})
    approve(active.on(date(2026, 10, 20)))
    facts = {"what": "goals", "found": 5, "most": 4}
    assert refuses(active, DraftDoesNotFitTheForm) == facts
