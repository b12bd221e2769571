"""Papers for the archive and for screen readers, as checkers of PDF/A and PDF/UA see them."""

from pathlib import Path

import pikepdf
from pdfua import Severity, validate
from pikepdf import pdfa


def must_be_archivable(paper: Path, attached: int) -> None:
    """It is PDF/A-3b and tagged, nothing is found against PDF/UA, and so many files are attached.

    Raises:
        AssertionError: with what was found.
    """
    found = pdfa.validate_written(paper, "3b")
    assert (found.passed, found.findings) == (True, [])
    errors = [each for each in validate(str(paper)).findings if each.severity is Severity.ERROR]
    assert errors == []
    with pikepdf.open(paper) as pdf, pdf.open_metadata() as words:
        assert (words["pdfaid:part"], words["pdfaid:conformance"]) == ("3", "B")
        assert pdf.Root.MarkInfo.Marked
        assert len(pdf.attachments) == attached
