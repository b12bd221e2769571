"""The values of a fillable PDF, by its AcroForm alone: nothing is drawn, no script is run.

Runs in the limited child; pypdf is loaded only where a PDF has to be read.
"""

from dataclasses import dataclass
from typing import Any

MOST_FIELDS = 1_000
MOST_DEPTH = 16
LONGEST_VALUE = 20_000
LONGEST_ALL = 500_000
"""Characters of all values together; the widest form that pacts issues has a twentieth."""
REFERENCE = "_rif"
"""The read-only field of every form that the programme issues."""


class NotRead(Exception):
    """A PDF whose values are not read; the code says why, and is stored."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Filled:
    r"""What a PDF holds.

    Attributes:
        fields: value by full name; "" where nothing was filled in, of a list the chosen ones.
            Line ends are ``\n``. Empty: it is no form.
        active: what it holds that would act in a viewer, and is left alone here.
    """

    fields: dict[str, str | list[str]]
    active: tuple[str, ...]


def read(pdf: bytes) -> Filled:
    """The values of *pdf*.

    Raises:
        NotRead: encrypted, broken, too many fields, nested too deep, too long.
    """
    from io import BytesIO

    from pypdf import PdfReader
    from pypdf.errors import DependencyError, LimitReachedError, PyPdfError

    try:
        reader = PdfReader(BytesIO(pdf), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotRead("encrypted")
        root: Any = reader.trailer["/Root"].get_object()
        form = root.get("/AcroForm")
        if form is None:
            return Filled({}, ())
        form = form.get_object()
        return Filled(_fields(form.get("/Fields")), _active(root, form))
    except NotRead:
        raise
    except (DependencyError, NotImplementedError):  # a cipher that is not at hand
        raise NotRead("encrypted") from None
    except LimitReachedError:
        raise NotRead("too_much") from None
    except RecursionError:
        raise NotRead("too_deep") from None
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, OSError):
        raise NotRead("broken") from None


def _active(root: Any, form: Any) -> tuple[str, ...]:
    names = root.get("/Names")
    names = names.get_object() if names is not None else {}
    found = {
        "action": "/OpenAction" in root or "/AA" in root,
        "javascript": "/JavaScript" in names,
        "files": "/EmbeddedFiles" in names,
        "xfa": "/XFA" in form,
    }
    return tuple(name for name, there in found.items() if there)


def _fields(top: Any) -> dict[str, str | list[str]]:
    """Every field below *top*, each object once, whoever points to it."""
    fields: dict[str, str | list[str]] = {}
    seen: set[int] = set()
    length = 0
    waiting: list[tuple[Any, str, str | list[str], int]] = [
        (each, "", "", 0) for each in reversed(_list(top))
    ]
    while waiting:
        each, above, inherited, depth = waiting.pop()
        if depth > MOST_DEPTH:
            raise NotRead("too_deep")
        number = getattr(each, "idnum", None)
        if number is not None:
            if number in seen:
                continue
            seen.add(number)
        if len(seen) > 3 * MOST_FIELDS:
            raise NotRead("too_many_fields")
        field = each.get_object()
        if not isinstance(field, dict):
            continue
        name = _text(field["/T"]) if "/T" in field else ""
        full = ".".join(filter(None, (above, name)))
        value = _value(field["/V"].get_object()) if "/V" in field else inherited
        kids = _list(field.get("/Kids"))
        if name:
            length += len(full) + sum(map(len, value))
            if len(fields) >= MOST_FIELDS:
                raise NotRead("too_many_fields")
            if length > LONGEST_ALL:
                raise NotRead("too_long")
            fields[full] = value
        waiting.extend((kid, full, value, depth + 1) for kid in reversed(kids))
    groups = {name[:at] for name in fields for at, sign in enumerate(name) if sign == "."}
    return {name: value for name, value in fields.items() if value or name not in groups}


def _list(value: Any) -> list[Any]:
    found = value.get_object() if value is not None else []
    if not isinstance(found, list):
        return []
    if len(found) > 3 * MOST_FIELDS:
        raise NotRead("too_many_fields")
    return list(found)


def _value(value: Any) -> str | list[str]:
    if isinstance(value, list):
        return [_text(each.get_object()) for each in value[:50]]
    return _text(value)


def _text(value: Any) -> str:
    """A string, a name without its slash, or the text of a stream."""
    from pypdf.generic import NameObject, StreamObject

    if isinstance(value, StreamObject):
        value = value.get_data()
    if isinstance(value, bytes):
        value = value[: 4 * LONGEST_VALUE].decode("utf-8", "replace")
    text = str(value)
    if isinstance(value, NameObject):
        text = text.removeprefix("/")
    if len(text) > LONGEST_VALUE:
        raise NotRead("too_long")
    text = text.encode("utf-8", "replace").decode()  # half a character of UTF-16 is none
    return text.replace("\r\n", "\n").replace("\r", "\n")
