"""Who decided: the actor of a fact, and on whose behalf."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who decides, as stored beside every event.

    Attributes:
        id: ``<organisation>/person/<uuid>`` or ``<organisation>/service/<name>``.
        on_behalf_of: the actor whose act made a service decide, or None.
        roles: what the caller's organisation vouches for; checked at the door, never stored.
    """

    id: str
    on_behalf_of: str | None = None
    roles: frozenset[str] = frozenset()

    @property
    def organisation(self) -> str:
        """The organisation that vouches for this actor."""
        return self.id.split("/", 1)[0]

    @property
    def person(self) -> str | None:
        """The person's id, or None when a service decides."""
        parts = self.id.split("/", 2)
        return parts[2] if len(parts) == 3 and parts[1] == "person" else None

    @classmethod
    def of_person(cls, organisation: str, person: object, *roles: str) -> "Actor":
        """A person who acts for *organisation* with *roles*."""
        return cls(f"{organisation}/person/{person}", roles=frozenset(roles))

    @classmethod
    def of_service(
        cls, organisation: str, service: str, on_behalf_of: str | None = None
    ) -> "Actor":
        """A service that follows a policy or a calendar."""
        return cls(f"{organisation}/service/{service}", on_behalf_of)
