"""What the tests let other processes do: write, tail, decide, be killed."""

import multiprocessing
import os
import time
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from services.kernel import failpoints

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["tests.kernel.labour"])

Call = tuple[Callable[..., Any], Sequence[Any]]
LONGEST = 300.0
"""Seconds after which a test gives up on its processes."""


def together(*calls: Call) -> list[Any]:
    """What each call returns, all of them run at the same time in a process of its own."""
    running = [_start(act, words, {}) for act, words in calls]
    return [_answer(process, end) for process, end in running]


def killed_at(failpoint: str, act: Callable[..., Any], *words: Any, count: int = 1) -> None:
    """Run *act* in a process that is killed at the count-th passage of *failpoint*."""
    process, end = _start(act, words, {failpoint: count})
    process.join(LONGEST)
    assert process.exitcode == -9, f"lived past {failpoint!r}: {process.exitcode}, {end.recv()}"


class Running:
    """One call in a process of its own."""

    def __init__(self, act: Callable[..., Any], words: Sequence[Any]) -> None:
        self._process, self._end = _start(act, words, {})

    @property
    def ended(self) -> bool:
        """Whether it has an answer, or is gone."""
        return bool(self._end.poll()) or not self._process.is_alive()

    def answer(self) -> Any:
        """What it returns; waits for it."""
        return _answer(self._process, self._end)


def start(act: Callable[..., Any], *words: Any) -> Running:
    """Begin *act* in a process of its own."""
    return Running(act, words)


def _start(act: Callable[..., Any], words: Sequence[Any], armed: dict[str, int]) -> Any:
    ours, theirs = _context.Pipe()
    process = _context.Process(target=_run, args=(theirs, act, tuple(words), armed), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _run(end: Any, act: Callable[..., Any], words: tuple[Any, ...], armed: dict[str, int]) -> None:
    failpoints._armed.update(armed)
    try:
        end.send((True, act(*words)))
    except BaseException:  # the test is told
        end.send((False, traceback.format_exc()))
    end.close()
    os._exit(0)


def _answer(process: Any, end: Any) -> Any:
    deadline = time.monotonic() + LONGEST
    while not end.poll(0.1):
        assert time.monotonic() < deadline, "a process did not end in time"
        assert process.is_alive() or end.poll(), f"a process ended with {process.exitcode}"
    fine, answer = end.recv()
    process.join(LONGEST)
    assert fine, answer
    return answer
