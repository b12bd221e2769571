"""Mutants outside of functions: a fork that has imported nothing of ours imports the mutant."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import warnings
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

from tests.mutants.forks import in_a_fork, killed_in_a_fork
from tests.mutants.making import Mutant
from tests.mutants.rules import ROOT, module_of
from tests.mutants.watching import LONGEST_TEST, OPTIONS, Seen, run_pytest


def import_what_others_made(service: str) -> None:
    """All modules that the tests need, except ours, so that forks find them imported."""

    def names() -> list[str]:
        run_pytest(service, "--collect-only")
        return [name for name in sys.modules if name.split(".")[0] not in ("services", "tests")]

    for name in in_a_fork(names):
        if name not in sys.modules:
            try:
                with warnings.catch_warnings(action="ignore"):
                    __import__(name)
            except Exception:  # a module that was made rather than found
                continue


def kills_imported(file: str, mutant: Mutant, seen: Seen) -> bool:
    """Whether a quick test of the files that speak of *file* falls over the mutant."""
    speaking = seen.who_speak_of(file)
    need = sum(
        seconds
        for test, seconds in seen.seconds.items()
        if test.split("::")[0] in speaking and seconds <= LONGEST_TEST
    )

    def put() -> None:
        sys.meta_path.insert(0, _Mutated(module_of(file), ROOT / file, mutant.source))

    def fails() -> bool:
        code = int(pytest.main([*OPTIONS, *speaking], plugins=[_Quick(seen)]))
        return code not in (0, 5)

    return bool(speaking) and killed_in_a_fork(put, fails, need)


class _Quick:
    """Leaves out the tests that take long."""

    def __init__(self, seen: Seen) -> None:
        self.seen = seen

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        seconds = self.seen.seconds
        items[:] = [each for each in items if seconds.get(each.nodeid, 9) <= LONGEST_TEST]


class _Mutated(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
    """Finds one module with another text."""

    def __init__(self, name: str, path: Path, source: str) -> None:
        super().__init__(name, str(path))
        self.source = source

    def find_spec(self, name: str, _path: Any, _target: ModuleType | None = None) -> Any:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def get_code(self, _fullname: str) -> CodeType:
        return compile(self.source, self.path, "exec")
