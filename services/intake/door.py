"""What the doors of intake have in common: which aggregate is edited, and what is answered."""

from datetime import date
from random import SystemRandom

from services.intake.codes import AccessPoint
from services.intake.family import Family
from services.intake.family_code import family_id, new_code, read_code
from services.intake.guidelines import IntakeGuidelines
from services.intake.household import HouseholdFacts
from services.intake.known_names import KnownNames, names_id, names_in
from services.intake.microequipe import (
    SEE_ANY,
    Microequipe,
    NotOfTheMicroequipe,
    OnlyAReferenceFigure,
    microequipe_id,
    must_see,
)
from services.intake.pairing import Pair, pair_id
from services.intake.recognising import recognise
from services.intake.referral import ReferralFacts
from services.intake.views.entrusted import entrusted_with_any
from services.intake.views.memberships import families_of
from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.parameters import PARAMETERS, Parameters
from services.kernel.words import Body

CHANCE = SystemRandom()
"""Where the random characters of family codes come from."""
EVERYBODY_CONCERNED = (
    "access_point_operator",
    "verifier",
    "microequipe_member",
    "microequipe_lead",
    "case_manager",
    "project_manager",
    "auditor",
    "administrator",
)
"""Roles that see codes, days and outcomes; names and amounts are for verifiers."""
ACROSS_FAMILIES = SEE_ANY | {"microequipe_lead", "case_manager"}
"""Roles of who sees what is across families, whatever they are to some of them."""


def edit(intake: Deciding, family: str, expected_version: int | None) -> Family:
    """The family of a code as it was typed, to be edited.

    Raises:
        WrongFamilyCode: it is no code of a family.
        Unknown: there is no such family here.
        VersionMoved: somebody else was faster.
    """
    code = read_code(parsing.text("family", family, longest=80))
    return intake.edit(Family, family_id(code), expected_version)


def refer(
    intake: Deciding, access_point: AccessPoint, told: ReferralFacts, on: date, by: Actor
) -> Family:
    """A new family, under a code that no other has."""
    code = new_code(
        intake.organisation,
        CHANCE,
        taken=lambda code: intake.find(Family, family_id(code)) is not None,
    )
    sealed = intake.seal(family_id(code), "referral", told.text())
    return intake.add(
        Family.refer(code, access_point, sealed, told.lacking, on=on, today=intake.today, by=by)
    )


def seen(intake: Deciding, by: Actor, family: str) -> Family:
    """The family, for who may see it: whoever works with single families sees their own.

    Raises:
        NotOfTheMicroequipe: *by* is not with this family today.
    """
    found = edit(intake, family, None)
    must_see(by, found.code, intake.find(Microequipe, microequipe_id(found.code)), intake.today)
    return found


def must_see_across(intake: Deciding, by: Actor) -> None:
    """Refuse what is across families to who neither sees one whole nor has a role for it [3] [4].

    Raises:
        OnlyAReferenceFigure: *by* is with families as a reference figure alone.
        NotOfTheMicroequipe: *by* is with none today, whatever they were.
    """
    if by.roles & ACROSS_FAMILIES:
        return
    person = parsing.uuid("identity", by.person)
    if not entrusted_with_any(intake.connection, person, intake.today):
        of_some = next(families_of(intake.connection, person, intake.today), None)
        raise NotOfTheMicroequipe() if of_some is None else OnlyAReferenceFigure()


def know(
    intake: Deciding,
    family: str,
    told: HouseholdFacts | ReferralFacts,
    by: Actor,
    propose: bool = True,
) -> None:
    """Let our pacts know which names nobody may write on a form, and see who is known already."""
    if (names := names_in(told)) is None:
        return
    known = intake.find(KnownNames, names_id(family)) or intake.add(KnownNames.opened(family, by))
    known.tell(intake.seal(family_id(family), "names", names), on=intake.today, by=by)
    recognise(intake, family, told.tax_codes, propose=propose, by=by)


def standing(intake: Deciding, family: str, expected_version: int | None) -> Family:
    """The family, to be edited, if its data was not erased."""
    edited = edit(intake, family, expected_version)
    edited.must_not_be_erased()
    return edited


def pair_of(intake: Deciding, family: str, other: str) -> Pair:
    """Two files that may be about one person, in either order."""
    codes = [
        read_code(parsing.text(name, told, longest=80))
        for name, told in (("family", family), ("other", other))
    ]
    return intake.edit(Pair, pair_id(*codes))


def edit_microequipe(intake: Deciding, family: str, expected_version: int | None) -> Microequipe:
    """The microequipe of a family, to be edited."""
    code = read_code(parsing.text("family", family, longest=80))
    return intake.edit(Microequipe, microequipe_id(code), expected_version)


def standing_microequipe(
    intake: Deciding, family: str, expected_version: int | None
) -> Microequipe:
    """The microequipe, to be edited, of a family whose data was not erased."""
    standing(intake, family, None)
    return edit_microequipe(intake, family, expected_version)


def guidelines_today(intake: Deciding) -> IntakeGuidelines:
    """The version of the guidelines that is in force today."""
    return IntakeGuidelines.in_force(intake.find(Parameters, PARAMETERS), intake.today)


def done(edited: Family | Microequipe) -> Body:
    """What every edit answers: the code, and the version that it made."""
    code = edited.code if isinstance(edited, Family) else edited.family
    return {"family": code, "version": edited.version}
