"""What a notary does, without one: sign what a log is, and cosign what was signed."""

from services.kernel.proof.checkpoints import continued, keep_cosignature, read_whole
from services.kernel.proof.merkle import Tree
from services.kernel.proof.notes import Checkpoint, Cosignature
from services.kernel.tables import checkpoints
from tests.kernel.parties import MARCH_2, Party, keys_of


def signed(party: Party) -> Tree:
    """Sign what the log is now."""
    return continued(party.store, read_whole(party.store))


def notes(party: Party) -> list[Checkpoint]:
    """The checkpoints of the log, the smallest first."""
    own = party.store.keys.public
    return [Checkpoint.read(row.note, own) for row in party.table(checkpoints)]


def cosigned(party: Party, by: str = "partner") -> None:
    """Let the organisation *by* cosign every checkpoint of the log."""
    for each in notes(party):
        line = Cosignature.sign(each, by, MARCH_2, keys_of(by).envelopes).line
        keep_cosignature(party.store, by, each.size, line)
