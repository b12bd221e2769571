"""Judges a log by its evidence alone: is it whole, is it what was signed, and who has seen it?

Fails closed: what cannot be read, or was signed by nobody, proves nothing and is a finding.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from services.audit.evidence import Evidence, Said, Signed
from services.kernel.ids import speaker_of
from services.kernel.programme import Programme
from services.kernel.proof.comparing import compared
from services.kernel.proof.notes import Checkpoint, Cosignature, Unsigned
from services.kernel.rows import Row
from services.kernel.said import NOTHING_BEFORE


@dataclass(frozen=True)
class Finding:
    """Something that is not as it must be.

    Attributes:
        kind: its name, as docs/audit.md explains it.
        facts: where; positions, numbers and organisations, never a text of the log.
    """

    kind: str
    facts: dict[str, Any]


@dataclass
class Judged:
    """What came of it.

    Attributes:
        events: how many were read.
        signed: how many of them stand under a checkpoint that they match.
        cosigned: organisation → events under the last checkpoint that it cosigned.
        said: how many envelopes were read.
        held: checkpoints that others hold, which the log matches.
    """

    log_id: str
    events: int = 0
    signed: int = 0
    cosigned: dict[str, int] = field(default_factory=dict)
    said: int = 0
    held: int = 0
    findings: list[Finding] = field(default_factory=list)

    def found(self, kind: str, **facts: Any) -> None:
        """Add a finding."""
        self.findings.append(Finding(kind, facts))


def judge(evidence: Evidence, programme: Programme, held: Iterable[str] = ()) -> Judged:
    """Read the *evidence* of one log once.

    Args:
        programme: whose public keys are believed.
        held: checkpoints of any logs, as other organisations hold them; those of this log count.
    """
    judged = Judged(evidence.log_id)
    signed = _believed(evidence, programme, judged)
    elsewhere = list(_held(evidence.log_id, programme, held, judged))
    whole = _Whole(judged, evidence)
    came = compared(evidence.log_id, whole.rows(), (*signed, *elsewhere))
    if whole.read and came.contradiction is None:
        whole.end()
    judged.events, judged.signed = came.tree.size, came.signed
    if not signed and (came.tree.size or not whole.read):
        judged.found("NothingSigned")
    if came.contradiction is not None:
        found = came.contradiction
        size = found.checkpoint.size if found.checkpoint else None
        judged.found(found.kind, after=found.after, before=found.before, checkpoint=size)
    judged.held = sum(each.size <= came.signed for each in elsewhere)
    return judged


def _believed(evidence: Evidence, programme: Programme, judged: Judged) -> list[Checkpoint]:
    """The log's checkpoints that its organisation signed; every other one is a finding."""
    own = programme.organisations.get(speaker_of(evidence.log_id))
    if own is None:
        judged.found("UnknownOrganisation")
        return []
    believed = []
    for number, each in enumerate(evidence.signed, start=1):
        try:
            checkpoint = Checkpoint.read(each.note, own.keys)
        except Unsigned:
            judged.found("NotSigned", checkpoint=number)
            continue
        if checkpoint.log_id != evidence.log_id:
            judged.found("NotSigned", checkpoint=number)
            continue
        believed.append(checkpoint)
        _cosigned(each, checkpoint, programme, judged)
    return believed


def _cosigned(signed: Signed, checkpoint: Checkpoint, programme: Programme, judged: Judged) -> None:
    for organisation, line in signed.cosigned.items():
        other = programme.organisations.get(organisation)
        try:
            if other is None:
                raise Unsigned("unknown organisation")
            Cosignature.read(line, checkpoint, organisation, other.keys)
        except Unsigned:
            judged.found("NotCosigned", checkpoint=checkpoint.size, organisation=organisation)
            continue
        size = max(checkpoint.size, judged.cosigned.get(organisation, 0))
        judged.cosigned[organisation] = size


def _held(
    log_id: str, programme: Programme, notes: Iterable[str], judged: Judged
) -> Iterator[Checkpoint]:
    service, others = log_id.rsplit("/", 1)[0], set[str]()
    for note in notes:
        held = note.split("\n", 1)[0]
        if held.rsplit("/", 1)[0] != service:
            continue
        try:
            checkpoint = Checkpoint.read(note, programme.organisations[speaker_of(log_id)].keys)
        except (Unsigned, KeyError):
            judged.found("HeldNotSigned")
            continue
        if held == log_id:
            yield checkpoint
        elif held not in others:
            others.add(held)
            judged.found("OtherLog", held=held)


class _Whole:
    """Looks at each event beside the one before, and at what is said of it.

    Attributes:
        read: whether every line stood for an event of this log, and was read.
    """

    def __init__(self, judged: Judged, evidence: Evidence) -> None:
        self.read = False
        self._judged = judged
        self._evidence = evidence
        self._said = iter(evidence.said)
        self._next = next(self._said, None)
        self._ends: dict[str, tuple[int, str]] = {}

    def rows(self) -> Iterator[Row]:
        """The events, each looked at; ends at the first line that stands for none of this log."""
        found = self._judged.found
        recorded_at, versions, known = 0, dict[Any, int](), set[Any]()
        for number, read in enumerate(self._evidence.rows, start=1):
            if read is None or read[0] != self._evidence.log_id:
                found("NoEvent", line=number)
                return
            row = read[1]
            if row.recorded_at < recorded_at:
                found("TimeRunsBack", position=row.position)
            if row.originator_version != versions.get(row.originator_id, 0) + 1:
                found("VersionOutOfOrder", position=row.position)
            if row.event_id in known:
                found("EventTwice", position=row.position)
            recorded_at = row.recorded_at
            versions[row.originator_id] = row.originator_version
            known.add(row.event_id)
            yield row
            self._say(row)
        self.read = True

    def end(self) -> None:
        """What was said of events that are not there."""
        while self._next is not None:
            self._judged.found("SaidOfNothing", audience=self._next.audience, seq=self._next.seq)
            self._judged.said += 1
            self._next = next(self._said, None)

    def _say(self, row: Row) -> None:
        while self._next is not None and self._next.position <= row.position:
            each, self._next = self._next, next(self._said, None)
            self._judged.said += 1
            seq, previous = self._ends.get(each.audience, (0, NOTHING_BEFORE))
            self._ends[each.audience] = (each.seq, each.hash)
            where = {"audience": each.audience, "seq": each.seq}
            if each.seq != seq + 1 or each.previous_hash != previous or not _is_itself(each):
                self._judged.found("SaidOtherwise", **where)
            elif each.position != row.position or not _tells(each, row):
                self._judged.found("SaidOfNothing", **where)


def _is_itself(said: Said) -> bool:
    """Whether the columns of an envelope are what its text says."""
    if sha256(said.envelope.encode()).hexdigest() != said.hash:
        return False
    words = _words(said)
    told = (words.get("audience"), words.get("seq"), words.get("previous_hash"))
    return told == (said.audience, said.seq, said.previous_hash)


def _tells(said: Said, row: Row) -> bool:
    """Whether an envelope tells of *row*."""
    words = _words(said)
    names = ("event_id", "recorded_at", "by", "cause", "correlation")
    event = (str(row.event_id), row.recorded_at, row.actor, row.cause, row.correlation)
    return tuple(map(words.get, names)) == event


def _words(said: Said) -> dict[str, Any]:
    try:
        words = json.loads(said.envelope)
    except (ValueError, RecursionError):
        return {}
    return words if isinstance(words, dict) else {}
