"""What is asked all the time is compiled once, and asks the same as if compiled each time."""

from typing import Any

from sqlalchemy import bindparam, insert, select

from services.kernel.database import Prepared
from services.kernel.tables import vault_reads
from tests.kernel.parties import Party, some_id

READ = {"kind": "label", "actor": "lead/person/x", "cause": "command:x", "read_at": 1}
_reads = Prepared(insert(vault_reads))
_of = Prepared(select(vault_reads.c.ref).where(vault_reads.c.subject == bindparam("whose")))


def read(number: int, **words: Any) -> dict[str, Any]:
    return {**READ, "ref": some_id("ref", number), "subject": some_id("subject"), **words}


def test_one_row_and_several_go_into_a_table_that_counts_them_itself(kitchen: Party) -> None:
    with kitchen.store.database.writing() as connection:
        _reads(connection, [read(1), read(2)])
        _reads(connection, read(3))
        _reads(connection, [read(4)])
    assert [row.ref for row in kitchen.table(vault_reads)] == [
        some_id("ref", number) for number in (1, 2, 3, 4)
    ]


def test_a_question_is_asked_with_other_words_each_time(kitchen: Party) -> None:
    with kitchen.store.database.writing() as connection:
        _reads(connection, [read(1), read(2, subject=some_id("another"))])
    with kitchen.store.database.reading() as connection:
        for whose, number in (("subject", 1), ("another", 2)):
            [found] = _of(connection, {"whose": some_id(whose)}).scalars()
            assert found == some_id("ref", number)
