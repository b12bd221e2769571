"""The keys of one organisation, all derived from one secret, and the public keys of the others."""

import hmac
from base64 import b32encode
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from nacl.encoding import HexEncoder
from nacl.hash import blake2b
from nacl.public import Box, PrivateKey, PublicKey, SealedBox
from nacl.secret import Aead, SecretBox
from nacl.signing import SigningKey, VerifyKey


@dataclass(frozen=True)
class PublicKeys:
    """What an organisation shows to others.

    Attributes:
        verify: hex Ed25519 key that verifies its envelopes.
        seal: hex X25519 key for which personal parts are sealed.
    """

    verify: str
    seal: str

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether *signature* over *message* is this organisation's."""
        try:
            VerifyKey(bytes.fromhex(self.verify)).verify(message, signature)
        except Exception:  # any malformed key or signature: not theirs, fails closed
            return False
        return True

    def sealed(self, plain: bytes) -> bytes:
        """*plain* in a box that only this organisation opens."""
        return SealedBox(PublicKey(bytes.fromhex(self.seal))).encrypt(plain)


class Keys:
    """The secret keys of one organisation.

    Each purpose has its own key, derived with BLAKE2b from the one secret that operators keep.
    """

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 32:
            raise ValueError("the organisation's secret is 32 bytes (64 hex digits)")
        self._secret = secret

    def _derived(self, purpose: bytes) -> bytes:
        return bytes.fromhex(
            blake2b(b"", key=self._secret, person=purpose, encoder=HexEncoder).decode()
        )

    @cached_property
    def envelopes(self) -> SigningKey:
        """Signs what is said to others."""
        return SigningKey(self._derived(b"envelopes"))

    @cached_property
    def identities(self) -> SigningKey:
        """Signs who calls a service."""
        return SigningKey(self._derived(b"identities"))

    @cached_property
    def parts(self) -> PrivateKey:
        """Opens personal parts that others sealed for us."""
        return PrivateKey(self._derived(b"parts"))

    @cached_property
    def transport(self) -> SecretBox:
        """Seals RPC bodies inside the organisation."""
        return SecretBox(self._derived(b"transport"))

    @cached_property
    def wrapping(self) -> Aead:
        """Wraps the key of each subject in the vault."""
        return Aead(self._derived(b"wrapping"))

    @cached_property
    def digests(self) -> bytes:
        """Keys the digests of requests, so that a stored one cannot be searched."""
        return self._derived(b"digests")

    @cached_property
    def fingerprints(self) -> bytes:
        """Keys the fingerprints by which a text that is known is found again."""
        return self._derived(b"fingerprints")

    def fingerprints_between(self, other: PublicKeys) -> bytes:
        """Keys the fingerprints that we and *other* can compare, and nobody else can compute.

        Both derive it from the keys for which personal parts are sealed; nothing is exchanged.
        """
        agreed = Box(self.parts, PublicKey(bytes.fromhex(other.seal))).shared_key()
        return bytes.fromhex(
            blake2b(b"", key=agreed, person=b"fingerprints", encoder=HexEncoder).decode()
        )

    @cached_property
    def tags(self) -> bytes:
        """Keys the tags of what we give out and want to know again."""
        return self._derived(b"tags")

    def tag(self, text: str) -> str:
        """Proof that we gave *text* out: 24 characters of base 32, 120 bits of HMAC-SHA-256."""
        return b32encode(hmac.digest(self.tags, text.encode(), sha256)).decode()[:24]

    @property
    def public(self) -> PublicKeys:
        """What the others get to know."""
        return PublicKeys(
            verify=self.envelopes.verify_key.encode(HexEncoder).decode(),
            seal=self.parts.public_key.encode(HexEncoder).decode(),
        )

    def open_part(self, sealed: bytes) -> bytes:
        """What another organisation sealed for us.

        Raises:
            nacl.exceptions.CryptoError: it is not for us, or was altered.
        """
        return SealedBox(self.parts).decrypt(sealed)
