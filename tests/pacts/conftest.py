"""Desks for the tests of pacts: a real store each, on SQLite."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.pacts.desk import Desk, empty_database


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """An empty database of each organisation, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("empty")

    def of(own: str) -> Path:
        path = folder / f"{own}.db"
        if not path.exists():
            empty_database(f"sqlite:///{path}", own)
        return path

    return of


@pytest.fixture
def new_desk(empty: Callable[[str], Path], tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Makes pacts services with a database of their own, and closes them at the end."""
    made: list[Desk] = []

    def new(own: str = "lead", **words: Any) -> Desk:
        path = tmp_path / f"pacts{len(made)}.db"
        shutil.copy(empty(own), path)
        made.append(Desk(f"sqlite:///{path}", own, **words))
        return made[-1]

    yield new
    for desk in made:
        desk.store.close()


@pytest.fixture
def desk(new_desk: Callable[..., Desk]) -> Desk:
    """The lead's pacts service on 16 March 2026, empty."""
    return new_desk()
