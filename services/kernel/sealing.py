"""RPC bodies sealed with the organisation's transport key: quorum queues write them to disk."""

import json
from typing import Any

from kombu.serialization import register
from nacl.exceptions import CryptoError

from services.kernel.keys import Keys


class Unsealed(ValueError):
    """An RPC body that this organisation did not seal; nothing of it was read."""


def register_sealing(organisation: str, keys: Keys) -> str:
    """Make the serializer of *organisation* known to kombu in this process; its name."""
    name = f"sealed-{organisation}"

    def seal(value: Any) -> bytes:
        return bytes(keys.transport.encrypt(json.dumps(value).encode()))

    def unseal(sealed: Any) -> Any:
        body = sealed.encode("latin-1") if isinstance(sealed, str) else bytes(sealed)
        try:
            return json.loads(keys.transport.decrypt(body))
        except CryptoError:
            raise Unsealed("not sealed by this organisation") from None

    register(  # type: ignore[no-untyped-call]  # kombu states no types here
        name,
        encoder=seal,
        decoder=unseal,
        content_type=f"application/x-{name}",
        content_encoding="binary",
    )
    return name
