"""Signed notes: the checkpoint of a log, and the cosignature of who saw that it continues.

Formats of C2SP (signed-note, tlog-checkpoint, tlog-cosignature), so that any tool reads them. One
key signs envelopes, checkpoints and cosignatures: no text of one kind begins as one of another
does (``{``, an organisation's id, ``cosignature/v1``).
"""

import re
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from nacl.signing import SigningKey

from services.kernel.keys import PublicKeys

SIGNED, COSIGNED = b"\x01", b"\x04"
"""Kinds of signature [C2SP signed-note]: over the text, and over a time and the text."""
LONGEST = 10_000
"""Characters of a note, at most; one of ours has less than 400."""
LARGEST = 2**63 - 1
"""Events of a log, at most: what a database counts."""
LATEST = 253_402_300_799
"""The last second, since 1970 UTC, that a date can say: the end of the year 9999."""

_TEXT = re.compile(
    r"(?P<log_id>[!-*,-~]{1,120})\n(?P<size>0|[1-9][0-9]{0,18})\n(?P<root>[A-Za-z0-9+/]{43}=)\n"
)
_LINE = re.compile(r"— (?P<name>[!-*,-~]+) (?P<blob>[A-Za-z0-9+/]+={0,2})")


class Unsigned(ValueError):
    """It is no checkpoint, or not signed by whom it should be; nothing of it is believed."""


@dataclass(frozen=True)
class Checkpoint:
    """What a log was: its first *size* events, and the root of their tree.

    Attributes:
        note: its text with the log's signature, as it was signed.
    """

    log_id: str
    size: int
    root: bytes
    note: str

    @property
    def text(self) -> str:
        """What is signed: all before the empty line."""
        return self.note[: self.note.index("\n\n") + 1]

    @classmethod
    def sign(cls, log_id: str, size: int, root: bytes, key: SigningKey) -> "Checkpoint":
        """A new checkpoint; whoever signs it has made sure that it continues the last one."""
        text = f"{log_id}\n{size}\n{b64encode(root).decode()}\n"
        signature = key.sign(text.encode()).signature
        line = _line(log_id, SIGNED, key.verify_key.encode(), signature)
        return cls(log_id, size, root, f"{text}\n{line}")

    @classmethod
    def read(cls, note: str, of: PublicKeys) -> "Checkpoint":
        """The checkpoint in *note*, signed by the organisation with the keys *of*.

        Raises:
            Unsigned: it is none, or nothing in it is signed by that organisation in the log's name.
        """
        text, lines = _parted(note)
        found = _TEXT.fullmatch(text)
        if found is None:
            raise Unsigned("not a checkpoint")
        log_id, root = found["log_id"], b64decode(found["root"])
        if b64encode(root).decode() != found["root"] or int(found["size"]) > LARGEST:
            raise Unsigned("not a checkpoint")
        signatures = _signatures(lines, log_id, SIGNED, of)
        if not any(of.verifies(text.encode(), each) for each in signatures):
            raise Unsigned("not signed by its organisation")
        return cls(log_id, int(found["size"]), root, note)


@dataclass(frozen=True)
class Cosignature:
    """That *organisation* saw, at *at*, that a checkpoint continues all that it had seen before.

    Attributes:
        at: instant in UTC, whole seconds, by the clock of who cosigned.
        line: as it stands below a note.
    """

    organisation: str
    at: datetime
    line: str

    @classmethod
    def sign(
        cls, checkpoint: Checkpoint, organisation: str, at: datetime, key: SigningKey
    ) -> "Cosignature":
        """Cosign *checkpoint*; whoever does has stored it as the last one seen."""
        seconds = int(at.timestamp())
        signature = key.sign(_timed(seconds, checkpoint.text)).signature
        blob = seconds.to_bytes(8, "big") + signature
        line = _line(organisation, COSIGNED, key.verify_key.encode(), blob)
        return cls(organisation, datetime.fromtimestamp(seconds, UTC), line)

    @classmethod
    def read(
        cls, line: str, checkpoint: Checkpoint, organisation: str, of: PublicKeys
    ) -> "Cosignature":
        """The cosignature of *organisation* with the keys *of* in *line*, below *checkpoint*.

        Raises:
            Unsigned: it is none of that organisation, or of another checkpoint.
        """
        for blob in _signatures([line.removesuffix("\n")], organisation, COSIGNED, of):
            seconds = int.from_bytes(blob[:8], "big")
            if seconds <= LATEST and of.verifies(_timed(seconds, checkpoint.text), blob[8:]):
                return cls(organisation, datetime.fromtimestamp(seconds, UTC), line)
        raise Unsigned("not cosigned by the organisation")


def _timed(seconds: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _line(name: str, kind: bytes, key: bytes, blob: bytes) -> str:
    return f"— {name} {b64encode(_key_id(name, kind, key) + blob).decode()}\n"


def _key_id(name: str, kind: bytes, key: bytes) -> bytes:
    return sha256(name.encode() + b"\n" + kind + key).digest()[:4]


def _parted(note: str) -> tuple[str, list[str]]:
    """Text and signature lines of a note."""
    text, empty, below = note.partition("\n\n")
    if not empty or len(note) > LONGEST or not below.endswith("\n"):
        raise Unsigned("not a signed note")
    return text + "\n", below.removesuffix("\n").split("\n")


def _signatures(lines: list[str], name: str, kind: bytes, of: PublicKeys) -> list[bytes]:
    """What *name* may have signed, behind the id of its key; other lines are somebody else's."""
    wanted = _key_id(name, kind, bytes.fromhex(of.verify))
    found = []
    for line in lines:
        shape = _LINE.fullmatch(line)
        if shape is None:
            raise Unsigned("not a signed note")
        if shape["name"] == name:
            try:
                blob = b64decode(shape["blob"], validate=True)
            except ValueError:
                raise Unsigned("not a signed note") from None
            if blob[:4] == wanted:
                found.append(blob[4:])
    return found
