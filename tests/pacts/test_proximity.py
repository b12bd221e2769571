from datetime import date

from services.pacts.along import TieCount, TieKind
from services.pacts.content import GoalRating, Verification
from services.pacts.pact import Pact
from services.pacts.refusals import NoSuchItem
from tests.pacts.moments import AUG_1, JUN_1, TERMS, activated, active, signed, verified
from tests.scenario import fact, given

HELD = {"ratings": {1: 0}, "terms": TERMS, "on": AUG_1, "family_present": True}
NOV_1 = date(2026, 11, 1)


def counted(verification, on, **numbers):
    ties = tuple(TieCount(kind, numbers.get(kind.value, 0)) for kind in TieKind)
    baseline = numbers.pop("baseline", False)
    return fact(Pact.TiesCounted, ties=ties, baseline=baseline, verification=verification, on=on)


baseline = counted(0, JUN_1, relatives=2, baseline=True)


def test_ties_are_counted_at_the_activation_as_the_baseline():
    given(*signed).when(Pact.activate, terms=TERMS, on=JUN_1, ties={TieKind.RELATIVES: 2}).then(
        activated, baseline
    )


def test_a_pact_becomes_active_without_a_count_too():
    given(*signed).when(Pact.activate, terms=TERMS, on=JUN_1).then(activated)


def test_a_verification_counts_the_ties_again():
    given(*active, baseline).when(
        Pact.verify, **HELD, ties={TieKind.RELATIVES: 1, TieKind.NEIGHBOURS: 3}
    ).then(verified, counted(1, AUG_1, relatives=1, neighbours=3))


def test_without_a_count_at_the_activation_the_first_verification_gives_the_baseline():
    given(*active).when(Pact.verify, **HELD, ties={}).then(
        verified, counted(1, AUG_1, baseline=True)
    )


def test_new_ties_are_those_above_the_baseline_and_lost_ones_below():
    pact = given(
        *active, baseline, verified, counted(1, AUG_1, relatives=1, parish=2), verified
    ).aggregate()
    new = pact.new_ties(1)
    assert (new[TieKind.RELATIVES], new[TieKind.PARISH], new[TieKind.WORK]) == (-1, 2, 0)
    assert (pact.new_ties(0)[TieKind.RELATIVES], pact.new_ties(2)) == (0, {})


def test_a_kind_of_tie_that_was_not_counted_is_none():
    few = (TieCount(TieKind.RELATIVES, 2),)
    told = fact(Pact.TiesCounted, ties=few, baseline=True, verification=0, on=JUN_1)
    new = given(*active, told).aggregate().new_ties(0)
    assert new == dict.fromkeys(TieKind, 0)


def test_the_capacities_that_were_used_are_told_each_once():
    used = fact(Pact.CapacitiesUsed, verification=1, capacities=(1,), on=AUG_1)
    given(*active).when(Pact.verify, **HELD, capacities_used=[1, 1]).then(verified, used)
    assert given(*active, verified, used).aggregate().capacities_used == {1: (1,)}


def test_that_no_capacity_was_used_is_told_too():
    given(*active, verified).when(Pact.verify, **{**HELD, "on": NOV_1}, capacities_used=[]).then(
        fact(
            Pact.Verified,
            verification=Verification(NOV_1, True, False, (GoalRating(1, 0),), None),
            next_by=date(2027, 2, 1),
            guidelines=1,
        ),
        fact(Pact.CapacitiesUsed, verification=2, capacities=(), on=NOV_1),
    )


def test_only_capacities_of_the_pact_are_used():
    given(*active).when(Pact.verify, **HELD, capacities_used=[1, 2]).refuses(NoSuchItem, capacity=2)
