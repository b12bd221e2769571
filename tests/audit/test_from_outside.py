"""What others hand over may be anything: it is a finding in a clear line, and steers nothing."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from services.audit.evidence import write_bundle
from services.audit.judging import Judged
from services.console.proving import read_held, read_programme, table, verify_bundles, words
from services.kernel.rows import canonical
from services.kernel.settings import Missing
from tests.kernel.parties import Party, programme
from tests.kernel.proof.signing import cosigned, signed

DEEP = b"[" * 200_000
SAID = {"audience": "lead", "seq": 1, "previous_hash": "0" * 64, "hash": "x", "position": 1}
Files = dict[str, bytes]


@pytest.fixture
def files(kitchen: Party, tmp_path: Path) -> Files:
    """What stands in the bundle of a log of one event, signed and cosigned."""
    kitchen.open_jar()
    signed(kitchen)
    cosigned(kitchen)
    write_bundle(kitchen.store, tmp_path / "log.zip")
    with zipfile.ZipFile(tmp_path / "log.zip") as bundle:
        return {each: bundle.read(each) for each in bundle.namelist()}


def told(place: Path) -> tuple[Judged, str]:
    """What comes of it, and what an auditor reads."""
    judged = verify_bundles([place], programme("partner"), ())
    json.dumps(words(judged))
    screen = io.StringIO()
    Console(file=screen, width=200).print(table(judged))
    return judged[0], screen.getvalue()


def packed(place: Path, files: Files) -> Path:
    with zipfile.ZipFile(place, "w") as bundle:
        for name, content in files.items():
            bundle.writestr(name, content)
    return place


def head(**changed: Any) -> Callable[[Files], Files]:
    words = {"format": 1, "log_id": "lead/kitchen/1", **changed}
    return lambda files: {**files, "bundle.json": json.dumps(words).encode()}


def envelope(**changed: Any) -> Callable[[Files], Files]:
    line = json.dumps({**SAID, "envelope": "{}", **changed}).encode()
    return lambda files: {**files, "said.jsonl": line + b"\n"}


def checkpoint(**changed: Any) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        line = {**json.loads(files["checkpoints.jsonl"]), **changed}
        return {**files, "checkpoints.jsonl": json.dumps(line).encode() + b"\n"}

    return change


def event(**changed: Any) -> Callable[[Files], Files]:
    def change(files: Files) -> Files:
        line = canonical({**json.loads(files["events.jsonl"]), **changed})
        return {**files, "events.jsonl": line.encode() + b"\n"}

    return change


CASES: dict[str, Callable[[Files], Files]] = {
    "too deep to be read": lambda files: {**files, "bundle.json": DEEP},
    "another format": head(format=2),
    "a format that is no number": head(format=True),
    "a log that is no name": head(log_id=None),
    "a log that is a lone surrogate": head(log_id="lead/\ud800/1"),
    "a log that is markup": head(log_id="[/lead]"),
    "a file too many": lambda files: {**files, "more.txt": b"x"},
    "a note that is no text": checkpoint(note=3),
    "cosignatures that are none": checkpoint(cosigned=[]),
    "a cosignature that is no text": checkpoint(cosigned={"partner": 3}),
    "a cosignature of markup": checkpoint(cosigned={"[/x]": "y"}),
    "an envelope that is no text": envelope(envelope=3),
    "an envelope too deep to be read": envelope(envelope=DEEP.decode()),
    "an audience that is no name": envelope(audience=[]),
    "an audience that is markup": envelope(audience="[/x]"),
    "a position that is no number": envelope(position=float("nan")),
    "an event whose position is no number": event(position="x"),
    "an event without a version": event(version=None),
}


@pytest.mark.parametrize("case", CASES)
def test_whatever_stands_in_a_bundle_is_a_finding(files: Files, tmp_path: Path, case: str) -> None:
    judged, _ = told(packed(tmp_path / "other.zip", CASES[case](files)))
    assert judged.findings


def test_nothing_in_a_bundle_steers_a_terminal(files: Files, tmp_path: Path) -> None:
    changed = head(log_id="lead/[bold]kitchen[/bold]/\x1b[2J\x07")(files)
    _, screen = told(packed(tmp_path / "other.zip", changed))
    assert "\x1b" not in screen
    assert "lead/[bold]kitchen[/bold]/?[2J?" in screen


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_bundle_with_two_files_of_one_name_is_none(files: Files, tmp_path: Path) -> None:
    """One program reads the first, another one the last."""
    place = packed(tmp_path / "other.zip", files)
    assert told(place)[0].findings == []
    with zipfile.ZipFile(place, "a") as bundle:
        bundle.writestr("events.jsonl", files["events.jsonl"])
    assert [each.kind for each in told(place)[0].findings] == ["NoBundle"]


@pytest.mark.parametrize(("at", "value"), [(8, 1), (10, 1), (10, 14), (10, 99)])
def test_a_zip_that_cannot_be_unpacked_is_no_bundle(
    files: Files, tmp_path: Path, at: int, value: int
) -> None:
    """Encrypted, or packed in a way that nobody here knows."""
    place = packed(tmp_path / "other.zip", files)
    raw = bytearray(place.read_bytes())
    raw[raw.index(b"PK\x01\x02") + at] = value
    place.write_bytes(raw)
    assert [each.kind for each in told(place)[0].findings] == ["NoBundle"]


def test_a_zip_whose_packing_is_garbled_is_no_bundle(kitchen: Party, tmp_path: Path) -> None:
    for name in range(9):
        kitchen.open_jar(name)
    write_bundle(kitchen.store, place := tmp_path / "log.zip")
    raw = bytearray(place.read_bytes())
    middle = raw.index(b"events.jsonl") + 60
    raw[middle : middle + 8] = b"\xff" * 8
    place.write_bytes(raw)
    assert [each.kind for each in told(place)[0].findings] == ["NoBundle"]


ORGANISATION = {"id": "lead", "services": ["kitchen"], "verify": "0" * 64, "seal": "", "lead": True}
NO_ORGANISATIONS = {
    "not JSON": b"x",
    "not UTF-8": b"\xff",
    "too deep": DEEP,
    "no list": b"{}",
    "no organisations": b"[3]",
    "a key that is no number": json.dumps([{**ORGANISATION, "verify": "zz"}]).encode(),
    "a key too short": json.dumps([{**ORGANISATION, "verify": "00"}]).encode(),
    "no key": json.dumps([{**ORGANISATION, "verify": None}]).encode(),
}


@pytest.mark.parametrize("content", NO_ORGANISATIONS.values(), ids=NO_ORGANISATIONS)
def test_a_file_that_is_none_of_organisations_is_said(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "organisations.json"
    place.write_bytes(content)
    with pytest.raises(Missing, match="no file of organisations"):
        read_programme(place)


@pytest.mark.parametrize("content", [b"x", b"\xff", DEEP, b"{}", b"[3]"], ids=range(5))
def test_a_file_that_is_none_of_checkpoints_is_said(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "held.json"
    place.write_bytes(content)
    with pytest.raises(Missing, match="no file of checkpoints"):
        read_held([place])


def test_files_that_are_not_there_are_said(tmp_path: Path) -> None:
    for read in (read_programme, lambda place: read_held([place])):
        with pytest.raises(Missing):
            read(tmp_path / "nowhere.json")
