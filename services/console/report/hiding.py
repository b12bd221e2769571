"""Small counts are hidden in what is published, and so is what would give them away.

Sources: art. 5 of the *Regole deontologiche per trattamenti a fini statistici* (Garante, GU n. 11
of 14 January 2019) asks for a threshold of at least three, higher for more sensitive data; five is
the usual one for counts about health and poverty.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace
from typing import cast

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
    A table that crosses two others is looked at last: see :func:`_hide_crossing`.
    """
    lost: frozenset[Told] = frozenset()
    while True:
        tables = tuple(each if each.crosses else _hide(each, lost) for each in report.tables)
        lines = (line for table in tables for line in table.all_lines)
        found = lost | {_told(line) for line in lines if line.hidden}
        if found == lost:
            break
        lost = found
    made = {table.code: table for table in tables}
    tables = tuple(
        _hide_crossing(each, made[each.crosses[0]]) if each.crosses else each for each in tables
    )
    return replace(report, published=True, tables=tables)


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


def _hide_crossing(table: Table, by_line: Table) -> Table:
    """Hide whole lines of a table of counts whose lines and columns are told by two others.

    Whoever subtracts the shown lines from those two knows, of the hidden ones together, what each
    line and each column comes to. With those fixed a cell may still be anything in a range as wide
    as the least of: its line, its column, and what the hidden lines hold beside its line or beside
    its column. So these are none or five and more; else the smallest shown line is hidden, too.
    Once all are, nothing is told that the two others do not tell.
    """
    lost = {line.code for line in by_line.lines if line.hidden}
    hidden = [line for line in table.lines if line.code in lost or any(map(_few, _cells(line)))]
    shown = sorted(
        (line for line in table.lines if line.units and line not in hidden),
        key=lambda line: len(line.units),
    )
    while hidden and shown and not _crossing_tells_nothing(hidden):
        hidden.append(shown.pop(0))
    lines = tuple(replace(line, hidden=line in hidden) for line in table.lines)
    return replace(table, lines=lines)


def _crossing_tells_nothing(hidden: Sequence[Line]) -> bool:
    columns = [sum(column) for column in zip(*map(_cells, hidden), strict=True)]
    together = sum(columns)
    besides = [together - sum(_cells(line)) for line in hidden]
    return not any(map(_few, columns)) and min(besides) >= SMALLEST


def _cells(line: Line) -> tuple[int, ...]:
    return cast(tuple[int, ...], line.values)


def _few(count: int) -> bool:
    return 0 < count < SMALLEST


def _told(line: Line) -> Told:
    return line.units, line.count


def _small(units: Units) -> bool:
    return _few(len(units))


def _told_nothing(hidden: Sequence[Line]) -> bool:
    """Whether the sum of *hidden* tells nothing about one of them, or about a few families."""
    together = len(Units().union(*(line.units for line in hidden)))
    all_ones = sum(line.count for line in hidden) == len(hidden)
    return len(hidden) > 1 and together >= SMALLEST and not all_ones
