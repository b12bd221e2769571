import pytest

from services.pacts.along import Position, Representation
from services.pacts.content import Party
from services.pacts.pact import Pact
from services.pacts.refusals import (
    AlreadyHeard,
    MinorNotHeard,
    NobodySigns,
    NotAMinorToBeHeard,
    NotAParty,
    PositionsFixed,
    RepresentativeNotNamed,
    SignaturesBegun,
)
from tests.pacts.moments import (
    BY_MEMBER,
    LEAD,
    MAY_14,
    MAY_20,
    MOTHER,
    SON,
    STRANGER,
    approved,
    lead_signed,
    mother_signed,
    on_the_table,
    signed,
    son_signed,
    written,
)
from tests.scenario import fact, given

to_sign = (*on_the_table, approved)
tutor_signed = fact(Pact.Signed, person=STRANGER, party=Party.FAMILY, on=MAY_20)
all_signed = fact(Pact.SignedByAll, on=MAY_20)
son_heard = fact(Pact.MinorHeard, person=SON, on=MAY_14)


def told(person, position, signer=None, representation=None):
    return fact(
        Pact.PositionTold,
        person=person,
        position=position,
        signer=signer,
        representation=representation,
        on=MAY_14,
    )


son_is_minor = told(SON, Position.MINOR_FROM_14)
son_has_a_tutor = told(SON, Position.ADULT, STRANGER, Representation.TUTOR)


def sign(*facts, person):
    return given(*to_sign, *facts).when(Pact.sign, person=person, on=MAY_20)


@pytest.mark.parametrize("before", [written, on_the_table, to_sign])
@pytest.mark.parametrize("position", list(Position))
def test_the_microequipe_tells_in_which_position_somebody_is(before, position):
    given(*before).when(
        Pact.tell_position, person=SON, position=position, on=MAY_14, by=BY_MEMBER
    ).then(told(SON, position))


@pytest.mark.parametrize("representation", list(Representation))
def test_who_signs_for_somebody_is_told_with_the_right_to_do_so(representation):
    words = {"person": SON, "position": Position.ADULT, "on": MAY_14}
    given(*to_sign).when(
        Pact.tell_position, **words, signer=STRANGER, representation=representation
    ).then(told(SON, Position.ADULT, STRANGER, representation))
    for half in (
        {"signer": STRANGER},
        {"representation": representation},
        {"signer": SON, "representation": representation},
    ):
        given(*to_sign).when(Pact.tell_position, **words, **half).refuses(
            RepresentativeNotNamed, person=SON
        )


def test_positions_are_told_before_the_first_signature():
    words = {"person": SON, "position": Position.ADULT, "on": MAY_14}
    given(*to_sign, mother_signed).when(Pact.tell_position, **words).refuses(
        SignaturesBegun, signed=1
    )
    given(*signed).when(Pact.tell_position, **words).refuses(PositionsFixed, state="signed")


def test_a_tutor_signs_in_the_place_of_whom_they_represent():
    sign(son_has_a_tutor, person=SON).refuses(NotAParty, person=SON)
    sign(son_has_a_tutor, mother_signed, lead_signed, person=STRANGER).then(
        tutor_signed, all_signed
    )


def test_one_who_signs_for_others_and_for_themself_signs_once():
    mother_for_son = told(SON, Position.ADULT, MOTHER, Representation.AMMINISTRATORE_DI_SOSTEGNO)
    sign(mother_for_son, lead_signed, person=MOTHER).then(mother_signed, all_signed)


def test_what_was_told_later_counts():
    adult = told(SON, Position.ADULT)
    sign(son_has_a_tutor, adult, mother_signed, lead_signed, person=SON).then(
        son_signed, all_signed
    )


@pytest.mark.parametrize(
    ("position", "heard"),
    [(Position.MINOR_UNDER_14, False), (Position.MINOR_FROM_14, True)],
)
def test_a_minor_does_not_sign_and_is_heard_from_fourteen_on(position, heard):
    minor = told(SON, position)
    sign(minor, person=SON).refuses(NotAParty, person=SON)
    last = sign(minor, mother_signed, person=LEAD)
    if heard:
        last.refuses(MinorNotHeard, persons=[SON])
    else:
        last.then(lead_signed, all_signed)


def test_before_the_last_signature_nobody_asks_whether_a_minor_was_heard():
    sign(son_is_minor, person=MOTHER).then(mother_signed)
    sign(son_is_minor, son_heard, mother_signed, person=LEAD).then(lead_signed, all_signed)


def test_an_adult_is_heard_by_signing():
    sign(mother_signed, son_signed, person=LEAD).then(lead_signed, all_signed)


def test_a_minor_is_heard_once_between_two_signatures_too():
    given(*to_sign, son_is_minor, mother_signed).when(
        Pact.hear_minor, person=SON, on=MAY_14, by=BY_MEMBER
    ).then(son_heard)
    given(*to_sign, son_is_minor, son_heard).when(Pact.hear_minor, person=SON, on=MAY_20).refuses(
        AlreadyHeard, person=SON, on=MAY_14
    )


@pytest.mark.parametrize("facts", [(), (told(SON, Position.MINOR_UNDER_14),)])
def test_only_who_was_told_to_be_a_minor_from_fourteen_on_is_heard(facts):
    given(*to_sign, *facts).when(Pact.hear_minor, person=SON, on=MAY_14).refuses(
        NotAMinorToBeHeard, person=SON
    )


def test_a_pact_to_which_only_minors_commit_is_signed_by_who_represents_them():
    minors = (told(SON, Position.MINOR_UNDER_14), told(MOTHER, Position.MINOR_UNDER_14))
    sign(*minors, person=LEAD).refuses(NobodySigns, signatories=[SON, MOTHER])
    parent = told(SON, Position.MINOR_UNDER_14, STRANGER, Representation.PARENT)
    sign(*minors, parent, person=LEAD).then(lead_signed)
    sign(*minors, parent, lead_signed, person=STRANGER).then(tutor_signed, all_signed)
