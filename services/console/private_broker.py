"""A RabbitMQ node of our own: on loopback, on free ports, with all its data in one folder.

It never meets another broker: its Erlang port mapper, ports, cookie and name are its own. Nothing
of it outlives the process that started it (see :mod:`services.console.guard`).
"""

import base64
import fcntl
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self
from urllib.parse import quote
from urllib.request import Request, urlopen

from services.console.guard import Guard

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
"""The server's own start script; the one on the PATH changes the user and drops the environment."""
PLUGINS = (
    "rabbitmq_management",
    "rabbitmq_prometheus",
    "rabbitmq_shovel",
    "rabbitmq_shovel_management",
)
ATTEMPTS = 4
BOOT = 180.0
"""Seconds that a node gets to answer; idle machines need 5 to 12, several nodes at once 30."""
SETTLE = 25.0
"""Seconds that a node gets to end by itself."""
_given: set[int] = set()
"""Ports that this process was given; who has one may not listen yet, or just not now."""


class BrokerUnavailable(Exception):
    """No private node could be started; the message says what to do about it."""


@dataclass
class Node:
    """What a node must remember between two starts.

    Attributes:
        name: Erlang node name; its data are kept under it, so it never changes.
        place: the folder; the node writes it into its data, so they cannot be moved.
        ports: of AMQP, management, metrics, Erlang distribution and the Erlang port mapper.
        born: it has been ready once, so there are data to keep.
    """

    name: str
    place: str
    cookie: str
    admin: str
    password: str
    ports: list[int]
    born: bool = False


class PrivateBroker:
    """One private node, whose data stay in *directory* from one start to the next.

    >>> with PrivateBroker(Path("var/broker")) as broker:
    ...     broker.management_url, broker.admin, broker.password
    """

    def __init__(self, directory: Path, server: Path = SERVER, settings: str = "") -> None:
        """Prepare a node; nothing is started and nothing is written yet.

        Args:
            directory: made if it is missing; any characters, any length that the system allows.
            server: the ``rabbitmq-server`` script of the version to run.
            settings: more lines of ``rabbitmq.conf``.
        """
        self.directory = Path(directory).resolve()
        self.server = server
        self._settings = settings
        self._node: Node | None = None
        self._lock: int | None = None
        self._stand_in: Path | None = None
        self._mapper: subprocess.Popen[bytes] | None = None
        self._wrapper: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None

    @property
    def node(self) -> Node:
        """The node, as far as it is known; it is known from the first start on."""
        if self._node is None:
            raise BrokerUnavailable(f"the node in {self.directory} was not started")
        return self._node

    @property
    def admin(self) -> str:
        """Name of the administrator of this node."""
        return self.node.admin

    @property
    def password(self) -> str:
        """Password of the administrator."""
        return self.node.password

    @property
    def amqp_port(self) -> int:
        """Port on 127.0.0.1 where AMQP is spoken."""
        return self.node.ports[0]

    @property
    def amqp_address(self) -> str:
        """``host:port`` where AMQP is spoken."""
        return f"127.0.0.1:{self.amqp_port}"

    @property
    def management_url(self) -> str:
        """Root of the management interface; its API is below ``/api``."""
        return f"http://127.0.0.1:{self.node.ports[1]}"

    @property
    def metrics_url(self) -> str:
        """The node's own metrics, for Prometheus."""
        return f"http://127.0.0.1:{self.node.ports[2]}/metrics"

    def amqp_url(self, vhost: str, user: str, password: str) -> str:
        """The URL by which *user* reaches *vhost*."""
        who = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"amqp://{who}@{self.amqp_address}/{quote(vhost, safe='')}"

    @property
    def pid(self) -> int:
        """Process id of the node itself (not of the script around it)."""
        pid = self._beam()
        if pid is None:
            raise BrokerUnavailable(f"the node in {self.directory} is not running")
        return pid

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> Self:
        """The node answers, on AMQP and on its management interface, with the data it had.

        A node that was started before by this object gets the same ports again.

        Raises:
            BrokerUnavailable: RabbitMQ is not installed, the folder is in use, or no attempt
                succeeded.
        """
        if self._wrapper is not None and self._wrapper.poll() is None:
            return self
        self._end(gently=False)
        if not self.server.exists() or shutil.which("epmd") is None:
            raise BrokerUnavailable(
                "RabbitMQ is not installed: install the package rabbitmq-server "
                "(apt-get install rabbitmq-server), or set AMQP_URL to a broker of yours"
            )
        known = self._node is not None
        self._take_folder()
        try:
            self._node = self._node or self._recall()
            for attempt in range(ATTEMPTS):
                keep = known or (attempt == 0 and self._node.born and _free(self._node.ports))
                if not keep:
                    self._node.ports = free_ports(5)
                if self._boots():
                    self._node.born = True
                    self._remember()
                    return self
                self._end(gently=False)
                if not self._node.born:
                    shutil.rmtree(self.directory / "data", ignore_errors=True)
            raise BrokerUnavailable(
                f"RabbitMQ did not start in {ATTEMPTS} attempts; its last words:\n"
                f"{self._last_words()}"
            )
        except BaseException:
            self._end(gently=False)
            self._leave_folder()
            raise

    def stop(self) -> None:
        """The node has ended by itself if it could, by force if not; its data stay."""
        self._end(gently=True)
        self._leave_folder()

    def kill(self) -> None:
        """The node is gone as after a power cut (``kill -9``); its data stay as they were.

        A quorum queue that was declared less than about a second before is lost with all that was
        confirmed there, and nobody can use its name again: see :meth:`settle`.
        """
        self._end(gently=False)

    def settle(self) -> None:
        """Wait until every quorum queue that was declared so far would outlive a power cut.

        The node knows its quorum queues by a table that it writes to disk a second late; until then
        the table's header says that it was not properly closed.
        """
        deadline = time.monotonic() + SETTLE
        while time.monotonic() < deadline:
            tables = self.directory.glob("data/*/quorum/*/names.dets")
            if all(table.read_bytes()[8:12] == b"\0\0\0\1" for table in tables):
                return
            time.sleep(0.02)
        raise BrokerUnavailable(f"the node in {self.directory} does not write its queues to disk")

    def discard(self) -> None:
        """The node is gone, and so are its data."""
        self._end(gently=False)
        self._leave_folder()
        shutil.rmtree(self.directory, ignore_errors=True)

    # -- one folder, one node ------------------------------------------------------------------

    def _take_folder(self) -> None:
        """Hold the folder's lock; a guard that still tidies up gets the time it needs."""
        if self._lock is not None:
            return
        self.directory.mkdir(parents=True, exist_ok=True)
        self.directory.chmod(0o700)
        lock = os.open(self.directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + 2 * SETTLE
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                holder = os.pread(lock, 20, 0).decode().strip()
                if (holder and _runs(int(holder))) or time.monotonic() > deadline:
                    os.close(lock)
                    raise BrokerUnavailable(
                        f"another process ({holder}) runs the node in {self.directory}"
                    ) from None
                time.sleep(0.1)
            else:
                os.truncate(lock, 0)
                os.pwrite(lock, str(os.getpid()).encode(), 0)
                self._lock = lock
                return

    def _leave_folder(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _recall(self) -> Node:
        try:
            node = Node(**json.loads((self.directory / "node.json").read_text()))
        except FileNotFoundError:
            return Node(
                name=f"comunita-{secrets.token_hex(6)}@localhost",
                place=str(self.directory),
                cookie=secrets.token_hex(20),
                admin="comunita-admin",
                password=secrets.token_hex(20),
                ports=[],
            )
        if node.place != str(self.directory):
            raise BrokerUnavailable(
                f"the node in {self.directory} was made in {node.place}, and RabbitMQ's data "
                "cannot be moved: move it back, or delete the folder"
            )
        return node

    def _remember(self) -> None:
        _write(self.directory / "node.json", json.dumps(asdict(self.node)), 0o600)

    # -- its life ------------------------------------------------------------------------------

    def _boots(self) -> bool:
        """Start the node on its ports; whether it came to answer.

        Its exit status says nothing (it is 0 also when a port was taken), so only an answer counts.
        """
        self._configure()
        mapper_port = self.node.ports[4]
        self._guard = Guard(() if self._lock is None else (self._lock,))
        self._mapper = subprocess.Popen(
            ["epmd", "-port", str(mapper_port), "-address", "127.0.0.1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._guard.over(self._mapper.pid)
        if not self._until(lambda: _listens(mapper_port), self._mapper, 10.0):
            return False
        with open(self.directory / "log" / "start.out", "wb") as out:
            self._wrapper = subprocess.Popen(
                [str(self.server)],
                env=self._environment(),
                cwd=self.directory,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self._guard.over(self._wrapper.pid)
        return self._until(self._answers, self._wrapper, BOOT)

    def _until(
        self, ready: Callable[[], bool], process: "subprocess.Popen[bytes]", patience: float
    ) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and process.poll() is None:
            if ready():
                return True
            time.sleep(0.05)
        return False

    def _answers(self) -> bool:
        """Whether this very node answers; on a port that was taken another one would."""
        return self._beam() is not None and self._owns_port() and _speaks_amqp(self.amqp_port)

    def _owns_port(self) -> bool:
        """Whether the node says, to its own administrator, that it listens for AMQP."""
        check = f"health/checks/port-listener/{self.amqp_port}"
        request = Request(f"{self.management_url}/api/{check}")
        token = base64.b64encode(f"{self.admin}:{self.password}".encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
        try:
            with urlopen(request, timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _configure(self) -> None:
        amqp, management, metrics, _, _ = self.node.ports
        for folder in ("log", "data", "config"):
            (self.directory / folder).mkdir(exist_ok=True)
        _write(self.directory / ".erlang.cookie", self.node.cookie, 0o400)
        _write(self.directory / "environment", "", 0o600)
        _write(self.directory / "plugins", f"[{','.join(PLUGINS)}].\n", 0o600)
        _write(
            self.directory / "rabbitmq.conf",
            f"""\
listeners.tcp.1 = 127.0.0.1:{amqp}
management.tcp.ip = 127.0.0.1
management.tcp.port = {management}
prometheus.tcp.ip = 127.0.0.1
prometheus.tcp.port = {metrics}
default_user = {self.node.admin}
default_pass = {self.node.password}
default_user_tags.administrator = true
disk_free_limit.absolute = 50MB
vm_memory_high_watermark.absolute = 1GB
log.console = false
{self._settings}
""",
            0o600,
        )

    def _environment(self) -> dict[str, str]:
        """Everything by name; whatever else speaks to Erlang or RabbitMQ is left out."""
        _, _, _, distribution, mapper = self.node.ports
        here = self._plain_directory()
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(here),
            "ERL_EPMD_PORT": str(mapper),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_CONF_ENV_FILE": str(here / "environment"),
            "RABBITMQ_CONFIG_FILE": str(here / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(here / "plugins"),
            "RABBITMQ_GENERATED_CONFIG_DIR": str(here / "config"),
            "RABBITMQ_LOG_BASE": str(here / "log"),
            "RABBITMQ_MNESIA_BASE": str(here / "data"),
            "RABBITMQ_PID_FILE": str(here / "pid"),
            "RABBITMQ_NODENAME": self.node.name,
            "RABBITMQ_DIST_PORT": str(distribution),
            "RABBITMQ_SCHEDULER_BIND_TYPE": "u",  # nodes beside each other share the processors
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": (
                "-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false"
            ),
        }

    def _plain_directory(self) -> Path:
        """The folder by a name that the node's scripts can quote; they cannot quote quotes.

        The node writes this name into its data, so a stand-in is called alike at every start.

        Raises:
            BrokerUnavailable: something else has the stand-in's name.
        """
        if not set(str(self.directory)) & set("'\"\\`\n"):
            return self.directory
        stand_in = Path(tempfile.gettempdir()) / self.node.name.partition("@")[0]
        try:
            stand_in.symlink_to(self.directory)
        except FileExistsError:
            ours = stand_in.is_symlink() and stand_in.lstat().st_uid == os.geteuid()
            if not ours or stand_in.readlink() != self.directory:
                raise BrokerUnavailable(f"{stand_in} is in the way") from None
        self._stand_in = stand_in
        return stand_in

    def _beam(self) -> int | None:
        """The Erlang machine: a child, in the same session, of the script that we started."""
        if self._wrapper is None:
            return None
        for pid, name, session in _processes():
            if name == "beam.smp" and session == self._wrapper.pid:
                return pid
        return None

    def _end(self, *, gently: bool) -> None:
        """End the node, then its port mapper, then the guard over them.

        In this order: a node that misses its port mapper starts another one, as a daemon.
        """
        wrapper, mapper, guard = self._wrapper, self._mapper, self._guard
        if wrapper is not None:
            beam = self._beam()
            if gently and beam is not None:
                os.kill(beam, signal.SIGTERM)
                _waits(wrapper, SETTLE)
            _kill_group(wrapper.pid)
            wrapper.wait()
            _until_gone(wrapper.pid)
        if mapper is not None:
            mapper.kill()
            mapper.wait()
        if guard is not None:
            guard.release()
        if self._stand_in is not None:
            self._stand_in.unlink(missing_ok=True)
        self._wrapper = self._mapper = self._guard = self._stand_in = None

    def _last_words(self) -> str:
        words: list[str] = []
        for path in sorted((self.directory / "log").glob("*")):
            words += path.read_text(errors="replace").splitlines()[-15:]
        return "\n".join(words)


def free_ports(count: int) -> list[int]:
    """*count* different ports on 127.0.0.1 that nobody listens on, none given by us before.

    They are taken from below the range from which the system gives ports to outgoing connections:
    a client that tries again and again to reach a server that is down could else be given the
    server's own port, and keep it.
    """
    with open("/proc/sys/net/ipv4/ip_local_port_range") as text:
        lowest = int(text.read().split()[0])
    candidates = range(10000, lowest) if lowest > 12000 else range(lowest, 65536)
    chosen: list[int] = []
    while len(chosen) < count:
        port = random.SystemRandom().choice(candidates)
        if port not in _given and _free([port]):
            _given.add(port)
            chosen.append(port)
    return chosen


def _free(ports: list[int]) -> bool:
    for port in ports:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def _speaks_amqp(port: int) -> bool:
    """Whether a broker on *port* opens the conversation (a method frame on channel 0)."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as speaker:
            speaker.sendall(b"AMQP\x00\x00\x09\x01")
            return speaker.recv(3) == b"\x01\x00\x00"
    except OSError:
        return False


def _processes() -> Iterator[tuple[int, str, int]]:
    """Process id, name and session of every process that can be seen."""
    for entry in os.listdir("/proc"):
        if entry.isdecimal():
            try:
                with open(f"/proc/{entry}/stat", errors="replace") as text:
                    before, _, after = text.read().rpartition(")")
            except OSError:
                continue
            yield int(entry), before.partition("(")[2], int(after.split()[3])


def _runs(pid: int) -> bool:
    return os.path.exists(f"/proc/{pid}")


def _waits(process: "subprocess.Popen[bytes]", patience: float) -> None:
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        return


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def _until_gone(group: int) -> None:
    """Wait for processes of *group* that are not our children."""
    deadline = time.monotonic() + SETTLE
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.01)


def _write(path: Path, text: str, mode: int) -> None:
    """Write *text* so that nobody ever reads half of it, readable as *mode* says."""
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w") as file:
        file.write(text)
    beside.replace(path)
