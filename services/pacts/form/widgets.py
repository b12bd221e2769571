"""The fields of a PDF form, mended so that every program can fill and draw them.

WeasyPrint's forms ask the reader to draw what is in them (``NeedAppearances``: some then leave a
box empty), name a font with which pdftk and others cannot write, and know no hidden fields.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Object, Pdf, String

FONT = "/Titillium"
SIZE = 9.5
"""Points of what is typed."""
LEADING = 1.2
MARGIN = 3.0
"""Points between the frame of a field and its text."""
INK = "0.043 0.133 0.224 rg"
MULTILINE, READ_ONLY = 1 << 12, 1
HIDDEN = 1 << 1
ENCODING = "cp1252"


class Typeface:
    """A font by which any program can write in fields: TrueType, embedded whole, in WinAnsi."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        self._font: Any = TTFont(path)
        self._to_thousand = 1000 / self._font["head"].unitsPerEm

    @cached_property
    def widths(self) -> list[int]:
        """Width of the characters 32 to 255 in thousandths of the size."""
        glyphs, metrics = self._font.getBestCmap(), self._font["hmtx"]
        found = []
        for code in range(32, 256):
            character = ord(bytes([code]).decode(ENCODING, "replace"))
            glyph = glyphs.get(character)
            found.append(round(metrics[glyph][0] * self._to_thousand) if glyph else 0)
        return found

    def width(self, text: str) -> float:
        """Width of *text* in points."""
        return sum(self.widths[code - 32] for code in drawable(text)) * SIZE / 1000

    def embedded(self, pdf: Pdf) -> Object:
        """The font as an object of *pdf*."""
        head, across, more = self._font["head"], self._font["hhea"], self._font["OS/2"]

        def thousandths(*values: int) -> list[int]:
            return [round(value * self._to_thousand) for value in values]

        ascent, descent, capitals = thousandths(across.ascent, across.descent, more.sCapHeight)
        descriptor = Dictionary(
            Type=Name.FontDescriptor,
            FontName=Name.TitilliumWeb,
            Flags=32,
            FontBBox=Array(thousandths(head.xMin, head.yMin, head.xMax, head.yMax)),
            ItalicAngle=0,
            Ascent=ascent,
            Descent=descent,
            CapHeight=capitals,
            StemV=80,
            FontFile2=pdf.make_stream(self._bytes, Length1=len(self._bytes)),
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.TrueType,
                BaseFont=Name.TitilliumWeb,
                Encoding=Name.WinAnsiEncoding,
                FirstChar=32,
                LastChar=255,
                Widths=Array(self.widths),
                FontDescriptor=pdf.make_indirect(descriptor),
            )
        )


def drawable(text: str) -> bytes:
    """*text* as far as WinAnsi draws it: ``ć`` loses its accent in the picture only."""
    drawn = b""
    for character in text:
        try:
            drawn += character.encode(ENCODING)
        except UnicodeEncodeError:
            plain = unicodedata.normalize("NFKD", character)[:1]
            drawn += plain.encode("ascii", "replace")
    return bytes(code if code >= 32 else 32 for code in drawn)


def mend(
    pdf: Pdf, typeface: Typeface, labels: Mapping[str, str], hidden: Mapping[str, str]
) -> None:
    """Make the form in *pdf* fit for every program.

    Args:
        labels: of each field, for screen readers.
        hidden: values of the fields that nobody sees or changes.
    """
    form = pdf.Root.AcroForm
    if "/NeedAppearances" in form:
        del form.NeedAppearances
    font = typeface.embedded(pdf)
    form.DR = Dictionary(Font=Dictionary({FONT: font}))
    form.DA = String(f"{FONT} {SIZE} Tf {INK}")
    for widget in _widgets(pdf):
        widget.TU = String(labels[str(widget.T)])
        if str(widget.FT) == "/Btn":
            on = widget.AP.N.on
            widget.AP.N.Off = pdf.make_stream(
                b"", Type=Name.XObject, Subtype=Name.Form, BBox=on.BBox
            )
        else:
            widget.DA = form.DA
            if shown := _shown(widget):
                widget.AP = Dictionary(N=_picture(pdf, widget, shown, typeface, font))
    for name, value in hidden.items():
        _hide(pdf, name, value)


def _widgets(pdf: Pdf) -> Iterator[Any]:
    for page in pdf.pages:
        for annotation in page.get("/Annots", Array()):
            if annotation.get("/Subtype") == Name.Widget:
                yield annotation


def _shown(widget: Any) -> str:
    """What the reader sees in a field: of a choice, its words."""
    value = str(widget.get("/V", ""))
    words = {str(each[0]): str(each[1]) for each in widget.get("/Opt", ())}
    return words[value] if words and value else value


def _picture(pdf: Pdf, widget: Any, text: str, typeface: Typeface, font: Object) -> Object:
    """What is in a field, drawn: one line in the middle, or lines from the top."""
    left, top, right, bottom = map(float, widget.Rect)
    width, height = abs(right - left), abs(top - bottom)
    lines = [text]
    first = height / 2 - SIZE * 0.32
    if int(widget.get("/Ff", 0)) & MULTILINE:
        lines = list(wrapped(text, width - 2 * MARGIN, typeface))
        first = height - MARGIN - SIZE * 0.85
    shown = "".join(f"<{drawable(line).hex()}> Tj T*\n" for line in lines)
    content = (
        f"/Tx BMC q 1 1 {width - 2:.2f} {height - 2:.2f} re W n\n"
        f"BT {FONT} {SIZE} Tf {INK} {SIZE * LEADING:.2f} TL {MARGIN} {first:.2f} Td\n"
        f"{shown}ET Q EMC"
    )
    return pdf.make_stream(
        content.encode(),
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, width, height]),
        Resources=Dictionary(Font=Dictionary({FONT: font})),
    )


def wrapped(text: str, width: float, typeface: Typeface) -> Iterator[str]:
    """The lines of *text*, none wider than *width* points unless a single word is."""
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if line else word
            if line and typeface.width(longer) > width:
                yield line
                line = word
            else:
                line = longer
        yield line


def _hide(pdf: Pdf, name: str, value: str) -> None:
    """Add a read-only field that no page shows."""
    page = pdf.pages[0]
    widget = pdf.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Widget,
            FT=Name.Tx,
            T=String(name),
            TU=String("dato tecnico del modulo"),
            V=String(value),
            DA=pdf.Root.AcroForm.DA,
            Ff=READ_ONLY,
            F=HIDDEN,
            Rect=Array([0, 0, 0, 0]),
            P=page.obj,
        )
    )
    page.Annots.append(widget)
    pdf.Root.AcroForm.Fields.append(widget)
