"""Calling a service from outside nameko: signed identity, refusals with their facts."""

import json
import warnings
from typing import Any
from uuid import UUID

warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")

from nameko.exceptions import RemoteError  # noqa: E402
from nameko.standalone.rpc import ClusterRpcProxy  # noqa: E402

from services.kernel import tracing  # noqa: E402
from services.kernel.actor import Actor  # noqa: E402
from services.kernel.identity import sign  # noqa: E402
from services.kernel.keys import Keys  # noqa: E402
from services.kernel.sealing import register_sealing  # noqa: E402


class RefusedThere(Exception):
    """A service refused: ``kind`` is the refusal's name, ``facts`` are its facts."""

    def __init__(self, kind: str, facts: dict[str, Any]) -> None:
        super().__init__(f"{kind} {json.dumps(facts, sort_keys=True)}")
        self.kind = kind
        self.facts = facts


class Caller:
    """Calls the services of one organisation. Not for several threads: a proxy each.

    Args:
        timeout: seconds to wait for an answer; after it the outcome is unknown, and the same key
            asked again gives it.
    """

    def __init__(self, organisation: str, amqp_url: str, keys: Keys, timeout: float = 20.0) -> None:
        self._organisation = organisation
        self._keys = keys
        serializer = register_sealing(organisation, keys)
        self._owner = ClusterRpcProxy(
            {
                "AMQP_URI": amqp_url,
                "serializer": serializer,
                "ACCEPT": [serializer],
                "LOGIN_METHOD": "PLAIN",
            },
            timeout=timeout,
        )
        self._proxy: Any = None

    def __enter__(self) -> "Caller":
        self._proxy = self._owner.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._owner.stop()

    def call(
        self,
        service: str,
        method: str,
        actor: Actor,
        *,
        key: UUID | None = None,
        correlation: str | None = None,
        **words: Any,
    ) -> Any:
        """What *method* answers.

        Args:
            correlation: of all that follows; by default the trace in which this runs, or the key.

        Raises:
            RefusedThere: a rule said no; nothing was written.
            nameko.exceptions.RpcTimeout: no answer in time; the outcome is unknown.
        """
        token = sign(
            self._keys.identities,
            actor,
            f"{self._organisation}/{service}",
            method,
            words,
            key,
            correlation or tracing.correlation_here(),
        )
        return self.call_as(service, method, token, **words)

    def call_as(self, service: str, method: str, identity: str | None, **words: Any) -> Any:
        """Like :meth:`call`, with a token that was made before."""
        try:
            asked = getattr(self._proxy[service], method)
            return asked(identity=identity, **tracing.here(), **words)
        except RemoteError as error:
            try:
                facts = json.loads(error.value)
            except (ValueError, TypeError):
                raise error from None
            if not isinstance(facts, dict):
                raise
            raise RefusedThere(str(error.exc_type), facts) from None
