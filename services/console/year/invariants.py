"""What must hold after a year, whatever happened: each a function of the facts, crying if not.

Nothing is asked of a service here: the facts of all logs are enough, beside what a witness wrote
down on some days, and the mails that a server took.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TypeAlias
from uuid import UUID

from services.audit.judging import Judged
from services.console.year.as_of import (
    balance_as_of,
    budget_as_of,
    family_as_of,
    family_told,
    pact_as_of,
    pact_told,
    views_differ,
)
from services.console.year.deadlines import DEADLINES, Following
from services.console.year.facts import Fact, Log, Logs
from services.console.year.witness import Seen
from services.kernel.ids import stream_id
from services.kernel.rows import canonical


@dataclass(frozen=True)
class Evidence:
    """What is judged.

    Attributes:
        letters: which letter each mail is that the mail server took, in order.
        audited: each log beside what was signed of it, and what others hold of it.
    """

    logs: Logs
    seen: list[Seen]
    letters: list[UUID]
    audited: list[Judged]


Invariant: TypeAlias = Callable[[Evidence], Iterator[str]]


def nothing_undecided_is_forgotten(evidence: Evidence) -> Iterator[str]:
    """Every proposal that was sent is received; undecided, it stands on the docket that is next."""
    review = evidence.logs["lead", "review"]
    for log in _logs(evidence, "pacts"):
        for sent in log.of(*SENT_TO_THE_COMMITTEE):
            if stream_id("proposal", sent.stream, sent.state["proposal"]) not in review.streams:
                yield f"{log.log_id}: proposal {sent.state['proposal']} of {sent.stream} is lost"
    for stream, facts in review.streams.items():
        if facts[0].topic != "review.ProposalReceived":
            continue
        if any(fact.topic in SETTLED for fact in facts):
            continue
        placed = [fact for fact in facts if fact.topic in PLACED][-1]
        cycle = placed.state[PLACED[placed.topic]]
        if _closed_after(review, placed) and not _on_docket(review, stream, cycle):
            yield f"{review.log_id}: proposal {stream} is on no docket of {cycle}"


def no_deadline_is_missed_silently(evidence: Evidence) -> Iterator[str]:
    """Each due day that passed has its fact: decided, signed, verified, held, or noted as missed.

    And every calendar day is closed once, in order: only so are they looked at.
    """
    for (_, service), log in evidence.logs.items():
        days = [day for _, day in log.closings]
        for before, after in pairwise(days):
            if after != before + timedelta(days=1):
                yield f"{log.log_id}: after {before} the day {after} was closed"
        for kind in DEADLINES:
            if kind.service == service:
                for facts in log.streams.values():
                    yield from Following(log, kind).along(facts)


def no_mail_is_doubled(evidence: Evidence) -> Iterator[str]:
    """A cause tells a person once; the mail of what was sent was taken once, and no other was.

    What one organisation tells a person, no other one tells them too. Of one on which nobody has
    said yet what became of it, the server may have taken one.
    """
    told: dict[str, str] = {}
    mails: set[UUID] = set()
    unsure: set[UUID] = set()
    for log in _logs(evidence, "notify"):
        wanted: Counter[tuple[str, str, str]] = Counter()
        for due in log.of("notify.LetterDue"):
            wanted[due.state["cause"], due.state["what"], due.state["person"]] += 1
            what = _what_it_tells(log, due)
            if told.setdefault(what, log.log_id) != log.log_id:
                yield f"{log.log_id}: letter {due.stream} tells what {told[what]} tells"
            letter = log.streams[due.stream]
            sent = sum(fact.topic in SENT for fact in letter)
            if sent > 1:
                yield f"{log.log_id}: letter {due.stream} was sent {sent} times"
            if sent:
                mails.add(_mail_of(letter))
            elif letter[-1].topic == "notify.LetterUncertain":
                unsure.add(_mail_of(letter))
        for (cause, what, person), times in wanted.items():
            if times > 1:
                yield f"{log.log_id}: {what} of {cause} was written {times} times to {person}"
    taken = Counter(evidence.letters)
    for mail in mails | taken.keys():
        right = int(mail in mails)
        if taken[mail] != right and not (mail in unsure and taken[mail] == 1):
            yield f"mail {mail} was taken {taken[mail]} times, {right} times was right"


def balances_add_up(evidence: Evidence) -> Iterator[str]:
    """Both sides of the balance, and the budget lines, added up from the facts, are what was
    answered.
    """
    for seen in evidence.seen:
        for log, pact, answer in _of_streams(evidence, "pacts", seen.budgets):
            if budget_as_of(log.streams[pact], seen.day) != answer:
                yield f"{log.log_id}: the budget of {pact} was another one on {seen.day}"
        for log, pact, answer in _of_streams(evidence, "pacts", seen.balances):
            if balance_as_of(log.streams[pact], seen.day) != answer:
                yield f"{log.log_id}: the balance of {pact} was another one on {seen.day}"


def every_day_is_told_as_it_was(evidence: Evidence) -> Iterator[str]:
    """What views and questions told on a day is what the facts up to its end say, to the row."""
    for key, log in evidence.logs.items():
        yield from views_differ(key[1], log, key, evidence.seen)
        for seen in evidence.seen:
            known = sum(fact.day <= seen.day for fact in log.facts)
            if known != seen.positions[key]:
                yield f"{log.log_id}: {known} facts until the end of {seen.day}, not as seen"
    for seen in evidence.seen:
        for log, pact, answer in _of_streams(evidence, "pacts", seen.pacts):
            if pact_as_of(log.streams[pact], seen.day) != pact_told(answer):
                yield f"{log.log_id}: pact {pact} was told otherwise on {seen.day}"
        families = {str(stream_id("family", code)): told for code, told in seen.families.items()}
        for log, family, answer in _of_streams(evidence, "intake", families):
            if family_as_of(log.streams[family], seen.day) != family_told(answer):
                yield f"{log.log_id}: family {family} was told otherwise on {seen.day}"


def what_is_said_is_heard_and_followed(evidence: Evidence) -> Iterator[str]:
    """Said, heard and applied agree, word by word, also across organisations; and have effect."""
    by_id = {log.log_id: log for log in evidence.logs.values()}
    for (organisation, service), log in evidence.logs.items():
        for log_id, reached in log.reached.items():
            speaking = by_id.get(log_id)
            if speaking is None:
                continue
            said = speaking.said.get(organisation, ())
            if reached != len(said):
                yield f"{log.log_id}: heard {reached} of {len(said)} of {log_id}"
            kept = log.kept.get(log_id, {})
            for seq, word in enumerate(said[:reached], start=1):
                if kept.get(seq) != word.hash:
                    yield f"{log.log_id}: number {seq} of {log_id} is not what was said"
            for topic in FOLLOWED.get((speaking.log_id.split("/")[1], service), ()):
                yield from _unfollowed(speaking, organisation, log, topic)


def positions_have_no_gaps(evidence: Evidence) -> Iterator[str]:
    """Positions and versions count from 1 without holes, and time never runs back."""
    for log in evidence.logs.values():
        if [fact.row.position for fact in log.facts] != list(range(1, len(log.facts) + 1)):
            yield f"{log.log_id}: positions have holes"
        for stream, facts in log.streams.items():
            if [fact.row.originator_version for fact in facts] != list(range(1, len(facts) + 1)):
                yield f"{log.log_id}: stream {stream} has a hole"
        instants = [fact.row.recorded_at for fact in log.facts]
        if instants != sorted(instants):
            yield f"{log.log_id}: time ran back"


def nothing_was_altered(evidence: Evidence) -> Iterator[str]:
    """Every log is what was signed of it, and the other organisation has seen and holds that."""
    for judged in evidence.audited:
        for finding in judged.findings:
            yield f"{judged.log_id}: {finding.kind} {finding.facts}"
        if not (judged.cosigned and judged.held):
            yield f"{judged.log_id}: nobody else has seen it"


INVARIANTS: dict[str, Invariant] = {
    "nessuna proposta dimenticata": nothing_undecided_is_forgotten,
    "nessuna scadenza passata in silenzio": no_deadline_is_missed_silently,
    "nessuna lettera doppia": no_mail_is_doubled,
    "i bilanci tornano": balances_add_up,
    "ogni giorno raccontato com'era": every_day_is_told_as_it_was,
    "detto, udito, applicato": what_is_said_is_heard_and_followed,
    "posizioni senza buchi": positions_have_no_gaps,
    "niente alterato, e visto dagli altri": nothing_was_altered,
}
"""All of them, by what the summary calls them."""

PLACED = {
    "review.ProposalReceived": "cycle",
    "review.ProposalOverdue": "carried_to",
    "review.ProposalPostponed": "postponed_to",
}
"""What puts a proposal into a cycle, and the word that names it."""
SETTLED = ("review.ProposalDecided", "review.ProposalSetAside", "review.ProposalWithdrawn")
"""After these a proposal needs no docket any more."""
SENT = ("notify.LetterSent", "notify.LetterFoundSent")

SENT_TO_THE_COMMITTEE = ("pacts.Proposed", "pacts.AmendmentProposed")
FOLLOWED = {
    ("intake", "pacts"): ("intake.MicroequipeFormed",),
    ("pacts", "review"): SENT_TO_THE_COMMITTEE,
    ("review", "pacts"): ("review.ProposalDecided",),
}
"""Who speaks and who hears: the facts that always have an effect there, be it a refusal."""


def _unfollowed(speaking: Log, organisation: str, log: Log, topic: str) -> Iterator[str]:
    """Cry for each fact of *topic* that was said to *organisation* and had no effect there.

    A decision is said to the committee's organisation too, which may have no such pact.
    """
    topics = {
        fact.row.position
        for fact in speaking.of(topic)
        if topic != "review.ProposalDecided" or _pact_of(speaking, fact) in log.streams
    }
    for seq, word in enumerate(speaking.said.get(organisation, ()), start=1):
        cause = f"heard:{speaking.log_id}#{seq}"
        if word.position in topics and cause not in log.causes:
            yield f"{log.log_id}: number {seq} of {speaking.log_id} took no effect"


def _pact_of(review: Log, decided: Fact) -> UUID | None:
    """The pact that was decided on; None if the log has lost how the proposal came."""
    first = review.streams[decided.stream][0]
    received = first.topic == "review.ProposalReceived"
    return UUID(first.state["proposal"]["pact"]) if received else None


def _logs(evidence: Evidence, service: str) -> list[Log]:
    return [log for (_, name), log in evidence.logs.items() if name == service]


def _of_streams(
    evidence: Evidence, service: str, answers: Mapping[str, dict[str, object]]
) -> Iterator[tuple[Log, UUID, dict[str, object]]]:
    """Each answer with the stream that it is about, and the log that holds it."""
    for name, answer in answers.items():
        for log in _logs(evidence, service):
            if UUID(name) in log.streams:
                yield log, UUID(name), answer


def _mail_of(letter: list[Fact]) -> UUID:
    """The name of the mail that carried a letter: its own, or that of the day's reminders."""
    if any(fact.topic == "notify.LetterSendAgainAsked" for fact in letter):
        return letter[0].stream  # it goes alone then
    gathered = [fact for fact in letter if fact.topic == "notify.LetterGathered"]
    return UUID(gathered[-1].state["digest"]) if gathered else letter[0].stream


def _what_it_tells(log: Log, due: Fact) -> str:
    """What a letter tells to whom, whichever organisation writes it."""
    notice = log.streams[UUID(due.state["notice"])][0].state
    about = {name: notice[name] for name in ("what", "subject", "due")}
    return canonical({"person": due.state["person"], **about})


def _closed_after(review: Log, placed: Fact) -> bool:
    """Whether a day on which its docket was to be set was closed since it was *placed*."""
    return any(
        position > placed.row.position and day >= placed.on("docket_on")
        for position, day in review.closings
    )


def _on_docket(review: Log, proposal: UUID, cycle: str) -> bool:
    put = any(
        fact.topic == "review.PutOnDocket" and fact.state["cycle"] == cycle
        for fact in review.streams[proposal]
    )
    listed = any(
        str(proposal) in fact.state["proposals"]
        for fact in review.streams.get(stream_id("cycle", cycle), [])
    )
    return put and listed
