"""Names on the broker: one exchange, routing keys, queues. Renaming one orphans the mail in it."""

EXCHANGE = "said"
"""Durable topic exchange in every organisation's virtual host."""

QUEUE_ARGUMENTS = {"x-queue-type": "quorum", "x-single-active-consumer": True}
"""Quorum queues with one active consumer; delivery limits are policies, per broker version."""


def said_key(organisation: str, service: str, audience: str) -> str:
    """Routing key of what *service* of *organisation* says to *audience*."""
    return f"{organisation}.{service}.{audience}"


def resend_key(organisation: str, service: str, to_organisation: str, to_service: str) -> str:
    """Routing key of what one courier asks another, or answers: to say something again, a proof."""
    return f"{organisation}.{service}.{to_organisation}.{to_service}"


def heard_queue(service: str, organisation: str, producer: str) -> str:
    """Queue in which *service* hears *producer* of *organisation*."""
    return f"heard.{service}.{organisation}.{producer}"


def resend_queue(service: str) -> str:
    """Queue of what other couriers ask of the courier of *service*, or answer."""
    return f"resend.{service}"
