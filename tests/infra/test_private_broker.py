"""A private node: beside others, in any folder, and gone with whoever started it."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from urllib.request import urlopen

import pika
import pytest

from services.console import private_broker
from services.console.private_broker import BrokerUnavailable, Node, PrivateBroker, free_ports
from tests.infra.processes import descendants, left_of, names

pytestmark = [pytest.mark.broker, pytest.mark.slow]


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateBroker]:
    """A node in a folder that is awkward to quote."""
    folder = tmp_path_factory.mktemp("broker") / 'l\'archivio di "Comunità" $HOME; ls' / ("x" * 120)
    with PrivateBroker(folder) as made:
        yield made


def connect(node: PrivateBroker) -> pika.BlockingConnection:
    return pika.BlockingConnection(
        pika.URLParameters(node.amqp_url("/", node.admin, node.password))
    )


def test_it_answers_amqp_management_and_metrics(node: PrivateBroker) -> None:
    connect(node).close()
    with urlopen(node.metrics_url) as answer:
        assert b"rabbitmq_build_info" in answer.read()


def test_it_listens_on_loopback_only(node: PrivateBroker) -> None:
    ports = {f"{port:04X}" for port in node.node.ports}
    for table, loopback in (("tcp", "0100007F"), ("tcp6", "0" * 24 + "01000000")):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            address, port = line.split()[1].split(":")
            if port in ports and line.split()[3] == "0A":
                assert address == loopback, line


def test_its_secrets_are_its_owners_only(node: PrivateBroker) -> None:
    for name in ("node.json", ".erlang.cookie", "rabbitmq.conf"):
        assert stat.S_IMODE((node.directory / name).stat().st_mode) & 0o077 == 0
    assert stat.S_IMODE(node.directory.stat().st_mode) == 0o700


def test_the_default_user_is_not_there(node: PrivateBroker) -> None:
    with pytest.raises(pika.exceptions.AMQPConnectionError):
        pika.BlockingConnection(pika.URLParameters(node.amqp_url("/", "guest", "guest")))


def test_confirmed_messages_outlive_a_kill_and_the_ports_stay(node: PrivateBroker) -> None:
    connection = connect(node)
    channel = connection.channel()
    channel.queue_declare("kept", durable=True, arguments={"x-queue-type": "quorum"})
    channel.confirm_delivery()
    for number in range(20):
        channel.basic_publish("", "kept", str(number).encode())
    connection.close()
    node.settle()
    before, ports = node.pid, list(node.node.ports)
    node.kill()
    assert not os.path.exists(f"/proc/{before}")
    node.start()
    assert node.pid != before
    assert node.node.ports == ports
    assert taken_from(node, "kept", 20) == [str(number).encode() for number in range(20)]


def taken_from(node: PrivateBroker, queue: str, count: int) -> list[bytes]:
    """*count* messages; a node that has just started may not have elected the queue's leader."""
    deadline = time.monotonic() + 30
    taken: list[bytes] = []
    while len(taken) < count and time.monotonic() < deadline:
        connection = connect(node)
        try:
            method, _, body = connection.channel().basic_get(queue, auto_ack=True)
        except pika.exceptions.ConnectionClosedByBroker:
            continue
        if method is not None:
            taken.append(body)
        connection.close()
    return taken


def test_one_folder_has_one_node(node: PrivateBroker) -> None:
    with pytest.raises(BrokerUnavailable, match=str(os.getpid())):
        PrivateBroker(node.directory).start()


def test_a_folder_that_was_moved_is_refused(tmp_path: Path) -> None:
    """Quorum queues would be there and never answer."""
    moved = Node("comunita-0@localhost", str(tmp_path / "before"), "c", "a", "p", [], born=True)
    (tmp_path / "node.json").write_text(json.dumps(asdict(moved)))
    with pytest.raises(BrokerUnavailable, match="cannot be moved"):
        PrivateBroker(tmp_path).start()


def test_two_nodes_run_beside_each_other(node: PrivateBroker, broker: PrivateBroker) -> None:
    assert node.node.name != broker.node.name
    assert not set(node.node.ports) & set(broker.node.ports)
    connect(node).close()
    connect(broker).close()


def test_ports_are_out_of_the_range_of_outgoing_connections() -> None:
    lowest = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    ports = free_ports(20)
    assert len(set(ports)) == 20
    assert max(ports) < lowest


def test_a_port_is_given_once_though_nobody_listens_on_it_yet(monkeypatch: pytest.MonkeyPatch):
    one, other = (_port_of_the_system() for _ in range(2))
    choices = iter([one, one, other])
    monkeypatch.setattr(private_broker.random.SystemRandom, "choice", lambda *_: next(choices))
    assert free_ports(1) == [one]
    assert free_ports(1) == [other]


def _port_of_the_system() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_taken_port_is_given_up_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broker: PrivateBroker
) -> None:
    """The node ends with status 0 when a port is taken: only its silence shows it."""
    taken = [broker.amqp_port, *free_ports(4)]
    choices = iter([taken, free_ports(5), free_ports(5), free_ports(5)])
    monkeypatch.setattr(private_broker, "free_ports", lambda count: next(choices))
    node = PrivateBroker(tmp_path / "late")
    try:
        node.start()
        assert broker.amqp_port not in node.node.ports
        connect(node).close()
    finally:
        node.discard()
    assert not (tmp_path / "late").exists()


def test_without_rabbitmq_it_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(BrokerUnavailable, match="install the package rabbitmq-server"):
        PrivateBroker(tmp_path / "none", server=tmp_path / "not there").start()


STARTS = """
import json, os, sys, time
from pathlib import Path
from services.console.private_broker import PrivateBroker
from tests.private_postgres import PrivatePostgres
broker, server = PrivateBroker(Path(sys.argv[1])), PrivatePostgres()
broker.start(), server.start()
print(json.dumps({"beam": broker.pid, "postgres": server.pid}), server._folder, flush=True)
sys.stdin.read()
broker.stop(), server.discard()
"""


@pytest.mark.parametrize("ended", ["in good order", "killed"])
def test_nothing_is_left_of_a_session(tmp_path: Path, ended: str) -> None:
    session = subprocess.Popen(
        [sys.executable, "-c", STARTS, str(tmp_path / "a broker")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert session.stdin is not None
    assert session.stdout is not None
    said = session.stdout.readline().decode()
    started, folder = (
        json.loads(said[: said.index("}") + 1]),
        Path(said[said.index("}") + 1 :].strip()),
    )
    assert folder.is_dir()
    below = descendants(session.pid)
    assert set(started.values()) <= below
    assert {"beam.smp", "epmd", "postgres"} <= set(names(below))
    if ended == "killed":
        session.send_signal(signal.SIGKILL)
    session.stdin.close()
    session.wait()
    session.stdout.close()
    assert left_of(below) == set()
    assert not folder.exists()
