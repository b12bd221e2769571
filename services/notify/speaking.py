"""Who may say what to us: nobody speaks for another organisation [4]."""

from services.kernel.deciding import Deciding
from services.kernel.refusal import Refused
from services.kernel.words import Heard
from services.notify.addressees import organisation_of


class NotOurs(Refused):
    """These words are said inside one organisation; another one has no business with them [4]."""


class NotFromTheLead(Refused):
    """Only the lead organisation speaks for the committee and for the board [4]."""


def must_be_ours(deciding: Deciding, heard: Heard) -> None:
    """Refuse what another organisation says about its own affairs."""
    if heard.organisation != deciding.organisation:
        raise NotOurs(said_by=heard.organisation, contract=heard.contract)


def must_be_from_the_lead(deciding: Deciding, heard: Heard) -> None:
    """Refuse the committee's or the board's words from anybody but the lead."""
    if heard.organisation != deciding.lead:
        raise NotFromTheLead(said_by=heard.organisation, contract=heard.contract)


def must_be_about_who_speaks(heard: Heard) -> None:
    """Refuse what an organisation says about the persons of another one."""
    if heard.organisation != heard.body["organisation"]:
        raise NotOurs(said_by=heard.organisation, contract=heard.contract)


def must_be_about_their_family(heard: Heard) -> None:
    """Refuse what an organisation says about a family that another one follows."""
    if heard.organisation != organisation_of(heard.body["family"]):
        raise NotOurs(said_by=heard.organisation, contract=heard.contract)
