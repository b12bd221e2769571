"""Who takes part: the organisations, their services and their public keys, as data."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from services.kernel.keys import PublicKeys

ADDRESS = re.compile(r"[^@\s<>]{1,64}@[^@\s<>]{1,190}")


@dataclass(frozen=True)
class Organisation:
    """One organisation as the others know it.

    Attributes:
        id: short slug, part of every log id, actor and family code.
        services: what it runs.
        keys: its public keys.
        lead: whether it runs the committee's services.
        mail: address at which it takes mail from people, or None.
    """

    id: str
    services: tuple[str, ...]
    keys: PublicKeys
    lead: bool = False
    mail: str | None = None

    @property
    def witness(self) -> str:
        """Which of its services, if it runs any, sees the checkpoints of others' logs."""
        return min(self.services)


@dataclass(frozen=True)
class Programme:
    """Every organisation, seen from *own*."""

    own: str
    organisations: dict[str, Organisation]

    @property
    def lead(self) -> str:
        """The id of the lead organisation."""
        return next(each.id for each in self.organisations.values() if each.lead)

    @property
    def lead_mail(self) -> str | None:
        """The address at which the lead organisation takes mail, or None if nobody says it."""
        return self.organisations[self.lead].mail

    def producers(self, service: str) -> list[tuple[str, str]]:
        """The (organisation, service) pairs that run *service*, own first."""
        return sorted(
            (
                (each.id, service)
                for each in self.organisations.values()
                if service in each.services
            ),
            key=lambda pair: pair[0] != self.own,
        )

    @classmethod
    def read(cls, own: str, path: Path) -> "Programme":
        """The programme in the JSON file *path*, as *own* sees it.

        Raises:
            ValueError: not exactly one organisation is the lead, *own* is not listed, or what
                stands for a mail address is none.
        """
        listed: list[dict[str, Any]] = json.loads(path.read_text())
        organisations = {
            each["id"]: Organisation(
                each["id"],
                tuple(each["services"]),
                PublicKeys(each["verify"], each["seal"]),
                bool(each.get("lead", False)),
                each.get("mail") or None,
            )
            for each in listed
        }
        if sum(each.lead for each in organisations.values()) != 1:
            raise ValueError(f"{path.name}: exactly one organisation must be the lead")
        if own not in organisations:
            raise ValueError(f"{path.name}: the organisation {own} is not listed")
        for each in organisations.values():
            if each.mail is not None and not ADDRESS.fullmatch(each.mail):
                raise ValueError(f"{path.name}: mail of {each.id} is no address")
        return cls(own, organisations)
