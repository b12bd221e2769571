from datetime import date

import pytest

from services.kernel.actor import Actor
from services.pacts.along import ComplaintAbout
from services.pacts.pact import Pact
from services.pacts.refusals import (
    ComplaintAlreadyAnswered,
    ConcernedByTheComplaint,
    NoSuchItem,
    NotOfTheMicroequipe,
    OnlyAReferenceFigure,
)
from tests.pacts.moments import (
    AUG_1,
    BY_LEAD,
    BY_MANAGER,
    BY_MEMBER,
    BY_STRANGER,
    BY_TEACHER,
    LEAD,
    MEMBER,
    OURSELVES,
    REACHED,
    STRANGER,
    TERMS,
    State,
    active,
    figures_known,
    text,
)
from tests.scenario import THE_ONE, fact, given

AUG_31 = date(2026, 8, 31)
BY_PROJECT_MANAGER = Actor.of_person("lead", STRANGER, "project_manager")


def recorded(about=ComplaintAbout.OTHER, person=None, complaint=1):
    return fact(
        Pact.ComplaintRecorded,
        complaint=complaint,
        about=about,
        person=person,
        words=text(95),
        answer_by=AUG_31,
        guidelines=1,
        on=AUG_1,
    )


answered = fact(Pact.ComplaintAnswered, complaint=1, answer=text(96), on=AUG_1)
RECORD = {"about": ComplaintAbout.OTHER, "words": text(95), "terms": TERMS, "on": AUG_1}
ANSWER = {"complaint": 1, "answer": text(96), "on": AUG_1}


@pytest.mark.parametrize("state", list(State))
def test_a_complaint_is_recorded_in_every_state(state):
    given(*REACHED[state]).when(Pact.record_complaint, **RECORD).then(recorded())


@pytest.mark.parametrize("about", list(ComplaintAbout))
def test_a_complaint_says_by_a_code_whom_it_is_about_and_gets_the_next_number(about):
    given(*active, recorded()).when(
        Pact.record_complaint, **{**RECORD, "about": about}, person=MEMBER
    ).then(recorded(about, MEMBER, complaint=2))


@pytest.mark.parametrize("by", [BY_LEAD, BY_MEMBER, BY_MANAGER, BY_PROJECT_MANAGER])
def test_the_microequipe_its_case_manager_and_the_project_manager_hear_complaints(by):
    given(*active).when(Pact.record_complaint, **RECORD, by=by).then(recorded())
    given(*active, recorded()).when(Pact.answer_complaint, **ANSWER, by=by).then(answered)


@pytest.mark.parametrize("by", [BY_STRANGER, OURSELVES])
def test_nobody_else_hears_complaints(by):
    given(*active).when(Pact.record_complaint, **RECORD, by=by).refuses(
        NotOfTheMicroequipe, pact=THE_ONE
    )
    given(*active, recorded()).when(Pact.answer_complaint, **ANSWER, by=by).refuses(
        NotOfTheMicroequipe, pact=THE_ONE
    )


def test_a_reference_figure_hears_none():
    told = given(*active, figures_known, recorded())
    for ask, words in ((Pact.record_complaint, RECORD), (Pact.answer_complaint, ANSWER)):
        told.when(ask, **words, by=BY_TEACHER).refuses(OnlyAReferenceFigure, pact=THE_ONE)


@pytest.mark.parametrize(
    ("about", "person", "by", "concerned"),
    [
        (ComplaintAbout.MICROEQUIPE, None, BY_LEAD, True),
        (ComplaintAbout.MICROEQUIPE, None, BY_MEMBER, True),
        (ComplaintAbout.MICROEQUIPE, None, BY_MANAGER, False),
        (ComplaintAbout.MICROEQUIPE, None, BY_PROJECT_MANAGER, False),
        (ComplaintAbout.CASE_MANAGER, None, BY_MANAGER, True),
        (ComplaintAbout.CASE_MANAGER, None, BY_LEAD, False),
        (ComplaintAbout.OTHER, LEAD, BY_LEAD, True),
        (ComplaintAbout.OTHER, LEAD, BY_MEMBER, False),
        (ComplaintAbout.ORGANISATION, STRANGER, BY_PROJECT_MANAGER, True),
        (ComplaintAbout.COMMITTEE, None, BY_LEAD, False),
        (ComplaintAbout.PROVIDER, None, BY_MEMBER, False),
    ],
)
def test_whom_a_complaint_is_about_does_not_answer_it(about, person, by, concerned):
    answer = given(*active, recorded(about, person)).when(Pact.answer_complaint, **ANSWER, by=by)
    if concerned:
        answer.refuses(ConcernedByTheComplaint, complaint=1, about=about)
    else:
        answer.then(answered)


def test_a_complaint_is_answered_once_and_only_if_it_is_there():
    given(*active, recorded(), answered).when(Pact.answer_complaint, **ANSWER).refuses(
        ComplaintAlreadyAnswered, complaint=1, on=AUG_1
    )
    given(*active).when(Pact.answer_complaint, **ANSWER).refuses(NoSuchItem, complaint=1)


def overdue(day, complaint=1):
    return fact(Pact.ComplaintOverdue, complaint=complaint, due=AUG_31, on=day)


@pytest.mark.parametrize(
    ("day", "late"),
    [(date(2026, 8, 30), False), (AUG_31, False), (date(2026, 9, 1), True)],
)
def test_a_complaint_that_nobody_answered_in_thirty_days_is_noted(day, late):
    given(*active, recorded()).when(Pact.note_overdue_complaints, by=OURSELVES, on=day).then(
        *([overdue(day)] if late else [])
    )


def test_each_unanswered_complaint_is_noted_once():
    day = date(2026, 9, 2)
    two = (*active, recorded(), recorded(complaint=2))
    given(*two).when(Pact.note_overdue_complaints, by=OURSELVES, on=day).then(
        overdue(day), overdue(day, 2)
    )
    given(*two, overdue(day), answered).when(
        Pact.note_overdue_complaints, by=OURSELVES, on=day
    ).then(overdue(day, 2))
    given(*two, overdue(day), overdue(day, 2)).when(
        Pact.note_overdue_complaints, by=OURSELVES, on=day
    ).then()


def test_a_late_complaint_is_still_answered_and_one_of_an_erased_family_is_not_noted():
    day = date(2026, 9, 2)
    given(*active, recorded(), overdue(day)).when(Pact.answer_complaint, **ANSWER).then(answered)
    given(*active, recorded(), fact(Pact.TextsErased, on=AUG_1)).when(
        Pact.note_overdue_complaints, by=OURSELVES, on=day
    ).then()
