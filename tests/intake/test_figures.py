"""Reference figures: pacts know who they are, and they see nothing of the family here."""

from datetime import date
from uuid import UUID

from services.intake.microequipe import Microequipe, microequipe_id
from services.kernel.actor import Actor
from services.kernel.aggregate import birth
from services.kernel.deciding import Occasion
from tests.intake.moments import CODE, DAY, NEIGHBOUR, SOCIAL_WORKER, TEACHER, formed
from tests.scenario import fact, given

OURSELVES = Actor.of_service("lead", "intake")
LATER = date(2026, 4, 1)
FORMER = {**dict(formed(SOCIAL_WORKER, TEACHER, NEIGHBOUR).fields), "figures_told": False}
"""What was stored of a microequipe before its figures were told."""
told = fact(Microequipe.FiguresTold, on=LATER)


# that pacts know who they are


def test_until_version_2_nobody_told_who_the_figures_are():
    state = {"family": CODE}
    Microequipe.Formed.upcast_v1_v2(state)
    assert state == {"family": CODE, "figures_told": False}


def test_the_figures_of_a_microequipe_that_was_formed_before_are_told_once():
    former = fact(Microequipe.Formed, **FORMER)
    tell = {"on": LATER, "by": OURSELVES}
    given(former).when(Microequipe.tell_figures, **tell).then(told)
    given(former, told).when(Microequipe.tell_figures, **tell).then()


def test_of_one_whose_forming_tells_them_they_are_not_told_again():
    given(formed()).when(Microequipe.tell_figures, on=LATER, by=OURSELVES).then()


def form_as_before(desk):
    """Store a microequipe as it was stored before its figures were told."""
    made = birth(Microequipe, Microequipe.Formed, microequipe_id(CODE), by=OURSELVES, **FORMER)
    occasion = Occasion(UUID(int=1), "test", "test", OURSELVES)
    desk.store.decide(occasion, lambda deciding: deciding.add(made))


def changes(desk):
    return [body for contract, body in desk.told("lead") if "changed.v2" in contract]


def test_the_next_morning_pacts_learn_who_the_figures_are_and_no_morning_again(desk):
    desk.hear_guidelines()
    desk.on(DAY)
    form_as_before(desk)
    desk.days_pass(date(2026, 3, 5))
    [body] = changes(desk)
    assert (body["change"], body["on"]) == ("figures_told", "2026-03-05")
    assert [each["account"] for each in body["figures"]] == [True, False]
    desk.days_pass(date(2026, 3, 9))
    assert len(changes(desk)) == 1
