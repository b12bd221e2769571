"""The form of an amendment beside the pact in force: whatever is written, the rules can follow."""

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given as whatever
from hypothesis import strategies as st

from services.kernel.sealed import Sealed
from services.pacts.amending import Wanted
from services.pacts.form.comparing import Amended, read_amendment, said, wanted
from services.pacts.form.fields import fields_of, taken_out
from services.pacts.form.prefilling import amendable, numbers, prefilled
from services.pacts.form.problems import Kind
from services.pacts.pact import Pact
from tests.pacts.moments import AUG_1, LEAD, OURSELVES, active
from tests.scenario import given

TICKS = {"with_family": "on", "without_names": "on"}

DAYS = st.dates(date(2026, 1, 1), date(2028, 1, 1)).map(lambda day: f"{day:%d/%m/%Y}")


class Texts:
    """A vault of its own: texts by their reference."""

    def __init__(self) -> None:
        self.kept: dict[UUID, str] = {}

    def seal(self, kind: str, text: str) -> Sealed:
        ref = UUID(int=1000 + len(self.kept))
        self.kept[ref] = text
        return Sealed(ref, f"{len(self.kept):064x}")

    def text(self, sealed: Sealed | None) -> str | None:
        if sealed is None:
            return None
        return self.kept.get(sealed.ref, f"testo {sealed.ref.int}")


def in_force() -> Pact:
    pact = given(*active).aggregate()
    assert isinstance(pact, Pact)
    return pact


def test_every_item_in_force_has_its_place():
    pact = in_force()
    assert numbers(pact, amendable(pact)) == {
        "goal_1": 1,
        "assistance_1": 1,
        "promotion_1": 2,
        "restitution_1": 3,
        "capacity_1": 1,
        "resource_1": 1,
    }


def test_the_form_as_it_is_given_out_wants_nothing():
    pact, texts = in_force(), Texts()
    fields = amendable(pact)
    values = {**prefilled(pact, texts.text, fields), **TICKS}
    written = read_amendment(values, pact, AUG_1).written
    assert written == said(pact, texts.text)
    assert wanted(pact, written, said(pact, texts.text), texts.seal) == Wanted()
    assert texts.kept == {}


@st.composite
def fillings(draw):
    """Some boxes ticked, some fields emptied or written otherwise, some places filled."""
    fields = amendable(in_force())
    values = {}
    for item in draw(st.lists(st.sampled_from(fields.items), max_size=5, unique_by=id)):
        if draw(st.booleans()):
            values[taken_out(item).name] = "on"
            continue
        empty = draw(st.integers(0, 3)) == 0
        for field in fields_of(item):
            values[field.name] = "" if empty else draw(_something(field))
    if draw(st.booleans()):
        values["ends"] = draw(DAYS)
    return values


def _something(field):
    if field.choices:
        return st.sampled_from([value for value, _ in field.choices])
    match field.shape.name:
        case "DAY":
            return st.just("") | DAYS
        case "EUR" | "HOURS":
            return st.sampled_from(["", "12,50", "0"])
    return st.sampled_from(["Una cosa", "Un'altra", "caritas"])


@whatever(values=fillings())
def test_a_form_without_a_problem_is_followed_and_then_the_pact_says_what_it_says(values):
    pact, texts = in_force(), Texts()
    filled = {**prefilled(pact, texts.text, amendable(pact)), **TICKS, **values}
    written = read_amendment(filled, pact, AUG_1).written
    if written is None:
        return
    otherwise = wanted(pact, written, said(pact, texts.text), texts.seal)
    if otherwise == Wanted():
        assert written == said(pact, texts.text)
        return
    proposal = pact.propose_amendment_by_form(otherwise, by=OURSELVES, on=AUG_1)
    amended = Amended.of(pact, pact.amendments[proposal].difference)
    assert said(amended, texts.text) == written


def test_an_action_written_anew_in_a_place_that_was_taken_out_is_none():
    """Whoever ticks the box and writes something else there takes out what was there."""
    pact, texts = in_force(), Texts()
    changed = {"assistance_1_out": "on", "assistance_1_description": "Altro"}
    second = {
        "assistance_2_description": "Buoni spesa",
        "assistance_2_result": "Basta",
        "assistance_2_area": "emergency_aid",
        "assistance_2_provider": "caritas",
        "assistance_2_responsible": str(LEAD),
    }
    filled = {**prefilled(pact, texts.text, amendable(pact)), **TICKS, **changed, **second}
    written = read_amendment(filled, pact, AUG_1).written
    otherwise = wanted(pact, written, said(pact, texts.text), texts.seal)
    assert otherwise.actions.removed == (1,)
    [added] = otherwise.actions.added
    assert texts.text(added.description) == "Buoni spesa"


def read_with(on=AUG_1, ticks=TICKS, **changed):
    """What is read of the form of an amendment that was given out, and *changed*."""
    pact, texts = in_force(), Texts()
    filled = {**prefilled(pact, texts.text, amendable(pact)), **ticks, **changed}
    return read_amendment(filled, pact, on), pact, texts


def kinds(reading):
    return {each.kind for each in reading.problems}


@pytest.mark.parametrize(
    ("ends", "too_early"), [("31/07/2026", True), ("01/08/2026", False), ("02/08/2026", False)]
)
def test_a_new_last_day_is_not_before_the_proposal(ends, too_early):
    reading, _, _ = read_with(ends=ends)
    assert (Kind.ENDS_BEFORE_THE_PROPOSAL in kinds(reading)) is too_early


def test_without_a_last_day_that_of_the_pact_stays():
    reading, pact, _ = read_with(ends="")
    assert reading.written.ends == pact.ends


def test_the_last_day_of_the_pact_may_have_passed_as_long_as_nobody_writes_another():
    after = date(2027, 6, 1)
    assert in_force().ends < after
    assert kinds(read_with(on=after)[0]) == set()
    assert kinds(read_with(on=after, ends="01/05/2027")[0]) == {Kind.ENDS_BEFORE_THE_PROPOSAL}
    assert read_with(on=after, ends="01/06/2027")[0].written.ends == after


@pytest.mark.parametrize("tick", TICKS)
def test_both_boxes_are_ticked(tick):
    reading, _, _ = read_with(ticks={**TICKS, tick: ""})
    assert len(reading.problems) == 1


def test_a_capacity_is_brought_to_the_action_in_its_place_or_to_an_added_one():
    def action(place):
        return {
            f"{place}_description": f"Azione {place}",
            f"{place}_result": "Basta",
            f"{place}_area": "emergency_aid",
            f"{place}_provider": "caritas",
            f"{place}_responsible": str(LEAD),
        }

    def capacity(number, place):
        return {
            f"capacity_{number}_kind": "personal",
            f"capacity_{number}_description": f"Capacità {number}",
            f"capacity_{number}_action": place,
        }

    reading, pact, texts = read_with(
        **action("assistance_2"),
        **action("assistance_3"),
        **capacity(2, "assistance_3"),
        **capacity(3, "assistance_2"),
        **capacity(4, "promotion_1"),
    )
    assert reading.problems == ()
    otherwise = wanted(pact, reading.written, said(pact, texts.text), texts.seal)
    told = [texts.text(each.description) for each in otherwise.actions.added]
    assert told == ["Azione assistance_2", "Azione assistance_3"]
    assert [each.action for each in otherwise.capacities.added] == [-2, -1, 2]
    assert otherwise.capacities.changed == ()
