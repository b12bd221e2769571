"""Refusals that an operator meets at the console: each is one of a service, told in Italian."""

import pytest

from services.console.refusals import WORDS, refusal_words
from services.intake.microequipe import OnlyAReferenceFigure as AtIntake
from services.kernel.refusal import Refused
from services.pacts import refusals
from services.pacts.refusals import (
    AmendmentBeforeTheCommittee,
    FigureTakesNoPart,
    FigureTakesPartAlready,
    NotAReferenceFigure,
    OnlyAReferenceFigure,
    PactIsOver,
    PactNotDraft,
    TakesPartInNothing,
)


def test_every_sentence_is_of_a_refusal_that_there_is() -> None:
    kinds = {name for name, each in vars(refusals).items() if isinstance(each, type)}
    assert set(WORDS) <= kinds


@pytest.mark.parametrize(
    ("refused", "told"),
    [
        (OnlyAReferenceFigure(pact="p"), "(pact p): chi è soltanto figura di riferimento"),
        (AtIntake(family="f"), "(family f): chi è soltanto figura di riferimento"),
        (NotAReferenceFigure(person="p"), "(person p): questa persona non è figura"),
        (
            FigureTakesPartAlready(action=2, person="p"),
            "(action 2, person p): questa figura di riferimento partecipa già all’azione n. 2",
        ),
        (
            FigureTakesNoPart(action=2, person="p"),
            "(action 2, person p): questa figura di riferimento non collabora all’azione n. 2",
        ),
        (TakesPartInNothing(person="p"), "(person p): questa figura di riferimento non partecipa"),
        (PactIsOver(state="concluded"), "(state concluded): il patto è finito"),
        (PactNotDraft(state="suspended"), "(state suspended): il modulo si fa per una bozza"),
        (AmendmentBeforeTheCommittee(proposal=2), "(proposal 2): la modifica n. 2 di questo patto"),
    ],
)
def test_a_refusal_is_told_with_its_name_its_facts_and_a_sentence(
    refused: Refused, told: str
) -> None:
    assert refusal_words(refused).startswith(f"{refused.kind} {told}")
