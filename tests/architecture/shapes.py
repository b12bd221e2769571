"""The shape of every stored event, as text: its version, its fields, their types and stored words.

``python -m tests.architecture.shapes`` prints the present ones. ``shapes.txt`` is changed by hand:
a line of a released event changes only together with its ``class_version`` and an upcast.
"""

from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType, UnionType
from typing import Any, ClassVar, Union, get_args, get_origin, get_type_hints

from services.kernel.aggregate import COLUMNS, Aggregate
from services.kernel.composition import Composition

SERVICES = ("people", "intake", "pacts", "review", "notify")
PLAIN = {"str", "int", "bool", "date", "datetime", "UUID", "Decimal"}


class NotAllowed(TypeError):
    """A type that has no place in an event."""


def stored_events(kind: type[Any] = Aggregate.Event) -> list[type[Any]]:
    """Every event class of the services and the kernel that is stored."""
    found = []
    for each in kind.__subclasses__():
        found += stored_events(each)
        ours = each.__module__.startswith("services.")
        if ours and getattr(each, "STREAM_TYPE", "") and hasattr(each, "TOPIC"):
            found.append(each)
    return found


def shape(event: type[Any]) -> str:
    """One line: topic, version, fields."""
    stated = {
        name: hint
        for name, hint in get_type_hints(event).items()
        if name not in COLUMNS and get_origin(hint) is not ClassVar and hint is not ClassVar
    }
    told = " ".join(f"{name}:{type_of(hint)}" for name, hint in sorted(stated.items()))
    return f"{event.TOPIC} v{event.class_version} {told}".rstrip()


def type_of(hint: Any) -> str:
    """The type *hint* in words; of an enumeration its stored words, of a structure its fields.

    Raises:
        NotAllowed: a float, a set, a list, or whatever the row format has no exact text for.
    """
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return "|".join(type_of(each) for each in inside)
    if origin is tuple:
        return "[" + ",".join("..." if each is ... else type_of(each) for each in inside) + "]"
    if origin is dict and inside == (str, Any):
        return "json"
    if hint is NoneType:
        return "nothing"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return "(" + "|".join(str(each.value) for each in hint) + ")"
    if is_dataclass(hint):
        types = get_type_hints(hint)
        return "{" + " ".join(f"{f.name}:{type_of(types[f.name])}" for f in fields(hint)) + "}"
    if isinstance(hint, type) and hint.__name__ in PLAIN:
        return hint.__name__
    raise NotAllowed(str(hint))


def present() -> list[str]:
    """The shapes of all events of the house, in order."""
    for service in SERVICES:
        Composition.of(service)
    return sorted({shape(event) for event in stored_events()})


if __name__ == "__main__":
    print("\n".join(present()))
