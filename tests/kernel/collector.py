"""A small OpenTelemetry collector: takes spans by OTLP over HTTP, on loopback, and keeps them."""

import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


@dataclass(frozen=True)
class Told:
    """One span as it came.

    Attributes:
        process: ``<organisation>/<service> <process>``, from the resource.
        kind: ``server``, ``consumer`` or ``internal``.
        links: (trace, span) of other traces.
        took: nanoseconds.
    """

    process: str
    name: str
    kind: str
    trace: int
    id: int
    parent: int | None
    links: tuple[tuple[int, int], ...]
    attributes: dict[str, Any]
    failed: bool
    began: int
    took: int


class Collector:
    """Listens while it is entered."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        bodies = self.bodies

        class Takes(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                right = self.path == "/v1/traces"
                if right:
                    bodies.append(body)
                answer = ExportTraceServiceResponse().SerializeToString()
                self.send_response(200 if right else 404)
                self.send_header("Content-Type", "application/x-protobuf")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *args: Any) -> None:
                """Silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
        self.endpoint = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def told(self) -> list[Told]:
        """Every span that came, in the order in which they began."""
        found = []
        for body in self.bodies:
            for told in ExportTraceServiceRequest.FromString(body).resource_spans:
                of = {each.key: each.value.string_value for each in told.resource.attributes}
                process = f"{of['service.namespace']}/{of['service.name']} {of['comunita.process']}"
                found += [
                    _read(process, span) for scope in told.scope_spans for span in scope.spans
                ]
        return sorted(found, key=lambda each: each.began)


def _read(process: str, span: Span) -> Told:
    return Told(
        process=process,
        name=span.name,
        kind=Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_").lower(),
        trace=int.from_bytes(span.trace_id),
        id=int.from_bytes(span.span_id),
        parent=int.from_bytes(span.parent_span_id) if span.parent_span_id else None,
        links=tuple(
            (int.from_bytes(each.trace_id), int.from_bytes(each.span_id)) for each in span.links
        ),
        attributes={each.key: each.value.string_value for each in span.attributes},
        failed=span.status.code == Status.STATUS_CODE_ERROR,
        began=span.start_time_unix_nano,
        took=span.end_time_unix_nano - span.start_time_unix_nano,
    )
