"""What counts as naming somebody of the family; all of them invented."""

import pytest

from services.pacts.form.names import NOBODY, Names

HOUSEHOLD = Names.of(
    [
        "Rosa Šarić",
        "Domenica Due",
        "Li D’Àvila",
        "Rocco Tramontana",
        "TRMRCC80A01H501Z",
        "STP0101234567890",
    ]
)


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
    ],
)
def test_a_name_is_found(text: str):
    assert HOUSEHOLD.stand_in(text)


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
def test_a_word_that_is_none_is_left_alone(text: str):
    assert not HOUSEHOLD.stand_in(text)


def test_a_body_may_share_one_word_with_the_family_but_not_a_whole_name():
    assert not HOUSEHOLD.stand_in("Bar Tramontana", single=False)
    assert HOUSEHOLD.stand_in("Bar Rocco Tramontana", single=False)
    assert HOUSEHOLD.stand_in("trmrcc80a01h501z", single=False)


@pytest.mark.parametrize(("name", "found"), [("Li", False), ("Lia", True), ("Liam", True)])
def test_one_word_is_a_name_from_three_letters_on(name: str, found: bool):
    assert Names.of([name]).stand_in(f"corso per {name}") is found


def test_where_no_name_is_known_nothing_is_found():
    assert not NOBODY.stand_in("Rosa Šarić TRMRCC80A01H501Z")
