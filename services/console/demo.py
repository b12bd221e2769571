"""``comunita demo``: a season of two organisations, told by real processes."""

from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.console.history import history
from services.console.installation import Installation
from services.console.mail_sink import kept
from services.console.mail_sink import table as letters_table
from services.console.season import Season
from services.console.sentences import timeline
from services.console.stage import Stage, on_stage, stop_if
from services.console.story import BEGINS, ENDS, Story
from services.kernel.calling import Caller
from services.kernel.clock import SimulatedClock
from services.kernel.keys import Keys
from services.kernel.operate import status
from services.kernel.stopping import Stopping

PATIENCE = 60.0
"""Seconds for one answer: a form is set in seconds, on a busy machine in many."""


def run(runs: Path, once: bool, stopping: Stopping, out: Console, err: Console) -> int:
    """Tell the season; the exit status. Whatever was started is stopped, however it ends."""

    def tell(stage: Stage) -> int:
        families = _tell(stage, stopping, err)
        _show(stage.installation, families, stage.letters, out)
        if not once:
            err.print("the services go on until Ctrl-C", highlight=False)
            while not stopping.wait(1.0):
                stage.processes.watch()
        return 0

    return on_stage(runs, BEGINS, stopping, err, tell)


def _tell(stage: Stage, stopping: Stopping, err: Console) -> dict[str, str]:
    with ExitStack() as stack:
        stores = stack.enter_context(stage.installation.stores())
        callers = {
            member.organisation: stack.enter_context(
                Caller(
                    member.organisation,
                    member.env["AMQP_URL"],
                    Keys(bytes.fromhex(member.env["ORGANISATION_SECRET"])),
                    timeout=PATIENCE,
                )
            )
            for member in stage.installation.members
        }
        bar = stack.enter_context(
            Progress(console=err, disable=not err.is_terminal, transient=True)
        )
        task = bar.add_task("season", total=(ENDS - BEGINS).days)

        def passed(day: object) -> None:
            stop_if(stopping)
            bar.advance(task)

        clock = SimulatedClock(stage.directory / "clock", ticking=True)
        season = Season(clock, stores, report=passed, mailing=True)

        def say(day: object, words: str) -> None:
            stop_if(stopping)
            bar.console.print(f"{day:%d/%m/%Y}  {words}", highlight=False)

        return Story(callers, stage.mailing, season, say).tell()


def _show(
    installation: Installation, families: dict[str, str], letters: Path, out: Console
) -> None:
    """Print each family's path, the letters that went out, and how every service stands."""
    with installation.stores() as stores:
        for outcome, family in families.items():
            out.print(timeline(f"{family} ({outcome})", history(stores, family)))
            out.print()
        out.print(letters_table(kept(letters)))
        out.print(f"Le lettere sono in {letters}", highlight=False, soft_wrap=True)
        out.print()
        table = Table(title="Servizi alla fine", show_edge=False)
        for column in ("servizio", "fatti", "detti", "uditi", "in attesa"):
            table.add_column(column)
        for (organisation, service), store in stores.items():
            found = status(store)
            table.add_row(
                f"{organisation}/{service}",
                str(found.position),
                str(sum(each.said for each in found.audiences)),
                str(sum(line.heard for line in found.lines)),
                str(sum(line.waiting for line in found.lines)),
            )
        out.print(table)
