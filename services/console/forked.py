"""Processes that are forked from one that has loaded them, and what is known of them."""

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Any, BinaryIO

from services.console import nursery

PATIENCE = 120.0
"""Seconds for a nursery to load and fork; machines that start much are busy."""
NOBODY_KNOWS = 255
"""The status of a process that ended when its nursery was gone."""


class Forked:
    """One process; like :class:`subprocess.Popen` as far as it goes.

    Signals go by a descriptor of the process, never to another one that got its number.
    """

    def __init__(self, pid: int, watch: int, room: "_Room") -> None:
        self.pid = pid
        self._watch = watch
        self._room = room
        self._status: int | None = None
        self._turn = threading.Lock()

    def __del__(self) -> None:
        os.close(self._watch)

    def poll(self) -> int | None:
        """The exit status, negative for a signal; None while it runs."""
        with self._turn:  # how it ended is told once
            if self._status is None and self._has_ended(0):
                self._status = self._room.status_of(self.pid)
            return self._status

    def wait(self, timeout: float | None = None) -> int:
        """The exit status, once it has ended.

        Raises:
            subprocess.TimeoutExpired: it has not, in *timeout* seconds.
        """
        self._has_ended(timeout)
        status = self.poll()
        if status is None:
            raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
        return status

    def send_signal(self, which: signal.Signals) -> None:
        """Nothing happens if it has ended."""
        if self.poll() is None:
            try:
                signal.pidfd_send_signal(self._watch, which)
            except ProcessLookupError:
                return  # ended between the two lines

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _has_ended(self, seconds: float | None) -> bool:
        return bool(select.select([self._watch], [], [], seconds)[0])


class Nursery:
    """Forks processes of every kind.

    Its own two processes start with the first fork, and again after any end of theirs; with them
    end all that they forked.
    """

    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}
        self._turn = threading.Lock()

    def begin(self) -> None:
        """Let both load, side by side; who forks need not ask for it."""
        with self._turn:
            for name in (nursery.GREEN, nursery.THREADS):
                self._open(name)

    def fork(
        self,
        kind: str,
        words: Sequence[str],
        env: Mapping[str, str],
        log: BinaryIO,
        listener: socket.socket | None = None,
        title: str = "",
        dies_by: signal.Signals = signal.SIGTERM,
    ) -> Forked:
        """A new process of *kind*.

        Args:
            words: of its command.
            env: its whole environment.
            log: where its output goes.
            listener: where it answers for its health; by ``HEALTH_SOCKET``.
            title: what lists of processes show.
            dies_by: the signal that it gets when its nursery ends, however that ends.

        Raises:
            OSError: it was not started.
        """
        asked = {
            "kind": kind,
            "words": list(words),
            "env": dict(env),
            "title": title,
            "dies_by": int(dies_by),
        }
        handed = [each.fileno() for each in (log, listener) if each is not None]
        with self._turn:
            name, request = nursery.room_of(kind), json.dumps(asked).encode()
            try:
                return self._open(name).fork(request, handed)
            except ConnectionError:  # it ended just now, and what it may have forked with it
                self._rooms.pop(name).close()
                return self._open(name).fork(request, handed)

    def close(self) -> None:
        """End both; what still runs of their children gets its signal."""
        with self._turn:
            for room in self._rooms.values():
                room.close()
            self._rooms.clear()

    def _open(self, name: str) -> "_Room":
        room = self._rooms.get(name)
        if room is None or not room.lives():
            if room is not None:
                room.close()
            room = self._rooms[name] = _Room(name)
        return room


class _Room:
    """One life of one of the two processes that fork, and what it says."""

    def __init__(self, name: str) -> None:
        self._door, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._door.settimeout(PATIENCE)
        self._ended: dict[int, int] = {}
        self._turn = threading.Lock()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.console.nursery", str(theirs.fileno()), name],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def lives(self) -> bool:
        """Whether it can be asked."""
        return self._process.poll() is None and self._door.fileno() != -1

    def fork(self, asked: bytes, handed: Sequence[int]) -> Forked:
        """The process that was asked for.

        Raises:
            OSError: it was not started.
        """
        with self._turn:
            if self._door.fileno() == -1:
                raise ConnectionResetError("the nursery is gone")
            socket.send_fds(self._door, [asked], handed)
            try:
                said, watches = self._hear()
                while "ended" in said:
                    said, watches = self._hear()
            except BaseException:  # the answer may still come, and be taken for the next one's
                self.close()
                raise
            if "refused" in said:
                raise OSError(said["refused"])
            return Forked(said["born"], watches[0], self)

    def status_of(self, pid: int) -> int:
        """How the process *pid*, which has ended, did."""
        with self._turn:
            try:
                while pid not in self._ended:
                    self._hear()
            except OSError:  # it is gone and took with it what it knew
                self.close()
            return self._ended.pop(pid, NOBODY_KNOWS)

    def close(self) -> None:
        """End it."""
        self._door.close()
        self._process.kill()
        self._process.wait()

    def _hear(self) -> tuple[dict[str, Any], list[int]]:
        """The next that it says; of an end, note is taken.

        Raises:
            OSError: it is gone, or says nothing in time.
        """
        heard, watches, _, _ = socket.recv_fds(self._door, nursery.LARGEST, 1)
        if not heard:
            raise ConnectionResetError("the nursery is gone")
        said = json.loads(heard)
        if "ended" in said:
            self._ended[said["ended"]] = said["status"]
        return said, watches
