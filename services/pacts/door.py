"""What the commands and questions at the door share: roles, words to types, the answer."""

from base64 import b64encode
from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.ids import stream_id
from services.kernel.parameters import PARAMETERS, Parameters
from services.kernel.refusal import BadWord
from services.kernel.sealed import Sealed
from services.kernel.words import Body
from services.pacts.form.issuing import Paper
from services.pacts.form.opening import opened
from services.pacts.guidelines import Limits, Terms
from services.pacts.pact import Pact
from services.pacts.refusals import NotOfTheMicroequipe

T = TypeVar("T")
Version: TypeAlias = int | None

TEAM = ("microequipe_lead", "microequipe_member", "case_manager")
LEAD = ("microequipe_lead",)
MANAGERS = ("case_manager", "project_manager")
SEE_ANY = ("project_manager", "auditor")
"""Roles that see every pact of the organisation without its texts; the others see their own [3]."""
READERS = (*TEAM, *SEE_ANY)
MOST_ITEMS = 1000


def edit(pacts: Deciding, pact_id: str, expected_version: Version = None) -> Pact:
    """The pact *pact_id*, as the editor saw it."""
    return pacts.edit(Pact, parsing.uuid("pact_id", pact_id), expected_version)


def seen(pact: Pact, by: Actor) -> Pact:
    """*pact*, if *by* may see it."""
    if not by.roles & set(SEE_ANY) and not pact.entrusted_to(by):
        raise NotOfTheMicroequipe(pact=pact.id)
    return pact


def answer(pact: Pact, **added: int) -> Body:
    """What every command on a pact answers, with the number of what was added."""
    return {"pact": str(pact.id), "version": pact.version, "state": str(pact.state), **added}


def paper(paper: Paper) -> Body:
    """A paper as words: its name and the PDF in base64."""
    return {"name": paper.name, "pdf": b64encode(paper.pdf).decode()}


def terms(pacts: Deciding) -> Terms:
    """The terms of the guidelines in force today."""
    return Terms.in_force(pacts.find(Parameters, PARAMETERS), pacts.today)


def limits(pacts: Deciding) -> Limits:
    """The limits of the guidelines in force today."""
    return Limits.in_force(pacts.find(Parameters, PARAMETERS), pacts.today)


def seal(pacts: Deciding, pact: Pact, kind: str, argument: str, value: object) -> Sealed:
    """Text about the family, kept in the vault."""
    text = parsing.text(argument, value)
    return pacts.seal(stream_id("family", pact.family), kind, text)


def maybe(parse: Callable[[str, Any], T], name: str, value: object) -> T | None:
    """*value* parsed, or None if it was not said."""
    return None if value is None else parse(name, value)


def number(name: str, value: object) -> int:
    """The number of an item."""
    return parsing.number(name, value, 1, MOST_ITEMS)


def flag(name: str, value: object) -> bool:
    """Yes or no."""
    if not isinstance(value, bool):
        raise BadWord(argument=name, wanted="flag")
    return value


def items(name: str, value: object) -> list[Any]:
    """A list."""
    if not isinstance(value, list):
        raise BadWord(argument=name, wanted="list")
    return value


def ratings(value: object) -> dict[int, int]:
    """Ratings by the number of their goal."""
    if not isinstance(value, dict) or not all(
        isinstance(goal, str) and goal.isascii() and goal.isdigit() for goal in value
    ):
        raise BadWord(argument="ratings", wanted="goal numbers with ratings")
    return {int(goal): parsing.number("ratings", each, -99, 99) for goal, each in value.items()}


def reader(reading: Deciding, allowed: bool) -> Callable[[Sealed | None], str | None]:
    """What opens texts for who is *allowed* to read them."""
    return opened(reading) if allowed else lambda sealed: None
