"""A program of ours is interrupted, and what it started is looked for."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.demo.telling import clean_environment

PATIENCE = 20.0
"""Seconds in which what was started may end after its program."""


def interrupted(*words: str, folder: Path, when: str) -> int:
    """Run ``comunita`` with *words* in *folder*, Ctrl-C when it says *when*; its exit status."""
    child = subprocess.Popen(
        [sys.executable, "-m", "services.console", *words, "--in", str(folder)],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=clean_environment(),
        start_new_session=True,
    )
    assert child.stderr is not None
    try:
        for line in child.stderr:
            if when in line:
                break
        os.kill(child.pid, signal.SIGINT)
        child.stderr.read()
        return child.wait(timeout=60)
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
        child.stderr.close()


def left_in(folder: Path) -> list[int]:
    """Processes that still name *folder* after a while."""
    end = time.monotonic() + PATIENCE
    while (left := processes_of(folder)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


def processes_of(directory: Path) -> list[int]:
    """Processes whose environment or command names *directory*."""
    needle = str(directory).encode()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                told = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if needle in told:
                found.append(int(entry.name))
    return found
