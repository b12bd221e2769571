"""What runs on this machine: organisations, their services, their processes' environment."""

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from services.kernel.opening import open_store
from services.kernel.settings import Missing, Settings
from services.kernel.store import Store

LEAD_SERVICES = ("people", "intake", "pacts", "review", "notify")
PARTNER_SERVICES = ("people", "intake", "pacts", "notify")


@dataclass(frozen=True)
class Member:
    """One organisation on this machine.

    Attributes:
        env: what every process of it finds in its environment; holds secrets, never printed.
    """

    organisation: str
    services: tuple[str, ...]
    env: Mapping[str, str]

    def settings(self, service: str) -> Settings:
        """The settings of one of its services.

        Raises:
            Missing: names the variable that is needed.
        """
        return Settings.from_env(service, self.env)


@dataclass(frozen=True)
class Installation:
    """The organisations that this machine serves: one in production, two in the demo."""

    members: tuple[Member, ...]
    directory: Path | None = None

    @classmethod
    def found(cls, directory: Path | None, env: Mapping[str, str]) -> "Installation":
        """The installation in *directory*, or the organisation that the environment describes.

        Raises:
            Missing: neither is there; says what to set.
        """
        if directory is not None:
            return cls.read(directory)
        if env.get("ORGANISATION"):
            services = tuple(env.get("SERVICES", ",".join(PARTNER_SERVICES)).split(","))
            return cls((Member(env["ORGANISATION"], services, dict(env)),))
        latest = Path("var/demo/latest")
        if (latest / "installation.json").exists():
            return cls.read(latest)
        raise Missing("ORGANISATION is not set, and no demo was run here (or use --installation)")

    @classmethod
    def read(cls, directory: Path) -> "Installation":
        """The installation that was saved in *directory*.

        Raises:
            Missing: there is none.
        """
        kept = directory / "installation.json"
        if not kept.exists():
            raise Missing(f"no installation in {directory}")
        members = [
            Member(each["organisation"], tuple(each["services"]), each["env"])
            for each in json.loads(kept.read_text())
        ]
        return cls(tuple(members), directory)

    def save(self) -> None:
        """Keep it in its directory, readable by its owner only."""
        if self.directory is None:
            raise ValueError("an installation without a directory is not saved")
        words = [
            {"organisation": each.organisation, "services": each.services, "env": dict(each.env)}
            for each in self.members
        ]
        kept = self.directory / "installation.json"
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(words, file, indent=1)

    def member(self, organisation: str) -> Member:
        """The member *organisation*.

        Raises:
            Missing: it is not on this machine.
        """
        for each in self.members:
            if each.organisation == organisation:
                return each
        raise Missing(f"{organisation} is not on this machine")

    @contextmanager
    def stores(self) -> Iterator[dict[tuple[str, str], Store]]:
        """The stores of all services, by organisation and service; closed at the end."""
        opened = {
            (member.organisation, service): open_store(member.settings(service))
            for member in self.members
            for service in member.services
        }
        try:
            yield opened
        finally:
            for store in opened.values():
                store.close()
