"""What is stored is stored for ever: topics, enumerations, and the names of fields."""

import inspect
from enum import Enum

from services.kernel.aggregate import Aggregate
from services.kernel.mapper import decoder
from services.pacts import along, content, difference, giving, life, money
from services.pacts.pact import Pact

FIELDS = {
    "pacts.Drafted": "ends family formation guidelines microequipe number on starts",
    "pacts.MicroequipeChanged": "formation microequipe",
    "pacts.TextsErased": "on",
    "pacts.PeriodSet": "ends guidelines starts",
    "pacts.GoalAdded": "goal number",
    "pacts.GoalRemoved": "number",
    "pacts.ActionAdded": "action number",
    "pacts.ActionRemoved": "number",
    "pacts.CapacityLinked": "capacity number",
    "pacts.CapacityUnlinked": "number",
    "pacts.ResourceNamed": "number resource",
    "pacts.ResourceRemoved": "number",
    "pacts.SignatoriesNamed": "persons",
    "pacts.Proposed": "on proposal",
    "pacts.Approved": "cycle guidelines on proposal reasons sign_by signatories",
    "pacts.ApprovedWithConditions": (
        "conditions cycle guidelines on proposal reasons sign_by signatories"
    ),
    "pacts.Returned": "cycle guidelines on proposal reasons",
    "pacts.NotApproved": "cycle guidelines on proposal reasons",
    "pacts.DecisionTakenBack": "corrects on proposal",
    "pacts.ProposalSetAside": "because on proposal",
    "pacts.IseeReliedOn": "on proposal until",
    "pacts.DecisionHeardLater": "on proposal",
    "pacts.Signed": "on party person",
    "pacts.SignedByAll": "on",
    "pacts.Declined": "on reason",
    "pacts.Lapsed": "on sign_by",
    "pacts.Activated": "guidelines on verify_by",
    "pacts.ActionStarted": "action on",
    "pacts.ActionCompleted": "action on",
    "pacts.ActionDropped": "action on reason",
    "pacts.CommitmentLogged": "given",
    "pacts.RestitutionLogged": "given health_limits kind",
    "pacts.HelpLogged": "received",
    "pacts.Suspended": "on reason",
    "pacts.Resumed": "on verify_by",
    "pacts.Verified": "guidelines next_by verification",
    "pacts.VerificationOverdue": "due on",
    "pacts.Concluded": "on reason",
    "pacts.Interrupted": "on reason",
    "pacts.ExpensePlanned": "expense guidelines number on",
    "pacts.ExpenseCommitted": "eur number on",
    "pacts.CommitmentReduced": "before eur number on",
    "pacts.ExpensePaid": "number paid payment",
    "pacts.PaymentCorrected": "before number paid payment",
    "pacts.OtherSupportLogged": "support",
    "pacts.UrgentAidAuthorised": "aid guidelines number",
    "pacts.UrgentAidGiven": "given",
    "pacts.AmendmentProposed": "amends difference on proposal",
    "pacts.AmendmentWithdrawn": "on proposal",
    "pacts.AmendmentSetAside": "because on proposal",
    "pacts.AmendmentReturned": "corrects cycle guidelines on proposal reasons",
    "pacts.AmendmentNotApproved": "corrects cycle guidelines on proposal reasons",
    "pacts.Amended": (
        "conditions corrects cycle difference guidelines heard_on on outcome proposal reasons"
    ),
    "pacts.VisitPlanned": "day on place visit visitor",
    "pacts.VisitHeld": "day note on place present visit visitor",
    "pacts.VisitCalledOff": "on reason visit",
    "pacts.TiesCounted": "baseline on ties verification",
    "pacts.CapacitiesUsed": "capacities on verification",
    "pacts.FinalVerificationNotHeld": "on reason",
    "pacts.CertificateExpiring": "certificate family on valid_until",
    "pacts.CertificateExpired": "certificate family on valid_until",
    "pacts.FamilyDormant": "kind on since",
    "pacts.SecondLookAnswered": "on outcome proposal reason",
    "pacts.PositionTold": "on person position representation signer",
    "pacts.MinorHeard": "on person",
    "pacts.SecondLookAsked": "asked_on on proposal words",
    "pacts.ComplaintRecorded": "about answer_by complaint guidelines on person words",
    "pacts.ComplaintAnswered": "answer complaint on",
    "pacts.ComplaintOverdue": "complaint due on",
    "pacts.LookBackSet": "due guidelines on until",
    "pacts.LookBackDue": "due on",
    "pacts.LookBackOverdue": "on until",
    "pacts.LookedBack": "note on outcome",
    "pacts.FigureEngaged": "action on person",
    "pacts.FigureReleased": "action on person",
}
RECORDS = {
    "Figure": "has_account person role",
    "Microequipe": "case_manager figures lead members",
    "Goal": "expected_result goal",
    "Action": (
        "area committed description dimension expected_result provider quantity_eur "
        "quantity_hours responsible starts until"
    ),
    "Capacity": "action description kind person",
    "CommunityResource": "description hours kind",
    "Received": "action eur hours on",
    "Given": "action eur hours on works",
    "GoalRating": "goal rating",
    "Verification": "changes family_present final on ratings",
    "UrgentAid": "authorised_as eur on reason",
    "AidGiven": "aid eur on",
    "Expense": "action budget_line eur payee payer supplier",
    "Payment": "corrects document eur on reason",
    "OtherSupport": "eur hours on source",
    "Difference": "actions capacities ends ends_before goals resources",
    "GoalChange": "item number what",
    "ActionChange": "item number what",
    "CapacityChange": "item number what",
    "ResourceChange": "item number what",
    "TieCount": "kind ties",
}
WORDS = {
    "Dimension": "assistance promotion restitution",
    "ActionArea": "emergency_aid work_and_training complementary_services_and_education",
    "CapacityKind": "personal professional informal",
    "FigureRole": "teacher neighbour parish employer volunteer relative other",
    "ResourceKind": "volunteer association parish firm",
    "Party": "family lead",
    "Progress": "planned started completed dropped",
    "DropReason": "no_longer_needed replaced provider_unavailable family_gave_up health",
    "DeclineReason": "not_said disagrees commitment_too_great help_found_elsewhere moved_away",
    "SuspensionReason": (
        "health care_of_a_relative away work service_unavailable asked_by_the_family"
    ),
    "ConclusionReason": "goals_reached goals_partly_reached period_ended",
    "InterruptionReason": (
        "family_withdrew moved_away commitments_not_kept taken_in_charge_elsewhere "
        "unreachable death"
    ),
    "AuthorisedAs": "case_manager project_manager",
    "Stage": "planned committed paid",
    "Payee": "supplier family",
    "CorrectionReason": "wrong_amount recorded_twice not_made refunded",
    "RestitutionKind": "community_service skills_shared relational in_place_of_work",
    "What": "added changed removed",
    "AmendmentState": "proposed returned not_approved withdrawn in_force",
    "VisitPlace": "home access_point where_an_action_is school at_a_distance elsewhere",
    "CalledOff": "asked_by_the_family visitor_unavailable nobody_there",
    "VisitProgress": "planned held called_off",
    "TieKind": "relatives friends neighbours school parish association work",
    "NotVerifiedBecause": "family_unreachable family_does_not_want_it moved_away death",
    "LookBackOutcome": "better as_at_the_end worse not_reached",
    "Position": "adult minor_from_14 minor_under_14",
    "Representation": "tutor amministratore_di_sostegno parent",
    "DormantKind": "without_proposal without_fact",
    "SecondLookOutcome": "confirmed reopened",
    "SetAsideBecause": "family_erased",
    "ComplaintAbout": "microequipe case_manager committee provider organisation other",
    "State": (
        "drafted proposed returned approved approved_with_conditions not_approved signed "
        "active suspended concluded interrupted declined lapsed"
    ),
}


def events() -> dict[str, type]:
    return {
        event.TOPIC: event
        for name, event in vars(Pact).items()
        if isinstance(event, type) and issubclass(event, Aggregate.Event) and name != "Event"
    }


def test_topics_and_fields_of_events_are_frozen():
    found = {}
    for topic, event in events().items():
        own = set(event.__dataclass_fields__) - set(Aggregate.Event.__dataclass_fields__)
        found[topic] = " ".join(sorted(own - {"originator_topic"}))
    assert found == FIELDS
    assert Pact.TOPIC == "pacts.Pact"


def test_fields_of_stored_records_are_frozen():
    found = {
        name: " ".join(sorted(record.__dataclass_fields__))
        for module in (content, along, difference, money)
        for name, record in vars(module).items()
        if inspect.isclass(record)
        and record.__module__ == module.__name__
        and hasattr(record, "__dataclass_fields__")
        and name not in ("Amendment", "Complaint", "Decision", "Placed", "SecondLook", "Visit")
    }
    assert found == RECORDS


def test_values_of_stored_enumerations_are_frozen():
    found = {
        name: " ".join(each.value for each in words)
        for module in (content, along, difference, giving, life, money)
        for name, words in vars(module).items()
        if inspect.isclass(words)
        and issubclass(words, Enum)
        and words.__module__ == module.__name__
    }
    assert found == {**WORDS, "Who": found["Who"]}


def test_every_event_can_be_read_back_by_its_own_annotations():
    for event in events().values():
        decoder(event)
