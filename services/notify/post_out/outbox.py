"""The outbox: from a notice to letters, and what is recorded of each; one transaction each."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeVar
from uuid import UUID, uuid4, uuid5

from services.kernel.actor import Actor
from services.kernel.civil import civil_day
from services.kernel.deciding import Deciding, Occasion
from services.kernel.duties import next_day
from services.kernel.failpoints import failpoint
from services.kernel.log import head as head_of_log
from services.kernel.sealed import Sealed
from services.kernel.store import Store
from services.kernel.vault import Erased
from services.notify.addressees import Addressees, addressees_id
from services.notify.letter import (
    GivenUpBecause,
    Letter,
    Obstacle,
    State,
    digest_id,
)
from services.notify.mail import Mail
from services.notify.notice import Notice
from services.notify.post_out.settings import USABLE
from services.notify.preferences import Reminders
from services.notify.reaching import mail_address
from services.notify.reminding import GATHERED, drop, wanted, why_not, write_to
from services.notify.telling import persons_of
from services.notify.views import letters, notices

R = TypeVar("R")

MESSAGE_ID = re.compile(rb"(?im)^message-id:\s*(<[^<>\s]{1,900}>)")
LONGEST_HEAD = 65_536
"""Bytes of a mail in which its Message-ID is looked for."""


@dataclass(frozen=True)
class ToSend:
    """A letter to be sent, by its id and the round it is in.

    Attributes:
        mail: the name of the mail that carries it: its own, or that of a digest.
        first: whether it was not tried yet in this round.
        since: position of the fact that made it what it is.
    """

    letter: UUID
    round: int
    mail: UUID
    first: bool
    since: int


class Outbox:
    """What notify's store knows of letters, and what it is told of them."""

    def __init__(self, store: Store, since: date | None) -> None:
        self._store = store
        self._since = since
        self._change: int | None = None
        self._position = 0
        self._actor = Actor.of_service(store.programme.own, store.composition.name)

    def take_up(self) -> None:
        """Address every notice whose persons are known; the others stay as they are, visible."""
        for notice in self._known():
            self._decide(notice, "addressing", partial(address, notice=notice))
            failpoint("after letters are due")

    def gather(self) -> None:
        """Put the reminders of a day into one mail for each person, once all are recorded."""
        for letters_of_one in self._to_gather().values():
            self._decide(
                digest_id(letters_of_one), "gathering", partial(gather, letters=letters_of_one)
            )

    def stands_at(self) -> tuple[int, date]:
        """While this is the same, a round finds what the one before it found.

        Every letter and every address is in the log, and words that come in change much that is
        not. Only what is tried again after a time becomes due by itself.
        """
        change = self._store.database.last_change()
        if change is None or change != self._change:
            with self._store.database.reading() as connection:
                self._position = head_of_log(connection)[1]
            self._change = change
        return self._position, civil_day(self._store.clock.now())

    def at_rest(self) -> bool:
        """Whether nothing can be done now: what waits, waits for a person or for its time."""
        if any(each.first for mail in self.to_send() for each in mail):
            return False
        return not (self._to_gather() or self._known())

    def _to_gather(self) -> dict[UUID, list[UUID]]:
        """By person, the reminders of a day whose duties are done; until then, none.

        What was recorded after the last look is addressed first: it belongs to the same mail.
        """

        def look(reading: Deciding) -> dict[UUID, list[UUID]]:
            following = next_day(reading.connection)
            if following is None or following <= reading.today or self._to_address(reading):
                return {}
            return letters.to_gather(reading.connection, GATHERED, reading.today)

        return self._ask(look)

    def _known(self) -> list[UUID]:
        """Notices that are not addressed yet, and of which somebody is known."""
        return self._ask(self._to_address)

    def _to_address(self, reading: Deciding) -> list[UUID]:
        return [
            row.notice
            for row in notices.unaddressed(reading.connection)
            if (self._since is None or row.on >= self._since)
            and persons_of(reading, row.recipient, row.on)
        ]

    def _ask(self, question: Callable[[Deciding], R]) -> R:
        key = uuid4()
        occasion = Occasion(key, f"post_out:{key}", str(key), self._actor)
        return self._store.ask(occasion, question)

    def to_send(self) -> list[list[ToSend]]:
        """Letters to be sent, as they became due; those that go in one mail, together.

        One that a person wants sent again goes alone, under its own name.
        """
        with self._store.database.reading() as connection:
            rows = letters.to_send(connection, GATHERED)
        mails: dict[UUID, list[ToSend]] = {}
        for row in rows:
            mail = row.digest if row.digest and row.round == 1 else row.letter
            it = ToSend(row.letter, row.round, mail, row.state != State.DEFERRED, row.since)
            mails.setdefault(mail, []).append(it)
        return list(mails.values())

    def dropped(self, it: ToSend) -> bool:
        """Whether there is nothing to remind of any more; then that is recorded."""
        occasion = self._occasion(it.letter, f"{it.round}/dropped")
        if self._store.ask(occasion, lambda r: why_not(r, r.get(Letter, it.letter))) is None:
            return False

        def let_go(deciding: Deciding) -> bool:
            letter = deciding.edit(Letter, it.letter)
            because = why_not(deciding, letter)
            if because is not None:
                drop(deciding, letter, because)
            return because is not None

        return self._store.decide(occasion, let_go)

    def ever_handed_over(self) -> bool:
        """Whether any letter was ever sent, or may have been."""
        with self._store.database.reading() as connection:
            return letters.ever_handed_over(connection)

    def opened(self, mail: list[ToSend]) -> "Opened | Unreached":
        """What *mail* is about and where it goes; that the address was read is recorded."""
        carried = [it.letter for it in mail]
        occasion = self._occasion(mail[0].mail, "sending")
        return self._store.ask(occasion, lambda reading: _opened(reading, carried))

    def hold_back(self, it: ToSend, found: "Unreached") -> None:
        """Record that it waits for an address; heard of meanwhile, it goes in the next round.

        Nobody writes until that is recorded: an address that comes then is newer than the fact.
        """

        def hold(deciding: Deciding) -> None:
            deciding.hold()
            letter = deciding.edit(Letter, it.letter)
            if mail_address(deciding, letter.person) == found.seen:
                letter.hold_back(found.because, by=deciding.actor, on=deciding.today)

        self._decide(it.letter, f"held/{it.since}", hold)

    def deferred(self, it: ToSend, attempt: int, code: str) -> None:
        """Record a try that failed."""
        self._tell(
            it,
            f"{it.round}/deferred/{attempt}",
            lambda letter, **by: letter.defer(it.round, attempt, code, **by),
        )

    def sent(self, it: ToSend, code: str) -> None:
        """Record that the server took it."""
        self._tell(it, f"{it.round}/sent", lambda letter, **by: letter.sent(it.round, code, **by))

    def uncertain(self, it: ToSend) -> None:
        """Record that nobody knows."""
        self._tell(it, f"{it.round}/uncertain", lambda letter, **by: letter.doubt(it.round, **by))

    def given_up(self, it: ToSend, because: GivenUpBecause, code: str) -> None:
        """Record that it is not tried any more."""
        self._tell(
            it,
            f"{it.round}/given up",
            lambda letter, **by: letter.give_up(it.round, because, code, **by),
        )

    def _tell(self, it: ToSend, what: str, act: Callable[..., None]) -> None:
        def tell(deciding: Deciding) -> None:
            act(deciding.edit(Letter, it.letter), by=deciding.actor, on=deciding.today)

        self._decide(it.letter, what, tell)

    def _decide(self, id: UUID, what: str, act: Callable[[Deciding], None]) -> None:
        self._store.decide(self._occasion(id, what), act)

    def _occasion(self, id: UUID, what: str) -> Occasion:
        return Occasion(uuid5(id, what), f"post_out:{id}", str(id), self._actor)


@dataclass(frozen=True)
class Opened:
    """A mail with the notices that it tells and its address.

    Attributes:
        notices: one; several of reminders.
        answers: Message-ID of the mail that is answered, or None.
        restricted: codes of families of the notices with whom every contact is restricted now.
    """

    notices: tuple[Notice, ...]
    address: str
    answers: str | None = None
    restricted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Unreached:
    """Why a mail cannot be sent, and the address of which that is so, or None."""

    because: Obstacle
    seen: Sealed | None


def address(deciding: Deciding, notice: UUID) -> None:
    """Decide who gets a letter about *notice*: one for each person who has none of this cause."""
    told = deciding.edit(Notice, notice)
    persons = persons_of(deciding, told.recipient, told.on)
    told.address(persons, by=deciding.actor, on=deciding.today)
    write_to(deciding, told, persons)
    failpoint("before letters are due")


def gather(deciding: Deciding, letters: Iterable[UUID]) -> None:
    """Decide which of the reminders *letters*, all of one person, go in one mail; or each alone."""
    standing: list[Letter] = []
    for each in letters:
        letter = deciding.edit(Letter, each)
        because = why_not(deciding, letter)
        if because is None:
            standing.append(letter)
        else:
            drop(deciding, letter, because)
    for letter in standing:
        alone = wanted(deciding, letter.person) is Reminders.AT_ONCE
        digest = digest_id(each.id for each in ([letter] if alone else standing))
        letter.gather(digest, by=deciding.actor, on=deciding.today)


def _opened(reading: Deciding, carried: Sequence[UUID]) -> Opened | Unreached:
    found = [reading.get(Letter, each) for each in carried]
    where = mail_address(reading, found[0].person)
    try:
        to = None if where is None else reading.open(where).strip()
    except Erased:
        to = None
    if to is None:
        return Unreached(Obstacle.NO_ADDRESS, where)
    if not USABLE.fullmatch(to):
        return Unreached(Obstacle.ADDRESS_UNUSABLE, where)
    told = tuple(reading.get(Notice, letter.notice) for letter in found)
    answered = told[0].mail
    named = None if answered is None else _named(reading, answered)
    return Opened(told, to, named, _restricted(reading, told))


def _restricted(reading: Deciding, told: Sequence[Notice]) -> frozenset[str]:
    families = {notice.subject.family for notice in told} - {None}
    known = (reading.find(Addressees, addressees_id(str(family))) for family in families)
    return frozenset(each.family for each in known if each is not None and each.restricted)


def _named(reading: Deciding, mail: UUID) -> str | None:
    """The Message-ID of *mail*, as its sender wrote it; None if it was erased, or had none."""
    raw = reading.get(Mail, mail).raw
    try:
        head = b"" if raw is None else reading.open_bytes(raw)[:LONGEST_HEAD]
    except Erased:
        return None
    found = MESSAGE_ID.search(head.partition(b"\r\n\r\n")[0].partition(b"\n\n")[0])
    return found[1].decode("ascii", "replace") if found else None
