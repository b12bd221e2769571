"""A history as a table: day, where, what happened, who decided."""

from collections.abc import Iterable, Mapping

from rich.table import Table

from services.console.history import Moment
from services.console.sentences import ROLES, sentence

ACTORS = {"person": "persona", "service": "servizio"}

PREPARATIONS = frozenset(
    {
        "intake.FiguresTold",
        "intake.KnownNamesOpened",
        "intake.KnownPersonsOpened",
        "intake.NamesTold",
        "intake.PersonIdentified",
        "pacts.CapacityUnlinked",
        "pacts.CertificateHeard",
        "pacts.CertificatesOpened",
        "pacts.MicroequipeChanged",
        "pacts.GoalRemoved",
        "pacts.ActionRemoved",
        "pacts.KnownNamesOpened",
        "pacts.NamesLearnt",
        "pacts.ResourceRemoved",
        "review.AcknowledgementsOpened",
        "review.BoardMembersOpened",
        "review.MicroequipeOpened",
        "review.MicroequipeTold",
        "review.MinutesOpened",
    }
)
"""What services note for themselves, and what a form takes out of a draft to write it anew."""


def of_the_path(moments: Iterable[Moment]) -> list[Moment]:
    """The steps of a path that people would tell; the mail about each is a history of its own."""
    return [
        each for each in moments if each.service != "notify" and each.row.topic not in PREPARATIONS
    ]


def timeline(
    title: str, moments: Iterable[Moment], roles: Mapping[str, str] | None = None
) -> Table:
    """A table of facts: day, where, what happened, who decided.

    Args:
        roles: the role of persons by id, to be shown instead of the id.
    """
    table = Table(title=f"Storia di {title}", show_edge=False, title_justify="left")
    for column in ("giorno", "dove", "fatto", "chi"):
        table.add_column(column)
    for moment in moments:
        table.add_row(
            f"{moment.day:%d/%m/%Y}",
            f"{moment.organisation}/{moment.service}",
            sentence(moment.row.topic, moment.state),
            _who(moment, roles or {}),
        )
    return table


def _who(moment: Moment, roles: Mapping[str, str]) -> str:
    organisation, kind, name = moment.row.actor.split("/", 2)
    elsewhere = "" if organisation == moment.organisation else f" ({organisation})"
    if name in roles:
        return f"{ROLES[roles[name]]}{elsewhere}"
    shown = name[:8] if kind == "person" else name
    return f"{ACTORS[kind]} {shown}{elsewhere}"
