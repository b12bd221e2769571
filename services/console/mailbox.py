"""What came to the dedicated address and what became of it, as a table for people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from rich.table import Table

from services.console.installation import Member
from services.console.sentences import said
from services.kernel.actor import Actor
from services.kernel.calling import Caller
from services.kernel.civil import ROME
from services.kernel.keys import Keys

STANDINGS = {
    "received": "arrivata, da leggere",
    "form_received": "modulo ricevuto",
    "set_aside": "registrata, senza risposta",
    "waiting": "da guardare",
    "settled": "guardata",
    "erased": "cancellata con i dati della famiglia",
}


def ask(member: Member, operator: str, method: str, **words: Any) -> Any:
    """What notify of *member* answers to its administrator *operator*.

    Raises:
        services.kernel.calling.RefusedThere: a rule said no.
    """
    settings = member.settings("notify")
    actor = Actor.of_person(member.organisation, operator, "administrator")
    with Caller(member.organisation, settings.amqp_url, Keys(settings.secret)) as caller:
        return caller.call("notify", method, actor, **words)


def table(mails: Sequence[dict[str, Any]], waiting: int) -> Table:
    """One row for each mail, the newest first; codes only."""
    made = Table(
        title=f"Indirizzo dedicato: {waiting} da guardare", show_edge=False, title_justify="left"
    )
    for column in ("arrivata", "mail", "per", "stato", "perché", "riferimento", "mittente"):
        made.add_column(column)
    for each in mails:
        at = datetime.fromisoformat(each["at"]).astimezone(ROME)
        made.add_row(
            f"{at:%d/%m/%Y %H:%M:%S}",
            each["mail"],
            each["route"],
            STANDINGS[each["standing"]] + (", mittente avvisato" if each["answered"] else ""),
            " ".join(filter(None, (each["why"] and said(each["why"]), each["code"]))) or "–",
            each["reference"] or "–",
            said(each["person"]) if each["person"] else "–",
        )
    return made
