"""What an access point tells about a family when it refers it. All of it is sealed."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum


class Lacking(StrEnum):
    """What an incomplete referral has not told yet; the values are stored."""

    PERSON = "person"
    CONTACT = "contact"


CONTACTS = ("phone", "email", "address")
"""The words of a referral by which the family is reached."""


@dataclass(frozen=True)
class ReferralFacts:
    """A referral, opened; it can be saved incomplete [2].

    Attributes:
        person: whom to speak to.
        birth_date: of that person.
        tax_code: of that person: codice fiscale, STP, ENI or a provisional code.
        phone: of that person.
        email: of that person.
        address: of the household.
        reference: the number of the access point's own file.
        note: why the family is referred, in words.
    """

    person: str | None = None
    birth_date: date | None = None
    tax_code: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    reference: str | None = None
    note: str | None = None

    @property
    def tax_codes(self) -> tuple[str, ...]:
        """The code of the person whom to speak to, if it is known."""
        return (self.tax_code,) if self.tax_code else ()

    @property
    def lacking(self) -> tuple[Lacking, ...]:
        """What is needed to reach the family and was not told."""
        lacking = []
        if not self.person:
            lacking.append(Lacking.PERSON)
        if not any(getattr(self, name) for name in CONTACTS):
            lacking.append(Lacking.CONTACT)
        return tuple(lacking)

    def text(self) -> str:
        """What the vault keeps."""
        return json.dumps(asdict(self), default=str)
