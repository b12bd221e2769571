"""Fills a form with pikepdf: ``by_pikepdf.py FORM VALUES.json FILLED``."""

import json
import sys
from pathlib import Path

import pikepdf
from pikepdf.form import DefaultAppearanceStreamGenerator, Form

form, values, filled = sys.argv[1:]
with pikepdf.open(form) as pdf:
    fields = Form(pdf, DefaultAppearanceStreamGenerator)
    for name, value in json.loads(Path(values).read_text(encoding="utf-8")).items():
        if value is True:
            fields[name].checked = True
        elif hasattr(fields[name], "options"):
            (option,) = [
                each for each in fields[name].options if each.export_value == value["value"]
            ]
            option.select()
        else:
            fields[name].value = value["value"]
    pdf.save(filled)
