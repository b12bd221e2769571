"""A process that was asked to end, by a signal."""

import signal
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import FrameType


class Stopping:
    """Whether one of *signals* has come; from now on they do nothing else.

    Not ``threading.Event``: a signal handler runs between two steps of the main thread, which may
    be inside ``Event.wait`` and hold the lock that ``Event.set`` then waits for, for ever.
    ``SimpleQueue.put`` may be called from anywhere (Python's library reference, ``queue``).
    """

    def __init__(self, *signals: signal.Signals) -> None:
        self._asked = False
        self._news: SimpleQueue[None] = SimpleQueue()
        for each in signals:
            signal.signal(each, self._set)

    def is_set(self) -> bool:
        """Whether it was asked to end."""
        return self._asked

    def wait(self, seconds: float) -> bool:
        """Wait until it is asked to end, at most *seconds*; whether it was."""
        if not self._asked:
            with suppress(Empty):  # nobody asked in time, which the answer says
                self._news.get(timeout=seconds)
        return self._asked

    def set(self) -> None:
        """Ask it to end, from any thread."""
        self._asked = True
        self._news.put(None)

    def _set(self, number: int, frame: FrameType | None) -> None:
        self.set()
