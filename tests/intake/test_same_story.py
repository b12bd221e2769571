"""Whatever is asked: the facts alone give the same family and the same microequipe."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.intake.codes import (
    AccessPoint,
    CapacityKind,
    Direction,
    Element,
    ErasureReason,
    Going,
    IseeKind,
    LegalHold,
    MemberKind,
    NoticeState,
    Outcome,
)
from services.intake.eligibility import Evidence
from services.intake.family import Family
from services.intake.microequipe import Member, Microequipe
from services.intake.pairing import Pair, PairState
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, replay
from services.kernel.mapper import Mapper
from services.kernel.refusal import Refused
from tests.intake.moments import (
    CODE,
    DAY,
    FITTING,
    REFERRED,
    SOCIAL_WORKER,
    TEACHER,
    UNFITTING,
    eligible,
    guidelines,
    sealed,
)
from tests.scenario import stated

BOOKKEEPING = {"_id", "_version", "_created_on", "_modified_on", "_pending_events"}
ACTORS = st.sampled_from([Actor.of_person("lead", UUID(int=1)), Actor.of_service("lead", "intake")])
DAYS = st.integers(-2, 40).map(lambda days: DAY + timedelta(days))


def stored(events):
    """*events*, written as rows and read back."""
    mapper = Mapper()
    return [mapper.to_domain_event(mapper.to_stored_event(event)) for event in events]


def told(aggregate):
    """What it is, but for the kernel's bookkeeping; a fact that it keeps by what it states."""
    return {
        name: [stated(each) if isinstance(each, Aggregate.Event) else each for each in value]
        if isinstance(value, list)
        else value
        for name, value in vars(aggregate).items()
        if name not in BOOKKEEPING
    }


class Asked(RuleBasedStateMachine):
    """One aggregate of which anything is asked, in any order."""

    def ask(self, method, *words, **named):
        before = len(self.aggregate.pending_events)
        try:
            getattr(self.aggregate, method)(*words, **named)
        except Refused:
            assert len(self.aggregate.pending_events) == before

    @invariant()
    def the_facts_alone_give_the_same(self):
        again = replay(None, stored(self.aggregate.pending_events))
        assert told(again) == told(self.aggregate)


class AnyFamily(Asked):
    def __init__(self):
        super().__init__()
        self.aggregate = Family.refer(
            CODE,
            AccessPoint.CAV,
            sealed(1),
            (),
            on=REFERRED,
            today=REFERRED,
            by=Actor.of_service("lead", "intake"),
        )

    @rule(state=st.sampled_from(NoticeState), on=DAYS, by=ACTORS)
    def inform(self, state, on, by):
        self.ask("record_information_notice", state, on=on, today=DAY, by=by)

    @rule(members=st.integers(1, 4), on=DAYS, by=ACTORS)
    def describe(self, members, on, by):
        self.ask("record_household", tuple(range(1, members + 1)), sealed(2), on=on, by=by)
        self.ask("complete_referral", sealed(7), (), on=on, by=by)

    @rule(member=st.integers(1, 6), on=DAYS, by=ACTORS)
    def change(self, member, on, by):
        self.ask("record_birth", sealed(8), on, today=DAY, by=by)
        self.ask("record_arrival", sealed(8), on=on, today=DAY, by=by)
        self.ask("record_departure", member, Going.MOVED_OUT, on=on, today=DAY, by=by)

    @rule(members=st.lists(st.integers(1, 4), max_size=2), on=DAYS, by=ACTORS)
    def split(self, members, on, by):
        self.ask("split", tuple(members), on=on, today=DAY, by=by)

    @rule(told=st.booleans(), lift=st.booleans(), by=ACTORS)
    def mark(self, told, lift, by):
        if lift:
            self.ask("lift_safe_contact", on=DAY, by=by)
        else:
            self.ask("mark_safe_contact", sealed(9) if told else None, on=DAY, by=by)

    @invariant()
    def numbers_of_members_are_their_own(self):
        assert len(set(self.aggregate.members)) == len(self.aggregate.members)
        assert self.aggregate.members_on(date.max) == self.aggregate.members

    @rule(kind=st.sampled_from(IseeKind), flag=st.booleans(), on=DAYS, by=ACTORS)
    def certify(self, kind, flag, on, by):
        self.ask("record_isee", kind, DAY, flag, not flag, sealed(3), on=on, by=by)
        self.ask("assess_isee", flag, sealed(8), guidelines(), on=on, by=by)

    @rule(
        element=st.sampled_from(Element),
        kind=st.sampled_from(CapacityKind),
        member=st.none() | st.integers(1, 4),
        by=ACTORS,
    )
    def tell(self, element, kind, member, by):
        self.ask("record_vulnerability", element, sealed(5), on=DAY, by=by)
        self.ask("record_capacity", kind, member, sealed(6), on=DAY, by=by)

    @rule(
        at=st.sampled_from(AccessPoint),
        evidence=st.sampled_from([FITTING, UNFITTING, Evidence(None, None)]),
        directed=st.none() | st.sampled_from(Direction),
        by=ACTORS,
    )
    def verify(self, at, evidence, directed, by):
        before = len(self.aggregate.verifications)
        self.ask("verify_eligibility", at, evidence, guidelines(), directed, on=DAY, by=by)
        after = self.aggregate.verifications
        if len(after) > before:
            assert (after[-1].directed_to is not None) == (
                after[-1].outcome is Outcome.NOT_ELIGIBLE
            )

    @rule(team=st.booleans(), days=st.integers(0, 3), on=DAYS, by=ACTORS)
    def look_at_the_calendar(self, team, days, on, by):
        self.ask("note_that_no_microequipe_was_formed", team, days, on=on, by=by)
        self.ask("note_that_the_notice_is_overdue", on=on, by=by)

    @rule(to=st.sampled_from(Direction), by=ACTORS)
    def direct(self, to, by):
        self.ask("direct_elsewhere", to, on=DAY, by=by)

    @rule(team=st.booleans(), undo=st.booleans(), by=ACTORS)
    def join(self, team, undo, by):
        if undo:
            self.ask("undo_joining", on=DAY, by=by)
        else:
            self.ask("join", "LEAD-2R8TQX-G", team, on=DAY, by=by)

    @rule(hold=st.sampled_from(LegalHold), lift=st.booleans(), by=ACTORS)
    def hold(self, hold, lift, by):
        self.ask("lift_legal_hold" if lift else "place_legal_hold", hold, on=DAY, by=by)

    @rule(by=ACTORS, shared=st.booleans(), dice=st.integers(0, 9))
    def erase(self, by, shared, dice):
        if dice == 0:
            self.ask("erase", ErasureReason.RETENTION_ENDED, shared, on=DAY, by=by)

    @invariant()
    def nothing_but_a_referral_precedes_the_notice(self):
        topics = [type(event) for event in self.aggregate.pending_events]
        if self.aggregate.notice is None:
            marks = {Family.ContactMarked, Family.ContactMarkLifted}
            others = {Family.Joined, Family.JoiningUndone, Family.DirectedElsewhere}
            holds = {Family.LegalHoldPlaced, Family.LegalHoldLifted}
            assert set(topics) <= {
                Family.Referred,
                Family.Erased,
                *marks,
                *others,
                *holds,
            }
        if Family.Erased in topics:
            assert topics[-1] is Family.Erased

    @invariant()
    def numbers_have_no_holes(self):
        for listed in (self.aggregate.verifications, self.aggregate.certificates):
            assert [each.number for each in listed] == list(range(1, len(listed) + 1))


PEOPLE = st.integers(11, 14).map(lambda number: UUID(int=number)) | st.just(SOCIAL_WORKER.person)


class AnyMicroequipe(Asked):
    def __init__(self):
        super().__init__()
        self.by = Actor.of_person("lead", UUID(int=1), "verifier")
        self.aggregate = Microequipe.form(
            eligible(),
            None,
            (SOCIAL_WORKER, TEACHER),
            SOCIAL_WORKER.person,
            None,
            1,
            False,
            on=DAY,
            by=self.by,
        )

    def days(self):
        """The days on which anything changed, and those after."""
        changes = {event.on for event in self.aggregate.pending_events}
        return changes | {day + timedelta(1) for day in changes}

    @rule(
        person=PEOPLE,
        kind=st.sampled_from(MemberKind),
        named=st.booleans(),
        both=st.booleans(),
        on=DAYS,
    )
    def join(self, person, kind, named, both, on):
        member = Member(person, kind, name=sealed(4) if named else None, agreed_on=DAY)
        self.ask("join", member, both, on=on, today=date(2026, 4, 20), by=self.by)

    @rule(person=PEOPLE, both=st.booleans(), on=DAYS)
    def leave(self, person, both, on):
        self.ask("leave", person, both, on=on, today=date(2026, 4, 20), by=self.by)

    @rule(person=PEOPLE, on=DAYS)
    def hand_over(self, person, on):
        self.ask("hand_over_lead", person, on=on, today=date(2026, 4, 20), by=self.by)

    @rule(person=st.none() | PEOPLE, on=DAYS)
    def assist(self, person, on):
        self.ask("name_case_manager", person, on=on, today=date(2026, 4, 20), by=self.by)

    @invariant()
    def there_is_one_lead_every_day_and_it_is_a_member_with_an_account(self):
        for day in self.days():
            lead = self.aggregate.lead_on(day)
            members = self.aggregate.members_on(day)
            assert [m.has_account for m in members if m.person == lead] == [True]

    @invariant()
    def nobody_is_in_it_twice_nor_assists_it_as_a_member(self):
        for day in self.days():
            people = [member.person for member in self.aggregate.members_on(day)]
            assert len(people) == len(set(people))
            assert self.aggregate.case_manager_on(day) not in people


class AnyPair(Asked):
    def __init__(self):
        super().__init__()
        self.aggregate = Pair.propose(
            CODE, "LEAD-2R8TQX-G", on=DAY, by=Actor.of_service("lead", "intake")
        )

    @rule(goes_on=st.sampled_from([CODE, "LEAD-2R8TQX-G", "LEAD-000000-0"]), by=ACTORS)
    def confirm(self, goes_on, by):
        self.ask("confirm", goes_on, on=DAY, by=by)

    @rule(undo=st.booleans(), by=ACTORS)
    def say(self, undo, by):
        self.ask("undo" if undo else "refuse", on=DAY, by=by)

    @invariant()
    def only_a_confirmed_pair_goes_on_under_one_code(self):
        confirmed = self.aggregate.state is PairState.CONFIRMED
        assert (self.aggregate.goes_on is not None) == confirmed


OFTEN = settings(
    max_examples=60, stateful_step_count=15, deadline=None, derandomize=True, database=None
)
TestAnyFamily = AnyFamily.TestCase
TestAnyFamily.settings = OFTEN
TestAnyMicroequipe = AnyMicroequipe.TestCase
TestAnyMicroequipe.settings = OFTEN
TestAnyPair = AnyPair.TestCase
TestAnyPair.settings = OFTEN


def test_neighbours_do_not_interfere():
    first, second = AnyFamily(), AnyFamily()
    first.inform(NoticeState.GIVEN, DAY, Actor.of_service("lead", "intake"))
    assert second.aggregate.notice is None
    first.tell(Element.OTHER, CapacityKind.PERSONAL, None, Actor.of_service("lead", "intake"))
    assert (first.aggregate.other_elements, second.aggregate.other_elements) == (1, 0)
    assert (len(first.aggregate.capacities), len(second.aggregate.capacities)) == (1, 0)
