"""Migrations: the owner's role makes and changes the tables; the runtime role works with them."""

import secrets
from collections.abc import Callable
from functools import partial
from importlib import resources

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert, make_url, select, text

from services.kernel import views
from services.kernel.composition import Composition
from services.kernel.database import Database
from services.kernel.failpoints import failpoint
from services.kernel.tables import log, metadata

RIGHTS = {
    "log": "SELECT, UPDATE",
    "events": "SELECT, INSERT",
    "said": "SELECT, INSERT",
    "sent": "SELECT, INSERT, UPDATE",
    "inbox": "SELECT, INSERT, UPDATE",
    "heard": "SELECT, INSERT, UPDATE",
    "quarantine": "SELECT, INSERT",
    "quarantine_overflow": "SELECT, INSERT, UPDATE",
    "checkpoints": "SELECT, INSERT",
    "cosignatures": "SELECT, INSERT",
    "witnessed": "SELECT, INSERT, UPDATE",
    "outcomes": "SELECT, INSERT, UPDATE",
    "views": "SELECT, UPDATE",
    "vault": "SELECT, INSERT, DELETE",
    "vault_keys": "SELECT, INSERT, DELETE",
    "erasures": "SELECT, INSERT",
    "vault_reads": "SELECT, INSERT",
    "leases": "SELECT, INSERT, UPDATE, DELETE",
}
"""What the runtime role may do with each table; a table missing here stops the migration."""


def migrate(
    composition: Composition,
    organisation: str,
    owner_url: str,
    runtime_url: str,
    report: Callable[[str, int], None] = lambda view, position: None,
) -> str:
    """Bring the tables of one service up to date, and build the views whose version changed.

    The tables change in one transaction: interrupted, everything is as it was. A view is derived
    data: its migration is to be built anew beside the old one.

    Args:
        report: is told the view under construction and the position reached.

    Returns:
        The log's id.
    """
    database = Database.of_owner(owner_url)
    try:
        with database.alone():
            with database.writing() as connection:
                _upgrade(connection)
                failpoint("during migration")
                log_id = _begin_log(connection, organisation, composition.name)
                if not database.sqlite:
                    _grant(connection, runtime_url)
            with database.reading() as connection:
                built = views.applied_positions(connection)
            for view in composition.views:
                if built.get(view.name, (0, 0))[0] != view.version:
                    views.build(view, database, partial(report, view.name))
        return log_id
    finally:
        database.dispose()


def _upgrade(connection: Connection) -> None:
    config = Config()
    versions = resources.files("services.kernel") / "migrations"
    config.set_main_option("script_location", str(versions).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    command.upgrade(config, "heads")


def _begin_log(connection: Connection, organisation: str, service: str) -> str:
    """The log's id; a new one has a random part, so that a lost log is not impersonated."""
    found = connection.scalar(select(log.c.log_id))
    if found is not None:
        return str(found)
    log_id = f"{organisation}/{service}/{secrets.token_hex(8)}"
    connection.execute(insert(log).values(one=1, log_id=log_id, position=0, recorded_at=0))
    return log_id


def _grant(connection: Connection, runtime_url: str) -> None:
    """Give the runtime role what its work needs, table by table; views are all its own to write."""
    role = make_url(runtime_url).username
    owner = connection.scalar(text("SELECT current_user"))
    if role is None or role == owner:
        return
    quoted = connection.dialect.identifier_preparer.quote_identifier(role)
    schema = connection.scalar(text("SELECT current_schema()"))
    inside = connection.dialect.identifier_preparer.quote_identifier(str(schema))
    connection.execute(text(f"GRANT USAGE ON SCHEMA {inside} TO {quoted}"))
    connection.execute(
        text(
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA {inside} "
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {quoted}"
        )
    )
    for table in metadata.sorted_tables:
        connection.execute(text(f"REVOKE ALL ON {table.name} FROM {quoted}"))
        connection.execute(text(f"GRANT {RIGHTS[table.name]} ON {table.name} TO {quoted}"))
    connection.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {inside} TO {quoted}"))
