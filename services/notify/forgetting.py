"""Families that were erased: the mails that brought their forms cannot be read any more."""

from collections.abc import Iterable

from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.notify.mail import Mail
from services.notify.views.mails_of import mails_of


def forget_mail(deciding: Deciding, mail: Mail) -> None:
    """Destroy *mail* as it came, who sent it, and what a person wrote about it."""
    mail.erase(by=deciding.actor, on=deciding.today)
    deciding.erase(mail.id)


def forget_mails_of(deciding: Deciding, family: str) -> None:
    """Destroy every mail that brought a form of *family*, also beside forms of others.

    Nobody sorts meanwhile: a mail that is sorted later meets the erasure.
    """
    deciding.hold()
    for mail in mails_of(deciding.connection, family):
        forget_mail(deciding, deciding.edit(Mail, mail))


def erased_of(deciding: Deciding, families: Iterable[str]) -> str | None:
    """The first of *families* that was erased, or None; none is erased until this is decided."""
    deciding.hold()
    erased = deciding.vault.was_erased
    return next((each for each in families if erased(stream_id("family", each))), None)
