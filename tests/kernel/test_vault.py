"""The vault: readable to who has the key, bound to its row, erasable for good, reads are logged."""

import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from nacl.exceptions import CryptoError
from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.exc import OperationalError

from services.kernel.deciding import Deciding
from services.kernel.mapper import micros
from services.kernel.sealed import Sealed
from services.kernel.tables import erasures, vault, vault_keys, vault_reads
from services.kernel.vault import MANY, Erased
from tests.kernel.kitchen import Jar, JarClosed
from tests.kernel.parties import MARCH_2, Party, keys_of, occasion, only_postgresql, person, some_id

PIA, UGO = some_id("Pia"), some_id("Ugo")
TEXT = "Pia, via Garibaldi 1, ISEE 7300.00"


def seal(party: Party, subject: UUID = PIA, text: str = TEXT, kind: str = "household") -> Sealed:
    sealed = party.decide(lambda deciding: deciding.seal(subject, kind, text))
    assert isinstance(sealed, Sealed)
    return sealed


def open_(party: Party, sealed: Sealed) -> str:
    text = party.decide(lambda deciding: deciding.open(sealed))
    assert isinstance(text, str)
    return text


def test_what_was_sealed_opens(kitchen: Party) -> None:
    sealed = seal(kitchen)
    assert open_(kitchen, sealed) == TEXT


@pytest.mark.parametrize("text", ["", " ", "è\x00\u2028😀", "x" * 100_000])
def test_any_text_comes_back_as_it_was(kitchen: Party, text: str) -> None:
    assert open_(kitchen, seal(kitchen, text=text)) == text


def test_what_was_sealed_opens_within_the_same_decision(kitchen: Party) -> None:
    def act(deciding: Deciding) -> str:
        return deciding.open(deciding.seal(PIA, "household", TEXT))

    assert kitchen.decide(act) == TEXT


def test_many_texts_are_read_at_once_for_who_compares_them_and_no_reading_is_recorded(
    kitchen: Party,
) -> None:
    """More than one query takes; not what was erased, is no text, or was never there."""

    def act(deciding: Deciding) -> list[UUID]:
        kept = [deciding.seal(PIA, "code", f"code {n}") for n in range(MANY + 1)]
        gone = deciding.seal(UGO, "code", "code of Ugo")
        mail = deciding.seal_bytes(PIA, "mail", b"no text")
        return [each.ref for each in (*kept, gone, mail)]

    refs = kitchen.decide(act)
    kitchen.decide(lambda deciding: deciding.erase(UGO))
    found = kitchen.decide(lambda deciding: deciding.vault.texts([*refs, some_id("nobody")]))
    assert found == {ref: f"code {n}" for n, ref in enumerate(refs[: MANY + 1])}
    assert kitchen.decide(lambda deciding: deciding.vault.texts([])) == {}
    assert kitchen.table(vault_reads) == []


def test_what_was_disclosed_is_not_kept_if_it_is_discarded_and_what_is_written_stays(
    kitchen: Party,
) -> None:
    written = seal(kitchen)

    def act(deciding: Deciding) -> Sealed:
        disclosed = deciding.seal(PIA, "household", "disclosed")
        deciding.vault.discard(disclosed.ref)
        deciding.vault.discard(written.ref)
        return disclosed

    disclosed = kitchen.decide(act)
    with pytest.raises(Erased):
        open_(kitchen, disclosed)
    assert open_(kitchen, written) == TEXT
    assert [row.ref for row in kitchen.table(vault)] == [written.ref]


def test_nothing_readable_is_stored(kitchen: Party) -> None:
    seal(kitchen)
    [row] = kitchen.table(vault)
    assert (row.subject, row.kind) == (PIA, "household")
    for secret in (b"Pia", b"Garibaldi", b"7300", b"text", b"salt"):
        assert secret not in row.sealed
    [key] = kitchen.table(vault_keys)
    assert len(key.wrapped) > 32


def test_the_commitment_is_the_digest_of_a_secret_salt_and_the_text(kitchen: Party) -> None:
    sealed = seal(kitchen)
    entry = kitchen.decide(lambda deciding: deciding.vault.entry(sealed.ref))
    salt = bytes.fromhex(entry.salt)
    assert len(salt) == 32
    assert sealed.commitment == sha256(salt + TEXT.encode()).hexdigest()


def test_the_same_text_twice_looks_different(kitchen: Party) -> None:
    one, other = seal(kitchen), seal(kitchen)
    assert one.ref != other.ref
    assert one.commitment != other.commitment
    first, second = kitchen.table(vault)
    assert first.sealed != second.sealed


def test_one_key_for_each_subject(kitchen: Party) -> None:
    for subject in (PIA, PIA, UGO):
        seal(kitchen, subject)
    assert {row.subject for row in kitchen.table(vault_keys)} == {PIA, UGO}
    assert len(kitchen.table(vault)) == 3


def test_a_refusal_seals_nothing(kitchen: Party) -> None:
    def refuse(deciding: Deciding) -> None:
        deciding.seal(PIA, "household", TEXT)
        raise JarClosed

    with pytest.raises(JarClosed):
        kitchen.once(some_id("key"), refuse)
    assert kitchen.table(vault) == kitchen.table(vault_keys) == []


# bytes from outside

MAIL = bytes(range(256)) * 3 + b"{" + "però".encode("latin-1")


def seal_bytes(party: Party, content: bytes = MAIL) -> Sealed:
    sealed = party.decide(lambda deciding: deciding.seal_bytes(PIA, "mail", content))
    assert isinstance(sealed, Sealed)
    return sealed


@pytest.mark.parametrize("content", [b"", b"\x00", b'{"text": ""}', MAIL, b"\xff" * 2_000_000])
def test_bytes_come_back_as_they_were(kitchen: Party, content: bytes) -> None:
    sealed = seal_bytes(kitchen, content)
    assert kitchen.decide(lambda deciding: deciding.open_bytes(sealed)) == content


def test_the_commitment_to_bytes_is_that_of_salt_and_content(kitchen: Party) -> None:
    sealed = seal_bytes(kitchen)
    bulk = kitchen.decide(lambda deciding: deciding.vault._found(sealed.ref))
    assert len(bulk.salt) == 32
    assert sealed.commitment == sha256(bulk.salt + MAIL).hexdigest()


def test_bytes_are_encrypted_and_their_reading_is_recorded(kitchen: Party) -> None:
    sealed = seal_bytes(kitchen, b"Pia, via Garibaldi 1")
    [row] = kitchen.table(vault)
    assert b"Garibaldi" not in row.sealed
    kitchen.decide(lambda deciding: deciding.open_bytes(sealed))
    assert [(read.ref, read.kind) for read in kitchen.table(vault_reads)] == [(sealed.ref, "mail")]


def test_erased_bytes_do_not_open_and_no_more_are_kept(kitchen: Party) -> None:
    sealed = seal_bytes(kitchen)
    kitchen.decide(lambda deciding: deciding.erase(PIA))
    assert kitchen.table(vault) == kitchen.table(vault_keys) == []
    with pytest.raises(Erased):
        kitchen.decide(lambda deciding: deciding.open_bytes(sealed))
    with pytest.raises(Erased):
        seal_bytes(kitchen)


def test_text_is_no_bytes_and_bytes_are_no_text(kitchen: Party) -> None:
    text, content = seal(kitchen), seal_bytes(kitchen)
    with pytest.raises(Erased):
        kitchen.decide(lambda deciding: deciding.open(content))
    with pytest.raises(Erased):
        kitchen.decide(lambda deciding: deciding.open_bytes(text))


# erasing


def test_erasing_removes_rows_and_key_and_is_written_down(kitchen: Party) -> None:
    erased, kept = [seal(kitchen), seal(kitchen)], seal(kitchen, UGO)
    kitchen.decide(lambda deciding: deciding.erase(PIA))
    assert [row.ref for row in kitchen.table(vault)] == [kept.ref]
    assert [row.subject for row in kitchen.table(vault_keys)] == [UGO]
    [row] = kitchen.table(erasures)
    assert (row.subject, row.erased_at, row.actor) == (PIA, micros(MARCH_2), person("lead").id)
    for sealed in erased:
        with pytest.raises(Erased) as refusal:
            open_(kitchen, sealed)
        assert refusal.value.facts == {"ref": str(sealed.ref)}
    assert open_(kitchen, kept) == TEXT


def test_about_an_erased_subject_nothing_more_is_kept(kitchen: Party) -> None:
    kitchen.decide(lambda deciding: deciding.erase(PIA))
    with pytest.raises(Erased) as refusal:
        seal(kitchen)
    assert refusal.value.facts == {"subject": str(PIA)}
    assert kitchen.table(vault) == kitchen.table(vault_keys) == []


def test_erased_in_the_same_decision_it_is_not_kept(kitchen: Party) -> None:
    def act(deciding: Deciding) -> None:
        deciding.seal(PIA, "household", TEXT)
        deciding.seal(UGO, "household", TEXT)
        deciding.erase(PIA)
        with pytest.raises(Erased):
            deciding.seal(PIA, "household", TEXT)

    kitchen.decide(act)
    assert [row.subject for row in kitchen.table(vault)] == [UGO]
    assert [row.subject for row in kitchen.table(vault_keys)] == [UGO]


def test_erased_in_the_same_decision_it_does_not_open(kitchen: Party) -> None:
    stored = seal(kitchen)

    def act(deciding: Deciding) -> None:
        new = deciding.seal(PIA, "household", TEXT)
        deciding.erase(PIA)
        for sealed in (new, stored):
            with pytest.raises(Erased):
                deciding.open(sealed)

    kitchen.decide(act)


def test_erasing_twice_keeps_the_first_day(kitchen: Party) -> None:
    kitchen.decide(lambda deciding: deciding.erase(PIA))
    kitchen.clock.pass_(days=1)
    kitchen.decide(lambda deciding: deciding.erase(PIA))
    assert [row.erased_at for row in kitchen.table(erasures)] == [micros(MARCH_2)]


def test_a_refused_erasure_erases_nothing(kitchen: Party) -> None:
    sealed = seal(kitchen)

    def refuse(deciding: Deciding) -> None:
        deciding.erase(PIA)
        raise JarClosed

    with pytest.raises(JarClosed):
        kitchen.once(some_id("key"), refuse)
    assert open_(kitchen, sealed) == TEXT
    assert kitchen.table(erasures) == []


def test_a_row_restored_after_its_erasure_does_not_open(kitchen: Party) -> None:
    """An ordinary backup holds the entries; the wrapped keys are kept elsewhere."""
    sealed = seal(kitchen)
    [backup] = kitchen.table(vault)
    kitchen.decide(lambda deciding: deciding.erase(PIA))
    with kitchen.store.database.writing() as connection:
        connection.execute(insert(vault).values(**backup._mapping))
    with pytest.raises(Erased):
        open_(kitchen, sealed)
    assert kitchen.messages("lead") == []


def test_a_row_restored_with_a_new_key_of_the_subject_does_not_open(kitchen: Party) -> None:
    sealed = seal(kitchen)
    [backup] = kitchen.table(vault)
    with kitchen.store.database.writing() as connection:
        connection.execute(delete(vault))
        connection.execute(delete(vault_keys))
    seal(kitchen)
    with kitchen.store.database.writing() as connection:
        connection.execute(insert(vault).values(**backup._mapping))
    with pytest.raises(CryptoError):
        open_(kitchen, sealed)


def test_the_history_that_refers_to_erased_text_still_loads(kitchen: Party) -> None:
    jar = kitchen.open_jar()
    kitchen.edit(jar, lambda found, d: found.label(d.seal(jar, "label", TEXT), by=d.actor))
    kitchen.decide(lambda deciding: deciding.erase(jar))
    found = kitchen.decide(lambda deciding: deciding.get(Jar, jar))
    assert len(found.labels) == 1


@only_postgresql
def test_who_seals_while_another_erases_leaves_nothing_behind(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    """It began before the erasure was written; SQLite has one writer at a time anyhow."""
    other = new_party(urls=kitchen.urls)
    tries = []

    def seal_late(deciding: Deciding) -> None:
        tries.append(1)
        deciding.seal(PIA, "household", TEXT)
        deciding.add(Jar.open(some_id("jar"), by=deciding.actor))
        if len(tries) == 1:
            other.store.decide(occasion("erase"), lambda faster: faster.erase(PIA))

    with pytest.raises(Erased):
        kitchen.decide(seal_late)
    assert kitchen.table(vault) == kitchen.table(vault_keys) == []
    assert kitchen.told() == []


# binding


@pytest.mark.parametrize("field", ["ref", "subject", "kind"])
def test_a_row_that_pretends_to_be_another_does_not_open(kitchen: Party, field: str) -> None:
    sealed, other = seal(kitchen), seal(kitchen, UGO, "Ugo, via Roma 2", "isee")
    values = {"ref": some_id("pretended"), "subject": UGO, "kind": "isee"}
    _as_owner(kitchen, sealed, {field: values[field]})
    ref = values["ref"] if field == "ref" else sealed.ref
    with pytest.raises(CryptoError):
        open_(kitchen, Sealed(ref, sealed.commitment))
    assert open_(kitchen, other) == "Ugo, via Roma 2"


def test_the_text_of_one_subject_swapped_under_another_does_not_open(kitchen: Party) -> None:
    pia, ugo = seal(kitchen), seal(kitchen, UGO, "Ugo, via Roma 2")
    texts = {row.ref: row.sealed for row in kitchen.table(vault)}
    _as_owner(kitchen, pia, {"sealed": texts[ugo.ref]})
    _as_owner(kitchen, ugo, {"sealed": texts[pia.ref]})
    for sealed in (pia, ugo):
        with pytest.raises(CryptoError):
            open_(kitchen, sealed)


def test_the_keys_of_two_subjects_swapped_do_not_unwrap(kitchen: Party) -> None:
    pia, ugo = seal(kitchen), seal(kitchen, UGO)
    wrapped = {row.subject: row.wrapped for row in kitchen.table(vault_keys)}
    with kitchen.store.database.writing() as connection:
        connection.execute(delete(vault_keys))
        connection.execute(insert(vault_keys).values(subject=PIA, wrapped=wrapped[UGO]))
        connection.execute(insert(vault_keys).values(subject=UGO, wrapped=wrapped[PIA]))
    for sealed in (pia, ugo):
        with pytest.raises(CryptoError):
            open_(kitchen, sealed)


def test_another_organisation_does_not_unwrap_our_keys(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    sealed = seal(kitchen)
    thief = new_party(urls=kitchen.urls, own="partner")
    with pytest.raises(CryptoError):
        open_(thief, sealed)
    assert keys_of("partner").wrapping is not keys_of("lead").wrapping


def test_the_vault_of_another_log_does_not_open_a_copied_row(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    """Same organisation, same key, other log: the log's id is bound too."""
    sealed = seal(kitchen)
    [entry], [key] = kitchen.table(vault), kitchen.table(vault_keys)
    other = new_party()
    with other.store.database.writing() as connection:
        connection.execute(insert(vault).values(**entry._mapping))
        connection.execute(insert(vault_keys).values(**key._mapping))
    with pytest.raises(CryptoError):
        open_(other, sealed)


def _as_owner(party: Party, sealed: Sealed, values: dict[str, Any]) -> None:
    """Change a row behind everybody's back."""
    from sqlalchemy import create_engine

    engine = create_engine(party.urls.owner)
    with engine.begin() as connection:
        connection.execute(update(vault).where(vault.c.ref == sealed.ref).values(**values))
    engine.dispose()


# reads


def reads(party: Party) -> list[Any]:
    return [
        (row.ref, row.subject, row.kind, row.actor, row.cause, row.read_at)
        for row in party.table(vault_reads)
    ]


def test_every_read_of_a_command_is_written_down(kitchen: Party) -> None:
    sealed = seal(kitchen)
    key = some_id("key")
    kitchen.once(key, lambda deciding: len(deciding.open(sealed)))
    assert reads(kitchen) == [
        (sealed.ref, PIA, "household", person("lead").id, f"command:{key}", micros(MARCH_2))
    ]


def test_every_read_of_a_question_is_written_down(kitchen: Party) -> None:
    sealed = seal(kitchen)
    why = occasion("a question")
    assert kitchen.store.ask(why, lambda reading: reading.open(sealed)) == TEXT
    assert reads(kitchen) == [
        (sealed.ref, PIA, "household", why.actor.id, why.cause, micros(MARCH_2))
    ]


def test_a_question_that_reads_nothing_writes_nothing(kitchen: Party) -> None:
    seal(kitchen)
    kitchen.store.ask(occasion("a question"), lambda reading: reading.today)
    assert reads(kitchen) == []


def test_a_read_before_a_refusal_is_written_down_too(kitchen: Party) -> None:
    sealed = seal(kitchen)

    def refuse(deciding: Deciding) -> None:
        deciding.open(sealed)
        raise JarClosed

    with pytest.raises(JarClosed):
        kitchen.once(some_id("key"), refuse)
    assert [read[0] for read in reads(kitchen)] == [sealed.ref]


def test_a_refused_read_is_no_read(kitchen: Party) -> None:
    with pytest.raises(Erased):
        kitchen.store.ask(
            occasion("a question"), lambda reading: reading.open(Sealed(some_id("none"), ""))
        )
    assert reads(kitchen) == []


def test_the_courier_reads_for_nobody(kitchen: Party) -> None:
    """What is sealed for an entitled reader was not read by a person here."""
    jar = kitchen.open_jar()
    kitchen.edit(jar, lambda found, d: found.label(d.seal(jar, "label", TEXT), by=d.actor))
    [_, message] = kitchen.messages("lead")
    assert json.loads(message)["parts"][0].keys() == {"ref", "sealed"}
    assert reads(kitchen) == []


def test_a_read_is_not_an_event(kitchen: Party) -> None:
    sealed = seal(kitchen)
    open_(kitchen, sealed)
    with kitchen.store.database.reading() as connection:
        assert connection.scalar(select(vault_reads.c.number)) is not None
    assert kitchen.rows() == []


def test_a_read_is_written_down_even_if_its_first_commit_fails(kitchen: Party) -> None:
    sealed = seal(kitchen)
    engine = kitchen.store.database._writing
    noted: list[str] = []

    def executed(_c: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if "INSERT INTO vault_reads" in sql:
            noted.append("not committed yet")

    def busy(_connection: Any) -> None:
        if noted == ["not committed yet"]:
            raise OperationalError("COMMIT", {}, Exception("database is locked"))

    event.listen(engine, "before_cursor_execute", executed)
    event.listen(engine, "commit", busy)
    text = kitchen.store.ask(occasion("a question"), lambda reading: reading.open(sealed))
    assert (text, len(noted)) == (TEXT, 2)
    assert [read[0] for read in reads(kitchen)] == [sealed.ref]
