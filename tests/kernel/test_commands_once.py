"""One key, one decision, one answer: whoever asks again, at once or much later."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from services.kernel.deciding import Deciding
from services.kernel.refusal import Refused, VersionMoved
from services.kernel.store import KeyReused
from services.kernel.tables import outcomes
from tests.kernel.kitchen import APRICOT, Jar, JarClosed
from tests.kernel.labour import ask_at_once
from tests.kernel.parties import MARCH_2, Party, person, some_id
from tests.kernel.processes import killed_at, together

KEY = some_id("key")


def fill(jar: Any) -> Callable[[Deciding], dict[str, Any]]:
    def act(deciding: Deciding) -> dict[str, Any]:
        found = deciding.edit(Jar, jar)
        found.fill(APRICOT, by=deciding.actor)
        return {"version": found.version, "price": "2.50", "deep": [{"none": None}]}

    return act


def test_asked_again_it_answers_the_same_and_decides_nothing(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    first = kitchen.once(KEY, fill(jar))
    before = kitchen.everything()
    assert (
        kitchen.once(KEY, fill(jar))
        == first
        == {
            "version": 2,
            "price": "2.50",
            "deep": [{"none": None}],
        }
    )
    assert kitchen.everything() == before


def test_the_stored_answer_outlives_what_happened_since(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    first = kitchen.once(KEY, fill(jar))
    kitchen.edit(jar, lambda found, d: found.close(d.today, MARCH_2, by=d.actor))
    assert kitchen.once(KEY, fill(jar)) == first


def test_an_answer_of_nothing_is_an_answer(kitchen: Party) -> None:
    calls = []
    for _ in range(2):
        assert kitchen.once(KEY, calls.append) is None
    assert len(calls) == 1


def test_a_refusal_is_stored_and_given_again(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    calls = []

    def refuse(deciding: Deciding) -> None:
        calls.append(1)
        raise JarClosed(jar=jar, on=MARCH_2.date())

    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            kitchen.once(KEY, refuse)
        assert type(refusal.value).__name__ == "JarClosed"
        assert refusal.value.kind == "JarClosed"
        assert refusal.value.facts == {"jar": str(jar), "on": "2026-03-02"}
        assert str(refusal.value) == f'{{"jar": "{jar}", "on": "2026-03-02"}}'
    assert len(calls) == 1
    assert kitchen.told() == ["kitchen.Opened"]


def test_a_refusal_stays_even_when_the_rule_would_now_say_yes(kitchen: Party) -> None:
    jar = some_id("jar", "first")

    def edit(deciding: Deciding) -> int:
        return deciding.edit(Jar, jar).version

    with pytest.raises(Refused, match=r"kitchen\.Jar"):
        kitchen.once(KEY, edit)
    kitchen.open_jar()
    with pytest.raises(Refused, match=r"kitchen\.Jar"):
        kitchen.once(KEY, edit)
    assert kitchen.once(some_id("a new key"), edit) == 1


def test_a_version_that_moved_is_an_outcome_too(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            kitchen.once(KEY, lambda deciding: deciding.edit(Jar, jar, 9).version)
        assert refusal.value.kind == VersionMoved.__name__
    assert [row.refusal for row in kitchen.table(outcomes)] == ["VersionMoved"]


@pytest.mark.parametrize(
    "other",
    [
        {"method": "another"},
        {"request": b'{"other":1}'},
        {"actor": person("lead", "somebody else")},
    ],
    ids=["method", "arguments", "actor"],
)
def test_a_key_belongs_to_one_request(kitchen: Party, other: dict[str, Any]) -> None:
    jar = kitchen.open_jar()
    first = kitchen.once(KEY, fill(jar))
    before = kitchen.everything()
    with pytest.raises(KeyReused) as refusal:
        kitchen.once(KEY, fill(jar), **other)
    assert refusal.value.facts == {"key": str(KEY)}
    assert kitchen.everything() == before
    assert kitchen.once(KEY, fill(jar)) == first


def test_only_a_keyed_digest_of_the_request_is_stored(kitchen: Party) -> None:
    from hashlib import blake2b, sha256

    request = b'{"tax_code":"RSSMRA80A01H501U"}'
    kitchen.once(KEY, lambda deciding: None, request=request)
    [row] = kitchen.table(outcomes)
    plain = {sha256(request).hexdigest(), blake2b(request, digest_size=32).hexdigest()}
    assert row.digest not in plain
    assert len(row.digest) == 64


def test_the_same_request_under_another_key_is_another_decision(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    assert kitchen.once(KEY, fill(jar))["version"] == 2
    assert kitchen.once(some_id("second click, meant"), fill(jar))["version"] == 3


def test_two_threads_at_once_decide_once(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    answers: list[Any] = []
    at_once = threading.Barrier(4)

    def ask() -> None:
        at_once.wait(10)
        answers.append(kitchen.once(KEY, fill(jar)))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(answers) == 4
    assert all(answer == answers[0] for answer in answers)
    assert kitchen.told() == ["kitchen.Opened", "kitchen.Filled"]


def test_four_processes_at_once_decide_once_for_each_key(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    keys = [some_id("key", number) for number in range(15)]
    answers = together(*((ask_at_once, (kitchen.urls, jar, keys)) for _ in range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert sorted(version for version in answers[0]) == list(range(2, 17))
    assert len(kitchen.told()) == 1 + len(keys)


def test_after_a_crash_between_claim_and_commit_nothing_is_claimed(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    killed_at("after claiming the key", ask_at_once, kitchen.urls, jar, [KEY])
    assert kitchen.table(outcomes) == []
    assert kitchen.once(KEY, lambda deciding: "decided now") == "decided now"


def test_an_error_claims_nothing(kitchen: Party) -> None:
    with pytest.raises(ZeroDivisionError):
        kitchen.once(KEY, lambda deciding: 1 // 0)
    assert kitchen.table(outcomes) == []
    assert kitchen.once(KEY, lambda deciding: "decided now") == "decided now"
