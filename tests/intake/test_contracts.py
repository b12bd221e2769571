"""What intake says keeps the shape it promised."""

import json
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from services.intake.answering import Askings, askings_id
from services.intake.asking import asking_id
from services.intake.codes import (
    AccessPoint,
    Direction,
    Dormancy,
    Elsewhere,
    ErasureReason,
    IseeKind,
    Outcome,
)
from services.intake.eligibility import CriterionCode
from services.intake.family import Family
from services.intake.family_code import read_code
from services.intake.known_names import KnownNames
from services.intake.microequipe import Microequipe, microequipe_id
from services.intake.published import PUBLISHED
from services.kernel.words import LEAD, OWN
from tests.intake.moments import (
    CASE_MANAGER,
    CDA_HEAD,
    CODE,
    DAY,
    NEIGHBOUR,
    SOCIAL_WORKER,
    TEACHER,
    certified,
    criteria,
    family,
    formed,
    informed,
    referred,
    sealed,
    verified,
)
from tests.scenario import SOMEBODY, Story, fact

CONTRACTS = Path(__file__).parents[2] / "services" / "intake" / "contract"
SAID = {name: (event, say) for event, told in PUBLISHED.items() for name, say in told.says.items()}


def schema(name):
    return json.loads((CONTRACTS / f"{name}.json").read_text(encoding="utf-8"))


def validate(name, body):
    Draft202012Validator(schema(name), format_checker=FormatChecker()).validate(body)


def body_of(name, story):
    """What is said of the last fact of *story*, which has been stored and read."""
    event, say = SAID[name]
    aggregate = story.aggregate()
    last = story.facts[-1]
    assert last.event is event
    told = last.event(
        originator_id=story.id,
        originator_version=len(story.facts),
        timestamp=None,
        by=None,
        **({"originator_topic": event.STREAM_TYPE} if len(story.facts) == 1 else {}),
        **dict(last.fields),
    )
    return say(told, aggregate)


def test_every_published_contract_has_a_file_and_every_file_is_published():
    assert set(SAID) == {path.stem for path in CONTRACTS.glob("*.json")}


@pytest.mark.parametrize("name", SAID)
def test_a_contract_describes_everything_it_requires(name):
    words = schema(name)
    Draft202012Validator.check_schema(words)
    assert words["$id"] == f"intake/{name}"
    assert words["description"]
    assert words["additionalProperties"] is False
    assert set(words["required"]) == set(words["properties"])
    assert all(each.get("description") for each in words["properties"].values())


@pytest.mark.parametrize("name", SAID)
def test_the_examples_of_a_contract_keep_it_and_speak_of_codes_that_can_exist(name):
    assert len(schema(name)["examples"]) >= 2
    for example in schema(name)["examples"]:
        validate(name, example)
        if "family" in schema(name)["required"]:
            assert read_code(example["family"]) == example["family"]
        if "microequipe" in example:
            assert example["microequipe"] == str(microequipe_id(example["family"]))


@pytest.mark.parametrize("name", SAID)
def test_a_body_with_another_word_breaks_the_contract(name):
    for example in schema(name)["examples"]:
        with pytest.raises(ValidationError):
            validate(name, example | {"name": "Prova Uno"})


def test_the_words_of_the_contracts_are_those_of_the_rules():
    referral = schema("family_referred.v1")["properties"]
    verification = schema("eligibility_verified.v1")["properties"]
    assert referral["access_point"]["enum"] == [each.value for each in AccessPoint]
    assert verification["outcome"]["enum"] == [each.value for each in Outcome]
    assert verification["failed"]["items"]["enum"] == [each.value for each in CriterionCode]


@pytest.mark.parametrize("access_point", list(AccessPoint))
def test_a_referral_as_it_is_said(access_point):
    told = fact(Family.Referred, **dict(referred.fields) | {"access_point": access_point})
    body = body_of("family_referred.v1", family(told))
    validate("family_referred.v1", body)
    assert body == {"family": CODE, "access_point": access_point.value, "on": "2026-01-12"}


@pytest.mark.parametrize(
    ("told", "failed"),
    [
        (verified(), []),
        (verified(Outcome.SUSPENDED, criteria=criteria(True, None)), []),
        (
            verified(
                Outcome.NOT_ELIGIBLE,
                criteria=criteria(False, False),
                directed_to=Direction.CAF,
            ),
            ["dependent_child_or_vulnerable_person", "valid_isee_in_range"],
        ),
    ],
)
def test_a_verification_as_it_is_said(told, failed):
    body = body_of("eligibility_verified.v1", family(referred, informed, told))
    validate("eligibility_verified.v1", body)
    assert body == {
        "family": CODE,
        "outcome": dict(told.fields)["outcome"].value,
        "failed": failed,
        "on": "2026-03-02",
        "guidelines": 1,
    }


@pytest.mark.parametrize("outcome", [Outcome.ELIGIBLE, Outcome.SUSPENDED])
def test_a_verification_as_it_is_said_with_the_day_of_tolerance(outcome):
    told = family(referred, informed, verified(outcome))
    body = body_of("eligibility_verified.v2", told)
    validate("eligibility_verified.v2", body)
    until = "2027-02-28" if outcome is Outcome.ELIGIBLE else None
    assert body == body_of("eligibility_verified.v1", told) | {"isee_tolerated_until": until}


@pytest.mark.parametrize("kind", list(IseeKind))
def test_a_certificate_as_it_is_said_without_its_amount(kind):
    told = fact(Family.IseeRecorded, **dict(certified.fields) | {"kind": kind})
    body = body_of("isee_recorded.v1", family(referred, informed, told))
    validate("isee_recorded.v1", body)
    assert body == {
        "family": CODE,
        "number": 1,
        "kind": kind.value,
        "valid_until": "2026-12-31",
        "on": "2026-01-12",
    }


@pytest.mark.parametrize("case_manager", [None, CASE_MANAGER])
def test_a_microequipe_as_it_is_said_without_those_who_have_no_account(case_manager):
    told = formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR, case_manager=case_manager)
    body = body_of("microequipe_formed.v1", Story((told,), microequipe_id(CODE)))
    validate("microequipe_formed.v1", body)
    assert body == {
        "family": CODE,
        "microequipe": str(microequipe_id(CODE)),
        "lead": str(SOCIAL_WORKER.person),
        "members": [str(SOCIAL_WORKER.person), str(TEACHER.person)],
        "case_manager": case_manager and str(case_manager),
        "on": "2026-03-02",
    }


def test_what_has_not_happened_as_it_is_said():
    told = fact(
        Family.FamilyDormant,
        kind=Dormancy.WITHOUT_MICROEQUIPE,
        since=DAY,
        on=date(2026, 4, 1),
    )
    body = body_of("family_dormant.v1", family(referred, informed, verified(), told))
    validate("family_dormant.v1", body)
    assert body == {
        "family": CODE,
        "kind": "without_microequipe",
        "since": "2026-03-02",
        "on": "2026-04-01",
    }
    late = fact(Family.InformationNoticeOverdue, due=date(2026, 2, 12), on=date(2026, 2, 13))
    body = body_of("information_notice_overdue.v1", family(referred, late))
    validate("information_notice_overdue.v1", body)
    assert body == {"family": CODE, "due": "2026-02-12", "on": "2026-02-13"}


@pytest.mark.parametrize(
    ("told", "safe_contact"),
    [
        (fact(Family.ContactMarked, how=sealed(9), on=DAY), True),
        (fact(Family.ContactMarkLifted, on=DAY), False),
    ],
)
def test_a_mark_as_it_is_said(told, safe_contact):
    say = PUBLISHED[told.event].says["contact_marked.v1"]
    body = say(told.event(**columns(told)), family(referred).aggregate())
    validate("contact_marked.v1", body)
    assert body == {"family": CODE, "safe_contact": safe_contact, "on": "2026-03-02"}


def test_who_asked_elsewhere_is_told_that_there_is_an_answer_and_not_which():
    asking = {"asking": asking_id(CODE, 1), "organisation": "nord", "on": DAY}
    asked = fact(Family.AskedElsewhere, **asking, codes=sealed(7))
    told = fact(Family.AnsweredElsewhere, **asking, answer=Elsewhere.FOLLOWED)
    body = body_of("answer_came.v1", family(referred, asked, told))
    validate("answer_came.v1", body)
    assert body == {
        "family": CODE,
        "answered_by": "nord",
        "asked_by": str(SOMEBODY.person),
        "on": "2026-03-02",
    }


HEAD = CDA_HEAD.person
joined = fact(Microequipe.Joined, member=CDA_HEAD, lacking=(), on=date(2026, 4, 1))
handed_over = fact(Microequipe.LeadHandedOver, lead=HEAD, on=date(2026, 4, 7))
left = fact(Microequipe.Left, person=SOCIAL_WORKER.person, lacking=("x",), on=date(2026, 4, 8))
named = fact(Microequipe.CaseManagerNamed, case_manager=CASE_MANAGER, on=date(2026, 4, 9))
gone = fact(Microequipe.CaseManagerNamed, case_manager=None, on=date(2026, 4, 10))
LIFE = [joined, handed_over, left, named, gone]


@pytest.mark.parametrize(
    ("steps", "change", "lead", "members", "case_manager"),
    [
        (1, "joined", SOCIAL_WORKER, [SOCIAL_WORKER, TEACHER, CDA_HEAD], None),
        (2, "lead_handed_over", CDA_HEAD, [SOCIAL_WORKER, TEACHER, CDA_HEAD], None),
        (3, "left", CDA_HEAD, [TEACHER, CDA_HEAD], None),
        (4, "case_manager_named", CDA_HEAD, [TEACHER, CDA_HEAD], CASE_MANAGER),
        (5, "case_manager_named", CDA_HEAD, [TEACHER, CDA_HEAD], None),
    ],
)
def test_a_microequipe_that_changed_is_said_as_it_is_now(
    steps, change, lead, members, case_manager
):
    began = formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR)
    story = Story((began, *LIFE[:steps]), microequipe_id(CODE))
    told = LIFE[steps - 1]
    say = PUBLISHED[told.event].says["microequipe_changed.v1"]
    body = say(told.event(**columns(told)), story.aggregate())
    validate("microequipe_changed.v1", body)
    assert body == {
        "family": CODE,
        "microequipe": str(microequipe_id(CODE)),
        "change": change,
        "lead": str(lead.person),
        "members": [str(member.person) for member in members],
        "case_manager": case_manager and str(case_manager),
        "on": dict(told.fields)["on"].isoformat(),
    }


TOLD = [
    {"person": str(TEACHER.person), "role": "teacher", "account": True},
    {"person": str(NEIGHBOUR.person), "role": "neighbour", "account": False},
]
"""A teacher who signs in, a neighbour who does not; neither is named."""
figures_told = fact(Microequipe.FiguresTold, on=date(2026, 4, 11))
neighbour_joined = fact(Microequipe.Joined, member=NEIGHBOUR, lacking=(), on=DAY)
neighbour_left = fact(Microequipe.Left, person=NEIGHBOUR.person, lacking=(), on=DAY)


def test_who_of_a_microequipe_is_a_reference_figure_is_said_in_codes():
    story = Story((formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR),), microequipe_id(CODE))
    body = body_of("microequipe_formed.v2", story)
    validate("microequipe_formed.v2", body)
    assert body == {**body_of("microequipe_formed.v1", story), "figures": TOLD}


@pytest.mark.parametrize(
    ("steps", "change", "figures"),
    [
        ([neighbour_joined], "joined", TOLD),
        ([neighbour_joined, neighbour_left], "left", TOLD[:1]),
        ([neighbour_joined, handed_over, figures_told], "figures_told", TOLD),
    ],
)
def test_figures_are_said_whenever_they_change_and_once_where_nobody_had_told(
    steps, change, figures
):
    story = Story((formed(SOCIAL_WORKER, TEACHER), *steps), microequipe_id(CODE))
    say = PUBLISHED[steps[-1].event].says["microequipe_changed.v2"]
    body = say(steps[-1].event(**columns(steps[-1])), story.aggregate())
    validate("microequipe_changed.v2", body)
    assert (body["change"], body["figures"]) == (change, figures)


def test_figures_are_said_within_the_organisation_alone():
    telling = [
        told
        for told in PUBLISHED.values()
        if {"microequipe_formed.v2", "microequipe_changed.v2"} & set(told.says)
    ]
    assert len(telling) == 4
    assert {audience for told in telling for audience in told.to} == {OWN}


@pytest.mark.parametrize(
    ("event", "to"),
    [
        (Microequipe.Joined, {OWN}),
        (Microequipe.Left, {OWN}),
        (Microequipe.LeadHandedOver, {OWN, LEAD}),
        (Microequipe.CaseManagerNamed, {OWN, LEAD}),
    ],
)
def test_the_committee_learns_who_presents_and_who_assisted_and_nothing_of_the_others(event, to):
    assert set(PUBLISHED[event].to) == to


@pytest.mark.parametrize(("shared", "to"), [(False, {OWN}), (True, {OWN, LEAD})])
def test_an_erasure_as_it_is_said_to_all_who_may_hold_something(shared, to):
    told = fact(
        Family.Erased, because=ErasureReason.ASKED_BY_FAMILY, shared=shared, on=date(2027, 4, 2)
    )
    body = body_of("family_erased.v1", family(referred, told))
    validate("family_erased.v1", body)
    assert body == {"family": CODE, "on": "2027-04-02"}
    assert set(PUBLISHED[Family.Erased].to(told.event(**columns(told)), None)) == to


def test_names_as_they_are_told_to_pacts_alone():
    known = KnownNames.opened(CODE, by=SOMEBODY)
    known.tell(sealed(4), on=DAY, by=SOMEBODY)
    event = known.collect_events()[-1]
    told = PUBLISHED[KnownNames.Told]
    body = told.says["names_told.v1"](event, known)
    validate("names_told.v1", body)
    assert body == {
        "family": CODE,
        "names": {"ref": str(sealed(4).ref), "commitment": sealed(4).commitment},
        "on": "2026-03-02",
    }
    assert list(told.to) == [OWN]
    assert list(told.parts(event, known)) == [sealed(4)]


def columns(told):
    return {
        "originator_id": UUID(int=1),
        "originator_version": 2,
        "timestamp": None,
        "by": None,
        **dict(told.fields),
    }


def test_an_asking_as_it_is_said_to_whom_is_asked_alone():
    first = asking_id(CODE, 1)
    told = fact(Family.AskedElsewhere, asking=first, organisation="nord", codes=sealed(7), on=DAY)
    body = body_of("following_asked.v1", family(referred, informed, told))
    validate("following_asked.v1", body)
    codes = {"ref": str(sealed(7).ref), "commitment": sealed(7).commitment}
    assert body == {"family": CODE, "asking": str(first), "codes": codes, "on": "2026-03-02"}
    event = Family.AskedElsewhere(**columns(told))
    assert list(PUBLISHED[Family.AskedElsewhere].to(event, None)) == ["nord"]
    assert list(PUBLISHED[Family.AskedElsewhere].parts(event, None)) == [sealed(7)]


@pytest.mark.parametrize("answer", list(Elsewhere))
def test_an_answer_as_it_is_said_to_who_asked_alone(answer):
    first = asking_id(CODE, 1)
    told = fact(
        Askings.Answered, asking=first, family=CODE, asked_by="nord/x", answer=answer, on=DAY
    )
    story = Story(
        (fact(Askings.Opened, organisation="nord", on=DAY), told), askings_id("nord", DAY)
    )
    body = body_of("following_answered.v1", story)
    validate("following_answered.v1", body)
    assert body == {
        "family": CODE,
        "asking": str(first),
        "answer": answer.value,
        "on": "2026-03-02",
    }
    assert list(PUBLISHED[Askings.Answered].to(None, story.aggregate())) == ["nord"]
    words = schema("following_answered.v1")["properties"]["answer"]["enum"]
    assert words == [each.value for each in Elsewhere]


def test_too_many_askings_as_they_are_said_within_the_organisation():
    said = fact(Askings.TooManyAsked, on=DAY)
    story = Story(
        (fact(Askings.Opened, organisation="nord", on=DAY), said), askings_id("nord", DAY)
    )
    body = body_of("too_many_asked.v1", story)
    validate("too_many_asked.v1", body)
    assert body == {"asker": "nord", "on": "2026-03-02"}


def test_all_else_stays_inside_the_organisation_and_only_names_are_a_text():
    beyond = {Family.Erased, Microequipe.LeadHandedOver, Microequipe.CaseManagerNamed}
    beyond |= {Family.AskedElsewhere, Askings.Answered}
    parts = {KnownNames.Told, Family.AskedElsewhere}
    for event, told in PUBLISHED.items():
        assert event in beyond or list(told.to) == [OWN]
        assert event in parts or list(told.parts(None, None)) == []


def test_only_these_facts_are_said():
    assert set(PUBLISHED) == {
        Family.AnsweredElsewhere,
        Family.Referred,
        KnownNames.Told,
        Family.IseeRecorded,
        Family.EligibilityVerified,
        Family.ContactMarked,
        Family.ContactMarkLifted,
        Family.FamilyDormant,
        Family.InformationNoticeOverdue,
        Family.AskedElsewhere,
        Family.Erased,
        Askings.Answered,
        Askings.TooManyAsked,
        Microequipe.Formed,
        Microequipe.Joined,
        Microequipe.Left,
        Microequipe.LeadHandedOver,
        Microequipe.CaseManagerNamed,
        Microequipe.FiguresTold,
    }
