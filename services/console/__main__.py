"""``python -m services.console``: the same as ``comunita``."""

from services.console.main import app

app(prog_name="comunita")
