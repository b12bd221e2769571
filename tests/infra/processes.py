"""Looking at processes: who runs, and whose child it is."""

import os
import time
from pathlib import Path

LONGEST = 60.0


def descendants(pid: int) -> set[int]:
    """Every process below *pid*."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                after = (entry / "stat").read_text(errors="replace").rpartition(")")[2]
            except OSError:
                continue
            parents.setdefault(int(after.split()[1]), []).append(int(entry.name))
    found: set[int] = set()
    ahead = [pid]
    while ahead:
        below = parents.get(ahead.pop(), [])
        found.update(below)
        ahead.extend(below)
    return found


def running(pids: set[int]) -> set[int]:
    """Those of *pids* that still run; one that has ended and was not collected does not."""
    return {pid for pid in pids if _state(pid) not in ("", "Z")}


def left_of(pids: set[int]) -> set[int]:
    """Those of *pids* that have not ended within :data:`LONGEST` seconds."""
    deadline = time.monotonic() + LONGEST
    while (left := running(pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _state(pid: int) -> str:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[0]


def names(pids: set[int]) -> list[str]:
    """What *pids* are called."""
    return sorted(
        Path(f"/proc/{pid}/comm").read_text().strip()
        for pid in pids
        if os.path.exists(f"/proc/{pid}")
    )
