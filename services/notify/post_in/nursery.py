"""The nursery: a process with the libraries loaded, that forks one limited child for each mail.

``python -m services.notify.post_in.nursery FD``. Starting Python and loading pypdf costs half a
second a mail, forking two milliseconds. It reads no mail itself; its environment holds no secret.
"""

import contextlib
import os
import select
import signal
import socket
import sys
from collections.abc import Callable
from typing import NoReturn

from services.notify.post_in.child import main

PATIENCE = 60.0
"""Seconds for one mail by the clock; the child's own limit is 20 of the processor's time."""
FINE, KILLED, CRASHED, LATE = b"f", b"k", b"c", b"l"


def serve(act: Callable[[], None] = main, patience: float = PATIENCE) -> None:
    """Fork a child for each pair of descriptors (mail, answer); say how each ended.

    Ends when whoever asks is gone.
    """
    door = socket.socket(fileno=int(sys.argv[1]))
    while True:
        word, handed, _, _ = socket.recv_fds(door, 1, 2)
        if not word:
            return
        child = os.fork()
        if child == 0:
            _live(door, handed[0], handed[1], act)
        for each in handed:
            os.close(each)
        door.sendall(_end_of(child, patience))


def _live(door: socket.socket, mail: int, answer: int, act: Callable[[], None]) -> NoReturn:
    """Be the child: nothing of the nursery but its memory."""
    try:
        os.setsid()
        door.close()
        os.dup2(mail, 0)
        os.dup2(answer, 1)
        os.close(mail)
        os.close(answer)
        act()
        sys.stdout.flush()
    except BaseException:  # whatever it is, nobody above may go on as the nursery
        os._exit(1)
    os._exit(0)


def _end_of(child: int, patience: float) -> bytes:
    """How *child* ended; with it ends whatever it had started."""
    watch = os.pidfd_open(child)
    ended, _, _ = select.select([watch], [], [], patience)
    os.close(watch)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)  # before it has a session of its own
        os.killpg(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not ended:
        return LATE
    if os.WIFSIGNALED(status):
        return KILLED
    return FINE if status == 0 else CRASHED


if __name__ == "__main__":
    import dkim  # noqa: F401  # loaded here, once, for every child
    import dns.query  # noqa: F401
    import pypdf  # noqa: F401

    serve()
