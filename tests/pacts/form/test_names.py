"""What counts as naming somebody of the family; all of them invented."""

import pytest

from services.pacts.form.names import NOBODY, Names

TOLD = (
    "Rosa Šarić",
    "TRMRCC80A01H501Z",
    "Domenica Due",
    "Li D’Àvila",
    "Rocco Tramontana",
    "STP0101234567890",
)


@pytest.fixture
def household() -> Names:
    return Names.of(TOLD)


@pytest.mark.parametrize(
    "text",
    [
        "Rosa segue un corso",
        "il corso di SARIC",
        "corso per Saric, la sera",
        "insieme a rosa saric il sabato",
        "šarić rosa si impegna",
        "con Tramontana",
        "per domenica due",
        "li d'avila cucina",
        "CF TRMRCC80A01H501Z",
        "cf trmrcc80a01h501z",
        "tessera STP0101234567890",
        "Il sabato\nRosa\nal mercato",
        "Rosa alla festa del santo",
    ],
)
def test_a_name_is_found(household: Names, text: str):
    assert household.stand_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "una rosa nell'orto",
        "Cura dei roseti",
        "Oratorio San Rocco",
        "parrocchia di s. Rocco",
        "Sant'Rocco",
        "vento di tramontana",
        "Li accompagna la vicina",
        "la madre e il figlio maggiore",
        "Due ore ogni settimana",
        "Domenica pomeriggio al centro",
        "",
    ],
)
def test_a_word_that_is_none_is_left_alone(household: Names, text: str):
    assert not household.stand_in(text)


def test_a_body_may_share_one_word_with_the_family_but_not_a_whole_name(household: Names):
    assert not household.stand_in("Bar Tramontana", single=False)
    assert household.stand_in("Bar Rocco Tramontana", single=False)
    assert household.stand_in("trmrcc80a01h501z", single=False)


@pytest.mark.parametrize(("name", "found"), [("Li", False), ("Lia", True), ("Liam", True)])
def test_one_word_is_a_name_from_three_letters_on(name: str, found: bool):
    assert Names.of([name]).stand_in(f"corso per {name}") is found


def test_where_no_name_is_known_nothing_is_found():
    assert not NOBODY.stand_in("Rosa Šarić TRMRCC80A01H501Z")


@pytest.mark.parametrize(
    ("told", "known"),
    [((), False), (("Li Wu",), True), (("Rosa",), True), (("TRMRCC80A01H501Z",), True)],
)
def test_somebody_is_known_by_a_whole_name_by_a_word_or_by_a_code(
    told: tuple[str, ...], known: bool
):
    assert bool(Names.of(told)) is known
