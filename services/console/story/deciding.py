"""How the committee decides, how the board guides it, and what a family may ask of both."""

import base64
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.console.story.telling import Followed, Telling
from services.console.story.words import GUIDELINES_TEXT, REASONS

MANAGER = "project manager"
SEATS = (MANAGER, "case manager 1", "case manager 2", "work placement")
"""Those of the lead organisation."""
OUTCOMES = {"approved": "approvata", "returned": "da integrare", "not_approved": "non approvata"}


@dataclass(frozen=True)
class Ballot:
    """How one proposal is voted on.

    Attributes:
        number: of the proposal.
        vote: of everybody who votes.
        conflicted: whose seat abstains, having assisted the family.
        deputies: who votes in whose stead.
        proposer: whether the lead of the microequipe presents it, and votes.
    """

    family: Followed
    number: int
    vote: str
    conflicted: tuple[str, ...] = ()
    deputies: tuple[tuple[str, str], ...] = ()
    proposer: bool = False


def meet(telling: Telling, day: date, *ballots: Ballot) -> None:
    """The committee meets: abstentions, votes, decisions, and the minutes of the meeting."""
    telling.on(day)
    present = {MANAGER}
    for ballot in ballots:
        present |= _vote(telling, ballot)
        about = {"proposal_id": ballot.family.proposal(ballot.number)}
        made = telling.review(MANAGER, "decide", **about)
        told = OUTCOMES.get(made["outcome"], made["outcome"])
        telling.say(f"{ballot.family.code}: il comitato decide, {told}")
    _draw_up_minutes(telling, sorted(telling.cast["lead", who].id for who in present))
    telling.done("verbale della riunione redatto e approvato")


def _vote(telling: Telling, ballot: Ballot) -> set[str]:
    """Who sat at the table for this proposal."""
    about = {"proposal_id": ballot.family.proposal(ballot.number)}
    for who in ballot.conflicted:
        telling.review(who, "recuse", **about, reason=REASONS["conflict"])
        telling.say(f"{ballot.family.code}: astensione per conflitto del case manager")
    present = set(ballot.conflicted)
    deputies = dict(ballot.deputies)
    proposer = ("microequipe lead",) if ballot.proposer else ()
    for who in (*SEATS, *proposer):
        if who in ballot.conflicted:
            continue
        votes = deputies.get(who, who)
        instead = {"seat": telling.cast["lead", who].id} if who in deputies else {}
        words: dict[str, Any] = {"vote": ballot.vote, "reason": REASONS[ballot.vote], **instead}
        telling.review(votes, "cast_vote", **about, **words)
        present.add(votes)
    return present


def _draw_up_minutes(telling: Telling, present: list[str]) -> None:
    about = {"cycle": telling.today[:7]}
    held = {"held_on": telling.today, "present": present}
    drawn = telling.review(MANAGER, "draw_up_minutes", **about, **held)
    telling.review(MANAGER, "approve_minutes", **about, number=drawn["number"])


def name_deputy(telling: Telling, day: date, until: date, holder: str, deputy: str) -> None:
    """Who cannot come says who votes for their seat."""
    telling.on(day)
    telling.review(
        holder,
        "name_deputy",
        first=telling.today,
        last=until.isoformat(),
        deputy=telling.cast["lead", deputy].id,
    )
    telling.say("un case manager assente delega il suo seggio nel comitato")


def hand_over_letter(telling: Telling, family: Followed) -> None:
    """What was decided, in plain words on paper: to be handed over, never mailed."""
    made = telling.pacts(family, "family_letter")
    telling.papers.mkdir(exist_ok=True)
    (telling.papers / made["name"]).write_bytes(base64.b64decode(made["pdf"]))
    telling.say(f"{family.code}: la lettera con la decisione e i motivi, su carta, per la famiglia")


def ask_second_look(telling: Telling, family: Followed) -> None:
    """The family asks that somebody who did not decide looks again."""
    words = {"asked_on": telling.today, "words": REASONS["second look"]}
    telling.pacts(family, "ask_second_look", **words)
    telling.done(f"{family.code}: la famiglia chiede il riesame della decisione")


def confirm(telling: Telling, family: Followed, number: int) -> None:
    """A legal representative, who never votes, looks again and confirms."""
    telling.review(
        "legal",
        "answer_second_look",
        proposal_id=family.proposal(number),
        outcome="confirmed",
        reason=REASONS["confirmed"],
    )
    telling.done(f"{family.code}: chi non ha deciso riesamina e conferma, con i motivi")


def hold_session(
    telling: Telling, number: int, in_force_from: date, parameters: dict[str, Any]
) -> None:
    """The board meets, and issues the guidelines *number*."""
    people = [telling.cast[organisation, "legal"].id for organisation in ("lead", "partner")]
    present = [*people, telling.cast["lead", MANAGER].id]
    held = telling.review(MANAGER, "hold_session", on=telling.today, present=present)
    telling.review(
        MANAGER,
        "issue_guidelines",
        number=number,
        in_force_from=in_force_from.isoformat(),
        parameters=parameters,
        session=held["session"],
        text=GUIDELINES_TEXT if parameters else None,
    )
    telling.done(
        f"la cabina di regia emana le linee guida n. {number}, in vigore dal {in_force_from:%d/%m}"
    )


def acknowledge(telling: Telling, number: int) -> None:
    """Everybody of the committee takes note of the guidelines *number*."""
    for who in SEATS:
        telling.review(who, "acknowledge_guidelines", number=number)
    telling.done("il comitato ne prende visione")
