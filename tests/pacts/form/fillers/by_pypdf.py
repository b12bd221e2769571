"""Fills a form with pypdf: ``by_pypdf.py FORM VALUES.json FILLED``."""

import json
import sys
from pathlib import Path

from pypdf import PdfWriter

form, values, filled = sys.argv[1:]
writer = PdfWriter(clone_from=form)
entries = {
    name: "/on" if value is True else value["value"]
    for name, value in json.loads(Path(values).read_text(encoding="utf-8")).items()
}
writer.update_page_form_field_values(None, entries, auto_regenerate=False)
writer.write(filled)
