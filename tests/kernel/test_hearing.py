"""Heard once, in order, without holes; what is not believed is kept aside, a crash waits."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from services.kernel.deciding import Deciding
from services.kernel.inbox import (
    FORKED,
    LONGEST_PAUSE,
    Looked,
    NotStopped,
    Step,
    lines_waiting,
    look,
    newest,
    receive,
    skip,
    stop,
    waiting,
)
from services.kernel.line import Line, line_id
from services.kernel.rows import canonical
from services.kernel.tables import heard, inbox, quarantine
from services.kernel.words import Heard
from tests.kernel.kitchen import CELLAR, POLICIES, Shelf, shelf_of
from tests.kernel.labour import hear_all, receive_all
from tests.kernel.parties import MARCH_2, Party, cellar_with, keys_of, person, some_id
from tests.kernel.processes import killed_at, together

OPERATOR = person("lead", "operator", "administrator")


def opened(kitchen: Party, count: int, name: str = "jar") -> list[bytes]:
    """Open *count* jars; what the kitchen says of them to the lead."""
    said = len(kitchen.messages("lead"))
    for number in range(count):
        kitchen.open_jar(f"{name} {number}")
    return kitchen.messages("lead", after=said)


def hear(cellar: Party, *messages: bytes) -> None:
    """Receive *messages*, then apply all that can be applied."""
    receive(cellar.store, messages)
    apply(cellar)


def apply(cellar: Party) -> None:
    with cellar.store.database.reading() as connection:
        known = lines_waiting(connection)
    for log_id in known:
        while look(cellar.store, log_id).step is Step.HEARD:
            pass


def line_of(cellar: Party, kitchen: Party) -> Any:
    """How far *cellar* has heard *kitchen*."""
    with cellar.store.database.reading() as connection:
        query = select(heard).where(heard.c.log_id == kitchen.store.log_id)
        return connection.execute(query).one()


def as_if_tried_long_ago(cellar: Party) -> None:
    """Let the back-off be over."""
    with cellar.store.database.writing() as connection:
        connection.execute(update(heard).values(next_try_at=0))


def rewritten(body: bytes, signer: str = "lead", **words: Any) -> bytes:
    """A message whose envelope says something else, well signed by *signer*."""
    message = json.loads(body)
    envelope = canonical({**json.loads(message["envelope"]), **words})
    return sealed(envelope, message["parts"], signer)


def sealed(envelope: str, parts: Any = (), signer: str = "lead") -> bytes:
    signature = keys_of(signer).envelopes.sign(envelope.encode()).signature.hex()
    return json.dumps({"envelope": envelope, "signature": signature, "parts": parts}).encode()


def quarantined(cellar: Party) -> list[str]:
    """Why messages were kept aside."""
    return sorted(row.reason for row in cellar.table(quarantine))


def crash(_deciding: Deciding, _heard: Heard) -> None:
    raise RuntimeError("with a text that must not be kept: aunt Pia")


def test_what_was_said_is_heard_in_order_and_decided(kitchen: Party, cellar: Party) -> None:
    hear(cellar, *opened(kitchen, 3))
    assert cellar.told() == ["cellar.Reserved"] * 3
    assert [event.jar for event in cellar.events()] == [
        some_id("jar", f"jar {number}") for number in range(3)
    ]
    line = line_of(cellar, kitchen)
    assert (line.seq, line.stopped, line.attempts) == (3, None, 0)


def test_what_follows_carries_cause_correlation_and_on_whose_behalf(
    kitchen: Party, cellar: Party
) -> None:
    hear(cellar, *opened(kitchen, 1))
    [said], [row] = kitchen.rows(), cellar.rows()
    assert row.cause == f"heard:{kitchen.store.log_id}#1"
    assert row.correlation == said.correlation
    assert (row.actor, row.on_behalf_of) == ("lead/service/cellar", said.actor)


def test_out_of_order_waits_for_what_is_missing(kitchen: Party, cellar: Party) -> None:
    first, second, third = opened(kitchen, 3)
    hear(cellar, third)
    assert look(cellar.store, kitchen.store.log_id) == Looked(Step.HOLE, 0)
    assert cellar.told() == []
    hear(cellar, second)
    assert look(cellar.store, kitchen.store.log_id) == Looked(Step.HOLE, 0)
    hear(cellar, first)
    assert cellar.told() == ["cellar.Reserved"] * 3
    assert look(cellar.store, kitchen.store.log_id) == Looked(Step.WAITING, 3)


def test_up_to_a_hole_is_heard(kitchen: Party, cellar: Party) -> None:
    first, second, third, fourth = opened(kitchen, 4)
    hear(cellar, first, second, fourth)
    assert line_of(cellar, kitchen).seq == 2
    assert look(cellar.store, kitchen.store.log_id) == Looked(Step.HOLE, 2)
    with cellar.store.database.reading() as connection:
        assert waiting(connection) == 1
    hear(cellar, third)
    assert line_of(cellar, kitchen).seq == 4


@pytest.mark.parametrize("batch", [True, False])
def test_a_message_that_comes_twice_counts_once(kitchen: Party, cellar: Party, batch: bool) -> None:
    messages = opened(kitchen, 3)
    if batch:
        hear(cellar, *messages, *messages)
    else:
        for message in (*messages, *reversed(messages)):
            hear(cellar, message)
    assert cellar.told() == ["cellar.Reserved"] * 3
    assert len(cellar.table(inbox)) == 3
    assert quarantined(cellar) == []


def test_a_batch_and_one_by_one_give_the_same_log(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    messages = opened(kitchen, 5)
    together, singly = new_party(CELLAR), new_party(CELLAR)
    hear(together, *messages)
    for message in messages:
        hear(singly, message)
    told = [
        [(row.position, row.topic, row.originator_id, row.state, row.cause) for row in each.rows()]
        for each in (together, singly)
    ]
    assert told[0] == told[1]


def test_the_log_does_not_depend_on_where_a_batch_ends(
    kitchen: Party, cellar: Party, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.kernel.inbox.BATCH", 2)
    hear(cellar, *opened(kitchen, 5))
    assert [row.cause[-2:] for row in cellar.rows()] == ["#1", "#2", "#3", "#4", "#5"]


def test_applied_again_it_adds_nothing(kitchen: Party, cellar: Party) -> None:
    """Should a heard position be lost and everything come again, the policies add nothing."""
    messages = opened(kitchen, 2)
    hear(cellar, *messages)
    before = cellar.rows()
    with cellar.store.database.writing() as connection:
        connection.execute(update(heard).values(seq=0, hash="0" * 64))
    apply(cellar)
    assert cellar.rows() == before
    assert line_of(cellar, kitchen).seq == 2


@pytest.mark.parametrize("batch", [1, 100])
def test_several_workers_at_once_apply_each_envelope_once(
    kitchen: Party, cellar: Party, batch: int
) -> None:
    receive(cellar.store, opened(kitchen, 30))
    together(
        *((hear_all, (cellar.urls, kitchen.store.log_id, batch)) for _ in range(3)),
    )
    line = line_of(cellar, kitchen)
    assert (line.seq, line.stopped, line.attempts) == (30, None, 0)
    assert [row.cause for row in cellar.rows()] == [
        f"heard:{kitchen.store.log_id}#{number}" for number in range(1, 31)
    ]


@pytest.mark.parametrize(
    ("failpoint", "count", "heard_of_it"),
    [
        ("between heard and apply", 2, False),
        ("between apply and heard", 2, False),
        ("before heard commit", 1, False),
        ("after heard commit", 1, True),
    ],
)
def test_a_worker_killed_anywhere_applies_once(
    kitchen: Party, cellar: Party, failpoint: str, count: int, heard_of_it: bool
) -> None:
    receive(cellar.store, opened(kitchen, 3))
    killed_at(failpoint, hear_all, cellar.urls, kitchen.store.log_id, 100, count=count)
    assert line_of(cellar, kitchen).seq == (3 if heard_of_it else 0)
    assert len(cellar.told()) == (3 if heard_of_it else 0)
    apply(cellar)
    assert cellar.told() == ["cellar.Reserved"] * 3


@pytest.mark.parametrize(
    ("failpoint", "kept"), [("before inbox commit", 0), ("between inbox commit and ack", 3)]
)
def test_a_receiver_killed_around_its_commit_hears_again_and_keeps_once(
    kitchen: Party, cellar: Party, failpoint: str, kept: int
) -> None:
    messages = opened(kitchen, 3)
    killed_at(failpoint, receive_all, cellar.urls, messages)
    assert len(cellar.table(inbox)) == kept
    hear(cellar, *messages)
    assert len(cellar.table(inbox)) == len(cellar.told()) == 3


def test_two_producers_are_two_lines(new_party: Callable[..., Party], cellar: Party) -> None:
    one, other = new_party(), new_party(own="partner")
    hear(cellar, *opened(one, 2, "one"), *opened(other, 3, "other"))
    assert (line_of(cellar, one).seq, line_of(cellar, other).seq) == (2, 3)
    assert len(cellar.told()) == 5


# what is not believed


def test_a_forged_signature_is_kept_aside(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    hear(cellar, rewritten(message, signer="partner"))
    assert quarantined(cellar) == ["not signed by the organisation it names"]
    assert cellar.told() == []
    hear(cellar, message)
    assert cellar.told() == ["cellar.Reserved"]


def test_changed_words_are_kept_aside(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    words = json.loads(message)
    words["envelope"] = words["envelope"].replace("small", "large")
    hear(cellar, json.dumps(words).encode())
    assert quarantined(cellar) == ["not signed by the organisation it names"]
    assert cellar.told() == []


@pytest.mark.parametrize(
    "log_id", ["nobody/kitchen/0123456789abcdef", "partner/bakery/0123456789abcdef"]
)
def test_an_unknown_organisation_or_service_is_kept_aside(
    kitchen: Party, cellar: Party, log_id: str
) -> None:
    [message] = opened(kitchen, 1)
    organisation, service, _ = log_id.split("/")
    says = {f"{service}/jar_opened.v1": {"jar": str(some_id("x"))}}
    forged = rewritten(message, "partner", log_id=log_id, says=says, by=f"{organisation}/service/x")
    hear(cellar, forged)
    assert quarantined(cellar) == ["unknown organisation or service"]
    assert cellar.told() == []


def test_what_was_said_to_somebody_else_is_kept_aside(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    cellar = new_party(CELLAR, own="partner")
    hear(cellar, *opened(kitchen, 1))
    assert quarantined(cellar) == ["said to somebody else"]
    assert cellar.told() == []


def test_an_organisation_cannot_speak_for_another_in_a_log_of_its_own(
    new_party: Callable[..., Party], cellar: Party
) -> None:
    """A partner signs well, but names an actor of the lead."""
    kitchen = new_party(own="partner")
    [message] = opened(kitchen, 1)
    hear(cellar, rewritten(message, "partner", by="lead/person/boss"))
    assert quarantined(cellar) == ["unreadable"]
    assert cellar.told() == []


def test_a_service_cannot_speak_with_the_contracts_of_another(
    new_party: Callable[..., Party],
) -> None:
    """A partner's cellar signs well, but says what only kitchens say."""
    message = opened(new_party(own="partner"), 1)[0]
    hearer = new_party(CELLAR)
    forged = rewritten(message, "partner", log_id="partner/cellar/0123456789abcdef")
    hear(hearer, forged)
    assert quarantined(hearer) == ["unreadable"]
    assert hearer.told() == []


GARBAGE: list[Any] = [
    b"",
    b"\xff\xfe",
    b"null",
    b"17",
    b'"text"',
    b"[]",
    b"{}",
    b'{"envelope": "{}"}',
    b'{"envelope": "{}", "signature": "", "parts": []}',
    b'{"envelope": {}, "signature": "", "parts": []}',
    b'{"envelope": "\\ud800", "signature": "", "parts": []}',
    b"[" * 100_000,
    b'{"envelope": "' + b"[" * 100_000 + b'", "signature": "", "parts": []}',
    b"1" * 5_000,
]


def test_garbage_is_kept_aside_and_holds_up_nobody(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    hear(cellar, *GARBAGE, message, *GARBAGE)
    assert quarantined(cellar) == ["unreadable"] * len(GARBAGE)
    assert cellar.told() == ["cellar.Reserved"]


OTHER_SHAPES: list[dict[str, Any]] = [
    {"seq": 0},
    {"seq": -1},
    {"seq": 2**63},
    {"seq": 10**30},
    {"seq": "1"},
    {"seq": True},
    {"seq": None},
    {"log_id": None},
    {"log_id": ["/", "/"]},
    {"log_id": "lead/kitchen"},
    {"log_id": "lead//x"},
    {"log_id": "lead/kitchen/x\n"},
    {"log_id": f"lead/kitchen/{'x' * 200}"},
    {"previous_hash": "0"},
    {"previous_hash": "G" * 64},
    {"event_id": "1"},
    {"recorded_at": -1},
    {"recorded_at": 10**20},
    {"recorded_at": "2026-03-02"},
    {"by": None},
    {"by": ""},
    {"by": f"lead/person/{'x' * 200}"},
    {"correlation": "x" * 81},
    {"cause": 1},
    {"says": []},
    {"says": {"kitchen/jar_opened.v1": "text"}},
    {"parts": {}},
    {"parts": ["part"]},
    {"parts": [{"ref": "x", "commitment": "0" * 64}]},
    {"parts": [{"ref": str(some_id("x")), "commitment": "0"}]},
]


def test_well_signed_envelopes_of_another_shape_are_kept_aside(
    kitchen: Party, cellar: Party
) -> None:
    [message] = opened(kitchen, 1)
    for words in OTHER_SHAPES:
        before = len(quarantined(cellar))
        receive(cellar.store, [rewritten(message, **words)])
        assert len(quarantined(cellar)) == before + 1, words
    hear(cellar, message)
    assert quarantined(cellar) == ["unreadable"] * len(OTHER_SHAPES)
    assert cellar.told() == ["cellar.Reserved"]


def test_parts_of_another_shape_are_kept_aside(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    envelope = json.loads(message)["envelope"]
    ref = str(some_id("x"))
    shapes = (
        None,
        1,
        ["part"],
        [{}],
        [{"ref": ref}],
        [{"erased": True}],
        [{"ref": ref, "sealed": "g"}],
    )
    for parts in shapes:
        receive(cellar.store, [sealed(envelope, parts)])
    assert quarantined(cellar) == ["unreadable"] * len(shapes)
    hear(cellar, message)
    assert cellar.told() == ["cellar.Reserved"]


def test_what_is_kept_aside_is_kept_whole_and_once(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    forged = rewritten(message, signer="partner")
    hear(cellar, forged)
    hear(cellar, forged)
    [row] = cellar.table(quarantine)
    assert row.body == forged


# what contradicts


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


# what a rule refuses


def test_what_a_rule_refuses_becomes_a_fact_and_hearing_goes_on(
    kitchen: Party, cellar: Party
) -> None:
    jar = kitchen.open_jar()
    for _ in range(2):
        kitchen.edit(jar, lambda found, d: found.close(d.today, MARCH_2, by=d.actor))
    hear(cellar, *kitchen.messages("lead"))
    assert cellar.told() == [
        *("cellar.Reserved", "cellar.Emptied"),
        *("kernel.LineOpened", "kernel.WordsRefused"),
    ]
    refused = cellar.events()[3]
    assert refused.originator_id == line_id(kitchen.store.log_id)
    assert (refused.seq, refused.contract, refused.refusal, refused.facts) == (
        *(3, "kitchen/jar_closed.v2", "ShelfTaken"),
        {"shelf": str(shelf_of(jar))},
    )
    assert line_of(cellar, kitchen).seq == 3


def test_a_refused_reaction_leaves_nothing_of_what_it_had_begun(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    def begin_and_refuse(deciding: Deciding, said: Heard) -> None:
        POLICIES["kitchen/jar_opened.v1"](deciding, said)
        deciding.seal(some_id("subject"), "note", "secret")
        deciding.get(Shelf, some_id("no such shelf"))

    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": begin_and_refuse}))
    hear(cellar, *opened(kitchen, 2))
    assert cellar.told() == ["kernel.LineOpened", "kernel.WordsRefused", "kernel.WordsRefused"]
    assert cellar.everything()["vault"] == []
    found = cellar.decide(lambda deciding: deciding.get(Line, line_id(kitchen.store.log_id)))
    assert (found.log_id, found.not_followed) == (kitchen.store.log_id, (1, 2))


# several contract versions


def test_a_policy_that_begins_what_has_begun_is_refused_and_hearing_goes_on(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    def reserve_the_one_shelf(deciding: Deciding, said: Heard) -> None:
        shelf = shelf_of("the only one")
        deciding.add(Shelf.reserve(shelf, said.event_id, by=deciding.actor))

    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": reserve_the_one_shelf}))
    hear(cellar, *opened(kitchen, 3))
    assert cellar.told() == [
        *("cellar.Reserved", "kernel.LineOpened", "kernel.WordsRefused", "kernel.WordsRefused")
    ]
    assert [event.refusal for event in cellar.events()[2:]] == ["AlreadyBegun"] * 2
    assert line_of(cellar, kitchen).stopped is None


def closed(kitchen: Party) -> list[bytes]:
    jar = kitchen.open_jar()
    kitchen.edit(
        jar, lambda found, deciding: found.close(deciding.today, MARCH_2, by=deciding.actor)
    )
    return kitchen.messages("lead")


@pytest.mark.parametrize(
    ("known", "taken"),
    [
        (("v1",), "v1"),
        (("v2",), "v2"),
        (("v1", "v2"), "v2"),
        (("v2", "v3"), "v2"),
        (("v1", "v3", "v10"), "v1"),
        (("v3",), None),
        ((), None),
    ],
)
def test_of_two_versions_on_the_wire_the_newest_known_is_taken(
    kitchen: Party, new_party: Callable[..., Party], known: tuple[str, ...], taken: str | None
) -> None:
    got: list[tuple[str, dict[str, Any]]] = []
    policies = {
        f"kitchen/jar_closed.{version}": lambda _, said: got.append((said.contract, said.body))
        for version in known
    }
    cellar = new_party(cellar_with(policies))
    hear(cellar, *closed(kitchen))
    jar = str(some_id("jar", "first"))
    bodies = {"v1": {"jar": jar}, "v2": {"jar": jar, "on": "2026-03-02"}}
    assert got == ([(f"kitchen/jar_closed.{taken}", bodies[taken])] if taken else [])
    assert line_of(cellar, kitchen).seq == 2
    assert cellar.told() == []


def test_version_ten_is_newer_than_version_nine() -> None:
    assert newest({"a.v9", "a.v10"}, {"a.v10", "a.v9", "a.v11"}) == "a.v10"


def test_a_policy_is_told_who_spoke_when_and_by_whom(
    new_party: Callable[..., Party],
) -> None:
    got: list[Heard] = []
    kitchen = new_party(own="partner")
    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": lambda _, said: got.append(said)}))
    hear(cellar, *opened(kitchen, 1))
    [row] = kitchen.rows()
    assert got == [
        Heard(
            contract="kitchen/jar_opened.v1",
            body={"jar": str(row.originator_id), "size": "small", "on": "2026-01-07"},
            organisation="partner",
            service="kitchen",
            said_at=MARCH_2,
            by=row.actor,
            event_id=row.event_id,
        )
    ]


def test_a_new_audience_hears_from_its_first_envelope(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    """Numbers are gapless for each audience: the partner is told only of what concerns it."""
    for number in range(3):
        kitchen.open_jar(number)
    kitchen.edit(
        some_id("jar", 1), lambda found, d: found.close(d.today, MARCH_2 + timedelta(1), by=d.actor)
    )
    cellar = new_party(cellar_with({}), own="partner")
    hear(cellar, *kitchen.messages("partner"))
    assert line_of(cellar, kitchen).seq == 1
