"""Configuration: read once from the environment; a missing value stops the process by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SECRET = re.compile("[0-9a-fA-F]{64}")


class Missing(Exception):
    """A setting without which the process cannot run; its name is the message."""


@dataclass(frozen=True)
class Settings:
    """One process of one service of one organisation.

    Attributes:
        organisation: own id.
        service: which service this process belongs to.
        database_url: SQLAlchemy URL of the runtime role.
        owner_database_url: SQLAlchemy URL of the role that migrates and rebuilds.
        amqp_url: the organisation's virtual host.
        secret: 32 bytes, root of every key of the organisation.
        organisations_file: JSON list of the programme's organisations.
        clock_file: simulated clock, or None for the machine's.
        health_port: TCP port on loopback for health and metrics; 0 picks a free one.
        health_host: address on which health and metrics answer.
        health_socket: file descriptor of a listening socket that the parent made, or None.
        poll: seconds of the courier's slow safety poll.
        lease: seconds for which a courier that died keeps the next one waiting.
        checkpoint: seconds between two checkpoints of a log that grows, at least.
    """

    organisation: str
    service: str
    database_url: str
    owner_database_url: str
    amqp_url: str
    secret: bytes
    organisations_file: Path
    clock_file: str | None
    health_port: int
    health_host: str
    health_socket: int | None
    poll: float
    lease: float
    checkpoint: float

    @classmethod
    def from_env(cls, service: str, env: Mapping[str, str]) -> "Settings":
        """The settings of *service*; ``PACTS_DATABASE_URL`` goes before ``DATABASE_URL``.

        A value may be kept in a file, which ``<name>_FILE`` names.

        Raises:
            Missing: names the variable that is needed.
        """

        def given(name: str) -> str:
            """The value of *name*, or the content of the file that ``<name>_FILE`` names."""
            if env.get(name) or not env.get(f"{name}_FILE"):
                return env.get(name, "")
            try:
                return Path(env[f"{name}_FILE"]).read_text().strip()
            except OSError:
                raise Missing(f"the file that {name}_FILE names cannot be read") from None

        def needed(name: str) -> str:
            if not (value := given(name)):
                raise Missing(f"{name} is not set")
            return value

        def number(name: str, otherwise: str) -> float:
            try:
                return float(env.get(name) or otherwise)
            except ValueError:
                raise Missing(f"{name} is not a number") from None

        prefix = service.upper()
        url = given(f"{prefix}_DATABASE_URL") or needed("DATABASE_URL")
        owner = given(f"{prefix}_OWNER_DATABASE_URL") or given("OWNER_DATABASE_URL")
        secret = needed("ORGANISATION_SECRET")
        if not SECRET.fullmatch(secret):
            raise Missing("ORGANISATION_SECRET is not 64 hexadecimal digits")
        return cls(
            organisation=needed("ORGANISATION"),
            service=service,
            database_url=url,
            owner_database_url=owner or url,
            amqp_url=needed("AMQP_URL"),
            secret=bytes.fromhex(secret),
            organisations_file=Path(needed("ORGANISATIONS_FILE")),
            clock_file=env.get("CLOCK_FILE") or None,
            health_port=int(number("HEALTH_PORT", "0")),
            health_host=env.get("HEALTH_HOST") or "127.0.0.1",
            health_socket=int(number("HEALTH_SOCKET", "0")) or None,
            poll=number("COURIER_POLL_SECONDS", "1.0"),
            lease=number("COURIER_LEASE_SECONDS", "6.0"),
            checkpoint=number("CHECKPOINT_SECONDS", "60.0"),
        )
