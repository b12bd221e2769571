"""The kinds of range within which a parameter of the guidelines may lie."""

import re
from calendar import monthrange
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

AMOUNT = re.compile(r"\d{1,10}\.\d{2}")
MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
COMMON_YEAR = 2026
"""Any year without a 29 February."""


class Range(Protocol):
    """What a parameter may be."""

    def told(self) -> dict[str, Any]:
        """The range in words of JSON, for the refusal."""
        ...

    def holds(self, value: object) -> bool:
        """Whether *value* has the right type and lies within the range."""
        ...


@dataclass(frozen=True)
class Whole:
    """A whole number from *least* to *most*, both included."""

    least: int
    most: int

    def told(self) -> dict[str, Any]:
        """Least and most."""
        return {"least": self.least, "most": self.most}

    def holds(self, value: object) -> bool:
        """Whether *value* is such a number."""
        return type(value) is int and self.least <= value <= self.most


@dataclass(frozen=True)
class Euro:
    """An amount in EUR as text with two decimals, from *least* to *most*, both included."""

    least: str
    most: str

    def told(self) -> dict[str, Any]:
        """Least and most."""
        return {"least": self.least, "most": self.most}

    def holds(self, value: object) -> bool:
        """Whether *value* is such an amount."""
        return (
            isinstance(value, str)
            and AMOUNT.fullmatch(value) is not None
            and Decimal(self.least) <= Decimal(value) <= Decimal(self.most)
        )


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    def told(self) -> dict[str, Any]:
        """The words."""
        return {"allowed": list(self.words)}

    def holds(self, value: object) -> bool:
        """Whether *value* is one of them."""
        return isinstance(value, str) and value in self.words


@dataclass(frozen=True)
class SomeOf:
    """At least *least* of a few words, each at most once."""

    words: tuple[str, ...]
    least: int = 1

    def told(self) -> dict[str, Any]:
        """The words."""
        return {"allowed": list(self.words), "least": self.least}

    def holds(self, value: object) -> bool:
        """Whether *value* is a list of some of them."""
        return (
            isinstance(value, list)
            and len(value) >= self.least
            and all(isinstance(word, str) and word in self.words for word in value)
            and len(set(value)) == len(value)
        )


@dataclass(frozen=True)
class Several:
    """Whole numbers from *least* to *most*, none or at most *count* of them, each at most once."""

    least: int
    most: int
    count: int

    def told(self) -> dict[str, Any]:
        """Least, most, and how many."""
        return {"least": self.least, "most": self.most, "count": self.count}

    def holds(self, value: object) -> bool:
        """Whether *value* is a list of such numbers."""
        return (
            isinstance(value, list)
            and len(value) <= self.count
            and all(type(each) is int and self.least <= each <= self.most for each in value)
            and len(set(value)) == len(value)
        )


@dataclass(frozen=True)
class MonthDay:
    """A day that every year has, as text ``MM-DD``, from *first* to *last*, both included."""

    first: str
    last: str

    def told(self) -> dict[str, Any]:
        """First and last."""
        return {"first": self.first, "last": self.last}

    def holds(self, value: object) -> bool:
        """Whether *value* is such a day."""
        if not isinstance(value, str) or not MONTH_DAY.fullmatch(value):
            return False
        month, day = map(int, value.split("-"))
        return (
            1 <= month <= 12
            and 1 <= day <= monthrange(COMMON_YEAR, month)[1]
            and self.first <= value <= self.last
        )


@dataclass(frozen=True)
class YesNo:
    """Yes or no."""

    def told(self) -> dict[str, Any]:
        """Both."""
        return {"allowed": [True, False]}

    def holds(self, value: object) -> bool:
        """Whether *value* is one of both."""
        return type(value) is bool
