"""Who may enter: both criteria, each with its reasons; every threshold as three rows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from services.intake.codes import DisabilityProof, IseeKind, Occupation, Outcome, Relation
from services.intake.eligibility import (
    CriterionCode,
    Evidence,
    Missing,
    Reason,
    decide,
    failed,
)
from services.intake.household import Member
from tests.intake.moments import (
    APPLICANT,
    DAY,
    FITTING,
    GROWN_UP,
    STUDENT,
    UNFITTING,
    child,
    criteria,
    guidelines,
    household,
    isee,
)

ALONE = household(APPLICANT)
ELDERLY = Member(1, Relation.APPLICANT, birth_date=date(1951, 11, 30), dependent=False)


def on_the_household(*members, day=DAY, **changed):
    """Whether the first criterion is met, why, and what is missing."""
    finding = decide(Evidence(household(*members), isee()), guidelines(**changed), day).findings[0]
    assert finding.criterion.code is CriterionCode.HOUSEHOLD
    return finding.criterion.met, finding.because, finding.missing


def on_the_isee(certificate, day=DAY, **changed):
    """Whether the second criterion is met, why, and what is missing."""
    finding = decide(
        Evidence(household(APPLICANT, STUDENT), certificate), guidelines(**changed), day
    ).findings[1]
    assert finding.criterion.code is CriterionCode.ISEE
    return finding.criterion.met, finding.because, finding.missing


def met(code, member=2):
    return True, (Reason(code, member),), ()


NOT_MET = (False, (), ())

# the outcome


def test_a_family_that_meets_both_criteria_is_eligible():
    decision = decide(FITTING, guidelines(), DAY)
    assert decision.outcome is Outcome.ELIGIBLE
    assert decision.criteria == criteria(True, True)
    assert decision.missing == ()


def test_all_failed_criteria_are_told_at_once():
    decision = decide(UNFITTING, guidelines(), DAY)
    assert decision.outcome is Outcome.NOT_ELIGIBLE
    assert failed(decision.criteria) == (CriterionCode.HOUSEHOLD, CriterionCode.ISEE)


@pytest.mark.parametrize(
    ("evidence", "fails"),
    [
        (Evidence(UNFITTING.household, FITTING.isee), (CriterionCode.HOUSEHOLD,)),
        (Evidence(FITTING.household, UNFITTING.isee), (CriterionCode.ISEE,)),
    ],
)
def test_one_failed_criterion_is_enough(evidence, fails):
    decision = decide(evidence, guidelines(), DAY)
    assert decision.outcome is Outcome.NOT_ELIGIBLE
    assert failed(decision.criteria) == fails


@pytest.mark.parametrize(
    ("evidence", "missing"),
    [
        (Evidence(None, None), (Missing.HOUSEHOLD, Missing.ISEE)),
        (Evidence(FITTING.household, None), (Missing.ISEE,)),
        (Evidence(None, FITTING.isee), (Missing.HOUSEHOLD,)),
    ],
)
def test_missing_evidence_suspends_and_is_named(evidence, missing):
    decision = decide(evidence, guidelines(), DAY)
    assert decision.outcome is Outcome.SUSPENDED
    assert decision.missing == missing
    assert failed(decision.criteria) == ()


def test_what_is_certainly_not_met_decides_whatever_else_is_missing():
    decision = decide(Evidence(UNFITTING.household, None), guidelines(), DAY)
    assert decision.outcome is Outcome.NOT_ELIGIBLE
    assert failed(decision.criteria) == (CriterionCode.HOUSEHOLD,)
    assert decision.missing == (Missing.ISEE,)


# a dependent child


@pytest.mark.parametrize("occupation", [Occupation.STUDENT, Occupation.UNEMPLOYED])
@pytest.mark.parametrize("born", [date(2011, 9, 21), date(1985, 1, 1), None])
def test_a_dependent_child_who_studies_or_has_no_job_counts_at_any_age(occupation, born):
    verdict, because, _ = on_the_household(APPLICANT, child(born, occupation))
    assert (verdict, because) == (True, (Reason(occupation.value, 2),))


@pytest.mark.parametrize(
    "occupation", [Occupation.EMPLOYED, Occupation.RETIRED, Occupation.UNABLE_TO_WORK]
)
def test_another_dependent_child_does_not_count(occupation):
    assert on_the_household(APPLICANT, child(date(2000, 1, 1), occupation)) == NOT_MET


def test_a_child_who_is_not_dependent_does_not_count():
    student = child(date(2000, 1, 1), Occupation.STUDENT, dependent=False)
    assert on_the_household(APPLICANT, student) == NOT_MET


def test_a_foster_child_counts_as_a_child():
    foster = replace(STUDENT, relation=Relation.FOSTER_CHILD)
    assert on_the_household(APPLICANT, foster) == met("student")


@pytest.mark.parametrize(
    "relation",
    [each for each in Relation if each not in (Relation.CHILD, Relation.FOSTER_CHILD)],
)
def test_only_children_count_as_children(relation):
    assert on_the_household(APPLICANT, replace(STUDENT, relation=relation)) == NOT_MET


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2026, 3, 1), NOT_MET),
        (date(2026, 3, 2), met("neet")),
        (date(2026, 3, 3), met("neet")),
    ],
)
def test_neet_counts_from_the_fifteenth_birthday(day, verdict):
    neet = child(date(2011, 3, 2), Occupation.NEET)
    assert on_the_household(APPLICANT, neet, day=day) == verdict


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2026, 3, 1), met("neet")),
        (date(2026, 3, 2), NOT_MET),
        (date(2026, 3, 3), NOT_MET),
    ],
)
def test_neet_counts_until_the_day_before_the_thirtieth_birthday(day, verdict):
    neet = child(date(1996, 3, 2), Occupation.NEET)
    assert on_the_household(APPLICANT, neet, day=day) == verdict


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2026, 3, 1), met("below_school_age")),
        (date(2026, 3, 2), (None, (), (Missing.OCCUPATION,))),
        (date(2026, 3, 3), (None, (), (Missing.OCCUPATION,))),
    ],
)
def test_a_child_is_below_school_age_until_the_day_before_the_sixth_birthday(day, verdict):
    small = child(date(2020, 3, 2), None)
    assert on_the_household(APPLICANT, small, day=day) == verdict


def test_school_age_follows_from_the_birth_date_and_not_from_what_was_written():
    written = child(date(2019, 3, 2), Occupation.BELOW_SCHOOL_AGE)
    assert on_the_household(APPLICANT, written) == NOT_MET


@pytest.mark.parametrize("occupation", [Occupation.NEET, Occupation.BELOW_SCHOOL_AGE])
def test_where_the_age_counts_the_birth_date_is_needed(occupation):
    assert on_the_household(APPLICANT, child(None, occupation)) == (
        None,
        (),
        (Missing.BIRTH_DATE,),
    )


def test_whether_a_child_is_dependent_is_needed_where_it_decides():
    unsure = child(date(2011, 9, 21), Occupation.STUDENT, dependent=None)
    assert on_the_household(APPLICANT, unsure) == (None, (), (Missing.DEPENDENT,))
    employed = child(date(2000, 1, 1), Occupation.EMPLOYED, dependent=None)
    assert on_the_household(APPLICANT, employed) == NOT_MET


def test_everything_that_is_missing_about_a_child_is_told():
    unsure = child(date(2011, 9, 21), None, dependent=None)
    assert on_the_household(APPLICANT, unsure) == (
        None,
        (),
        (Missing.OCCUPATION, Missing.DEPENDENT),
    )


# a vulnerable person


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2026, 3, 1), NOT_MET),
        (date(2026, 3, 2), met("elderly", 1)),
        (date(2026, 3, 3), met("elderly", 1)),
    ],
)
def test_a_person_is_elderly_from_the_sixty_fifth_birthday(day, verdict):
    turning = Member(1, Relation.APPLICANT, birth_date=date(1961, 3, 2), dependent=False)
    assert on_the_household(turning, day=day) == verdict


def test_an_elderly_person_who_lives_alone_meets_the_criterion():
    assert on_the_household(ELDERLY) == met("elderly", 1)


def test_somebody_of_unknown_age_might_be_elderly():
    assert on_the_household(replace(ELDERLY, birth_date=None)) == (
        None,
        (),
        (Missing.BIRTH_DATE,),
    )


@pytest.mark.parametrize(
    ("proof_on", "verdict"),
    [
        (date(2026, 3, 1), met("disability", 1)),
        (date(2026, 3, 2), met("disability", 1)),
        (date(2026, 3, 3), (None, (), (Missing.PROOF,))),
        (None, (None, (), (Missing.PROOF,))),
    ],
)
def test_a_disability_counts_from_the_day_of_its_proof(proof_on, verdict):
    proven = replace(APPLICANT, disability=True, proof=DisabilityProof.LAW_104, proof_on=proof_on)
    assert on_the_household(proven) == verdict


def test_a_proof_without_its_kind_proves_nothing():
    unproven = replace(APPLICANT, disability=True, proof_on=date(2025, 1, 1))
    assert on_the_household(unproven) == (None, (), (Missing.PROOF,))


def test_a_proof_of_a_disability_that_nobody_states_does_not_count():
    document = replace(APPLICANT, proof=DisabilityProof.LAW_68, proof_on=date(2025, 1, 1))
    assert on_the_household(document) == NOT_MET


def test_nothing_is_missing_once_somebody_meets_the_criterion():
    unknown = Member(3, Relation.SIBLING)
    assert on_the_household(APPLICANT, STUDENT, unknown) == met("student")


def test_all_reasons_are_told():
    grandmother = Member(3, Relation.GRANDPARENT, birth_date=date(1940, 1, 1), dependent=False)
    assert on_the_household(APPLICANT, STUDENT, grandmother) == (
        True,
        (Reason("student", 2), Reason("elderly", 3)),
        (),
    )


def test_a_household_of_whom_all_is_known_and_nobody_counts_fails():
    assert on_the_household(APPLICANT, GROWN_UP) == NOT_MET


# the ISEE


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("5999.99", (False, (Reason("below_minimum"),), ())),
        ("6000.00", (True, (Reason("in_range"),), ())),
        ("6000.01", (True, (Reason("in_range"),), ())),
        ("11999.99", (True, (Reason("in_range"),), ())),
        ("12000.00", (True, (Reason("in_range"),), ())),
        ("12000.01", (False, (Reason("above_maximum"),), ())),
    ],
)
def test_both_ends_of_the_range_belong_to_it(value, verdict):
    assert on_the_isee(isee(value)) == verdict


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), None),
        (date(2026, 1, 8), None),
        (date(2026, 1, 9), True),
        (date(2026, 1, 10), True),
    ],
)
def test_a_certificate_outside_its_validity_is_no_evidence(day, verdict):
    outcome, _, missing = on_the_isee(isee(), day=day)
    assert outcome is verdict
    assert missing == (() if verdict else (Missing.VALID_ISEE,))


@pytest.mark.parametrize("kind", list(IseeKind))
def test_a_certificate_of_another_kind_is_no_evidence(kind):
    accepted = kind in (IseeKind.ORDINARIO, IseeKind.CORRENTE)
    lacks = Missing.ASSESSMENT if kind is IseeKind.MINORENNI else Missing.ACCEPTED_KIND
    outcome, _, missing = on_the_isee(isee(kind=kind))
    assert outcome is (True if accepted else None)
    assert missing == (() if accepted else (lacks,))


@pytest.mark.parametrize(
    ("assessed", "verdict"),
    [
        (None, (None, (), (Missing.ASSESSMENT,))),
        (True, (True, (Reason("in_range"),), ())),
        (False, (None, (), (Missing.ACCEPTED_KIND,))),
    ],
)
def test_a_certificate_for_minors_is_accepted_on_assessment_only(assessed, verdict):
    assert on_the_isee(isee(kind=IseeKind.MINORENNI, assessed=assessed)) == verdict


def test_an_accepted_assessment_does_not_widen_the_range():
    found = on_the_isee(isee("14327.59", kind=IseeKind.MINORENNI, assessed=True))
    assert found == (False, (Reason("above_maximum"),), ())


@pytest.mark.parametrize("assessed", [None, True, False])
def test_only_kinds_that_the_guidelines_name_are_assessed(assessed):
    student = isee(kind=IseeKind.UNIVERSITA, assessed=assessed)
    assert on_the_isee(student) == (None, (), (Missing.ACCEPTED_KIND,))
    assert on_the_isee(isee(assessed=assessed)) == (True, (Reason("in_range"),), ())


def test_kinds_on_assessment_are_those_of_the_guidelines():
    evidence = Evidence(FITTING.household, isee(kind=IseeKind.MINORENNI, assessed=True))
    assert decide(evidence, guidelines(), DAY).outcome is Outcome.ELIGIBLE
    none = guidelines(2, isee_kinds_on_assessment=[])
    assert decide(evidence, none, DAY).outcome is Outcome.SUSPENDED


@pytest.mark.parametrize("value", ["7431.17", "14327.59"])
def test_omissions_suspend_whatever_the_value(value):
    assert on_the_isee(isee(value, omissions=True)) == (None, (), (Missing.WITHOUT_OMISSIONS,))


def test_everything_that_is_wrong_with_a_certificate_is_told():
    wrong = isee(kind=IseeKind.UNIVERSITA, omissions=True, valid_until=date(2026, 3, 1))
    assert on_the_isee(wrong) == (
        None,
        (),
        (Missing.VALID_ISEE, Missing.ACCEPTED_KIND, Missing.WITHOUT_OMISSIONS),
    )


# the guidelines


def test_every_threshold_is_the_one_of_the_guidelines():
    changed = {
        "isee_min": "5000.00",
        "isee_max": "15000.00",
        "isee_kinds": ["minorenni"],
        "elderly_from_age": 46,
    }
    evidence = Evidence(household(APPLICANT), isee("14327.59", kind=IseeKind.MINORENNI))
    assert decide(evidence, guidelines(), DAY).outcome is Outcome.NOT_ELIGIBLE
    assert decide(evidence, guidelines(2, **changed), DAY).outcome is Outcome.ELIGIBLE


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [({"neet_from_age": 30}, NOT_MET), ({"neet_to_age": 13}, NOT_MET), ({}, met("neet"))],
)
def test_the_ages_of_neet_are_those_of_the_guidelines(changed, verdict):
    neet = child(date(2006, 3, 2), Occupation.NEET)
    assert on_the_household(APPLICANT, neet, **changed) == verdict


def test_school_age_is_that_of_the_guidelines():
    small = child(date(2019, 3, 2), Occupation.EMPLOYED)
    assert on_the_household(APPLICANT, small) == NOT_MET
    assert on_the_household(APPLICANT, small, school_age=8) == met("below_school_age")


@pytest.mark.parametrize(
    ("recorded", "outcome"),
    [(1, Outcome.NOT_ELIGIBLE), (2, Outcome.ELIGIBLE), (3, Outcome.ELIGIBLE)],
)
def test_a_minimum_of_other_elements_is_a_third_criterion(recorded, outcome):
    decision = decide(
        replace(FITTING, other_elements=recorded), guidelines(other_elements_min=2), DAY
    )
    assert decision.outcome is outcome
    assert decision.findings[2].criterion.code is CriterionCode.OTHER_ELEMENTS
    assert decision.findings[2].criterion.met is (outcome is Outcome.ELIGIBLE)


def test_without_a_minimum_there_are_two_criteria():
    assert len(decide(FITTING, guidelines(), DAY).findings) == 2


def test_no_value_of_a_fact_is_in_what_the_event_keeps():
    decision = decide(UNFITTING, guidelines(), DAY)
    kept = repr(decision.criteria)
    assert str(Decimal("14327.59")) not in kept
    assert "2000" not in kept
    assert "employed" not in kept
