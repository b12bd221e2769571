"""Which kinds of facts the services can store, and which of them a year does not bring, and why."""

from collections.abc import Iterator, Mapping

from services.console.installation import LEAD_SERVICES
from services.console.year.facts import Logs
from services.kernel.aggregate import Aggregate
from services.kernel.composition import Composition

NOT_IN_A_YEAR: Mapping[str, str] = {
    "intake.FiguresTold": "pacts learn afterwards who the figures are only of a microequipe whose"
    " forming did not tell it yet; in a year every one does",
    "intake.TooManyAsked": "nobody tries out codes in a year, and families ask about fewer persons"
    " on a day than the board lets pass",
    "kernel.WordsSkipped": "an operator steps over words that crash their policy; none does",
    "notify.LetterDeferred": "a letter that was not taken for a time is tried again by the real"
    " clock, a minute later or more, on whatever day the year is by then: no year would be like"
    " another of its seed",
    "review.SeatAwaited": "nobody is appointed to the committee while its seats are taken",
}
"""Kinds of facts that no simulated year brings, each with its reason."""


def all_kinds() -> set[str]:
    """The topics of every event that a service can store."""
    for service in LEAD_SERVICES:
        Composition.of(service)
    return set(_topics(Aggregate.Event))


def kinds_in(logs: Logs) -> set[str]:
    """The topics of all facts."""
    return {fact.topic for log in logs.values() for fact in log.facts}


def lacking(logs: Logs) -> list[str]:
    """Kinds that a year brings, and this one did not."""
    return sorted(all_kinds() - NOT_IN_A_YEAR.keys() - kinds_in(logs))


def _topics(kind: type[Aggregate.Event]) -> Iterator[str]:
    for each in kind.__subclasses__():
        yield from _topics(each)
        if each.__module__.startswith("services.") and "TOPIC" in vars(each):
            yield each.TOPIC
