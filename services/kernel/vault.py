"""The vault: personal text beside the log, encrypted under a key per subject, erasable for good."""

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from nacl.secret import Aead
from sqlalchemy import Connection, bindparam, delete, insert, select

from services.kernel.database import Conflict, Prepared
from services.kernel.keys import Keys
from services.kernel.mapper import micros
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed
from services.kernel.tables import erasures, vault, vault_keys, vault_reads


class Erased(Refused):
    """The personal data was erased; the history that refers to it stays."""


_entry = Prepared(select(vault).where(vault.c.ref == bindparam("ref")))
_erasure = Prepared(select(erasures.c.subject).where(erasures.c.subject == bindparam("subject")))
_wrapped_key = Prepared(
    select(vault_keys.c.wrapped).where(vault_keys.c.subject == bindparam("subject"))
)
_keep = Prepared(insert(vault))
_keep_key = Prepared(insert(vault_keys))
_note_reads = Prepared(insert(vault_reads))


@dataclass(frozen=True)
class Entry:
    """One opened vault entry.

    Attributes:
        salt: hex of 32 secret random bytes; with the text it gives the commitment.
    """

    ref: UUID
    subject: UUID
    kind: str
    text: str
    salt: str

    @property
    def commitment(self) -> str:
        """Hex SHA-256 of salt and text, as the event holds it."""
        return sha256(bytes.fromhex(self.salt) + self.text.encode()).hexdigest()

    @property
    def sealed(self) -> Sealed:
        """The reference for events."""
        return Sealed(self.ref, self.commitment)

    def plain(self) -> bytes:
        """What is encrypted: JSON."""
        return json.dumps({"text": self.text, "salt": self.salt}).encode()


@dataclass(frozen=True)
class Bulk:
    """Bytes in the vault, as they came from outside (a mail); never disclosed to others.

    Attributes:
        salt: 32 secret random bytes; with the content they give the commitment.
    """

    ref: UUID
    subject: UUID
    kind: str
    content: bytes
    salt: bytes

    @property
    def sealed(self) -> Sealed:
        """The reference for events; commits to salt and content, as an entry does."""
        digest = sha256(self.salt)
        digest.update(self.content)
        return Sealed(self.ref, digest.hexdigest())

    def plain(self) -> bytes:
        """What is encrypted: a mark that no JSON begins with, the salt, the content."""
        return b"".join((BULK, self.salt, self.content))


BULK = b"\x00"
"""The first byte of an entry of bytes; an entry of text is JSON and begins with a brace."""
SALT = 32
MANY = 500
"""Entries that are read in one query; databases limit the arguments of one."""


class Vault:
    """The vault of one log, inside one transaction.

    Writes are kept until :meth:`write`, so that a refusal leaves nothing. Row identity (log,
    reference, subject, kind) is bound to each ciphertext as associated data.
    """

    def __init__(self, connection: Callable[[], Connection], keys: Keys, log_id: str) -> None:
        self._connection = connection
        self._keys = keys
        self._log_id = log_id
        self._new: dict[UUID, Entry | Bulk] = {}
        self._opened: list[Entry | Bulk] = []
        self._subject_keys: dict[UUID, bytes | None] = {}
        self._erasing: set[UUID] = set()

    def seal(self, subject: UUID, kind: str, text: str) -> Sealed:
        """Keep *text* about *subject*; written with the facts that refer to it.

        Raises:
            Erased: the subject's data was erased for good; nothing more is kept about it.
        """
        return self._add(Entry(uuid4(), subject, kind, text, os.urandom(SALT).hex()))

    def seal_bytes(self, subject: UUID, kind: str, content: bytes) -> Sealed:
        """Keep *content* about *subject*, like :meth:`seal`; several times its size is needed.

        Raises:
            Erased: the subject's data was erased for good; nothing more is kept about it.
        """
        return self._add(Bulk(uuid4(), subject, kind, content, os.urandom(SALT)))

    def _add(self, entry: Entry | Bulk) -> Sealed:
        if entry.subject in self._erasing or self.was_erased(entry.subject):
            raise Erased(subject=entry.subject)
        self._new[entry.ref] = entry
        return entry.sealed

    def keep(self, entry: Entry) -> None:
        """Keep an entry that another organisation disclosed, under its own reference.

        A second disclosure adds nothing; about a subject that we erased nothing is kept.
        """
        if self.entry(entry.ref) is None and not self.was_erased(entry.subject):
            self._new[entry.ref] = entry

    def discard(self, ref: UUID) -> None:
        """Do not keep what was disclosed in this decision after all; what is written stays.

        Whoever disclosed it chose its subject, which may be one of ours: that is not erased.
        """
        self._new.pop(ref, None)

    def open(self, sealed: Sealed) -> str:
        """The text behind *sealed*; that it was read is recorded.

        Raises:
            Erased: the subject's data was erased, or the entry was never disclosed to us.
        """
        entry = self.entry(sealed.ref)
        if entry is None:
            raise Erased(ref=sealed.ref)
        self._opened.append(entry)
        return entry.text

    def open_bytes(self, sealed: Sealed) -> bytes:
        """The bytes behind *sealed*; that they were read is recorded.

        Raises:
            Erased: the subject's data was erased.
        """
        bulk = self._found(sealed.ref)
        if not isinstance(bulk, Bulk):
            raise Erased(ref=sealed.ref)
        self._opened.append(bulk)
        return bulk.content

    def entry(self, ref: UUID) -> Entry | None:
        """The entry *ref* with its salt, or None if it is erased, unknown, or no text."""
        found = self._found(ref)
        return found if isinstance(found, Entry) else None

    def texts(self, refs: Sequence[UUID]) -> dict[UUID, str]:
        """The texts of those of *refs* that are written and not erased, read many at once.

        For who compares them and shows them to nobody: no reading is recorded.
        """
        found = {}
        for part in (refs[at : at + MANY] for at in range(0, len(refs), MANY)):
            query = select(vault, vault_keys.c.wrapped).where(
                vault.c.ref.in_(part), vault_keys.c.subject == vault.c.subject
            )
            for row in self._connection().execute(query):
                if row.subject not in self._subject_keys:
                    self._subject_keys[row.subject] = self._unwrapped(row.wrapped, row.subject)
                entry = self._read(row)
                if isinstance(entry, Entry):
                    found[row.ref] = entry.text
        return found

    def _found(self, ref: UUID) -> Entry | Bulk | None:
        if ref in self._new:
            return None if self._new[ref].subject in self._erasing else self._new[ref]
        row = _entry(self._connection(), {"ref": ref}).one_or_none()
        return None if row is None else self._read(row)

    def _read(self, row: Any) -> Entry | Bulk | None:
        """What a row of the vault holds, or None if it is erased."""
        key = None if row.subject in self._erasing else self._subject_key(row.subject)
        if key is None:
            return None
        plain = Aead(key).decrypt(row.sealed, aad=self._aad(row.ref, row.subject, row.kind))
        if plain.startswith(BULK):
            return Bulk(row.ref, row.subject, row.kind, plain[1 + SALT :], plain[1 : 1 + SALT])
        words = json.loads(plain)
        return Entry(row.ref, row.subject, row.kind, words["text"], words["salt"])

    def erase(self, subject: UUID) -> None:
        """Destroy the entries and the key of *subject*; nothing brings them back."""
        self._erasing.add(subject)

    def was_erased(self, subject: UUID) -> bool:
        """Whether *subject* was erased for good, before this decision."""
        return _erasure(self._connection(), {"subject": subject}).first() is not None

    def forget(self) -> None:
        """Drop what was kept or erased and not yet written; that entries were read stays true."""
        self._new.clear()
        self._erasing.clear()

    def write(self, at: datetime, actor: str, cause: str) -> None:
        """Write what was kept, erased and read, in the transaction of the facts.

        The log's counter row is held by now: it orders who seals and who erases, too.

        Raises:
            Conflict: a subject was erased after this decision had begun to seal.
        """
        connection = self._connection()
        if any(self.was_erased(subject) for subject in {e.subject for e in self._new.values()}):
            raise Conflict("erased meanwhile")
        for subject in self._erasing:
            connection.execute(delete(vault).where(vault.c.subject == subject))
            connection.execute(delete(vault_keys).where(vault_keys.c.subject == subject))
            if not self.was_erased(subject):
                connection.execute(
                    insert(erasures).values(subject=subject, erased_at=micros(at), actor=actor)
                )
        rows = []
        for entry in self._new.values():
            if entry.subject in self._erasing:
                continue
            aad = self._aad(entry.ref, entry.subject, entry.kind)
            key = self._subject_key(entry.subject) or self._make_key(entry.subject)
            rows.append(
                {
                    "ref": entry.ref,
                    "subject": entry.subject,
                    "kind": entry.kind,
                    "sealed": Aead(key).encrypt(entry.plain(), aad=aad),
                    "recorded_at": micros(at),
                }
            )
        if rows:
            _keep(connection, rows)
        self.write_reads(at, actor, cause)
        self._opened = []

    def write_reads(self, at: datetime, actor: str, cause: str) -> None:
        """Write who read what; also for questions that decide nothing."""
        if self._opened:
            _note_reads(
                self._connection(),
                [
                    {
                        "ref": entry.ref,
                        "subject": entry.subject,
                        "kind": entry.kind,
                        "actor": actor,
                        "cause": cause,
                        "read_at": micros(at),
                    }
                    for entry in self._opened
                ],
            )

    @property
    def changes(self) -> bool:
        """Whether there is anything to keep or to erase."""
        return bool(self._new or self._erasing)

    @property
    def reads(self) -> bool:
        """Whether anything was opened that has not been written down."""
        return bool(self._opened)

    def _subject_key(self, subject: UUID) -> bytes | None:
        if subject not in self._subject_keys:
            wrapped = _wrapped_key(self._connection(), {"subject": subject}).scalar()
            self._subject_keys[subject] = (
                None if wrapped is None else self._unwrapped(wrapped, subject)
            )
        return self._subject_keys[subject]

    def _unwrapped(self, wrapped: bytes, subject: UUID) -> bytes:
        return bytes(self._keys.wrapping.decrypt(wrapped, aad=self._key_aad(subject)))

    def _make_key(self, subject: UUID) -> bytes:
        key = os.urandom(Aead.KEY_SIZE)
        wrapped = bytes(self._keys.wrapping.encrypt(key, aad=self._key_aad(subject)))
        _keep_key(self._connection(), {"subject": subject, "wrapped": wrapped})
        self._subject_keys[subject] = key
        return key

    def _aad(self, ref: UUID, subject: UUID, kind: str) -> bytes:
        return f"{self._log_id}|{ref}|{subject}|{kind}".encode()

    def _key_aad(self, subject: UUID) -> bytes:
        return f"{self._log_id}|{subject}".encode()
