"""Mutants within functions: the tests are collected once, and a fork exchanges the code."""

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import CodeType, FunctionType

import pytest

from tests.mutants.forks import killed_in_a_fork, say
from tests.mutants.making import Mutant
from tests.mutants.rules import ROOT
from tests.mutants.watching import Seen, is_slow, run_pytest

_Name = tuple[str, str, int]
_Functions = dict[_Name, list[FunctionType]]


def ask_within(
    service: str,
    mutants: dict[str, list[Mutant]],
    only_pure: bool,
    see_all: bool,
    keep: Callable[[str, list[bool]], None],
) -> tuple[Seen, dict[str, list[bool]]]:
    """What the tests ran, and whether one fell over each mutant, by file in the order given.

    Args:
        service: whose tests are asked.
        mutants: by file.
        only_pure: whether only tests without a database, and without many examples, are.
        see_all: whether the others are run though no mutant is left to be asked about.
        keep: is told of each file as soon as it is known, so that a run may be broken off.
    """
    loop = _Loop(mutants, only_pure, see_all, keep)
    code = run_pytest(service, plugins=[loop])
    if code or loop.failed:
        raise SystemExit(f"the tests fail without any mutant: {loop.failed or code}")
    return loop.seen, loop.killed


class _Loop:
    """In place of pytest's loop: every test once, watched, and then the mutants."""

    def __init__(
        self,
        mutants: dict[str, list[Mutant]],
        only_pure: bool,
        see_all: bool,
        keep: Callable[[str, list[bool]], None],
    ) -> None:
        self.mutants, self.keep = mutants, keep
        self.only_pure, self.see_all = only_pure, see_all
        self.seen = Seen()
        self.killed = {file: [False] * len(of_file) for file, of_file in mutants.items()}
        self.failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed.append(report.nodeid)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._ask([item for item in session.items if not is_slow(item)])
        if not self.only_pure and (self.see_all or not all(map(all, self.killed.values()))):
            self._ask([item for item in session.items if is_slow(item)])
        return True

    def _ask(self, items: list[pytest.Item]) -> None:
        """Run the tests, and then again over every mutant that still lives."""
        watched = {str(ROOT / file): file for file in self.mutants}
        for item, following in zip(items, [*items[1:], None], strict=True):
            with self.seen.watching(item.nodeid, watched):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        by_name = {item.nodeid: item for item in items}
        functions = _functions()
        say(f"{len(items)} tests ran")
        gc.collect()
        gc.freeze()  # forks share the memory longer
        for file, mutants in self.mutants.items():
            right = (ROOT / file).read_text()
            if mutants and self._kills(file, replace(mutants[0], source=right), functions, by_name):
                raise SystemExit(f"{file}: a test falls over a fork without any mistake")
            for number, mutant in enumerate(mutants):
                if not self.killed[file][number]:
                    self.killed[file][number] = self._kills(file, mutant, functions, by_name)
            self.keep(file, self.killed[file])

    def _kills(
        self, file: str, mutant: Mutant, functions: _Functions, by_name: dict[str, pytest.Item]
    ) -> bool:
        items = [by_name[test] for test in self.seen.who_ran(file, mutant.lines, by_name)]

        def put() -> None:
            _exchange(str(ROOT / file), mutant, functions)

        def fails() -> bool:
            self.failed.clear()
            for item, following in zip(items, [*items[1:], items[-1]], strict=True):
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.failed:
                    return True
            return False

        return bool(items) and killed_in_a_fork(put, fails)


def _functions() -> _Functions:
    """The functions of ours that live, by file, name with dots and first line."""
    living = defaultdict(list)
    ours = str(ROOT / "services")
    for each in gc.get_objects():
        if isinstance(each, FunctionType) and each.__code__.co_filename.startswith(ours):
            living[_name(each.__code__)].append(each)
    return living


def _name(code: CodeType) -> _Name:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _exchange(path: str, mutant: Mutant, functions: _Functions) -> None:
    """Give every living function of the file the code that it has in the mutant."""
    exchanged = 0
    for code in _codes(compile(mutant.source, path, "exec")):
        for function in (
            functions.get(_name(code), ()) if "<locals>" not in code.co_qualname else ()
        ):
            free = function.__code__.co_freevars  # a mutant may use none of them any more
            function.__code__ = code if code.co_freevars else code.replace(co_freevars=free)
            exchanged += 1
    if not exchanged:
        raise LookupError(f"no function of {path} lives")


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _codes(each)
