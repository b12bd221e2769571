"""Which mail carries a letter, as the facts say; the digest of a day is one mail of several."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from services.console.year import invariants

ONE, TWO, DIGEST = UUID(int=1), UUID(int=2), UUID(int=9)
GATHERED = ("notify.LetterGathered", {"digest": str(DIGEST)})
SENT = ("notify.LetterSent", {})
AGAIN = ("notify.LetterSendAgainAsked", {})
DROPPED = ("notify.LetterDropped", {})
UNSURE = ("notify.LetterUncertain", {})
FOUND = ("notify.LetterFoundSent", {})


def letter(stream: UUID, *became: tuple[str, dict[str, Any]]) -> list[Any]:
    words = {"cause": str(stream), "what": "reminder_proposal", "person": "p"}
    told = (("notify.LetterDue", words), *became)
    return [SimpleNamespace(topic=topic, state=state, stream=stream) for topic, state in told]


def cries(*letters: list[Any], taken: list[UUID]) -> int:
    log = SimpleNamespace(
        log_id="lead/notify",
        streams={each[0].stream: each for each in letters},
        of=lambda topic: [fact for each in letters for fact in each if fact.topic == topic],
    )
    evidence = SimpleNamespace(logs={("lead", "notify"): log}, letters=taken)
    return len(list(invariants.no_mail_is_doubled(evidence)))


@pytest.mark.parametrize(
    ("became", "taken", "found"),
    [
        (((GATHERED, SENT), (GATHERED, SENT)), [DIGEST], 0),
        (((GATHERED, SENT), (GATHERED, DROPPED)), [DIGEST], 0),
        (((GATHERED, DROPPED), (GATHERED, DROPPED)), [], 0),
        (((GATHERED, SENT), (GATHERED, SENT)), [DIGEST, DIGEST], 1),
        (((GATHERED, SENT), (GATHERED, SENT)), [], 1),
        (((GATHERED, DROPPED), (GATHERED, DROPPED)), [DIGEST], 1),
        (((GATHERED, AGAIN, SENT), (SENT,)), [ONE, TWO], 0),
    ],
)
def test_a_digest_is_taken_once(became: Any, taken: list[UUID], found: int):
    assert cries(letter(ONE, *became[0]), letter(TWO, *became[1]), taken=taken) == found


@pytest.mark.parametrize(
    ("became", "taken", "found"),
    [
        ((UNSURE,), [], 0),
        ((UNSURE,), [ONE], 0),
        ((UNSURE,), [ONE, ONE], 1),
        ((UNSURE, FOUND), [], 1),
        ((UNSURE, FOUND), [ONE], 0),
        ((UNSURE, DROPPED), [ONE], 1),
    ],
)
def test_while_nobody_has_said_what_became_of_a_letter_one_may_have_been_taken(
    became: Any, taken: list[UUID], found: int
):
    assert cries(letter(ONE, *became), taken=taken) == found
