"""One service of one organisation on a real store, without a broker: it hears, is asked, lives."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.kernel.actor import Actor
from services.kernel.civil import ROME
from services.kernel.composition import Composition
from services.kernel.courier.work import close_days
from services.kernel.database import Database
from services.kernel.deciding import Occasion
from services.kernel.identity import sign
from services.kernel.ids import stream_id
from services.kernel.inbox import Looked, Step, look, receive
from services.kernel.keys import Keys
from services.kernel.log import all_rows
from services.kernel.migrate import migrate
from services.kernel.programme import Organisation, Programme
from services.kernel.rows import canonical
from services.kernel.said import NOTHING_BEFORE
from services.kernel.store import Store
from services.kernel.tables import said, vault
from services.kernel.words import Heard

SERVICES = ("people", "intake", "pacts", "review", "notify")


def keys_of(organisation: str) -> Keys:
    """The keys of *organisation*, the same in every run."""
    return Keys(sha256(organisation.encode()).digest())


def programme(own: str) -> Programme:
    """The lead and one partner."""
    return Programme(
        own,
        {
            "lead": Organisation("lead", SERVICES, keys_of("lead").public, lead=True),
            "nord": Organisation("nord", SERVICES, keys_of("nord").public),
        },
    )


@dataclass
class StandingClock:
    """A clock that a test sets."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass
class Producer:
    """A log of another service, as far as it has spoken to us."""

    log_id: str
    seq: int = 0
    hash: str = NOTHING_BEFORE


@dataclass
class Office:
    """A store of *service* at *organisation*, on the day that the test says.

    Attributes:
        urls: of the owner's role and of the runtime role.
        migrated: whether the database has its tables already.
    """

    service: str
    organisation: str
    urls: tuple[str, str]
    day: date
    migrated: bool = False
    producers: dict[tuple[str, str], Producer] = field(default_factory=dict)
    _acts: int = 0

    def __post_init__(self) -> None:
        composition = Composition.of(self.service)
        if not self.migrated:
            migrate(composition, self.organisation, *self.urls)
        self.clock = StandingClock(noon(self.day))
        self.store = Store(
            composition,
            Database(self.urls[1]),
            keys_of(self.organisation),
            programme(self.organisation),
            self.clock,
        )

    def close(self) -> None:
        self.store.close()

    def hear(
        self,
        contract: str,
        body: dict[str, Any],
        organisation: str = "lead",
        said_at: datetime | None = None,
        by: str | None = None,
        parts: dict[str, str] | None = None,
        about: UUID | None = None,
    ) -> UUID:
        """Hear words through inbox and policy, in the transaction that it is in production.

        Args:
            said_at: when the producer recorded it; by default our own present.
            by: the actor behind the words.
            parts: reference of each sealed part → its text.
            about: whom the parts are about, as the vault names them; by default, each another.

        Returns:
            The producer's event id.
        """
        service = contract.split("/")[0]
        producer = self.producers.setdefault(
            (organisation, service), Producer(f"{organisation}/{service}/0123456789abcdef")
        )
        event_id = stream_id("test event", producer.log_id, producer.seq + 1)
        at = said_at or self.clock.at
        told = [_part(ref, text, about) for ref, text in (parts or {}).items()]
        envelope = canonical(
            {
                "log_id": producer.log_id,
                "audience": self.organisation,
                "seq": producer.seq + 1,
                "previous_hash": producer.hash,
                "event_id": str(event_id),
                "recorded_at": int(at.timestamp() * 1_000_000),
                "by": by or f"{organisation}/service/{service}",
                "cause": "test",
                "correlation": str(event_id),
                "says": {contract: body},
                "parts": [{"ref": p["ref"], "commitment": p["commitment"]} for p in told],
            }
        )
        producer.seq += 1
        producer.hash = sha256(envelope.encode()).hexdigest()
        sealer = keys_of(self.organisation).public
        message = {
            "envelope": envelope,
            "signature": keys_of(organisation).envelopes.sign(envelope.encode()).signature.hex(),
            "parts": [
                {"ref": p["ref"], "sealed": sealer.sealed(json.dumps(p["words"]).encode()).hex()}
                for p in told
            ],
        }
        receive(self.store, [json.dumps(message).encode()])
        assert look(self.store, producer.log_id) == Looked(Step.HEARD, producer.seq)
        return event_id

    def again(
        self, contract: str, body: dict[str, Any], organisation: str, event_id: UUID, policy: Any
    ) -> None:
        """Apply *policy* once more to words that were heard, in a transaction of its own."""
        actor = Actor.of_service(self.organisation, self.service)
        root = stream_id("again", event_id)
        heard = Heard(
            contract=contract,
            body=body,
            organisation=organisation,
            service=contract.split("/")[0],
            said_at=self.clock.at,
            by=f"{organisation}/service/{contract.split('/')[0]}",
            event_id=event_id,
        )
        occasion = Occasion(root, f"again:{root}", str(root), actor)
        self.store.decide(occasion, lambda deciding: policy(deciding, heard))

    def decide(self, act: Any) -> None:
        """Let *act* decide something in a transaction of its own."""
        actor = Actor.of_service(self.organisation, self.service)
        self._acts += 1
        root = stream_id("act of a test", self._acts)
        self.store.decide(Occasion(root, f"test:{root}", str(root), actor), act)

    def call(self, host: Any, method: str, actor: Actor, **words: Any) -> Any:
        """What the service method answers; *host* is the nameko service class."""
        asked = host()
        asked.hosted = self.store
        audience = f"{self.organisation}/{self.service}"
        token = sign(self.store.keys.identities, actor, audience, method, words)
        return getattr(asked, method)(identity=token, **words)

    def live_until(self, day: date) -> None:
        """Let every day up to *day* come, with its duties; it is noon then."""
        while self.day < day:
            self.day += timedelta(days=1)
            self.clock.at = noon(self.day)
            close_days(self.store)

    def begin_days(self) -> None:
        """Close the present day, so that duties are done from the next one on."""
        close_days(self.store)

    def facts(self, *topics: str) -> list[tuple[str, dict[str, Any]]]:
        """Topic and state of the stored events, of *topics* if any, in order."""
        with self.store.database.reading() as connection:
            return [
                (row.topic, json.loads(row.state))
                for row in all_rows(connection)
                if (not topics or row.topic in topics) and not row.topic.startswith("kernel.Day")
            ]

    def told(self, audience: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """Contract and body of everything said to *audience*, in order."""
        query = select(said.c.envelope).where(said.c.audience == audience).order_by(said.c.seq)
        with self.store.database.reading() as connection:
            for envelope in connection.scalars(query):
                yield from json.loads(envelope)["says"].items()

    def texts(self) -> list[str]:
        """The kinds of what the vault holds and can open."""
        with self.store.database.reading() as connection:
            return list(connection.scalars(select(vault.c.kind).order_by(vault.c.recorded_at)))

    def refusals(self) -> list[tuple[str, str]]:
        """Contract and refusal of the words that a rule did not follow."""
        return [
            (state["contract"], state["refusal"]) for _, state in self.facts("kernel.WordsRefused")
        ]


def noon(day: date) -> datetime:
    """Noon of *day* in Rome."""
    return datetime.combine(day, time(12), ROME).astimezone(UTC)


def _part(ref: str, text: str, about: UUID | None) -> dict[str, Any]:
    salt = "5a" * 32
    commitment = sha256(bytes.fromhex(salt) + text.encode()).hexdigest()
    subject = str(about or stream_id("test subject", ref))
    words = {"subject": subject, "kind": "action", "text": text, "salt": salt}
    return {"ref": ref, "commitment": commitment, "words": words}
