"""``python -m tests.faults.owner migrate|rebuild SERVICE``: the owner's work, to be killed."""

import os
import sys

from services.kernel import views
from services.kernel.composition import Composition
from services.kernel.database import Database
from services.kernel.migrate import migrate
from services.kernel.settings import Settings


def main(work: str, service: str) -> None:
    """Migrate the service's database, or build its views anew."""
    settings = Settings.from_env(service, os.environ)
    composition = Composition.of(service)
    if work == "migrate":
        urls = settings.owner_database_url, settings.database_url
        migrate(composition, settings.organisation, *urls)
        return
    database = Database.of_owner(settings.owner_database_url)
    for view in composition.views:
        views.rebuild(view, database, lambda reached: None)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
