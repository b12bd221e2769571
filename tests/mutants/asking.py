"""Asks the tests of a service about the mutants of its rule files."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from tests.mutants.forks import in_a_fork
from tests.mutants.inside import ask_within
from tests.mutants.making import Mutant, mutants_of
from tests.mutants.outside import import_what_others_made, kills_imported
from tests.mutants.rules import ROOT

Keep = Callable[[str, list[Mutant], list[Mutant]], None]


def ask(
    service: str,
    files: Iterable[str],
    keep: Keep,
    *,
    pure: bool,
    within: bool,
    only: Callable[[str, Mutant], bool],
) -> None:
    """Tell *keep* of each file its mutants and which of them live, first of those in functions.

    Args:
        service: whose tests are asked.
        files: rule files of the service, from the root.
        keep: is told.
        pure: whether only tests without a database, and without many examples, are asked.
        within: whether only mutants in functions are asked about.
        only: whether a mutant of a file is.
    """
    if not within:
        import_what_others_made(service)
    made = {
        file: [each for each in mutants_of((ROOT / file).read_text()) if only(file, each)]
        for file in files
    }
    inside = {file: [each for each in mutants if each.inside] for file, mutants in made.items()}
    others = not within and any(len(inside[file]) < len(made[file]) for file in made)

    def keep_inside(file: str, killed: list[bool]) -> None:
        keep(file, inside[file], _living(inside[file], killed))

    seen, killed = in_a_fork(lambda: ask_within(service, inside, pure, others, keep_inside))
    for file, mutants in made.items() if not within else ():
        outside = [each for each in mutants if not each.inside]
        right = (ROOT / file).read_text()
        if outside and kills_imported(file, replace(outside[0], source=right), seen):
            raise SystemExit(f"{file}: a test falls over an import without any mistake")
        fallen = [kills_imported(file, each, seen) for each in outside]
        keep(file, mutants, _living(inside[file], killed[file]) + _living(outside, fallen))


def _living(mutants: list[Mutant], killed: list[bool]) -> list[Mutant]:
    return [each for each, is_killed in zip(mutants, killed, strict=True) if not is_killed]
