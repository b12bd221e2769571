"""Referrals from the files that access points keep: bytes in, words of commands and problems out.

One row is one person; the rows of one file number are one household. A file that tells nobody's
relation knows a person and not yet a household. What cannot be read is left
out and named by line and column, never by its content, so that the list can be shown and stored.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from services.intake.codes import AccessPoint, IseeKind, NoticeState, Relation
from services.intake.referral_file import Problem, ProblemCode, Reader, Row, rows_of
from services.intake.referral_vocabulary import (
    ACCESS_POINTS,
    CAPACITIES,
    ELEMENTS,
    INCOME_ONLY,
    ISEE_KINDS,
    NOTICES,
    OCCUPATIONS,
    PROOFS,
    RELATIONS,
    SEXES,
    YES_OR_NO,
    Field,
    plain,
)

Words = dict[str, Any]
ONLY_TICKED = "segnalato dal punto di accesso"
"""The note of an element that was ticked without a word."""


@dataclass(frozen=True)
class Referral:
    """One household of a file, in the words of intake's commands (without the family code).

    Attributes:
        line: where it begins, from 1.
        refer: words of ``refer_family``.
        then: what follows it, each a command and its words, in order. Empty while the file does not
            say whether the information notice was given: nothing may be processed before.
    """

    line: int
    refer: Words
    then: tuple[tuple[str, Words], ...] = ()


@dataclass(frozen=True)
class Reading:
    """What came of a file."""

    referrals: tuple[Referral, ...]
    problems: tuple[Problem, ...]


def read_referrals(raw: bytes, access_point: AccessPoint | None = None) -> Reading:
    """Read a file of an access point.

    Semicolons, tabs or commas; UTF-8 with or without a mark, or the encoding of older Windows;
    titles in any of the known spellings and any order, also twice.

    Args:
        raw: the file.
        access_point: whose file it is, where no column says so.
    """
    reader = Reader()
    try:
        rows = list(rows_of(raw, reader))
    except csv.Error:
        reader.problem(1, "", ProblemCode.UNREADABLE)
        rows = []
    households: dict[str, list[Row]] = {}
    for row in rows:
        key = plain(row.cells.get(Field.FILE, "")) or f"line {row.line}"
        households.setdefault(key, []).append(row)
    referrals = [_referral(reader, group, access_point) for group in households.values()]
    return Reading(
        tuple(referral for referral in referrals if referral is not None),
        tuple(sorted(reader.problems, key=lambda problem: problem.line)),
    )


def _referral(reader: Reader, rows: list[Row], access_point: AccessPoint | None) -> Referral | None:
    """One household; None if the file does not say where and when it was intercepted."""
    whole = _whole(reader, rows)
    where = reader.word(whole, Field.ACCESS_POINT, ACCESS_POINTS) or access_point
    on = reader.day(whole, Field.ON)
    if where is None:
        reader.problem(whole.line, Field.ACCESS_POINT, ProblemCode.MISSING)
    if on is None and not whole.cells.get(Field.ON):
        reader.problem(whole.line, Field.ON, ProblemCode.MISSING)
    members = _members(reader, rows)
    then = tuple(_then(reader, whole, rows, members, on))
    if where is None or on is None:
        return None
    person: Words = members[0] if members else {}
    told = {
        "person": person.get("name"),
        "birth_date": person.get("birth_date"),
        "tax_code": person.get("tax_code"),
        "phone": whole.cells.get(Field.PHONE),
        "email": whole.cells.get(Field.EMAIL),
        "address": whole.cells.get(Field.ADDRESS),
        "reference": whole.cells.get(Field.FILE),
        "note": whole.cells.get(Field.NOTE),
    }
    refer = {"access_point": where.value, "on": on, "referral": told}
    return Referral(whole.line, refer, then)


OF_A_MEMBER = frozenset(
    {
        Field.SURNAME,
        Field.NAME,
        Field.FULL_NAME,
        Field.RELATION,
        Field.BIRTH_DATE,
        Field.SEX,
        Field.TAX_CODE,
        Field.OCCUPATION,
        Field.DEPENDENT,
        Field.DISABILITY,
        Field.PROOF_ON,
        *CAPACITIES,
    }
)
"""What each row tells of its own person; everything else is told of the household."""


def _whole(reader: Reader, rows: list[Row]) -> Row:
    """What the rows tell of the household: of each column the first cell that is not blank."""
    told: dict[Field, str] = {}
    lines: dict[Field, int] = {}
    for row in rows:
        for known, cell in row.cells.items():
            if known in OF_A_MEMBER:
                continue
            lines.setdefault(known, row.line)
            if plain(told.setdefault(known, cell)) != plain(cell):
                reader.problem(row.line, known, ProblemCode.TWO_VALUES)
    return Row(rows[0].line, told, lines)


def _members(reader: Reader, rows: list[Row]) -> list[Words]:
    described = [row for row in rows if OF_A_MEMBER & row.cells.keys()]
    return [_member(reader, row, number) for number, row in enumerate(described, start=1)]


def _member(reader: Reader, row: Row, number: int) -> Words:
    relation = reader.word(row, Field.RELATION, RELATIONS)
    if relation is None and number == 1:
        relation = Relation.APPLICANT.value
    elif relation is None:
        relation = Relation.OTHER.value
        if not row.cells.get(Field.RELATION):
            reader.problem(row.line, Field.RELATION, ProblemCode.MISSING)
    parts = (row.cells.get(Field.NAME), row.cells.get(Field.SURNAME))
    disability = reader.word(row, Field.DISABILITY, {**YES_OR_NO, **PROOFS})
    return {
        "number": number,
        "relation": relation,
        "name": row.cells.get(Field.FULL_NAME) or " ".join(filter(None, parts)) or None,
        "tax_code": reader.tax_code(row),
        "birth_date": reader.day(row, Field.BIRTH_DATE),
        "sex": reader.word(row, Field.SEX, SEXES),
        "occupation": reader.word(row, Field.OCCUPATION, OCCUPATIONS),
        "dependent": reader.word(row, Field.DEPENDENT, YES_OR_NO),
        "disability": bool(disability) or (disability is None and Field.DISABILITY in row.cells),
        "proof": disability if isinstance(disability, str) else None,
        "proof_on": reader.day(row, Field.PROOF_ON),
    }


def _then(
    reader: Reader, whole: Row, rows: list[Row], members: list[Words], on: str | None
) -> Iterator[tuple[str, Words]]:
    """The commands after the referral, each with its words."""
    notice = reader.word(whole, Field.NOTICE, NOTICES)
    notice_on = reader.day(whole, Field.NOTICE_ON) or on
    following = list(_described(reader, whole, rows, members))
    if notice is None and not whole.cells.get(Field.NOTICE):
        reader.problem(whole.line, Field.NOTICE, ProblemCode.MISSING)
    if notice is not None and notice_on is not None:
        yield (
            "record_information_notice",
            {
                "state": NoticeState(notice).value,
                "on": notice_on,
            },
        )
        yield from following


def _described(
    reader: Reader, whole: Row, rows: list[Row], members: list[Words]
) -> Iterator[tuple[str, Words]]:
    related = any(Field.RELATION in row.cells for row in rows)
    if related:
        yield "record_household", {"members": members}
    isee = _isee(reader, whole)
    if isee is not None:
        yield "record_isee", isee
    for column, element in ELEMENTS.items():
        note = whole.cells.get(column)
        ticked = YES_OR_NO.get(plain(note or ""))
        if note and ticked is not False:
            yield (
                "record_vulnerability",
                {
                    "element": element.value,
                    "note": ONLY_TICKED if ticked else note,
                },
            )
    described = [row for row in rows if OF_A_MEMBER & row.cells.keys()]
    for number, row in enumerate(described, start=1):
        for column, kind in CAPACITIES.items():
            if row.cells.get(column):
                yield (
                    "record_capacity",
                    {
                        "kind": kind.value,
                        "capacity": row.cells[column],
                        "member": number if related else None,
                    },
                )


def _isee(reader: Reader, whole: Row) -> Words | None:
    """The words of ``record_isee``; None if there is no certificate, or not all of it."""
    kind = reader.word(whole, Field.ISEE_KIND, ISEE_KINDS)
    income_only = reader.word(whole, Field.ISEE_CHANGE, INCOME_ONLY)
    needed = {
        Field.ISEE_KIND: kind,
        Field.ISEE_VALUE: reader.amount(whole, Field.ISEE_VALUE),
        Field.ISEE_PROTOCOL: reader.protocol(whole, Field.ISEE_PROTOCOL),
        Field.ISEE_ON: reader.day(whole, Field.ISEE_ON),
    }
    if kind == IseeKind.CORRENTE:
        needed[Field.ISEE_CHANGE] = None if income_only is None else str(income_only)
    omissions = reader.word(whole, Field.ISEE_OMISSIONS, YES_OR_NO)
    if not any(whole.cells.get(column) for column in needed):
        return None
    for column, told in needed.items():
        if told is None and not whole.cells.get(column):
            reader.problem(whole.line, column, ProblemCode.MISSING)
    unsure = omissions is None and Field.ISEE_OMISSIONS in whole.cells
    if unsure or None in needed.values():
        return None
    return {
        "kind": kind,
        "value": needed[Field.ISEE_VALUE],
        "protocol": needed[Field.ISEE_PROTOCOL],
        "issued_on": needed[Field.ISEE_ON],
        "omissions": bool(omissions),
        "income_only": bool(income_only),
    }
