"""Which kinds of facts there are, and that what no simulated year brings has its reason."""

from services.console.year.kinds import NOT_IN_A_YEAR, all_kinds, lacking
from services.kernel.aggregate import Aggregate
from tests.architecture.test_house import aggregates, frozen


def test_the_kinds_are_all_that_may_ever_be_stored_but_for_types_of_streams() -> None:
    kinds = all_kinds()
    streams = {each.TOPIC for each in aggregates(Aggregate) if "TOPIC" in vars(each)}
    assert sorted(kinds | streams) == frozen("topics.txt")
    assert not kinds & streams


def test_what_a_year_does_not_bring_is_a_kind_and_has_a_reason() -> None:
    assert NOT_IN_A_YEAR.keys() <= all_kinds()
    assert all(len(reason) > 20 for reason in NOT_IN_A_YEAR.values())


def test_a_year_in_which_nothing_happened_lacks_every_other_kind() -> None:
    assert set(lacking({})) == all_kinds() - NOT_IN_A_YEAR.keys()
