"""One decision, one transaction: load, decide, and write everything or nothing.

Lock order, always: idempotency key → heard position → counter row and events → said → views and
vault → commit. Nothing else happens inside: no RPC, no file, no broker, no mail.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from hashlib import blake2b
from typing import Any, TypeVar
from uuid import UUID

from eventsourcing.application import Repository
from sqlalchemy import Connection, bindparam, select
from sqlalchemy.exc import IntegrityError

from services.kernel import said, views
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.kernel.civil import civil_day
from services.kernel.composition import Composition
from services.kernel.database import Conflict, Prepared
from services.kernel.failpoints import failpoint
from services.kernel.keys import Keys
from services.kernel.log import hold, load, look_for, repository
from services.kernel.mapper import micros
from services.kernel.programme import Programme
from services.kernel.refusal import AlreadyBegun, Unknown, VersionMoved
from services.kernel.rows import Row
from services.kernel.sealed import Sealed
from services.kernel.tables import events
from services.kernel.vault import Vault

A = TypeVar("A", bound=Aggregate)

_begun = Prepared(select(events.c.version).where(events.c.stream == bindparam("stream")).limit(1))


@dataclass(frozen=True)
class Occasion:
    """Why something is decided.

    Attributes:
        root: the id from which the ids of the events are derived; two decisions for one cause
            collide in the store.
        cause: as stored in the rows.
        correlation: shared by everything that follows from one first act.
        actor: who decides.
    """

    root: UUID
    cause: str
    correlation: str
    actor: Actor


class Deciding:
    """The unit of work that commands, policies and duties are given.

    Attributes:
        organisation: own id.
        lead: id of the lead organisation.
        lead_mail: address at which that one takes mail from people, or None.
        partners: ids of the other organisations that take part.
        service: own name.
        now: the present instant, aware, UTC.
        today: the present civil day in Europe/Rome.
        actor: who decides.
        connection: for questions to views only.
    """

    def __init__(
        self,
        connection: Connection,
        occasion: Occasion,
        composition: Composition,
        programme: Programme,
        keys: Keys,
        log_id: str,
        now: datetime,
    ) -> None:
        self.connection = connection
        self.organisation = programme.own
        self.lead = programme.lead
        self.lead_mail = programme.lead_mail
        self.partners = sorted(programme.organisations.keys() - {programme.own})
        self.service = composition.name
        self.actor = occasion.actor
        self.now = now
        self.occasion = occasion
        self._composition = composition
        self._programme = programme
        self._keys = keys
        self._log_id = log_id
        self._touched: dict[UUID, Aggregate] = {}
        self._missed: set[UUID] = set()
        self.vault = Vault(lambda: self.connection, keys, log_id)

    @cached_property
    def today(self) -> date:
        """The present civil day in Europe/Rome."""
        return civil_day(self.now)

    @cached_property
    def _repository(self) -> Repository[UUID]:
        return repository(self.connection)

    def get(self, kind: type[A], id: UUID) -> A:
        """The aggregate *id*; what is decided on it is stored at the end.

        Raises:
            Unknown: this log has no such stream, or one of another kind.
        """
        found = self._touched.get(id)
        if found is None:
            found = self._touched[id] = load(self._repository, kind, id)
        if not isinstance(found, kind):
            raise Unknown(kind=kind.TOPIC, id=id)
        return found

    def find(self, kind: type[A], id: UUID) -> A | None:
        """The aggregate *id*, or None if its stream has not begun."""
        if id not in self._touched:
            found = look_for(self._repository, kind, id)
            if found is None:
                self._missed.add(id)
                return None
            self._touched[id] = found
        return self.get(kind, id)

    def edit(self, kind: type[A], id: UUID, expected_version: int | None = None) -> A:
        """The aggregate *id* as the editor saw it.

        Raises:
            Unknown: this log has no such stream.
            VersionMoved: it is no longer at *expected_version*.
        """
        found = self.get(kind, id)
        if expected_version is not None and found.version != expected_version:
            raise VersionMoved(id=id, expected=expected_version, found=found.version)
        return found

    def add(self, aggregate: A) -> A:
        """Store a new aggregate at the end.

        Of two that begin one stream at once, the slower is told of a conflict and decides again;
        who only adds is refused then, who looks first finds it.

        Raises:
            AlreadyBegun: its stream has begun, before this decision or in it.
        """
        if aggregate.id in self._touched:
            raise AlreadyBegun(kind=aggregate.TOPIC, id=aggregate.id)
        if aggregate.id not in self._missed and self._begun(aggregate.id):
            raise AlreadyBegun(kind=aggregate.TOPIC, id=aggregate.id)
        self._touched[aggregate.id] = aggregate
        return aggregate

    def seal(self, subject: UUID, kind: str, text: str) -> Sealed:
        """Keep personal *text* about *subject* in the vault; events hold the reference."""
        return self.vault.seal(subject, kind, text)

    def open(self, sealed: Sealed) -> str:
        """The text behind *sealed*; the reading is recorded.

        Raises:
            services.kernel.vault.Erased: it was erased, or never disclosed to us.
        """
        return self.vault.open(sealed)

    def fingerprint(self, text: str) -> bytes:
        """32 bytes that nobody without the organisation's secret can compute from *text*."""
        return blake2b(text.encode(), key=self._keys.fingerprints, digest_size=32).digest()

    def fingerprints_with(self, organisation: str) -> Callable[[str], bytes]:
        """Gives of a text 32 bytes that only we and *organisation* can compute: for both the same.

        Raises:
            Unknown: no such organisation takes part.
        """
        other = self._programme.organisations.get(organisation)
        if other is None:
            raise Unknown(kind="organisation", id=organisation)
        key = self._keys.fingerprints_between(other.keys)
        return lambda text: blake2b(text.encode(), key=key, digest_size=32).digest()

    def seal_bytes(self, subject: UUID, kind: str, content: bytes) -> Sealed:
        """Keep *content*, as it came from outside, in the vault; events hold the reference."""
        return self.vault.seal_bytes(subject, kind, content)

    def open_bytes(self, sealed: Sealed) -> bytes:
        """The bytes behind *sealed*; the reading is recorded.

        Raises:
            services.kernel.vault.Erased: it was erased.
        """
        return self.vault.open_bytes(sealed)

    def tag(self, text: str) -> str:
        """Proof, to nobody but us, that we gave *text* out; 24 characters of base 32."""
        return self._keys.tag(text)

    def erase(self, subject: UUID) -> None:
        """Destroy everything the vault holds about *subject*."""
        self.vault.erase(subject)

    def hold(self) -> None:
        """Let nobody else write until this is decided: for who must see all that was decided."""
        hold(self.connection)

    def forget(self) -> None:
        """Drop whatever was decided and not yet written; what was read stays read."""
        self._touched.clear()
        self.vault.forget()

    def write(self) -> list[Row]:
        """Append what was decided, say it, and let it take effect on views and vault.

        Raises:
            Conflict: somebody else appended to one of the streams first; the transaction is over.
        """
        pending: list[tuple[Any, Aggregate]] = []
        for aggregate in self._touched.values():
            pending.extend((event, aggregate) for event in aggregate.collect_events())
        rows: list[Row] = []
        if pending:
            with _unless_somebody_was_first():
                self._repository.event_store.put(
                    [event for event, _ in pending],
                    now=micros(self.now),
                    cause=self.occasion.cause,
                    correlation=self.occasion.correlation,
                    root=self.occasion.root,
                    rows=rows,
                )
            failpoint("between events and said")
            self._tell(pending, rows)
        elif self.vault.changes:
            hold(self.connection)
        with _unless_somebody_was_first():
            self.vault.write(self.now, self.actor.id, self.occasion.cause)
        return rows

    def _tell(self, pending: list[tuple[Any, Aggregate]], rows: list[Row]) -> None:
        decided = [
            (event, aggregate, row) for (event, aggregate), row in zip(pending, rows, strict=True)
        ]
        said.say(
            decided,
            self._composition.published,
            self._programme,
            self._log_id,
            self.service,
            self.connection,
        )
        failpoint("between said and views")
        for event, _, row in decided:
            views.project(self._composition.views, event, row, self.connection)
        views.applied(self._composition.views, rows[-1].position, self.connection)

    def _begun(self, id: UUID) -> bool:
        return _begun(self.connection, {"stream": id}).first() is not None


@contextmanager
def _unless_somebody_was_first() -> Iterator[None]:
    """A unique key that is taken is a conflict here, and only here: a view's would be a defect."""
    try:
        yield
    except IntegrityError as error:
        raise Conflict("another decision came first") from error
