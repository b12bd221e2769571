"""The tree: roots as RFC 6962 has them, and proofs that show a log only grew, or show nothing."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.proof.merkle import EMPTY, LONGEST_PROOF, Tree, continues, is_continued, parent

LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657"]
LEAVES += ["606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Leaves and roots of Certificate Transparency's own tests."""
MANY = 67
SOME = [sha256(b"\x00" + bytes([number])).digest() for number in range(MANY)]


def tree(size: int) -> Tree:
    return Tree().grown(SOME[:size])


def root_of(leaves: list[bytes]) -> bytes:
    """The definition, word by word [RFC 6962, 2.1]."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + root_of(leaves[:half]) + root_of(leaves[half:])).digest()


def proof_of(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """The definition of a consistency proof, word by word [RFC 6962, 2.1.2]."""
    if old == len(leaves):
        return [] if whole else [root_of(leaves)]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    if old <= half:
        return [*proof_of(old, leaves[:half], whole), root_of(leaves[half:])]
    return [*proof_of(old - half, leaves[half:], False), root_of(leaves[:half])]


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_roots_are_those_of_certificate_transparency(size: int) -> None:
    leaves = [sha256(b"\x00" + bytes.fromhex(leaf)).digest() for leaf in LEAVES[:size]]
    assert Tree().grown(leaves).root.hex() == ROOTS[size]


@pytest.mark.parametrize("size", range(MANY))
def test_a_tree_that_grows_is_the_tree_of_all(size: int) -> None:
    assert tree(size).root == root_of(SOME[:size])
    for old in range(size + 1):
        assert tree(old).grown(SOME[old:size]) == tree(size)


@pytest.mark.parametrize("size", range(1, MANY))
def test_every_proof_is_the_one_of_the_definition_and_shows_it(size: int) -> None:
    for old in range(1, size + 1):
        proof = continues(tree(old), SOME[old:size])
        assert proof == proof_of(old, SOME[:size])
        assert is_continued(old, tree(old).root, size, tree(size).root, proof)


def test_everything_continues_the_empty_tree() -> None:
    for size in range(MANY):
        assert continues(Tree(), SOME[:size]) == []
        assert is_continued(0, EMPTY, size, tree(size).root, [])


@pytest.mark.parametrize("size", range(1, 40))
def test_a_proof_of_anything_else_shows_nothing(size: int) -> None:
    other = sha256(b"other").digest()
    for old in range(1, size + 1):
        proof = continues(tree(old), SOME[old:size])
        roots = tree(old).root, tree(size).root
        changed = [[*proof[:at], other, *proof[at + 1 :]] for at in range(len(proof))]
        shorter = [proof[:at] + proof[at + 1 :] for at in range(len(proof))]
        longer = [[*proof, other], [other, *proof], [*proof, *proof, other]]
        swapped = [each for each in (proof[::-1], []) if each != proof]
        for wrong in (*changed, *shorter, *longer, *swapped):
            assert not is_continued(old, roots[0], size, roots[1], wrong)
        assert not is_continued(old, other, size, roots[1], proof)
        assert not is_continued(old, roots[0], size, other, proof)


def test_a_proof_between_other_sizes_shows_nothing() -> None:
    for size in range(2, 34):
        for old in range(1, size):
            proof = continues(tree(old), SOME[old:size])
            for wrong_old in {*range(1, size)} - {old}:
                assert not is_continued(wrong_old, tree(old).root, size, tree(size).root, proof), (
                    wrong_old,
                    old,
                    size,
                )


def test_a_smaller_tree_continues_nothing() -> None:
    assert not is_continued(3, tree(3).root, 2, tree(2).root, [])
    assert not is_continued(3, tree(3).root, 0, EMPTY, [])
    assert not is_continued(0, tree(3).root, 4, tree(4).root, [])
    assert not is_continued(0, EMPTY, 4, tree(4).root, [tree(4).root])


@pytest.mark.parametrize("size", range(2, 24))
def test_one_that_altered_a_leaf_does_not_continue(size: int) -> None:
    """Whoever alters a leaf builds another tree: no proof that this makes fits what was seen."""
    for old in range(1, size):
        for altered in range(old):
            leaves = [*SOME[:size]]
            leaves[altered] = sha256(b"altered").digest()
            forged = Tree().grown(leaves)
            for known in (tree(old), Tree().grown(leaves[:old])):
                proof = continues(known, leaves[old:])
                assert not is_continued(old, tree(old).root, size, forged.root, proof)


@given(st.integers(1, 2**62), st.integers(1, 2**62), st.lists(st.binary(min_size=32, max_size=32)))
def test_no_size_and_no_garbage_shows_anything_or_breaks_it(
    old: int, more: int, garbage: list[bytes]
) -> None:
    assert not is_continued(old, EMPTY, old + more, EMPTY, garbage)


def test_the_longest_proof_is_long_enough() -> None:
    size = 2**63 - 1
    assert size.bit_length() <= LONGEST_PROOF
    assert parent(b"", b"") == sha256(b"\x01").digest()
