"""What is stored is stored for ever: topics, fields, records and values are frozen."""

from enum import StrEnum

from services.kernel.aggregate import Aggregate
from services.review.acknowledgements import Acknowledgements
from services.review.board_members import BoardMembers, Member
from services.review.committee import Committee
from services.review.cycle import ReviewCycle
from services.review.guidelines import Evaluates, Late
from services.review.looking_again import SecondLook
from services.review.microequipe import Microequipe
from services.review.minutes import (
    MinutedAid,
    MinutedDecision,
    MinutedProposal,
    MinutedVote,
    Minutes,
    Present,
    Record,
)
from services.review.proposal import Action, Proposal
from services.review.proposal_review import ProposalReview
from services.review.setting_aside import SetAsideBecause
from services.review.steering_board import SteeringBoard
from services.review.tally import Ballot, Choice, Outcome
from services.review.urgent_aid import UrgentAid

FIELDS = {
    "review.SteeringBoardOpened": "",
    "review.SessionHeld": "next_due number on present",
    "review.GuidelinesIssued": (
        "agreement changed in_force_from number on parameters session text"
    ),
    "review.SessionAnnounced": "due on",
    "review.SessionMissed": "due on",
    "review.AttendanceRecorded": "missing others present session",
    "review.BoardMembersOpened": "",
    "review.BoardMemberJoined": "first last member",
    "review.BoardMemberLeft": "last member",
    "review.AcknowledgementsOpened": "number",
    "review.GuidelinesAcknowledged": "on person role",
    "review.CommitteeOpened": "",
    "review.SeatAwaited": "body first last organisation person role",
    "review.Seated": "body first last organisation person role",
    "review.Unseated": "body last organisation person role",
    "review.DeputyNamed": "deputy first last on seat",
    "review.DocketSet": "cycle decide_by on proposals",
    "review.DocketSupplemented": "on proposals",
    "review.ProposalReceived": ("cycle decide_by docket_on guidelines late proposal received_on"),
    "review.PutOnDocket": "cycle on",
    "review.Voted": "ballot on spoken",
    "review.VoteChanged": "ballot on spoken",
    "review.DeputyVoted": "ballot deputy on spoken",
    "review.Recused": "conflicts on reason role seat spoken",
    "review.ProposalDecided": (
        "ballots corrects cycle guidelines number on outcome recused seats tie"
    ),
    "review.CorrectionOpened": "corrects on reason",
    "review.ProposalOverdue": "carried_to cycle decide_by docket_on on",
    "review.ProposalPostponed": "cycle decide_by docket_on guidelines on postponed_to",
    "review.MicroequipeChanged": "case_manager lead on",
    "review.MicroequipeOpened": "family",
    "review.MicroequipeTold": "case_manager lead on",
    "review.TextsErased": "on",
    "review.ProposalSetAside": "because on",
    "review.ProposalWithdrawn": "on",
    "review.IseeReliedOn": "on until",
    "review.SecondLookOpened": "asked_on decision on",
    "review.SecondLookAnswered": "decision on outcome reason",
    "review.SecondLookOverdue": "asked_on decision on",
    "review.MinutesOpened": "cycle",
    "review.MinutesDrawnUp": "corrects number on record",
    "review.MinutesApproved": "number on",
    "review.UrgentAidReported": "aid authorised_as authorised_on eur family on pact",
    "review.UrgentAidListed": "cycle on",
}
STREAMS = {
    SteeringBoard: "review.SteeringBoard",
    Committee: "review.Committee",
    ReviewCycle: "review.ReviewCycle",
    ProposalReview: "review.ProposalReview",
    UrgentAid: "review.UrgentAid",
    BoardMembers: "review.BoardMembers",
    Acknowledgements: "review.Acknowledgements",
    Minutes: "review.Minutes",
    Microequipe: "review.Microequipe",
}
RECORDS = {
    Proposal: (
        "actions amends by_form capacities_linked case_manager community_resources family goals "
        "lead number organisation pact sent_at sent_on"
    ),
    Action: "area description dimension ends provider quantity_eur quantity_hours starts",
    Record: "absent decisions guidelines held_on present set_aside undecided urgent_aid",
    Present: "deputy_of person role",
    MinutedVote: "choice confirmed deputy proposer role seat spoken",
    MinutedDecision: (
        "conditions corrects decision family guidelines outcome pact proposal recused tie votes"
    ),
    MinutedProposal: "family pact proposal",
    MinutedAid: "aid authorised_as authorised_on eur family pact",
    Member: "organisation person role",
    Ballot: "choice conflicts proposer reason role seat",
}
VALUES: dict[type[StrEnum], str] = {
    Choice: "approve approve_with_conditions return not_approve",
    Outcome: "approved approved_with_conditions returned not_approved",
    Evaluates: "previous_month same_month eleventh_to_tenth",
    SecondLook: "confirmed reopened",
    SetAsideBecause: "family_erased",
    Late: "mark next_cycle",
}


def test_topics_and_fields_of_events_are_frozen():
    found = {}
    for kind in STREAMS:
        for name, event in vars(kind).items():
            if name != "Event" and isinstance(event, type) and issubclass(event, Aggregate.Event):
                own = set(event.__dataclass_fields__) - set(Aggregate.Event.__dataclass_fields__)
                found[event.TOPIC] = " ".join(sorted(own - {"originator_topic"}))
    assert found == FIELDS


def test_stream_types_records_and_values_are_frozen():
    assert {kind: kind.TOPIC for kind in STREAMS} == STREAMS
    assert {kind: " ".join(sorted(kind.__dataclass_fields__)) for kind in RECORDS} == RECORDS
    assert {kind: " ".join(word.value for word in kind) for kind in VALUES} == VALUES
