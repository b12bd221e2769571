"""Texts in clear, as far as they still are; each reading is recorded."""

from collections.abc import Callable

from services.kernel.deciding import Deciding
from services.kernel.sealed import Sealed
from services.kernel.vault import Erased


def opened(reading: Deciding) -> Callable[[Sealed | None], str | None]:
    """Gives the text behind a reference; None behind none, and when it was erased."""

    def text(sealed: Sealed | None) -> str | None:
        try:
            return None if sealed is None else reading.open(sealed)
        except Erased:
            return None

    return text
