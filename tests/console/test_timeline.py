"""A history as a table: who decided, by role, and the steps that people would tell."""

import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from rich.console import Console

from services.console.history import Moment
from services.console.sentences import SENTENCES
from services.console.timeline import PREPARATIONS, of_the_path, timeline
from services.kernel.rows import Row

MANAGER = str(UUID(int=7))
JUNE_18 = datetime(2026, 6, 18, 7, tzinfo=UTC)


def moment(topic: str, actor: str, service: str = "review", **state: Any) -> Moment:
    row = Row(UUID(int=2), 1, topic, b"{}", actor=actor)
    return Moment(JUNE_18, "lead", service, row, state)


def told(each: Moment, roles: dict[str, str] | None = None) -> str:
    """The only row of its table."""
    printed = io.StringIO()
    Console(file=printed, width=100).print(timeline("LEAD-7K3M9Q-8", [each], roles))
    return " ".join(printed.getvalue().splitlines()[-1].split())


def test_who_decided_is_told_by_role_and_from_which_organisation_if_another():
    voted = moment("review.Voted", f"lead/person/{MANAGER}", choice="approve")
    heard = moment("review.Voted", "partner/service/pacts", choice="return")
    manager = {MANAGER: "project_manager"}
    assert told(voted).endswith("│ voto: approvare │ persona 00000000")
    assert told(voted, manager).endswith("│ voto: approvare │ responsabile di progetto")
    assert told(heard).endswith("│ servizio pacts (partner)")


def test_the_path_leaves_out_the_mail_and_what_services_note_for_themselves():
    by = "lead/service/notify"
    sent = moment("notify.LetterSent", by, "notify")
    noted = moment("intake.KnownNamesOpened", by, "intake")
    voted = moment("review.Voted", by)
    assert of_the_path([sent, noted, voted]) == [voted]


def test_only_facts_that_there_are_are_left_out():
    assert set(SENTENCES) >= PREPARATIONS
