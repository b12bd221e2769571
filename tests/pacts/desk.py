"""A pacts service with a real store and no broker: it hears, is asked, and days pass."""

import json
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select

from services.kernel.actor import Actor
from services.kernel.civil import ROME
from services.kernel.composition import Composition
from services.kernel.courier.work import close_days
from services.kernel.database import Database
from services.kernel.identity import sign
from services.kernel.ids import stream_id
from services.kernel.inbox import Looked, look, receive
from services.kernel.keys import Keys
from services.kernel.log import all_rows
from services.kernel.mapper import Mapper
from services.kernel.migrate import migrate
from services.kernel.programme import Organisation, Programme
from services.kernel.rows import canonical
from services.kernel.said import NOTHING_BEFORE
from services.kernel.store import Store
from services.kernel.tables import said, vault
from services.pacts.pact import Pact
from services.pacts.service import PactsService
from tests.pacts.moments import (
    FAMILY,
    LEAD,
    MANAGER,
    MEMBER,
    MOTHER,
    NEIGHBOUR,
    SON,
    TEACHER,
)

NAMESPACE = UUID("00000000-0000-5000-8000-0000000dac70")
SERVICES = ("people", "intake", "pacts", "review", "notify")
ROLES = ("microequipe_lead", "microequipe_member", "case_manager", "project_manager")
VALUES = {
    "pact_months": 12,
    "signature_days": 30,
    "verification_months": 3,
    "proposals_by_day": 10,
}


def keys_of(organisation: str) -> Keys:
    return Keys(sha256(organisation.encode()).digest())


def programme(own: str) -> Programme:
    """Two organisations, the first of which leads."""
    return Programme(
        own,
        {
            name: Organisation(name, SERVICES, keys_of(name).public, lead=name == "lead")
            for name in ("lead", "nord")
        },
    )


def empty_database(url: str, own: str, runtime: str | None = None) -> None:
    """Make the tables of *own*'s pacts service."""
    migrate(Composition.of("pacts"), own, url, runtime or url)


class Noon:
    """A clock that stands at noon of a day in Rome."""

    def __init__(self, day: date) -> None:
        self.day = day

    def now(self) -> datetime:
        return datetime.combine(self.day, time(12), ROME).astimezone(UTC)


class Neighbour:
    """Another service's log, as far as the desk hears it."""

    def __init__(self, organisation: str, service: str, audience: str) -> None:
        self.organisation = organisation
        self.service = service
        self.log_id = f"{organisation}/{service}/0123456789abcdef"
        self._audience = audience
        self._seq = 0
        self._hash = NOTHING_BEFORE

    def says(self, contract: str, body: dict[str, Any], texts: dict[UUID, Any]) -> bytes:
        """The message that carries *body*, with the *texts* that belong to it."""
        self._seq += 1
        event_id = uuid5(NAMESPACE, f"{self.log_id}#{self._seq}")
        words = {
            "log_id": self.log_id,
            "audience": self._audience,
            "seq": self._seq,
            "previous_hash": self._hash,
            "event_id": str(event_id),
            "recorded_at": self._seq,
            "by": f"{self.organisation}/person/{LEAD}",
            "cause": f"command:{event_id}",
            "correlation": str(event_id),
            "says": {contract: body},
            "parts": [
                {"ref": str(ref), "commitment": each["commitment"]} for ref, each in texts.items()
            ],
        }
        envelope = canonical(words)
        self._hash = sha256(envelope.encode()).hexdigest()
        reader = keys_of(self._audience).public
        parts = [
            {"ref": str(ref), "sealed": reader.sealed(json.dumps(each["part"]).encode()).hex()}
            for ref, each in texts.items()
        ]
        signature = keys_of(self.organisation).envelopes.sign(envelope.encode()).signature.hex()
        return json.dumps({"envelope": envelope, "signature": signature, "parts": parts}).encode()


def text_of(ref: UUID, text: str) -> dict[str, Any]:
    """A text that another organisation discloses under *ref*."""
    salt = sha256(str(ref).encode()).hexdigest()
    return {
        "commitment": sha256(bytes.fromhex(salt) + text.encode()).hexdigest(),
        "part": {
            "subject": str(stream_id("family", FAMILY)),
            "kind": "reason",
            "text": text,
            "salt": salt,
        },
    }


class Desk:
    """The pacts service of one organisation."""

    def __init__(self, url: str, own: str = "lead", today: date = date(2026, 3, 16)) -> None:
        composition = Composition.of("pacts")
        self.own = own
        self.clock = Noon(today)
        self.store = Store(composition, Database(url), keys_of(own), programme(own), self.clock)
        self.service = PactsService()
        self.service.hosted = self.store
        self._neighbours: dict[tuple[str, str], Neighbour] = {}
        self._calls = 0

    def on(self, day: date) -> "Desk":
        """It is *day*."""
        self.clock.day = day
        return self

    def days_pass(self, until: date) -> "Desk":
        """It is *until*; the duties of that day and of every day that was not closed are done."""
        self.clock.day = until
        close_days(self.store)
        return self

    def hear(
        self,
        contract: str,
        body: dict[str, Any],
        organisation: str | None = None,
        texts: dict[UUID, Any] | None = None,
    ) -> Looked:
        """Hear *body* from the service of *organisation* (our own) that says *contract*."""
        organisation = organisation or self.own
        key = (organisation, contract.split("/", 1)[0])
        neighbour = self._neighbours.setdefault(key, Neighbour(*key, self.own))
        receive(self.store, [neighbour.says(contract, body, texts or {})])
        return look(self.store, neighbour.log_id)

    def hear_guidelines(self, number: int = 1, begins: str = "2026-01-01", **changed: int) -> None:
        """The lead's board issued guidelines."""
        body = {
            "number": number,
            "in_force_from": begins,
            "parameters": {**VALUES, **changed, "isee_min": "6000.00"},
        }
        self.hear("review/guidelines_issued.v1", body, "lead")

    def hear_microequipe(self, organisation: str | None = None, **changed: Any) -> None:
        """Our intake says that the family has a microequipe."""
        body = {
            "family": FAMILY,
            "microequipe": str(stream_id("microequipe", FAMILY)),
            "lead": str(LEAD),
            "members": [str(MEMBER)],
            "figures": [],
            "case_manager": str(MANAGER),
            "on": "2026-03-16",
            **changed,
        }
        self.hear("intake/microequipe_formed.v2", body, organisation)

    def hear_figures(self, **changed: Any) -> None:
        """Our intake says that a teacher and a neighbour joined as reference figures."""
        figures = [
            {"person": str(TEACHER), "role": "teacher", "account": True},
            {"person": str(NEIGHBOUR), "role": "neighbour", "account": False},
        ]
        body = {
            "family": FAMILY,
            "microequipe": str(stream_id("microequipe", FAMILY)),
            "change": "joined",
            "lead": str(LEAD),
            "members": [str(LEAD), str(MEMBER), str(TEACHER)],
            "figures": figures,
            "case_manager": str(MANAGER),
            "on": self.clock.day.isoformat(),
            **changed,
        }
        self.hear("intake/microequipe_changed.v2", body)

    def hear_decision(
        self,
        outcome: str,
        proposal: int = 1,
        organisation: str = "lead",
        texts: dict[UUID, Any] | None = None,
        **changed: Any,
    ) -> None:
        """The lead's committee decided on the pact, with a reason (or those in *texts*)."""
        ref = uuid5(NAMESPACE, f"reason {proposal}")
        reasons = texts or {ref: text_of(ref, "Un corso che si può frequentare")}
        body = {
            "pact": str(self.pact_id),
            "proposal": proposal,
            "family": FAMILY,
            "cycle": self.clock.day.strftime("%Y-%m"),
            "outcome": outcome,
            "guidelines": 1,
            "on": self.clock.day.isoformat(),
            "votes": {
                "approve": 3,
                "approve_with_conditions": 0,
                "return": 1,
                "not_approve": 0,
                "recused": 0,
            },
            "by_quorum": True,
            "conditions": [],
            "reasons": [
                {"ref": str(ref), "commitment": each["commitment"]} for ref, each in reasons.items()
            ],
            **changed,
        }
        self.hear("review/proposal_decided.v1", body, organisation, reasons)

    @property
    def pact_id(self) -> UUID:
        """The family's first pact."""
        return stream_id("pact", FAMILY, 1)

    def ask(self, method: str, by: UUID = LEAD, key: UUID | None = None, **words: Any) -> Any:
        """Call *method* as the person *by*, with a token of its own and every role by default."""
        self._calls += 1
        roles = words.pop("roles", ROLES)
        actor = Actor.of_person(self.own, by, *roles)
        token = sign(
            self.store.keys.identities,
            actor,
            f"{self.own}/pacts",
            method,
            words,
            key or uuid5(NAMESPACE, f"call {self._calls}"),
        )
        return getattr(self.service, method)(identity=token, **words)

    def edit(self, method: str, by: UUID = LEAD, **words: Any) -> Any:
        """Ask something about the family's first pact."""
        return self.ask(method, by, pact_id=str(self.pact_id), **words)

    def write_a_draft(self) -> None:
        """Everything that a proposal needs."""
        self.edit("add_goal", goal="Un lavoro stabile", expected_result="Un contratto")
        self.edit("set_period", starts="2026-06-01")
        for words in ACTIONS:
            self.edit("add_action", **words)
        self.edit("link_capacity", action=3, kind="informal", description="Cucina per molti")
        self.edit("name_resource", kind="parish", description="Oratorio", hours="20")

    def reach_the_active_pact(self) -> None:
        """From nothing to a pact that is active on 1 June."""
        self.hear_guidelines()
        self.hear_microequipe()
        self.write_a_draft()
        self.on(date(2026, 4, 9)).edit("propose")
        self.on(date(2026, 5, 14)).hear_decision("approved")
        for person in (SON, MOTHER, LEAD):
            self.edit("sign", person=str(person))
        self.on(date(2026, 6, 1)).edit("activate")

    def pact(self) -> Pact:
        """The family's first pact, loaded."""
        return self.find(1)

    def find(self, number: int) -> Pact:
        """One of the family's pacts, loaded."""
        events = [each for each in self.events() if each.originator_id == pact_id(number)]
        pact = None
        for event in events:
            pact = event.mutate(pact)
        assert isinstance(pact, Pact)
        return pact

    def events(self) -> list[Any]:
        """Everything in the log."""
        with self.store.database.reading() as connection:
            return [Mapper().to_domain_event(row) for row in all_rows(connection)]

    def topics(self) -> list[str]:
        """Topics of our own facts, in order, without the kernel's."""
        return [each.TOPIC for each in self.events() if each.TOPIC.startswith("pacts.")]

    def refused(self) -> list[tuple[str, dict[str, Any]]]:
        """The refusals that became facts."""
        return [
            (each.refusal, each.facts)
            for each in self.events()
            if each.TOPIC == "kernel.WordsRefused"
        ]

    def told(self, audience: str) -> list[str]:
        """What was said to *audience*, by contract."""
        query = select(said.c.envelope).where(said.c.audience == audience).order_by(said.c.seq)
        with self.store.database.reading() as connection:
            return [
                contract
                for envelope in connection.scalars(query)
                for contract in json.loads(envelope)["says"]
            ]

    def rows_written(self) -> tuple[int, int]:
        """How many events and vault entries there are."""
        with self.store.database.reading() as connection:
            events = sum(1 for _ in all_rows(connection))
            return events, connection.scalar(select(func.count()).select_from(vault)) or 0


def pact_id(number: int) -> UUID:
    return stream_id("pact", FAMILY, number)


ACTIONS = (
    {
        "dimension": "assistance",
        "area": "emergency_aid",
        "description": "Pacchi alimentari per la famiglia Inventata",
        "provider": "cda-san-rocco",
        "responsible": str(LEAD),
        "starts": "2026-06-01",
        "until": "2026-11-30",
        "expected_result": "La spesa basta fino a fine mese",
        "quantity_eur": "450",
    },
    {
        "dimension": "promotion",
        "area": "work_and_training",
        "description": "Corso da saldatore",
        "provider": "cfp-valle",
        "responsible": str(MEMBER),
        "committed": str(SON),
        "starts": "2026-06-15",
        "until": "2026-12-15",
        "expected_result": "Attestato",
        "quantity_hours": "120.0",
    },
    {
        "dimension": "restitution",
        "area": "complementary_services_and_education",
        "description": "Cucina al centro estivo",
        "provider": "oratorio-centro",
        "responsible": str(MEMBER),
        "committed": str(MOTHER),
        "starts": "2026-07-01",
        "until": "2027-03-01",
        "expected_result": "Un pasto la settimana per venti bambini",
        "quantity_hours": "60",
    },
)
