"""A person: addresses, and roles with their first and last day."""

from datetime import date, timedelta

import pytest

from services.people.codes import AddressKind, Role
from services.people.person import (
    BodyNotNamed,
    Held,
    Person,
    PersonKnown,
    RoleEndsBeforeItBegins,
    RoleHeldAlready,
    RoleNotHeld,
)
from tests.people.moments import DAY, SOMEBODY, assigned, ended, hired, person, sealed
from tests.scenario import fact, given

UNTIL = date(2026, 6, 30)


def test_a_person_is_registered_with_a_sealed_name():
    given().when(
        Person.register,
        id=SOMEBODY,
        existing=None,
        organisation="lead",
        name=sealed(1),
        on=DAY,
    ).then(hired)


def test_a_person_belongs_to_an_organisation_and_has_the_sealed_name():
    known = person(hired).aggregate()
    assert (known.organisation, known.name) == ("lead", sealed(1))


def test_a_person_is_registered_once():
    given().when(
        Person.register,
        id=SOMEBODY,
        existing=person(hired).aggregate(),
        organisation="lead",
        name=sealed(2),
        on=DAY,
    ).refuses(PersonKnown, person=SOMEBODY)


# addresses


@pytest.mark.parametrize("kind", list(AddressKind))
def test_an_address_is_recorded_sealed(kind):
    recorded = fact(Person.AddressRecorded, kind=kind, address=sealed(2), on=DAY)
    person(hired).when(Person.record_address, kind=kind, address=sealed(2), on=DAY).then(recorded)
    assert person(hired, recorded).aggregate().addresses == {kind: sealed(2)}


def test_the_newest_address_of_a_kind_counts():
    told = [
        fact(Person.AddressRecorded, kind=kind, address=sealed(number), on=DAY)
        for number, kind in enumerate([AddressKind.MAIL, AddressKind.PEC, AddressKind.MAIL], 2)
    ]
    assert person(hired, *told).aggregate().addresses == {
        AddressKind.MAIL: sealed(4),
        AddressKind.PEC: sealed(3),
    }


# roles


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_assigned(role):
    body = "coop-esempio" if role is Role.WORK_PLACEMENT_HEAD else None
    person(hired).when(Person.assign_role, role=role, body=body, since=DAY, until=UNTIL).then(
        assigned(role, body=body, until=UNTIL)
    )


def test_the_head_of_a_body_is_the_head_of_one_that_is_named():
    person(hired).when(
        Person.assign_role, role=Role.WORK_PLACEMENT_HEAD, body=None, since=DAY, until=None
    ).refuses(BodyNotNamed, role="work_placement_head")


@pytest.mark.parametrize(
    ("until", "refused"),
    [(DAY - timedelta(1), True), (DAY, False), (DAY + timedelta(1), False)],
)
def test_a_role_lasts_at_least_one_day(until, refused):
    answer = person(hired).when(
        Person.assign_role, role=Role.VERIFIER, body=None, since=DAY, until=until
    )
    if refused:
        answer.refuses(RoleEndsBeforeItBegins, role="verifier", since=DAY, until=until)
    else:
        answer.then(assigned(until=until))


SPRING = assigned(since=date(2026, 3, 1), until=date(2026, 5, 31))


@pytest.mark.parametrize(
    ("since", "until", "refused"),
    [
        (date(2026, 1, 1), date(2026, 2, 28), False),
        (date(2026, 1, 1), date(2026, 3, 1), True),
        (date(2026, 1, 1), date(2026, 3, 2), True),
        (date(2026, 1, 1), None, True),
        (date(2026, 4, 1), date(2026, 4, 30), True),
        (date(2026, 5, 30), None, True),
        (date(2026, 5, 31), None, True),
        (date(2026, 6, 1), None, False),
    ],
)
def test_a_role_is_held_once_at_a_time(since, until, refused):
    answer = person(hired, SPRING).when(
        Person.assign_role, role=Role.VERIFIER, body=None, since=since, until=until
    )
    if refused:
        answer.refuses(RoleHeldAlready, role="verifier", since=date(2026, 3, 1))
    else:
        answer.then(assigned(since=since, until=until))


def test_a_role_without_end_is_in_the_way_for_ever():
    person(hired, assigned()).when(
        Person.assign_role, role=Role.VERIFIER, body=None, since=date(2040, 1, 1), until=None
    ).refuses(RoleHeldAlready, role="verifier", since=DAY)


def test_another_role_and_another_body_are_not_in_the_way():
    head = {"role": Role.WORK_PLACEMENT_HEAD, "since": DAY, "until": None}
    first = assigned(Role.WORK_PLACEMENT_HEAD, body="coop-esempio")
    person(hired, assigned(), first).when(Person.assign_role, **head, body="coop-prova").then(
        assigned(Role.WORK_PLACEMENT_HEAD, body="coop-prova")
    )
    person(hired, assigned(), first).when(Person.assign_role, **head, body="coop-esempio").refuses(
        RoleHeldAlready, role="work_placement_head", since=DAY
    )


# the end of a role


def end(story, on, role=Role.VERIFIER, body=None):
    return story.when(Person.end_role, role=role, body=body, on=on)


def test_the_last_day_of_a_role_is_recorded():
    end(person(hired, assigned()), UNTIL).then(ended(on=UNTIL))


def test_a_role_may_end_earlier_than_was_known():
    end(person(hired, assigned(until=date(2026, 12, 31))), UNTIL).then(ended(on=UNTIL))


def test_a_role_that_ends_then_already_stays_as_it_is():
    end(person(hired, assigned(until=UNTIL)), UNTIL).then()
    end(person(hired, assigned(), ended(on=UNTIL)), UNTIL).then()


@pytest.mark.parametrize(
    ("on", "held"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (date(2026, 3, 2), True),
        (date(2026, 5, 30), True),
        (date(2026, 6, 1), False),
    ],
)
def test_only_a_role_that_is_held_is_ended(on, held):
    answer = end(person(hired, SPRING), on)
    if held:
        answer.then(ended(on=on))
    else:
        answer.refuses(RoleNotHeld, role="verifier", on=on)


def test_another_role_or_body_is_not_ended():
    head = assigned(Role.WORK_PLACEMENT_HEAD, body="coop-esempio")
    story = person(hired, head)
    end(story, UNTIL).refuses(RoleNotHeld, role="verifier", on=UNTIL)
    end(story, UNTIL, Role.WORK_PLACEMENT_HEAD, "coop-prova").refuses(
        RoleNotHeld, role="work_placement_head", on=UNTIL
    )
    end(story, UNTIL, Role.WORK_PLACEMENT_HEAD, "coop-esempio").then(
        ended(Role.WORK_PLACEMENT_HEAD, body="coop-esempio", on=UNTIL)
    )


# who holds what on any day

LIFE = (
    hired,
    assigned(),
    ended(on=UNTIL),
    assigned(since=date(2026, 9, 1)),
    assigned(Role.CASE_MANAGER, since=date(2026, 6, 30), until=date(2026, 7, 31)),
)


@pytest.mark.parametrize(
    ("day", "roles"),
    [
        (DAY - timedelta(1), []),
        (DAY, [Role.VERIFIER]),
        (date(2026, 6, 29), [Role.VERIFIER]),
        (date(2026, 6, 30), [Role.VERIFIER, Role.CASE_MANAGER]),
        (date(2026, 7, 1), [Role.CASE_MANAGER]),
        (date(2026, 7, 31), [Role.CASE_MANAGER]),
        (date(2026, 8, 1), []),
        (date(2026, 8, 31), []),
        (date(2026, 9, 1), [Role.VERIFIER]),
        (date(2040, 1, 1), [Role.VERIFIER]),
    ],
)
def test_the_roles_of_any_day(day, roles):
    found = person(*LIFE).aggregate()
    assert [held.role for held in found.roles_on(day)] == roles


def test_a_spell_ends_and_the_others_stay():
    found = person(*LIFE).aggregate()
    assert found.roles == [
        Held(Role.VERIFIER, None, DAY, UNTIL),
        Held(Role.VERIFIER, None, date(2026, 9, 1), None),
        Held(Role.CASE_MANAGER, None, date(2026, 6, 30), date(2026, 7, 31)),
    ]


def test_the_end_of_a_role_touches_no_other_role_and_no_other_spell():
    found = person(
        hired,
        assigned(until=date(2026, 8, 31)),
        assigned(since=date(2026, 9, 1)),
        assigned(Role.CASE_MANAGER),
        ended(on=UNTIL),
    ).aggregate()
    assert found.roles == [
        Held(Role.VERIFIER, None, DAY, UNTIL),
        Held(Role.VERIFIER, None, date(2026, 9, 1), None),
        Held(Role.CASE_MANAGER, None, DAY, None),
    ]
