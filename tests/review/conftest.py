"""The committee's office on a real store."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.review.office import Office

JANUARY_15 = date(2026, 1, 15)


@pytest.fixture(scope="session")
def empty_review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database of review without a fact, to be copied."""
    path = tmp_path_factory.mktemp("review") / "empty.db"
    url = f"sqlite:///{path}"
    Office("review", "lead", (url, url), JANUARY_15).close()
    return path


@pytest.fixture
def office(empty_review: Path, tmp_path: Path) -> Iterator[Office]:
    """Review at the lead organisation, on 15 January 2026."""
    shutil.copy(empty_review, tmp_path / "review.db")
    url = f"sqlite:///{tmp_path / 'review.db'}"
    made = Office("review", "lead", (url, url), JANUARY_15, migrated=True)
    yield made
    made.close()
