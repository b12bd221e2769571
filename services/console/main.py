"""``comunita``: the one program with which an organisation runs its services and reads its logs."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from sqlalchemy.exc import DBAPIError

from services.console.history import history as read_history
from services.console.installation import Installation, Member
from services.console.papers import make_paper
from services.console.post import figures_of, post_table
from services.console.refusals import refusal_words
from services.console.timeline import timeline
from services.kernel import inbox, views
from services.kernel.actor import Actor
from services.kernel.composition import Composition
from services.kernel.database import Database
from services.kernel.migrate import migrate as migrate_service
from services.kernel.operate import Status
from services.kernel.operate import status as read_status
from services.kernel.refusal import Refused
from services.kernel.settings import Missing
from services.kernel.stopping import Stopping
from services.kernel.store import Store
from services.pacts.form import issuing

app = typer.Typer(
    help="Run the services of the Comunità Energetiche programme, and read their logs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
out = Console(width=None if sys.stdout.isatty() else 120)
err = Console(stderr=True, soft_wrap=True)

At = Annotated[
    Path | None,
    typer.Option("--installation", help="Folder of an installation; default: the environment."),
]
Named = Annotated[str | None, typer.Option(help="Only this organisation.")]
AsJson = Annotated[bool, typer.Option("--json", help="Machine-readable output.")]
Safely = Annotated[
    bool, typer.Option("--safely", help="Under contatto sicuro: it goes by the way agreed.")
]
OfPact = Annotated[str, typer.Argument(help="The pact's id, or the family's code: its newest.")]
To = Annotated[
    Path | None, typer.Option("--output", "-o", help="Where to write it; default: here.")
]
ForPerson = Annotated[
    str | None, typer.Option("--person", help="For whom of the microequipe; default: its lead.")
]


@contextmanager
def one_clear_line() -> Iterator[None]:
    """End with status 1 and a line on stderr for what an operator can mend; bugs pass."""
    try:
        yield
    except Missing as missing:
        err.print(f"comunita: {missing}", style="red", highlight=False)
        raise typer.Exit(1) from None
    except Refused as refused:
        err.print(f"comunita: refused: {refusal_words(refused)}", style="red", highlight=False)
        raise typer.Exit(1) from None
    except DBAPIError as error:
        place = type(error.orig).__name__
        err.print(
            f"comunita: the database does not answer or is not migrated ({place})", style="red"
        )
        raise typer.Exit(1) from None


@contextmanager
def progress(words: str, total: int | None = None) -> Iterator[tuple[Progress, int]]:
    """A progress bar on stderr, only where somebody looks at it."""
    with Progress(console=err, disable=not err.is_terminal, transient=True) as bar:
        yield bar, bar.add_task(words, total=total)


@app.command()
def migrate(installation: At = None, organisation: Named = None) -> None:
    """Make or change the tables of every service, with the owner's database role."""
    with one_clear_line():
        for member in Installation.found(installation, os.environ).members:
            if organisation in (None, member.organisation):
                for service in member.services:
                    settings = member.settings(service)
                    with progress(f"{member.organisation}/{service}") as (bar, task):
                        log_id = migrate_service(
                            Composition.of(service),
                            member.organisation,
                            settings.owner_database_url,
                            settings.database_url,
                            lambda view, reached, bar=bar, task=task: bar.update(  # type: ignore[misc]
                                task, description=view, completed=reached
                            ),
                        )
                    out.print(f"{log_id}: up to date", highlight=False)


@app.command()
def status(installation: At = None, organisation: Named = None, as_json: AsJson = False) -> None:
    """Show how far everything is: positions, lag, oldest unsent, stopped lines."""
    with one_clear_line():
        found = Installation.found(installation, os.environ)
        with found.stores() as stores:
            statuses = {
                key: read_status(store)
                for key, store in stores.items()
                if organisation in (None, key[0])
            }
            post = {key[0]: figures_of(stores[key]) for key in statuses if key[1] == "notify"}
    if as_json:
        words = {"/".join(key): each.words() for key, each in statuses.items()}
        for name, figures in post.items():
            words[f"{name}/notify"] |= {"figures": figures}
        print(json.dumps(words, indent=1))
    else:
        out.print(_status_table(statuses))
        if post:
            out.print(post_table(post))
    if not all(each.sound for each in statuses.values()):
        raise typer.Exit(1)


@app.command()
def history(
    about: Annotated[
        str, typer.Argument(help='A family\'s code, a cycle (2026-07), or "guidelines".')
    ],
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", formats=["%Y-%m-%d"], help="What was known at the end of a day."),
    ] = None,
    as_json: AsJson = False,
    installation: At = None,
) -> None:
    """Tell the path of a family, a cycle or the guidelines from the events alone."""
    with one_clear_line():
        found = Installation.found(installation, os.environ)
        with found.stores() as stores:
            moments = read_history(stores, about, as_of.date() if as_of else None)
    if not moments:
        err.print(f"comunita: no fact about {about} is known here", style="red", highlight=False)
        raise typer.Exit(1)
    if as_json:
        print(json.dumps([moment.words() for moment in moments], indent=1, ensure_ascii=False))
    else:
        out.print(timeline(about, moments))


@app.command()
def form(
    pact: OfPact,
    output: To = None,
    printed: Annotated[
        bool, typer.Option("--printed", help="The approved pact to sign, instead of the form.")
    ] = False,
    person: ForPerson = None,
    safely: Safely = False,
    installation: At = None,
) -> None:
    """Make the form of a draft or of an amendment, or the approved pact on paper, as a PDF."""
    issue = issuing.printed_pact if printed else issuing.form
    _write(issue, pact, output, person, safely, installation)


@app.command()
def letter(
    pact: OfPact,
    output: To = None,
    person: ForPerson = None,
    safely: Safely = False,
    installation: At = None,
) -> None:
    """Make the letter that tells a family what was decided, to be printed and handed over."""
    _write(issuing.family_letter, pact, output, person, safely, installation)


@app.command()
def sheet(
    pact: OfPact,
    figure: Annotated[
        UUID, typer.Argument(help="Its id, as the pact tells; its number on forms may change.")
    ],
    output: To = None,
    person: ForPerson = None,
    safely: Safely = False,
    installation: At = None,
) -> None:
    """Make the sheet with the actions in which a reference figure has a part, to hand to it."""
    _write(partial(issuing.figure_sheet, figure=figure), pact, output, person, safely, installation)


def _write(
    issue: issuing.Issue,
    pact: str,
    output: Path | None,
    person: str | None,
    safely: bool,
    installation: Path | None,
) -> None:
    with one_clear_line():
        found = Installation.found(installation, os.environ)
        with found.stores() as stores:
            paper = make_paper(stores, pact, issue, person, safely)
        place = output or Path(paper.name)
        place.write_bytes(paper.pdf)
    out.print(str(place), highlight=False, soft_wrap=True)


@app.command()
def report(
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the period.")
    ],
    last: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of the period.")
    ],
    out_folder: Annotated[Path, typer.Option("--out", help="Folder for the files.")] = Path(),
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="What was recorded at the end of a day; default: of yesterday.",
        ),
    ] = None,
    unsuppressed: Annotated[
        bool,
        typer.Option(
            "--unsuppressed",
            help="With small numbers too: for the organisation itself, never to be published.",
        ),
    ] = False,
    operator: Annotated[
        str | None,
        typer.Option(help="Your person id: who reads birth dates.", envvar="COMUNITA_OPERATOR"),
    ] = None,
    installation: At = None,
    organisation: Named = None,
) -> None:
    """Write the numbers of a period for who funds the programme, as CSV and PDF."""
    from services.console.report.making import make_report, written

    with one_clear_line():
        member = _one_member(Installation.found(installation, os.environ), organisation)
        with Installation((member,)).stores() as stores:
            days = (first.date(), last.date(), as_of.date() if as_of else None)
            made = make_report(stores, member.organisation, *days, operator)
        for path in written(made, unsuppressed, out_folder):
            out.print(str(path), highlight=False, soft_wrap=True)


@app.command()
def skip(
    service: Annotated[str, typer.Argument(help="Service whose line stands still.")],
    log_id: Annotated[str, typer.Argument(help="The log it hears, as `status` shows it.")],
    seq: Annotated[int, typer.Argument(help="Number of the envelope to step over.")],
    because: Annotated[str, typer.Option("--because", help="Why; kept in the vault.")],
    operator: Annotated[str, typer.Option(help="Your person id.", envvar="COMUNITA_OPERATOR")],
    installation: At = None,
    organisation: Named = None,
) -> None:
    """Step over one envelope that crashes its policy: a deliberate, recorded act."""
    with one_clear_line(), _one_store(installation, organisation, service) as store:
        actor = Actor.of_person(store.programme.own, operator, "administrator")
        inbox.skip(store, log_id, seq, because, actor)
    out.print(f"{service}: stepped over {log_id}#{seq}", highlight=False)


@app.command()
def mailbox(
    operator: Annotated[str, typer.Option(help="Your person id.", envvar="COMUNITA_OPERATOR")],
    mail: Annotated[
        str | None, typer.Argument(help="Who sent this one, and what is attached.")
    ] = None,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only what waits for a person.")
    ] = False,
    most: Annotated[int, typer.Option(help="How many, the newest first.")] = 50,
    as_json: AsJson = False,
    installation: At = None,
    organisation: Named = None,
) -> None:
    """Show what came to the dedicated address, and what became of it."""
    from services.console.mailbox import ask, table
    from services.kernel.calling import RefusedThere

    with one_clear_line():
        member = _one_member(Installation.found(installation, os.environ), organisation)
        try:
            if mail is not None:
                answer = ask(member, operator, "mail", mail=mail)
            else:
                standing = {"standing": "waiting"} if waiting else {}
                answer = ask(member, operator, "mailbox", most=most, **standing)
        except RefusedThere as refused:
            err.print(f"comunita: refused: {refused}", style="red", highlight=False)
            raise typer.Exit(1) from None
    if as_json or mail is not None:
        print(json.dumps(answer, indent=1, ensure_ascii=False))
    else:
        out.print(table(answer["mails"], answer["waiting"]))


@app.command()
def rebuild(
    service: Annotated[str, typer.Argument(help="Service whose views to build anew.")],
    view: Annotated[str | None, typer.Argument(help="Only this view.")] = None,
    installation: At = None,
    organisation: Named = None,
) -> None:
    """Build views anew from the log, beside the old ones, and switch; the service goes on."""
    with one_clear_line():
        member = _one_member(Installation.found(installation, os.environ), organisation)
        settings = member.settings(service)
        composition = Composition.of(service)
        chosen = [each for each in composition.views if view in (None, each.name)]
        if not chosen:
            raise Missing(f"{service} has no view {view}")
        database = Database.of_owner(settings.owner_database_url)
        try:
            for each in chosen:
                with progress(each.name) as (bar, task):
                    reached = views.rebuild(
                        each,
                        database,
                        lambda at, bar=bar, task=task: bar.update(task, completed=at),  # type: ignore[misc]
                    )
                out.print(f"{service}: {each.name} built up to position {reached}", highlight=False)
        finally:
            database.dispose()


@app.command()
def verify(
    bundles: Annotated[
        list[Path] | None,
        typer.Argument(help="Bundles to verify offline; default: the logs of the installation."),
    ] = None,
    organisations: Annotated[
        Path | None,
        typer.Option(help="Whose keys are believed for bundles; default: the installation's file."),
    ] = None,
    beside: Annotated[
        list[Path] | None,
        typer.Option("--held", help="What another organisation holds, from `comunita held`."),
    ] = None,
    as_json: AsJson = False,
    installation: At = None,
    organisation: Named = None,
) -> None:
    """Verify that logs are whole, are what was signed of them, and what others hold of them."""
    from services.console import proving

    with one_clear_line():
        notes = proving.read_held(beside or ())
        if bundles and organisations:
            judged = proving.verify_bundles(bundles, proving.read_programme(organisations), notes)
        else:
            found = Installation.found(installation, os.environ)
            with found.stores() as stores:
                if bundles:
                    programme = next(iter(stores.values())).programme
                    notes += proving.held(stores.values())
                    judged = proving.verify_bundles(bundles, programme, notes)
                else:
                    if organisation is not None:
                        found.member(organisation)
                    judged = proving.verify_stores(stores, notes, organisation)
        if beside:
            proving.must_be_held(judged)
    if as_json:
        print(json.dumps(proving.words(judged), indent=1))
    else:
        out.print(proving.table(judged))
    if any(each.findings for each in judged):
        raise typer.Exit(1)


@app.command()
def bundle(
    service: Annotated[str, typer.Argument(help="Service whose log to hand over.")],
    output: To = None,
    installation: At = None,
    organisation: Named = None,
) -> None:
    """Write a log with its checkpoints and cosignatures into one file, to be verified elsewhere."""
    from services.console import proving

    with one_clear_line(), _one_store(installation, organisation, service) as store:
        place = output or Path(store.log_id.replace("/", "-") + ".zip")
        proving.bundled(store, place)
    out.print(str(place), highlight=False, soft_wrap=True)


@app.command()
def held(
    output: To = None,
    installation: At = None,
    organisation: Named = None,
) -> None:
    """Write the checkpoints of others' logs that an organisation holds, to verify these beside."""
    from services.console import proving

    with one_clear_line():
        member = _one_member(Installation.found(installation, os.environ), organisation)
        with Installation((member,)).stores() as stores:
            notes = proving.held(stores.values())
        place = output or Path(f"{member.organisation}-held.json")
        proving.write_held(notes, place)
    out.print(str(place), highlight=False, soft_wrap=True)


@app.command()
def up(installation: At = None) -> None:
    """Run all processes in the foreground, watched, until Ctrl-C or SIGTERM."""
    from services.console.running import run

    with one_clear_line():
        found = Installation.found(installation, os.environ)
        raise typer.Exit(run(found, _stopping(), err))


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the story.")] = False,
    directory: Annotated[
        Path, typer.Option("--in", help="Where runs of the demo keep their data.")
    ] = Path("var/demo"),
) -> None:
    """Tell a season of two organisations with real processes, and print each family's path."""
    from services.console.demo import run

    with one_clear_line():
        raise typer.Exit(run(directory, once, _stopping(), out, err))


@app.command()
def simulate(
    families: Annotated[int, typer.Option(help="How many families.", min=1)] = 200,
    first: Annotated[
        datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="The first day.")
    ] = datetime(2026, 1, 1),  # noqa: DTZ001  # a civil day
    last: Annotated[
        datetime, typer.Option("--to", formats=["%Y-%m-%d"], help="The last day.")
    ] = datetime(2026, 12, 31),  # noqa: DTZ001  # a civil day
    seed: Annotated[str, typer.Option(help="Decides all that happens.")] = "1",
    by_mail: Annotated[
        int, typer.Option(help="Of 100 first proposals, how many go by mail.", min=0, max=100)
    ] = 5,
    outages: Annotated[bool, typer.Option(help="Let services be away for days.")] = True,
    directory: Annotated[
        Path, typer.Option("--in", help="Where runs of the simulation keep their data.")
    ] = Path("var/simulate"),
) -> None:
    """Let a year pass by real processes, with many families and outages, and judge its facts."""
    from services.console.simulate import run
    from services.console.year.absences import OFTEN
    from services.console.year.passing import Plan

    if last <= first:
        raise typer.BadParameter("the last day comes after the first", param_hint="--to")
    plan = Plan(families, first.date(), last.date(), seed, by_mail, OFTEN if outages else 0)
    with one_clear_line():
        raise typer.Exit(run(plan, directory, _stopping(), out, err))


def _stopping() -> Stopping:
    return Stopping(signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _one_member(found: Installation, organisation: str | None) -> Member:
    if organisation is not None:
        return found.member(organisation)
    if len(found.members) != 1:
        raise Missing("several organisations are on this machine: name one with --organisation")
    return found.members[0]


@contextmanager
def _one_store(
    installation: Path | None, organisation: str | None, service: str
) -> Iterator[Store]:
    member = _one_member(Installation.found(installation, os.environ), organisation)
    with Installation((member,)).stores() as stores:
        store = stores.get((member.organisation, service))
        if store is None:
            raise Missing(f"{member.organisation} does not run {service}")
        yield store


def _status_table(statuses: dict[tuple[str, str], Status]) -> Table:
    table = Table(title="Services", show_edge=False)
    for column in (
        "service",
        "position",
        "signed, seen by",
        "said → sent",
        "heard",
        "waiting",
        "days",
        "stands still",
    ):
        table.add_column(column)
    for (organisation, service), each in statuses.items():
        table.add_row(
            f"{organisation}/{service}",
            str(each.position),
            "\n".join(
                [str(each.checkpoint), *(f"{name} {at}" for name, at in each.cosigned.items())]
            ),
            "\n".join(
                f"{to.organisation} {to.said} → {to.sent}"
                + (f" (oldest {to.oldest_seconds:.0f} s)" if to.unsent else "")
                for to in each.audiences
            ),
            "\n".join(f"{line.log_id.rsplit('/', 1)[0]} {line.heard}" for line in each.lines),
            "\n".join(str(line.waiting) for line in each.lines),
            "done" if each.days_behind == 0 else f"{each.days_behind} behind",
            "\n".join(
                [
                    f"{line.log_id}#{line.heard + 1}: {line.stopped}"
                    for line in each.lines
                    if line.stopped
                ]
                + [f"to {to.organisation}: {to.stopped}" for to in each.audiences if to.stopped]
                + [
                    f"{count} wait for an agreement with {organisation}"
                    for organisation, count in each.waiting_for_agreement.items()
                ]
                + [f"{log.log_id}: {log.stopped}" for log in each.seen if log.stopped]
                + ([f"{each.quarantined} in quarantine"] if each.quarantined else [])
            )
            or "–",
        )
    return table
