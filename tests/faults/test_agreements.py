"""What is said and heard without an agreement waits, in its order, until one is recorded."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from services.console.private_broker import PrivateBroker
from services.kernel.civil import civil_day
from services.kernel.deciding import Deciding, Occasion
from services.kernel.following import know_agreement, know_end
from services.kernel.operate import status
from services.kernel.store import Store
from tests.faults.scene import Scene, administrator, scene, sqlite_in
from tests.faults.telling import heard, kept, rows, seated, tell
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.broker, pytest.mark.usefixtures("impatient")]


@pytest.fixture
def strangers(tmp_path: Path, broker: PrivateBroker) -> Iterator[Scene]:
    """The lead with people and review, a partner with people; no agreement between them."""
    services = {"lead": ("people", "review"), "partner": ("people",)}
    with scene(tmp_path, broker, sqlite_in(tmp_path), services, agreed=False) as made:
        yield made


def agree(store: Store, partner: str, in_days: int = 0, number: int = 1) -> None:
    def act(deciding: Deciding) -> None:
        first = deciding.today + timedelta(days=in_days)
        words: dict[str, Any] = {"number": number, "partner": partner, "until": None}
        words |= {"organisation": store.programme.own, "covers": ["programme"]}
        know_agreement(deciding, words | {"from": first.isoformat()})

    _decide(store, act)


def end(store: Store, number: int = 1) -> None:
    """Yesterday was the last day."""

    def act(deciding: Deciding) -> None:
        last = deciding.today - timedelta(days=1)
        own = store.programme.own
        know_end(deciding, {"organisation": own, "number": number, "last": last.isoformat()})

    _decide(store, act)


def _decide(store: Store, act: Any) -> None:
    key = uuid4()
    store.decide(Occasion(key, f"test:{key}", str(key), administrator(store.programme.own)), act)


def waiting(store: Store) -> dict[str, int]:
    return status(store).waiting_for_agreement


def test_late_recorded_agreements_let_everything_flow_in_order(strangers: Scene) -> None:
    """First nothing goes out; then nothing is applied; then all of it is, once, in its order."""
    with strangers.stores() as stores:
        partner, review = stores["partner", "people"], stores["lead", "review"]
        lead = stores["lead", "people"]
        with strangers.couriers(partner, review, lead):
            tell(partner, 1, 2, 3)
            tell(lead, "lead 1")
            until(lambda: heard(review, lead) == 1, "our own words need no agreement")
            assert waiting(partner) == {"lead": 3}
            assert not status(partner).sound
            assert kept(review, partner) == []

            agree(partner, "lead")
            until(lambda: kept(review, partner) == [1, 2, 3], "what was said waits in the inbox")
            until(lambda: waiting(partner) == {}, "all of it went out")
            tell(lead, "lead 2")
            until(lambda: heard(review, lead) == 2, "the worker goes on with other lines")
            assert heard(review, partner) == 0
            assert waiting(review) == {"partner": 3}
            assert not status(review).sound

            agree(review, "partner")
            until(lambda: heard(review, partner) == 3, "the line goes on")
            told = [f"body-{number}" for number in (1, 2, 3)]
            assert {name: seated(review)[name] for name in told} == dict.fromkeys(told, 1)
            causes = [row.cause for row in rows(review) if "partner/people" in row.cause]
            assert causes == sorted(causes)
            assert status(review).sound


def test_after_the_last_day_words_wait_and_the_next_agreement_takes_up_where_it_stopped(
    strangers: Scene,
) -> None:
    with strangers.stores() as stores:
        partner, review = stores["partner", "people"], stores["lead", "review"]
        with strangers.couriers(partner, review):
            agree(partner, "lead")
            agree(review, "partner")
            tell(partner, 1)
            until(lambda: heard(review, partner) == 1, "under the agreement it is heard")
            end(partner)
            end(review)
            tell(partner, 2, 3)
            until(lambda: waiting(partner) == {"lead": 2}, "what was heard does not wait")
            day = civil_day(strangers.clock.now())
            agree(partner, "lead", in_days=1, number=2)
            agree(review, "partner", in_days=1, number=2)
            tell(partner, 4)
            assert (kept(review, partner), waiting(partner)) == ([1], {"lead": 3})
            strangers.pass_days()
            assert civil_day(strangers.clock.now()) == day + timedelta(days=1)
            until(lambda: heard(review, partner) == 4, "from its first day on all is heard")
    assert seated(review) == {f"body-{number}": 1 for number in (1, 2, 3, 4)}
