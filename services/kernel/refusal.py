"""A rule said no: a type with facts, never a sentence. The Italian words live with the screens."""

import json
from typing import Any


class Refused(Exception):
    """Base of every refusal; nothing was written.

    One subclass per rule; its docstring is the rule and its source. ``str()`` is the facts as JSON,
    because ``RemoteError(exc_type, value)`` is all that RPC carries. Facts hold codes, dates, ids
    and numbers, never personal text.
    """

    def __init__(self, **facts: Any) -> None:
        self.facts: dict[str, Any] = json.loads(json.dumps(facts, default=str, sort_keys=True))
        super().__init__(json.dumps(self.facts, sort_keys=True))

    @property
    def kind(self) -> str:
        """The stored name of this refusal: its class name."""
        return type(self).__name__


class Unknown(Refused):
    """No such aggregate in this log."""


class AlreadyBegun(Refused):
    """What is to begin here has begun already; it begins once."""


class VersionMoved(Refused):
    """Somebody else changed it since the version that was edited; look again, then decide."""


class BadWord(Refused):
    """An argument is not of the shape that the command states; ``argument`` names it."""
