"""The notaries of two organisations: what one signs the other sees, whatever is lost in between."""

import itertools
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from services.kernel.agreements import Agreements, Term
from services.kernel.composition import Composition
from services.kernel.courier import notary as module
from services.kernel.courier.notary import UNHEARD, Notary
from services.kernel.log import all_rows
from services.kernel.operate import status
from services.kernel.programme import Programme
from services.kernel.proof import checkpoints as proof
from services.kernel.proof.notes import Checkpoint
from services.kernel.tables import checkpoints, cosignatures, witnessed
from tests.kernel.kitchen import KITCHEN
from tests.kernel.parties import Party, keys_of, programme
from tests.kernel.proof.tampering import tamper
from tests.waiting import until

LONG = 1_000.0
"""Seconds between two checkpoints: in a test, one and no more, unless it says so."""


@dataclass
class Wire:
    """Carries what notaries tell each other as JSON, or loses it.

    Attributes:
        told: key and words, in their order.
    """

    notaries: dict[str, Notary]
    told: list[tuple[str, dict[str, Any]]]
    loses: bool = False

    def tell(self, key: str, words: dict[str, Any]) -> None:
        self.told.append((key, words))
        organisation, _, to, service = key.split(".")
        if not self.loses and f"{to}/{service}" in self.notaries:
            self.notaries[f"{to}/{service}"].told(organisation, json.loads(json.dumps(words)))


@dataclass
class Both:
    """The kitchens of two organisations, each the other's witness, and a wire."""

    lead: Party
    partner: Party
    wire: Wire

    def begin(self, interval: float = LONG) -> None:
        """New notaries, as after a start."""
        wire: Any = self.wire
        self.notaries = {
            "lead": Notary(self.lead.store, wire, interval),
            "partner": Notary(self.partner.store, wire, interval),
        }
        for name, notary in self.notaries.items():
            self.wire.notaries[f"{name}/kitchen"] = notary

    def turns(self, many: int = 6) -> None:
        for _ in range(many):
            for notary in self.notaries.values():
                notary.turn()

    def cosigned(self) -> dict[str, int]:
        return status(self.lead.store).cosigned

    def seen(self) -> Any:
        return next(
            (row for row in self.partner.table(witnessed) if row.log_id == self.lead.store.log_id),
            None,
        )


Joined = Callable[..., Both]


def kitchens_of(party: Party) -> Programme:
    """Organisations that run a kitchen only, which sees the logs of others therefore."""
    known = party.store.programme
    only = {
        name: replace(each, services=("kitchen",)) for name, each in known.organisations.items()
    }
    return Programme(known.own, only)


@pytest.fixture
def joined(new_party: Callable[..., Party]) -> Joined:
    """Both, as of a *composition*, each with a jar; notaries have begun."""

    def join(composition: Composition = KITCHEN) -> Both:
        lead, partner = new_party(composition), new_party(composition, own="partner")
        both = Both(lead, partner, Wire({}, []))
        for party in (lead, partner):
            party.store.programme = kitchens_of(party)
            party.open_jar(1)
        both.begin()
        return both

    return join


def test_each_signs_and_the_other_cosigns(joined: Joined) -> None:
    both = joined()
    both.turns()
    assert both.cosigned() == {"partner": 1}
    assert (both.seen().size, both.seen().stopped) == (1, None)
    [checkpoint] = both.lead.table(checkpoints)
    assert both.seen().note == checkpoint.note
    [key, _] = next(each for each in both.wire.told if "checkpoint" in each[1])
    assert key == "lead.kitchen.partner.kitchen"
    assert {words["organisation"] for _, words in both.wire.told} == {"lead", "partner"}


def test_one_service_of_an_organisation_sees_the_logs_of_others(joined: Joined) -> None:
    """Two that see could be shown two histories, and cosign both."""
    both = joined()
    both.partner.store.programme = programme("partner")  # with a cellar, which sees
    both.turns()
    assert (both.seen(), both.cosigned()) == (None, {})


def test_a_log_that_grows_is_signed_once_an_interval_and_shown_from_where_it_was_seen(
    joined: Joined,
) -> None:
    both = joined()
    both.turns()
    for name in (2, 3):
        both.lead.open_jar(name)
    both.turns()
    assert [row.size for row in both.lead.table(checkpoints)] == [1]
    both.begin()
    both.turns()
    assert [row.size for row in both.lead.table(checkpoints)] == [1, 3]
    assert both.cosigned() == {"partner": 3}
    proofs = [words for key, words in both.wire.told if "proof" in words and key[:4] == "lead"]
    assert [words["old"] for words in proofs] == [0, 0, 1, 1]


def test_who_does_not_answer_is_shown_the_newest_again_and_not_at_once(joined: Joined) -> None:
    both = joined()
    both.wire.loses = True
    both.turns()
    assert [key for key, _ in both.wire.told] == [
        "lead.kitchen.partner.kitchen",
        "partner.kitchen.lead.kitchen",
    ]
    both.wire.loses = False
    both.begin(interval=0.0)
    both.turns()
    assert both.cosigned() == {"partner": 1}


def test_who_is_away_is_shown_less_and_less(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = joined()
    at = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: at[0])
    both.begin(interval=1.0)
    both.wire.loses = True
    shown = []
    while at[0] < 2_000:
        told = len(both.wire.told)
        both.notaries["lead"].turn()
        shown += [at[0]] * (len(both.wire.told) - told)
        at[0] += 1.0
    waits = [later - earlier for earlier, later in itertools.pairwise(shown)]
    assert waits == [5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 320.0]
    both.wire.loses = False
    both.notaries["lead"].told("partner", {})
    for _ in range(400):
        both.turns(1)
        at[0] += 1.0
    assert both.cosigned() == {"partner": 1}


def test_an_answer_that_was_lost_is_given_again(joined: Joined) -> None:
    both = joined()
    both.turns()
    both.lead.open_jar(2)
    both.begin()
    both.turns(1)  # what is held is asked, and said
    both.notaries["lead"].turn()
    both.wire.loses = True
    both.notaries["partner"].turn()
    assert (both.seen().size, both.cosigned()) == (2, {"partner": 1})
    both.wire.loses = False
    both.begin()
    both.turns()
    assert both.cosigned() == {"partner": 2}


def test_a_log_whose_cosignatures_were_lost_is_told_how_far_it_was_seen(joined: Joined) -> None:
    both = joined()
    both.turns()
    tamper(both.lead, "DELETE FROM cosignatures")
    both.lead.open_jar(2)
    both.begin()
    both.turns()
    assert both.cosigned() == {"partner": 2}
    assert both.seen().stopped is None


def test_an_older_copy_of_a_database_rings_here_and_there(joined: Joined) -> None:
    both = joined()
    for name in (2, 3):
        both.lead.open_jar(name)
    both.turns()
    tamper(
        both.lead,
        "DELETE FROM events WHERE position > 2",
        "UPDATE log SET position = 2",
        "DELETE FROM checkpoints",
        "DELETE FROM cosignatures",
        "DELETE FROM witnessed",
    )
    both.begin()
    both.turns()
    assert both.seen().stopped == "Shorter"
    [own] = [row for row in both.lead.table(witnessed) if row.log_id == both.lead.store.log_id]
    assert own.stopped == "Shortened"
    assert not status(both.lead.store).sound
    assert not status(both.partner.store).sound
    before = [row.size for row in both.lead.table(checkpoints)]
    both.lead.open_jar("another")
    both.begin()
    both.turns()
    assert [row.size for row in both.lead.table(checkpoints)] == before


def test_a_restored_log_signs_no_second_history_whatever_was_recorded_meanwhile(
    joined: Joined,
) -> None:
    """As many other events as before, before any courier ran: it hears first what others hold."""
    both = joined()
    for name in (2, 3):
        both.lead.open_jar(name)
    both.turns()
    held = both.seen().note
    tamper(
        both.lead,
        "DELETE FROM events WHERE position > 1",
        "UPDATE log SET position = 1",
        "DELETE FROM checkpoints",
        "DELETE FROM cosignatures",
        "DELETE FROM witnessed",
    )
    for name in ("another", "and another", "and one more"):
        both.lead.open_jar(name)
    both.begin()
    both.turns()
    assert both.lead.table(checkpoints) == []
    assert (both.seen().stopped, both.seen().note) == ("Shorter", held)
    assert status(both.lead.store).seen[0].stopped == "Altered"


def test_who_is_away_is_not_waited_for_for_ever(joined: Joined) -> None:
    both = joined()
    both.wire.loses = True
    both.turns()
    assert both.lead.table(checkpoints) == []
    both.begin(interval=0.0)
    both.turns()
    assert [row.size for row in both.lead.table(checkpoints)] == [1]


def test_a_log_that_was_altered_is_not_signed_but_goes_on_seeing_others(joined: Joined) -> None:
    both = joined()
    both.turns()
    tamper(both.lead, "UPDATE events SET cause = 'x' WHERE position = 1")
    for party in (both.lead, both.partner):
        party.open_jar(2)
    both.begin()
    both.turns()
    assert [row.size for row in both.lead.table(checkpoints)] == [1]
    assert (both.seen().size, both.seen().stopped) == (1, None)
    assert status(both.lead.store).seen[0].stopped == "Altered"
    assert [row.size for row in both.partner.table(checkpoints)] == [1, 2]
    assert status(both.partner.store).cosigned == {"lead": 2}


def test_what_is_unproven_is_not_shown_over_and_over(joined: Joined) -> None:
    both = joined()
    both.turns()
    tamper(
        both.lead,
        "UPDATE events SET cause = 'x' WHERE position = 1",
        "DELETE FROM checkpoints",
        "DELETE FROM cosignatures",
        "DELETE FROM witnessed",
    )
    both.lead.open_jar(2)
    both.begin()
    told = len(both.wire.told)
    both.turns(20)
    assert len(both.wire.told) - told < 10
    assert both.cosigned() == {}
    assert status(both.lead.store).seen[0].stopped == "Altered"


def test_what_another_one_holds_against_us_for_good_is_shown_less_and_less(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers each time with what it holds, which is what it was shown the time before."""
    both = joined()
    both.turns()
    tamper(both.partner, "UPDATE witnessed SET stopped = 'Forked' WHERE note <> ''")
    both.lead.open_jar(2)
    at = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: at[0])
    both.begin(interval=1.0)
    shown = []
    while at[0] < 1_400:
        told = len(both.wire.told)
        both.turns(1)
        of_ours = [key for key, _ in both.wire.told[told:] if key.startswith("lead.")]
        shown += [at[0]] * len(of_ours)
        at[0] += 1.0
    waits = [later - earlier for earlier, later in itertools.pairwise(shown)]
    assert waits[-5:] == [10.0, 20.0, 40.0, 80.0, 160.0]
    assert both.cosigned() == {"partner": 1}
    assert [row.size for row in both.lead.table(checkpoints)] == [1, 2]


def signed_by_the_lead(log_id: str, size: int) -> str:
    return Checkpoint.sign(log_id, size, bytes(32), keys_of("lead").envelopes).note


def test_words_that_nobody_should_say_are_passed_over(joined: Joined) -> None:
    both = joined()
    garbage: list[dict[str, Any]] = [
        {},
        {"checkpoint": None},
        {"checkpoint": "x", "old": 0, "proof": []},
        {"log_id": both.partner.store.log_id},
        {"log_id": both.partner.store.log_id, "cosignature": 5, "size": "x"},
        {"log_id": both.partner.store.log_id, "cosignature": "x", "size": 1},
        {"log_id": both.partner.store.log_id, "cosignature": "x", "size": 2**64},
        {"log_id": both.partner.store.log_id, "cosignature": "x", "size": -(2**64)},
        {"log_id": both.partner.store.log_id, "cosignature": "x", "size": "9" * 5_000},
        {"log_id": both.partner.store.log_id, "held": 7},
        {"log_id": "lead/kitchen/other", "held": ""},
        *(
            {"log_id": both.partner.store.log_id, "cosignature": "x", "size": size}
            for size in (2**70, float("inf"), float("nan"), None)
        ),
        *(
            {"checkpoint": note, "old": 0, "proof": []}
            for note in (
                signed_by_the_lead("lead/kitchen/0000000000000001", 2**63),
                signed_by_the_lead("lead/kitchen/\0", 1),
                signed_by_the_lead("lead/kitchen/0000000000000001", 1) + "— \0 AAAA\n",
                signed_by_the_lead("lead/kitchen/0000000000000001", 1) + "— \ud800 AAAA\n",
            )
        ),
    ]
    for words in garbage:
        both.notaries["partner"].told("lead", words)
    both.turns()
    assert not any(both.notaries["partner"]._told.values())
    assert {row.log_id for row in both.partner.table(witnessed)} == {
        both.lead.store.log_id,
        both.partner.store.log_id,
    }
    assert both.cosigned() == {"partner": 1}
    assert {row.organisation for row in both.partner.table(cosignatures)} == {"lead"}


def test_an_organisation_that_runs_nothing_is_shown_nothing(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = joined()
    known = both.lead.store.programme
    nobody = replace(known.organisations["partner"], id="nobody", services=())
    organisations = {"nobody": nobody, **known.organisations}
    monkeypatch.setattr(both.lead.store, "programme", replace(known, organisations=organisations))
    both.turns()
    assert both.cosigned() == {"partner": 1}


def test_a_word_waits_while_the_database_is_away(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> None:
        raise OperationalError("see", {}, Exception("database is locked"))

    notary = joined().notaries["partner"]
    monkeypatch.setattr(module, "see", away)
    notary.told("lead", {"checkpoint": "x"})
    with pytest.raises(OperationalError):
        notary.turn()
    assert len(notary._told["lead"]) == 1


def test_nobody_fills_the_memory_or_takes_the_place_of_others(joined: Joined) -> None:
    notary = joined().notaries["partner"]
    for number in range(UNHEARD + 5):
        notary.told("lead", {"number": number})
    assert len(notary._told["lead"]) == UNHEARD


def test_nobody_makes_us_read_the_log_over_and_over(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By what was signed and is odd: older checkpoints of ours, and cosignatures of them."""
    both = joined()
    both.turns()
    for name in (2, 3, 4):
        both.lead.open_jar(name)
    both.begin()
    both.turns()
    [first, _] = both.lead.table(checkpoints)
    [seen, _] = both.lead.table(cosignatures)
    log_id, reads = both.lead.store.log_id, list[int]()

    def read(connection: Any, after: int = 0) -> Any:
        reads.append(after)
        return all_rows(connection, after)

    monkeypatch.setattr(proof, "all_rows", read)
    both.wire.loses = True
    for _ in range(9):
        for words in ({"held": ""}, {"held": first.note}, {"cosignature": seen.line, "size": 1}):
            both.notaries["lead"].told("partner", {"log_id": log_id, **words})
            both.notaries["lead"].turn()
    assert len(reads) < 3


UNDER_AGREEMENTS = replace(KITCHEN, under_agreements=True)


def test_without_an_agreement_nothing_is_shown_seen_or_answered(joined: Joined) -> None:
    both = joined(UNDER_AGREEMENTS)
    both.turns()
    assert both.wire.told == []
    assert [row.size for row in both.lead.table(checkpoints)] == [1]
    _agree(both.lead, "partner")
    both.begin()
    both.turns()
    assert both.seen() is None
    _agree(both.partner, "lead")
    both.begin(interval=0.0)
    both.turns()
    assert both.cosigned() == {"partner": 3}


def _agree(party: Party, other: str) -> None:
    """An agreement with *other* was heard of."""

    def act(deciding: Any) -> None:
        known = deciding.add(Agreements.opened(by=deciding.actor))
        known.hear(1, Term(other, date(2026, 1, 1), None), by=deciding.actor)

    party.decide(act)


def test_the_thread_takes_turns_until_it_is_stopped(joined: Joined) -> None:
    both = joined()
    both.begin(interval=0.05)
    threads: list[threading.Thread] = list(both.notaries.values())
    for thread in threads:
        thread.start()
    until(lambda: both.cosigned() == {"partner": 1})
    both.lead.open_jar(2)
    until(lambda: both.cosigned() == {"partner": 2})
    for notary in both.notaries.values():
        notary.stop()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
