from datetime import date

import pytest

from services.pacts.content import DeclineReason, Microequipe, Party
from services.pacts.pact import Pact
from services.pacts.refusals import (
    AlreadySigned,
    NotAParty,
    NotTheLead,
    NotYetLapsed,
    OutsideThePeriod,
    SignatureLate,
)
from tests.pacts.moments import (
    BY_MEMBER,
    JUN_1,
    JUN_13,
    LEAD,
    MANAGER,
    MAY_20,
    MEMBER,
    MOTHER,
    OURSELVES,
    SEP_1,
    SON,
    STRANGER,
    TERMS,
    activated,
    approved,
    drafted,
    lead_signed,
    mother_signed,
    on_the_table,
    signed,
    son_signed,
)
from tests.scenario import THE_ONE, fact, given

to_sign = (*on_the_table, approved)


def test_a_signature_of_the_family_is_recorded():
    given(*to_sign).when(Pact.sign, person=MOTHER, on=MAY_20).then(mother_signed)


def test_the_lead_signs_for_the_microequipe():
    given(*to_sign).when(Pact.sign, person=LEAD, on=MAY_20).then(lead_signed)


@pytest.mark.parametrize("last", [SON, MOTHER, LEAD])
def test_the_last_signature_makes_the_pact_signed(last):
    others = {SON: son_signed, MOTHER: mother_signed, LEAD: lead_signed}
    own = others.pop(last)
    given(*to_sign, *others.values()).when(Pact.sign, person=last, on=MAY_20).then(
        own, fact(Pact.SignedByAll, on=MAY_20)
    )


def test_each_party_signs_once():
    given(*to_sign, mother_signed).when(Pact.sign, person=MOTHER, on=MAY_20).refuses(
        AlreadySigned, person=MOTHER
    )


@pytest.mark.parametrize("person", [MEMBER, MANAGER, STRANGER])
def test_nobody_else_signs(person):
    given(*to_sign).when(Pact.sign, person=person, on=MAY_20).refuses(NotAParty, person=person)


@pytest.mark.parametrize(
    ("day", "late"),
    [(date(2026, 6, 12), False), (date(2026, 6, 13), False), (date(2026, 6, 14), True)],
)
def test_a_pact_is_signed_until_the_end_of_the_last_day(day, late):
    answer = given(*to_sign).when(Pact.sign, person=MOTHER, on=day)
    if late:
        answer.refuses(SignatureLate, sign_by=JUN_13)
    else:
        answer.then(fact(Pact.Signed, person=MOTHER, party=Party.FAMILY, on=day))


def test_a_new_lead_signs_even_if_the_former_did():
    handed_over = fact(
        Pact.MicroequipeChanged, formation=STRANGER, microequipe=Microequipe(MEMBER, (), None)
    )
    story = given(*to_sign, son_signed, lead_signed, handed_over)
    story.when(Pact.sign, person=MOTHER, by=BY_MEMBER, on=MAY_20).then(mother_signed)
    given(*story.facts, mother_signed).when(Pact.sign, person=MEMBER, by=BY_MEMBER, on=MAY_20).then(
        fact(Pact.Signed, person=MEMBER, party=Party.LEAD, on=MAY_20),
        fact(Pact.SignedByAll, on=MAY_20),
    )


@pytest.mark.parametrize(
    ("day", "lapses"),
    [(date(2026, 6, 12), False), (date(2026, 6, 13), False), (date(2026, 6, 14), True)],
)
def test_a_pact_lapses_after_the_last_day_for_signing(day, lapses):
    pact = given(*to_sign, mother_signed).aggregate()
    assert pact.lapses(day) is lapses
    answer = given(*to_sign, mother_signed).when(Pact.lapse, on=day, by=OURSELVES)
    if lapses:
        answer.then(fact(Pact.Lapsed, sign_by=JUN_13, on=day))
    else:
        answer.refuses(NotYetLapsed, sign_by=JUN_13)


def test_a_pact_that_was_signed_does_not_lapse_any_more():
    assert not given(*signed).aggregate().lapses(date(2026, 9, 1))


@pytest.mark.parametrize("reason", list(DeclineReason))
def test_the_family_declines_and_need_not_say_why(reason):
    given(*to_sign).when(Pact.decline, reason=reason, on=MAY_20).then(
        fact(Pact.Declined, reason=reason, on=MAY_20)
    )


def test_a_draft_is_declined_too():
    given(drafted).when(Pact.decline, reason=DeclineReason.NOT_SAID, on=MAY_20).then(
        fact(Pact.Declined, reason=DeclineReason.NOT_SAID, on=MAY_20)
    )


def test_a_signed_pact_becomes_active_and_its_first_verification_is_due():
    given(*signed).when(Pact.activate, terms=TERMS, on=JUN_1).then(activated)


def test_only_the_lead_activates():
    given(*signed).when(Pact.activate, terms=TERMS, on=JUN_1, by=BY_MEMBER).refuses(
        NotTheLead, pact=THE_ONE
    )


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 5, 31), False),
        (date(2026, 6, 1), True),
        (date(2027, 3, 1), True),
        (date(2027, 3, 2), False),
    ],
)
def test_a_pact_becomes_active_within_its_period(day, inside):
    period = fact(Pact.PeriodSet, starts=JUN_1, ends=date(2027, 3, 1), guidelines=1)
    story = (on_the_table[0], period, *on_the_table[1:], *signed[len(on_the_table) :])
    answer = given(*story).when(Pact.activate, terms=TERMS, on=day)
    if inside:
        due = SEP_1 if day == JUN_1 else date(2027, 6, 1)
        answer.then(fact(Pact.Activated, on=day, verify_by=due, guidelines=1))
    else:
        answer.refuses(OutsideThePeriod, starts=JUN_1, ends="2027-03-01")
