"""What becomes of one letter."""

import pytest

from services.notify.letter import (
    DroppedBecause,
    GivenUpBecause,
    Letter,
    NotInDoubt,
    NotToBeSentAgain,
    Obstacle,
    State,
    digest_id,
)
from services.notify.notice import Kind
from tests.review.moments import CASE_1, JULY_1, person
from tests.scenario import Story, fact, given

LETTER: dict[str, object] = {"notice": person(2), "cause": person(1), "what": Kind.PACT_DRAFTED}
LETTER |= {"person": CASE_1, "family": "NORD-2X8W5T-R"}
due = fact(Letter.Due, **LETTER, on=JULY_1)
held = fact(Letter.HeldBack, because=Obstacle.NO_ADDRESS, on=JULY_1)
deferred = fact(Letter.Deferred, round=1, attempt=1, code="451", on=JULY_1)
sent = fact(Letter.Sent, round=1, code="250", on=JULY_1)
uncertain = fact(Letter.Uncertain, round=1, on=JULY_1)
given_up = fact(
    Letter.GivenUp, round=1, because=GivenUpBecause.REFUSED, code="550-5.1.1", on=JULY_1
)
again = fact(Letter.SendAgainAsked, round=2, on=JULY_1)

OPEN = [given(due), given(due, held), given(due, deferred), given(due, uncertain, again)]
DIGEST = digest_id([person(8), person(9)])
gathered = fact(Letter.Gathered, digest=DIGEST, on=JULY_1)
dropped = fact(Letter.Dropped, because=DroppedBecause.DONE, on=JULY_1)
ENDED = [given(due, each) for each in (sent, uncertain, given_up, dropped)]


def state(story: Story) -> State:
    letter = story.aggregate()
    assert isinstance(letter, Letter)
    return letter.state


def test_a_letter_is_due_to_one_person_for_one_cause():
    given().when(Letter.due, **LETTER, on=JULY_1).then(due)


def test_a_letter_knows_its_notice_and_its_person():
    letter = given(due).aggregate()
    assert isinstance(letter, Letter)
    assert (letter.notice, letter.person) == (LETTER["notice"], CASE_1)


def test_what_keeps_a_letter_is_recorded_again_for_each_address_that_is_no_better():
    asked = {"because": Obstacle.NO_ADDRESS, "on": JULY_1}
    given(due).when(Letter.hold_back, **asked).then(held)
    given(due, held).when(Letter.hold_back, **asked).then(held)
    assert state(given(due, held)) is State.HELD_BACK
    other = {"because": Obstacle.ADDRESS_UNUSABLE, "on": JULY_1}
    given(due, held).when(Letter.hold_back, **other).then(fact(Letter.HeldBack, **other))


@pytest.mark.parametrize("story", OPEN[:3])
def test_what_the_server_took_is_recorded(story: Story):
    story.when(Letter.sent, round=1, code="250", on=JULY_1).then(sent)


@pytest.mark.parametrize("story", OPEN[:3])
def test_a_try_that_failed_is_recorded_and_the_letter_waits_for_the_next(story: Story):
    asked = {"round": 1, "attempt": 2, "code": "451", "on": JULY_1}
    failed = fact(Letter.Deferred, **asked)
    story.when(Letter.defer, **asked).then(failed)
    assert state(given(*story.facts, failed)) is State.DEFERRED


@pytest.mark.parametrize("story", OPEN[:3])
def test_what_is_not_tried_any_more_is_given_up_with_the_reason(story: Story):
    asked = {"because": GivenUpBecause.REFUSED, "code": "550-5.1.1", "on": JULY_1}
    story.when(Letter.give_up, round=1, **asked).then(given_up)


@pytest.mark.parametrize("story", OPEN[:3])
def test_of_what_nobody_knows_the_doubt_is_recorded(story: Story):
    story.when(Letter.doubt, round=1, on=JULY_1).then(uncertain)


@pytest.mark.parametrize("story", ENDED)
def test_what_has_ended_changes_no_more_by_itself(story: Story):
    story.when(Letter.hold_back, because=Obstacle.NO_ADDRESS, on=JULY_1).then()
    story.when(Letter.defer, round=1, attempt=2, code="451", on=JULY_1).then()
    story.when(Letter.sent, round=1, code="250", on=JULY_1).then()
    story.when(Letter.doubt, round=1, on=JULY_1).then()
    asked = {"because": GivenUpBecause.TOO_LONG, "code": "451", "on": JULY_1}
    story.when(Letter.give_up, round=1, **asked).then()
    story.when(Letter.gather, digest=DIGEST, on=JULY_1).then()
    story.when(Letter.drop, because=DroppedBecause.MOVED, on=JULY_1).then()


@pytest.mark.parametrize("story", OPEN)
def test_a_reminder_goes_in_one_mail_for_ever(story: Story):
    story.when(Letter.gather, digest=DIGEST, on=JULY_1).then(gathered)
    given(*story.facts, gathered).when(Letter.gather, digest=person(7), on=JULY_1).then()


@pytest.mark.parametrize("story", OPEN)
def test_a_reminder_of_nothing_is_dropped(story: Story):
    story.when(Letter.drop, because=DroppedBecause.DONE, on=JULY_1).then(dropped)


def test_a_mail_is_named_by_the_letters_that_it_carries():
    assert digest_id([person(9), person(8), person(8)]) == DIGEST
    assert digest_id([person(8)]) == person(8)
    assert digest_id([person(7), person(8)]) != DIGEST


def test_an_earlier_round_says_nothing_about_this_one():
    story = given(due, uncertain, again)
    story.when(Letter.sent, round=1, code="250", on=JULY_1).then()
    story.when(Letter.doubt, round=1, on=JULY_1).then()
    story.when(Letter.defer, round=1, attempt=2, code="451", on=JULY_1).then()
    asked = {"because": GivenUpBecause.TOO_LONG, "code": "451", "on": JULY_1}
    story.when(Letter.give_up, round=1, **asked).then()
    story.when(Letter.sent, round=2, code="250", on=JULY_1).then(
        fact(Letter.Sent, round=2, code="250", on=JULY_1)
    )


def test_a_person_finds_that_it_was_sent():
    found = fact(Letter.FoundSent, on=JULY_1)
    given(due, uncertain).when(Letter.find_sent, on=JULY_1).then(found)
    assert state(given(due, uncertain, found)) is State.SENT


@pytest.mark.parametrize("story", [*OPEN, given(due, sent), given(due, given_up)])
def test_of_what_is_known_a_person_finds_nothing(story: Story):
    story.when(Letter.find_sent, on=JULY_1).refuses(NotInDoubt, letter=story.id, state=state(story))


@pytest.mark.parametrize("ended", [uncertain, given_up])
def test_a_person_lets_it_be_sent_again(ended):
    given(due, ended).when(Letter.send_again, on=JULY_1).then(again)


@pytest.mark.parametrize("story", [*OPEN, given(due, sent), given(due, dropped)])
def test_what_is_being_sent_or_was_is_not_sent_again(story: Story):
    story.when(Letter.send_again, on=JULY_1).refuses(
        NotToBeSentAgain, letter=story.id, state=state(story)
    )
