"""Personal parts travel beside the envelope: sealed for one reader, checked, and erasable."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from nacl.exceptions import CryptoError

from services.kernel.inbox import Looked, Step, look, receive, skip
from services.kernel.rows import canonical
from services.kernel.sealed import Sealed
from services.kernel.tables import inbox, vault
from services.kernel.vault import Erased
from services.kernel.words import Heard
from tests.kernel.hearing import apply, as_if_tried_long_ago, hear, line_of, quarantined
from tests.kernel.kitchen import Jar
from tests.kernel.parties import Party, cellar_with, keys_of, some_id

TEXT = "for aunt Pia, via Garibaldi 1"


def labelled(kitchen: Party, name: object = "first", text: str = TEXT) -> UUID:
    """A jar whose label is told to everyone; its id is also the subject of the label."""
    jar = kitchen.open_jar(name)
    kitchen.edit(jar, lambda found, d: found.label(d.seal(jar, "label", text), by=d.actor))
    return jar


def heard_label(said: Heard) -> Sealed:
    return Sealed(UUID(said.body["label"]), said.body["commitment"])


@pytest.fixture
def read() -> list[str]:
    """What policies have read."""
    return []


@pytest.fixture
def reader(new_party: Callable[..., Party], read: list[str]) -> Party:
    """A cellar of the partner whose policy opens labels."""

    def open_the_label(deciding: Any, said: Heard) -> None:
        read.append(deciding.open(heard_label(said)))

    return new_party(cellar_with({"kitchen/jar_labelled.v1": open_the_label}), own="partner")


def test_who_is_entitled_reads_the_part(kitchen: Party, reader: Party, read: list[str]) -> None:
    labelled(kitchen)
    hear(reader, *kitchen.messages("partner"))
    assert read == [TEXT]
    [row] = reader.table(vault)
    [original] = kitchen.table(vault)
    assert (row.ref, row.subject, row.kind) == (original.ref, original.subject, "label")
    assert row.sealed != original.sealed


def test_nothing_readable_is_carried_or_kept_in_the_inbox(kitchen: Party, reader: Party) -> None:
    labelled(kitchen)
    messages = kitchen.messages("partner")
    assert b"Pia" not in b"".join(messages)
    receive(reader.store, messages)
    [row] = reader.table(inbox)
    assert "Pia" not in str(row)
    assert row.parts is not None
    apply(reader)
    [row] = reader.table(inbox)
    assert row.parts is None
    assert "Pia" not in str(reader.everything())


def test_each_reader_gets_a_box_of_its_own(kitchen: Party) -> None:
    labelled(kitchen)
    boxes = {}
    for audience in ("lead", "partner"):
        message = json.loads(kitchen.messages(audience)[-1])
        boxes[audience] = bytes.fromhex(message["parts"][0]["sealed"])
        opened = json.loads(keys_of(audience).open_part(boxes[audience]))
        assert opened["text"] == TEXT
    with pytest.raises(CryptoError):
        keys_of("lead").open_part(boxes["partner"])


def test_an_erased_part_is_a_legal_answer(kitchen: Party, reader: Party, read: list[str]) -> None:
    jar = labelled(kitchen)
    kitchen.decide(lambda deciding: deciding.erase(jar))
    [message] = kitchen.messages("partner")
    assert json.loads(message)["parts"][0].keys() == {"ref", "erased"}
    hear(reader, message)
    assert read == []
    assert line_of(reader, kitchen).seq == 1
    assert reader.table(vault) == []
    refused = reader.events()[-1]
    assert (refused.refusal, refused.contract) == ("Erased", "kitchen/jar_labelled.v1")


def test_what_was_erased_here_is_not_kept_again(
    kitchen: Party, reader: Party, read: list[str]
) -> None:
    jar = some_id("jar", "first")
    reader.decide(lambda deciding: deciding.erase(jar))
    assert labelled(kitchen) == jar
    hear(reader, *kitchen.messages("partner"))
    assert reader.table(vault) == []
    assert read == []
    assert reader.told() == ["kernel.LineOpened", "kernel.WordsRefused"]


def take_note(_deciding: Any, _said: Heard) -> None:
    """Decides nothing."""


def test_a_part_disclosed_twice_is_kept_once(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    reader = new_party(cellar_with({"kitchen/jar_labelled.v1": take_note}), own="partner")
    jar = kitchen.open_jar()
    label = kitchen.decide(lambda d: d.seal(jar, "label", TEXT))
    for _ in range(2):
        kitchen.edit(jar, lambda found, d: found.label(label, by=d.actor))
    hear(reader, *kitchen.messages("partner"))
    assert len(reader.table(vault)) == 1
    assert line_of(reader, kitchen).seq == 2


def test_a_part_of_words_that_are_followed_is_kept_even_if_nothing_is_decided(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    """A later decision may refer to it, and must be able to open it."""
    reader = new_party(cellar_with({"kitchen/jar_labelled.v1": take_note}), own="partner")
    labelled(kitchen)
    hear(reader, *kitchen.messages("partner"))
    assert len(reader.table(vault)) == 1
    assert reader.told() == []


def test_a_part_of_words_that_nobody_follows_here_is_not_kept(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    """A service that hears a producer for other words has no use for it, and no right to it."""
    reader = new_party(cellar_with({"kitchen/jar_opened.v1": take_note}), own="partner")
    labelled(kitchen)
    hear(reader, *kitchen.messages("partner"))
    assert line_of(reader, kitchen).seq == 1
    assert (reader.table(vault), reader.table(inbox)[0].parts) == ([], None)


def test_what_a_rule_refuses_keeps_its_parts(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    def refuse(deciding: Any, said: Heard) -> None:
        deciding.get(Jar, some_id("nowhere"))

    reader = new_party(cellar_with({"kitchen/jar_labelled.v1": refuse}), own="partner")
    labelled(kitchen)
    hear(reader, *kitchen.messages("partner"))
    assert reader.told() == ["kernel.LineOpened", "kernel.WordsRefused"]
    assert len(reader.table(vault)) == 1


def tampered(message: bytes, **words: Any) -> bytes:
    """The message with another part inside its box, sealed well for the partner."""
    body = json.loads(message)
    [part] = body["parts"]
    opened = json.loads(keys_of("partner").open_part(bytes.fromhex(part["sealed"])))
    changed = canonical({**opened, **words}).encode()
    return json.dumps(
        {
            **body,
            "parts": [
                {"ref": part["ref"], "sealed": keys_of("partner").public.sealed(changed).hex()}
            ],
        }
    ).encode()


def with_parts(message: bytes, parts: Any) -> bytes:
    return json.dumps({**json.loads(message), "parts": parts}).encode()


def flipped(message: bytes) -> bytes:
    """The message with one bit of its box changed."""
    [part] = json.loads(message)["parts"]
    box = bytearray.fromhex(part["sealed"])
    box[-1] ^= 1
    return with_parts(message, [{"ref": part["ref"], "sealed": bytes(box).hex()}])


def boxed_for_somebody_else(message: bytes) -> bytes:
    [part] = json.loads(message)["parts"]
    opened = keys_of("partner").open_part(bytes.fromhex(part["sealed"]))
    return with_parts(
        message, [{"ref": part["ref"], "sealed": keys_of("lead").public.sealed(opened).hex()}]
    )


def left_out(message: bytes) -> bytes:
    return with_parts(message, [])


def of_another_reference(message: bytes) -> bytes:
    [part] = json.loads(message)["parts"]
    return with_parts(message, [part, {**part, "ref": str(some_id("another"))}])


@pytest.mark.parametrize(
    ("tamper", "stopped"),
    [
        (lambda message: tampered(message, text="for uncle Ugo"), "Broken"),
        (lambda message: tampered(message, salt="00" * 32), "Broken"),
        (flipped, "CryptoError"),
        (boxed_for_somebody_else, "CryptoError"),
        (left_out, "Broken"),
        (of_another_reference, "Broken"),
    ],
    ids=["text", "salt", "bit", "other reader", "left out", "another one"],
)
def test_a_tampered_part_stops_the_line(
    kitchen: Party,
    reader: Party,
    read: list[str],
    tamper: Callable[[bytes], bytes],
    stopped: str,
) -> None:
    labelled(kitchen)
    [message] = kitchen.messages("partner")
    hear(reader, tamper(message))
    line = line_of(reader, kitchen)
    assert (line.seq, line.stopped) == (0, stopped)
    assert (read, reader.table(vault), reader.told()) == ([], [], [])


def test_the_true_parts_that_come_again_heal_a_line_that_tampered_ones_stopped(
    kitchen: Party, reader: Party, read: list[str]
) -> None:
    labelled(kitchen)
    [message] = kitchen.messages("partner")
    hear(reader, left_out(message))
    assert look(reader.store, kitchen.store.log_id) == Looked(Step.STOPPED, 0)
    receive(reader.store, [message])
    as_if_tried_long_ago(reader)
    apply(reader)
    assert read == [TEXT]
    assert line_of(reader, kitchen).stopped is None


def test_after_stepping_over_a_tampered_part_nothing_of_it_stays(
    kitchen: Party, reader: Party
) -> None:
    labelled(kitchen)
    [message] = kitchen.messages("partner")
    hear(reader, flipped(message))
    from tests.kernel.hearing import OPERATOR

    skip(reader.store, kitchen.store.log_id, 1, "tampered", OPERATOR)
    [row] = reader.table(inbox)
    assert row.parts is None
    assert quarantined(reader) == []
    with pytest.raises(Erased):
        reader.decide(lambda d: d.open(Sealed(kitchen.table(vault)[0].ref, "")))
