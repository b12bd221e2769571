"""What is known of the mutants is told of every rule file, and every survivor has a reason."""

from collections import Counter

from tests.mutants.recording import UNJUDGED, Row, measured, survivors, unmeasured
from tests.mutants.rules import ROOT, rule_files

SAME = "the same"
LEAST = 85.0
LEAST_OF_ALL = 90.0


def test_every_rule_file_of_the_contract_is_listed_and_no_other():
    listed = [*(row.file for row in measured()), *unmeasured()]
    assert sorted(listed) == sorted(rule_files()), "`make mutants FILES=--record` lists a new one"


def test_the_files_exist():
    assert [row.file for row in measured() if not (ROOT / row.file).is_file()] == []


def test_no_file_is_below_85_of_a_hundred_and_all_are_above_90():
    rows = measured()
    same = Counter(each.file for each in survivors() if each.reason.startswith(SAME))
    different = [Row(row.file, row.mutants - same[row.file], row.killed) for row in rows]
    assert [str(row) for row in different if row.rate < LEAST] == []
    all_of_them = Row("all", sum(row.mutants for row in rows), sum(row.killed for row in rows))
    assert all_of_them.rate >= LEAST_OF_ALL


def test_every_survivor_is_listed_with_a_reason():
    assert [each for each in survivors() if each.reason == UNJUDGED] == []
    assert Counter(each.file for each in survivors()) == Counter(
        {row.file: row.mutants - row.killed for row in measured() if row.mutants > row.killed}
    )
