"""Has a mail read by a limited child; whatever the child does, there is an answer."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import msgspec

from services.notify.mail import Doubt
from services.notify.post_in import nursery
from services.notify.post_in.found import LARGEST_FOUND, Asked, Found, Kind

COMMAND = (sys.executable, "-m", "services.notify.post_in.nursery")
PATIENCE = nursery.PATIENCE + 30.0
"""Seconds after which the nursery itself is taken to be stuck."""
CODES = {nursery.KILLED: "killed", nursery.CRASHED: "crashed", nursery.LATE: "out_of_time"}


class Readers:
    """A nursery of limited children, started when the first mail is read, and after any end of it.

    Not for several threads.
    """

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._door: socket.socket | None = None

    def read(self, raw: bytes, asked: Asked) -> Found:
        """What *raw* is; of a child that was killed, crashed or answered nonsense: unreadable."""
        try:
            said, ended = self._ask(raw, asked)
        except OSError:
            self.close()
            try:  # the nursery, not this mail, may be what is wrong: once with a new one
                said, ended = self._ask(raw, asked)
            except OSError:
                self.close()
                return _unreadable("no_child")
        if len(said) > LARGEST_FOUND:  # it was not read to its end, and crashed for that, perhaps
            return _unreadable("answer_too_long")
        if ended != nursery.FINE:
            return _unreadable(CODES.get(ended, "no_child"))
        try:
            return msgspec.json.decode(said, type=Found)
        except msgspec.MsgspecError:
            return _unreadable("answer")

    def close(self) -> None:
        """End the nursery; whoever it was reading for has an answer."""
        if self._door is not None:
            self._door.close()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._door = self._process = None

    def _ask(self, raw: bytes, asked: Asked) -> tuple[bytes, bytes]:
        """What the child said, and how it ended."""
        door = self._open_door()
        end = time.monotonic() + PATIENCE
        with _mail(msgspec.json.encode(asked) + b"\n", raw) as mail:
            answer, theirs = os.pipe()
            try:
                socket.send_fds(door, [b"r"], [mail, theirs])
            finally:
                os.close(theirs)
        with open(answer, "rb", buffering=0) as pipe:
            said = _until_closed(pipe.fileno(), end)
        door.settimeout(max(0.1, end - time.monotonic()))
        return said, door.recv(1)

    def _open_door(self) -> socket.socket:
        if self._door is None or self._process is None or self._process.poll() is not None:
            self.close()
            self._door, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [*self._command, str(theirs.fileno())],
                    env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.defpath},
                    pass_fds=(theirs.fileno(),),
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
        return self._door


@contextlib.contextmanager
def _mail(*pieces: bytes) -> Iterator[int]:
    """A descriptor from which the pieces are read; they lie in memory only."""
    kept = os.memfd_create("mail")
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                view = view[os.write(kept, view) :]
        os.lseek(kept, 0, os.SEEK_SET)
        yield kept
    finally:
        os.close(kept)


def _until_closed(pipe: int, end: float) -> bytes:
    """What comes through *pipe* until nobody can write to it any more, or it is too much.

    Raises:
        TimeoutError: it is still open at *end*.
    """
    said = bytearray()
    while len(said) <= LARGEST_FOUND:
        ready, _, _ = select.select([pipe], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(pipe, 1 << 16)
        if not piece:
            break
        said += piece
    return bytes(said)


def _unreadable(code: str) -> Found:
    return Found(Kind.DOUBT, Doubt.UNREADABLE, code)
