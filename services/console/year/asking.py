"""Asking many things at once: a pool of threads, each with a caller for each organisation."""

import threading
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, TypeVar

from services.console.installation import Installation
from services.kernel.actor import Actor
from services.kernel.calling import Caller, RefusedThere
from services.kernel.keys import Keys

T = TypeVar("T")
R = TypeVar("R")

THREADS = 8
PATIENCE = 300.0
"""Seconds for one answer: forms are set one after the other, and a machine may be busy."""
OURS = frozenset({"BadWord", "RoleWithoutRight", "IdentityMissing", "ArgumentsChanged"})
"""Refusals that only a mistake of the simulation can bring about."""


class Asking:
    """Asks the services of both organisations; a context manager.

    Attributes:
        asked: how often each method was asked, as ``service.method``.
        refused: how often each rule said no.
    """

    def __init__(self, installation: Installation) -> None:
        """Nobody is asked yet."""
        self.asked: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self._members = installation.members
        self._counting = threading.Lock()
        self._own = threading.local()
        self._open = ExitStack()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="asking")

    def __enter__(self) -> "Asking":
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._open.close()

    def __call__(
        self, organisation: str, service: str, method: str, by: Actor, /, **words: Any
    ) -> Any:
        """What *method* answers.

        Raises:
            RefusedThere: a rule said no.
        """
        with self._counting:
            self.asked[f"{service}.{method}"] += 1
        try:
            return self._caller(organisation).call(service, method, by, **words)
        except RefusedThere as refused:
            with self._counting:
                self.refused[refused.kind] += 1
            raise

    def each(self, act: Callable[[T], R], things: Iterable[T]) -> list[R | None]:
        """What *act* gives for each of *things*, many at once; None where a rule said no.

        Raises:
            RefusedThere: for a reason that only a mistake of ours can have.
        """
        asked = [self._pool.submit(allowing, act, each) for each in things]
        return [each.result() for each in asked]

    def _caller(self, organisation: str) -> Caller:
        callers: dict[str, Caller] = self._own.__dict__.setdefault("callers", {})
        if organisation not in callers:
            member = next(each for each in self._members if each.organisation == organisation)
            keys = Keys(bytes.fromhex(member.env["ORGANISATION_SECRET"]))
            caller = Caller(organisation, member.env["AMQP_URL"], keys, timeout=PATIENCE)
            with self._counting:
                callers[organisation] = self._open.enter_context(caller)
        return callers[organisation]


def allowing(act: Callable[[T], R], thing: T) -> R | None:
    """What *act* gives for *thing*; None where a rule said no.

    Raises:
        RefusedThere: for a reason that only a mistake of ours can have.
    """
    try:
        return act(thing)
    except RefusedThere as refused:
        if refused.kind in OURS:
            raise
        return None
