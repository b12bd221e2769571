"""Words to types at the door: what is not of the stated shape is refused by the argument's name."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import TypeVar
from uuid import UUID

from services.kernel.refusal import BadWord

E = TypeVar("E", bound=Enum)
CENT = Decimal("0.01")
AMOUNT = re.compile(r"\d{1,10}(\.\d{1,2})?")


def day(name: str, value: object) -> date:
    """An ISO date, as ``2026-05-04``."""
    if isinstance(value, str) and len(value) == 10:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise BadWord(argument=name, wanted="date") from None
    raise BadWord(argument=name, wanted="date")


def uuid(name: str, value: object) -> UUID:
    """A UUID in its usual text form."""
    if isinstance(value, str):
        try:
            return UUID(value)
        except ValueError:
            raise BadWord(argument=name, wanted="uuid") from None
    raise BadWord(argument=name, wanted="uuid")


def amount(name: str, value: object) -> Decimal:
    """A non-negative amount (EUR or hours) with at most two decimals, as text: ``"12.50"``."""
    if isinstance(value, str) and AMOUNT.fullmatch(value):
        try:
            return Decimal(value).quantize(CENT)
        except InvalidOperation:
            raise BadWord(argument=name, wanted="amount") from None
    raise BadWord(argument=name, wanted="amount")


def word(name: str, value: object, words: type[E]) -> E:
    """One of the stored values of the enumeration *words*."""
    try:
        return words(value)
    except ValueError:
        allowed = [str(each.value) for each in words]
        raise BadWord(argument=name, wanted="word", allowed=allowed) from None


def text(name: str, value: object, longest: int = 2000) -> str:
    """Text that is not blank, stripped, without control characters but line breaks."""
    if isinstance(value, str) and 0 < len(value.strip()) <= longest:
        stripped = value.strip()
        if not any((ord(c) < 32 and c not in "\n\t\r") or ord(c) == 127 for c in stripped):
            return stripped
    raise BadWord(argument=name, wanted="text", longest=longest)


def number(name: str, value: object, least: int, most: int) -> int:
    """A whole number from *least* to *most*."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise BadWord(argument=name, wanted="number", least=least, most=most)
