"""A family: referred, informed, described, verified, erased."""

from datetime import date

import pytest

from services.intake.certifying import IssuedLater, NoCertificate, NotOnAssessment
from services.intake.codes import (
    AccessPoint,
    CapacityKind,
    Direction,
    Element,
    ErasureReason,
    IseeKind,
    NoticeState,
    Outcome,
)
from services.intake.days import DayToCome
from services.intake.eligibility import CriterionCode, Evidence, Missing
from services.intake.family import (
    AccessPointMayNotVerify,
    DirectedNowhere,
    Family,
    NoSuchVerification,
    NotEligible,
    NoticeAlreadyRecorded,
)
from services.intake.family_code import WrongFamilyCode, family_id
from services.intake.referral import Lacking
from services.intake.standing import FamilyErased, NoSuchMember, NoticeNotRecorded, VerifierNotNamed
from services.kernel.actor import Actor
from tests.intake.moments import (
    CODE,
    DAY,
    FITTING,
    REFERRED,
    UNFITTING,
    VAULT,
    certified,
    criteria,
    described,
    eligible,
    family,
    guidelines,
    household,
    informed,
    isee,
    referred,
    sealed,
    verified,
)
from tests.scenario import SOMEBODY, fact, given, of_version

TODAY = REFERRED
erased = fact(Family.Erased, because=ErasureReason.ASKED_BY_FAMILY, shared=False, on=DAY)
SERVICE = Actor.of_service("lead", "intake")

REFERRAL = {
    "code": CODE,
    "access_point": AccessPoint.CDA,
    "referral": sealed(1),
    "lacking": (),
    "on": REFERRED,
    "today": TODAY,
}
CERTIFICATE = {
    "kind": IseeKind.ORDINARIO,
    "issued_on": date(2026, 1, 9),
    "omissions": False,
    "income_only": False,
    "certificate": sealed(3),
    "on": REFERRED,
}
VERIFY = {
    "at": AccessPoint.CDA,
    "evidence": FITTING,
    "guidelines": guidelines(),
    "directed_to": None,
    "on": DAY,
}

# referral


@pytest.mark.parametrize("access_point", list(AccessPoint))
def test_every_kind_of_access_point_refers(access_point):
    given().when(Family.refer, **REFERRAL | {"access_point": access_point}).then(
        fact(
            Family.Referred,
            code=CODE,
            access_point=access_point,
            referral=sealed(1),
            lacking=(),
            on=REFERRED,
        )
    )


def test_where_and_when_a_family_was_referred_is_known():
    at_a_cav = fact(Family.Referred, **dict(referred.fields) | {"access_point": AccessPoint.CAV})
    found = family(at_a_cav).aggregate()
    assert (found.code, found.access_point, found.referred_on) == (CODE, AccessPoint.CAV, REFERRED)


def test_of_a_family_that_was_only_referred_nothing_else_is_known():
    found = family(referred).aggregate()
    assert (found.notice, found.notice_due, found.origin) == (None, None, None)
    assert (found.safe_contact_how, found.directed_elsewhere) == (None, None)
    assert found.next_number == 1


def test_a_referral_may_be_incomplete_and_says_what_it_lacks():
    lacking = (Lacking.PERSON, Lacking.CONTACT)
    given().when(Family.refer, **REFERRAL | {"lacking": lacking}).then(
        fact(
            Family.Referred,
            code=CODE,
            access_point=AccessPoint.CDA,
            referral=sealed(1),
            lacking=lacking,
            on=REFERRED,
        )
    )


@pytest.mark.parametrize("on", [date(2026, 1, 11), date(2026, 1, 12)])
def test_a_family_was_intercepted_today_or_before(on):
    given().when(Family.refer, **REFERRAL | {"on": on}).then(
        fact(
            Family.Referred,
            code=CODE,
            access_point=AccessPoint.CDA,
            referral=sealed(1),
            lacking=(),
            on=on,
        )
    )


def test_a_family_is_not_intercepted_tomorrow():
    given().when(Family.refer, **REFERRAL | {"on": date(2026, 1, 13)}).refuses(
        DayToCome, on=date(2026, 1, 13), today=TODAY
    )


def test_a_mistyped_family_code_is_refused():
    given().when(Family.refer, **REFERRAL | {"code": "LEAD-7K3M9Q-9"}).refuses(
        WrongFamilyCode, because="check_character"
    )


def test_the_stream_of_a_family_is_that_of_its_code():
    made = Family.refer(**REFERRAL, by=SERVICE)
    assert made.id == family_id(CODE)


def test_a_referral_is_completed_later():
    family(referred, informed).when(
        Family.complete_referral, referral=sealed(4), lacking=(Lacking.CONTACT,), on=DAY
    ).then(fact(Family.ReferralCompleted, referral=sealed(4), lacking=(Lacking.CONTACT,), on=DAY))


# information notice


def test_a_notice_is_given():
    family(referred).when(
        Family.record_information_notice, state=NoticeState.GIVEN, on=REFERRED, today=TODAY
    ).then(fact(Family.InformationNoticeRecorded, state=NoticeState.GIVEN, due=None, on=REFERRED))


@pytest.mark.parametrize(
    ("on", "due"),
    [
        (date(2026, 1, 12), date(2026, 2, 12)),
        (date(2026, 1, 30), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2026, 2, 28)),
    ],
)
def test_a_notice_that_is_owed_is_due_within_a_month(on, due):
    family(referred).when(
        Family.record_information_notice, state=NoticeState.OWED, on=on, today=date(2026, 1, 31)
    ).then(fact(Family.InformationNoticeRecorded, state=NoticeState.OWED, due=due, on=on))


owed = fact(
    Family.InformationNoticeRecorded,
    state=NoticeState.OWED,
    due=date(2026, 2, 12),
    on=REFERRED,
)


def test_a_notice_that_was_owed_is_given():
    family(referred, owed).when(
        Family.record_information_notice, state=NoticeState.GIVEN, on=DAY, today=DAY
    ).then(fact(Family.InformationNoticeRecorded, state=NoticeState.GIVEN, due=None, on=DAY))


@pytest.mark.parametrize(
    ("before", "state", "recorded"),
    [
        (informed, NoticeState.GIVEN, "given"),
        (informed, NoticeState.OWED, "given"),
        (owed, NoticeState.OWED, "owed"),
    ],
)
def test_a_notice_is_given_once_and_owed_once(before, state, recorded):
    family(referred, before).when(
        Family.record_information_notice, state=state, on=DAY, today=DAY
    ).refuses(NoticeAlreadyRecorded, state=recorded)


def test_a_notice_is_not_given_tomorrow():
    family(referred).when(
        Family.record_information_notice, state=NoticeState.GIVEN, on=DAY, today=TODAY
    ).refuses(DayToCome, on=DAY, today=TODAY)


PROCESSING = {
    "complete_referral": {"referral": sealed(4), "lacking": (), "on": DAY},
    "record_household": {"members": (1,), "household": sealed(2), "on": DAY},
    "record_isee": CERTIFICATE,
    "record_vulnerability": {
        "element": Element.FRAGILE_NETWORK,
        "note": sealed(5),
        "on": DAY,
    },
    "record_capacity": {
        "kind": CapacityKind.INFORMAL,
        "member": None,
        "capacity": sealed(6),
        "on": DAY,
    },
    "verify_eligibility": VERIFY,
    "assess": {"open": VAULT.__getitem__, "guidelines": guidelines(), "day": DAY},
}


@pytest.mark.parametrize("method", PROCESSING)
def test_nothing_is_processed_before_the_notice_is_recorded(method):
    arguments = PROCESSING[method]
    found = family(referred).aggregate()
    by = {} if method == "assess" else {"by": SERVICE}
    with pytest.raises(NoticeNotRecorded) as refusal:
        getattr(found, method)(**arguments, **by)
    assert refusal.value.facts == {"family": CODE}
    assert list(found.pending_events) == []


@pytest.mark.parametrize("method", [method for method in PROCESSING if method != "assess"])
def test_a_notice_that_is_owed_is_enough_to_begin(method):
    arguments = PROCESSING[method] | ({"by": Actor.of_person("lead", 1)})
    found = family(referred, owed).aggregate()
    getattr(found, method)(**arguments)
    assert len(found.pending_events) == 1


# household, capacities, other elements


def test_the_newest_household_counts_and_the_one_before_stays():
    again = fact(Family.HouseholdRecorded, members=(1, 2, 3), household=sealed(7), on=DAY)
    family(referred, informed, described).when(
        Family.record_household, members=(1, 2, 3), household=sealed(7), on=DAY
    ).then(again)
    found = family(referred, informed, described, again).aggregate()
    assert found.members == (1, 2, 3)
    assert [each.sealed for each in found.records] == [sealed(2), sealed(7)]


@pytest.mark.parametrize("kind", list(CapacityKind))
def test_capacities_of_members_and_of_the_whole_family_are_numbered(kind):
    first = fact(Family.CapacityRecorded, number=1, kind=kind, member=2, capacity=sealed(6), on=DAY)
    family(referred, informed, described, first).when(
        Family.record_capacity, kind=kind, member=None, capacity=sealed(8), on=DAY
    ).then(
        fact(Family.CapacityRecorded, number=2, kind=kind, member=None, capacity=sealed(8), on=DAY)
    )


def test_a_capacity_is_that_of_somebody_in_the_household():
    family(referred, informed, described).when(
        Family.record_capacity,
        kind=CapacityKind.PERSONAL,
        member=3,
        capacity=sealed(6),
        on=DAY,
    ).refuses(NoSuchMember, family=CODE, number=3)


def element(what, number=5):
    return fact(Family.VulnerabilityRecorded, element=what, note=sealed(number), on=DAY)


@pytest.mark.parametrize("what", list(Element))
def test_every_other_element_is_recorded_with_a_note(what):
    family(referred, informed).when(
        Family.record_vulnerability, element=what, note=sealed(5), on=DAY
    ).then(element(what))


def test_a_named_element_counts_once_and_each_free_one_by_itself():
    found = family(
        referred,
        informed,
        element(Element.FRAGILE_NETWORK),
        element(Element.FRAGILE_NETWORK, 6),
        element(Element.UNSTABLE_HOUSING),
        element(Element.OTHER),
        element(Element.OTHER, 6),
    ).aggregate()
    assert found.other_elements == 4


# certificates


def test_the_last_valid_day_of_a_certificate_is_stored():
    family(referred, informed).when(Family.record_isee, **CERTIFICATE).then(certified)


def test_a_corrente_for_income_alone_is_stored_with_six_months():
    corrente = {"kind": IseeKind.CORRENTE, "income_only": True}
    family(referred, informed).when(Family.record_isee, **CERTIFICATE | corrente).then(
        fact(
            Family.IseeRecorded,
            **dict(certified.fields) | corrente | {"valid_until": date(2026, 7, 9)},
        )
    )


def test_a_new_certificate_supersedes_and_the_old_one_stays():
    second = fact(
        Family.IseeRecorded,
        **dict(certified.fields) | {"number": 2, "certificate": sealed(8), "on": DAY},
    )
    family(referred, informed, certified).when(
        Family.record_isee, **CERTIFICATE | {"certificate": sealed(8), "on": DAY}
    ).then(second)
    found = family(referred, informed, certified, second).aggregate()
    assert [certificate.number for certificate in found.certificates] == [1, 2]


@pytest.mark.parametrize("on", [date(2026, 1, 9), date(2026, 1, 10)])
def test_a_certificate_is_recorded_from_the_day_of_its_issue(on):
    family(referred, informed).when(Family.record_isee, **CERTIFICATE | {"on": on}).then(
        fact(Family.IseeRecorded, **dict(certified.fields) | {"on": on})
    )


def test_a_certificate_is_not_recorded_before_its_issue():
    family(referred, informed).when(
        Family.record_isee, **CERTIFICATE | {"on": date(2026, 1, 8)}
    ).refuses(IssuedLater, issued_on=date(2026, 1, 9), on=date(2026, 1, 8))


ready = family(referred, informed, described, certified)

# certificates that are accepted on assessment

minors = fact(Family.IseeRecorded, **dict(certified.fields) | {"kind": IseeKind.MINORENNI})
ASSESS = {
    "accepted": True,
    "reason": sealed(8),
    "guidelines": guidelines(),
    "on": DAY,
}


def assessed(accepted, certificate=1, reason=8, number=1):
    return fact(
        Family.IseeAssessed,
        certificate=certificate,
        accepted=accepted,
        reason=sealed(reason),
        guidelines=number,
        on=DAY,
    )


@pytest.mark.parametrize("accepted", [True, False])
def test_whoever_verifies_accepts_a_certificate_for_minors_or_does_not(accepted):
    family(referred, informed, minors).when(
        Family.assess_isee, **ASSESS | {"accepted": accepted}
    ).then(assessed(accepted))


def test_an_assessment_is_of_the_newest_certificate_and_the_last_one_counts():
    second = fact(Family.IseeRecorded, **dict(minors.fields) | {"number": 2})
    before = (referred, informed, minors, assessed(True), second)
    family(*before).when(Family.assess_isee, **ASSESS | {"accepted": False}).then(
        assessed(False, certificate=2)
    )
    found = family(*before, assessed(False, 2), assessed(True, 2)).aggregate()
    assert [found.assessed(number) for number in (1, 2, 3)] == [True, True, None]
    assert family(*before).aggregate().assessed(2) is None


def test_without_a_certificate_there_is_nothing_to_assess():
    family(referred, informed).when(Family.assess_isee, **ASSESS).refuses(
        NoCertificate, family=CODE
    )


def test_what_the_guidelines_accept_as_it_is_is_not_assessed():
    family(referred, informed, certified).when(Family.assess_isee, **ASSESS).refuses(
        NotOnAssessment, isee_kind=IseeKind.ORDINARIO, on_assessment=["minorenni"]
    )


def test_no_certificate_is_assessed_before_the_notice_or_after_an_erasure():
    family(referred).when(Family.assess_isee, **ASSESS).refuses(NoticeNotRecorded, family=CODE)
    family(referred, informed, minors, erased).when(Family.assess_isee, **ASSESS).refuses(
        FamilyErased, family=CODE, on=DAY
    )


def test_a_service_does_not_assess():
    family(referred, informed, minors).when(Family.assess_isee, **ASSESS, by=SERVICE).refuses(
        VerifierNotNamed
    )


def test_a_verification_keeps_what_was_said_of_the_certificate_by_then():
    before = (referred, informed, described, minors, assessed(True))
    found = family(*before).aggregate()
    found.verify_eligibility(
        **VERIFY | {"evidence": found.evidence(VAULT.__getitem__)}, by=SOMEBODY
    )
    assert (found.outcome, found.verification(1).assessed) == (Outcome.ELIGIBLE, True)
    later = family(*before, verified(assessed=True), assessed(False)).aggregate()
    recomputed = later.recompute(1, VAULT.__getitem__, guidelines())
    assert recomputed.outcome is Outcome.ELIGIBLE
    assert later.assess(VAULT.__getitem__, guidelines(), DAY).outcome is Outcome.SUSPENDED


# tolerance


def test_a_certificate_that_is_not_relied_on_is_not_tolerated():
    ready.when(
        Family.verify_eligibility,
        **VERIFY | {"evidence": UNFITTING, "directed_to": Direction.CAF},
    ).then(
        verified(
            Outcome.NOT_ELIGIBLE,
            criteria=criteria(False, False),
            directed_to=Direction.CAF,
            isee_tolerated_until=None,
        )
    )


def test_the_tolerance_is_that_of_the_guidelines_of_the_verification():
    january = guidelines(isee_tolerated_until="01-31")
    ready.when(Family.verify_eligibility, **VERIFY | {"guidelines": january}).then(
        verified(isee_tolerated_until=date(2027, 1, 31))
    )


def test_a_certificate_that_has_expired_at_the_verification_is_not_tolerated():
    on = date(2027, 1, 1)
    found = ready.aggregate()
    found.verify_eligibility(
        **VERIFY | {"evidence": found.evidence(VAULT.__getitem__), "on": on}, by=SOMEBODY
    )
    assert found.outcome is Outcome.SUSPENDED
    assert found.verification(1).isee_tolerated_until is None


def test_until_version_2_nothing_was_assessed_or_tolerated():
    later = {"household_changes": 0, "assessed": None, "isee_tolerated_until": None}
    first = {name: told for name, told in verified().fields if name not in later}
    assert of_version(1, Family.EligibilityVerified, **first) == verified(**later)


# verification


def test_a_verification_names_criteria_guidelines_and_the_records_that_it_looked_at():
    ready.when(Family.verify_eligibility, **VERIFY).then(verified())


@pytest.mark.parametrize("at", [AccessPoint.CDA, AccessPoint.SOCIAL_SERVICES, AccessPoint.PLATFORM])
def test_these_access_points_verify(at):
    ready.when(Family.verify_eligibility, **VERIFY | {"at": at}).then(verified(at=at))


@pytest.mark.parametrize("at", [AccessPoint.CAV, AccessPoint.CONSULTORIO])
def test_the_others_refer_only_and_are_told_who_may_verify(at):
    ready.when(Family.verify_eligibility, **VERIFY | {"at": at}).refuses(
        AccessPointMayNotVerify,
        access_point=at,
        may_verify=["cda", "servizi_sociali", "piattaforma"],
    )


def test_a_service_does_not_verify():
    ready.when(Family.verify_eligibility, **VERIFY, by=SERVICE).refuses(VerifierNotNamed)


def test_a_family_that_is_not_eligible_is_told_every_reason_and_directed_elsewhere():
    ready.when(
        Family.verify_eligibility,
        **VERIFY | {"evidence": UNFITTING, "directed_to": Direction.EMPLOYMENT_CENTRE},
    ).then(
        verified(
            Outcome.NOT_ELIGIBLE,
            criteria=criteria(False, False),
            directed_to=Direction.EMPLOYMENT_CENTRE,
        )
    )


def test_a_family_that_is_not_eligible_is_not_sent_away_to_nowhere():
    ready.when(Family.verify_eligibility, **VERIFY | {"evidence": UNFITTING}).refuses(
        DirectedNowhere, failed=[CriterionCode.HOUSEHOLD.value, CriterionCode.ISEE.value]
    )


def test_a_direction_is_kept_only_of_a_family_that_is_not_eligible():
    ready.when(Family.verify_eligibility, **VERIFY | {"directed_to": Direction.CAF}).then(
        verified()
    )


def test_a_verification_without_evidence_is_suspended_and_names_what_is_missing():
    family(referred, informed).when(
        Family.verify_eligibility, **VERIFY | {"evidence": Evidence(None, None)}
    ).then(
        verified(
            Outcome.SUSPENDED,
            criteria=criteria(None, None),
            missing=(Missing.HOUSEHOLD, Missing.ISEE),
            household=None,
            certificate=None,
        )
    )


def test_the_guidelines_that_were_applied_are_named():
    ready.when(Family.verify_eligibility, **VERIFY | {"guidelines": guidelines(3)}).then(
        verified(guidelines=3)
    )


def test_a_repeated_verification_is_a_new_fact_and_the_old_one_stays():
    suspended = verified(Outcome.SUSPENDED, criteria=criteria(True, None), missing=(Missing.ISEE,))
    again = verified(number=2)
    before = (referred, informed, described, certified, suspended)
    family(*before).when(Family.verify_eligibility, **VERIFY).then(again)
    found = family(*before, again).aggregate()
    assert [each.outcome for each in found.verifications] == [Outcome.SUSPENDED, Outcome.ELIGIBLE]
    assert found.outcome is Outcome.ELIGIBLE


def test_evidence_is_the_newest_record_of_each_kind():
    found = family(
        referred,
        informed,
        fact(Family.HouseholdRecorded, members=(1,), household=sealed(20), on=REFERRED),
        described,
        certified,
        element(Element.OTHER),
    ).aggregate()
    assert found.evidence(VAULT.__getitem__) == Evidence(FITTING.household, FITTING.isee, 1)


def test_without_records_there_is_no_evidence():
    found = family(referred, informed).aggregate()
    assert found.evidence(VAULT.__getitem__) == Evidence(None, None, 0)


def test_an_assessment_explains_and_decides_nothing():
    found = ready.aggregate()
    decision = found.assess(VAULT.__getitem__, guidelines(), DAY)
    assert decision.outcome is Outcome.ELIGIBLE
    assert list(found.pending_events) == []


def test_a_verification_is_recomputed_from_what_it_looked_at_also_years_later():
    later = fact(Family.HouseholdRecorded, members=(1,), household=sealed(30), on=date(2028, 1, 1))
    again = verified(number=2, household=2, on=date(2028, 1, 2))
    found = family(referred, informed, described, certified, verified(), later, again).aggregate()
    vault = VAULT | {sealed(30): household(*UNFITTING.household.members).text()}
    first = found.recompute(1, vault.__getitem__, guidelines())
    assert first.outcome is found.verification(1).outcome
    assert first.criteria == found.verification(1).criteria
    assert found.recompute(2, vault.__getitem__, guidelines()).criteria == criteria(False, None)


@pytest.mark.parametrize("number", [0, 2])
def test_a_verification_that_was_not_made_is_not_recomputed(number):
    with pytest.raises(NoSuchVerification) as refusal:
        eligible().recompute(number, VAULT.__getitem__, guidelines())
    assert refusal.value.facts == {"family": CODE, "number": number}


def test_a_verification_is_recomputed_with_the_certificate_that_it_looked_at():
    second = fact(
        Family.IseeRecorded,
        **dict(certified.fields) | {"number": 2, "certificate": sealed(31), "on": DAY},
    )
    again = verified(number=2, certificate=2)
    facts = (referred, informed, described, certified, verified(), second, again)
    found = family(*facts).aggregate()
    vault = VAULT | {sealed(31): VAULT[sealed(3)].replace("7431.17", "14327.59")}
    recomputed = [
        found.recompute(number, vault.__getitem__, guidelines()).criteria for number in (1, 2)
    ]
    assert recomputed == [criteria(True, True), criteria(True, False)]


# eligible or not


def test_an_eligible_family_is_eligible():
    eligible().must_be_eligible()


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ((), None),
        ((verified(Outcome.SUSPENDED),), "suspended"),
        ((verified(Outcome.NOT_ELIGIBLE, directed_to=Direction.CAF),), "not_eligible"),
        (
            (verified(), verified(Outcome.NOT_ELIGIBLE, number=2, directed_to=Direction.CAF)),
            "not_eligible",
        ),
    ],
)
def test_the_last_verification_counts(facts, outcome):
    found = family(referred, informed, *facts).aggregate()
    with pytest.raises(NotEligible) as refusal:
        found.must_be_eligible()
    assert refusal.value.facts == {"family": CODE, "outcome": outcome}


# erasure


@pytest.mark.parametrize("because", list(ErasureReason))
@pytest.mark.parametrize("shared", [True, False])
def test_a_family_is_erased_at_any_time(because, shared):
    family(referred).when(Family.erase, because=because, shared=shared, on=DAY).then(
        fact(Family.Erased, because=because, shared=shared, on=DAY)
    )


def test_what_was_erased_before_anybody_was_told_may_be_held_by_the_lead():
    told = {"because": ErasureReason.ASKED_BY_FAMILY, "on": DAY}
    assert of_version(1, Family.Erased, **told) == fact(Family.Erased, **told, shared=True)


ERASED = {
    **PROCESSING,
    "record_information_notice": {"state": NoticeState.GIVEN, "on": DAY, "today": DAY},
    "erase": {"because": ErasureReason.RETENTION_ENDED, "shared": False, "on": DAY},
    "evidence": {"open": VAULT.__getitem__},
    "household": {"open": VAULT.__getitem__},
    "recompute": {"number": 1, "open": VAULT.__getitem__, "guidelines": guidelines()},
    "must_be_eligible": {},
}
QUESTIONS = ("assess", "evidence", "household", "recompute", "must_be_eligible")


@pytest.mark.parametrize("method", ERASED)
def test_nothing_is_recorded_or_recomputed_of_an_erased_family(method):
    found = family(referred, informed, described, certified, verified(), erased).aggregate()
    by = {} if method in QUESTIONS else {"by": Actor.of_person("lead", 1)}
    with pytest.raises(FamilyErased) as refusal:
        getattr(found, method)(**ERASED[method], **by)
    assert refusal.value.facts == {"family": CODE, "on": "2026-03-02"}
    assert list(found.pending_events) == []


def test_a_verification_that_looked_at_nothing_is_not_recomputed_of_an_erased_family_either():
    nothing = verified(Outcome.SUSPENDED, household=None, certificate=None)
    found = family(referred, informed, nothing, erased).aggregate()
    with pytest.raises(FamilyErased):
        found.recompute(1, VAULT.__getitem__, guidelines())


def test_the_history_of_an_erased_family_stays():
    found = family(referred, informed, described, certified, verified(), erased).aggregate()
    assert found.outcome is Outcome.ELIGIBLE
    assert found.verification(1).criteria == criteria(True, True)


def test_an_isee_expires_between_two_verifications():
    found = ready.aggregate()
    assert found.certificates[-1].valid_until == date(2026, 12, 31)
    late = found.assess(VAULT.__getitem__, guidelines(), date(2027, 1, 1))
    assert late.outcome is Outcome.SUSPENDED
    assert isee().valid_on(date(2026, 12, 31))
