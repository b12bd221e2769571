"""The store of one service: decides once per cause, and answers again what it answered before."""

import json
import socket
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select, update

from services.kernel.agreements import AGREEMENTS, Agreements
from services.kernel.civil import civil_day
from services.kernel.clock import Clock
from services.kernel.composition import Composition
from services.kernel.database import Database, Prepared, add_new
from services.kernel.deciding import Deciding, Occasion
from services.kernel.failpoints import failpoint
from services.kernel.keys import Keys
from services.kernel.log import head, load, repository
from services.kernel.mapper import micros
from services.kernel.programme import Programme
from services.kernel.refusal import Refused
from services.kernel.tables import events, outcomes

R = TypeVar("R")

_outcome = Prepared(update(outcomes).where(outcomes.c.key == bindparam("claimed")))
_agreements = Prepared(select(func.max(events.c.version)).where(events.c.stream == AGREEMENTS))


class KeyReused(Refused):
    """This idempotency key was used for another request; a key belongs to one request."""


class Store:
    """The log of one service of one organisation, and everything written with it."""

    def __init__(
        self,
        composition: Composition,
        database: Database,
        keys: Keys,
        programme: Programme,
        clock: Clock,
    ) -> None:
        self.composition = composition
        self.database = database
        self.keys = keys
        self.programme = programme
        self.clock = clock
        with database.reading() as connection:
            self.log_id: str = head(connection)[0]
        self._agreed: Agreements | None = None
        self._waker = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._waker.setblocking(False)

    def deciding(self, connection: Connection, occasion: Occasion) -> Deciding:
        """A unit of work inside the transaction of *connection*."""
        return Deciding(
            connection,
            occasion,
            self.composition,
            self.programme,
            self.keys,
            self.log_id,
            self.clock.now(),
        )

    def decide(self, occasion: Occasion, act: Callable[[Deciding], R]) -> R:
        """Run *act* in one transaction and write what it decided; again after a conflict.

        Without a stored outcome: for causes that have their own fence (a heard position).
        """

        def attempt() -> R:
            with self.database.writing() as connection:
                deciding = self.deciding(connection, occasion)
                result = act(deciding)
                deciding.write()
                failpoint("before commit")
            failpoint("after commit")
            return result

        result = self.database.again(attempt)
        self.wake()
        return result

    def decide_once(
        self,
        key: UUID,
        method: str,
        request: bytes,
        occasion: Occasion,
        act: Callable[[Deciding], Any],
    ) -> Any:
        """Decide under the idempotency key *key*; asked again, give the stored outcome.

        Key, actor, request digest and outcome, refusals included, are stored in the deciding
        transaction.

        Args:
            request: canonical bytes of the request; only a keyed digest of it is stored.
            act: returns a JSON value without personal text, or raises Refused.

        Raises:
            KeyReused: the key belongs to another request or actor.
            Refused: what *act* refused, now or the first time.
        """
        digest = blake2b(request, key=self.keys.digests, digest_size=32).hexdigest()

        def attempt() -> Any:
            with self.database.writing() as connection:
                if not self._claim(connection, key, method, digest, occasion):
                    return self._stored(connection, key, method, digest, occasion)
                failpoint("after claiming the key")
                deciding = self.deciding(connection, occasion)
                refusal: Refused | None = None
                outcome = None
                try:
                    outcome = act(deciding)
                except Refused as refused:
                    refusal = refused
                    deciding.forget()
                deciding.write()
                words = {
                    "refusal": refusal.kind if refusal else None,
                    "outcome": json.dumps(refusal.facts if refusal else outcome),
                }
                _outcome(connection, {"claimed": key, **words})
                failpoint("before commit")
            failpoint("after commit")
            return refusal if refusal else outcome

        result = self.database.again(attempt)
        self.wake()
        if isinstance(result, Refused):
            raise result
        return result

    def ask(self, occasion: Occasion, question: Callable[[Deciding], R]) -> R:
        """Answer *question* in a reading transaction; whose entries were read is recorded."""

        def attempt() -> tuple[R, Deciding]:
            with self.database.reading() as connection:
                deciding = self.deciding(connection, occasion)
                return question(deciding), deciding

        answer, deciding = self.database.again(attempt)
        if deciding.vault.reads:

            def note() -> None:
                with self.database.writing() as connection:
                    deciding.connection = connection
                    deciding.vault.write_reads(deciding.now, occasion.actor.id, occasion.cause)

            self.database.again(note)
        return answer

    def without_agreement(self, connection: Connection) -> frozenset[str]:
        """The organisations with which no agreement is in force today; none, if none is needed.

        Asked at each turn of the courier: the agreements are loaded anew only when one was heard.
        """
        if not self.composition.under_agreements:
            return frozenset()
        version = _agreements(connection).scalar()
        known = self._agreed
        if version is not None and (known is None or known.version != version):
            known = self._agreed = load(repository(connection), Agreements, AGREEMENTS)
        others = self.programme.organisations.keys() - {self.programme.own}
        if known is None:
            return frozenset(others)
        today = civil_day(self.clock.now())
        return frozenset(each for each in others if not known.in_force_with(each, today))

    @property
    def producers(self) -> list[tuple[str, str]]:
        """Whose words this service hears: organisation and service, own first."""
        return [
            (organisation, name)
            for name in self.composition.listens_to
            for organisation, _ in self.programme.producers(name)
            if organisation != self.programme.own or name not in self.composition.of_others_alone
        ]

    def close(self) -> None:
        """Close connections and socket; the store is not used after it."""
        self.database.dispose()
        self._waker.close()

    def wake(self) -> None:
        """Tell the courier that there is something to carry; its poll finds it too."""
        try:
            self._waker.sendto(b"!", wake_address(self.log_id))
        except OSError:  # nobody listens, or its buffer is full: its poll finds the rows
            return

    def _claim(
        self, connection: Connection, key: UUID, method: str, digest: str, occasion: Occasion
    ) -> bool:
        values = {
            "key": key,
            "method": method,
            "actor": occasion.actor.id,
            "digest": digest,
            "recorded_at": micros(self.clock.now()),
        }
        return add_new(connection, outcomes, values)

    def _stored(
        self, connection: Connection, key: UUID, method: str, digest: str, occasion: Occasion
    ) -> Any:
        found = connection.execute(select(outcomes).where(outcomes.c.key == key)).one()
        if (found.method, found.actor, found.digest) != (method, occasion.actor.id, digest):
            raise KeyReused(key=key)
        words = json.loads(found.outcome)
        return refused_before(found.refusal, words) if found.refusal else words


def refused_before(kind: str, facts: dict[str, Any]) -> Refused:
    """The stored refusal *kind*, raised again under the same name with the same facts."""
    named: type[Refused] = type(kind, (Refused,), {"__doc__": "Refused before, and stored."})
    return named(**facts)


def wake_address(log_id: str) -> str:
    """The abstract socket on which the courier of *log_id* is woken on this machine."""
    return f"\0comunita/{log_id}"
