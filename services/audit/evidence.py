"""Evidence: a log, what it said, and what was signed of it; from its database, or from a bundle."""

import heapq
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Connection, select

from services.kernel.log import all_rows
from services.kernel.rows import Row, canonical, read_row, row_bytes
from services.kernel.store import Store
from services.kernel.tables import checkpoints, cosignatures, said

FORMAT = 1
"""Version of the bundle's format, docs/format.md section 11."""
LONGEST = 16 * 2**20
"""Bytes of one line of a bundle; a longer one is no evidence of ours."""
PAGE = 1000
NAMES = {"bundle.json", "events.jsonl", "said.jsonl", "checkpoints.jsonl"}


class NoBundle(ValueError):
    """The file is no bundle; nothing of it is believed."""


@dataclass(frozen=True)
class Said:
    """One row of what was said, as it is stored."""

    position: int
    audience: str
    seq: int
    previous_hash: str
    hash: str
    envelope: str


@dataclass(frozen=True)
class Signed:
    """One checkpoint as it is stored, and below it who cosigned it.

    Attributes:
        cosigned: organisation → line.
    """

    note: str
    cosigned: dict[str, str]


@dataclass(frozen=True)
class Evidence:
    """One log. Rows and words are read once, in the order of their positions.

    Attributes:
        rows: every event, or None in place of a line that stands for none.
    """

    log_id: str
    rows: Iterable[tuple[str, Row] | None]
    said: Iterable[Said]
    signed: tuple[Signed, ...]


@contextmanager
def of_store(store: Store) -> Iterator[Evidence]:
    """The evidence in the database of *store*, as of one moment."""
    with store.database.reading() as connection:
        rows = ((store.log_id, row) for row in all_rows(connection))
        yield Evidence(store.log_id, rows, _said(connection), _signed(connection))


def write_bundle(store: Store, place: Path) -> None:
    """Write the evidence of *store* into one file, which its owner alone may read.

    There is no half of it under that name, whatever ends it.
    """
    half = place.with_name(place.name + ".part")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    with of_store(store) as evidence, ZipFile(half, "w", ZIP_DEFLATED) as bundle:
        words = {"format": FORMAT, "log_id": evidence.log_id}
        bundle.writestr("bundle.json", canonical(words))
        lines = {
            "events.jsonl": (row_bytes(*row) for row in evidence.rows if row),
            "said.jsonl": (canonical(asdict(each)).encode() for each in evidence.said),
            "checkpoints.jsonl": (canonical(asdict(each)).encode() for each in evidence.signed),
        }
        for name, each in lines.items():
            with bundle.open(name, "w", force_zip64=True) as file:
                for line in each:
                    file.write(line + b"\n")
    os.replace(half, place)


@contextmanager
def of_bundle(place: Path) -> Iterator[Evidence]:
    """The evidence in the file *place*.

    Raises:
        NoBundle: it is no bundle of this format, or not all of it.
    """
    try:
        with ZipFile(place) as bundle:
            if sorted(bundle.namelist()) != sorted(NAMES):  # one twice: which one is meant?
                raise NoBundle("other files")
            with bundle.open("bundle.json") as file:
                words = json.loads(file.read(LONGEST))
            if canonical(words) != canonical({"format": FORMAT, "log_id": str(words["log_id"])}):
                raise NoBundle("another format")
            signed = tuple(
                Signed(**json.loads(line)) for line in _lines(bundle, "checkpoints.jsonl")
            )
            spoken = (Said(**json.loads(line)) for line in _lines(bundle, "said.jsonl"))
            rows = map(_row, _lines(bundle, "events.jsonl"))
            yield Evidence(words["log_id"], rows, spoken, signed)
    except NoBundle:
        raise
    except Exception as error:  # whatever is wrong with a file from outside; fails closed
        raise NoBundle(type(error).__name__) from None


def _lines(bundle: ZipFile, name: str) -> Iterator[bytes]:
    with bundle.open(name) as file:
        while line := file.readline(LONGEST):
            if not line.endswith(b"\n"):
                raise NoBundle("a line without an end")
            yield line[:-1]


def _row(line: bytes) -> tuple[str, Row] | None:
    try:
        return read_row(line)
    except ValueError:
        return None


def _said(connection: Connection) -> Iterator[Said]:
    """What was said to all audiences, in the order of the events that it tells."""
    audiences = connection.scalars(select(said.c.audience).distinct().order_by(said.c.audience))
    streams = [_said_to(connection, audience) for audience in audiences.all()]
    return heapq.merge(*streams, key=lambda each: (each.position, each.audience))


def _said_to(connection: Connection, audience: str) -> Iterator[Said]:
    after = 0
    to_it = select(said).where(said.c.audience == audience).order_by(said.c.seq).limit(PAGE)
    while page := connection.execute(to_it.where(said.c.seq > after)).all():
        for row in page:
            yield Said(row.position, audience, row.seq, row.previous_hash, row.hash, row.envelope)
        after = page[-1].seq


def _signed(connection: Connection) -> tuple[Signed, ...]:
    below: dict[int, dict[str, str]] = {}
    for row in connection.execute(select(cosignatures)):
        below.setdefault(row.size, {})[row.organisation] = row.line
    notes = select(checkpoints.c.size, checkpoints.c.note).order_by(checkpoints.c.size)
    return tuple(Signed(row.note, below.get(row.size, {})) for row in connection.execute(notes))
