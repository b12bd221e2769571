"""Whatever is asked: the facts alone give the same person, who holds a role once at a time."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.kernel.actor import Actor
from services.kernel.aggregate import replay
from services.kernel.mapper import Mapper
from services.kernel.refusal import Refused
from services.people.codes import AddressKind, Role
from services.people.person import Person
from tests.people.moments import DAY, SOMEBODY, sealed

BOOKKEEPING = {"_id", "_version", "_created_on", "_modified_on", "_pending_events"}
BY = Actor.of_person("lead", UUID(int=1))
DAYS = st.integers(0, 12).map(lambda days: DAY + timedelta(days))
ROLES = st.sampled_from([Role.VERIFIER, Role.WORK_PLACEMENT_HEAD])
BODIES = st.sampled_from([None, "coop-esempio"])


def told(person):
    """What a person is, but for the kernel's bookkeeping."""
    return {name: value for name, value in vars(person).items() if name not in BOOKKEEPING}


class AnyPerson(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        self.person = Person.register(SOMEBODY, None, "lead", sealed(1), on=DAY, by=BY)

    def ask(self, method, *words, **named):
        before = len(self.person.pending_events)
        try:
            getattr(self.person, method)(*words, by=BY, **named)
        except Refused:
            assert len(self.person.pending_events) == before

    @rule(role=ROLES, body=BODIES, since=DAYS, until=st.none() | DAYS)
    def assign(self, role, body, since, until):
        self.ask("assign_role", role, body, since, until)

    @rule(role=ROLES, body=BODIES, on=DAYS)
    def end(self, role, body, on):
        self.ask("end_role", role, body, on=on)

    @rule(kind=st.sampled_from(AddressKind), number=st.integers(2, 5))
    def address(self, kind, number):
        self.ask("record_address", kind, sealed(number), on=DAY)

    @invariant()
    def the_facts_alone_give_the_same_person(self):
        mapper = Mapper()
        stored = [
            mapper.to_domain_event(mapper.to_stored_event(event))
            for event in self.person.pending_events
        ]
        assert told(replay(None, stored)) == told(self.person)

    @invariant()
    def a_role_is_held_once_at_a_time(self):
        for number in range(14):
            held = [
                (each.role, each.body) for each in self.person.roles_on(DAY + timedelta(number))
            ]
            assert len(held) == len(set(held))


TestAnyPerson = AnyPerson.TestCase
TestAnyPerson.settings = settings(
    max_examples=60, stateful_step_count=15, deadline=None, derandomize=True, database=None
)


def test_neighbours_do_not_interfere():
    first, second = AnyPerson(), AnyPerson()
    first.assign(Role.VERIFIER, None, DAY, None)
    second.address(AddressKind.MAIL, 2)
    assert (len(first.person.roles), len(second.person.roles)) == (1, 0)
    assert (first.person.addresses, len(second.person.addresses)) == ({}, 1)
    assert first.person.roles_on(date(2026, 1, 7))
