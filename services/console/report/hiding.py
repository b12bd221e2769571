"""Small counts are hidden in what is published, and so is what would give them away.

Sources: art. 5 of the *Regole deontologiche per trattamenti a fini statistici* (Garante, GU n. 11
of 14 January 2019) asks for a threshold of at least three, higher for more sensitive data; five is
the usual one for counts about health and poverty.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace

from services.console.report.tables import Line, Report, Table

Units = frozenset[Hashable]
Told = tuple[Units, int]
SMALLEST = 5
"""The least number of families, or of persons, about whom a line is published; none is, too."""


def published(report: Report) -> Report:
    """*report* without what nobody else may read.

    A line about 1 to 4 is hidden, and one about all but 1 to 4 of the families of whom it tells
    some. In a table with a total, whoever subtracts what is shown from the total learns what the
    hidden lines come to: they must be two or more, about five or more together, and not all of them
    ones; else the smallest shown line is hidden with them, and where there is none, the total.
    A number that is hidden in one table is hidden where another tells it of the same families.
    """
    lost: frozenset[Told] = frozenset()
    while True:
        tables = tuple(_hide(table, lost) for table in report.tables)
        lines = (line for table in tables for line in table.all_lines)
        found = lost | {_told(line) for line in lines if line.hidden}
        if found == lost:
            return replace(report, published=True, tables=tables)
        lost = found


def _hide(table: Table, lost: Collection[Told]) -> Table:
    hidden = [
        line
        for line in table.lines
        if _small(line.units)
        or (line.units and _small(table.within - line.units))
        or _told(line) in lost
    ]
    total = table.total
    if total is not None:
        shown = sorted(
            (line for line in table.lines if line.units and line not in hidden),
            key=lambda line: len(line.units),
        )
        while hidden and shown and not _told_nothing(hidden):
            hidden.append(shown.pop(0))
        betrays = bool(hidden) and not _told_nothing(hidden)
        total = replace(total, hidden=betrays or _told(total) in lost)
    lines = tuple(replace(line, hidden=line in hidden) for line in table.lines)
    return replace(table, lines=lines, total=total)


def _told(line: Line) -> Told:
    return line.units, line.count


def _small(units: Units) -> bool:
    return 0 < len(units) < SMALLEST


def _told_nothing(hidden: Sequence[Line]) -> bool:
    """Whether the sum of *hidden* tells nothing about one of them, or about a few families."""
    together = len(Units().union(*(line.units for line in hidden)))
    all_ones = sum(line.count for line in hidden) == len(hidden)
    return len(hidden) > 1 and together >= SMALLEST and not all_ones
