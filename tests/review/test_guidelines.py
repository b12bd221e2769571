"""The parameters of the guidelines: known, within range, in order; agreed ones by reference."""

from typing import Any

import pytest

from services.kernel.refusal import Refused
from services.review.guidelines import (
    AGREED,
    BEFORE_ANY,
    INITIAL,
    RANGES,
    Disordered,
    Evaluates,
    FixedByAgreement,
    Guidelines,
    Late,
    OutOfRange,
    UnknownParameter,
    revised,
)
from services.review.ranges import Euro, MonthDay, Whole

AGREEMENT = "CONV-2026-014"


def test_every_initial_parameter_has_a_range_and_lies_in_it():
    assert set(INITIAL) == set(RANGES)
    assert revised(INITIAL, INITIAL, None) == INITIAL


def test_the_initial_guidelines_are_those_of_the_programme():
    assert INITIAL == {
        "isee_min": "6000.00",
        "isee_max": "12000.00",
        "isee_kinds": ["ordinario", "corrente"],
        "isee_kinds_on_assessment": ["minorenni"],
        "isee_tolerated_until": "02-28",
        "elderly_from_age": 65,
        "neet_from_age": 15,
        "neet_to_age": 29,
        "school_age": 6,
        "other_elements_min": 0,
        "microequipe_requires_both": False,
        "dormant_without_microequipe_days": 30,
        "askings_a_day": 20,
        "pact_months": 12,
        "signature_days": 30,
        "verification_months": 3,
        "proposals_by_day": 10,
        "decided_by_day": 20,
        "evaluates": "previous_month",
        "late": "mark",
        "proposer_votes": True,
        "board_months": 4,
        "urgent_aid_eur": "300.00",
        "emergency_aid_year_eur": "0.00",
        "families_paid": False,
        "restitution_month_hours": 32,
        "closed_months": [],
        "look_back_months": 6,
        "look_back_within_days": 30,
        "second_look_answer_days": 30,
        "second_look_days": 30,
        "complaint_days": 30,
        "dormant_without_proposal_days": 60,
        "dormant_without_fact_days": 60,
        "isee_reminder_days": 30,
        "agreement_reminder_days": 30,
    }
    assert Guidelines.of(0, INITIAL) == BEFORE_ANY


def test_the_ranges_are_frozen():
    whole = {name: (r.least, r.most) for name, r in RANGES.items() if isinstance(r, Whole)}
    assert whole == {
        "elderly_from_age": (55, 80),
        "neet_from_age": (14, 20),
        "neet_to_age": (20, 35),
        "school_age": (3, 7),
        "other_elements_min": (0, 5),
        "dormant_without_microequipe_days": (1, 180),
        "restitution_month_hours": (1, 160),
        "askings_a_day": (0, 500),
        "pact_months": (1, 36),
        "signature_days": (1, 180),
        "verification_months": (1, 12),
        "proposals_by_day": (1, 28),
        "decided_by_day": (1, 28),
        "board_months": (1, 12),
        "look_back_months": (1, 24),
        "look_back_within_days": (1, 180),
        "second_look_answer_days": (1, 180),
        "second_look_days": (1, 180),
        "complaint_days": (1, 180),
        "dormant_without_proposal_days": (15, 365),
        "dormant_without_fact_days": (15, 365),
        "isee_reminder_days": (1, 90),
        "agreement_reminder_days": (1, 180),
    }


WHOLE = [(name, r) for name, r in RANGES.items() if isinstance(r, Whole)]


@pytest.mark.parametrize(("name", "allowed"), WHOLE)
def test_a_whole_number_is_accepted_from_least_to_most_and_refused_outside(
    name: str, allowed: Whole
):
    accepted = [
        value
        for value in (allowed.least - 1, allowed.least, allowed.most, allowed.most + 1)
        if allowed.holds(value)
    ]
    assert accepted == [allowed.least, allowed.most]
    with pytest.raises(OutOfRange) as refused:
        revised(INITIAL, {name: allowed.most + 1}, AGREEMENT)
    assert refused.value.facts == {
        "parameter": name,
        "least": allowed.least,
        "most": allowed.most,
    }


@pytest.mark.parametrize("name", [n for n, r in RANGES.items() if isinstance(r, Euro)])
@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("0.00", True),
        ("100000.00", True),
        ("100000.01", False),
        ("-0.01", False),
        ("6000", False),
        ("6000.0", False),
        ("6000.000", False),
        ("6e3", False),
        (6000, False),
        (None, False),
    ],
)
def test_an_amount_is_text_with_two_decimals_within_its_range(name: str, value: Any, holds: bool):
    assert RANGES[name].holds(value) is holds


@pytest.mark.parametrize("value", ["01-01", "02-28", "06-30"])
def test_a_day_that_every_year_has_is_text_within_its_range(value: str):
    assert revised(INITIAL, {"isee_tolerated_until": value}, None)["isee_tolerated_until"] == value


def test_no_kind_of_certificate_need_be_assessed():
    assert (
        revised(INITIAL, {"isee_kinds_on_assessment": []}, None)["isee_kinds_on_assessment"] == []
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("decided_by_day", 29),
        ("decided_by_day", 0),
        ("decided_by_day", "20"),
        ("decided_by_day", True),
        ("proposer_votes", 1),
        ("proposer_votes", "yes"),
        ("evaluates", "next_month"),
        ("evaluates", None),
        ("late", "refuse"),
        ("isee_kinds", []),
        ("isee_kinds", ["ordinario", "ordinario"]),
        ("isee_kinds_on_assessment", ["minorenni", "minorenni"]),
        ("isee_kinds_on_assessment", ["standard"]),
        ("isee_kinds_on_assessment", "minorenni"),
        ("isee_tolerated_until", "12-31"),
        ("isee_tolerated_until", "07-01"),
        ("isee_tolerated_until", "02-29"),
        ("isee_tolerated_until", "2-28"),
        ("isee_tolerated_until", "00-10"),
        ("isee_tolerated_until", 228),
        ("isee_kinds", ["ordinario", "standard"]),
        ("isee_kinds", "ordinario"),
        ("isee_kinds", [["ordinario"]]),
    ],
)
def test_a_value_out_of_range_is_refused_with_the_range(name: str, value: Any):
    with pytest.raises(OutOfRange) as refused:
        revised(INITIAL, {name: value}, None)
    assert refused.value.facts == {"parameter": name, **RANGES[name].told()}


@pytest.mark.parametrize("kinds", [["corrente"], ["ordinario", "minorenni"]])
def test_some_kinds_of_isee_are_accepted(kinds: list[str]):
    assert revised(INITIAL, {"isee_kinds": kinds}, None)["isee_kinds"] == kinds


def test_the_range_of_a_list_says_that_one_word_is_needed():
    assert RANGES["isee_kinds"].told()["least"] == 1


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ([], True),
        ([8], True),
        ([0], False),
        ([1], True),
        ([12], True),
        ([13], False),
        ([8, 8], False),
        ([8, "12"], False),
        ([True], False),
        (8, False),
        (list(range(1, 11)), True),
        (list(range(1, 12)), True),
        (list(range(1, 13)), False),
    ],
)
def test_closed_months_are_numbers_of_months_and_one_month_is_open(value: Any, holds: bool):
    assert RANGES["closed_months"].holds(value) is holds


def test_the_range_of_closed_months_is_told():
    with pytest.raises(OutOfRange) as refused:
        revised(INITIAL, {"closed_months": [13]}, None)
    told = {"least": 1, "most": 12, "count": 11}
    assert refused.value.facts == {"parameter": "closed_months", **told}


@pytest.mark.parametrize(
    ("value", "holds"),
    [
        ("12-31", True),
        ("12-32", False),
        ("13-01", False),
        ("02-28", True),
        ("02-29", False),
        ("02-00", False),
        ("00-01", False),
    ],
)
def test_a_day_that_not_every_year_has_is_none(value: str, holds: bool):
    assert MonthDay("00-00", "99-99").holds(value) is holds


@pytest.mark.parametrize(("name", "least"), [("isee_kinds", 1), ("isee_kinds_on_assessment", 0)])
def test_of_a_choice_of_some_words_the_words_are_told_and_how_many_it_takes(name: str, least: int):
    with pytest.raises(OutOfRange) as refused:
        revised(INITIAL, {name: ["standard"]}, None)
    words = ["ordinario", "corrente", "minorenni", "universita", "sociosanitario", "residenze"]
    assert refused.value.facts == {"parameter": name, "allowed": words, "least": least}


def test_of_a_choice_between_yes_and_no_both_are_told():
    with pytest.raises(OutOfRange) as refused:
        revised(INITIAL, {"proposer_votes": "yes"}, None)
    assert refused.value.facts == {"parameter": "proposer_votes", "allowed": [True, False]}


def test_a_version_from_before_a_parameter_existed_has_its_initial_value():
    older = {name: value for name, value in INITIAL.items() if name != "closed_months"}
    del older["second_look_answer_days"]
    assert Guidelines.of(1, older) == Guidelines.of(1, INITIAL)
    assert revised(older, {"closed_months": [8]}, None) == INITIAL | {"closed_months": [8]}
    assert revised(older, {}, None) == INITIAL


def test_an_unknown_parameter_is_refused():
    with pytest.raises(UnknownParameter) as refused:
        revised(INITIAL, {"isee_maximum": "13000.00"}, AGREEMENT)
    assert refused.value.facts == {"parameter": "isee_maximum"}


def test_no_more_than_sixty_characters_of_an_unknown_parameter_are_told():
    with pytest.raises(UnknownParameter) as refused:
        revised(INITIAL, {"x" * 61: "13000.00"}, AGREEMENT)
    assert refused.value.facts == {"parameter": "x" * 60}


@pytest.mark.parametrize("name", sorted(AGREED))
def test_an_agreed_parameter_changes_only_with_the_reference_of_the_agreement(name: str):
    with pytest.raises(FixedByAgreement):
        revised(INITIAL, {name: "7000.00"}, None)
    assert revised(INITIAL, {name: "7000.00"}, AGREEMENT)[name] == "7000.00"
    assert revised(INITIAL, {name: INITIAL[name]}, None) == INITIAL


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"isee_min": "11999.99"}, None),
        ({"isee_min": "12000.00"}, None),
        ({"isee_min": "12000.01"}, Disordered),
        ({"proposals_by_day": 19}, None),
        ({"proposals_by_day": 20}, Disordered),
        ({"proposals_by_day": 21}, Disordered),
        ({"neet_from_age": 20, "neet_to_age": 20}, None),
        ({"proposals_by_day": 21, "decided_by_day": 22}, None),
    ],
)
def test_a_lower_parameter_does_not_pass_its_upper_one(
    changes: dict[str, Any], refusal: type[Refused] | None
):
    if refusal is None:
        assert revised(INITIAL, changes, AGREEMENT) == {**INITIAL, **changes}
    else:
        with pytest.raises(refusal):
            revised(INITIAL, changes, AGREEMENT)


def test_review_reads_its_own_parameters_of_a_version():
    assert Guidelines.of(3, {**INITIAL, "evaluates": "same_month"}) == Guidelines(
        3, 10, 20, Evaluates.SAME_MONTH, Late.MARK, True
    )
