"""Several at once, one after the other, none at all: replicas, leases, brokers that are away."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from services.console.private_broker import PrivateBroker, free_ports
from services.kernel.courier import receive
from services.kernel.courier.names import resend_queue
from services.kernel.database import Database
from services.kernel.operate import status
from services.kernel.store import Store
from services.kernel.tables import leases
from tests.faults.loader import Loader
from tests.faults.running import Running, end_all
from tests.faults.scene import Scene
from tests.faults.settled import missing
from tests.faults.telling import Hand, everything, heard, rows, seated, tell
from tests.faults.verdict import judge
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.broker, pytest.mark.slow]

Open = Callable[..., Store]
Start = Callable[..., Running]
YOUNG = 5.0
"""Seconds after which RabbitMQ 3.10 does not forget a new queue in a power cut any more."""
SECONDS_TO_END = 10.0
"""What a supervisor waits for before it kills."""


@pytest.fixture
def start(place: Scene) -> Iterator[Start]:
    """Starts processes of the scene; they are killed at the end."""
    started: list[Running] = []

    def start_one(organisation: str, service: str, kind: str, **env: str) -> Running:
        name = f"process-{len(started)}"
        directory = place.directory / name
        directory.mkdir()
        process = Running(place.members[organisation], service, kind, directory, **env)
        started.append(process)
        return process.start()

    yield start_one
    end_all(*started)


def test_two_couriers_at_once_double_nothing(place: Scene, store_of: Open, impatient: None) -> None:
    partner, other_partner = store_of("partner", "people"), store_of("partner", "people")
    review, other_review = store_of("lead", "review"), store_of("lead", "review")
    with place.couriers(partner, other_partner, review, other_review):
        for number in range(1, 41):
            tell(partner, number)
        until(lambda: heard(review, partner) == 40, "everything is heard")
        until(lambda: status(partner).audiences[0].unsent == 0, "everything is sent")
    assert seated(review) == {f"body-{number}": 1 for number in range(1, 41)}
    for store in (partner, review):
        assert [row.topic for row in rows(store)].count("kernel.DayClosed") == 1
        assert [row.position for row in rows(store)] == list(range(1, len(rows(store)) + 1))


def test_a_second_courier_waits_and_takes_over(place: Scene, store_of: Open, start: Start) -> None:
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    first = start("lead", "review", "courier")
    first.wait_ready()
    until(lambda: len(everything(review, leases)) == 1, "it holds the lease")
    (lease,) = everything(review, leases)
    second = start("lead", "review", "courier")
    second.wait_ready()
    with place.courier(partner):
        tell(partner, 1)
        until(lambda: heard(review, partner) == 1, "the first one hears")
        assert everything(review, leases)[0].holder == lease.holder
        first.kill()
        tell(partner, 2)
        until(lambda: heard(review, partner) == 2, "the second one hears")
    assert everything(review, leases)[0].holder != lease.holder
    assert seated(review) == {"body-1": 1, "body-2": 1}


def test_a_courier_that_was_suspended_past_its_lease_doubles_nothing(
    place: Scene, store_of: Open, start: Start
) -> None:
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    first = start("lead", "review", "courier")
    first.wait_ready()
    with place.courier(partner):
        tell(partner, 1)
        until(lambda: heard(review, partner) == 1, "the first one hears")
        first.signal(signal.SIGSTOP)
        tell(partner, 2, 3)
        second = start("lead", "review", "courier")
        second.wait_ready()
        time.sleep(1.5)  # real time: the lease ends
        first.signal(signal.SIGCONT)
        until(lambda: heard(review, partner) == 3, "everything is heard")
        tell(partner, 4)
        until(lambda: heard(review, partner) == 4, "and what comes after")
    assert seated(review) == {f"body-{number}": 1 for number in range(1, 5)}


def test_two_replicas_of_a_service_decide_everything_once(
    place: Scene, store_of: Open, start: Start
) -> None:
    replicas = [start("lead", "people", "serve") for _ in range(2)]
    for replica in replicas:
        replica.wait_ready()
    loaders = [Loader(place.members["lead"], f"replicas {number}") for number in range(3)]
    with place.couriers(store_of("lead", "people"), store_of("lead", "review")):
        for loader in loaders:
            loader.start()
            loader.go()
        until(lambda: all(len(each.book.answers) > 4 for each in loaders), "both answer")
        replicas[0].kill()
        until(lambda: all(len(each.book.answers) > 12 for each in loaders), "one answers")
        replicas[0].start()
        for loader in loaders:
            loader.pause()
        until(lambda: all(loader.idle() for loader in loaders), "every command is answered")
        for loader in loaders:
            loader.end()
        with place.stores() as stores:
            chosen = {key: stores[key] for key in (("lead", "people"), ("lead", "review"))}
            until(lambda: not missing(chosen), "everything is heard")
            verdict = judge(
                chosen,
                [
                    (each.organisation, each.key)
                    for loader in loaders
                    for each in loader.book.asked
                    if each.key in loader.book.answers
                ],
            )
    assert [each.book.disagreements for each in loaders] == [[], [], []]
    assert (verdict.lost, verdict.doubled, verdict.broken) == ([], [], [])


def test_while_the_broker_is_away_deciding_goes_on_and_the_backlog_drains_in_order(
    place: Scene, store_of: Open, broker: PrivateBroker, impatient: None
) -> None:
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    with place.couriers(partner, review):
        tell(partner, 1)
        until(lambda: heard(review, partner) == 1, "the line is there")
        time.sleep(YOUNG)
        broker.kill()
        began = time.monotonic()
        tell(partner, *range(2, 202))
        took = time.monotonic() - began
        assert _unsent(partner) == 200
        assert heard(review, partner) == 1
        broker.start()
        began = time.monotonic()
        until(lambda: heard(review, partner) == 201, "the backlog drains", 90)
        print(f"200 decided in {took:.1f} s, drained in {time.monotonic() - began:.1f} s")
    told = [row.cause for row in rows(review) if row.topic == "review.Seated"]
    assert told == [f"heard:{partner.log_id}#{number}" for number in range(1, 202)]


def test_a_queue_that_lost_its_leader_is_made_anew(
    place: Scene,
    store_of: Open,
    broker: PrivateBroker,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receive, "UNANSWERED", 3.0)
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    with place.couriers(partner, review):
        until(lambda: status(review).days_behind == 0, "it works")
        with Hand(place, "lead") as hand:
            until(lambda: hand.waiting(resend_queue("review")) is not None, "its queues are new")
        broker.kill()
        tell(partner, 1)
        broker.start()
    with place.courier(partner), place.courier(review) as courier:
        until(lambda: heard(review, partner) == 1 or courier.receiver.unanswered(), "either")
        print(f"without an answer: {courier.receiver.unanswered()}")
    with place.courier(partner), place.courier(review):
        tell(partner, 2)
        until(lambda: heard(review, partner) == 2, "it hears")
    assert seated(review) == {"body-1": 1, "body-2": 1}


@pytest.mark.parametrize("kind", ["serve", "courier"])
def test_a_process_that_never_found_a_broker_ends_in_seconds(start: Start, kind: str) -> None:
    nobody = f"amqp://a:b@127.0.0.1:{free_ports(1)[0]}/x"
    process = start("lead", "people", kind, AMQP_URL=nobody)
    until(lambda: '"health"' in process.last_words(), "it has come to its loop")
    time.sleep(1.0)  # real time: it tries to connect
    seconds, exit_status = process.stop()
    print(f"{kind}: {seconds:.1f} s")
    assert (seconds < SECONDS_TO_END, exit_status) == (True, 0)


def test_processes_that_lost_their_broker_end_in_seconds(
    start: Start, broker: PrivateBroker
) -> None:
    processes = [start("lead", "people", kind) for kind in ("serve", "courier")]
    for process in processes:
        process.wait_ready()
    broker.kill()
    try:
        time.sleep(1.0)  # real time: they notice
        for process in processes:
            seconds, exit_status = process.stop()
            print(f"{process.name}: {seconds:.1f} s")
            assert (seconds < SECONDS_TO_END, exit_status) == (True, 0)
    finally:
        broker.start()


def test_a_courier_whose_database_is_locked_ends_in_seconds(place: Scene, start: Start) -> None:
    ours = Database.of_owner(place.members["lead"].env["REVIEW_DATABASE_URL"])  # it waits its turn
    process = start("lead", "review", "courier")
    process.wait_ready()
    with ours.writing() as connection:
        connection.execute(update(leases).values(until=leases.c.until))
        time.sleep(1.0)  # real time: it cannot prolong its lease
        seconds, exit_status = process.stop()
    ours.dispose()
    print(f"courier without its database: {seconds:.1f} s")
    assert (seconds < SECONDS_TO_END, exit_status) == (True, 0)


def test_threads_that_write_to_one_file_take_turns(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'turns.db'}")
    with database.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE turns (one INTEGER)")
    ending = threading.Event()

    def write_without_pause() -> None:
        while not ending.is_set():
            with database.writing() as connection:
                connection.exec_driver_sql("INSERT INTO turns VALUES (1)")
                ending.wait(0.05)

    greedy = threading.Thread(target=write_without_pause)
    greedy.start()
    waited = []
    for _ in range(10):
        began = time.monotonic()
        with database.writing() as connection:
            connection.exec_driver_sql("INSERT INTO turns VALUES (2)")
        waited.append(time.monotonic() - began)
    ending.set()
    greedy.join()
    database.dispose()
    assert max(waited) < 1.0


def _unsent(store: Store) -> int:
    return next(each.unsent for each in status(store).audiences if each.organisation == "lead")
