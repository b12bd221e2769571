from datetime import date

import pytest

from services.pacts.along import LookBackOutcome, NotVerifiedBecause
from services.pacts.content import ConclusionReason, InterruptionReason
from services.pacts.pact import Pact
from services.pacts.refusals import (
    AlreadyLookedBack,
    FinallyVerified,
    LookBackNotDue,
    NoFinalVerification,
    PactNotEnded,
)
from tests.pacts.moments import (
    AUG_1,
    BY_MEMBER,
    OURSELVES,
    TERMS,
    active,
    amendment_proposed,
    amendment_withdrawn,
    concluded,
    finally_verified,
    interrupted,
    look_back_set,
    suspended,
    text,
    verified,
)
from tests.scenario import fact, given

FEB_1, MAR_3 = date(2027, 2, 1), date(2027, 3, 3)
ended = (*active, finally_verified, concluded, look_back_set)
due_noted = fact(Pact.LookBackDue, due=FEB_1, on=FEB_1)
late_noted = fact(Pact.LookBackOverdue, until=MAR_3, on=date(2027, 3, 4))
looked_back = fact(Pact.LookedBack, outcome=LookBackOutcome.BETTER, note=None, on=FEB_1)
erased = fact(Pact.TextsErased, on=AUG_1)


@pytest.mark.parametrize("reason", list(ConclusionReason))
def test_a_pact_is_concluded_after_a_final_verification(reason):
    given(*active, finally_verified).when(Pact.conclude, reason=reason, terms=TERMS, on=AUG_1).then(
        fact(Pact.Concluded, reason=reason, on=AUG_1), look_back_set
    )


@pytest.mark.parametrize("before", [(), (suspended,)])
@pytest.mark.parametrize("reason", list(InterruptionReason))
def test_a_pact_is_interrupted_after_a_final_verification(before, reason):
    given(*active, *before, finally_verified).when(
        Pact.interrupt, reason=reason, terms=TERMS, on=AUG_1
    ).then(fact(Pact.Interrupted, reason=reason, on=AUG_1), look_back_set)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (Pact.conclude, ConclusionReason.PERIOD_ENDED),
        (Pact.interrupt, InterruptionReason.DEATH),
    ],
)
def test_no_pact_ends_without_a_final_verification(ask, reason):
    words = {"reason": reason, "terms": TERMS, "on": AUG_1}
    given(*active).when(ask, **words).refuses(NoFinalVerification, verifications=0)
    given(*active, finally_verified, verified).when(ask, **words).refuses(
        NoFinalVerification, verifications=2
    )


@pytest.mark.parametrize("because", list(NotVerifiedBecause))
def test_an_interruption_may_say_why_no_final_verification_could_be_held(because):
    not_held = fact(Pact.FinalVerificationNotHeld, reason=because, on=AUG_1)
    given(*active, verified).when(
        Pact.interrupt,
        reason=InterruptionReason.UNREACHABLE,
        terms=TERMS,
        on=AUG_1,
        not_verified_because=because,
    ).then(
        not_held,
        fact(Pact.Interrupted, reason=InterruptionReason.UNREACHABLE, on=AUG_1),
        look_back_set,
    )
    assert given(*active, verified, not_held).aggregate().not_verified_because is because


def test_where_a_final_verification_was_held_nothing_says_that_it_could_not_be():
    given(*active, finally_verified).when(
        Pact.interrupt,
        reason=InterruptionReason.MOVED_AWAY,
        terms=TERMS,
        on=AUG_1,
        not_verified_because=NotVerifiedBecause.MOVED_AWAY,
    ).refuses(FinallyVerified, verifications=1)


def test_on_a_family_whose_data_was_erased_nobody_is_to_look_back():
    given(*active, finally_verified, erased).when(
        Pact.conclude, reason=ConclusionReason.PERIOD_ENDED, terms=TERMS, on=AUG_1
    ).then(fact(Pact.Concluded, reason=ConclusionReason.PERIOD_ENDED, on=AUG_1))
    given(*ended, erased).when(Pact.note_look_back, by=OURSELVES, on=FEB_1).then()


@pytest.mark.parametrize(
    ("day", "noted"),
    [
        (date(2027, 1, 31), []),
        (FEB_1, [due_noted]),
        (date(2027, 2, 2), [fact(Pact.LookBackDue, due=FEB_1, on=date(2027, 2, 2))]),
    ],
)
def test_a_look_back_is_due_six_months_after_the_end(day, noted):
    given(*ended).when(Pact.note_look_back, by=OURSELVES, on=day).then(*noted)


@pytest.mark.parametrize(
    ("day", "noted"),
    [
        (date(2027, 3, 2), []),
        (MAR_3, []),
        (date(2027, 3, 4), [late_noted]),
    ],
)
def test_a_look_back_is_overdue_after_its_last_day(day, noted):
    given(*ended, due_noted).when(Pact.note_look_back, by=OURSELVES, on=day).then(*noted)


def test_what_is_due_and_overdue_is_noted_once_each_and_not_after_the_look_back():
    day = date(2027, 5, 1)
    given(*ended, due_noted, late_noted).when(Pact.note_look_back, by=OURSELVES, on=day).then()
    given(*ended, due_noted, looked_back).when(Pact.note_look_back, by=OURSELVES, on=day).then()


@pytest.mark.parametrize("outcome", list(LookBackOutcome))
@pytest.mark.parametrize("end", [concluded, interrupted])
def test_what_somebody_found_who_looked_back_is_a_code_and_a_sealed_note(end, outcome):
    told = fact(Pact.LookedBack, outcome=outcome, note=text(81), on=FEB_1)
    awaited = (*active, finally_verified, end, look_back_set)
    given(*awaited).when(
        Pact.look_back, outcome=outcome, note=text(81), on=FEB_1, by=BY_MEMBER
    ).then(told)
    pact = given(*awaited, told).aggregate()
    assert (pact.looked_back_on, pact.looked_back, pact.look_back_note) == (
        FEB_1,
        outcome,
        text(81),
    )


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(date(2027, 1, 31), False), (FEB_1, True), (date(2027, 2, 2), True)],
)
def test_nobody_looks_back_before_it_is_due(day, allowed):
    answer = given(*ended).when(Pact.look_back, outcome=LookBackOutcome.WORSE, on=day)
    if allowed:
        assert (answer.refusal, len(answer.facts)) == (None, 1)
    else:
        answer.refuses(LookBackNotDue, due=FEB_1)


def test_somebody_looks_back_late_once_and_only_on_what_ended():
    ask = {"outcome": LookBackOutcome.NOT_REACHED, "on": date(2027, 5, 1)}
    given(*ended, due_noted, late_noted).when(Pact.look_back, **ask).then(
        fact(Pact.LookedBack, note=None, **ask)
    )
    given(*ended, looked_back).when(Pact.look_back, **ask).refuses(AlreadyLookedBack, on=FEB_1)
    given(*active).when(Pact.look_back, **ask).refuses(PactNotEnded, state="active")


def test_a_pact_that_ended_before_look_backs_were_known_awaits_none():
    story = given(*active, finally_verified, concluded)
    story.when(Pact.note_look_back, by=OURSELVES, on=date(2028, 1, 1)).then()
    story.when(Pact.look_back, outcome=LookBackOutcome.BETTER, on=date(2028, 1, 1)).refuses(
        LookBackNotDue, due=None
    )


@pytest.mark.parametrize(
    ("end", "ended", "reason"),
    [
        (Pact.conclude, Pact.Concluded, ConclusionReason.GOALS_REACHED),
        (Pact.interrupt, Pact.Interrupted, InterruptionReason.MOVED_AWAY),
    ],
)
def test_an_amendment_that_waits_ends_with_the_pact(end, ended, reason):
    story = given(*active, finally_verified, amendment_proposed)
    story.when(end, reason=reason, terms=TERMS, on=AUG_1).then(
        amendment_withdrawn, fact(ended, reason=reason, on=AUG_1), look_back_set
    )
