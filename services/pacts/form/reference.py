"""Which pact and which proposal a form is for, and the proof that we issued it."""

import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from services.pacts.form.fields import AMENDS, ISSUED_VERSION, REFERENCE, TAG, VERSION
from services.pacts.form.problems import Kind, Problem, problem
from services.pacts.pact import pact_id

SHAPE = re.compile(r"([a-z0-9][a-z0-9_-]*)/([A-Z][A-Z0-9-]{0,39})/([1-9]\d{0,3})/([1-9]\d{0,3})")


@dataclass(frozen=True)
class Reference:
    """``lead/LEAD-7K3M9Q-8/1/2``: organisation, family, number of the pact, of the proposal.

    A form is good for one proposal: an old one that arrives late cannot propose again what the
    committee has returned.
    """

    organisation: str
    family: str
    number: int
    proposal: int

    def __str__(self) -> str:
        return f"{self.organisation}/{self.family}/{self.number}/{self.proposal}"

    @classmethod
    def read(cls, text: object) -> Self | None:
        """The reference in the hidden field, or None if it is none."""
        found = SHAPE.fullmatch(text.strip()) if isinstance(text, str) else None
        return cls(found[1], found[2], int(found[3]), int(found[4])) if found else None

    @property
    def pact(self) -> UUID:
        """The id of the pact."""
        return pact_id(self.family, self.number)

    def is_for(self, awaited: int) -> list[Problem]:
        """That the form is for another proposal than the *awaited* one, if it is."""
        if self.proposal == awaited:
            return []
        kind = Kind.FORM_OF_ANOTHER_PROPOSAL
        return [problem(kind, proposal=self.proposal, awaited=awaited)]

    def hidden(self, tag: Callable[[str], str], amends: int | None = None) -> dict[str, str]:
        """The hidden fields of its form.

        Args:
            tag: proof that the organisation gave a text out.
            amends: number of the proposal in force, of the form of an amendment.
        """
        proof = tag(_tagged(VERSION, str(self), str(amends or "")))
        told = {REFERENCE: str(self), ISSUED_VERSION: VERSION, TAG: proof}
        return told if amends is None else {**told, AMENDS: str(amends)}


def issued(values: dict[str, object], tag: Callable[[str], str]) -> bool:
    """Whether the hidden fields among *values* are as we issued them, in whatever version."""
    hidden = [values.get(name) for name in (ISSUED_VERSION, REFERENCE, TAG, AMENDS)]
    version, reference, shown, amends = (each if isinstance(each, str) else "" for each in hidden)
    if not all(each.isascii() for each in (version, reference, shown, amends)):
        return False
    proof = tag(_tagged(version, reference, amends))
    return hmac.compare_digest(shown, proof)


def amended_by(values: dict[str, object]) -> int | None:
    """Number of the proposal that a form of ours amends; None of a draft's form.

    A form for a draft has no such field, and a program that adds an empty one changes nothing.
    """
    told = values.get(AMENDS)
    return int(told) if isinstance(told, str) and told else None


def _tagged(version: str, reference: str, amends: str) -> str:
    if amends:
        return f"amendment form|{version}|{reference}|{amends}"
    return f"form|{version}|{reference}"
