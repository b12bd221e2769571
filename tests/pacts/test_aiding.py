"""Urgent aid before the pact is in force, and the ceilings of help in EUR."""

from datetime import date

import pytest

from services.kernel.actor import Actor
from services.pacts.aiding import Ceiling, emergency_aid_ceiling, urgent_aid_ceiling
from services.pacts.content import Received
from services.pacts.guidelines import Limits
from services.pacts.life import State
from services.pacts.money import AidGiven, AuthorisedAs, UrgentAid
from services.pacts.pact import Pact
from services.pacts.reciprocity import reciprocity
from services.pacts.refusals import (
    EmergencyAidCeiling,
    MoreThanAuthorised,
    NoSuchItem,
    OutsideTheAid,
    QuantityNotPositive,
    UrgentAidCeiling,
)
from tests.pacts.moments import (
    APR_9,
    BY_MANAGER,
    JUL_1,
    LIMITS,
    MANAGER,
    MAR_16,
    MAY_20,
    REACHED,
    STRANGER,
    URGENT,
    active,
    aid_authorised,
    aid_given,
    drafted,
    eur,
    fact,
    hours,
    text,
)
from tests.scenario import given

ASKED = {"reason": text(61), "ceilings": (), "guidelines": 1, "on": MAR_16}


def of_urgent_aid(used: str) -> Ceiling:
    return Ceiling(eur("300.00"), eur(used), 1, UrgentAidCeiling)


def test_the_case_manager_of_the_family_authorises_urgent_aid():
    given(drafted).when(Pact.authorise_urgent_aid, eur=eur("150.00"), by=BY_MANAGER, **ASKED).then(
        aid_authorised
    )


def test_so_does_the_project_manager():
    by = Actor.of_person("lead", STRANGER, "project_manager")
    aid = UrgentAid(eur("150.00"), text(61), AuthorisedAs.PROJECT_MANAGER, MAR_16)
    given(drafted).when(Pact.authorise_urgent_aid, eur=eur("150.00"), by=by, **ASKED).then(
        fact(Pact.UrgentAidAuthorised, number=1, aid=aid, guidelines=1)
    )


def test_a_case_manager_who_is_project_manager_too_authorises_as_case_manager():
    by = Actor.of_person("lead", MANAGER, "project_manager")
    given(drafted).when(Pact.authorise_urgent_aid, eur=eur("150.00"), by=by, **ASKED).then(
        aid_authorised
    )


@pytest.mark.parametrize(
    ("amount", "fits"), [("199.99", True), ("200.00", True), ("200.01", False)]
)
def test_urgent_aid_has_a_ceiling_for_each_family(amount, fits):
    words = {**ASKED, "ceilings": (of_urgent_aid("100.00"),), "by": BY_MANAGER}
    answer = given(drafted).when(Pact.authorise_urgent_aid, eur=eur(amount), **words)
    if fits:
        assert answer.refusal is None
    else:
        answer.refuses(
            UrgentAidCeiling, ceiling="300.00", used="100.00", asked=amount, guidelines=1
        )


@pytest.mark.parametrize(("amount", "allowed"), [("-0.01", False), ("0.00", False), ("0.01", True)])
def test_urgent_aid_is_above_zero(amount, allowed):
    authorise = given(drafted).when(
        Pact.authorise_urgent_aid, eur=eur(amount), by=BY_MANAGER, **ASKED
    )
    log = given(drafted, aid_authorised).when(
        Pact.log_urgent_aid, aid=1, received_on=APR_9, eur=eur(amount), on=APR_9
    )
    for answer in (authorise, log):
        if allowed:
            assert answer.refusal is None
        else:
            answer.refuses(QuantityNotPositive, quantity="eur", value=amount)


def test_what_was_given_of_it_is_logged():
    given(drafted, aid_authorised).when(
        Pact.log_urgent_aid, aid=1, received_on=APR_9, eur=eur("100.00"), on=MAY_20
    ).then(aid_given)
    given(drafted).when(
        Pact.log_urgent_aid, aid=1, received_on=APR_9, eur=eur("1.00"), on=MAY_20
    ).refuses(NoSuchItem, aid=1)


@pytest.mark.parametrize(("amount", "fits"), [("49.99", True), ("50.00", True), ("50.01", False)])
def test_no_more_is_given_than_was_authorised(amount, fits):
    answer = given(drafted, aid_authorised, aid_given).when(
        Pact.log_urgent_aid, aid=1, received_on=APR_9, eur=eur(amount), on=APR_9
    )
    if fits:
        assert answer.refusal is None
    else:
        answer.refuses(MoreThanAuthorised, aid=1, authorised="150.00", given="100.00", asked=amount)


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 3, 15), False),
        (date(2026, 3, 16), True),
        (date(2026, 4, 9), True),
        (date(2026, 4, 10), False),
    ],
)
def test_urgent_aid_is_given_between_its_authorisation_and_today(day, inside):
    answer = given(drafted, aid_authorised).when(
        Pact.log_urgent_aid, aid=1, received_on=day, eur=eur("1.00"), on=APR_9
    )
    if inside:
        assert answer.refusal is None
    else:
        answer.refuses(OutsideTheAid, day=day, authorised_on=MAR_16, today=APR_9)


@pytest.mark.parametrize("state", State)
def test_whatever_becomes_of_the_pact_urgent_aid_stays_and_is_help_received(state):
    first, *rest = REACHED[state]
    pact = given(first, aid_authorised, aid_given, *rest).aggregate()
    assert pact.aids == {1: URGENT}
    assert reciprocity(pact.helped, pact.given, APR_9).help_received.eur == eur("100.00")
    assert reciprocity(pact.helped, pact.given, MAR_16).help_received.eur == eur("0.00")


FOOD_IN_JUNE = fact(Pact.HelpLogged, received=Received(1, date(2026, 6, 12), eur("75.00"), None))
IN_2026 = {"year": 2026, "limits": Limits(1, eur("300.00"), eur("400.00"))}


def test_urgent_aid_counts_over_all_pacts_of_the_family():
    first = given(drafted, aid_authorised).aggregate()
    second = given(drafted, aid_authorised, aid_given).aggregate()
    ceiling = urgent_aid_ceiling([first, second], LIMITS)
    assert ceiling == Ceiling(eur("300.00"), eur("300.00"), 1, UrgentAidCeiling)


def test_emergency_aid_counts_over_all_pacts_with_urgent_aid_in_its_year():
    urgent = given(drafted, aid_authorised, aid_given).aggregate()
    helped = given(*active, FOOD_IN_JUNE).aggregate()
    for year, used in ((2025, "0.00"), (2026, "225.00"), (2027, "0.00")):
        ceiling = emergency_aid_ceiling([urgent, helped], IN_2026["limits"], year)
        assert ceiling == Ceiling(eur("400.00"), eur(used), 1, EmergencyAidCeiling)


def test_without_a_ceiling_everything_fits():
    ceiling = emergency_aid_ceiling([given(*active, FOOD_IN_JUNE).aggregate()], LIMITS, 2026)
    assert ceiling.eur is None
    ceiling.must_hold(eur("1000000.00"))


@pytest.mark.parametrize(("amount", "fits"), [("24.99", True), ("25.00", True), ("25.01", False)])
def test_emergency_aid_has_a_ceiling_if_the_guidelines_set_one(amount, fits):
    story = given(*active, FOOD_IN_JUNE)
    ceiling = emergency_aid_ceiling(
        [story.aggregate()], Limits(2, eur("300.00"), eur("100.00")), 2026
    )
    words = {"action": 1, "received_on": JUL_1, "on": JUL_1, "ceiling": ceiling}
    answer = story.when(Pact.log_help, eur=eur(amount), **words)
    if fits:
        assert answer.refusal is None
    else:
        answer.refuses(
            EmergencyAidCeiling, ceiling="100.00", used="75.00", asked=amount, guidelines=2
        )
    assert story.when(Pact.log_help, hours=hours("9.00"), **words).refusal is None


def test_through_the_door_urgent_aid_is_authorised_told_and_given(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    words = {"roles": ("case_manager",), "eur": "150", "reason": "La caldaia è rotta"}
    assert desk.edit("authorise_urgent_aid", MANAGER, **words)["aid"] == 1
    assert desk.told("lead")[-1] == "pacts/urgent_aid_authorised.v1"
    desk.edit("log_urgent_aid", aid=1, received_on="2026-03-16", eur="100")
    assert desk.edit("reciprocity", on="2026-03-16")["help_received"]["eur"] == "100.00"
    assert desk.edit("pact")["urgent_aid"] == [
        {
            "number": 1,
            "on": "2026-03-16",
            "eur": "150.00",
            "authorised_as": "case_manager",
            "reason": "La caldaia è rotta",
            "given": "100.00",
        }
    ]
    desk.edit("decline")
    next_one = desk.ask("draft_again", family=desk.pact().family)["pact"]
    with pytest.raises(UrgentAidCeiling) as refused:
        desk.ask("authorise_urgent_aid", MANAGER, pact_id=next_one, **{**words, "eur": "150.01"})
    assert refused.value.facts["used"] == "150.00"


def test_through_the_door_help_has_the_ceiling_of_its_year(desk):
    desk.reach_the_active_pact()
    desk.hear_guidelines(2, "2026-06-01", emergency_aid_year_eur="100.00")
    desk.edit("log_help", action=1, received_on="2026-06-01", eur="75")
    with pytest.raises(EmergencyAidCeiling):
        desk.edit("log_help", action=1, received_on="2026-06-01", eur="25.01")
    desk.on(date(2027, 1, 2)).edit("log_help", action=1, received_on="2027-01-01", eur="25.01")


def test_what_was_given_is_a_record_of_eur_alone():
    assert AidGiven(1, APR_9, eur("1.00")).hours is None
