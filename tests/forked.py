"""Processes of services for tests, forked as ``comunita up`` does; they end with whoever tests."""

import atexit
import signal
from collections.abc import Mapping
from typing import BinaryIO

from services.console.forked import Forked, Nursery
from services.console.processes import words_of

_nursery = Nursery()
"""One for all tests of this process; begins with the first fork."""
atexit.register(_nursery.close)


def forked(
    kind: str,
    service: str,
    env: Mapping[str, str],
    log: BinaryIO,
    *words: str,
    title: str = "",
) -> Forked:
    """A process of *service*; it is killed when this one ends, however that ends."""
    command = (*words_of(service, kind), *words)
    return _nursery.fork(kind, command, env, log, title=title, dies_by=signal.SIGKILL)
