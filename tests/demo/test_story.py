"""What the season of the demo tells, by the facts alone: families, a committee and a board."""

import re
from typing import Any

import pytest
from pypdf import PdfReader

from services.console.story.words import REASONS
from tests.demo.telling import Run

pytestmark = [pytest.mark.slow, pytest.mark.broker]

GOES_ON, ENDED, REFUSED = "approvato, poi modificato", "rinviato, poi approvato", "non idonea"

Moments = list[dict[str, Any]]


@pytest.fixture(scope="module")
def first(run: Run) -> Moments:
    """The family of the lead organisation whose pact goes on."""
    return run.history(run.families()[GOES_ON])


@pytest.fixture(scope="module")
def second(run: Run) -> Moments:
    """The partner's family, whose pact was returned at first."""
    return run.history(run.families()[ENDED])


def topics(moments: Moments) -> list[str]:
    return [moment["topic"] for moment in moments]


def states(moments: Moments, topic: str) -> list[dict[str, Any]]:
    return [moment["state"] for moment in moments if moment["topic"] == topic]


def in_order(moments: Moments, *milestones: str) -> bool:
    """Whether the first of each of *milestones* came after the first of the one before."""
    path = topics(moments)
    reached = [path.index(milestone) for milestone in milestones]
    return reached == sorted(reached)


def test_the_story_ends_well_and_tells_three_paths(run: Run) -> None:
    assert run.status == 0, run.err
    assert set(run.families()) == {GOES_ON, ENDED, REFUSED}


def test_one_family_is_not_eligible_and_every_failed_criterion_is_named(run: Run) -> None:
    moments = run.history(run.families()[REFUSED])
    [verified] = states(moments, "intake.EligibilityVerified")
    assert verified["outcome"] == "not_eligible"
    assert [each["code"] for each in verified["criteria"] if not each["met"]] == [
        "dependent_child_or_vulnerable_person",
        "valid_isee_in_range",
    ]
    assert "pacts.Drafted" not in topics(moments)


def test_one_pact_goes_from_the_referral_to_its_verification(first: Moments) -> None:
    assert in_order(
        first,
        "intake.FamilyReferred",
        "intake.EligibilityVerified",
        "intake.MicroequipeFormed",
        "pacts.Drafted",
        "pacts.Proposed",
        "review.ProposalReceived",
        "review.PutOnDocket",
        "review.ProposalDecided",
        "pacts.Approved",
        "pacts.SignedByAll",
        "pacts.Activated",
        "pacts.CommitmentLogged",
        "pacts.Verified",
    )


def test_a_family_that_was_referred_twice_is_joined_by_a_person(run: Run, first: Moments) -> None:
    [proposed] = states(first, "intake.DuplicateProposed")
    [confirmed] = [each for each in first if each["topic"] == "intake.DuplicateConfirmed"]
    assert confirmed["state"]["goes_on"] == proposed["first"] == run.families()[GOES_ON]
    assert confirmed["actor"].startswith("lead/person/")
    assert states(run.history(proposed["second"]), "intake.FamilyJoined") == [
        {"into": proposed["first"], "on": "2026-02-10"}
    ]


def test_a_form_that_is_to_be_mended_is_refused_with_a_list_and_sent_again(first: Moments) -> None:
    forms = [each for each in first if each["topic"].startswith("pacts.Form")]
    assert [(each["topic"], each["state"]["on"]) for each in forms] == [
        ("pacts.FormRefused", "2026-03-04"),
        ("pacts.FormAccepted", "2026-03-05"),
    ]
    assert [each["kind"] for each in forms[0]["state"]["reasons"]] == [
        "field_not_ticked",
        "day_unreadable",
        "dimension_without_action",
    ]
    received = states(first, "review.ProposalReceived")
    assert [each["late"] for each in received] == [False, False]
    assert [each["proposal"]["by_form"] for each in received] == [True, False]


def test_urgent_aid_comes_before_the_approval_within_its_ceiling_and_is_reported(
    run: Run, first: Moments
) -> None:
    [authorised] = states(first, "pacts.UrgentAidAuthorised")
    assert authorised["aid"]["eur"] == "200.00"
    assert in_order(first, "pacts.UrgentAidAuthorised", "pacts.UrgentAidGiven", "pacts.Approved")
    assert [each["cycle"] for each in states(first, "review.UrgentAidListed")] == ["2026-04"]
    assert "altri 150 EUR rifiutati, superano il tetto" in run.err


def test_who_assists_a_family_abstains_and_who_cannot_come_has_a_deputy(
    first: Moments, second: Moments
) -> None:
    recused = [each["actor"] for each in first if each["topic"] == "review.Recused"]
    voted = {each["actor"] for each in first if each["topic"] == "review.Voted"}
    assert len(recused) == 2
    assert set(recused) & voted == set()
    assert len(states(second, "review.DeputyVoted")) == 1


def test_the_partner_s_pact_is_returned_and_approved_a_month_later(second: Moments) -> None:
    decided = [each for each in second if each["topic"] == "review.ProposalDecided"]
    assert [each["state"]["outcome"] for each in decided] == ["returned", "approved"]
    assert [each["state"]["cycle"] for each in decided] == ["2026-04", "2026-05"]
    assert {each["organisation"] for each in decided} == {"lead"}
    heard = [each for each in second if each["topic"] in ("pacts.Returned", "pacts.Approved")]
    assert {each["organisation"] for each in heard} == {"partner"}
    received = [each for each in second if each["topic"] == "review.ProposalReceived"]
    assert [each["state"]["late"] for each in received] == [True, True]
    assert [each["state"]["proposal"]["by_form"] for each in received] == [True, True]
    assert [each["at"][:10] for each in received] == ["2026-03-11", "2026-04-28"]


def test_its_family_asks_for_a_second_look_by_somebody_who_did_not_decide(second: Moments) -> None:
    assert in_order(
        second,
        "pacts.Returned",
        "pacts.SecondLookAsked",
        "review.SecondLookOpened",
        "review.SecondLookAnswered",
        "pacts.SecondLookAnswered",
        "pacts.Approved",
    )
    [answered] = [each for each in second if each["topic"] == "review.SecondLookAnswered"]
    assert answered["state"]["outcome"] == "confirmed"
    assert answered["actor"] not in {
        each["actor"] for each in second if each["topic"] == "review.Voted"
    }


def test_a_supplier_is_paid_a_visit_held_and_a_child_born(first: Moments) -> None:
    assert in_order(first, "pacts.ExpensePlanned", "pacts.ExpenseCommitted", "pacts.ExpensePaid")
    assert in_order(first, "pacts.VisitPlanned", "pacts.VisitHeld", "intake.MemberCame")
    assert [each["came"] for each in states(first, "intake.MemberCame")] == ["born"]


def test_another_isee_takes_the_place_of_the_first_and_the_pact_goes_on(first: Moments) -> None:
    heard = states(first, "pacts.CertificateHeard")
    assert [each["valid_until"] for each in heard] == ["2026-12-31", "2026-11-22"]
    assert (
        topics(first).index("pacts.Activated")
        < [place for place, topic in enumerate(topics(first)) if topic == "intake.IseeRecorded"][1]
    )
    assert {"pacts.Suspended", "pacts.Interrupted"} & set(topics(first)) == set()


def test_the_board_issues_guidelines_that_an_amendment_is_decided_by(
    run: Run, first: Moments
) -> None:
    board = run.history("guidelines")
    issued = states(board, "review.GuidelinesIssued")
    assert [each["in_force_from"] for each in issued] == ["2026-02-02", "2026-06-15"]
    assert len(states(board, "review.GuidelinesAcknowledged")) == 4
    decided = states(first, "review.ProposalDecided")
    assert [each["guidelines"] for each in decided] == [1, 2]
    [amended] = states(first, "pacts.Amended")
    assert [(each["what"], each["number"]) for each in amended["difference"]["actions"]] == [
        ("added", 4),
        ("changed", 3),
    ]
    [verified] = states(first, "pacts.Verified")
    assert verified["next_by"] == "2026-08-24"


def test_the_committee_keeps_minutes_of_its_meetings(run: Run) -> None:
    cycle = run.history("2026-06")
    assert [each["record"]["held_on"] for each in states(cycle, "review.MinutesDrawnUp")] == [
        "2026-06-18"
    ]
    assert len(states(cycle, "review.MinutesApproved")) == 1


def test_one_pact_ends_with_a_reason_and_somebody_will_look_back(second: Moments) -> None:
    [verified] = states(second, "pacts.Verified")
    assert verified["verification"]["final"] is True
    [ended] = states(second, "pacts.Interrupted")
    assert ended["reason"] == "moved_away"
    assert [each["due"] for each in states(second, "pacts.LookBackSet")] == ["2026-12-30"]


def test_the_family_s_letter_is_on_paper_and_says_why_and_what_it_may_do(run: Run) -> None:
    [letter] = (run.directory / "papers").glob("lettera-*.pdf")
    text = " ".join(PdfReader(letter).pages[0].extract_text().split())
    assert "Il vostro patto va completato" in text
    assert REASONS["return"] in text
    assert "Potete chiederlo fino al 16 maggio 2026" in text


def test_the_half_year_is_reported_for_the_organisation_itself(run: Run) -> None:
    [sheet] = (run.directory / "papers").glob("rendiconto-*-uso-interno.csv")
    lines = [line.split(";") for line in sheet.read_text("utf-8-sig").splitlines()]
    told = {(line[5], line[7]): line[8] for line in lines}
    assert told["verifications.eligible", "famiglie"] == "1"
    assert told["verifications.not_eligible", "famiglie"] == "1"
    assert told["phases.under_way", "famiglie"] == "1"
    assert len(list((run.directory / "papers").glob("rendiconto-*.pdf"))) == 1


def test_paths_are_told_by_role_in_lines_that_fit(run: Run) -> None:
    """The steps alone: what the mail did, and what services note for themselves, is named below."""
    told, _, _ = run.out.partition("Lettere partite")
    assert max(map(len, told.splitlines())) <= 120
    assert "responsabile di progetto" in told
    assert re.search("persona [0-9a-f]{8}", told) is None
    assert "notify" not in told
    family, whole = run.families()[GOES_ON], len(run.history(run.families()[GOES_ON]))
    assert f"{whole} fatti: comunita history {family}" in told
