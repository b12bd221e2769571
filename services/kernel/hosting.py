"""Services on nameko: a command parses and edits; the door checks who asks, once for all.

nameko appears only here, in ``serve.py``, ``calling.py`` and in the ``service.py`` files.
"""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from nameko.extensions import DependencyProvider
from nameko.rpc import rpc

from services.kernel import tracing
from services.kernel.deciding import Deciding, Occasion
from services.kernel.identity import Caller, RoleWithoutRight, verify
from services.kernel.refusal import BadWord, Refused
from services.kernel.rows import canonical
from services.kernel.store import Store

F = TypeVar("F", bound=Callable[..., Any])


class Hosted(DependencyProvider):
    """Gives the methods of a service its store."""

    def get_dependency(self, worker_ctx: Any) -> Store:
        """The store that the process opened at its start."""
        store: Store = self.container.config["store"]
        return store


def command(*roles: str) -> Callable[[F], Callable[..., Any]]:
    """An RPC method that decides: ``method(self, deciding, by, *, words…) -> JSON``.

    It is called with ``identity=<token>`` and the words. The token is verified, the roles are
    checked, and key, actor, request digest and outcome are stored in the deciding transaction:
    asked again with the same token, it answers the same and decides nothing twice. What the caller
    gives as ``traceparent`` only places the call in a trace.

    Args:
        roles: any one of which gives the right.
    """

    def mark(method: F) -> Callable[..., Any]:
        @rpc(expected_exceptions=Refused)
        @wraps(method)
        def called(
            self: Any, identity: str | None = None, traceparent: str | None = None, **words: Any
        ) -> Any:
            store: Store = self.hosted
            name = method.__name__
            with tracing.Act(store, tracing.COMMAND, name, traceparent) as traced:
                caller = admitted(store, roles, identity, name, words)
                traced.occasion = occasion = _occasion(caller, "command")

                def act(deciding: Deciding) -> Any:
                    traced.decided = True
                    _fits(method, self, deciding, caller, words)
                    return method(self, deciding, caller.actor, **words)

                request = canonical(words).encode()
                return store.decide_once(caller.key, name, request, occasion, act)

        return called

    return mark


def query(*roles: str) -> Callable[[F], Callable[..., Any]]:
    """An RPC method that answers and stores nothing but who read whose entries."""

    def mark(method: F) -> Callable[..., Any]:
        @rpc(expected_exceptions=Refused)
        @wraps(method)
        def called(
            self: Any, identity: str | None = None, traceparent: str | None = None, **words: Any
        ) -> Any:
            store: Store = self.hosted
            name = method.__name__
            with tracing.Act(store, tracing.QUERY, name, traceparent) as traced:
                caller = admitted(store, roles, identity, name, words)
                traced.occasion = occasion = _occasion(caller, f"query {name}")

                def question(reading: Deciding) -> Any:
                    _fits(method, self, reading, caller, words)
                    return method(self, reading, caller.actor, **words)

                return store.ask(occasion, question)

        return called

    return mark


def admitted(
    store: Store, roles: tuple[str, ...], identity: str | None, method: str, words: dict[str, Any]
) -> Caller:
    """Who calls, if the identity is right and one of its roles gives the right.

    Raises:
        Refused: what is wrong with the identity, or which roles may.
    """
    try:
        canonical(words).encode()
    except (TypeError, ValueError, RecursionError):
        raise BadWord(argument="", wanted="JSON without floats") from None
    caller = verify(
        identity,
        store.keys.identities.verify_key,
        store.programme.own,
        store.composition.name,
        method,
        words,
    )
    if not caller.actor.roles & set(roles):
        raise RoleWithoutRight(method=method, may=sorted(roles))
    return caller


def _occasion(caller: Caller, kind: str) -> Occasion:
    return Occasion(caller.key, f"{kind}:{caller.key}", caller.correlation, caller.actor)


def _fits(
    method: Callable[..., Any], service: Any, deciding: Deciding, caller: Caller, words: Any
) -> None:
    """Raise BadWord if the words are not the ones that *method* takes."""
    try:
        inspect.signature(method).bind(service, deciding, caller.actor, **words)
    except TypeError:
        taken = list(inspect.signature(method).parameters)[3:]
        raise BadWord(argument="", wanted="other words", takes=taken) from None
