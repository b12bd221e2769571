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
    """One row for each mail, the newest first; codes only, the mail's whole, to be asked for."""
    made = Table(
        title=f"Indirizzo dedicato: {waiting} da guardare", show_edge=False, title_justify="left"
    )
    for column in ("arrivata", "mail", "che cosa ne è stato", "riferimento", "mittente"):
        made.add_column(column, overflow="fold", no_wrap=column == "mail")
    for each in mails:
        at = datetime.fromisoformat(each["at"]).astimezone(ROME)
        made.add_row(
            f"{at:%d/%m/%Y %H:%M:%S} {each['route']}",
            each["mail"],
            _became(each),
            each["reference"] or "–",
            said(each["person"]) if each["person"] else "–",
        )
    return made


def _became(mail: dict[str, Any]) -> str:
    """As ``da guardare: nessun modulo allegato pdf (mittente avvisato)``."""
    told = STANDINGS[mail["standing"]]
    why = " ".join(filter(None, (mail["why"] and said(mail["why"]), mail["code"])))
    return told + (f": {why}" if why else "") + (" (mittente avvisato)" if mail["answered"] else "")
