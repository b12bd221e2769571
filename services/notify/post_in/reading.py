"""Has a mail read by the limited child; whatever the child does, there is an answer."""

import contextlib
import os
import signal
import subprocess
import sys

import msgspec

from services.notify.post_in.found import LARGEST_FOUND, Asked, Found, Kind
from services.notify.post_in.mail import Doubt

COMMAND = (sys.executable, "-m", "services.notify.post_in.child")
PATIENCE = 60.0
"""Seconds for one mail; the child's own limit is 20 of the processor's time."""


def read(raw: bytes, asked: Asked) -> Found:
    """What *raw* is; of a child that was killed, crashed or answered nonsense: unreadable."""
    child = subprocess.Popen(
        COMMAND,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.defpath},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        said, _ = child.communicate(msgspec.json.encode(asked) + b"\n" + raw, PATIENCE)
    except subprocess.TimeoutExpired:
        return _unreadable("out_of_time")
    finally:
        _end(child)
    if child.returncode != 0:
        return _unreadable("killed" if child.returncode < 0 else "crashed")
    if len(said) > LARGEST_FOUND:
        return _unreadable("answer_too_long")
    try:
        return msgspec.json.decode(said, type=Found)
    except msgspec.MsgspecError:
        return _unreadable("answer")


def _unreadable(code: str) -> Found:
    return Found(Kind.DOUBT, Doubt.UNREADABLE, code)


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started: its session is its own."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
