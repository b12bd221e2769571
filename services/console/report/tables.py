"""What a report is made of: tables of lines, each with the families or persons behind it."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Self

from services.console.report.period import Period

Value = int | Decimal | None


class Column(StrEnum):
    """What a number counts or measures."""

    FAMILIES = "families"
    PERSONS = "persons"
    WOMEN = "women"
    MEN = "men"
    SEX_NOT_STATED = "sex_not_stated"
    STEPS = "steps"
    PROPOSALS = "proposals"
    PACTS = "pacts"
    GOALS = "goals"
    RESOURCES = "resources"
    WORKS = "works"
    MEDIAN = "median"
    LONGEST = "longest"
    HOURS = "hours"
    EUR = "eur"
    PLANNED = "planned"
    COMMITTED = "committed"
    PAID = "paid"


@dataclass(frozen=True)
class Line:
    """One line of a table.

    Attributes:
        values: in the order of the table's columns; the first is a count. None: nothing to tell.
        units: the families, or persons, whom the line is about; they never leave the process.
        hidden: its values are not published.
    """

    code: str
    values: tuple[Value, ...]
    units: frozenset[Hashable] = field(default=frozenset(), repr=False)
    hidden: bool = False

    @property
    def count(self) -> int:
        """How many there are."""
        assert isinstance(self.values[0], int)
        return self.values[0]


@dataclass(frozen=True)
class Item:
    """One thing to be counted: under which line, about whom, what it adds to further columns."""

    code: str
    unit: Hashable
    adds: tuple[Decimal | int, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        total: None where lines are not parts of a whole.
        within: the families of whom those of each line are some, where lines are no parts.
        crosses: the tables whose lines are its lines and its columns, if it divides both.
    """

    code: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    total: Line | None = None
    within: frozenset[Hashable] = field(default=frozenset(), repr=False)
    crosses: tuple[str, str] | None = None

    @classmethod
    def of(
        cls,
        code: str,
        columns: tuple[Column, ...],
        codes: Sequence[str],
        items: Iterable[Item],
        parts: bool = True,
        within: frozenset[Hashable] = frozenset(),
    ) -> Self:
        """The table that counts *items* and adds up what they add: a line for each of *codes*.

        Args:
            parts: the lines are parts of a whole, and have a total.
            within: see the class.
        """
        by_code: dict[str, list[Item]] = defaultdict(list)
        for each in items:
            by_code[each.code].append(each)
        everything = [each for found in by_code.values() for each in found]
        assert by_code.keys() <= set(codes)
        return cls(
            code,
            columns,
            tuple(_line(each, by_code[each], len(columns)) for each in codes),
            _total(everything, columns) if parts else None,
            within,
        )

    @property
    def all_lines(self) -> tuple[Line, ...]:
        """The lines, and the total if there is one."""
        return self.lines if self.total is None else (*self.lines, self.total)


def _total(items: Sequence[Item], columns: tuple[Column, ...]) -> Line:
    """The line of them all; a family that is in several lines counts once in it."""
    line = _line("total", items, len(columns))
    if columns[0] is Column.FAMILIES:
        return replace(line, values=(len(line.units), *line.values[1:]))
    return line


def _line(code: str, items: Sequence[Item], width: int) -> Line:
    sums = [sum(each.adds[at] for each in items) for at in range(width - 1)]
    return Line(code, (len(items), *sums), frozenset(each.unit for each in items))


@dataclass(frozen=True)
class Report:
    """The numbers of one organisation and one period.

    Attributes:
        name: of the organisation, as it is registered.
        published: small counts are hidden; otherwise it is for the organisation alone.
    """

    organisation: str
    name: str
    period: Period
    tables: tuple[Table, ...]
    published: bool = False
