"""Hearing without a broker: messages as they come, applied as far as they can be."""

import json
from typing import Any

from sqlalchemy import select, update

from services.kernel.deciding import Deciding
from services.kernel.inbox import (
    Step,
    lines_waiting,
    look,
    receive,
)
from services.kernel.rows import canonical
from services.kernel.tables import heard, quarantine
from services.kernel.words import Heard
from tests.kernel.parties import Party, keys_of, person

OPERATOR = person("lead", "operator", "administrator")


def opened(kitchen: Party, count: int, name: str = "jar") -> list[bytes]:
    """Open *count* jars; what the kitchen says of them to the lead."""
    said = len(kitchen.messages("lead"))
    for number in range(count):
        kitchen.open_jar(f"{name} {number}")
    return kitchen.messages("lead", after=said)


def hear(cellar: Party, *messages: bytes) -> None:
    """Receive *messages*, then apply all that can be applied."""
    receive(cellar.store, messages)
    apply(cellar)


def apply(cellar: Party) -> None:
    with cellar.store.database.reading() as connection:
        known = lines_waiting(connection)
    for log_id in known:
        while look(cellar.store, log_id).step is Step.HEARD:
            pass


def line_of(cellar: Party, kitchen: Party) -> Any:
    """How far *cellar* has heard *kitchen*."""
    with cellar.store.database.reading() as connection:
        query = select(heard).where(heard.c.log_id == kitchen.store.log_id)
        return connection.execute(query).one()


def as_if_tried_long_ago(cellar: Party) -> None:
    """Let the back-off be over."""
    with cellar.store.database.writing() as connection:
        connection.execute(update(heard).values(next_try_at=0))


def rewritten(body: bytes, signer: str = "lead", **words: Any) -> bytes:
    """A message whose envelope says something else, well signed by *signer*."""
    message = json.loads(body)
    envelope = canonical({**json.loads(message["envelope"]), **words})
    return sealed(envelope, message["parts"], signer)


def sealed(envelope: str, parts: Any = (), signer: str = "lead") -> bytes:
    signature = keys_of(signer).envelopes.sign(envelope.encode()).signature.hex()
    return json.dumps({"envelope": envelope, "signature": signature, "parts": parts}).encode()


def quarantined(cellar: Party) -> list[str]:
    """Why messages were kept aside."""
    return sorted(row.reason for row in cellar.table(quarantine))


def crash(_deciding: Deciding, _heard: Heard) -> None:
    raise RuntimeError("with a text that must not be kept: aunt Pia")
