"""How reminders come: everybody chooses for themselves; what is owed is never a choice."""

from typing import Any
from uuid import UUID

import pytest

from services.kernel.refusal import Refused
from services.notify.preferences import OWED_TO, Preferences, Reminders, RemindersAreOwed
from services.notify.service import EVERYBODY, NotifyService
from tests.notify.test_season import role
from tests.review.moments import CASE_1, HEAD, JULY_1, MANAGER, MICROEQUIPE, STRANGER, by
from tests.review.office import Office
from tests.scenario import fact, given

opened = fact(Preferences.Opened, person=CASE_1)


def chosen(how: Reminders):
    return fact(Preferences.RemindersChosen, person=CASE_1, reminders=how, on=JULY_1)


ASKED: dict[str, Any] = {"person": CASE_1, "roles": ["case_manager"], "on": JULY_1}


@pytest.mark.parametrize("how", [Reminders.AT_ONCE, Reminders.NONE])
def test_a_choice_is_recorded_once(how: Reminders):
    given(opened).when(Preferences.choose, reminders=how, **ASKED).then(chosen(how))
    given(opened, chosen(how)).when(Preferences.choose, reminders=how, **ASKED).then()


def test_one_mail_a_day_is_how_it_is_without_a_choice():
    given(opened).when(Preferences.choose, reminders=Reminders.DAILY, **ASKED).then()


@pytest.mark.parametrize("role", OWED_TO)
def test_who_has_a_task_that_nobody_else_does_is_reminded(role: str):
    asked = ASKED | {"roles": ["case_manager", role]}
    given(opened).when(Preferences.choose, reminders=Reminders.NONE, **asked).refuses(
        RemindersAreOwed, person=CASE_1, roles=[role]
    )
    given(opened).when(Preferences.choose, reminders=Reminders.AT_ONCE, **asked).then(
        chosen(Reminders.AT_ONCE)
    )


# asked at the door


@pytest.fixture
def office(lead: Office) -> Office:
    """A project manager, a case manager and the lead of a microequipe are known."""
    for who, what in (
        (MANAGER, "project_manager"),
        (CASE_1, "case_manager"),
        (MICROEQUIPE, "microequipe_lead"),
    ):
        lead.hear("people/role_assigned.v1", role(who, what))
    return lead


def choose(office: Office, who: UUID, what: str, **words: Any) -> Any:
    return office.call(NotifyService, "choose_reminders", by(who, what), **words)


def come(office: Office, who: UUID, what: str, **words: Any) -> str:
    return office.call(NotifyService, "reminders", by(who, what), **words)["reminders"]


def test_a_person_chooses_for_themselves(office: Office):
    assert come(office, CASE_1, "case_manager") == "daily"
    choose(office, CASE_1, "case_manager", reminders="none")
    assert come(office, CASE_1, "case_manager") == "none"
    assert come(office, CASE_1, "case_manager", person=str(CASE_1)) == "none"


def test_an_administrator_chooses_for_somebody(office: Office):
    asked = {"person": str(CASE_1), "reminders": "at_once"}
    assert choose(office, STRANGER, "administrator", **asked) == asked
    ((_, state),) = office.facts("notify.RemindersChosen")
    assert (state["person"], state["reminders"]) == (str(CASE_1), "at_once")
    assert come(office, STRANGER, "administrator", person=str(CASE_1)) == "at_once"


def refused(office: Office, who: UUID, what: str, **words: Any) -> Any:
    before = office.facts()
    with pytest.raises(Refused) as refusal:
        choose(office, who, what, **words)
    assert office.facts() == before
    return refusal.value.kind, refusal.value.facts


def test_nobody_else_chooses_for_somebody(office: Office):
    asked = {"person": str(CASE_1), "reminders": "none"}
    told = {"person": str(CASE_1), "may": ["administrator"]}
    assert refused(office, MANAGER, "project_manager", **asked) == ("NotTheirOwn", told)
    with pytest.raises(Refused, match="administrator"):
        come(office, MANAGER, "project_manager", person=str(CASE_1))


@pytest.mark.parametrize(
    ("who", "what"), [(MANAGER, "project_manager"), (MICROEQUIPE, "microequipe_lead")]
)
def test_what_is_owed_is_refused_at_the_door(office: Office, who: UUID, what: str):
    told = {"person": str(who), "roles": [what]}
    assert refused(office, who, what, reminders="none") == ("RemindersAreOwed", told)
    asked = {"person": str(who), "reminders": "none"}
    assert refused(office, STRANGER, "administrator", **asked) == ("RemindersAreOwed", told)


def test_of_whom_nothing_is_known_nothing_is_chosen(office: Office):
    told = {"person": str(HEAD)}
    kind = refused(office, HEAD, "work_placement_head", reminders="at_once")
    assert kind == ("NobodyWeWriteTo", told)


@pytest.mark.parametrize(
    ("words", "argument"),
    [
        ({"reminders": "weekly"}, "reminders"),
        ({"reminders": "none", "person": "1"}, "person"),
        ({"reminders": 1}, "reminders"),
    ],
)
def test_bad_words_are_refused(office: Office, words: dict[str, Any], argument: str):
    kind, facts = refused(office, CASE_1, "case_manager", **words)
    assert (kind, facts["argument"]) == ("BadWord", argument)


@pytest.mark.parametrize("what", EVERYBODY)
def test_everybody_may_ask(office: Office, what: str):
    assert come(office, CASE_1, what) == "daily"


def test_who_takes_on_a_task_of_their_own_is_reminded_again(office: Office):
    choose(office, CASE_1, "case_manager", reminders="none")
    office.hear("people/role_assigned.v1", role(CASE_1, "microequipe_lead"))
    assert come(office, CASE_1, "case_manager") == "daily"
    ends = {"person": str(CASE_1), "role": "microequipe_lead", "organisation": "lead"}
    office.hear("people/role_ended.v1", ends | {"body": None, "on": "2026-05-31"})
    assert come(office, CASE_1, "case_manager") == "none"
