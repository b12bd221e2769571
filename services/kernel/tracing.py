"""Traces: what was done, told to an OpenTelemetry collector; nothing, unless one is named.

All that follows from one first act is one trace, in every service and every organisation: its id is
the correlation that the facts hold, and the id of a span comes from the log and the cause that they
hold. So whoever hears an envelope knows the span that caused it, and nothing is stored or carried.

A span tells methods, contracts, causes and organisations: no argument, no text of an exception.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping
from hashlib import blake2b
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar
from uuid import UUID

from opentelemetry.trace import SpanContext, SpanKind, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.kernel.deciding import Deciding, Occasion
from services.kernel.inbox import Applied
from services.kernel.refusal import Refused
from services.kernel.store import Store

if TYPE_CHECKING:
    from services.kernel.otlp import Otlp

logger = logging.getLogger(__name__)

R = TypeVar("R")

ENDPOINTS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
"""Either of these standard variables names the collector; without one nothing is traced."""
COMMAND = QUERY = SpanKind.SERVER
DUTY = SpanKind.INTERNAL

_collector: "Otlp | None" = None
_w3c = TraceContextTextMapPropagator()


def begin(organisation: str, service: str, process: str, env: Mapping[str, str]) -> None:
    """From now on, tell this process's spans to the collector that *env* names, if it names one."""
    global _collector
    if any(env.get(name) for name in ENDPOINTS):
        from services.kernel.otlp import Otlp  # who wants no traces does not wait for it

        _collector = Otlp(organisation, service, process)


def end() -> None:
    """Send the last spans, if the collector takes them soon."""
    if _collector is not None:
        _collector.end()


def trace_id(correlation: str) -> int:
    """The trace of *correlation*: of a UUID its own 128 bits, of any other text a hash."""
    try:
        return UUID(correlation).int
    except ValueError:
        return int.from_bytes(blake2b(correlation.encode(), digest_size=16).digest())


def span_id(log_id: str, cause: str) -> int:
    """The span, 64 bits, of what was decided in *log_id* because of *cause*."""
    return int.from_bytes(blake2b(f"{log_id} {cause}".encode(), digest_size=8).digest())


def here() -> dict[str, str]:
    """The W3C trace context in which this runs, for a call to carry; empty outside of a trace."""
    carried: dict[str, str] = {}
    _w3c.inject(carried)
    return {name: words for name, words in carried.items() if name == "traceparent"}


def correlation_here() -> str | None:
    """The correlation of what is asked from here: the trace's, or None outside of a trace."""
    context = get_current_span().get_span_context()
    return str(UUID(int=context.trace_id)) if context.is_valid else None


class Act:
    """What is done inside it becomes a span, when it is over.

    Attributes:
        occasion: why it is done, as soon as that is known.
        decided: whether it was decided now, and not only answered once more.
    """

    def __init__(self, store: Store, kind: SpanKind, name: str, traceparent: object = None) -> None:
        """Nothing has begun.

        Args:
            traceparent: the caller's W3C trace context; trusted for nothing but its place here.
        """
        self.occasion: Occasion | None = None
        self.decided = False
        self._log_id = store.log_id
        self._kind = kind
        self._name = name
        self._traceparent = traceparent
        self._began = 0

    def __enter__(self) -> Self:
        self._began = time.time_ns()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if _collector is not None:
            try:
                self._tell(_collector, error)
            except Exception as failed:  # a trace is not worth an answer
                logger.warning("not traced", extra={"because": type(failed).__name__})

    def _tell(self, collector: "Otlp", error: BaseException | None) -> None:
        attributes = {"comunita.log": self._log_id}
        caller = _caller(self._traceparent)
        trace = caller.trace_id if caller else random.getrandbits(128)
        id = random.getrandbits(64)
        if self.occasion is not None:  # the caller was let in
            attributes["comunita.cause"] = self.occasion.cause
            trace = trace_id(self.occasion.correlation)
            if self.decided and (error is None or isinstance(error, Refused)):
                id = span_id(self._log_id, self.occasion.cause)
        if isinstance(error, Refused):
            attributes["comunita.refused"] = error.kind
            error = None
        collector.take(
            self._name,
            self._kind,
            trace,
            id,
            parent=caller.span_id if caller and caller.trace_id == trace else None,
            link=caller if caller and caller.trace_id != trace else None,
            began=self._began,
            ended=time.time_ns(),
            error=type(error).__name__ if error else None,
            attributes=attributes,
        )


def decide(store: Store, name: str, occasion: Occasion, act: Callable[[Deciding], R]) -> R:
    """What ``store.decide`` gives, decided by a process of a service itself, as a span."""
    traced = Act(store, DUTY, name)
    traced.occasion = occasion

    def noted(deciding: Deciding) -> R:
        traced.decided = True
        return act(deciding)

    with traced:
        return store.decide(occasion, noted)


def heard(store: Store, applied: Applied) -> None:
    """Tell that words were heard and acted on; caused by what their speaker did."""
    if _collector is None or applied.contract is None:
        return
    words = applied.envelope.words
    _collector.take(
        f"hear {applied.contract}",
        SpanKind.CONSUMER,
        trace_id(applied.occasion.correlation),
        span_id(store.log_id, applied.occasion.cause),
        parent=span_id(applied.envelope.log_id, words["cause"]),
        link=None,
        began=applied.began,
        ended=applied.ended,
        error=None,
        attributes={"comunita.log": store.log_id, "comunita.cause": applied.occasion.cause},
    )


def _caller(traceparent: object) -> SpanContext | None:
    """The span that *traceparent* names; None for whatever is not W3C trace context."""
    if not isinstance(traceparent, str):
        return None
    context = get_current_span(_w3c.extract({"traceparent": traceparent})).get_span_context()
    return context if context.is_valid else None
