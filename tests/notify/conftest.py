"""Notify at the lead and at a partner, each on a real store."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from services.kernel.composition import Composition
from tests.private_postgres import Urls
from tests.review.office import Office

JUNE_1 = date(2026, 6, 1)


@pytest.fixture(scope="session")
def new_notify(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Path], Office]:
    """Makes an empty notify of an organisation, from a copy of a migrated database."""
    folder = tmp_path_factory.mktemp("notify")
    for organisation in ("lead", "nord"):
        url = f"sqlite:///{folder / organisation}.db"
        Office("notify", organisation, (url, url), JUNE_1).close()

    def new(organisation: str, path: Path) -> Office:
        shutil.copy(folder / f"{organisation}.db", path / f"{organisation}.db")
        url = f"sqlite:///{path / organisation}.db"
        return Office("notify", organisation, (url, url), JUNE_1, migrated=True)

    return new


@pytest.fixture
def lead(new_notify: Callable[[str, Path], Office], tmp_path: Path) -> Iterator[Office]:
    """Notify at the lead organisation, on 1 June 2026."""
    made = new_notify("lead", tmp_path)
    yield made
    made.close()


@pytest.fixture
def nord(new_notify: Callable[[str, Path], Office], tmp_path: Path) -> Iterator[Office]:
    """Notify at a partner, on 1 June 2026."""
    made = new_notify("nord", tmp_path)
    yield made
    made.close()


@pytest.fixture
def either(empty_log: Callable[..., Urls]) -> Iterator[Office]:
    """Notify at the lead organisation on 1 June 2026, once on SQLite and once on PostgreSQL."""
    urls = empty_log("lead", Composition.of("notify"))
    made = Office("notify", "lead", urls, JUNE_1, migrated=True)
    yield made
    made.close()
