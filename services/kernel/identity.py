"""Signed identity: who calls, for what, until when. The service checks it, whoever carried it.

A token is ``<base64url claims>.<hex Ed25519 signature>``. It is bound to one service, one method,
one set of arguments and one idempotency key, so that nothing of it can be used for anything else.
"""

import base64
import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID, uuid4

import msgspec
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from services.kernel.actor import Actor
from services.kernel.refusal import Refused
from services.kernel.rows import canonical

LIFETIME = 60
"""Seconds of real time for which a token is good."""


class IdentityMissing(Refused):
    """Every call says who calls, and proves it."""


class IdentityForged(Refused):
    """The identity is not readable, or this organisation did not sign it."""


class IdentityExpired(Refused):
    """The identity was good until ``expired_at`` (seconds since 1970 UTC)."""


class IdentityElsewhere(Refused):
    """The identity was made for another service or another method."""


class ArgumentsChanged(Refused):
    """The identity was made for other arguments."""


class RoleWithoutRight(Refused):
    """None of the caller's roles may do this; ``may`` names those that do."""


@dataclass(frozen=True)
class Caller:
    """A verified call: who, and under which idempotency key."""

    actor: Actor
    key: UUID
    correlation: str


def digest(arguments: Mapping[str, Any]) -> str:
    """Hex SHA-256 of the arguments' canonical JSON."""
    return sha256(canonical(dict(arguments)).encode()).hexdigest()


def sign(
    signer: SigningKey,
    actor: Actor,
    audience: str,
    method: str,
    arguments: Mapping[str, Any],
    key: UUID | None = None,
    correlation: str | None = None,
    lifetime: int = LIFETIME,
) -> str:
    """A token with which *actor* may call *method* of *audience* with exactly *arguments*.

    Args:
        audience: ``<organisation>/<service>``.
        key: idempotency key; the same one again gets the same answer.
        lifetime: seconds of real time.
    """
    key = key or uuid4()
    claims = {
        "actor": actor.id,
        "roles": sorted(actor.roles),
        "audience": audience,
        "method": method,
        "digest": digest(arguments),
        "key": str(key),
        "correlation": correlation or str(key),
        "expires": int(time.time()) + lifetime,
    }
    body = canonical(claims).encode()
    signature = signer.sign(body).signature.hex()
    return f"{base64.urlsafe_b64encode(body).decode()}.{signature}"


def verify(
    token: str | None,
    verifier: VerifyKey,
    organisation: str,
    service: str,
    method: str,
    arguments: Mapping[str, Any],
) -> Caller:
    """Who calls, if everything about *token* is right.

    Raises:
        IdentityMissing, IdentityForged, IdentityExpired, IdentityElsewhere, ArgumentsChanged: what
            is wrong; nothing was looked at beyond the token.
    """
    if not token:
        raise IdentityMissing(method=method)
    claims = _claims(token, verifier)
    actor = Actor(claims.actor, roles=frozenset(claims.roles))
    if actor.organisation != organisation:
        raise IdentityForged(method=method)
    if claims.expires < time.time():
        raise IdentityExpired(method=method, expired_at=claims.expires)
    if (claims.audience, claims.method) != (f"{organisation}/{service}", method):
        raise IdentityElsewhere(audience=claims.audience, method=claims.method)
    if claims.digest != digest(arguments):
        raise ArgumentsChanged(method=method)
    return Caller(actor, claims.key, claims.correlation)


class Claims(msgspec.Struct):
    """What a token states; limits are those of the tables that keep it."""

    actor: Annotated[str, msgspec.Meta(max_length=120)]
    roles: list[str]
    audience: str
    method: str
    digest: str
    key: UUID
    correlation: Annotated[str, msgspec.Meta(max_length=80)]
    expires: int


def _claims(token: object, verifier: VerifyKey) -> Claims:
    if not isinstance(token, str):
        raise IdentityForged()
    try:
        body, _, signature = token.partition(".")
        raw = base64.urlsafe_b64decode(body.encode())
        verifier.verify(raw, bytes.fromhex(signature))
        return msgspec.json.decode(raw, type=Claims)
    except (ValueError, TypeError, BadSignatureError, msgspec.MsgspecError):
        raise IdentityForged() from None
