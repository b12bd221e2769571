"""Desks of people, each with a database of its own on SQLite."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.people.service import PeopleService
from tests.intake.desk import Desk, new_desk
from tests.people.moments import DAY


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where empty databases are made once, to be copied for each test."""
    return tmp_path_factory.mktemp("empty")


@pytest.fixture
def people_of(empty: Path, tmp_path: Path) -> Iterator[Callable[[str], Desk]]:
    """Makes the people service of an organisation."""
    made: list[Desk] = []

    def of(own: str) -> Desk:
        made.append(new_desk(PeopleService, tmp_path, empty, own).on(DAY))
        return made[-1]

    yield of
    for desk in made:
        desk.store.close()


@pytest.fixture
def desk(people_of: Callable[[str], Desk]) -> Desk:
    """The lead's people on DAY, empty."""
    return people_of("lead")
