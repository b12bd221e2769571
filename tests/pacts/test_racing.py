"""Two requests at once on two pacts of one family: one of them may pass the family's ceiling."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.kernel.deciding import Deciding, Occasion
from services.kernel.refusal import Refused
from services.pacts.life import State
from services.pacts.pact import Pact, pact_id
from services.pacts.policies import pacts_of
from tests.pacts.desk import Desk, empty_database
from tests.pacts.moments import (
    BY_LEAD,
    COOKING,
    COURSE,
    FOOD,
    FORMATION,
    JUN_1,
    KITCHEN,
    LEAD,
    MANAGER,
    MAR_16,
    OURSELVES,
    TEAM,
    TERMS,
    VOLUNTEER,
    decision,
)
from tests.private_postgres import Urls

FAMILIES = [f"LEAD-RACE{number:02d}-0" for number in range(8)]


@pytest.fixture
def desks(new_urls: Callable[[], Urls]) -> Iterator[tuple[Desk, Desk]]:
    """Two desks of one service, each with connections of its own to one database."""
    urls = new_urls()
    empty_database(urls.owner, "lead", urls.runtime)
    made = Desk(urls.runtime, today=JUN_1), Desk(urls.runtime, today=JUN_1)
    yield made
    for desk in made:
        desk.store.close()


def a_draft(family: str, number: int) -> Pact:
    return Pact.draft(family, number, FORMATION, TEAM, TERMS, by=OURSELVES, on=MAR_16)


def an_active_pact(family: str) -> Pact:
    pact = a_draft(family, 1)
    for action in (FOOD, COURSE, KITCHEN):
        pact.add_action(action, by=BY_LEAD)
    pact.link_capacity(COOKING, by=BY_LEAD)
    pact.name_resource(VOLUNTEER, by=BY_LEAD)
    pact.propose(by=BY_LEAD, on=MAR_16)
    pact.hear_decision(decision(State.APPROVED), TERMS, by=OURSELVES, on=MAR_16)
    for person in pact.awaited:
        pact.sign(person, by=BY_LEAD, on=MAR_16)
    pact.activate(TERMS, by=BY_LEAD, on=JUN_1)
    return pact


def begun(desk: Desk, *pacts: Pact) -> None:
    """Store *pacts*, as they came to be."""
    root = uuid4()
    occasion = Occasion(root, f"command:{root}", str(root), BY_LEAD)

    def add(deciding: Deciding) -> None:
        for pact in pacts:
            deciding.add(pact)

    desk.store.decide(occasion, add)


def at_once(desks: tuple[Desk, Desk], *asked: tuple[str, UUID, dict[str, Any]]) -> list[str]:
    """What the two requests, made at the same moment, were answered: granted, or the refusal."""
    start = Barrier(len(asked))

    def ask(desk: Desk, method: str, by: UUID, words: dict[str, Any]) -> str:
        start.wait()
        try:
            desk.ask(method, by, key=uuid4(), **words)
        except Refused as refused:
            return refused.kind
        return "granted"

    with ThreadPoolExecutor(len(asked)) as workers:
        told = [workers.submit(ask, desk, *each) for desk, each in zip(desks, asked, strict=True)]
        return sorted(each.result() for each in told)


def urgent(family: str, number: int) -> tuple[str, UUID, dict[str, Any]]:
    words = {"pact_id": str(pact_id(family, number)), "eur": "60.00", "reason": "Non può aspettare"}
    return "authorise_urgent_aid", MANAGER, words


@pytest.mark.parametrize("family", FAMILIES[:1])
def test_one_after_the_other_the_second_is_refused(desks, family):
    desks[0].hear_guidelines(urgent_aid_eur="100.00")
    begun(desks[0], a_draft(family, 1), a_draft(family, 2))
    method, by, words = urgent(family, 1)
    desks[0].ask(method, by, key=uuid4(), **words)
    method, by, words = urgent(family, 2)
    with pytest.raises(Refused) as refused:
        desks[1].ask(method, by, key=uuid4(), **words)
    assert refused.value.facts["used"] == "60.00"


def test_of_two_that_authorise_urgent_aid_at_once_one_passes_the_ceiling(desks):
    desks[0].hear_guidelines(urgent_aid_eur="100.00")
    for family in FAMILIES:
        begun(desks[0], a_draft(family, 1), a_draft(family, 2))
        told = at_once(desks, urgent(family, 1), urgent(family, 2))
        assert told == ["UrgentAidCeiling", "granted"]


def test_of_help_and_urgent_aid_at_once_one_passes_the_ceiling_of_the_year(desks):
    desks[0].hear_guidelines(emergency_aid_year_eur="100.00")
    for family in FAMILIES:
        begun(desks[0], an_active_pact(family), a_draft(family, 2))
        words = {"action": 1, "received_on": "2026-06-01", "eur": "60.00"}
        help_logged = ("log_help", LEAD, {"pact_id": str(pact_id(family, 1)), **words})
        told = at_once(desks, help_logged, urgent(family, 2))
        assert told == ["EmergencyAidCeiling", "granted"]
        used = desks[0].store.ask(
            Occasion(uuid4(), "query", "query", BY_LEAD),
            lambda reading, family=family: [
                each.eur
                for pact in pacts_of(reading, family)
                for each in (*pact.received, *pact.aids.values())
                if each.on.year == date(2026, 6, 1).year
            ],
        )
        assert [str(eur) for eur in used] == ["60.00"]
