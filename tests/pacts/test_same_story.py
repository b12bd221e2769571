"""Whatever is asked, the facts alone give the same pact: decided, stored and read back."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.kernel.aggregate import replay
from services.kernel.mapper import Mapper
from services.kernel.refusal import Refused
from services.pacts.along import (
    CalledOff,
    ComplaintAbout,
    LookBackOutcome,
    NotVerifiedBecause,
    Position,
    Representation,
    SecondLookOutcome,
    SetAsideBecause,
    TieKind,
    VisitPlace,
)
from services.pacts.amending import Items, Wanted
from services.pacts.budget import by_budget_line
from services.pacts.content import (
    ConclusionReason,
    DeclineReason,
    Dimension,
    DropReason,
    InterruptionReason,
    SuspensionReason,
)
from services.pacts.giving import RestitutionKind
from services.pacts.life import OVER, UNDER_WAY, State
from services.pacts.money import CorrectionReason, OtherSupport
from services.pacts.pact import Pact
from tests.pacts.moments import (
    AUG_1,
    BREAD,
    BY_LEAD,
    BY_MANAGER,
    BY_MEMBER,
    BY_STRANGER,
    COOKING,
    GOAL,
    KITCHEN,
    LEAD,
    LIMITS,
    MAY_20,
    MOTHER,
    NEIGHBOUR,
    OURSELVES,
    REACHED,
    SON,
    STRANGER,
    TEACHER,
    TEAM,
    TERMS,
    VOLUNTEER,
    WITH_FIGURES,
    decision,
    text,
)
from tests.scenario import given

PERSONS = st.sampled_from([MOTHER, SON, LEAD, STRANGER])
ACTORS = st.sampled_from([*[BY_LEAD] * 8, BY_MEMBER, BY_STRANGER])
NUMBERS = st.integers(1, 4)
CENTS = st.none() | st.decimals("0.00", "40.00", places=2)
AMOUNTS = st.decimals("0.00", "40.00", places=2)
MANAGERS = st.sampled_from([BY_MANAGER, BY_LEAD])
TIES = st.none() | st.dictionaries(st.sampled_from(TieKind), st.integers(0, 3))
UNVERIFIED = list(NotVerifiedBecause)
OUTCOMES = st.sampled_from(
    [State.APPROVED, State.APPROVED_WITH_CONDITIONS, State.RETURNED, State.NOT_APPROVED]
)
BEGINNINGS = [state for state in State if state not in OVER]
BOOKKEEPING = {"_pending_events", "_created_on", "_modified_on"}


class AnyPact(RuleBasedStateMachine):
    """Asks anything, in any order; refusals are part of the story."""

    @initialize(state=st.sampled_from(BEGINNINGS))
    def begin(self, state: State) -> None:
        self.story = given(*REACHED[state])
        self.pact = self.story.aggregate()
        self.today = AUG_1 if state in UNDER_WAY else MAY_20

    def ask(self, method: str, *args: object, **words: object) -> None:
        before = len(self.pact.pending_events)
        refused = False
        try:
            getattr(self.pact, method)(*args, **words)
        except Refused:
            refused = True
        assert not refused or len(self.pact.pending_events) == before

    @rule(days=st.integers(0, 40))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(by=ACTORS, ends=st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1)))
    def set_period(self, by, ends):
        self.ask("set_period", self.today, ends, TERMS, by=by)

    @rule(by=ACTORS)
    def add_goal(self, by):
        self.ask("add_goal", GOAL, by=by)

    @rule(
        by=ACTORS,
        dimension=st.sampled_from(Dimension),
        who=st.none() | PERSONS,
        eur=CENTS,
        hours=CENTS,
    )
    def add_action(self, by, dimension, who, eur, hours):
        action = replace(
            KITCHEN,
            dimension=dimension,
            committed=who,
            quantity_eur=eur,
            quantity_hours=hours,
            starts=self.today,
            until=self.today + timedelta(days=30),
        )
        self.ask("add_action", action, by=by)

    @rule(by=ACTORS, action=NUMBERS)
    def link_capacity(self, by, action):
        self.ask("link_capacity", replace(COOKING, action=action), by=by)

    @rule(by=ACTORS)
    def name_resource(self, by):
        self.ask("name_resource", VOLUNTEER, by=by)

    @rule(by=ACTORS, number=NUMBERS)
    def remove(self, by, number):
        for what in ("remove_goal", "remove_action", "unlink_capacity", "remove_resource"):
            self.ask(what, number, by=by)

    @rule(by=ACTORS, persons=st.lists(PERSONS, max_size=2))
    def name_signatories(self, by, persons):
        self.ask("name_signatories", tuple(persons), by=by)

    @rule()
    def write_everything(self):
        """So that proposals are not as rare as chance would have them."""
        until = self.today + timedelta(days=30)
        for dimension in Dimension:
            action = replace(KITCHEN, dimension=dimension, starts=self.today, until=until)
            self.ask("add_action", action, by=BY_LEAD)
        self.ask("set_period", self.today, None, TERMS, by=BY_LEAD)
        self.ask("add_goal", GOAL, by=BY_LEAD)
        self.ask("link_capacity", replace(COOKING, action=1), by=BY_LEAD)
        self.ask("name_resource", VOLUNTEER, by=BY_LEAD)

    @rule(by=ACTORS)
    def propose(self, by):
        self.ask("propose", by=by, on=self.today)

    @rule(
        outcome=OUTCOMES,
        back=st.integers(0, 1),
        corrects=st.none() | st.integers(1, 2),
        succeeded=st.booleans(),
    )
    def hear_decision(self, outcome, back, corrects, succeeded):
        for proposal in (self.pact.proposal - back, self.pact.proposal):
            said = decision(outcome, proposal=proposal, on=self.today, corrects=corrects)
            words = {"by": OURSELVES, "on": self.today, "succeeded": succeeded}
            self.ask("hear_decision", said, TERMS, **words)

    @rule(back=st.integers(0, 1))
    def hear_set_aside(self, back):
        words = {"because": SetAsideBecause.FAMILY_ERASED, "by": OURSELVES, "on": self.today}
        self.ask("hear_set_aside", self.pact.proposal - back, **words)
        for amendment in self.pact.amendments:
            self.ask("hear_amendment_set_aside", amendment, **words)

    @rule(by=ACTORS, person=PERSONS)
    def sign(self, by, person):
        self.ask("sign", person, by=by, on=self.today)

    @rule()
    def everybody_signs(self):
        for person in self.pact.awaited:
            self.ask("sign", person, by=BY_LEAD, on=self.today)
        words = {"by": BY_LEAD, "on": self.today, "ties": {TieKind.FRIENDS: 1}}
        self.ask("activate", TERMS, **words)

    @rule(by=ACTORS, reason=st.sampled_from(DeclineReason))
    def decline(self, by, reason):
        if len(self.pact.pending_events) > 12:
            self.ask("decline", reason, by=by, on=self.today)

    @rule()
    def the_calendar_asks(self):
        self.ask("lapse", by=OURSELVES, on=self.today)
        self.ask("note_overdue_verification", by=OURSELVES, on=self.today)
        self.ask("note_look_back", by=OURSELVES, on=self.today)
        self.ask("note_certificate", 1, AUG_1, TERMS, by=OURSELVES, on=self.today)
        self.ask("note_dormant", MAY_20, TERMS, by=OURSELVES, on=self.today)
        self.ask("note_overdue_complaints", by=OURSELVES, on=self.today)

    @rule(by=ACTORS, action=NUMBERS, reason=st.sampled_from(DropReason))
    def move_an_action(self, by, action, reason):
        self.ask("complete_action", action, by=by, on=self.today)
        self.ask("start_action", action, by=by, on=self.today)
        self.ask("drop_action", action + 1, reason, by=by, on=self.today)

    @rule(
        by=ACTORS,
        action=NUMBERS,
        eur=CENTS,
        hours=CENTS,
        works=st.booleans(),
        kind=st.sampled_from(RestitutionKind),
        limited=st.booleans(),
    )
    def log(self, by, action, eur, hours, works, kind, limited):
        sealed = text(71) if works else None
        self.ask("log_help", action, self.today, by=by, on=self.today, eur=eur, hours=hours)
        self.ask(
            "log_restitution",
            action,
            self.today,
            by=by,
            on=self.today,
            eur=eur,
            hours=hours,
            works=sealed,
            kind=kind,
            health_limits=limited,
            limits=LIMITS,
        )
        if self.pact.given:
            last = max(f"{each.on:%Y-%m}" for each in self.pact.given)
            done = [each for each in self.pact.restitution if f"{each.on:%Y-%m}" == last]
            assert sum(each.hours or 0 for each in done) <= LIMITS.restitution_month_hours

    @rule(by=ACTORS, reason=st.sampled_from(SuspensionReason))
    def rest(self, by, reason):
        self.ask("suspend", reason, by=by, on=self.today)

    @rule(by=ACTORS)
    def resume(self, by):
        self.ask("resume", by=by, on=self.today)

    @rule(
        by=ACTORS,
        rating=st.integers(-3, 3),
        final=st.booleans(),
        present=st.booleans(),
        used=st.none() | st.lists(NUMBERS, max_size=2),
        ties=TIES,
    )
    def verify(self, by, rating, final, present, used, ties):
        ratings = dict.fromkeys(self.pact.goals, rating)
        words = {"family_present": present, "final": final}
        words |= {"capacities_used": used, "ties": ties}
        self.ask("verify", ratings, TERMS, by=by, on=self.today, **words)

    @rule(by=ACTORS, how=st.sampled_from([*ConclusionReason, *InterruptionReason]))
    def end(self, by, how):
        method = "conclude" if isinstance(how, ConclusionReason) else "interrupt"
        self.ask(method, how, TERMS, by=by, on=self.today)

    @rule(by=ACTORS, how=st.sampled_from(InterruptionReason), why=st.sampled_from(UNVERIFIED))
    def break_off(self, by, how, why):
        if len(self.pact.pending_events) > 12:
            words = {"by": by, "on": self.today, "not_verified_because": why}
            self.ask("interrupt", how, TERMS, **words)

    @rule(
        by=ACTORS,
        days=st.integers(-3, 3),
        visit=st.none() | NUMBERS,
        who=PERSONS,
        present=st.lists(PERSONS, max_size=2),
        place=st.sampled_from(VisitPlace),
    )
    def visit(self, by, days, visit, who, present, place):
        day = self.today + timedelta(days=days)
        self.ask("plan_visit", day, LEAD, place, by=by, on=self.today)
        words = {"by": by, "on": self.today, "visit": visit, "note": text(72)}
        self.ask("record_visit", day, who, place, tuple(present), **words)

    @rule(by=ACTORS, visit=NUMBERS, reason=st.sampled_from(CalledOff))
    def call_off_visit(self, by, visit, reason):
        self.ask("call_off_visit", visit, reason, by=by, on=self.today)

    @rule(by=ACTORS, outcome=st.sampled_from(LookBackOutcome), days=st.sampled_from([0, 190, 250]))
    def look_back(self, by, outcome, days):
        if self.pact.look_back_due is not None:
            self.today += timedelta(days=days)
        self.ask("note_look_back", by=OURSELVES, on=self.today)
        self.ask("look_back", outcome, by=by, on=self.today)

    @rule(by=ACTORS, eur=AMOUNTS, less=AMOUNTS, number=NUMBERS, again=NUMBERS)
    def spend(self, by, eur, less, number, again):
        when = {"by": by, "on": self.today}
        self.ask("plan_expense", replace(BREAD, eur=eur, action=number), LIMITS, **when)
        self.ask("commit_expense", number, min(eur, less), **when)
        self.ask("pay_expense", number, less, "FT-1", self.today, **when)
        self.ask("reduce_commitment", number, less, **when)
        why = CorrectionReason.WRONG_AMOUNT
        self.ask("correct_payment", number, again, eur, "NC-1", why, **when)
        support = OtherSupport("inps", self.today, eur, None)
        self.ask("log_other_support", support, **when)

    @rule(by=MANAGERS, eur=AMOUNTS, aid=NUMBERS, back=st.integers(0, 20))
    def urgent_aid(self, by, eur, aid, back):
        words = {"ceilings": (), "guidelines": 1, "by": by, "on": self.today}
        self.ask("authorise_urgent_aid", eur, text(61), **words)
        received_on = self.today - timedelta(days=back)
        self.ask("log_urgent_aid", aid, received_on, eur, by=BY_LEAD, on=self.today)

    @rule(
        by=ACTORS,
        days=st.none() | st.integers(-30, 600),
        number=NUMBERS,
        add=st.booleans(),
        remove=st.booleans(),
    )
    def propose_amendment(self, by, days, number, add, remove):
        changed = replace(KITCHEN, starts=self.today, until=self.today)
        wanted = Wanted(
            ends=None if days is None else self.today + timedelta(days=days),
            goals=Items(added=(GOAL,) * add, removed=(1,) * remove),
            actions=Items(added=(changed,) * add, changed=((number, changed),) * (not add)),
            capacities=Items(added=(replace(COOKING, action=-1),) * add),
            resources=Items(added=(VOLUNTEER,) * add, removed=(number,) * remove),
        )
        door = "propose_amendment_by_form" if by is BY_MEMBER else "propose_amendment"
        self.ask(door, wanted, by=by, on=self.today)

    @rule(by=ACTORS, outcome=OUTCOMES, corrects=st.none() | st.integers(1, 2))
    def settle_an_amendment(self, by, outcome, corrects):
        if not self.pact.amendments:
            return
        for proposal in self.pact.amendments:
            said = decision(outcome, proposal=proposal, on=self.today, corrects=corrects)
            self.ask("hear_amendment_decision", said, by=OURSELVES, on=self.today)
        self.ask("withdraw_amendment", by=by, on=self.today)

    @rule(
        by=ACTORS,
        person=PERSONS,
        position=st.sampled_from(Position),
        signer=st.none() | PERSONS,
        right=st.none() | st.sampled_from(Representation),
    )
    def tell_position(self, by, person, position, signer, right):
        words = {"by": by, "on": self.today, "signer": signer, "representation": right}
        self.ask("tell_position", person, position, **words)
        self.ask("hear_minor", person, by=by, on=self.today)

    @rule(by=ACTORS, days=st.integers(-2, 35))
    def ask_second_look(self, by, days):
        asked_on = self.today - timedelta(days=days)
        self.ask("ask_second_look", asked_on, TERMS, by=by, on=self.today, words=text(91))
        for outcome in SecondLookOutcome:
            words = {"by": OURSELVES, "on": self.today}
            self.ask("hear_second_look", 1, outcome, text(92), **words)

    @rule(
        by=ACTORS,
        about=st.sampled_from(ComplaintAbout),
        person=st.none() | PERSONS,
        number=NUMBERS,
    )
    def complain(self, by, about, person, number):
        words = {"by": by, "on": self.today}
        self.ask("record_complaint", about, text(95), TERMS, **words, person=person)
        self.ask("answer_complaint", number, text(96), **words)

    @rule(team=st.sampled_from([TEAM, WITH_FIGURES, WITH_FIGURES]))
    def figures_come_and_go(self, team):
        self.ask("follow", STRANGER, team, by=OURSELVES)

    @rule(by=ACTORS, action=NUMBERS, person=st.sampled_from([TEACHER, NEIGHBOUR, LEAD]))
    def take_part(self, by, action, person):
        words = {"by": by, "on": self.today}
        self.ask("engage_figure", action, person, **words)
        self.ask("release_figure", action % 3 + 1, person, **words)

    def teardown(self):
        """The facts alone give the same pact."""
        if not hasattr(self, "pact"):
            return
        again = replay(self.story.aggregate(), stored(self.pact.pending_events))
        assert told(again) == told(self.pact)

    @invariant()
    def what_the_table_promises_holds(self):
        if not hasattr(self, "pact"):
            return
        pact = self.pact
        if pact.state not in (State.DRAFTED, State.RETURNED, State.DECLINED):
            assert not pact.missing()
        if pact.active_from is not None:
            assert not pact.awaited
            assert pact.verify_by is not None
        assert all(each.on <= self.today for each in (*pact.helped, *pact.given))
        for spent in pact.expenses.values():
            assert 0 <= spent.paid <= (spent.committed or 0) <= spent.expense.eur
        lines = by_budget_line(pact.movements, self.today).values()
        assert sum(line.paid for line in lines) == sum(
            spent.paid for spent in pact.expenses.values()
        )
        assert not set(pact.figures) & set(pact.around)
        for parts in pact.engaged.values():
            assert len(parts) == len(set(parts))
        for number, aid in pact.aids.items():
            assert sum(each.eur for each in pact.aid_given if each.aid == number) <= aid.eur


def stored(events):
    """*events*, written as rows and read back."""
    mapper = Mapper()
    return [mapper.to_domain_event(mapper.to_stored_event(event)) for event in events]


def told(pact: Pact) -> dict[str, object]:
    """What a pact is, but for the kernel's bookkeeping."""
    return {name: value for name, value in vars(pact).items() if name not in BOOKKEEPING}


def test_a_pact_is_told_by_its_facts_alone_from_the_first_to_the_last():
    pact = Pact.draft("LEAD-7K3M9Q-8", 1, STRANGER, TEAM, TERMS, by=OURSELVES, on=MAY_20)
    pact.add_goal(GOAL, by=BY_LEAD)
    assert told(replay(None, stored(pact.pending_events))) == told(pact)


TestAnyPact = AnyPact.TestCase
TestAnyPact.settings = settings(
    max_examples=80, stateful_step_count=50, deadline=None, derandomize=True, database=None
)
