"""Following the agreements that one service keeps for all services of its organisation."""

from datetime import date

from services.kernel.agreements import AGREEMENTS, Agreements, Term
from services.kernel.deciding import Deciding
from services.kernel.refusal import Refused
from services.kernel.words import Body, Heard, Policies

RECORDED, ENDED = "agreement_recorded.v1", "agreement_ended.v1"
WORDS = "programme"
"""What an agreement covers under which services exchange words."""


class AgreementOfOthers(Refused):
    """With whom we exchange words, only our own organisation says."""


def know_agreement(deciding: Deciding, body: Body) -> None:
    """Remember an agreement as :data:`RECORDED` tells it, if it is ours and lets words pass."""
    if body["organisation"] != deciding.organisation or WORDS not in body["covers"]:
        return
    until = body["until"] and date.fromisoformat(body["until"])
    term = Term(body["partner"], date.fromisoformat(body["from"]), until)
    known = deciding.find(Agreements, AGREEMENTS)
    known = known or deciding.add(Agreements.opened(by=deciding.actor))
    known.hear(body["number"], term, by=deciding.actor)


def know_end(deciding: Deciding, body: Body) -> None:
    """Remember the end of an agreement as :data:`ENDED` tells it, if it is ours."""
    known = deciding.find(Agreements, AGREEMENTS)
    if known is not None and body["organisation"] == deciding.organisation:
        last = date.fromisoformat(body["last"])
        known.hear_end(body["number"], last, by=deciding.actor)


def follow_agreements(keeper: str) -> Policies:
    """The policies by which a service learns what its organisation's service *keeper* records."""

    def recorded(deciding: Deciding, heard: Heard) -> None:
        _must_be_ours(deciding, heard)
        know_agreement(deciding, heard.body)

    def ended(deciding: Deciding, heard: Heard) -> None:
        _must_be_ours(deciding, heard)
        know_end(deciding, heard.body)

    return {f"{keeper}/{RECORDED}": recorded, f"{keeper}/{ENDED}": ended}


def _must_be_ours(deciding: Deciding, heard: Heard) -> None:
    if heard.organisation != deciding.organisation:
        raise AgreementOfOthers(organisation=heard.organisation)
