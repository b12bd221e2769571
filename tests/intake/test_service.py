"""The door of intake, called without a broker, on a real store."""

import json
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import pytest

from services.intake.codes import AccessPoint
from services.intake.family import (
    AccessPointMayNotVerify,
    DirectedNowhere,
    NotEligible,
)
from services.intake.family_code import WrongFamilyCode, family_id, read_code
from services.intake.household import MemberNumberTwice, NobodyInHousehold
from services.intake.isee import ProtocolMisshapen
from services.intake.microequipe import (
    SEE_ANY,
    CompositionIncomplete,
    LeadMustHandOver,
    MicroequipeExists,
    NotLeadHere,
    NotOfTheMicroequipe,
    microequipe_id,
)
from services.intake.referral_csv import read_referrals
from services.intake.service import IntakeService
from services.intake.standing import FamilyErased, NoticeNotRecorded
from services.kernel.identity import RoleWithoutRight
from services.kernel.parameters import NothingInForce
from services.kernel.refusal import BadWord, Refused, Unknown, VersionMoved
from tests.intake.desk import NAMESPACE, new_desk
from tests.intake.moments import DAY

SAMPLES = Path(__file__).parents[2] / "services" / "intake" / "samples"
LEAD = "00000000-0000-4000-8000-00000000000a"
HEAD = "00000000-0000-4000-8000-00000000000b"
FIGURE = "00000000-0000-4000-8000-00000000000c"
CASE_MANAGER = "00000000-0000-4000-8000-00000000000e"
NOBODY = "00000000-0000-4000-8000-00000000000f"
TEAM = [
    {"person": LEAD, "kind": "social_worker"},
    {
        "person": FIGURE,
        "kind": "reference_figure",
        "role": "neighbour",
        "name": "Vicina Inventata",
        "agreed_on": "2026-02-27",
    },
]
NOBODYS = f"LEAD-000000-{'0'}"


def bring_in(desk, sample="cda.csv", place=0, access_point=AccessPoint.CDA):
    """Refer a family of the samples, with all that its file tells; its code."""
    referral = read_referrals((SAMPLES / sample).read_bytes(), access_point).referrals[place]
    code = desk.ask("refer_family", "access_point_operator", **referral.refer)["family"]
    for method, words in referral.then:
        desk.ask(method, "access_point_operator", family=code, **words)
    return code


def admit(desk, **more):
    """A family of the samples, found eligible; its code."""
    code = bring_in(desk, **more)
    desk.ask("verify_eligibility", "verifier", family=code, at="cda")
    return code


def form(desk, code, members=TEAM, lead=LEAD, **words):
    return desk.ask(
        "form_microequipe", "verifier", family=code, members=members, lead=lead, **words
    )


@pytest.fixture(scope="module")
def refusing(empty, tmp_path_factory):
    """A desk with an eligible family, for questions that are refused and so leave it as it is."""
    made = new_desk(IntakeService, tmp_path_factory.mktemp("refusing"), empty)
    made.hear_guidelines()
    yield made, admit(made)
    made.store.close()


# the whole way


def test_a_family_comes_in_from_the_file_of_an_access_point(desk):
    code = admit(desk)
    formed = form(desk, code, case_manager=CASE_MANAGER)
    assert formed == {"family": code, "version": 1, "microequipe": str(microequipe_id(code))}
    assert [topic for topic in desk.topics() if topic.startswith("intake.")] == [
        "intake.FamilyReferred",
        "intake.KnownNamesOpened",
        "intake.NamesTold",
        "intake.KnownPersonsOpened",
        "intake.PersonIdentified",
        "intake.InformationNoticeRecorded",
        "intake.HouseholdRecorded",
        "intake.NamesTold",
        "intake.PersonIdentified",
        "intake.PersonIdentified",
        "intake.IseeRecorded",
        "intake.VulnerabilityRecorded",
        "intake.VulnerabilityRecorded",
        "intake.CapacityRecorded",
        "intake.CapacityRecorded",
        "intake.EligibilityVerified",
        "intake.MicroequipeFormed",
    ]
    team = {
        "family": code,
        "microequipe": str(microequipe_id(code)),
        "lead": LEAD,
        "members": [LEAD],
        "case_manager": CASE_MANAGER,
        "on": "2026-03-02",
    }
    figure = {"person": FIGURE, "role": "neighbour", "account": False}
    said = desk.told("lead")
    names = [body for contract, body in said if contract == "intake/names_told.v1"]
    assert [(body["family"], body["on"]) for body in names] == [(code, "2026-03-02")] * 2
    assert [each for each in said if each[0] != "intake/names_told.v1"] == [
        ("intake/family_referred.v1", {"family": code, "access_point": "cda", "on": "2026-01-12"}),
        (
            "intake/isee_recorded.v1",
            {
                "family": code,
                "number": 1,
                "kind": "ordinario",
                "valid_until": "2026-12-31",
                "on": "2026-03-02",
            },
        ),
        (
            "intake/eligibility_verified.v1",
            {
                "family": code,
                "outcome": "eligible",
                "failed": [],
                "on": "2026-03-02",
                "guidelines": 1,
            },
        ),
        (
            "intake/eligibility_verified.v2",
            {
                "family": code,
                "outcome": "eligible",
                "failed": [],
                "on": "2026-03-02",
                "guidelines": 1,
                "isee_tolerated_until": "2027-02-28",
            },
        ),
        ("intake/microequipe_formed.v1", team),
        ("intake/microequipe_formed.v2", team | {"figures": [figure]}),
    ]
    assert desk.told("nord") == []


def test_a_family_that_is_not_eligible_is_told_both_criteria(desk):
    code = bring_in(desk, "servizi_sociali.csv", access_point=AccessPoint.SOCIAL_SERVICES)
    found = desk.ask(
        "verify_eligibility",
        "verifier",
        family=code,
        at="servizi_sociali",
        directed_to="centro_per_impiego",
    )
    assert found["outcome"] == "not_eligible"
    assert found["failed"] == ["dependent_child_or_vulnerable_person", "valid_isee_in_range"]
    assert found["directed_to"] == "centro_per_impiego"
    with pytest.raises(NotEligible):
        form(desk, code)


def test_a_referral_of_a_cav_is_verified_elsewhere_and_waits_for_evidence(desk):
    code = bring_in(desk, "cav.csv", access_point=AccessPoint.CAV)
    with pytest.raises(AccessPointMayNotVerify):
        desk.ask("verify_eligibility", "verifier", family=code, at="cav")
    found = desk.ask("verify_eligibility", "verifier", family=code, at="cda")
    assert (found["outcome"], found["missing"]) == ("suspended", ["household", "isee"])


def test_every_sample_is_taken_in(desk):
    for point in AccessPoint:
        name = f"{point.value}.csv"
        for place in range(len(read_referrals((SAMPLES / name).read_bytes(), point).referrals)):
            assert read_code(bring_in(desk, name, place, point))
    assert bring_in(desk, "disordinata.csv")


def test_a_code_is_that_of_the_organisation(desk):
    code = bring_in(desk)
    assert code.startswith("LEAD-")
    assert family_id(code) == desk.events()[-1].originator_id


# what is stored


def test_nothing_personal_is_in_the_events_nor_in_what_is_said(desk):
    for point in AccessPoint:
        bring_in(desk, f"{point.value}.csv", access_point=point)
    code = admit(desk)
    form(desk, code)
    desk.ask("complete_referral", "verifier", family=code, referral={"person": "Prova Uno"})
    stored = desk.stored_text()
    invented = (SAMPLES / "invented.txt").read_text(encoding="utf-8").split("\n")
    assert [word for word in (*invented, "Vicina Inventata") if word and word in stored] == []


def test_a_refusal_writes_nothing(desk):
    code = bring_in(desk)
    before = desk.written()
    for method, roles, words in (
        ("verify_eligibility", "verifier", {"at": "consultorio"}),
        ("record_household", "verifier", {"members": []}),
        ("record_vulnerability", "verifier", {"element": "other", "note": " "}),
        ("record_capacity", "verifier", {"kind": "informal", "capacity": "x", "member": 9}),
        ("record_information_notice", "verifier", {"state": "given", "on": "2026-03-02"}),
        (
            "record_isee",
            "verifier",
            {
                "kind": "ordinario",
                "value": "1.00",
                "protocol": "x",
                "issued_on": "2026-01-09",
            },
        ),
    ):
        with pytest.raises(Refused):
            desk.ask(method, roles, family=code, **words)
    with pytest.raises(NotEligible):
        form(desk, code)
    assert desk.written() == before


def test_a_repeated_click_refers_one_family(desk):
    key = UUID(int=77)
    words = {"access_point": "cda", "on": "2026-01-12", "referral": {"person": "Prova Uno"}}
    first = desk.ask("refer_family", "verifier", key=key, **words)
    assert desk.ask("refer_family", "verifier", key=key, **words) == first
    assert desk.topics().count("intake.FamilyReferred") == 1


# refusals at the door


@pytest.mark.parametrize(
    ("method", "words", "argument"),
    [
        ("refer_family", {"access_point": "bar"}, "access_point"),
        ("refer_family", {"on": "12/01/2026"}, "on"),
        ("refer_family", {"referral": {"nome": "x"}}, "referral"),
        ("refer_family", {"referral": ["x"]}, "referral"),
        ("refer_family", {"referral": {"person": 3}}, "person"),
        ("refer_family", {"colour": "red"}, ""),
        ("record_household", {"members": "x"}, "members"),
        ("record_household", {"members": [{"number": 1}]}, "relation"),
        ("record_household", {"members": [{"number": 0, "relation": "child"}]}, "number"),
        ("record_household", {"members": [{"number": True, "relation": "child"}]}, "number"),
        (
            "record_household",
            {"members": [{"number": 1, "relation": "child", "dependent": "yes"}]},
            "dependent",
        ),
        (
            "record_household",
            {"members": [{"number": 1, "relation": "child", "height": 1}]},
            "members",
        ),
        ("record_household", {"members": [{"number": 1, "relation": "child"}] * 51}, "members"),
        ("record_isee", {"value": "-1.00"}, "value"),
        ("record_isee", {"value": "1.001"}, "value"),
        ("record_isee", {"kind": "grande"}, "kind"),
        ("record_isee", {"omissions": "no"}, "omissions"),
        ("record_isee", {"issued_on": None}, "issued_on"),
        ("assess_isee", {"accepted": "yes"}, "accepted"),
        ("assess_isee", {"reason": " "}, "reason"),
        ("record_vulnerability", {"element": "poverty"}, "element"),
        ("record_vulnerability", {"note": ""}, "note"),
        ("record_capacity", {"member": 100}, "member"),
        ("record_information_notice", {"state": "maybe"}, "state"),
        ("verify_eligibility", {"at": "bar"}, "at"),
        ("verify_eligibility", {"directed_to": "home"}, "directed_to"),
        ("form_microequipe", {"lead": "x"}, "lead"),
        ("form_microequipe", {"members": [{"person": LEAD, "kind": "friend"}]}, "kind"),
        ("form_microequipe", {"case_manager": 7}, "case_manager"),
    ],
)
def test_a_word_of_the_wrong_shape_is_refused_by_name(refusing, method, words, argument):
    desk, code = refusing
    fitting = {
        "refer_family": {"access_point": "cda", "on": "2026-01-12", "referral": {}},
        "record_household": {"family": code, "members": [{"number": 1, "relation": "applicant"}]},
        "record_isee": {
            "family": code,
            "kind": "ordinario",
            "value": "7431.17",
            "protocol": "INPS-ISEE-2026-ALFA00001-00",
            "issued_on": "2026-01-09",
        },
        "assess_isee": {"family": code, "accepted": True, "reason": "x"},
        "record_vulnerability": {"family": code, "element": "other", "note": "x"},
        "record_capacity": {"family": code, "kind": "informal", "capacity": "x"},
        "record_information_notice": {"family": code, "state": "owed", "on": "2026-01-12"},
        "verify_eligibility": {"family": code, "at": "cda"},
        "form_microequipe": {"family": code, "members": TEAM, "lead": LEAD},
    }
    before = desk.written()
    with pytest.raises(BadWord) as refusal:
        desk.ask(method, "verifier", **fitting[method] | words)
    assert refusal.value.facts["argument"] == argument
    assert desk.written() == before


def test_a_certificate_for_minors_counts_once_it_was_accepted(desk):
    code = bring_in(desk)
    certificate = {"value": "7431.17", "protocol": "INPS-ISEE-2026-ALFA00001-00"}
    words = certificate | {"kind": "minorenni", "issued_on": "2026-01-09"}
    desk.ask("record_isee", "verifier", family=code, **words)
    found = desk.ask("assess", "verifier", family=code)
    assert found["findings"][1]["missing"] == ["isee_assessment"]
    said = {"family": code, "accepted": True, "reason": "genitore di prova non convivente"}
    desk.ask("assess_isee", "verifier", **said)
    assert desk.ask("assess", "verifier", family=code)["outcome"] == "eligible"
    opened = desk.ask("opened_family", "verifier", family=code)["assessments"]
    assert [(each["certificate"], each["reason"]) for each in opened] == [(2, said["reason"])]
    assert said["reason"] not in desk.stored_text()
    told = [body for name, body in desk.told("lead") if name == "intake/isee_recorded.v1"]
    assert told[1] == {
        "family": code,
        "number": 2,
        "kind": "minorenni",
        "valid_until": "2026-12-31",
        "on": "2026-03-02",
    }


def test_a_mistyped_family_code_is_refused_before_anything_is_looked_up(desk):
    code = bring_in(desk)
    last = "0" if code[-1] != "0" else "1"
    with pytest.raises(WrongFamilyCode):
        desk.ask("family", "verifier", family=code[:-1] + last)


def test_a_family_that_is_not_ours_is_unknown(desk):
    with pytest.raises(Unknown):
        desk.ask("family", "verifier", family=NOBODYS)


def test_a_code_may_be_typed_carelessly(desk):
    code = bring_in(desk)
    assert desk.ask("family", "verifier", family=f" {code.lower()} ")["family"] == code


def test_who_edited_an_older_version_is_told(desk):
    code = bring_in(desk)
    with pytest.raises(VersionMoved) as refusal:
        desk.ask(
            "record_vulnerability",
            "verifier",
            family=code,
            element="other",
            note="x",
            expected_version=2,
        )
    assert refusal.value.facts["found"] == 8


@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        ([], NobodyInHousehold),
        ([{"number": 1, "relation": "applicant"}] * 2, MemberNumberTwice),
    ],
)
def test_a_household_that_cannot_be_is_refused(desk, members, refusal):
    code = bring_in(desk)
    with pytest.raises(refusal):
        desk.ask("record_household", "verifier", family=code, members=members)


def test_a_protocol_is_refused_without_being_repeated(desk):
    code = bring_in(desk)
    with pytest.raises(ProtocolMisshapen) as refusal:
        desk.ask(
            "record_isee",
            "verifier",
            family=code,
            kind="ordinario",
            value="7431.17",
            protocol="Esempio-Alfa",
            issued_on="2026-01-09",
        )
    assert refusal.value.facts == {}


def test_nothing_is_processed_before_the_notice(desk):
    referral = {"access_point": "cda", "on": "2026-01-12", "referral": {}}
    made = desk.ask("refer_family", "verifier", **referral)
    assert made["lacking"] == ["person", "contact"]
    with pytest.raises(NoticeNotRecorded):
        desk.ask(
            "record_household",
            "verifier",
            family=made["family"],
            members=[{"number": 1, "relation": "applicant"}],
        )


def test_without_guidelines_nothing_is_verified(desk):
    code = bring_in(desk)
    with pytest.raises(NothingInForce):
        desk.on(date(2025, 12, 31)).ask("verify_eligibility", "verifier", family=code, at="cda")


def test_the_version_in_force_today_is_applied(desk):
    code = bring_in(desk)
    desk.hear_guidelines(2, "2026-04-01", isee_max="7000.00")
    first = desk.on(date(2026, 3, 31)).ask("assess", "verifier", family=code)
    second = desk.on(date(2026, 4, 1)).ask("assess", "verifier", family=code)
    assert (first["guidelines"], first["outcome"]) == (1, "eligible")
    assert (second["guidelines"], second["outcome"]) == (2, "not_eligible")


def test_a_family_has_one_microequipe_also_when_two_form_it(desk):
    code = admit(desk)
    form(desk, code)
    with pytest.raises(MicroequipeExists):
        form(desk, code)


def test_an_incomplete_microequipe_is_refused(desk):
    code = admit(desk)
    with pytest.raises(CompositionIncomplete) as refusal:
        form(desk, code, members=TEAM[:1])
    assert refusal.value.facts == {"family": code, "lacking": ["reference_figure"]}


def test_a_microequipe_lives(desk):
    code = admit(desk)
    form(desk, code)
    desk.on(date(2026, 4, 8))
    head = {"person": HEAD, "kind": "cda_head"}
    joined = desk.ask("join_microequipe", "verifier", family=code, member=head, on="2026-04-01")
    assert joined == {"family": code, "version": 2, "lacking": []}
    leave = {"family": code, "person": LEAD, "on": "2026-04-08"}
    with pytest.raises(LeadMustHandOver):
        desk.ask("leave_microequipe", "verifier", **leave)
    with pytest.raises(NotLeadHere):
        desk.ask("hand_over_lead", "microequipe_lead", family=code, lead=HEAD, on="2026-04-07")
    desk.ask("hand_over_lead", "verifier", family=code, lead=HEAD, on="2026-04-07")
    desk.ask("leave_microequipe", "verifier", **leave)
    named = desk.ask(
        "name_case_manager",
        "project_manager",
        family=code,
        case_manager=CASE_MANAGER,
        on="2026-04-08",
    )
    assert named["version"] == 5
    found = desk.ask("microequipe", "auditor", family=code, day="2026-04-09")
    assert (found["lead"], found["case_manager"]) == (HEAD, CASE_MANAGER)
    assert [member["person"] for member in found["members"]] == [FIGURE, HEAD]
    before = desk.ask("microequipe", "auditor", family=code, day="2026-03-31")
    assert [member["person"] for member in before["members"]] == [LEAD, FIGURE]
    assert [member["account"] for member in before["members"]] == [True, False]
    assert desk.ask("families_of", "microequipe_lead", person=LEAD) == [code]
    assert desk.ask("families_of", "microequipe_lead", person=LEAD, day="2026-04-09") == []
    assert desk.ask("families_of", "microequipe_lead", person=HEAD, day="2026-03-31") == []


# roles

COMMANDS = {
    "refer_family": ("access_point_operator", "verifier"),
    "complete_referral": ("access_point_operator", "verifier"),
    "record_information_notice": ("access_point_operator", "verifier"),
    "record_household": ("access_point_operator", "verifier"),
    "record_birth": ("access_point_operator", "verifier"),
    "record_arrival": ("access_point_operator", "verifier"),
    "record_departure": ("access_point_operator", "verifier"),
    "split_household": ("verifier",),
    "mark_safe_contact": ("access_point_operator", "verifier"),
    "lift_safe_contact": ("verifier",),
    "record_isee": ("access_point_operator", "verifier"),
    "assess_isee": ("verifier",),
    "record_vulnerability": ("access_point_operator", "verifier"),
    "record_capacity": ("access_point_operator", "verifier"),
    "direct_elsewhere": ("access_point_operator", "verifier"),
    "verify_eligibility": ("verifier",),
    "form_microequipe": ("microequipe_lead", "project_manager", "verifier"),
    "join_microequipe": ("microequipe_lead", "project_manager", "verifier"),
    "leave_microequipe": ("microequipe_lead", "project_manager", "verifier"),
    "hand_over_lead": ("microequipe_lead", "project_manager", "verifier"),
    "name_case_manager": ("microequipe_lead", "project_manager", "verifier"),
    "confirm_duplicate": ("verifier",),
    "refuse_duplicate": ("verifier",),
    "undo_duplicate": ("verifier",),
    "possible_duplicates": ("verifier",),
    "place_legal_hold": ("administrator",),
    "lift_legal_hold": ("administrator",),
    "erase_family": ("administrator",),
    "opened_family": ("verifier",),
    "assess": ("verifier",),
    "explain": ("auditor", "verifier"),
}


@pytest.mark.parametrize("method", COMMANDS)
def test_only_these_roles_may(refusing, method):
    desk, _ = refusing
    with pytest.raises(RoleWithoutRight) as refusal:
        desk.ask(method, "work_placement_head", "legal_representative")
    assert refusal.value.facts == {"method": method, "may": list(COMMANDS[method])}


# questions


def test_a_family_is_shown_in_codes_days_and_outcomes(desk):
    code = admit(desk)
    found = desk.ask("family", "project_manager", family=code)
    assert (found["family"], found["version"]) == (code, 9)
    assert (found["access_point"], found["referred_on"]) == ("cda", "2026-01-12")
    assert (found["notice"], found["notice_due"], found["lacking"]) == ("given", None, [])
    assert (found["members"], found["capacities"], found["other_elements"]) == ([1, 2, 3], 2, 2)
    assert found["certificates"] == [
        {
            "number": 1,
            "kind": "ordinario",
            "issued_on": "2026-01-09",
            "valid_until": "2026-12-31",
            "omissions": False,
            "assessed": None,
        }
    ]
    assert found["verifications"][0]["isee_tolerated_until"] == "2027-02-28"
    assert found["outcome"] == "eligible"
    assert [each["met"] for each in found["verifications"][0]["criteria"]] == [True, True]
    assert "Prova" not in json.dumps(found)
    assert "7431" not in json.dumps(found)
    assert desk.reads() == ["household", "isee"]


def with_a_team(desk):
    """A family with person 5 as lead, 6 as head of the CDA who has left, 7 as case manager."""
    code = admit(desk)
    lead, head, manager = (str(uuid5(NAMESPACE, f"person {number}")) for number in (5, 6, 7))
    team = [{"person": lead, "kind": "social_worker"}, TEAM[1]]
    form(desk, code, members=team, lead=lead, case_manager=manager)
    member = {"person": head, "kind": "cda_head"}
    desk.ask("join_microequipe", "verifier", family=code, member=member, on=DAY.isoformat())
    leave = {"family": code, "person": head, "on": DAY.isoformat()}
    desk.ask("leave_microequipe", "verifier", **leave)
    return code


BOUND = ("microequipe_member", "microequipe_lead", "case_manager")


@pytest.mark.parametrize("question", ["family", "microequipe"])
def test_who_works_with_single_families_sees_those_and_no_other(desk, question):
    theirs, other = with_a_team(desk), admit(desk)
    for who in (5, 6, 7):
        assert desk.ask(question, *BOUND, by=who, family=theirs)["family"] == theirs
    for who, family in ((8, theirs), (5, other), (7, other)):
        with pytest.raises(NotOfTheMicroequipe) as refusal:
            desk.ask(question, *BOUND, by=who, family=family)
        assert refusal.value.facts == {"family": family}


def test_who_has_left_sees_the_family_no_more(desk):
    code = with_a_team(desk)
    desk.on(DAY + timedelta(1))
    assert desk.ask("family", *BOUND, by=5, family=code)
    with pytest.raises(NotOfTheMicroequipe):
        desk.ask("family", *BOUND, by=6, family=code)


@pytest.mark.parametrize("role", sorted(SEE_ANY))
def test_a_role_for_the_whole_organisation_sees_every_family(desk, role):
    assert desk.ask("family", role, by=8, family=with_a_team(desk))


def test_a_verifier_opens_what_was_told_and_the_reading_is_recorded(desk):
    code = bring_in(desk)
    found = desk.ask("opened_family", "verifier", family=code)
    assert found["referral"]["phone"] == "000 5550101"
    assert [member["name"] for member in found["households"][0]] == [
        "Prova Uno Esempio-Alfa",
        "Prova Due Esempio-Alfa",
        "Prova Tre Esempio-Alfa",
    ]
    assert found["certificates"] == [
        {"number": 1, "value": "7431.17", "protocol": "INPS-ISEE-2026-ALFA00001-00"}
    ]
    assert [each["element"] for each in found["vulnerabilities"]] == [
        "unstable_housing",
        "fragile_network",
    ]
    assert [each["capacity"] for each in found["capacities"]] == [
        "muratore di prova alfa",
        "cucina di prova alfa",
    ]
    assert desk.reads() == [
        "referral",
        "household",
        "isee",
        "vulnerability",
        "vulnerability",
        "capacity",
        "capacity",
    ]


def test_an_assessment_explains_and_writes_no_event(desk):
    code = bring_in(desk)
    before = desk.written()
    found = desk.ask("assess", "verifier", family=code)
    assert found["outcome"] == "eligible"
    assert found["findings"][0]["because"] == [{"code": "student", "member": 3}]
    assert found["findings"][1]["because"] == [{"code": "in_range", "member": None}]
    assert desk.written() == before


def test_a_decision_is_explained_again_from_what_it_looked_at(desk):
    code = admit(desk)
    told = desk.ask("assess", "verifier", family=code)
    desk.hear_guidelines(2, "2026-04-01", isee_max="7000.00")
    desk.on(date(2028, 5, 1)).ask(
        "record_household",
        "verifier",
        family=code,
        members=[{"number": 1, "relation": "applicant"}],
    )
    assert desk.ask("explain", "auditor", family=code, number=1) == told


def test_a_decision_is_explained_alike_years_and_versions_later(desk):
    code = bring_in(desk)
    minors = {"kind": "minorenni", "value": "7431.17", "issued_on": "2026-01-09"}
    words = minors | {"protocol": "INPS-ISEE-2026-ALFA00001-00"}
    desk.ask("record_isee", "verifier", family=code, **words)
    desk.ask("assess_isee", "verifier", family=code, accepted=True, reason="prova")
    told = desk.ask("assess", "verifier", family=code)
    desk.ask("verify_eligibility", "verifier", family=code, at="cda")
    later = [
        ("2027-01-01", {"isee_kinds_on_assessment": ["universita"], "isee_min": "8000.00"}),
        ("2028-01-01", {"neet_to_age": 20, "elderly_from_age": 80, "school_age": 3}),
        ("2029-01-01", {"other_elements_min": 5, "isee_max": "7000.00"}),
    ]
    for number, (begins, changed) in enumerate(later, start=2):
        desk.hear_guidelines(number, begins, **changed)
        assert (
            desk.on(date.fromisoformat(begins)).ask("explain", "auditor", family=code, number=1)
            == told
        )
    leaving = {"family": code, "member": 3, "gone": "moved_out", "on": "2029-01-01"}
    desk.ask("record_departure", "verifier", **leaving)
    desk.ask("record_isee", "verifier", family=code, **words | {"value": "14327.59"})
    assert desk.ask("explain", "auditor", family=code, number=1) == told
    assert desk.ask("assess", "verifier", family=code)["outcome"] == "not_eligible"


def test_families_are_listed_by_how_far_they_are(desk):
    first = admit(desk)
    second = bring_in(desk, "servizi_sociali.csv", 1, AccessPoint.SOCIAL_SERVICES)
    third = bring_in(desk, "cav.csv", access_point=AccessPoint.CAV)

    def listed(**words):
        return [row["code"] for row in desk.ask("families", "verifier", **words)]

    assert listed() == [third, second, first]
    assert listed(access_point="cav") == [third]
    assert listed(outcome="eligible") == [first]
    assert listed(outcome="eligible", without_microequipe=True) == [first]
    form(desk, first)
    assert listed(outcome="eligible", without_microequipe=True) == []
    desk.ask("erase_family", "administrator", family=third, because="asked_by_family")
    assert listed() == [second, first]


def test_the_list_of_families_tells_dates_and_what_lacks(desk):
    code = admit(desk)
    (row,) = desk.ask("families", "auditor")
    assert row == {
        "family_id": str(family_id(code)),
        "code": code,
        "access_point": "cda",
        "referred_on": "2026-01-12",
        "lacking": 0,
        "notice": "given",
        "notice_due": None,
        "isee_until": "2026-12-31",
        "outcome": "eligible",
        "verified_on": "2026-03-02",
        "eligible_since": "2026-03-02",
        "dormant_since": None,
        "notice_overdue": False,
        "microequipe": False,
        "joined_into": None,
        "erased_on": None,
    }


def test_the_views_are_a_function_of_the_log(desk):
    code = admit(desk)
    form(desk, code)
    kept = [desk.view(0), desk.view(1)]
    with desk.store.database.writing() as connection:
        for view in desk.composition.views:
            connection.execute(view.table.delete())
            for event in desk.events():
                view.project(event, None, view.table, connection)
    assert [desk.view(0), desk.view(1)] == kept
    assert [row["person"] for row in kept[1]] == [UUID(LEAD), UUID(FIGURE)]


# erasure


def test_an_erased_family_is_gone_for_good_and_its_history_stays(desk):
    code = admit(desk)
    events, entries, subjects, _ = desk.written()
    desk.ask("erase_family", "administrator", family=code, because="asked_by_family")
    assert (entries, subjects) == (12, 1)
    assert desk.written() == (events + 1, 0, 0, 1)
    found = desk.ask("family", "auditor", family=code)
    assert (found["outcome"], found["erased_on"]) == ("eligible", DAY.isoformat())
    for method, words in (
        ("opened_family", {}),
        ("assess", {}),
        ("explain", {"number": 1}),
        ("record_capacity", {"kind": "informal", "capacity": "x"}),
        ("complete_referral", {"referral": {}}),
        ("verify_eligibility", {"at": "cda"}),
    ):
        with pytest.raises(FamilyErased):
            desk.ask(method, "verifier", family=code, **words)
    with pytest.raises(FamilyErased):
        form(desk, code)


def test_the_name_of_a_reference_figure_goes_with_the_family(desk):
    code, neighbours = admit(desk), admit(desk)
    _, entries, subjects, _ = desk.written()
    form(desk, code)
    form(desk, neighbours)
    figure = TEAM[1] | {"person": NOBODY, "name": "Vicino Inventato"}
    joining = {"member": figure, "on": DAY.isoformat()}
    desk.ask("join_microequipe", "verifier", family=code, **joining)
    assert desk.written()[1:3] == (entries + 3, subjects)
    desk.ask("erase_family", "administrator", family=code, because="asked_by_family")
    _, left, subjects, erased = desk.written()
    assert (left, subjects, erased) == (entries // 2 + 1, 1, 1)


def test_the_microequipe_of_an_erased_family_does_not_change_any_more(desk):
    code = admit(desk)
    form(desk, code)
    desk.ask("erase_family", "administrator", family=code, because="asked_by_family")
    before = desk.written()
    on = DAY.isoformat()
    for method, words in (
        ("join_microequipe", {"member": TEAM[1] | {"person": NOBODY}, "on": on}),
        ("leave_microequipe", {"person": FIGURE, "on": on}),
        ("hand_over_lead", {"lead": HEAD, "on": on}),
        ("name_case_manager", {"case_manager": CASE_MANAGER, "on": on}),
    ):
        with pytest.raises(FamilyErased):
            desk.ask(method, "verifier", family=code, **words)
    assert desk.written() == before
    found = desk.ask("microequipe", "auditor", family=code)
    assert [member["person"] for member in found["members"]] == [LEAD, FIGURE]


def test_an_erasure_is_said_to_the_lead_too_if_there_was_a_microequipe(tmp_path, empty):
    desk = new_desk(IntakeService, tmp_path, empty, "nord")
    desk.hear_guidelines()
    codes = [admit(desk) for _ in range(2)]
    form(desk, codes[1])
    for code in codes:
        desk.ask("erase_family", "administrator", family=code, because="retention_ended")
    said = [("intake/family_erased.v1", {"family": code, "on": "2026-03-02"}) for code in codes]
    assert desk.told("nord")[-2:] == said
    assert desk.told("lead") == said[1:]
    desk.store.close()


def test_who_is_sent_away_must_be_sent_somewhere(desk):
    code = bring_in(desk, "servizi_sociali.csv", access_point=AccessPoint.SOCIAL_SERVICES)
    with pytest.raises(DirectedNowhere) as refusal:
        desk.ask("verify_eligibility", "verifier", family=code, at="cda")
    assert refusal.value.facts == {
        "failed": ["dependent_child_or_vulnerable_person", "valid_isee_in_range"]
    }
