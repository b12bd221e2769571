"""The verdict on mail: what was answered by 250, against what is kept, told, and answered."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any
from uuid import UUID

from aiosmtpd.smtp import Envelope
from sqlalchemy import select

from services.kernel.log import all_rows
from services.kernel.sealed import Sealed
from services.kernel.store import Store
from services.kernel.tables import said
from services.kernel.vault import Vault
from tests.faults.tally import Line
from tests.faults.writer import Postbook, Posted

OUTCOMES = ("notify.FormReceived", "notify.MailSetAside", "notify.MailLeftToAPerson")
SENT, UNCERTAIN, GIVEN_UP = "notify.LetterSent", "notify.LetterUncertain", "notify.LetterGivenUp"
ENDS = (SENT, UNCERTAIN, GIVEN_UP)


@dataclass
class Found:
    """What one direction of mail came to. ``lost``, ``doubled`` and ``broken`` name each case."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def once(self, what: str, count: int) -> None:
        """*what* is there once."""
        if count < 1:
            self.lost.append(f"{what}: none")
        if count > 1:
            self.doubled.append(f"{what}: {count} times")

    def add_to(self, line: Line) -> None:
        """Count the cases on *line*."""
        line.lost += self.lost
        line.doubled += self.doubled
        line.broken += self.broken

    def same(self, what: str, found: int, expected: int) -> None:
        """*what* is there as often as it should be."""
        if found != expected:
            self.broken.append(f"{what}: {found}, not {expected}")


@dataclass
class MailsIn(Found):
    """What became of the mails that came.

    Attributes:
        kept: their names.
    """

    kept: set[str] = field(default_factory=set)


@dataclass
class LettersOut(Found):
    """What became of the letters.

    Attributes:
        due: all of them.
        taken: those that the mail server has.
        ended: how many are sent, uncertain, given up.
    """

    due: set[UUID] = field(default_factory=set)
    taken: set[UUID] = field(default_factory=set)
    ended: Counter[str] = field(default_factory=Counter)


class Log:
    """The rows of one log, by stream."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.streams: dict[UUID, list[Any]] = defaultdict(list)
        with store.database.reading() as connection:
            for row in all_rows(connection):
                self.streams[row.originator_id].append(row)

    def states(self, topic: str) -> list[tuple[UUID, dict[str, Any]]]:
        """Stream and state of each event of *topic*."""
        return [
            (stream, json.loads(row.state))
            for stream, rows in self.streams.items()
            for row in rows
            if row.topic == topic
        ]

    def count(self, stream: UUID, topics: Iterable[str]) -> Counter[str]:
        """How many events of each of *topics* are in *stream*."""
        return Counter(row.topic for row in self.streams[stream] if row.topic in topics)


def judge_mails(notify: Log, pacts: Log, book: Postbook, folders: dict[str, int]) -> MailsIn:
    """Compare what came, by *book* and by the mailbox's *folders*, with what is kept and said."""
    found = MailsIn()
    streams = _kept(notify, found)
    followed = {
        "form said": _forms_said(notify),
        "answer of pacts": Counter(s["mail"] for _, s in pacts.states("pacts.FormRefused")),
        "notice": Counter(s["mail"] for _, s in notify.states("notify.NoticeRecorded")),
    }
    for name in book.taken | set(streams):
        found.once(f"mail {name} kept", len(streams[name]))
    for name, kept in streams.items():
        for stream, raw in kept:
            _one_outcome(notify, stream, book.sent[name], found)
            for what, of_mails in followed.items():
                if book.sent[name].form:
                    found.once(f"{what} for mail {name}", of_mails[str(stream)])
            if not raw.endswith(book.sent[name].raw):
                found.broken.append(f"mail {name} is kept otherwise than it came")
    found.kept = set(streams)
    large = sum(state["raw"] is None for _, state in notify.states("notify.MailReceived"))
    found.same("mails too large to be kept", large, book.too_large)
    found.same("mails in the mailbox", folders["INBOX"], 0)
    found.same("mails moved when they were kept", folders["Acquisiti"], book.delivered)
    found.same("mails moved that are too large", folders["Troppo grandi"], book.too_large)
    return found


def _kept(notify: Log, found: MailsIn) -> dict[str, list[tuple[UUID, bytes]]]:
    """Stream and bytes of what is kept, by the mail's name; no reading is recorded."""
    streams = defaultdict(list)
    with notify.store.database.reading() as connection:
        vault = Vault(lambda: connection, notify.store.keys, notify.store.log_id)
        for stream, state in notify.states("notify.MailReceived"):
            if state["raw"] is not None:
                raw = vault.open_bytes(Sealed(UUID(state["raw"]["ref"]), ""))
                streams[message_from_bytes(raw)["Message-ID"]].append((stream, raw))
    return streams


def _forms_said(notify: Log) -> Counter[str]:
    """How often the form of each mail was said."""
    with notify.store.database.reading() as connection:
        says = [json.loads(words)["says"] for words in connection.scalars(select(said.c.envelope))]
    bodies = [each["notify/form_received.v1"] for each in says if "notify/form_received.v1" in each]
    return Counter(body["mail"] for body in bodies)


def _one_outcome(notify: Log, mail: UUID, posted: Posted, found: MailsIn) -> None:
    """*mail* became one thing, and the right one."""
    became = notify.count(mail, OUTCOMES)
    found.once(f"outcome of mail {posted.name}", became.total())
    expected = "notify.FormReceived" if posted.form else "notify.MailLeftToAPerson"
    if set(became) - {expected}:
        found.broken.append(f"mail {posted.name} became {set(became)}")


def judge_letters(notify: Log, taken: Iterable[Envelope]) -> LettersOut:
    """Compare the notices and letters in the log with what the mail server has *taken*."""
    found = LettersOut()
    names = Counter(message_from_bytes(each.content)["Message-ID"] for each in taken)
    due = notify.states("notify.LetterDue")
    letters = Counter(state["notice"] for _, state in due)
    for notice, state in notify.states("notify.NoticeRecorded"):
        if state["mail"] is not None:
            found.once(f"letter of notice {notice}", letters[str(notice)])
    digests = {each: state["digest"] for each, state in notify.states("notify.LetterGathered")}
    ours = {letter: f"<{digests.get(letter, letter)}@rete.example>" for letter, _ in due}
    for letter, name in ours.items():
        found.due.add(letter)
        arrived = names[name]
        if arrived:
            found.taken.add(letter)
        _one_end(notify, letter, arrived, found)
    stray = set(names.elements()) - set(ours.values())
    found.broken += [f"letter {name} is not ours" for name in stray]
    return found


def _one_end(notify: Log, letter: UUID, arrived: int, found: LettersOut) -> None:
    """*letter* came to one end, and that is what the mail server knows."""
    ends = notify.count(letter, ENDS)
    found.ended += ends
    held_back = "notify.LetterHeldBack" in {row.topic for row in notify.streams[letter]}
    if not (held_back and not ends):
        found.once(f"end of letter {letter}", ends.total())
    if arrived > 1:
        found.doubled.append(f"letter {letter} reached the mail server {arrived} times")
    if ends[SENT] and not arrived:
        found.lost.append(f"letter {letter} is recorded as sent, and was not")
    if arrived and (ends[GIVEN_UP] or not ends):
        found.broken.append(f"letter {letter} was sent, and is not recorded as sent")
