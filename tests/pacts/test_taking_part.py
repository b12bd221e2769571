"""Which reference figures have a part in which actions; they see those, and nothing else."""

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st
from sqlalchemy import select

from services.kernel.refusal import Unknown
from services.kernel.tables import vault_reads
from services.pacts.content import Progress
from services.pacts.pact import Pact
from services.pacts.refusals import (
    ActionOver,
    FigureTakesNoPart,
    FigureTakesPartAlready,
    NoSuchItem,
    NotAReferenceFigure,
    NotOfTheMicroequipe,
    OnlyAReferenceFigure,
    PactIsOver,
    PactNotApproved,
    TakesPartInNothing,
)
from tests.pacts.desk import ACTIONS
from tests.pacts.form.test_hearing import names_told
from tests.pacts.moments import (
    AUG_1,
    BY_LEAD,
    BY_MANAGER,
    BY_MEMBER,
    BY_TEACHER,
    COURSE,
    FAMILY,
    FORMATION,
    JUL_1,
    JUN_1,
    LEAD,
    MANAGER,
    MEMBER,
    NEIGHBOUR,
    SON,
    STRANGER,
    TEACHER,
    WITH_FIGURES,
    active,
    amended,
    amending,
    approved,
    concluded,
    drafted,
    figures_known,
    finally_verified,
    neighbour_engaged,
    on_the_table,
    teacher_leads,
)
from tests.pacts.test_service import refuses
from tests.scenario import THE_ONE, fact, given

WAY = (*active, figures_known)
IN_THE_COURSE = {"action": 2, "person": NEIGHBOUR, "on": JUL_1}
engaged = fact(Pact.FigureEngaged, **IN_THE_COURSE)
released = fact(Pact.FigureReleased, **IN_THE_COURSE)
ANSWERS = fact(Pact.ActionAdded, number=1, action=replace(COURSE, responsible=TEACHER))


# who has a part


@pytest.mark.parametrize("person", [TEACHER, NEIGHBOUR])
def test_a_figure_is_engaged_for_an_action_and_released_with_an_account_or_without(person):
    words = {**IN_THE_COURSE, "person": person}
    helps = fact(Pact.FigureEngaged, **words)
    given(*WAY).when(Pact.engage_figure, **words).then(helps)
    given(*WAY, helps).when(Pact.release_figure, **words).then(fact(Pact.FigureReleased, **words))
    again = given(*WAY, helps, fact(Pact.FigureReleased, **words))
    again.when(Pact.engage_figure, **words).then(helps)


@pytest.mark.parametrize("person", [LEAD, MEMBER, MANAGER, SON, STRANGER])
def test_nobody_is_who_is_no_reference_figure_of_this_family(person):
    given(*WAY).when(Pact.engage_figure, **{**IN_THE_COURSE, "person": person}).refuses(
        NotAReferenceFigure, person=person
    )


def test_nor_a_figure_who_leads_and_sees_the_pact_anyway():
    given(*active, teacher_leads).when(
        Pact.engage_figure, **{**IN_THE_COURSE, "person": TEACHER}, by=BY_TEACHER
    ).refuses(NotAReferenceFigure, person=TEACHER)


def test_a_figure_that_left_and_comes_back_is_asked_anew():
    """What it helped in before it sees again only when somebody says so."""
    others = tuple(each for each in WITH_FIGURES.figures if each.person != NEIGHBOUR)
    without = replace(WITH_FIGURES, figures=others)
    left = fact(Pact.MicroequipeChanged, formation=FORMATION, microequipe=without)
    back = given(*WAY, engaged, left, figures_known)
    back.when(Pact.release_figure, **IN_THE_COURSE).refuses(
        FigureTakesNoPart, action=2, person=NEIGHBOUR
    )
    back.when(Pact.engage_figure, **IN_THE_COURSE).then(engaged)
    given(*WAY, engaged, figures_known).when(Pact.release_figure, **IN_THE_COURSE).then(released)


def test_who_answers_for_an_action_and_has_left_the_microequipe_sees_it_no_more():
    """The pact still says who answered for it, until it is amended."""
    others = tuple(each for each in WITH_FIGURES.figures if each.person != TEACHER)
    without = replace(WITH_FIGURES, members=(MEMBER,), figures=others)
    left = fact(Pact.MicroequipeChanged, formation=FORMATION, microequipe=without)
    given(drafted, ANSWERS, figures_known, left).when(Pact.my_actions, by=BY_TEACHER).refuses(
        NotOfTheMicroequipe, pact=THE_ONE
    )


def test_a_figure_has_a_part_in_an_action_once():
    given(*WAY, engaged).when(Pact.engage_figure, **IN_THE_COURSE).refuses(
        FigureTakesPartAlready, action=2, person=NEIGHBOUR
    )
    answering = {"action": 1, "person": TEACHER}
    given(drafted, ANSWERS, figures_known).when(Pact.engage_figure, **answering, on=JUL_1).refuses(
        FigureTakesPartAlready, **answering
    )


def test_only_a_figure_that_helps_is_released():
    for so_far in (WAY, (*WAY, engaged, released)):
        given(*so_far).when(Pact.release_figure, **IN_THE_COURSE).refuses(
            FigureTakesNoPart, action=2, person=NEIGHBOUR
        )
    answering = {"action": 1, "person": TEACHER}
    given(drafted, ANSWERS, figures_known).when(Pact.release_figure, **answering, on=JUL_1).refuses(
        FigureTakesNoPart, **answering
    )


@pytest.mark.parametrize("ask", [Pact.engage_figure, Pact.release_figure])
def test_there_is_no_part_in_an_action_that_is_not_there(ask):
    given(*WAY).when(ask, **{**IN_THE_COURSE, "action": 7}).refuses(NoSuchItem, action=7)


@pytest.mark.parametrize(
    ("progress", "facts"),
    [
        (Progress.COMPLETED, (Pact.ActionStarted, Pact.ActionCompleted)),
        (Progress.DROPPED, (Pact.ActionDropped,)),
    ],
)
def test_nobody_begins_to_help_in_an_action_that_is_over(progress, facts):
    more = {Pact.ActionDropped: {"reason": "health"}}
    over = [fact(each, action=2, on=JUN_1, **more.get(each, {})) for each in facts]
    given(*WAY, *over).when(Pact.engage_figure, **IN_THE_COURSE).refuses(
        ActionOver, action=2, progress=progress
    )
    given(*WAY, engaged, *over).when(Pact.release_figure, **IN_THE_COURSE).then(released)


def test_who_helps_is_no_content_of_the_pact_and_needs_no_proposal():
    before = given(*on_the_table, figures_known).aggregate()
    after = given(*on_the_table, figures_known, neighbour_engaged).aggregate()
    assert after.content() == before.content() == after.proposed


@whatever(
    st.lists(
        st.tuples(st.booleans(), st.integers(1, 3), st.sampled_from([TEACHER, NEIGHBOUR])),
        max_size=25,
    )
)
def test_a_figure_has_exactly_the_parts_that_were_given_and_not_taken_away(steps):
    pact, parts = given(*WAY).aggregate(), set()
    for engage, action, person in steps:
        part = (action, person)
        if engage and part not in parts:
            pact.engage_figure(action, person, by=BY_LEAD, on=JUL_1)
            parts.add(part)
        elif not engage and part in parts:
            pact.release_figure(action, person, by=BY_LEAD, on=JUL_1)
            parts.remove(part)
    for person in (TEACHER, NEIGHBOUR):
        assert set(pact.parts_of(person)) == {action for action, who in parts if who == person}


def test_an_amendment_that_takes_an_action_out_takes_its_parts_with_it():
    in_the_kitchen = fact(Pact.FigureEngaged, action=3, person=TEACHER, on=JUL_1)
    in_the_course = fact(Pact.FigureEngaged, action=2, person=TEACHER, on=JUL_1)
    so_far = (*active, figures_known, in_the_course, in_the_kitchen)
    assert given(*so_far).aggregate().my_actions(by=BY_TEACHER) == (2, 3)
    after = given(*so_far, *amending[len(active) :], amended).aggregate()
    assert after.my_actions(by=BY_TEACHER) == (2,)


# the sheet: for whom, and with what on it


def test_the_sheet_of_a_figure_holds_the_actions_in_which_it_has_a_part():
    pact = given(*WAY, engaged).aggregate()
    assert pact.figure_sheet(NEIGHBOUR, by=BY_LEAD) == (2,)


def test_there_is_no_sheet_without_a_part_nor_for_who_is_no_figure():
    given(*WAY).when(Pact.figure_sheet, person=NEIGHBOUR).refuses(
        TakesPartInNothing, person=NEIGHBOUR
    )
    for person in (MEMBER, STRANGER):
        given(*WAY).when(Pact.figure_sheet, person=person).refuses(
            NotAReferenceFigure, person=person
        )


def test_of_what_is_not_approved_there_is_nothing_to_see_and_after_the_end_nobody_is_engaged():
    helps = fact(Pact.FigureEngaged, action=2, person=TEACHER, on=JUN_1)
    proposed = (*on_the_table, figures_known, helps)
    given(*proposed).when(Pact.my_actions, by=BY_TEACHER).refuses(
        Unknown, kind=Pact.TOPIC, id=THE_ONE
    )
    given(*proposed).when(Pact.my_actions, by=BY_MEMBER).refuses(PactNotApproved, state="proposed")
    assert given(*proposed, approved).aggregate().my_actions(by=BY_TEACHER) == (2,)
    given(*WAY, finally_verified, concluded).when(Pact.engage_figure, **IN_THE_COURSE).refuses(
        PactIsOver, state="concluded"
    )


def test_a_figure_without_a_part_is_not_told_even_how_the_pact_stands():
    given(*WAY).when(Pact.my_actions, by=BY_TEACHER).refuses(OnlyAReferenceFigure, pact=THE_ONE)
    given(*on_the_table, figures_known).when(Pact.my_actions, by=BY_TEACHER).refuses(
        Unknown, kind=Pact.TOPIC, id=THE_ONE
    )
    assert given(*WAY).aggregate().my_actions(by=BY_MANAGER) == ()


# at the door

BOUND = ("microequipe_member",)


@pytest.fixture
def way(desk):
    """An active pact; the teacher helps in the course, and in nothing else."""
    desk.reach_the_active_pact()
    desk.hear_figures()
    desk.edit("engage_figure", MEMBER, action=2, figure=str(TEACHER))
    return desk


def mine(desk, person=TEACHER):
    return desk.edit("my_actions", person, roles=BOUND)


def test_a_figure_sees_the_action_in_which_it_helps_and_nothing_else_of_the_pact(way):
    [action] = [ACTIONS[1]]
    assert mine(way) == {
        "pact": str(way.pact_id),
        "family": FAMILY,
        "number": 1,
        "state": "active",
        "lead": str(LEAD),
        "safe_contact": False,
        "actions": [
            {
                "number": 2,
                "part": "helps",
                **{name: action[name] for name in ("dimension", "area", "provider")},
                **{name: action[name] for name in ("description", "expected_result")},
                "left_out": [],
                **{name: action[name] for name in ("starts", "until")},
                "quantity_eur": None,
                "quantity_hours": "120.00",
                "progress": "planned",
            }
        ],
    }


def test_no_word_of_the_rest_is_in_it_nor_who_commits(way):
    told = json.dumps(mine(way), ensure_ascii=False)
    for other in (ACTIONS[0], ACTIONS[2]):
        assert other["description"] not in told
        assert other["expected_result"] not in told
        assert other["provider"] not in told
    for word in ("Un lavoro stabile", "Cucina per molti", "Oratorio", str(SON), "450"):
        assert word not in told


def test_that_it_read_these_texts_is_recorded_and_that_it_read_others_is_not(way):
    names_told(way)
    mine(way)
    by = vault_reads.c.cause.like("query my_actions:%")
    query = select(vault_reads.c.actor, vault_reads.c.kind)
    with way.store.database.reading() as connection:
        read = sorted(tuple(row) for row in connection.execute(query.where(by)))
    assert read == [(f"lead/person/{TEACHER}", "action")] * 2


def test_a_figure_that_answers_for_an_action_sees_it_as_its_own(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.hear_figures()
    desk.write_a_draft()
    desk.edit("add_action", **{**ACTIONS[1], "responsible": str(TEACHER)})
    refuses(desk, Unknown, "my_actions", TEACHER, roles=BOUND)
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    [action] = mine(desk)["actions"]
    assert (action["number"], action["part"]) == (4, "answers")
    assert action["progress"] is None


def test_a_figure_that_has_no_part_any_more_is_refused_and_so_is_a_stranger(way):
    way.edit("release_figure", action=2, figure=str(TEACHER))
    facts = refuses(way, OnlyAReferenceFigure, "my_actions", TEACHER, roles=BOUND)
    assert facts == {"pact": str(way.pact_id)}
    assert mine(way, MEMBER)["actions"][0]["part"] == "answers"
    assert mine(way, MANAGER)["actions"] == []
    refuses(way, NotOfTheMicroequipe, "my_actions", STRANGER, roles=BOUND)


def test_a_figure_that_has_left_the_microequipe_sees_nothing_any_more(way):
    way.hear_figures(change="left", members=[str(LEAD), str(MEMBER)], figures=[])
    refuses(way, NotOfTheMicroequipe, "my_actions", TEACHER, roles=BOUND)
    assert way.ask("my_pacts", TEACHER, roles=BOUND) == []


def test_a_text_that_names_somebody_of_the_family_is_left_out_and_said_to_be(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.hear_figures()
    desk.write_a_draft()
    naming = {"expected_result": "Rosa legge da sola", "provider": "rosa-verdicchio"}
    number = desk.edit("add_action", **{**ACTIONS[0], **naming})["action"]
    shop = {**ACTIONS[0], "provider": "Forno Verdicchio"}
    other = desk.edit("add_action", **shop)["action"]
    desk.on(date(2026, 4, 9)).edit("propose")
    desk.on(date(2026, 5, 14)).hear_decision("approved")
    names_told(desk)
    for each in (number, other):
        desk.edit("engage_figure", action=each, figure=str(TEACHER))
    action, at_the_shop = mine(desk)["actions"]
    assert (at_the_shop["provider"], at_the_shop["left_out"]) == ("Forno Verdicchio", [])
    assert action["left_out"] == ["expected_result", "provider"]
    assert (action["expected_result"], action["provider"]) == (None, None)
    assert action["description"] == ACTIONS[0]["description"]


def test_what_was_erased_is_not_seen_and_not_said_to_be_left_out(way):
    way.hear("intake/family_erased.v1", {"family": FAMILY, "on": "2026-07-01"})
    [action] = mine(way)["actions"]
    assert (action["description"], action["expected_result"]) == (None, None)
    assert (action["left_out"], action["provider"]) == ([], "cfp-valle")


def test_a_figure_is_told_that_contacts_are_restricted(way):
    mark = {"family": FAMILY, "safe_contact": True, "on": "2026-06-01"}
    way.hear("intake/contact_marked.v1", mark)
    assert mine(way)["safe_contact"] is True


def test_in_which_pacts_somebody_has_a_part_is_answered_by_codes_alone(way):
    found = [{"pact": str(way.pact_id), "family": FAMILY, "number": 1, "state": "active"}]
    for person in (TEACHER, MEMBER):
        assert way.ask("my_pacts", person, roles=BOUND) == found
    for person in (STRANGER, MANAGER):
        assert way.ask("my_pacts", person, roles=BOUND) == []
    way.edit("release_figure", action=2, figure=str(TEACHER))
    assert way.ask("my_pacts", TEACHER, roles=BOUND) == []


def test_a_draft_is_none_of_them(desk):
    desk.hear_guidelines()
    desk.hear_microequipe()
    desk.hear_figures()
    desk.write_a_draft()
    desk.edit("engage_figure", action=2, figure=str(TEACHER))
    assert desk.ask("my_pacts", TEACHER, roles=BOUND) == []


def test_who_sees_the_pact_sees_who_the_figures_are_and_in_what_they_help(way):
    way.on(AUG_1)
    told = way.edit("pact", STRANGER, roles=("auditor",))
    assert told["figures"] == [
        {"person": str(TEACHER), "role": "teacher", "account": True},
        {"person": str(NEIGHBOUR), "role": "neighbour", "account": False},
    ]
    assert [each["figures"] for each in told["actions"]] == [[], [str(TEACHER)], []]


def test_the_parts_of_one_pact_are_not_those_of_the_next(way):
    way.on(date(2026, 8, 27))
    way.edit("verify", ratings={"1": 1}, family_present=True, final=True)
    way.edit("conclude", reason="goals_reached")
    way.ask("draft_again", family=FAMILY)
    assert way.find(2).parts_of(TEACHER) == ()
    assert [each["number"] for each in way.ask("my_pacts", TEACHER, roles=BOUND)] == [1]
