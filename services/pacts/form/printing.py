"""The approved pact on paper, to be signed: its texts for people, its facts for programs."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.kernel.rows import canonical
from services.kernel.sealed import Sealed
from services.pacts.along import Representation
from services.pacts.content import Dimension
from services.pacts.form.fields import (
    AREAS,
    CAPACITY_KINDS,
    DIMENSIONS,
    FAMILY_MEMBERS,
    RESOURCE_KINDS,
    figures,
    member_of,
    microequipe,
)
from services.pacts.form.pages import ABOUT, templates
from services.pacts.form.prefilling import as_typed
from services.pacts.life import State
from services.pacts.pact import Pact

TO_SIGN = (State.APPROVED, State.APPROVED_WITH_CONDITIONS)
ERASED = "(testo cancellato)"
ATTACHED = "patto.json"
FORMAT = "comunita/pact/1"


REPRESENTATIONS = {
    Representation.TUTOR: "tutore",
    Representation.AMMINISTRATORE_DI_SOSTEGNO: "amministratore di sostegno",
    Representation.PARENT: "famiglia: genitore",
}


def printed_page(pact: Pact, text: Callable[[Sealed | None], str | None]) -> str:
    """The page of *pact*, with the texts that are still there and without anybody's name."""
    called = labels(pact)
    people = _people(pact)
    environment = templates().overlay()
    environment.filters = {
        **environment.filters,
        "typed": as_typed,
        "clear": lambda sealed: text(sealed) or ERASED,
    }
    return environment.get_template("printed.html").render(
        pact=pact,
        decision=pact.decision,
        amended=pact.amended,
        to_sign=pact.state in TO_SIGN,
        parts=[(each, DIMENSIONS[each], ABOUT[each]) for each in Dimension],
        actions=[(called[number], action) for number, action in pact.actions.items()],
        labels=called,
        areas=AREAS,
        capacities=CAPACITY_KINDS,
        resources=RESOURCE_KINDS,
        people=people,
        signatories=[*(people[each] for each in pact.signers), people[pact.microequipe.lead]],
        attachment=ATTACHED,
    )


def record(pact: Pact, organisation: str) -> str:
    """What the events say of *pact*, as canonical JSON: codes, days, amounts, and of each text its
    reference and commitment, by which a text that is shown can be proved.
    """
    decision = pact.decision
    return canonical(
        _plain(
            {
                "format": FORMAT,
                "organisation": organisation,
                "family": pact.family,
                "number": pact.number,
                "pact": pact.id,
                "version": pact.version,
                "state": pact.state,
                "proposal": pact.in_force,
                "starts": pact.starts,
                "ends": pact.ends,
                "decision": None if decision is None else asdict(decision),
                "sign_by": pact.sign_by,
                "signatories": pact.signatories,
                "lead": pact.microequipe.lead,
                "goals": _numbered(pact.goals),
                "actions": _numbered(pact.actions),
                "capacities": _numbered(pact.capacities),
                "community_resources": _numbered(pact.resources),
            }
        )
    )


def _numbered(items: dict[int, Any]) -> list[dict[str, Any]]:
    return [{"item": number, **asdict(item)} for number, item in items.items()]


def _plain(value: Any) -> Any:
    """*value* as JSON words."""
    match value:
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case date():
            return value.isoformat()
        case StrEnum() | UUID() | Decimal():
            return str(value)
    return value


def labels(pact: Pact) -> dict[int, str]:
    """Each action by its dimension and its place there, as the form calls it."""
    places = dict.fromkeys(Dimension, 0)
    called = {}
    for number, action in pact.actions.items():
        places[action.dimension] += 1
        called[number] = f"{DIMENSIONS[action.dimension]} {places[action.dimension]}"
    return called


def _people(pact: Pact) -> dict[UUID, str]:
    """Everybody whom the pact mentions, by what they are in it."""
    known = {
        member_of(pact.family, number): f"famiglia: componente {number}"
        for number in range(1, FAMILY_MEMBERS + 1)
    }
    team = {UUID(person): words for person, words in microequipe(pact.microequipe)}
    team |= {figure.person: words for _, figure, words in figures(pact.microequipe)}
    if pact.microequipe.case_manager is not None:
        team.setdefault(pact.microequipe.case_manager, "case manager")
    of_family = [*pact.committed, *(each.person for each in pact.capacities.values())]
    for placed in pact.positions.values():
        if placed.signer is not None and placed.representation is not None:
            known.setdefault(placed.signer, REPRESENTATIONS[placed.representation])
    others = [each for each in (*of_family, *pact.signatories) if each and each not in known]
    for place, person in enumerate(dict.fromkeys(others), start=1):
        known[person] = f"famiglia: persona {place}"
    for action in pact.actions.values():
        team.setdefault(action.responsible, "già nella microequipe")
    return {**known, **team}
