"""Desks of intake, each with a database of its own on SQLite."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.intake.service import IntakeService
from tests.intake.desk import Desk, new_desk


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where empty databases are made once, to be copied for each test."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture
def desk(empty: Path, tmp_path: Path) -> Iterator[Desk]:
    """The lead's intake on DAY; it has heard the initial guidelines."""
    made = new_desk(IntakeService, tmp_path, empty)
    made.hear_guidelines()
    yield made
    made.store.close()
