"""A real RabbitMQ 4, in which nothing is permitted that a later one will not have.

What is new in 4: a message that was handed over 21 times and never acknowledged is dropped. That
virtual hosts, shovels and permissions are as before is told in ``test_topology.py``.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pika
import pytest
from pika.exceptions import ConnectionClosedByBroker

from services.console.private_broker import PrivateBroker
from services.console.topology import Topology
from services.kernel.calling import Caller
from services.kernel.courier.names import heard_queue
from services.kernel.operate import status
from services.kernel.store import Store
from tests.conftest import DEPRECATED
from tests.faults.running import Running, end_all
from tests.faults.scene import Scene, administrator, keys_of, scene, sqlite_in
from tests.faults.settled import missing
from tests.faults.telling import Hand, heard, rows, seated, tell
from tests.infra.dying import LIMIT, dies_holding, fill
from tests.waiting import until

pytestmark = [pytest.mark.rabbitmq4, pytest.mark.broker, pytest.mark.slow]

SERVICES = {"lead": ("people", "review"), "partner": ("people",)}
Stores = dict[tuple[str, str], Store]
TO_REVIEW = heard_queue("review", "partner", "people")
PERSON = UUID(int=7, version=4)


@pytest.fixture
def place(tmp_path: Path, broker4: PrivateBroker) -> Iterator[Scene]:
    with scene(tmp_path, broker4, sqlite_in(tmp_path), SERVICES) as made:
        yield made


@pytest.fixture
def stores(place: Scene) -> Iterator[Stores]:
    with place.stores() as opened:
        yield opened


@pytest.fixture
def told(place: Scene, stores: Stores) -> Store:
    """The partner's people, whose ten words wait in review's queue; no courier runs."""
    with place.courier(stores["lead", "review"]), Hand(place, "lead") as hand:
        until(lambda: hand.waiting(TO_REVIEW) == 0, "the queue is there")
    partner = stores["partner", "people"]
    with place.courier(partner), Hand(place, "lead") as hand:
        tell(partner, *range(1, 11))
        until(lambda: hand.waiting(TO_REVIEW) == 10, "ten wait in the queue")
    return partner


def test_it_is_a_rabbitmq_4_that_refuses_all_it_deprecates(broker4: PrivateBroker) -> None:
    api = _api(broker4)
    assert int(api._get("overview")["rabbitmq_version"].split(".")[0]) >= 4
    phases = {each["name"]: each["deprecation_phase"] for each in api._get("deprecated-features")}
    assert {name for name, phase in phases.items() if phase != "removed"} <= set(DEPRECATED)
    connection = pika.BlockingConnection(pika.URLParameters(_url(broker4)))
    with pytest.raises(ConnectionClosedByBroker, match="transient_nonexcl_queues"):
        connection.channel().queue_declare("transient", durable=False)


def test_a_queue_that_nobody_cares_for_drops_what_was_handed_over_21_times(
    broker4: PrivateBroker,
) -> None:
    """Else the other tests would show nothing."""
    url = _url(broker4)
    bodies = fill(url, "nobody cares", 30, {"x-queue-type": "quorum"})
    handed = [dies_holding(url, "nobody cares", 30) for _ in range(LIMIT + 2)]
    assert handed == [bodies] * (LIMIT + 1) + [[]]


def test_a_courier_that_dies_more_often_than_that_hears_everything_once(
    place: Scene, stores: Stores, told: Store
) -> None:
    review = stores["lead", "review"]
    dying = Running(
        place.members["lead"], "review", "courier", place.directory, COURIER_LEASE_SECONDS="0.3"
    )
    try:
        for _ in range(LIMIT + 5):
            dying.arm("before inbox commit", 1)
            dying.start().finish()
            dying.must_have_been_killed("before inbox commit")
        assert heard(review, told) == 0
        with Hand(place, "lead") as hand:
            assert hand.waiting(TO_REVIEW) == 10
        dying.disarm()
        dying.start()
        until(lambda: heard(review, told) == 10, "it hears")
    finally:
        end_all(dying)
    assert seated(review) == {f"body-{number}": 1 for number in range(1, 11)}


@pytest.mark.parametrize("dropped", [4, 10])
def test_what_the_broker_dropped_is_said_again(
    place: Scene, stores: Stores, told: Store, dropped: int
) -> None:
    """Somebody has taken our policy away."""
    review, url = stores["lead", "review"], place.members["lead"].env["AMQP_URL"]
    vhost = url.rpartition("/")[2]
    place.topology._call("DELETE", f"policies/{vhost}/words-are-kept")
    for _ in range(LIMIT + 1):
        assert len(dies_holding(url, TO_REVIEW, dropped)) == dropped
    with Hand(place, "lead") as hand:
        until(lambda: hand.waiting(TO_REVIEW) == 10 - dropped, "they are gone")
    with place.couriers(told, review):
        until(lambda: heard(review, told) == 10, "the hole is filled")
    assert seated(review) == {f"body-{number}": 1 for number in range(1, 11)}


def test_after_a_kill_of_the_node_the_backlog_drains_in_order(
    place: Scene, stores: Stores, broker4: PrivateBroker
) -> None:
    partner, review = stores["partner", "people"], stores["lead", "review"]
    with place.couriers(partner, review):
        tell(partner, 1)
        until(lambda: heard(review, partner) == 1, "the line is there")
        broker4.settle()
        broker4.kill()
        tell(partner, *range(2, 52))
        assert heard(review, partner) == 1
        broker4.start()
        until(lambda: heard(review, partner) == 51, "the backlog drains", 90)
    caused = [row.cause for row in rows(review) if row.topic == "review.Seated"]
    assert caused == [f"heard:{partner.log_id}#{number}" for number in range(1, 52)]


def test_commands_and_words_need_nothing_that_is_deprecated(
    place: Scene, stores: Stores, broker4: PrivateBroker
) -> None:
    partner, review = place.members["partner"], stores["lead", "review"]
    [log] = broker4.directory.glob("log/*@localhost.log")
    before = len(log.read_text())
    processes = [
        Running(member, service, kind, place.directory).start()
        for member in place.members.values()
        for service in member.services
        for kind in ("serve", "courier")
    ]
    try:
        for process in processes:
            process.wait_ready()
        with Caller("partner", partner.env["AMQP_URL"], keys_of("partner")) as caller:
            words = {"person": str(PERSON), "display_name": "Persona inventata"}
            by = administrator("partner")
            caller.call("people", "register_person", by, **words)
            role = {"role": "work_placement_head", "body": "body-1", "since": "2026-01-01"}
            caller.call("people", "assign_role", by, person=str(PERSON), **role)
        until(lambda: seated(review) == {"body-1": 1}, "review hears it")
        until(lambda: not missing(stores), "everything is heard")
        assert all(status(store).sound for store in stores.values())
        assert _api(broker4)._get("deprecated-features/used") == []
    finally:
        end_all(*processes)
    assert re.findall(r"Feature `(\w+)` is deprecated", log.read_text()[before:]) == []


def _url(node: PrivateBroker) -> str:
    return node.amqp_url("/", node.admin, node.password)


def _api(node: PrivateBroker) -> Topology:
    return Topology(node.management_url, node.admin, node.password, node.amqp_address)
