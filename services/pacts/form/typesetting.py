"""Setting PDFs in a process of their own: what Pango and its libraries do wrong ends there.

``python -m services.pacts.form.typesetting`` takes one JSON request on stdin and gives the PDF on
stdout. A service stays responsive meanwhile: under eventlet, waiting for a process yields.
"""

import io
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FONTS = Path(__file__).parent / "fonts"
SECONDS = 60
"""Longest time for one PDF; a form takes about three."""


class NotSet(Exception):
    """The PDF could not be made: a defect, or a package that is missing (see setup.sh)."""


def form_pdf(html: str, labels: Mapping[str, str], hidden: Mapping[str, str]) -> bytes:
    """The fillable PDF of a page with a form.

    Args:
        labels: whole label of each field, for screen readers.
        hidden: fields that nobody sees or changes, with their values.

    Raises:
        NotSet: it could not be made.
    """
    return _elsewhere({"html": html, "labels": dict(labels), "hidden": dict(hidden)})


def paper_pdf(html: str, data: str | None = None, name: str | None = None) -> bytes:
    """The tagged PDF/A-3b of a page, with *data* (JSON), if any, attached as the file *name*.

    Raises:
        NotSet: it could not be made.
    """
    return _elsewhere({"html": html, "data": data, "name": name})


def page_pdf(html: str) -> bytes:
    """The tagged PDF of a page that people only read.

    Raises:
        NotSet: it could not be made.
    """
    return _elsewhere({"html": html})


def _elsewhere(request: dict[str, Any]) -> bytes:
    done = subprocess.run(
        [sys.executable, "-m", __name__],
        input=json.dumps(request).encode(),
        capture_output=True,
        timeout=SECONDS,
    )
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or [""]
        raise NotSet(last[0].partition(":")[0])  # the kind of error; its words may be a person's
    return done.stdout


def _form(request: dict[str, Any]) -> bytes:
    from pikepdf import Pdf

    from services.pacts.form.widgets import Typeface, mend

    raw = _document(request["html"]).write_pdf(pdf_forms=True, pdf_variant="pdf/ua-1")
    with Pdf.open(io.BytesIO(raw)) as pdf:
        typeface = Typeface(FONTS / "TitilliumWeb-Regular.ttf")
        mend(pdf, typeface, request["labels"], request["hidden"])
        made = io.BytesIO()
        pdf.save(made)
    return made.getvalue()


def _paper(request: dict[str, Any]) -> bytes:
    from pikepdf import Pdf
    from weasyprint import Attachment

    attached = []
    if request["data"] is not None:
        data = Attachment(
            string=request["data"],
            name=request["name"],
            description="Dati del patto",
            relationship="Data",
        )
        attached.append(data)
    raw = _document(request["html"]).write_pdf(
        pdf_variant="pdf/a-3b", pdf_tags=True, attachments=attached
    )
    with Pdf.open(io.BytesIO(raw)) as pdf:
        _drop_empty_resources(pdf)
        made = io.BytesIO()
        pdf.save(made)
    return made.getvalue()


def _page(request: dict[str, Any]) -> bytes:
    made: bytes = _document(request["html"]).write_pdf(pdf_variant="pdf/ua-1")
    return made


def _drop_empty_resources(pdf: Any) -> None:
    """Take away the empty lists of patterns and shadings, which checkers do not understand."""
    for page in pdf.pages:
        for name in ("/Pattern", "/Shading"):
            if name in page.Resources and not page.Resources[name]:
                del page.Resources[name]


def _document(html: str) -> Any:
    """The page as WeasyPrint has it; it fetches fonts beside this file, and nothing else."""
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols={"file", "data"}, fail_on_errors=True)
    return HTML(string=html, base_url=f"{FONTS.as_uri()}/", url_fetcher=fetcher)


def main() -> None:
    """Answer the one request on stdin."""
    request = json.load(sys.stdin.buffer)
    made = _form if "labels" in request else _paper if "data" in request else _page
    sys.stdout.buffer.write(made(request))


if __name__ == "__main__":
    main()
