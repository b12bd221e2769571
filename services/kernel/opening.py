"""From settings to a store: the one place where a process is put together."""

from services.kernel.clock import clock_of
from services.kernel.composition import Composition
from services.kernel.database import Database
from services.kernel.keys import Keys
from services.kernel.programme import Programme
from services.kernel.settings import Settings
from services.kernel.store import Store


def open_store(settings: Settings) -> Store:
    """The store of one service, its database reached once.

    Raises:
        sqlalchemy.exc.DBAPIError: the database is not there or not migrated.
    """
    return Store(
        composition=Composition.of(settings.service),
        database=Database(settings.database_url),
        keys=Keys(settings.secret),
        programme=Programme.read(settings.organisation, settings.organisations_file),
        clock=clock_of(settings.clock_file),
    )
