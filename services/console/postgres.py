"""Schemas and roles in a given PostgreSQL database: an owner and a runtime role a service."""

import secrets

from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

from services.kernel.settings import Missing


def prepare_schema(given: str, schema: str) -> tuple[str, str]:
    """A new schema with an owner role and a runtime role; the URLs of both.

    If the given role may not make roles, or the server does not let new roles in by password, it
    serves as owner and runtime role itself; the triggers still refuse changes of events.

    Raises:
        Missing: the URL is not one of PostgreSQL, or it cannot be reached.
    """
    url = make_url(given)
    if url.get_backend_name() != "postgresql":
        raise Missing("DATABASE_URL selects PostgreSQL; leave it unset for SQLite files")
    url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            may = connection.scalar(
                text("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
            )
            if not may:
                connection.execute(text(f'CREATE SCHEMA "{schema}"'))
                same = _inside(url, schema)
                return same, same
            owner, runtime = f"{schema}_owner"[-63:], f"{schema}_run"[-63:]
            passwords = secrets.token_hex(16), secrets.token_hex(16)
            for role, password in zip((owner, runtime), passwords, strict=True):
                connection.execute(text(f"CREATE ROLE \"{role}\" LOGIN PASSWORD '{password}'"))
            connection.execute(text(f'GRANT "{owner}" TO current_user'))
            connection.execute(text(f'CREATE SCHEMA "{schema}" AUTHORIZATION "{owner}"'))
    except DBAPIError as error:
        raise Missing(f"DATABASE_URL cannot be used ({type(error.orig).__name__})") from None
    finally:
        engine.dispose()
    roles = [
        _inside(url.set(username=role, password=password), schema)
        for role, password in zip((owner, runtime), passwords, strict=True)
    ]
    return roles[0], roles[1]


def _inside(url: URL, schema: str) -> str:
    return url.update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(
        hide_password=False
    )
