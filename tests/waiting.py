"""What tests wait for: by looking, never by a sleep that is long enough by luck."""

import time
from collections.abc import Callable


def until(
    true: Callable[[], bool], what: str | Callable[[], str] = "it", seconds: float = 60.0
) -> None:
    """Wait until *true*.

    Raises:
        AssertionError: *what* did not happen in time.
    """
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise AssertionError(f"in {seconds} s not: {what if isinstance(what, str) else what()}")
        time.sleep(0.02)
