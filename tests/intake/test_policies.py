"""What intake decides when others speak; twice is once."""

import json
from pathlib import Path

import pytest

from services.intake.guidelines import IntakeGuidelines
from services.intake.policies import POLICIES
from services.kernel.following import AgreementOfOthers
from services.kernel.refusal import Unknown

SERVICES = Path(__file__).parents[2] / "services"


def examples():
    for contract in POLICIES:
        service, name = contract.split("/")
        path = SERVICES / service / "contract" / f"{name}.json"
        for number, example in enumerate(json.loads(path.read_text())["examples"]):
            yield pytest.param(contract, example, id=f"{contract}-{number}")


ANSWERED = "intake/following_answered.v1"
"""Whose answer about whom is looked up among what we asked: see test_asking_elsewhere.py."""


@pytest.mark.parametrize(
    ("contract", "example"), [each for each in examples() if each.values[0] != ANSWERED]
)
def test_intake_lives_on_published_examples_and_twice_is_once(desk, contract, example):
    desk.hear(contract, example)
    once = desk.written()
    desk.hear(contract, example)
    assert desk.written() == once
    if contract.startswith("review/"):
        assert IntakeGuidelines.read(1, example["parameters"])


def test_an_answer_about_a_family_that_we_do_not_know_is_refused(desk):
    before = desk.written()
    for example in examples():
        if example.values[0] == ANSWERED:
            with pytest.raises(Unknown):
                desk.hear(*example.values, "nord")
    assert desk.written() == before


def test_our_own_people_say_with_whom_we_exchange_words_and_nobody_else_does(desk):
    recorded = {"organisation": "lead", "number": 1, "partner": "nord", "until": None}
    recorded |= {"from": "2026-01-01", "covers": ["programme"]}
    desk.hear("people/agreement_recorded.v1", recorded | {"organisation": "nord"})
    desk.hear("people/agreement_recorded.v1", recorded | {"covers": []})
    with pytest.raises(AgreementOfOthers):
        desk.hear("people/agreement_recorded.v1", recorded, "nord")
    assert desk.topics()[2:] == []
    desk.hear("people/agreement_recorded.v1", recorded)
    desk.hear(
        "people/agreement_ended.v1", {"organisation": "lead", "number": 1, "last": "2026-02-01"}
    )
    assert desk.topics()[2:] == [
        "kernel.AgreementsOpened",
        "kernel.AgreementHeard",
        "kernel.AgreementEndHeard",
    ]


def test_the_guidelines_that_the_board_issued_are_kept(desk):
    assert desk.topics() == ["kernel.ParametersOpened", "kernel.ParametersHeard"]
    desk.hear_guidelines()
    assert len(desk.topics()) == 2
    desk.hear_guidelines(2, "2026-05-01")
    assert desk.topics()[2:] == ["kernel.ParametersHeard"]
