"""The formats of docs/format.md, held against their vectors twice.

Once with the kernel, and once with a second reading of the page that uses nothing of the kernel:
the standard library and the primitives of libsodium. Both must agree with what was released.
"""

import hmac
import json
from base64 import b32encode, b64encode
from dataclasses import replace
from hashlib import blake2b, sha1, sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt, crypto_box_beforenm
from nacl.public import PrivateKey, SealedBox
from nacl.signing import SigningKey, VerifyKey

from services.kernel import inbox
from services.kernel.courier.work import close_days
from services.kernel.duties import CALENDAR
from services.kernel.ids import stream_id
from services.kernel.keys import Keys
from services.kernel.proof.merkle import Tree, continues
from services.kernel.proof.notes import Checkpoint, Cosignature
from services.kernel.rows import Row, canonical, leaf_hash, read_row, row_bytes
from services.kernel.said import Envelope
from services.kernel.tables import said, vault, vault_keys
from services.kernel.vault import Entry
from tests.kernel.hearing import hear
from tests.kernel.parties import MARCH_2, Party, keys_of

VECTORS = Path(__file__).parents[2] / "docs" / "vectors"

RELEASED = {
    "canonical.json": "f2b03dd5321cea60129f164c6f7f76bf590474d29da56f9758c78ef22a1d09d0",
    "checkpoints.json": "a6c07ddeea236ce7e3acd6bb055b8683c3d5a2462f0c3f08de13ae88e87e7d91",
    "commitments.json": "e7bc4730cfb30e9198972e7f06f304faea21d20118ff5597679b1d6066022ed4",
    "envelopes.json": "e1ae0598cb5f987559cf00b4ff09d811255b2e639004ae0337c3feae07e67c52",
    "fingerprints.json": "e8191f55e4e87ca94014248170cf60e93b52df70d53bd31154fe721501e04ec4",
    "ids.json": "8e71e4fceaf10712fc223bcb51e1678caa73764f8eba97cc0a15f92a7db9ce8d",
    "keys.json": "0ef72cb5388c9a327fc59f3843588bcf5489e447154d529ef7cc4c9d5f1cb9ac",
    "messages.json": "2ff27292f654412e9749452260520163046928cd84497ad4f73c45ecd3b7003d",
    "rows.json": "540b37f71f3dfe919db17f6db76bdb18851d608155753f96f4d30243c7b92501",
    "tags.json": "eb30b579bb6986434bd7af776576577ed965e3ea7cded740897a4dbe2b8067fa",
}


def vectors(name: str) -> Any:
    return json.loads((VECTORS / f"{name}.json").read_bytes())


def test_a_released_vector_never_changes() -> None:
    found = {path.name: sha256(path.read_bytes()).hexdigest() for path in VECTORS.iterdir()}
    assert found == RELEASED


# the second reading: nothing of the kernel from here to the next line like this one

ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}


def text_of(value: Any) -> str:
    """Canonical JSON, written from the page."""
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if type(value) is int:
        return str(value)
    if type(value) is str:
        return '"' + "".join(map(_character, value)) + '"'
    if type(value) is list:
        return "[" + ",".join(map(text_of, value)) + "]"
    if type(value) is dict:
        keys = sorted(value, key=lambda key: [ord(character) for character in key])
        return "{" + ",".join(f"{text_of(key)}:{text_of(value[key])}" for key in keys) + "}"
    raise TypeError(type(value))


def _character(one: str) -> str:
    if one in ESCAPES:
        return ESCAPES[one]
    return f"\\u{ord(one):04x}" if ord(one) < 0x20 else one


COLUMNS = (
    *("position", "event_id", "stream_type", "stream", "version", "topic", "schema_version"),
    *("recorded_at", "actor", "on_behalf_of", "cause", "correlation", "state"),
)


def bytes_of_row(log_id: str, row: dict[str, Any]) -> bytes:
    assert set(row) == set(COLUMNS)
    return text_of({"log_id": log_id, **row}).encode()


def leaf_of(row: bytes) -> str:
    return sha256(b"\x00" + row).hexdigest()


def root_of(leaves: list[str]) -> str:
    if not leaves:
        return sha256(b"").hexdigest()
    if len(leaves) == 1:
        return leaves[0]
    half = 2 ** ((len(leaves) - 1).bit_length() - 1)
    below = root_of(leaves[:half]) + root_of(leaves[half:])
    return sha256(b"\x01" + bytes.fromhex(below)).hexdigest()


def line_of(name: str, kind: bytes, secret: str, before: bytes, signed: str) -> str:
    """A line below a note: whose key, of which kind, what stands before the signature, and it."""
    key = SigningKey(key_of(secret, "envelopes"))
    id_of_key = sha256(name.encode() + b"\n" + kind + bytes(key.verify_key)).digest()[:4]
    blob = id_of_key + before + key.sign(signed.encode()).signature
    return f"— {name} {b64encode(blob).decode()}\n"


def uuid_of(namespace: str, name: str) -> str:
    """UUID version 5, by hand."""
    digest = bytearray(sha1(UUID(namespace).bytes + name.encode(), usedforsecurity=False).digest())
    digest[6] = digest[6] & 0x0F | 0x50
    digest[8] = digest[8] & 0x3F | 0x80
    return str(UUID(bytes=bytes(digest[:16])))


ROOT = "5f1b3c0e-7d0a-5c3e-9b61-0c0a11e7e5d1"


def key_of(secret: str, purpose: str) -> bytes:
    return blake2b(
        b"", digest_size=32, key=bytes.fromhex(secret), person=purpose.encode().ljust(16, b"\x00")
    ).digest()


@pytest.mark.parametrize("example", vectors("canonical")["examples"], ids=str)
def test_canonical_json_by_the_page(example: Any) -> None:
    assert text_of(example["value"]) == example["text"]
    assert json.loads(example["text"]) == example["value"]


@pytest.mark.parametrize("refused", vectors("canonical")["refused"], ids=str)
def test_what_has_no_canonical_text_by_the_page(refused: Any) -> None:
    with pytest.raises(TypeError):
        text_of(refused)


@pytest.mark.parametrize("example", vectors("rows")["examples"])
def test_rows_and_leaves_by_the_page(example: Any) -> None:
    found = bytes_of_row(vectors("rows")["log_id"], example["row"])
    assert found.decode() == example["bytes"]
    assert leaf_of(found) == example["leaf"]
    assert text_of(json.loads(example["row"]["state"])) == example["row"]["state"]


def test_envelopes_by_the_page() -> None:
    previous = "0" * 64
    for number, example in enumerate(vectors("envelopes")["examples"], start=1):
        words = example["words"]
        assert text_of(words) == example["text"]
        assert sha256(example["text"].encode()).hexdigest() == example["hash"]
        assert (words["seq"], words["previous_hash"]) == (number, previous)
        organisation, service, _ = words["log_id"].split("/")
        assert words["by"].startswith(f"{organisation}/")
        assert all(contract.startswith(f"{service}/") for contract in words["says"])
        previous = example["hash"]


@pytest.mark.parametrize("example", vectors("commitments")["examples"], ids=str)
def test_commitments_by_the_page(example: Any) -> None:
    salted = bytes.fromhex(example["salt"]) + example["text"].encode()
    assert sha256(salted).hexdigest() == example["commitment"]


def test_ids_by_the_page() -> None:
    ids = vectors("ids")
    for stream in ids["streams"]:
        assert uuid_of(ROOT, "/".join([stream["kind"], *map(str, stream["parts"])])) == stream["id"]
    for event in ids["events"]:
        assert uuid_of(event["root"], str(event["number"])) == event["event_id"]
    for words in ids["heard"]:
        assert uuid_of(words["event_id"], words["hearer"]) == words["root"]
    for duty in ids["duties"]:
        name = "/".join((duty["log_id"], duty["name"], duty["day"], duty["aggregate"]))
        assert uuid_of(uuid_of(ROOT, "calendar"), name) == duty["root"]


@pytest.mark.parametrize("example", vectors("keys")["organisations"], ids=["first", "second"])
def test_keys_by_the_page(example: Any) -> None:
    derived = {purpose: key_of(example["secret"], purpose) for purpose in example["derived"]}
    assert {purpose: key.hex() for purpose, key in derived.items()} == example["derived"]
    assert bytes(SigningKey(derived["envelopes"]).verify_key).hex() == example["public"]["verify"]
    assert bytes(PrivateKey(derived["parts"]).public_key).hex() == example["public"]["seal"]


def test_messages_by_the_page() -> None:
    messages = vectors("messages")
    box = SealedBox(PrivateKey(key_of(messages["to_secret"], "parts")))
    for example in messages["examples"]:
        message = json.loads(example["message"])
        signature = bytes.fromhex(message["signature"])
        VerifyKey(bytes.fromhex(messages["from"])).verify(message["envelope"].encode(), signature)
        committed = json.loads(message["envelope"])["parts"]
        assert [part["ref"] for part in message["parts"]] == [part["ref"] for part in committed]
        opened = []
        for part, promise in zip(message["parts"], committed, strict=True):
            if "sealed" in part:
                words = json.loads(box.decrypt(bytes.fromhex(part["sealed"])))
                salted = bytes.fromhex(words["salt"]) + words["text"].encode()
                assert sha256(salted).hexdigest() == promise["commitment"]
                opened.append(words)
            else:
                assert part == {"ref": promise["ref"], "erased": True}
        assert opened == example["opened"]


# the kernel


@pytest.mark.parametrize("example", vectors("canonical")["examples"], ids=str)
def test_canonical_json_by_the_kernel(example: Any) -> None:
    assert canonical(example["value"]) == example["text"]


@pytest.mark.parametrize("refused", vectors("canonical")["refused"], ids=str)
def test_what_has_no_canonical_text_by_the_kernel(refused: Any) -> None:
    with pytest.raises(TypeError):
        canonical(refused)


def row_of(columns: dict[str, Any]) -> Row:
    words = dict(columns)
    return Row(
        originator_id=UUID(words.pop("stream")),
        originator_version=words.pop("version"),
        state=words.pop("state").encode(),
        event_id=UUID(words.pop("event_id")),
        **words,
    )


@pytest.mark.parametrize("example", vectors("rows")["examples"])
def test_rows_and_leaves_by_the_kernel(example: Any) -> None:
    log_id, row = vectors("rows")["log_id"], row_of(example["row"])
    assert row_bytes(log_id, row).decode() == example["bytes"]
    assert leaf_hash(log_id, row).hex() == example["leaf"]


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_counts_for_the_leaf(column: str) -> None:
    columns = vectors("rows")["examples"][2]["row"]
    other = {
        "position": 4,
        "event_id": str(UUID(int=1)),
        "stream": str(UUID(int=1)),
        "version": 9,
        "schema_version": 3,
        "recorded_at": 1,
        "on_behalf_of": None,
    }
    changed = {**columns, column: other.get(column, f"{columns[column]} ")}
    assert leaf_hash("a/b/c", row_of(changed)) != leaf_hash("a/b/c", row_of(columns))


@pytest.mark.parametrize("example", vectors("rows")["examples"], ids=["1", "2", "3"])
def test_a_row_is_read_back_from_its_bytes_and_from_no_others(example: Any) -> None:
    line = example["bytes"].encode()
    log_id, row = read_row(line)
    assert row_bytes(log_id, row) == line
    spelt = line.replace(b'"version":', b'"version":0')
    for wrong in (line + b" ", line[1:], b" " + line, spelt, b"{}"):
        with pytest.raises(ValueError, match="not a row"):
            read_row(wrong)


def test_the_log_id_counts_for_the_leaf() -> None:
    row = row_of(vectors("rows")["examples"][0]["row"])
    assert leaf_hash("a/b/c", row) != leaf_hash("a/b/d", row)


def test_checkpoints_by_the_page_and_by_the_kernel() -> None:
    example = vectors("checkpoints")
    leaves, log_id = example["leaves"], example["log_id"]
    assert leaves == [each["leaf"] for each in vectors("rows")["examples"]]
    assert [root_of(leaves[:size]) for size in range(4)] == example["roots"]
    root = b64encode(bytes.fromhex(example["roots"][3])).decode()
    text = f"{log_id}\n3\n{root}\n"
    note = text + "\n" + line_of(log_id, b"\x01", example["secret"], b"", text)
    assert note == example["note"]
    keys = Keys(bytes.fromhex(example["secret"]))
    checkpoint = Checkpoint.read(note, keys.public)
    assert checkpoint == Checkpoint.sign(
        log_id, 3, bytes.fromhex(example["roots"][3]), keys.envelopes
    )
    for each in example["continues"]:
        known = Tree().grown(map(bytes.fromhex, leaves[: each["old"]]))
        new = [bytes.fromhex(leaf) for leaf in leaves[each["old"] :]]
        proof = [node.hex() for node in continues(known, new)]
        assert (known.root.hex(), proof) == (example["roots"][each["old"]], each["proof"])
        if each["old"] == 2:
            assert each["proof"] == leaves[2:]
    cosigned = example["cosigned"]
    seconds, name = cosigned["time"], cosigned["organisation"]
    signed = f"cosignature/v1\ntime {seconds}\n{text}"
    before = seconds.to_bytes(8, "big")
    assert line_of(name, b"\x04", cosigned["secret"], before, signed) == cosigned["line"]
    public = Keys(bytes.fromhex(cosigned["secret"])).public
    assert Cosignature.read(cosigned["line"], checkpoint, name, public).at == MARCH_2


def test_envelopes_by_the_kernel() -> None:
    for example in vectors("envelopes")["examples"]:
        envelope = Envelope.read(example["text"])
        assert envelope.words == example["words"]
        assert envelope.hash == example["hash"]
        assert canonical(envelope.words) == example["text"]


@pytest.mark.parametrize("example", vectors("commitments")["examples"], ids=str)
def test_commitments_by_the_kernel(example: Any) -> None:
    entry = Entry(UUID(int=0), UUID(int=0), "kind", example["text"], example["salt"])
    assert entry.commitment == example["commitment"]


def test_ids_by_the_kernel() -> None:
    for stream in vectors("ids")["streams"]:
        assert str(stream_id(stream["kind"], *stream["parts"])) == stream["id"]


@pytest.mark.parametrize("example", vectors("keys")["organisations"], ids=["first", "second"])
def test_keys_by_the_kernel(example: Any) -> None:
    keys = Keys(bytes.fromhex(example["secret"]))
    assert {"verify": keys.public.verify, "seal": keys.public.seal} == example["public"]
    derived = example["derived"]
    assert bytes(keys.identities).hex() == derived["identities"]
    assert bytes(keys.transport).hex() == derived["transport"]
    assert bytes(keys.wrapping).hex() == derived["wrapping"]
    assert keys.digests.hex() == derived["digests"]


@pytest.mark.parametrize("example", vectors("tags")["tags"], ids=["first", "second"])
def test_tags_by_the_page_and_by_the_kernel(example: Any) -> None:
    secret = bytes.fromhex(example["secret"])
    derived = blake2b(key=secret, digest_size=32, person=b"tags".ljust(16, b"\0")).digest()
    proof = hmac.digest(derived, example["text"].encode(), "sha256")
    assert derived.hex() == example["derived"]
    assert b32encode(proof).decode()[:24] == example["tag"]
    assert Keys(secret).tag(example["text"]) == example["tag"]


def test_fingerprints_between_two_by_the_page_and_by_the_kernel() -> None:
    """Both derive the same from what is theirs and what the other shows; a third one does not."""
    example = vectors("fingerprints")
    seeds = [key_of(secret, "parts") for secret in example["secrets"]]
    shown = [bytes(PrivateKey(seed).public_key) for seed in seeds]
    for mine, theirs in ((0, 1), (1, 0)):
        agreed = crypto_box_beforenm(shown[theirs], seeds[mine])
        between = key_of(agreed.hex(), "fingerprints")
        assert (agreed.hex(), between.hex()) == (example["agreed"], example["between"])
        found = blake2b(example["text"].encode(), key=between, digest_size=32)
        assert found.hexdigest() == example["fingerprint"]
    one, other = (Keys(bytes.fromhex(secret)) for secret in example["secrets"])
    assert one.fingerprints_between(other.public).hex() == example["between"]
    assert other.fingerprints_between(one.public).hex() == example["between"]
    third = Keys(bytes(32))
    assert third.fingerprints_between(one.public) != one.fingerprints_between(other.public)


# what the kernel writes, read by the page


def columns_of(row: Row) -> dict[str, Any]:
    names = {"stream": "originator_id", "version": "originator_version"}
    values = {name: getattr(row, names.get(name, name)) for name in COLUMNS}
    values["state"] = row.state.decode()
    return {name: str(v) if isinstance(v, UUID) else v for name, v in values.items()}


def test_a_written_log_is_read_by_the_page(kitchen: Party, cellar: Party) -> None:
    jar = kitchen.open_jar("ä \u2028 jar")
    kitchen.edit(jar, lambda found, d: found.label(d.seal(jar, "label", "è"), by=d.actor))
    kitchen.edit(jar, lambda found, d: found.close(d.today, MARCH_2, by=d.actor, note='"\x00'))
    hear(cellar, *kitchen.messages("lead"))
    close_days(kitchen.store)
    for party in (kitchen, cellar):
        for position, row in enumerate(party.rows(), start=1):
            assert row.position == position
            written = bytes_of_row(party.store.log_id, columns_of(row))
            assert leaf_of(written) == leaf_hash(party.store.log_id, row).hex()
            assert text_of(json.loads(row.state)) == row.state.decode()


def test_written_ids_are_those_of_the_page(kitchen: Party, cellar: Party) -> None:
    kitchen.open_jar()
    hear(cellar, *kitchen.messages("lead"))
    [said_], [followed] = kitchen.rows(), cellar.rows()
    root = said_.cause.removeprefix("command:")
    assert str(said_.event_id) == uuid_of(root, "0")
    reaction = uuid_of(str(said_.event_id), cellar.store.log_id)
    assert str(followed.event_id) == uuid_of(reaction, "0")
    close_days(kitchen.store)
    day = "2026-03-02"
    jar = said_.originator_id
    name = f"{kitchen.store.log_id}/check/{day}/{jar}"
    [checked] = [row for row in kitchen.rows() if row.topic == "kitchen.Checked"]
    assert checked.cause == f"duty:check:{day}:{jar}"
    assert str(checked.event_id) == uuid_of(uuid_of(uuid_of(ROOT, "calendar"), name), "0")
    assert uuid_of(ROOT, "calendar") == str(CALENDAR)


def test_written_envelopes_are_chained_as_the_page_says(kitchen: Party) -> None:
    for number in range(3):
        kitchen.open_jar(number)
    previous = "0" * 64
    for number, row in enumerate(kitchen.table(said), start=1):
        words = json.loads(row.envelope)
        assert text_of(words) == row.envelope
        assert (row.seq, words["seq"], row.previous_hash, words["previous_hash"]) == (
            *(number, number),
            *(previous, previous),
        )
        previous = sha256(row.envelope.encode()).hexdigest()
        assert row.hash == previous


def test_a_written_vault_entry_opens_as_the_page_says(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    kitchen.decide(lambda deciding: deciding.seal(jar, "label", "è"))
    [entry], [key] = kitchen.table(vault), kitchen.table(vault_keys)
    log_id = kitchen.store.log_id
    wrapping = key_of(sha256(b"lead").hexdigest(), "wrapping")

    def opened(sealed: bytes, associated: str, with_key: bytes) -> bytes:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(
            sealed[24:], associated.encode(), sealed[:24], with_key
        )

    own = opened(key.wrapped, f"{log_id}|{jar}", wrapping)
    words = json.loads(opened(entry.sealed, f"{log_id}|{entry.ref}|{jar}|label", own))
    assert words.keys() == {"salt", "text"}
    assert words["text"] == "è"


def test_a_released_message_is_heard_by_the_kernel(
    new_party: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A courier of the day of the release is understood for ever."""
    from services.kernel.programme import Organisation, Programme
    from tests.kernel.parties import cellar_with

    messages = vectors("messages")
    got: list[Any] = []
    hearer = new_party(
        cellar_with({"pacts/action_planned.v2": lambda _, said: got.append(said.body)}),
        own="partner",
    )
    keys = Keys(bytes.fromhex(messages["to_secret"]))
    speaker = vectors("keys")["organisations"][0]["public"]
    public = keys_of("lead").public
    lead = Organisation(
        "lead", ("pacts",), replace(public, verify=speaker["verify"], seal=speaker["seal"]), True
    )
    monkeypatch.setattr(hearer.store, "keys", keys)
    monkeypatch.setattr(
        hearer.store,
        "programme",
        Programme("partner", {"lead": lead, "partner": Organisation("partner", (), keys.public)}),
    )
    inbox.receive(hearer.store, [example["message"].encode() for example in messages["examples"]])
    inbox.look(hearer.store, "lead/pacts/0123456789abcdef")
    assert [body["quantity_eur"] for body in got] == ["12.50"]
    assert len(hearer.table(vault)) == 1
