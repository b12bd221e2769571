"""Sends spans to an OpenTelemetry collector by OTLP over HTTP, from a bounded queue in a thread.

A collector that is slow or away delays nobody: what does not fit into the queue is dropped. Queue,
batches, headers and time-outs are set by the standard ``OTEL_…`` variables, which the SDK reads.
Nothing is sampled here: a collector can choose among whole traces, one service cannot.
"""

import logging
import threading
from collections.abc import Mapping

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

LAST_SECONDS = 2.0
"""How long the end of a process may wait for the collector to take the last spans."""


class Given(IdGenerator):
    """Ids that were worked out before, each for the next span."""

    trace = id = 0

    def generate_trace_id(self) -> int:
        return self.trace

    def generate_span_id(self) -> int:
        return self.id


class Otlp:
    """The spans of one process."""

    def __init__(self, organisation: str, service: str, process: str) -> None:
        self._ids = Given()
        self._one_at_a_time = threading.Lock()
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=Resource.create(
                {
                    "service.namespace": organisation,
                    "service.name": service,
                    "comunita.process": process,
                }
            ),
            shutdown_on_exit=False,
            id_generator=self._ids,
        )
        # once for each batch that is lost, not for each try
        logging.getLogger("opentelemetry.exporter").setLevel(logging.ERROR)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer("comunita")

    def take(
        self,
        name: str,
        kind: SpanKind,
        trace: int,
        id: int,
        *,
        parent: int | None,
        link: SpanContext | None,
        began: int,
        ended: int,
        error: str | None,
        attributes: Mapping[str, str],
    ) -> None:
        """Keep a span that is over, to be sent soon; at once.

        Args:
            trace: 128 bits.
            id: 64 bits.
            parent: span of the same trace.
            link: span of another trace.
            began: nanoseconds since 1970 UTC, as *ended*.
            error: name of an exception.
        """
        context = Context()
        if parent is not None:
            caused = SpanContext(trace, parent, True, TraceFlags(TraceFlags.SAMPLED))
            context = set_span_in_context(NonRecordingSpan(caused), context)
        with self._one_at_a_time:
            self._ids.trace, self._ids.id = trace, id
            span = self._tracer.start_span(
                name,
                context,
                kind,
                attributes,
                links=[Link(link)] if link else [],
                start_time=began,
            )
        if error is not None:
            span.set_attribute("error.type", error)
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)

    def end(self) -> None:
        """Send what is kept, for at most :data:`LAST_SECONDS`."""
        last = threading.Thread(target=self._provider.shutdown, name="last spans", daemon=True)
        last.start()
        last.join(LAST_SECONDS)
