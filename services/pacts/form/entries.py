"""What somebody typed into one field, as a value: lenient about the writing, exact about it.

Each function takes text that is normalised and not empty, and gives the value, or None if it cannot
be read beyond doubt.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

YEARS = range(2000, 2101)
"""Years in which a pact can lie; others are slips of the pen."""
MONTHS = (
    *("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto"),
    *("settembre", "ottobre", "novembre", "dicembre"),
)
IN_NUMBERS = re.compile(r"(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{2}|\d{4})")
IN_WORDS = re.compile(r"(\d{1,2})[°º]?\s+([a-z]+)\s+(\d{4})")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
UNITS = re.compile(r"^(€|euro|eur)|(€|euro|eur|ore|ora|h)$")
AMOUNT = re.compile(r"(\d{1,10}|\d{1,3}(?:[. ]\d{3}){1,3})(?:,(\d{1,2}))?|(\d{1,10})\.(\d{1,2})")
LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
OFF = frozenset({"", "off", "no", "false", "0"})


def normalised(value: object) -> str | None:
    """Text with single line feeds and composed characters, stripped; None if it is no such text.

    Control characters other than line breaks and tabs, and halves of characters, are no text.
    """
    if not isinstance(value, str):
        return "" if value is None else None
    text = unicodedata.normalize("NFC", LINE_ENDS.sub("\n", value).replace("\t", " ")).strip()
    if any(unicodedata.category(each) in ("Cc", "Cs") for each in text.replace("\n", "")):
        return None
    return text


def line(text: str) -> str:
    """*text* in one line, with single blanks."""
    return " ".join(text.split())


def day(text: str) -> date | None:
    """A day as ``1/6/2026``, ``01.06.26``, ``1° giugno 2026`` or ``2026-06-01``."""
    text = line(text).lower()
    if found := ISO.fullmatch(text):
        year, month, number = map(int, found.groups())
    elif found := IN_NUMBERS.fullmatch(text):
        number, month, year = map(int, found.groups())
        year += 2000 if len(found[3]) == 2 else 0
    elif (found := IN_WORDS.fullmatch(text)) and found[2] in MONTHS:
        number, month, year = int(found[1]), MONTHS.index(found[2]) + 1, int(found[3])
    else:
        return None
    try:
        return date(year, month, number) if year in YEARS else None
    except ValueError:
        return None


def amount(text: str) -> Decimal | None:
    """An amount as ``1.250,50``, ``350 €``, ``12,5 ore`` or ``12.5``, with two decimals.

    A point before three digits separates thousands, as Italians write it; a comma before three
    digits is nobody's habit here and is not read, nor is a mixture of both habits.
    """
    text = line(unicodedata.normalize("NFKC", text)).lower()
    text = UNITS.sub("", text).strip()
    found = AMOUNT.fullmatch(text)
    if found is None or not text.isascii():
        return None
    whole, cents = (found[1], found[2]) if found[1] else (found[3], found[4])
    digits = re.sub(r"\D", "", whole)
    return Decimal(f"{digits}.{(cents or '').ljust(2, '0')}") if len(digits) <= 10 else None


def code(text: str) -> str:
    """The code of a body: ``Cooperativa L'Àncora`` is ``cooperativa-l-ancora``; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def choice(text: str, choices: tuple[tuple[str, str], ...]) -> str | None:
    """The stored value that was chosen, also where a program wrote the words beside it."""
    wanted = line(text).casefold()
    return next(
        (value for value, words in choices if wanted in (value.casefold(), words.casefold())), None
    )


def ticked(value: object) -> bool:
    """Whether a box is ticked: its state is any but ``Off``."""
    return value is True or (
        isinstance(value, str) and value.strip().lstrip("/").casefold() not in OFF
    )
