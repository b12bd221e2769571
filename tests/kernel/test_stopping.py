"""A signal that asks a process to end is heard wherever that process is."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHILD = """
import os, signal, sys, threading
from services.kernel import stopping

def event():
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    return asked

def kill_at(line):
    left = line
    def trace(frame, what, _):
        nonlocal left
        if frame.f_code.co_filename not in (stopping.__file__, threading.__file__):
            return None
        if what == "line" and frame.f_code.co_name == "wait":
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGTERM)
        return trace
    return trace

for line in range(1, 30):
    asked = event() if sys.argv[1] == "Event" else stopping.Stopping(signal.SIGTERM)
    sys.settrace(kill_at(line))
    asked.wait(0.001)
    sys.settrace(None)
    print(line, asked.is_set(), flush=True)
    if not asked.is_set():
        break  # it has no such line
"""


def asked_at_every_line_of_wait(which: str, seconds: float) -> list[str]:
    """At which lines the signal came and was heard; waiting ends when it stands still."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, which], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        told, _ = child.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        told, _ = child.communicate()
        return [*told.splitlines(), "stands still"]
    assert child.returncode == 0
    return told.splitlines()


def test_a_signal_between_any_two_lines_of_waiting_is_heard() -> None:
    *heard, none_left = asked_at_every_line_of_wait("Stopping", 30)
    assert len(heard) >= 3
    assert all(line.endswith("True") for line in heard)
    assert none_left.endswith("False")


def test_the_control_an_event_stands_still() -> None:
    """Why it is not ``threading.Event``."""
    assert asked_at_every_line_of_wait("Event", 3)[-1] == "stands still"


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_it_waits_until_it_is_asked(name: str) -> None:
    child = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal; from services.kernel.stopping import Stopping;"
            f"stopping = Stopping(signal.{name}); print('waits', flush=True);"
            "print(stopping.wait(0), flush=True); print(stopping.wait(60), stopping.wait(60))",
        ],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert child.stdout is not None
    assert [child.stdout.readline() for _ in "ab"] == ["waits\n", "False\n"]
    child.send_signal(signal.Signals[name])
    assert child.communicate(timeout=30)[0] == "True True\n"
