"""What has not happened, what was owed, what expires; and by when the board meets."""

from typing import Any
from uuid import UUID

import pytest

from services.notify.reminding import GATHERED
from tests.notify.test_season import (
    FAMILY,
    MEMBER,
    OPERATOR,
    OURS,
    PACT,
    drafted,
    formed,
    referred,
    role,
    told,
    with_committee,
)
from tests.review.moments import CASE_1, CASE_2, HEAD, MANAGER, MICROEQUIPE, person
from tests.review.office import Office

BOARD_MEMBER = person(31)
REFERRER = f"nord/person/{OPERATOR}"


def dormant(family: str = FAMILY) -> dict[str, Any]:
    return {
        "family": family,
        "kind": "without_microequipe",
        "since": "2026-05-02",
        "on": "2026-06-01",
    }


def owed(family: str = FAMILY) -> dict[str, Any]:
    return {"family": family, "due": "2026-05-31", "on": "2026-06-01"}


def certified(family: str = FAMILY) -> dict[str, Any]:
    return about_the_pact(family) | {"valid_until": "2026-06-30"}


def about_the_pact(family: str = FAMILY) -> dict[str, Any]:
    return {"pact": str(PACT), "family": family, "on": "2026-06-01"}


def left_alone(kind: str, family: str = FAMILY) -> dict[str, Any]:
    return about_the_pact(family) | {"kind": kind, "since": "2026-04-02"}


def marked(stands: bool = True, family: str = FAMILY) -> dict[str, Any]:
    return {"family": family, "safe_contact": stands, "on": "2026-06-01"}


def minuted(**other: Any) -> dict[str, Any]:
    words = {"cycle": "2026-05", "number": 2, "held_on": "2026-05-19", "present": [], "absent": []}
    words |= {"decisions": [], "undecided": [], "urgent_aid": [], "guidelines": 1}
    return words | other | {"on": "2026-06-01"}


@pytest.fixture
def known(nord: Office) -> Office:
    """A family of the partner was referred by a person; nothing was told yet."""
    nord.hear("intake/family_referred.v1", referred(), "nord", by=REFERRER)
    return nord


@pytest.mark.parametrize(
    ("contract", "body", "kind", "day"),
    [
        ("intake/family_dormant.v1", dormant(), "family_without_microequipe", "2026-05-02"),
        (
            "intake/information_notice_overdue.v1",
            owed(),
            "information_notice_overdue",
            "2026-05-31",
        ),
    ],
)
def test_who_referred_a_family_learns_that_it_waits(
    known: Office, contract: str, body: dict[str, Any], kind: str, day: str
):
    known.hear(contract, body, "nord")
    assert told(known) == [(kind, str(OPERATOR), day)]


def test_at_the_lead_the_project_manager_learns_it_too(lead: Office):
    lead.hear("intake/family_dormant.v1", dormant(OURS))
    lead.hear("intake/information_notice_overdue.v1", owed(OURS))
    assert [recipient for _, recipient, _ in told(lead)] == [
        "lead:access_point_operator",
        "lead:project_manager",
    ] * 2


def test_what_a_family_is_owed_is_told_to_the_lead_of_its_microequipe(known: Office):
    known.hear("intake/microequipe_formed.v1", formed(), "nord")
    known.hear("intake/information_notice_overdue.v1", owed(), "nord")
    assert told(known)[-1] == ("information_notice_overdue", str(MICROEQUIPE), "2026-05-31")


@pytest.mark.parametrize("what", ["certificate_expiring", "certificate_expired"])
def test_the_lead_learns_that_a_certificate_ends_and_that_it_ended(known: Office, what: str):
    known.hear("pacts/pact_drafted.v1", drafted(), "nord")
    known.hear(f"pacts/{what}.v1", certified(), "nord")
    assert told(known)[1:] == [(what, str(MICROEQUIPE), "2026-06-30")]


def test_a_certificate_that_was_shown_is_reminded_of_by_the_pact_alone(known: Office):
    assert "intake/isee_recorded.v1" not in known.store.composition.policies


def test_the_lead_learns_when_to_look_back(known: Office):
    known.hear("pacts/pact_drafted.v1", drafted(), "nord")
    due = {"pact": str(PACT), "family": FAMILY, "due": "2026-06-01", "on": "2026-06-01"}
    known.hear("pacts/look_back_due.v1", due, "nord")
    assert told(known)[-1] == ("look_back_due", str(MICROEQUIPE), "2026-06-01")


@pytest.mark.parametrize("what", ["without_proposal", "without_fact"])
@pytest.mark.parametrize("case_manager", [CASE_1, None])
def test_a_family_that_is_left_alone_is_told_to_who_follows_it(
    known: Office, what: str, case_manager: UUID | None
):
    known.hear("intake/microequipe_formed.v1", formed(case_manager), "nord")
    before = len(told(known))
    known.hear("pacts/family_dormant.v1", left_alone(what), "nord")
    follow = [MICROEQUIPE, *([case_manager] if case_manager else [])]
    expected = [(f"family_{what}", str(who), "2026-04-02") for who in follow]
    assert told(known)[before:] == expected


def changed(**who: Any) -> dict[str, Any]:
    return formed() | {"change": "left", "on": "2026-06-01"} | who


@pytest.mark.parametrize(
    ("stands", "kind"), [(True, "contact_restricted"), (False, "contact_no_longer_restricted")]
)
def test_whoever_is_with_a_family_learns_that_contacts_are_restricted(
    known: Office, stands: bool, kind: str
):
    known.hear("intake/contact_marked.v1", marked(stands), "nord")
    known.hear("intake/microequipe_formed.v1", formed(), "nord")
    known.hear("intake/contact_marked.v1", marked(stands), "nord")
    now = {"members": [str(MICROEQUIPE)], "case_manager": str(CASE_2)}
    known.hear("intake/microequipe_changed.v1", changed(**now), "nord")
    known.hear("intake/contact_marked.v1", marked(stands), "nord")
    heard = [recipient for what, recipient, _ in told(known) if what == kind]
    expected = (OPERATOR, MICROEQUIPE, MEMBER, CASE_1, MICROEQUIPE, CASE_2)
    assert heard == [str(who) for who in expected]


def has_left(office: Office, person: UUID, what: str) -> None:
    """*person* held the role at the partner until yesterday, and holds no other."""
    office.hear("people/role_assigned.v1", role(person, what, "nord"), "nord")
    last = {"person": str(person), "role": what, "organisation": "nord"}
    office.hear("people/role_ended.v1", last | {"body": None, "on": "2026-05-31"}, "nord")


def answered(family: str = FAMILY) -> dict[str, Any]:
    return {"family": family, "answered_by": "lead", "asked_by": str(CASE_2), "on": "2026-06-01"}


def test_who_asked_another_organisation_learns_that_it_answered(known: Office):
    known.hear("intake/answer_came.v1", answered(), "nord")
    assert told(known) == [("answered_elsewhere", str(CASE_2), "2026-06-01")]


def test_in_place_of_who_asked_and_has_left_whoever_is_with_the_family_learns_it(known: Office):
    has_left(known, CASE_2, "verifier")
    known.hear("intake/answer_came.v1", answered(), "nord")
    assert told(known) == [("answered_elsewhere", str(OPERATOR), "2026-06-01")]


def test_who_has_left_every_role_is_not_told_how_to_reach_a_family(known: Office):
    has_left(known, MEMBER, "microequipe_member")
    known.hear("intake/microequipe_formed.v1", formed(None), "nord")
    known.hear("intake/contact_marked.v1", marked(), "nord")
    heard = [recipient for what, recipient, _ in told(known) if what == "contact_restricted"]
    assert heard == [str(MICROEQUIPE)]


@pytest.mark.parametrize(
    ("version", "words", "kind"),
    [
        ("v1", minuted(), "minutes_approved"),
        ("v1", minuted(corrects=1), "minutes_corrected"),
        ("v2", minuted(set_aside=[]), "minutes_approved"),
    ],
)
def test_every_seat_of_the_committee_learns_that_minutes_are_there(
    lead: Office, version: str, words: dict[str, Any], kind: str
):
    with_committee(lead)
    lead.hear(f"review/minutes_approved.{version}", words)
    seats = ("lead:project_manager", "lead:case_manager", "nord:work_placement_head")
    assert sorted(told(lead)) == sorted((kind, seat, "2026-05-19") for seat in seats)


SESSION = {"due": "2026-06-15", "on": "2026-06-01"}


@pytest.mark.parametrize("what", ["due", "missed"])
def test_every_organisation_tells_its_own_members_of_the_board(
    lead: Office, nord: Office, what: str
):
    lead.hear("people/role_assigned.v1", role(MANAGER, "project_manager"))
    lead.hear("people/role_assigned.v1", role(BOARD_MEMBER, "legal_representative"))
    theirs = role(HEAD, "legal_representative", "nord")
    for office in (lead, nord):
        office.hear("people/role_assigned.v1", theirs, "nord")
        office.hear(f"review/board_session_{what}.v1", SESSION)
    kind = f"board_session_{what}"
    assert told(lead) == [
        (kind, "lead:legal_representative", "2026-06-15"),
        (kind, "lead:project_manager", "2026-06-15"),
    ]
    assert told(nord) == [(kind, "nord:legal_representative", "2026-06-15")]


MET = {"session": 2, "on": "2026-06-05", "next_due": "2026-10-05"}
"""The board met before the day by which it had to."""


WORDS = [
    ("intake/family_dormant.v1", dormant(), "NotOurs"),
    ("intake/information_notice_overdue.v1", owed(), "NotOurs"),
    ("pacts/certificate_expiring.v1", certified(), "NotOurs"),
    ("pacts/certificate_expired.v1", certified(), "NotOurs"),
    (
        "pacts/look_back_due.v1",
        {"pact": str(PACT), "family": FAMILY, "due": "2026-06-01"},
        "NotOurs",
    ),
    ("pacts/family_dormant.v1", left_alone("without_fact"), "NotOurs"),
    ("intake/contact_marked.v1", marked(), "NotOurs"),
    ("intake/answer_came.v1", answered(), "NotOurs"),
    ("intake/too_many_asked.v1", {"asker": "sud", "on": "2026-06-01"}, "NotOurs"),
    ("review/minutes_approved.v1", minuted(), "NotFromTheLead"),
    ("review/board_session_due.v1", SESSION, "NotFromTheLead"),
    ("review/board_session_held.v1", MET, "NotFromTheLead"),
    ("review/board_session_missed.v1", SESSION, "NotFromTheLead"),
]


@pytest.mark.parametrize(("contract", "body", "refusal"), WORDS, ids=[w[0] for w in WORDS])
def test_nobody_speaks_for_another_organisation(
    lead: Office, contract: str, body: dict[str, Any], refusal: str
):
    lead.hear(contract, body, "nord")
    assert lead.refusals() == [(contract, refusal)]


@pytest.mark.parametrize(("contract", "body", "refusal"), WORDS, ids=[w[0] for w in WORDS])
def test_twice_is_once(lead: Office, contract: str, body: dict[str, Any], refusal: str):
    body = body | {"family": OURS} if "family" in body else body
    event = lead.hear(contract, body)
    before = lead.facts()
    lead.again(contract, body, "lead", event, lead.store.composition.policies[contract])
    assert lead.facts() == before


def test_what_is_urgent_does_not_wait_for_the_days_letter():
    at_once = {"information_notice_overdue", "board_session_due", "contact_restricted"}
    assert not at_once & {kind.value for kind in GATHERED}
