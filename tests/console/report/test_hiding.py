"""What is published gives no small count away, neither by itself nor by subtraction."""

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.console.report.hiding import SMALLEST, published
from services.console.report.tables import Column, Item, Report, Table
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
