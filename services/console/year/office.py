"""The office: people who come and go, how they want reminders, and the post that waits for one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from services.console.year.absences import Absent
from services.console.year.asking import Asking
from services.console.year.cast import KINDS, Cast, enrol
from services.console.year.troubles import TroubledSink

CHANGES_EVERY = (6, 24)
"""Least and most days from one change among the people to the next."""
SUCCEEDED = (("partner", "work placement"), ("partner", "legal"), ("lead", "operator"))
"""Who leaves during the year, and somebody else takes over."""


@dataclass
class Office:
    """What happens in both offices beside the families.

    Attributes:
        auto_reply: sends the answer of a program, from an address, to the dedicated one.
    """

    asking: Asking
    cast: Cast
    absent: Absent
    chance: Random
    sink: TroubledSink
    auto_reply: Callable[[str], None]
    _next: date | None = None
    _turn: int = 0

    def a_day(self, day: date) -> None:
        """Look through the post that waits; now and then something else."""
        if self.sink.troubled:
            self.asking.each(self._letters_that_wait, self._open("notify"))
        if self._next is not None and day < self._next:
            return
        self._next = day + timedelta(days=self.chance.randint(*CHANGES_EVERY))
        acts = (self._reminders, self._successor, self._mails_that_wait, self._holiday)
        act = acts[self._turn % len(acts)]
        self._turn += 1
        self.asking.each(act, [day])

    def _open(self, service: str) -> list[str]:
        return [each for each in KINDS if self.absent.serves(each, service)]

    def _letters_that_wait(self, organisation: str) -> None:
        """Who knows whether the mail server kept a letter says so; else it is sent once more."""
        ask, by = self.asking, self.cast.administrator(organisation)
        for state in ("uncertain", "given_up"):
            told = ask(organisation, "notify", "letters", by, state=state)
            for letter in told["letters"]:
                taken = self.sink.kept & {_mail_of(letter)}
                method = "letter_was_sent" if taken else "send_letter_again"
                ask(organisation, "notify", method, by, letter=letter["letter"])
                self.sink.troubled.discard(_mail_of(letter))

    def _mails_that_wait(self, day: date) -> None:
        """Who looks through the dedicated address says what was done about each mail."""
        if not self.absent.serves("lead", "notify"):
            return
        manager = self.cast["lead", "project manager"].acting()
        found = self.asking("lead", "notify", "mailbox", manager, standing="waiting")
        for mail in found["mails"]:
            words = {"mail": mail["mail"], "what": "Fatto di prova"}
            self.asking("lead", "notify", "settle_mail", manager, **words)

    def _reminders(self, day: date) -> None:
        """Somebody wants no reminders, or each at once, or those of a day in one mail."""
        for organisation in self._open("notify"):
            lead = self.chance.choice(self.cast.numbered(organisation, "lead")).acting()
            how = self.chance.choice(("daily", "at_once", "none"))
            self.asking(organisation, "notify", "choose_reminders", lead, reminders=how)

    def _successor(self, day: date) -> None:
        """Somebody's last day; from tomorrow somebody else does their work."""
        who = SUCCEEDED[self._turn // 4 % len(SUCCEEDED)]
        organisation, _ = who
        if not self.absent.serves(organisation, "people"):
            return
        former = self.cast[who]
        words = {"role": former.role, "body": former.body, "on": day.isoformat()}
        by = self.cast.administrator(organisation)
        self.asking(organisation, "people", "end_role", by, person=former.id, **words)
        since = day + timedelta(days=1)
        enrol(self.asking, self.cast, who, former.role, former.body, since, self.chance)

    def _holiday(self, day: date) -> None:
        """Somebody's program answers to a letter of ours."""
        if ("lead", "notify", "post_in") not in self.absent.away:
            self.auto_reply(self.cast["partner", "lead 1"].address)


def _mail_of(letter: dict[str, Any]) -> UUID:
    """The mail that carried it, or did not: that of a day's reminders, or its own."""
    return UUID(letter["digest"] if letter["digest"] and letter["round"] == 1 else letter["letter"])
