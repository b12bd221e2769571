"""A family's path is told in Italian: every fact has a sentence, every role a name."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

import pytest

from services.console.sentences import CODES, ROLES, SENTENCES, sentence
from services.kernel.aggregate import Aggregate
from services.kernel.composition import Composition
from services.pacts.along import CalledOff, LookBackOutcome, NotVerifiedBecause
from services.pacts.content import (
    ConclusionReason,
    DropReason,
    InterruptionReason,
    SuspensionReason,
)
from services.pacts.money import CorrectionReason
from services.people.codes import Role

SERVICES = ("people", "intake", "pacts", "review", "notify")


def events(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from events(each)


def topics() -> set[str]:
    for service in SERVICES:
        Composition.of(service)
    return {
        each.TOPIC
        for each in events(Aggregate.Event)
        if getattr(each, "TOPIC", "").startswith((*SERVICES, "kernel."))
        and each.__module__.startswith("services.")
    }


def test_every_fact_has_a_sentence() -> None:
    assert topics() - {"kernel.Calendar"} == set(SENTENCES)


def test_what_is_to_be_mended_says_where_and_how() -> None:
    facts = {"label": "Fine del patto", "last": "2026-05-31", "first": "2026-06-01"}
    told = sentence(
        "pacts.FormRefused",
        {
            "family": "LEAD-7K3M9Q-8",
            "reasons": [
                {"kind": "dates_reversed", "facts": facts},
                {"kind": "dimension_without_action", "facts": {"dimension": "restitution"}},
            ],
        },
    )
    assert told == (
        "il modulo arrivato per mail è da sistemare:\n"
        "- «Fine del patto»: l’ultimo giorno (31 maggio 2026) viene prima del primo "
        "(1 giugno 2026).\n"
        "- Manca almeno un’azione di restituzione."
    )


def test_every_role_has_a_name() -> None:
    assert {role.value for role in Role} == set(ROLES)


@pytest.mark.parametrize(
    "reasons",
    [
        DropReason,
        SuspensionReason,
        ConclusionReason,
        InterruptionReason,
        CalledOff,
        NotVerifiedBecause,
        LookBackOutcome,
        CorrectionReason,
    ],
)
def test_every_reason_is_told_in_words(reasons: type[StrEnum]) -> None:
    assert {each.value for each in reasons} <= set(CODES)


@pytest.mark.parametrize(
    ("topic", "state", "told"),
    [
        (
            "intake.EligibilityVerified",
            {
                "outcome": "not_eligible",
                "guidelines": 1,
                "criteria": [
                    {"code": "dependent_child_or_vulnerable_person", "met": False},
                    {"code": "valid_isee_in_range", "met": False},
                ],
            },
            "verifica idoneità: requisiti non presenti (linee guida n. 1): manca figlio a carico o "
            "persona vulnerabile, ISEE valido tra le soglie",
        ),
        (
            "pacts.HelpLogged",
            {"received": {"eur": "180.00", "hours": None}},
            "aiuto ricevuto: 180,00 EUR",
        ),
        (
            "pacts.ExpensePaid",
            {"number": 1, "eur": "1180.50", "document": "FT-2026-117"},
            "spesa n. 1 pagata: 1180,50 EUR (documento FT-2026-117)",
        ),
        (
            "pacts.Verified",
            {"verification": {"final": False}, "next_by": "2026-08-24"},
            "verifica periodica con la famiglia; la prossima entro il 24/08/2026",
        ),
        (
            "pacts.Verified",
            {"verification": {"final": True}, "next_by": "2026-08-24"},
            "verifica finale con la famiglia",
        ),
        (
            "review.ProposalReceived",
            {"cycle": "2026-05", "late": True, "decide_by": "2026-05-20"},
            "proposta ricevuta per il ciclo 2026-05, in ritardo (dopo il 10); decisione entro il "
            "20/05/2026",
        ),
        (
            "notify.NoticeRecorded",
            {"recipient": "lead:project_manager", "what": "docket_set"},
            "avviso a responsabile di progetto (lead): ordine del giorno",
        ),
        ("pacts.Signed", {"party": "family"}, "firma: famiglia"),
        ("nobody.Knows", {}, "nobody.Knows"),
    ],
)
def test_facts_are_told_in_italian(topic: str, state: dict[str, Any], told: str) -> None:
    assert sentence(topic, state) == told
