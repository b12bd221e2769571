"""The last hour of the 10th: many proposals by mail within it, through real processes.

``python -m tests.faults.last_hour`` sends 1,000 and prints what came of them, how long it took, and
how long a plain mail server takes for the same mails. It needs RabbitMQ and PostgreSQL.
"""

import argparse
import random
import smtplib
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from services.console.private_broker import PrivateBroker, free_ports
from services.kernel.civil import begins
from services.kernel.ids import stream_id
from services.kernel.store import Store
from services.kernel.tables import events
from tests.faults.filled_forms import drafts, forms
from tests.faults.post_verdict import Log
from tests.faults.prepared import know_sender
from tests.faults.running import DIES_WITH_US, Running, end_all
from tests.faults.scene import NewDatabase, Scene, scene
from tests.faults.settled import Stores, missing
from tests.notify.post_in.papers import DEDICATED, mail
from tests.private_postgres import PrivatePostgres
from tests.waiting import until

THE_TENTH = date(2026, 5, 10)
HOUR = begins(THE_TENTH) + timedelta(hours=23)
END = HOUR + timedelta(minutes=59, seconds=59)
"""The last mails come at this instant."""
AFTER = END + timedelta(seconds=2)
"""When all have come: what is left to do is done on the 11th."""
CYCLE = "2026-06"
"""Before any guidelines, what was sent by the 10th is decided in the month after."""
RECEIPT = "proposal_received"
SERVICES = {"lead": ("people", "pacts", "review", "notify"), "partner": ("people", "pacts")}
COURIERS = (
    ("lead", "people"),
    ("lead", "pacts"),
    ("lead", "review"),
    ("lead", "notify"),
    ("partner", "people"),
    ("partner", "pacts"),
)
CONNECTIONS = 8
PATIENCE = 1800.0
"""Seconds of real time for everything to come to rest."""


@dataclass
class Figures:
    """What came of it; seconds of real time from the first mail on.

    Attributes:
        mails: how many were sent.
        bytes: of all mails.
        accepted: until the last one was answered by 250.
        sorted: until it was known of each what it is.
        proposed: until its pact was proposed.
        received: until the committee had each proposal.
        plain: seconds that a plain mail server took for the same mails.
        wrong: each case of a proposal that is not there once and on time.
    """

    mails: int
    bytes: int
    accepted: float = 0.0
    sorted: float = 0.0
    proposed: float = 0.0
    received: float = 0.0
    plain: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        size = self.bytes / self.mails / 1024
        told = [f"{self.mails} proposals of {size:.0f} KB over {CONNECTIONS} connections:"]
        for what in ("accepted", "sorted", "proposed", "received"):
            took = getattr(self, what)
            told.append(f"  {what:9} {took:7.1f} s {self.mails / took:7.1f} a second")
        told.append(f"  plain     {self.plain:7.1f} s {self.mails / self.plain:7.1f} a second")
        told.append(f"accepting takes {self.accepted / self.plain:.1f} times as long as plain SMTP")
        told.append("\n".join(self.wrong) or "all on time, none lost, none twice")
        return "\n".join(told)


def send(
    mails: Sequence[bytes], senders: Sequence[str], port: int, tick: Callable[[int], None]
) -> float:
    """Send all *mails* over several connections; the seconds until the last was taken.

    Args:
        tick: is told the number of each mail, in order, before it is sent.
    """
    numbers, turn = iter(range(len(mails))), threading.Lock()
    problems: list[Exception] = []

    def one_connection() -> None:
        try:
            with smtplib.SMTP("127.0.0.1", port, timeout=120) as client:
                while True:
                    with turn:
                        number = next(numbers, None)
                        if number is None:
                            return
                        tick(number)
                    client.sendmail(senders[number], [DEDICATED], mails[number])
        except (OSError, smtplib.SMTPException) as problem:
            problems.append(problem)

    threads = [threading.Thread(target=one_connection) for _ in range(CONNECTIONS)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    if problems:
        raise problems[0]
    return took


@contextmanager
def plain_server(folder: Path) -> Iterator[int]:
    """A server that only keeps each mail in a file of *folder*; its port."""
    folder.mkdir()
    with subprocess.Popen(
        [*DIES_WITH_US, sys.executable, "-m", "tests.faults.plain_mail", folder],
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.kill()


class LastHour:
    """Two organisations with drafts, whose microequipes all send at the end of the last day."""

    def __init__(self, place: Scene, stores: Stores) -> None:
        (port,) = free_ports(1)
        self._port = port
        self._place = place
        self._stores = stores
        self._notify, self._review = stores["lead", "notify"], stores["lead", "review"]
        self._pacts = {name: stores[name, "pacts"] for name in SERVICES}
        self._post_in = Running(
            *(place.members["lead"], "notify", "post_in", place.directory),
            POST_IN_ADDRESSES=DEDICATED,
            POST_IN_SMTP=f"127.0.0.1:{port}",
        )
        couriers = [
            Running(place.members[organisation], service, "courier", place.directory)
            for organisation, service in COURIERS
        ]
        self.processes = [self._post_in, *couriers]

    def begin(self, count: int) -> tuple[list[bytes], list[str]]:
        """Everything is ready at 23:00: *count* mails with the senders of each."""
        mails: dict[str, list[bytes]] = {}
        for place, (name, pacts) in enumerate(self._pacts.items()):
            sender = f"referente.inventata@{name}.example"
            lead = know_sender(self._stores[name, "people"], sender)
            member = stream_id("member", name)
            share = (count + 1 - place) // 2
            drafted = drafts(pacts, lead, member, share)
            mails[sender] = [
                mail(pdf, sender=sender, message_id=f"<{draft.family}@{name}.example>")
                for draft, pdf in zip(drafted, forms(pacts, lead, member, drafted), strict=True)
            ]
        for process in self.processes:
            process.start()
        for process in self.processes:
            process.wait_ready()
        self._until(lambda: not missing(self._stores), "all drafts are known")
        self._place.clock.set(HOUR)
        both = [(raw, sender) for sender, raws in mails.items() for raw in raws]
        random.Random("in which order they come").shuffle(both)
        return [raw for raw, _ in both], [sender for _, sender in both]

    def run(self, count: int, folder: Path) -> Figures:
        """Send *count* proposals within the hour, and wait until the committee has them."""
        mails, senders = self.begin(count)
        figures = Figures(count, sum(map(len, mails)))
        began = time.monotonic()
        with ThreadPoolExecutor(1) as aside:
            sending = aside.submit(send, mails, senders, self._port, partial(self._tick, count))
            sending.add_done_callback(lambda _: self._place.clock.set(AFTER))
            self._follow(figures, began, sending)
        figures.accepted = sending.result()
        self._until(lambda: not missing(self._stores), "all is at rest")
        figures.wrong = self._judge(count)
        with plain_server(folder / "plain") as port:
            figures.plain = send(mails, senders, port, lambda number: None)
        return figures

    def _tick(self, count: int, number: int) -> None:
        """It is later; the last hundredth of the mails comes in the last second."""
        self._place.clock.set(HOUR + (END - HOUR) * min(1.0, number / (0.99 * count)))

    def _follow(self, figures: Figures, began: float, sending: "Future[float]") -> None:
        """Write down when all are sorted, proposed, received."""
        for what, topic, stores in (
            ("sorted", "notify.FormReceived", [self._notify]),
            ("proposed", "pacts.Proposed", [*self._pacts.values()]),
            ("received", "review.ProposalReceived", [self._review]),
        ):
            self._until(partial(self._reached, topic, stores, figures.mails, sending), what)
            setattr(figures, what, time.monotonic() - began)

    def _reached(
        self, topic: str, stores: list[Store], wanted: int, sending: "Future[float]"
    ) -> bool:
        """Whether there are *wanted* events of *topic*.

        Raises:
            AssertionError: a mail came to something else.
        """
        if sending.done():
            sending.result()
        waiting = count_of(self._notify, "notify.MailLeftToAPerson")
        refused = sum(count_of(each, "pacts.FormRefused") for each in self._pacts.values())
        assert not waiting + refused, f"{waiting} wait for a person, {refused} were refused"
        return sum(count_of(each, topic) for each in stores) >= wanted

    def _judge(self, count: int) -> list[str]:
        """Every case of a proposal that is not there once and on time."""
        notify, review = Log(self._notify), Log(self._review)
        pacts = [Log(each) for each in self._pacts.values()]
        wrong: list[str] = []

        def once(what: str, found: Iterable[str]) -> set[str]:
            """*found* are as many as were sent, none twice."""
            counted = Counter(found)
            wrong.extend(f"{what} {each}: {n} times" for each, n in counted.items() if n > 1)
            if len(counted) != count:
                wrong.append(f"{what}: {len(counted)}, not {count}")
            return set(counted)

        received = notify.states("notify.MailReceived")
        instants = [datetime.fromisoformat(state["at"]) for _, state in received]
        if not HOUR <= min(instants) <= max(instants) <= END:
            wrong.append(f"mails came from {min(instants)} to {max(instants)}")
        mails = once("mail", (str(stream) for stream, _ in received))
        once("form received", (str(each) for each, _ in notify.states("notify.FormReceived")))
        accepted = [state for log in pacts for _, state in log.states("pacts.FormAccepted")]
        if once("form accepted", (state["mail"] for state in accepted)) != mails:
            wrong.append("forms were accepted that no mail brought")
        proposed = [each for log in pacts for each in log.states("pacts.Proposed")]
        once("proposed", (str(pact) for pact, _ in proposed))
        wrong += [f"proposed on {s['on']}" for _, s in proposed if s["on"] != str(THE_TENTH)]
        reviews = review.states("review.ProposalReceived")
        once("received", (str(stream) for stream, _ in reviews))
        wrong += [f"late: {stream}" for stream, state in reviews if state["late"]]
        if (cycles := {state["cycle"] for _, state in reviews}) != {CYCLE}:
            wrong.append(f"not all in one month: {cycles}")
        receipts = [s for _, s in notify.states("notify.NoticeRecorded") if s["mail"]]
        once("receipt", (state["mail"] for state in receipts if state["what"] == RECEIPT))
        return wrong

    def _until(self, done: Callable[[], bool], what: str) -> None:
        until(done, what, PATIENCE)

    def end(self) -> None:
        """End what was started."""
        end_all(*self.processes)


def count_of(store: Store, topic: str) -> int:
    """How many events of *topic* are in the log of *store*."""
    query = select(func.count()).where(events.c.topic == topic)
    with store.database.reading() as connection:
        return connection.scalar(query) or 0


def last_hour(count: int, folder: Path, broker: PrivateBroker, databases: NewDatabase) -> Figures:
    """Let *count* proposals come in the last hour of the 10th; what came of it."""
    with ExitStack() as stack:
        place = stack.enter_context(scene(folder, broker, databases, SERVICES))
        place.clock.set(begins(THE_TENTH) + timedelta(hours=9))
        hour = LastHour(place, stack.enter_context(place.stores()))
        stack.callback(hour.end)
        return hour.run(count, folder)


def main() -> int:
    """Run once and print the figures; 1 if anything was wrong."""
    parser = argparse.ArgumentParser(description="Proposals by mail in the last hour of the 10th.")
    parser.add_argument("--proposals", type=int, default=1000, help="how many (default: 1000)")
    words = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="comunita-last-hour-") as folder,
        PrivateBroker(Path(folder) / "broker") as broker,
        PrivatePostgres() as postgres,
    ):
        (place := Path(folder) / "place").mkdir()
        figures = last_hour(words.proposals, place, broker, lambda *_: postgres.fresh_database())
    print(figures)
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
