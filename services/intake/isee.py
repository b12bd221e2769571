"""ISEE certificates: how long one is valid, and what of it is sealed."""

import json
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from services.intake.codes import IseeKind
from services.intake.days import months_after
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed

CORRENTE_MONTHS = 6
"""Months that a *corrente* is valid when only the income changed [6]."""
PROTOCOL = re.compile(r"INPS-ISEE-\d{4}-[0-9A-Z]{9}(-\d{2})?")
"""How INPS numbers an attestation, ``INPS-ISEE-2026-01234567X-00``."""


class ProtocolMisshapen(Refused):
    """A protocol number reads ``INPS-ISEE-YYYY-XXXXXXXXX``, with ``-NN`` or without [5]."""


class IseeBelowZero(Refused):
    """An ISEE is never below zero: look at the sign [5]."""


@dataclass(frozen=True)
class IseeFacts:
    """A certificate, opened.

    Attributes:
        kind: which ISEE.
        issued_on: day of the attestation.
        valid_until: last day on which it is valid.
        omissions: INPS marked it with *omissioni o difformità*.
        value: EUR, two decimals.
        assessed: what whoever verifies said of it, where its kind is accepted on assessment only;
            None if nobody did.
    """

    kind: IseeKind
    issued_on: date
    valid_until: date
    omissions: bool
    value: Decimal
    assessed: bool | None = None

    def valid_on(self, day: date) -> bool:
        """Whether it is issued and has not expired on *day*."""
        return self.issued_on <= day <= self.valid_until


@dataclass(frozen=True)
class Certificate:
    """A certificate as the events tell it: without value and protocol.

    Attributes:
        number: 1 for the first of the family; the highest one counts.
        sealed: value and protocol.
    """

    number: int
    kind: IseeKind
    issued_on: date
    valid_until: date
    omissions: bool
    sealed: Sealed

    def opened(self, text: str, assessed: bool | None = None) -> IseeFacts:
        """The certificate with its value, from what the vault kept, and its assessment."""
        return IseeFacts(
            kind=self.kind,
            issued_on=self.issued_on,
            valid_until=self.valid_until,
            omissions=self.omissions,
            value=Decimal(json.loads(text)["value"]),
            assessed=assessed,
        )


@dataclass(frozen=True)
class Assessment:
    """What whoever verifies said of a certificate, and why."""

    certificate: int
    accepted: bool
    reason: Sealed


def valid_until(kind: IseeKind, issued_on: date, income_only: bool) -> date:
    """The last day of validity: 31 December of its year [5]; for a *corrente* see [6].

    Args:
        kind: which ISEE.
        issued_on: day of the attestation.
        income_only: of a *corrente*: only the income changed, not the assets.
    """
    if kind is IseeKind.CORRENTE and income_only:
        return months_after(issued_on, CORRENTE_MONTHS)
    return date(issued_on.year, 12, 31)


def tolerated_until(issued_on: date, valid_until: date, month_and_day: str) -> date:
    """The last day on which the committee may still decide on a certificate that was verified [2].

    Args:
        issued_on: day of the attestation.
        valid_until: last day of its validity; what is valid longer needs no tolerance.
        month_and_day: ``MM-DD``, of the year after that of the attestation.
    """
    month, day = map(int, month_and_day.split("-"))
    return max(valid_until, date(issued_on.year + 1, month, day))


def certificate_text(value: Decimal, protocol: str) -> str:
    """What the vault keeps of a certificate.

    Raises:
        ProtocolMisshapen: *protocol* is not one.
        IseeBelowZero: *value* is negative.
    """
    if not PROTOCOL.fullmatch(protocol):
        raise ProtocolMisshapen()
    if value < 0:
        raise IseeBelowZero()
    return json.dumps({"value": str(value), "protocol": protocol})
