"""How a report is written: Italian words, a sheet for spreadsheets, a page for people."""

import csv
import re
import subprocess
from pathlib import Path

import pikepdf
import pytest
from pdfua import Severity, validate

from services.console.report.document import page_of
from services.console.report.hiding import published
from services.console.report.making import written
from services.console.report.sheet import HEADINGS, csv_of
from services.console.report.tables import Column, Report
from services.console.report.words import COLUMNS, TABLES, number
from tests.console.report.moments import Life, code, report_of
from tests.console.report.village import village

IDS = re.compile(r"LEAD-|[0-9a-f]{8}-[0-9a-f]{4}")


def rows(report: Report) -> dict[tuple[str, str], tuple[str, str]]:
    """Value and note of each line and measure of the sheet."""
    text = csv_of(report).decode("utf-8-sig")
    found = csv.DictReader(text.splitlines(), delimiter=";")
    return {(row["codice"], row["misura"]): (row["valore"], row["nota"]) for row in found}


def test_every_table_and_line_has_its_words() -> None:
    lines = {table.code: {line.code for line in table.lines} for table in report_of().tables}
    assert {code: set(about.lines) for code, about in TABLES.items()} == lines
    assert set(COLUMNS) == set(Column)


def test_a_sheet_is_as_italian_spreadsheets_open_it() -> None:
    sheet = csv_of(village())
    assert sheet.startswith(b"\xef\xbb\xbfente;dal;al;")
    first, *lines = sheet.decode("utf-8-sig").split("\r\n")
    assert first == ";".join(HEADINGS)
    assert lines.pop() == ""
    assert "\n" not in "".join(lines)
    about = "lead;01/01/2026;30/06/2026;15/07/2026;Aiuto ricevuto e impegno attivo"
    assert f"{about};reciprocity.assistance;aiuto ricevuto;EUR;1966,50;" in lines
    assert {line.count(";") for line in lines} == {len(HEADINGS) - 1}


def test_a_hidden_number_is_empty_and_says_so() -> None:
    told, whole = rows(published(village())), rows(village())
    assert whole["phases.referred", "famiglie"] == ("3", "")
    assert told["phases.referred", "famiglie"] == ("", "riservato")
    assert told["phases.total", "famiglie"] == ("40", "")
    assert whole["ages_and_sexes.55-64", "maschi"] == ("4", "")
    assert told["ages_and_sexes.55-64", "femmine"] == ("", "riservato")
    changed = {line for line in whole if told[line] != whole[line]}
    assert changed
    assert {told[line] for line in changed} == {("", "riservato")}


def test_without_facts_there_is_no_median() -> None:
    assert rows(report_of())["waiting.draft_to_proposal", "mediana, giorni"] == ("", "")
    assert rows(report_of())["waiting.draft_to_proposal", "passaggi"] == ("0", "")


@pytest.mark.parametrize("whole", [True, False])
def test_nobody_is_in_any_output(whole: bool) -> None:
    report = village() if whole else published(village())
    for told in (csv_of(report).decode(), page_of(report), repr(report)):
        assert IDS.search(told) is None
        assert code(1) not in told


def test_numbers_as_people_write_them() -> None:
    life = Life()
    assert str(life.family) not in page_of(report_of(life))
    assert number(Column.EUR, 1250, ".") == "1.250,00"
    assert number(Column.EUR, 1250) == "1250,00"
    assert number(Column.MEDIAN, 8) == "8,0"
    assert number(Column.FAMILIES, 1234, ".") == "1.234"
    assert number(Column.LONGEST, None) == ""


@pytest.mark.slow
def test_the_papers(tmp_path: Path) -> None:
    """For everybody and for the organisation alone: tagged, Italian, each saying which it is."""
    for unsuppressed, mode in ((False, 0o644), (True, 0o600)):
        sheet, paper = written(village(), unsuppressed, tmp_path / "new")
        assert [each.stat().st_mode & 0o777 for each in (sheet, paper)] == [mode, mode]
        assert ("uso-interno" in paper.name) is unsuppressed
        findings = validate(str(paper)).findings
        assert [str(each) for each in findings if each.severity is Severity.ERROR] == []
        with pikepdf.open(paper) as pdf:
            assert pdf.Root.MarkInfo.Marked
            assert str(pdf.Root.Lang) == "it"
            assert "Rendiconto dal 01/01/2026 al 30/06/2026" in str(pdf.docinfo.Title)
        text = subprocess.run(
            ["pdftotext", "-layout", paper, "-"], capture_output=True, text=True, check=True
        ).stdout
        flat = " ".join(text.split())
        assert ("Solo per uso interno" in flat) is unsuppressed
        assert ("riservato" in flat) is not unsuppressed
        assert "aiuto ricevuto 23 34,50 1.966,50 0" in flat
        assert "non si ricava dal codice fiscale" in flat
        assert IDS.search(text) is None
