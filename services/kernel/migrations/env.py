"""Alembic's entry: runs inside the one transaction that ``services.kernel.migrate`` opened."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=False)
context.run_migrations()
