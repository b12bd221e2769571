"""Codes by which an office knows a person; every one here is invented."""

import pytest

from services.intake.codes import AccessPoint
from services.intake.referral_csv import read_referrals
from services.intake.referral_file import Problem, ProblemCode
from services.intake.tax_code import TaxCodeMisshapen, read_tax_code

WHOLE = "SMPPVN79C14H501W"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (WHOLE, WHOLE),
        (" smppvn 79c14 h501w ", WHOLE),
        ("SMPPVD83L42H501G", "SMPPVD83L42H501G"),
        ("SMPPVN79C14H50MO", "SMPPVN79C14H50MO"),
        ("SMPPVNTVCMQHRLML", "SMPPVNTVCMQHRLML"),
        ("STP0301200000001", "STP0301200000001"),
        ("eni0301200000001", "ENI0301200000001"),
        ("12345678903", "12345678903"),
        ("13579246805", "13579246805"),
    ],
    ids=["man", "blanks", "woman", "omocodia", "letters", "stp", "eni", "provisional", "another"],
)
def test_a_code_of_each_kind_is_read(typed, code):
    assert read_tax_code(typed) == code


@pytest.mark.parametrize(
    ("typed", "because"),
    [
        ("SMPPVN79C14H501X", "check_character"),
        ("SMPPVM79C14H501W", "check_character"),
        ("SMPPVN79C14H501", "shape"),
        ("SMPPVN79C14H501WW", "shape"),
        ("SMPPVN79F14H501W", "shape"),
        ("SMPPVN79C00H501W", "shape"),
        ("SMPPVN79C32H501W", "shape"),
        ("SMPPVN79C40H501W", "shape"),
        ("SMPPVN79C72H501W", "shape"),
        ("SMPPVN79C1AH501W", "shape"),
        ("STP030120000001", "shape"),
        ("STQ0301200000001", "shape"),
        ("12345678902", "check_character"),
        ("1234567890", "shape"),
        ("123456789033", "shape"),
        ("", "shape"),
    ],
)
def test_what_is_no_code_is_refused_without_being_repeated(typed, because):
    with pytest.raises(TaxCodeMisshapen) as refusal:
        read_tax_code(typed)
    assert refusal.value.facts == {"because": because}


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("SMPPVN79C01H501M", 1),
        ("SMPPVN79C31H501P", 31),
        ("SMPPVN79C41H501Q", 41),
        ("SMPPVN79C71H501T", 71),
    ],
)
def test_the_days_of_men_and_of_women(code, day):
    assert int(read_tax_code(code)[9:11]) == day


@pytest.mark.parametrize("place", range(16))
def test_a_single_wrong_character_is_found(place):
    other = "B" if WHOLE[place].isalpha() and WHOLE[place] != "B" else "8"
    with pytest.raises(TaxCodeMisshapen):
        read_tax_code(WHOLE[:place] + other + WHOLE[place + 1 :])


def test_a_code_of_a_file_that_is_none_is_left_out_and_named_by_its_place():
    told = (
        "N. scheda;Data segnalazione;Cognome;Nome;Codice fiscale\n"
        "1;12/01/2026;Esempio;Prova;SMPPVN79C14H501X\n"
    )
    found = read_referrals(told.encode(), AccessPoint.CDA)
    assert found.referrals[0].refer["referral"]["tax_code"] is None
    assert Problem(2, "Codice fiscale", ProblemCode.NOT_A_TAX_CODE) in found.problems
