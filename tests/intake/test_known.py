"""What is known of a family's people beside its file: names and codes, sealed, and nothing else."""

from types import SimpleNamespace

import pytest

from services.intake.codes import Relation
from services.intake.household import HouseholdFacts, Member
from services.intake.known_names import KnownNames, names_id, names_in
from services.intake.known_persons import KnownPersons, known_persons_id
from services.intake.recognising import bucket_of
from services.intake.referral import ReferralFacts
from tests.intake.moments import CODE, DAY, sealed
from tests.scenario import SOMEBODY, Story, fact, given

ROSSI = Member(1, Relation.APPLICANT, name="Nicolò Rossi", tax_code="RSSNCL80A01H501B")
SISTER = Member(2, Relation.SIBLING, name="Ada Rossi")
SAME_NAME = Member(3, Relation.CHILD, name="Nicolò Rossi")
NOBODY = Member(4, Relation.OTHER)


def test_names_and_tax_codes_of_a_household_are_told_once_each_as_they_are_written():
    told = HouseholdFacts((ROSSI, SISTER, SAME_NAME, NOBODY))
    assert names_in(told) == '["Ada Rossi", "Nicolò Rossi", "RSSNCL80A01H501B"]'


def test_a_referral_tells_the_person_and_their_tax_code():
    assert names_in(ReferralFacts(person="Ada Rossi", tax_code=None)) == '["Ada Rossi"]'


def test_where_nobody_is_named_nothing_is_kept():
    assert names_in(HouseholdFacts((NOBODY,))) is None
    assert names_in(ReferralFacts()) is None


def test_names_of_a_family_are_told_one_after_the_other_in_a_stream_of_their_own():
    opened = fact(KnownNames.Opened, family=CODE)
    given().when(KnownNames.opened, family=CODE).then(opened)
    told = Story((opened,), names_id(CODE))
    assert told.aggregate().family == CODE
    told.when(KnownNames.tell, names=sealed(1), on=DAY).then(
        fact(KnownNames.Told, names=sealed(1), on=DAY)
    )


def test_a_person_is_known_by_a_sealed_code_and_the_bucket_of_its_fingerprint():
    opened = fact(KnownPersons.Opened, family=CODE)
    given().when(KnownPersons.opened, family=CODE).then(opened)
    Story((opened,), known_persons_id(CODE)).when(
        KnownPersons.identify, tax_code=sealed(1), bucket=255, on=DAY
    ).then(fact(KnownPersons.PersonIdentified, family=CODE, tax_code=sealed(1), bucket=255, on=DAY))
    assert KnownPersons.opened(CODE, SOMEBODY).id == known_persons_id(CODE)


@pytest.mark.parametrize(("fingerprint", "bucket"), [(255, 255), (256, 0), (257, 1)])
def test_there_are_256_buckets_for_ever_or_who_is_known_would_be_looked_for_elsewhere(
    fingerprint, bucket
):
    deciding = SimpleNamespace(fingerprint=lambda _text: fingerprint.to_bytes(32))
    assert bucket_of(deciding, "RSSNCL80A01H501B") == bucket
