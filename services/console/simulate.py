"""``comunita simulate``: a year of many families by real processes, judged by its facts alone."""

import time
from contextlib import ExitStack
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from services.console.proving import verify_stores
from services.console.stage import Stage, on_stage, stop_if
from services.console.year.asking import Asking
from services.console.year.facts import Logs, letters_in, read_logs
from services.console.year.invariants import INVARIANTS, Evidence
from services.console.year.kinds import all_kinds, kinds_in, lacking
from services.console.year.passing import Past, Plan, Year
from services.console.year.troubles import TroubledSink
from services.kernel.stopping import Stopping

MOST_CRIES = 20
"""How many cries of one invariant are printed."""


def run(plan: Plan, runs: Path, stopping: Stopping, out: Console, err: Console) -> int:
    """Let the year pass and judge it; 0 only if every invariant holds."""

    def play(stage: Stage) -> int:
        began = time.monotonic()
        past, evidence = _let_pass(plan, stage, stopping, err)
        passed = time.monotonic() - began
        err.print("the year has passed; its facts are judged", highlight=False)
        cries = judge(evidence)
        judged = time.monotonic() - began - passed
        _summary(plan, past, evidence, passed, judged, out)
        _show(cries, out)
        return 1 if any(cries.values()) else 0

    return on_stage(runs, plan.first, stopping, err, play, TroubledSink)


def judge(evidence: Evidence) -> dict[str, list[str]]:
    """What each invariant cries, by its name."""
    return {name: list(invariant(evidence)) for name, invariant in INVARIANTS.items()}


def _let_pass(plan: Plan, stage: Stage, stopping: Stopping, err: Console) -> tuple[Past, Evidence]:
    with ExitStack() as stack:
        stores = stack.enter_context(stage.installation.stores())
        bar = stack.enter_context(
            Progress(console=err, disable=not err.is_terminal, transient=True)
        )
        task = bar.add_task("year", total=len(list(plan.days())))

        def passed(day: date, words: list[str]) -> None:
            stop_if(stopping)
            bar.advance(task)
            for each in words:
                bar.console.print(f"{day:%d/%m/%Y}  {each}", highlight=False)

        asking = stack.enter_context(Asking(stage.installation))
        past = Year(plan, stage, stores, asking, passed).pass_by()
        logs = read_logs(stores)
        audited = verify_stores(stores, ())
        return past, Evidence(logs, past.witness.seen, letters_in(stage.letters), audited)


def _summary(
    plan: Plan, past: Past, evidence: Evidence, passed: float, judged: float, out: Console
) -> None:
    events = sum(len(log.facts) for log in evidence.logs.values())
    letters = len(evidence.letters)
    out.print(
        f"{plan.many} famiglie dal {plan.first:%d/%m/%Y} al {plan.last:%d/%m/%Y}, "
        f"seme {plan.seed}, {past.outages} interruzioni",
        highlight=False,
    )
    figures = Table(show_edge=False)
    for column in ("", "in tutto", "al secondo"):
        figures.add_column(column, justify="right" if column else "left")
    for name, count in (
        ("domande e comandi · commands", past.asked),
        ("fatti · events", events),
        ("lettere · letters", letters),
    ):
        figures.add_row(name, str(count), f"{count / passed:.1f}")
    figures.add_row("secondi · seconds", f"{passed:.0f}", "")
    figures.add_row("di cui per giudicare, dopo · judging, after", f"{judged:.0f}", "")
    out.print(figures)
    out.print(_ends(evidence.logs), highlight=False)
    out.print(_kinds(evidence.logs), highlight=False, soft_wrap=True)
    if past.refused:
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(past.refused.items()))
        out.print(f"rifiuti · refusals: {told}", highlight=False, soft_wrap=True)


def _ends(logs: Logs) -> str:
    """How often what mattered happened, in one line."""
    counted = {
        "segnalate": "intake.FamilyReferred",
        "microequipe": "intake.MicroequipeFormed",
        "proposte": "pacts.Proposed",
        "decisioni": "review.ProposalDecided",
        "decisioni scadute": "review.ProposalOverdue",
        "patti attivi": "pacts.Activated",
        "decaduti": "pacts.Lapsed",
        "verifiche": "pacts.Verified",
        "verifiche scadute": "pacts.VerificationOverdue",
        "conclusi": "pacts.Concluded",
        "interrotti": "pacts.Interrupted",
        "famiglie cancellate": "intake.FamilyErased",
    }
    return ", ".join(
        f"{words} {sum(len(log.of(topic)) for log in logs.values())}"
        for words, topic in counted.items()
    )


def _kinds(logs: Logs) -> str:
    """How many kinds of facts the year brought, and which it could have brought and did not."""
    missing = lacking(logs)
    told = f"specie di fatti · kinds of facts: {len(kinds_in(logs))} di {len(all_kinds())}"
    return f"{told}; mancano: {', '.join(missing)}" if missing else told


def _show(cries: dict[str, list[str]], out: Console) -> None:
    table = Table(title="Invarianti · Invariants", show_edge=False, title_justify="left")
    table.add_column("")
    table.add_column("")
    for name, cried in cries.items():
        table.add_row(name, "vale · holds" if not cried else f"non vale · broken ({len(cried)})")
    out.print(table)
    for name, cried in cries.items():
        for words in cried[:MOST_CRIES]:
            out.print(f"{name}: {words}", style="red", highlight=False, soft_wrap=True)
