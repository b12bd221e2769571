"""The verdict: what was acknowledged, against what is stored, said, heard and applied."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from services.audit.evidence import of_store
from services.audit.judging import judge as audit
from services.console.proving import held
from services.kernel.log import all_rows
from services.kernel.mapper import Mapper
from services.kernel.rows import Row
from services.kernel.said import NOTHING_BEFORE, audiences
from services.kernel.store import Store
from services.kernel.tables import heard, inbox, log, outcomes, said, sent, vault
from services.kernel.views import applied_positions
from tests.faults.settled import Stores, listened

EFFECTS = {
    ("review", "people/role_assigned.v1"): (
        "review.Seated",
        "review.SeatAwaited",
        "kernel.WordsRefused",
    ),
    ("review", "people/role_ended.v1"): ("review.Unseated",),
    ("notify", "people/role_assigned.v1"): None,
    ("notify", "people/role_ended.v1"): None,
}
"""What a consumer adds to its log for words of the load: one event of these topics."""


@dataclass
class Verdict:
    """What a look at every log found. ``lost`` and ``doubled`` name each case.

    Attributes:
        stored: keys of commands whose event is in the log.
        broken: other promises that do not hold: holes, chains, views, vault.
    """

    stored: set[UUID] = field(default_factory=set)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    events: int = 0


def judge(stores: Stores, acknowledged: Iterable[tuple[str, UUID]]) -> Verdict:
    """Compare *acknowledged*, (organisation, key) of commands to ``people``, with all logs."""
    verdict = Verdict()
    looks = {name: _Look(store) for name, store in stores.items()}
    for (organisation, service), look in looks.items():
        verdict.events += len(look.rows)
        place = f"{organisation}/{service}"
        _stored_once(place, look, verdict)
        _sound(place, look, verdict)
        _said_once(place, look, verdict, listened(stores, (organisation, service)))
    notes = held(stores.values())
    for store in stores.values():
        with of_store(store) as evidence:
            audited = audit(evidence, store.programme, notes)
        verdict.broken += [
            f"{store.log_id}: {each}"
            for each in audited.findings
            if each.kind != "NothingSigned"  # no courier has run yet; see `unseen`
        ]
    for organisation, key in acknowledged:
        if key not in verdict.stored:
            verdict.lost.append(f"{organisation}/people: command {key} acknowledged, not stored")
    for (organisation, service), look in looks.items():
        for log_id in look.listens_to:
            producer = next((each for each in looks.values() if each.log_id == log_id), None)
            if producer is not None:
                _heard_once(f"{organisation}/{service}", organisation, producer, look, verdict)
    return verdict


class _Look:
    """Everything of one log, read in one transaction."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.log_id = store.log_id
        with store.database.reading() as connection:
            self.rows: list[Row] = list(all_rows(connection))
            self.counter = connection.execute(select(log)).one()
            self.said = connection.execute(select(said).order_by(said.c.audience, said.c.seq)).all()
            self.sent = {row.audience: row for row in connection.execute(select(sent))}
            self.inbox = defaultdict(dict)
            for row in connection.execute(select(inbox).order_by(inbox.c.log_id, inbox.c.seq)):
                self.inbox[row.log_id][row.seq] = row
            self.heard = {row.log_id: row for row in connection.execute(select(heard))}
            self.outcomes = {row.key: row for row in connection.execute(select(outcomes))}
            self.vault = set(connection.scalars(select(vault.c.ref)))
            self.applied = applied_positions(connection)
            self.views = {
                view.name: _contents(view, connection) for view in store.composition.views
            }
        self.by_cause: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            self.by_cause[row.cause].append(row)

    @property
    def listens_to(self) -> list[str]:
        return list(self.inbox) + [each for each in self.heard if each not in self.inbox]


def _contents(view: Any, connection: Connection) -> Counter[tuple[Any, ...]]:
    return Counter(tuple(row) for row in connection.execute(select(view.table)))


def _stored_once(place: str, look: _Look, verdict: Verdict) -> None:
    """One event a command; an outcome beside it, in the same transaction."""
    for cause, rows in look.by_cause.items():
        kind, _, key = cause.partition(":")
        if kind == "command":
            verdict.stored.add(UUID(key))
            if len(rows) > 1:
                verdict.doubled.append(f"{place}: command {key} stored {len(rows)} times")
            if UUID(key) not in look.outcomes:
                verdict.broken.append(f"{place}: command {key} has no outcome")
        elif kind == "duty":
            topics = Counter((row.topic, row.originator_id) for row in rows)
            for (topic, _), count in topics.items():
                if count > 1:
                    verdict.doubled.append(f"{place}: {cause} did {topic} {count} times")
    closed = [json.loads(row.state)["day"] for row in look.rows if row.topic == "kernel.DayClosed"]
    for day, count in Counter(closed).items():
        if count > 1:
            verdict.doubled.append(f"{place}: {day} closed {count} times")
    if closed != sorted(closed):
        verdict.broken.append(f"{place}: days closed out of order")


def _sound(place: str, look: _Look, verdict: Verdict) -> None:
    """No holes in positions and versions, a clock that never runs back, views, vault."""
    if [row.position for row in look.rows] != list(range(1, len(look.rows) + 1)):
        verdict.broken.append(f"{place}: positions have holes")
    if look.counter.position != len(look.rows):
        verdict.broken.append(f"{place}: counter at {look.counter.position}, {len(look.rows)} rows")
    instants = [row.recorded_at for row in look.rows]
    if instants != sorted(instants):
        verdict.broken.append(f"{place}: recorded_at ran back")
    versions: dict[UUID, int] = defaultdict(int)
    for row in look.rows:
        versions[row.originator_id] += 1
        if row.originator_version != versions[row.originator_id]:
            verdict.broken.append(f"{place}: stream {row.originator_id} has a hole")
    for name, (_, at) in look.applied.items():
        if at != len(look.rows):
            verdict.broken.append(f"{place}: view {name} at {at} of {len(look.rows)}")
    named = _named(r.state.decode() for r in look.rows)
    told = _named(row.envelope for line in look.inbox.values() for row in line.values())
    for ref in {str(each) for each in look.vault} - named - told:
        verdict.broken.append(f"{place}: vault entry {ref} without its event")
    if look.store.composition.name == "people":
        for ref in named - {str(each) for each in look.vault}:
            verdict.lost.append(f"{place}: event without its vault entry {ref}")


def _named(words: Iterable[str]) -> set[str]:
    """References to vault entries in *words*."""
    return set(re.findall(r'"ref":"([0-9a-f-]{36})"', "".join(words)))


def _said_once(place: str, look: _Look, verdict: Verdict, listened: set[str]) -> None:
    """What is published is said, once to each audience, in an unbroken chain, and sent.

    Args:
        listened: audiences to which it can be sent.
    """
    composition, programme = look.store.composition, look.store.programme
    mapper = Mapper()
    told = Counter((row.audience, row.position) for row in look.said)
    for row in look.rows:
        publish = composition.published.get(type(mapper.to_domain_event(row)))
        if publish is None or callable(publish.to):  # whom it concerns, only its aggregate knows
            continue
        for audience in audiences(publish.to, programme):
            if (audience, row.position) not in told:
                verdict.lost.append(f"{place}: event {row.position} was not said to {audience}")
    for (audience, position), count in told.items():
        if count > 1:
            verdict.doubled.append(
                f"{place}: event {position} was said {count} times to {audience}"
            )
    previous: dict[str, tuple[int, str]] = defaultdict(lambda: (0, NOTHING_BEFORE))
    for row in look.said:
        seq, hash = previous[row.audience]
        words = json.loads(row.envelope)
        digest = sha256(row.envelope.encode()).hexdigest()
        if (row.seq, row.previous_hash, row.hash) != (seq + 1, hash, digest):
            verdict.broken.append(f"{place}: chain to {row.audience} breaks at {row.seq}")
        if (words["seq"], words["previous_hash"]) != (row.seq, hash):
            verdict.broken.append(f"{place}: envelope {row.seq} to {row.audience} is another one")
        previous[row.audience] = (row.seq, row.hash)
    for audience, (seq, hash) in previous.items():
        cursor = look.sent.get(audience)
        sent_all = cursor is not None and (cursor.seq, cursor.hash) == (seq, hash)
        if audience in listened and not sent_all:
            at = cursor.seq if cursor else 0
            verdict.lost.append(f"{place}: sent {at} of {seq} to {audience}")


def _heard_once(
    place: str, organisation: str, producer: _Look, consumer: _Look, verdict: Verdict
) -> None:
    """What was said to *consumer* is heard as it was said, and took effect once."""
    told = [row for row in producer.said if row.audience == organisation]
    line = consumer.heard.get(producer.log_id)
    reached = line.seq if line else 0
    verdict.lost.extend(
        f"{place}: number {row.seq} of {producer.log_id} not heard" for row in told[reached:]
    )
    if line and line.stopped:
        verdict.broken.append(f"{place}: stopped at {reached} of {producer.log_id}: {line.stopped}")
    seated = _seated(producer, consumer, told) if "review" in place else set()
    for row in told[:reached]:
        kept = consumer.inbox[producer.log_id].get(row.seq)
        if kept is None or kept.hash != row.hash:
            verdict.lost.append(f"{place}: number {row.seq} of {producer.log_id} not in the inbox")
        _applied_once(place, producer, consumer, row, seated, verdict)


def _seated(producer: _Look, consumer: _Look, told: list[Any]) -> set[str]:
    """Persons whom *consumer* seated, or who wait for a seat, for words of *producer*."""
    return {
        json.loads(row.state)["person"]
        for row in consumer.rows
        if row.topic in ("review.Seated", "review.SeatAwaited")
        and row.cause.startswith(f"heard:{producer.log_id}#")
    }


def _applied_once(
    place: str, producer: _Look, consumer: _Look, row: Any, seated: set[str], verdict: Verdict
) -> None:
    words = json.loads(row.envelope)
    effects = Counter(
        each.topic
        for each in consumer.by_cause[f"heard:{producer.log_id}#{row.seq}"]
        if each.originator_version > 1  # the first words open a stream too
    )
    number = f"number {row.seq} of {producer.log_id}"
    for (service, contract), topics in EFFECTS.items():
        if service != consumer.store.composition.name or contract not in words["says"]:
            continue
        expected = 1
        if contract == "people/role_ended.v1" and service == "review":
            expected = int(words["says"][contract]["person"] in seated)
        found = sum(effects[topic] for topic in topics or effects)
        if found > expected:
            verdict.doubled.append(f"{place}: {number} took effect {found} times")
        if found < expected:
            verdict.lost.append(f"{place}: {number} took no effect")
