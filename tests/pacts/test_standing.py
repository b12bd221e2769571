"""What a pact is at the beginning: nothing of what comes later has happened yet."""

from typing import Any

from services.pacts.pact import Pact
from tests.pacts.moments import FAMILY, FORMATION, MAR_16, TEAM, drafted
from tests.scenario import given

NONE_YET: dict[Any, str] = {
    (): """proposed chosen_signatories signatories received given restitution verifications
        aid_given emergency_aid movements other_support""",
    None: """relied_on sign_by active_from suspended_on verify_by overdue_noted ended_on
        ended_because texts_erased_on dormant_noted not_verified_because look_back_due
        look_back_until looked_back_on looked_back look_back_note""",
    0: "proposal expiring_noted expired_noted look_back_noted look_back_late_noted",
}
NONE_BY_NUMBER = """goals actions capacities resources named decisions corrected signed progress
    amendments aids expenses positions minors_heard heard second_looks complaints visits ties
    capacities_used"""
NOTHING_YET: dict[str, Any] = {
    **{name: empty for empty, names in NONE_YET.items() for name in names.split()},
    **{name: {} for name in NONE_BY_NUMBER.split()},
    "set_aside": set(),
}


def test_of_a_pact_that_was_drafted_nothing_else_has_happened():
    pact = given(drafted).aggregate()
    assert {name: getattr(pact, name) for name in NOTHING_YET} == NOTHING_YET


def test_a_pact_knows_the_family_and_the_microequipe_for_which_it_was_drafted():
    pact = given(drafted).aggregate()
    assert isinstance(pact, Pact)
    assert (pact.family, pact.number, pact.formation) == (FAMILY, 1, FORMATION)
    assert (pact.microequipe, pact.drafted_on) == (TEAM, MAR_16)


def test_a_pact_on_which_nothing_was_decided_has_heard_no_decision():
    pact = given(drafted).aggregate()
    assert isinstance(pact, Pact)
    assert (pact.heard_on(), pact.heard_on(1), pact.decision_heard) == (None, None, None)
