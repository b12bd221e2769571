"""Services of the toy trade, each with an empty log of its own, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from services.kernel.composition import Composition
from tests.kernel.kitchen import CELLAR, KITCHEN
from tests.kernel.parties import Party
from tests.private_postgres import Urls


@pytest.fixture
def urls(database_urls: Urls) -> Urls:
    """One empty database."""
    return database_urls


@pytest.fixture
def new_party(new_urls: Callable[[], Urls]) -> Iterator[Callable[..., Party]]:
    """Makes services with a migrated database of their own, and closes them at the end."""
    made: list[Party] = []

    def new(composition: Composition = KITCHEN, **words: Any) -> Party:
        urls = words.pop("urls", None) or new_urls()
        made.append(Party(urls, composition, **words))
        return made[-1]

    yield new
    for party in made:
        party.close()


@pytest.fixture
def kitchen(new_party: Callable[..., Party]) -> Party:
    """A kitchen of the lead, empty."""
    return new_party()


@pytest.fixture
def cellar(new_party: Callable[..., Party]) -> Party:
    """A cellar of the lead, empty."""
    return new_party(CELLAR)
