"""Post in, as the tests run it: the real endpoint on loopback, a real store, the real child."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.console.private_broker import free_ports
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding, Occasion
from services.kernel.ids import stream_id
from services.kernel.tables import vault
from services.notify.mail import Mail, Route
from services.notify.post_in.reading import Readers
from services.notify.post_in.receiving import take
from services.notify.post_in.settings import PostIn
from services.notify.post_in.smtp import Endpoint, House
from services.notify.post_in.sorter import Sorter
from services.notify.views.mails import arrived
from tests.notify.post_in.papers import DEDICATED, LEAD_MEMBER
from tests.review.moments import person
from tests.review.office import Office


def settings(**changes: Any) -> PostIn:
    """Post in for the dedicated address, on free ports."""
    smtp, lmtp = free_ports(2)
    made = PostIn.from_env(
        {
            "POST_IN_ADDRESSES": f"{DEDICATED},proposte@rete.example",
            "POST_IN_ALSO_OURS": "avvisi@rete.example",
            "POST_IN_SMTP": f"127.0.0.1:{smtp}",
            "POST_IN_LMTP": f"127.0.0.1:{lmtp}",
            "POST_IN_POLL_SECONDS": "0.2",
        }
    )
    return replace(made, **changes)


@contextmanager
def endpoint(office: Office, post: PostIn, keep: Any = None) -> Iterator[House]:
    """The endpoint, listening in a thread."""
    listens, made, stop, loop = threading.Event(), [], [], asyncio.new_event_loop()

    def house() -> House:
        made.append(
            House(
                post,
                keep or (lambda raw, route, at: take(office.store, raw, route, at)),
                office.store.clock.now,
                lambda: None,
            )
        )
        return made[0]

    async def run() -> None:
        stop.append(asyncio.Event())
        await Endpoint(post, house).run(listens.set, stop[0])
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    try:
        assert listens.wait(10)
        yield made[0]
    finally:
        loop.call_soon_threadsafe(lambda: stop[0].set())
        thread.join(30)
        loop.close()


def sort_all(office: Office, post: PostIn) -> int:
    """Sort everything that waits."""
    readers = Readers()
    try:
        return Sorter(office.store, post, readers).sort_all()
    finally:
        readers.close()


def received(office: Office, raw: bytes, route: Route = Route.SMTP) -> UUID:
    """Keep *raw* as if it had come."""
    return take(office.store, raw, route, office.clock.at)


def became(office: Office) -> list[tuple[str, str | None, str | None]]:
    """Topic, reason and code of whatever became of the mails, in order."""
    return [
        (topic.removeprefix("notify."), state.get("why"), state.get("code"))
        for topic, state in office.facts(
            "notify.FormReceived", "notify.MailSetAside", "notify.MailLeftToAPerson"
        )
    ]


def kept(office: Office) -> int:
    """How many mails were kept."""
    return len(office.facts("notify.MailReceived"))


def raw_of(office: Office) -> bytes:
    """The bytes of the first mail."""
    with office.store.database.reading() as connection:
        [first, *_] = arrived(connection, None, None, 10_000)[::-1]
    occasion = Occasion(first.mail, "test", "test", Actor.of_service("lead", "notify"))

    def opened(reading: Deciding) -> bytes:
        raw = reading.get(Mail, first.mail).raw
        assert raw is not None
        return reading.open_bytes(raw)

    return office.store.ask(occasion, opened)


def in_vault(office: Office) -> list[str]:
    """Kinds of what mails left in the vault."""
    with office.store.database.reading() as connection:
        kinds = connection.scalars(select(vault.c.kind).order_by(vault.c.kind))
        return [kind for kind in kinds if kind in ("mail", "mail_head", "form")]


def know(office: Office, who: UUID = person(3), address: str = LEAD_MEMBER) -> UUID:
    """Let notify hear that *who* leads a microequipe, and from where *who* writes."""
    role = {
        "person": str(who),
        "role": "microequipe_lead",
        "organisation": "lead",
        "body": None,
        "from": "2026-01-01",
        "until": None,
    }
    office.hear("people/role_assigned.v1", role)
    ref = str(stream_id("test address", who))
    commitment = sha256(bytes.fromhex("5a" * 32) + address.encode()).hexdigest()
    body = {
        "person": str(who),
        "kind": "mail",
        "address": {"ref": ref, "commitment": commitment},
    }
    office.hear("people/address_recorded.v1", body, parts={ref: address})
    return who
