"""The board: who sits in it, who was at its sessions, what it changed, and who knows of it."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from services.review.acknowledgements import AcknowledgedAlready, Acknowledgements
from services.review.board_members import BoardMembers, Member
from services.review.committee import NotOfTheCommittee
from services.review.guidelines import INITIAL
from services.review.service import ReviewService
from services.review.steering_board import Change, SteeringBoard
from tests.review.moments import CASE_1, HEAD, MANAGER, SEATS, STRANGER, by, person
from tests.review.office import Office
from tests.review.test_season import appointed, refused, with_committee, with_guidelines
from tests.review.test_steering_board import JAN_14, JAN_15, JAN_16, MAY_15, held, issued
from tests.scenario import Fact, fact, given

LEGAL, OTHER_LEGAL = person(61), person(62)
MEMBER = Member(LEGAL, "legal_representative", "nord")
OTHER = Member(OTHER_LEGAL, "legal_representative", "lead")
MANAGING = Member(MANAGER, "project_manager", "lead")
opened = fact(BoardMembers.Opened)


def joined(member: Member = MEMBER, first: date = JAN_15, last: date | None = None) -> Fact:
    return fact(BoardMembers.Joined, member=member, first=first, last=last)


def test_a_legal_representative_and_the_project_manager_are_members():
    for member in (MEMBER, MANAGING):
        asked = {"member": member, "first": JAN_15, "last": None}
        given(opened).when(BoardMembers.join, **asked).then(joined(member))
        given(opened, joined(member)).when(BoardMembers.join, **asked).then()


def test_other_roles_make_no_member():
    auditor = Member(LEGAL, "auditor", "nord")
    given(opened).when(BoardMembers.join, member=auditor, first=JAN_15, last=None).then()


def test_who_leaves_is_a_member_until_the_last_day():
    left = fact(BoardMembers.Left, member=MEMBER, last=JAN_15)
    asked = {"member": MEMBER, "last": JAN_15}
    given(opened, joined(first=JAN_14)).when(BoardMembers.leave, **asked).then(left)
    given(opened, joined(first=JAN_14), left).when(BoardMembers.leave, **asked).then()
    members = given(opened, joined(first=JAN_14), left).aggregate()
    assert isinstance(members, BoardMembers)
    days = [date(2026, 1, 13), JAN_14, JAN_15, JAN_16]
    assert [members.on(day) for day in days] == [(), (MEMBER,), (MEMBER,), ()]


def test_several_sit_in_the_board_on_the_same_day():
    given(opened, joined()).when(BoardMembers.join, member=OTHER, first=JAN_15, last=None).then(
        joined(OTHER)
    )


def test_who_was_a_member_may_be_one_again():
    given(opened, joined(first=JAN_14, last=JAN_15)).when(
        BoardMembers.join, member=MEMBER, first=JAN_16, last=None
    ).then(joined(first=JAN_16))


def test_a_session_records_which_members_were_there_and_who_was_missing():
    given(fact(SteeringBoard.Opened)).when(
        SteeringBoard.hold_session,
        held_on=JAN_15,
        present=(HEAD, MANAGER),
        on=JAN_16,
        members=(MANAGING, MEMBER),
    ).then(
        held(),
        fact(
            SteeringBoard.AttendanceRecorded,
            session=1,
            present=(MANAGING,),
            missing=(MEMBER,),
            others=(HEAD,),
        ),
    )


def board(*facts: Fact) -> SteeringBoard:
    found = given(fact(SteeringBoard.Opened), held(), *facts).aggregate()
    assert isinstance(found, SteeringBoard)
    return found


def attendance(session: int, present: Member, missing: Member) -> Fact:
    return fact(
        SteeringBoard.AttendanceRecorded,
        session=session,
        present=(present,),
        missing=(missing,),
        others=(),
    )


def test_each_session_keeps_who_was_there_and_who_was_missing():
    first = attendance(1, MANAGING, MEMBER)
    second = attendance(2, MEMBER, MANAGING)
    found = board(first, held(2, JAN_16), second, held(3, MAY_15))
    assert [(each.on, each.there, each.missing) for each in found.sessions] == [
        (JAN_15, (MANAGING,), (MEMBER,)),
        (JAN_16, (MEMBER,), (MANAGING,)),
        (MAY_15, (), ()),
    ]


def test_a_version_differs_from_the_one_before_by_parameter():
    first = issued(changed=("pact_months",), pact_months=9)
    second = issued(2, changed=("late", "pact_months"), late="next_cycle", pact_months=12)
    assert board(first, second).changes(1) == (Change("pact_months", 12, 9),)
    assert board(first, second).changes(2) == (
        Change("late", "mark", "next_cycle"),
        Change("pact_months", 9, 12),
    )
    assert board(issued()).changes(1) == ()


def test_a_parameter_that_is_new_had_its_initial_value_before():
    older = {name: value for name, value in INITIAL.items() if name != "closed_months"}
    first = fact(SteeringBoard.Issued, **(dict(issued().fields) | {"parameters": older}))
    second = issued(2, changed=("closed_months",), closed_months=[8])
    assert board(first, second).changes(2) == (Change("closed_months", [], [8]),)


begun = fact(Acknowledgements.Opened, number=1)


def acknowledged(who: UUID = MANAGER, role: str = "project_manager") -> Fact:
    return fact(Acknowledgements.Acknowledged, person=who, role=role, on=JAN_15)


def acknowledging(*facts: Fact, who: UUID = MANAGER) -> Any:
    asked = {"person": who, "committee": SEATS, "on": JAN_15}
    return given(begun, *facts).when(Acknowledgements.acknowledge, **asked)


def test_each_member_of_the_committee_acknowledges_a_version_once():
    acknowledging().then(acknowledged())
    acknowledging(acknowledged(), who=HEAD).then(acknowledged(HEAD, "work_placement_head"))
    acknowledging(acknowledged()).refuses(AcknowledgedAlready, number=1, on=JAN_15)


def test_who_has_no_seat_acknowledges_nothing():
    acknowledging(who=STRANGER).refuses(NotOfTheCommittee, person=STRANGER, on=JAN_15)


def test_the_seats_whose_holders_have_not_acknowledged_a_version_are_missing():
    begins, after = given(begun).aggregate(), given(begun, acknowledged()).aggregate()
    assert isinstance(begins, Acknowledgements)
    assert isinstance(after, Acknowledgements)
    assert begins.missing(SEATS) == SEATS
    assert after.missing(SEATS) == tuple(seat for seat in SEATS if seat.person != MANAGER)


def ask(office: Office, method: str, who: UUID = MANAGER, **words: Any) -> Any:
    return office.call(ReviewService, method, by(who, "project_manager"), **words)


def test_a_session_knows_the_members_whom_their_organisations_appointed(office: Office):
    with_committee(office)
    for who, organisation in ((LEGAL, "nord"), (OTHER_LEGAL, "lead")):
        role = appointed(who, "legal_representative", organisation)
        for _ in range(2):
            office.hear("people/role_assigned.v1", role, organisation)
    ended = {"person": str(OTHER_LEGAL), "role": "legal_representative", "organisation": "lead"}
    office.hear("people/role_ended.v1", ended | {"body": None, "on": "2026-01-14"}, "lead")
    ask(office, "hold_session", on="2026-01-14", present=[str(MANAGER), str(OTHER_LEGAL)])
    ask(office, "hold_session", on="2026-01-15", present=[str(MANAGER), str(OTHER_LEGAL)])
    found = ask(office, "sessions")
    assert found["next_due"] == "2026-05-15"
    assert [
        (
            [UUID(each["person"]) for each in held["members_present"]],
            [UUID(each["person"]) for each in held["members_missing"]],
        )
        for held in found["sessions"]
    ] == [([MANAGER, OTHER_LEGAL], [LEGAL]), ([MANAGER], [LEGAL])]
    [_, (_, second)] = office.facts("review.AttendanceRecorded")
    assert second["others"] == [str(OTHER_LEGAL)]
    assert len(office.facts("review.BoardMemberJoined")) == 3


def test_the_committee_acknowledges_new_guidelines(office: Office):
    with_committee(office)
    with_guidelines(office)
    shown = ask(office, "guidelines", number=1)
    assert shown["text"] == "Si comincia con le linee guida iniziali."
    assert (shown["parameters"], shown["changes"]) == (dict(INITIAL), [])
    before = ask(office, "acknowledgements", number=1)
    assert (before["acknowledged"], len(before["missing"])) == ([], 4)
    ask(office, "acknowledge_guidelines", number=1)
    told = {"number": 1, "person": str(MANAGER), "role": "project_manager", "on": "2026-01-15"}
    assert list(office.told("lead"))[-1] == ("review/guidelines_acknowledged.v1", told)
    assert "review/guidelines_acknowledged.v1" not in dict(office.told("nord"))
    after = ask(office, "acknowledgements", number=1)
    assert [each["person"] for each in after["acknowledged"]] == [str(MANAGER)]
    assert str(MANAGER) not in [each["person"] for each in after["missing"]]
    facts = office.facts()
    assert refused(ask, office, "acknowledge_guidelines", number=1)[0] == "AcknowledgedAlready"
    who = {"who": STRANGER, "number": 1}
    assert refused(ask, office, "acknowledge_guidelines", **who)[0] == "NotOfTheCommittee"
    assert office.facts() == facts


@pytest.mark.parametrize("method", ["acknowledge_guidelines", "acknowledgements", "guidelines"])
@pytest.mark.parametrize(
    ("number", "refusal"), [(0, "BadWord"), (1, None), (2, "NoSuchVersion"), ("1", "BadWord")]
)
def test_only_guidelines_that_were_issued_are_shown_and_acknowledged(
    office: Office, method: str, number: Any, refusal: str | None
):
    with_committee(office)
    with_guidelines(office)
    if refusal is None:
        assert ask(office, method, who=CASE_1, number=number)["number"] == 1
    else:
        assert refused(ask, office, method, number=number)[0] == refusal
