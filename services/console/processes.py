"""The processes of an installation: started together, watched, restarted, stopped."""

import json
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from services.console.forked import Forked, Nursery
from services.console.installation import Installation

KINDS = ("serve", "courier")
POST = {"post_in": "POST_IN_ADDRESSES", "post_out": "SMTP_HOST"}
"""Processes of notify that an organisation has whose environment names the variable."""
STOP_SECONDS = 12.0
"""How long a process may drain after SIGTERM before it is killed."""


@dataclass
class Process:
    """One process of one service.

    Attributes:
        listener: where it answers for its health, on loopback; made here, so that no other
            program takes the port, and kept over restarts.
        nursery: forks it.
        restarts: how often it ended by itself and was started again.
    """

    organisation: str
    service: str
    kind: str
    env: dict[str, str]
    log: Path
    listener: socket.socket
    nursery: Nursery
    child: Forked | None = None
    restarts: int = 0
    started_at: float = field(default=0.0)

    @property
    def name(self) -> str:
        """As shown to people."""
        return f"{self.organisation}/{self.service} {self.kind}"

    @property
    def pid(self) -> int | None:
        """Of the running child."""
        return self.child.pid if self.child and self.child.poll() is None else None

    def start(self) -> None:
        """Start it; its log lines go to its file."""
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            try:
                self.child = self.nursery.fork(
                    self.kind,
                    words_of(self.service, self.kind),
                    self.env,
                    log,
                    self.listener,
                    f"comunita {self.name}, log in {self.log}",
                )
            except OSError as failed:  # it counts as one that ended: it is tried again
                told = {"organisation": self.organisation, "service": self.service}
                told |= {"process": self.kind, "message": "not started", "because": str(failed)}
                log.write(json.dumps(told).encode() + b"\n")
                self.child = None

    def stop(self) -> None:
        """SIGTERM, and SIGKILL if it has not ended in time. It can be started again."""
        if self.child is not None:
            self.child.terminate()
            _ended(self.child, STOP_SECONDS)

    @property
    def url(self) -> str:
        """Root of its health pages."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def ready(self) -> bool:
        """Whether it says that it is ready."""
        try:
            with urllib.request.urlopen(f"{self.url}/ready", timeout=2) as said:
                return bool(said.status == 200)
        except (urllib.error.URLError, OSError):
            return False


class Processes:
    """All processes of an installation."""

    def __init__(
        self, installation: Installation, logs: Path, nursery: Nursery | None = None
    ) -> None:
        """Nothing runs yet.

        Args:
            nursery: forks them, and is closed with them; one that has begun has loaded already.
        """
        logs.mkdir(parents=True, exist_ok=True)
        self._nursery = nursery or Nursery()
        self.all = [
            Process(
                member.organisation,
                service,
                kind,
                os.environ | member.env,
                logs / f"{member.organisation}-{service}-{kind}.jsonl",
                socket.create_server(("127.0.0.1", 0)),
                self._nursery,
            )
            for member in installation.members
            for service in member.services
            for kind in _kinds(service, member.env)
        ]

    def start(self) -> None:
        """Start every process."""
        self._nursery.begin()
        for process in self.all:
            process.start()

    def wait_ready(
        self,
        seconds: float,
        report: Callable[[int], None] = lambda count: None,
        only: Iterable[Process] | None = None,
    ) -> None:
        """Wait until every process, or those of *only*, is ready.

        Raises:
            NotReady: names the processes that ended or were not ready in time.
        """
        end = time.monotonic() + seconds
        wanted = list(self.all if only is None else only)
        missing = wanted
        while missing:
            missing = [process for process in missing if not process.ready()]
            report(len(wanted) - len(missing))
            ended = [process for process in missing if process.pid is None]
            if ended or (missing and time.monotonic() > end):
                raise NotReady(", ".join(process.name for process in ended or missing))
            time.sleep(0.1)

    def watch(self) -> list[Process]:
        """Start again what ended by itself, with a pause; the processes started again."""
        again = []
        for process in self.all:
            pause = min(30.0, 0.5 * 2**process.restarts)
            if process.pid is None and time.monotonic() - process.started_at > pause:
                process.restarts += 1
                process.start()
                again.append(process)
        return again

    def stop(self) -> None:
        """SIGTERM to all, and SIGKILL to what has not ended in time."""
        for process in self.all:
            if process.child is not None:
                process.child.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in self.all:
            if process.child is not None:
                _ended(process.child, max(0.1, end - time.monotonic()))
        self._nursery.close()
        for process in self.all:
            process.listener.close()


def _ended(child: Forked, seconds: float) -> None:
    """Wait until *child* has ended; after *seconds*, end it."""
    try:
        child.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _kinds(service: str, env: Mapping[str, str]) -> list[str]:
    """The processes that *service* has in an organisation with this environment."""
    post = [kind for kind, needs in POST.items() if service == "notify" and env.get(needs)]
    return [*KINDS, *post]


def words_of(service: str, kind: str) -> tuple[str, ...]:
    """What follows the module's name in the command of a process."""
    return () if kind in POST else (service,)


class NotReady(Exception):
    """Processes that are not ready; their logs say why."""
