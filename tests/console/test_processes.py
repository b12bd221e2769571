"""Which processes an organisation has: two for each service, and those of the post."""

import json
import time
from pathlib import Path

import pytest

from services.console.forked import Forked, Nursery
from services.console.installation import Installation, Member
from services.console.processes import NotReady, Process, Processes


def test_mail_in_is_a_process_of_its_own_where_an_address_is_named(tmp_path):
    env = {"ORGANISATION": "lead", "POST_IN_ADDRESSES": "patti@rete.example"}
    members = (
        Member("lead", ("people", "notify"), env),
        Member("partner", ("notify",), {"ORGANISATION": "partner"}),
    )
    processes = Processes(Installation(members), tmp_path)
    try:
        assert [process.name for process in processes.all] == [
            "lead/people serve",
            "lead/people courier",
            "lead/notify serve",
            "lead/notify courier",
            "lead/notify post_in",
            "partner/notify serve",
            "partner/notify courier",
        ]
    finally:
        processes.stop()


def test_one_that_could_not_be_started_says_so_in_its_log_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = {"ORGANISATION": "lead"}
    processes = Processes(Installation((Member("lead", ("people",), env),)), tmp_path)
    serving, courier = processes.all
    tries = []

    def refuse(self: Nursery, kind: str, *words: object) -> Forked:
        tries.append(kind)
        raise OSError("Resource temporarily unavailable")

    monkeypatch.setattr(Process, "ready", lambda self: False)
    monkeypatch.setattr(Nursery, "begin", lambda self: None)
    monkeypatch.setattr(Nursery, "fork", refuse)
    try:
        processes.start()
        assert (tries, serving.pid) == (["serve", "courier"], None)
        [line] = serving.log.read_text().splitlines()
        assert json.loads(line) == {
            "organisation": "lead",
            "service": "people",
            "process": "serve",
            "message": "not started",
            "because": "Resource temporarily unavailable",
        }
        with pytest.raises(NotReady, match="lead/people serve, lead/people courier"):
            processes.wait_ready(60)
        serving.started_at = courier.started_at = time.monotonic() + 60
        assert processes.watch() == []
        serving.started_at -= 120
        assert processes.watch() == [serving]
        assert tries == ["serve", "courier", "serve"]
        assert (serving.restarts, courier.restarts) == (1, 0)
    finally:
        processes.stop()
