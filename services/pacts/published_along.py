"""What pacts tell others of the way and of what follows it; :mod:`published` joins it."""

from datetime import date

from services.kernel.words import OWN, Body, Publish, Published
from services.pacts.pact import Pact


def _look_back_due(event: Pact.LookBackDue, pact: Pact) -> Body:
    return {**_which(pact), "due": _day(event.due), "on": _day(event.on)}


def _which(pact: Pact) -> Body:
    return {"pact": str(pact.id), "family": pact.family}


def _day(day: date) -> str:
    return day.isoformat()


ALONG: Published = {
    Pact.LookBackDue: Publish({"look_back_due.v1": _look_back_due}, to=(OWN,)),
}
