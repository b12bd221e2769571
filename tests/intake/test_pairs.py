"""A person who was told twice is proposed; a person says whether it is one family."""

from datetime import date

import pytest

from services.console.history import history
from services.intake.family import Family
from services.intake.joining import MicroequipeGoesOn
from services.intake.pairing import (
    NotOfThePair,
    Pair,
    PairDecided,
    PairNotDecided,
    PairState,
    pair_id,
)
from services.intake.standing import FamilyErased, JoinedIntoAnother, VerifierNotNamed
from services.intake.tax_code import TaxCodeMisshapen
from services.kernel.actor import Actor
from services.kernel.identity import RoleWithoutRight
from services.kernel.refusal import BadWord, Unknown
from tests.intake.moments import (
    CODE,
    DAY,
    certified,
    described,
    eligible,
    family,
    informed,
    referred,
    verified,
)
from tests.intake.test_family import PROCESSING, erased, owed
from tests.intake.test_service import admit, bring_in, form
from tests.scenario import Story, fact, given

OTHER = "LEAD-2R8TQX-G"
SERVICE = Actor.of_service("lead", "intake")
PROVA = "SMPPVN79C14H501W"
SAGGIO = "NVNSGN51S70H501F"

# the pair

proposed = fact(Pair.Proposed, first=CODE, second=OTHER, on=DAY)
confirmed = fact(Pair.Confirmed, goes_on=CODE, on=DAY)
refused = fact(Pair.NotTheSame, on=DAY)
undone = fact(Pair.Undone, on=DAY)


def pair(*facts):
    return Story((proposed, *facts), pair_id(CODE, OTHER))


def test_two_referrals_of_one_person_are_proposed():
    given().when(Pair.propose, first=CODE, second=OTHER, on=DAY).then(proposed)
    assert pair_id(CODE, OTHER) == pair_id(OTHER, CODE)


@pytest.mark.parametrize("goes_on", [CODE, OTHER])
def test_a_person_says_that_they_are_one_family_and_which_code_goes_on(goes_on):
    told = fact(Pair.Confirmed, goes_on=goes_on, on=DAY)
    pair().when(Pair.confirm, goes_on=goes_on, on=DAY).then(told)
    found = pair(told).aggregate()
    assert (found.state, found.goes_on) == (PairState.CONFIRMED, goes_on)


def test_a_person_says_that_they_are_two_families():
    pair().when(Pair.refuse, on=DAY).then(refused)
    found = pair(refused).aggregate()
    assert (found.state, found.goes_on) == (PairState.REFUSED, None)


def test_each_of_the_two_has_the_other():
    assert pair().aggregate().other_than(CODE) == OTHER
    assert pair().aggregate().other_than(OTHER) == CODE


@pytest.mark.parametrize("said", [confirmed, refused])
def test_what_was_said_is_undone_and_may_be_said_again(said):
    pair(said).when(Pair.undo, on=DAY).then(undone)
    pair(said, undone).when(Pair.refuse, on=DAY).then(refused)
    assert pair(said, undone).aggregate().goes_on is None


@pytest.mark.parametrize(("said", "state"), [(confirmed, "confirmed"), (refused, "refused")])
def test_what_was_said_is_not_said_again(said, state):
    pair(said).when(Pair.confirm, goes_on=CODE, on=DAY).refuses(PairDecided, state=state)
    pair(said).when(Pair.refuse, on=DAY).refuses(PairDecided, state=state)


@pytest.mark.parametrize("before", [(), (refused, undone)])
def test_nothing_is_undone_before_it_was_said(before):
    pair(*before).when(Pair.undo, on=DAY).refuses(PairNotDecided, first=CODE, second=OTHER)


def test_a_third_family_does_not_go_on():
    third = "LEAD-000000-0"
    pair().when(Pair.confirm, goes_on=third, on=DAY).refuses(NotOfThePair, family=third)


def test_no_service_says_what_a_pair_is():
    pair().when(Pair.confirm, goes_on=CODE, on=DAY, by=SERVICE).refuses(VerifierNotNamed)
    pair().when(Pair.refuse, on=DAY, by=SERVICE).refuses(VerifierNotNamed)
    pair(refused).when(Pair.undo, on=DAY, by=SERVICE).refuses(VerifierNotNamed)


# the family that is followed under another code

joined = fact(Family.Joined, into=OTHER, on=DAY)
parted = fact(Family.JoiningUndone, on=DAY)
KNOWN = (referred, informed, described, certified, verified())
INTO = {"into": OTHER, "has_microequipe": False, "on": DAY}


def test_a_family_is_followed_under_another_code_and_under_its_own_again():
    family(*KNOWN).when(Family.join, **INTO).then(joined)
    family(*KNOWN, joined).when(Family.undo_joining, on=DAY).then(parted)
    family(*KNOWN).when(Family.undo_joining, on=DAY).then()


def test_a_family_that_has_a_microequipe_goes_on():
    family(*KNOWN).when(Family.join, **INTO | {"has_microequipe": True}).refuses(
        MicroequipeGoesOn, family=CODE
    )


def test_a_family_is_followed_under_one_other_code():
    family(*KNOWN, joined).when(Family.join, **INTO).refuses(
        JoinedIntoAnother, family=CODE, into=OTHER
    )
    family(*KNOWN, erased).when(Family.join, **INTO).refuses(FamilyErased, family=CODE, on=DAY)


@pytest.mark.parametrize("method", [each for each in PROCESSING if each != "assess"])
def test_what_is_new_is_recorded_under_the_code_that_goes_on(method):
    family(*KNOWN, joined).when(getattr(Family, method), **PROCESSING[method]).refuses(
        JoinedIntoAnother, family=CODE, into=OTHER
    )


def test_no_microequipe_is_formed_for_it_until_that_is_undone():
    with pytest.raises(JoinedIntoAnother):
        family(*KNOWN, joined).aggregate().must_be_eligible()
    family(*KNOWN, joined, parted).aggregate().must_be_eligible()
    eligible().must_be_eligible()


def test_nothing_is_awaited_of_it():
    later = date(2026, 12, 1)
    words = {"has_microequipe": False, "days": 30, "on": later}
    family(*KNOWN, joined).when(Family.note_that_no_microequipe_was_formed, **words).then()
    family(referred, owed, joined).when(Family.note_that_the_notice_is_overdue, on=later).then()


# the door


def refer(desk, code, **more):
    told = {"access_point": "cda", "on": "2026-03-02", "referral": {"tax_code": code} | more}
    return desk.ask("refer_family", "access_point_operator", **told)["family"]


def waiting(desk, state="open"):
    rows = desk.ask("possible_duplicates", "verifier", state=state)
    return [(row["first"], row["second"]) for row in rows]


def test_who_is_referred_a_second_time_is_proposed_once(desk):
    first = bring_in(desk)
    second = refer(desk, f" {PROVA.lower()} ")
    refer(desk, SAGGIO)
    assert waiting(desk) == [(first, second)]
    notice = {"family": second, "state": "given", "on": "2026-03-02"}
    desk.ask("record_information_notice", "verifier", **notice)
    members = [{"number": 1, "relation": "applicant", "tax_code": PROVA}]
    desk.ask("record_household", "verifier", family=second, members=members)
    assert desk.topics().count("intake.DuplicateProposed") == 1


@pytest.mark.parametrize("code", [PROVA, "STP0301200000001", "12345678903"])
def test_a_code_of_any_kind_is_known_again_and_stands_nowhere_in_clear(desk, code):
    first, second = refer(desk, code), refer(desk, code)
    assert waiting(desk) == [(first, second)]
    assert code not in desk.stored_text()
    for number in range(len(desk.composition.views)):
        assert code not in repr(desk.view(number))
    assert desk.reads() == []


def test_only_a_bucket_of_256_is_stored_of_a_fingerprint(desk):
    refer(desk, PROVA)
    (told,) = [event for event in desk.events() if event.TOPIC == "intake.PersonIdentified"]
    assert 0 <= told.bucket < 256


def test_neighbours_in_one_bucket_are_not_taken_for_one_person(desk, monkeypatch):
    monkeypatch.setattr("services.intake.recognising.BUCKETS", 1)
    refer(desk, PROVA)
    refer(desk, SAGGIO)
    assert waiting(desk) == []


def test_a_member_of_a_household_is_known_again(desk):
    first = bring_in(desk)
    second = refer(desk, None, person="Prova Cinque")
    notice = {"family": second, "state": "given", "on": "2026-03-02"}
    desk.ask("record_information_notice", "verifier", **notice)
    members = [{"number": 1, "relation": "applicant", "tax_code": "SMPPVD83L42H501G"}]
    desk.ask("record_household", "verifier", family=second, members=members)
    assert waiting(desk) == [(first, second)]


def test_who_went_in_a_split_is_not_proposed(desk):
    code = admit(desk)
    going = [{"number": 2, "relation": "applicant"}, {"number": 3, "relation": "child"}]
    words = {"family": code, "members": going, "on": "2026-03-02"}
    desk.ask("split_household", "verifier", **words)
    assert waiting(desk) == []


def test_an_erased_person_is_not_known_again(desk):
    first = bring_in(desk)
    desk.ask("erase_family", "administrator", family=first, because="asked_by_family")
    refer(desk, PROVA)
    assert waiting(desk) == []


def test_two_referrals_become_one_family_and_two_again(desk):
    first = admit(desk)
    second = refer(desk, PROVA)
    desk.ask("mark_safe_contact", "verifier", family=second, how="solo al CDA di prova")
    pair = {"family": second, "other": first}
    answer = desk.ask("confirm_duplicate", "verifier", **pair, goes_on=first)
    assert answer == {"goes_on": first, "joined": second}
    assert (waiting(desk), waiting(desk, "confirmed")) == ([], [(first, second)])
    assert desk.ask("family", "auditor", family=second)["joined_into"] == first
    assert desk.ask("family", "auditor", family=first)["safe_contact"] is True
    notice = {"family": second, "state": "given", "on": "2026-03-02"}
    desk.ask("record_information_notice", "verifier", **notice)
    with pytest.raises(JoinedIntoAnother):
        desk.ask("complete_referral", "verifier", family=second, referral={})
    desk.ask("undo_duplicate", "verifier", **pair)
    assert waiting(desk) == [(first, second)]
    desk.ask("complete_referral", "verifier", family=second, referral={})
    desk.ask("refuse_duplicate", "verifier", **pair)
    assert waiting(desk, "refused") == [(first, second)]
    assert desk.ask("family", "auditor", family=second)["joined_into"] is None


def test_the_history_of_either_family_tells_what_a_person_said_of_both(desk):
    first = admit(desk)
    second = refer(desk, PROVA)
    desk.ask("confirm_duplicate", "verifier", family=first, other=second, goes_on=first)
    told = {
        code: {each.row.topic for each in history({("lead", "intake"): desk.store}, code)}
        for code in (first, second)
    }
    for topics in told.values():
        assert {"intake.DuplicateProposed", "intake.DuplicateConfirmed"} <= topics
    assert "intake.FamilyJoined" in told[second] - told[first]


def test_the_family_with_the_microequipe_goes_on(desk):
    first = admit(desk)
    form(desk, first)
    second = refer(desk, PROVA)
    before = desk.written()
    with pytest.raises(MicroequipeGoesOn):
        desk.ask("confirm_duplicate", "verifier", family=first, other=second, goes_on=second)
    assert desk.written() == before
    desk.ask("confirm_duplicate", "verifier", family=first, other=second, goes_on=first)


def test_a_joined_family_is_not_told_of_as_dormant(desk):
    desk.days_pass(DAY)
    first = admit(desk)
    second = refer(desk, PROVA)
    words = {"family": first, "other": second, "goes_on": second}
    desk.ask("confirm_duplicate", "verifier", **words)
    desk.days_pass(date(2026, 5, 1))
    assert "intake.FamilyDormant" not in desk.topics()


def test_bad_words_about_pairs_are_refused(desk):
    first, second = refer(desk, PROVA), refer(desk, SAGGIO)
    for method in ("refuse_duplicate", "undo_duplicate"):
        with pytest.raises(Unknown):
            desk.ask(method, "verifier", family=first, other=second)
        with pytest.raises(RoleWithoutRight):
            desk.ask(method, "access_point_operator")
    with pytest.raises(BadWord):
        desk.ask("possible_duplicates", "verifier", state="maybe")
    with pytest.raises(RoleWithoutRight):
        desk.ask("confirm_duplicate", "project_manager")


@pytest.mark.parametrize("code", ["SMPPVN79C14H501X", "abc"])
def test_a_code_with_a_wrong_character_is_refused_and_nothing_is_written(desk, code):
    known = bring_in(desk)
    before = desk.written()
    members = [{"number": 1, "relation": "applicant", "tax_code": code}]
    with pytest.raises(TaxCodeMisshapen):
        refer(desk, code)
    with pytest.raises(TaxCodeMisshapen):
        desk.ask("record_household", "verifier", family=known, members=members)
    assert desk.written() == before
