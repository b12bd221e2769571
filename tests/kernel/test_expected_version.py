"""Nobody overwrites what he has not seen: one stream, many editors, no lost update."""

from collections.abc import Callable

import pytest

from services.kernel.database import Conflict
from services.kernel.deciding import Deciding
from services.kernel.refusal import Unknown, VersionMoved
from tests.kernel.kitchen import APRICOT, PLUM, Jar, Shelf
from tests.kernel.labour import fill_many, fill_surely
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


def test_a_stream_begins_once(kitchen: Party, monkeypatch: pytest.MonkeyPatch) -> None:
    jar = kitchen.open_jar()
    monkeypatch.setattr(kitchen.store.database, "again", lambda attempt: attempt())
    with pytest.raises(Conflict):
        kitchen.decide(lambda deciding: deciding.add(Jar.open(jar, by=deciding.actor)))
    assert kitchen.told() == ["kitchen.Opened"]


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
