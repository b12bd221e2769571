"""What is said between services and organisations, and what is heard: the two tables' types.

``PUBLISHED`` maps an event class to a :class:`Publish`; ``POLICIES`` maps a contract name,
``"<producer service>/<name>.v<n>"``, to a policy.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from services.kernel.sealed import Sealed

Body: TypeAlias = dict[str, Any]
"""One contract version's words: JSON only, no floats, no personal text."""

OWN = "@own"
"""Audience: the services of the organisation that speaks."""
LEAD = "@lead"
"""Audience: the lead organisation."""
EVERYONE = "@everyone"
"""Audience: every organisation of the programme, its own included."""


@dataclass(frozen=True)
class Publish:
    """How one event is told to others.

    Attributes:
        says: contract name without its service (``"pact_proposed.v1"``) to a pure function of the
            event and its aggregate (as the decision left it) that gives the body. Every version
            still supported is said in one envelope; each hearer takes the newest it knows.
        to: audiences; :data:`OWN`, :data:`LEAD`, :data:`EVERYONE`, ids, or a function of
            the event and its aggregate that gives them. Duplicates count once.
        parts: vault entries that each audience is entitled to read; carried beside the envelope,
            sealed for the receiver.
    """

    says: Mapping[str, Callable[[Any, Any], Body]]
    to: Iterable[str] | Callable[[Any, Any], Iterable[str]] = (OWN,)
    parts: Callable[[Any, Any], Iterable[Sealed]] = field(default=lambda event, aggregate: ())


Published: TypeAlias = Mapping[type[Any], Publish]


@dataclass(frozen=True)
class Heard:
    """Words as a policy gets them.

    Attributes:
        contract: the newest contract version that this service has a policy for.
        body: the words.
        organisation: who said it (verified).
        service: which of its services said it.
        said_at: when the producer recorded it; aware, UTC.
        by: actor of the fact behind the words.
        event_id: the producer's event; ids of what follows from it are derived from it.
    """

    contract: str
    body: Body
    organisation: str
    service: str
    said_at: datetime
    by: str
    event_id: UUID


Policy: TypeAlias = Callable[[Any, Heard], None]
"""``policy(deciding, heard)``: edits or adds aggregates through *deciding*; raises ``Refused`` when
a rule says no, and the kernel stores that refusal as a fact."""
Policies: TypeAlias = Mapping[str, Policy]
