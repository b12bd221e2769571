"""Named places between two lines, at which a test ends the process as ``kill -9`` would.

In production the environment variable is not set and a failpoint is one dictionary look-up.
"""

import os
import signal

_armed: dict[str, int] = {}
for _entry in filter(None, os.environ.get("COMUNITA_FAILPOINTS", "").split(",")):
    _name, _, _count = _entry.partition(":")
    _armed[_name] = int(_count or "1")


def failpoint(name: str) -> None:
    """End this process at once, without any clean-up, if *name* is armed and its count is used up.

    Armed by ``COMUNITA_FAILPOINTS="name:count,…"``: the process ends at the count-th passage.
    """
    if name in _armed:
        _armed[name] -= 1
        if _armed[name] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
