"""What a pact is at the beginning: nothing of what comes later has happened yet."""

from typing import Any

from services.pacts.pact import Pact
from tests.pacts.moments import FAMILY, FORMATION, MAR_16, TEAM, drafted
from tests.scenario import given

NOTHING_YET: dict[str, Any] = {
    **dict.fromkeys(("proposed", "signatories", "other_support", "received", "given"), ()),
    **{name: {} for name in ("progress", "amendments", "expenses", "complaints", "visits")},
    **dict.fromkeys(("sign_by", "active_from", "suspended_on", "verify_by", "ended_on")),
    **dict.fromkeys(("ended_because", "not_verified_because", "overdue_noted")),
    **dict.fromkeys(("look_back_due", "look_back_until", "looked_back", "look_back_note")),
    **dict.fromkeys(("look_back_noted", "look_back_late_noted"), False),
    **dict.fromkeys(("expiring_noted", "expired_noted"), 0),
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
