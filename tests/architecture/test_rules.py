"""``docs/rules.md``: every rule of the programme beside the code that decides it and its tests."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
RULES = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
HEADINGS = (
    *("All rules", "Intake", "Microequipe", "Pact", "Review"),
    *("Steering board", "Notification", "Time", "Audit", "Privacy"),
)
"""Those of section 3 of the programme, in its order; the first is what it says before them."""
TITLES = ("rule", "decided in", "held by"), ("---", "---", "---")
NOT_YET = "not yet"
COUNTED = re.compile(r"Of the (\d+) rules below, (\d+) are not held yet\.")
FILE = r"`[\w/]+\.py`(?: `[A-Za-z_][\w.]*`)+"
DOCUMENT = r"`docs/[\w-]+\.md`"
PLACES = re.compile(rf"(?:{FILE}|{DOCUMENT})(?:; (?:{FILE}|{DOCUMENT}))*")


class Row(NamedTuple):
    """One rule, under its heading."""

    heading: str
    rule: str
    decided: str
    held: str


def rows(text: str) -> Iterator[Row | str]:
    """Yield every row of every table, or what is wrong with a line of one."""
    heading = ""
    for line in text.splitlines():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        if line.startswith("|"):
            cells = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if len(cells) != 3 or not line.endswith("|"):
                yield f"no row of three: {line}"
            elif cells not in TITLES:
                yield Row(heading, *cells)


def faults(text: str) -> list[str]:
    """Everything that is wrong with the document *text*."""
    found = list(rows(text))
    rules = [each for each in found if isinstance(each, Row)]
    return [
        *(each for each in found if isinstance(each, str)),
        *_of_headings(text, rules),
        *_of_numbers(text, rules),
        *(fault for rule in rules for fault in _of_row(rule)),
        *(f"twice: {rule}" for rule, times in Counter(r.rule for r in rules).items() if times > 1),
    ]


def _of_headings(text: str, rules: Iterable[Row]) -> Iterator[str]:
    stated = tuple(re.findall(r"^## (.+)$", text, re.MULTILINE))
    if stated != HEADINGS:
        yield f"headings: {', '.join(stated)}"
    ruled = {rule.heading for rule in rules}
    yield from (f"no rule under: {each}" for each in stated if each not in ruled)


def _of_numbers(text: str, rules: list[Row]) -> Iterator[str]:
    open_ones = sum(rule.decided == rule.held == NOT_YET for rule in rules)
    counted = f"Of the {len(rules)} rules below, {open_ones} are not held yet."
    if [match[0] for match in COUNTED.finditer(text)] != [counted]:
        yield f"it is: {counted}"


def _of_row(row: Row) -> Iterator[str]:
    if row.decided == row.held == NOT_YET:
        return
    for cell, folder in ((row.decided, "services/"), (row.held, "tests/")):
        if not row.rule or PLACES.fullmatch(cell) is None:
            yield f"misspelt: {row.rule}: {cell}"
            continue
        for place in cell.split("; "):
            path, *names = place.replace("`", "").split(" ")
            yield from (f"{row.rule}: {fault}" for fault in _of_place(path, names, folder))


def _of_place(path: str, names: list[str], folder: str) -> Iterator[str]:
    if not (ROOT / path).is_file():
        yield f"no file {path}"
    elif path.startswith("docs/"):
        if folder == "tests/":
            yield f"{path} is no test"
    elif not path.startswith(folder):
        yield f"{path} is not in {folder}"
    else:
        for name in names:
            if name not in defined(path):
                yield f"no {name} in {path}"
            elif folder == "tests/" and not _is_test(path, name):
                yield f"{name} in {path} is no test"


def _is_test(path: str, name: str) -> bool:
    return Path(path).name.startswith("test_") and name.startswith("test_")


@cache
def defined(path: str) -> frozenset[str]:
    """What the file *path* defines: functions, classes, constants, and what is in those two."""
    return frozenset(_defined(ast.parse((ROOT / path).read_text(encoding="utf-8")).body, ""))


def _defined(body: list[ast.stmt], of: str) -> Iterator[str]:
    for each in body:
        match each:
            case ast.FunctionDef(name=name):
                yield of + name
            case ast.ClassDef(name=name, body=inner):
                yield of + name
                yield from _defined(inner, f"{of}{name}.")
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=value)
                | ast.AnnAssign(target=ast.Name(id=name), value=value)
            ):
                yield of + name
                keys = value.keys if isinstance(value, ast.Dict) else []
                constants = (key.value for key in keys if isinstance(key, ast.Constant))
                yield from (f"{of}{name}.{constant}" for constant in constants)


def test_every_rule_names_code_and_tests_that_are_there() -> None:
    """When this fails: mend the row, or say "not yet" in both of its columns and count it."""
    assert faults(RULES) == []


def test_every_open_question_has_a_reading_and_says_where_it_stands() -> None:
    text = (ROOT / "docs" / "open-questions.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| (\w+) \| (.+\?) \| (.+) \| `(.+)` \|$", text, re.MULTILINE)
    assert len(lines) == text.count("\n| ") - 1
    for once in list(zip(*lines, strict=True))[:2]:
        assert [each for each, times in Counter(once).items() if times > 1] == []
    assert [where for *_, where in lines if not (ROOT / where).is_file()] == []


WHERE = "`services/intake/eligibility.py` `decide`"
BY = "`tests/intake/test_eligibility.py` `test_one_failed_criterion_is_enough`"
WHOLE = f"| a rule | {WHERE} | {BY} |"


def a_document(row: str = WHOLE, headings: tuple[str, ...] = HEADINGS, counted: str = "") -> str:
    """The smallest one without a fault, but for *row*, *headings* or what is *counted*."""
    others = [f"| rule {n} | not yet | not yet |" for n in range(1, len(headings))]
    tables = [
        f"## {heading}\n\n{each}" for heading, each in zip(headings, [row, *others], strict=True)
    ]
    said = counted or f"Of the {len(headings)} rules below, {len(headings) - 1} are not held yet."
    return "\n\n".join([said, *tables])


@pytest.mark.parametrize(
    "row",
    [
        WHOLE,
        "| a rule | `docs/open-questions.md` | " + f"{BY} |",
        "| a rule | `services/intake/family.py` `Family.refer` `NOTICE_MONTHS` | " + f"{BY} |",
        "| a rule | `services/review/guidelines.py` `INITIAL.isee_min` | " + f"{BY} |",
        f"| a rule | {WHERE}; {WHERE} | {BY}; {BY} |",
    ],
)
def test_a_whole_document_has_no_fault(row: str) -> None:
    assert faults(a_document(row)) == []


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("| a rule | not yet |", "no row of three: | a rule | not yet |"),
        (f"| a rule | {WHERE} | {BY} | more |", "no row of three"),
        (f"| a rule | {WHERE} | {BY}", "no row of three"),
        (f"|  | {WHERE} | {BY} |", "misspelt"),
        (f"| a rule | not yet | {BY} |", "misspelt: a rule: not yet"),
        (f"| a rule | {WHERE} | not yet |", "misspelt: a rule: not yet"),
        (f"| a rule | not yet: soon | {BY} |", "misspelt"),
        (f"| a rule |  | {BY} |", "misspelt"),
        (f"| a rule | `services/intake/eligibility.py` | {BY} |", "misspelt"),
        (f"| a rule | `services/intake/eligibility.py` decide | {BY} |", "misspelt"),
        (f"| a rule | `decide` | {BY} |", "misspelt"),
        (f"| a rule | {WHERE}, {WHERE} | {BY} |", "misspelt"),
        (
            f"| a rule | `services/intake/eligible.py` `decide` | {BY} |",
            "a rule: no file services/intake/eligible.py",
        ),
        (f"| a rule | `docs/questions.md` | {BY} |", "a rule: no file docs/questions.md"),
        (
            f"| a rule | `services/intake/eligibility.py` `decides` | {BY} |",
            "a rule: no decides in services/intake/eligibility.py",
        ),
        (
            f"| a rule | `services/intake/family.py` `Family.refers` | {BY} |",
            "a rule: no Family.refers in services/intake/family.py",
        ),
        (
            f"| a rule | `services/review/guidelines.py` `INITIAL.isee_least` | {BY} |",
            "a rule: no INITIAL.isee_least in services/review/guidelines.py",
        ),
        (
            f"| a rule | {WHERE} | `tests/intake/test_eligibility.py` `test_it` |",
            "a rule: no test_it in tests/intake/test_eligibility.py",
        ),
        (
            f"| a rule | {WHERE} | `tests/intake/test_eligibility.py` `on_the_isee` |",
            "a rule: on_the_isee in tests/intake/test_eligibility.py is no test",
        ),
        (
            f"| a rule | {WHERE} | {WHERE} |",
            "a rule: services/intake/eligibility.py is not in tests/",
        ),
        (
            f"| a rule | {BY} | {BY} |",
            "a rule: tests/intake/test_eligibility.py is not in services/",
        ),
        (
            f"| a rule | {WHERE} | `docs/open-questions.md` |",
            "a rule: docs/open-questions.md is no test",
        ),
        ("| rule 1 | " + f"{WHERE} | {BY} |", "twice: rule 1"),
    ],
)
def test_a_wrong_row_is_told(row: str, fault: str) -> None:
    assert fault in [told[: len(fault)] for told in faults(a_document(row))]


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        (a_document(headings=HEADINGS[:-1]), f"headings: {', '.join(HEADINGS[:-1])}"),
        (a_document(headings=HEADINGS[::-1]), f"headings: {', '.join(HEADINGS[::-1])}"),
        (
            a_document().replace("| rule 1 | not yet | not yet |", ""),
            "no rule under: Intake",
        ),
        (
            a_document(counted="Of the 10 rules below, 8 are not held yet."),
            "it is: Of the 10 rules below, 9 are not held yet.",
        ),
        (
            a_document(counted="Of the 11 rules below, 9 are not held yet."),
            "it is: Of the 10 rules below, 9 are not held yet.",
        ),
        (a_document(counted="All is well."), "it is: Of the 10 rules below, 9 are not held yet."),
    ],
)
def test_a_wrong_document_is_told(document: str, fault: str) -> None:
    assert fault in faults(document)
