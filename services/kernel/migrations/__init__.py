"""Alembic migrations of the tables that every service's log has."""
