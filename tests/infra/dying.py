"""A consumer that ends before it acknowledges, as often as one likes."""

from collections.abc import Mapping

import pika

LIMIT = 20
"""How often RabbitMQ 4 hands a message over again before it drops it, if no policy says more."""


def dies_holding(url: str, queue: str, count: int) -> list[bytes]:
    """What a consumer was handed over, up to *count* messages, before its connection ended."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=count)
    held: list[bytes] = []
    for method, _, body in channel.consume(queue, inactivity_timeout=5.0):
        if method is not None:
            held.append(body)
        if method is None or len(held) == count:
            break
    connection.close()
    return held


def fill(url: str, queue: str, count: int, arguments: Mapping[str, object]) -> list[bytes]:
    """The *count* messages that are in the new queue *queue*."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.queue_declare(queue, durable=True, arguments=dict(arguments))
    channel.confirm_delivery()
    bodies = [f"{number}".encode() for number in range(count)]
    for body in bodies:
        channel.basic_publish("", queue, body, pika.BasicProperties(delivery_mode=2))
    connection.close()
    return bodies
