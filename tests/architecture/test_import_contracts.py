"""Every import contract has been seen failing: one forbidden import each, in a copy of the tree."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FORBIDDEN = [
    ("Services never import each other", "pacts/pact.py", "import services.review.tally"),
    (
        "The console stands on the services, the services on the kernel",
        "kernel/log.py",
        "import services.pacts.pact",
    ),
    ("Layers of the kernel", "kernel/ids.py", "import services.kernel.store"),
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


@pytest.mark.slow
def test_a_new_module_of_the_kernel_must_be_placed(tree: Path) -> None:
    (tree / "services" / "kernel" / "shed.py").write_text('"""A room without a place."""\n')
    done = lint_imports(tree)
    assert done.returncode != 0
    assert "shed" in done.stdout
