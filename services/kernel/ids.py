"""Ids that are derived from their cause, so that the store refuses a second one; and of logs."""

from uuid import UUID, uuid5

NAMESPACE = UUID("5f1b3c0e-7d0a-5c3e-9b61-0c0a11e7e5d1")
"""Root of every derived id; stored ids rest on it, so it never changes."""


def stream_id(kind: str, *parts: object) -> UUID:
    """The id of the one *kind* that *parts* name: ``stream_id("family", "LEAD-7K3M9Q-4")``."""
    return uuid5(NAMESPACE, "/".join((kind, *map(str, parts))))


def speaker_of(log_id: str) -> str:
    """The organisation whose log is called ``organisation/service/number``."""
    return log_id.split("/", 1)[0]
