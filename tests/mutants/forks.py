"""Work in a fork: its modules, its mistakes and its end are its own."""

import math
import os
import pickle
import resource
import signal
import time
from collections.abc import Callable
from typing import Any

MOST_SECONDS = 5
"""Seconds of the processor for a mutant, beyond what its tests need: a longer one is in circles."""
KILLED, UNPREPARED = 1, 3
VOICE = os.dup(2)


def in_a_fork(work: Callable[[], Any]) -> Any:
    """What *work* returns."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(reading)
            _be_silent()
            with os.fdopen(writing, "wb") as answer:
                pickle.dump(work(), answer)
            status = 0
        except BaseException as problem:  # the process ends here, whatever it was
            say(repr(problem))
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read()
    if os.waitpid(child, 0)[1]:
        raise SystemExit("the tests could not be asked")
    return pickle.loads(told)


def killed_in_a_fork(
    prepare: Callable[[], None], fails: Callable[[], bool], need: float = 0.0
) -> bool:
    """Whether *fails* says so, or does not come to an end by itself; *prepare* must.

    Args:
        need: seconds of the processor that it takes without any mistake.
    """
    most = MOST_SECONDS + math.ceil(need)
    child = os.fork()
    if not child:
        status = UNPREPARED
        try:
            used = int(time.process_time())
            resource.setrlimit(resource.RLIMIT_CPU, (used + most, used + most + 1))
            signal.alarm(most * 20)  # who waits for ever
            _be_silent()
            prepare()
            status = KILLED
            status = KILLED if fails() else 0
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == UNPREPARED:
        say("the next mutant could not be put in place, and counts as one that lives")
    return status not in (0, UNPREPARED)


def say(words: str) -> None:
    """To whoever started it, also from a fork."""
    os.write(VOICE, f"{words}\n".encode())


def _be_silent() -> None:
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
