"""Processes that a test arms with a failpoint, kills, stops, and starts again."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from services.console.forked import Forked
from services.console.installation import Member
from services.console.private_broker import free_ports
from tests.forked import forked

DIES_WITH_US = ("setpriv", "--pdeathsig", "KILL")
"""However this process ends, those that it started end too."""
FORKED: tuple[str, ...] = ()
"""How a process is started: by a fork of one that has loaded it, as ``comunita up`` does."""


class NotReached(AssertionError):
    """No process came past the failpoint."""


class Running:
    """One process of one service.

    Args:
        launcher: module and words before the service's name that start it, if it is not forked;
            ``{kind}`` is replaced.
    """

    def __init__(
        self,
        member: Member,
        service: str,
        kind: str,
        directory: Path,
        launcher: tuple[str, ...] = FORKED,
        **env: str,
    ) -> None:
        self.name = f"{member.organisation}-{service}-{kind}"
        self.service = service
        self._kind = kind
        self._command = [part.format(kind=kind) for part in launcher]
        self._arms = directory / f"{self.name}.arms"
        self._log = directory / f"{self.name}.log"
        self._port = free_ports(1)[0]
        self._env = {
            **os.environ,
            **member.env,
            **env,
            "HEALTH_PORT": str(self._port),
            "COMUNITA_FAILPOINTS_FILE": str(self._arms),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        }
        self._child: subprocess.Popen[bytes] | Forked | None = None
        self._armings = 0

    def start(self) -> "Running":
        """Start it."""
        with self._log.open("ab") as log:
            if not self._command:
                self._child = forked(self._kind, self.service, self._env, log, title=self.name)
                return self
            self._child = subprocess.Popen(
                [*DIES_WITH_US, sys.executable, "-m", *self._command, self.service],
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self

    def arm(self, failpoint: str, count: int) -> None:
        """End it at the *count*-th passage of *failpoint* from now on."""
        self._write(f"{failpoint}:{count}")

    def disarm(self) -> None:
        """Let it pass every failpoint."""
        self._write("")

    def _write(self, words: str) -> None:
        self._armings += 1  # so that the same words again are news
        beside = self._arms.with_suffix(".next")
        beside.write_text(f"{words}," + " " * self._armings)
        os.replace(beside, self._arms)

    def lives(self) -> bool:
        """Whether it runs."""
        return self._child is not None and self._child.poll() is None

    def finish(self, seconds: float = 60.0) -> int:
        """Let it end by itself; its exit status."""
        assert self._child is not None
        return self._child.wait(seconds)

    def was_killed(self) -> bool:
        """Whether it has ended by SIGKILL."""
        assert self._child is not None
        return self._child.poll() == -signal.SIGKILL

    def must_have_been_killed(self, failpoint: str) -> None:
        """It has ended, and by SIGKILL.

        Raises:
            NotReached: it has not; the stage tests nothing.
        """
        if not self.was_killed():
            raise NotReached(f"{failpoint} by {self.name}:\n{self.last_words()}")

    def must_have_succeeded(self) -> None:
        """It has ended, with status 0."""
        assert self._child is not None
        status = self._child.poll()
        how = "did not end in time" if status is None else f"ended with status {status}"
        assert status == 0, f"{self.name} {how}:\n{self.last_words()}"

    def signal(self, which: signal.Signals) -> None:
        """Send it a signal."""
        assert self._child is not None
        self._child.send_signal(which)

    def kill(self) -> None:
        """``kill -9``."""
        assert self._child is not None
        self._child.kill()
        self._child.wait()

    def stop(self, patience: float = 30.0) -> tuple[float, int]:
        """SIGTERM; the seconds it took and the exit status."""
        assert self._child is not None
        began = time.monotonic()
        self._child.terminate()
        status = self._child.wait(patience)
        return time.monotonic() - began, status

    def ready(self) -> bool:
        """Whether it says that it is ready."""
        try:
            with urlopen(f"http://127.0.0.1:{self._port}/ready", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def wait_ready(self, seconds: float = 120.0) -> None:
        """Wait until it is ready.

        Raises:
            AssertionError: it is not, in time; with the end of its log.
        """
        end = time.monotonic() + seconds
        while not self.ready():
            if time.monotonic() > end or not self.lives():
                raise AssertionError(f"{self.name} is not ready:\n{self.last_words()}")
            time.sleep(0.05)

    def last_words(self) -> str:
        """The end of its log."""
        return self._log.read_text(errors="replace")[-4000:]


@dataclass(frozen=True)
class Death:
    """Where a process is to be killed.

    Attributes:
        name: of the failpoint, if *after* is None.
        count: at which passage.
        after: seconds after which it is killed, wherever it is.
    """

    process: Running
    name: str
    count: int = 1
    after: float | None = None

    def prepare(self) -> None:
        """Let it come."""
        if self.after is None:
            self.process.arm(self.name, self.count)
        else:
            threading.Timer(self.after, self.process.kill).start()

    def over(self) -> bool:
        """Whether the process was killed; whatever has ended is started again.

        One that ended by itself, because its database was away for too long, stays armed and meets
        its failpoint later.
        """
        if self.process.lives():
            return False
        killed = self.process.was_killed()
        if killed:
            self.process.disarm()
        self.process.start()
        return killed


def end_all(*running: Running) -> None:
    """Kill what still runs."""
    for process in running:
        if process.lives():
            process.kill()
