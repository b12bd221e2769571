"""Deputies: named for days, vote only when the holder does not, and one person votes once."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.review.committee import (
    Committee,
    DeputyEndsBefore,
    DeputyInThePast,
    NamesForAnother,
    NotOfTheCommittee,
    NotSeated,
    OwnDeputy,
)
from services.review.proposal_review import ProposalReview
from services.review.tally import Ballot, Choice
from services.review.voting import (
    HolderVoted,
    NotTheDeputy,
    SeatRecused,
    SpeaksForAnother,
    VotedAlready,
)
from tests.review.moments import (
    CASE_1,
    CASE_1_SEAT,
    CASE_2,
    CASE_2_SEAT,
    HEAD,
    HEADS_SEAT,
    JULY_1,
    JULY_14,
    JULY_20,
    JULY_21,
    MANAGER,
    MANAGERS_SEAT,
    MICROEQUIPE,
    REASON,
    SEATS,
    STRANGER,
    V1,
    a_proposal,
    ballot,
    by,
    on_docket,
    received,
    recused,
    voted,
)
from tests.scenario import Answer, Fact, fact, given

P, R = Choice.APPROVE, Choice.RETURN
DEPUTY = STRANGER
SECRETARY = by(MANAGER, "project_manager")
opened = fact(Committee.Opened)
seated = fact(
    Committee.Seated,
    person=CASE_1,
    role="case_manager",
    organisation="lead",
    body=None,
    first=date(2026, 1, 1),
    last=JULY_20,
)


def named(
    deputy: UUID | None = DEPUTY, first: date = JULY_14, last: date = JULY_20, on: date = JULY_1
) -> Fact:
    return fact(Committee.DeputyNamed, seat=CASE_1, deputy=deputy, first=first, last=last, on=on)


def naming(*facts: Fact, **arguments: Any) -> Answer:
    asked = {"seat": CASE_1, "deputy": DEPUTY, "first": JULY_14, "last": JULY_20}
    asked |= {"by": by(CASE_1), "on": JULY_1}
    return given(opened, seated, *facts).when(Committee.name_deputy, **(asked | arguments))


def deputies_on(day: date, *facts: Fact) -> list[UUID | None]:
    committee = given(opened, seated, *facts).aggregate()
    assert isinstance(committee, Committee)
    return [seat.deputy for seat in committee.seats_on(day)]


@pytest.mark.parametrize("who", [by(CASE_1), SECRETARY, by(STRANGER, "administrator")])
def test_who_holds_a_seat_names_its_deputy_or_a_secretary_records_it(who: Any):
    naming(by=who).then(named())


def test_nobody_else_names_a_deputy():
    naming(by=by(CASE_2, "case_manager")).refuses(NamesForAnother, seat=CASE_1)


def test_a_holder_is_not_their_own_deputy():
    naming(deputy=CASE_1).refuses(OwnDeputy, seat=CASE_1)


@pytest.mark.parametrize(
    ("last", "refused"), [(date(2026, 7, 13), True), (JULY_14, False), (date(2026, 7, 15), False)]
)
def test_a_deputy_has_a_first_and_a_last_day(last: date, refused: bool):
    answer = naming(last=last)
    if refused:
        answer.refuses(DeputyEndsBefore, first=JULY_14, last=last)
    else:
        answer.then(named(last=last))


@pytest.mark.parametrize(
    ("first", "refused"),
    [(date(2026, 7, 13), True), (JULY_14, False), (date(2026, 7, 15), False)],
)
def test_a_deputy_is_named_from_today_on(first: date, refused: bool):
    answer = naming(first=first, on=JULY_14)
    if refused:
        answer.refuses(DeputyInThePast, first=first, on=JULY_14)
    else:
        answer.then(named(first=first, on=JULY_14))


@pytest.mark.parametrize(
    ("first", "refused"), [(date(2026, 7, 19), False), (JULY_20, False), (JULY_21, True)]
)
def test_only_a_seat_that_is_held_has_a_deputy(first: date, refused: bool):
    answer = naming(first=first, last=JULY_21)
    if refused:
        answer.refuses(NotSeated, seat=CASE_1, on=first)
    else:
        answer.then(named(first=first, last=JULY_21))


def test_a_deputy_stands_in_from_the_first_to_the_last_day():
    shorter = named(last=date(2026, 7, 16))
    days = [date(2026, 7, day) for day in (13, 14, 16, 17)]
    found = [deputies_on(day, shorter) for day in days]
    assert found == [[None], [DEPUTY], [DEPUTY], [None]]


def test_who_was_named_last_for_a_day_counts_and_nobody_may_be_named():
    other = named(HEAD, date(2026, 7, 16), date(2026, 7, 17))
    nobody = named(None, date(2026, 7, 18))
    days = [date(2026, 7, day) for day in (15, 16, 17, 18)]
    found = [deputies_on(day, named(), other, nobody) for day in days]
    assert found == [[DEPUTY], [HEAD], [HEAD], [None]]


@pytest.mark.parametrize(
    ("who", "sits"), [(CASE_1, True), (DEPUTY, True), (CASE_2, False), (MICROEQUIPE, False)]
)
def test_holders_and_deputies_are_of_the_committee(who: UUID, sits: bool):
    committee = given(opened, seated, named()).aggregate()
    assert isinstance(committee, Committee)
    if sits:
        committee.must_sit(who, JULY_14)
    else:
        with pytest.raises(NotOfTheCommittee):
            committee.must_sit(who, JULY_14)


def with_deputy(seat: Any, deputy: UUID = DEPUTY) -> tuple[Any, ...]:
    """The committee, in which *seat* has a deputy today."""
    return tuple(replace(each, deputy=deputy) if each == seat else each for each in SEATS)


def voting(*facts: Fact, **arguments: Any) -> Answer:
    asked = {
        "person": CASE_1,
        "choice": P,
        "reason": REASON,
        "committee": with_deputy(CASE_1_SEAT),
        "guidelines": V1,
        "by": by(DEPUTY),
        "on": JULY_14,
    }
    facts = (
        facts
        if facts[:1] and facts[0].event is ProposalReview.Received
        else (
            received(),
            on_docket,
            *facts,
        )
    )
    return given(*facts).when(ProposalReview.vote, **(asked | arguments))


def deputy_voted(*conflicts: str, spoken: bool = False, choice: Choice = P, **changes: Any) -> Fact:
    cast = replace(ballot(CASE_1_SEAT, choice, *conflicts), **changes)
    return fact(ProposalReview.DeputyVoted, ballot=cast, deputy=DEPUTY, spoken=spoken, on=JULY_14)


def test_a_deputy_votes_in_the_stead_of_the_holder_and_is_shown_as_theirs():
    voting().then(deputy_voted())


def test_a_deputy_changes_the_vote_until_the_decision():
    voting(deputy_voted(), choice=R).then(deputy_voted(choice=R))


def test_a_secretary_records_what_a_deputy_said():
    voting(by=SECRETARY, deputy=DEPUTY).then(deputy_voted(spoken=True))


def test_a_deputy_does_not_vote_when_the_holder_has():
    voting(voted(CASE_1_SEAT, P)).refuses(HolderVoted, seat=CASE_1)


def test_the_holders_vote_takes_the_place_of_the_deputys():
    answer = voting(deputy_voted(), by=by(CASE_1), choice=R)
    cast = ballot(CASE_1_SEAT, R)
    changed = fact(ProposalReview.VoteChanged, ballot=cast, spoken=False, on=JULY_14)
    answer.then(changed)
    voting(deputy_voted(), changed).refuses(HolderVoted, seat=CASE_1)


def test_who_is_not_the_deputy_does_not_vote_for_a_seat():
    voting(by=by(CASE_2)).refuses(SpeaksForAnother, seat=CASE_1)
    voting(by=SECRETARY, deputy=CASE_2).refuses(NotTheDeputy, seat=CASE_1, deputy=CASE_2)
    voting(by=by(CASE_1), deputy=DEPUTY).refuses(SpeaksForAnother, seat=DEPUTY)


def test_a_deputy_does_not_abstain_for_the_holder():
    given(received(), on_docket).when(
        ProposalReview.recuse,
        person=CASE_1,
        reason=REASON,
        committee=with_deputy(CASE_1_SEAT),
        guidelines=V1,
        by=by(DEPUTY),
        on=JULY_14,
    ).refuses(SpeaksForAnother, seat=CASE_1)


def test_nobody_votes_for_a_seat_that_abstained():
    voting(recused(CASE_1_SEAT)).refuses(SeatRecused, seat=CASE_1)


def test_who_abstained_because_of_a_conflict_votes_for_no_other_seat():
    voting(recused(CASE_2_SEAT), by=by(CASE_2), committee=with_deputy(CASE_1_SEAT, CASE_2)).refuses(
        SeatRecused, seat=CASE_2
    )


def test_whose_vote_no_longer_counts_since_the_seat_abstained_may_vote_for_another():
    other = with_deputy(CASE_2_SEAT)
    voting(deputy_voted(), recused(CASE_1_SEAT), person=CASE_2, committee=other).then(
        fact(
            ProposalReview.DeputyVoted,
            ballot=ballot(CASE_2_SEAT, P),
            deputy=DEPUTY,
            spoken=False,
            on=JULY_14,
        )
    )


def test_one_person_never_votes_twice_for_one_proposal():
    committee = with_deputy(CASE_1_SEAT, HEAD)
    voting(voted(HEADS_SEAT, P), by=by(HEAD), committee=committee).refuses(
        VotedAlready, person=HEAD, seat=HEAD
    )
    for_another = fact(
        ProposalReview.DeputyVoted,
        ballot=ballot(CASE_1_SEAT, P),
        deputy=HEAD,
        spoken=False,
        on=JULY_14,
    )
    voting(for_another, person=HEAD, by=by(HEAD), committee=committee).refuses(
        VotedAlready, person=HEAD, seat=CASE_1
    )
    both = tuple(
        replace(each, deputy=HEAD) if each.person in (CASE_1, CASE_2) else each for each in SEATS
    )
    voting(for_another, person=CASE_2, by=by(HEAD), committee=both).refuses(
        VotedAlready, person=HEAD, seat=CASE_1
    )


@pytest.mark.parametrize(
    ("deputy", "providers", "case_manager", "conflicts", "proposer"),
    [
        (DEPUTY, (), None, (), False),
        (DEPUTY, (), CASE_1, ("assisted",), False),  # the holder's own
        (DEPUTY, (), DEPUTY, ("assisted",), False),
        (CASE_2, (), CASE_2, ("assisted",), False),
        (HEAD, ("officina",), None, ("provides",), False),
        (HEAD, ("officina",), CASE_1, ("assisted", "provides"), False),
        (MICROEQUIPE, (), None, (), True),
    ],
)
def test_conflicts_of_the_holder_and_of_the_deputy_are_flagged(
    deputy: UUID,
    providers: tuple[str, ...],
    case_manager: UUID | None,
    conflicts: tuple[str, ...],
    proposer: bool,
):
    proposal = a_proposal(*providers, case_manager=case_manager)
    answer = voting(
        received(proposal),
        on_docket,
        by=by(deputy),
        committee=with_deputy(CASE_1_SEAT, deputy),
    )
    assert answer.refusal is None
    cast = dict(answer.facts[0].fields)["ballot"]
    assert cast == Ballot(CASE_1, "case_manager", proposer, P, REASON, conflicts)


@pytest.mark.parametrize(
    ("before", "after", "conflicts"),
    [
        (None, None, ()),
        (None, DEPUTY, ("assisted",)),
        (None, CASE_1, ("assisted",)),
        (DEPUTY, None, ("assisted",)),  # who assisted when the vote was cast did assist
        (DEPUTY, DEPUTY, ("assisted",)),
    ],
)
def test_a_conflict_that_a_hand_over_brings_is_flagged_in_the_decision(
    before: UUID | None, after: UUID | None, conflicts: tuple[str, ...]
):
    review = given(received(a_proposal(case_manager=before)), on_docket).aggregate()
    assert isinstance(review, ProposalReview)
    committee = with_deputy(CASE_1_SEAT)
    for who, actor in ((CASE_1, by(DEPUTY)), (MANAGER, SECRETARY), (HEAD, by(HEAD))):
        review.vote(who, P, REASON, committee, V1, by=actor, on=JULY_14)
    review.follow(MICROEQUIPE, after, by=SECRETARY, on=JULY_14)
    review.decide(committee, V1, by=SECRETARY, on=JULY_14)
    [decision] = review.decisions
    assert [each.conflicts for each in decision.ballots] == [(), conflicts, ()]


def test_a_vote_by_deputy_counts_as_the_seats_and_the_decision_knows_whose_it_was():
    story = given(
        received(), on_docket, deputy_voted(), voted(MANAGERS_SEAT, P), voted(HEADS_SEAT, P)
    )
    review = story.aggregate()
    assert isinstance(review, ProposalReview)
    review.decide(with_deputy(CASE_1_SEAT), V1, by=SECRETARY, on=JULY_14)
    [decision] = review.decisions
    assert decision.deputies == {CASE_1: DEPUTY}
    assert [each.seat for each in decision.ballots] == [MANAGER, CASE_1, HEAD]


def test_nothing_is_known_any_more_of_the_vote_of_a_seat_that_abstained_later():
    story = given(
        received(),
        on_docket,
        deputy_voted(spoken=True),
        recused(CASE_1_SEAT),
        *(voted(seat, P) for seat in (MANAGERS_SEAT, CASE_2_SEAT, HEADS_SEAT)),
    )
    review = story.aggregate()
    assert isinstance(review, ProposalReview)
    assert list(review.ballots) == [MANAGER, CASE_2, HEAD]
    review.decide(SEATS, V1, by=SECRETARY, on=JULY_14)
    [decision] = review.decisions
    assert (decision.deputies, decision.spoken) == ({}, frozenset())


def test_the_decision_knows_which_votes_a_secretary_recorded_last():
    recorded = fact(ProposalReview.Voted, ballot=ballot(CASE_1_SEAT, P), spoken=True, on=JULY_14)
    itself = fact(
        ProposalReview.VoteChanged, ballot=ballot(CASE_1_SEAT, R), spoken=False, on=JULY_14
    )
    votes = (voted(MANAGERS_SEAT, P), voted(HEADS_SEAT, P), recorded)
    for facts, spoken in ((votes, {CASE_1}), ((*votes, itself), set())):
        review = given(received(), on_docket, *facts).aggregate()
        assert isinstance(review, ProposalReview)
        review.decide(SEATS, V1, by=SECRETARY, on=JULY_14)
        assert review.decisions[0].spoken == spoken
