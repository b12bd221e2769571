"""Heard once, in order, without holes, whatever a rule says and whoever is killed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from services.kernel.deciding import Deciding
from services.kernel.inbox import (
    Looked,
    Step,
    look,
    newest,
    receive,
    waiting,
)
from services.kernel.line import Line, line_id
from services.kernel.tables import heard, inbox
from services.kernel.words import Heard
from tests.kernel.hearing import apply, hear, line_of, opened, quarantined
from tests.kernel.kitchen import CELLAR, POLICIES, Shelf, shelf_of
from tests.kernel.labour import hear_all, receive_all
from tests.kernel.parties import MARCH_2, Party, cellar_with, some_id
from tests.kernel.processes import killed_at, together


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
