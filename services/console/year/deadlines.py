"""Which facts set a due day, which settle it, and which note that it passed: one table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.console.year.facts import Fact, Log
from services.review.guidelines import INITIAL


@dataclass(frozen=True)
class Deadline:
    """One kind of due day.

    Attributes:
        service: in whose log it stands.
        sets: by topic, the word that holds the due day, or nothing; it settles the former one.
        settles: topics after which nothing is due.
        notes: the topic that notes that the day passed.
        rests: a topic after which nothing is set until *resumes*.
        within: how long after the day that *sets* holds it is due.
    """

    service: str
    sets: Mapping[str, str]
    settles: tuple[str, ...]
    notes: str
    rests: str = ""
    resumes: str = ""
    within: timedelta = timedelta(0)


DEADLINES: tuple[Deadline, ...] = (
    Deadline(
        "review",
        {
            "review.ProposalReceived": "decide_by",
            "review.ProposalOverdue": "decide_by",
            "review.ProposalPostponed": "decide_by",
        },
        ("review.ProposalDecided", "review.ProposalSetAside", "review.ProposalWithdrawn"),
        "review.ProposalOverdue",
    ),
    Deadline(
        "pacts",
        {"pacts.Approved": "sign_by", "pacts.ApprovedWithConditions": "sign_by"},
        ("pacts.SignedByAll", "pacts.Declined", "pacts.DecisionTakenBack"),
        "pacts.Lapsed",
    ),
    Deadline(
        "pacts",
        {
            "pacts.Activated": "verify_by",
            "pacts.Verified": "next_by",
            "pacts.Resumed": "verify_by",
        },
        ("pacts.Suspended", "pacts.Concluded", "pacts.Interrupted"),
        "pacts.VerificationOverdue",
        rests="pacts.Suspended",
        resumes="pacts.Resumed",
    ),
    Deadline("review", {"review.SessionHeld": "next_due"}, (), "review.SessionMissed"),
    Deadline(
        "intake",
        {"intake.InformationNoticeRecorded": "due"},
        ("intake.FamilyErased",),
        "intake.InformationNoticeOverdue",
    ),
    Deadline(
        "pacts",
        {"pacts.ComplaintRecorded": "answer_by"},
        ("pacts.ComplaintAnswered", "pacts.TextsErased"),
        "pacts.ComplaintOverdue",
    ),
    Deadline(
        "pacts",
        {"pacts.LookBackSet": "due"},
        ("pacts.LookedBack", "pacts.TextsErased"),
        "pacts.LookBackDue",
    ),
    Deadline(
        "pacts",
        {"pacts.LookBackSet": "until"},
        ("pacts.LookedBack", "pacts.TextsErased"),
        "pacts.LookBackOverdue",
    ),
    Deadline(
        "review",
        {"review.SecondLookOpened": "asked_on"},
        ("review.SecondLookAnswered",),
        "review.SecondLookOverdue",
        within=timedelta(days=INITIAL["second_look_answer_days"]),
    ),
)


@dataclass
class Following:
    """One stream, followed along one kind of due day."""

    log: Log
    kind: Deadline
    due: date | None = None
    set_at: int = 0
    resting: bool = False

    def along(self, facts: list[Fact]) -> Iterator[str]:
        """Every due day that passed without a word, in words."""
        kind = self.kind
        for fact in facts:
            if fact.topic in (kind.notes, *kind.sets, *kind.settles):
                yield from self._passed(fact)
                self.due = None
            self.resting = fact.topic == kind.rests or (self.resting and fact.topic != kind.resumes)
            if fact.topic in kind.sets and not self.resting:
                due = fact.state[kind.sets[fact.topic]]
                self.due = date.fromisoformat(due) + kind.within if due else None
                self.set_at = fact.row.position
        yield from self._passed(None)

    def _passed(self, settled: Fact | None) -> Iterator[str]:
        """Cry if a day after the due one was closed before anything settled or noted it."""
        if self.due is None:
            return
        for position, day in self.log.closings:
            if position > self.set_at and day > self.due:
                if settled is None or settled.row.position > position:
                    yield f"{self.log.log_id}: {self.due} passed without {self.kind.notes}"
                return
