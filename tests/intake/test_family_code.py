"""The family code: random, and mistyping it is caught."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.family_code import (
    ALPHABET,
    WrongFamilyCode,
    check_character,
    family_id,
    new_code,
    read_code,
)

BODIES = st.text(alphabet=ALPHABET, min_size=6, max_size=6)


def free(code: str) -> bool:
    return False


def test_a_code_carries_its_organisation_six_random_characters_and_a_check_character():
    assert new_code("lead", Random(1), free) == "LEAD-84G7ZW-G"


def test_an_organisation_may_have_hyphens():
    code = new_code("nord-est", Random(2), free)
    assert code.startswith("NORD-EST-")
    assert read_code(code) == code


def test_a_code_that_is_taken_is_not_given_again():
    first = new_code("lead", Random(1), free)
    assert new_code("lead", Random(1), lambda code: code == first) != first


def test_no_code_has_a_letter_that_is_mistaken_for_another():
    assert set("ILOU").isdisjoint(ALPHABET)
    assert len(set(ALPHABET)) == 32


def test_check_characters_are_frozen():
    assert [check_character(body) for body in ("000000", "7K3M9Q", "ZZZZZZ", "000001")] == [
        "0",
        "8",
        "S",
        "2",
    ]


@pytest.mark.parametrize("typed", ["lead-7k3m9q-8", " LEAD-7K3M9Q-8 ", "Lead - 7k3m9q - 8"])
def test_blanks_and_case_do_not_matter(typed):
    assert read_code(typed) == "LEAD-7K3M9Q-8"


def test_letters_that_look_like_digits_are_read_as_digits():
    body = "0110AB"
    typed = f"LEAD-OIl0AB-{check_character(body)}"
    assert read_code(typed) == f"LEAD-{body}-{check_character(body)}"


@given(BODIES, st.integers(0, 5), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_caught(body, place, other):
    if body[place] == other:
        return
    wrong = body[:place] + other + body[place + 1 :]
    with pytest.raises(WrongFamilyCode) as refusal:
        read_code(f"LEAD-{wrong}-{check_character(body)}")
    assert refusal.value.facts == {"because": "check_character"}


@given(BODIES, st.integers(0, 5), st.integers(0, 5))
@settings(max_examples=200)
def test_every_two_characters_that_changed_places_are_caught(body, one, two):
    if body[one] == body[two]:
        return
    swapped = list(body)
    swapped[one], swapped[two] = swapped[two], swapped[one]
    with pytest.raises(WrongFamilyCode):
        read_code(f"LEAD-{''.join(swapped)}-{check_character(body)}")


@given(BODIES, st.sampled_from(ALPHABET))
def test_a_wrong_check_character_is_caught(body, other):
    if other == check_character(body):
        return
    with pytest.raises(WrongFamilyCode):
        read_code(f"LEAD-{body}-{other}")


@pytest.mark.parametrize(
    "typed",
    ["", "Esempio-Alfa", "-7K3M9Q-8", "LEAD-7K3M9-8", "LEAD-7K3M9QQ-8", "LEAD-7K3M9U-8", "LEAD"],
)
def test_what_is_no_code_is_refused_without_repeating_it(typed):
    with pytest.raises(WrongFamilyCode) as refusal:
        read_code(typed)
    assert refusal.value.facts == {"because": "shape"}


def test_the_stream_follows_from_the_code_and_never_changes():
    assert str(family_id("LEAD-7K3M9Q-8")) == "1273ab19-753d-537b-b1f7-c5e26f176a90"
