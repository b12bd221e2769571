"""An auditor judges a log by its evidence alone: from its database, or offline from a bundle."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from services.audit.evidence import NoBundle, of_bundle, of_store, write_bundle
from services.audit.judging import Judged, judge
from services.kernel.programme import Programme
from services.kernel.proof.notes import Checkpoint
from services.kernel.rows import canonical, read_row
from tests.kernel.parties import Party, keys_of, programme
from tests.kernel.proof.signing import cosigned, notes, signed
from tests.kernel.proof.tampering import CHANGES, tamper

PROGRAMME = programme("partner")
LEAD = keys_of("lead")


@pytest.fixture
def jars(kitchen: Party) -> Party:
    """A kitchen with four jars; signed after two and four, both seen by the partner."""
    for name in range(4):
        kitchen.open_jar(name)
        if name % 2:
            signed(kitchen)
    cosigned(kitchen)
    return kitchen


def held(party: Party) -> list[str]:
    """What whoever saw every checkpoint of the log holds of it."""
    return [each.note for each in notes(party)]


def judged(party: Party, *beside: str, by: Programme = PROGRAMME) -> Judged:
    """Judged in its database, opened anew."""
    opened = Party(party.urls, party.store.composition, party.own, party.clock)
    with of_store(opened.store) as evidence:
        found = judge(evidence, by, beside)
    opened.close()
    return found


def bundled(party: Party, place: Path) -> Path:
    write_bundle(party.store, place / "log.zip")
    return place / "log.zip"


def offline(place: Path, *beside: str, by: Programme = PROGRAMME) -> Judged:
    with of_bundle(place) as evidence:
        return judge(evidence, by, beside)


def kinds(found: Judged) -> set[str]:
    return {finding.kind for finding in found.findings}


def rewritten(place: Path, name: str, change: Callable[[list[Any]], list[Any]]) -> Path:
    """The bundle with the lines of one of its files changed."""
    with zipfile.ZipFile(place) as bundle:
        files = {each: bundle.read(each) for each in bundle.namelist()}
    lines = [json.loads(line) for line in files[name].splitlines()]
    made = [line if isinstance(line, str) else canonical(line) for line in change(lines)]
    files[name] = "".join(f"{line}\n" for line in made).encode()
    return repacked(place, files)


def repacked(place: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(place, "w") as bundle:
        for each, content in files.items():
            bundle.writestr(each, content)
    return place


def test_a_log_that_is_whole_has_no_finding(jars: Party, tmp_path: Path) -> None:
    for found in (judged(jars, *held(jars)), offline(bundled(jars, tmp_path), *held(jars))):
        assert found.findings == []
        assert (found.events, found.signed, found.cosigned, found.held) == (4, 4, {"partner": 4}, 2)
        assert found.said == len(jars.messages("lead")) + len(jars.messages("partner"))


def test_what_is_not_signed_yet_is_said_and_is_no_finding(jars: Party) -> None:
    jars.open_jar("new")
    found = judged(jars)
    assert (found.events, found.signed, found.findings) == (5, 4, [])


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_was_altered_is_found(jars: Party, tmp_path: Path, change: str) -> None:
    before = held(jars)
    tamper(jars, *CHANGES[change])
    assert judged(jars).findings
    opened = Party(jars.urls, jars.store.composition, jars.own, jars.clock)
    assert offline(bundled(opened, tmp_path), *before).findings
    opened.close()


@pytest.mark.parametrize("change", [each for each in CHANGES if each != "another log's id"])
def test_it_is_found_beside_what_another_holds_even_if_all_was_signed_anew(
    jars: Party, tmp_path: Path, change: str
) -> None:
    before = held(jars)
    tamper(jars, *CHANGES[change], "DELETE FROM checkpoints", "DELETE FROM cosignatures")
    tamper(jars, "DELETE FROM witnessed")
    if change not in {"one removed", "all removed"}:
        signed(jars)
        assert not kinds(judged(jars)) & {"Altered", "Shortened", "NothingSigned"}
    for found in (judged(jars, *before), offline(bundled(jars, tmp_path), *before)):
        assert kinds(found) & {"Altered", "Shortened"}
        [where] = [each.facts for each in found.findings if each.kind in {"Altered", "Shortened"}]
        assert where["after"] <= 2 < where["checkpoint"] or where["after"] == 0


def test_it_is_said_between_which_positions(jars: Party) -> None:
    tamper(jars, "UPDATE events SET cause = 'command:x' WHERE position = 3")
    [finding] = [each for each in judged(jars).findings if each.kind == "Altered"]
    assert finding.facts == {"after": 2, "before": 5, "checkpoint": 4}


def test_another_organisation_holds_what_contradicts_the_log(jars: Party) -> None:
    """It is enough that it kept one checkpoint; it need not be believed, for it signed nothing."""
    other = Checkpoint.sign(jars.store.log_id, 3, bytes(32), keys_of("lead").envelopes)
    longer = Checkpoint.sign(jars.store.log_id, 9, bytes(32), keys_of("lead").envelopes)
    assert kinds(judged(jars, other.note)) == {"Altered"}
    assert kinds(judged(jars, longer.note)) == {"Shortened"}
    invented = Checkpoint.sign(jars.store.log_id, 9, bytes(32), keys_of("partner").envelopes)
    assert kinds(judged(jars, invented.note)) == {"HeldNotSigned"}
    of_another = Checkpoint.sign("lead/cellar/1", 9, bytes(32), keys_of("lead").envelopes)
    assert judged(jars, of_another.note).findings == []


def test_a_log_under_another_number_does_not_stand_for_the_one_that_was_seen(jars: Party) -> None:
    """All signed anew under a new number: what others hold is of the log that is not shown."""
    other = Checkpoint.sign("lead/kitchen/00000000000000ff", 9, bytes(32), LEAD.envelopes)
    more = Checkpoint.sign("lead/kitchen/00000000000000ff", 10, bytes(32), LEAD.envelopes)
    [finding] = judged(jars, *held(jars), other.note, more.note).findings
    assert (finding.kind, finding.facts) == ("OtherLog", {"held": other.log_id})
    unsigned = Checkpoint.sign(other.log_id, 9, bytes(32), keys_of("partner").envelopes)
    assert kinds(judged(jars, unsigned.note)) == {"HeldNotSigned"}


def test_who_is_not_of_the_programme_signs_nothing(jars: Party) -> None:
    stranger = Programme("x", {"x": PROGRAMME.organisations["partner"]})
    assert kinds(judged(jars, by=stranger)) == {"UnknownOrganisation", "NothingSigned"}


def test_a_log_of_which_nothing_was_signed_proves_nothing(kitchen: Party) -> None:
    assert judged(kitchen).findings == []  # there is nothing to prove
    kitchen.open_jar()
    assert kinds(judged(kitchen)) == {"NothingSigned"}


SAID = {
    "another text": (
        "UPDATE said SET envelope = replace(envelope, 'small', 'large') WHERE seq = 1",
        "SaidOtherwise",
    ),
    "another hash": (f"UPDATE said SET hash = '{'0' * 64}' WHERE seq = 1", "SaidOtherwise"),
    "another place": ("UPDATE said SET position = 1 WHERE seq = 2", "SaidOfNothing"),
    "one removed": ("DELETE FROM said WHERE seq = 2", "SaidOtherwise"),
    "of an event that is not there": (
        "UPDATE said SET position = 9 WHERE seq = 4",
        "SaidOfNothing",
    ),
}


@pytest.mark.parametrize("change", SAID)
def test_what_was_said_is_beside_what_was_decided(jars: Party, change: str) -> None:
    assert len(jars.messages("lead")) == 4
    statement, kind = SAID[change]
    tamper(jars, statement)
    assert kinds(judged(jars)) == {kind}


def test_a_signature_that_is_none_is_a_finding(jars: Party, tmp_path: Path) -> None:
    def other_root(lines: list[Any]) -> list[Any]:
        lines[0]["note"] = lines[0]["note"].replace("\n2\n", "\n3\n")
        return lines

    def other_line(lines: list[Any]) -> list[Any]:
        lines[1]["cosigned"] = {"partner": lines[0]["cosigned"]["partner"], "nobody": "x"}
        return lines

    place = bundled(jars, tmp_path)
    found = offline(rewritten(place, "checkpoints.jsonl", other_root))
    assert kinds(found) == {"NotSigned"}
    assert found.cosigned == {"partner": 4}
    found = offline(rewritten(bundled(jars, tmp_path), "checkpoints.jsonl", other_line))
    assert [(each.kind, each.facts) for each in found.findings] == [
        ("NotCosigned", {"checkpoint": 4, "organisation": "nobody"}),
        ("NotCosigned", {"checkpoint": 4, "organisation": "partner"}),
    ]


def test_a_checkpoint_of_another_log_signs_nothing_here(jars: Party, tmp_path: Path) -> None:
    root = Checkpoint.read(held(jars)[1], keys_of("lead").public).root
    other = Checkpoint.sign("lead/kitchen/other", 4, root, keys_of("lead").envelopes)
    place = rewritten(
        bundled(jars, tmp_path),
        "checkpoints.jsonl",
        lambda _: [{"note": other.note, "cosigned": {}}],
    )
    assert kinds(offline(place)) == {"NotSigned", "NothingSigned"}


EVENTS: dict[str, Callable[[list[Any]], list[Any]]] = {
    "no event": lambda lines: [*lines[:1], "{}", *lines[1:]],
    "no JSON": lambda lines: [*lines[:1], "x", *lines[1:]],
    "blanks": lambda lines: [*lines[:1], json.dumps(lines[1]), *lines[2:]],
    "a word too many": lambda lines: [{**lines[0], "more": 1}, *lines[1:]],
    "a word too few": lambda lines: [{**lines[0], "topic": None}, *lines[1:]],
    "of another log": lambda lines: [*lines[:3], {**lines[3], "log_id": "lead/kitchen/x"}],
    "an empty line": lambda lines: ["", *lines],
}


@pytest.mark.parametrize("change", EVENTS)
def test_a_line_that_is_no_event_of_this_log_is_a_finding(
    jars: Party, tmp_path: Path, change: str
) -> None:
    place = rewritten(bundled(jars, tmp_path), "events.jsonl", EVENTS[change])
    assert kinds(offline(place)) & {"NoEvent", "Altered"}


STRUCTURE: dict[str, tuple[Callable[[list[Any]], list[Any]], str]] = {
    "time runs back": (
        lambda lines: [*lines[:3], {**lines[3], "recorded_at": 1}],
        "TimeRunsBack",
    ),
    "a version is missing": (lambda lines: [*lines[:3], {**lines[3], "version": 2}], "VersionOut"),
    "an id twice": (
        lambda lines: [*lines[:3], {**lines[3], "event_id": lines[0]["event_id"]}],
        "EventTwice",
    ),
}


@pytest.mark.parametrize("change", STRUCTURE)
def test_what_a_log_can_never_be_is_found_though_it_was_signed_so(
    jars: Party, tmp_path: Path, change: str
) -> None:
    act, kind = STRUCTURE[change]
    place = rewritten(bundled(jars, tmp_path), "events.jsonl", act)
    assert any(found.startswith(kind) for found in kinds(offline(place)))


def test_a_file_that_is_no_bundle_is_not_read(jars: Party, tmp_path: Path) -> None:
    place = bundled(jars, tmp_path)
    whole = place.read_bytes()
    with zipfile.ZipFile(place) as bundle:
        files = {each: bundle.read(each) for each in bundle.namelist()}
    for name in files:
        repacked(place, {each: content for each, content in files.items() if each != name})
        with pytest.raises(NoBundle):
            offline(place)
    for wrong in (b'{"format": 2, "log_id": "x"}\n', files["bundle.json"] * 2, b"", b"{}\n"):
        repacked(place, {**files, "bundle.json": wrong})
        with pytest.raises(NoBundle):
            offline(place)
    repacked(place, {**files, "more.jsonl": b""})
    with pytest.raises(NoBundle):
        offline(place)
    for wrong in (b"", b"x", whole[:-30], whole[: len(whole) // 2]):
        place.write_bytes(wrong)
        with pytest.raises(NoBundle):
            offline(place)
    with pytest.raises(NoBundle):
        offline(tmp_path / "nowhere.zip")


@pytest.mark.parametrize("name", ["said.jsonl", "checkpoints.jsonl", "events.jsonl"])
@pytest.mark.parametrize("line", ["null", "[]", "{}", "3", '{"note": 3}', "x"])
def test_whatever_stands_in_a_bundle_is_a_finding_or_no_bundle(
    jars: Party, tmp_path: Path, name: str, line: str
) -> None:
    place = rewritten(bundled(jars, tmp_path), name, lambda lines: [line, *lines])
    try:
        found = offline(place)
    except NoBundle:
        return
    assert found.findings


def test_every_byte_of_a_bundle_counts(jars: Party, tmp_path: Path) -> None:
    """Whatever is changed in what a bundle holds, the log is not whole any more."""
    place = bundled(jars, tmp_path)
    with zipfile.ZipFile(place) as bundle:
        files = {each: bundle.read(each) for each in bundle.namelist()}
    assert offline(place).findings == []
    for name, content in files.items():
        for at in range(0, len(content), 7):
            changed = bytes([content[at] ^ 1])
            repacked(place, {**files, name: content[:at] + changed + content[at + 1 :]})
            try:
                found = offline(place)
            except (NoBundle, UnicodeDecodeError):
                continue
            assert found.findings, (name, at, content[max(0, at - 40) : at + 40])


def test_a_bundle_is_there_whole_or_not_at_all(jars: Party, tmp_path: Path) -> None:
    place = bundled(jars, tmp_path)
    assert not list(tmp_path.glob("*.part"))
    with zipfile.ZipFile(place) as bundle:
        lines = bundle.read("events.jsonl").splitlines()
    assert [read_row(line) for line in lines] == [(jars.store.log_id, row) for row in jars.rows()]
