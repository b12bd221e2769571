"""What every command of pacts does at the door: words to types, one pact edited, words back."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias, TypeVar

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.kernel.parameters import PARAMETERS, Parameters
from services.kernel.refusal import BadWord
from services.kernel.sealed import Sealed
from services.kernel.words import Body
from services.pacts.contact import Contact, Goes, contact_id
from services.pacts.content import Action
from services.pacts.form.opening import names_of, opened
from services.pacts.guidelines import Limits, Terms
from services.pacts.pact import Pact
from services.pacts.refusals import NameInClear, NotOfTheMicroequipe, OnlyAReferenceFigure
from services.pacts.views.people import only_a_figure

T = TypeVar("T")
Version: TypeAlias = int | None

TEAM = ("microequipe_lead", "microequipe_member", "case_manager")
LEAD = ("microequipe_lead",)
MANAGERS = ("case_manager", "project_manager")
ACROSS_FAMILIES = {"microequipe_lead", "case_manager", "project_manager", "auditor"}
"""Roles of who sees what is across families, whatever they are to some of them."""
MOST_ITEMS = 1000


def edit(pacts: Deciding, pact_id: str, expected_version: Version = None) -> Pact:
    """The pact as its editor saw it.

    Raises:
        Unknown: there is no such pact, or none yet that a reference figure may know of [3].
        VersionMoved: somebody else was faster.
    """
    id = parsing.uuid("pact_id", pact_id)
    pacts.get(Pact, id).must_be_there_for(pacts.actor)
    return pacts.edit(Pact, id, expected_version)


def answer(pact: Pact, **added: int) -> Body:
    """Where the pact stands after the command, and the number of what was added."""
    return {"pact": str(pact.id), "version": pact.version, "state": str(pact.state), **added}


def terms(pacts: Deciding, day: date | None = None) -> Terms:
    """The terms in force on *day*, or today."""
    return Terms.in_force(pacts.find(Parameters, PARAMETERS), day or pacts.today)


def limits(pacts: Deciding) -> Limits:
    """The limits in force today."""
    return Limits.in_force(pacts.find(Parameters, PARAMETERS), pacts.today)


def seal(pacts: Deciding, pact: Pact, kind: str, argument: str, value: object) -> Sealed:
    """The reference to a text about the family, which is kept in the vault."""
    text = parsing.text(argument, value)
    return pacts.seal(stream_id("family", pact.family), kind, text)


def must_name_nobody(pacts: Deciding, family: str, actions: Mapping[int, Action]) -> None:
    """Go on only if none of *actions*, as the committee reads them, names somebody of *family*.

    Raises:
        NameInClear: some do; all of them are told.
    """
    names, text = names_of(pacts, family), opened(pacts)
    if not names:
        return
    naming = [
        number
        for number, action in actions.items()
        if names.stand_in(action.provider, single=False)
        or names.stand_in(text(action.description) or "")
    ]
    if naming:
        raise NameInClear(actions=naming)


def must_see_across(reading: Deciding, by: Actor) -> None:
    """Refuse what is across families to who neither sees a whole pact nor has a role for it [3].

    Raises:
        OnlyAReferenceFigure: *by* is around pacts as a reference figure alone.
        NotOfTheMicroequipe: *by* is around none today, whatever they were.
    """
    if by.roles & ACROSS_FAMILIES:
        return
    figure = only_a_figure(reading.connection, parsing.uuid("identity", by.person))
    if figure is None:
        raise NotOfTheMicroequipe()
    if figure:
        raise OnlyAReferenceFigure()


def reach(pacts: Deciding, pact: Pact, what: Goes, safely: object, by: Actor) -> None:
    """Let something go to the family of *pact*: under the mark only if it goes by the safe way.

    Asked last, when it is sure that *by* may do it: nobody else learns of the mark by a refusal.

    Raises:
        ContactRestricted: the mark stands, and nobody says so.
    """
    goes_safely = flag("safely", safely)
    if (contact := pacts.find(Contact, contact_id(pact.family))) is not None:
        contact.go(what, goes_safely, by=by, on=pacts.today)


def restricted(reading: Deciding, family: str) -> bool:
    """Whether every contact with *family* is restricted, as far as was heard."""
    contact = reading.find(Contact, contact_id(family))
    return contact is not None and contact.restricted


def maybe(parse: Callable[[str, Any], T], name: str, value: object) -> T | None:
    """What *parse* makes of a word; None stays None."""
    return None if value is None else parse(name, value)


def number(name: str, value: object) -> int:
    """The number of an item of a pact."""
    return parsing.number(name, value, 1, MOST_ITEMS)


def flag(name: str, value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise BadWord(argument=name, wanted="flag")
    return value


def several(name: str, value: object) -> list[Any]:
    """A list of words."""
    if not isinstance(value, list):
        raise BadWord(argument=name, wanted="list")
    return value
