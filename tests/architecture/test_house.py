"""How the house hangs together: services apart, names frozen, every word heard is a word said."""

import hashlib
import importlib
import inspect
import json
import shutil
import subprocess
import sys
import textwrap
from dataclasses import is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_type_hints
from uuid import UUID, uuid4

import pytest

from services.kernel.actor import Actor
from services.kernel.aggregate import COLUMNS, Aggregate
from services.kernel.composition import Composition
from services.kernel.courier import names
from services.kernel.database import Database
from services.kernel.deciding import Deciding, Occasion
from services.kernel.keys import Keys
from services.kernel.migrate import migrate
from services.kernel.programme import Organisation, Programme
from services.kernel.refusal import Refused
from services.kernel.store import Store
from services.kernel.words import Heard
from services.people.codes import Role

ROOT = Path(__file__).parents[2]
SERVICES = ("people", "intake", "pacts", "review", "notify")
HERE = Path(__file__).parent
CONTRACTS = sorted(ROOT.glob("services/*/contract/*.json"))


@pytest.fixture(scope="module")
def compositions() -> dict[str, Composition]:
    return {name: Composition.of(name) for name in SERVICES}


def events(kind: type[Any] = Aggregate.Event) -> list[type[Any]]:
    """Every event class of the services and the kernel, as it is stored."""
    found = []
    for each in kind.__subclasses__():
        found += events(each)
        if each.__module__.startswith("services.") and getattr(each, "STREAM_TYPE", None):
            found.append(each)
    return found


def frozen(name: str) -> list[str]:
    lines = (HERE / name).read_text().splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def aggregates(kind: type[Any] = Aggregate) -> list[type[Any]]:
    """Every aggregate class of the services and the kernel."""
    found = []
    for each in kind.__subclasses__():
        found += [each] * each.__module__.startswith("services.") + aggregates(each)
    return found


def test_no_aggregate_is_a_dataclass(compositions: dict[str, Composition]) -> None:
    """One annotation in the class and the library makes one of it: then it passes for a value."""
    assert len(aggregates()) > len(SERVICES)
    assert [each.__name__ for each in aggregates() if is_dataclass(each)] == []


@pytest.mark.slow
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_imports_alone(service: str, tmp_path: Path) -> None:
    """An image holds the kernel and that one service; nothing else is needed."""
    house = tmp_path / "services"
    house.mkdir()
    shutil.copy(ROOT / "services" / "__init__.py", house)
    for part in ("kernel", service):
        shutil.copytree(
            ROOT / "services" / part, house / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    program = f"""
        import warnings
        warnings.simplefilter("ignore")
        from services.kernel.composition import Composition
        import services.kernel.courier.__main__, services.kernel.migrate, services.kernel.hosting
        import services.{service}.service
        assert Composition.of("{service}").name == "{service}"
        assert services.__file__.startswith({str(tmp_path)!r})
    """
    done = subprocess.run(
        [sys.executable, "-P", "-c", textwrap.dedent(program)],
        env={"PYTHONPATH": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_a_process_that_only_carries_starts_without_nameko() -> None:
    """Nameko would be a third of the time that it takes to start."""
    program = f"""
        import sys
        from services.kernel.composition import Composition
        import services.kernel.courier.__main__
        for service in {SERVICES!r}:
            Composition.of(service)
        assert not {{"nameko", "eventlet", "kombu"}} & sys.modules.keys()
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_topics_are_stored_for_ever(compositions: dict[str, Composition]) -> None:
    """A topic may be added to the list; none may leave it or change."""
    stated = {each.TOPIC for each in events() if hasattr(each, "TOPIC")}
    stated |= {each.STREAM_TYPE for each in events()}
    assert sorted(stated) == frozen("topics.txt")


def test_no_event_has_a_float_or_a_set(compositions: dict[str, Composition]) -> None:
    for each in events():
        for name, hint in get_type_hints(each).items():
            if name not in COLUMNS:
                told = str(hint)
                assert hint is not float, f"{each.__qualname__}.{name}"
                assert "float" not in told, f"{each.__qualname__}.{name}"
                assert "set[" not in told, f"{each.__qualname__}.{name}"


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda path: path.stem)
def test_a_released_contract_never_changes(contract: Path) -> None:
    """A breaking change is a new version beside it; the checksum is of the file as released."""
    digest = hashlib.sha256(contract.read_bytes()).hexdigest()
    assert f"{digest}  {contract.parts[-3]}/{contract.name}" in frozen("contracts.sha256")


def test_every_checksum_is_of_a_contract_that_is_there() -> None:
    listed = [line.split("  ")[1] for line in frozen("contracts.sha256")]
    assert listed == sorted(f"{path.parts[-3]}/{path.name}" for path in CONTRACTS)


def test_names_on_the_broker_are_frozen() -> None:
    """Renaming what a queue is named after orphans the mail in it."""
    assert names.EXCHANGE == "said"
    assert names.said_key("lead", "pacts", "partner") == "lead.pacts.partner"
    assert names.resend_key("lead", "pacts", "partner", "intake") == "lead.pacts.partner.intake"
    assert names.heard_queue("review", "partner", "pacts") == "heard.review.partner.pacts"
    assert names.resend_queue("pacts") == "resend.pacts"


def test_every_word_heard_is_a_word_said(compositions: dict[str, Composition]) -> None:
    """Each policy's contract is published by the service that it names."""
    for hearer, composition in compositions.items():
        for contract in composition.policies:
            service, _, name = contract.partition("/")
            said = [each for told in compositions[service].published.values() for each in told.says]
            assert name in said, f"{hearer} hears {contract}, which {service} does not say"


AWAITING_A_HEARER = {
    "pacts/complaint_answered.v1",
    "review/guidelines_acknowledged.v1",
    "review/urgent_aid_listed.v1",
}
"""Said within an organisation, where a service that hears its line already has a queue; a
contract leaves this list when the first policy for it is written.

Nobody is told of these: the committee hears of urgent aid with its docket, who acknowledged is a
question, and an answered complaint stands in the pact of those who answered."""


def test_nothing_is_said_that_nobody_hears(compositions: dict[str, Composition]) -> None:
    """What nobody hears would wait on the broker for ever: it has no queue."""
    heard = {contract for each in compositions.values() for contract in each.policies}
    heard |= AWAITING_A_HEARER
    for service, composition in compositions.items():
        for told in composition.published.values():
            for name in told.says:
                assert f"{service}/{name}" in heard


@pytest.mark.parametrize("service", SERVICES)
def test_every_door_names_roles_that_people_knows(service: str) -> None:
    """A command without a role, or for a role that nobody can have, is no door."""
    door = importlib.import_module(f"services.{service}.service")
    kind = getattr(door, f"{service.capitalize()}Service")
    doors = [
        method
        for _, method in inspect.getmembers(kind, inspect.isfunction)
        if hasattr(method, "nameko_entrypoints")
    ]
    assert doors
    for method in doors:
        roles = inspect.getclosurevars(method).nonlocals["roles"]
        assert roles
        assert set(roles) <= {role.value for role in Role}, method.__name__


def examples() -> list[tuple[str, str, int]]:
    """Every policy with every published example of its contract."""
    found = []
    for service in SERVICES:
        for contract in Composition.of(service).policies:
            producer, _, name = contract.partition("/")
            path = ROOT / "services" / producer / "contract" / f"{name}.json"
            count = len(json.loads(path.read_text())["examples"])
            found += [(service, contract, number) for number in range(count)]
    return found


@pytest.mark.parametrize(("service", "contract", "number"), examples())
def test_every_policy_lives_on_the_published_examples(
    service: str, contract: str, number: int, tmp_path: Path
) -> None:
    """It decides, or a rule refuses; it never crashes, and twice it adds nothing."""
    producer, _, name = contract.partition("/")
    path = ROOT / "services" / producer / "contract" / f"{name}.json"
    body = json.loads(path.read_text())["examples"][number]
    keys = Keys(b"\x07" * 32)
    said_by = body.get("organisation") or "lead"
    organisations = {
        each: Organisation(each, SERVICES, keys.public, each == "lead")
        for each in {"lead", said_by}
    }
    url = f"sqlite:///{tmp_path / 'one.db'}"
    composition = Composition.of(service)
    migrate(composition, "lead", url, url)
    store = Store(composition, Database(url), keys, Programme("lead", organisations), June())
    heard = Heard(
        contract=contract,
        body=body,
        organisation=said_by,
        service=producer,
        said_at=June().now(),
        by=f"{said_by}/person/{UUID(int=1)}",
        event_id=UUID(int=7),
    )
    try:
        first = told(store, composition, heard)
        again = told(store, composition, heard)
    finally:
        store.close()
    assert again == first


class June:
    """A clock that stands."""

    def now(self) -> datetime:
        return datetime(2026, 6, 15, 9, tzinfo=UTC)


def told(store: Store, composition: Composition, heard: Heard) -> int:
    """The log's last position after *heard* was told; a refusal adds nothing."""
    root = uuid4()
    actor = Actor.of_service("lead", composition.name, heard.by)

    def act(deciding: Deciding) -> None:
        composition.policies[heard.contract](deciding, heard)

    try:
        store.decide(Occasion(root, "test", str(root), actor), act)
    except Refused:
        return -1
    with store.database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT position FROM log").scalar_one())
