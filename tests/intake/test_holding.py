"""Legal hold: what must be kept is not erased, until no reason stands any more."""

from datetime import date

import pytest

from services.intake.codes import ErasureReason, LegalHold
from services.intake.family import Family
from services.intake.holding import HeldByLaw, HoldDoesNotStand, HoldStandsAlready
from services.intake.standing import FamilyErased
from services.kernel.refusal import BadWord
from tests.intake.moments import CODE, DAY, family, informed, referred
from tests.intake.test_family import erased
from tests.intake.test_service import bring_in
from tests.scenario import fact

APR_1 = date(2026, 4, 1)
ERASE = {"because": ErasureReason.ASKED_BY_FAMILY, "shared": False, "on": DAY}


def placed(hold):
    return fact(Family.LegalHoldPlaced, hold=hold, on=DAY)


def lifted(hold):
    return fact(Family.LegalHoldLifted, hold=hold, on=APR_1)


CLAIM, AUTHORITY = LegalHold.CLAIM, LegalHold.AUTHORITY


@pytest.mark.parametrize("hold", LegalHold)
@pytest.mark.parametrize("before", [(referred,), (referred, informed)])
def test_a_hold_is_placed_and_lifted_at_any_time(before, hold):
    family(*before).when(Family.place_legal_hold, hold=hold, on=DAY).then(placed(hold))
    held = family(*before, placed(hold))
    held.when(Family.lift_legal_hold, hold=hold, on=APR_1).then(lifted(hold))
    assert held.aggregate().holds == (hold,)
    assert family(*before, placed(hold), lifted(hold)).aggregate().holds == ()


@pytest.mark.parametrize("because", ErasureReason)
@pytest.mark.parametrize("hold", LegalHold)
def test_while_a_hold_stands_the_family_is_not_erased_whatever_the_reason(hold, because):
    family(referred, placed(hold)).when(Family.erase, **ERASE | {"because": because}).refuses(
        HeldByLaw, family=CODE, holds=[hold]
    )


def test_each_reason_stands_by_itself():
    both = (referred, placed(CLAIM), placed(AUTHORITY))
    family(*both).when(Family.erase, **ERASE).refuses(
        HeldByLaw, family=CODE, holds=[CLAIM, AUTHORITY]
    )
    family(*both, lifted(CLAIM)).when(Family.erase, **ERASE).refuses(
        HeldByLaw, family=CODE, holds=[AUTHORITY]
    )
    family(*both, lifted(CLAIM), lifted(AUTHORITY)).when(Family.erase, **ERASE).then(erased)


def test_a_hold_is_placed_once_and_lifted_once():
    family(referred, placed(CLAIM)).when(Family.place_legal_hold, hold=CLAIM, on=DAY).refuses(
        HoldStandsAlready, family=CODE, hold=CLAIM
    )
    for before in ((), (placed(AUTHORITY),), (placed(CLAIM), lifted(CLAIM))):
        family(referred, *before).when(Family.lift_legal_hold, hold=CLAIM, on=DAY).refuses(
            HoldDoesNotStand, family=CODE, hold=CLAIM
        )


def test_what_was_erased_is_not_held():
    family(referred, erased).when(Family.place_legal_hold, hold=CLAIM, on=DAY).refuses(
        FamilyErased, family=CODE, on=DAY
    )


def test_what_is_held_is_still_there_and_goes_once_no_hold_stands(desk):
    code = bring_in(desk)
    asked = {"family": code, "because": "asked_by_family"}
    desk.ask("place_legal_hold", "administrator", family=code, hold="funder_control")
    assert desk.ask("family", "auditor", family=code)["legal_holds"] == ["funder_control"]
    before = desk.written()
    with pytest.raises(HeldByLaw):
        desk.ask("erase_family", "administrator", **asked)
    assert desk.written() == before
    assert "intake/family_erased.v1" not in [name for name, _ in desk.told("lead")]
    desk.ask("lift_legal_hold", "administrator", family=code, hold="funder_control")
    desk.ask("erase_family", "administrator", **asked)
    assert desk.written()[1:] == (0, 0, 1)


def test_a_reason_that_is_none_is_refused(desk):
    code = bring_in(desk)
    for method in ("place_legal_hold", "lift_legal_hold"):
        with pytest.raises(BadWord) as refusal:
            desk.ask(method, "administrator", family=code, hold="curiosity")
        assert refusal.value.facts["argument"] == "hold"
