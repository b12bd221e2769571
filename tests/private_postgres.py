"""A PostgreSQL server of our own: on loopback, on a free port, never as root, fsync on."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple, Self

import psycopg
from psycopg import sql

from services.console.guard import Guard
from services.console.private_broker import free_ports

ADMIN = "postgres"
ATTEMPTS = 4
PATIENCE = 90.0
"""Seconds that the server gets to start (after a kill it recovers first) or to stop."""


class PostgresUnavailable(Exception):
    """No private server could be started; the message says what to do about it."""


class Urls(NamedTuple):
    """The two ways into one database: who migrates it, and who may only do what services do."""

    owner: str
    runtime: str


def binaries() -> Path:
    """The newest server that is installed.

    Raises:
        PostgresUnavailable: none is.
    """
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/postgres"),
        key=lambda path: float(path.parts[-3]),
    )
    if found:
        return found[-1].parent
    if on_path := shutil.which("initdb"):
        return Path(on_path).resolve().parent
    raise PostgresUnavailable(
        "PostgreSQL is not installed: install the package postgresql (apt-get install postgresql)"
    )


class PrivatePostgres:
    """One private server, initialised once; its databases are separate, its roles are two.

    >>> with PrivatePostgres() as server:
    ...     owner, runtime = server.fresh_database()
    """

    def __init__(self, *, fsync: bool = True) -> None:
        """Prepare a server; nothing is started yet."""
        self.port = 0
        self._fsync = fsync
        self._folder: Path | None = None
        self._passwords = {role: secrets.token_hex(16) for role in (ADMIN, "owner", "runtime")}
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: Guard | None = None
        self._databases = 0

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.discard()

    @property
    def pid(self) -> int:
        """Process id of the postmaster."""
        if self._process is None:
            raise PostgresUnavailable("the server is not running")
        return self._process.pid

    @property
    def folder(self) -> Path:
        """Where its data and its log are."""
        if self._folder is None:
            raise PostgresUnavailable("the server was never started")
        return self._folder

    def start(self) -> Self:
        """The server answers, with the databases it had, and on the port it had.

        Raises:
            PostgresUnavailable: it is not installed, or no attempt succeeded.
        """
        if self._process is not None and self._process.poll() is None:
            return self
        self._end(signal.SIGKILL)
        first = self._folder is None
        try:
            if first:
                self._initialise()
            for _ in range(ATTEMPTS):
                if first:
                    self.port = free_ports(1)[0]
                if self._boots():
                    if first:
                        self._make_roles()
                    return self
                self._end(signal.SIGKILL)
            raise PostgresUnavailable(f"PostgreSQL did not start:\n{self._last_words()}")
        except BaseException:
            self.discard()
            raise

    def stop(self) -> None:
        """The server has ended in good order; its databases stay."""
        self._end(signal.SIGINT)

    def kill(self) -> None:
        """The server is gone as after a power cut (``kill -9``); its databases stay."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """The server has ended in good order and answers again."""
        self.stop()
        self.start()

    def discard(self) -> None:
        """The server is gone, and so are its databases."""
        self._end(signal.SIGQUIT)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def fresh_database(self) -> Urls:
        """An empty database, owned by the owner role; the runtime role may connect to it."""
        self._databases += 1
        name = f"test_{self._databases}"
        with closing(self.admin()) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER owner").format(sql.Identifier(name))
            )
        return Urls(self.url("owner", name), self.url("runtime", name))

    def url(self, role: str, database: str) -> str:
        """SQLAlchemy's URL by which *role* reaches *database*."""
        password = self._passwords[role]
        return f"postgresql+psycopg://{role}:{password}@127.0.0.1:{self.port}/{database}"

    def admin(self, database: str = ADMIN) -> "psycopg.Connection[tuple[Any, ...]]":
        """A connection of the administrator that commits every statement."""
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=ADMIN,
            password=self._passwords[ADMIN],
            dbname=database,
            autocommit=True,
            connect_timeout=10,
        )

    def _initialise(self) -> None:
        initdb = binaries() / "initdb"
        self._folder = Path(tempfile.mkdtemp(prefix="comunita-postgres-"))
        secret = self._folder / "secret"
        secret.write_text(self._passwords[ADMIN])
        if os.geteuid() == 0:
            for path in (self._folder, secret):
                shutil.chown(path, _unprivileged(), _unprivileged())
        done = self._run(
            initdb,
            f"--pgdata={self._folder / 'data'}",
            f"--pwfile={secret}",
            f"--username={ADMIN}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        secret.unlink()
        if done.returncode != 0:
            raise PostgresUnavailable(f"initdb failed:\n{done.stderr.decode(errors='replace')}")

    def _boots(self) -> bool:
        assert self._folder is not None
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "fsync": "on" if self._fsync else "off",
            "max_connections": 200,
            "timezone": "UTC",
        }
        chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._guard = Guard(remove=[self._folder])
        with open(self._folder / "log", "ab") as log:
            self._process = subprocess.Popen(
                [binaries() / "postgres", "-D", self._folder / "data", *chosen],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **_as_unprivileged(),
            )
        self._guard.over(self._process.pid, signal.SIGQUIT)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                self.admin().close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return True
        return False

    def _make_roles(self) -> None:
        with closing(self.admin()) as connection:
            for role in ("owner", "runtime"):
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                        sql.Identifier(role), sql.Literal(self._passwords[role])
                    )
                )

    def _end(self, how: signal.Signals) -> None:
        process, guard = self._process, self._guard
        if process is not None:
            children = _children(process.pid)
            if process.poll() is None:
                process.send_signal(how)
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _until_gone(children)
        if guard is not None:
            guard.release()
        self._process = self._guard = None

    def _run(self, *command: object) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            **_as_unprivileged(),
        )

    def _last_words(self) -> str:
        assert self._folder is not None
        log = self._folder / "log"
        return log.read_text(errors="replace")[-2000:] if log.exists() else "(nothing)"


def _unprivileged() -> str:
    """The user as which the server runs when we are root: the one that its package makes."""
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        raise PostgresUnavailable(
            "PostgreSQL does not run as root, and there is no user postgres"
        ) from None


def _as_unprivileged() -> dict[str, Any]:
    """How to start a program of the server: not as root, and untouched by PGHOST and the like."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    words: dict[str, Any] = {"cwd": "/", "env": env | {"LC_ALL": "C.UTF-8"}}
    if os.geteuid() == 0:
        words |= {"user": _unprivileged(), "group": _unprivileged(), "extra_groups": []}
    return words


def _children(parent: int) -> list[int]:
    try:
        words = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return []
    return [int(pid) for pid in words]


def _until_gone(pids: list[int]) -> None:
    """Wait for the server's processes: they end when they notice that their parent has ended."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(Path(f"/proc/{pid}").exists() for pid in pids):
        time.sleep(0.01)
