"""The family code, ``LEAD-7K3M9Q-8``: what everybody outside intake knows a family by [10].

It is random, so that nothing about the family can be read from it; its last character catches every
single mistyped character and every two that changed places.
"""

from collections.abc import Callable
from functools import reduce
from random import Random
from uuid import UUID

from services.kernel.ids import stream_id
from services.kernel.refusal import Refused

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
LENGTH = 6
"""Random characters: about a thousand million codes for each organisation."""
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class WrongFamilyCode(Refused):
    """A family code has the shape ``ORGANISATION-XXXXXX-C`` and a right check character [10].

    ``because`` is ``shape`` or ``check_character``; what was typed is not repeated.
    """


def new_code(organisation: str, chance: Random, taken: Callable[[str], bool]) -> str:
    """A random code of *organisation* that is not *taken*.

    Args:
        organisation: its id, in any case.
        chance: the source of chance; in production the system's own.
        taken: whether a family has this code already.
    """
    while True:
        body = "".join(chance.choice(ALPHABET) for _ in range(LENGTH))
        code = f"{organisation.upper()}-{body}-{check_character(body)}"
        if not taken(code):
            return code


def read_code(typed: str) -> str:
    """The code that somebody *typed*: blanks and case do not matter, nor O for 0, I or L for 1.

    Raises:
        WrongFamilyCode: it is no code, or a character of it is wrong.
    """
    parts = "".join(typed.split()).upper().rsplit("-", 2)
    if len(parts) != 3 or not parts[0]:
        raise WrongFamilyCode(because="shape")
    body, check = parts[1].translate(MISREAD), parts[2].translate(MISREAD)
    if len(body) != LENGTH or len(check) != 1 or not set(body + check) <= set(ALPHABET):
        raise WrongFamilyCode(because="shape")
    if check != check_character(body):
        raise WrongFamilyCode(because="check_character")
    return f"{parts[0]}-{body}-{check}"


def family_id(code: str) -> UUID:
    """The stream and the vault subject of the family *code*."""
    return stream_id("family", code)


def check_character(body: str) -> str:
    """The character that makes *body* a word of the code.

    Each character is a member of the field of 32 elements, weighted by a power of two there; all
    weights differ, so that the sum betrays a single wrong character and two that were swapped.
    """
    return ALPHABET[reduce(lambda sum, value: _twice(sum ^ value), map(ALPHABET.index, body), 0)]


def _twice(value: int) -> int:
    return (value << 1) ^ (0b100101 if value & 0b10000 else 0)
