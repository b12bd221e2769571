"""Whose address it is, and where somebody is reached; the vault alone holds the addresses."""

from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.sealed import Sealed
from services.notify.addresses import BUCKETS, Addresses, Channel, addresses_id, normalised
from services.notify.views import addresses, holders


def bucket_of(deciding: Deciding, address: str) -> int:
    """Among which of the known addresses *address* is looked for."""
    fingerprint = deciding.fingerprint(f"address/{normalised(address)}")
    return int.from_bytes(fingerprint) % BUCKETS


def known_sender(deciding: Deciding, address: str) -> UUID | None:
    """The person whose newest address of any kind *address* is, and who holds a role today.

    Nothing by which an erased address could be recognised is stored: the few known addresses in its
    bucket are opened and compared. Of several persons with one address, whose was recorded first.
    """
    wanted = normalised(address)
    rows = addresses.in_bucket(deciding.connection, bucket_of(deciding, address))
    known = deciding.vault.texts([row.ref for row in rows])
    for row in rows:
        if row.ref in known and normalised(known[row.ref]) == wanted:
            person: UUID = row.person
            if holders.holds_a_role(deciding.connection, person, deciding.today):
                return person
    return None


def mail_address(deciding: Deciding, person: UUID) -> Sealed | None:
    """The newest mail address of *person*; without one the certified one; None if neither."""
    known = deciding.find(Addresses, addresses_id(person))
    if known is None:
        return None
    return known.known.get(Channel.MAIL) or known.known.get(Channel.PEC)
