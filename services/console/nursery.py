"""The nursery: a process that has loaded what our processes need, and forks them.

``python -m services.console.nursery FD green|threads``. To load Python, the libraries and the
definitions of events takes a process one to two seconds, to fork one some hundredths of a second;
and what is loaded before the fork is in memory once. It has no thread, opens nothing, and knows no
secret: each child gets its environment by the socket *FD*.
"""

import ctypes
import gc
import json
import os
import socket
import sys
from importlib import import_module
from os import waitpid  # as it is, before eventlet's patches
from select import select  # the same
from typing import Any, NoReturn

from setproctitle import setproctitle

GREEN, THREADS = "green", "threads"
MODULES = {
    "serve": "services.kernel.serve",
    "courier": "services.kernel.courier.__main__",
    "post_in": "services.notify.post_in.__main__",
    "post_out": "services.notify.post_out.__main__",
}
"""What each kind of process is: ``main(*words)`` of a module, which gives the exit status."""
LARGEST = 1 << 18
"""Bytes of one request; the environment is most of it."""


def room_of(kind: str) -> str:
    """Which of the two nurseries forks a *kind* of process: eventlet patches all or nothing."""
    return GREEN if kind == "serve" else THREADS


def load(room: str) -> None:
    """Import what the processes of *room* import, in their order: eventlet's patches come first."""
    for kind, module in MODULES.items():
        if room_of(kind) == room:
            import_module(module)
    from services.console.installation import LEAD_SERVICES
    from services.kernel.composition import DOOR, Composition

    for service in LEAD_SERVICES:
        Composition.of(service)
        if room == GREEN:
            import_module(f"services.{service}.{DOOR}")


def serve(door: socket.socket) -> None:
    """Fork a child for each request, say its pid, and later how it ended.

    Ends when whoever asks is gone; its children then get the signal that they were asked for with.
    """
    nursery = os.getpid()
    children: dict[int, int] = {}
    while True:
        ready, _, _ = select([door.fileno(), *children], [], [])
        for each in ready:
            if each != door.fileno():
                pid = children.pop(each)
                os.close(each)
                _, status = waitpid(pid, 0)
                _say(door, {"ended": pid, "status": os.waitstatus_to_exitcode(status)})
                continue
            asked, handed, _, _ = socket.recv_fds(door, LARGEST, 2)
            if not asked:
                return
            try:
                pid = os.fork()
            except OSError as failed:
                _say(door, {"refused": str(failed)})
            else:
                if pid == 0:
                    _live(nursery, json.loads(asked), handed, [door.fileno(), *children])
                watch = os.pidfd_open(pid)
                children[watch] = pid
                _say(door, {"born": pid}, watch)
            for descriptor in handed:
                os.close(descriptor)


def _say(door: socket.socket, words: dict[str, Any], *descriptors: int) -> None:
    socket.send_fds(door, [json.dumps(words).encode()], list(descriptors))


def _live(nursery: int, asked: dict[str, Any], handed: list[int], not_mine: list[int]) -> NoReturn:
    """Be the child: nothing of the nursery but its memory."""
    status = 1
    try:
        os.setsid()
        _end_with(nursery, asked["dies_by"])
        for each in not_mine:
            os.close(each)
        log, *listener = handed
        for stream in (1, 2):
            os.dup2(log, stream)
        os.close(log)
        os.environ.clear()
        os.environ.update(asked["env"])
        for listening in listener:
            os.environ["HEALTH_SOCKET"] = str(listening)
        status = _be(asked["kind"], asked["words"], asked["title"])
    except BaseException:  # whatever it is, nobody above may go on as the nursery
        sys.excepthook(*sys.exc_info())  # JSON, once it has a log
    finally:
        sys.stderr.flush()
        os._exit(status)


def _be(kind: str, words: list[str], title: str) -> int:
    """Live as this process until it ends; the exit status."""
    import logging

    from services.kernel import failpoints, tracing

    gc.enable()
    setproctitle(title)
    failpoints.arm_by(os.environ)
    if room_of(kind) == GREEN:
        from eventlet.hubs import use_hub

        use_hub()  # not the one of the nursery, whose epoll all children would share
    status = int(import_module(MODULES[kind]).main(*words))
    tracing.end()
    logging.shutdown()
    return status


def _end_with(nursery: int, by: int) -> None:
    """Linux: this process gets the signal *by* when the nursery ends, however it ends."""
    ctypes.CDLL(None).prctl(1, by)
    if os.getppid() != nursery:
        os._exit(1)


if __name__ == "__main__":
    asking, room = socket.socket(fileno=int(sys.argv[1])), sys.argv[2]
    setproctitle(f"comunita nursery {room}")  # finds its place, which a child's environment hides
    gc.disable()
    load(room)
    gc.collect()
    gc.freeze()  # what is never looked at again by the collector stays shared
    serve(asking)
