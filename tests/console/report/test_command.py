"""``comunita report`` on the real stores of a small installation, which takes long to make."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from services.console.main import app

pytestmark = pytest.mark.slow
NAME = "rendiconto-nord-2026-01-01-2026-06-30"
NORD = ("--organisation", "nord")
REFUSED: tuple[tuple[tuple[str, ...], str], ...] = (
    (("--to", "2026-06-30"), "name one with --organisation"),
    (("--to", "2026-07-06", *NORD), "NotOverYet"),
    (("--to", "2025-12-31", *NORD), "PeriodReversed"),
    (("--to", "2026-06-30", "--as-of", "2026-06-29", *NORD), "NotOverYet"),
)


def report(installation: Path, *options: str) -> Result:
    asked = ["--installation", str(installation), "--from", "2026-01-01", *options]
    return CliRunner().invoke(app, ["report", *asked])


def values(path: Path) -> dict[str, str]:
    """Counts of the sheet that are not none, by table and line; a hidden one is its note."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file, delimiter=";")
        told = {row["codice"]: row["valore"] or row["nota"] for row in rows}
    return {line: value for line, value in told.items() if value not in ("0", "0,00", "")}


def test_what_is_written_and_what_is_refused(installation: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for options, why in REFUSED:
        found = report(installation, *options, "--out", str(out))
        assert (found.exit_code, why in found.output) == (1, True), found.output
    assert not out.exists()
    for_all = ("--to", "2026-06-30", *NORD, "--out", str(out))
    assert report(installation, *for_all).exit_code == 0
    assert report(installation, *for_all, "--unsuppressed").exit_code == 0
    assert sorted(each.name for each in out.iterdir()) == [
        f"{NAME}-uso-interno.csv",
        f"{NAME}-uso-interno.pdf",
        f"{NAME}.csv",
        f"{NAME}.pdf",
    ]
    whole, told = values(out / f"{NAME}-uso-interno.csv"), values(out / f"{NAME}.csv")
    assert whole["access_points.cda"] == whole["access_points.cav"] == "1"
    assert told["access_points.cda"] == told["access_points.total"] == "riservato"
    assert all(told[line] == "riservato" for line in whole if line.startswith("access_points"))
