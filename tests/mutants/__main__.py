"""`python -m tests.mutants [FILE ...]` asks the tests about the mutants of rule files.

What it finds is printed and kept under ``var/mutants``.

    --pure    ask only tests without a database and without many examples
    --within  ask only about mutants within functions
    --living  ask only about mutants that lived when they were asked about last
    --record  write what is kept into README.md and SURVIVORS.md, and ask nothing
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tests.mutants.forks import say
from tests.mutants.recording import Row, Survivor, record
from tests.mutants.rules import ROOT, rule_files, service_of

RESULTS = ROOT / "var" / "mutants"


def main(words: list[str]) -> None:
    known = rule_files()
    files = [word for word in words if not word.startswith("--")]
    unknown = set(files) - set(known)
    if unknown:
        raise SystemExit(f"no rule files of .importlinter: {', '.join(sorted(unknown))}")
    if "--record" in words:
        kept = list(_kept())
        return record([row for row, _ in kept], [each for _, of in kept for each in of], known)
    by_service: dict[str, list[str]] = defaultdict(list)
    for file in files or known:
        by_service[service_of(file)].append(file)
    RESULTS.mkdir(parents=True, exist_ok=True)
    from tests.mutants.asking import ask  # needs packages that only this needs

    lived = {each: row for row, living in _kept() for each in living}
    again = "--living" in words

    def asked(file: str, mutant: Any) -> bool:
        return not again or _survivor(file, mutant) in lived

    def keep(file: str, mutants: list[Any], living: list[Any]) -> None:
        row = Row(file, len(mutants), len(mutants) - len(living))
        if again and mutants:
            all_of_them = lived[_survivor(file, mutants[0])].mutants
            row = Row(file, all_of_them, all_of_them - len(living))
        if mutants or not again:
            _keep(row, living)

    for service, of_service in by_service.items():
        pure, within = "--pure" in words, "--within" in words
        ask(service, of_service, keep, pure=pure, within=within, only=asked)


def _survivor(file: str, mutant: Any) -> Survivor:
    return Survivor(file, mutant.where, mutant.before, mutant.after)


def _keep(row: Row, living: list[Any]) -> None:
    told = [[row.file, each.where, each.before, each.after] for each in living]
    name = row.file.removesuffix(".py").replace("/", ".")
    (RESULTS / f"{name}.json").write_text(
        json.dumps([[row.file, row.mutants, row.killed], told], ensure_ascii=False, indent=1)
    )
    for each in living:
        say(f"{row.file}:{each.line} {each.where}\n    - {each.before}\n    + {each.after}")
    say(str(row))


def _kept() -> Iterator[tuple[Row, list[Survivor]]]:
    for path in sorted(RESULTS.glob("*.json")):
        row, told = json.loads(path.read_text())
        yield Row(*row), [Survivor(*each) for each in told]


if __name__ == "__main__":
    main(sys.argv[1:])
