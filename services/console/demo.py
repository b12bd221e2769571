"""``comunita demo``: a season of two organisations, told by real processes."""

from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from random import SystemRandom

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.console.history import GUIDELINES, history
from services.console.mail_sink import kept
from services.console.mail_sink import table as letters_table
from services.console.report.making import make_report, written
from services.console.season import Season
from services.console.stage import Stage, on_stage, stop_if
from services.console.story import story
from services.console.story.cast import ROLES
from services.console.story.telling import Telling
from services.console.timeline import of_the_path, timeline
from services.console.year.asking import Asking
from services.console.year.cast import Cast, register
from services.kernel.clock import SimulatedClock
from services.kernel.operate import status
from services.kernel.stopping import Stopping
from services.kernel.store import Store

PAPERS = "papers"
"""Folder of a run for what is printed: the family's letter, the period report."""


def run(runs: Path, once: bool, stopping: Stopping, out: Console, err: Console) -> int:
    """Tell the season; the exit status. Whatever was started is stopped, however it ends."""

    def tell(stage: Stage) -> int:
        families, cast = _tell(stage, stopping, err)
        _show(stage, families, cast, out)
        if not once:
            err.print("the services go on until Ctrl-C", highlight=False)
            while not stopping.wait(1.0):
                stage.processes.watch()
        return 0

    return on_stage(runs, story.BEGINS, stopping, err, tell)


def _tell(stage: Stage, stopping: Stopping, err: Console) -> tuple[dict[str, str], Cast]:
    with ExitStack() as stack:
        stores = stack.enter_context(stage.installation.stores())
        asking = stack.enter_context(Asking(stage.installation))
        bar = stack.enter_context(
            Progress(console=err, disable=not err.is_terminal, transient=True)
        )
        task = bar.add_task("season", total=(story.ENDS - story.BEGINS).days)

        def passed(day: object) -> None:
            stop_if(stopping)
            bar.advance(task)

        clock = SimulatedClock(stage.directory / "clock", ticking=True)
        season = Season(clock, stores, report=passed, mailing=True)

        def say(day: object, words: str) -> None:
            stop_if(stopping)
            bar.console.print(f"{day:%d/%m/%Y}  {words}", highlight=False)

        cast = register(asking, story.BEGINS, SystemRandom(), ROLES)
        season.settle()
        papers = stage.directory / PAPERS
        return story.tell(Telling(asking, cast, stage.mailing, season, say, papers)), cast


def _show(stage: Stage, families: dict[str, str], cast: Cast, out: Console) -> None:
    """Print each path, the letters that went out, the papers, and how every service stands."""
    with stage.installation.stores() as stores:
        for outcome, family in families.items():
            _show_path(stores, family, f"{family} ({outcome})", cast, out)
        _show_path(stores, story.LAST_CYCLE, f"{story.LAST_CYCLE}, il comitato", cast, out)
        _show_path(stores, GUIDELINES, f"{GUIDELINES}, la cabina di regia", cast, out)
        out.print(letters_table(kept(stage.letters)))
        out.print(f"Le lettere sono in {stage.letters}", highlight=False, soft_wrap=True)
        out.print()
        _print_papers(stage.directory / PAPERS, stores, out)
        out.print(_standing(stores))


def _show_path(
    stores: Mapping[tuple[str, str], Store], about: str, title: str, cast: Cast, out: Console
) -> None:
    whole = history(stores, about)
    path, roles = of_the_path(whole), {each.id: each.role for each in cast.people.values()}
    out.print(timeline(title, path, roles))
    out.print(
        f"con la posta e ciò che i servizi annotano per sé, {len(whole)} fatti: "
        f"comunita history {about}",
        highlight=False,
        style="dim",
        soft_wrap=True,
    )
    out.print()


def _print_papers(folder: Path, stores: Mapping[tuple[str, str], Store], out: Console) -> None:
    """The lead organisation's report on the season is written beside the families' letters."""
    lead = {key: store for key, store in stores.items() if key[0] == "lead"}
    report = make_report(lead, "lead", *story.REPORTED, None, None)
    list(written(report, True, folder))
    out.print("Carte: la lettera alla famiglia, e il rendiconto per uso interno", highlight=False)
    for path in sorted(folder.iterdir()):
        out.print(f"- {path}", highlight=False, soft_wrap=True)
    out.print()


def _standing(stores: Mapping[tuple[str, str], Store]) -> Table:
    table = Table(title="Servizi alla fine", show_edge=False, title_justify="left")
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
    return table
