"""Ends what a process started when that process is gone, however it went (``kill -9`` included).

A guard is a small process of its own that only waits. It runs as a plain file under
``python -I -S``, so it imports nothing but the standard library.
"""

import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

PATIENCE = 20.0
"""Seconds that a group of processes gets to end by itself before it is killed."""


class Guard:
    """Watches over groups of processes on behalf of the current process."""

    def __init__(self, keep_open: Sequence[int] = (), remove: Sequence[Path] = ()) -> None:
        """Begin to watch; so far over nothing.

        Args:
            keep_open: file descriptors that stay open until everything has ended (locks).
            remove: folders that nobody needs any more when everything has ended.
        """
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", __file__, str(os.getpid()), *map(str, remove)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=tuple(keep_open),
            start_new_session=True,
        )

    def over(self, group: int, how: signal.Signals = signal.SIGTERM) -> None:
        """Watch over *group* too; the last is ended first.

        Args:
            group: process id of the leader of a session of its own.
            how: the signal that asks it to end.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(f"{group}:{int(how)}\n".encode())
        self._process.stdin.flush()

    def release(self) -> None:
        """Stop watching; the groups are left as they are."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdin is not None
        self._process.stdin.close()


def end_group(group: int, how: int = signal.SIGTERM, patience: float = PATIENCE) -> None:
    """End every process of *group*: ask by the signal *how*, wait *patience* seconds, then kill."""
    deadline = time.monotonic() + patience
    try:
        os.killpg(group, how)
        while time.monotonic() < deadline:
            time.sleep(0.05)
            os.killpg(group, 0)
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return


def watch(parent: int, remove: Sequence[str]) -> None:
    """Learn groups from the pipe until *parent* is gone; end them, the last first, then *remove*.

    A closed pipe tells it at once; the parent's id tells it also when a forked child of the parent
    still holds the pipe.
    """
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, signal.SIG_IGN)
    told = b""
    while os.getppid() == parent:
        if select.select([0], [], [], 1.0)[0]:
            heard = os.read(0, 4096)
            if not heard:
                break
            told += heard
    for words in reversed(told.split()):
        group, _, how = words.partition(b":")
        end_group(int(group), int(how))
    for folder in remove:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    watch(int(sys.argv[1]), sys.argv[2:])
