"""The campaign: real processes of two organisations, killed at every failpoint in turn.

``python -m tests.faults.campaign --seeds 20`` prints one line a failpoint. A seed decides which
process meets a failpoint, at which passage, in which order, and which database each service has.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from services.console.private_broker import PrivateBroker
from services.kernel.civil import civil_day
from tests.faults.loader import Loader
from tests.faults.prepared import migrate_killed, propose
from tests.faults.running import KERNEL, NotReached, Running, end_all
from tests.faults.scene import NewDatabase, Scene, mixed, scene
from tests.faults.settled import Stores, missing
from tests.faults.tally import (
    ANYWHERE,
    BROKER,
    CALENDAR,
    DATABASE,
    HEARING,
    MIGRATION,
    REBUILDING,
    SENDING,
    SERVING,
    STOPPED,
    Line,
    Tally,
)
from tests.faults.verdict import judge
from tests.private_postgres import PrivatePostgres

ENOUGH = 5
"""Commands of each organisation that are answered in each stage, at least."""
PATIENCE = 120.0
"""Seconds of real time after which what has not come is lost."""
PROCESSES = (
    ("lead", "people", "serve"),
    ("lead", "people", "courier"),
    ("lead", "review", "courier"),
    ("lead", "notify", "courier"),
    ("partner", "people", "serve"),
    ("partner", "people", "courier"),
)


class Campaign:
    """One seed, on one scene with its processes.

    Args:
        broker: is killed too.
        kill_database: kills the database server and starts it again, if there is one.
    """

    def __init__(
        self,
        seed: int,
        scene: Scene,
        stores: Stores,
        broker: PrivateBroker,
        kill_database: Callable[[], None] | None,
        launcher: tuple[str, ...],
    ) -> None:
        self.tally = Tally()
        self.ended_by_themselves: list[str] = []
        self._random = random.Random(f"campaign {seed}")
        self._scene = scene
        self._stores = stores
        self._broker = broker
        self._kill_database = kill_database
        self._seen: set[str] = set()
        self._dying: Running | None = None
        self._processes = {
            (organisation, service, kind): Running(
                scene.members[organisation], service, kind, scene.directory, launcher
            )
            for organisation, service, kind in PROCESSES
        }
        self._loaders = [
            Loader(scene.members[name], f"{seed}/{name}") for name in ("lead", "partner")
        ]

    def start(self) -> None:
        """Start every process and both loaders."""
        for process in self._processes.values():
            process.start()
        for process in self._processes.values():
            process.wait_ready()
        for loader in self._loaders:
            loader.start()

    def end(self) -> None:
        """End what was started."""
        for loader in self._loaders:
            loader.end()
        end_all(*self._processes.values())

    def run(self, *only: str) -> Tally:
        """Go through every stage, or *only* some, in the seed's order."""
        stages = [(name, kill) for name, kill in self._stages() if not only or name in only]
        self._random.shuffle(stages)
        for name, kill in stages:
            self._stage(name, kill)
        return self.tally

    def _stages(self) -> Iterator[tuple[str, Callable[[], None]]]:
        pick, times = self._random.choice, self._random.randint
        people = [self._processes[name, "people", "serve"] for name in ("lead", "partner")]
        senders = [self._processes[name, "people", "courier"] for name in ("lead", "partner")]
        hearers = [self._processes["lead", name, "courier"] for name in ("review", "notify")]
        review = hearers[0]
        for name in SERVING:
            yield name, self._at(name, pick(people), times(1, 5))
        for name in SENDING:
            yield name, self._at(name, pick(senders), times(1, 3))
        for name in HEARING:
            yield name, self._at(name, pick(hearers), times(1, 3))
        yield CALENDAR[0], self._at(CALENDAR[0], review, times(1, 5), self._day_with_duties)
        for name in CALENDAR[1:]:
            yield name, self._at(name, pick([*senders, *hearers]), 1, self._scene.pass_days)
        for name in REBUILDING:
            yield name, self._rebuilding(name, pick(["people", "review"]))
        everybody = list(self._processes.values())
        yield ANYWHERE, self._anywhere(pick(everybody), times(0, 500) / 1000)
        yield STOPPED, self._stopped(pick(everybody), times(0, 500) / 1000)
        yield BROKER, self._without_broker(times(0, 300) / 1000)
        if self._kill_database is not None:
            yield DATABASE, self._kill_database

    def _at(
        self,
        failpoint: str,
        process: Running,
        count: int,
        provoke: Callable[[], None] = lambda: None,
    ) -> Callable[[], None]:
        def kill() -> None:
            self._dying = process
            process.arm(failpoint, count)
            provoke()
            self._until(lambda: not process.lives())
            process.must_have_been_killed(failpoint)
            process.disarm()
            process.start()
            self._dying = None

        return kill

    def _day_with_duties(self) -> None:
        for number in range(6):
            propose(self._stores["lead", "review"], number, civil_day(self._scene.clock.now()))
        self._scene.pass_days()

    def _rebuilding(self, failpoint: str, service: str) -> Callable[[], None]:
        launcher = ("tests.faults.owner", "rebuild")
        member = self._scene.members["lead"]
        owner = Running(member, service, "rebuild", self._scene.directory, launcher)

        def kill() -> None:
            owner.arm(failpoint, 1)
            owner.start()
            self._until(lambda: not owner.lives())
            owner.must_have_been_killed(failpoint)
            owner.disarm()
            owner.start()
            self._until(lambda: not owner.lives())
            owner.must_have_succeeded()

        return kill

    def _anywhere(self, process: Running, after: float) -> Callable[[], None]:
        def kill() -> None:
            time.sleep(after)
            process.kill()
            process.start()

        return kill

    def _stopped(self, process: Running, after: float) -> Callable[[], None]:
        def stop() -> None:
            time.sleep(after)
            process.stop()
            process.start()

        return stop

    def _without_broker(self, after: float) -> Callable[[], None]:
        def kill() -> None:
            time.sleep(after)
            self._broker.kill()
            self._broker.start()

        return kill

    def _stage(self, name: str, kill: Callable[[], None]) -> None:
        """Let commands come, *kill*, let commands come, be quiet, and judge."""
        before = [(len(each.book.asked), len(each.book.answers)) for each in self._loaders]
        for loader in self._loaders:
            loader.go()
        kill()
        wanted = [answered + ENOUGH for _, answered in before]
        self._until(
            lambda: all(
                len(loader.book.answers) >= enough
                for loader, enough in zip(self._loaders, wanted, strict=True)
            )
        )
        for loader in self._loaders:
            loader.pause()
        self._until(lambda: all(loader.idle() for loader in self._loaders))
        self._until(lambda: not missing(self._stores))
        self.judge(Line(name, kills=1), [asked for asked, _ in before])

    def judge(self, line: Line, before: list[int]) -> None:
        """Complete *line* with what became of the commands that each loader sent after *before*."""
        books = [loader.book for loader in self._loaders]
        answers: set[UUID] = set().union(*(book.answers for book in books))
        asked = [command for book in books for command in book.asked]
        verdict = judge(
            self._stores,
            [(each.organisation, each.key) for each in asked if each.key in answers],
        )
        verdict.doubled += [case for book in books for case in book.disagreements]
        sent = {
            command.key
            for book, number in zip(books, before, strict=True)
            for command in book.asked[number:]
        }
        line.attempts, line.acknowledged = len(sent), len(sent & answers)
        line.stored = len(sent & verdict.stored)
        line.recovered = len(sent & verdict.stored - answers)
        line.lost = self._new(verdict.lost)
        line.doubled = self._new(verdict.doubled)
        line.broken = self._new(verdict.broken)
        self.tally.add(line)
        self.tally.events = verdict.events

    def _new(self, cases: list[str]) -> list[str]:
        """Those that no stage before has seen."""
        new = [case for case in cases if case not in self._seen]
        self._seen.update(new)
        return new

    def _until(self, done: Callable[[], bool]) -> None:
        """Wait until *done*, or until what has not come counts as lost."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if done():
                    return
            except DBAPIError:  # our own connections were killed with the server: look again
                continue
            self._tend()
            time.sleep(0.05)

    def _tend(self) -> None:
        """Start again what ended by itself, as whoever runs the services does."""
        for process in self._processes.values():
            if process is not self._dying and not process.lives():
                self.ended_by_themselves.append(process.name)
                process.start()


@contextmanager
def campaign(
    seed: int,
    directory: Path,
    broker: PrivateBroker,
    new_database: NewDatabase,
    kill_database: Callable[[], None] | None = None,
    launcher: tuple[str, ...] = KERNEL,
) -> Iterator[Campaign]:
    """A campaign ready to run: tables made (one migration was killed), processes started."""
    with ExitStack() as stack:
        made = stack.enter_context(scene(directory, broker, new_database, migrated=False))
        migrate_killed(made, random.Random(f"migration {seed}").choice(["people", "review"]))
        stores = stack.enter_context(made.stores())
        ready = Campaign(seed, made, stores, broker, kill_database, launcher)
        stack.callback(ready.end)
        ready.judge(Line(MIGRATION, kills=1), [0, 0])
        ready.start()
        yield ready


def run(seed: int, directory: Path, broker: PrivateBroker, postgres: PrivatePostgres) -> Tally:
    """Every stage of one seed."""

    def kill_database() -> None:
        postgres.kill()
        postgres.start()

    databases = mixed(directory, postgres, seed)
    with campaign(seed, directory, broker, databases, kill_database) as ready:
        return ready.run()


def main() -> int:
    """Run the seeds that were asked for, print the table; 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(description="Kill processes at every failpoint, and judge.")
    parser.add_argument("--seeds", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--first", type=int, default=0, help="the first one (default: 0)")
    words = parser.parse_args()
    total = Tally()
    root = Path(tempfile.mkdtemp(prefix="comunita-faults-"))
    with PrivateBroker(root / "broker") as broker, PrivatePostgres() as postgres:
        for seed in range(words.first, words.first + words.seeds):
            directory = root / f"seed {seed}"
            directory.mkdir()
            began = time.monotonic()
            try:
                tally = run(seed, directory, broker, postgres)
            except NotReached as problem:
                print(f"seed {seed}: {problem}", flush=True)
                return 1
            total.merge(tally)
            took = time.monotonic() - began
            verdict = tally.faults() or "nothing lost, nothing doubled"
            print(f"seed {seed}: {tally.events} events in {took:.0f} s: {verdict}", flush=True)
    print(total)
    if not total.faults():
        shutil.rmtree(root)
    return 1 if total.faults() else 0


if __name__ == "__main__":
    sys.exit(main())
