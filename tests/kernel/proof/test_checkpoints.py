"""The own log: signed as it grows; once it is not what was signed, it says so and signs no more."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from services.kernel.log import head
from services.kernel.operate import status
from services.kernel.proof.checkpoints import (
    Contradicted,
    continued,
    continuing,
    cosigned,
    held_elsewhere,
    keep_cosignature,
    read_whole,
)
from services.kernel.proof.merkle import Tree, is_continued
from services.kernel.proof.notes import Checkpoint, Cosignature, Unsigned
from services.kernel.rows import leaf_hash
from services.kernel.tables import checkpoints, cosignatures, witnessed
from tests.kernel.parties import MARCH_2, Party, keys_of
from tests.kernel.proof.signing import notes, signed
from tests.kernel.proof.tampering import CHANGES, tamper


def own_row(party: Party) -> Any:
    [row] = [row for row in party.table(witnessed) if row.log_id == party.store.log_id]
    return row


def again(party: Party) -> Party:
    """The same database, opened anew."""
    return Party(party.urls, party.store.composition, party.own, party.clock)


@pytest.fixture
def jars(kitchen: Party) -> Party:
    """A kitchen with four jars, signed after the second and after the fourth."""
    for name in (1, 2):
        kitchen.open_jar(name)
    signed(kitchen)
    for name in (3, 4):
        kitchen.open_jar(name)
    signed(kitchen)
    return kitchen


def test_a_checkpoint_is_the_tree_of_what_is_stored(jars: Party) -> None:
    leaves = [leaf_hash(jars.store.log_id, row) for row in jars.rows()]
    assert [(each.size, each.root) for each in notes(jars)] == [
        (2, Tree().grown(leaves[:2]).root),
        (4, Tree().grown(leaves).root),
    ]
    assert {each.log_id for each in notes(jars)} == {jars.store.log_id}
    assert all(
        row.made_at == int(MARCH_2.timestamp() * 1_000_000) for row in jars.table(checkpoints)
    )


def test_an_empty_log_is_not_signed(kitchen: Party) -> None:
    assert signed(kitchen) == Tree()
    assert notes(kitchen) == []


def test_nothing_new_is_not_signed_again(jars: Party) -> None:
    before = jars.everything()
    assert continued(jars.store, signed(jars)).size == 4
    assert {**jars.everything(), "witnessed": ()} == {**before, "witnessed": ()}


def test_two_that_sign_at_once_sign_the_same(jars: Party) -> None:
    behind = Tree().grown(leaf_hash(jars.store.log_id, row) for row in jars.rows()[:3])
    jars.open_jar(5)
    assert signed(jars) == continued(jars.store, behind)
    assert [each.size for each in notes(jars)] == [2, 4, 5]


def test_a_log_that_was_read_as_a_whole_says_how_far(jars: Party) -> None:
    read_whole(jars.store)
    row = own_row(jars)
    assert (row.size, row.stopped, row.against) == (4, None, None)
    assert status(jars.store).sound


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_was_altered_is_noticed_and_nothing_is_signed(jars: Party, change: str) -> None:
    tamper(jars, *CHANGES[change])
    opened = again(jars)
    with pytest.raises(Contradicted):
        read_whole(opened.store)
    row = own_row(opened)
    assert row.stopped in {"Altered", "Shortened"}
    assert (row.stopped == "Shortened") == (change in {"the last ones removed", "all removed"})
    assert Checkpoint.read(row.against, opened.store.keys.public).size in {2, 4}
    assert not status(opened.store).sound
    assert len(notes(opened)) == 2
    opened.close()


def test_it_is_said_between_which_positions(jars: Party, caplog: pytest.LogCaptureFixture) -> None:
    tamper(jars, "UPDATE events SET cause = 'command:x' WHERE position = 4")
    with pytest.raises(Contradicted):
        read_whole(jars.store)
    [record] = [each for each in caplog.records if each.levelname == "ERROR"]
    assert vars(record)["because"] == "Altered"
    assert (vars(record)["after"], vars(record)["before"]) == (2, 5)


def test_a_log_that_is_again_what_it_was_goes_on(jars: Party) -> None:
    tamper(jars, "UPDATE events SET schema_version = 9 WHERE position = 2")
    with pytest.raises(Contradicted):
        read_whole(jars.store)
    tamper(jars, "UPDATE events SET schema_version = 1 WHERE position = 2")
    assert read_whole(jars.store).size == 4
    assert own_row(jars).stopped is None
    assert own_row(jars).against is None


def test_fewer_events_than_a_moment_ago_are_noticed_at_once(jars: Party) -> None:
    tree = signed(jars)
    tamper(jars, "DELETE FROM events WHERE position = 4", "UPDATE log SET position = 3")
    with pytest.raises(Contradicted):
        continued(jars.store, tree)
    assert (own_row(jars).stopped, own_row(jars).size) == ("Shortened", 4)


@pytest.mark.parametrize("gone", [5, 6, 7])
def test_a_log_with_a_hole_is_never_signed(jars: Party, gone: int) -> None:
    tree = signed(jars)
    for name in (5, 6, 7):
        jars.open_jar(name)
    tamper(jars, f"DELETE FROM events WHERE position = {gone}")
    with pytest.raises(Contradicted):
        continued(jars.store, tree)
    assert [each.size for each in notes(jars)] == [2, 4]
    assert own_row(jars).stopped == "Altered"


def test_another_signature_of_the_same_size_is_noticed(jars: Party) -> None:
    jars.open_jar(5)
    signed(jars)
    forged = Tree().grown([bytes(32)] * 4)
    with pytest.raises(Contradicted):
        continued(jars.store, forged)
    assert own_row(jars).stopped == "Altered"


def test_a_checkpoint_that_was_altered_proves_nothing(jars: Party) -> None:
    tamper(jars, "UPDATE checkpoints SET note = replace(note, '4', '3')")
    with pytest.raises(Contradicted):
        read_whole(jars.store)
    assert own_row(jars).stopped == "NotSigned"
    assert not status(jars.store).sound


@pytest.mark.parametrize("held", [0, 2, 4])
def test_the_last_checkpoint_is_shown_with_a_proof_from_any_other(jars: Party, held: int) -> None:
    words = continuing(jars.store, held)
    assert words is not None
    shown = Checkpoint.read(words["checkpoint"], jars.store.keys.public)
    leaves = [leaf_hash(jars.store.log_id, row) for row in jars.rows()]
    proof = [bytes.fromhex(each) for each in words["proof"]]
    assert (shown.size, words["old"]) == (4, held)
    root = Tree().grown(leaves[:held]).root
    assert is_continued(held, root, shown.size, shown.root, proof)


def test_events_behind_the_last_checkpoint_are_not_in_its_proof(jars: Party) -> None:
    before = continuing(jars.store, 2)
    jars.open_jar(5)
    assert continuing(jars.store, 2) == before


def test_a_proof_begins_also_where_no_checkpoint_is_kept(jars: Party) -> None:
    words = continuing(jars.store, 3)
    assert words is not None
    leaves = [leaf_hash(jars.store.log_id, row) for row in jars.rows()]
    proof = [bytes.fromhex(each) for each in words["proof"]]
    root = notes(jars)[-1].root
    assert is_continued(3, Tree().grown(leaves[:3]).root, 4, root, proof)


@pytest.mark.parametrize("peaks", ["[]", "x", "[3]", "null", f'["{"00" * 32}"]'])
def test_peaks_that_were_altered_are_not_believed(jars: Party, peaks: str) -> None:
    for name in (5, 6, 7):
        jars.open_jar(name)
    signed(jars)
    jars.open_jar(8)
    signed(jars)
    before = [continuing(jars.store, held) for held in (4, 7)]
    tamper(jars, "UPDATE checkpoints SET peaks = :peaks", peaks=peaks)
    assert [continuing(jars.store, held) for held in (4, 7)] == before


def test_nothing_smaller_is_shown_than_what_is_held(jars: Party) -> None:
    assert continuing(jars.store, 5) is None


def test_who_cosigned_is_kept_once_checked(jars: Party) -> None:
    partner = keys_of("partner").envelopes
    for checkpoint, news in zip((*notes(jars), notes(jars)[0]), (True, True, False), strict=True):
        line = Cosignature.sign(checkpoint, "partner", MARCH_2, partner).line
        assert keep_cosignature(jars.store, "partner", checkpoint.size, line) is news
    assert [(row.organisation, row.size) for row in jars.table(cosignatures)] == [
        ("partner", 2),
        ("partner", 4),
    ]
    with jars.store.database.reading() as connection:
        assert cosigned(connection) == {"partner": 4}
    assert status(jars.store).cosigned == {"partner": 4}
    assert status(jars.store).checkpoint == 4


def test_what_nobody_cosigned_is_not_kept(jars: Party) -> None:
    checkpoint = notes(jars)[0]
    forged = Cosignature.sign(checkpoint, "partner", MARCH_2, keys_of("lead").envelopes).line
    right = Cosignature.sign(checkpoint, "partner", MARCH_2, keys_of("partner").envelopes).line
    for size, line in ((2, forged), (4, right), (3, right), (2, "")):
        with pytest.raises(Unsigned):
            keep_cosignature(jars.store, "partner", size, line)
    assert jars.table(cosignatures) == []


def test_a_database_restored_from_an_older_copy_is_told_what_others_hold(jars: Party) -> None:
    held = notes(jars)[-1].note
    tamper(
        jars,
        "DELETE FROM events WHERE position > 3",
        "DELETE FROM checkpoints WHERE size > 2",
        "UPDATE log SET position = 3",
    )
    assert read_whole(jars.store).size == 3  # by itself it cannot know
    with pytest.raises(Contradicted):
        held_elsewhere(jars.store, held)
    assert (own_row(jars).stopped, own_row(jars).against) == ("Shortened", held)
    jars.open_jar("another")  # and as long as before, it is another log
    for _ in range(2):
        with pytest.raises(Contradicted):
            read_whole(jars.store)
        assert (own_row(jars).stopped, own_row(jars).against) == ("Altered", held)


def test_another_checkpoint_of_a_size_that_is_known_is_told_by_who_holds_it(jars: Party) -> None:
    other = Checkpoint.sign(jars.store.log_id, 4, bytes(32), jars.store.keys.envelopes).note
    with pytest.raises(Contradicted):
        held_elsewhere(jars.store, other)
    assert (own_row(jars).stopped, own_row(jars).against) == ("Altered", other)


def test_the_newest_copy_is_what_others_hold_even_if_its_checkpoint_is_lost(jars: Party) -> None:
    held = notes(jars)[-1].note
    tamper(jars, "DELETE FROM checkpoints WHERE size > 2")
    assert held_elsewhere(jars.store, held) == 4
    assert own_row(jars).stopped is None


def test_nobody_rings_our_alarm_by_what_we_did_not_sign(jars: Party) -> None:
    before = jars.everything()
    forged = Checkpoint.sign(jars.store.log_id, 99, bytes(32), keys_of("partner").envelopes)
    another = Checkpoint.sign("lead/cellar/1", 99, bytes(32), keys_of("lead").envelopes)
    for note in (forged.note, another.note, "", "x"):
        with pytest.raises(Unsigned):
            held_elsewhere(jars.store, note)
    assert jars.everything() == before


def test_what_is_signed_is_written_apart_from_the_facts(jars: Party) -> None:
    with jars.store.database.reading() as connection:
        assert head(connection)[1] == 4
        assert connection.scalar(text("SELECT count(*) FROM events")) == 4


def test_each_log_is_signed_for_itself(new_party: Callable[..., Party]) -> None:
    parties = [new_party(), new_party(own="partner")]
    for party in parties:
        party.open_jar()
        signed(party)
    one, other = (notes(party)[0] for party in parties)
    assert one.root != other.root
    with pytest.raises(Unsigned):
        Checkpoint.read(one.note, parties[1].store.keys.public)
