"""Every import contract has been seen failing: one forbidden import each, in a copy of the tree."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ("people", "intake", "pacts", "review", "notify")
CONTRACTS = ConfigParser()
CONTRACTS.read(ROOT / ".importlinter")
NO_RULES = {"service", "policies", "published", "duties", "views"}
SETTING_AND_OPENING = {
    *("pages", "printing", "typesetting", "widgets"),
    *("amended", "hearing", "issuing", "opening", "sheet", "telling"),
}
"""What of the form is no rule: it sets paper, reads files, and decides."""
SERVING = {
    "people": set(),
    "intake": {
        *("door", "file_commands", "household_commands", "microequipe_commands"),
        *("recognising", "recognising_elsewhere", "words"),
    },
    "pacts": {
        "picture",
        "form",
        "published_along",
        "door",
        "accompanying_commands",
        "amending_commands",
        "figure_commands",
        "money_commands",
        "spending_commands",
    },
    "review": {"board_commands", "door", "meeting", "meeting_commands"},
    "notify": {
        *(
            "awaiting",
            "ending",
            "figures",
            "forgetting",
            "reaching",
            "telling",
            "waiting",
            "working_days",
        ),
        *("along", "answering", "appeals", "between", "letters", "post_in", "post_out"),
        *("proposals", "reminding", "requirements", "speaking", "verifications"),
    },
}
"""What else of a service is no rule: words at the door, views asked, facts gathered, post."""

FORBIDDEN = [
    ("Services never import each other", "pacts/pact.py", "import services.review.tally"),
    (
        "The console stands on the services, the services on the kernel",
        "kernel/log.py",
        "import services.pacts.pact",
    ),
    ("Layers of the kernel", "kernel/ids.py", "import services.kernel.store"),
    ("Layers of the proof", "kernel/proof/merkle.py", "import services.kernel.proof.witness"),
    ("Layers of the audit", "audit/evidence.py", "import services.audit.judging"),
    ("Layers of people", "people/person.py", "import services.people.views"),
    ("Layers of intake", "intake/views/families.py", "import services.intake.policies"),
    ("Layers of pacts", "pacts/published.py", "import services.pacts.service"),
    ("Layers of review", "review/tally.py", "import services.review.published"),
    ("Layers of notify", "notify/notice.py", "import services.notify.working_days"),
    (
        "Rules know no framework, no database and no broker",
        "intake/family.py",
        "import sqlalchemy",
    ),
    (
        "nameko appears only in hosting, serve, calling and the doors",
        "pacts/policies.py",
        "import nameko",
    ),
    ("pika is the courier's alone", "kernel/inbox.py", "import pika"),
    (
        "OpenTelemetry is known to tracing and otlp alone",
        "kernel/hosting.py",
        "import opentelemetry.trace",
    ),
]


def lint_imports(tree: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=tree,
        env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the services and their contracts, to break."""
    shutil.copytree(
        ROOT / "services", tmp_path / "services", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / ".importlinter", tmp_path / ".importlinter")
    return tmp_path


def test_the_contracts_are_kept(tree: Path) -> None:
    done = lint_imports(tree)
    assert done.returncode == 0, done.stdout


def test_every_contract_is_broken_once() -> None:
    names = [
        line.removeprefix("name = ")
        for line in (ROOT / ".importlinter").read_text().splitlines()
        if line.startswith("name = ")
    ]
    assert sorted(names) == sorted(contract for contract, _, _ in FORBIDDEN)


@pytest.mark.slow
@pytest.mark.parametrize(("contract", "module", "forbidden"), FORBIDDEN)
def test_a_forbidden_import_breaks_its_contract(
    tree: Path, contract: str, module: str, forbidden: str
) -> None:
    broken = tree / "services" / module
    broken.write_text(f"{broken.read_text()}\n{forbidden}\n")
    done = lint_imports(tree)
    assert done.returncode != 0
    assert f"{contract} BROKEN" in done.stdout


def rules_by_layer(service: str) -> set[str]:
    """The modules below the views in the layers of *service*."""
    layers = CONTRACTS[f"importlinter:contract:{service}"]["layers"].split("\n")
    below = layers[layers.index("views") + 1 :]
    return {module for layer in below for module in layer.replace(":", " ").split()}


@pytest.mark.parametrize("service", SERVICES)
def test_every_module_of_rules_is_kept_from_frameworks(service: str) -> None:
    """Whoever adds a module places it in a layer; as one of rules it stands in the list, too."""
    rules = CONTRACTS["importlinter:contract:rules"]["source_modules"].split()
    here = f"services.{service}."
    listed = [name.removeprefix(here) for name in rules if name.startswith(here)]
    assert sorted(each for each in listed if "." not in each) == sorted(rules_by_layer(service))


def test_the_rules_of_the_form_are_kept_from_what_sets_and_opens_it() -> None:
    """Pages, fonts, PDFs on one side; what a form says and what is wrong with it on the other."""
    rules = CONTRACTS["importlinter:contract:rules"]["source_modules"].split()
    listed = {each.removeprefix("services.pacts.form.") for each in rules if ".form." in each}
    modules = {path.stem for path in (ROOT / "services/pacts/form").glob("[!_]*.py")}
    assert modules - listed == SETTING_AND_OPENING


@pytest.mark.parametrize("service", SERVICES)
def test_only_the_doors_the_tables_and_what_serves_them_are_no_rules(service: str) -> None:
    folder = ROOT / "services" / service
    modules = {path.stem for path in folder.glob("*.py")} | {
        path.parent.name for path in folder.glob("*/__init__.py")
    }
    assert modules - {"__init__"} - rules_by_layer(service) == NO_RULES | SERVING[service]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["kernel", *SERVICES])
def test_a_new_module_must_be_placed(tree: Path, part: str) -> None:
    (tree / "services" / part / "shed.py").write_text('"""A room without a place."""\n')
    done = lint_imports(tree)
    assert done.returncode != 0
    assert "shed" in done.stdout
