"""Which mail carries a letter, as the facts say; the digest of a day is one mail of several."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from services.console.year import invariants

ONE, TWO, DIGEST = UUID(int=1), UUID(int=2), UUID(int=9)
NOTICE = UUID(int=3)
GATHERED = ("notify.LetterGathered", {"digest": str(DIGEST)})
SENT = ("notify.LetterSent", {})
AGAIN = ("notify.LetterSendAgainAsked", {})
DROPPED = ("notify.LetterDropped", {})
UNSURE = ("notify.LetterUncertain", {})
FOUND = ("notify.LetterFoundSent", {})


def letter(stream: UUID, *became: tuple[str, dict[str, Any]]) -> list[Any]:
    words = {"cause": str(stream), "what": "reminder_proposal", "person": "p"}
    told = (("notify.LetterDue", words | {"notice": str(NOTICE)}), *became)
    return [SimpleNamespace(topic=topic, state=state, stream=stream) for topic, state in told]


def log_of(organisation: str, letters: Sequence[list[Any]], due: str = "2026-04-20") -> Any:
    notice = {"what": "reminder_proposal", "subject": {"number": 1}, "due": due}
    return SimpleNamespace(
        log_id=f"{organisation}/notify",
        streams={
            NOTICE: [SimpleNamespace(state=notice)],
            **{each[0].stream: each for each in letters},
        },
        of=lambda topic: [fact for each in letters for fact in each if fact.topic == topic],
    )


def cries(*letters: list[Any], taken: list[UUID]) -> int:
    logs = {("lead", "notify"): log_of("lead", letters)}
    return len(list(invariants.no_mail_is_doubled(SimpleNamespace(logs=logs, letters=taken))))


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


@pytest.mark.parametrize(("due", "found"), [("2026-04-20", 1), ("2026-05-20", 0)])
def test_what_one_organisation_tells_a_person_no_other_one_tells(due: str, found: int):
    logs = {
        ("lead", "notify"): log_of("lead", [letter(ONE, SENT)]),
        ("nord", "notify"): log_of("nord", [letter(TWO, SENT)], due),
    }
    evidence = SimpleNamespace(logs=logs, letters=[ONE, TWO])
    assert len(list(invariants.no_mail_is_doubled(evidence))) == found
