"""What happens to a draft: written with the family, sent to the committee, not wanted."""

from services.console.year.family import Scene

AREAS = ("emergency_aid", "work_and_training", "complementary_services_and_education")
PROVIDERS = ("cda-borgoprova", "associazione-orti-prova", "cooperativa-prova", "officina-prova")
"""Two of them have a head in the committee, who is in conflict then."""
GOAL = ("Obiettivo di prova", "Risultato di prova")


def write(scene: Scene) -> None:
    """The microequipe writes down what the pact needs, with the family."""
    chance = scene.chance
    until = scene.later(120, 240)
    scene.pacts("set_period", starts=scene.today, ends=scene.later(240, 290))
    for _ in range(chance.randint(1, 3)):
        add_a_goal(scene)
    actions = {}
    for dimension in ("assistance", "promotion", "restitution"):
        actions[dimension] = _add_action(scene, dimension, until)
    linked = actions[chance.choice(("promotion", "restitution"))]
    kind = chance.choice(("personal", "professional", "informal"))
    scene.pacts("link_capacity", action=linked, kind=kind, description="Capacità di prova")
    kind = chance.choice(("volunteer", "association", "parish", "firm"))
    scene.pacts(
        "name_resource", kind=kind, description="Risorsa di prova", hours=scene.amount(5, 60)
    )
    if chance.random() < 0.2:
        persons = [scene.family.committed, scene.family.new_id()]
        scene.pacts("name_signatories", persons=persons)


def add_a_goal(scene: Scene) -> None:
    """One more goal."""
    scene.pacts("add_goal", goal=GOAL[0], expected_result=GOAL[1])


def change_an_action(scene: Scene) -> None:
    """An action is replaced by another of its dimension, before anything is proposed."""
    old = scene.chance.choice(scene.pact["actions"])
    _add_action(scene, old["dimension"], old["until"])
    if not any(each["action"] == old["number"] for each in scene.pact["capacities"]):
        scene.pacts("remove_action", action=old["number"])


def propose(scene: Scene) -> None:
    """The lead sends it to the committee, by command, whatever day it is."""
    scene.pacts("propose")


def decline(scene: Scene) -> None:
    """The family does not want this pact."""
    reasons = ("not_said", "disagrees", "commitment_too_great", "help_found_elsewhere")
    scene.pacts("decline", reason=scene.chance.choice(reasons))


def draft_again(scene: Scene) -> None:
    """After the last pact has ended, the family's next one is drafted."""
    by = scene.lead().acting("microequipe_lead")
    family = scene.family
    made = scene.asking(family.organisation, "pacts", "draft_again", by, family=family.code)
    family.pact, family.complaint = made["pact"], None


def entries(scene: Scene) -> dict[str, str]:
    """What is written on a form that lacks nothing, by the names of its fields."""
    starts, until = f"{scene.day:%d/%m/%Y}", _italian(scene.later(120, 200))
    told = {
        "starts": starts,
        "ends": _italian(scene.later(240, 290)),
        "with_family": "/on",
        "without_names": "/on",
        "goal_1_goal": GOAL[0],
        "goal_1_result": GOAL[1],
        "capacity_1_description": "Capacità di prova",
        "capacity_1_kind": "informal",
        "capacity_1_person": "1",
        "capacity_1_action": "promotion_1",
        "resource_1_description": "Risorsa di prova",
        "resource_1_kind": "parish",
        "resource_1_hours": "40",
    }
    for dimension in ("assistance", "promotion", "restitution"):
        about = {
            "description": "Azione di prova",
            "result": "Risultato di prova",
            "area": scene.chance.choice(AREAS),
            "provider": scene.chance.choice(PROVIDERS),
            "responsible": scene.pact["lead"],
            "starts": starts,
            "until": until,
        }
        if dimension != "assistance":
            about |= {"committed": "1", "hours": "24"}
        told |= {f"{dimension}_1_{name}": word for name, word in about.items()}
    return told


def _add_action(scene: Scene, dimension: str, until: str) -> int:
    chance = scene.chance
    commits = None if dimension == "assistance" else scene.family.committed
    made = scene.pacts(
        "add_action",
        dimension=dimension,
        area=chance.choice(AREAS),
        description="Azione di prova",
        provider=chance.choice(PROVIDERS),
        responsible=scene.pact["lead"],
        starts=scene.today,
        until=until,
        expected_result="Risultato di prova",
        committed=commits,
        quantity_eur=scene.amount(50, 400) if dimension == "assistance" else None,
        quantity_hours=scene.amount(5, 60) if commits else None,
    )
    return int(made["action"])


def _italian(day: str) -> str:
    year, month, number = day.split("-")
    return f"{number}/{month}/{year}"
