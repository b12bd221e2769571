"""What a form says, and everything that is to be mended in it, at once."""

from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal

import pytest

from services.pacts.content import (
    ActionArea,
    CapacityKind,
    Dimension,
    Figure,
    FigureRole,
    ResourceKind,
)
from services.pacts.form.fields import VERSION, Fields, Shape, member_of
from services.pacts.form.names import Names
from services.pacts.form.problems import Kind
from services.pacts.form.reading import read
from services.pacts.form.written import WrittenAction, WrittenCapacity, WrittenGoal, WrittenResource
from tests.pacts.form.filled import filled
from tests.pacts.moments import (
    FAMILY,
    FIGURES,
    LEAD,
    MANAGER,
    MEMBER,
    NEIGHBOUR,
    STRANGER,
    TEACHER,
    TEAM,
    TERMS,
    WITH_FIGURES,
)

ANOTHER = Figure(STRANGER, None, has_account=False)


def reading(**changed):
    return read(filled(**changed), FAMILY, TEAM, TERMS)


def wrong(**changed):
    """What is to be mended: kinds and facts, without the labels."""
    found = reading(**changed)
    assert found.written is None
    return [
        (each.kind, {name: fact for name, fact in each.facts.items() if name != "label"})
        for each in found.problems
    ]


def test_a_form_says_a_whole_proposal():
    found = reading()
    assert found.problems == ()
    written = found.written
    assert (written.starts, written.ends) == (date(2026, 6, 1), date(2027, 5, 31))
    assert written.goals == (WrittenGoal("Un lavoro stabile", "Un contratto di almeno sei mesi"),)
    assert written.actions[0] == WrittenAction(
        dimension=Dimension.ASSISTANCE,
        area=ActionArea.EMERGENCY_AID,
        description="Spesa settimanale:\nfrutta, verdura e 350 € di bollette",
        provider="cda-san-rocco",
        responsible=LEAD,
        committed=None,
        starts=date(2026, 6, 1),
        until=date(2026, 11, 30),
        expected_result="La spesa basta fino a fine mese",
        quantity_eur=Decimal("1250.50"),
        quantity_hours=None,
    )
    assert (written.actions[1].committed, written.actions[1].quantity_hours) == (
        member_of(FAMILY, 2),
        Decimal("12.50"),
    )
    assert written.capacities == (
        WrittenCapacity(CapacityKind.INFORMAL, "Cucina per molti", member_of(FAMILY, 1), action=3),
    )
    assert written.resources == (
        WrittenResource(ResourceKind.PARISH, "Oratorio con la cucina", Decimal("20.00")),
    )


def test_without_a_last_day_the_pact_lasts_as_long_as_the_guidelines_allow():
    written = reading(ends="").written
    assert written.ends == date(2027, 6, 1)
    assert written.actions[0].starts == date(2026, 6, 1)


def test_places_may_be_left_out():
    moved = {f"promotion_3_{name[12:]}": "" for name in filled() if name.startswith("promotion_1")}
    values = filled()
    for name in [name for name in values if name.startswith("promotion_1")]:
        moved[name.replace("_1_", "_3_")] = values[name]
        moved[name] = ""
    moved["capacity_1_action"] = "promotion_3"
    written = reading(**moved).written
    assert written.capacities[0].action == 2
    assert written.actions[1].dimension is Dimension.PROMOTION


def test_an_empty_form_is_told_everything_at_once():
    found = read({}, FAMILY, TEAM, TERMS)
    assert [each.kind for each in found.problems] == [
        Kind.FIELD_EMPTY,
        Kind.FIELD_NOT_TICKED,
        Kind.FIELD_NOT_TICKED,
        *[Kind.DIMENSION_WITHOUT_ACTION] * 3,
        Kind.NO_CAPACITY,
        Kind.NO_RESOURCE,
    ]
    assert found.problems[0].facts == {"field": "starts", "label": "Inizio del patto"}
    assert found.problems[3].facts == {"dimension": "assistance"}


def test_everything_wrong_is_told_at_once_in_the_order_of_the_pages():
    assert wrong(
        starts="31/31/2026",
        with_family="/Off",
        goal_1_result="",
        assistance_1_eur="circa 50",
        promotion_1_committed="",
        resource_1_kind="banca",
    ) == [
        (Kind.DAY_UNREADABLE, {"field": "starts"}),
        (Kind.FIELD_NOT_TICKED, {"field": "with_family"}),
        (Kind.FIELD_EMPTY, {"field": "goal_1_result"}),
        (Kind.AMOUNT_UNREADABLE, {"field": "assistance_1_eur"}),
        (Kind.FIELD_EMPTY, {"field": "promotion_1_committed"}),
        (Kind.CHOICE_UNKNOWN, {"field": "resource_1_kind"}),
    ]


@pytest.mark.parametrize(
    ("changed", "kind", "facts"),
    [
        ({"ends": "ieri"}, Kind.DAY_UNREADABLE, {"field": "ends"}),
        (
            {"ends": "31/05/2026"},
            Kind.DATES_REVERSED,
            {"field": "ends", "first": "2026-06-01", "last": "2026-05-31"},
        ),
        (
            {"ends": "02/06/2027"},
            Kind.PERIOD_TOO_LONG,
            {"field": "ends", "last": "2027-06-02", "longest": "2027-06-01", "guidelines": 1},
        ),
        ({"without_names": None}, Kind.FIELD_NOT_TICKED, {"field": "without_names"}),
        ({"goal_1_goal": "a\x00"}, Kind.TEXT_UNREADABLE, {"field": "goal_1_goal"}),
        (
            {"goal_1_goal": "x" * 401},
            Kind.TEXT_TOO_LONG,
            {"field": "goal_1_goal", "longest": 400, "length": 401},
        ),
        (
            {"resource_1_description": "x" * 121},
            Kind.TEXT_TOO_LONG,
            {"field": "resource_1_description", "longest": 120, "length": 121},
        ),
        (
            {"assistance_1_provider": "x" * 61},
            Kind.TEXT_TOO_LONG,
            {"field": "assistance_1_provider", "longest": 60, "length": 61},
        ),
        ({"assistance_1_provider": "…"}, Kind.TEXT_UNREADABLE, {"field": "assistance_1_provider"}),
        ({"assistance_1_eur": "0"}, Kind.AMOUNT_NOT_POSITIVE, {"field": "assistance_1_eur"}),
        ({"resource_1_hours": "0,00"}, Kind.AMOUNT_NOT_POSITIVE, {"field": "resource_1_hours"}),
        ({"capacity_1_kind": ""}, Kind.FIELD_EMPTY, {"field": "capacity_1_kind"}),
        ({"capacity_1_person": "0"}, Kind.CHOICE_UNKNOWN, {"field": "capacity_1_person"}),
        ({"capacity_1_person": "13"}, Kind.CHOICE_UNKNOWN, {"field": "capacity_1_person"}),
        (
            {"capacity_1_action": "assistance_0"},
            Kind.CHOICE_UNKNOWN,
            {"field": "capacity_1_action"},
        ),
        (
            {"capacity_1_action": "assistance_4"},
            Kind.CHOICE_UNKNOWN,
            {"field": "capacity_1_action"},
        ),
        (
            {"capacity_1_action": "assistance_2"},
            Kind.ACTION_NOT_WRITTEN,
            {"field": "capacity_1_action", "action": "Assistenza 2"},
        ),
        (
            {"assistance_1_responsible": str(MANAGER)},
            Kind.CHOICE_UNKNOWN,
            {"field": "assistance_1_responsible"},
        ),
        (
            {"promotion_1_until": "14/06/2026"},
            Kind.DATES_REVERSED,
            {"field": "promotion_1_until", "first": "2026-06-15", "last": "2026-06-14"},
        ),
        (
            {"promotion_1_starts": "31/05/2026"},
            Kind.ACTION_OUTSIDE_THE_PERIOD,
            {"field": "promotion_1_starts", "starts": "2026-06-01", "ends": "2027-05-31"},
        ),
        (
            {"promotion_1_until": "01/06/2027"},
            Kind.ACTION_OUTSIDE_THE_PERIOD,
            {"field": "promotion_1_until", "starts": "2026-06-01", "ends": "2027-05-31"},
        ),
    ],
)
def test_one_thing_wrong(changed, kind, facts):
    assert wrong(**changed) == [(kind, facts)]


@pytest.mark.parametrize(
    "changed",
    [
        {"ends": "01/06/2027"},
        {"goal_1_goal": "x" * 400},
        {"resource_1_description": "x" * 120},
        {"assistance_1_eur": "0,01"},
        {"promotion_1_starts": "01/06/2026"},
        {"promotion_1_until": "31/05/2027"},
        {"promotion_1_until": "15/06/2026"},
        {"capacity_1_person": ""},
        {"goal_1_goal": "", "goal_1_result": ""},
        {"assistance_1_responsible": "responsabile della microequipe"},
        {"assistance_1_committed": "12"},
        {"unknown_field": "anything"},
    ],
)
def test_just_right(changed):
    assert reading(**changed).problems == ()


def test_a_pact_may_last_one_day_and_its_actions_lie_within_it():
    day = {name: "01/06/2026" for name in filled() if name.endswith(("_starts", "_until"))}
    assert reading(**day, ends="01/06/2026").problems == ()
    astray = day | {"promotion_1_until": "02/06/2026"}
    assert wrong(**astray, ends="01/06/2026") == [
        (
            Kind.ACTION_OUTSIDE_THE_PERIOD,
            {"field": "promotion_1_until", "starts": "2026-06-01", "ends": "2026-06-01"},
        )
    ]


def test_a_text_that_names_somebody_of_the_household_is_to_be_mended():
    values = filled(goal_1_goal="Rosa Verdicchio trova lavoro")
    [found] = read(values, FAMILY, TEAM, TERMS, Names.of(["Rosa Verdicchio"])).problems
    assert (found.kind, found.facts["field"]) == (Kind.NAME_IN_CLEAR, "goal_1_goal")
    assert read(values, FAMILY, TEAM, TERMS).problems == ()


@pytest.mark.parametrize(
    ("field", "text", "to_mend"),
    [
        ("goal_1_goal", "Verdicchio trova lavoro", True),
        ("capacity_1_description", "Il bucato della Verdicchio", True),
        ("resource_1_description", "La sala dei Verdicchio", True),
        ("assistance_1_provider", "Arredi Verdicchio", False),
        ("assistance_1_provider", "Rosa Verdicchio", True),
    ],
)
def test_one_word_of_a_name_tells_who_it_is_except_in_what_a_body_is_called(field, text, to_mend):
    names = Names.of(["Rosa Verdicchio"])
    found = read(filled(**{field: text}), FAMILY, TEAM, TERMS, names).problems
    assert [(each.kind, each.facts["field"]) for each in found] == [
        (Kind.NAME_IN_CLEAR, field)
    ] * to_mend


def test_no_problem_repeats_what_somebody_wrote():
    word = "Inventata"
    values = dict.fromkeys(filled(), f"{word} {'x' * 500}")
    told = [asdict(each) for each in read(values, FAMILY, TEAM, TERMS).problems]
    assert told
    assert word not in str(told)


def test_the_form_offers_people_without_a_name():
    (offered,) = {each.responsible.choices for each in Fields.of(TEAM).actions}
    assert offered == (
        (str(LEAD), "responsabile della microequipe"),
        (str(MEMBER), "microequipe: componente 2"),
    )


def test_it_offers_reference_figures_by_what_they_are_to_the_family():
    (offered,) = {each.responsible.choices for each in Fields.of(WITH_FIGURES).actions}
    assert offered == (
        (str(LEAD), "responsabile della microequipe"),
        (str(MEMBER), "microequipe: componente 2"),
        (str(TEACHER), "figura 1: insegnante"),
        (str(NEIGHBOUR), "figura 2: vicinato"),
    )
    leads = replace(WITH_FIGURES, lead=TEACHER, members=(TEACHER,), figures=(*FIGURES, ANOTHER))
    (offered,) = {each.responsible.choices for each in Fields.of(leads).actions}
    assert offered == (
        (str(TEACHER), "responsabile della microequipe"),
        (str(NEIGHBOUR), "figura 1: vicinato"),
        (str(STRANGER), "figura di riferimento 2"),
    )


@pytest.mark.parametrize("role", [*FigureRole, None])
def test_what_a_figure_is_called_is_no_longer_than_what_the_lead_is(role):
    team = replace(WITH_FIGURES, figures=(Figure(NEIGHBOUR, role, has_account=False),))
    ((_, lead), *others) = Fields.of(team).actions[0].responsible.choices
    assert others
    assert max(len(words) for _, words in others) <= len(lead)


def test_a_form_names_a_figure_without_an_account_as_who_answers():
    values = filled(promotion_1_responsible=str(NEIGHBOUR))
    written = read(values, FAMILY, WITH_FIGURES, TERMS).written
    assert NEIGHBOUR in [each.responsible for each in written.actions]
    assert read(values, FAMILY, TEAM, TERMS).written is None


def test_the_names_of_the_fields_are_frozen():
    """People keep forms: a field that means something else is a new version."""
    names = [each.name for each in Fields.of(TEAM)]
    assert VERSION == "1"
    assert len(names) == len(set(names)) == 4 + 4 * 2 + 9 * 10 + 4 * 4 + 4 * 3
    assert set(filled()) <= set(names)
    labels = [each.label for each in Fields.of(TEAM)]
    assert len(set(labels)) == len(labels)


def test_what_is_chosen_may_be_as_long_as_the_words_that_are_offered():
    chosen = [each for each in Fields.of(TEAM) if each.choices]
    assert {each.shape for each in chosen} == {Shape.CHOICE}
    assert {each.longest for each in chosen} == {0}
