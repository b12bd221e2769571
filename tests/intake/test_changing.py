"""A household changes: births, deaths, moves and splits, each on its day."""

import json
from dataclasses import replace
from datetime import date

import pytest

from services.intake.changing import (
    GoneBeforeComing,
    HouseholdNotRecorded,
    NobodyGoes,
    NobodyStays,
)
from services.intake.codes import Coming, Going, Occupation, Relation
from services.intake.days import DayToCome
from services.intake.family import Family
from services.intake.family_code import family_id
from services.intake.household import HouseholdFacts, Member
from services.intake.standing import FamilyErased, NoSuchMember, NoticeNotRecorded
from services.kernel.identity import RoleWithoutRight
from services.kernel.refusal import BadWord
from tests.intake.moments import (
    APPLICANT,
    CODE,
    DAY,
    REFERRED,
    STUDENT,
    VAULT,
    certified,
    described,
    family,
    guidelines,
    household,
    informed,
    referred,
    sealed,
    verified,
)
from tests.intake.test_family import erased
from tests.intake.test_service import admit, bring_in
from tests.scenario import SOMEBODY, fact

BABY = Member(3, Relation.CHILD, birth_date=date(2026, 2, 20), dependent=True)
GRANDMOTHER = Member(3, Relation.GRANDPARENT, birth_date=date(1950, 5, 4))
OPENED = VAULT | {
    sealed(21): household(BABY).text(),
    sealed(22): household(GRANDMOTHER).text(),
}
KNOWN = (referred, informed, described)


def came(number=3, how=Coming.MOVED_IN, member=22, on=DAY):
    return fact(Family.MemberCame, number=number, came=how, member=sealed(member), on=on)


def gone(number=2, how=Going.MOVED_OUT, on=DAY):
    return fact(Family.MemberGone, number=number, gone=how, on=on)


def split(*members, on=DAY):
    return fact(Family.HouseholdSplit, members=members, on=on)


def opened(*facts):
    found = family(*facts).aggregate().household(OPENED.__getitem__)
    return None if found is None else found.members


# births and arrivals


def test_a_birth_is_told_and_its_day_is_sealed_with_the_child():
    family(*KNOWN).when(
        Family.record_birth, member=sealed(21), born=date(2026, 2, 20), today=DAY
    ).then(came(how=Coming.BORN, member=21))
    assert opened(*KNOWN, came(how=Coming.BORN, member=21)) == (APPLICANT, STUDENT, BABY)


@pytest.mark.parametrize("born", [date(2026, 3, 1), DAY])
def test_who_is_born_was_born_today_or_before(born):
    family(*KNOWN).when(Family.record_birth, member=sealed(21), born=born, today=DAY).then(
        came(how=Coming.BORN, member=21)
    )


def test_nobody_is_born_tomorrow():
    family(*KNOWN).when(
        Family.record_birth, member=sealed(21), born=date(2026, 3, 3), today=DAY
    ).refuses(DayToCome, on=date(2026, 3, 3), today=DAY)


@pytest.mark.parametrize("on", [date(2026, 3, 1), DAY])
def test_who_moves_in_is_of_the_household_from_that_day(on):
    family(*KNOWN).when(Family.record_arrival, member=sealed(22), on=on, today=DAY).then(
        came(on=on)
    )


def test_nobody_moves_in_tomorrow():
    family(*KNOWN).when(
        Family.record_arrival, member=sealed(22), on=date(2026, 3, 3), today=DAY
    ).refuses(DayToCome, on=date(2026, 3, 3), today=DAY)


def test_a_number_is_never_used_again():
    family(*KNOWN, came(), gone(3)).when(
        Family.record_arrival, member=sealed(22), on=DAY, today=DAY
    ).then(came(4))
    again = fact(Family.HouseholdRecorded, members=(1,), household=sealed(2), on=DAY)
    assert family(*KNOWN, came(), again).aggregate().next_number == 4


@pytest.mark.parametrize("ask", ["record_birth", "record_arrival"])
def test_nobody_comes_to_a_household_that_was_not_recorded(ask):
    words = {"born": DAY} if ask == "record_birth" else {"on": DAY}
    family(referred, informed).when(
        getattr(Family, ask), member=sealed(21), today=DAY, **words
    ).refuses(HouseholdNotRecorded, family=CODE)


# deaths and departures


@pytest.mark.parametrize("how", list(Going))
def test_who_died_or_moved_out_is_not_of_the_household_from_that_day(how):
    family(*KNOWN).when(
        Family.record_departure, number=2, gone=how, on=date(2026, 2, 1), today=DAY
    ).then(gone(how=how, on=date(2026, 2, 1)))
    assert opened(*KNOWN, gone(how=how)) == (APPLICANT,)


@pytest.mark.parametrize(
    ("facts", "number"), [(KNOWN, 3), ((*KNOWN, gone()), 2), ((referred, informed), 1)]
)
def test_who_is_not_there_does_not_go(facts, number):
    family(*facts).when(
        Family.record_departure, number=number, gone=Going.DIED, on=DAY, today=DAY
    ).refuses(NoSuchMember, family=CODE, number=number)


def test_nobody_goes_tomorrow():
    family(*KNOWN).when(
        Family.record_departure, number=2, gone=Going.DIED, on=date(2026, 3, 3), today=DAY
    ).refuses(DayToCome, on=date(2026, 3, 3), today=DAY)


@pytest.mark.parametrize(
    ("on", "refused"),
    [(date(2026, 2, 9), True), (date(2026, 2, 10), False), (date(2026, 2, 11), False)],
)
def test_nobody_goes_before_coming(on, refused):
    asked = family(*KNOWN, came(on=date(2026, 2, 10))).when(
        Family.record_departure, number=3, gone=Going.MOVED_OUT, on=on, today=DAY
    )
    if refused:
        asked.refuses(GoneBeforeComing, number=3, on=on, since=date(2026, 2, 10))
    else:
        asked.then(gone(3, on=on))


def test_of_a_household_in_which_nobody_is_left_there_is_no_evidence():
    assert opened(*KNOWN, gone(2), gone(1, Going.DIED)) is None


def test_a_new_record_of_the_household_begins_anew():
    again = fact(Family.HouseholdRecorded, members=(1, 2), household=sealed(2), on=DAY)
    assert opened(*KNOWN, came(), gone(2), again) == (APPLICANT, STUDENT)


# splits


def test_what_was_told_before_a_new_record_is_in_it_and_what_is_told_after_it_counts():
    again = fact(Family.HouseholdRecorded, members=(1, 2), household=sealed(2), on=DAY)
    assert opened(*KNOWN, gone(2), again, came()) == (APPLICANT, STUDENT, GRANDMOTHER)


def test_who_goes_is_of_the_household_no_more_and_where_to_is_not_said():
    family(*KNOWN, came()).when(Family.split, members=(2, 3), on=DAY, today=DAY).then(split(2, 3))
    assert opened(*KNOWN, came(), split(2, 3)) == (APPLICANT,)


@pytest.mark.parametrize(
    ("members", "refusal", "facts"),
    [
        ((), NobodyGoes, {"family": CODE}),
        ((1, 2), NobodyStays, {"family": CODE}),
        ((3,), NoSuchMember, {"family": CODE, "number": 3}),
    ],
)
def test_a_split_leaves_somebody_in_each_of_both(members, refusal, facts):
    family(*KNOWN).when(Family.split, members=members, on=DAY, today=DAY).refuses(refusal, **facts)


def test_nobody_splits_tomorrow():
    family(*KNOWN).when(Family.split, members=(2,), on=date(2026, 3, 3), today=DAY).refuses(
        DayToCome, on=date(2026, 3, 3), today=DAY
    )


def test_those_who_go_take_what_was_told_of_them_and_of_nobody_else():
    told = HouseholdFacts((APPLICANT, replace(STUDENT, name="Prova Due"), BABY))
    going = told.going({2: Relation.APPLICANT, 3: Relation.SIBLING})
    assert going.members == (
        replace(STUDENT, name="Prova Due", number=1, relation=Relation.APPLICANT),
        replace(BABY, number=2, relation=Relation.SIBLING),
    )


# the household as it was on a day


@pytest.mark.parametrize(
    ("day", "members"),
    [
        (date(2026, 1, 11), ()),
        (REFERRED, (1, 2)),
        (date(2026, 2, 9), (1, 2)),
        (date(2026, 2, 10), (1, 2, 3)),
        (date(2026, 2, 19), (1, 2, 3)),
        (date(2026, 2, 20), (1, 3)),
        (date(2026, 2, 21), (1, 3)),
    ],
)
def test_who_was_of_the_household_on_a_day(day, members):
    arrival, departure = came(on=date(2026, 2, 10)), gone(on=date(2026, 2, 20))
    found = family(*KNOWN, departure, arrival).aggregate()
    assert found.members_on(day) == members


@pytest.mark.parametrize(
    ("day", "members"),
    [
        (date(2026, 1, 11), ()),
        (REFERRED, (1, 2)),
        (date(2026, 2, 1), (1, 2, 3)),
        (date(2026, 3, 1), (1, 2, 3)),
        (DAY, (1,)),
        (date(2026, 3, 9), (1,)),
        (date(2026, 3, 10), (1, 4)),
    ],
)
def test_a_household_is_that_of_the_last_record_by_the_day_and_of_the_changes_since(day, members):
    recorded = fact(Family.HouseholdRecorded, members=(1,), household=sealed(2), on=DAY)
    found = family(
        *KNOWN,
        came(3, on=date(2026, 2, 1)),
        recorded,
        came(4, on=date(2026, 3, 10)),
    ).aggregate()
    assert found.members_on(day) == members


def test_a_change_that_is_told_late_holds_from_its_day_on():
    again = fact(Family.HouseholdRecorded, members=(1, 2), household=sealed(2), on=DAY)
    late = gone(on=date(2026, 2, 20))
    found = family(*KNOWN, again, late).aggregate()
    days = [date(2026, 2, 19), date(2026, 2, 20), date(2026, 2, 21), DAY]
    assert [found.members_on(day) for day in days] == [(1, 2), (1,), (1,), (1,)]


# verification


def test_a_verification_sees_the_household_as_it_is_and_is_recomputed_as_it_was():
    old_student = replace(STUDENT, occupation=Occupation.EMPLOYED)
    vault = OPENED | {sealed(2): household(APPLICANT, old_student).text()}
    facts = (*KNOWN, certified, came())
    found = family(*facts).aggregate()
    decision = found.assess(vault.__getitem__, guidelines(), DAY)
    assert [each.code for each in decision.findings[0].because] == ["elderly"]
    later = family(*facts, verified(household_changes=1), gone(3, Going.DIED)).aggregate()
    again = later.recompute(1, vault.__getitem__, guidelines())
    assert again.criteria == decision.criteria
    now = later.assess(vault.__getitem__, guidelines(), DAY)
    assert now.findings[0].criterion.met is False


def test_a_verification_says_how_many_changes_were_known():
    found = family(*KNOWN, certified, came(), gone(3)).aggregate()
    evidence = found.evidence(OPENED.__getitem__)
    found.verify_eligibility(found.access_point, evidence, guidelines(), None, on=DAY, by=SOMEBODY)
    assert found.verification(1).household_changes == 2


def test_those_who_went_are_a_family_that_knows_where_it_comes_from():
    came_from = fact(Family.CameFromSplit, origin="LEAD-AAAAAA-0", on=DAY)
    family(referred).when(Family.come_from_split, origin="LEAD-AAAAAA-0", on=DAY).then(came_from)
    assert family(referred, came_from).aggregate().origin == "LEAD-AAAAAA-0"
    assert family(referred).aggregate().origin is None


# what may not be


CHANGES = {
    "record_birth": {"member": sealed(21), "born": DAY, "today": DAY},
    "record_arrival": {"member": sealed(22), "on": DAY, "today": DAY},
    "record_departure": {"number": 2, "gone": Going.DIED, "on": DAY, "today": DAY},
    "split": {"members": (2,), "on": DAY, "today": DAY},
}


@pytest.mark.parametrize("method", CHANGES)
def test_no_change_is_recorded_before_the_notice_or_after_an_erasure(method):
    family(referred).when(getattr(Family, method), **CHANGES[method]).refuses(
        NoticeNotRecorded, family=CODE
    )
    family(*KNOWN, erased).when(getattr(Family, method), **CHANGES[method]).refuses(
        FamilyErased, family=CODE, on=DAY
    )


# the door

CHILD = {"relation": "child", "name": "Prova Quattro", "birth_date": "2026-02-20"}


def test_a_child_is_born_to_a_family(desk):
    code = bring_in(desk)
    assert desk.ask("record_birth", "verifier", family=code, member=CHILD)["member"] == 4
    assert desk.ask("household", "auditor", family=code)["members"] == [1, 2, 3, 4]
    assert desk.ask("household", "auditor", family=code, day="2026-03-01")["members"] == []
    stored = desk.stored_text()
    assert "2026-02-20" not in stored
    assert "Prova Quattro" not in stored
    (child,) = desk.ask("opened_family", "verifier", family=code)["came"]
    assert (child["number"], child["birth_date"], child["on"]) == (4, "2026-02-20", "2026-03-02")


@pytest.mark.parametrize(
    ("method", "words", "argument"),
    [
        ("record_birth", {"member": {"relation": "child"}}, "birth_date"),
        ("record_birth", {"member": CHILD | {"number": 4}}, "member"),
        ("record_birth", {"member": "x"}, "member"),
        ("record_arrival", {"member": {"relation": "lodger"}, "on": "2026-03-02"}, "relation"),
        ("record_arrival", {"member": CHILD, "on": "yesterday"}, "on"),
        ("record_departure", {"member": 0, "gone": "died", "on": "2026-03-02"}, "member"),
        ("record_departure", {"member": 1, "gone": "away", "on": "2026-03-02"}, "gone"),
        ("split_household", {"members": [1], "on": "2026-03-02"}, "members"),
        (
            "split_household",
            {"members": [{"number": 1, "relation": "x"}], "on": "2026-03-02"},
            "relation",
        ),
    ],
)
def test_a_change_in_words_of_the_wrong_shape_is_refused_by_name(desk, method, words, argument):
    code = bring_in(desk)
    before = desk.written()
    with pytest.raises(BadWord) as refusal:
        desk.ask(method, "verifier", family=code, **words)
    assert refusal.value.facts["argument"] == argument
    assert desk.written() == before


def test_a_household_is_told_as_it_was_on_each_day(desk):
    code = admit(desk)
    desk.on(date(2026, 3, 10))
    guest = {"relation": "grandparent", "birth_date": "1950-05-04"}
    desk.ask("record_arrival", "verifier", family=code, member=guest, on="2026-03-09")
    leaving = {"member": 2, "gone": "moved_out", "on": "2026-03-10"}
    desk.ask("record_departure", "verifier", family=code, **leaving)
    days = ["2026-03-08", "2026-03-09", "2026-03-10"]
    found = [desk.ask("household", "verifier", family=code, day=day)["members"] for day in days]
    assert found == [[1, 2, 3], [1, 2, 3, 4], [1, 3, 4]]


def test_a_split_makes_a_second_file_that_holds_nothing_of_those_who_stay(desk):
    code = admit(desk)
    desk.ask("mark_safe_contact", "verifier", family=code, how="solo al CDA di prova")
    going = [{"number": 2, "relation": "applicant"}, {"number": 3, "relation": "child"}]
    answer = desk.ask("split_household", "verifier", family=code, members=going, on="2026-03-02")
    other = answer["new_family"]
    assert desk.ask("family", "auditor", family=code)["members"] == [1]
    made = desk.ask("family", "auditor", family=other)
    assert (made["members"], made["lacking"]) == ([1, 2], ["person", "contact"])
    assert (made["notice"], made["notice_due"]) == ("owed", "2026-04-02")
    assert (made["certificates"], made["capacities"], made["outcome"]) == ([], 0, None)
    assert made["safe_contact"] is True
    opened = desk.ask("opened_family", "verifier", family=other)
    assert [member["name"] for member in opened["households"][0]] == [
        "Prova Due Esempio-Alfa",
        "Prova Tre Esempio-Alfa",
    ]
    text = json.dumps(opened)
    for word in ("Prova Uno", "SMPPVN79C14H501W", "000 5550101", "solo al CDA", "7431.17"):
        assert word not in text
    assert "intake.CameFromSplit" in desk.topics()


def test_where_those_who_went_are_is_not_in_the_history_of_the_family_that_stays(desk):
    code = admit(desk)
    going = [{"number": 2, "relation": "applicant"}]
    words = {"members": going, "on": "2026-03-02"}
    other = desk.ask("split_household", "verifier", family=code, **words)["new_family"]
    history = [event for event in desk.events() if event.originator_id == family_id(code)]
    assert history[-1].TOPIC == "intake.HouseholdSplit"
    assert other not in repr([vars(event) for event in history])


def test_only_who_verifies_splits_a_household(desk):
    with pytest.raises(RoleWithoutRight):
        desk.ask("split_household", "access_point_operator")
