"""The microequipe: for whom, of whom, and who was in it on any day."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from services.intake.codes import FigureRole, MemberKind, Outcome
from services.intake.days import DayToCome
from services.intake.family import NotEligible
from services.intake.microequipe import (
    SEE_ANY,
    AlreadyLead,
    CaseManagerIsMember,
    CompositionIncomplete,
    LeadMustHandOver,
    LeadWithoutAccount,
    Member,
    MemberTwice,
    Microequipe,
    MicroequipeExists,
    NotAgreedWithFamily,
    NotLeadHere,
    NotMember,
    NotOfTheMicroequipe,
    OutOfOrder,
    lacking,
    microequipe_id,
    must_see,
)
from services.intake.standing import FamilyErased
from services.kernel.actor import Actor
from tests.intake.moments import (
    CASE_MANAGER,
    CDA_HEAD,
    CODE,
    DAY,
    NEIGHBOUR,
    SOCIAL_WORKER,
    TEACHER,
    certified,
    described,
    eligible,
    family,
    formed,
    informed,
    referred,
    verified,
)
from tests.intake.test_family import erased
from tests.scenario import fact, given

LATER = date(2026, 4, 1)
TODAY = date(2026, 5, 4)
NOBODY = UUID(int=0xF)
VERIFIER = Actor.of_person("lead", UUID(int=1), "verifier")


def form(*members, lead=SOCIAL_WORKER.person, both=False, **more):
    """Ask to form the microequipe of an eligible family."""
    told = {
        "family": eligible(),
        "existing": None,
        "members": members,
        "lead": lead,
        "case_manager": None,
        "guidelines": 1,
        "both": both,
        "on": DAY,
        "by": VERIFIER,
    }
    return given().when(Microequipe.form, **(told | more))


# for whom


def test_an_eligible_family_gets_its_microequipe():
    form(SOCIAL_WORKER, TEACHER).then(formed())


def test_its_stream_follows_from_the_family_code():
    made = Microequipe.form(
        eligible(),
        None,
        (SOCIAL_WORKER, TEACHER),
        SOCIAL_WORKER.person,
        None,
        1,
        False,
        on=DAY,
        by=VERIFIER,
    )
    assert made.id == microequipe_id(CODE)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ((), None),
        ((verified(Outcome.SUSPENDED),), "suspended"),
        ((verified(Outcome.NOT_ELIGIBLE),), "not_eligible"),
    ],
)
def test_another_family_gets_none(facts, outcome):
    other = family(referred, informed, *facts).aggregate()
    form(SOCIAL_WORKER, TEACHER, family=other).refuses(NotEligible, family=CODE, outcome=outcome)


def test_an_erased_family_gets_none():
    gone = family(referred, informed, described, certified, verified(), erased).aggregate()
    form(SOCIAL_WORKER, TEACHER, family=gone).refuses(FamilyErased, family=CODE, on=DAY)


def test_a_family_has_one_microequipe():
    existing = given(formed()).aggregate()
    form(SOCIAL_WORKER, TEACHER, existing=existing).refuses(
        MicroequipeExists, family=CODE, formed_on=DAY
    )


# of whom


@pytest.mark.parametrize(
    ("members", "both", "missing"),
    [
        ((SOCIAL_WORKER, TEACHER), False, ()),
        ((CDA_HEAD, TEACHER), False, ()),
        ((SOCIAL_WORKER, CDA_HEAD, TEACHER), False, ()),
        ((SOCIAL_WORKER,), False, ("reference_figure",)),
        ((TEACHER,), False, ("social_worker_or_cda_head",)),
        ((), False, ("social_worker_or_cda_head", "reference_figure")),
        ((SOCIAL_WORKER, CDA_HEAD, TEACHER), True, ()),
        ((SOCIAL_WORKER, TEACHER), True, ("cda_head",)),
        ((CDA_HEAD, TEACHER), True, ("social_worker",)),
        ((SOCIAL_WORKER,), True, ("cda_head", "reference_figure")),
        ((), True, ("social_worker", "cda_head", "reference_figure")),
    ],
)
def test_it_needs_a_professional_and_a_reference_figure(members, both, missing):
    assert lacking(members, both) == missing


@pytest.mark.parametrize(
    ("members", "missing"),
    [
        ((SOCIAL_WORKER,), ["reference_figure"]),
        ((TEACHER, NEIGHBOUR), ["social_worker_or_cda_head"]),
    ],
)
def test_an_incomplete_microequipe_is_not_formed_and_all_that_lacks_is_told(members, missing):
    form(*members, lead=members[0].person).refuses(
        CompositionIncomplete, family=CODE, lacking=missing
    )


def test_the_guidelines_may_require_a_social_worker_and_a_cda_head():
    form(SOCIAL_WORKER, TEACHER, both=True).refuses(
        CompositionIncomplete, family=CODE, lacking=["cda_head"]
    )
    form(SOCIAL_WORKER, CDA_HEAD, TEACHER, both=True).then(formed(SOCIAL_WORKER, CDA_HEAD, TEACHER))


@pytest.mark.parametrize(
    ("agreed_on", "agreed"),
    [
        (DAY - timedelta(1), True),
        (DAY, True),
        (DAY + timedelta(1), False),
        (None, False),
    ],
)
def test_a_reference_figure_is_agreed_with_the_family_first(agreed_on, agreed):
    figure = replace(TEACHER, agreed_on=agreed_on)
    answer = form(SOCIAL_WORKER, figure)
    if agreed:
        answer.then(formed(SOCIAL_WORKER, figure))
    else:
        answer.refuses(NotAgreedWithFamily, person=figure.person)


def test_nobody_is_in_it_twice():
    twice = replace(TEACHER, role=FigureRole.VOLUNTEER)
    form(SOCIAL_WORKER, TEACHER, twice).refuses(MemberTwice, person=TEACHER.person)


def test_a_case_manager_may_assist_and_is_not_a_member():
    form(SOCIAL_WORKER, TEACHER, case_manager=CASE_MANAGER).then(formed(case_manager=CASE_MANAGER))
    form(SOCIAL_WORKER, TEACHER, case_manager=TEACHER.person).refuses(
        CaseManagerIsMember, person=TEACHER.person
    )


def test_the_lead_is_one_of_its_members():
    form(SOCIAL_WORKER, TEACHER, lead=NOBODY).refuses(NotMember, person=NOBODY, on=DAY)


def test_the_lead_has_an_account():
    form(SOCIAL_WORKER, NEIGHBOUR, lead=NEIGHBOUR.person).refuses(
        LeadWithoutAccount, person=NEIGHBOUR.person
    )
    form(SOCIAL_WORKER, TEACHER, lead=TEACHER.person).then(formed(lead=TEACHER.person))


# who may change it

OWN_LEAD = Actor.of_person("lead", SOCIAL_WORKER.person, "microequipe_lead")
OTHER_LEAD = Actor.of_person("lead", TEACHER.person, "microequipe_lead")
MANAGER = Actor.of_person("lead", UUID(int=2), "project_manager")
SERVICE = Actor.of_service("lead", "intake")
CHANGES = {
    "join": {"member": NEIGHBOUR, "both": False},
    "leave": {"person": TEACHER.person, "both": False},
    "hand_over_lead": {"lead": TEACHER.person},
    "name_case_manager": {"case_manager": CASE_MANAGER},
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("by", [OWN_LEAD, VERIFIER, MANAGER])
def test_its_lead_and_who_verifies_or_manages_the_project_change_it(change, by):
    answer = given(formed()).when(
        getattr(Microequipe, change), **CHANGES[change], on=LATER, today=TODAY, by=by
    )
    assert len(answer.facts) == 1


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("by", [OTHER_LEAD, SERVICE])
def test_the_lead_of_another_one_does_not_change_it(change, by):
    given(formed()).when(
        getattr(Microequipe, change), **CHANGES[change], on=LATER, today=TODAY, by=by
    ).refuses(NotLeadHere, lead=SOCIAL_WORKER.person)


@pytest.mark.parametrize("change", CHANGES)
def test_a_former_lead_does_not_change_it(change):
    changed = CHANGES[change] | (
        {"lead": SOCIAL_WORKER.person} if "lead" in CHANGES[change] else {}
    )
    given(formed(), handed_over(TEACHER)).when(
        getattr(Microequipe, change), **changed, on=LATER, today=TODAY, by=OWN_LEAD
    ).refuses(NotLeadHere, lead=TEACHER.person)


def test_a_lead_forms_only_the_microequipe_that_it_leads():
    form(SOCIAL_WORKER, TEACHER, by=OWN_LEAD).then(formed())
    form(SOCIAL_WORKER, TEACHER, by=OTHER_LEAD).refuses(NotLeadHere, lead=SOCIAL_WORKER.person)


# joining

WHOLE = (formed(),)


def joined(member, on=LATER, lacks=()):
    return fact(Microequipe.Joined, member=member, lacking=lacks, on=on)


def left(member, on=LATER, lacks=()):
    return fact(Microequipe.Left, person=member.person, lacking=lacks, on=on)


def test_somebody_joins():
    given(*WHOLE).when(Microequipe.join, member=NEIGHBOUR, both=False, on=LATER, today=TODAY).then(
        joined(NEIGHBOUR)
    )


@pytest.mark.parametrize(
    ("on", "refusal"),
    [
        (DAY - timedelta(1), OutOfOrder),
        (DAY, None),
        (DAY + timedelta(1), None),
        (TODAY - timedelta(1), None),
        (TODAY, None),
        (TODAY + timedelta(1), DayToCome),
    ],
)
def test_somebody_joins_between_its_first_day_and_today(on, refusal):
    answer = given(*WHOLE).when(Microequipe.join, member=NEIGHBOUR, both=False, on=on, today=TODAY)
    if refusal is None:
        answer.then(joined(NEIGHBOUR, on))
    elif refusal is OutOfOrder:
        answer.refuses(OutOfOrder, on=on, since=DAY)
    else:
        answer.refuses(DayToCome, on=on, today=TODAY)


def test_who_joins_as_a_reference_figure_is_agreed_with_the_family():
    figure = replace(NEIGHBOUR, agreed_on=LATER + timedelta(1))
    given(*WHOLE).when(Microequipe.join, member=figure, both=False, on=LATER, today=TODAY).refuses(
        NotAgreedWithFamily, person=figure.person
    )


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        (LATER - timedelta(1), True),
        (LATER, True),
        (LATER + timedelta(1), False),
    ],
)
def test_who_left_may_join_again_from_the_day_after(on, refused):
    answer = given(formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR), left(NEIGHBOUR)).when(
        Microequipe.join, member=NEIGHBOUR, both=False, on=on, today=TODAY
    )
    if refused:
        answer.refuses(MemberTwice, person=NEIGHBOUR.person)
    else:
        answer.then(joined(NEIGHBOUR, on))


def test_a_member_does_not_join():
    given(*WHOLE).when(Microequipe.join, member=TEACHER, both=False, on=LATER, today=TODAY).refuses(
        MemberTwice, person=TEACHER.person
    )


def test_the_case_manager_does_not_join():
    assisting = Member(CASE_MANAGER, MemberKind.CDA_HEAD)
    given(formed(case_manager=CASE_MANAGER)).when(
        Microequipe.join, member=assisting, both=False, on=LATER, today=TODAY
    ).refuses(CaseManagerIsMember, person=CASE_MANAGER)


@pytest.mark.parametrize(
    ("on", "refused"),
    [(LATER - timedelta(1), True), (LATER, False), (LATER + timedelta(1), False)],
)
def test_a_former_case_manager_joins_from_the_day_when_assisting_ended(on, refused):
    assisting = Member(CASE_MANAGER, MemberKind.CDA_HEAD)
    answer = given(formed(case_manager=CASE_MANAGER), named(None)).when(
        Microequipe.join, member=assisting, both=False, on=on, today=TODAY
    )
    if refused:
        answer.refuses(CaseManagerIsMember, person=CASE_MANAGER)
    else:
        answer.then(joined(assisting, on))


def test_who_assisted_for_less_than_a_day_may_join_on_that_day():
    assisting = Member(CASE_MANAGER, MemberKind.CDA_HEAD)
    given(*WHOLE, named(CASE_MANAGER), named(None)).when(
        Microequipe.join, member=assisting, both=False, on=LATER, today=TODAY
    ).then(joined(assisting, LATER))


# leaving


def test_somebody_leaves():
    given(formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR)).when(
        Microequipe.leave, person=NEIGHBOUR.person, both=False, on=LATER, today=TODAY
    ).then(left(NEIGHBOUR))


def test_who_was_formed_lacks_nobody_yet():
    assert given(formed()).aggregate().lacking == ()


def test_a_leaving_is_a_fact_and_what_lacks_since_is_stored():
    given(*WHOLE).when(
        Microequipe.leave, person=TEACHER.person, both=False, on=LATER, today=TODAY
    ).then(left(TEACHER, lacks=("reference_figure",)))


def test_what_lacked_is_there_again_when_somebody_joins():
    broken = (formed(), left(TEACHER, lacks=("reference_figure",)))
    assert given(*broken).aggregate().lacking == ("reference_figure",)
    given(*broken).when(Microequipe.join, member=NEIGHBOUR, both=False, on=LATER, today=TODAY).then(
        joined(NEIGHBOUR)
    )
    assert given(*broken, joined(NEIGHBOUR)).aggregate().lacking == ()


def test_what_lacks_follows_from_the_guidelines():
    given(formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR)).when(
        Microequipe.leave, person=NEIGHBOUR.person, both=True, on=LATER, today=TODAY
    ).then(left(NEIGHBOUR, lacks=("cda_head",)))


@pytest.mark.parametrize("person", [NOBODY, CASE_MANAGER])
def test_only_a_member_leaves(person):
    given(formed(case_manager=CASE_MANAGER)).when(
        Microequipe.leave, person=person, both=False, on=LATER, today=TODAY
    ).refuses(NotMember, person=person, on=LATER)


def test_nobody_leaves_twice():
    given(formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR), left(NEIGHBOUR)).when(
        Microequipe.leave, person=NEIGHBOUR.person, both=False, on=LATER, today=TODAY
    ).refuses(NotMember, person=NEIGHBOUR.person, on=LATER)


def test_nobody_leaves_before_having_joined():
    before = DAY - timedelta(1)
    given(*WHOLE).when(
        Microequipe.leave, person=TEACHER.person, both=False, on=before, today=TODAY
    ).refuses(NotMember, person=TEACHER.person, on=before)


def test_nobody_leaves_tomorrow():
    tomorrow = TODAY + timedelta(1)
    given(*WHOLE).when(
        Microequipe.leave, person=TEACHER.person, both=False, on=tomorrow, today=TODAY
    ).refuses(DayToCome, on=tomorrow, today=TODAY)


def test_the_lead_hands_over_before_leaving():
    given(*WHOLE).when(
        Microequipe.leave, person=SOCIAL_WORKER.person, both=False, on=LATER, today=TODAY
    ).refuses(LeadMustHandOver, person=SOCIAL_WORKER.person)


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        (LATER - timedelta(2), True),
        (LATER - timedelta(1), False),
        (LATER, False),
    ],
)
def test_a_former_lead_leaves_from_the_day_before_the_hand_over(on, refused):
    answer = given(formed(SOCIAL_WORKER, CDA_HEAD, TEACHER), handed_over(CDA_HEAD)).when(
        Microequipe.leave,
        person=SOCIAL_WORKER.person,
        both=False,
        on=on,
        today=TODAY,
        by=VERIFIER,
    )
    if refused:
        answer.refuses(LeadMustHandOver, person=SOCIAL_WORKER.person)
    else:
        answer.then(left(SOCIAL_WORKER, on))


# lead


def handed_over(member, on=LATER):
    return fact(Microequipe.LeadHandedOver, lead=member.person, on=on)


def test_the_lead_is_handed_over():
    given(*WHOLE).when(Microequipe.hand_over_lead, lead=TEACHER.person, on=LATER, today=TODAY).then(
        handed_over(TEACHER)
    )


@pytest.mark.parametrize(
    ("on", "refusal"),
    [
        (LATER - timedelta(1), OutOfOrder),
        (LATER, None),
        (LATER + timedelta(1), None),
        (TODAY + timedelta(1), DayToCome),
    ],
)
def test_a_lead_is_handed_over_in_order(on, refusal):
    answer = given(*WHOLE, handed_over(TEACHER)).when(
        Microequipe.hand_over_lead,
        lead=SOCIAL_WORKER.person,
        on=on,
        today=TODAY,
        by=VERIFIER,
    )
    if refusal is None:
        answer.then(handed_over(SOCIAL_WORKER, on))
    elif refusal is OutOfOrder:
        answer.refuses(OutOfOrder, on=on, since=LATER)
    else:
        answer.refuses(DayToCome, on=on, today=TODAY)


def test_the_lead_goes_to_somebody_else():
    given(*WHOLE).when(
        Microequipe.hand_over_lead, lead=SOCIAL_WORKER.person, on=LATER, today=TODAY
    ).refuses(AlreadyLead, person=SOCIAL_WORKER.person)


def test_the_lead_goes_to_a_member():
    given(*WHOLE).when(Microequipe.hand_over_lead, lead=NOBODY, on=LATER, today=TODAY).refuses(
        NotMember, person=NOBODY, on=LATER
    )


def test_the_lead_does_not_go_to_somebody_who_left_since():
    given(formed(SOCIAL_WORKER, CDA_HEAD, TEACHER), left(CDA_HEAD, LATER + timedelta(5))).when(
        Microequipe.hand_over_lead, lead=CDA_HEAD.person, on=LATER, today=TODAY
    ).refuses(NotMember, person=CDA_HEAD.person, on=LATER)


def test_the_lead_goes_to_somebody_with_an_account():
    given(formed(SOCIAL_WORKER, NEIGHBOUR)).when(
        Microequipe.hand_over_lead, lead=NEIGHBOUR.person, on=LATER, today=TODAY
    ).refuses(LeadWithoutAccount, person=NEIGHBOUR.person)


# case manager


def named(case_manager, on=LATER):
    return fact(Microequipe.CaseManagerNamed, case_manager=case_manager, on=on)


def test_a_case_manager_comes_and_goes():
    given(*WHOLE).when(
        Microequipe.name_case_manager, case_manager=CASE_MANAGER, on=LATER, today=TODAY
    ).then(named(CASE_MANAGER))
    given(*WHOLE, named(CASE_MANAGER)).when(
        Microequipe.name_case_manager, case_manager=None, on=LATER, today=TODAY
    ).then(named(None))


def test_the_same_case_manager_again_adds_nothing():
    given(formed(case_manager=CASE_MANAGER)).when(
        Microequipe.name_case_manager, case_manager=CASE_MANAGER, on=LATER, today=TODAY
    ).then()


@pytest.mark.parametrize(
    ("on", "refused"),
    [(LATER - timedelta(1), True), (LATER, True), (LATER + timedelta(1), False)],
)
def test_a_member_assists_only_after_having_left(on, refused):
    answer = given(formed(SOCIAL_WORKER, CDA_HEAD, TEACHER), left(CDA_HEAD)).when(
        Microequipe.name_case_manager, case_manager=CDA_HEAD.person, on=on, today=TODAY
    )
    if refused:
        answer.refuses(CaseManagerIsMember, person=CDA_HEAD.person)
    else:
        answer.then(named(CDA_HEAD.person, on))


def test_a_case_manager_is_named_in_order():
    given(*WHOLE).when(
        Microequipe.name_case_manager,
        case_manager=CASE_MANAGER,
        on=DAY - timedelta(1),
        today=TODAY,
    ).refuses(OutOfOrder, on=DAY - timedelta(1), since=DAY)


def test_a_case_manager_is_named_after_the_last_change_of_all():
    given(*WHOLE, named(CASE_MANAGER)).when(
        Microequipe.name_case_manager, case_manager=None, on=LATER - timedelta(1), today=TODAY
    ).refuses(OutOfOrder, on=LATER - timedelta(1), since=LATER)


# who was in it on any day

LIFE = (
    formed(SOCIAL_WORKER, TEACHER, case_manager=CASE_MANAGER),
    joined(CDA_HEAD, LATER),
    handed_over(CDA_HEAD, LATER + timedelta(10)),
    left(SOCIAL_WORKER, LATER + timedelta(10)),
    named(None, LATER + timedelta(20)),
)


@pytest.mark.parametrize(
    ("day", "members", "lead", "case_manager"),
    [
        (DAY - timedelta(1), (), None, None),
        (DAY, (SOCIAL_WORKER, TEACHER), SOCIAL_WORKER, CASE_MANAGER),
        (LATER - timedelta(1), (SOCIAL_WORKER, TEACHER), SOCIAL_WORKER, CASE_MANAGER),
        (LATER, (SOCIAL_WORKER, TEACHER, CDA_HEAD), SOCIAL_WORKER, CASE_MANAGER),
        (
            LATER + timedelta(9),
            (SOCIAL_WORKER, TEACHER, CDA_HEAD),
            SOCIAL_WORKER,
            CASE_MANAGER,
        ),
        (LATER + timedelta(10), (SOCIAL_WORKER, TEACHER, CDA_HEAD), CDA_HEAD, CASE_MANAGER),
        (LATER + timedelta(11), (TEACHER, CDA_HEAD), CDA_HEAD, CASE_MANAGER),
        (LATER + timedelta(19), (TEACHER, CDA_HEAD), CDA_HEAD, CASE_MANAGER),
        (LATER + timedelta(20), (TEACHER, CDA_HEAD), CDA_HEAD, None),
        (date(2040, 1, 1), (TEACHER, CDA_HEAD), CDA_HEAD, None),
    ],
)
def test_who_was_in_it_led_and_assisted_on_any_day(day, members, lead, case_manager):
    found = given(*LIFE).aggregate()
    assert found.members_on(day) == members
    assert found.lead_on(day) == (lead and lead.person)
    assert found.case_manager_on(day) == case_manager


# who sees the family


@pytest.mark.parametrize(
    ("person", "day", "sees"),
    [
        (SOCIAL_WORKER.person, LATER + timedelta(10), True),
        (SOCIAL_WORKER.person, LATER + timedelta(11), False),
        (CDA_HEAD.person, LATER - timedelta(1), False),
        (CDA_HEAD.person, LATER, True),
        (CASE_MANAGER, LATER + timedelta(19), True),
        (CASE_MANAGER, LATER + timedelta(20), False),
        (NOBODY, LATER, False),
    ],
)
def test_who_goes_with_a_family_sees_it_as_long_as_that_lasts(person, day, sees):
    team = given(*LIFE).aggregate()
    by = Actor.of_person("lead", person, "microequipe_member")
    if sees:
        must_see(by, CODE, team, day)
    else:
        with pytest.raises(NotOfTheMicroequipe) as refusal:
            must_see(by, CODE, team, day)
        assert refusal.value.facts == {"family": CODE}


@pytest.mark.parametrize("role", sorted(SEE_ANY))
def test_who_has_a_role_for_the_whole_organisation_sees_every_family(role):
    must_see(Actor.of_person("lead", NOBODY, role), CODE, None, LATER)


def test_a_family_without_a_microequipe_is_seen_by_no_member_of_another():
    with pytest.raises(NotOfTheMicroequipe):
        must_see(Actor.of_person("lead", NOBODY, "microequipe_member"), CODE, None, LATER)
