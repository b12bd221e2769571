"""What an operator asks of a service: how far everything is, and what stands still."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from services.kernel.civil import civil_day
from services.kernel.duties import next_day
from services.kernel.ids import speaker_of
from services.kernel.log import head
from services.kernel.proof.checkpoints import cosigned
from services.kernel.quarantine import aside
from services.kernel.said import last_said
from services.kernel.store import Store
from services.kernel.tables import checkpoints, events, heard, inbox, said, sent, witnessed
from services.kernel.views import applied_positions


@dataclass(frozen=True)
class Audience:
    """How far one audience was served.

    Attributes:
        said: number of the last envelope.
        sent: number of the last one that the broker confirmed.
        oldest_seconds: age of the oldest unsent one, in seconds of real time; 0 if none.
        stopped: why it is not served any more, or None.
        without_agreement: nothing goes out, since no agreement with it is in force today.
    """

    organisation: str
    said: int
    sent: int
    oldest_seconds: float
    stopped: str | None
    without_agreement: bool = False

    @property
    def unsent(self) -> int:
        """How many envelopes the broker has not confirmed."""
        return self.said - self.sent


@dataclass(frozen=True)
class LineStatus:
    """How far one producer's log was heard.

    Attributes:
        waiting: envelopes in the inbox that are not applied.
        stopped: what it stands still for, or None.
        attempts: how often the envelope it stands at was tried.
        without_agreement: nothing is applied, since no agreement with its organisation is in force.
    """

    log_id: str
    heard: int
    waiting: int
    stopped: str | None
    attempts: int
    without_agreement: bool = False


@dataclass(frozen=True)
class SeenLog:
    """How far a log was seen to be what was signed of it.

    Attributes:
        size: events of its last checkpoint that continues those before; of the own log: events when
            it was last read as a whole.
        stopped: what contradicts it, or None.
    """

    log_id: str
    size: int
    stopped: str | None


@dataclass(frozen=True)
class Status:
    """How one service is doing.

    Attributes:
        checkpoint: events of the last signed checkpoint of the own log.
        cosigned: events of the last one that each other organisation cosigned.
        seen: the own log and those of others.
        quarantined: messages that were not believed, whether they are kept or only counted.
        not_kept: how many of those are only counted.
    """

    log_id: str
    position: int
    audiences: tuple[Audience, ...]
    lines: tuple[LineStatus, ...]
    views: dict[str, int]
    quarantined: int
    not_kept: int
    days_behind: int
    checkpoint: int
    cosigned: dict[str, int]
    seen: tuple[SeenLog, ...]

    @property
    def waiting_for_agreement(self) -> dict[str, int]:
        """Envelopes to and from each organisation that wait until an agreement is recorded."""
        waits: dict[str, int] = {}
        for audience in self.audiences:
            if audience.without_agreement and audience.unsent:
                waits[audience.organisation] = audience.unsent
        for line in self.lines:
            if line.without_agreement and line.waiting:
                speaker = speaker_of(line.log_id)
                waits[speaker] = waits.get(speaker, 0) + line.waiting
        return waits

    @property
    def sound(self) -> bool:
        """Whether nothing stands still, waits for an agreement, is contradicted or kept aside."""
        return (
            not any(line.stopped for line in self.lines)
            and not any(audience.stopped for audience in self.audiences)
            and not self.waiting_for_agreement
            and not any(log.stopped for log in self.seen)
            and self.quarantined == 0
        )

    def words(self) -> dict[str, Any]:
        """As JSON words."""
        return {**asdict(self), "sound": self.sound}


def status(store: Store) -> Status:
    """Read the status of *store*, in one transaction."""
    with store.database.reading() as connection:
        log_id, position, _ = head(connection)
        unbelieved = aside(connection)
        closed = store.without_agreement(connection)
        return Status(
            log_id=log_id,
            position=position,
            audiences=tuple(_audiences(store, connection, closed)),
            lines=tuple(_lines(connection, closed)),
            views={name: at for name, (_, at) in applied_positions(connection).items()},
            quarantined=unbelieved.kept + unbelieved.not_kept,
            not_kept=unbelieved.not_kept,
            days_behind=_days_behind(store, connection),
            checkpoint=connection.scalar(select(func.max(checkpoints.c.size))) or 0,
            cosigned=cosigned(connection),
            seen=tuple(
                SeenLog(row.log_id, row.size, row.stopped)
                for row in connection.execute(select(witnessed).order_by(witnessed.c.log_id))
            ),
        )


def _audiences(store: Store, connection: Connection, closed: Collection[str]) -> list[Audience]:
    served = {row.audience: row for row in connection.execute(select(sent))}
    found = []
    for organisation in store.programme.organisations:
        last, _ = last_said(connection, organisation)
        row = served.get(organisation)
        if not last and row is None:
            continue
        done = row.seq if row else 0
        oldest = connection.scalar(
            select(events.c.recorded_at)
            .join(said, said.c.position == events.c.position)
            .where(said.c.audience == organisation, said.c.seq == done + 1)
        )
        age = max(0.0, store.clock.now().timestamp() - oldest / 1_000_000) if oldest else 0.0
        found.append(
            Audience(
                organisation,
                last,
                done,
                round(age, 3),
                row.stopped if row else None,
                organisation in closed,
            )
        )
    return found


def _lines(connection: Connection, closed: Collection[str]) -> list[LineStatus]:
    query = (
        select(heard, func.count(inbox.c.seq).label("waiting"))
        .outerjoin(inbox, (inbox.c.log_id == heard.c.log_id) & (inbox.c.seq > heard.c.seq))
        .group_by(*heard.c)
        .order_by(heard.c.log_id)
    )
    return [
        LineStatus(
            row.log_id,
            row.seq,
            row.waiting,
            row.stopped,
            row.attempts,
            speaker_of(row.log_id) in closed,
        )
        for row in connection.execute(query)
    ]


def _days_behind(store: Store, connection: Connection) -> int:
    """Civil days since the first one whose duties are not done; 0 when today is closed."""
    following = next_day(connection)
    if following is None:
        return 1
    return max(0, (civil_day(store.clock.now()) - following).days + 1)
