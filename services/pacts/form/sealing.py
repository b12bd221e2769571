"""What a form says, as the pact holds it: of each text a reference. Pure."""

from collections.abc import Callable
from typing import Any, TypeAlias

from services.kernel.sealed import Sealed
from services.pacts.form.written import (
    WrittenAction,
    WrittenCapacity,
    WrittenGoal,
    WrittenResource,
)

Seal: TypeAlias = Callable[[str, str], Sealed]
"""Gives the reference to a text of some kind, which is kept."""
WrittenItem: TypeAlias = WrittenGoal | WrittenAction | WrittenCapacity | WrittenResource
TEXTS = frozenset({"goal", "expected_result", "description"})
"""What of an item is text about the family."""


def held(kind: str, item: WrittenItem, seal: Seal, than: WrittenItem | None = None) -> Any:
    """The words of *item*, its texts kept; if told, only what it says otherwise *than* that."""
    before = {} if than is None else vars(than)
    return {
        name: seal(kind, words) if name in TEXTS else words
        for name, words in vars(item).items()
        if name != "place" and (than is None or words != before[name])
    }
