"""``comunita demo``: a season of two organisations, told by real processes."""

import os
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.console.history import history
from services.console.installation import Installation
from services.console.local import Broker, broker_of, given_broker, new_run, prepare
from services.console.mail_sink import MailSink, kept
from services.console.mail_sink import table as letters_table
from services.console.mailing import Mailing
from services.console.private_broker import BrokerUnavailable
from services.console.processes import NotReady, Processes
from services.console.running import start_ready
from services.console.season import Season, StandsStill
from services.console.sentences import timeline
from services.console.story import BEGINS, ENDS, Story
from services.kernel.calling import Caller, RefusedThere
from services.kernel.clock import SimulatedClock
from services.kernel.keys import Keys
from services.kernel.operate import status
from services.kernel.stopping import Stopping


class Interrupted(Exception):
    """Somebody asked to stop."""


def run(runs: Path, once: bool, stopping: Stopping, out: Console, err: Console) -> int:
    """Tell the season; the exit status. Whatever was started is stopped, however it ends."""
    given = given_broker(os.environ)
    with ExitStack() as stack:
        directory = new_run(runs, BEGINS)
        err.print(f"data of this run: {directory}", highlight=False)
        try:
            broker = stack.enter_context(broker_of(directory, given))
            stack.callback(_leave, broker, err)
            _stop_if(stopping)
            err.print("broker ready", highlight=False)
            letters = directory / "letters"
            mailing = Mailing(stack.enter_context(MailSink(letters)), directory)
            installation = prepare(
                directory, broker, mailing, os.environ, lambda words: _stop_if(stopping)
            )
            processes = Processes(installation, directory / "logs")
            stack.callback(processes.stop)
            processes.start()
            start_ready(processes, err)
            err.print(f"{len(processes.all)} processes ready", highlight=False)
            families = _tell(installation, directory, mailing, stopping, err)
        except Interrupted:
            err.print("stopped on request", style="yellow")
            return 130
        except (BrokerUnavailable, NotReady, StandsStill, RefusedThere) as failed:
            err.print(f"comunita: {type(failed).__name__}: {failed}", style="red", highlight=False)
            err.print(f"logs in {directory / 'logs'}", highlight=False)
            return 1
        _show(installation, families, letters, out)
        if not once:
            err.print("the services go on until Ctrl-C", highlight=False)
            while not stopping.wait(1.0):
                processes.watch()
    return 0


def _leave(broker: Broker, err: Console) -> None:
    for vhost in broker.leave():
        words = f"comunita: the virtual host {vhost} is still on the broker, with users of its name"
        err.print(words, style="yellow", highlight=False)


def _stop_if(stopping: Stopping) -> None:
    if stopping.is_set():
        raise Interrupted


def _tell(
    installation: Installation,
    directory: Path,
    mailing: Mailing,
    stopping: Stopping,
    err: Console,
) -> dict[str, str]:
    with ExitStack() as stack:
        stores = stack.enter_context(installation.stores())
        callers = {
            member.organisation: stack.enter_context(
                Caller(
                    member.organisation,
                    member.env["AMQP_URL"],
                    Keys(bytes.fromhex(member.env["ORGANISATION_SECRET"])),
                )
            )
            for member in installation.members
        }
        bar = stack.enter_context(
            Progress(console=err, disable=not err.is_terminal, transient=True)
        )
        task = bar.add_task("season", total=(ENDS - BEGINS).days)

        def passed(day: object) -> None:
            _stop_if(stopping)
            bar.advance(task)

        clock = SimulatedClock(directory / "clock", ticking=True)
        season = Season(clock, stores, report=passed, mailing=True)

        def say(day: object, words: str) -> None:
            _stop_if(stopping)
            bar.console.print(f"{day:%d/%m/%Y}  {words}", highlight=False)

        return Story(callers, mailing, season, say).tell()


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
