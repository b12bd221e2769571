"""Whatever is asked, the facts alone give the same aggregate: decided, stored and read back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.kernel.aggregate import Aggregate, replay
from services.kernel.mapper import Mapper
from services.kernel.refusal import Refused
from services.review.acknowledgements import Acknowledgements
from services.review.board_members import BoardMembers, Member
from services.review.committee import Committee, Seat
from services.review.cycle import ReviewCycle, carry, place
from services.review.looking_again import SecondLook
from services.review.microequipe import Microequipe
from services.review.minutes import MinutedDecision, MinutedVote, Minutes, Present, Record
from services.review.proposal_review import ProposalReview
from services.review.setting_aside import SetAsideBecause
from services.review.steering_board import SteeringBoard
from services.review.tally import Choice, Outcome, needed
from services.review.urgent_aid import UrgentAid
from tests.review.moments import (
    CASE_1,
    CASE_2,
    HEAD,
    MANAGER,
    MICROEQUIPE,
    SEATS,
    STRANGER,
    V1,
    a_proposal,
    by,
    person,
    words,
)

EVERYBODY = [MANAGER, CASE_1, CASE_2, HEAD, MICROEQUIPE, STRANGER]
BOOKKEEPING = {"_pending_events", "_created_on", "_modified_on"}
SECRETARY = by(STRANGER, "administrator")


def kept(aggregate: Aggregate) -> dict[str, Any]:
    return {name: value for name, value in vars(aggregate).items() if name not in BOOKKEEPING}


def read_back(aggregate: Aggregate) -> Aggregate | None:
    mapper = Mapper()
    stored = [mapper.to_stored_event(event) for event in aggregate.pending_events]
    return replay(None, [mapper.to_domain_event(row) for row in stored])


class Story(RuleBasedStateMachine):
    """Asks anything of one aggregate, in any order; refusals are part of the story."""

    aggregate: Aggregate

    def ask(self, method: str, *arguments: Any, **named: Any) -> bool:
        """Whether it was not refused; a refusal leaves everything as it was."""
        before, state = list(self.aggregate.pending_events), kept(self.aggregate)
        try:
            getattr(self.aggregate, method)(*arguments, **named)
        except Refused:
            assert self.aggregate.pending_events == before
            assert kept(self.aggregate) == state
            return False
        return True

    @invariant()
    def the_facts_alone_give_the_same(self) -> None:
        if hasattr(self, "aggregate"):
            again = read_back(self.aggregate)
            assert again is not None
            assert kept(again) == kept(self.aggregate)


class AnyReview(Story):
    """One proposal before the committee."""

    @initialize(sent=st.dates(date(2026, 1, 1), date(2026, 12, 31)), on_a_docket=st.booleans())
    def receive(self, sent: date, on_a_docket: bool) -> None:
        self.today = sent
        proposal = a_proposal("officina", sent_on=sent, case_manager=CASE_1)
        where = place(sent, sent, V1)
        self.aggregate = self.review = ProposalReview.receive(
            proposal, where, 1, by=SECRETARY, on=sent
        )
        if on_a_docket:
            self.today = where.docket_on
            self.put_on_docket()

    @rule(days=st.integers(0, 25))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule()
    def put_on_docket(self) -> None:
        self.ask("put_on_docket", self.review.cycle, by=SECRETARY, on=self.today)

    @rule(
        who=st.sampled_from(EVERYBODY),
        actor=st.sampled_from([SECRETARY, by(MANAGER), by(CASE_1)]),
        choice=st.sampled_from(Choice),
        reason=st.integers(0, 3),
        held=st.integers(2, 4),
    )
    def vote(self, who: Any, actor: Any, choice: Choice, reason: int, held: int) -> None:
        arguments = (who, choice, words(reason), SEATS[:held], V1)
        self.ask("vote", *arguments, by=actor, on=self.today)

    @rule(
        who=st.sampled_from(EVERYBODY),
        deputy=st.sampled_from(EVERYBODY),
        actor=st.sampled_from([SECRETARY, by(STRANGER), by(CASE_2)]),
        named=st.booleans(),
    )
    def vote_by_deputy(self, who: Any, deputy: Any, actor: Any, named: bool) -> None:
        seats = tuple(replace(seat, deputy=deputy) for seat in SEATS if seat.person != deputy)
        arguments = (who, Choice.APPROVE, words(1), seats, V1)
        said = {"deputy": deputy if named else None}
        self.ask("vote", *arguments, by=actor, on=self.today, **said)

    @invariant()
    def nobody_votes_twice(self) -> None:
        if hasattr(self, "review"):
            voters = [self.review.deputies.get(seat, seat) for seat in self.review.ballots]
            assert len(voters) == len(set(voters))

    @rule(who=st.sampled_from(EVERYBODY))
    def recuse(self, who: Any) -> None:
        self.ask("recuse", who, words(5), SEATS, V1, by=SECRETARY, on=self.today)

    @rule(held=st.integers(0, 4))
    def decide(self, held: int) -> None:
        before = list(self.review.decisions)
        if self.ask("decide", SEATS[:held], V1, by=SECRETARY, on=self.today):
            event: Any = self.review.pending_events[-1]
            assert self.review.decisions[:-1] == before
            assert len(event.ballots) >= needed(event.seats)
            assert not {ballot.seat for ballot in event.ballots} & set(event.recused)

    @rule()
    def correct(self) -> None:
        self.ask("open_correction", words(6), by=SECRETARY, on=self.today)

    @rule(ago=st.integers(0, 3))
    def open_second_look(self, ago: int) -> None:
        asked_on = self.today - timedelta(days=ago)
        self.ask("open_second_look", asked_on, by=SECRETARY, on=self.today)

    @rule(who=st.sampled_from([*EVERYBODY, person(7)]), outcome=st.sampled_from(SecondLook))
    def answer_second_look(self, who: Any, outcome: SecondLook) -> None:
        if self.ask("answer_second_look", outcome, words(7), by=by(who), on=self.today):
            assert str(who) not in self.review.hands

    @rule(days=st.integers(1, 30))
    def note_overdue_second_look(self, days: int) -> None:
        self.ask("note_overdue_second_look", days, by=SECRETARY, on=self.today)

    @rule(lead=st.sampled_from([MICROEQUIPE, STRANGER]), manager=st.none() | st.just(CASE_2))
    def follow(self, lead: Any, manager: Any) -> None:
        self.ask("follow", lead, manager, by=SECRETARY, on=self.today)

    @rule()
    def fall_overdue(self) -> None:
        where = carry(self.review.cycle, self.review.late, self.today, V1)
        self.ask("fall_overdue", where, by=SECRETARY, on=self.today)

    @rule()
    def set_aside(self) -> None:
        decisions, was = list(self.review.decisions), self.review.set_aside_on
        self.ask("set_aside", SetAsideBecause.FAMILY_ERASED, by=SECRETARY, on=self.today)
        assert self.review.decisions == decisions
        assert self.review.set_aside_on == (was if decisions or was else self.today)

    @invariant()
    def what_is_set_aside_is_never_decided(self) -> None:
        if hasattr(self, "review") and self.review.set_aside_on:
            assert self.review.decisions == []

    @rule(closed=st.sets(st.integers(1, 12), max_size=11))
    def postpone(self, closed: set[int]) -> None:
        guidelines = replace(V1, closed_months=frozenset(closed))
        where = carry(self.review.cycle, self.review.late, self.today, guidelines)
        self.ask("postpone", where, 2, by=SECRETARY, on=self.today)

    @invariant()
    def nobody_votes_and_abstains(self) -> None:
        if hasattr(self, "review"):
            assert not self.review.recused & set(self.review.ballots)

    @precondition(lambda self: hasattr(self, "review") and self.review.decisions)
    @invariant()
    def a_decision_is_one_of_four(self) -> None:
        assert self.review.outcome in Outcome
        assert [each.number for each in self.review.decisions] == list(
            range(1, len(self.review.decisions) + 1)
        )


class AnyCommittee(Story):
    """Seats that come and go."""

    @initialize()
    def open(self) -> None:
        self.aggregate = self.committee = Committee.open(by=SECRETARY)

    @rule(
        who=st.integers(1, 5),
        role=st.sampled_from(["project_manager", "case_manager", "work_placement_head", "auditor"]),
        body=st.sampled_from([None, "officina", "serra"]),
        first=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
        days=st.none() | st.integers(0, 90),
    )
    def seat(self, who: int, role: str, body: str | None, first: date, days: int | None) -> None:
        last = None if days is None else first + timedelta(days=days)
        self.ask("seat", Seat(person(who), role, "lead", body), first, last, "lead", by=SECRETARY)

    @rule(
        who=st.integers(1, 5),
        role=st.sampled_from(["project_manager", "case_manager", "work_placement_head"]),
        body=st.sampled_from([None, "officina", "serra"]),
        last=st.dates(date(2026, 1, 1), date(2026, 9, 1)),
    )
    def unseat(self, who: int, role: str, body: str | None, last: date) -> None:
        self.ask("unseat", Seat(person(who), role, "lead", body), last, by=SECRETARY)

    @rule(
        seat=st.integers(1, 5),
        deputy=st.none() | st.integers(1, 5).map(person),
        first=st.dates(date(2026, 1, 1), date(2026, 9, 1)),
        days=st.integers(-1, 60),
        on=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
    )
    def name_deputy(self, seat: int, deputy: Any, first: date, days: int, on: date) -> None:
        last = first + timedelta(days=days)
        self.ask("name_deputy", person(seat), deputy, first, last, by=SECRETARY, on=on)

    @invariant()
    def there_are_never_too_many(self) -> None:
        for month in range(1, 13):
            seats = self.committee.seats_on(date(2026, month, 1)) if self.has_begun else ()
            roles = [seat.role for seat in seats]
            bodies = [seat.body for seat in seats if seat.role == "work_placement_head"]
            assert roles.count("project_manager") <= 1
            assert roles.count("case_manager") <= 2
            assert len(bodies) == len(set(bodies))

    @invariant()
    def who_is_appointed_sits_or_waits(self) -> None:
        for month in range(1, 13) if self.has_begun else ():
            day = date(2026, month, 1)
            appointed = {each.seat.person for each in self.committee.tenures if each.on(day)}
            sit = {seat.person for seat in self.committee.seats_on(day)}
            assert sit | {seat.person for seat in self.committee.waiting_on(day)} == appointed

    @property
    def has_begun(self) -> bool:
        return hasattr(self, "committee")


class AnyBoard(Story):
    """Sessions and guidelines."""

    @initialize()
    def open(self) -> None:
        self.today = date(2026, 1, 15)
        self.aggregate = self.board = SteeringBoard.open(by=SECRETARY)

    @rule(days=st.integers(0, 60))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(
        ago=st.integers(-1, 9),
        there=st.lists(st.sampled_from(EVERYBODY), max_size=3),
        known=st.integers(0, 3),
    )
    def hold_session(self, ago: int, there: list[Any], known: int) -> None:
        held_on = self.today - timedelta(days=ago)
        members = tuple(Member(who, "legal_representative", "nord") for who in EVERYBODY[:known])
        asked = {"by": SECRETARY, "on": self.today, "members": members}
        self.ask("hold_session", held_on, tuple(there), **asked)

    @rule(
        number=st.integers(1, 4),
        ahead=st.integers(-1, 60),
        session=st.integers(0, 3),
        changes=st.dictionaries(
            st.sampled_from(["board_months", "late", "isee_max", "decided_by_day", "oops"]),
            st.sampled_from([2, 20, "mark", "13000.00"]),
            max_size=2,
        ),
        text=st.none() | st.just(words(1)),
        agreement=st.none() | st.just("CONV-2026-014"),
    )
    def issue(self, number: int, ahead: int, session: int, **given: Any) -> None:
        self.ask(
            "issue",
            number,
            self.today + timedelta(days=ahead),
            session=session,
            by=SECRETARY,
            on=self.today,
            **given,
        )

    @rule()
    def look_at_the_date(self) -> None:
        self.ask("announce_session", by=SECRETARY, on=self.today)
        self.ask("note_missed_session", by=SECRETARY, on=self.today)


class AnyMembers(Story):
    """Members of the board that join and leave."""

    @initialize()
    def open(self) -> None:
        self.aggregate = self.members = BoardMembers.open(by=SECRETARY)

    @rule(
        who=st.integers(1, 3),
        role=st.sampled_from(["legal_representative", "project_manager", "auditor"]),
        first=st.dates(date(2026, 1, 1), date(2026, 6, 1)),
        days=st.none() | st.integers(0, 90),
    )
    def join(self, who: int, role: str, first: date, days: int | None) -> None:
        last = None if days is None else first + timedelta(days=days)
        self.ask("join", Member(person(who), role, "nord"), first, last, by=SECRETARY)

    @rule(
        who=st.integers(1, 3),
        role=st.sampled_from(["legal_representative", "project_manager"]),
        last=st.dates(date(2026, 1, 1), date(2026, 9, 1)),
    )
    def leave(self, who: int, role: str, last: date) -> None:
        self.ask("leave", Member(person(who), role, "nord"), last, by=SECRETARY)


class AnyAcknowledgements(Story):
    """Acknowledgements of one version."""

    @initialize()
    def open(self) -> None:
        self.aggregate = Acknowledgements.open(1, by=SECRETARY)

    @rule(who=st.sampled_from(EVERYBODY), held=st.integers(0, 4), day=st.integers(1, 28))
    def acknowledge(self, who: Any, held: int, day: int) -> None:
        self.ask("acknowledge", who, SEATS[:held], by=by(who), on=date(2026, 7, day))


class AnyCycle(Story):
    """A docket and what is added to it."""

    @initialize(first=st.sets(st.integers(1, 5), min_size=1))
    def set_docket(self, first: set[int]) -> None:
        self.aggregate = self.cycle = ReviewCycle.set_docket(
            "2026-07",
            tuple(map(person, first)),
            date(2026, 7, 20),
            by=SECRETARY,
            on=date(2026, 7, 1),
        )

    @rule(more=st.sets(st.integers(1, 9)))
    def supplement(self, more: set[int]) -> None:
        before = self.cycle.proposals
        self.ask("supplement", tuple(map(person, more)), by=SECRETARY, on=date(2026, 7, 2))
        assert self.cycle.proposals[: len(before)] == before
        assert len(set(self.cycle.proposals)) == len(self.cycle.proposals)
        assert list(self.cycle.since) == list(self.cycle.proposals)


class AnyMicroequipe(Story):
    """A microequipe as it is told."""

    @initialize()
    def open(self) -> None:
        self.aggregate = Microequipe.open("NORD-2X8W5T-R", by=SECRETARY)

    @rule(lead=st.sampled_from(EVERYBODY), manager=st.none() | st.just(CASE_2))
    def tell(self, lead: Any, manager: Any) -> None:
        self.ask("tell", lead, manager, by=SECRETARY, on=date(2026, 7, 2))


class AnyUrgentAid(Story):
    """Urgent aid that is reported and listed."""

    @initialize(cents=st.integers(0, 99_999_999))
    def report(self, cents: int) -> None:
        eur = (Decimal(cents) / 100).quantize(Decimal("0.01"))
        day = date(2026, 7, 1)
        self.aggregate = UrgentAid.report(
            person(1), "NORD-2X8W5T-R", 1, eur, "case_manager", day, by=SECRETARY, on=day
        )

    @rule(month=st.integers(1, 12))
    def list_with(self, month: int) -> None:
        self.ask("list_with", f"2026-{month:02}", by=SECRETARY, on=date(2026, 7, 2))


class AnyMinutes(Story):
    """Minutes that are drawn up, corrected and approved."""

    @initialize()
    def open(self) -> None:
        self.aggregate = self.minutes = Minutes.open("2026-07", by=SECRETARY)

    @rule(
        day=st.integers(10, 16),
        there=st.lists(st.sampled_from(EVERYBODY), max_size=2),
        corrects=st.none() | st.integers(0, 4),
        on=st.integers(13, 17),
    )
    def draw_up(self, day: int, there: list[Any], corrects: int | None, on: int) -> None:
        present = tuple(Present(who, "case_manager", None) for who in there)
        vote = MinutedVote(MANAGER, "project_manager", False, Choice.APPROVE, HEAD, True, False)
        decided = MinutedDecision(
            *(person(1), 1, "NORD-2X8W5T-R", 1, None, Outcome.APPROVED, (vote,)),
            *((CASE_1,), False, 1, (words(1),)),
        )
        held_on = date(2026, 7, day)
        record = Record(held_on, present, (CASE_2,), (decided,), (), (), (), 1)
        self.ask("draw_up", record, corrects, by=SECRETARY, on=date(2026, 7, on))

    @rule(number=st.integers(0, 4))
    def approve(self, number: int) -> None:
        self.ask("approve", number, by=SECRETARY, on=date(2026, 7, 18))

    @invariant()
    def a_day_has_one_standing_record(self) -> None:
        if hasattr(self, "minutes"):
            standing = [self.minutes.records[number] for number in self.minutes.standing()]
            assert len({record.held_on for record in standing}) == len(standing)


for machine in (
    *(AnyReview, AnyCommittee, AnyBoard, AnyCycle),
    *(AnyUrgentAid, AnyMinutes, AnyMembers, AnyAcknowledgements, AnyMicroequipe),
):
    machine.TestCase.settings = settings(max_examples=30, stateful_step_count=25, deadline=None)
TestAnyReview = AnyReview.TestCase
TestAnyCommittee = AnyCommittee.TestCase
TestAnyBoard = AnyBoard.TestCase
TestAnyCycle = AnyCycle.TestCase
TestAnyUrgentAid = AnyUrgentAid.TestCase
TestAnyMembers = AnyMembers.TestCase
TestAnyAcknowledgements = AnyAcknowledgements.TestCase
TestAnyMicroequipe = AnyMicroequipe.TestCase
TestAnyMinutes = AnyMinutes.TestCase
