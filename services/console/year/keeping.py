"""What becomes of a family's data: held by law, let go, sent elsewhere, erased."""

from services.console.year.family import AT_REST, NotNow, Scene

HOLDS = ("authority", "claim", "funder_control")


def a_hold_is_placed(scene: Scene) -> None:
    """Somebody needs the family's data for now, whoever asks for its erasure."""
    if scene.family.hold is not None:
        raise NotNow
    hold = scene.chance.choice(HOLDS)
    _administer(scene, "place_legal_hold", hold=hold)
    scene.family.hold = hold


def a_hold_is_lifted(scene: Scene) -> None:
    """Nobody needs it any more."""
    if scene.family.hold is None:
        raise NotNow
    _administer(scene, "lift_legal_hold", hold=scene.family.hold)
    scene.family.hold = None


def the_family_is_erased(scene: Scene) -> str:
    """Everything personal about the family is destroyed, as it asked; not while a hold stands."""
    because = scene.chance.choice(("asked_by_family", "retention_ended"))
    _administer(scene, "erase_family", because=because)
    return AT_REST


def erased_while_the_committee_looks(scene: Scene) -> str:
    """Its proposal is set aside: nobody decides on it any more."""
    return the_family_is_erased(scene)


def erased_with_an_amendment_on_its_way(scene: Scene) -> str:
    """The amendment is set aside, and the pact goes on without its texts."""
    if not any(each["state"] == "proposed" for each in scene.pact["amendments"]):
        raise NotNow
    return the_family_is_erased(scene)


def erased_after_its_mails(scene: Scene) -> str:
    """The mails that brought its forms are destroyed, too."""
    if not scene.family.mailed:
        raise NotNow
    return the_family_is_erased(scene)


def directed_elsewhere(scene: Scene) -> None:
    """Before anybody verified it, the family was told who else may help."""
    to = scene.chance.choice(("centro_per_impiego", "caf_patronato", "servizi_sociali"))
    scene.intake("operator", "direct_elsewhere", to=to)


def _administer(scene: Scene, method: str, **words: str) -> None:
    organisation, family = scene.family.organisation, scene.family.code
    by = scene.cast.administrator(organisation)
    scene.asking(organisation, "intake", method, by, family=family, **words)
