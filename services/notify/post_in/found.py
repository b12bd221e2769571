"""What the limited child is told and what it finds: the JSON between it and the sorter."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

LONGEST_REFERENCE = 120
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9_-]{1,40}\Z")]
Address = Annotated[str, msgspec.Meta(max_length=320)]
Reference = Annotated[str, msgspec.Meta(max_length=LONGEST_REFERENCE)]
LARGEST_FOUND = 8 * 2**20
"""Bytes of the child's answer that are read; a form's values have a tenth."""


class Kind(StrEnum):
    """What a mail is, as far as its bytes alone tell."""

    FORM = "form"
    ASIDE = "aside"
    DOUBT = "doubt"


class Asked(msgspec.Struct, frozen=True):
    """What the child has to know; the mail's bytes follow.

    Attributes:
        own: our addresses, lower case.
        authserv: name under which our own provider writes Authentication-Results, or None.
        resolver: ``address:port`` of the name server that is asked for DKIM keys, or None.
        authorities: file of the CA certificates of the PEC providers, or None.
        at: when the mail reached us.
    """

    own: list[str]
    authserv: str | None
    resolver: str | None
    authorities: str | None
    at: datetime


class Attachment(msgspec.Struct, frozen=True):
    """One attached file: what its first bytes say it is, and its size in bytes."""

    kind: Code
    size: int


class Found(msgspec.Struct, frozen=True):
    """What the child found.

    Attributes:
        why: :class:`~services.notify.mail.Aside` or
            :class:`~services.notify.mail.Doubt`; of a form ``form``.
        code: which limit, receipt or trouble.
        sender: the one address in From, lower case, or None.
        subject: as far as it can be read, at most 200 characters.
        authentic: ``pass``, ``fail`` or ``none``.
        accepted_at: when the PEC provider accepted it, if that is verified.
        claimed: what a PEC envelope claims, without being verified.
        regards: the Message-ID of ours to which a bounce or reply refers, its part before ``@``;
            of a mail that a person wrote only where nothing is attached.
        references: what the forms name, as whoever filled them left it; too long ones left out.
        fields: the values of the one form.
        active: what the form's PDF holds that would act in a viewer.
    """

    kind: Kind
    why: Code
    code: Code | None = None
    sender: Address | None = None
    subject: Annotated[str, msgspec.Meta(max_length=200)] = ""
    authentic: Code = "none"
    accepted_at: datetime | None = None
    claimed: bool = False
    regards: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    attachments: list[Attachment] = []
    references: list[Reference] = []
    fields: dict[str, str | list[str]] | None = None
    active: list[Code] = []
