"""What is stored is stored for ever: topics, fields, records and values are frozen."""

from enum import StrEnum

from services.kernel.aggregate import Aggregate
from services.notify.addressees import Addressees, Holders
from services.notify.addresses import Addresses, Channel
from services.notify.board import Board
from services.notify.deadline import Awaited, Deadline
from services.notify.letter import DroppedBecause, GivenUpBecause, Letter, Obstacle
from services.notify.notice import Kind, Notice, Subject
from services.notify.preferences import Preferences, Reminders
from services.notify.receipt import Receipt

FIELDS = {
    "notify.NoticeRecorded": "cause due mail on reasons recipient subject what",
    "notify.NoticeAddressed": "on persons",
    "notify.ReceiptOpened": "family number pact",
    "notify.ProposalBroughtByMail": "mail",
    "notify.ProposingLeadKnown": "person",
    "notify.ProposalPlaced": "by_form cycle decide_by late",
    "notify.ProposalCarried": "cycle decide_by",
    "notify.ProposalTakenBack": "",
    "notify.ProposalIseeKnown": "until",
    "notify.LetterDue": "cause family notice on person what",
    "notify.LetterGathered": "digest on",
    "notify.LetterDropped": "because on",
    "notify.LetterHeldBack": "because on",
    "notify.LetterDeferred": "attempt code on round",
    "notify.LetterSent": "code on round",
    "notify.LetterUncertain": "on round",
    "notify.LetterGivenUp": "because code on round",
    "notify.LetterFoundSent": "on",
    "notify.LetterSendAgainAsked": "on round",
    "notify.DeadlineSet": "awaited due number on remind_from subject",
    "notify.DeadlineMoved": "due number on remind_from",
    "notify.DeadlineMet": "number on",
    "notify.DeadlineEnded": "on",
    "notify.DeadlineReminded": "due on",
    "notify.AddresseesOpened": "family",
    "notify.ReferrerKnown": "recipient",
    "notify.LeadKnown": "person",
    "notify.ContactKnown": "restricted",
    "notify.MicroequipeKnown": "case_manager members",
    "notify.FamilyErased": "on",
    "notify.HoldersOpened": "organisation role",
    "notify.HolderBegan": "body first last person",
    "notify.HolderEnded": "body last person",
    "notify.AddressesOpened": "organisation person",
    "notify.PreferencesOpened": "person",
    "notify.BoardOpened": "",
    "notify.BoardMet": "next_due on",
    "notify.RemindersChosen": "on person reminders",
    "notify.AddressLearnt": "address bucket channel person",
}
STREAMS = {
    Notice: "notify.Notice",
    Letter: "notify.Letter",
    Receipt: "notify.Receipt",
    Deadline: "notify.Deadline",
    Addressees: "notify.Addressees",
    Holders: "notify.Holders",
    Addresses: "notify.Addresses",
    Preferences: "notify.Preferences",
    Board: "notify.Board",
}
VALUES: dict[type[StrEnum], str] = {
    Awaited: "proposal decision verification",
    Channel: "mail pec",
    Obstacle: "no_address address_unusable",
    GivenUpBecause: "refused too_long",
    Reminders: "daily at_once none",
    DroppedBecause: "done moved gone_by role_ended not_wanted",
    Kind: (
        "requirements_met requirements_not_met verification_suspended microequipe_formed "
        "pact_drafted proposal_received proposal_received_late docket_set proposal_approved "
        "proposal_approved_with_conditions proposal_returned proposal_not_approved "
        "proposal_overdue pact_signed pact_activated pact_verified verification_overdue "
        "guidelines_issued "
        "reminder_proposal reminder_decision reminder_verification form_refused form_not_read "
        "mail_waiting certificate_expiring certificate_expired family_without_microequipe "
        "information_notice_overdue "
        "look_back_due board_session_due board_session_missed second_look_asked "
        "second_look_confirmed second_look_reopened complaint_recorded complaint_overdue "
        "family_without_proposal family_without_fact contact_restricted "
        "contact_no_longer_restricted minutes_approved minutes_corrected isee_runs_out "
        "answered_elsewhere too_many_askings agreement_ending agreement_ended"
    ),
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
    assert " ".join(sorted(Subject.__dataclass_fields__)) == "cycle family number organisation pact"
    assert {kind: " ".join(word.value for word in kind) for kind in VALUES} == VALUES
