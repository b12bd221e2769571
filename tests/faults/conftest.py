"""What the fault tests share: a scene of two organisations, and couriers that lose no time."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.console.private_broker import PrivateBroker
from services.kernel.courier import receive, work
from services.kernel.store import Store
from tests.faults.scene import Scene, scene, sqlite_in

pytestmark = pytest.mark.faults


@pytest.fixture(scope="session")
def empty_databases(
    tmp_path_factory: pytest.TempPathFactory, broker: PrivateBroker
) -> Iterator[Path]:
    """Migrated SQLite files, to be copied: migrating costs more than most of these tests."""
    directory = tmp_path_factory.mktemp("empty")
    with scene(directory, broker, sqlite_in(directory)):
        yield directory


@pytest.fixture
def place(tmp_path: Path, broker: PrivateBroker, empty_databases: Path) -> Iterator[Scene]:
    """The lead with people, review and notify, a partner with people; SQLite."""
    for database in empty_databases.glob("*.db*"):
        shutil.copy(database, tmp_path)
    with scene(tmp_path, broker, sqlite_in(tmp_path), migrated=False) as made:
        yield made


@pytest.fixture
def store_of(place: Scene) -> Iterator[Callable[..., Store]]:
    """Opens stores of the scene in this process; they are closed at the end."""
    opened: list[Store] = []

    def open_one(organisation: str, service: str, **tables: object) -> Store:
        opened.append(place.store(organisation, service, **tables))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Couriers of this process ask again at once, where they would wait for seconds."""
    monkeypatch.setattr(receive, "SETTLED", 0.2)
    monkeypatch.setattr(receive, "QUIET", 1.0)
    monkeypatch.setattr(work, "ASK_AGAIN", 0.3)
