"""What the demo says, before it makes anything, of a broker that it was given and cannot use."""

import secrets
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pytest
from rich.console import Console

from services.console import demo, local
from services.console.local import Broker, given_broker, new_run
from services.console.private_broker import PrivateBroker
from services.kernel.settings import Missing
from tests.demo.telling import asked, comunita

NOBODY = "127.0.0.1:1"
"""Where nobody listens; a fixed port, for it names tests."""


def test_a_management_url_that_is_missing_is_named_in_one_line(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    done = comunita("demo", "--once", "--in", str(runs), AMQP_URL=f"amqp://{NOBODY}")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith("comunita: AMQP_URL is set: set AMQP_MANAGEMENT_URL too")
    assert not runs.exists()


def test_no_broker_given_is_none() -> None:
    assert given_broker({"AMQP_URL": "", "AMQP_MANAGEMENT_URL": "http://somewhere"}) is None


def wrong(amqp: str, management: str) -> str:
    """How the demo calls what is wrong."""
    with pytest.raises(Missing) as missing:
        given_broker({"AMQP_URL": amqp, "AMQP_MANAGEMENT_URL": management})
    return str(missing.value)


@pytest.mark.parametrize(
    ("amqp", "because"),
    [
        (f"amqp://a:secret@{NOBODY}/x", "(ConnectionRefusedError)"),
        ("amqp://a:secret@127.0.0.1:many/x", "(ValueError)"),
        (f"amqps://a:secret@{NOBODY}/x", "the demo speaks amqp:// only"),
        (NOBODY, "the demo speaks amqp:// only"),
    ],
)
def test_an_amqp_url_that_leads_nowhere(amqp: str, because: str) -> None:
    said = wrong(amqp, f"http://{NOBODY}")
    assert said.startswith("AMQP_URL cannot be used")
    assert because in said
    assert "secret" not in said


@pytest.mark.broker
@pytest.mark.parametrize(
    ("management", "because"),
    [
        (f"http://{NOBODY}", "ConnectionRefusedError"),
        (NOBODY, "URLError"),
        ("{amqp}", None),
        ("{metrics}", None),
        ("{right}/nowhere", None),
    ],
)
def test_a_management_url_that_leads_elsewhere(
    broker: PrivateBroker, management: str, because: str | None
) -> None:
    places = {
        "{amqp}": f"http://{broker.amqp_address}",
        "{metrics}": broker.metrics_url,
        "{right}/nowhere": f"{broker.management_url}/nowhere",
    }
    said = wrong(
        broker.amqp_url("/", broker.admin, broker.password), places.get(management, management)
    )
    assert said.startswith("AMQP_MANAGEMENT_URL cannot be used (")
    assert because is None or because in said
    assert broker.password not in said


@pytest.mark.broker
def test_a_wrong_password(broker: PrivateBroker) -> None:
    said = wrong(broker.amqp_url("/", broker.admin, "wrong"), broker.management_url)
    assert said == "AMQP_MANAGEMENT_URL cannot be used (HTTP 401)"


@pytest.fixture(params=["", "management", "monitoring"])
def user(broker: PrivateBroker, request: pytest.FixtureRequest) -> Iterator[str]:
    """The AMQP URL of a user who is no administrator."""
    name = f"user-{secrets.token_hex(4)}"
    asked(broker, f"users/{name}", {"password": "secret", "tags": request.param}, "PUT")
    yield broker.amqp_url("/", name, "secret")
    asked(broker, f"users/{name}", method="DELETE")


@pytest.mark.broker
def test_a_user_who_may_not_make_virtual_hosts(
    broker: PrivateBroker, user: str, request: pytest.FixtureRequest
) -> None:
    known = request.node.callspec.params["user"] != ""
    assert wrong(user, broker.management_url) == (
        "AMQP_URL cannot be used: its user is no administrator of the broker"
        if known
        else "AMQP_MANAGEMENT_URL cannot be used (HTTP 401)"
    )


@pytest.mark.broker
def test_an_administrator_is_let_in(broker: PrivateBroker) -> None:
    env = {
        "AMQP_URL": broker.amqp_url("/", broker.admin, broker.password),
        "AMQP_MANAGEMENT_URL": f"{broker.management_url}/",
    }
    assert given_broker(env) is not None


class Stubborn:
    """A broker without shovels, which is then not reached any more."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def organisation(self, name: str, password: str, vhost: str) -> str:
        self.asked.append(vhost)
        return vhost

    def join(self, one: str, other: str) -> None:
        raise HTTPError("http://a:secret@somewhere", 400, "no", {}, BytesIO())  # type: ignore[arg-type]

    def delete_organisation(self, name: str) -> None:
        self.asked.append(f"not {name}")
        if name == "partner":
            raise ConnectionRefusedError


def test_a_broker_without_shovels_is_named_and_left(tmp_path: Path) -> None:
    """What could be taken away is; what could not is told, and nothing is tried twice."""
    stubborn: Any = Stubborn()
    broker = Broker(stubborn, "demo-x-", True)
    with pytest.raises(Missing, match=r"refuses.*\(HTTP 400\).*rabbitmq_shovel") as missing:
        broker.join(["lead", "partner"])
    assert "secret" not in str(missing.value)
    assert broker.leave() == ["demo-x-partner"]
    assert broker.leave() == []
    assert stubborn.asked == ["demo-x-lead", "demo-x-partner", "not partner", "not lead"]


def test_two_runs_of_one_second_have_two_names(tmp_path: Path) -> None:
    """Also when two machines have one process number: their names meet on one broker."""
    names = {new_run(tmp_path / str(number), date(2026, 2, 2)).name for number in range(20)}
    assert len(names) == 20


def test_a_private_broker_that_does_not_start_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = partial(PrivateBroker, server=tmp_path / "no such program")
    monkeypatch.setattr(local, "PrivateBroker", without)
    monkeypatch.delenv("AMQP_URL", raising=False)
    told = Console(file=StringIO(), width=200)
    assert demo.run(tmp_path, True, threading.Event(), told, told) == 1
    _, because, where = told.file.getvalue().splitlines()
    assert because.startswith("comunita: BrokerUnavailable: RabbitMQ is not installed")
    assert where.startswith("logs in ")
