"""Keeping a mail: raw and fact in one transaction, before anybody is told that it was taken."""

from datetime import datetime
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding, Occasion
from services.kernel.failpoints import failpoint
from services.kernel.store import Store
from services.notify.mail import Doubt, Mail, Route, mail_id, nothing_known
from services.notify.post_in.identity import digests
from services.notify.waiting import leave_to_a_person


def take(store: Store, raw: bytes, route: Route, at: datetime) -> UUID:
    """Keep *raw*; when this returns, it is kept. The same mail again is kept once.

    Args:
        at: when it reached us, UTC.

    Raises:
        sqlalchemy.exc.DBAPIError: the database is away; nothing was kept.
    """
    message, body = digests(raw, store.keys.digests)
    id = mail_id(message, body)

    def act(deciding: Deciding) -> None:
        if deciding.find(Mail, id) is None:
            kept = deciding.seal_bytes(id, "mail", raw)
            mail = Mail.receive(route, len(raw), message, body, kept, at, by=deciding.actor)
            deciding.add(mail)
            failpoint("before mail commit")

    store.decide(occasion(store, "mail", id), act)
    failpoint("after mail commit")
    return id


def note_too_large(store: Store, headers: bytes, size: int, route: Route, at: datetime) -> UUID:
    """Record a mail that is too large to be kept, and stays in its mailbox for a person."""
    message, _ = digests(headers, store.keys.digests)
    id = mail_id(message, str(size))

    def act(deciding: Deciding) -> None:
        if deciding.find(Mail, id) is None:
            by = deciding.actor
            mail = Mail.receive(route, size, message, str(size), None, at, by=by)
            leave_to_a_person(
                deciding, deciding.add(mail), Doubt.TOO_MUCH, "size", nothing_known(at)
            )

    store.decide(occasion(store, "mail", id), act)
    return id


def occasion(store: Store, what: str, id: UUID) -> Occasion:
    """What mail *id* makes this service decide; its correlation is that of all that follows."""
    actor = Actor.of_service(store.programme.own, store.composition.name)
    root = id if what == "mail" else mail_id(what, str(id))
    return Occasion(root, f"{what}:{id}", str(id), actor)
