"""A proposal before the committee: votes, recusals, the decision, corrections; never lost."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.kernel.actor import Actor
from services.kernel.mapper import plain
from services.review.committee import Seat
from services.review.cycle import Place
from services.review.looking_again import AlreadyBeingCorrected, NotDecided
from services.review.proposal import Proposal
from services.review.proposal_review import NoQuorum, ProposalReview
from services.review.standing import AlreadyDecided, NotOnADocket
from services.review.tally import Choice, Outcome
from services.review.voting import NoSeat, SeatRecused, SpeaksForAnother
from tests.review.moments import (
    AUGUST_1,
    AUGUST_20,
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
    JUNE_9,
    MANAGER,
    MANAGERS_SEAT,
    MICROEQUIPE,
    MICROEQUIPES_SEAT,
    PACT,
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
    words,
)
from tests.scenario import Answer, Fact, Story, fact, given, of_version

P, C = Choice.APPROVE, Choice.APPROVE_WITH_CONDITIONS
R, N = Choice.RETURN, Choice.NOT_APPROVE

QUORUM = (
    voted(MANAGERS_SEAT, P),
    voted(CASE_1_SEAT, P),
    voted(HEADS_SEAT, P),
)


def voting(
    *facts: Fact,
    who: UUID = MANAGER,
    choice: Choice = P,
    actor: Actor | None = None,
    **arguments: Any,
) -> Answer:
    asked: dict[str, Any] = {
        "person": who,
        "choice": choice,
        "reason": REASON,
        "committee": SEATS,
        "guidelines": V1,
        "by": actor or by(who),
        "on": JULY_14,
    }
    return given(*facts).when(ProposalReview.vote, **(asked | arguments))


def recusing(*facts: Fact, who: UUID = CASE_1, actor: Actor | None = None) -> Answer:
    return given(*facts).when(
        ProposalReview.recuse,
        person=who,
        reason=REASON,
        committee=SEATS,
        guidelines=V1,
        by=actor or by(who),
        on=JULY_14,
    )


def deciding(*facts: Fact, **arguments: Any) -> Answer:
    asked = {"committee": SEATS, "guidelines": V1, "on": JULY_14}
    return given(*facts).when(ProposalReview.decide, **(asked | arguments))


def decided(
    *ballots: Any,
    outcome: Outcome = Outcome.APPROVED,
    seats: int = 5,
    recused: tuple[UUID, ...] = (),
    tie: bool = False,
    number: int = 1,
    corrects: int | None = None,
) -> Fact:
    return fact(
        ProposalReview.Decided,
        number=number,
        corrects=corrects,
        cycle="2026-07",
        outcome=outcome,
        ballots=ballots,
        seats=seats,
        recused=recused,
        tie=tie,
        guidelines=1,
        on=JULY_14,
    )


APPROVED = decided(ballot(MANAGERS_SEAT, P), ballot(CASE_1_SEAT, P), ballot(HEADS_SEAT, P))


def test_a_proposal_is_received_with_its_place_in_the_calendar():
    Story(()).when(
        ProposalReview.receive,
        proposal=a_proposal(),
        place=Place("2026-07", False, JULY_1, JULY_20),
        guidelines=1,
        on=JUNE_9,
    ).then(received())


@pytest.mark.parametrize("late", [True, False])
def test_whether_a_proposal_came_late_is_known_of_it_as_long_as_it_is_before_the_committee(
    late: bool,
):
    came = fact(ProposalReview.Received, **dict(received().fields) | {"late": late})
    review = given(came, on_docket, CARRIED).aggregate()
    assert isinstance(review, ProposalReview)
    assert review.late is late


def test_a_proposal_is_put_on_the_docket_of_its_cycle_once():
    asked = {"cycle": "2026-07", "on": JULY_1}
    given(received()).when(ProposalReview.put_on_docket, **asked).then(on_docket)
    given(received(), on_docket).when(ProposalReview.put_on_docket, **asked).then()


SEPTEMBER = Place("2026-09", False, date(2026, 9, 1), date(2026, 9, 20))


def postponed(cycle: str = "2026-07") -> Fact:
    return fact(
        ProposalReview.Postponed,
        cycle=cycle,
        postponed_to="2026-09",
        docket_on=date(2026, 9, 1),
        decide_by=date(2026, 9, 20),
        guidelines=2,
        on=JULY_1,
    )


def test_a_proposal_whose_month_was_closed_goes_on_to_the_next_open_one_once():
    asked: dict[str, Any] = {"place": SEPTEMBER, "guidelines": 2, "on": JULY_1}
    given(received()).when(ProposalReview.postpone, **asked).then(postponed())
    given(received(), postponed()).when(ProposalReview.postpone, **asked).then()


def test_a_proposal_on_a_docket_stays_there_when_its_month_is_closed():
    asked: dict[str, Any] = {"place": SEPTEMBER, "guidelines": 2, "on": JULY_1}
    given(received(), on_docket).when(ProposalReview.postpone, **asked).then()
    given(received(), on_docket, *QUORUM, APPROVED).when(ProposalReview.postpone, **asked).then()


def test_a_postponed_proposal_may_be_put_on_the_docket_of_its_new_month():
    given(received(), postponed()).when(
        ProposalReview.put_on_docket, cycle="2026-09", on=date(2026, 9, 1)
    ).then(fact(ProposalReview.PutOnDocket, cycle="2026-09", on=date(2026, 9, 1)))


def test_a_postponed_proposal_has_the_days_of_its_new_month():
    voting(received(), postponed()).refuses(
        NotOnADocket, cycle="2026-09", docket_on=date(2026, 9, 1)
    )
    given(received(), postponed()).when(
        ProposalReview.open_correction, reason=REASON, on=JULY_14
    ).refuses(NotDecided, decide_by=date(2026, 9, 20))


def test_a_decided_proposal_is_put_on_no_docket():
    given(received(), on_docket, *QUORUM, APPROVED).when(
        ProposalReview.put_on_docket, cycle="2026-08", on=AUGUST_1
    ).then()


@pytest.mark.parametrize("seat", [*SEATS, MICROEQUIPES_SEAT])
def test_every_seat_votes_and_the_sending_lead_is_marked_as_proposer(seat: Seat):
    voting(received(), on_docket, who=seat.person, choice=C).then(
        fact(ProposalReview.Voted, ballot=ballot(seat, C), spoken=False, on=JULY_14)
    )


def test_a_vote_may_be_changed_until_the_decision():
    voting(received(), on_docket, voted(MANAGERS_SEAT, P), choice=N, reason=words(2)).then(
        fact(
            ProposalReview.VoteChanged,
            ballot=ballot(MANAGERS_SEAT, N, reason=words(2)),
            spoken=False,
            on=JULY_14,
        )
    )


def test_a_vote_changes_no_more_once_decided():
    voting(received(), on_docket, *QUORUM, APPROVED, choice=N).refuses(
        AlreadyDecided, decision=1, outcome="approved", on=JULY_14
    )


def test_nobody_votes_before_the_proposal_is_on_a_docket():
    voting(received()).refuses(NotOnADocket, cycle="2026-07", docket_on=JULY_1)


def test_who_has_no_seat_on_the_day_does_not_vote():
    voting(received(), on_docket, who=STRANGER).refuses(
        NoSeat, seat=STRANGER, pact=PACT, proposal=1
    )
    voting(received(), on_docket, who=HEAD, committee=SEATS[:3]).refuses(
        NoSeat, seat=HEAD, pact=PACT, proposal=1
    )


def test_the_lead_of_another_microequipe_does_not_vote():
    other = replace(a_proposal(), lead=STRANGER)
    voting(received(other), on_docket, who=MICROEQUIPE).refuses(
        NoSeat, seat=MICROEQUIPE, pact=PACT, proposal=1
    )


def test_whether_the_sending_lead_votes_is_a_parameter():
    voting(
        received(), on_docket, who=MICROEQUIPE, guidelines=replace(V1, proposer_votes=False)
    ).refuses(NoSeat, seat=MICROEQUIPE, pact=PACT, proposal=1)


def test_a_sending_lead_who_sits_in_the_committee_has_one_seat_marked_as_proposer():
    own = replace(a_proposal(), lead=CASE_1)
    assert own.seats(SEATS, V1) == (
        MANAGERS_SEAT,
        replace(CASE_1_SEAT, proposer=True),
        CASE_2_SEAT,
        HEADS_SEAT,
    )


def test_the_seat_that_a_sending_lead_has_beside_the_committees_is_marked_as_proposer():
    assert a_proposal().seats(SEATS, V1) == (*SEATS, MICROEQUIPES_SEAT)


def test_a_seat_votes_by_itself():
    voting(received(), on_docket, who=CASE_1, actor=by(CASE_2, "case_manager")).refuses(
        SpeaksForAnother, seat=CASE_1
    )


@pytest.mark.parametrize("role", ["project_manager", "administrator"])
def test_a_secretary_records_what_a_seat_said_in_the_meeting(role: str):
    voting(received(), on_docket, who=MICROEQUIPE, actor=by(STRANGER, role)).then(
        fact(ProposalReview.Voted, ballot=ballot(MICROEQUIPES_SEAT, P), spoken=True, on=JULY_14)
    )


@pytest.mark.parametrize(
    ("proposal", "who", "conflicts"),
    [
        (a_proposal(), CASE_1, ()),
        (a_proposal(case_manager=CASE_1), CASE_1, ("assisted",)),
        (a_proposal(case_manager=CASE_1), CASE_2, ()),
        (a_proposal("parrocchia", "officina"), HEAD, ("provides",)),
        (a_proposal("parrocchia", "serra"), HEAD, ()),
    ],
)
def test_a_conflict_is_flagged_and_does_not_forbid_the_vote(
    proposal: Proposal, who: UUID, conflicts: tuple[str, ...]
):
    seat = next(seat for seat in SEATS if seat.person == who)
    voting(received(proposal), on_docket, who=who).then(
        fact(ProposalReview.Voted, ballot=ballot(seat, P, *conflicts), spoken=False, on=JULY_14)
    )


def test_a_seat_with_a_conflict_abstains_and_the_conflict_is_kept():
    recusing(received(a_proposal(case_manager=CASE_1)), on_docket).then(
        fact(
            ProposalReview.Recused,
            seat=CASE_1,
            role="case_manager",
            conflicts=("assisted",),
            reason=REASON,
            spoken=False,
            on=JULY_14,
        )
    )


def test_who_abstained_neither_votes_nor_abstains_again():
    voting(received(), on_docket, recused(CASE_1_SEAT), who=CASE_1).refuses(
        SeatRecused, seat=CASE_1
    )
    recusing(received(), on_docket, recused(CASE_1_SEAT)).refuses(SeatRecused, seat=CASE_1)


def test_abstaining_has_the_rules_of_voting():
    recusing(received()).refuses(NotOnADocket, cycle="2026-07", docket_on=JULY_1)
    recusing(received(), on_docket, who=STRANGER).refuses(
        NoSeat, seat=STRANGER, pact=PACT, proposal=1
    )
    recusing(received(), on_docket, actor=by(CASE_2)).refuses(SpeaksForAnother, seat=CASE_1)
    recusing(received(), on_docket, *QUORUM, APPROVED).refuses(
        AlreadyDecided, decision=1, outcome="approved", on=JULY_14
    )


@pytest.mark.parametrize(
    ("votes", "quorum"),
    [
        (QUORUM[:2], False),
        (QUORUM, True),
        ((*QUORUM, voted(CASE_2_SEAT, P)), True),
    ],
)
def test_more_than_half_of_the_five_seats_must_have_voted(votes: tuple[Fact, ...], quorum: bool):
    answer = deciding(received(), on_docket, *votes)
    if quorum:
        assert answer.refusal is None
    else:
        answer.refuses(NoQuorum, cast=2, seats=5, needed=3)


def test_the_decision_carries_votes_seats_and_guidelines():
    deciding(received(), on_docket, *QUORUM).then(APPROVED)


def test_a_recused_seat_is_out_of_the_quorum():
    facts = (received(), on_docket, recused(CASE_2_SEAT), recused(HEADS_SEAT))
    deciding(*facts, voted(MANAGERS_SEAT, P), voted(CASE_1_SEAT, P)).then(
        decided(
            ballot(MANAGERS_SEAT, P),
            ballot(CASE_1_SEAT, P),
            seats=3,
            recused=(CASE_2, HEAD),
        )
    )


def test_a_vote_cast_before_abstaining_does_not_count():
    deciding(received(), on_docket, *QUORUM, recused(HEADS_SEAT)).refuses(
        NoQuorum, cast=2, seats=4, needed=3
    )


def test_when_everybody_abstained_there_is_no_quorum():
    seats = (*SEATS, MICROEQUIPES_SEAT)
    deciding(received(), on_docket, *map(recused, seats)).refuses(
        NoQuorum, cast=0, seats=0, needed=1
    )


def test_the_votes_of_seats_no_longer_held_on_the_day_do_not_count():
    deciding(received(), on_docket, *QUORUM, committee=SEATS[:3]).refuses(
        NoQuorum, cast=2, seats=4, needed=3
    )


def test_a_majority_for_returning_returns():
    votes = (voted(MANAGERS_SEAT, P), voted(CASE_1_SEAT, R), voted(HEADS_SEAT, R))
    deciding(received(), on_docket, *votes).then(
        decided(
            ballot(MANAGERS_SEAT, P),
            ballot(CASE_1_SEAT, R),
            ballot(HEADS_SEAT, R),
            outcome=Outcome.RETURNED,
        )
    )


def test_a_tie_is_decided_by_the_project_managers_vote():
    votes = (
        voted(MANAGERS_SEAT, N),
        voted(CASE_1_SEAT, P),
        voted(CASE_2_SEAT, N),
        voted(HEADS_SEAT, P),
    )
    deciding(received(), on_docket, *votes).then(
        decided(
            ballot(MANAGERS_SEAT, N),
            ballot(CASE_1_SEAT, P),
            ballot(CASE_2_SEAT, N),
            ballot(HEADS_SEAT, P),
            outcome=Outcome.NOT_APPROVED,
            tie=True,
        )
    )


def test_a_tie_without_the_project_managers_vote_is_returned():
    votes = (
        voted(CASE_1_SEAT, P),
        voted(CASE_2_SEAT, N),
        voted(HEADS_SEAT, P),
        voted(MICROEQUIPES_SEAT, N),
    )
    deciding(received(), on_docket, recused(MANAGERS_SEAT), *votes).then(
        decided(
            ballot(CASE_1_SEAT, P),
            ballot(CASE_2_SEAT, N),
            ballot(HEADS_SEAT, P),
            ballot(MICROEQUIPES_SEAT, N),
            outcome=Outcome.RETURNED,
            seats=4,
            recused=(MANAGER,),
        )
    )


def test_of_two_who_close_the_same_decision_the_second_is_told():
    deciding(received(), on_docket, *QUORUM, APPROVED).refuses(
        AlreadyDecided, decision=1, outcome="approved", on=JULY_14
    )


def test_nothing_is_decided_before_the_proposal_is_on_a_docket():
    deciding(received()).refuses(NotOnADocket, cycle="2026-07", docket_on=JULY_1)


@pytest.mark.parametrize(
    ("on", "overdue"), [(date(2026, 7, 19), False), (JULY_20, False), (JULY_21, True)]
)
def test_an_undecided_proposal_is_overdue_after_its_last_day_and_carried_on(
    on: date, overdue: bool
):
    answer = given(received(), on_docket).when(
        ProposalReview.fall_overdue,
        place=Place("2026-08", False, AUGUST_1, AUGUST_20),
        on=on,
    )
    expected = fact(
        ProposalReview.Overdue,
        cycle="2026-07",
        carried_to="2026-08",
        docket_on=AUGUST_1,
        decide_by=AUGUST_20,
        on=on,
    )
    answer.then(*[expected] * overdue)


CARRIED = fact(
    ProposalReview.Overdue,
    cycle="2026-07",
    carried_to="2026-08",
    docket_on=AUGUST_1,
    decide_by=AUGUST_20,
    on=JULY_21,
)


def test_a_decided_proposal_is_never_overdue():
    given(received(), on_docket, *QUORUM, APPROVED).when(
        ProposalReview.fall_overdue,
        place=Place("2026-08", False, AUGUST_1, AUGUST_20),
        on=JULY_21,
    ).then()


def test_a_carried_proposal_keeps_its_votes_and_goes_on_the_next_docket():
    given(received(), on_docket, voted(MANAGERS_SEAT, P), CARRIED).when(
        ProposalReview.put_on_docket, cycle="2026-08", on=AUGUST_1
    ).then(fact(ProposalReview.PutOnDocket, cycle="2026-08", on=AUGUST_1))
    carried = given(received(), on_docket, voted(MANAGERS_SEAT, P), CARRIED).aggregate()
    assert isinstance(carried, ProposalReview)
    assert (carried.cycle, carried.decide_by, len(carried.ballots)) == ("2026-08", AUGUST_20, 1)


def test_a_proposal_carried_before_it_was_on_a_docket_waits_for_that_of_its_new_month():
    voting(received(), CARRIED).refuses(NotOnADocket, cycle="2026-08", docket_on=AUGUST_1)


def test_a_carried_proposal_may_be_decided_before_the_next_docket():
    answer = deciding(received(), on_docket, *QUORUM, CARRIED)
    assert answer.refusal is None
    assert dict(answer.facts[0].fields)["cycle"] == "2026-08"


def test_a_mistake_is_corrected_by_a_new_decision_linked_to_the_old():
    opened = fact(ProposalReview.CorrectionOpened, corrects=1, reason=REASON, on=JULY_14)
    facts = (received(), on_docket, *QUORUM, APPROVED)
    given(*facts).when(ProposalReview.open_correction, reason=REASON, on=JULY_14).then(opened)
    changed = [
        fact(ProposalReview.VoteChanged, ballot=ballot(seat, R), spoken=True, on=JULY_14)
        for seat in (CASE_1_SEAT, HEADS_SEAT)
    ]
    voting(*facts, opened, who=CASE_1, choice=R, actor=by(MANAGER, "project_manager")).then(
        changed[0]
    )
    deciding(*facts, opened, *changed).then(
        decided(
            ballot(MANAGERS_SEAT, P),
            ballot(CASE_1_SEAT, R),
            ballot(HEADS_SEAT, R),
            outcome=Outcome.RETURNED,
            number=2,
            corrects=1,
        )
    )


def test_the_first_decision_stands_until_the_new_one_is_taken_and_is_kept_after_it():
    opened = fact(ProposalReview.CorrectionOpened, corrects=1, reason=REASON, on=JULY_14)
    corrected = given(received(), on_docket, *QUORUM, APPROVED, opened).aggregate()
    assert isinstance(corrected, ProposalReview)
    assert corrected.outcome is Outcome.APPROVED
    second = decided(outcome=Outcome.RETURNED, number=2, corrects=1)
    both = given(received(), on_docket, *QUORUM, APPROVED, opened, second).aggregate()
    assert isinstance(both, ProposalReview)
    assert [each.outcome for each in both.decisions] == [Outcome.APPROVED, Outcome.RETURNED]
    assert both.outcome is Outcome.RETURNED


def test_a_correction_ends_with_the_new_decision():
    opened = fact(ProposalReview.CorrectionOpened, corrects=1, reason=REASON, on=JULY_14)
    second = decided(outcome=Outcome.RETURNED, number=2, corrects=1)
    voting(received(), on_docket, *QUORUM, APPROVED, opened, second, choice=N).refuses(
        AlreadyDecided, decision=2, outcome="returned", on=JULY_14
    )


def test_what_was_not_decided_is_not_corrected():
    given(received(), on_docket).when(
        ProposalReview.open_correction, reason=REASON, on=JULY_14
    ).refuses(NotDecided, decide_by=JULY_20)


def test_a_correction_under_way_is_finished_first():
    opened = fact(ProposalReview.CorrectionOpened, corrects=1, reason=REASON, on=JULY_14)
    given(received(), on_docket, *QUORUM, APPROVED, opened).when(
        ProposalReview.open_correction, reason=REASON, on=JULY_14
    ).refuses(AlreadyBeingCorrected, decision=1)


def test_that_the_texts_about_the_family_are_gone_is_noted_once():
    erased = fact(ProposalReview.TextsErased, on=JULY_14)
    given(received()).when(ProposalReview.note_erased_texts, on=JULY_14).then(erased)
    given(received(), erased).when(ProposalReview.note_erased_texts, on=JULY_20).then()


@pytest.mark.parametrize("stands_there", [{}, {"amends": 1}])
def test_a_proposal_that_was_received_before_there_were_amendments_amends_nothing(
    stands_there: dict[str, int],
):
    told = plain(dict(received().fields))
    del told["proposal"]["amends"]
    told["proposal"] |= stands_there
    assert of_version(1, ProposalReview.Received, **told) == received()


@pytest.mark.parametrize("stands_there", [{}, {"by_form": True}])
def test_of_a_proposal_received_before_it_was_known_nobody_says_that_a_form_proposed_it(
    stands_there: dict[str, bool],
):
    told = plain(dict(received().fields))
    del told["proposal"]["by_form"]
    told["proposal"] |= stands_there
    assert of_version(2, ProposalReview.Received, **told) == received()
