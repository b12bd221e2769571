"""Nobody overwrites what he has not seen: one stream, many editors, no lost update."""

from collections.abc import Callable

import pytest

from services.kernel.deciding import Deciding
from services.kernel.refusal import AlreadyBegun, Refused, Unknown, VersionMoved
from services.kernel.tables import outcomes
from tests.kernel.kitchen import APRICOT, PLUM, Jar, Shelf
from tests.kernel.labour import fill_many, fill_surely, open_all
from tests.kernel.parties import Party, occasion, some_id
from tests.kernel.processes import together

EDITORS = 4
TRIES = 40


def test_what_several_processes_were_granted_is_what_is_stored(
    new_party: Callable[..., Party],
) -> None:
    kitchen = new_party()
    jar = kitchen.open_jar()
    answers = together(
        *((fill_many, (kitchen.urls, jar, TRIES, editor)) for editor in range(EDITORS))
    )
    accepted = sum(granted for granted, _ in answers)
    versions = [row.originator_version for row in kitchen.rows()]
    assert versions == list(range(1, accepted + 2))
    assert sum(granted + refused for granted, refused in answers) == EDITORS * TRIES
    assert accepted >= TRIES


def test_decided_again_after_a_conflict_nothing_is_lost(new_party: Callable[..., Party]) -> None:
    kitchen = new_party()
    jar = kitchen.open_jar()
    together(*((fill_surely, (kitchen.urls, jar, TRIES, editor)) for editor in range(EDITORS)))
    versions = [row.originator_version for row in kitchen.rows()]
    assert versions == list(range(1, EDITORS * TRIES + 2))
    found = kitchen.decide(lambda deciding: deciding.get(Jar, jar))
    assert len(found.fruits) == EDITORS * TRIES


@pytest.mark.parametrize(("expected", "granted"), [(1, False), (2, True), (3, False)])
def test_an_edit_is_granted_at_the_version_that_was_seen_only(
    kitchen: Party, expected: int, granted: bool
) -> None:
    jar = kitchen.open_jar()
    kitchen.edit(jar, lambda found, deciding: found.fill(APRICOT, by=deciding.actor))

    def fill(deciding: Deciding) -> None:
        deciding.edit(Jar, jar, expected).fill(PLUM, by=deciding.actor)

    if granted:
        kitchen.decide(fill)
    else:
        with pytest.raises(VersionMoved) as refusal:
            kitchen.decide(fill)
        assert refusal.value.facts == {"id": str(jar), "expected": expected, "found": 2}
    assert len(kitchen.rows()) == (3 if granted else 2)


def test_who_read_before_another_wrote_is_told_of_the_conflict(
    new_party: Callable[..., Party],
) -> None:
    """Both read version 1: on PostgreSQL the slower meets the unique key, on SQLite the lock."""
    kitchen = new_party()
    other = new_party(urls=kitchen.urls)
    jar = kitchen.open_jar()
    attempts = []

    def fill(deciding: Deciding) -> None:
        found = deciding.edit(Jar, jar)
        attempts.append(found.version)
        if len(attempts) == 1 and not kitchen.store.database.sqlite:
            other.store.decide(
                occasion("meanwhile"),
                lambda faster: faster.edit(Jar, jar).fill(PLUM, by=faster.actor),
            )
        found.fill(APRICOT, by=deciding.actor)

    kitchen.decide(fill)
    if kitchen.store.database.sqlite:
        assert attempts == [1]
    else:
        assert attempts == [1, 2]
        assert [event.fruits for event in kitchen.events()[1:]] == [(PLUM,), (APRICOT,)]


def open_again(deciding: Deciding) -> None:
    deciding.add(Jar.open(some_id("jar", "first"), by=deciding.actor))


def test_a_stream_begins_once(kitchen: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused at the first attempt: nobody waits for a stream to end."""
    jar = kitchen.open_jar()
    monkeypatch.setattr(kitchen.store.database, "again", lambda attempt: attempt())
    with pytest.raises(AlreadyBegun) as refusal:
        kitchen.decide(open_again)
    assert refusal.value.facts == {"kind": "kitchen.Jar", "id": str(jar)}
    assert kitchen.told() == ["kitchen.Opened"]


def test_a_stream_begins_once_in_one_decision_too(kitchen: Party) -> None:
    def open_twice(deciding: Deciding) -> None:
        open_again(deciding)
        open_again(deciding)

    with pytest.raises(AlreadyBegun):
        kitchen.decide(open_twice)
    assert kitchen.told() == []


def test_who_looks_first_finds_what_was_begun_meanwhile(new_party: Callable[..., Party]) -> None:
    """Begun between the look and the beginning: decided again, not refused, whoever was faster."""
    kitchen = new_party()
    other = new_party(urls=kitchen.urls)
    attempts = []

    def find_or_open(deciding: Deciding) -> None:
        found = deciding.find(Jar, some_id("jar", "first"))
        attempts.append(found)
        if len(attempts) == 1 and not kitchen.store.database.sqlite:
            other.once(some_id("faster"), open_again)
        if found is None:
            open_again(deciding)

    kitchen.once(some_id("slower"), find_or_open)
    assert [bool(found) for found in attempts] == (
        [False] if kitchen.store.database.sqlite else [False, True]
    )
    assert kitchen.told() == ["kitchen.Opened"]
    assert [row.refusal for row in kitchen.table(outcomes)].count("AlreadyBegun") == 0


def test_of_two_that_begin_a_stream_at_once_one_is_refused(
    new_party: Callable[..., Party],
) -> None:
    """Both found none: on PostgreSQL the slower meets the unique key, on SQLite the lock."""
    kitchen = new_party()
    other = new_party(urls=kitchen.urls)
    attempts = []

    def open_slowly(deciding: Deciding) -> None:
        attempts.append(deciding.find(Jar, some_id("jar", "first")))
        open_again(deciding)
        if len(attempts) == 1 and not kitchen.store.database.sqlite:
            other.once(some_id("faster"), open_again)

    if kitchen.store.database.sqlite:
        other.once(some_id("faster"), open_again)
    for _ in range(2):
        with pytest.raises(Refused) as refusal:
            kitchen.once(some_id("slower"), open_slowly)
        assert refusal.value.kind == "AlreadyBegun"
    assert [bool(found) for found in attempts] == (
        [True] if kitchen.store.database.sqlite else [False, True]
    )
    assert [row.refusal for row in kitchen.table(outcomes)].count("AlreadyBegun") == 1
    assert kitchen.told() == ["kitchen.Opened"]


def test_of_processes_that_begin_the_same_streams_each_stream_has_one_winner(
    new_party: Callable[..., Party],
) -> None:
    kitchen = new_party()
    jars = [some_id("jar", number) for number in range(15)]
    begun = together(*((open_all, (kitchen.urls, jars, editor)) for editor in range(EDITORS)))
    assert sorted(jar for each in begun for jar in each) == sorted(jars)
    assert kitchen.told() == ["kitchen.Opened"] * len(jars)


def test_a_stream_of_another_kind_is_unknown(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    with pytest.raises(Unknown) as refusal:
        kitchen.decide(lambda deciding: deciding.get(Shelf, jar))
    assert refusal.value.facts == {"kind": "cellar.Shelf", "id": str(jar)}


def test_what_never_began_is_unknown(kitchen: Party) -> None:
    nowhere = some_id("nowhere")
    with pytest.raises(Unknown):
        kitchen.decide(lambda deciding: deciding.edit(Jar, nowhere))
    assert kitchen.decide(lambda deciding: deciding.find(Jar, nowhere)) is None


def test_two_looks_in_one_decision_are_at_one_aggregate(kitchen: Party) -> None:
    jar = kitchen.open_jar()

    def fill(deciding: Deciding) -> None:
        deciding.get(Jar, jar).fill(APRICOT, by=deciding.actor)
        found = deciding.find(Jar, jar)
        assert found is not None
        found.fill(PLUM, by=deciding.actor)

    kitchen.decide(fill)
    assert [row.originator_version for row in kitchen.rows()] == [1, 2, 3]
