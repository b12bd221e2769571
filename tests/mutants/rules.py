"""Which files are rules, and which tests speak about them."""

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parents[2]
CONTRACT = "importlinter:contract:rules"

TESTS = {
    "people": ("tests/people",),
    "intake": ("tests/intake",),
    "pacts": ("tests/pacts",),
    "review": ("tests/review",),
    "notify": ("tests/notify",),
    "kernel": ("tests/kernel", "tests/pacts/test_same_story.py"),
    "console": ("tests/console/report",),
}
"""The folders whose tests are asked about the rules of a service."""


def rule_files() -> tuple[str, ...]:
    """The files that the contract *Rules know no framework* names, from the root, in its order."""
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter")
    modules = contracts[CONTRACT]["source_modules"].split()
    return tuple(f"{module.replace('.', '/')}.py" for module in modules)


def service_of(file: str) -> str:
    """The service to which *file* belongs: ``services/pacts/form/names.py`` to ``pacts``."""
    return file.split("/")[1]


def module_of(file: str) -> str:
    """The name by which *file* is imported."""
    return file.removesuffix(".py").replace("/", ".")
