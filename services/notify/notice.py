"""A notice: somebody is to be told something, once for each cause, kind and recipient."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id


class Kind(StrEnum):
    """What is told; values are stored and choose the letter."""

    REQUIREMENTS_MET = "requirements_met"
    REQUIREMENTS_NOT_MET = "requirements_not_met"
    VERIFICATION_SUSPENDED = "verification_suspended"
    MICROEQUIPE_FORMED = "microequipe_formed"
    PACT_DRAFTED = "pact_drafted"
    PROPOSAL_RECEIVED = "proposal_received"
    PROPOSAL_RECEIVED_LATE = "proposal_received_late"
    DOCKET_SET = "docket_set"
    PROPOSAL_APPROVED = "proposal_approved"
    PROPOSAL_APPROVED_WITH_CONDITIONS = "proposal_approved_with_conditions"
    PROPOSAL_RETURNED = "proposal_returned"
    PROPOSAL_NOT_APPROVED = "proposal_not_approved"
    PROPOSAL_OVERDUE = "proposal_overdue"
    PACT_SIGNED = "pact_signed"
    PACT_ACTIVATED = "pact_activated"
    PACT_VERIFIED = "pact_verified"
    VERIFICATION_OVERDUE = "verification_overdue"
    GUIDELINES_ISSUED = "guidelines_issued"
    REMINDER_PROPOSAL = "reminder_proposal"
    REMINDER_DECISION = "reminder_decision"
    REMINDER_VERIFICATION = "reminder_verification"
    FORM_REFUSED = "form_refused"
    FORM_NOT_READ = "form_not_read"
    MAIL_WAITING = "mail_waiting"
    CERTIFICATE_EXPIRING = "certificate_expiring"
    CERTIFICATE_EXPIRED = "certificate_expired"
    FAMILY_WITHOUT_MICROEQUIPE = "family_without_microequipe"
    INFORMATION_NOTICE_OVERDUE = "information_notice_overdue"
    LOOK_BACK_DUE = "look_back_due"
    BOARD_SESSION_DUE = "board_session_due"
    BOARD_SESSION_MISSED = "board_session_missed"
    SECOND_LOOK_ASKED = "second_look_asked"
    SECOND_LOOK_CONFIRMED = "second_look_confirmed"
    SECOND_LOOK_REOPENED = "second_look_reopened"
    COMPLAINT_RECORDED = "complaint_recorded"
    COMPLAINT_OVERDUE = "complaint_overdue"
    FAMILY_WITHOUT_PROPOSAL = "family_without_proposal"
    FAMILY_WITHOUT_FACT = "family_without_fact"
    CONTACT_RESTRICTED = "contact_restricted"
    CONTACT_NO_LONGER_RESTRICTED = "contact_no_longer_restricted"
    MINUTES_APPROVED = "minutes_approved"
    MINUTES_CORRECTED = "minutes_corrected"
    ISEE_RUNS_OUT = "isee_runs_out"
    ANSWERED_ELSEWHERE = "answered_elsewhere"
    TOO_MANY_ASKINGS = "too_many_askings"
    AGREEMENT_ENDING = "agreement_ending"
    AGREEMENT_ENDED = "agreement_ended"


@dataclass(frozen=True)
class Subject:
    """What a notice is about: codes only, never a name or an amount [1].

    Attributes:
        family: its code.
        cycle: of the committee, as ``2026-07``.
        number: of the pact's proposal, of a complaint, of the guidelines, of minutes; how many
            mails wait.
        organisation: the code of another one, if it is about that.
    """

    family: str | None = None
    pact: UUID | None = None
    cycle: str | None = None
    number: int | None = None
    organisation: str | None = None


@dataclass(frozen=True)
class Reason:
    """One thing to mend in a form or a mail: its kind, and facts in codes and numbers only [1]."""

    kind: str
    facts: dict[str, Any]


def role_at(organisation: str, role: str) -> str:
    """The recipient that is whoever holds *role* at *organisation*: ``lead:project_manager``."""
    return f"{organisation}:{role}"


def notice_id(cause: UUID, what: Kind, recipient: str) -> UUID:
    """The stream of the one notice of *cause* and kind *what* to *recipient* [1]."""
    return stream_id("notice", cause, what.value, recipient)


class Notice(Aggregate):
    """One notice; what becomes of it is told by the letters to the persons it is addressed to."""

    TOPIC = "notify.Notice"

    def __init__(self) -> None:
        self.cause = UUID(int=0)
        self.what = Kind.REQUIREMENTS_MET
        self.recipient = ""
        self.subject = Subject()
        self.due: date | None = None
        self.on = date.min
        self.mail: UUID | None = None
        self.reasons: tuple[Reason, ...] = ()
        self.persons: tuple[UUID, ...] | None = None

    class Recorded(Birth):
        """Somebody is to be told.

        Attributes:
            cause: the event that gives the reason, or what falls due.
            recipient: a role at an organisation (``lead:project_manager``), or a person's id.
            due: day that the notice is about, or None.
            mail: that is answered, or None.
            reasons: what is to be mended in it.
        """

        TOPIC = "notify.NoticeRecorded"
        class_version = 3
        cause: UUID
        what: Kind
        recipient: str
        subject: Subject
        due: date | None
        on: date
        mail: UUID | None
        reasons: tuple[Reason, ...]

        def apply(self, notice: "Notice") -> None:
            notice.cause = self.cause
            notice.what = self.what
            notice.recipient = self.recipient
            notice.subject = self.subject
            notice.due = self.due
            notice.on = self.on
            notice.mail = self.mail
            notice.reasons = self.reasons

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 no notice answered a mail."""
            state |= {"mail": None, "reasons": []}

        @staticmethod
        def upcast_v2_v3(state: dict[str, Any]) -> None:
            """Until version 3 no notice was about another organisation."""
            state["subject"] = {**state["subject"], "organisation": None}

    class Addressed(Aggregate.Event):
        """Who is told: the person, or all who held the role on the day of the notice."""

        TOPIC = "notify.NoticeAddressed"
        persons: tuple[UUID, ...]
        on: date

        def apply(self, notice: "Notice") -> None:
            notice.persons = self.persons

    @classmethod
    def record(
        cls,
        cause: UUID,
        what: Kind,
        recipient: str,
        subject: Subject,
        due: date | None,
        by: Actor,
        on: date,
        mail: UUID | None = None,
        reasons: tuple[Reason, ...] = (),
    ) -> "Notice":
        """The notice; its stream can begin only once."""
        return birth(
            cls,
            cls.Recorded,
            notice_id(cause, what, recipient),
            by=by,
            cause=cause,
            what=what,
            recipient=recipient,
            subject=subject,
            due=due,
            on=on,
            mail=mail,
            reasons=reasons,
        )

    def address(self, persons: tuple[UUID, ...], by: Actor, on: date) -> None:
        """Record who is told; addressed already, or to nobody yet, adds nothing."""
        if persons and self.persons is None:
            self.trigger_event(self.Addressed, by=by, persons=persons, on=on)
