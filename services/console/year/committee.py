"""The committee's month: one meeting, each proposal of the docket voted on and decided, or not."""

from collections.abc import Iterator, Mapping
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
MISTAKEN_EVERY = 11
"""One decision of so many is found to be a mistake and corrected in the same meeting."""
MENDED = 0.35
"""At how many meetings a decision of last month is found to have been a mistake."""
CHANGED = 0.15
"""How often somebody votes one way first, and otherwise after the others have spoken."""
UNANSWERED = 0.4
"""How often a second look that a family asked for waits for another month."""
CONFIRMED = 0.7
"""How often a second look ends as before; else the proposal is decided again."""
PLANS: tuple[tuple[int, tuple[str, ...]], ...] = (
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
        seed: with the family and the proposal, it decides what is voted.
        numbers: of the families, by their codes, which are random.
        turns: counts what the committee votes on in the whole year.
    """

    asking: Asking
    cast: Cast
    day: date
    seed: str
    numbers: Mapping[str, int]
    turns: Iterator[int]

    def hold(self) -> None:
        """Vote and decide on everything that was put on a docket, up to this month's."""
        manager = self.cast["lead", "project manager"].acting()
        docket = self.asking("lead", "review", "docket", manager, cycle=f"{self.day:%Y-%m}")
        self._name_a_deputy()
        last_months = self._of_last_month()
        self.asking.each(self._look_again, [*docket["proposals"], *last_months])
        self.asking.each(self._decide_again, self._mistaken(last_months))
        open_ones = [each for each in docket["proposals"] if each["outcome"] is None]
        self.asking.each(
            self._decide, [(each, next(self.turns)) for each in self._sorted(open_ones)]
        )
        self.asking.each(self._minute, [docket["cycle"]] if docket["proposals"] else [])

    def _of_last_month(self) -> list[dict[str, Any]]:
        manager = self.cast["lead", "project manager"].acting()
        last = self.day.replace(day=1) - timedelta(days=1)
        docket = self.asking("lead", "review", "docket", manager, cycle=f"{last:%Y-%m}")
        return list(docket["proposals"])

    def _look_again(self, line: dict[str, Any]) -> None:
        """A family asked: a legal representative, who never votes, answers, or not this month."""
        manager = self.cast["lead", "project manager"].acting()
        about = {"proposal_id": line["proposal_id"]}
        chance = self._chance("look", line)
        if chance.random() < UNANSWERED:
            return
        if self.asking("lead", "review", "proposal", manager, **about)["second_look"]:
            outcome = "confirmed" if chance.random() < CONFIRMED else "reopened"
            words = {"outcome": outcome, "reason": "Motivo di prova"}
            legal = self.cast["lead", "legal"].acting()
            self.asking("lead", "review", "answer_second_look", legal, **about, **words)

    def _sorted(self, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """In an order that does not follow from the families' codes, which are random."""
        return sorted(lines, key=lambda line: (self.numbers[line["family"]], line["proposal"]))

    def _mistaken(self, lines: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
        """Of what was decided last month, what was a mistake; the pact may have gone on since."""
        chance = Random(f"{self.seed}/{self.day}/mistaken")
        decided = self._sorted([each for each in lines if each["outcome"]])
        if not decided or chance.random() >= MENDED:
            return []
        return [(chance.choice(decided), next(self.turns))]

    def _decide_again(self, mistaken: tuple[dict[str, Any], int]) -> None:
        """A decision is opened again, voted on anew, and decided."""
        line, turn = mistaken
        manager = self.cast["lead", "project manager"].acting()
        about = {"proposal_id": line["proposal_id"]}
        reason = "Motivo di prova: voti trascritti male"
        self.asking("lead", "review", "correct_decision", manager, reason=reason, **about)
        seats = self.asking("lead", "review", "proposal", manager, **about)["seats"]
        voting = [seat for seat in seats if not seat["recused"]]
        self._vote(voting, about, self._plan(turn + 1), self._chance("again", line))
        self.asking("lead", "review", "decide", manager, **about)

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

    def _decide(self, due: tuple[dict[str, Any], int]) -> None:
        line, turn = due
        chance = self._chance("decide", line)
        if chance.random() < LEFT_OUT:
            return
        manager = self.cast["lead", "project manager"].acting()
        about = {"proposal_id": line["proposal_id"]}
        seats = self.asking("lead", "review", "proposal", manager, **about)["seats"]
        voting = [seat for seat in seats if not self._recuses(seat, about, chance)]
        self._vote(voting, about, self._plan(turn), chance)
        self.asking("lead", "review", "decide", manager, **about)
        if turn % MISTAKEN_EVERY == 1:
            self._decide_again((line, turn))

    def _plan(self, turn: int) -> tuple[str, ...]:
        """What the seats vote at this turn of the year: every plan comes by its weight."""
        plans = [plan for weight, plan in PLANS for _ in range(weight)]
        Random(f"{self.seed}/plans").shuffle(plans)
        return plans[turn % len(plans)]

    def _chance(self, what: str, line: dict[str, Any]) -> Random:
        """Decides one thing about one proposal on this day."""
        number = self.numbers[line["family"]]
        return Random(f"{self.seed}/{self.day}/{what}/{number}/{line['proposal']}")

    def _recuses(self, seat: dict[str, Any], about: dict[str, str], chance: Random) -> bool:
        if seat["recused"]:
            return True
        if not seat["conflicts"] or chance.random() < 0.3:
            return False
        self._say("recuse", seat, about, reason="Motivo di prova: conflitto")
        return True

    def _vote(
        self,
        seats: list[dict[str, Any]],
        about: dict[str, str],
        plan: tuple[str, ...],
        chance: Random,
    ) -> None:
        absent = chance.choices((0, 1, len(seats) // 2 + 1), (14, 3, 1))[0]
        if seats and chance.random() < CHANGED:
            first = "return" if plan[0] == "approve" else "approve"
            self._say("cast_vote", seats[0], about, vote=first, reason="Motivo di prova")
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
