"""Whatever is asked, the facts alone give the same aggregate: decided, stored and read back."""

from datetime import date, timedelta
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from services.notify.addressees import Addressees, Holders, Spell
from services.notify.calendar import remind_from
from services.notify.deadline import Awaited, Deadline, deadline_id
from services.notify.letter import DroppedBecause, GivenUpBecause, Letter, Obstacle
from services.notify.notice import Kind, Subject
from services.notify.preferences import OWED_TO, Preferences, Reminders
from services.notify.receipt import Place, Receipt
from tests.review.moments import person
from tests.review.test_same_story import SECRETARY, Story

DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
BODIES = st.sampled_from([None, "officina", "serra"])
PERSONS = st.integers(1, 3).map(person)


class AnyDeadline(Story):
    """Moved, met and reminded of in any order."""

    @initialize(awaited=st.sampled_from(Awaited), due=DAYS)
    def set(self, awaited: Awaited, due: date) -> None:
        self.today = due - timedelta(days=20)
        self.reminded: list[date] = []
        self.aggregate = self.deadline = Deadline.set(
            deadline_id(awaited, person(1)),
            awaited,
            Subject(family="NORD-2X8W5T-R", pact=person(1)),
            1,
            due,
            remind_from(due, lambda day: True),
            by=SECRETARY,
            on=self.today,
        )

    @rule(days=st.integers(0, 20))
    def time_passes(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule(number=st.integers(0, 3), due=DAYS)
    def move(self, number: int, due: date) -> None:
        reminder = remind_from(due, lambda day: True)
        self.ask("move", number, due, reminder, by=SECRETARY, on=self.today)

    @rule(number=st.integers(0, 3))
    def meet(self, number: int) -> None:
        self.ask("meet", number, by=SECRETARY, on=self.today)

    @rule(ends=st.integers(1, 5))
    def end(self, ends: int) -> None:
        if ends == 1:  # nothing follows it
            self.ask("end", by=SECRETARY, on=self.today)
            assert not self.deadline.open

    @rule()
    def remind(self) -> None:
        awaited = self.deadline.open
        if self.deadline.remind(by=SECRETARY, on=self.today):
            assert awaited
            assert not self.deadline.remind(by=SECRETARY, on=self.today)


class AnyAddressees(Story):
    """Who referred, who leads."""

    @initialize()
    def open(self) -> None:
        self.aggregate = Addressees.open("NORD-2X8W5T-R", by=SECRETARY)

    @rule(who=PERSONS)
    def know_referrer(self, who: UUID) -> None:
        self.ask("know_referrer", str(who), by=SECRETARY)

    @rule(who=PERSONS)
    def know_lead(self, who: UUID) -> None:
        self.ask("know_lead", who, by=SECRETARY)

    @rule(members=st.lists(PERSONS, unique=True), assists=st.none() | PERSONS)
    def know_microequipe(self, members: list[UUID], assists: UUID | None) -> None:
        self.ask("know_microequipe", tuple(members), assists, by=SECRETARY)


class AnyHolders(Story):
    """Spells in a role, in any order."""

    @initialize()
    def open(self) -> None:
        self.aggregate = self.holders = Holders.open("lead", "case_manager", by=SECRETARY)

    @rule(who=PERSONS, body=BODIES, first=DAYS, days=st.none() | st.integers(0, 60))
    def begin(self, who: UUID, body: str | None, first: date, days: int | None) -> None:
        last = None if days is None else first + timedelta(days=days)
        self.ask("begin", Spell(who, body, first, last), by=SECRETARY)
        assert who in self.holders.on(first)

    @rule(who=PERSONS, body=BODIES, last=DAYS)
    def end(self, who: UUID, body: str | None, last: date) -> None:
        self.ask("end", who, body, last, by=SECRETARY)


class AnyLetter(Story):
    """Tried, doubted, given up, sent again, in any order."""

    today = date(2026, 6, 1)

    @initialize()
    def due(self) -> None:
        self.aggregate = self.letter = Letter.due(
            person(1), person(2), Kind.PACT_DRAFTED, person(3), None, by=SECRETARY, on=self.today
        )

    @rule(because=st.sampled_from(Obstacle))
    def hold_back(self, because: Obstacle) -> None:
        self.ask("hold_back", because, by=SECRETARY, on=self.today)

    @rule(round=st.integers(1, 3), attempt=st.integers(1, 5))
    def defer(self, round: int, attempt: int) -> None:
        self.ask("defer", round, attempt, "451", by=SECRETARY, on=self.today)

    @rule(round=st.integers(1, 3))
    def sent(self, round: int) -> None:
        sends = self.letter.open and round == self.letter.round
        self.ask("sent", round, "250", by=SECRETARY, on=self.today)
        assert not sends or not self.letter.open

    @rule(round=st.integers(1, 3))
    def doubt(self, round: int) -> None:
        self.ask("doubt", round, by=SECRETARY, on=self.today)

    @rule(round=st.integers(1, 3), because=st.sampled_from(GivenUpBecause))
    def give_up(self, round: int, because: GivenUpBecause) -> None:
        self.ask("give_up", round, because, "550", by=SECRETARY, on=self.today)

    @rule(digest=PERSONS)
    def gather(self, digest: UUID) -> None:
        self.ask("gather", digest, by=SECRETARY, on=self.today)

    @rule(because=st.sampled_from(DroppedBecause))
    def drop(self, because: DroppedBecause) -> None:
        self.ask("drop", because, by=SECRETARY, on=self.today)
        assert not self.letter.open

    @rule()
    def find_sent(self) -> None:
        self.ask("find_sent", by=SECRETARY, on=self.today)

    @rule()
    def send_again(self) -> None:
        self.ask("send_again", by=SECRETARY, on=self.today)


class AnyReceipt(Story):
    """Mails, leads and places in any order; the last place counts."""

    @initialize()
    def open(self) -> None:
        self.aggregate = self.receipt = Receipt.open("NORD-2X8W5T-R", person(1), 1, by=SECRETARY)

    @rule(mail=PERSONS)
    def bring(self, mail: UUID) -> None:
        self.ask("bring", mail, by=SECRETARY)

    @rule(who=PERSONS)
    def know_lead(self, who: UUID) -> None:
        self.ask("know_lead", who, by=SECRETARY)

    @rule(day=DAYS)
    def know_isee(self, day: date) -> None:
        self.ask("know_isee", day, by=SECRETARY)
        assert self.receipt.isee_until == day

    @rule(cycle=st.sampled_from(["2026-07", "2026-08"]), day=DAYS)
    def carry(self, cycle: str, day: date) -> None:
        before = self.receipt.place
        self.ask("carry", cycle, day, by=SECRETARY)
        assert self.receipt.place == before
        stands = self.receipt.stands
        assert stands is None or (stands.cycle, stands.decide_by) == (cycle, day)

    @rule()
    def withdraw(self) -> None:
        self.ask("withdraw", by=SECRETARY)
        assert self.receipt.withdrawn

    @rule(late=st.booleans(), day=DAYS)
    def put(self, late: bool, day: date) -> None:
        before, moved, place = self.receipt.place, self.receipt.moved, Place("2026-07", late, day)
        self.ask("put", place, by=SECRETARY)
        assert self.receipt.place == place
        assert self.receipt.moved is (moved or before not in (None, place))


class AnyPreferences(Story):
    """Chosen in any order, with and without a role that is owed reminders."""

    @initialize()
    def open(self) -> None:
        self.aggregate = self.preferences = Preferences.open(person(1), by=SECRETARY)

    @rule(how=st.sampled_from(Reminders), roles=st.sets(st.sampled_from(["auditor", *OWED_TO])))
    def choose(self, how: Reminders, roles: set[str]) -> None:
        before = self.preferences.reminders
        self.ask("choose", person(1), how, roles, by=SECRETARY, on=date(2026, 6, 1))
        owed = how is Reminders.NONE and roles & set(OWED_TO)
        assert self.preferences.reminders is (before if owed else how)


for machine in (
    *(AnyDeadline, AnyAddressees, AnyHolders, AnyLetter, AnyReceipt),
    AnyPreferences,
):
    machine.TestCase.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
TestAnyDeadline = AnyDeadline.TestCase
TestAnyAddressees = AnyAddressees.TestCase
TestAnyHolders = AnyHolders.TestCase
TestAnyLetter = AnyLetter.TestCase
TestAnyReceipt = AnyReceipt.TestCase
TestAnyPreferences = AnyPreferences.TestCase
