"""Who sits in the steering board on which day, as the organisations assign roles."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id

BOARD_MEMBERS = stream_id("board members")
"""The one stream of the board's members."""

BOARD_ROLES = ("legal_representative", "project_manager")
"""Roles that sit in it: "legali rappresentanti dei partner e responsabile di progetto" [1]."""


@dataclass(frozen=True)
class Member:
    """A member of the board.

    Attributes:
        role: one of :data:`BOARD_ROLES`.
        organisation: which organisation assigned the role.
    """

    person: UUID
    role: str
    organisation: str


@dataclass(frozen=True)
class Membership:
    """A member with their days; *last* is None while open."""

    member: Member
    first: date
    last: date | None

    def on(self, day: date) -> bool:
        """Whether it lasts on *day*."""
        return self.first <= day and (self.last is None or day <= self.last)


class BoardMembers(Aggregate):
    """The members of the steering board (cabina di regia), day by day [1, 7]."""

    TOPIC = "review.BoardMembers"

    def __init__(self) -> None:
        self.memberships: tuple[Membership, ...] = ()

    class Opened(Birth):
        """The stream of the board's members begins."""

        TOPIC = "review.BoardMembersOpened"

    class Joined(Aggregate.Event):
        """A person is a member from *first* to *last*, both included."""

        TOPIC = "review.BoardMemberJoined"
        member: Member
        first: date
        last: date | None

        def apply(self, members: "BoardMembers") -> None:
            joined = Membership(self.member, self.first, self.last)
            members.memberships = (*members.memberships, joined)

    class Left(Aggregate.Event):
        """A person is a member for the last time on *last*."""

        TOPIC = "review.BoardMemberLeft"
        member: Member
        last: date

        def apply(self, members: "BoardMembers") -> None:
            members.memberships = tuple(
                replace(each, last=self.last) if _ends(each, self.member, self.last) else each
                for each in members.memberships
            )

    @classmethod
    def open(cls, by: Actor) -> "BoardMembers":
        """The board before anybody is known to sit in it."""
        return birth(cls, cls.Opened, BOARD_MEMBERS, by=by)

    def join(self, member: Member, first: date, last: date | None, by: Actor) -> None:
        """Let *member* sit from *first*; another role, or a membership known, adds nothing."""
        known = any(each.member == member and each.on(first) for each in self.memberships)
        if member.role in BOARD_ROLES and not known:
            self.trigger_event(self.Joined, by=by, member=member, first=first, last=last)

    def leave(self, member: Member, last: date, by: Actor) -> None:
        """Let *member* sit for the last time on *last*; who does already adds nothing."""
        if any(_ends(each, member, last) for each in self.memberships):
            self.trigger_event(self.Left, by=by, member=member, last=last)

    def on(self, day: date) -> tuple[Member, ...]:
        """The members on *day*, each once, in the order in which they joined."""
        return tuple(dict.fromkeys(each.member for each in self.memberships if each.on(day)))


def _ends(membership: Membership, member: Member, last: date) -> bool:
    return membership.member == member and membership.on(last) and membership.last != last
