"""The household: what is sealed comes back as it was."""

import json
from datetime import date

import pytest

from services.intake.codes import DisabilityProof, Occupation, Relation, Sex
from services.intake.household import (
    HouseholdFacts,
    Member,
    MemberNumberTwice,
    NobodyInHousehold,
)
from services.intake.referral import Lacking, ReferralFacts
from tests.intake.moments import APPLICANT, household

OTHER = Relation.OTHER
FULL = Member(
    number=3,
    relation=Relation.FOSTER_CHILD,
    name="Prova Tre Esempio-Alfa",
    tax_code="SMPPVT11P61H501X",
    birth_date=date(2011, 9, 21),
    occupation=Occupation.STUDENT,
    dependent=True,
    disability=True,
    proof=DisabilityProof.LAW_104,
    proof_on=date(2024, 10, 10),
)


def test_a_household_is_read_as_it_was_sealed():
    told = household(Member(1, Relation.APPLICANT), FULL)
    assert HouseholdFacts.read(told.text()) == told


def test_one_person_is_a_household():
    assert household(APPLICANT).numbers == (1,)


def test_nobody_is_not_a_household():
    with pytest.raises(NobodyInHousehold):
        household()


@pytest.mark.parametrize(("numbers", "wrong"), [((1, 1), 1), ((1, 2, 2), 2), ((0,), 0)])
def test_members_have_numbers_of_their_own_from_one_on(numbers, wrong):
    with pytest.raises(MemberNumberTwice) as refusal:
        household(*(Member(number, Relation.CHILD) for number in numbers))
    assert refusal.value.facts == {"number": wrong}


@pytest.mark.parametrize(
    ("told", "lacking"),
    [
        (ReferralFacts(), (Lacking.PERSON, Lacking.CONTACT)),
        (ReferralFacts(person="Prova Uno"), (Lacking.CONTACT,)),
        (ReferralFacts(phone="000 5550101"), (Lacking.PERSON,)),
        (ReferralFacts(person="Prova Uno", email="prova.uno@esempio-alfa.invalid"), ()),
        (ReferralFacts(person="Prova Uno", address="Via Inesistente Alfa 1"), ()),
    ],
)
def test_an_incomplete_referral_says_what_it_lacks(told, lacking):
    assert told.lacking == lacking


def test_a_referral_has_the_tax_code_of_its_person_if_it_was_told():
    assert ReferralFacts(tax_code="SMPPVN79C14H501W").tax_codes == ("SMPPVN79C14H501W",)
    assert ReferralFacts(person="Prova Uno").tax_codes == ()


def test_what_care_somebody_needs_is_sealed_with_the_household_and_was_not_asked_at_first():
    told = HouseholdFacts((Member(1, Relation.APPLICANT, care_needs="accompagnare a scuola"),))
    assert HouseholdFacts.read(told.text()) == told
    before = json.loads(told.text())
    del before[0]["care_needs"]
    assert HouseholdFacts.read(json.dumps(before)).members[0].care_needs is None


def test_the_sex_is_sealed_with_the_household_and_was_not_asked_at_first():
    told = HouseholdFacts((Member(1, Relation.APPLICANT, sex=Sex.NOT_STATED), Member(2, OTHER)))
    assert HouseholdFacts.read(told.text()) == told
    before = json.loads(told.text())
    del before[0]["sex"]
    assert [each.sex for each in HouseholdFacts.read(json.dumps(before)).members] == [None, None]
