"""Which tests ran which lines of the rules while nothing was wrong."""

import sys
import time
from collections import defaultdict
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.mutants.rules import ROOT, TESTS, module_of

LONGEST_TEST = 0.5
"""Seconds of the processor; what takes longer is not asked."""
MOST_TESTS = 400
"""Tests of one mutant; the quickest of its own test file first."""
QUICK = "not slow and not broker and not postgres and not faults and not mail"
OPTIONS = [
    *("-q", "-x", "--assert=plain", "--tb=no", "-m", QUICK),
    *("-p", "no:cacheprovider"),
    *("-p", "no:unraisableexception"),  # eventlet warns of every fork
]


@dataclass
class Seen:
    """What the tests did.

    Attributes:
        tests: by file and line, the tests that ran it.
        seconds: of the processor, by test.
    """

    tests: dict[tuple[str, int], set[str]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[str, float] = field(default_factory=dict)

    def who_ran(self, file: str, lines: range, among: Container[str]) -> list[str]:
        """Those that ran one of the lines and are quick: first the file's own, by time."""
        ran = set().union(*(self.tests.get((file, line), set()) for line in lines))
        quick = [test for test in ran if test in among and self.seconds[test] <= LONGEST_TEST]
        quick.sort(key=lambda test: (not is_own(test, file), self.seconds[test]))
        return quick[:MOST_TESTS]

    def who_speak_of(self, file: str) -> list[str]:
        """The test files: the rule's own, those of which most tests run it, those that import it.

        At most four: the last are asked about a file in which no function is.
        """
        ran: dict[str, int] = defaultdict(int)
        for (where, _line), tests in self.tests.items():
            for test in tests if where == file else ():
                ran[test.split("::")[0]] += 1
        known = {test.split("::")[0] for test in self.seconds}
        own = sorted(name for name in known if is_own(name, file))
        running = sorted(ran, key=lambda name: -ran[name])
        module = module_of(file)
        importing = sorted(name for name in known if module in (ROOT / name).read_text())
        return list(dict.fromkeys([*own, *running, *importing]))[:4]

    @contextmanager
    def watching(self, test: str, files: dict[str, str]) -> Iterator[None]:
        """Note what *test* runs of *files*, each by its path."""

        def of_lines(frame: FrameType, _event: str, _arg: object) -> Any:
            self.tests[files[frame.f_code.co_filename], frame.f_lineno].add(test)
            return of_lines

        def of_calls(frame: FrameType, _event: str, _arg: object) -> Any:
            return of_lines if frame.f_code.co_filename in files else None

        began = time.process_time()
        sys.settrace(of_calls)
        try:
            yield
        finally:
            sys.settrace(None)
        self.seconds[test] = time.process_time() - began


def is_own(test: str, file: str) -> bool:
    """Whether *test* is of the test file that is named after *file*."""
    return Path(test.split("::")[0]).stem == f"test_{Path(file).stem}"


def is_slow(item: pytest.Item) -> bool:
    """Whether a test needs a folder, as every store does, or plays many examples."""
    needs = getattr(item, "fixturenames", ())
    in_a_folder = any(name.startswith("tmp_path") for name in needs)
    return in_a_folder or item.get_closest_marker("hypothesis") is not None


def run_pytest(service: str, *more: str, plugins: list[Any] | None = None) -> int:
    """The quick tests of a service; the exit code of pytest."""
    return int(pytest.main([*OPTIONS, *TESTS[service], *more], plugins=plugins or []))
