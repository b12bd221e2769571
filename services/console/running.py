"""``comunita up``: every process of an installation in the foreground, watched."""

from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from services.console.installation import Installation
from services.console.processes import NotReady, Processes
from services.kernel.stopping import Stopping

READY_SECONDS = 120.0
"""How long all processes may take to be ready; they import much, and share the machine's cores."""


def run(installation: Installation, stopping: Stopping, err: Console) -> int:
    """Start everything, restart what ends, until *stopping*; the exit status."""
    logs = (installation.directory or Path("var")) / "logs"
    processes = Processes(installation, logs)
    try:
        processes.start()
        start_ready(processes, err)
        err.print(f"ready: {len(processes.all)} processes; logs in {logs}", highlight=False)
        while not stopping.wait(1.0):
            for again in processes.watch():
                err.print(f"started again: {again.name}", style="yellow", highlight=False)
    except NotReady as missing:
        err.print(f"comunita: not ready: {missing}; see {logs}", style="red", highlight=False)
        return 1
    finally:
        processes.stop()
    return 0


def start_ready(processes: Processes, err: Console) -> None:
    """Wait until all are ready, with a progress bar.

    Raises:
        NotReady: names those that are not.
    """
    with Progress(console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task("starting processes", total=len(processes.all))
        processes.wait_ready(READY_SECONDS, lambda count: bar.update(task, completed=count))
