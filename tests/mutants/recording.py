"""What was measured, kept beside the tests: the table of the README, and the survivors."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

HERE = Path(__file__).parent
README = HERE / "README.md"
SURVIVORS = HERE / "SURVIVORS.md"
UNJUDGED = "not judged yet"
UNMEASURED = "not measured yet"
TOP = "top of the file"

_ROW = re.compile(r"^\| `(services/\S+)` \| (\d+) \| (\d+) \| (\d+) \| [\d.]+ % \|$", re.MULTILINE)
_SURVIVOR = re.compile(r"^- `(.*?)`: `(.+)` → `(.+)`: (.+)$")


@dataclass(frozen=True)
class Row:
    """The measure of a file; *rate* is of a hundred, and 100 where there is nothing to kill."""

    file: str
    mutants: int
    killed: int

    @property
    def rate(self) -> float:
        return 100 * self.killed / self.mutants if self.mutants else 100.0

    def __str__(self) -> str:
        lived = self.mutants - self.killed
        return f"| `{self.file}` | {self.mutants} | {self.killed} | {lived} | {self.rate:.1f} % |"


@dataclass(frozen=True)
class Survivor:
    """A mistake that no test sees, and why it is let live."""

    file: str
    where: str
    before: str
    after: str
    reason: str = UNJUDGED

    def __str__(self) -> str:
        return f"- `{self.where or TOP}`: `{self.before}` → `{self.after}`: {self.reason}"


def measured() -> list[Row]:
    """The rows of the README."""
    return [
        Row(file, int(mutants), int(killed))
        for file, mutants, killed, _lived in _ROW.findall(README.read_text())
    ]


def unmeasured() -> list[str]:
    """The files of which the README says that they are not measured yet."""
    return re.findall(rf"^\| `(services/\S+)` .*{UNMEASURED} \|$", README.read_text(), re.MULTILINE)


def survivors() -> list[Survivor]:
    """Those that the page lists, with their reasons."""
    found = []
    file = ""
    for line in SURVIVORS.read_text().splitlines():
        if line.startswith("## "):
            file = line.removeprefix("## ").strip("`")
        elif (told := _SURVIVOR.match(line)) is not None:
            where, *words = told.groups()
            found.append(Survivor(file, "" if where == TOP else where, *words))
    return found


def record(rows: Iterable[Row], living: Iterable[Survivor], order: Sequence[str]) -> None:
    """Put *rows* and *living* in place of what was recorded of their files; reasons are kept."""
    new = {row.file: row for row in rows}
    known = survivors()
    reasons = {replace(each, reason=UNJUDGED): each.reason for each in known}
    told = [replace(each, reason=reasons.get(each, UNJUDGED)) for each in living]
    kept = [each for each in known if each.file not in new]
    _write_table({row.file: row for row in measured()} | new, order)
    _write_page([*kept, *told], order)


def _write_table(rows: dict[str, Row], order: Sequence[str]) -> None:
    measured = [rows[file] for file in order if file in rows]
    total = Row("", sum(row.mutants for row in measured), sum(row.killed for row in measured))
    lines = [
        *(str(rows.get(file, f"| `{file}` | | | | {UNMEASURED} |")) for file in order),
        str(total).replace("``", "all that are measured"),
    ]
    text = "".join(f"{line}\n" for line in lines)
    table = re.compile(r"(\| ---.*\n)(\|.*\n)*")
    README.write_text(table.sub(lambda found: found[1] + text, README.read_text(), count=1))


def _write_page(living: Iterable[Survivor], order: Sequence[str]) -> None:
    by_file: dict[str, list[Survivor]] = defaultdict(list)
    for each in living:
        by_file[each.file].append(each)
    parts = [SURVIVORS.read_text().partition("\n## ")[0].rstrip()]
    for file in order:
        if by_file[file]:
            parts.append("\n".join([f"## `{file}`\n", *map(str, by_file[file])]))
    SURVIVORS.write_text("\n\n".join(parts) + "\n")
