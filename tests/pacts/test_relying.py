"""Until when the committee may approve on the family's ISEE: told with what is proposed."""

from datetime import date

import pytest

from services.pacts.certificates import Certificates
from services.pacts.pact import Pact
from tests.pacts.form.test_hearing import a_form, mail
from tests.pacts.moments import (
    APR_9,
    FAMILY,
    OURSELVES,
    active,
    amending,
    on_the_table,
    proposed,
    returned,
    written,
)
from tests.scenario import fact, given

FEB_28 = date(2027, 2, 28)
LATER = date(2028, 2, 28)


def relied_on(until=FEB_28, proposal=1, on=APR_9):
    return fact(Pact.IseeReliedOn, proposal=proposal, until=until, on=on)


def test_a_proposal_tells_until_when_it_may_be_approved():
    given(*written).when(Pact.propose, on=APR_9, isee_until=FEB_28).then(proposed, relied_on())


def test_each_proposal_tells_it_anew():
    given(*on_the_table, relied_on(), returned).when(
        Pact.propose, on=APR_9, isee_until=FEB_28
    ).then(fact(Pact.Proposed, proposal=2, on=APR_9), relied_on(proposal=2))


def test_what_is_not_known_is_not_told():
    given(*written).when(Pact.propose, on=APR_9).then(proposed)


def test_a_later_verification_is_told_once_while_the_committee_has_the_proposal():
    asked = {"until": LATER, "by": OURSELVES, "on": APR_9}
    story = (*on_the_table, relied_on())
    given(*story).when(Pact.rely_on_isee, **asked).then(relied_on(LATER))
    given(*story, relied_on(LATER)).when(Pact.rely_on_isee, **asked).then()


@pytest.mark.parametrize("story", [written, (*on_the_table, returned), active, amending])
def test_of_what_the_committee_does_not_have_or_of_an_amendment_nothing_is_told(story):
    given(*story).when(Pact.rely_on_isee, until=LATER, by=OURSELVES, on=APR_9).then()


def verifies(desk, until="2027-02-28", outcome="eligible", organisation=None):
    body = {"family": FAMILY, "outcome": outcome, "failed": [], "guidelines": 1}
    body |= {"isee_tolerated_until": until, "on": desk.clock.day.isoformat()}
    desk.hear("intake/eligibility_verified.v2", body, organisation)


def until(desk):
    return [each.until for each in desk.events() if each.TOPIC == "pacts.IseeReliedOn"]


def test_through_the_door_a_proposal_tells_it_to_the_lead(desk):
    desk.hear_guidelines()
    verifies(desk)
    desk.hear_microequipe()
    desk.write_a_draft()
    verifies(desk)
    assert until(desk) == []
    desk.on(APR_9).edit("propose")
    assert until(desk) == [FEB_28]
    verifies(desk, "2028-02-28")
    verifies(desk, "2028-02-28")
    assert until(desk) == [FEB_28, LATER]
    assert desk.told("lead").count("pacts/isee_relied_on.v1") == 2


@pytest.mark.parametrize(
    ("outcome", "until_day"), [("suspended", None), ("not_eligible", "2028-02-28")]
)
def test_who_does_not_meet_the_requirements_keeps_the_day_that_was_told(desk, outcome, until_day):
    verifies(desk)
    verifies(desk, until_day, outcome)
    relied = [each for each in desk.events() if isinstance(each, Certificates.ReliedOn)]
    assert [each.until for each in relied] == [FEB_28]


def test_only_our_own_organisation_says_who_meets_the_requirements(desk):
    verifies(desk, organisation="nord")
    assert desk.refused() == [("NotFromOurOrganisation", {"organisation": "nord"})]


def test_a_proposal_by_form_tells_it_too(desk):
    desk.hear_guidelines()
    verifies(desk)
    desk.hear_microequipe()
    mail(desk.on(date(2026, 6, 11)), a_form())
    [told] = [each for each in desk.events() if each.TOPIC == "pacts.IseeReliedOn"]
    assert (told.proposal, told.until, told.on) == (1, FEB_28, date(2026, 6, 10))
