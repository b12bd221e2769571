"""Questions across pacts, answered from the log of a real store."""

from datetime import date

import pytest
from sqlalchemy import select

from services.kernel.views import build
from services.pacts.life import State
from services.pacts.views import VIEWS
from services.pacts.views.by_family import REACHED, pacts_of, running
from services.pacts.views.drafts import open_drafts
from services.pacts.views.unsigned import lapsing
from services.pacts.views.verification import due_by, overdue
from tests.pacts.moments import FAMILY, LEAD, MEMBER, MOTHER, SON


@pytest.fixture
def look(desk):
    def asked(question, *words):
        with desk.store.database.reading() as connection:
            found = question(connection, *words)
            return list(found) if hasattr(found, "__iter__") else found

    return asked


def drafts(look):
    return [(each.pact, each.family, each.lead, each.since) for each in look(open_drafts)]


def test_a_draft_is_open_until_it_is_proposed_and_again_when_it_is_returned(desk, look):
    desk.hear_guidelines()
    desk.hear_microequipe()
    assert drafts(look) == [(desk.pact_id, FAMILY, LEAD, date(2026, 3, 16))]
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    assert drafts(look) == []
    desk.on(date(2026, 5, 14)).hear_decision("returned")
    assert drafts(look) == [(desk.pact_id, FAMILY, LEAD, date(2026, 5, 14))]
    desk.hear_microequipe(lead=str(MEMBER))
    assert drafts(look) == [(desk.pact_id, FAMILY, MEMBER, date(2026, 5, 14))]
    desk.edit("decline", MEMBER)
    assert drafts(look) == []


EVERY_OUTCOME = ("returned", "approved", "not_approved", "approved_with_conditions")


@pytest.mark.parametrize("first", EVERY_OUTCOME)
def test_a_corrected_decision_is_seen_as_if_it_had_been_the_first(desk, look, first):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision(first)
    for number, outcome in enumerate((*EVERY_OUTCOME, "returned", "not_approved"), start=1):
        desk.hear_decision(outcome, corrects=number)
        assert desk.pact().state == outcome
        assert [each.state for each in look(pacts_of, FAMILY)] == [outcome]
        assert bool(drafts(look)) == (outcome == "returned")
        assert bool(look(lapsing, date(2026, 6, 14))) == outcome.startswith("approved")
        assert bool(look(running, FAMILY)) == (outcome != "not_approved")
    assert desk.refused() == []


def test_the_running_pact_of_a_family_is_known_in_every_state(desk, look):
    assert look(running, FAMILY) is None
    desk.reach_the_active_pact()
    assert look(running, FAMILY) == desk.pact_id
    desk.edit("suspend", reason="work")
    assert look(running, FAMILY) == desk.pact_id
    desk.edit("resume")
    desk.edit("verify", ratings={"1": 1}, family_present=True, final=True)
    desk.edit("conclude", reason="goals_reached")
    assert look(running, FAMILY) is None
    desk.ask("draft_again", family=FAMILY)
    assert [(each.number, each.state) for each in look(pacts_of, FAMILY)] == [
        (2, State.DRAFTED),
        (1, State.CONCLUDED),
    ]
    assert look(running, FAMILY) == desk.find(2).id
    assert look(running, "LEAD-ANOTHER-1") is None


def test_the_view_follows_the_state_of_the_pact(desk, look):
    steps = (
        lambda: desk.hear_guidelines(),
        lambda: desk.hear_microequipe(),
        lambda: desk.write_a_draft(),
        lambda: desk.on(date(2026, 4, 9)).edit("propose"),
        lambda: desk.on(date(2026, 5, 14)).hear_decision("approved_with_conditions"),
        lambda: desk.edit("sign", person=str(SON)),
        lambda: desk.edit("sign", person=str(MOTHER)),
        lambda: desk.edit("sign", person=str(LEAD)),
        lambda: desk.on(date(2026, 6, 1)).edit("activate"),
        lambda: desk.edit("suspend", reason="away"),
        lambda: desk.edit("resume"),
        lambda: desk.edit("verify", ratings={"1": -2}, family_present=False, final=True),
        lambda: desk.edit("interrupt", reason="moved_away"),
    )
    for step in steps:
        step()
        for found in look(pacts_of, FAMILY):
            assert found.state is desk.pact().state
    assert desk.pact().state is State.INTERRUPTED


def test_every_event_that_changes_the_state_is_in_the_view():
    assert set(REACHED.values()) | {State.DRAFTED} == set(State)


def test_unsigned_pacts_are_found_after_their_last_day(desk, look):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.write_a_draft()
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    for day, found in (
        (date(2026, 6, 12), []),
        (date(2026, 6, 13), []),
        (date(2026, 6, 14), [desk.pact_id]),
    ):
        assert look(lapsing, day) == found
    for person in (SON, MOTHER, LEAD):
        desk.edit("sign", person=str(person))
    assert look(lapsing, date(2026, 6, 14)) == []


def test_verifications_are_due_by_their_day_and_overdue_after_it(desk, look):
    desk.reach_the_active_pact()
    for day, due, late in (
        (date(2026, 8, 31), 0, 0),
        (date(2026, 9, 1), 1, 0),
        (date(2026, 9, 2), 1, 1),
    ):
        assert (len(look(due_by, day)), len(look(overdue, day))) == (due, late)
    desk.edit("suspend", reason="health")
    assert (look(due_by, date(2026, 9, 2)), look(overdue, date(2026, 9, 2))) == ([], [])


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_is_a_function_of_the_log(desk, view):
    desk.reach_the_active_pact()
    desk.edit("suspend", reason="work")

    def rows():
        with desk.store.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(view.table))]

    before = rows()
    with desk.store.database.alone():
        build(view, desk.store.database, lambda position: None)
    assert rows() == before
