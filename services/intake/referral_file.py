"""Rows of the files that access points keep: bytes in, cells under known columns out."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from services.intake.isee import PROTOCOL
from services.intake.referral_vocabulary import TITLES, Field, plain
from services.intake.tax_code import TaxCodeMisshapen, read_tax_code

W = TypeVar("W")

DELIMITERS = (";", "\t", ",")
LEADING_LINES = 10
"""Lines within which the header is looked for; files begin with titles and blank lines."""
KNOWN_TITLES = 3
"""A row with so many known titles is the header."""
DAY_FIRST = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
AMOUNT = re.compile(r"\d{1,3}(\.\d{3})+(,\d{1,2})?|\d+(,\d{1,2})?|\d+\.\d{2}")


class ProblemCode(StrEnum):
    """Why something was left out."""

    UNREADABLE = "unreadable"
    NO_HEADER = "no_header"
    UNKNOWN_COLUMN = "unknown_column"
    UNTITLED_CELL = "untitled_cell"
    MISSING = "missing"
    TWO_VALUES = "two_values"
    NOT_A_DATE = "not_a_date"
    NOT_AN_AMOUNT = "not_an_amount"
    NOT_A_PROTOCOL = "not_a_protocol"
    NOT_A_TAX_CODE = "not_a_tax_code"
    UNKNOWN_WORD = "unknown_word"


@dataclass(frozen=True)
class Problem:
    """Something that was left out.

    Attributes:
        line: in the file, from 1.
        column: its usual title; of an unknown column its place, ``column 7``; never what is in it.
    """

    line: int
    column: str
    code: ProblemCode


@dataclass(frozen=True)
class Row:
    """One line of the file: what each known column tells on it, where it is not blank."""

    line: int
    cells: Mapping[Field, str]
    lines: Mapping[Field, int] = field(default_factory=dict)

    def line_of(self, what: Field) -> int:
        """Where *what* was told; of several rows taken together each tells its own."""
        return self.lines.get(what, self.line)


@dataclass
class Reader:
    """Reads cells, and keeps a list of what it could not read."""

    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, column: str, code: ProblemCode) -> None:
        """Note what is left out."""
        self.problems.append(Problem(line, column, code))

    def word(self, row: Row, what: Field, words: Mapping[str, W]) -> W | None:
        """The code for a word of the vocabulary."""
        cell = plain(row.cells.get(what, ""))
        if not cell:
            return None
        if cell not in words:
            self.problem(row.line_of(what), what, ProblemCode.UNKNOWN_WORD)
        return words.get(cell)

    def day(self, row: Row, what: Field) -> str | None:
        """``dd/mm/yyyy`` as an ISO date; a year of two digits is not guessed."""
        cell = row.cells.get(what, "")
        if not cell:
            return None
        found = DAY_FIRST.fullmatch(cell)
        try:
            if found:
                day, month, year = map(int, found.groups())
                return date(year, month, day).isoformat()
            return date.fromisoformat(cell).isoformat()
        except ValueError:
            self.problem(row.line_of(what), what, ProblemCode.NOT_A_DATE)
            return None

    def amount(self, row: Row, what: Field) -> str | None:
        """``€ 7.450,00`` as ``7450.00``."""
        cell = re.sub(r"(?i)€|eur(o)?|\s", "", row.cells.get(what, ""))
        if not cell:
            return None
        if not AMOUNT.fullmatch(cell):
            self.problem(row.line_of(what), what, ProblemCode.NOT_AN_AMOUNT)
            return None
        if not re.fullmatch(r"\d+\.\d{2}", cell):
            cell = cell.replace(".", "").replace(",", ".")
        return str(Decimal(cell).quantize(Decimal("0.01")))

    def tax_code(self, row: Row) -> str | None:
        """A code by which an office knows the person."""
        try:
            return read_tax_code(cell) if (cell := row.cells.get(Field.TAX_CODE)) else None
        except TaxCodeMisshapen:
            self.problem(row.line_of(Field.TAX_CODE), Field.TAX_CODE, ProblemCode.NOT_A_TAX_CODE)
            return None

    def protocol(self, row: Row, what: Field) -> str | None:
        """The number of an attestation."""
        cell = "".join(row.cells.get(what, "").split()).upper()
        if cell and not PROTOCOL.fullmatch(cell):
            self.problem(row.line_of(what), what, ProblemCode.NOT_A_PROTOCOL)
            return None
        return cell or None


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _cells(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for cells in reader:
        yield line, [" ".join(cell.split()) for cell in cells]
        line = reader.line_num + 1


def rows_of(raw: bytes, reader: Reader) -> Iterator[Row]:
    """The rows below the header, each cell under what its column tells."""
    text = _decoded(raw)
    for delimiter in DELIMITERS:
        lines = list(_cells(text, delimiter))
        for place, (line, titles) in enumerate(lines[:LEADING_LINES]):
            fields = [TITLES.get(plain(title)) for title in titles]
            if len({known for known in fields if known}) >= KNOWN_TITLES:
                unknown = {
                    column
                    for column, title in enumerate(titles)
                    if title and fields[column] is None
                }
                for column in sorted(unknown):
                    reader.problem(line, f"column {column + 1}", ProblemCode.UNKNOWN_COLUMN)
                yield from _below(lines[place + 1 :], fields, unknown, reader)
                return
    reader.problem(1, "", ProblemCode.NO_HEADER)


def _below(
    lines: list[tuple[int, list[str]]],
    fields: list[Field | None],
    unknown: set[int],
    reader: Reader,
) -> Iterator[Row]:
    for line, cells in lines:
        if not any(cells):
            continue
        told: dict[Field, str] = {}
        for place, cell in enumerate(cells):
            known = fields[place] if place < len(fields) else None
            if not cell:
                continue
            if known is None:
                if place not in unknown:
                    reader.problem(line, f"column {place + 1}", ProblemCode.UNTITLED_CELL)
            elif told.setdefault(known, cell) != cell:
                reader.problem(line, known, ProblemCode.TWO_VALUES)
        yield Row(line, told)
