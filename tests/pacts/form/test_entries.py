"""What people type into a field, and what it means; what is not beyond doubt is not read."""

from datetime import date

import pytest

from services.pacts.form import entries


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.250,50", "1250.50"),
        ("1.250,5", "1250.50"),
        ("1.250", "1250.00"),
        ("1250,50", "1250.50"),
        ("1250.50", "1250.50"),
        ("12.505", "12505.00"),
        ("12.5", "12.50"),
        ("12,5 ore", "12.50"),
        ("12,5ore", "12.50"),
        ("1 ora", "1.00"),
        ("20 h", "20.00"),
        ("350 €", "350.00"),
        ("€ 350", "350.00"),
        ("€350,00", "350.00"),
        ("Euro 350", "350.00"),
        ("350 EUR", "350.00"),
        ("1\u00a0250,50\u00a0€", "1250.50"),
        ("1.234.567,89", "1234567.89"),
        ("９０", "90.00"),
        ("0", "0.00"),
        ("0,00", "0.00"),
        ("9999999999,99", "9999999999.99"),
    ],
)
def test_amounts_as_italians_write_them(typed, value):
    assert str(entries.amount(typed)) == value


@pytest.mark.parametrize(
    "typed",
    [
        *("1,250.50", "1,250", "12,505", "1.25,00", "12.50,00", "1'250", "1.2500"),
        *("-5", "+5", "5%", "5-6", "circa 50", "350 $", "1/2", "½", "€", "ore", "1e3", "0x10"),
        *("99999999999", "99.999.999.999", "9.999.999.999.999", "٣٥٠", "1h30", "12:30", "∞", "NaN"),
    ],
)
def test_amounts_that_can_mean_two_things_or_nothing(typed):
    assert entries.amount(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        *("01/06/2026", "1/6/2026", "1/06/26", "01-06-2026", "01.06.2026", "1 / 6 / 2026"),
        *("2026-06-01", "1 giugno 2026", "1° giugno 2026", "1º Giugno  2026"),
    ],
)
def test_days_as_italians_write_them(typed):
    assert entries.day(typed) == date(2026, 6, 1)


@pytest.mark.parametrize(
    "typed",
    [
        *("31/06/2026", "29/02/2027", "06/31/2026", "2026/06/01", "1/6", "giugno 2026", "domani"),
        *(
            "01/06/1926",
            "01/06/2101",
            "01/06/0026",
            "1 june 2026",
            "20260601",
            "2026-6-1",
            "1/6/206",
        ),
    ],
)
def test_days_that_are_none(typed):
    assert entries.day(typed) is None


@pytest.mark.parametrize(
    ("year", "is_one"),
    [(1999, False), (2000, True), (2001, True), (2099, True), (2100, True), (2101, False)],
)
def test_a_day_lies_in_a_year_in_which_there_can_be_a_pact(year, is_one):
    assert entries.day(f"01/06/{year}") == (date(year, 6, 1) if is_one else None)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\u2028", "\x85"])
def test_every_line_end_is_one(end):
    assert entries.normalised(f" una{end}due \t") == "una\ndue"


@pytest.mark.parametrize("value", [None, "", "  \r\n "])
def test_nothing_written_is_nothing(value):
    assert entries.normalised(value) == ""


@pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\ud800", "a\x7f", 5, True, ["a"], b"a"])
def test_what_is_no_text(value):
    assert entries.normalised(value) is None


def test_letters_are_composed():
    assert entries.normalised("Nicolo\u0300 D’A\u0300vila-S\u030cari\u0107 €") == (
        "Nicolò D’Àvila-Šarić €"
    )


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Cooperativa L'Àncora", "cooperativa-l-ancora"),
        ("cfp-valle", "cfp-valle"),
        ("  C.F.P. Valle  ", "c-f-p-valle"),
        ("€€", ""),
    ],
)
def test_the_code_of_a_body(typed, code):
    assert entries.code(typed) == code


@pytest.mark.parametrize("chosen", ["a", "A", "Prima  scelta", "prima scelta"])
def test_a_choice_by_its_value_or_its_words(chosen):
    assert entries.choice(chosen, (("a", "prima scelta"), ("b", "seconda"))) == "a"


def test_no_choice():
    assert entries.choice("c", (("a", "prima scelta"),)) is None


@pytest.mark.parametrize("value", ["/on", "on", "/Yes", "1", True, "sì"])
def test_ticked(value):
    assert entries.ticked(value)


@pytest.mark.parametrize("value", ["/Off", "Off", "", None, False, 1, "no", "/0"])
def test_not_ticked(value):
    assert not entries.ticked(value)
