"""Empty logs of services, migrated once and used again and again, on SQLite and on PostgreSQL."""

import shutil
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from typing import Any

from sqlalchemy import make_url

from services.kernel.composition import Composition
from services.kernel.migrate import migrate
from tests.private_postgres import PrivatePostgres, Urls


class Migrated:
    """Databases that were migrated once: SQLite files are copied, PostgreSQL ones emptied again."""

    def __init__(self) -> None:
        self._originals: dict[Any, Urls] = {}
        self._free: dict[Any, list[Urls]] = defaultdict(list)
        self._taken: list[tuple[Any, Urls]] = []

    def take(self, what: tuple[str, str, Composition], new_urls: Callable[[], Urls]) -> Urls:
        """An empty log for the service *what*: own name, backend and composition."""
        backend, own, composition = what
        made_of = (backend, own, composition.name, composition.views)
        if backend == "sqlite" and made_of in self._originals:
            return _copy(self._originals[made_of], new_urls())
        if self._free[made_of]:
            urls = self._free[made_of].pop()
        else:
            urls = new_urls()
            migrate(composition, own, *urls)
        if backend == "sqlite":
            self._originals[made_of] = urls
            return self.take(what, new_urls)
        self._taken.append((made_of, urls))
        return urls

    def give_back(self, server: PrivatePostgres) -> None:
        """Empty what was taken on PostgreSQL."""
        for made_of, urls in self._taken:
            with closing(server.admin(str(make_url(urls.owner).database))) as connection:
                connection.execute(EMPTIED)
            self._free[made_of].append(urls)
        self._taken.clear()

    @property
    def taken(self) -> bool:
        return bool(self._taken)


EMPTIED = """
DO $$ DECLARE name text; BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
        AND tablename NOT IN ('alembic_version', 'log', 'views')
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
    UPDATE log SET position = 0, recorded_at = 0;
    UPDATE views SET applied_position = 0;
END $$
"""
"""Only the administrator can do this: it goes around the triggers."""


def _copy(original: Urls, copy: Urls) -> Urls:
    shutil.copy(str(make_url(original.owner).database), str(make_url(copy.owner).database))
    return copy
