"""A reference to personal text in the vault, as events hold it."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Sealed:
    """Personal text that lives in the vault and can be erased.

    Attributes:
        ref: the vault entry.
        commitment: hex SHA-256 of the entry's secret salt and text; proves later what was meant,
            tells nothing once the entry and its salt are erased.
    """

    ref: UUID
    commitment: str
