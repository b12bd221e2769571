"""What a service is made of: its tables of words, views and duties, found by their module names."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

from services.kernel import agreements, line, parameters  # noqa: F401  # topics of every log
from services.kernel.duties import Duty
from services.kernel.views import View
from services.kernel.words import Policy, Publish

DOOR, ROOM = "service", "_commands"
"""The modules of a service that import nameko: its door, and the rooms that are called so."""


@dataclass(frozen=True)
class Composition:
    """The tables of one service.

    Attributes:
        under_agreements: words of other organisations come and go only under an agreement.
        of_others_alone: services that this one listens to in other organisations and not in its
            own.
    """

    name: str
    policies: Mapping[str, Policy]
    published: Mapping[type[Any], Publish]
    views: tuple[View, ...]
    duties: tuple[Duty, ...]
    under_agreements: bool = False
    of_others_alone: tuple[str, ...] = ()

    @property
    def listens_to(self) -> tuple[str, ...]:
        """Names of the services whose words this one has policies for."""
        return tuple(sorted({contract.split("/", 1)[0] for contract in self.policies}))

    @classmethod
    def of(cls, name: str) -> "Composition":
        """The service ``services.<name>``; every one of its tables must exist.

        Every module but the nameko door is imported, so that every topic of the log is known; a
        process that only carries or sends starts without nameko.
        """
        package = import_module(f"services.{name}")
        for found in walk_packages(package.__path__, f"services.{name}."):
            if found.name != f"services.{name}.{DOOR}" and not found.name.endswith(ROOM):
                import_module(found.name)

        def table(module: str) -> Any:
            return getattr(import_module(f"services.{name}.{module.lower()}"), module)

        policies = import_module(f"services.{name}.policies")
        return cls(
            name,
            table("POLICIES"),
            table("PUBLISHED"),
            table("VIEWS"),
            table("DUTIES"),
            getattr(policies, "UNDER_AGREEMENTS", False),
            getattr(policies, "OF_OTHERS_ALONE", ()),
        )
