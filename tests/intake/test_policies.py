"""What intake decides when others speak; twice is once."""

import json
from pathlib import Path

import pytest

from services.intake.guidelines import IntakeGuidelines
from services.intake.policies import POLICIES

SERVICES = Path(__file__).parents[2] / "services"


def examples():
    for contract in POLICIES:
        service, name = contract.split("/")
        path = SERVICES / service / "contract" / f"{name}.json"
        for number, example in enumerate(json.loads(path.read_text())["examples"]):
            yield pytest.param(contract, example, id=f"{contract}-{number}")


@pytest.mark.parametrize(("contract", "example"), list(examples()))
def test_intake_lives_on_published_examples_and_twice_is_once(desk, contract, example):
    desk.hear(contract, example)
    once = desk.written()
    desk.hear(contract, example)
    assert desk.written() == once
    assert IntakeGuidelines.read(1, example["parameters"])


def test_the_guidelines_that_the_board_issued_are_kept(desk):
    assert desk.topics() == ["kernel.ParametersOpened", "kernel.ParametersHeard"]
    desk.hear_guidelines()
    assert len(desk.topics()) == 2
    desk.hear_guidelines(2, "2026-05-01")
    assert desk.topics()[2:] == ["kernel.ParametersHeard"]
