"""The committee's month: one meeting, each proposal of the docket voted on and decided, or not."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from services.console.year.asking import Asking
from services.console.year.cast import Cast
from services.kernel.calling import RefusedThere

MEANWHILE = ("NoSeat", "HolderVoted")
"""Another lead presents it since the question was answered; the holder voted last month."""
LEFT_OUT = 0.06
"""How often a proposal is not talked about; it falls overdue and is carried on."""
MISTAKEN = 0.03
"""How often a decision is found to be a mistake, and corrected in the same meeting."""
PLANS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (12, ("approve",) * 9),
    (3, ("approve_with_conditions",) * 9),
    (2, ("approve", "approve_with_conditions")),
    (5, ("return",) * 9),
    (2, ("not_approve",) * 9),
    (2, ("approve", "return")),
    (1, ("return", "not_approve")),
    (1, ("approve", "return", "not_approve")),
)
"""Weight, and what the seats vote in turn: clear majorities, halves that tie, and no majority."""


def meeting_day(month: date, chance: Random) -> date:
    """When the committee meets in the month of *month*: in time, and now and then too late."""
    number = chance.randint(11, 19) if chance.random() < 0.85 else chance.randint(21, 24)
    return month.replace(day=number)


@dataclass
class Meeting:
    """One meeting of the committee.

    Attributes:
        seed: with the proposal, it decides what is voted.
    """

    asking: Asking
    cast: Cast
    day: date
    seed: str

    def hold(self) -> None:
        """Vote and decide on everything that was put on a docket, up to this month's."""
        manager = self.cast["lead", "project manager"].acting()
        docket = self.asking("lead", "review", "docket", manager, cycle=f"{self.day:%Y-%m}")
        self._name_a_deputy()
        self.asking.each(self._look_again, [*docket["proposals"], *self._of_last_month()])
        open_ones = [each for each in docket["proposals"] if each["outcome"] is None]
        self.asking.each(self._decide, open_ones)
        self.asking.each(self._minute, [docket["cycle"]] if docket["proposals"] else [])

    def _of_last_month(self) -> list[dict[str, Any]]:
        manager = self.cast["lead", "project manager"].acting()
        last = self.day.replace(day=1) - timedelta(days=1)
        docket = self.asking("lead", "review", "docket", manager, cycle=f"{last:%Y-%m}")
        return list(docket["proposals"])

    def _look_again(self, line: dict[str, Any]) -> None:
        """A family asked: a legal representative, who never votes, confirms what was decided."""
        manager = self.cast["lead", "project manager"].acting()
        about = {"proposal_id": line["proposal_id"]}
        if self.asking("lead", "review", "proposal", manager, **about)["second_look"]:
            words = {"outcome": "confirmed", "reason": "Motivo di prova"}
            legal = self.cast["lead", "legal"].acting()
            self.asking("lead", "review", "answer_second_look", legal, **about, **words)

    def _minute(self, cycle: str) -> None:
        """The minutes are drawn up and approved."""
        manager = self.cast["lead", "project manager"]
        present = [manager.id, self.cast["lead", "case manager 1"].id]
        about = {"cycle": cycle}
        held = {"held_on": self.day.isoformat(), "present": present}
        drawn = self.asking("lead", "review", "draw_up_minutes", manager.acting(), **about, **held)
        number = drawn["number"]
        by = manager.acting()
        self.asking("lead", "review", "approve_minutes", by, **about, number=number)

    def _name_a_deputy(self) -> None:
        """Now and then somebody of the committee names who stands in for them next month."""
        chance = Random(f"{self.seed}/{self.day}/deputy")
        if chance.random() < 0.4:
            holder = self.cast["lead", f"case manager {chance.randint(1, 2)}"]
            self.asking(
                "lead",
                "review",
                "name_deputy",
                holder.acting(),
                first=self.day.isoformat(),
                last=(self.day + timedelta(days=40)).isoformat(),
                deputy=self.cast["lead", "verifier"].id,
            )

    def _decide(self, line: dict[str, Any]) -> None:
        chance = Random(f"{self.seed}/{self.day}/{line['family']}/{line['proposal']}")
        if chance.random() < LEFT_OUT:
            return
        manager = self.cast["lead", "project manager"].acting()
        about = {"proposal_id": line["proposal_id"]}
        seats = self.asking("lead", "review", "proposal", manager, **about)["seats"]
        voting = [seat for seat in seats if not self._recuses(seat, about, chance)]
        self._vote(voting, about, chance)
        self.asking("lead", "review", "decide", manager, **about)
        if chance.random() < MISTAKEN:
            reason = "Motivo di prova: voti trascritti male"
            self.asking("lead", "review", "correct_decision", manager, reason=reason, **about)
            self._vote(voting, about, chance)
            self.asking("lead", "review", "decide", manager, **about)

    def _recuses(self, seat: dict[str, Any], about: dict[str, str], chance: Random) -> bool:
        if seat["recused"]:
            return True
        if not seat["conflicts"] or chance.random() < 0.3:
            return False
        self._say("recuse", seat, about, reason="Motivo di prova: conflitto")
        return True

    def _vote(self, seats: list[dict[str, Any]], about: dict[str, str], chance: Random) -> None:
        [(_, plan)] = chance.choices(PLANS, [weight for weight, _ in PLANS])
        absent = chance.choices((0, 1, len(seats) // 2 + 1), (14, 3, 1))[0]
        for number, seat in enumerate(seats[: len(seats) - absent]):
            vote = plan[number % len(plan)]
            self._say("cast_vote", seat, about, vote=vote, reason="Motivo di prova")

    def _say(self, method: str, seat: dict[str, Any], about: dict[str, str], **words: str) -> None:
        """Who sits for the lead votes; what others said in the meeting, the manager records."""
        manager = self.cast["lead", "project manager"]
        mine = seat["organisation"] == "lead" and not seat["proposer"]
        by = self.cast.by_id(seat["person"]) if mine else manager
        spoken = {} if mine else {"seat": seat["person"]}
        if mine and seat["deputy"] and method == "cast_vote":
            by, spoken = self.cast.by_id(seat["deputy"]), {"seat": seat["person"]}
        try:
            self.asking("lead", "review", method, by.acting(), **about, **spoken, **words)
        except RefusedThere as refused:
            if refused.kind not in MEANWHILE:
                raise
