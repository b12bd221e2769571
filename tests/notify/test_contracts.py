"""What notify hears, it can follow: every policy lives on its producer's published examples."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from services.notify.addressees import organisation_of
from services.notify.appeals import ANSWERED
from services.notify.policies import POLICIES, VERIFIED
from services.notify.proposals import DECIDED
from services.notify.published import PUBLISHED
from tests.notify.post_out.test_answering import came
from tests.review.office import Office

SERVICES = Path(__file__).parents[2] / "services"


def schema(contract: str) -> dict[str, Any]:
    service, name = contract.split("/")
    path = SERVICES / service / "contract" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def speaker(contract: str, example: dict[str, Any]) -> str:
    """Who says it: what concerns partners' families is said by who follows them."""
    theirs = ("intake/family_erased", "intake/microequipe_changed", "pacts/form_")
    of_a_proposal = ("pacts/second_look_asked", "pacts/amendment_withdrawn", "pacts/isee_relied")
    if contract.startswith((*theirs, *of_a_proposal)):
        return organisation_of(example["family"]) if example["family"] else "nord"
    return str(example.get("organisation", "lead"))


@pytest.mark.parametrize("contract", POLICIES)
def test_notify_lives_on_published_examples(lead: Office, contract: str):
    for number, example in enumerate(schema(contract)["examples"], start=1):
        said_by = speaker(contract, example)
        if contract.startswith("pacts/form_"):
            example["mail"] = str(came(lead, organisation=said_by, number=number))
        lead.hear(contract, example, organisation=said_by)
    assert lead.refusals() == []


@pytest.mark.parametrize(
    ("contract", "kinds"),
    [
        ("intake/eligibility_verified.v1", VERIFIED),
        ("review/proposal_decided.v1", DECIDED),
        ("review/second_look_answered.v1", ANSWERED),
    ],
)
def test_every_outcome_that_a_contract_allows_has_its_letter(contract: str, kinds: dict[str, Any]):
    outcomes = Draft202012Validator(schema(contract)["properties"]["outcome"])
    assert outcomes.schema["enum"]
    assert set(outcomes.schema["enum"]) == set(kinds)


def test_what_notify_says_has_a_contract_with_valid_examples():
    said = {name for told in PUBLISHED.values() for name in told.says}
    assert said == {path.stem for path in (SERVICES / "notify" / "contract").glob("*.json")}
    for name in said:
        contract = schema(f"notify/{name}")
        Draft202012Validator.check_schema(contract)
        for example in contract["examples"]:
            Draft202012Validator(contract).validate(example)
