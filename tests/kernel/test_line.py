"""What our rules could not follow of one producer's words is kept, with why."""

from uuid import UUID

from services.kernel.line import Line
from services.kernel.sealed import Sealed
from tests.scenario import fact, given

LOG = "nord/pacts"
BECAUSE = Sealed(UUID(int=1, version=4), "ab" * 32)
opened = fact(Line.Opened, log_id=LOG)
refused = fact(
    Line.WordsRefused, seq=3, contract="pacts/pact_signed.v1", refusal="NoSuchPact", facts={}
)
skipped = fact(Line.WordsSkipped, seq=5, because=BECAUSE)


def test_words_that_a_rule_refused_are_kept_with_the_refusal():
    given(opened).when(
        Line.refuse, seq=3, contract="pacts/pact_signed.v1", refusal="NoSuchPact", facts={}
    ).then(refused)


def test_words_that_an_operator_stepped_over_are_kept_with_the_reason():
    given(opened, refused).when(Line.skip, seq=5, because=BECAUSE).then(skipped)


def test_a_line_knows_whose_words_it_could_not_follow_and_which():
    line = given(opened, refused, skipped).aggregate()
    assert isinstance(line, Line)
    assert (line.log_id, line.not_followed) == (LOG, (3, 5))
