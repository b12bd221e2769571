"""Active commitment: promotion, and restitution that serves the community."""

from datetime import date

import pytest

from services.pacts.content import Given
from services.pacts.giving import RestitutionKind
from services.pacts.guidelines import Limits
from services.pacts.pact import Pact
from services.pacts.reciprocity import reciprocity
from services.pacts.refusals import (
    RelationalWithoutHealthLimits,
    ReplacesWork,
    RestitutionCeiling,
    RestitutionInMoney,
)
from tests.pacts.moments import AUG_1, JUL_1, JUN_1, LIMITS, active, eur, fact, hours, text
from tests.scenario import given

COMMUNITY = RestitutionKind.COMMUNITY_SERVICE
JUL_31 = date(2026, 7, 31)


def restitution(on: date, amount: str, kind: RestitutionKind = COMMUNITY, limited: bool = False):
    return fact(
        Pact.RestitutionLogged,
        given=Given(3, on, None, hours(amount), None),
        kind=kind,
        health_limits=limited,
    )


def test_active_commitment_is_logged_on_promotion():
    given(*active).when(
        Pact.log_restitution, action=2, done_on=JUL_1, on=JUL_1, hours=hours("2.50")
    ).then(fact(Pact.CommitmentLogged, given=Given(2, JUL_1, None, hours("2.50"), None)))


def test_restitution_is_logged_on_its_action_in_hours():
    given(*active).when(
        Pact.log_restitution, action=3, done_on=JUL_1, on=JUL_1, hours=hours("2.50")
    ).then(restitution(JUL_1, "2.50"))


def test_or_in_works_which_are_told_in_words():
    given(*active).when(
        Pact.log_restitution, action=3, done_on=JUN_1, on=JUL_1, works=text(51), limits=LIMITS
    ).then(
        fact(
            Pact.RestitutionLogged,
            given=Given(3, JUN_1, None, None, text(51)),
            kind=COMMUNITY,
            health_limits=False,
        )
    )


def test_but_not_in_money():
    given(*active).when(
        Pact.log_restitution,
        action=3,
        done_on=JUL_1,
        on=JUL_1,
        hours=hours("1.00"),
        eur=eur("5.00"),
    ).refuses(RestitutionInMoney, action=3)


ASKED = {"action": 3, "done_on": JUL_1, "on": JUL_1, "hours": hours("1.00")}


def test_restitution_never_replaces_work():
    for limited in (True, False):
        given(*active).when(
            Pact.log_restitution,
            kind=RestitutionKind.IN_PLACE_OF_WORK,
            health_limits=limited,
            **ASKED,
        ).refuses(ReplacesWork, action=3)


def test_it_may_be_relational_where_health_limits():
    kind = RestitutionKind.RELATIONAL
    given(*active).when(Pact.log_restitution, kind=kind, **ASKED).refuses(
        RelationalWithoutHealthLimits, action=3
    )
    given(*active).when(Pact.log_restitution, kind=kind, health_limits=True, **ASKED).then(
        restitution(JUL_1, "1.00", kind, limited=True)
    )


@pytest.mark.parametrize(("amount", "fits"), [("5.99", True), ("6.00", True), ("6.01", False)])
def test_restitution_has_a_ceiling_of_hours_a_month(amount, fits):
    ten = Limits(3, eur("300.00"), None, restitution_month_hours=hours("10.00"))
    so_far = (*active, restitution(JUL_1, "4.00"), restitution(AUG_1, "9.00"))
    words = {**ASKED, "done_on": JUL_31, "on": AUG_1, "hours": hours(amount), "limits": ten}
    answer = given(*so_far).when(Pact.log_restitution, **words)
    if fits:
        answer.then(restitution(JUL_31, amount))
    else:
        answer.refuses(
            RestitutionCeiling,
            month="2026-07",
            ceiling="10.00",
            done="4.00",
            asked=amount,
            guidelines=3,
        )


@pytest.mark.parametrize(
    ("day", "fits"),
    [(date(2026, 6, 30), True), (date(2026, 7, 1), False), (JUL_31, False), (AUG_1, True)],
)
def test_the_month_is_that_of_the_day_on_which_it_was_done(day, fits):
    words = {**ASKED, "done_on": day, "on": AUG_1, "limits": LIMITS}
    answer = given(*active, restitution(JUL_1, "32.00")).when(Pact.log_restitution, **words)
    assert (answer.refusal is None) == fits


def test_promotion_has_no_ceiling_and_does_not_count_below_it():
    course = {**ASKED, "action": 2, "hours": hours("120.00"), "limits": LIMITS}
    answer = given(*active).when(Pact.log_restitution, **course)
    [told] = answer.facts
    full = {**ASKED, "hours": hours("32.00"), "limits": LIMITS}
    assert given(*active, told).when(Pact.log_restitution, **full).refusal is None


def test_what_was_logged_before_kinds_were_told_counts_as_well():
    before = fact(Pact.CommitmentLogged, given=Given(3, JUL_1, None, hours("31.01"), None))
    given(*active, before).when(Pact.log_restitution, limits=LIMITS, **ASKED).refuses(
        RestitutionCeiling,
        month="2026-07",
        ceiling="32.00",
        done="31.01",
        asked="1.00",
        guidelines=1,
    )


def test_both_tallies_stay_side_by_side_at_any_date():
    pact = given(*active, restitution(JUL_1, "4.00"), restitution(AUG_1, "9.00")).aggregate()
    for day, done in ((date(2026, 6, 30), "0.00"), (JUL_1, "4.00"), (AUG_1, "13.00")):
        both = reciprocity(pact.helped, pact.given, day)
        assert both.active_commitment.hours == hours(done)
        assert both.help_received.hours == hours("0.00")


def test_through_the_door_restitution_is_seen_beside_what_was_agreed(desk):
    desk.reach_the_active_pact()
    log = {"action": 3, "done_on": "2026-06-01"}
    desk.edit("log_restitution", hours="2.5", **log)
    desk.edit("log_restitution", works="Compagnia", kind="relational", health_limits=True, **log)
    action = desk.edit("pact")["actions"][2]
    assert (action["quantity_hours"], action["given_hours"]) == ("60.00", "2.50")
    assert action["given_works"] == 1
    with pytest.raises(RestitutionCeiling) as refused:
        desk.edit("log_restitution", hours="29.51", **log)
    assert refused.value.facts["done"] == "2.50"
