"""The form over a real broker: the answer is large, sealed, and the service goes on meanwhile."""

from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from services.console.private_broker import PrivateBroker
from services.kernel.actor import Actor
from services.kernel.calling import Caller
from services.kernel.deciding import Deciding, Occasion
from services.pacts.pact import Pact
from tests.faults.running import Running
from tests.faults.scene import keys_of, scene, sqlite_in
from tests.pacts.moments import FAMILY, FORMATION, LEAD, OURSELVES, TEAM, TERMS

BY = Actor.of_person("lead", LEAD, "microequipe_lead")


def draft(pacts: Deciding) -> None:
    day = date(2026, 3, 16)
    pacts.add(Pact.draft(FAMILY, 1, FORMATION, TEAM, TERMS, by=OURSELVES, on=day))


@pytest.mark.slow
@pytest.mark.broker
def test_a_form_comes_over_the_broker_and_keeps_nobody_waiting(
    tmp_path: Path, broker: PrivateBroker
) -> None:
    services = {"lead": ("pacts",), "partner": ("pacts",)}
    with scene(tmp_path, broker, sqlite_in(tmp_path), services) as made:
        with made.stores() as stores:
            key = uuid4()
            stores["lead", "pacts"].decide(Occasion(key, "test", str(key), OURSELVES), draft)
        member = made.members["lead"]
        serving = Running(member, "pacts", "serve", tmp_path).start()
        try:
            serving.wait_ready()
            url, keys = member.env["AMQP_URL"], keys_of("lead")

            def form() -> bytes:
                with Caller("lead", url, keys, timeout=60) as caller:
                    found = caller.call("pacts", "pacts_of", BY, family=FAMILY)
                    pact = found["pacts"][0]["pact"]
                    return b64decode(caller.call("pacts", "form", BY, pact_id=pact)["pdf"])

            with ThreadPoolExecutor(1) as pool, Caller("lead", url, keys) as caller:
                making = pool.submit(form)
                answered = 0
                while not making.done():
                    caller.call("pacts", "open_drafts", BY)
                    answered += 1
            pdf = making.result()
        finally:
            serving.stop()
    assert pdf.startswith(b"%PDF-")
    assert len(pdf) > 100_000
    assert answered > 10
