"""What an operator sees, and who may be the courier."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import insert

from services.kernel.database import Database
from services.kernel.health import gauges
from services.kernel.inbox import receive
from services.kernel.lease import Lease
from services.kernel.operate import Audience, LineStatus, status
from services.kernel.proof.checkpoints import Contradicted, read_whole
from services.kernel.store import Store
from services.kernel.tables import sent
from tests.kernel.hearing import crash, hear, opened, rewritten
from tests.kernel.kitchen import CELLAR
from tests.kernel.labour import hold_once
from tests.kernel.parties import MARCH_2, Party, cellar_with
from tests.kernel.processes import together
from tests.kernel.proof.signing import cosigned, signed
from tests.kernel.proof.tampering import tamper


def served(kitchen: Party, audience: str, seq: int, stopped: str | None = None) -> None:
    """As if the courier had got so far."""
    with kitchen.store.database.writing() as connection:
        connection.execute(
            insert(sent).values(audience=audience, seq=seq, hash="0" * 64, stopped=stopped)
        )


def test_an_empty_log(kitchen: Party) -> None:
    found = status(kitchen.store)
    assert (found.log_id, found.position) == (kitchen.store.log_id, 0)
    assert (found.audiences, found.lines, found.views) == ((), (), {"jars": 0})
    assert (found.quarantined, found.days_behind, found.sound) == (0, 1, True)


def test_what_was_said_and_what_was_sent(kitchen: Party) -> None:
    for number in range(3):
        kitchen.open_jar(number)
        kitchen.clock.pass_(seconds=10)
    assert status(kitchen.store).audiences == (Audience("lead", 3, 0, 30.0, None),)
    served(kitchen, "lead", 2)
    [audience] = status(kitchen.store).audiences
    assert (audience.unsent, audience.oldest_seconds) == (1, 10.0)


def test_when_all_is_sent_nothing_is_old(kitchen: Party) -> None:
    kitchen.open_jar()
    served(kitchen, "lead", 1)
    kitchen.clock.pass_(days=1)
    [audience] = status(kitchen.store).audiences
    assert (audience.unsent, audience.oldest_seconds) == (0, 0.0)


def test_what_was_heard_and_what_waits(kitchen: Party, cellar: Party) -> None:
    first, second, third = opened(kitchen, 3)
    hear(cellar, first, third)
    assert status(cellar.store).lines == (LineStatus(kitchen.store.log_id, 1, 1, None, 0),)
    assert status(cellar.store).sound
    hear(cellar, second)
    assert status(cellar.store).lines == (LineStatus(kitchen.store.log_id, 3, 0, None, 0),)


def test_a_line_that_stands_still_is_unsound(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": crash}))
    hear(cellar, *opened(kitchen, 2))
    found = status(cellar.store)
    assert found.lines == (LineStatus(kitchen.store.log_id, 0, 2, "RuntimeError", 1),)
    assert not found.sound


def test_a_message_kept_aside_is_unsound(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    receive(cellar.store, [rewritten(message, signer="partner")])
    found = status(cellar.store)
    assert (found.quarantined, found.sound) == (1, False)


def test_an_audience_that_is_not_served_is_unsound(kitchen: Party) -> None:
    kitchen.open_jar()
    served(kitchen, "lead", 1, "ShorterLog")
    found = status(kitchen.store)
    assert found.audiences[0].stopped == "ShorterLog"
    assert not found.sound


def test_the_status_is_json(kitchen: Party, cellar: Party) -> None:
    hear(cellar, *opened(kitchen, 1))
    for party in (kitchen, cellar):
        words = status(party.store).words()
        assert json.loads(json.dumps(words))["sound"] is True
        assert set(words) == {
            *("log_id", "position", "audiences", "lines", "views", "quarantined"),
            *("not_kept", "days_behind", "checkpoint", "cosigned", "seen", "sound"),
        }


def test_the_figures_are_gauges(kitchen: Party, new_party: Callable[..., Party]) -> None:
    cellar = new_party(cellar_with({"kitchen/jar_opened.v1": crash}))
    messages = opened(kitchen, 2)
    hear(cellar, *messages)

    def figures(store: Store) -> dict[str, Any]:
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in gauges(status(store))
            for sample in family.samples
        }

    log_id = kitchen.store.log_id
    assert figures(cellar.store) == {
        ("comunita_log_position",): 0,
        ("comunita_inbox_waiting", log_id): 2,
        ("comunita_line_stopped", log_id): 1,
        ("comunita_quarantined",): 0,
        ("comunita_quarantine_not_kept",): 0,
        ("comunita_days_behind",): 1,
        ("comunita_checkpoint_position",): 0,
    }
    found = figures(kitchen.store)
    assert found["comunita_log_position",] == 2
    assert found["comunita_unsent", "lead"] == 2
    assert found["comunita_oldest_unsent_seconds", "lead"] == 0
    assert found["comunita_view_lag", "jars"] == 0
    assert kitchen.clock.now() == MARCH_2
    signed(kitchen)
    cosigned(kitchen)
    found = figures(kitchen.store)
    assert found["comunita_checkpoint_position",] == 2
    assert found["comunita_cosigned_position", "partner"] == 2
    assert found["comunita_log_contradicted", log_id] == 0
    tamper(kitchen, "UPDATE events SET cause = 'x' WHERE position = 1")
    with pytest.raises(Contradicted):
        read_whole(kitchen.store)
    assert figures(kitchen.store)["comunita_log_contradicted", log_id] == 1


# the lease


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Real time, as the lease sees it."""
    at = [1_000.0]
    monkeypatch.setattr("services.kernel.lease.time.time", lambda: at[0])
    return at


@pytest.fixture
def new_lease(cellar: Party) -> Callable[..., Lease]:
    def new(name: str = "courier", seconds: float = 6.0) -> Lease:
        return Lease(cellar.store.database, name, seconds)

    return new


def test_one_holds_the_lease_the_other_waits(new_lease: Callable[..., Lease]) -> None:
    one, other = new_lease(), new_lease()
    assert one.hold()
    assert not other.hold()
    assert one.hold()


@pytest.mark.parametrize(("after", "free"), [(5.999, False), (6.0, False), (6.001, True)])
def test_a_lease_that_is_not_prolonged_ends(
    new_lease: Callable[..., Lease], now: list[float], after: float, free: bool
) -> None:
    one, other = new_lease(), new_lease()
    assert one.hold()
    now[0] += after
    assert other.hold() is free
    assert one.hold() is not free


def test_prolonging_counts_from_now(new_lease: Callable[..., Lease], now: list[float]) -> None:
    one, other = new_lease(), new_lease()
    for _ in range(5):
        assert one.hold()
        now[0] += 5
        assert not other.hold()


def test_a_lease_that_is_given_back_is_free_at_once(new_lease: Callable[..., Lease]) -> None:
    one, other = new_lease(), new_lease()
    one.hold()
    one.give_back()
    assert other.hold()
    assert not one.hold()


def test_nobody_gives_back_what_another_holds(new_lease: Callable[..., Lease]) -> None:
    one, other = new_lease(), new_lease()
    one.hold()
    other.give_back()
    assert not other.hold()


def test_two_names_are_two_leases(new_lease: Callable[..., Lease]) -> None:
    assert new_lease("courier").hold()
    assert new_lease("something else").hold()


def test_of_several_processes_at_once_one_gets_the_lease(cellar: Party) -> None:
    answers = together(*((hold_once, (cellar.urls, 60.0)) for _ in range(4)))
    assert sorted(answers) == [False, False, False, True]


def test_a_lease_needs_no_service(cellar: Party) -> None:
    database = Database(cellar.urls.runtime)
    assert Lease(database, "alone", 6.0).hold()
    database.dispose()
    assert cellar.store.composition == CELLAR
