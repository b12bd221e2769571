"""Signed notes: as everybody's tools read them; what is not signed is not believed."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.signing import VerifyKey

from services.kernel.keys import PublicKeys
from services.kernel.proof import notes
from services.kernel.proof.merkle import EMPTY
from services.kernel.proof.notes import Checkpoint, Cosignature, Unsigned
from tests.kernel.parties import keys_of

LEAD, PARTNER = keys_of("lead"), keys_of("partner")
LOG = "lead/kitchen/0000000000000001"
ROOT = sha256(b"root").digest()
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CHECKPOINT = Checkpoint.sign(LOG, 12, ROOT, LEAD.envelopes)


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    *text, empty, line, end = CHECKPOINT.note.split("\n")
    assert text == [LOG, "12", b64encode(ROOT).decode()]
    assert (empty, end) == ("", "")
    dash, name, blob = line.split(" ")
    assert (dash, name) == ("—", LOG)
    key = LEAD.envelopes.verify_key.encode()
    raw = b64decode(blob)
    assert raw[:4] == sha256(LOG.encode() + b"\n\x01" + key).digest()[:4]
    VerifyKey(key).verify(CHECKPOINT.text.encode(), raw[4:])


def test_a_note_of_another_maker_is_read() -> None:
    """The example of Go's golang.org/x/mod/sumdb/note, key and signature."""
    key = b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")[1:]
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqd"
        "ngotpRZb6KE6RyyBwJnAM=\n"
    )
    text, lines = notes._parted(note)
    of = PublicKeys(key.hex(), "")
    [signature] = notes._signatures(lines, "PeterNeumann", notes.SIGNED, of)
    assert of.verifies(text.encode(), signature)


def test_what_was_signed_is_read_back() -> None:
    assert Checkpoint.read(CHECKPOINT.note, LEAD.public) == CHECKPOINT
    empty = Checkpoint.sign(LOG, 0, EMPTY, LEAD.envelopes)
    assert Checkpoint.read(empty.note, LEAD.public) == empty


def test_signatures_of_others_below_it_change_nothing() -> None:
    line = Cosignature.sign(CHECKPOINT, "partner", AT, PARTNER.envelopes).line
    stranger = "— somebody.else/else AAAAAAAA\n"
    read = Checkpoint.read(CHECKPOINT.note + stranger + line, LEAD.public)
    assert (read.log_id, read.size, read.root) == (LOG, 12, ROOT)
    assert read.text == CHECKPOINT.text


def test_nobody_signs_for_another() -> None:
    with pytest.raises(Unsigned):
        Checkpoint.read(CHECKPOINT.note, PARTNER.public)


@pytest.mark.parametrize("at", range(len(CHECKPOINT.note)))
def test_no_character_can_be_another_one(at: int) -> None:
    note = CHECKPOINT.note
    for other in {"A", "1", "\n", " ", "é"} - {note[at]}:
        with pytest.raises(Unsigned):
            Checkpoint.read(note[:at] + other + note[at + 1 :], LEAD.public)


@pytest.mark.parametrize("at", range(len(CHECKPOINT.note)))
def test_nor_be_missing(at: int) -> None:
    note = CHECKPOINT.note
    for changed in (note[:at] + note[at + 1 :], note[:at]):
        with pytest.raises(Unsigned):
            Checkpoint.read(changed, LEAD.public)


@pytest.mark.parametrize(
    "text",
    [
        f"{LOG}\n012\n{b64encode(ROOT).decode()}\n",
        f"{LOG}\n+12\n{b64encode(ROOT).decode()}\n",
        f"{LOG}\n1٢\n{b64encode(ROOT).decode()}\n",
        f"{LOG}\n{10**19}\n{b64encode(ROOT).decode()}\n",
        f"{LOG}\n{2**63}\n{b64encode(ROOT).decode()}\n",
        f"lead/\0/1\n12\n{b64encode(ROOT).decode()}\n",
        f"{LOG}\n12\n{b64encode(ROOT[:31]).decode()}\n",
        f"{LOG}\n12\n{b64encode(ROOT).decode()}\nmore\n",
        f"{LOG}\n12\n",
        f"a log\n12\n{b64encode(ROOT).decode()}\n",
        "{}\n",
    ],
)
def test_what_is_signed_and_no_checkpoint_is_none(text: str) -> None:
    signature = LEAD.envelopes.sign(text.encode()).signature
    key = LEAD.envelopes.verify_key.encode()
    note = f"{text}\n{notes._line(LOG, notes.SIGNED, key, signature)}"
    with pytest.raises(Unsigned):
        Checkpoint.read(note, LEAD.public)


def test_a_root_has_one_spelling() -> None:
    """The last character of base64 has bits that decoders ignore: another text, the same root."""
    root = b64encode(ROOT).decode()
    other = root[:-2] + chr(ord(root[-2]) + 1) + "="
    assert b64decode(other) == ROOT
    text = f"{LOG}\n12\n{other}\n"
    signature = LEAD.envelopes.sign(text.encode()).signature
    line = notes._line(LOG, notes.SIGNED, LEAD.envelopes.verify_key.encode(), signature)
    with pytest.raises(Unsigned):
        Checkpoint.read(f"{text}\n{line}", LEAD.public)


def test_a_log_has_as_many_events_as_a_database_can_count() -> None:
    most = Checkpoint.sign(LOG, 2**63 - 1, ROOT, LEAD.envelopes)
    assert Checkpoint.read(most.note, LEAD.public).size == 2**63 - 1


@pytest.mark.parametrize("name", ["\0", "\ud800", "\x1b[2J", "é"])
def test_names_below_a_note_can_be_stored_and_shown(name: str) -> None:
    with pytest.raises(Unsigned):
        Checkpoint.read(f"{CHECKPOINT.note}— {name} AAAA\n", LEAD.public)


@given(st.text(max_size=400))
def test_garbage_is_unsigned_and_nothing_else(garbage: str) -> None:
    for note in (garbage, CHECKPOINT.text + garbage, CHECKPOINT.text + "\n" + garbage):
        with pytest.raises(Unsigned):
            Checkpoint.read(note, LEAD.public)


@pytest.mark.parametrize(
    ("characters", "is_read"), [(9_999, True), (10_000, True), (10_001, False)]
)
def test_a_note_has_a_limit(characters: int, is_read: bool) -> None:
    missing = characters - len(CHECKPOINT.note)
    note = CHECKPOINT.note + f"— {'x' * (missing - 8)} AAAA\n"
    assert len(note) == characters
    if is_read:
        assert Checkpoint.read(note, LEAD.public).size == 12
    else:
        with pytest.raises(Unsigned):
            Checkpoint.read(note, LEAD.public)


@pytest.mark.parametrize(("after", "is_read"), [(-1, True), (0, True), (1, False)])
def test_a_cosignature_is_of_a_day_that_a_calendar_has(after: int, is_read: bool) -> None:
    seconds = 253_402_300_799 + after  # the last one of the year 9999
    key = PARTNER.envelopes
    signature = key.sign(notes._timed(seconds, CHECKPOINT.text)).signature
    blob = seconds.to_bytes(8, "big") + signature
    line = notes._line("partner", notes.COSIGNED, key.verify_key.encode(), blob)
    if is_read:
        assert Cosignature.read(line, CHECKPOINT, "partner", PARTNER.public).at.year == 9999
    else:
        with pytest.raises(Unsigned):
            Cosignature.read(line, CHECKPOINT, "partner", PARTNER.public)


def test_a_cosignature_says_who_when_and_of_what() -> None:
    signed = Cosignature.sign(CHECKPOINT, "partner", AT, PARTNER.envelopes)
    read = Cosignature.read(signed.line, CHECKPOINT, "partner", PARTNER.public)
    assert (read, read.at, read.organisation) == (signed, AT, "partner")
    dash, name, blob = signed.line.removesuffix("\n").split(" ")
    raw, key = b64decode(blob), PARTNER.envelopes.verify_key.encode()
    assert (dash, name) == ("—", "partner")
    assert raw[:4] == sha256(b"partner\n\x04" + key).digest()[:4]
    assert raw[4:12] == int(AT.timestamp()).to_bytes(8, "big")
    told = f"cosignature/v1\ntime {int(AT.timestamp())}\n{CHECKPOINT.text}"
    VerifyKey(key).verify(told.encode(), raw[12:])


@pytest.mark.parametrize(("at", "read"), [(notes.LATEST, True), (notes.LATEST + 1, False)])
def test_a_cosignature_is_of_a_day_that_there_is(at: int, read: bool) -> None:
    key = PARTNER.envelopes
    signature = key.sign(notes._timed(at, CHECKPOINT.text)).signature
    blob = at.to_bytes(8, "big") + signature
    line = notes._line("partner", notes.COSIGNED, key.verify_key.encode(), blob)
    if read:
        assert Cosignature.read(line, CHECKPOINT, "partner", PARTNER.public).at.year == 9999
        return
    with pytest.raises(Unsigned):
        Cosignature.read(line, CHECKPOINT, "partner", PARTNER.public)


def test_a_cosignature_is_of_one_checkpoint_and_of_one_organisation() -> None:
    line = Cosignature.sign(CHECKPOINT, "partner", AT, PARTNER.envelopes).line
    other = Checkpoint.sign(LOG, 13, ROOT, LEAD.envelopes)
    for wrong in (
        (line, other, "partner", PARTNER.public),
        (line, CHECKPOINT, "lead", PARTNER.public),
        (line, CHECKPOINT, "partner", LEAD.public),
        (line.replace("A", "B"), CHECKPOINT, "partner", PARTNER.public),
        ("", CHECKPOINT, "partner", PARTNER.public),
        (CHECKPOINT.note.split("\n")[4], CHECKPOINT, LOG, LEAD.public),
    ):
        with pytest.raises(Unsigned):
            Cosignature.read(*wrong)


def test_the_texts_that_one_key_signs_begin_differently() -> None:
    """An envelope, a checkpoint and a cosignature are never taken for one another."""
    signed = Cosignature.sign(CHECKPOINT, "partner", AT, LEAD.envelopes)
    blob = b64decode(signed.line.split(" ")[2])
    assert not LEAD.public.verifies(CHECKPOINT.text.encode(), blob[12:])
    assert notes._timed(0, "x").startswith(b"cosignature/v1\n")
    assert not CHECKPOINT.text.startswith(("{", "cosignature"))
