"""The stage: a fresh installation of two organisations, its processes ready, for what is told."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.console import Console

from services.console.forked import Nursery
from services.console.installation import Installation
from services.console.local import Broker, broker_of, given_broker, new_run, prepare
from services.console.mail_sink import MailSink
from services.console.mailing import Mailing
from services.console.private_broker import BrokerUnavailable
from services.console.processes import NotReady, Processes
from services.console.running import start_ready
from services.console.season import StandsStill
from services.kernel.calling import RefusedThere
from services.kernel.stopping import Stopping

LETTERS_EVERY = "0.05"
"""Seconds between two looks for letters, which cost nothing unless something was written; at each
step of the clock somebody waits for them."""


class Interrupted(Exception):
    """Somebody asked to stop."""


@dataclass(frozen=True)
class Stage:
    """What runs, and where its data are.

    Attributes:
        sink: the mail server that every letter goes to.
        letters: folder in which it keeps them.
    """

    directory: Path
    installation: Installation
    mailing: Mailing
    processes: Processes
    sink: MailSink
    letters: Path


def on_stage(
    runs: Path,
    first: date,
    stopping: Stopping,
    err: Console,
    play: Callable[[Stage], int],
    sink_in: Callable[[Path], MailSink] = MailSink,
) -> int:
    """Start everything, let *play* go on it; the exit status.

    Whatever was started is stopped, however it ends.

    Args:
        runs: folder in which this run gets a folder of its own.
        first: the civil day on which its clock begins.
        stopping: set when somebody asks to stop.
        err: where progress and failures are told.
        play: what happens on the stage; gives the exit status.
        sink_in: the mail server that keeps its letters in a folder.
    """
    given = given_broker(os.environ)
    with ExitStack() as stack:
        directory = new_run(runs, first)
        err.print(f"data of this run: {directory}", highlight=False)
        nursery = Nursery()
        stack.callback(nursery.close)
        nursery.begin()  # it loads while the broker starts
        try:
            broker = stack.enter_context(broker_of(directory, given))
            stack.callback(_leave, broker, err)
            stop_if(stopping)
            err.print("broker ready", highlight=False)
            letters = directory / "letters"
            sink = sink_in(letters)
            stack.enter_context(sink)
            mailing = Mailing(sink, directory)
            installation = prepare(
                directory, broker, mailing, os.environ, lambda words: stop_if(stopping)
            )
            processes = Processes(installation, directory / "logs", nursery)
            stack.callback(processes.stop)
            for each in processes.all:
                if each.kind == "post_out":
                    each.env["COURIER_POLL_SECONDS"] = LETTERS_EVERY
            processes.start()
            start_ready(processes, err)
            err.print(f"{len(processes.all)} processes ready", highlight=False)
            return play(Stage(directory, installation, mailing, processes, sink, letters))
        except Interrupted:
            err.print("stopped on request", style="yellow")
            return 130
        except (BrokerUnavailable, NotReady, StandsStill, RefusedThere) as failed:
            err.print(f"comunita: {type(failed).__name__}: {failed}", style="red", highlight=False)
            err.print(f"logs in {directory / 'logs'}", highlight=False)
            return 1


def stop_if(stopping: Stopping) -> None:
    """Go on only if nobody asked to stop.

    Raises:
        Interrupted: somebody did.
    """
    if stopping.is_set():
        raise Interrupted


def _leave(broker: Broker, err: Console) -> None:
    for vhost in broker.leave():
        words = f"comunita: the virtual host {vhost} is still on the broker, with users of its name"
        err.print(words, style="yellow", highlight=False)
