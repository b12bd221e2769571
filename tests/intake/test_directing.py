"""A family is sent elsewhere before anybody verified anything."""

import pytest

from services.intake.codes import Direction, Outcome
from services.intake.directing import VerifiedAlready
from services.intake.family import Family
from services.intake.standing import FamilyErased, JoinedIntoAnother
from services.kernel.identity import RoleWithoutRight
from services.kernel.refusal import BadWord
from tests.intake.moments import CODE, DAY, family, informed, referred, verified
from tests.intake.test_family import erased
from tests.scenario import fact

directed = fact(Family.DirectedElsewhere, to=Direction.CAF, on=DAY)


@pytest.mark.parametrize("before", [(referred,), (referred, informed), (referred, directed)])
@pytest.mark.parametrize("to", list(Direction))
def test_a_family_is_sent_elsewhere_as_long_as_nobody_verified_it(before, to):
    told = fact(Family.DirectedElsewhere, to=to, on=DAY)
    family(*before).when(Family.direct_elsewhere, to=to, on=DAY).then(told)
    assert family(*before, told).aggregate().directed_elsewhere is to


@pytest.mark.parametrize("outcome", list(Outcome))
def test_where_a_verified_family_is_sent_is_said_by_the_verification(outcome):
    family(referred, informed, verified(outcome)).when(
        Family.direct_elsewhere, to=Direction.CAF, on=DAY
    ).refuses(VerifiedAlready, family=CODE)


def test_who_is_not_followed_here_is_not_sent_anywhere():
    family(referred, erased).when(Family.direct_elsewhere, to=Direction.CAF, on=DAY).refuses(
        FamilyErased, family=CODE, on=DAY
    )
    joined = fact(Family.Joined, into="LEAD-2R8TQX-G", on=DAY)
    family(referred, joined).when(Family.direct_elsewhere, to=Direction.CAF, on=DAY).refuses(
        JoinedIntoAnother, family=CODE, into="LEAD-2R8TQX-G"
    )


def test_an_incomplete_referral_is_directed_elsewhere_and_may_come_back(desk):
    words = {"access_point": "cav", "on": "2026-03-02", "referral": {}}
    code = desk.ask("refer_family", "access_point_operator", **words)["family"]
    desk.ask("direct_elsewhere", "access_point_operator", family=code, to="consultorio")
    assert desk.ask("family", "auditor", family=code)["directed_elsewhere"] == "consultorio"
    notice = {"family": code, "state": "given", "on": "2026-03-02"}
    desk.ask("record_information_notice", "verifier", **notice)
    found = desk.ask("verify_eligibility", "verifier", family=code, at="cda")
    assert found["outcome"] == "suspended"


def test_bad_words_about_a_direction_are_refused(desk):
    with pytest.raises(RoleWithoutRight):
        desk.ask("direct_elsewhere", "project_manager")
    words = {"access_point": "cav", "on": "2026-03-02", "referral": {}}
    code = desk.ask("refer_family", "access_point_operator", **words)["family"]
    with pytest.raises(BadWord) as refusal:
        desk.ask("direct_elsewhere", "verifier", family=code, to="home")
    assert refusal.value.facts["argument"] == "to"
