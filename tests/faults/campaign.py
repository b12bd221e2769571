"""The campaign: real processes of two organisations, killed at every failpoint in turn.

``python -m tests.faults.campaign --seeds 20`` prints one line a failpoint; ``--mail``: those of
mail only. A seed decides which process meets a failpoint, at which passage, in which order, and
which database each service has.
"""

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import UUID

import pika
from sqlalchemy.exc import DBAPIError

from services.console.private_broker import PrivateBroker
from services.kernel.civil import civil_day
from services.kernel.courier.names import EXCHANGE, resend_key
from services.kernel.log import head
from services.kernel.store import Store
from tests.dovecot import PrivateDovecot
from tests.faults.loader import Load, Loader
from tests.faults.post import Post
from tests.faults.prepared import migrate_killed, propose
from tests.faults.running import FORKED, Death, NotReached, Running, end_all
from tests.faults.scene import SERVICES, NewDatabase, Scene, mixed, scene
from tests.faults.settled import Stores, missing, unseen
from tests.faults.tally import (
    ANYWHERE,
    BROKER,
    CALENDAR,
    DATABASE,
    HEARING,
    MAIL,
    MIGRATION,
    PROVING,
    REBUILDING,
    SENDING,
    SERVING,
    STOPPED,
    WITNESSING,
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
WITH_MAIL = {**SERVICES, "lead": (*SERVICES["lead"], "pacts")}
ANSWERS_FORMS = ("lead", "pacts", "courier")

Kill = Callable[[], None]
"""Ends something, and starts it again."""


class Campaign:
    """One seed, on one scene with its processes.

    Args:
        broker: is killed too.
        kill_database: kills the database server and starts it again, if there is one.
        mailbox: a server with the mailbox that the lead reads; None: the lead has no mail.
        patience: seconds of real time after which what has not come is lost.
    """

    def __init__(
        self,
        seed: int,
        scene: Scene,
        stores: Stores,
        broker: PrivateBroker,
        kill_database: Callable[[], None] | None,
        launcher: tuple[str, ...],
        mailbox: PrivateDovecot | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self.tally = Tally()
        self._patience = patience
        self._random = random.Random(f"campaign {seed}")
        self._scene = scene
        self._stores = stores
        self._broker = broker
        self._kill_database = kill_database
        self._seen: set[str] = set()
        self._dying: list[Death] = []
        self._post = None if mailbox is None else Post(scene, stores, seed, mailbox)
        self._processes = {
            (organisation, service, kind): Running(
                scene.members[organisation], service, kind, scene.directory, launcher
            )
            for organisation, service, kind in (*PROCESSES, *([ANSWERS_FORMS] if mailbox else []))
        }
        self._loaders = [
            Loader(scene.members[name], f"{seed}/{name}") for name in ("lead", "partner")
        ]

    def start(self) -> None:
        """Start every process and all load."""
        for process in self._all():
            process.start()
        for process in self._all():
            process.wait_ready()
        if self._post is not None:
            self._post.prepare()
            self._until(self._post.settled)
            self._post.writer.start()
        for loader in self._loaders:
            loader.start()

    def end(self) -> None:
        """End what was started."""
        for loader in self._loaders:
            loader.end()
        end_all(*self._all())
        if self._post is not None:
            self._post.end()

    def _all(self) -> list[Running]:
        return [*self._processes.values(), *(self._post.processes if self._post else ())]

    def run(self, *only: str) -> Tally:
        """Go through every stage, or *only* some, in the seed's order.

        Processes of mail end in the same stages as others, each at its own failpoint.
        """
        kernel = [(name, kill) for name, kill in self._kills() if not only or name in only]
        self._random.shuffle(kernel)
        mail = [
            deaths
            for deaths in (self._post.deaths(self._random) if self._post else ())
            if not only or {death.name for death in deaths} & {*only}
        ]
        for stage, deaths in zip_longest(kernel, mail):
            self._stage(stage, deaths or [])
        return self.tally

    def _kills(self) -> Iterator[tuple[str, Kill]]:
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
        for name in PROVING:
            yield name, self._at(name, pick(senders), 1)
        for name in WITNESSING:
            yield name, self._at(name, pick([senders[1], hearers[1]]), 1)
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
            death = Death(process, failpoint, count)
            death.prepare()
            self._dying.append(death)
            provoke()
            self._until(lambda: death not in self._dying)
            self._must_be_dead(death)

        return kill

    def _must_be_dead(self, *deaths: Death) -> None:
        """Each of *deaths* has come.

        Raises:
            NotReached: one has not; the stage tests nothing.
        """
        for death in deaths:
            if death in self._dying:
                death.process.must_have_been_killed(death.name)

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

    def hear_all_again(self) -> None:
        """Let the lead's review hear all that was ever said to it once more, as after a loss.

        For the control: it is waited for until something was added, as it is by a forgetful one.
        """
        review = self._stores["lead", "review"]
        before = self._position(review)
        words = {"organisation": "lead", "after": 0, "log_id": None}
        url = pika.URLParameters(self._scene.members["lead"].env["AMQP_URL"])
        with closing(pika.BlockingConnection(url)) as connection:
            channel = connection.channel()
            for organisation, producer in review.producers:
                key = resend_key("lead", "review", organisation, producer)
                channel.basic_publish(EXCHANGE, key, json.dumps(words).encode())
        self._until(lambda: self._position(review) > before)

    @staticmethod
    def _position(store: Store) -> int:
        with store.database.reading() as connection:
            return head(connection)[1]

    def _stage(self, stage: tuple[str, Kill] | None, mail: list[Death]) -> None:
        """Let commands and mails come, kill, let more come, be quiet, and judge."""
        before = [len(each.book.asked) for each in self._loaders]
        post = self._post if mail else None
        loads: list[Load[Any]] = [*self._loaders] if stage else []
        loads += [post.writer] if post else []
        wanted = [(load, load.answered() + ENOUGH) for load in loads]
        for load in loads:
            load.go()
        self._dying = list(mail)
        if post is not None:
            post.begin(mail)
        if stage is not None:
            stage[1]()
        self._until(lambda: not self._dying)
        self._must_be_dead(*mail)
        self._until(lambda: all(load.answered() >= enough for load, enough in wanted))
        for load in loads:
            load.pause()
        self._until(lambda: all(load.idle() for load in loads))
        self._until(self._settled)
        lines = [Line(stage[0], kills=1)] if stage else []
        lines += post.judge(mail) if post else []
        self.judge(lines[0], before)
        for line in lines[1:]:
            self._add(line)

    def _settled(self) -> bool:
        if not (self._post.settled() if self._post else not missing(self._stores)):
            return False
        return not unseen(self._stores)

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
        if sent:
            line.attempts, line.acknowledged = len(sent), len(sent & answers)
            line.stored = len(sent & verdict.stored)
            line.recovered = len(sent & verdict.stored - answers)
        line.lost += verdict.lost
        line.doubled += verdict.doubled
        line.broken += verdict.broken
        self._add(line)
        self.tally.events = verdict.events

    def _add(self, line: Line) -> None:
        line.lost = self._new(line.lost)
        line.doubled = self._new(line.doubled)
        line.broken = self._new(line.broken)
        self.tally.add(line)

    def _new(self, cases: list[str]) -> list[str]:
        """Those that no stage before has seen."""
        new = [case for case in cases if case not in self._seen]
        self._seen.update(new)
        return new

    def _until(self, done: Callable[[], bool]) -> None:
        """Wait until *done*, or until what has not come counts as lost."""
        end = time.monotonic() + self._patience
        while time.monotonic() < end:
            try:
                if done():
                    return
            except DBAPIError:  # our own connections were killed with the server: look again
                continue
            self._tend()
            time.sleep(0.05)

    def _tend(self) -> None:
        """Start again what was killed or ended by itself, as whoever runs the services does."""
        gone = [process for process in self._all() if not process.lives()]
        self.tally.ended += [process.name for process in gone if not process.was_killed()]
        self._dying = [death for death in self._dying if not death.over()]
        for process in gone:
            if not process.lives():
                process.start()


@contextmanager
def campaign(
    seed: int,
    directory: Path,
    broker: PrivateBroker,
    new_database: NewDatabase,
    kill_database: Callable[[], None] | None = None,
    launcher: tuple[str, ...] = FORKED,
    mailbox: PrivateDovecot | None = None,
    patience: float = PATIENCE,
) -> Iterator[Campaign]:
    """A campaign ready to run: tables made (one migration was killed), processes started."""
    services = SERVICES if mailbox is None else WITH_MAIL
    with ExitStack() as stack:
        made = stack.enter_context(scene(directory, broker, new_database, services, migrated=False))
        migrate_killed(made, random.Random(f"migration {seed}").choice(["people", "review"]))
        stores = stack.enter_context(made.stores())
        ready = Campaign(seed, made, stores, broker, kill_database, launcher, mailbox, patience)
        stack.callback(ready.end)
        ready.judge(Line(MIGRATION, kills=1), [0, 0])
        ready.start()
        yield ready


def run(
    seed: int, directory: Path, broker: PrivateBroker, postgres: PrivatePostgres, *only: str
) -> Tally:
    """Every stage of one seed, or *only* some."""

    def kill_database() -> None:
        postgres.kill()
        postgres.start()

    databases = mixed(directory, postgres, seed)
    with (
        PrivateDovecot() as mailbox,
        campaign(seed, directory, broker, databases, kill_database, mailbox=mailbox) as ready,
    ):
        return ready.run(*only)


def main() -> int:
    """Run the seeds that were asked for, print the table; 1 if anything was lost or doubled."""
    parser = argparse.ArgumentParser(description="Kill processes at every failpoint, and judge.")
    parser.add_argument("--seeds", type=int, default=20, help="how many (default: 20)")
    parser.add_argument("--first", type=int, default=0, help="the first one (default: 0)")
    parser.add_argument("--mail", action="store_true", help="only the stages of mail")
    words = parser.parse_args()
    only = MAIL if words.mail else ()
    total = Tally()
    root = Path(tempfile.mkdtemp(prefix="comunita-faults-"))
    with PrivateBroker(root / "broker") as broker, PrivatePostgres() as postgres:
        for seed in range(words.first, words.first + words.seeds):
            directory = root / f"seed {seed}"
            directory.mkdir()
            began = time.monotonic()
            try:
                tally = run(seed, directory, broker, postgres, *only)
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
