"""Codes by which an office knows a person: *codice fiscale*, STP, ENI, and provisional ones.

Whether a birthplace exists is not asked: the list of places ends where it was printed, and the
century of a birth would depend on today.
"""

import re

from codicefiscale import codicefiscale

from services.kernel.refusal import Refused

DIGIT = "[0-9LMNPQRSTUV]"
"""A digit, or the letter in its place where two people would have one code (omocodia) [12]."""
PERSON = re.compile(rf"[A-Z]{{6}}{DIGIT}{{2}}[ABCDEHLMPRST]{DIGIT}{{2}}[A-Z]{DIGIT}{{3}}[A-Z]")
HEALTH = re.compile(r"(STP|ENI)[0-9]{13}")
"""*Straniero temporaneamente presente*, *europeo non iscritto*: codes of health services [13]."""
PROVISIONAL = re.compile(r"[0-9]{11}")
"""A provisional code is a number whose last digit checks the others [12]."""
LETTERS = str.maketrans("LMNPQRSTUV", "0123456789")
DAYS = (*range(1, 32), *range(41, 72))
"""Days of a month; women's are 40 higher [12]."""


class TaxCodeMisshapen(Refused):
    """A tax code is one of 16 characters, an STP or ENI code, or 11 digits [12] [13].

    ``because`` is ``shape`` or ``check_character``; what was typed is not repeated.
    """


def read_tax_code(typed: str) -> str:
    """The code that somebody *typed*: blanks and case do not matter.

    Raises:
        TaxCodeMisshapen: it is none, or a character of it is wrong.
    """
    code = "".join(typed.split()).upper()
    if HEALTH.fullmatch(code):
        return code
    if PERSON.fullmatch(code) and int(code[9:11].translate(LETTERS)) in DAYS:
        right = codicefiscale.encode_cin(code) == code[-1]
    elif PROVISIONAL.fullmatch(code):
        right = _checks(code)
    else:
        raise TaxCodeMisshapen(because="shape")
    if not right:
        raise TaxCodeMisshapen(because="check_character")
    return code


def _checks(code: str) -> bool:
    """Whether the last digit fits: every second one counts twice, and all add up to tens [12]."""
    doubled = [sum(divmod(2 * int(digit), 10)) for digit in code[1::2]]
    return (sum(doubled) + sum(map(int, code[::2]))) % 10 == 0
