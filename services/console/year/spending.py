"""Money: urgent aid before a pact is in force, expenses along it, support from elsewhere."""

from decimal import Decimal
from typing import Any

from services.console.year.family import NotNow, Scene
from services.kernel.actor import Actor

SUPPLIERS = ("alimentari-prova", "energia-prova", "libreria-prova")
LINES = ("A1", "B2", "C3")
CENT = Decimal("0.01")


def urgent_aid_is_authorised(scene: Scene) -> None:
    """A manager lets the family have help that cannot wait; now and then more than there is."""
    manager = _manager(scene)
    about = {"pact_id": scene.pact["pact"], "eur": scene.amount(20, 180)}
    reason = "Motivo di prova"
    scene.asking(
        scene.family.organisation, "pacts", "authorise_urgent_aid", manager, **about, reason=reason
    )


def urgent_aid_is_given(scene: Scene) -> None:
    """The family received a part of it, whatever became of the pact since."""
    open_ones = [
        (each["number"], Decimal(each["eur"]) - Decimal(each["given"]))
        for each in scene.pact["urgent_aid"]
    ]
    for aid, left in open_ones:
        if left >= 1:
            eur = str((left / 2).quantize(CENT))
            scene.pacts("log_urgent_aid", aid=aid, received_on=scene.today, eur=eur)
            return
    raise NotNow


def plan_an_expense(scene: Scene) -> None:
    """Something is to be bought for an action, from a supplier."""
    scene.pacts(
        "plan_expense",
        action=scene.chance.choice(scene.pact["actions"])["number"],
        eur=scene.amount(20, 200),
        payer="ente-prova",
        supplier=scene.chance.choice(SUPPLIERS),
        budget_line=scene.chance.choice(LINES),
    )


def commit_an_expense(scene: Scene) -> None:
    """What was planned is ordered, all of it."""
    for each in _expenses(scene):
        if each["committed"] is None:
            scene.pacts("commit_expense", expense=each["number"])
            return
    raise NotNow


def reduce_a_commitment(scene: Scene) -> None:
    """The order was smaller than thought."""
    number, _, left = _owed(scene)
    committed = next(
        Decimal(each["committed"]) for each in _expenses(scene) if each["number"] == number
    )
    less = str((committed - left / 2).quantize(CENT))
    scene.pacts("reduce_commitment", expense=number, eur=less)


def pay_an_expense(scene: Scene) -> None:
    """A part of what was ordered is paid today, or all of it."""
    number, payments, left = _owed(scene)
    eur = str((left / scene.chance.choice((1, 2))).quantize(CENT))
    document = f"FT-{scene.day.year}-{number}-{payments + 1}"
    scene.pacts("pay_expense", expense=number, eur=eur, document=document, paid_on=scene.today)


def correct_a_payment(scene: Scene) -> None:
    """A payment was wrong: less was paid, or nothing."""
    for each in _expenses(scene):
        corrected = {payment["corrects"] for payment in each["payments"]}
        for payment in each["payments"]:
            if payment["number"] not in corrected and Decimal(payment["eur"]) >= 1:
                scene.pacts(
                    "correct_payment",
                    expense=each["number"],
                    payment=payment["number"],
                    eur=str((Decimal(payment["eur"]) / 2).quantize(CENT)),
                    document=f"NC-{scene.day.year}-{payment['number']}",
                    reason=scene.chance.choice(("wrong_amount", "refunded")),
                )
                return
    raise NotNow


def support_from_elsewhere(scene: Scene) -> None:
    """Somebody outside the programme helped, with EUR or hours."""
    source = scene.chance.choice(("comune-prova", "banco-alimentare-prova"))
    given = {scene.chance.choice(("eur", "hours")): scene.amount(1, 90)}
    scene.pacts("log_other_support", source=source, received_on=scene.today, **given)


def _manager(scene: Scene) -> Actor:
    """Who may authorise: the case manager of the family, or else the project manager."""
    named = scene.pact["case_manager"]
    if scene.family.organisation == "lead":
        return scene.cast["lead", "project manager"].acting()
    if named is None:
        raise NotNow
    return Actor.of_person(scene.family.organisation, named, "case_manager")


def _expenses(scene: Scene) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = scene.pacts("expenses", on=scene.today)["expenses"]
    return told


def _owed(scene: Scene) -> tuple[int, int, Decimal]:
    """An expense of which something is ordered and not paid: number, payments, how much."""
    for each in _expenses(scene):
        if each["committed"] is not None:
            left = Decimal(each["committed"]) - Decimal(each["paid"])
            if left >= 1:
                return each["number"], len(each["payments"]), left
    raise NotNow
