"""Given facts, when asked, then exactly these facts: how the rules are specified.

>>> given(drafted).when(Pact.sign, party=Party.FAMILY).refuses(AlreadySigned, party="family")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import UNRECORDED, Aggregate, Birth, facts_of, replay
from services.kernel.mapper import decoder, plain
from services.kernel.refusal import Refused
from services.kernel.rows import canonical

SOMEBODY = Actor("lead/person/00000000-0000-5000-8000-000000000001")
THE_ONE = UUID("00000000-0000-5000-8000-0000000000aa")


@dataclass(frozen=True)
class Fact:
    """An event as the specification states it: its class and the fields it states itself."""

    event: type[Any]
    fields: tuple[tuple[str, Any], ...]

    def __repr__(self) -> str:
        stated = ", ".join(f"{name}={value!r}" for name, value in self.fields)
        return f"{self.event.__qualname__}({stated})"


def fact(event: type[Any], **fields: Any) -> Fact:
    """A fact of class *event* that states *fields*."""
    return Fact(event, tuple(sorted(fields.items())))


def of_version(version: int, event: type[Any], **words: Any) -> Fact:
    """What a row is read as today that an older release wrote in these *words*."""
    return fact(event, **decoder(event)(canonical(plain(words)).encode(), version))


def stated(event: Any) -> Fact:
    """What *event* states, without who, when and where."""
    return Fact(type(event), tuple(sorted(facts_of(event).items())))


@dataclass
class Story:
    """Facts so far of one aggregate, and what the last question added."""

    facts: tuple[Fact, ...]
    id: UUID = THE_ONE

    def aggregate(self) -> Aggregate | None:
        """What the facts amount to."""
        events = []
        for version, told in enumerate(self.facts, start=1):
            columns: dict[str, Any] = {
                "originator_id": self.id,
                "originator_version": version,
                "timestamp": UNRECORDED,
                "by": SOMEBODY,
            }
            if issubclass(told.event, Birth):
                columns["originator_topic"] = told.event.STREAM_TYPE
            events.append(told.event(**columns, **dict(told.fields)))
        return replay(None, events)

    def when(self, ask: Callable[..., Any], /, **arguments: Any) -> "Answer":
        """Ask: a method of the aggregate, or (without facts) a function that makes one."""
        arguments.setdefault("by", SOMEBODY)
        aggregate = self.aggregate()
        try:
            made = ask(aggregate, **arguments) if aggregate is not None else ask(**arguments)
        except Refused as refusal:
            left = [] if aggregate is None else aggregate.pending_events
            return Answer([stated(event) for event in left], refusal)
        changed = aggregate if aggregate is not None else made
        return Answer([stated(event) for event in changed.pending_events], None)


@dataclass
class Answer:
    """What came of the question: new facts, or a refusal."""

    facts: list[Fact]
    refusal: Refused | None

    def then(self, *expected: Fact) -> None:
        """Exactly *expected* was added, in this order, and nothing was refused."""
        assert self.refusal is None, f"refused: {self.refusal!r}"
        assert self.facts == list(expected)

    def refuses(self, kind: type[Refused], /, **facts: Any) -> None:
        """The rule *kind* said no with exactly these facts, and nothing was added."""
        assert self.facts == []
        assert type(self.refusal) is kind, f"not {kind.__name__}: {self.refusal!r}"
        assert self.refusal.facts == kind(**facts).facts


def given(*facts: Fact) -> Story:
    """The life of one aggregate so far."""
    return Story(facts)
