"""What comes over the wire and should not, or does not come and should: lines stop, wait, go on."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from services.console.private_broker import PrivateBroker
from services.kernel import inbox
from services.kernel.courier import out
from services.kernel.courier.names import heard_queue, said_key
from services.kernel.inbox import FORKED, look, receive, skip
from services.kernel.operate import status
from services.kernel.store import Store
from services.kernel.tables import heard as heard_table
from services.kernel.tables import quarantine
from services.kernel.words import LEAD, OWN, Heard, Publish
from services.people.person import Person
from services.people.published import PUBLISHED
from services.review.policies import POLICIES
from tests.faults.scene import Scene, administrator, agree, keys_of, scene, sqlite_in
from tests.faults.telling import (
    Hand,
    everything,
    heard,
    kept,
    line,
    messages,
    rows,
    seated,
    tell,
)
from tests.waiting import until

pytestmark = [pytest.mark.faults, pytest.mark.broker, pytest.mark.usefixtures("impatient")]

Open = Callable[..., Store]
TO_REVIEW = heard_queue("review", "partner", "people")


def test_a_poison_message_stops_its_line_alone_until_somebody_steps_over_it(
    place: Scene, store_of: Open
) -> None:
    def poison_at_3(event: Person.RoleAssigned, person: Person) -> dict[str, Any]:
        body = PUBLISHED[Person.RoleAssigned].says["role_assigned.v1"](event, person)
        return {"person": body["person"]} if event.body == "body-3" else body

    poisoned = {
        **PUBLISHED,
        Person.RoleAssigned: Publish({"role_assigned.v1": poison_at_3}, (OWN, LEAD)),
    }
    partner = store_of("partner", "people", published=poisoned)
    lead, review = store_of("lead", "people"), store_of("lead", "review")
    with place.couriers(partner, lead, review):
        tell(partner, *range(1, 11))
        tell(lead, "lead 1", "lead 2")
        until(lambda: len(kept(review, partner)) == 10, "all ten are in the inbox")
        until(lambda: heard(review, lead) == 2, "the other line goes on")
        until(lambda: line(review, partner).stopped == "KeyError", "the line stops, visibly")
        assert heard(review, partner) == 2
        assert not status(review).sound
        tell(lead, "lead 3")
        until(lambda: heard(review, lead) == 3, "the other line goes on")
        tries = line(review, partner).attempts
        until(lambda: line(review, partner).attempts > tries, "it is tried again, with back-off")

        skip(review, partner.log_id, 3, "words without an organisation", administrator("lead"))
        until(lambda: heard(review, partner) == 10, "the line goes on")
    told = [1, 2, *range(4, 11), "lead 1", "lead 2", "lead 3"]
    assert seated(review) == {f"body-{number}": 1 for number in told}
    assert [row.topic for row in rows(review)].count("kernel.WordsSkipped") == 1
    assert status(review).sound


UNREADABLE = (
    b"",
    b"\x00\xff",
    b"[]",
    b"null",
    b"{}",
    b"[" * 200_000,
    b'{"envelope": 1, "signature": "00", "parts": []}',
    b'{"envelope": "\\ud800", "signature": "00", "parts": []}',
    b'{"envelope": "{}", "signature": "zz", "parts": []}',
    json.dumps({"envelope": "[" * 100_000, "signature": "00", "parts": []}).encode(),
)


def test_what_nobody_can_read_is_kept_aside_and_holds_up_nobody(
    place: Scene, store_of: Open
) -> None:
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    with place.couriers(partner, review), Hand(place, "lead") as hand:
        tell(partner, 1)
        until(lambda: heard(review, partner) == 1, "the line is there")
        for number, body in enumerate(UNREADABLE, start=1):
            hand.publish(said_key("partner", "people", "lead"), body)
            tell(partner, f"after {number}")
        until(lambda: heard(review, partner) == 11, "the words between them are heard")
        until(lambda: status(review).quarantined == 10, "they are kept aside")
    assert {row.body for row in everything(review, quarantine)} == set(UNREADABLE)


def test_a_forged_organisation_is_kept_aside(place: Scene, store_of: Open) -> None:
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    lead = store_of("lead", "people")
    with place.couriers(partner, review, lead), Hand(place, "lead") as hand:
        tell(partner, 1)
        until(lambda: heard(review, partner) == 1, "the line is there")
        (true,) = messages(partner, "lead")
        envelope = json.loads(json.loads(true)["envelope"])
        claims = {
            "not signed by the organisation it names": ("lead", {"seq": 2}),
            "somebody whom": ("partner", {"seq": 2, "by": "lead/person/x"}),
            "unknown organisation": ("partner", {"log_id": "nobody/people/00", "by": "nobody/x"}),
            "said to somebody else": ("partner", {"seq": 2, "audience": "partner"}),
            "words of another service": ("partner", {"says": {"review/proposal_decided.v1": {}}}),
        }
        for signer, changes in claims.values():
            text = json.dumps({**envelope, **changes})
            signature = keys_of(signer).envelopes.sign(text.encode()).signature.hex()
            forged = {"envelope": text, "signature": signature, "parts": []}
            hand.publish(said_key("partner", "people", "lead"), json.dumps(forged).encode())
        until(lambda: status(review).quarantined == len(claims), "all of them are kept aside")
        tell(partner, 2)
        until(lambda: heard(review, partner) == 2, "the true words are heard")
    assert seated(review) == {"body-1": 1, "body-2": 1}


def test_an_organisation_is_not_heard_under_the_name_of_another(
    place: Scene, store_of: Open
) -> None:
    partner, lead = store_of("partner", "people"), store_of("lead", "people")
    review = store_of("lead", "review")
    with place.couriers(partner, review, lead), Hand(place, "partner") as hand:
        tell(lead, "lead 1")
        tell(partner, 1)
        until(lambda: heard(review, lead) == heard(review, partner) == 1, "both are heard")
        (true,) = messages(lead, "lead")
        with pytest.raises(Exception, match="unroutable"):
            hand.publish(said_key("lead", "people", "lead"), true)
        tell(partner, 2)
        until(lambda: heard(review, partner) == 2, "the partner speaks for itself")
    assert len(kept(review, lead)) == 1
    assert status(review).sound


def test_a_log_that_was_restored_shorter_and_reuses_numbers_stops_its_line(
    place: Scene, store_of: Open, tmp_path: Path
) -> None:
    partner, lead = store_of("partner", "people"), store_of("lead", "people")
    review = store_of("lead", "review")
    with place.couriers(review, lead):
        with place.courier(partner):
            tell(partner, 1, 2, 3)
            until(lambda: heard(review, partner) == 3, "three are heard")
        backup = _copied(tmp_path, "partner-people")
        with place.courier(partner):
            tell(partner, 4, 5)
            until(lambda: heard(review, partner) == 5, "five are heard")
        partner.close()
        _restored(backup, tmp_path, "partner-people")
        restored = store_of("partner", "people")
        with place.courier(restored):
            tell(restored, "other 4")
            until(lambda: line(review, restored).stopped == FORKED, "it stops")
            tell(restored, "other 5", "other 6")
            tell(lead, "lead 1")
            until(lambda: heard(review, lead) == 1, "the other line goes on")
    with place.courier(review):  # started anew, it still stands
        until(lambda: heard(review, lead) == 1, "it works")
        assert look(review, restored.log_id).seq == 5
    assert line(review, restored).stopped == FORKED
    assert heard(review, restored) == 5
    assert not status(review).sound
    assert status(review).quarantined >= 1
    assert seated(review)["body-4"] == seated(review)["body-5"] == 1
    assert not [body for body in seated(review) if body.startswith("body-other")]


def test_a_log_that_is_asked_for_more_than_it_ever_said_stops_that_audience(
    place: Scene, store_of: Open, tmp_path: Path
) -> None:
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    with place.courier(partner), place.courier(review):
        tell(partner, 1, 2)
        until(lambda: heard(review, partner) == 2, "two are heard")
        backup = _copied(tmp_path, "partner-people")
        tell(partner, 3)
        until(lambda: heard(review, partner) == 3, "three are heard")
    partner.close()
    _restored(backup, tmp_path, "partner-people")
    restored = store_of("partner", "people")
    with place.courier(restored), place.courier(review):
        until(lambda: _stopped(restored, "lead") == out.SHORTER, "it stops and says why")
        tell(restored, "other 3", "other 4")
        until(lambda: _said(restored, "lead") == 4, "deciding goes on")
        tell(restored, "other 5")
        assert _stopped(restored, "partner") is None
    assert heard(review, restored) == 3
    assert kept(review, restored) == [1, 2, 3]
    assert not status(restored).sound


def test_who_joins_late_gets_everything_once(
    tmp_path: Path, broker: PrivateBroker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(out, "WINDOW", 7)  # so that the answer does not fit into one window
    monkeypatch.setattr(out, "PAGE", 3)
    with scene(tmp_path, broker, sqlite_in(tmp_path), migrated=False) as place:
        place.migrate("partner", "people")
        place.migrate("lead", "notify")
        partner, notify = place.store("partner", "people"), place.store("lead", "notify")
        for store in (partner, notify):
            agree(store)
        with place.couriers(partner, notify):
            tell(partner, *range(1, 41))
            until(lambda: heard(notify, partner) == 40, "one hears from the beginning")
            place.migrate("lead", "review")
            review = place.store("lead", "review")
            agree(review)
            with place.courier(review):
                until(lambda: heard(review, partner) == 40, "who joins late has it all")
                tell(partner, 41)
                until(lambda: heard(review, partner) == 41, "and what comes after")
        assert seated(review) == {f"body-{number}": 1 for number in range(1, 42)}
        for store in (partner, notify, review):
            store.close()


@pytest.mark.parametrize("taken", [(1,), (4, 5), (10,), tuple(range(1, 11))], ids=str)
def test_a_hole_is_filled_by_asking_again(
    place: Scene, store_of: Open, taken: tuple[int, ...]
) -> None:
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    with place.courier(review), Hand(place, "lead") as hand:
        until(lambda: hand.waiting(TO_REVIEW) == 0, "the queue is there")
    with place.courier(partner), Hand(place, "lead") as hand:
        tell(partner, *range(1, 11))
        until(lambda: hand.waiting(TO_REVIEW) == 10, "ten wait in the queue")
        hand.take(TO_REVIEW, *taken)
        until(lambda: hand.waiting(TO_REVIEW) == 10 - len(taken), "some are gone")
        with place.courier(review):
            until(lambda: heard(review, partner) == 10, "the hole is filled")
    assert seated(review) == {f"body-{number}": 1 for number in range(1, 11)}


def test_a_producer_that_is_down_for_a_day_is_waited_for_visibly(
    place: Scene, store_of: Open
) -> None:
    partner, review = store_of("partner", "people"), store_of("lead", "review")
    lead = store_of("lead", "people")
    with place.courier(review), Hand(place, "lead") as hand:
        until(lambda: hand.waiting(TO_REVIEW) == 0, "the queue is there")
    with place.courier(partner), Hand(place, "lead") as hand:
        tell(partner, *range(1, 7))
        until(lambda: hand.waiting(TO_REVIEW) == 6, "six wait in the queue")
        hand.take(TO_REVIEW, 3)
    tell(partner, 7)  # the producer's courier is down, its service decides
    with place.couriers(review, lead):
        until(lambda: len(kept(review, partner)) == 5, "five have come")
        place.pass_days()
        until(lambda: status(review).days_behind == 0, "a day goes by")
        tell(lead, "lead 1")
        until(lambda: heard(review, lead) == 1, "nobody else waits")
        waits = line(review, partner)
        assert (waits.heard, waits.waiting, waits.stopped) == (2, 3, None)
        (unsent,) = [each for each in status(partner).audiences if each.organisation == "lead"]
        assert unsent.unsent == 1
        with place.courier(partner):
            until(lambda: heard(review, partner) == 7, "it catches up")
    assert seated(review) == {f"body-{number}": 1 for number in [*range(1, 8), "lead 1"]}


def test_of_two_contract_versions_on_the_wire_each_hearer_takes_the_newest_it_knows(
    place: Scene, store_of: Open
) -> None:
    version_1 = PUBLISHED[Person.RoleAssigned].says["role_assigned.v1"]
    both = {
        "role_assigned.v1": version_1,
        "role_assigned.v2": lambda event, person: {**version_1(event, person), "since_when": "v2"},
    }
    took: dict[str, list[str]] = {"notify": [], "review": []}

    def taking(name: str) -> Any:
        def take(deciding: Any, words: Heard) -> None:
            took[name].append(f"{words.contract} {'since_when' in words.body}")

        return take

    partner = store_of(
        "partner", "people", published={Person.RoleAssigned: Publish(both, (OWN, LEAD))}
    )
    review = store_of(
        "lead", "review", policies={**POLICIES, "people/role_assigned.v1": taking("review")}
    )
    notify = store_of(
        "lead",
        "notify",
        policies={f"people/role_assigned.v{n}": taking("notify") for n in (1, 2, 3)},
    )
    with place.couriers(partner, review, notify):
        tell(partner, 1)
        until(lambda: heard(review, partner) == heard(notify, partner) == 1, "both hear it")
    assert took == {
        "review": ["people/role_assigned.v1 False"],
        "notify": ["people/role_assigned.v2 True"],
    }


def test_words_that_nobody_listens_for_wait_visibly_and_one_at_a_time(
    place: Scene, store_of: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    published: list[str] = []
    publish = out.Sender._publish

    def counting(sender: Any, audience: str, body: bytes, what: Any) -> None:
        published.append(audience)
        publish(sender, audience, body, what)

    lead = store_of("lead", "people")
    tell(lead, *range(1, 101))
    monkeypatch.setattr(out.Sender, "_publish", counting)
    review = store_of("lead", "review")
    with place.courier(lead):
        until(lambda: len(published) >= 103, "it is tried again")
        (waiting,) = status(lead).audiences
        assert (waiting.unsent, waiting.sent, waiting.stopped) == (100, 0, None)
        assert len(published) < 110  # the backlog is not sent again and again
        with place.courier(review):
            until(lambda: heard(review, lead) == 100, "somebody listens")
            until(lambda: status(lead).audiences[0].unsent == 0, "nothing waits")
    assert seated(review) == {f"body-{number}": 1 for number in range(1, 101)}


def test_a_database_that_is_busy_is_no_crash_of_the_words(
    store_of: Open, place: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "PATIENCE", 0.2)

    def busy(deciding: Any, words: Heard) -> None:
        raise OperationalError("UPDATE", {}, sqlite3.OperationalError("database is locked"))

    partner, review = store_of("partner", "people"), store_of("lead", "review")
    with place.courier(partner), place.courier(review):
        tell(partner, 1)
        until(lambda: heard(review, partner) == 1, "the line is there")
    tell(partner, 2)
    receive(review, messages(partner, "lead"))
    review.composition = replace(
        review.composition, policies={**POLICIES, "people/role_assigned.v1": busy}
    )
    with pytest.raises(OperationalError):
        look(review, partner.log_id)
    found = everything(review, heard_table)[0]
    assert (found.stopped, found.attempts, found.seq) == (None, 0, 1)
    review.composition = replace(review.composition, policies=POLICIES)
    look(review, partner.log_id)
    assert heard(review, partner) == 2


def _said(store: Store, audience: str) -> int:
    return next(each.said for each in status(store).audiences if each.organisation == audience)


def _stopped(store: Store, audience: str) -> str | None:
    found = [each.stopped for each in status(store).audiences if each.organisation == audience]
    return found[0] if found else None


def _copied(directory: Path, name: str) -> Path:
    """A backup of one database, as an operator makes one."""
    backup = directory / f"{name}.backup"
    source = sqlite3.connect(directory / f"{name}.db")
    target = sqlite3.connect(backup)
    with target:
        source.backup(target)
    source.close()
    target.close()
    return backup


def _restored(backup: Path, directory: Path, name: str) -> None:
    for end in ("-wal", "-shm"):
        (directory / f"{name}.db{end}").unlink(missing_ok=True)
    shutil.copy(backup, directory / f"{name}.db")
