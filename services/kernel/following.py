"""Following the agreements that one service keeps for all services of its organisation."""

from datetime import date

from services.kernel.agreements import PROGRAMME, Agreements, Term, agreements_on
from services.kernel.deciding import Deciding
from services.kernel.refusal import Refused
from services.kernel.words import Body, Heard, Policies

RECORDED, ENDED = "agreement_recorded.v1", "agreement_ended.v1"


class AgreementOfOthers(Refused):
    """With whom we exchange words, only our own organisation says."""


def know_agreement(deciding: Deciding, body: Body, *also: str) -> None:
    """Remember an agreement as :data:`RECORDED` tells it, if it is ours.

    Args:
        also: what else this service looks at; that it lets words pass, every service does.
    """
    if body["organisation"] != deciding.organisation:
        return
    until = body["until"] and date.fromisoformat(body["until"])
    term = Term(body["partner"], date.fromisoformat(body["from"]), until)
    for what in (PROGRAMME, *also):
        if what in body["covers"]:
            known = deciding.find(Agreements, agreements_on(what))
            known = known or deciding.add(Agreements.opened(deciding.actor, what))
            known.hear(body["number"], term, by=deciding.actor)


def know_end(deciding: Deciding, body: Body, *also: str) -> None:
    """Remember the end of an agreement as :data:`ENDED` tells it, if it is ours.

    Args:
        also: as :func:`know_agreement` was told.
    """
    if body["organisation"] != deciding.organisation:
        return
    for what in (PROGRAMME, *also):
        known = deciding.find(Agreements, agreements_on(what))
        if known is not None:
            last = date.fromisoformat(body["last"])
            known.hear_end(body["number"], last, by=deciding.actor)


def follow_agreements(keeper: str, *also: str) -> Policies:
    """The policies by which a service learns what its organisation's service *keeper* records.

    Args:
        also: what else of an agreement this service looks at, beside that it lets words pass.
    """

    def recorded(deciding: Deciding, heard: Heard) -> None:
        _must_be_ours(deciding, heard)
        know_agreement(deciding, heard.body, *also)

    def ended(deciding: Deciding, heard: Heard) -> None:
        _must_be_ours(deciding, heard)
        know_end(deciding, heard.body, *also)

    return {f"{keeper}/{RECORDED}": recorded, f"{keeper}/{ENDED}": ended}


def _must_be_ours(deciding: Deciding, heard: Heard) -> None:
    if heard.organisation != deciding.organisation:
        raise AgreementOfOthers(organisation=heard.organisation)
