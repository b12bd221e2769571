"""What is not believed is kept aside, whole, and holds up nobody."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from services.kernel.inbox import (
    receive,
)
from services.kernel.tables import quarantine
from tests.kernel.hearing import (
    hear,
    opened,
    quarantined,
    rewritten,
    sealed,
)
from tests.kernel.kitchen import CELLAR
from tests.kernel.parties import Party, some_id


def test_a_forged_signature_is_kept_aside(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    hear(cellar, rewritten(message, signer="partner"))
    assert quarantined(cellar) == ["not signed by the organisation it names"]
    assert cellar.told() == []
    hear(cellar, message)
    assert cellar.told() == ["cellar.Reserved"]


def test_changed_words_are_kept_aside(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    words = json.loads(message)
    words["envelope"] = words["envelope"].replace("small", "large")
    hear(cellar, json.dumps(words).encode())
    assert quarantined(cellar) == ["not signed by the organisation it names"]
    assert cellar.told() == []


@pytest.mark.parametrize(
    "log_id", ["nobody/kitchen/0123456789abcdef", "partner/bakery/0123456789abcdef"]
)
def test_an_unknown_organisation_or_service_is_kept_aside(
    kitchen: Party, cellar: Party, log_id: str
) -> None:
    [message] = opened(kitchen, 1)
    organisation, service, _ = log_id.split("/")
    says = {f"{service}/jar_opened.v1": {"jar": str(some_id("x"))}}
    forged = rewritten(message, "partner", log_id=log_id, says=says, by=f"{organisation}/service/x")
    hear(cellar, forged)
    assert quarantined(cellar) == ["unknown organisation or service"]
    assert cellar.told() == []


def test_what_was_said_to_somebody_else_is_kept_aside(
    kitchen: Party, new_party: Callable[..., Party]
) -> None:
    cellar = new_party(CELLAR, own="partner")
    hear(cellar, *opened(kitchen, 1))
    assert quarantined(cellar) == ["said to somebody else"]
    assert cellar.told() == []


def test_an_organisation_cannot_speak_for_another_in_a_log_of_its_own(
    new_party: Callable[..., Party], cellar: Party
) -> None:
    """A partner signs well, but names an actor of the lead."""
    kitchen = new_party(own="partner")
    [message] = opened(kitchen, 1)
    hear(cellar, rewritten(message, "partner", by="lead/person/boss"))
    assert quarantined(cellar) == ["unreadable"]
    assert cellar.told() == []


def test_a_service_cannot_speak_with_the_contracts_of_another(
    new_party: Callable[..., Party],
) -> None:
    """A partner's cellar signs well, but says what only kitchens say."""
    message = opened(new_party(own="partner"), 1)[0]
    hearer = new_party(CELLAR)
    forged = rewritten(message, "partner", log_id="partner/cellar/0123456789abcdef")
    hear(hearer, forged)
    assert quarantined(hearer) == ["unreadable"]
    assert hearer.told() == []


GARBAGE: list[Any] = [
    b"",
    b"\xff\xfe",
    b"null",
    b"17",
    b'"text"',
    b"[]",
    b"{}",
    b'{"envelope": "{}"}',
    b'{"envelope": "{}", "signature": "", "parts": []}',
    b'{"envelope": {}, "signature": "", "parts": []}',
    b'{"envelope": "\\ud800", "signature": "", "parts": []}',
    b"[" * 100_000,
    b'{"envelope": "' + b"[" * 100_000 + b'", "signature": "", "parts": []}',
    b"1" * 5_000,
]


def test_garbage_is_kept_aside_and_holds_up_nobody(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    hear(cellar, *GARBAGE, message, *GARBAGE)
    assert quarantined(cellar) == ["unreadable"] * len(GARBAGE)
    assert cellar.told() == ["cellar.Reserved"]


OTHER_SHAPES: list[dict[str, Any]] = [
    {"seq": 0},
    {"seq": -1},
    {"seq": 2**63},
    {"seq": 10**30},
    {"seq": "1"},
    {"seq": True},
    {"seq": None},
    {"log_id": None},
    {"log_id": ["/", "/"]},
    {"log_id": "lead/kitchen"},
    {"log_id": "lead//x"},
    {"log_id": "lead/kitchen/x\n"},
    {"log_id": f"lead/kitchen/{'x' * 200}"},
    {"previous_hash": "0"},
    {"previous_hash": "G" * 64},
    {"event_id": "1"},
    {"recorded_at": -1},
    {"recorded_at": 10**20},
    {"recorded_at": "2026-03-02"},
    {"by": None},
    {"by": ""},
    {"by": f"lead/person/{'x' * 200}"},
    {"correlation": "x" * 81},
    {"cause": 1},
    {"says": []},
    {"says": {"kitchen/jar_opened.v1": "text"}},
    {"parts": {}},
    {"parts": ["part"]},
    {"parts": [{"ref": "x", "commitment": "0" * 64}]},
    {"parts": [{"ref": str(some_id("x")), "commitment": "0"}]},
]


def test_well_signed_envelopes_of_another_shape_are_kept_aside(
    kitchen: Party, cellar: Party
) -> None:
    [message] = opened(kitchen, 1)
    for words in OTHER_SHAPES:
        before = len(quarantined(cellar))
        receive(cellar.store, [rewritten(message, **words)])
        assert len(quarantined(cellar)) == before + 1, words
    hear(cellar, message)
    assert quarantined(cellar) == ["unreadable"] * len(OTHER_SHAPES)
    assert cellar.told() == ["cellar.Reserved"]


def test_parts_of_another_shape_are_kept_aside(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    envelope = json.loads(message)["envelope"]
    ref = str(some_id("x"))
    shapes = (
        None,
        1,
        ["part"],
        [{}],
        [{"ref": ref}],
        [{"erased": True}],
        [{"ref": ref, "sealed": "g"}],
    )
    for parts in shapes:
        receive(cellar.store, [sealed(envelope, parts)])
    assert quarantined(cellar) == ["unreadable"] * len(shapes)
    hear(cellar, message)
    assert cellar.told() == ["cellar.Reserved"]


def test_what_is_kept_aside_is_kept_whole_and_once(kitchen: Party, cellar: Party) -> None:
    [message] = opened(kitchen, 1)
    forged = rewritten(message, signer="partner")
    hear(cellar, forged)
    hear(cellar, forged)
    [row] = cellar.table(quarantine)
    assert row.body == forged
