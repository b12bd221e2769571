"""The order in which the season is told."""

from datetime import date

from services.console.story import deciding, entering, following, proposing
from services.console.story.deciding import Ballot
from services.console.story.telling import Followed, Telling
from services.console.story.words import CONTENTS, ONE_MORE_GOAL, TO_BE_MENDED
from services.intake.codes import AccessPoint

BEGINS = date(2026, 2, 2)
ENDS = date(2026, 7, 1)
"""The season; its first day is a Monday."""
LAST_CYCLE = "2026-06"
"""The last month in which the committee meets."""
REPORTED = date(2026, 1, 1), date(2026, 6, 30)
"""The half-year of its report, which is over."""


def tell(telling: Telling) -> dict[str, str]:
    """Tell it all; the codes of the three families, by what became of them."""
    telling.say("persone e ruoli registrati in due organizzazioni")
    deciding.hold_session(telling, 1, BEGINS, {})
    first, second, refused = _enter(telling)
    _propose(telling, first, second)
    _decide(telling, first, second)
    _follow(telling, first, second)
    _change(telling, first, second)
    telling.on(ENDS)
    return {
        "approvato, poi modificato": first.code,
        "rinviato, poi approvato": second.code,
        "non idonea": refused.code,
    }


def _enter(telling: Telling) -> tuple[Followed, Followed, Followed]:
    telling.on(date(2026, 2, 4))
    first = entering.read_files(telling, "lead", "cda.csv")
    telling.on(date(2026, 2, 5))
    second = entering.read_files(telling, "partner", "piattaforma.csv")
    telling.on(date(2026, 2, 6))
    refused = entering.read_files(telling, "lead", "servizi_sociali.csv")
    telling.on(date(2026, 2, 9))
    entering.read_files(telling, "lead", "disordinata.csv")
    entering.read_files(telling, "partner", "cav.csv", "consultorio.csv")
    again = entering.refer_again(telling, first)
    telling.on(date(2026, 2, 10))
    entering.confirm_duplicate(telling, first, again)
    telling.on(date(2026, 2, 12))
    entering.verify(telling, first, AccessPoint.CDA)
    entering.verify(telling, second, AccessPoint.PLATFORM)
    entering.verify(telling, refused, AccessPoint.SOCIAL_SERVICES, "centro_per_impiego")
    return first, second, refused


def _propose(telling: Telling, first: Followed, second: Followed) -> None:
    """The first form is to be mended, the second one comes after the 10th."""
    entering.form_microequipe(telling, first, date(2026, 2, 18), proposing.CASE_MANAGER)
    entering.form_microequipe(telling, second, date(2026, 2, 20))
    telling.on(date(2026, 2, 25))
    proposing.help_at_once(telling, first, 200, too_much=150)
    telling.on(date(2026, 3, 4))
    name, form = proposing.form(telling, first)
    hasty = proposing.send(telling, first, name, form, TO_BE_MENDED)
    telling.say(f"{first.code}: modulo inviato in fretta, la risposta elenca le correzioni")
    telling.on(date(2026, 3, 5))
    proposing.send(telling, first, name, hasty, CONTENTS)
    telling.say(f"{first.code}: proposta inviata per mail, completa")
    telling.on(date(2026, 3, 11))
    proposing.send(telling, second, *proposing.form(telling, second), CONTENTS)
    telling.say(f"{second.code}: proposta inviata per mail dopo il 10, segnata in ritardo")


def _decide(telling: Telling, first: Followed, second: Followed) -> None:
    """One is approved, one returned; its family asks for a second look, and tries again."""
    deciding.meet(
        telling,
        date(2026, 4, 16),
        _of_the_assisted(first, 1),
        Ballot(second, 1, "return"),
    )
    telling.on(date(2026, 4, 20))
    deciding.hand_over_letter(telling, second)
    deciding.ask_second_look(telling, second)
    telling.on(date(2026, 4, 22))
    deciding.confirm(telling, second, 1)
    following.sign(telling, first)
    following.plan_visit(telling, first, "2026-05-06")
    telling.on(date(2026, 4, 28))
    proposing.send(telling, second, *proposing.form(telling, second), ONE_MORE_GOAL)
    telling.say(f"{second.code}: proposta inviata di nuovo per mail")


def _of_the_assisted(family: Followed, number: int) -> Ballot:
    """Who assists the family abstains; the lead of its microequipe is at the table."""
    conflicted = (proposing.CASE_MANAGER,)
    return Ballot(family, number, "approve", conflicted=conflicted, proposer=True)


def _follow(telling: Telling, first: Followed, second: Followed) -> None:
    """The first pact is accompanied, the second one approved with a deputy's vote."""
    telling.on(date(2026, 5, 6))
    following.work(telling, first)
    following.visit_and_meet_the_newborn(telling, first)
    telling.on(date(2026, 5, 8))
    following.amend(telling, first)
    away = "case manager 2"
    deciding.name_deputy(telling, date(2026, 5, 11), date(2026, 5, 22), away, "verifier")
    deputies = ((away, "verifier"),)
    deciding.meet(telling, date(2026, 5, 14), Ballot(second, 2, "approve", deputies=deputies))
    telling.on(date(2026, 5, 20))
    following.sign(telling, second)


def _change(telling: Telling, first: Followed, second: Followed) -> None:
    """New guidelines, by which an amendment is decided; one pact goes on, one ends."""
    telling.on(date(2026, 5, 26))
    deciding.hold_session(telling, 2, date(2026, 6, 15), {"verification_months": 2})
    deciding.acknowledge(telling, 2)
    following.work(telling, second)
    following.record_new_isee(telling, first)
    deciding.meet(telling, date(2026, 6, 18), _of_the_assisted(first, 2))
    telling.on(date(2026, 6, 24))
    following.verify(telling, first)
    telling.on(date(2026, 6, 30))
    following.end(telling, second)
