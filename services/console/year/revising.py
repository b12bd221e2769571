"""What changes in a draft: goals, capacities and resources go, and who signs for whom is told."""

from services.console.year.family import NotNow, Scene


def a_goal_is_given_up(scene: Scene) -> None:
    """One goal of several."""
    goals = scene.pact["goals"]
    if len(goals) < 2:
        raise NotNow
    scene.pacts("remove_goal", goal=goals[-1]["number"])


def another_capacity(scene: Scene) -> None:
    """Something else that the family can do takes the place of what was linked."""
    for old in scene.pact["capacities"][:1]:
        words = {"kind": "informal", "description": "Altra capacità di prova"}
        scene.pacts("link_capacity", action=old["action"], **words)
        scene.pacts("unlink_capacity", capacity=old["number"])
        return
    raise NotNow


def another_resource(scene: Scene) -> None:
    """Somebody else of the community takes part."""
    for old in scene.pact["community_resources"][:1]:
        words = {"kind": "parish", "description": "Altra risorsa di prova"}
        scene.pacts("name_resource", **words)
        scene.pacts("remove_resource", resource=old["number"])
        return
    raise NotNow


def a_minor_takes_part(scene: Scene) -> None:
    """Somebody of the family is 14 or more, and must be heard before the last signature."""
    if scene.pact["positions"]:
        raise NotNow
    minor = scene.family.new_id()
    scene.pacts("tell_position", person=minor, position="minor_from_14")


def somebody_signs_for_another(scene: Scene) -> None:
    """Who commits has an *amministratore di sostegno*."""
    scene.pacts(
        "tell_position",
        person=scene.family.committed,
        position="adult",
        signer=scene.family.new_id(),
        representation="amministratore_di_sostegno",
    )


def the_minor_is_heard(scene: Scene) -> None:
    """Somebody asked the minor about the pact."""
    for person in scene.pact["to_be_heard"]:
        scene.pacts("hear_minor", person=person)
        return
    raise NotNow
