"""The fields of the proposal form: their names, labels, limits and choices. No I/O, no decision.

Names, versions and the stored values of choices are on forms that people keep: a field that means
something else is a new :data:`VERSION`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any, TypeAlias, TypeVar
from uuid import UUID

from services.kernel.ids import stream_id
from services.pacts.content import (
    ACTIVE_COMMITMENT,
    ActionArea,
    CapacityKind,
    Dimension,
    Figure,
    FigureRole,
    Microequipe,
    ResourceKind,
)

VERSION = "1"
GOALS = 4
ACTIONS = 3
"""In each dimension."""
CAPACITIES = 4
RESOURCES = 4
FAMILY_MEMBERS = 12
"""Numbers of household members that the form offers."""

LONGEST_LINE = 120
LONGEST_TEXT = 400
LONGEST_CODE = 60

REFERENCE, ISSUED_VERSION, TAG = "_rif", "_v", "_tag"
"""The hidden fields: which pact and proposal, which version of the form, proof that it is ours."""
AMENDS = "_da"
"""The hidden field that only the form of an amendment has: which proposal is in force."""


class Shape(Enum):
    """What a field takes."""

    LINE = auto()
    TEXT = auto()
    CODE = auto()
    DAY = auto()
    EUR = auto()
    HOURS = auto()
    CHOICE = auto()
    TICK = auto()


@dataclass(frozen=True)
class Field:
    """One field of the form.

    Attributes:
        name: of the AcroForm field.
        label: Italian, whole: said by screen readers and in the list of what to mend.
        longest: characters that it takes; 0 where its shape says it.
        choices: stored value and Italian words, in the order in which they are offered.
    """

    name: str
    label: str
    shape: Shape
    longest: int = 0
    choices: tuple[tuple[str, str], ...] = ()


DIMENSIONS = {
    Dimension.ASSISTANCE: "Assistenza",
    Dimension.PROMOTION: "Promozione",
    Dimension.RESTITUTION: "Restituzione",
}
AREAS = {
    ActionArea.EMERGENCY_AID: "aiuto emergenziale",
    ActionArea.WORK_AND_TRAINING: "lavoro e formazione",
    ActionArea.COMPLEMENTARY_SERVICES_AND_EDUCATION: "servizi complementari ed educazione",
}
CAPACITY_KINDS = {
    CapacityKind.PERSONAL: "personale",
    CapacityKind.PROFESSIONAL: "professionale",
    CapacityKind.INFORMAL: "informale",
}
RESOURCE_KINDS = {
    ResourceKind.VOLUNTEER: "volontario",
    ResourceKind.ASSOCIATION: "associazione",
    ResourceKind.PARISH: "parrocchia",
    ResourceKind.FIRM: "impresa",
}

FIGURE_ROLES = {
    FigureRole.TEACHER: "insegnante",
    FigureRole.NEIGHBOUR: "vicinato",
    FigureRole.PARISH: "parrocchia",
    FigureRole.EMPLOYER: "datore di lavoro",
    FigureRole.VOLUNTEER: "volontariato",
    FigureRole.RELATIVE: "parente",
}
"""What a reference figure is to the family; of another one only that it is one."""

STARTS = Field("starts", "Inizio del patto", Shape.DAY)
ENDS = Field("ends", "Fine del patto", Shape.DAY)
WITH_FAMILY = Field("with_family", "Il patto è stato scritto con la famiglia", Shape.TICK)
AGREED = Field(WITH_FAMILY.name, "La modifica è stata decisa con la famiglia", Shape.TICK)
"""What the form of an amendment has confirmed in its place."""
WITHOUT_NAMES = Field("without_names", "Nel modulo non ci sono nomi di persone", Shape.TICK)


@dataclass(frozen=True)
class GoalFields:
    """Where a goal is written."""

    goal: Field
    expected_result: Field

    @classmethod
    def of(cls, number: int) -> "GoalFields":
        """Those of the goal *number*."""
        name, label = f"goal_{number}", f"Obiettivo {number}"
        return cls(
            Field(f"{name}_goal", f"{label}: che cosa vogliamo raggiungere", *_TEXT),
            Field(f"{name}_result", f"{label}: da che cosa si vedrà", *_TEXT),
        )


@dataclass(frozen=True)
class ActionFields:
    """Where an action is written; its dimension is that of the page."""

    dimension: Dimension
    number: int
    description: Field
    expected_result: Field
    area: Field
    provider: Field
    responsible: Field
    committed: Field
    starts: Field
    until: Field
    quantity_eur: Field
    quantity_hours: Field

    @property
    def name(self) -> str:
        """As a capacity names the action to which it is brought."""
        return f"{self.dimension}_{self.number}"

    @property
    def label(self) -> str:
        """As people name it."""
        return f"{DIMENSIONS[self.dimension]} {self.number}"

    @property
    def family_commits(self) -> bool:
        """Whether somebody of the family has to commit."""
        return self.dimension in ACTIVE_COMMITMENT

    @classmethod
    def of(cls, dimension: Dimension, number: int, team: Microequipe) -> "ActionFields":
        """Those of the action *number* in *dimension*."""

        def field(name: str, label: str, *shape: object) -> Field:
            return Field(f"{dimension}_{number}_{name}", f"{title}: {label}", *shape)  # type: ignore[arg-type]

        title = f"{DIMENSIONS[dimension]} {number}"
        return cls(
            dimension,
            number,
            field("description", "che cosa si fa", *_TEXT),
            field("result", "risultato atteso", *_TEXT),
            field("area", "area", Shape.CHOICE, 0, _words(AREAS)),
            field("provider", "ente che la realizza", Shape.CODE, LONGEST_CODE),
            field("responsible", "chi ne risponde", Shape.CHOICE, 0, microequipe(team)),
            field("committed", "chi della famiglia si impegna", Shape.CHOICE, 0, FAMILY),
            field("starts", "dal", Shape.DAY),
            field("until", "al", Shape.DAY),
            field("eur", "euro", Shape.EUR),
            field("hours", "ore", Shape.HOURS),
        )


@dataclass(frozen=True)
class CapacityFields:
    """Where a capacity of the family is written."""

    description: Field
    kind: Field
    person: Field
    action: Field

    @classmethod
    def of(cls, number: int) -> "CapacityFields":
        """Those of the capacity *number*."""
        name, label = f"capacity_{number}", f"Capacità {number}"
        return cls(
            Field(f"{name}_description", f"{label}: che cosa sa fare", Shape.LINE, LONGEST_LINE),
            Field(f"{name}_kind", f"{label}: tipo", Shape.CHOICE, 0, _words(CAPACITY_KINDS)),
            Field(f"{name}_person", f"{label}: di chi", Shape.CHOICE, 0, FAMILY),
            Field(f"{name}_action", f"{label}: per quale azione", Shape.CHOICE, 0, ACTION_NAMES),
        )


@dataclass(frozen=True)
class ResourceFields:
    """Where a resource of the community is written."""

    description: Field
    kind: Field
    hours: Field

    @classmethod
    def of(cls, number: int) -> "ResourceFields":
        """Those of the resource *number*."""
        name, label = f"resource_{number}", f"Risorsa {number}"
        return cls(
            Field(f"{name}_description", f"{label}: che cosa porta", Shape.LINE, LONGEST_LINE),
            Field(f"{name}_kind", f"{label}: tipo", Shape.CHOICE, 0, _words(RESOURCE_KINDS)),
            Field(f"{name}_hours", f"{label}: ore in tutto", Shape.HOURS),
        )


Item: TypeAlias = GoalFields | ActionFields | CapacityFields | ResourceFields
T = TypeVar("T", bound=Item)


@dataclass(frozen=True)
class Fields:
    """Every visible field of the form of one pact."""

    goals: tuple[GoalFields, ...]
    actions: tuple[ActionFields, ...]
    capacities: tuple[CapacityFields, ...]
    resources: tuple[ResourceFields, ...]

    @classmethod
    def of(cls, team: Microequipe) -> "Fields":
        """Those that offer the people of *team*."""
        return cls(
            tuple(GoalFields.of(number) for number in range(1, GOALS + 1)),
            tuple(
                ActionFields.of(dimension, number, team)
                for dimension in Dimension
                for number in range(1, ACTIONS + 1)
            ),
            tuple(CapacityFields.of(number) for number in range(1, CAPACITIES + 1)),
            tuple(ResourceFields.of(number) for number in range(1, RESOURCES + 1)),
        )

    @property
    def items(self) -> tuple[Item, ...]:
        """Where goals, actions, capacities and resources are written."""
        return (*self.goals, *self.actions, *self.capacities, *self.resources)

    def __iter__(self) -> Iterator[Field]:
        yield from (STARTS, ENDS, WITH_FAMILY, WITHOUT_NAMES)
        for item in self.items:
            yield from fields_of(item)

    def with_others(self, others: Mapping[str, Field]) -> "Fields":
        """The same, with *others* in place of those of their names."""
        return Fields(
            *(
                tuple(_with_others(item, others) for item in items)
                for items in (self.goals, self.actions, self.capacities, self.resources)
            )  # type: ignore[arg-type]
        )


def fields_of(item: Item) -> Iterator[Field]:
    """Yield the fields in which *item* is written."""
    return (each for each in vars(item).values() if isinstance(each, Field))


def place_of(item: Item) -> str:
    """The name of the place in which *item* is written: ``goal_2``, ``promotion_1``."""
    return next(fields_of(item)).name.rpartition("_")[0]


def taken_out(item: Item) -> Field:
    """The box that takes an *item* of the pact in force out of it."""
    label = next(fields_of(item)).label.partition(":")[0]
    return Field(f"{place_of(item)}_out", f"{label}: da togliere dal patto", Shape.TICK)


def _with_others(item: T, others: Mapping[str, Field]) -> T:
    found = {
        name: others[each.name]
        for name, each in vars(item).items()
        if isinstance(each, Field) and each.name in others
    }
    return replace(item, **found)  # type: ignore[arg-type]


def member_of(family: str, number: int) -> UUID:
    """The person who has *number* in the household of *family*, as intake numbers its members."""
    return stream_id("member", family, number)


def microequipe(team: Microequipe) -> tuple[tuple[str, str], ...]:
    """Who may answer for an action: the lead first, figures last; ids and words, no names."""
    others = team.professionals[1:]
    return (
        (str(team.lead), "responsabile della microequipe"),
        *((str(each), f"microequipe: componente {n}") for n, each in enumerate(others, start=2)),
        *((str(each.person), _in_short(place, each)) for place, each, _ in figures(team)),
    )


def figures(team: Microequipe) -> Iterator[tuple[int, Figure, str]]:
    """Yield who of *team* is only a reference figure: its number and its words, without a name."""
    for place, figure in enumerate(team.only_figures, start=1):
        role = _role(figure)
        yield place, figure, f"figura di riferimento {place}" + (f": {role}" if role else "")


def _in_short(place: int, figure: Figure) -> str:
    """As it fits into a field: no longer than what the lead is called."""
    role = _role(figure)
    return f"figura {place}: {role}" if role else f"figura di riferimento {place}"


def _role(figure: Figure) -> str | None:
    return FIGURE_ROLES.get(figure.role) if figure.role else None


def _words(words: Mapping[Any, str]) -> tuple[tuple[str, str], ...]:
    return tuple((str(value), said) for value, said in words.items())


_TEXT = (Shape.TEXT, LONGEST_TEXT)
FAMILY = tuple((str(n), f"famiglia: componente {n}") for n in range(1, FAMILY_MEMBERS + 1))
ACTION_NAMES = tuple(
    (f"{dimension}_{number}", f"{said} {number}")
    for dimension, said in DIMENSIONS.items()
    for number in range(1, ACTIONS + 1)
)
