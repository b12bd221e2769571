"""How a pact comes to the committee: urgent aid meanwhile, and forms that go by mail."""

import base64
from collections.abc import Mapping
from typing import Any

from services.console.mailing import filled
from services.console.story.telling import Followed, Telling
from services.console.story.words import REASONS
from services.kernel.calling import RefusedThere

CASE_MANAGER = "case manager 1"
"""Who assists the microequipe of the family that gets urgent aid."""


def help_at_once(telling: Telling, family: Followed, eur: int, too_much: int) -> None:
    """Help that cannot wait for the committee; more than the ceiling is refused."""
    amount, reason = f"{eur}.00", REASONS["urgent aid"]
    made = _authorise(telling, family, amount, reason)
    given = {"aid": made["aid"], "received_on": telling.today, "eur": amount}
    telling.pacts(family, "log_urgent_aid", **given)
    telling.say(f"{family.code}: aiuto urgente di {eur} EUR, autorizzato dal case manager")
    try:
        _authorise(telling, family, f"{too_much}.00", reason)
    except RefusedThere as refused:
        if refused.kind != "UrgentAidCeiling":
            raise
        telling.done(f"{family.code}: altri {too_much} EUR rifiutati, superano il tetto")


def _authorise(telling: Telling, family: Followed, eur: str, reason: str) -> Any:
    return telling.pacts(family, "authorise_urgent_aid", CASE_MANAGER, eur=eur, reason=reason)


def form(telling: Telling, family: Followed) -> tuple[str, bytes]:
    """The proposal form of its draft: name of the file, and the PDF."""
    made = telling.pacts(family, "form")
    return made["name"], base64.b64decode(made["pdf"])


def send(
    telling: Telling, family: Followed, name: str, pdf: bytes, contents: Mapping[str, str]
) -> bytes:
    """Fill the form *pdf* with *contents*, and mail it to the dedicated address; the filled one.

    The lead of the microequipe answers for each action in them.
    """
    lead = telling.cast[family.organisation, "microequipe lead"]
    answering = {
        field.replace("description", "responsible"): lead.id
        for field in contents
        if field.endswith("_1_description") and not field.startswith(("capacity", "resource"))
    }
    made = filled(pdf, {**contents, **answering})
    telling.mailing.send_form(lead.address, name, made, telling.season.now)
    telling.season.settle()
    return made
