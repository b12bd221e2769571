"""Whoever sends in the last hour of the 10th is on time, however long it takes to be read."""

from pathlib import Path

import pytest

from services.console.private_broker import PrivateBroker
from tests.faults.last_hour import last_hour
from tests.private_postgres import PrivatePostgres

PROPOSALS = 60
"""``python -m tests.faults.last_hour`` sends 1,000, and prints the figures."""


@pytest.mark.mail
@pytest.mark.broker
@pytest.mark.postgres
@pytest.mark.slow
def test_all_that_is_sent_by_midnight_is_on_time_none_lost_none_twice(
    tmp_path: Path, broker: PrivateBroker, postgres: PrivatePostgres
) -> None:
    figures = last_hour(PROPOSALS, tmp_path, broker, lambda *_: postgres.fresh_database())
    print(figures)
    assert figures.wrong == []
