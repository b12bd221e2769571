"""A finished demo, what is looked for in all that it left, and the broker beside it."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from services.console.history import history
from services.console.installation import Installation
from services.console.private_broker import PrivateBroker
from services.console.story import words

SEASON_SECONDS = 600
"""Longest time a demo may take on a busy machine with two cores; alone it takes about a minute."""


@dataclass
class Run:
    """A finished demo."""

    directory: Path
    status: int
    out: str
    err: str

    def comunita(self, *words: str) -> subprocess.CompletedProcess[str]:
        return comunita(*words, "--installation", str(self.directory))

    def families(self) -> dict[str, str]:
        """Code by what became of the family, as the demo printed it."""
        found = {}
        for line in self.out.splitlines():
            code, told, outcome = line.removeprefix("Storia di ").partition(" (")
            if told and line.startswith("Storia di "):
                found[outcome.strip().rstrip(")")] = code
        return found

    def history(self, about: str) -> list[dict[str, Any]]:
        """As ``comunita history --json`` tells it, without another process."""
        with Installation.read(self.directory).stores() as stores:
            return [moment.words() for moment in history(stores, about)]


def comunita(*words: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "services.console", *words],
        capture_output=True,
        text=True,
        timeout=SEASON_SECONDS,
        env=clean_environment() | env,
    )


def clean_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("DATABASE_URL")
        and name not in ("AMQP_URL", "AMQP_MANAGEMENT_URL", "ORGANISATION")
    }


def tell(runs: Path, **env: str) -> Run:
    """Tell the season once, with what *env* says of servers."""
    done = comunita("demo", "--once", "--in", str(runs), **env)
    return Run((runs / "latest").resolve(), done.returncode, done.stdout, done.stderr)


def named_in(content: bytes) -> list[str]:
    """What is invented about people and stands in *content*."""
    return [needle.decode("latin-1") for needle in needles() if needle in content]


@cache
def needles() -> list[bytes]:
    """The invented words, in the encodings in which they could stand in a file."""
    return list({needle.encode(how) for needle in invented() for how in ("utf-8", "latin-1")})


def invented() -> list[str]:
    """Every invented name, code, address, number and text of the samples and of the story."""
    kept = (resources.files("services.intake") / "samples" / "invented.txt").read_text()
    needles = [line.strip() for line in kept.splitlines() if line.strip() and line[0] != "#"]
    return [*needles, *words.personal(), "Persona Inventata", "Vicina Inventata"]


def asked(broker: PrivateBroker, path: str, words: Any = None, method: str = "GET") -> Any:
    """What the broker's management interface answers."""
    pair = base64.b64encode(f"{broker.admin}:{broker.password}".encode()).decode()
    request = Request(
        f"{broker.management_url}/api/{path}",
        method=method,
        data=None if words is None else json.dumps(words).encode(),
        headers={"Content-Type": "application/json", "Authorization": f"Basic {pair}"},
    )
    with urlopen(request, timeout=20) as answer:
        body = answer.read()
    return json.loads(body) if body else None
