"""The committee sees a family code, not the name, also of a pact that was written at the door."""

from datetime import date

import pytest

from services.pacts.life import State
from services.pacts.refusals import NameInClear, NotTheLead
from tests.pacts.desk import ACTIONS
from tests.pacts.form.test_hearing import names_told
from tests.pacts.moments import LEAD, MEMBER, MOTHER, SON
from tests.pacts.test_service import refuses


@pytest.fixture
def written(desk):
    """A draft that can be proposed; the names of the household are known."""
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    names_told(desk)
    return desk.on(date(2026, 4, 9))


def rewrite(desk, **changed):
    """Write another action like the first, with *changed* words; its number."""
    return desk.edit("add_action", **ACTIONS[0] | changed)["action"]


def test_a_proposal_that_names_nobody_goes_to_the_committee(written):
    rewrite(written, description="Una rosa nell'orto, con la madre", provider="oratorio-san-rocco")
    assert written.edit("propose")["state"] == State.PROPOSED


@pytest.mark.parametrize(
    "changed",
    [
        {"description": "Rosa riceve il pacco"},
        {"description": "pacco per verdicchio rosa"},
        {"description": "pacco per TRMRCC80A01H501Z"},
        {"provider": "rosa-verdicchio"},
    ],
)
def test_one_that_names_somebody_of_the_family_does_not_and_says_where(written, changed):
    first = rewrite(written, **changed)
    rewrite(written)
    last = rewrite(written, **changed)
    assert refuses(written, NameInClear, "propose") == {"actions": [first, last]}
    assert written.told("lead").count("pacts/pact_proposed.v1") == 0
    for number in (first, last):
        written.edit("remove_action", action=number)
    assert written.edit("propose")["proposal"] == 1


def test_a_name_of_which_nobody_told_is_not_known(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    rewrite(desk, description="Rosa riceve il pacco")
    assert desk.on(date(2026, 4, 9)).edit("propose")["state"] == State.PROPOSED


def test_who_may_not_propose_is_told_nothing_of_the_names(written):
    rewrite(written, description="Rosa riceve il pacco")
    refuses(written, NotTheLead, "propose", MEMBER)


def test_nor_does_an_amendment(desk):
    desk.reach_the_active_pact()
    names_told(desk.on(date(2026, 8, 1)))
    naming, naming_nobody = (
        {"actions": {"changed": [{"number": 1, "description": text}]}}
        for text in ("Rosa riceve il pacco", "La madre riceve il pacco")
    )
    assert refuses(desk, NameInClear, "propose_amendment", **naming) == {"actions": [1]}
    assert desk.edit("propose_amendment", **naming_nobody)["proposal"] == 2


def test_what_was_approved_before_the_names_were_known_is_amended_without_them(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    number = rewrite(desk, description="Rosa riceve il pacco")
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    for person in (SON, MOTHER, LEAD):
        desk.edit("sign", person=str(person))
    desk.on(date(2026, 6, 1)).edit("activate")
    names_told(desk.on(date(2026, 8, 1)))
    words = {"goals": {"added": [{"goal": "Una casa", "expected_result": "Un contratto"}]}}
    assert refuses(desk, NameInClear, "propose_amendment", **words) == {"actions": [number]}
    told = {"changed": [{"number": number, "description": "La madre riceve il pacco"}]}
    assert desk.edit("propose_amendment", actions=told, **words)["proposal"] == 2
