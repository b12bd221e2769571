"""Papers made at the console: on behalf of somebody of the microequipe, by the same rules."""

from collections.abc import Iterator, Mapping
from uuid import UUID, uuid4

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding, Occasion
from services.kernel.refusal import Unknown
from services.kernel.store import Store
from services.pacts.form.issuing import Issue, Paper
from services.pacts.pact import Pact
from services.pacts.policies import last_pact


def make_paper(
    stores: Mapping[tuple[str, str], Store],
    pact: str,
    issue: Issue,
    person: str | None,
    safely: bool = False,
) -> Paper:
    """The paper of *pact* that *issue* gives out; whose texts were read is recorded.

    The rules are asked for the person for whom it is made; that the console read is recorded.

    Args:
        pact: its id, or the code of its family, whose newest pact it is.
        person: id of somebody of its microequipe, for whom it is made; None: its lead.
        safely: who prints it says that it goes by the way agreed with the family.

    Raises:
        Unknown: no organisation on this machine has the pact.
        Refused: they may not have it, or not now.
    """
    for store in _pacts(stores):

        def make(reading: Deciding) -> Paper | None:
            found = _found(reading, pact)
            if found is None:
                return None
            by = Actor.of_person(reading.organisation, person or found.microequipe.lead)
            return issue(reading, found, by, safely)

        key = uuid4()
        reader = Actor.of_service(store.programme.own, "console")
        paper = store.ask(Occasion(key, f"console form:{key}", str(key), reader), make)
        if paper is not None:
            return paper
    raise Unknown(kind=Pact.TOPIC, pact=pact)


def _pacts(stores: Mapping[tuple[str, str], Store]) -> Iterator[Store]:
    return (store for (_, service), store in stores.items() if service == "pacts")


def _found(reading: Deciding, pact: str) -> Pact | None:
    try:
        return reading.find(Pact, UUID(pact))
    except ValueError:
        return last_pact(reading, pact)
