"""What is published gives no small count away, neither by itself nor by subtraction."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.report.hiding import SMALLEST, published
from services.console.report.tables import Column, Item, Line, Report, Table
from tests.console.report.moments import HALF_YEAR

CODES = "abcdef"


def table(*sizes: int, parts: bool = True, each: int = 1, first: int = 0) -> Table:
    """A table with *sizes* families in its lines, *each* of them counted so often."""
    numbers = count(first)
    items = [
        Item(line, number)
        for line, size in zip(CODES, sizes, strict=False)
        for number in (next(numbers) for _ in range(size))
        for _ in range(each)
    ]
    return Table.of("t", (Column.PACTS,), CODES[: len(sizes)], items, parts)


def hidden(*tables: Table) -> list[str]:
    """What is hidden in each of *tables*: codes of lines, and ``T`` for the total."""
    report = published(Report("lead", "Ente", HALF_YEAR, tables))
    return [
        "".join(line.code for line in each.lines if line.hidden)
        + ("T" if each.total is not None and each.total.hidden else "")
        for each in report.tables
    ]


@pytest.mark.parametrize(("size", "told"), [(0, ""), (1, "a"), (4, "a"), (5, ""), (6, "")], ids=str)
def test_a_line_about_one_to_four_is_hidden(size: int, told: str) -> None:
    assert hidden(table(size, parts=False)) == [told]


@pytest.mark.parametrize(
    ("sizes", "told"),
    [
        ((0, 0), ""),
        ((9, 0), ""),
        ((4, 0), "aT"),  # the total is the line
        ((1, 5), "ab"),  # a total of 6, and nothing shown
        ((4, 20, 7), "ac"),  # the smallest shown goes with it
        ((4, 20, 7, 0), "ac"),  # a line of none protects nobody
        ((4, 4, 20), "ab"),  # two hidden ones protect each other
        ((1, 1, 20), "abc"),  # together they are two: still a small count
        ((2, 2, 20, 30), "abc"),
        ((2, 3, 20), "ab"),
        ((1, 1, 0), "abT"),
        ((2, 2, 0), "abT"),
        ((1, 1, 1, 1, 1), "abcdeT"),  # all hidden ones are ones: the total would tell it
        ((1, 1, 1, 1, 1, 9), "abcdef"),
        ((1, 1, 1, 1, 2), "abcde"),
    ],
    ids=str,
)
def test_a_total_gives_nothing_away(sizes: tuple[int, ...], told: str) -> None:
    assert hidden(table(*sizes)) == [told]


def test_many_things_of_few_families_are_hidden_too() -> None:
    """Twelve decisions about four families are about four families."""
    assert hidden(table(4, 5, each=3)) == ["ab"]
    assert hidden(table(4, parts=False, each=3)) == ["a"]


def test_lines_about_the_same_families_are_not_added_up() -> None:
    items = [Item(line, number) for line in "ab" for number in range(3)]
    items += [Item("c", number) for number in range(9)]
    assert hidden(Table.of("t", (Column.PACTS,), "abc", items)) == ["abc"]


@pytest.mark.parametrize(("others", "told"), [(0, ""), (1, "a"), (4, "a"), (5, "")], ids=str)
def test_all_but_a_few_is_hidden_too(others: int, told: str) -> None:
    """Who knows how many families there are learns how many are not in the line."""
    items = [Item("a", number) for number in range(7)]
    within = frozenset(range(7 + others))
    assert hidden(Table.of("t", (Column.FAMILIES,), "ab", items, False, within)) == [told]


def test_what_is_hidden_in_one_table_is_hidden_in_the_others() -> None:
    """Five lines of one hide the total; another table of the same five families would tell it."""
    assert hidden(table(1, 1, 1, 1, 1), table(5, 0), table(5, 0, first=9)) == ["abcdeT", "aT", ""]


def test_a_line_that_was_hidden_with_another_is_not_read_in_another_table() -> None:
    """Three and five are hidden among twenty-eight: who reads the five elsewhere has the three."""
    divided = table(3, 5, 20)
    assert hidden(divided, table(0, 5, parts=False, first=3)) == ["ab", "b"]
    assert hidden(divided, table(0, 5, parts=False, first=4)) == ["ab", ""]
    assert hidden(divided, table(5, 30, 40, first=3)) == ["ab", "ab"]


def test_the_unpublished_report_is_left_as_it_was() -> None:
    report = Report("lead", "Ente", HALF_YEAR, (table(1, 9),))
    published(report)
    assert not any(line.hidden for line in report.tables[0].lines)
    assert not report.published
    assert published(report).published


def crossing(*rows: tuple[int, int]) -> tuple[Table, Table, Table]:
    """Persons by line, by column, and by both: *rows* of two columns each."""
    numbers = count()
    cells = {
        (line, column): frozenset(next(numbers) for _ in range(size))
        for line, row in zip(CODES, rows, strict=False)
        for column, size in zip("xy", row, strict=True)
    }
    codes = CODES[: len(rows)]
    lines = [
        Line(
            code,
            tuple(len(cells[code, column]) for column in "xy"),
            cells[code, "x"] | cells[code, "y"],
        )
        for code in codes
    ]
    return (
        _divided(
            "lines", codes, [Item(at, who) for (at, _), found in cells.items() for who in found]
        ),
        _divided(
            "columns", "xy", [Item(at, who) for (_, at), found in cells.items() for who in found]
        ),
        Table("both", (Column.WOMEN, Column.MEN), tuple(lines), crosses=("lines", "columns")),
    )


def _divided(code: str, codes: str, items: list[Item]) -> Table:
    return Table.of(code, (Column.PERSONS,), codes, items)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (((5, 5), (9, 9)), ["", "", ""]),
        (((4, 6), (9, 9)), ["", "", "ab"]),  # a line has one small cell: two are hidden
        (((4, 6), (9, 9), (20, 20)), ["", "", "ab"]),
        (((0, 6), (9, 9)), ["", "", ""]),  # none is told
        (((4, 0), (9, 9), (20, 20)), ["ab", "", "abc"]),  # beside the second there are four
        (((1, 9), (2, 9), (20, 20), (30, 30)), ["", "", "abc"]),  # the column would come to three
        (((1, 9), (4, 9), (20, 20)), ["", "", "ab"]),  # the column comes to five
        (((4, 1), (1, 4), (20, 20)), ["", "", "ab"]),  # beside each of the two there are five
        (((4, 20), (0, 9)), ["", "xy", "ab"]),  # the column is small by itself
    ],
    ids=str,
)
def test_what_crosses_two_tables_gives_nothing_away(
    rows: tuple[tuple[int, int], ...], told: list[str]
) -> None:
    assert hidden(*crossing(*rows)) == told


def test_a_line_that_is_hidden_for_another_table_is_hidden_where_it_is_divided() -> None:
    rows = ((6, 6), (9, 9), (20, 20))
    assert hidden(*crossing(*rows)) == ["", "", ""]
    assert hidden(*crossing(*rows), table(12, 3)) == ["ab", "", "ab", "ab"]


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=5))
def test_nobody_can_subtract_lines_from_columns(rows: list[tuple[int, int]]) -> None:
    """A small cell may be anything in a range of five, if all else that is shown is subtracted."""
    lines, columns, both = published(Report("lead", "Ente", HALF_YEAR, crossing(*rows))).tables
    shown = {line.code: line for line in both.lines if not line.hidden}
    left = {line.code: line for line in both.lines if line.hidden}
    assert all(value not in range(1, SMALLEST) for line in shown.values() for value in line.values)
    if any(line.hidden for line in (*lines.lines, *columns.lines)):
        return  # then less is known than is reckoned with here
    sums = [sum(line.values[at] for line in left.values()) for at in (0, 1)]
    for line in left.values():
        for at in (0, 1):
            least = max(0, len(line.units) + sums[at] - sum(sums))
            most = min(len(line.units), sums[at])
            if 0 < line.values[at] < SMALLEST:
                assert most - least >= SMALLEST


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_nobody_can_subtract(sizes: list[int]) -> None:
    [made] = published(Report("lead", "Ente", HALF_YEAR, (table(*sizes),))).tables
    assert made.total is not None
    small = [line for line in made.lines if 0 < line.count < SMALLEST]
    assert all(line.hidden for line in small)
    assert all(line.count for line in made.lines if line.hidden)
    if small and not made.total.hidden:
        rest = made.total.count - sum(line.count for line in made.lines if not line.hidden)
        lines = [line for line in made.lines if line.hidden]
        assert rest >= SMALLEST
        assert 1 < len(lines) < rest
    if made.total.count >= SMALLEST and made.total.hidden:
        assert set(sizes) == {0, 1} or set(sizes) == {1}
