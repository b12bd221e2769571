"""The ledger of mail: what was handed over, written where no restored backup takes it back.

An append-only file of lines ``<instant> <word> <letter>#<round> [<code>]``, each on the disk before
what follows from it happens. Instants are real time, UTC. It names nobody: letters are ids. A mail
that carries several letters is one line that names them all (``…#1,…#1``): whole, or not there.

=========  ==========================================================================
handing    everything is sent but the final dot; the next byte may send the letter
taken      the server answered that it took the letter
refused    the server answered that it does not take it; nothing was sent
failed     the try ended before the final dot; nothing was sent
=========  ==========================================================================

``handing`` without an end: the process was killed in between, and nobody knows.
"""

import errno
import fcntl
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

LINE = re.compile(
    r"(?P<at>\S{32}) (?P<word>handing|taken|refused|failed) "
    r"(?P<letters>[0-9a-f-]{36}#[1-9]\d*(?:,[0-9a-f-]{36}#[1-9]\d*)*)(?: (?P<code>[\w.-]{1,60}))?"
)

Handed = Iterable[tuple[UUID, int]]
"""The letters that one mail carries, each with its round."""


class LedgerDamaged(Exception):
    """A line is not one of ours: somebody changed the file. Nothing is sent; look at the line."""


class LedgerMissing(Exception):
    """Letters were sent before, and the ledger is not there: who sends now may send them twice."""


class LedgerInUse(Exception):
    """Another sender holds the ledger; two at once are refused, also without a lease."""


@dataclass(frozen=True)
class Entry:
    """What the ledger knows about one round of one letter.

    Attributes:
        handed: it was handed over and no answer is known.
        taken: code with which the server took it.
        refused: code with which the server refused it for good.
        failures: tries that failed, surely without sending it.
        code: of the last failure.
        first_failure: real instant, UTC.
        last_failure: real instant, UTC.
    """

    handed: bool = False
    taken: str | None = None
    refused: str | None = None
    failures: int = 0
    code: str = ""
    first_failure: datetime | None = None
    last_failure: datetime | None = None

    def after(self, at: datetime, word: str, code: str) -> "Entry":
        """This entry and one more line."""
        if word == "handing":
            return replace(self, handed=True)
        if word == "taken":
            return replace(self, handed=False, taken=code)
        if word == "refused" and code.startswith("5"):
            return replace(self, handed=False, refused=code)
        return replace(
            self,
            handed=False,
            failures=self.failures + 1,
            code=code,
            first_failure=self.first_failure or at,
            last_failure=at,
        )


NOTHING = Entry()


class Ledger:
    """The ledger, held by this process alone; a context manager."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Open or make the file *path* and read it.

        Args:
            path: outside of what backups bring back.
            now: real time, aware, UTC.

        Raises:
            LedgerInUse: another process holds it.
            LedgerDamaged: names the line that is not one of ours.
        """
        self._now = now
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise LedgerInUse from None
        _keep(path.parent)
        self._entries: dict[str, Entry] = {}
        try:
            self._read()
        except LedgerDamaged:
            os.close(self._file)
            raise

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(self, *error: object) -> None:
        os.close(self._file)

    @property
    def empty(self) -> bool:
        """Whether nothing was ever handed over or tried."""
        return not self._entries

    def of(self, letter: UUID, round: int) -> Entry:
        """What is known about *round* of *letter*."""
        return self._entries.get(_key(letter, round), NOTHING)

    def handing(self, letters: Handed) -> None:
        """The final dot comes next."""
        self._write("handing", letters)

    def taken(self, letters: Handed, code: str) -> None:
        """The server took it."""
        self._write("taken", letters, code)

    def refused(self, letters: Handed, code: str) -> None:
        """The server answered that it does not take it, now (4xx) or ever (5xx)."""
        self._write("refused", letters, code)

    def failed(self, letters: Handed, code: str) -> None:
        """The try ended before the final dot."""
        self._write("failed", letters, code)

    def _write(self, word: str, letters: Handed, code: str = "") -> None:
        at, keys = self._now(), [_key(*each) for each in letters]
        line = f"{at.isoformat(timespec='microseconds')} {word} {','.join(keys)} {code}".rstrip()
        self._append(f"{line}\n".encode())
        for key in keys:
            self._note(at, word, key, code)

    def _append(self, line: bytes) -> None:
        """Put *line* on the disk.

        Raises:
            OSError: the disk is full; nothing of the line is there.
        """
        before = os.fstat(self._file).st_size
        if os.write(self._file, line) < len(line):
            os.ftruncate(self._file, before)
            raise OSError(errno.ENOSPC, "the ledger's disk is full")
        os.fsync(self._file)

    def _note(self, at: datetime, word: str, key: str, code: str) -> None:
        self._entries[key] = self._entries.get(key, NOTHING).after(at, word, code)

    def _read(self) -> None:
        with os.fdopen(os.dup(self._file), "rb") as file:
            file.seek(0)
            content = file.read()
        whole, _, torn = content.rpartition(b"\n")
        if torn:  # its writer was killed before the line was on the disk: nothing followed from it
            os.ftruncate(self._file, len(content) - len(torn))
        for number, line in enumerate(whole.decode("ascii", "replace").split("\n"), start=1):
            if not line and not whole:
                break
            found = LINE.fullmatch(line)
            if found is None:
                raise LedgerDamaged(f"line {number}")
            at = datetime.fromisoformat(found["at"])
            for key in found["letters"].split(","):
                self._note(at, found["word"], key, found["code"] or "")


def _key(letter: UUID, round: int) -> str:
    return f"{letter}#{round}"


def _keep(folder: Path) -> None:
    """Put the file's name on the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
