"""Health, readiness and metrics of one process, over HTTP; no personal text, no secrets."""

import json
import logging
import socket
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from services.kernel.operate import Status, status
from services.kernel.settings import Settings
from services.kernel.store import Store

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Figure:
    """One figure that a service adds to the kernel's.

    Attributes:
        name: of the gauge, without ``comunita_``.
        words: what it counts or measures, for who reads the metrics.
    """

    name: str
    words: str
    value: float


Figures = Callable[[], Iterable[Figure]]
"""Reads the figures of a service, when they are asked for."""


class Gauges(Collector):
    """The status of one service, and its own figures, as Prometheus gauges."""

    def __init__(self, store: Store, figures: Figures) -> None:
        self._store = store
        self._figures = figures

    def collect(self) -> list[Metric]:
        """Read the status once and name its figures."""
        return [*gauges(status(self._store)), *map(_own, self._figures())]


def _own(figure: Figure) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"comunita_{figure.name}", figure.words, value=figure.value)


def gauges(found: Status) -> list[GaugeMetricFamily]:
    """The figures of *found* as gauges."""

    def gauge(name: str, words: str, labels: list[str] | None = None) -> GaugeMetricFamily:
        return GaugeMetricFamily(f"comunita_{name}", words, labels=labels or [])

    position = gauge("log_position", "Last position of the log")
    position.add_metric([], found.position)
    unsent = gauge("unsent", "Envelopes the broker has not confirmed", ["audience"])
    oldest = gauge("oldest_unsent_seconds", "Age of the oldest unsent envelope", ["audience"])
    for audience in found.audiences:
        unsent.add_metric([audience.organisation], audience.unsent)
        oldest.add_metric([audience.organisation], audience.oldest_seconds)
    waiting = gauge("inbox_waiting", "Envelopes heard and not applied", ["log_id"])
    stopped = gauge("line_stopped", "1 if the line stands still", ["log_id"])
    for line in found.lines:
        waiting.add_metric([line.log_id], line.waiting)
        stopped.add_metric([line.log_id], int(line.stopped is not None))
    agreement = gauge(
        "waiting_for_agreement",
        "Envelopes to and from an organisation that wait for an agreement",
        ["organisation"],
    )
    for organisation, count in found.waiting_for_agreement.items():
        agreement.add_metric([organisation], count)
    quarantined = gauge("quarantined", "Messages that were not believed, kept aside or counted")
    quarantined.add_metric([], found.quarantined)
    not_kept = gauge("quarantine_not_kept", "Those that are only counted: too large, or too many")
    not_kept.add_metric([], found.not_kept)
    behind = gauge("days_behind", "Civil days whose duties are not done")
    behind.add_metric([], found.days_behind)
    views = gauge("view_lag", "Positions that a view has not applied", ["view"])
    for name, applied in found.views.items():
        views.add_metric([name], found.position - applied)
    checkpoint = gauge("checkpoint_position", "Events under the last signed checkpoint of the log")
    checkpoint.add_metric([], found.checkpoint)
    cosigned = gauge(
        "cosigned_position", "Events under the last checkpoint it cosigned", ["organisation"]
    )
    for organisation, size in found.cosigned.items():
        cosigned.add_metric([organisation], size)
    contradicted = gauge("log_contradicted", "1 if it is not what was signed of it", ["log_id"])
    for log in found.seen:
        contradicted.add_metric([log.log_id], int(log.stopped is not None))
    proof = [checkpoint, cosigned, contradicted]
    counted = [quarantined, not_kept, behind, views]
    return [position, unsent, oldest, waiting, stopped, agreement, *counted, *proof]


def serve_health(
    store: Store,
    settings: Settings,
    ready: Callable[[], bool],
    figures: Figures = tuple,
) -> ThreadingHTTPServer:
    """Answer ``/health``, ``/ready``, ``/status`` and ``/metrics`` in a thread.

    Args:
        figures: of the service itself, beside those that every service has.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Described(store, figures))

    def told() -> str:
        own = {each.name: each.value for each in figures()}
        return json.dumps({**status(store).words(), "figures": own})

    class Answers(BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self) -> None:  # the library's name
            match self.path:
                case "/health":
                    self._say(200, "text/plain", b"ok\n")
                case "/ready":
                    up = _safely(ready)
                    self._say(200 if up else 503, "text/plain", b"ready\n" if up else b"not yet\n")
                case "/status":
                    self._answer("application/json", told)
                case "/metrics":
                    self._answer("text/plain; version=0.0.4", lambda: generate_latest(registry))
                case _:
                    self._say(404, "text/plain", b"no such page\n")

        def _answer(self, kind: str, make: Callable[[], str | bytes]) -> None:
            try:
                made = make()
            except Exception as error:  # the database is away: say so, keep serving
                logger.warning("no status", extra={"because": type(error).__name__})
                self._say(503, "text/plain", b"not now\n")
            else:
                self._say(200, kind, made if isinstance(made, bytes) else made.encode())

        def _say(self, code: int, kind: str, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Health checks are not worth a line each."""

    given = settings.health_socket
    server = _Server(
        (settings.health_host, settings.health_port), Answers, bind_and_activate=given is None
    )
    if given is not None:
        server.socket.close()
        server.socket = socket.socket(fileno=given)
        server.server_address = server.socket.getsockname()
    # told first: whoever was answered finds the line
    logger.info("health", extra={"port": server.server_address[1]})
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


class _Server(ThreadingHTTPServer):
    """Says in a log line what the library would print: a client that went away, usually."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Log the type of the exception; the answer was not given."""
        kind = sys.exc_info()[0]
        logger.info("no answer given", extra={"because": kind.__name__ if kind else None})


class _Described(Gauges):
    """Registers without being asked for figures first: the database may still be away."""

    def describe(self) -> list[Metric]:
        return []


def _safely(ready: Callable[[], bool]) -> bool:
    try:
        return ready()
    except Exception:  # whatever keeps it from knowing keeps it from being ready
        return False
