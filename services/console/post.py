"""What waits of the mail that comes in and goes out, beside the status of the services."""

from collections.abc import Mapping

from rich.table import Table

from services.kernel.store import Store
from services.notify.figures import letter_figures, mail_figures

COLUMNS: tuple[tuple[str, tuple[str, ...], str | None], ...] = (
    ("to sort", ("mail_to_sort",), "mail_to_sort_oldest_seconds"),
    ("waits for a person", ("mail_waiting",), "mail_waiting_oldest_seconds"),
    ("letters to send", ("letters_due", "letters_deferred"), "letters_oldest_due_seconds"),
    ("without an address", ("letters_held_back",), None),
    ("in doubt, or given up", ("letters_uncertain", "letters_given_up"), None),
)
"""Heading, the figures that are added up, and the one that says since when the oldest waits."""


def figures_of(notify: Store) -> dict[str, float]:
    """The figures of one organisation's mail, by name."""
    return {each.name: each.value for each in (*mail_figures(notify), *letter_figures(notify))}


def post_table(post: Mapping[str, Mapping[str, float]]) -> Table:
    """One row for each organisation; a dash where nothing waits."""
    table = Table(title="Mail", show_edge=False)
    for heading in ("organisation", *(heading for heading, _, _ in COLUMNS)):
        table.add_column(heading)
    for organisation, found in post.items():
        table.add_row(organisation, *(_cell(found, names, age) for _, names, age in COLUMNS))
    return table


def _cell(found: Mapping[str, float], names: tuple[str, ...], age: str | None) -> str:
    count = sum(found[name] for name in names)
    if not count:
        return "–"
    return f"{count:.0f}" + (f" (oldest {found[age]:.0f} s)" if age else "")
