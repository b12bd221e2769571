"""People: organisations, persons, their roles and known addresses."""
