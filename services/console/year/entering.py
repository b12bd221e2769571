"""What happens before a family has a pact: referral, evidence, verification, microequipe.

Each is given the scene, asks what people would ask, and says where the family stands afterwards.
"""

from services.console.year.family import AT_REST, OF_THE_PACT, Scene
from services.console.year.households import (
    FAILING,
    GOOD,
    SUSPENDED,
    Evidence,
    evidence,
    told_of,
)

ACCESS_POINTS = {
    "lead": ("cda", "servizi_sociali", "cav"),
    "partner": ("piattaforma", "cav", "consultorio"),
}
MAY_VERIFY = {"lead": ("cda", "servizi_sociali"), "partner": ("piattaforma",)}
STAGE = {
    "eligible": "eligible",
    "not_eligible": "not_eligible",
    "suspended": "suspended_verification",
}
"""Where a family stands after a verification, by its outcome."""
ELEMENTS = (
    "unstable_housing",
    "home_and_budget",
    "fragile_network",
    "no_support_with_children",
    "other",
)


def refer(scene: Scene) -> str:
    """The family is referred, with all that is needed."""
    return _referred(scene, told_of(scene.family.number), "given")


def refer_incompletely(scene: Scene) -> str:
    """The family is referred by somebody who knows little of it; the notice is owed."""
    _referred(scene, {"note": "Segnalazione di prova, da completare"}, "owed")
    return "incomplete"


def complete_the_referral(scene: Scene) -> str:
    """What was lacking is told, and the notice is given."""
    scene.intake("operator", "complete_referral", referral=told_of(scene.family.number))
    scene.intake("operator", "record_information_notice", state="given", on=scene.today)
    return "referred"


def bring_good_evidence(scene: Scene) -> str:
    """What meets the criteria is recorded."""
    return _record(scene, _evidence(scene, GOOD))


def bring_failing_evidence(scene: Scene) -> str:
    """What fails at least one criterion is recorded."""
    return _record(scene, _evidence(scene, FAILING))


def bring_too_little_evidence(scene: Scene) -> str:
    """Something is missing, or cannot be relied on."""
    return _record(scene, _evidence(scene, SUSPENDED))


def verify(scene: Scene) -> str:
    """Somebody verifies the requirements."""
    return _verified(scene, scene.chance.choice(MAY_VERIFY[scene.family.organisation]))


def ask_who_may_not_verify(scene: Scene) -> str:
    """An access point that may not verify is asked, and refused."""
    return _verified(scene, "cav" if scene.family.organisation == "lead" else "consultorio")


def form_a_microequipe(scene: Scene) -> str:
    """The people around the family come together; sometimes a case manager assists them."""
    family, cast, chance = scene.family, scene.cast, scene.chance
    lead = chance.choice(cast.numbered(family.organisation, "lead"))
    second = chance.choice(cast.numbered(family.organisation, "member"))
    family.second = second.id if chance.random() < 0.5 else None
    manager = cast["lead", f"case manager {chance.randint(1, 2)}"].id
    members = [
        {"person": lead.id, "kind": chance.choice(("social_worker", "cda_head"))},
        figure(scene, chance.choice(("neighbour", "teacher", "parish", "volunteer"))),
    ]
    if family.second is not None:
        members.append({"person": family.second, "kind": "social_worker"})
    scene.intake(
        "verifier",
        "form_microequipe",
        members=members,
        lead=lead.id,
        case_manager=manager if chance.random() < 0.4 else None,
    )
    family.committed = family.new_id()
    return OF_THE_PACT


def assess_the_certificate(scene: Scene) -> str:
    """A certificate of a kind that needs it is assessed; another one is refused."""
    accepted = scene.chance.random() < 0.8
    reason = "Motivo di prova sulla certificazione"
    scene.intake("verifier", "assess_isee", accepted=accepted, reason=reason)
    return "to be verified"


def give_up(scene: Scene) -> str:
    """Nothing more is heard of the family."""
    return AT_REST


def figure(scene: Scene, role: str) -> dict[str, str]:
    """A reference figure without an account, on whom the family agreed today."""
    return {
        "person": scene.family.new_id(),
        "kind": "reference_figure",
        "role": role,
        "name": f"Zita Inventata{scene.family.number}",
        "agreed_on": scene.today,
    }


def _referred(scene: Scene, told: dict[str, str], notice: str) -> str:
    family = scene.family
    family.access_point = scene.chance.choice(ACCESS_POINTS[family.organisation])
    made = scene.intake(
        "operator",
        "refer_family",
        access_point=family.access_point,
        on=scene.today,
        referral=told,
    )
    family.code = made["family"]
    scene.intake("operator", "record_information_notice", state=notice, on=scene.today)
    return "referred"


def _evidence(scene: Scene, kinds: tuple[str, ...]) -> Evidence:
    return evidence(scene.chance.choice(kinds), scene.family.number, scene.day, scene.chance)


def _record(scene: Scene, brought: Evidence) -> str:
    if brought.household is not None:
        scene.intake("operator", "record_household", members=list(brought.household))
    if brought.isee is not None:
        scene.intake("operator", "record_isee", **brought.isee)
    for element in scene.chance.sample(ELEMENTS, scene.chance.randint(0, 2)):
        note = "Nota di prova sulla situazione"
        scene.intake("operator", "record_vulnerability", element=element, note=note)
    if scene.chance.random() < 0.6:
        kind = scene.chance.choice(("personal", "professional", "informal"))
        scene.intake("operator", "record_capacity", kind=kind, capacity="Sa riparare biciclette")
    return "to be verified"


def _verified(scene: Scene, at: str) -> str:
    directed = scene.chance.choice(("centro_per_impiego", "caf_patronato", "servizi_sociali"))
    made = scene.intake("verifier", "verify_eligibility", at=at, directed_to=directed)
    return STAGE[made["outcome"]]
