"""Fills a form with pdftk, by XFDF: ``by_pdftk.py FORM VALUES.json FILLED``."""

import json
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

form, values, filled = sys.argv[1:]
entries = "".join(
    f"<field name={quoteattr(name)}>"
    f"<value>{'on' if value is True else escape(value['value'])}</value></field>"
    for name, value in json.loads(Path(values).read_text(encoding="utf-8")).items()
)
xfdf = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<xfdf xmlns="http://ns.adobe.com/xfdf/" xml:space="preserve">'
    f"<fields>{entries}</fields></xfdf>"
)
subprocess.run(["pdftk", form, "fill_form", "-", "output", filled], input=xfdf.encode(), check=True)
