"""The witness cosigns what continues all that it saw, and keeps for good what contradicts it."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.operate import status
from services.kernel.proof.checkpoints import continuing
from services.kernel.proof.merkle import EMPTY, Tree, continues
from services.kernel.proof.notes import Checkpoint, Cosignature, Unsigned
from services.kernel.proof.witness import Held, Verdict, see, verdict
from services.kernel.tables import witnessed
from tests.kernel.parties import MARCH_2, Party, keys_of
from tests.kernel.proof.signing import signed
from tests.kernel.proof.tampering import CHANGES, tamper

LEAD = keys_of("lead")
LOG = "lead/kitchen/0000000000000001"
ROOT = bytes(32)
AND_ALL_SIGNATURES = (
    "DELETE FROM checkpoints",
    "DELETE FROM cosignatures",
    "DELETE FROM witnessed",
)
TOLD_BY_FEWER = {"one removed", "another log's id"}
"""With a hole nothing can be signed; under another name it is another log."""


def shown(party: Party, old: int = 0) -> dict[str, Any]:
    """The log's newest checkpoint, as its courier shows it."""
    signed(party)
    words = continuing(party.store, old)
    assert words is not None
    return words


def forged(party: Party, size: int, old: int = 0, at: int = 0, **words: Any) -> dict[str, Any]:
    """A checkpoint over other leaves, signed by who has the keys, with the best proof there is."""
    leaves = [bytes([at]) * 32] * size
    tree = Tree().grown(leaves)
    checkpoint = Checkpoint.sign(party.store.log_id, size, tree.root, LEAD.envelopes)
    proof = continues(Tree().grown(leaves[:old]), leaves[old:])
    return {
        "checkpoint": checkpoint.note,
        "old": old,
        "proof": [node.hex() for node in proof],
        **words,
    }


@pytest.fixture
def partner(new_party: Callable[..., Party]) -> Party:
    return new_party(own="partner")


def row(witness: Party) -> Any:
    [found] = [each for each in witness.table(witnessed) if each.log_id != witness.store.log_id]
    return found


def of(words: dict[str, Any]) -> Checkpoint:
    return Checkpoint.read(words["checkpoint"], LEAD.public)


def altered_behind_our_back(kitchen: Party, partner: Party, change: str) -> dict[str, Any]:
    """What *partner* saw of four jars, before they were altered and all signatures taken away."""
    for name in range(4):
        kitchen.open_jar(name)
    before = shown(kitchen)
    see(partner.store, "lead", before)
    tamper(kitchen, *CHANGES[change], *AND_ALL_SIGNATURES)
    return before


def test_what_continues_what_was_seen_is_kept_and_cosigned(kitchen: Party, partner: Party) -> None:
    kitchen.open_jar(1)
    first = shown(kitchen)
    answer = see(partner.store, "lead", first)
    keys = partner.store.keys.public
    cosignature = Cosignature.read(answer["cosignature"], of(first), "partner", keys)
    assert (answer["log_id"], answer["size"], cosignature.at) == (kitchen.store.log_id, 1, MARCH_2)
    kitchen.open_jar(2)
    kitchen.open_jar(3)
    second = shown(kitchen, 1)
    answer = see(partner.store, "lead", second)
    Cosignature.read(answer["cosignature"], of(second), "partner", keys)
    assert (row(partner).size, row(partner).note) == (3, second["checkpoint"])
    assert row(partner).root == of(second).root.hex()
    assert status(partner.store).sound


def test_seen_twice_is_cosigned_twice(kitchen: Party, partner: Party) -> None:
    kitchen.open_jar()
    words = shown(kitchen)
    assert see(partner.store, "lead", words) == see(partner.store, "lead", words)


@pytest.mark.parametrize("change", [each for each in CHANGES if each not in TOLD_BY_FEWER])
def test_a_log_that_was_altered_and_signed_anew_is_noticed_by_another_organisation(
    kitchen: Party, partner: Party, change: str
) -> None:
    """Whoever has database and keys builds all anew, and goes on: the other one knows better."""
    before = altered_behind_our_back(kitchen, partner, change)
    for name in range(4, 9):
        kitchen.open_jar(name)
    answer = see(partner.store, "lead", shown(kitchen, 4))
    assert answer == {"log_id": kitchen.store.log_id, "held": before["checkpoint"]}
    assert row(partner).stopped == "Unproven"
    assert (row(partner).size, row(partner).note) == (4, before["checkpoint"])
    assert not status(partner.store).sound


@pytest.mark.parametrize("change", ["the last ones removed", "all removed"])
def test_one_that_is_shorter_now_is_noticed_before_it_goes_on(
    kitchen: Party, partner: Party, change: str
) -> None:
    before = altered_behind_our_back(kitchen, partner, change)
    kitchen.open_jar("another")
    assert see(partner.store, "lead", shown(kitchen))["held"] == before["checkpoint"]
    assert row(partner).stopped == "Shorter"
    assert not status(partner.store).sound


def test_two_of_one_size_are_a_fork_for_good(kitchen: Party, partner: Party) -> None:
    for name in range(3):
        kitchen.open_jar(name)
    first = shown(kitchen)
    see(partner.store, "lead", first)
    other = forged(kitchen, 3)
    assert see(partner.store, "lead", other)["held"] == first["checkpoint"]
    assert row(partner).stopped == "Forked"
    assert (row(partner).note, row(partner).against) == (first["checkpoint"], other["checkpoint"])
    before = partner.table(witnessed)
    kitchen.open_jar("more")
    for words in (first, shown(kitchen, 3), forged(kitchen, 9, 3), forged(kitchen, 2)):
        assert "cosignature" not in see(partner.store, "lead", words)
    assert partner.table(witnessed) == before


def test_an_older_one_that_comes_late_does_no_lasting_harm(kitchen: Party, partner: Party) -> None:
    kitchen.open_jar(1)
    old = shown(kitchen)
    kitchen.open_jar(2)
    see(partner.store, "lead", shown(kitchen))
    assert see(partner.store, "lead", old)["held"] == shown(kitchen)["checkpoint"]
    assert row(partner).stopped == "Shorter"
    assert "cosignature" in see(partner.store, "lead", shown(kitchen, 2))
    assert (row(partner).stopped, row(partner).against) == (None, None)


def test_a_proof_from_elsewhere_is_asked_for_anew(kitchen: Party, partner: Party) -> None:
    for name in range(3):
        kitchen.open_jar(name)
        words = shown(kitchen, name)
    assert see(partner.store, "lead", words) == {"log_id": kitchen.store.log_id, "held": ""}
    assert (row(partner).size, row(partner).stopped) == (0, None)
    assert "cosignature" in see(partner.store, "lead", shown(kitchen, 0))


def test_a_larger_one_without_a_proof_is_not_believed(kitchen: Party, partner: Party) -> None:
    kitchen.open_jar(1)
    see(partner.store, "lead", shown(kitchen))
    kitchen.open_jar(2)
    words = shown(kitchen, 1)
    unproven = {**words, "proof": []}
    assert "held" in see(partner.store, "lead", unproven)
    assert (row(partner).stopped, row(partner).against) == ("Unproven", words["checkpoint"])
    assert "cosignature" in see(partner.store, "lead", words)
    assert row(partner).stopped is None


def test_a_service_has_one_log_and_no_other_takes_its_place(kitchen: Party, partner: Party) -> None:
    """Whoever begins anew under another number has lost or hides what was seen."""
    kitchen.open_jar(1)
    first = shown(kitchen)
    see(partner.store, "lead", first)
    others = [Checkpoint.sign(f"lead/kitchen/{n:016x}", 9, ROOT, LEAD.envelopes) for n in (98, 99)]
    for other in others:
        words = {"checkpoint": other.note, "old": 0, "proof": []}
        assert see(partner.store, "lead", words) == {"log_id": other.log_id, "held": ""}
        assert (row(partner).stopped, row(partner).against) == ("Replaced", other.note)
        assert (row(partner).size, row(partner).note) == (1, first["checkpoint"])
        assert not status(partner.store).sound
    kitchen.open_jar(2)
    assert "cosignature" in see(partner.store, "lead", shown(kitchen, 1))
    assert (row(partner).size, row(partner).stopped) == (2, None)


def test_another_service_has_a_log_of_its_own(kitchen: Party, partner: Party) -> None:
    kitchen.open_jar(1)
    see(partner.store, "lead", shown(kitchen))
    cellar = Checkpoint.sign(f"lead/cellar/{1:016x}", 9, ROOT, LEAD.envelopes)
    words = {"checkpoint": cellar.note, "old": 0, "proof": []}
    assert "cosignature" in see(partner.store, "lead", words)
    assert len(partner.table(witnessed)) == 2


def test_what_the_organisation_did_not_sign_about_its_own_log_is_nothing(
    kitchen: Party, partner: Party
) -> None:
    kitchen.open_jar()
    words = shown(kitchen)
    stranger = Checkpoint.sign(kitchen.store.log_id, 1, EMPTY, keys_of("partner").envelopes)
    foreign = Checkpoint.sign(f"partner/kitchen/{1:016x}", 1, EMPTY, LEAD.envelopes)
    unknown = Checkpoint.sign(f"lead/nothing/{1:016x}", 1, EMPTY, LEAD.envelopes)
    odd = Checkpoint.sign("lead", 1, EMPTY, LEAD.envelopes)
    invented = Checkpoint.sign("lead/kitchen/1", 1, EMPTY, LEAD.envelopes)
    wrong: list[dict[str, Any]] = [
        *(
            {**words, "checkpoint": each.note}
            for each in (stranger, foreign, unknown, odd, invented)
        ),
        *({key: value for key, value in words.items() if key != name} for name in words),
        *({**words, "checkpoint": each} for each in (None, 3, "", [], {})),
        *({**words, "old": each} for each in (None, "x", [])),
        *({**words, "proof": each} for each in (None, 3, [1], ["x"], ["00"], ["00" * 33])),
        {**words, "proof": ["00" * 32] * 64},
        {},
    ]
    for each in wrong:
        with pytest.raises(Unsigned):
            see(partner.store, "lead", each)
    assert [each.log_id for each in partner.table(witnessed)] == []


def test_as_many_events_as_a_table_can_count_are_kept(kitchen: Party, partner: Party) -> None:
    words = forged(kitchen, 1)
    most = Checkpoint.sign(kitchen.store.log_id, 2**63 - 1, of(words).root, LEAD.envelopes)
    see(partner.store, "lead", {**words, "checkpoint": most.note})
    assert row(partner).size == 2**63 - 1


SIZES = [(2, Verdict.SHORTER), (3, Verdict.CONTINUES), (4, Verdict.CONTINUES)]


@pytest.mark.parametrize(("size", "expected"), SIZES)
def test_one_less_is_shorter_as_many_and_one_more_continue(size: int, expected: Verdict) -> None:
    leaves = [bytes([number]) * 32 for number in range(5)]
    three, tree = Tree().grown(leaves[:3]), Tree().grown(leaves[:size])
    shown = Checkpoint.sign(LOG, size, tree.root, LEAD.envelopes)
    proof = continues(three, leaves[3:size]) if size > 3 else []
    assert verdict(Held(3, three.root, "", False), shown, 3, proof) is expected


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.booleans(), st.booleans())
def test_only_what_continues_is_ever_cosigned(
    held: int, size: int, old: int, altered: bool, forked: bool
) -> None:
    leaves = [bytes([number]) * 32 for number in range(10)]
    known = Tree().grown(leaves[:held])
    others = [bytes([99]) * 32, *leaves[1:]] if altered else leaves
    tree = Tree().grown(others[:size])
    proof = continues(Tree().grown(others[:old]), others[old:size]) if old <= size else []
    shown = Checkpoint.sign(LOG, size, tree.root, LEAD.envelopes)
    found = verdict(Held(held, known.root, "", forked), shown, old, proof)
    same = not altered or held == 0
    may = not forked and size >= held and same and (old == held or size == held)
    if found is Verdict.CONTINUES:
        assert not forked
        assert size >= held
        assert same
    assert (found is Verdict.CONTINUES) or not (may and old == held)
