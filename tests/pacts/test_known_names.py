"""The names of a household that no form may carry: told by intake, each remembered once."""

from services.pacts.known_names import KnownNames, names_id
from tests.pacts.moments import FAMILY, MAR_16, text
from tests.scenario import Story, fact, given

opened = fact(KnownNames.Opened, family=FAMILY)


def learnt(number):
    return fact(KnownNames.Learnt, names=text(number), on=MAR_16)


def known(*facts):
    return Story((opened, *facts), names_id(FAMILY))


def test_names_are_remembered_in_the_order_in_which_they_were_told():
    given().when(KnownNames.opened, family=FAMILY).then(opened)
    assert known().aggregate().told == []
    assert known(learnt(1), learnt(2)).aggregate().told == [text(1), text(2)]


def test_names_are_remembered_once():
    known(learnt(1)).when(KnownNames.learn, names=text(2), on=MAR_16).then(learnt(2))
    known(learnt(1)).when(KnownNames.learn, names=text(1), on=MAR_16).then()
