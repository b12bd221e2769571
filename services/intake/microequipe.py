"""The microequipe: the small team of people who matter to one family.

The days of joining and leaving belong to it: who leaves on the 4th was in it on the 4th.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from services.intake.codes import FigureRole, MemberKind
from services.intake.days import must_have_come
from services.intake.family import Family
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed

ONE_DAY = timedelta(days=1)
MAY_CHANGE_ANY = frozenset({"verifier", "project_manager"})
"""Roles that may form and change the microequipe of any family; a lead only its own."""
SEE_ANY = frozenset(
    {"access_point_operator", "verifier", "project_manager", "auditor", "administrator"}
)
"""Roles that see every family of their organisation; who has none of them sees their own [4]."""
T = TypeVar("T")


class MicroequipeExists(Refused):
    """A family has one microequipe; people join it and leave it [3]."""


class CompositionIncomplete(Refused):
    """A social worker or CDA head (both, if the guidelines say so) and one reference figure [3].

    ``lacking`` names all that is missing.
    """


class NotAgreedWithFamily(Refused):
    """A reference figure is agreed with the family first [3]."""


class MemberTwice(Refused):
    """Somebody is in a microequipe once at a time [3]."""


class NotMember(Refused):
    """On that day this person was not in the microequipe [3]."""


class CaseManagerIsMember(Refused):
    """A case manager assists a microequipe and is not a member of it [3]."""


class LeadWithoutAccount(Refused):
    """The lead sends the proposals, and so is a person with an account [3]."""


class AlreadyLead(Refused):
    """The lead is handed over to somebody else [3]."""


class LeadMustHandOver(Refused):
    """A microequipe always has exactly one lead: the lead hands over before leaving [3]."""


class NotLeadHere(Refused):
    """Its own lead changes a microequipe, or who verifies or manages the project [3] [4]."""


class NotOfTheMicroequipe(Refused):
    """Who works with single families sees those whose microequipe they are of or assist [4]."""


class OnlyAReferenceFigure(Refused):
    """A reference figure sees the actions it takes part in, and nothing else of the family [3]."""


class OutOfOrder(Refused):
    """What is recorded lies before what it follows; ``since`` is the first day possible."""


@dataclass(frozen=True)
class Member:
    """Somebody of the microequipe.

    Attributes:
        person: id; of somebody without an account, one given by whoever records.
        kind: in what capacity.
        role: of a reference figure: what it is to the family.
        name: of a reference figure without an account; otherwise None, `people` knows the name.
        agreed_on: of a reference figure: the day on which the family agreed to it.
    """

    person: UUID
    kind: MemberKind
    role: FigureRole | None = None
    name: Sealed | None = None
    agreed_on: date | None = None

    @property
    def has_account(self) -> bool:
        """Whether this person signs in."""
        return self.name is None


@dataclass(frozen=True)
class Spell:
    """Somebody's time in the microequipe; both days belong to it."""

    member: Member
    since: date
    until: date | None = None

    def covers(self, day: date) -> bool:
        """Whether *day* belongs to it."""
        return self.since <= day and (self.until is None or day <= self.until)


def microequipe_id(family: str) -> UUID:
    """The stream of the one microequipe of the family with that code."""
    return stream_id("microequipe", family)


def lacking(members: Iterable[Member], both: bool) -> tuple[str, ...]:
    """What a microequipe of *members* still needs [3].

    Args:
        members: of one day.
        both: a social worker and a CDA head are required, not one of the two.
    """
    kinds = {member.kind for member in members}
    professionals = (MemberKind.SOCIAL_WORKER, MemberKind.CDA_HEAD)
    missing: list[str] = []
    if both:
        missing += [kind.value for kind in professionals if kind not in kinds]
    elif not kinds.intersection(professionals):
        missing.append("social_worker_or_cda_head")
    if MemberKind.REFERENCE_FIGURE not in kinds:
        missing.append(MemberKind.REFERENCE_FIGURE.value)
    return tuple(missing)


def must_see(by: Actor, family: str, team: "Microequipe | None", day: date) -> None:
    """Refuse who has no business with *family* on *day* [4].

    Args:
        by: who asks.
        family: its code.
        team: its microequipe, if it has one.
        day: today, Europe/Rome.

    Raises:
        NotOfTheMicroequipe: *by* has no role for the whole organisation, and is not of *team*.
        OnlyAReferenceFigure: *by* has none, and is a reference figure of *team*, and not its lead.
    """
    if by.roles & SEE_ANY:
        return
    if team is not None and by.person in [str(each) for each in team.only_figures_on(day)]:
        raise OnlyAReferenceFigure(family=family)
    around: list[UUID | None] = []
    if team is not None:
        around = [team.case_manager_on(day), *(each.person for each in team.members_on(day))]
    if by.person not in [str(each) for each in around]:
        raise NotOfTheMicroequipe(family=family)


class Microequipe(Aggregate):
    """One family's microequipe, with everybody who ever was in it."""

    TOPIC = "intake.Microequipe"

    def __init__(self) -> None:
        self.family = ""
        self.formed_on = date.min
        self.spells: list[Spell] = []
        self.leads: list[tuple[date, UUID]] = []
        self.case_managers: list[tuple[date, UUID | None]] = []
        self.lacking: tuple[str, ...] = ()
        self.figures_told = False

    # stored: rename a class at will, never its topic

    class Formed(Birth):
        """The microequipe exists from ``on``.

        ``figures_told``: whether this told our pacts who its reference figures are.
        """

        TOPIC = "intake.MicroequipeFormed"
        class_version = 2
        family: str
        members: tuple[Member, ...]
        lead: UUID
        case_manager: UUID | None
        guidelines: int
        figures_told: bool
        on: date

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 pacts did not learn who of its members is a reference figure."""
            state["figures_told"] = False

        def apply(self, microequipe: "Microequipe") -> None:
            """Its first members, lead and case manager."""
            microequipe.family = self.family
            microequipe.formed_on = self.on
            microequipe.spells = [Spell(member, self.on) for member in self.members]
            microequipe.leads = [(self.on, self.lead)]
            microequipe.case_managers = [(self.on, self.case_manager)]
            microequipe.figures_told = self.figures_told

    class Joined(Aggregate.Event):
        """``member`` is in it from ``on``; ``lacking`` is what the microequipe needs since."""

        TOPIC = "intake.MicroequipeJoined"
        member: Member
        lacking: tuple[str, ...]
        on: date

        def apply(self, microequipe: "Microequipe") -> None:
            """One more spell."""
            microequipe.spells.append(Spell(self.member, self.on))
            microequipe.lacking = self.lacking

    class Left(Aggregate.Event):
        """``on`` was the person's last day; ``lacking`` is what the microequipe needs since."""

        TOPIC = "intake.MicroequipeLeft"
        person: UUID
        lacking: tuple[str, ...]
        on: date

        def apply(self, microequipe: "Microequipe") -> None:
            """The spell ends."""
            microequipe.spells = microequipe.without(self.person, self.on)
            microequipe.lacking = self.lacking

    class LeadHandedOver(Aggregate.Event):
        """``lead`` is the lead from ``on``."""

        TOPIC = "intake.LeadHandedOver"
        lead: UUID
        on: date

        def apply(self, microequipe: "Microequipe") -> None:
            """One more lead."""
            microequipe.leads.append((self.on, self.lead))

    class CaseManagerNamed(Aggregate.Event):
        """``case_manager`` assists from ``on``; None: nobody does."""

        TOPIC = "intake.CaseManagerNamed"
        case_manager: UUID | None
        on: date

        def apply(self, microequipe: "Microequipe") -> None:
            """One more case manager, or none."""
            microequipe.case_managers.append((self.on, self.case_manager))

    class FiguresTold(Aggregate.Event):
        """Our pacts were told who its reference figures are, which its forming had not told."""

        TOPIC = "intake.FiguresTold"
        on: date

        def apply(self, microequipe: "Microequipe") -> None:
            """Told once; who joins and leaves is told each time."""
            microequipe.figures_told = True

    @classmethod
    def form(
        cls,
        family: Family,
        existing: "Microequipe | None",
        members: tuple[Member, ...],
        lead: UUID,
        case_manager: UUID | None,
        guidelines: int,
        both: bool,
        *,
        on: date,
        by: Actor,
    ) -> "Microequipe":
        """The microequipe of an eligible *family* [3].

        Args:
            family: as its own log tells it.
            existing: the microequipe that the family has already, if any.
            members: whom it begins with.
            lead: the one of them who leads.
            case_manager: who assists, if anybody.
            guidelines: number of the version in force on *on*.
            both: that version requires a social worker and a CDA head.
            on: civil day from which it exists.
            by: who forms it.

        Raises:
            NotLeadHere: *by* may change only its own, and is not *lead*.
            NotEligible: the family's last verification did not find it eligible.
            MicroequipeExists: the family has one.
            MemberTwice: somebody is named twice.
            NotAgreedWithFamily: a reference figure was not agreed with the family by *on*.
            CompositionIncomplete: somebody is lacking; all of it is said.
            CaseManagerIsMember: *case_manager* is one of *members*.
            NotMember: *lead* is none of *members*.
            LeadWithoutAccount: *lead* has no account.
        """
        _must_be_able(by, lead)
        family.must_be_eligible()
        if existing is not None:
            raise MicroequipeExists(family=family.code, formed_on=existing.formed_on)
        people = [member.person for member in members]
        for person in people:
            if people.count(person) > 1:
                raise MemberTwice(person=person)
        for member in members:
            _must_be_agreed(member, on)
        missing = lacking(members, both)
        if missing:
            raise CompositionIncomplete(family=family.code, lacking=missing)
        if case_manager in people:
            raise CaseManagerIsMember(person=case_manager)
        _must_lead(lead, members, on)
        return birth(
            cls,
            cls.Formed,
            microequipe_id(family.code),
            by=by,
            family=family.code,
            members=members,
            lead=lead,
            case_manager=case_manager,
            guidelines=guidelines,
            figures_told=True,
            on=on,
        )

    def join(self, member: Member, both: bool, *, on: date, today: date, by: Actor) -> None:
        """Record that *member* is in it from *on* [3].

        Raises:
            NotLeadHere: *by* may change only its own, and does not lead this one.
            DayToCome: *on* lies after *today*.
            OutOfOrder: *on* lies before the microequipe.
            NotAgreedWithFamily: a reference figure was not agreed with the family by *on*.
            MemberTwice: the person is in it on *on* or later.
            CaseManagerIsMember: the person assists it as case manager on *on* or later.
        """
        _must_be_able(by, self.lead)
        self._must_be_in_time(on, self.formed_on, today)
        _must_be_agreed(member, on)
        for spell in self.spells:
            if spell.member.person == member.person and (spell.until is None or spell.until >= on):
                raise MemberTwice(person=member.person)
        if member.person in self._case_managers_since(on):
            raise CaseManagerIsMember(person=member.person)
        now = [*(spell.member for spell in self.spells if spell.until is None), member]
        self.trigger_event(self.Joined, by=by, member=member, lacking=lacking(now, both), on=on)

    def leave(self, person: UUID, both: bool, *, on: date, today: date, by: Actor) -> None:
        """Record that *on* is the last day of *person*; what then lacks is stored, not refused [3].

        Raises:
            NotLeadHere: *by* may change only its own, and does not lead this one.
            DayToCome: *on* lies after *today*.
            NotMember: the person is not in it on *on*, or has an end already.
            LeadMustHandOver: the person leads after *on*.
        """
        _must_be_able(by, self.lead)
        must_have_come(on, today)
        if not any(spell.until is None for spell in self._spells_of(person, on)):
            raise NotMember(person=person, on=on)
        if person in (self.lead, self.lead_on(on + ONE_DAY)):
            raise LeadMustHandOver(person=person)
        stay = [spell.member for spell in self.without(person, on) if spell.until is None]
        self.trigger_event(self.Left, by=by, person=person, lacking=lacking(stay, both), on=on)

    def hand_over_lead(self, lead: UUID, *, on: date, today: date, by: Actor) -> None:
        """Record that *lead* leads from *on* [3].

        Raises:
            NotLeadHere: *by* may change only its own, and does not lead this one.
            DayToCome: *on* lies after *today*.
            OutOfOrder: *on* lies before the last hand-over.
            AlreadyLead: *lead* leads already.
            NotMember: *lead* is not in it on *on*, or left since.
            LeadWithoutAccount: *lead* has no account.
        """
        _must_be_able(by, self.lead)
        self._must_be_in_time(on, self.leads[-1][0], today)
        if lead == self.lead:
            raise AlreadyLead(person=lead)
        staying = [spell.member for spell in self._spells_of(lead, on) if spell.until is None]
        _must_lead(lead, tuple(staying), on)
        self.trigger_event(self.LeadHandedOver, by=by, lead=lead, on=on)

    def name_case_manager(
        self, case_manager: UUID | None, *, on: date, today: date, by: Actor
    ) -> None:
        """Record who assists from *on* (None: nobody does); the same again adds nothing [3].

        Raises:
            NotLeadHere: *by* may change only its own, and does not lead this one.
            DayToCome: *on* lies after *today*.
            OutOfOrder: *on* lies before the last change.
            CaseManagerIsMember: the person is in the microequipe on *on* or later.
        """
        _must_be_able(by, self.lead)
        self._must_be_in_time(on, self.case_managers[-1][0], today)
        for spell in self.spells:
            if spell.member.person == case_manager and (spell.until is None or spell.until >= on):
                raise CaseManagerIsMember(person=case_manager)
        if case_manager != self.case_manager:
            self.trigger_event(self.CaseManagerNamed, by=by, case_manager=case_manager, on=on)

    def tell_figures(self, *, on: date, by: Actor) -> None:
        """Let our pacts know who its reference figures are; told already, nothing is added."""
        if not self.figures_told:
            self.trigger_event(self.FiguresTold, by=by, on=on)

    @property
    def lead(self) -> UUID:
        """Who leads by the last hand-over."""
        return self.leads[-1][1]

    @property
    def case_manager(self) -> UUID | None:
        """Who assists by the last change."""
        return self.case_managers[-1][1]

    @property
    def staying(self) -> tuple[Member, ...]:
        """Who is in it without an end, in the order of joining."""
        return tuple(spell.member for spell in self.spells if spell.until is None)

    def members_on(self, day: date) -> tuple[Member, ...]:
        """Who was in it on *day*, in the order of joining."""
        return tuple(spell.member for spell in self.spells if spell.covers(day))

    def only_figures_on(self, day: date) -> tuple[UUID, ...]:
        """Who was in it on *day* as a reference figure, and did not lead it."""
        lead, figure = self.lead_on(day), MemberKind.REFERENCE_FIGURE
        members = self.members_on(day)
        return tuple(each.person for each in members if each.kind is figure and each.person != lead)

    def lead_on(self, day: date) -> UUID | None:
        """Who led on *day*; None before it was formed."""
        return _on(self.leads, day)

    def case_manager_on(self, day: date) -> UUID | None:
        """Who assisted on *day*, if anybody."""
        return _on(self.case_managers, day)

    def without(self, person: UUID, on: date) -> list[Spell]:
        """The spells, with that of *person* on *on* ended then."""
        ending = self._spells_of(person, on)
        return [replace(spell, until=on) if spell in ending else spell for spell in self.spells]

    def _spells_of(self, person: UUID, day: date) -> list[Spell]:
        return [
            spell for spell in self.spells if spell.member.person == person and spell.covers(day)
        ]

    def _case_managers_since(self, on: date) -> list[UUID | None]:
        later = [case_manager for since, case_manager in self.case_managers if since > on]
        return [self.case_manager_on(on), *later]

    def _must_be_in_time(self, on: date, since: date, today: date) -> None:
        must_have_come(on, today)
        if on < since:
            raise OutOfOrder(on=on, since=since)


def _must_be_able(by: Actor, lead: UUID) -> None:
    if not by.roles & MAY_CHANGE_ANY and by.person != str(lead):
        raise NotLeadHere(lead=lead)


def _must_be_agreed(member: Member, on: date) -> None:
    figure = member.kind is MemberKind.REFERENCE_FIGURE
    if figure and (member.agreed_on is None or member.agreed_on > on):
        raise NotAgreedWithFamily(person=member.person)


def _must_lead(lead: UUID, members: tuple[Member, ...], on: date) -> None:
    found = [member for member in members if member.person == lead]
    if not found:
        raise NotMember(person=lead, on=on)
    if not found[0].has_account:
        raise LeadWithoutAccount(person=lead)


def _on(changes: list[tuple[date, T]], day: date) -> T | None:
    begun = [what for since, what in changes if since <= day]
    return begun[-1] if begun else None
