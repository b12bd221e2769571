"""Where people are reached, and whose address it is: the vault alone holds the addresses."""

import json
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding, Occasion
from services.kernel.sealed import Sealed
from services.notify.addresses import BUCKETS, Addresses, Channel, addresses_id, normalised
from services.notify.reaching import bucket_of, known_sender, mail_address
from tests.review.moments import CASE_1, CASE_2
from tests.review.office import Office, _part
from tests.scenario import fact, given

OLD, NEW, PEC = (Sealed(UUID(int=n), str(n) * 64) for n in (1, 2, 3))
opened = fact(Addresses.Opened, person=CASE_1, organisation="lead")
ANNA, BRUNO = "anna.prova@rete.example", "bruno.prova@rete.example"


def ask(office: Office, question: Any) -> Any:
    root = UUID(int=9)
    occasion = Occasion(root, "test", str(root), Actor.of_service(office.organisation, "notify"))
    return office.store.ask(occasion, question)


def sender(office: Office, address: str) -> UUID | None:
    return ask(office, lambda reading: known_sender(reading, address))


def told_address(office: Office, who: UUID, number: int, text: str, **other: Any) -> str:
    ref = str(UUID(int=number))
    body = {
        "person": str(who),
        "kind": other.get("kind", "mail"),
        "address": {"ref": ref, "commitment": _part(ref, text, None)["commitment"]},
    }
    said_by = other.get("organisation", "lead")
    office.hear("people/address_recorded.v1", body, said_by, parts={ref: text})
    return ref


def with_a_role(
    office: Office, who: UUID, since: str = "2026-01-01", until: str | None = None
) -> None:
    body = {"person": str(who), "role": "case_manager", "organisation": "lead", "body": None}
    office.hear("people/role_assigned.v1", body | {"from": since, "until": until})


def test_an_address_is_learnt_once():
    asked = {"channel": Channel.MAIL, "address": NEW, "bucket": 7}
    learnt = fact(Addresses.Learnt, person=CASE_1, **asked)
    given(opened).when(Addresses.learn, **asked).then(learnt)
    given(opened, learnt).when(Addresses.learn, **asked).then()


def test_whose_person_somebody_is_is_known_from_the_first_words():
    addresses = given(opened).aggregate()
    assert isinstance(addresses, Addresses)
    assert (addresses.person, addresses.organisation) == (CASE_1, "lead")


@pytest.mark.parametrize(("fingerprint", "bucket"), [(255, 255), (256, 0), (257, 1)])
def test_there_are_256_buckets_for_ever_or_who_is_known_would_be_looked_for_elsewhere(
    fingerprint: int, bucket: int
):
    deciding: Any = SimpleNamespace(fingerprint=lambda _text: fingerprint.to_bytes(32))
    assert bucket_of(deciding, ANNA) == bucket


def test_the_newest_address_of_a_kind_counts():
    story = given(
        opened,
        fact(Addresses.Learnt, person=CASE_1, channel=Channel.MAIL, address=OLD, bucket=7),
        fact(Addresses.Learnt, person=CASE_1, channel=Channel.PEC, address=PEC, bucket=8),
        fact(Addresses.Learnt, person=CASE_1, channel=Channel.MAIL, address=NEW, bucket=9),
    )
    addresses = story.aggregate()
    assert isinstance(addresses, Addresses)
    assert addresses.known == {Channel.MAIL: NEW, Channel.PEC: PEC}


def test_a_sender_is_known_by_the_newest_address_however_it_is_written(lead: Office):
    with_a_role(lead, CASE_1)
    told_address(lead, CASE_1, 1, BRUNO)
    told_address(lead, CASE_1, 2, ANNA)
    assert sender(lead, " Anna.Prova@RETE.example ") == CASE_1
    assert sender(lead, BRUNO) is None
    assert sender(lead, "nessuno@rete.example") is None


def test_who_holds_no_role_today_is_not_known_as_a_sender(lead: Office):
    told_address(lead, CASE_1, 1, ANNA)
    assert sender(lead, ANNA) is None
    with_a_role(lead, CASE_1, until="2026-05-31")
    assert sender(lead, ANNA) is None
    with_a_role(lead, CASE_1, since="2026-06-01")
    assert sender(lead, ANNA) == CASE_1


def test_of_two_with_one_address_whose_was_recorded_first_is_taken(lead: Office):
    for number, who in enumerate((CASE_2, CASE_1), start=1):
        with_a_role(lead, who)
        told_address(lead, who, number, ANNA)
    assert sender(lead, ANNA) == CASE_2


def test_another_organisation_cannot_change_where_somebody_is_reached(lead: Office):
    with_a_role(lead, CASE_1)
    told_address(lead, CASE_1, 1, ANNA)
    told_address(lead, CASE_1, 2, BRUNO, organisation="nord")
    assert lead.refusals() == [("people/address_recorded.v1", "NotOurs")]
    assert (sender(lead, ANNA), sender(lead, BRUNO)) == (CASE_1, None)


def test_ordinary_mail_goes_before_certified(lead: Office):
    where = lambda reading: mail_address(reading, CASE_1)  # noqa: E731
    assert ask(lead, where) is None
    told_address(lead, CASE_1, 1, "anna.prova@pec.example", kind="pec")
    assert ask(lead, where).ref == UUID(int=1)
    told_address(lead, CASE_1, 2, ANNA)
    assert ask(lead, where).ref == UUID(int=2)


def test_an_erased_address_is_found_no_more(lead: Office):
    with_a_role(lead, CASE_1)
    ref = told_address(lead, CASE_1, 1, ANNA)
    subject = UUID(_part(ref, ANNA, None)["words"]["subject"])
    root = UUID(int=8)
    actor = Actor.of_service("lead", "notify")
    lead.store.decide(
        Occasion(root, "test", str(root), actor), lambda deciding: deciding.erase(subject)
    )
    assert sender(lead, ANNA) is None
    assert told_address(lead, CASE_2, 2, ANNA)


def test_an_address_that_was_erased_before_it_came_is_not_learnt(lead: Office):
    body = {"person": str(CASE_1), "kind": "mail", "address": {"ref": str(UUID(int=1))}}
    body["address"]["commitment"] = "a" * 64
    lead.hear("people/address_recorded.v1", body)
    assert lead.facts("notify.AddressLearnt") == []


def test_events_hold_no_address_and_nothing_that_singles_one_out(lead: Office):
    told_address(lead, CASE_1, 1, ANNA)
    ((_, state),) = lead.facts("notify.AddressLearnt")
    assert "prova" not in json.dumps(state)
    assert set(state) == {"person", "channel", "address", "bucket"}
    assert 0 <= state["bucket"] < BUCKETS


def test_buckets_depend_on_the_organisations_secret(lead: Office, nord: Office):
    several = [f"persona{number}@rete.example" for number in range(20)]

    def all_of(reading: Deciding) -> list[int]:
        return [bucket_of(reading, each) for each in several]

    assert ask(lead, all_of) != ask(nord, all_of)
    assert ask(lead, all_of) == ask(lead, all_of)


@pytest.mark.parametrize(
    ("written", "compared"),
    [("A@B.IT", "a@b.it"), (" a@b.it\t", "a@b.it"), ("e\u0300@b.it", "\u00e8@b.it")],
)
def test_addresses_are_compared_in_one_form(written: str, compared: str):
    assert normalised(written) == compared


def test_the_addresses_of_a_person_are_one_stream():
    assert addresses_id(CASE_1) != addresses_id(CASE_2)
