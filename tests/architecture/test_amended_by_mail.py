"""An amendment comes by mail: from a partner's pact in force to the committee's table, and back."""

from base64 import b64decode
from collections.abc import Iterator
from datetime import date
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest

from services.review.proposal_review import review_id
from tests.architecture.season import LEAD, SEATS, SECRETARY, admit, at, write
from tests.architecture.test_names_by_mail import (
    filled_in,
    in_letter,
    letters,
    mailed,
    reachable,
)
from tests.notify.post_in import places
from tests.notify.post_out.mail_server import MailServer
from tests.pacts.moments import MOTHER, SON
from tests.review.house import House

pytestmark = [pytest.mark.slow, pytest.mark.mail]

TICKED = {"with_family": "/on", "without_names": "/on"}
LONGER = {**TICKED, "ends": "30/11/2027", "goal_1_out": "/on"}


@pytest.fixture
def server() -> Iterator[MailServer]:
    made = MailServer()
    yield made
    made.stop()


def approve(house: House, pact: dict[str, str], proposal: int, day: date) -> None:
    """Everybody in the committee approves on *day*."""
    house.on(day)
    house.keep_the_day()
    about = {"proposal_id": str(review_id(UUID(pact["pact_id"]), proposal))}
    for who, role in SEATS:
        vote = {"vote": "approve", "reason": "Va bene"}
        house.ask("lead/review", "cast_vote", at("lead", who, role), **about, **vote)
    house.ask("lead/review", "decide", SECRETARY, **about)
    house.carry()


@pytest.fixture
def active(house: House) -> tuple[House, dict[str, str]]:
    """A pact of the partner that is active on 1 June."""
    pact = write(house, admit(house))
    reachable(house)
    house.ask("nord/pacts", "propose", LEAD, **pact)
    house.carry()
    approve(house, pact, 1, date(2026, 4, 1))
    for person in (SON, MOTHER, UUID(str(LEAD.person))):
        house.ask("nord/pacts", "sign", LEAD, person=str(person), **pact)
    house.on(date(2026, 6, 1))
    house.ask("nord/pacts", "activate", LEAD, **pact)
    house.carry()
    return house, pact


def send(house: House, number: int, form: bytes, values: dict[str, str]) -> None:
    """The lead of the microequipe mails *form* with *values*."""
    desk = house.offices["lead", "notify"]
    places.received(desk, mailed(number, filled_in(form, values)))
    places.sort_all(desk, places.settings())
    house.carry()


def answers(house: House, server: MailServer, ledger: Path) -> list[EmailMessage]:
    return letters(house.offices["lead", "notify"], server, ledger)


def test_it_reaches_the_committee_and_takes_effect(
    active: tuple[House, dict[str, str]], server: MailServer, tmp_path: Path
) -> None:
    house, pact = active
    answers(house, server, tmp_path)
    house.on(date(2026, 6, 9))
    form = b64decode(house.ask("nord/pacts", "form", LEAD, **pact)["pdf"])

    send(house, 1, form, TICKED)
    [told] = answers(house, server, tmp_path)
    assert "va corretta" in str(told["Subject"])
    assert "esattamente quello che il patto dice già" in " ".join(in_letter(told).split())

    send(house, 2, form, LONGER)
    [told] = answers(house, server, tmp_path)
    assert "Proposta ricevuta: sarà valutata entro" in str(told["Subject"])
    assert house.ask("nord/pacts", "pact", LEAD, **pact)["ends"] == "2027-06-01"

    send(house, 3, form, {**LONGER, "ends": "31/12/2027"})
    [told] = answers(house, server, tmp_path)
    assert "già davanti al comitato" in " ".join(in_letter(told).split())

    approve(house, pact, 2, date(2026, 7, 15))
    now = house.ask("nord/pacts", "pact", LEAD, **pact)
    assert (now["state"], now["ends"], now["goals"]) == ("active", "2027-11-30", [])

    answers(house, server, tmp_path)
    send(house, 4, form, LONGER)
    [told] = answers(house, server, tmp_path)
    assert "non è più quella in vigore" in " ".join(in_letter(told).split())
    assert not [topic for log in house.facts().values() for topic in log if "WordsRefused" in topic]
