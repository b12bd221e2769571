"""What follows from one act is one trace, in every service; a collector never holds anybody up."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    TraceFlags,
    use_span,
)
from sqlalchemy import select

from services.console.private_broker import PrivateBroker, free_ports
from services.kernel import tracing
from services.kernel.actor import Actor
from services.kernel.calling import Caller
from services.kernel.courier.work import Worker, close_days
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.identity import IdentityMissing, sign
from services.kernel.inbox import receive
from services.kernel.log import all_rows
from services.kernel.store import Store
from services.kernel.tables import heard
from services.kernel.words import OWN, Heard, Publish
from tests.faults.running import Running
from tests.faults.scene import administrator, keys_of, scene, sqlite_in
from tests.kernel import parties
from tests.kernel.collector import Collector, Told
from tests.kernel.kitchen import CELLAR, POLICIES, Jar, JarClosed, Shelf
from tests.kernel.parties import MARCH_2, Party, cellar_with, person, some_id
from tests.waiting import until

KEY = some_id("key")
STORY = some_id("story")
COOK = person("lead", "cook", "cook")
NAME = "Persona Inventata"
JAR = some_id("jar", "first")
CALLER = 0x00F067AA0BA902B7
"""The caller's span."""


class KitchenService:
    """The toy trade at the door; called without a broker, as its methods can be."""

    name = "kitchen"

    def __init__(self, store: Store) -> None:
        self.hosted = store

    @command("cook")
    def label(self, kitchen: Deciding, by: Actor, *, jar: str, text: str) -> Any:
        edited = kitchen.edit(Jar, UUID(jar))
        if edited.closed_on is not None:
            raise JarClosed(jar=jar)
        edited.label(kitchen.seal(edited.id, "label", text), by=by)
        return {"version": edited.version}

    @command("cook")
    def spoil(self, kitchen: Deciding, by: Actor, *, jar: str, text: str) -> Any:
        raise RuntimeError(text)

    @query("cook")
    def read(self, kitchen: Deciding, by: Actor, *, jar: str, text: str) -> Any:
        return {"version": kitchen.get(Jar, UUID(jar)).version}


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """A collector; this process is the kitchen's, and traces."""
    with Collector() as listening:
        monkeypatch.setattr(tracing, "_collector", None)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", listening.endpoint)
        tracing.begin("lead", "kitchen", "serve", {tracing.ENDPOINTS[0]: listening.endpoint})
        yield listening
        tracing.end()


@pytest.fixture
def door(kitchen: Party) -> KitchenService:
    kitchen.open_jar()
    return KitchenService(kitchen.store)


def ask(door: KitchenService, method: str = "label", **words: Any) -> Any:
    """Call *method* under :data:`KEY`, as part of :data:`STORY`."""
    arguments = {"jar": str(JAR), "text": NAME}
    more = {name: words.pop(name) for name in ("correlation", "key") if name in words}
    token = sign(
        *(parties.keys_of("lead").identities, COOK, "lead/kitchen", method, arguments),
        **({"key": KEY, "correlation": str(STORY)} | more),
    )
    return getattr(door, method)(**({"identity": token} | words), **arguments)


def told(collector: Collector) -> list[Told]:
    """The spans, all of them: nothing is told after this."""
    tracing.end()
    return collector.told()


def traceparent(trace: UUID = STORY, span: int = CALLER) -> str:
    return f"00-{trace.hex}-{span:016x}-01"


# which trace, which span


def test_the_trace_of_an_act_is_its_correlation() -> None:
    """An operator finds the trace of a log line or of an event by removing four hyphens."""
    text = "0b56a2ae-94c5-4bc2-9d4e-93cd28e9a0e4"
    assert f"{tracing.trace_id(text):032x}" == text.replace("-", "")


@pytest.mark.parametrize("correlation", ["story", "", "Pia Rossi", "x" * 80])
def test_a_correlation_that_is_no_id_has_a_trace_that_does_not_tell_it(correlation: str) -> None:
    trace = tracing.trace_id(correlation)
    assert 0 < trace < 2**128
    assert trace == tracing.trace_id(correlation) != tracing.trace_id(correlation + ".")


def test_ids_of_traces_and_spans_are_frozen() -> None:
    """Two organisations work out the same ids, whatever version each of them runs."""
    assert f"{tracing.trace_id('story'):032x}" == "628a391397bb05d45535b3c9e4779c2e"
    span = tracing.span_id("lead/kitchen/1", "heard:partner/pantry/2#3")
    assert f"{span:016x}" == "caad348d98318810"


# commands and questions


def test_a_command_is_one_span_in_the_trace_of_its_correlation(
    collector: Collector, kitchen: Party, door: KitchenService
) -> None:
    before = time.time_ns()
    ask(door, traceparent=traceparent())
    [span] = told(collector)
    assert (span.process, span.name, span.kind) == ("lead/kitchen serve", "label", "server")
    assert (span.trace, span.parent, span.links) == (STORY.int, CALLER, ())
    assert span.id == tracing.span_id(kitchen.store.log_id, f"command:{KEY}")
    assert before < span.began < span.began + span.took < time.time_ns()
    assert not span.failed


def test_the_span_names_log_and_cause_as_the_rows_do_and_no_argument(
    collector: Collector, kitchen: Party, door: KitchenService
) -> None:
    ask(door)
    [span] = told(collector)
    *_, row = kitchen.rows()
    assert span.attributes == {"comunita.log": kitchen.store.log_id, "comunita.cause": row.cause}
    assert NAME.encode() not in b"".join(collector.bodies)


def test_asked_again_it_is_another_span_beside_the_one_that_decided(
    collector: Collector, kitchen: Party, door: KitchenService
) -> None:
    assert ask(door) == ask(door)
    first, again = told(collector)
    assert first.id == tracing.span_id(kitchen.store.log_id, f"command:{KEY}")
    assert again.id != first.id
    assert again.trace == first.trace


def test_a_question_is_a_span(collector: Collector, door: KitchenService) -> None:
    ask(door, "read", traceparent=traceparent())
    [span] = told(collector)
    assert (span.name, span.kind, span.trace, span.parent) == (
        *("read", "server", STORY.int),
        CALLER,
    )


def test_a_refusal_is_told_by_its_name_and_is_no_failure(
    collector: Collector, kitchen: Party, door: KitchenService
) -> None:
    kitchen.edit(JAR, lambda jar, d: jar.close(d.today, MARCH_2, by=d.actor))
    for _ in range(2):  # decided, then answered once more
        with pytest.raises(Exception, match=str(JAR)):
            ask(door)
    for span in told(collector):
        assert span.attributes["comunita.refused"] == "JarClosed"
        assert not span.failed


def test_a_defect_is_a_failure_told_by_its_type_alone(
    collector: Collector, kitchen: Party, door: KitchenService
) -> None:
    with pytest.raises(RuntimeError):
        ask(door, "spoil")
    [span] = told(collector)
    assert span.failed
    assert span.attributes["error.type"] == "RuntimeError"
    assert span.id != tracing.span_id(kitchen.store.log_id, f"command:{KEY}")  # it may yet decide
    assert NAME.encode() not in b"".join(collector.bodies)


def test_a_caller_who_was_not_let_in_stays_in_its_own_trace(
    collector: Collector, kitchen: Party, door: KitchenService
) -> None:
    with pytest.raises(IdentityMissing):
        ask(door, identity=None, traceparent=traceparent())
    [span] = told(collector)
    assert span.attributes == {
        "comunita.log": kitchen.store.log_id,
        "comunita.refused": "IdentityMissing",
    }
    assert (span.trace, span.parent) == (STORY.int, CALLER)


def test_a_caller_who_was_not_let_in_and_has_no_trace_gets_one(
    collector: Collector, door: KitchenService
) -> None:
    for garbage in (None, "garbage"):
        with pytest.raises(IdentityMissing):
            ask(door, identity=None, traceparent=garbage)
    first, second = told(collector)
    assert 0 != first.trace != second.trace != 0
    assert first.parent is second.parent is None


def test_a_caller_of_another_trace_is_linked(collector: Collector, door: KitchenService) -> None:
    """Nobody can draw a story's spans into a trace of their own by what a call carries."""
    elsewhere = some_id("elsewhere")
    ask(door, traceparent=traceparent(elsewhere))
    [span] = told(collector)
    assert (span.trace, span.parent) == (STORY.int, None)
    assert span.links == ((elsewhere.int, CALLER),)


@pytest.mark.parametrize(
    "garbage",
    [None, "", 7, ["x"], {}, "00-zz-zz-01", f"00-{'0' * 32}-{'0' * 16}-01", "x" * 100_000],
    ids=str,
)
def test_what_is_no_trace_context_is_passed_over(
    collector: Collector, door: KitchenService, garbage: Any
) -> None:
    assert ask(door, traceparent=garbage) == {"version": 2}
    [span] = told(collector)
    assert (span.trace, span.parent, span.links) == (STORY.int, None, ())


def test_what_cannot_be_traced_is_answered_all_the_same(
    collector: Collector, door: KitchenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the collector's end is broken")

    monkeypatch.setattr(tracing._collector, "take", fail)
    assert ask(door) == {"version": 2}


# words heard, and the calendar


SPEAKING_CELLAR = cellar_with(
    {"kitchen/jar_opened.v1": POLICIES["kitchen/jar_opened.v1"]},
    published={Shelf.Reserved: Publish({"reserved.v1": lambda event, shelf: {}}, to=(OWN,))},
)
LISTENING_CELLAR = cellar_with({"cellar/reserved.v1": lambda deciding, heard: None})


def work(party: Party, *messages: bytes) -> None:
    """Receive *messages*, and let the courier's worker apply them."""
    receive(party.store, messages)
    worker = worker_of(party)
    worker.start()
    try:
        until(lambda: sum(row.seq for row in party.table(heard)) >= len(messages))
    finally:
        worker.stop()
        worker.join()


def worker_of(party: Party) -> Worker:
    """The courier's worker, beside a sender that carries nothing."""
    sender: Any = SimpleNamespace(wake=lambda: None)
    return Worker(party.store, sender, poll=0.01)


def test_what_is_heard_is_a_span_whose_parent_is_what_made_it_be_said(
    collector: Collector, new_party: Callable[..., Party]
) -> None:
    """Also at the second hop, and in another organisation."""
    kitchen, cellar = new_party(own="partner"), new_party(SPEAKING_CELLAR)
    listener = new_party(LISTENING_CELLAR)
    kitchen.open_jar()
    [row] = kitchen.rows()
    work(cellar, *kitchen.messages("lead"))
    work(listener, *cellar.messages("lead"))
    first, second = (span for span in told(collector) if span.kind == "consumer")
    assert (first.name, second.name) == ("hear kitchen/jar_opened.v1", "hear cellar/reserved.v1")
    assert {first.trace, second.trace} == {UUID(row.correlation).int}
    assert first.parent == tracing.span_id(kitchen.store.log_id, row.cause)
    assert second.parent == first.id
    assert first.attributes == {
        "comunita.log": cellar.store.log_id,
        "comunita.cause": f"heard:{kitchen.store.log_id}#1",
    }
    assert first.attributes["comunita.cause"] in [each.cause for each in cellar.rows()]


def test_every_message_of_a_batch_is_a_span_and_words_without_a_policy_are_none(
    collector: Collector, new_party: Callable[..., Party]
) -> None:
    kitchen, cellar = new_party(), new_party(CELLAR)
    for number in range(3):
        kitchen.open_jar(number)
    kitchen.edit(some_id("jar", 0), lambda jar, d: jar.label(d.seal(JAR, "x", NAME), by=d.actor))
    work(cellar, *kitchen.messages("lead"))
    spans = [span for span in told(collector) if span.kind == "consumer"]
    assert [span.attributes["comunita.cause"].rpartition("#")[2] for span in spans] == [*"123"]
    assert len({span.trace for span in spans}) == 3


def test_what_crashed_is_no_span_and_what_was_heard_before_it_is(
    collector: Collector, new_party: Callable[..., Party]
) -> None:
    broken = some_id("jar", 2)

    def crash_on_one(deciding: Deciding, heard: Heard) -> None:
        if heard.body["jar"] == str(broken):
            raise KeyError(NAME)

    kitchen, cellar = new_party(), new_party(cellar_with({"kitchen/jar_opened.v1": crash_on_one}))
    for number in range(3):
        kitchen.open_jar(number)
    receive(cellar.store, kitchen.messages("lead"))
    worker = worker_of(cellar)
    worker.start()
    until(lambda: any(row.stopped for row in cellar.table(heard)))
    worker.stop()
    worker.join()
    spans = [span for span in told(collector) if span.kind == "consumer"]
    assert [span.attributes["comunita.cause"].rpartition("#")[2] for span in spans] == [*"12"]


def test_a_duty_is_a_span_of_its_own_trace(collector: Collector, kitchen: Party) -> None:
    kitchen.open_jar()
    close_days(kitchen.store)
    [row] = [row for row in kitchen.rows() if row.topic == "kitchen.Checked"]
    [span] = told(collector)
    assert (span.name, span.kind, span.parent) == ("duty check", "internal", None)
    assert span.trace == UUID(row.correlation).int
    assert span.id == tracing.span_id(kitchen.store.log_id, row.cause)


# without a collector


def test_without_a_collector_nothing_is_loaded_that_sends() -> None:
    program = """
import sys
from services.kernel import hosting, tracing
from services.kernel.courier import work
tracing.begin("lead", "kitchen", "serve", {"OTEL_EXPORTER_OTLP_ENDPOINT": ""})
tracing.end()
print([name for name in sys.modules if "opentelemetry.sdk" in name or "exporter" in name])
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "[]\n", done.stderr


def test_without_a_collector_a_command_is_answered(door: KitchenService) -> None:
    assert ask(door, traceparent=traceparent()) == {"version": 2}


# a collector that does not answer


@pytest.fixture(params=["hangs", "is away"])
def dead_end(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a collector that takes a connection and never answers, or of none."""
    if request.param == "is away":
        yield f"http://127.0.0.1:{free_ports(1)[0]}"
        return
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


LONGEST = 5.0
"""Seconds that one answer may take on a busy machine; the exporter waits ten for its collector."""


def test_the_end_of_a_process_waits_for_no_collector(
    dead_end: str, door: KitchenService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracing, "_collector", None)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", dead_end)
    tracing.begin("lead", "kitchen", "serve", {tracing.ENDPOINTS[0]: dead_end})
    ask(door)
    began = time.monotonic()
    tracing.end()
    assert time.monotonic() - began < LONGEST


# real processes


@pytest.mark.slow
@pytest.mark.broker
def test_one_command_and_what_followed_in_two_organisations_are_one_trace(
    tmp_path: Path, broker: PrivateBroker
) -> None:
    """A page gives a command to partner/people; partner/notify and lead/review hear of it."""
    services = {"lead": ("people", "review"), "partner": ("people", "notify")}
    page = NonRecordingSpan(SpanContext(STORY.int, CALLER, False, TraceFlags(1)))
    somebody = str(some_id("somebody"))
    with (
        Collector() as collector,
        scene(tmp_path, broker, sqlite_in(tmp_path), services) as made,
        ExitStack() as stack,
    ):

        def run(organisation: str, service: str, kind: str) -> Running:
            running = Running(
                *(made.members[organisation], service, kind, tmp_path),
                OTEL_EXPORTER_OTLP_ENDPOINT=collector.endpoint,
                OTEL_BSP_SCHEDULE_DELAY="3600000",  # only the end of a process sends
            )
            stack.callback(lambda: running.lives() and running.kill())
            return running.start()

        processes = [
            run("partner", "people", "serve"),
            run("partner", "people", "courier"),
            run("partner", "notify", "courier"),
            run("lead", "review", "courier"),
        ]
        for process in processes:
            process.wait_ready()
        caller = stack.enter_context(
            Caller("partner", made.members["partner"].env["AMQP_URL"], keys_of("partner"))
        )
        by = administrator("partner")
        with use_span(page):
            caller.call("people", "register_person", by, person=somebody, display_name=NAME)
            role = {"person": somebody, "role": "project_manager", "since": "2026-01-01"}
            caller.call("people", "assign_role", by, key=KEY, **role)
        with made.stores() as stores:
            hearing = stores["partner", "notify"], stores["lead", "review"]
            until(lambda: all(heard_of(store, "partner/people") for store in hearing))
            people = stores["partner", "people"].log_id
            with stores["partner", "people"].database.reading() as connection:
                correlations = {row.correlation for row in all_rows(connection)}
        for process in processes:
            process.stop()
    spans = [span for span in collector.told() if span.trace == STORY.int]
    assert [(span.process, span.name) for span in spans[:2]] == [
        ("partner/people serve", "register_person"),
        ("partner/people serve", "assign_role"),
    ]
    registered, assigned, *heard_it = spans
    assert str(STORY) in correlations
    assert registered.parent == assigned.parent == CALLER
    assert assigned.id == tracing.span_id(people, f"command:{KEY}")
    assert sorted((span.process, span.name) for span in heard_it) == [
        ("lead/review courier", "hear people/role_assigned.v1"),
        ("partner/notify courier", "hear people/role_assigned.v1"),
    ]
    assert {span.parent for span in heard_it} == {assigned.id}
    everything = b"".join(collector.bodies)
    for private in (NAME, somebody, by.id, "project_manager"):
        assert private.encode() not in everything


def heard_of(store: Store, log: str) -> bool:
    with store.database.reading() as connection:
        lines = connection.execute(select(heard)).all()
    return any(line.log_id.startswith(f"{log}/") and line.seq > 0 for line in lines)


@pytest.mark.slow
@pytest.mark.broker
def test_a_collector_that_does_not_answer_holds_nobody_up(
    tmp_path: Path, broker: PrivateBroker, dead_end: str
) -> None:
    """Neither an answer nor a health page; what the queue cannot hold is dropped."""
    with scene(tmp_path, broker, sqlite_in(tmp_path), {"lead": ("people",)}) as made:
        process = Running(
            *(made.members["lead"], "people", "serve", tmp_path),
            OTEL_EXPORTER_OTLP_ENDPOINT=dead_end,
            OTEL_BSP_SCHEDULE_DELAY="20",
            OTEL_BSP_MAX_QUEUE_SIZE="4",
            OTEL_BSP_MAX_EXPORT_BATCH_SIZE="2",
        ).start()
        try:
            process.wait_ready()
            with Caller("lead", made.members["lead"].env["AMQP_URL"], keys_of("lead")) as caller:
                slowest = max(register(caller, number) for number in range(60))
            assert slowest < LONGEST
            began = time.monotonic()
            assert process.ready()
            assert time.monotonic() - began < LONGEST
            assert process.stop()[1] == 0
        finally:
            if process.lives():
                process.kill()
        assert NAME not in process.last_words()


def register(caller: Caller, number: int) -> float:
    """Register somebody; the seconds it took."""
    began = time.monotonic()
    words = {"person": str(some_id("somebody", number)), "display_name": NAME}
    caller.call("people", "register_person", administrator("lead"), **words)
    return time.monotonic() - began
