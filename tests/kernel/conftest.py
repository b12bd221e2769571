"""Services of the toy trade, each with an empty log of its own, on SQLite and on PostgreSQL."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import create_engine, update

from services.kernel.composition import Composition
from services.kernel.tables import log
from tests.kernel.kitchen import CELLAR, KITCHEN
from tests.kernel.parties import Party
from tests.private_postgres import Urls

_numbers = itertools.count(1)


@pytest.fixture
def new_party(empty_log: Callable[..., Urls]) -> Iterator[Callable[..., Party]]:
    """Makes services, each with a migrated database of its own, and closes them at the end."""
    made: list[Party] = []

    def new(
        composition: Composition = KITCHEN,
        own: str = "lead",
        urls: Urls | None = None,
        **words: Any,
    ) -> Party:
        if urls is None:
            urls = empty_log(own, composition)
            _name_anew(urls, f"{own}/{composition.name}")
        made.append(Party(urls, composition, own, **words))
        return made[-1]

    yield new
    for party in made:
        party.close()


def _name_anew(urls: Urls, of: str) -> None:
    """Give the log an id of its own, as if it had been begun here."""
    engine = create_engine(urls.owner)
    with engine.begin() as connection:
        connection.execute(update(log).values(log_id=f"{of}/{next(_numbers):016x}"))
    engine.dispose()


@pytest.fixture
def kitchen(new_party: Callable[..., Party]) -> Party:
    """A kitchen of the lead, empty."""
    return new_party()


@pytest.fixture
def cellar(new_party: Callable[..., Party]) -> Party:
    """A cellar of the lead, empty."""
    return new_party(CELLAR)
