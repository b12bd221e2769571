"""Named places between two lines, at which a test ends the process as ``kill -9`` would.

In production neither environment variable is set and a failpoint is one look at an empty table.
"""

import os
import signal
from collections.abc import Mapping
from pathlib import Path

_armed: dict[str, int] = {}
_file: str | None = None
_read = ""


def arm_by(environ: Mapping[str, str]) -> None:
    """From now on *environ* arms; as soon as this module is loaded, that of the process does."""
    global _file
    _file = environ.get("COMUNITA_FAILPOINTS_FILE")
    _arm(environ.get("COMUNITA_FAILPOINTS", ""))


def _arm(entries: str) -> None:
    _armed.clear()
    for entry in filter(None, entries.strip().split(",")):
        name, _, count = entry.partition(":")
        _armed[name] = int(count or "1")


def failpoint(name: str) -> None:
    """End this process at once, without any clean-up, if *name* is armed and its count is used up.

    Armed by ``COMUNITA_FAILPOINTS="name:count,…"``: the process ends at the count-th passage. Or,
    while it runs, by the same words in the file that ``COMUNITA_FAILPOINTS_FILE`` names.
    """
    if _file is not None:
        _look_again(_file)
    if name in _armed:
        _armed[name] -= 1
        if _armed[name] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


def _look_again(file: str) -> None:
    global _read
    try:
        words = Path(file).read_text()
    except OSError:
        return
    if words != _read:
        _read = words
        _arm(words)


arm_by(os.environ)
