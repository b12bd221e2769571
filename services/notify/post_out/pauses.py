"""When a letter that could not be sent is tried again: real time, also under a simulated clock.

A mail server lives in real time: a season that passes in a minute must not make us give it up.
"""

from datetime import datetime, timedelta

FIRST = timedelta(minutes=1)
LONGEST = timedelta(hours=6)
PATIENCE = timedelta(days=3)
"""How long after the first failed try a letter is given up; as mail servers do [1]."""


def next_try(failures: int, last_failure: datetime) -> datetime:
    """The instant (real, UTC) from which a letter is tried again after *failures* failed tries."""
    pause: timedelta = FIRST * 2 ** min(failures - 1, 20)
    return last_failure + min(LONGEST, pause)


def too_long(first_failure: datetime, now: datetime) -> bool:
    """Whether nobody waits any longer."""
    return now - first_failure >= PATIENCE


def looked_at_again(failures: int, first_failure: datetime, last_failure: datetime) -> datetime:
    """The instant from which a letter is tried again, or nobody waits any longer."""
    return min(next_try(failures, last_failure), first_failure + PATIENCE)
