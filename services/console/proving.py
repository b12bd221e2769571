"""Whether logs are what was signed of them, as an auditor asks: of databases, or of bundles."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nacl.signing import VerifyKey
from rich.markup import escape
from rich.table import Table
from sqlalchemy import select

from services.audit.evidence import NoBundle, of_bundle, of_store, write_bundle
from services.audit.judging import Finding, Judged, judge
from services.kernel.programme import Programme
from services.kernel.settings import Missing
from services.kernel.store import Store
from services.kernel.tables import witnessed

COLUMNS = ("log", "events", "signed", "cosigned by", "held and matched", "said", "findings")
Stores = Mapping[tuple[str, str], Store]


def held(stores: Iterable[Store]) -> list[str]:
    """The checkpoints of others' logs that *stores* hold, and those that contradict them."""
    notes: set[str] = set()
    for store in stores:
        with store.database.reading() as connection:
            others = select(witnessed).where(witnessed.c.log_id != store.log_id)
            for row in connection.execute(others):
                notes.update(note for note in (row.note, row.against) if note)
    return sorted(notes)


def verify_stores(
    stores: Stores, beside: Iterable[str], organisation: str | None = None
) -> list[Judged]:
    """Judge the logs of *stores*, or those of *organisation*, beside what others hold of them."""
    notes = [*held(stores.values()), *beside]
    judged = []
    for (name, _), store in stores.items():
        if organisation not in (None, name):
            continue
        with of_store(store) as evidence:
            judged.append(judge(evidence, store.programme, notes))
    return judged


def verify_bundles(
    places: Sequence[Path], programme: Programme, beside: Iterable[str]
) -> list[Judged]:
    """Judge each of the bundles in *places*; one that cannot be read is a finding."""
    notes = list(beside)
    judged = []
    for place in places:
        try:
            with of_bundle(place) as evidence:
                judged.append(judge(evidence, programme, notes))
        except NoBundle as error:
            judged.append(
                Judged(place.name, findings=[Finding("NoBundle", {"because": str(error)})])
            )
    return judged


def must_be_held(judged: Iterable[Judged]) -> None:
    """Find each log of which those who were asked hold nothing: it may be another than they saw."""
    for each in judged:
        if not each.held and not each.findings:
            each.found("NothingHeld")


def read_programme(place: Path) -> Programme:
    """The organisations in *place*, seen from none of them.

    Raises:
        Missing: the file is not one of organisations.
    """
    try:
        first = json.loads(place.read_text())[0]["id"]
        programme = Programme.read(first, place)
        for each in programme.organisations.values():
            VerifyKey(bytes.fromhex(each.keys.verify))
        return programme
    except Exception:  # whatever is wrong with a file from outside
        raise Missing(f"{place} is no file of organisations") from None


def write_held(notes: Sequence[str], place: Path) -> None:
    """Write checkpoints that are held, for who verifies them elsewhere.

    Raises:
        Missing: it cannot be written there.
    """
    with writable(place):
        place.write_text(json.dumps(notes, indent=1, ensure_ascii=False) + "\n")


def bundled(store: Store, place: Path) -> None:
    """Write the log of *store* into one file, which its owner alone may read.

    Raises:
        Missing: it cannot be written there.
    """
    with writable(place):
        write_bundle(store, place)


@contextmanager
def writable(place: Path) -> Iterator[None]:
    """Say in one line that *place* cannot be written."""
    try:
        yield
    except OSError as error:
        raise Missing(f"{place} cannot be written: {error.strerror}") from None


def read_held(places: Iterable[Path]) -> list[str]:
    """The checkpoints in files that ``write_held`` made; each is believed for its signature alone.

    Raises:
        Missing: one of the files is none.
    """
    notes: list[str] = []
    for place in places:
        try:
            read = json.loads(place.read_text())
        except (OSError, ValueError, RecursionError):
            read = None
        if not isinstance(read, list) or not all(isinstance(note, str) for note in read):
            raise Missing(f"{place} is no file of checkpoints")
        notes += read
    return notes


def words(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """As JSON words."""
    return [asdict(each) for each in judged]


def table(judged: Sequence[Judged]) -> Table:
    """One row for each log."""
    made = Table(title="Logs", show_edge=False)
    for column in COLUMNS:
        made.add_column(column, overflow="fold")
    for each in judged:
        seen = sorted(each.cosigned.items())
        made.add_row(
            _plain(each.log_id),
            str(each.events),
            str(each.signed),
            _plain("\n".join(f"{name} {size}" for name, size in seen)) or "–",
            str(each.held),
            str(each.said),
            _plain("\n".join(map(_finding, each.findings))) or "none",
        )
    return made


def _plain(text: str) -> str:
    """What stands in somebody's bundle is shown as it is, and steers no terminal."""
    return escape("".join(each if each.isprintable() or each == "\n" else "?" for each in text))


def _finding(finding: Finding) -> str:
    facts = ", ".join(f"{name} {value}" for name, value in finding.facts.items())
    return f"{finding.kind}: {facts}" if facts else finding.kind
