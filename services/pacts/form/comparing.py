"""The form of an amendment beside the pact in force: what it says, and what it wants otherwise.

An item is known by its place: as long as the pact in force is the one from which the form starts,
what is written there is that item, changed or not; what is written in an empty place is added.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from services.pacts.amending import Items, Wanted
from services.pacts.content import Action, Capacity, CommunityResource, Goal, Microequipe
from services.pacts.difference import Difference, after
from services.pacts.form import entries
from services.pacts.form.fields import AGREED, ENDS, WITHOUT_NAMES, place_of, taken_out
from services.pacts.form.names import NOBODY, Names
from services.pacts.form.prefilling import Holds, Open, amendable, numbers, prefilled
from services.pacts.form.problems import Kind
from services.pacts.form.reading import Page, Reading, contents, ticked
from services.pacts.form.sealing import Seal, WrittenItem, held
from services.pacts.form.written import Written, WrittenCapacity
from services.pacts.pact import Pact

T = TypeVar("T")


@dataclass(frozen=True)
class Amended:
    """A pact as an amendment would have it."""

    family: str
    microequipe: Microequipe
    starts: date | None
    ends: date | None
    goals: Mapping[int, Goal]
    actions: Mapping[int, Action]
    capacities: Mapping[int, Capacity]
    resources: Mapping[int, CommunityResource]

    @classmethod
    def of(cls, pact: Pact, difference: Difference) -> "Amended":
        """What *pact* says with the *difference*."""
        return cls(
            pact.family,
            pact.microequipe,
            pact.starts,
            difference.ends,
            after(pact.goals, difference.goals),
            after(pact.actions, difference.actions),
            after(pact.capacities, difference.capacities),
            after(pact.resources, difference.resources),
        )


def read_amendment(
    values: Mapping[str, object], pact: Pact, on: date, names: Names = NOBODY
) -> Reading:
    """Read the *values* of the form of an amendment of *pact*, as the whole pact that it wants.

    Its first day stays; without a last one, that stays, too. The guidelines set no longest period
    of what is amended [2].

    Args:
        on: the day on which the form was sent.
        names: of the household; a text that carries one is to be mended.
    """
    fields = amendable(pact)
    out = [each for each in fields.items if entries.ticked(values.get(taken_out(each).name))]
    page = Page(values, names, map(place_of, out))
    ends: date | None = page.maybe(ENDS) or pact.ends
    if ends is not None and ends != pact.ends and ends < on:
        page.wrong(Kind.ENDS_BEFORE_THE_PROPOSAL, ENDS, first=on, last=ends)
    ticked(page, AGREED, WITHOUT_NAMES)
    return page.read(contents(page, fields, pact.family, (pact.starts, ends)))


def said(pact: Holds, text: Open) -> Written:
    """What *pact* says in the words of a form; None stands for what no form can say.

    Raises:
        DraftDoesNotFitTheForm: it holds more than the form has room for.
    """
    fields = amendable(pact)
    page = Page(prefilled(pact, text, fields), NOBODY)
    return contents(page, fields, pact.family, (pact.starts, pact.ends))


def wanted(pact: Pact, now: Written, before: Written, seal: Seal) -> Wanted:
    """What is to be otherwise in *pact*.

    Args:
        now: what the form says.
        before: what the pact in force says.
        seal: keeps the texts that are new.
    """
    at = numbers(pact, amendable(pact))
    items = _comparing(at, seal)
    brought, were = _brought(now, at), _brought(before, at)
    return Wanted(
        ends=None if now.ends == pact.ends else now.ends,
        goals=items("goal", Goal, pact.goals, now.goals, before.goals),
        actions=items("action", Action, pact.actions, now.actions, before.actions),
        capacities=items("capacity", Capacity, pact.capacities, brought, were),
        resources=items(
            "resource", CommunityResource, pact.resources, now.resources, before.resources
        ),
    )


def _comparing(at: Mapping[str, int], seal: Seal) -> Callable[..., Any]:
    """Compares items of one kind; *at* gives the numbers of those in force by their places."""

    def items(
        kind: str,
        make: Callable[..., T],
        present: Mapping[int, T],
        now: tuple[WrittenItem, ...],
        before: tuple[WrittenItem, ...],
    ) -> Items[T]:
        was = {each.place: each for each in before}
        changed = [
            (number, replace(present[number], **words))  # type: ignore[type-var]
            for each in now
            if (number := at.get(each.place)) is not None
            and (words := held(kind, each, seal, than=was.get(each.place)))
        ]
        left = {each.place for each in now}
        return Items(
            added=tuple(make(**held(kind, each, seal)) for each in now if each.place not in at),
            changed=tuple(changed),
            removed=tuple(at[place] for place in was if place not in left),
        )

    return items


def _brought(written: Written, at: Mapping[str, int]) -> tuple[WrittenCapacity, ...]:
    """The capacities, with the number of their action, or, below 0, its place among the added."""
    added = [each.place for each in written.actions if each.place not in at]
    actions = [at.get(each.place) or -1 - added.index(each.place) for each in written.actions]
    return tuple(
        replace(each, action=actions[each.action - 1]) if each.action else each
        for each in written.capacities
    )
