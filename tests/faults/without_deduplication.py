"""``python -m tests.faults.without_deduplication serve|courier SERVICE``: the kernel, forgetful.

A build in which nothing is recognised as seen before: idempotency keys are not claimed, the ids of
events do not come from their cause, and a repeated message is applied again. The suite must see it.
"""

import sys
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, update


def forget() -> None:
    """Switch every deduplication of the kernel off, in this process."""
    from services.kernel import inbox, log
    from services.kernel.said import Envelope
    from services.kernel.store import Store
    from services.kernel.tables import heard

    claim, receive = Store._claim, inbox._receive

    def claim_nothing(*arguments: Any) -> bool:
        claim(*arguments)
        return True

    def random_id(root: UUID, name: str) -> UUID:
        return uuid4()

    def receive_as_new(store: Store, connection: Connection, body: bytes, now: int) -> None:
        receive(store, connection, body, now)
        envelope, _ = inbox._believed(store, body)
        assert isinstance(envelope, Envelope)
        connection.execute(
            update(heard)
            .where(heard.c.log_id == envelope.log_id, heard.c.seq >= envelope.seq)
            .values(seq=envelope.seq - 1, hash=envelope.words["previous_hash"])
        )

    Store._claim = claim_nothing  # type: ignore[method-assign]
    log.uuid5 = random_id  # type: ignore[attr-defined]
    inbox._receive = receive_as_new


def main(kind: str, service: str) -> int:
    """Run the process *kind* of *service*."""
    name = "serve" if kind == "serve" else "courier.__main__"
    process = import_module(f"services.kernel.{name}")
    forget()
    return int(process.main(service))


if __name__ == "__main__":
    import os

    status = main(sys.argv[1], sys.argv[2])
    os._exit(status)
