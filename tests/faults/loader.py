"""Load: commands without pause, each asked again under its key until somebody answers."""

import random
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from services.console.installation import Member
from services.kernel.calling import Caller, RefusedThere
from tests.faults.scene import administrator, keys_of

TIMEOUT = 3.0
"""Seconds after which a command without an answer is asked again."""
GIVE_UP = 0.25
"""How often a command whose outcome is unknown is not asked again."""
CLICK_AGAIN = 0.15
"""How often a command that was answered is asked again."""


@dataclass(frozen=True)
class Command:
    """One command: it adds exactly one event to the log of ``people``, if it is stored."""

    key: UUID
    organisation: str
    method: str
    words: dict[str, Any]


@dataclass
class Book:
    """What was asked and what was answered.

    Attributes:
        asked: every command that was sent at least once.
        answers: by key, the first answer of those that were answered.
        disagreements: keys whose second answer was not the first, or that were refused.
    """

    asked: list[Command] = field(default_factory=list)
    answers: dict[UUID, Any] = field(default_factory=dict)
    disagreements: list[str] = field(default_factory=list)
    repeats: int = 0


PACE, SLOW_PACE = 0.05, 0.6
"""Seconds between two things, on average."""

T = TypeVar("T")


class Load(threading.Thread, ABC, Generic[T]):
    """Sends one thing after the other, while it is let go.

    Attributes:
        many: things after which it goes slowly until the next :meth:`go`.
    """

    many = 15

    def __init__(self, name: str, seed: str) -> None:
        super().__init__(name=name, daemon=True)
        self._random = random.Random(seed)
        self._since_go = 0
        self._going = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._ending = False

    @abstractmethod
    def _story(self) -> Iterator[T]:
        """Things of which each needs the one before."""

    @abstractmethod
    def _until_answered(self, thing: T) -> bool:
        """Send *thing* until somebody answers; whether what follows can be sent."""

    @abstractmethod
    def answered(self) -> int:
        """How many things were answered."""

    def go(self) -> None:
        """Send, until :meth:`pause`."""
        self._since_go = 0
        self._idle.clear()
        self._going.set()

    def pause(self) -> None:
        """Come to a stop after what is under way is answered or given up."""
        self._going.clear()

    def idle(self) -> bool:
        """Whether it has come to a stop."""
        return self._idle.is_set()

    def end(self) -> None:
        """End the thread."""
        self._ending = True
        self._going.set()
        if self.is_alive():
            self.join(10.0)

    def run(self) -> None:
        """Send one thing after the other."""
        while not self._ending:
            for thing in self._story():
                if not self._going.is_set():
                    self._idle.set()
                    self._going.wait()
                if self._ending:
                    break
                if not self._until_answered(thing):
                    break
                self._since_go += 1
                pace = PACE if self._since_go < self.many else SLOW_PACE
                self._rest(self._random.uniform(0, 2 * pace))

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._going.is_set():
            time.sleep(min(0.05, seconds))


class Loader(Load[Command]):
    """Registers invented persons of one organisation, and gives and ends their roles."""

    def __init__(self, member: Member, seed: str) -> None:
        super().__init__(f"loader {member.organisation}", f"{seed}/{member.organisation}")
        self.book = Book()
        self._member = member
        self._caller: Caller | None = None

    def run(self) -> None:
        """Ask one command after the other."""
        super().run()
        self._forget_caller()

    def answered(self) -> int:
        """How many commands were answered."""
        return len(self.book.answers)

    def _story(self) -> Iterator[Command]:
        """Everything that happens to one invented person."""
        person = str(self._id())
        yield self._command("register_person", person=person, display_name="Persona inventata")
        if self._random.random() < 0.3:
            yield self._command("record_address", person=person, kind="mail", address="a@b.example")
        if self._random.random() < 0.3:  # refused by the committee, which has one at a time
            yield self._command(
                "assign_role", person=person, role="project_manager", since="2026-01-01"
            )
            return
        body = f"body-{person[:8]}"
        yield self._command(
            "assign_role", person=person, role="work_placement_head", body=body, since="2026-01-01"
        )
        if self._random.random() < 0.5:
            yield self._command(
                "end_role", person=person, role="work_placement_head", body=body, on="2026-06-30"
            )

    def _command(self, method: str, **words: Any) -> Command:
        return Command(self._id(), self._member.organisation, method, words)

    def _id(self) -> UUID:
        return UUID(int=self._random.getrandbits(128), version=4)

    def _until_answered(self, command: Command) -> bool:
        self.book.asked.append(command)
        while not self._ending:
            try:
                answer = self._ask(command)
            except RefusedThere as refused:
                self.book.answers[command.key] = None
                self.book.disagreements.append(f"{command.method} {command.key}: {refused}")
                return False
            except Exception:  # no answer: the outcome is unknown
                self._forget_caller()
                if self._random.random() < GIVE_UP:
                    return False
                time.sleep(0.1)
            else:
                self.book.answers[command.key] = answer
                if self._random.random() < CLICK_AGAIN:
                    self._click_again(command, answer)
                return True
        return False

    def _click_again(self, command: Command, first: Any) -> None:
        self.book.repeats += 1
        try:
            second = self._ask(command)
        except RefusedThere as refused:
            self.book.disagreements.append(f"{command.method} {command.key}: {refused}")
        except Exception:  # no answer: nothing to compare
            self._forget_caller()
        else:
            if second != first:
                self.book.disagreements.append(f"{command.method} {command.key}: {second}")

    def _ask(self, command: Command) -> Any:
        if self._caller is None:
            caller = Caller(
                self._member.organisation,
                self._member.env["AMQP_URL"],
                keys_of(self._member.organisation),
                timeout=TIMEOUT,
            )
            self._caller = caller.__enter__()
        return self._caller.call(
            "people",
            command.method,
            administrator(command.organisation),
            key=command.key,
            **command.words,
        )

    def _forget_caller(self) -> None:
        caller, self._caller = self._caller, None
        if caller is None:
            return
        try:
            caller.__exit__(None, None, None)
        except Exception:  # the connection is gone already
            return
