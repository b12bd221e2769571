"""What is not believed is kept aside whole, up to a limit; beyond it it is counted, never lost."""

import json
import logging
from hashlib import sha256
from typing import Any

import pytest

from services.kernel import quarantine
from services.kernel.inbox import receive
from services.kernel.operate import status
from services.kernel.quarantine import Aside, aside
from services.kernel.tables import metadata
from tests.kernel.hearing import hear, opened, rewritten
from tests.kernel.parties import Party, some_id


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A quarantine for 3 messages of at most 100 bytes, and 250 bytes in all."""
    monkeypatch.setattr(quarantine, "LARGEST", 100)
    monkeypatch.setattr(quarantine, "MOST", 3)
    monkeypatch.setattr(quarantine, "MOST_BYTES", 250)


def flood(*sizes: int) -> list[bytes]:
    """Messages that nobody can read, of these sizes."""
    return [str(number).encode().ljust(size, b"x") for number, size in enumerate(sizes)]


def look(party: Party) -> Aside:
    with party.store.database.reading() as connection:
        return aside(connection)


def chain(*bodies: bytes) -> str:
    """The digest of the messages that were not kept, as anybody can recompute it."""
    digest = bytes(32)
    for body in bodies:
        digest = sha256(digest + sha256(body).digest()).digest()
    return digest.hex()


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ([99, 100, 51], [0, 1, 2]),
        ([101, 100], [1]),
        ([100, 100, 50], [0, 1, 2]),
        ([100, 100, 51, 50], [0, 1, 3]),
        ([10, 10, 10, 10], [0, 1, 2]),
    ],
)
def test_messages_are_kept_up_to_the_limits_and_counted_beyond(
    cellar: Party, small: None, sizes: list[int], kept: list[int]
) -> None:
    bodies = flood(*sizes)
    receive(cellar.store, bodies)
    stored = {row.body for row in cellar.table(metadata.tables["quarantine"])}
    assert stored == {bodies[place] for place in kept}
    dropped = [body for body in bodies if body not in stored]
    assert look(cellar) == Aside(len(kept), len(dropped), sum(map(len, dropped)), chain(*dropped))


def test_what_is_kept_and_comes_again_is_not_counted(cellar: Party, small: None) -> None:
    bodies = flood(10, 10, 10)
    for _ in range(2):
        receive(cellar.store, bodies)
    assert look(cellar) == Aside(3)


def test_a_flood_takes_no_more_room_and_holds_up_nobody(
    kitchen: Party, cellar: Party, small: None
) -> None:
    for _ in range(20):
        receive(cellar.store, flood(*[10] * 30))
    rows = {name: len(found) for name, found in cellar.everything().items()}
    assert (rows["quarantine"], rows["quarantine_overflow"], rows["inbox"]) == (3, 1, 0)
    assert (look(cellar).kept, look(cellar).not_kept) == (3, 20 * 27)
    hear(cellar, *opened(kitchen, 1))
    assert cellar.told() == ["cellar.Reserved"]


def test_a_contradiction_that_is_not_kept_stops_its_line_all_the_same(
    kitchen: Party, cellar: Party, small: None
) -> None:
    [message] = opened(kitchen, 1)
    hear(cellar, message, rewritten(message, correlation="rewritten"))
    assert (look(cellar).kept, look(cellar).not_kept) == (0, 1)
    assert [line.stopped for line in status(cellar.store).lines] == ["Forked"]


def test_what_is_not_kept_is_seen_in_the_status_and_in_the_logs(
    cellar: Party, small: None, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="services.kernel.quarantine"):
        bodies = flood(*[101] * 9)
        receive(cellar.store, bodies)
    found = status(cellar.store)
    assert (found.quarantined, found.not_kept, found.sound) == (9, 9, False)
    logged: list[Any] = [vars(record) for record in caplog.records]
    assert [each["not_kept"] for each in logged] == [1, 2, 4, 8]
    assert logged[0]["digest"] == sha256(bodies[0]).hexdigest()
    assert (logged[0]["because"], logged[0]["bytes"]) == ("unreadable", 101)


def test_the_limits_are_far_above_what_the_suite_itself_sends(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    for text in ("for aunt Pia " * 1000, "x"):
        kitchen.edit(
            jar,
            lambda found, d, said=text: found.label(
                d.seal(some_id("aunt"), "label", said), by=d.actor
            ),
        )
    sizes = [len(message) for message in kitchen.messages("lead")]
    assert max(sizes) < quarantine.LARGEST / 5
    assert quarantine.LARGEST * 4 < quarantine.MOST_BYTES
    assert json.loads(kitchen.messages("lead")[0])
