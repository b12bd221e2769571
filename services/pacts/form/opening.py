"""Texts in the vault: in clear, as far as they still are, each reading recorded; and new ones."""

import json
from collections.abc import Callable
from functools import partial

from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.kernel.sealed import Sealed
from services.kernel.vault import Erased
from services.pacts.form.names import Names
from services.pacts.form.sealing import Seal
from services.pacts.known_names import KnownNames, names_id


def opened(reading: Deciding) -> Callable[[Sealed | None], str | None]:
    """Gives the text behind a reference; None behind none, and when it was erased."""

    def text(sealed: Sealed | None) -> str | None:
        try:
            return None if sealed is None else reading.open(sealed)
        except Erased:
            return None

    return text


def sealing(deciding: Deciding, family: str) -> Seal:
    """Keeps texts about *family*; gives the reference to each."""
    return partial(deciding.seal, stream_id("family", family))


def names_of(reading: Deciding, family: str) -> Names:
    """The names of the household that are known here."""
    known = reading.find(KnownNames, names_id(family))
    texts = map(opened(reading), known.told if known else ())
    return Names.of(name for text in texts if text for name in json.loads(text))


def names_to_compare(reading: Deciding, family: str) -> Names:
    """The same, to be looked for and shown to nobody: that they were read is not recorded."""
    known = reading.find(KnownNames, names_id(family))
    texts = reading.vault.texts([each.ref for each in known.told] if known else [])
    return Names.of(name for text in texts.values() for name in json.loads(text))
