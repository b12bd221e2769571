"""Fills a form with the engine of Chrome, by focus, keys and clicks.

``by_pdfium.py FORM VALUES.json FILLED``
"""

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

form, values, filled = sys.argv[1:]
entries: dict[str, Any] = {
    name: value if value is True else value["words"]
    for name, value in json.loads(Path(values).read_text(encoding="utf-8")).items()
}


def wide(text: str) -> Any:
    raw = (text + "\0").encode("utf-16-le")
    return ctypes.cast(ctypes.create_string_buffer(raw, len(raw)), pdfium.FPDF_WIDESTRING)


def told(ask: Any, *about: Any) -> str:
    """A text that PDFium writes into a buffer."""
    length = ask(*about, None, 0)
    buffer = ctypes.create_string_buffer(length)
    ask(*about, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le").rstrip("\0")


document = pypdfium2.PdfDocument(form)
document.init_forms()
for page in document:
    forms, raw = document.formenv.raw, page.raw
    for at in range(pdfium.FPDFPage_GetAnnotCount(raw)):
        annotation = pdfium.FPDFPage_GetAnnot(raw, at)
        if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET:
            name = told(pdfium.FPDFAnnot_GetFormFieldName, forms, annotation)
            kind = pdfium.FPDFAnnot_GetFormFieldType(forms, annotation)
            value = entries.get(name)
            if value is True:
                box = pdfium.FS_RECTF()
                pdfium.FPDFAnnot_GetRect(annotation, box)
                x, y = (box.left + box.right) / 2, (box.top + box.bottom) / 2
                pdfium.FORM_OnMouseMove(forms, raw, 0, x, y)
                pdfium.FORM_OnLButtonDown(forms, raw, 0, x, y)
                pdfium.FORM_OnLButtonUp(forms, raw, 0, x, y)
            elif value is not None and kind == pdfium.FPDF_FORMFIELD_COMBOBOX:
                count = pdfium.FPDFAnnot_GetOptionCount(forms, annotation)
                labels = [
                    told(pdfium.FPDFAnnot_GetOptionLabel, forms, annotation, each)
                    for each in range(count)
                ]
                pdfium.FORM_SetFocusedAnnot(forms, annotation)
                pdfium.FORM_SetIndexSelected(forms, raw, labels.index(value), True)
            elif value is not None:
                pdfium.FORM_SetFocusedAnnot(forms, annotation)
                pdfium.FORM_SelectAllText(forms, raw)
                pdfium.FORM_ReplaceSelection(forms, raw, wide(value))
            pdfium.FORM_ForceToKillFocus(forms)
        pdfium.FPDFPage_CloseAnnot(annotation)
document.save(filled)
