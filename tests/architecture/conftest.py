"""A house of two organisations, with guidelines in force and a committee."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.architecture.season import JANUARY_15, MARCH_2, SEATS, SECRETARY, at
from tests.review.house import House
from tests.review.moments import MANAGER, person


@pytest.fixture
def house(empty_log: Callable[..., Any]) -> Iterator[House]:
    """Guidelines are in force everywhere, and the committee sits."""
    made = House(empty_log, JANUARY_15)
    made.ask("lead/review", "hold_session", SECRETARY, on="2026-01-15", present=[str(MANAGER)])
    issue = {"number": 1, "in_force_from": "2026-01-15", "parameters": {}, "session": 1}
    made.ask("lead/review", "issue_guidelines", SECRETARY, **issue)
    registrar = at("lead", person(42), "administrator")
    for who, role in SEATS:
        register = {"person": str(who), "display_name": "Persona di Prova"}
        made.ask("lead/people", "register_person", registrar, **register)
        assign = {"person": str(who), "role": role, "since": "2026-01-01"}
        made.ask("lead/people", "assign_role", registrar, **assign)
    made.carry()
    made.on(MARCH_2)
    yield made
    made.close()
