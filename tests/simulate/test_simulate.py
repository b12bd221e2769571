"""A short year by real processes; then every invariant sees the fault that is made for it."""

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from services.audit.judging import Finding
from services.console.simulate import judge
from services.console.year import invariants
from services.console.year.as_of import budget_as_of
from services.console.year.facts import Fact, Said
from services.console.year.invariants import Evidence
from services.console.year.kinds import NOT_IN_A_YEAR, all_kinds, lacking
from tests.demo.interrupting import interrupted, left_in, processes_of
from tests.simulate.short_year import (
    FEWEST,
    PLAN,
    ShortYear,
    changed,
    log_with,
    simulated,
    without,
)

pytestmark = [pytest.mark.slow, pytest.mark.broker]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> ShortYear:
    return simulated(tmp_path_factory.mktemp("simulated"))


@pytest.fixture
def evidence(year: ShortYear) -> Evidence:
    return year.evidence


def test_every_invariant_holds(year: ShortYear) -> None:
    assert year.status == 0, year.out + year.err
    assert judge(year.evidence) == {name: [] for name in invariants.INVARIANTS}
    assert year.out.count("vale · holds") == len(invariants.INVARIANTS)


def test_most_kinds_of_facts_happened_in_so_short_a_time(year: ShortYear) -> None:
    brought = all_kinds() - NOT_IN_A_YEAR.keys() - set(lacking(year.evidence.logs))
    assert len(brought) >= FEWEST, lacking(year.evidence.logs)


def test_somebody_was_away(year: ShortYear) -> None:
    assert "fuori servizio" in year.err
    assert "di nuovo in servizio" in year.err
    assert f"{PLAN.many} famiglie dal {PLAN.first:%d/%m/%Y} al {PLAN.last:%d/%m/%Y}" in year.out


def test_nothing_that_it_started_is_left(year: ShortYear) -> None:
    assert processes_of(year.directory) == []


def test_a_lost_proposal_is_missed(evidence: Evidence) -> None:
    key, review = log_with(evidence, "review", "review.ProposalReceived")
    lost = review.streams[review.of("review.ProposalReceived")[0].stream]
    [cry] = invariants.nothing_undecided_is_forgotten(without(evidence, key, *lost))
    assert cry.endswith("is lost")


def test_a_proposal_on_no_docket_is_missed(evidence: Evidence) -> None:
    key, review = log_with(evidence, "review", "review.ProposalDecided")
    stream = review.of("review.ProposalDecided")[0].stream
    kinds = ("review.PutOnDocket", "review.ProposalDecided", "review.ProposalOverdue")
    lost = [fact for fact in review.streams[stream] if fact.topic in kinds]
    [cry] = invariants.nothing_undecided_is_forgotten(without(evidence, key, *lost))
    assert f"proposal {stream} is on no docket of" in cry


def test_an_overdue_decision_that_nobody_noted_is_missed(evidence: Evidence) -> None:
    key, review = log_with(evidence, "review", "review.ProposalOverdue")
    lost = review.of("review.ProposalOverdue")[0]
    [cry] = invariants.no_deadline_is_missed_silently(without(evidence, key, lost))
    assert cry.endswith("passed without review.ProposalOverdue")


def test_a_day_that_was_not_closed_is_missed(evidence: Evidence) -> None:
    key, log = log_with(evidence, "pacts", "kernel.DayClosed")
    lost = log.of("kernel.DayClosed")[3]
    [cry] = invariants.no_deadline_is_missed_silently(without(evidence, key, lost))
    assert cry.startswith(f"{log.log_id}: after 2026-01-03 the day 2026-01-05")


def test_a_mail_that_was_taken_twice_is_seen(evidence: Evidence) -> None:
    twice = replace(evidence, letters=[*evidence.letters, evidence.letters[0]])
    [cry] = invariants.no_mail_is_doubled(twice)
    assert str(evidence.letters[0]) in cry


def test_a_mail_that_no_letter_knows_is_seen(evidence: Evidence) -> None:
    stray = uuid4()
    found = invariants.no_mail_is_doubled(replace(evidence, letters=[*evidence.letters, stray]))
    assert list(found) == [f"mail {stray} was taken 1 times, 0 times was right"]


def test_a_letter_that_says_it_was_sent_and_was_not_is_seen(evidence: Evidence) -> None:
    [cry] = invariants.no_mail_is_doubled(replace(evidence, letters=evidence.letters[1:]))
    assert str(evidence.letters[0]) in cry


def test_a_letter_that_says_twice_that_it_was_sent_is_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "notify", "notify.LetterSent")
    sent = log.of("notify.LetterSent")[0]
    again = forged(sent, "notify.LetterSent", dict(sent.state))
    twice = changed(evidence, key, facts=(*log.facts, again))
    assert f"{log.log_id}: letter {sent.stream} was sent 2 times" in list(
        invariants.no_mail_is_doubled(twice)
    )


def test_two_letters_for_one_cause_and_person_are_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "notify", "notify.LetterDue")
    first = log.of("notify.LetterDue")[0]
    second = forged(first, "notify.LetterDue", dict(first.state))
    twice = changed(evidence, key, facts=(*log.facts, second))
    assert any("was written 2 times" in cry for cry in invariants.no_mail_is_doubled(twice))


def test_a_balance_that_does_not_add_up_is_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "pacts", "pacts.Drafted")
    drafted = log.of("pacts.Drafted")[0]
    received = {"action": 1, "on": str(evidence.seen[-1].day), "eur": "10.00", "hours": None}
    helped = forged(drafted, "pacts.HelpLogged", {"received": received})
    more = changed(evidence, key, facts=(*log.facts, helped))
    cries = list(invariants.balances_add_up(more))
    last = evidence.seen[-1].day
    assert cries[-1].endswith(f"the balance of {drafted.stream} was another one on {last}")


def test_a_budget_line_that_does_not_add_up_is_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "pacts", "pacts.Drafted")
    drafted = log.of("pacts.Drafted")[0]
    last = evidence.seen[-1].day
    expense = {"budget_line": "Z9", "eur": "10.00"}
    payment = {"number": 1, "eur": "10.00", "on": str(last), "corrects": None}
    planned = {"number": 99, "expense": expense, "on": str(last)}
    plan = forged(drafted, "pacts.ExpensePlanned", planned)
    paid = forged(drafted, "pacts.ExpensePaid", {"number": 99, "paid": payment})
    cry = f"{log.log_id}: the budget of {drafted.stream} was another one on {last}"

    def cries(seen: Evidence, *facts: Fact) -> list[str]:
        more = changed(seen, key, facts=(*log.facts, *facts))
        return list(invariants.balances_add_up(more))

    assert cries(evidence, plan) == [cry]
    told = budget_as_of([*log.streams[drafted.stream], plan], last)
    budgets = {**evidence.seen[-1].budgets, str(drafted.stream): told}
    last_seen = replace(evidence.seen[-1], budgets=budgets)
    planned_for = replace(evidence, seen=[*evidence.seen[:-1], last_seen])
    assert cries(planned_for, plan) == []
    assert cries(planned_for, plan, paid) == [cry]


def test_a_view_that_told_something_else_is_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "pacts", "pacts.Drafted")
    last = evidence.seen[-1]
    views = {**last.views, key: {**last.views[key], "pacts_by_family": {}}}
    assert "pacts_by_family" in last.views[key]
    told = replace(evidence, seen=[*evidence.seen[:-1], replace(last, views=views)])
    assert list(invariants.every_day_is_told_as_it_was(told)) == [
        f"{'/'.join(key)}: pacts_by_family told something else on {last.day}"
    ]
    assert log.facts


def test_a_question_that_was_answered_otherwise_is_seen(evidence: Evidence) -> None:
    last = evidence.seen[-1]
    pact, answer = next(iter(last.pacts.items()))
    family, known = next(iter(last.families.items()))
    told = replace(
        last,
        pacts={**last.pacts, pact: {**answer, "state": "unheard of"}},
        families={**last.families, family: {**known, "outcome": "unheard of"}},
    )
    cries = invariants.every_day_is_told_as_it_was(
        replace(evidence, seen=[*evidence.seen[:-1], told])
    )
    assert [cry.split(" was told")[1] for cry in cries] == [f" otherwise on {last.day}"] * 2


def test_a_fact_that_was_recorded_afterwards_is_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "people", "people.PersonRegistered")
    early = evidence.seen[0].day
    assert early < evidence.seen[-1].day
    lost = log.facts[2]
    cries = list(invariants.every_day_is_told_as_it_was(without(evidence, key, lost)))
    assert any("not as seen" in cry and str(early) in cry for cry in cries)


def test_words_that_were_not_heard_as_they_were_said_are_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "intake", "intake.FamilyReferred")
    audience = key[0]
    [first, *rest] = log.said[audience]
    said = {**log.said, audience: (Said(first.position, "0" * 64), *rest)}
    cries = list(invariants.what_is_said_is_heard_and_followed(changed(evidence, key, said=said)))
    assert cries
    assert all(cry.endswith(f"number 1 of {log.log_id} is not what was said") for cry in cries)


def test_words_that_were_not_heard_are_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "review", "review.ProposalReceived")
    [(log_id, reached), *rest] = log.reached.items()
    behind = changed(evidence, key, reached={log_id: reached - 1, **dict(rest)})
    cries = list(invariants.what_is_said_is_heard_and_followed(behind))
    assert f"{log.log_id}: heard {reached - 1} of {reached} of {log_id}" in cries


def test_words_without_effect_are_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "review", "review.ProposalReceived")
    lost = log.of("review.ProposalReceived")[0]
    cause = [fact for fact in log.facts if fact.row.cause == lost.row.cause]
    [cry] = invariants.what_is_said_is_heard_and_followed(without(evidence, key, *cause))
    assert cry.endswith("took no effect")


def test_a_gap_is_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "intake", "intake.EligibilityVerified")
    lost = log.of("intake.EligibilityVerified")[0]
    cries = list(invariants.positions_have_no_gaps(without(evidence, key, lost)))
    assert cries[0] == f"{log.log_id}: positions have holes"


def test_a_stream_that_lost_a_fact_is_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "intake", "intake.EligibilityVerified")
    lost = log.of("intake.EligibilityVerified")[0]
    cries = list(invariants.positions_have_no_gaps(without(evidence, key, lost)))
    assert cries[1:] == [f"{log.log_id}: stream {lost.stream} has a hole"]


def test_time_that_runs_back_is_seen(evidence: Evidence) -> None:
    key, log = log_with(evidence, "intake", "intake.EligibilityVerified")
    *before, last = log.facts
    back = replace(last, row=replace(last.row, recorded_at=before[0].row.recorded_at - 1))
    found = invariants.positions_have_no_gaps(changed(evidence, key, facts=(*before, back)))
    assert list(found) == [f"{log.log_id}: time ran back"]


def test_an_alteration_is_seen(evidence: Evidence) -> None:
    first, *rest = evidence.audited
    altered = replace(first, findings=[Finding("Altered", {"after": 1})])
    unseen = replace(first, cosigned={}, held=0)
    for judged, cry in ((altered, "Altered {'after': 1}"), (unseen, "nobody else has seen it")):
        found = invariants.nothing_was_altered(replace(evidence, audited=[judged, *rest]))
        assert list(found) == [f"{first.log_id}: {cry}"]


def forged(fact: Fact, topic: str, state: dict[str, object]) -> Fact:
    """A fact of another stream, or with other words, as nobody recorded it."""
    return replace(fact, row=replace(fact.row, topic=topic, event_id=uuid4()), state=state)


def test_a_year_that_is_interrupted_stops_everything_it_started(tmp_path: Path) -> None:
    """Ctrl-C while days pass: status 130, and no process of it is left."""
    words = ("simulate", "--families", "3")
    assert interrupted(*words, folder=tmp_path, when="cabina di regia") == 130
    assert left_in(tmp_path) == []
