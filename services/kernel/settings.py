"""Configuration: read once from the environment; a missing value stops the process by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


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

    @classmethod
    def from_env(cls, service: str, env: Mapping[str, str]) -> "Settings":
        """The settings of *service*; ``PACTS_DATABASE_URL`` goes before ``DATABASE_URL``.

        Raises:
            Missing: names the variable that is needed.
        """

        def needed(name: str) -> str:
            value = env.get(name, "")
            if not value and (kept := env.get(f"{name}_FILE")):
                value = Path(kept).read_text().strip()
            if not value:
                raise Missing(f"{name} is not set")
            return value

        own = f"{service.upper()}_DATABASE_URL"
        url = env.get(own) or needed("DATABASE_URL")
        owner = env.get(f"{service.upper()}_OWNER_DATABASE_URL") or env.get("OWNER_DATABASE_URL")
        try:
            secret = bytes.fromhex(needed("ORGANISATION_SECRET"))
        except ValueError:
            raise Missing("ORGANISATION_SECRET is not hexadecimal") from None
        return cls(
            organisation=needed("ORGANISATION"),
            service=service,
            database_url=url,
            owner_database_url=owner or url,
            amqp_url=needed("AMQP_URL"),
            secret=secret,
            organisations_file=Path(needed("ORGANISATIONS_FILE")),
            clock_file=env.get("CLOCK_FILE") or None,
            health_port=int(env.get("HEALTH_PORT", "0")),
            health_host=env.get("HEALTH_HOST", "127.0.0.1"),
            health_socket=int(env["HEALTH_SOCKET"]) if env.get("HEALTH_SOCKET") else None,
            poll=float(env.get("COURIER_POLL_SECONDS", "1.0")),
            lease=float(env.get("COURIER_LEASE_SECONDS", "6.0")),
        )
