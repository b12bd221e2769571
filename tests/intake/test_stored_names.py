"""What is stored is stored for ever: topics, fields, and the values of codes."""

import inspect
from enum import Enum
from typing import Any, get_type_hints

from services.intake import codes, eligibility, referral
from services.intake.answering import Askings
from services.intake.eligibility import Criterion
from services.intake.family import Family
from services.intake.known_persons import KnownPersons
from services.intake.microequipe import Member, Microequipe
from services.intake.pairing import Pair
from services.kernel.aggregate import Aggregate
from services.kernel.mapper import decoder
from services.kernel.sealed import Sealed

FIELDS = {
    "intake.FamilyReferred": "access_point code lacking on referral",
    "intake.ReferralCompleted": "lacking on referral",
    "intake.InformationNoticeRecorded": "due on state",
    "intake.HouseholdRecorded": "household members on",
    "intake.MemberCame": "came member number on",
    "intake.MemberGone": "gone number on",
    "intake.HouseholdSplit": "members on",
    "intake.CameFromSplit": "on origin",
    "intake.ContactMarked": "how on",
    "intake.ContactMarkLifted": "on",
    "intake.IseeRecorded": (
        "certificate income_only issued_on kind number omissions on valid_until"
    ),
    "intake.IseeAssessed": "accepted certificate guidelines on reason",
    "intake.VulnerabilityRecorded": "element note on",
    "intake.CapacityRecorded": "capacity kind member number on",
    "intake.DirectedElsewhere": "on to",
    "intake.LegalHoldPlaced": "hold on",
    "intake.LegalHoldLifted": "hold on",
    "intake.EligibilityVerified": (
        "assessed at certificate criteria directed_to guidelines household household_changes "
        "isee_tolerated_until missing number on other_elements outcome"
    ),
    "intake.FamilyDormant": "kind on since",
    "intake.InformationNoticeOverdue": "due on",
    "intake.FamilyJoined": "into on",
    "intake.FamilyJoiningUndone": "on",
    "intake.KnownPersonsOpened": "family",
    "intake.PersonIdentified": "bucket family on tax_code",
    "intake.DuplicateProposed": "first on second",
    "intake.DuplicateConfirmed": "goes_on on",
    "intake.DuplicateRefused": "on",
    "intake.DuplicateUndone": "on",
    "intake.AskedElsewhere": "asking codes on organisation",
    "intake.AnsweredElsewhere": "answer asking on organisation",
    "intake.AskingsOpened": "on organisation",
    "intake.AskingAnswered": "answer asked_by asking family on",
    "intake.TooManyAsked": "on",
    "intake.FamilyErased": "because on shared",
    "intake.MicroequipeFormed": "case_manager family figures_told guidelines lead members on",
    "intake.MicroequipeJoined": "lacking member on",
    "intake.MicroequipeLeft": "lacking on person",
    "intake.LeadHandedOver": "lead on",
    "intake.CaseManagerNamed": "case_manager on",
    "intake.FiguresTold": "on",
}
RECORDS = {
    Criterion: "code looked_at met",
    Member: "agreed_on kind name person role",
}
SEALED = {
    "intake.FamilyReferred": "referral",
    "intake.ReferralCompleted": "referral",
    "intake.HouseholdRecorded": "household",
    "intake.MemberCame": "member",
    "intake.ContactMarked": "how",
    "intake.PersonIdentified": "tax_code",
    "intake.IseeRecorded": "certificate",
    "intake.IseeAssessed": "reason",
    "intake.VulnerabilityRecorded": "note",
    "intake.CapacityRecorded": "capacity",
    "intake.AskedElsewhere": "codes",
}
CODES = {
    "AccessPoint": "cda servizi_sociali cav piattaforma consultorio",
    "NoticeState": "given owed",
    "Sex": "f m not_stated",
    "Relation": (
        "applicant partner child foster_child parent grandparent grandchild sibling "
        "other_relative other"
    ),
    "Coming": "born moved_in",
    "Going": "died moved_out",
    "Occupation": ("employed unemployed student neet below_school_age retired unable_to_work"),
    "DisabilityProof": ("invalidita_civile legge_104 legge_68 cecita_civile sordita_civile altro"),
    "IseeKind": "ordinario corrente minorenni universita sociosanitario residenze",
    "Element": ("unstable_housing home_and_budget fragile_network no_support_with_children other"),
    "CapacityKind": "personal professional informal",
    "Outcome": "eligible not_eligible suspended",
    "Direction": (
        "servizi_sociali cda cav consultorio centro_per_impiego caf_patronato "
        "servizio_sanitario altro_ente"
    ),
    "Dormancy": "without_microequipe",
    "Elsewhere": "followed not_followed too_many_today no_agreement erased_meanwhile",
    "ErasureReason": "asked_by_family retention_ended recorded_by_mistake",
    "LegalHold": "authority claim funder_control",
    "MemberKind": "social_worker cda_head reference_figure",
    "FigureRole": "teacher neighbour parish employer volunteer relative other",
    "CriterionCode": "dependent_child_or_vulnerable_person valid_isee_in_range other_elements",
    "LookedAt": (
        "relation dependent birth_date occupation disability isee_kind isee_validity "
        "isee_omissions isee_value other_elements"
    ),
    "Missing": (
        "household member_birth_date member_occupation member_dependent member_proof isee "
        "valid_isee isee_of_accepted_kind isee_without_omissions isee_assessment"
    ),
    "Lacking": "person contact",
}


def events():
    return {
        event.TOPIC: event
        for kind in (Askings, Family, KnownPersons, Microequipe, Pair)
        for name, event in vars(kind).items()
        if isinstance(event, type) and issubclass(event, Aggregate.Event) and name != "Event"
    }


def own_fields(event):
    inherited = {*Aggregate.Event.__dataclass_fields__, "originator_topic"}
    return {name for name in event.__dataclass_fields__ if name not in inherited}


def test_topics_and_fields_of_events_are_frozen():
    assert {
        topic: " ".join(sorted(own_fields(event))) for topic, event in events().items()
    } == FIELDS
    assert (Family.TOPIC, Microequipe.TOPIC) == ("intake.Family", "intake.Microequipe")


def test_fields_of_stored_records_are_frozen():
    found = {each: " ".join(sorted(each.__dataclass_fields__)) for each in RECORDS}
    assert found == RECORDS


def test_values_of_stored_codes_are_frozen():
    found = {
        name: " ".join(each.value for each in words)
        for module in (codes, eligibility, referral)
        for name, words in vars(module).items()
        if inspect.isclass(words)
        and issubclass(words, Enum)
        and words.__module__ == module.__name__
    }
    assert found == CODES


def hints(event):
    return {name: hint for name, hint in get_type_hints(event).items() if name in own_fields(event)}


def test_whatever_is_told_in_words_is_sealed():
    found = {
        topic: " ".join(
            name for name, hint in hints(event).items() if hint in (Sealed, Sealed | None)
        )
        for topic, event in events().items()
    }
    assert {topic: sealed for topic, sealed in found.items() if sealed} == SEALED


def test_the_only_texts_in_an_event_are_codes_ids_and_what_a_microequipe_lacks():
    texts = {
        (topic, name)
        for topic, event in events().items()
        for name, hint in hints(event).items()
        if hint in (str, str | None, tuple[str, ...], dict[str, Any])
    }
    assert texts == {
        ("intake.FamilyReferred", "code"),
        ("intake.CameFromSplit", "origin"),
        ("intake.FamilyJoined", "into"),
        ("intake.KnownPersonsOpened", "family"),
        ("intake.PersonIdentified", "family"),
        ("intake.DuplicateProposed", "first"),
        ("intake.DuplicateProposed", "second"),
        ("intake.DuplicateConfirmed", "goes_on"),
        ("intake.AskedElsewhere", "organisation"),
        ("intake.AnsweredElsewhere", "organisation"),
        ("intake.AskingsOpened", "organisation"),
        ("intake.AskingAnswered", "family"),
        ("intake.AskingAnswered", "asked_by"),
        ("intake.MicroequipeFormed", "family"),
        ("intake.MicroequipeJoined", "lacking"),
        ("intake.MicroequipeLeft", "lacking"),
    }


def test_every_event_can_be_read_back_by_its_own_annotations():
    for event in events().values():
        decoder(event)
