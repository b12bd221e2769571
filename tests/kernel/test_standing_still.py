"""What contradicts stops a line for good; what crashes, until it is mended or stepped over."""

from collections.abc import Callable
from typing import Any

import pytest

from services.kernel.deciding import Deciding
from services.kernel.inbox import (
    FORKED,
    LONGEST_PAUSE,
    Looked,
    NotStopped,
    Step,
    look,
    receive,
    skip,
    stop,
)
from services.kernel.words import Heard
from tests.kernel.hearing import (
    OPERATOR,
    apply,
    as_if_tried_long_ago,
    crash,
    hear,
    line_of,
    opened,
    quarantined,
    rewritten,
)
from tests.kernel.kitchen import POLICIES
from tests.kernel.parties import Party, cellar_with, some_id


def test_another_hash_under_a_heard_number_stops_the_line_for_good(
    kitchen: Party, cellar: Party
) -> None:
    first, second, third = opened(kitchen, 3)
    hear(cellar, first, second)
    hear(cellar, rewritten(second, correlation="rewritten"), third)
    assert quarantined(cellar) == ["contradicts what was heard"]
    assert line_of(cellar, kitchen).stopped == FORKED
    as_if_tried_long_ago(cellar)
    assert look(cellar.store, kitchen.store.log_id) == Looked(Step.STOPPED, 2)
    assert len(cellar.told()) == 2


def test_another_hash_under_a_waiting_number_stops_the_line_too(
    kitchen: Party, cellar: Party
) -> None:
    first, second = opened(kitchen, 2)
    receive(cellar.store, [second, rewritten(second, correlation="rewritten"), first])
    apply(cellar)
    assert line_of(cellar, kitchen).stopped == FORKED
    assert cellar.told() == []


def test_a_chain_that_does_not_continue_stops_the_line(kitchen: Party, cellar: Party) -> None:
    first, second, third = opened(kitchen, 3)
    hear(cellar, first, rewritten(second, previous_hash="ab" * 32), third)
    line = line_of(cellar, kitchen)
    assert (line.seq, line.stopped) == (1, FORKED)
    as_if_tried_long_ago(cellar)
    assert look(cellar.store, kitchen.store.log_id) == Looked(Step.STOPPED, 1)
    assert len(cellar.told()) == 1


def test_a_restored_shorter_log_that_goes_on_is_noticed(
    kitchen: Party, cellar: Party, new_party: Callable[..., Party]
) -> None:
    """The producer lost its last envelope with a backup and says other words under its number."""
    first, second = opened(kitchen, 2)
    hear(cellar, first, second)
    other = rewritten(second, event_id=str(some_id("after the restore")))
    hear(cellar, other)
    assert line_of(cellar, kitchen).stopped == FORKED


def test_a_worker_that_looked_before_does_not_undo_the_stop(
    kitchen: Party, cellar: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The contradiction arrives between a worker's look and its transaction."""
    first, second = opened(kitchen, 2)
    receive(cellar.store, [first])
    from services.kernel import inbox as module

    apply_now = module._apply

    def late(store: Any, rows: Any) -> Any:
        receive(cellar.store, [rewritten(first, correlation="rewritten")])
        return apply_now(store, rows)

    monkeypatch.setattr(module, "_apply", late)
    look(cellar.store, kitchen.store.log_id)
    monkeypatch.undo()
    as_if_tried_long_ago(cellar)
    hear(cellar, second)
    assert line_of(cellar, kitchen).stopped == FORKED
    assert cellar.told() == []


def test_a_crash_does_not_cover_up_a_contradiction(kitchen: Party, cellar: Party) -> None:
    [first] = opened(kitchen, 1)
    receive(cellar.store, [first, rewritten(first, correlation="rewritten")])
    stop(cellar.store, kitchen.store.log_id, "RuntimeError")
    assert line_of(cellar, kitchen).stopped == FORKED


def test_nobody_steps_over_a_contradiction(kitchen: Party, cellar: Party) -> None:
    first, second = opened(kitchen, 2)
    hear(cellar, first, rewritten(second, previous_hash="ab" * 32))
    with pytest.raises(NotStopped):
        skip(cellar.store, kitchen.store.log_id, 2, "because", OPERATOR)
    assert line_of(cellar, kitchen).seq == 1


# what crashes


def test_a_crash_stops_its_own_line_only(new_party: Callable[..., Party]) -> None:
    def crash_on_plums(deciding: Deciding, said: Heard) -> None:
        if said.organisation == "partner":
            raise RuntimeError("with a text that must not be kept: aunt Pia")
        POLICIES["kitchen/jar_opened.v1"](deciding, said)

    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": crash_on_plums}))
    fine, bad = new_party(), new_party(own="partner")
    hear(cellar, *opened(bad, 2, "bad"), *opened(fine, 2, "fine"))
    assert cellar.told() == ["cellar.Reserved"] * 2
    line = line_of(cellar, bad)
    assert (line.seq, line.stopped, line.attempts) == (0, "RuntimeError", 1)
    assert line_of(cellar, fine).seq == 2
    assert "Pia" not in str(cellar.everything())


def test_before_the_crash_everything_is_heard(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    """In the same batch: the ones before the bad one are decided, the ones after it wait."""
    messages = opened(kitchen, 4)
    bad = str(some_id("jar", "jar 2"))

    def crash_on_the_bad_one(deciding: Deciding, said: Heard) -> None:
        POLICIES["kitchen/jar_opened.v1"](deciding, said)
        if said.body["jar"] == bad:
            raise ZeroDivisionError

    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": crash_on_the_bad_one}))
    hear(cellar, *messages)
    assert len(cellar.told()) == 2
    line = line_of(cellar, kitchen)
    assert (line.seq, line.stopped) == (2, "ZeroDivisionError")


def test_a_crashed_line_is_tried_again_with_longer_and_longer_pauses(
    kitchen: Party, new_party: Callable[..., Party], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1_000_000_000
    monkeypatch.setattr("services.kernel.inbox._real_now", lambda: now)
    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": crash}))
    receive(cellar.store, opened(kitchen, 1))
    pauses = []
    for attempt in range(1, 14):
        assert look(cellar.store, kitchen.store.log_id) == Looked(Step.STOPPED, 0)
        line = line_of(cellar, kitchen)
        assert line.attempts == attempt
        pauses.append((line.next_try_at - now) / 1_000_000)
        now = line.next_try_at - 1
        look(cellar.store, kitchen.store.log_id)
        assert line_of(cellar, kitchen).attempts == attempt
        now = line.next_try_at
    assert pauses[:5] == [0.5, 1, 2, 4, 8]
    assert pauses[-1] == LONGEST_PAUSE
    assert line_of(cellar, kitchen).stopped_at == 1_000_000_000


def test_a_line_that_recovers_goes_on_by_itself(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    broken = [True]

    def crash_for_now(deciding: Deciding, said: Heard) -> None:
        if broken:
            raise RuntimeError
        POLICIES["kitchen/jar_opened.v1"](deciding, said)

    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": crash_for_now}))
    hear(cellar, *opened(kitchen, 2))
    assert line_of(cellar, kitchen).stopped == "RuntimeError"
    broken.clear()
    as_if_tried_long_ago(cellar)
    apply(cellar)
    line = line_of(cellar, kitchen)
    assert (line.seq, line.stopped, line.stopped_at, line.attempts) == (2, None, None, 0)
    assert cellar.told() == ["cellar.Reserved"] * 2


def test_stepping_over_is_a_recorded_act_and_the_line_goes_on(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    bad = str(some_id("jar", "jar 0"))

    def crash_on_the_bad_one(deciding: Deciding, said: Heard) -> None:
        if said.body["jar"] == bad:
            raise RuntimeError
        POLICIES["kitchen/jar_opened.v1"](deciding, said)

    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": crash_on_the_bad_one}))
    hear(cellar, *opened(kitchen, 2))
    skip(cellar.store, kitchen.store.log_id, 1, "known defect, agreed with aunt Pia", OPERATOR)
    apply(cellar)
    assert cellar.told() == ["kernel.LineOpened", "kernel.WordsSkipped", "cellar.Reserved"]
    skipped = cellar.rows()[1]
    assert (skipped.actor, skipped.cause) == (OPERATOR.id, f"skip:{kitchen.store.log_id}#1")
    assert "Pia" not in str(cellar.rows())
    event = cellar.events()[1]
    assert event.seq == 1
    reason = cellar.decide(lambda deciding: deciding.open(event.because))
    assert reason == "known defect, agreed with aunt Pia"
    line = line_of(cellar, kitchen)
    assert (line.seq, line.stopped) == (2, None)


@pytest.mark.parametrize("seq", [0, 2, 3])
def test_only_the_next_envelope_is_stepped_over(
    kitchen: Party, new_party: Callable[..., Party], seq: int
) -> None:
    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": crash}))
    hear(cellar, *opened(kitchen, 2))
    with pytest.raises(NotStopped) as refusal:
        skip(cellar.store, kitchen.store.log_id, seq, "because", OPERATOR)
    assert refusal.value.facts == {"log_id": kitchen.store.log_id, "seq": seq, "heard": 0}
    assert cellar.told() == []
    assert line_of(cellar, kitchen).seq == 0


def test_only_a_line_that_stands_still_is_stepped_over(kitchen: Party, cellar: Party) -> None:
    receive(cellar.store, opened(kitchen, 1))
    with pytest.raises(NotStopped):
        skip(cellar.store, kitchen.store.log_id, 1, "because", OPERATOR)
    with pytest.raises(NotStopped):
        skip(cellar.store, "lead/kitchen/never-heard", 1, "because", OPERATOR)
