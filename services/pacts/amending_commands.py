"""Commands on amendments: what is to be otherwise in the pact in force, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command
from services.kernel.refusal import BadWord
from services.kernel.words import Body
from services.pacts.amending import Items, Wanted
from services.pacts.content import (
    Action,
    ActionArea,
    Capacity,
    CapacityKind,
    CommunityResource,
    Dimension,
    Goal,
    ResourceKind,
)
from services.pacts.difference import after
from services.pacts.door import (
    LEAD,
    MOST_ITEMS,
    Version,
    answer,
    edit,
    maybe,
    must_name_nobody,
    number,
    seal,
    several,
)
from services.pacts.pact import Pact
from services.pacts.refusals import NoSuchItem

T = TypeVar("T")
Parse = Callable[[str, Any], Any]


class AmendmentCommands:
    """Commands that lead from one version of a pact in force to the next."""

    @command(*LEAD)
    def propose_amendment(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        ends: str | None = None,
        goals: dict[str, Any] | None = None,
        actions: dict[str, Any] | None = None,
        capacities: dict[str, Any] | None = None,
        resources: dict[str, Any] | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Send a new version of the pact to the committee; the pact in force goes on.

        Each kind of item takes ``added`` (as when it is drafted), ``changed`` (its ``number`` and
        what is to be otherwise) and ``removed`` (numbers). The ``action`` to which a capacity is
        brought is a number of the pact in force, or, below 0, the place of an added action.
        """
        pact = edit(pacts, pact_id, expected_version)
        wanted = Wanted(
            ends=maybe(parsing.day, "ends", ends),
            goals=_goals(pacts, pact).read(goals),
            actions=_actions(pacts, pact).read(actions),
            capacities=_capacities(pacts, pact).read(capacities),
            resources=_resources(pacts, pact).read(resources),
        )
        proposal = pact.propose_amendment(wanted, by=by, on=pacts.today)
        made = pact.amendments[proposal].difference
        must_name_nobody(pacts, pact.family, after(pact.actions, made.actions))
        return answer(pact, proposal=proposal)

    @command(*LEAD)
    def withdraw_amendment(
        self, pacts: Deciding, by: Actor, *, pact_id: str, expected_version: Version = None
    ) -> Body:
        """Take the amendment back before the committee has decided."""
        pact = edit(pacts, pact_id, expected_version)
        pact.withdraw_amendment(by=by, on=pacts.today)
        return answer(pact)


@dataclass(frozen=True)
class _Kind(Generic[T]):
    """How items of one kind are told in words.

    Attributes:
        name: the argument.
        one: what one of them is called.
        make: their type.
        fields: how each word of an item is read.
        optional: the words that an added item may leave out.
        present: the items of the pact in force.
    """

    name: str
    one: str
    make: Callable[..., T]
    fields: Mapping[str, Parse]
    optional: frozenset[str]
    present: Mapping[int, T]

    def read(self, words: object) -> Items[T]:
        """What is added, changed and removed."""
        if words is None:
            return Items()
        told = self._only(words, {"added", "changed", "removed"})
        return Items(
            added=tuple(self._added(each) for each in several(self.name, told.get("added", []))),
            changed=tuple(
                self._changed(each) for each in several(self.name, told.get("changed", []))
            ),
            removed=tuple(
                number(self.name, each) for each in several(self.name, told.get("removed", []))
            ),
        )

    def _added(self, words: object) -> T:
        told = self._only(words, set(self.fields))
        if missing := set(self.fields) - self.optional - set(told):
            raise BadWord(argument=self.name, wanted="whole items", missing=sorted(missing))
        return self.make(**{**dict.fromkeys(self.fields), **self._stated(told)})

    def _changed(self, words: object) -> tuple[int, T]:
        told = self._only(words, {*self.fields, "number"})
        which = number(self.name, told.get("number"))
        present = self.present.get(which)
        if present is None:
            raise NoSuchItem(**{self.one: which})
        return which, replace(present, **self._stated(told))  # type: ignore[type-var]

    def _stated(self, told: dict[str, Any]) -> dict[str, Any]:
        return {
            name: parse(name, told[name]) for name, parse in self.fields.items() if name in told
        }

    def _only(self, words: object, known: set[str]) -> dict[str, Any]:
        if not isinstance(words, dict) or set(words) - known:
            raise BadWord(argument=self.name, wanted="object", takes=sorted(known))
        return words


def _goals(pacts: Deciding, pact: Pact) -> _Kind[Goal]:
    text = partial(seal, pacts, pact, "goal")
    fields = {"goal": text, "expected_result": text}
    return _Kind("goals", "goal", Goal, fields, frozenset(), pact.goals)


def _actions(pacts: Deciding, pact: Pact) -> _Kind[Action]:
    text = partial(seal, pacts, pact, "action")
    fields: dict[str, Parse] = {
        "dimension": partial(parsing.word, words=Dimension),
        "area": partial(parsing.word, words=ActionArea),
        "description": text,
        "provider": partial(parsing.text, longest=60),
        "responsible": parsing.uuid,
        "committed": partial(maybe, parsing.uuid),
        "starts": parsing.day,
        "until": parsing.day,
        "expected_result": text,
        "quantity_eur": partial(maybe, parsing.amount),
        "quantity_hours": partial(maybe, parsing.amount),
    }
    optional = frozenset({"committed", "quantity_eur", "quantity_hours"})
    return _Kind("actions", "action", Action, fields, optional, pact.actions)


def _capacities(pacts: Deciding, pact: Pact) -> _Kind[Capacity]:
    fields: dict[str, Parse] = {
        "kind": partial(parsing.word, words=CapacityKind),
        "description": partial(seal, pacts, pact, "capacity"),
        "person": partial(maybe, parsing.uuid),
        "action": partial(parsing.number, least=-MOST_ITEMS, most=MOST_ITEMS),
    }
    optional = frozenset({"person"})
    return _Kind("capacities", "capacity", Capacity, fields, optional, pact.capacities)


def _resources(pacts: Deciding, pact: Pact) -> _Kind[CommunityResource]:
    fields: dict[str, Parse] = {
        "kind": partial(parsing.word, words=ResourceKind),
        "description": partial(seal, pacts, pact, "resource"),
        "hours": partial(maybe, parsing.amount),
    }
    optional = frozenset({"hours"})
    return _Kind("resources", "resource", CommunityResource, fields, optional, pact.resources)
