"""The Merkle tree of RFC 6962 over the leaves of a log: roots, and proofs that a log only grew.

Of a tree only its peaks are kept: the roots of the perfect subtrees into which its size falls, as
the ones of a binary number. They suffice to go on, and to prove that what follows continues it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

EMPTY = sha256(b"").digest()
"""Root of a tree without leaves [RFC 6962, 2.1]."""
LONGEST_PROOF = 63
"""Hashes of a proof between two trees of less than 2^63 leaves, at most [C2SP tlog-witness]."""


def parent(left: bytes, right: bytes) -> bytes:
    """The node above two others: SHA-256 of a one byte and both [RFC 6962, 2.1]."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Tree:
    """A tree of *size* leaves by its peaks, from the left: the largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    @property
    def root(self) -> bytes:
        """The hash that stands for all leaves in their order."""
        if not self.peaks:
            return EMPTY
        *left, root = self.peaks
        for peak in reversed(left):
            root = parent(peak, root)
        return root

    def grown(self, leaves: Iterable[bytes]) -> "Tree":
        """The tree that continues this one with the hashes *leaves*."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            node, complete = leaf, size
            while complete & 1:
                node = parent(peaks.pop(), node)
                complete >>= 1
            peaks.append(node)
            size += 1
        return Tree(size, tuple(peaks))


def continues(old: Tree, leaves: Sequence[bytes]) -> list[bytes]:
    """Proof that *old* followed by *leaves* continues *old* [RFC 6962, 2.1.2].

    Nothing else is needed: every node left of where *old* ends is one of its peaks.
    """
    within = dict(_spans(old))

    def node(first: int, end: int) -> bytes:
        known = within.get((first, end))
        return known or Tree().grown(leaves[first - old.size : end - old.size]).root

    def below(first: int, end: int, shown: bool) -> list[bytes]:
        if end == old.size:
            return [] if shown else [node(first, end)]
        middle = first + _half(end - first)
        if old.size <= middle:
            return [*below(first, middle, shown), node(middle, end)]
        return [*below(middle, end, False), node(first, middle)]

    return below(0, old.size + len(leaves), True) if old.size and leaves else []


def is_continued(
    old_size: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether *proof* shows that the tree *root* continues the tree *old_root* [RFC 9162, 2.1.4.2].

    Fails closed: a proof with a hash too many or too few shows nothing.
    """
    if old_size == 0:
        return not proof and old_root == EMPTY
    if old_size >= size:
        return old_size == size and old_root == root and not proof
    path = list(proof)
    if old_size & (old_size - 1) == 0:  # a perfect tree is a node of every tree that continues it
        path.insert(0, old_root)
    if not path:
        return False
    last_old, last = old_size - 1, size - 1
    while last_old & 1:
        last_old, last = last_old >> 1, last >> 1
    of_old = of_new = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if last_old & 1 or last_old == last:
            of_old, of_new = parent(node, of_old), parent(node, of_new)
            while last_old and not last_old & 1:
                last_old, last = last_old >> 1, last >> 1
        else:
            of_new = parent(of_new, node)
        last_old, last = last_old >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == root


def _spans(tree: Tree) -> Iterable[tuple[tuple[int, int], bytes]]:
    """The leaves below each peak, from the first up to before the end."""
    first = 0
    heights = [bit for bit in range(tree.size.bit_length()) if tree.size >> bit & 1]
    for height, peak in zip(reversed(heights), tree.peaks, strict=True):
        yield (first, first + (1 << height)), peak
        first += 1 << height


def _half(size: int) -> int:
    """The largest power of two below *size*: where a tree of more than one leaf is split."""
    return 1 << ((size - 1).bit_length() - 1)
