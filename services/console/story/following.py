"""From the signatures to the end: help and commitment, visits, changes at home, verifications."""

from typing import Any

from services.console.story.telling import Followed, Telling
from services.console.story.words import (
    FEWER_HOURS,
    NEW_ISEE,
    NEWBORN,
    REASONS,
    WITH_THE_NEWBORN,
)

TIES = {"relatives": 1}
"""Whom the family can count on when the pact begins, by kind."""
NEW_TIES = {"relatives": 1, "neighbours": 2, "association": 1}


def sign(telling: Telling, family: Followed) -> None:
    """Everybody who has to sign signs, and the pact begins."""
    for person in telling.pacts(family, "pact")["awaited"]:
        telling.pacts(family, "sign", person=str(person))
    telling.pacts(family, "activate", ties=TIES)
    telling.done(f"{family.code}: patto firmato e attivo")


def work(telling: Telling, family: Followed) -> None:
    """Help received and active commitment, side by side; the supplier is paid."""
    dimensions = ("assistance", "promotion", "restitution")
    actions = {dimension: telling.action(family, dimension) for dimension in dimensions}
    for action in actions.values():
        telling.pacts(family, "start_action", action=action)
    _pay(telling, family, actions["assistance"], "180.00")
    received = {"received_on": telling.today, "eur": "180.00"}
    telling.pacts(family, "log_help", action=actions["assistance"], **received)
    for dimension, hours in (("restitution", "4.00"), ("promotion", "6.00")):
        done = {"done_on": telling.today, "hours": hours}
        telling.pacts(family, "log_restitution", action=actions[dimension], **done)
    telling.done(f"{family.code}: bolletta pagata al fornitore; aiuto e impegno attivo registrati")


def _pay(telling: Telling, family: Followed, action: int, eur: str) -> None:
    planned = telling.pacts(
        family,
        "plan_expense",
        action=action,
        eur=eur,
        payer="cda-borgoprova",
        budget_line="fondo-bollette",
        supplier="energia-prova",
    )
    about = {"expense": planned["expense"]}
    telling.pacts(family, "commit_expense", **about)
    paid = {"eur": eur, "document": "FT-2026-117", "paid_on": telling.today}
    telling.pacts(family, "pay_expense", **about, **paid)


def plan_visit(telling: Telling, family: Followed, day: str) -> None:
    """Somebody of the microequipe is to go and see the family."""
    telling.pacts(family, "plan_visit", day=day, place="home")
    telling.say(f"{family.code}: visita a casa in programma")


def visit_and_meet_the_newborn(telling: Telling, family: Followed) -> None:
    """The visit is held; a child was born, and the household is one person larger."""
    action = telling.action(family, "restitution")
    actions = telling.pacts(family, "pact")["actions"]
    there = next(each["committed"] for each in actions if each["number"] == action)
    held: dict[str, Any] = {
        "day": telling.today,
        "place": "home",
        "present": [there],
        "visit": 1,
    }
    telling.pacts(family, "record_visit", **held, note=REASONS["visit"])
    telling.intake(family, "operator", "record_birth", member=NEWBORN)
    telling.done(f"{family.code}: visita a casa; è nata una bambina, una persona in più nel nucleo")


def amend(telling: Telling, family: Followed) -> None:
    """The pact in force is to be otherwise: an action more, fewer hours to give."""
    lead = telling.cast[family.organisation, "microequipe lead"].id
    actions = telling.pacts(family, "pact")["actions"]
    [restitution] = [each for each in actions if each["dimension"] == "restitution"]
    added = {**WITH_THE_NEWBORN, "responsible": lead, "committed": restitution["committed"]}
    changed = {"number": restitution["number"], "quantity_hours": FEWER_HOURS}
    telling.pacts(family, "propose_amendment", actions={"added": [added], "changed": [changed]})
    telling.done(f"{family.code}: la microequipe propone una modifica; il patto in vigore prosegue")


def record_new_isee(telling: Telling, family: Followed) -> None:
    """Another certificate takes the place of the one that was verified; the pact goes on."""
    telling.intake(family, "operator", "record_isee", **NEW_ISEE, income_only=True)
    telling.done(
        f"{family.code}: nuovo ISEE al posto del primo; se ne parla alla prossima verifica"
    )


def verify(telling: Telling, family: Followed, final: bool = False) -> None:
    """The check with the family: goals rated, capacities used, ties counted."""
    action = telling.action(family, "restitution")
    telling.pacts(family, "log_restitution", action=action, done_on=telling.today, hours="2.00")
    found = telling.pacts(family, "pact")
    telling.pacts(
        family,
        "verify",
        ratings={str(goal["number"]): place % 2 for place, goal in enumerate(found["goals"], 1)},
        family_present=True,
        final=final,
        changes=REASONS["changes"],
        capacities_used=[each["number"] for each in found["capacities"]],
        ties=NEW_TIES,
    )
    telling.done(f"{family.code}: verifica {'finale' if final else 'periodica'} con la famiglia")


def end(telling: Telling, family: Followed) -> None:
    """The family moves away: the pact ends with a final check and a coded reason."""
    verify(telling, family, final=True)
    telling.pacts(family, "interrupt", reason="moved_away")
    telling.done(f"{family.code}: patto interrotto, la famiglia si trasferisce")
