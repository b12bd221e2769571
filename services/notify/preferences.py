"""How a person wants to be reminded; decisions, receipts and escalations are never a choice."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.kernel.refusal import Refused

OWED_TO = ("microequipe_lead", "project_manager")
"""Roles that are reminded whatever they want: nobody else does what they leave undone [7]."""


class Reminders(StrEnum):
    """How reminders come; values are stored."""

    DAILY = "daily"
    AT_ONCE = "at_once"
    NONE = "none"


class NotTheirOwn(Refused):
    """Everybody chooses for themselves; an administrator chooses for somebody else [7]."""


class RemindersAreOwed(Refused):
    """Who has a task that nobody else does is reminded of it; how, they may choose [7]."""


class NobodyWeWriteTo(Refused):
    """Of this person notify knows neither a role nor an address."""


def preferences_id(person: UUID) -> UUID:
    """The stream of what *person* chose."""
    return stream_id("preferences", person)


class Preferences(Aggregate):
    """What one person chose; until they do, one mail a day."""

    TOPIC = "notify.Preferences"

    def __init__(self) -> None:
        self.reminders = Reminders.DAILY

    # stored: rename a class at will, never its topic

    class Opened(Birth):
        """The person is about to choose."""

        TOPIC = "notify.PreferencesOpened"
        person: UUID

    class RemindersChosen(Aggregate.Event):
        """How reminders come from now on; who chose stands beside the fact."""

        TOPIC = "notify.RemindersChosen"
        person: UUID
        reminders: Reminders
        on: date

        def apply(self, preferences: "Preferences") -> None:
            preferences.reminders = self.reminders

    @classmethod
    def open(cls, person: UUID, by: Actor) -> "Preferences":
        """The preferences of *person*, before anything was chosen."""
        return birth(cls, cls.Opened, preferences_id(person), by=by, person=person)

    def choose(
        self, person: UUID, reminders: Reminders, roles: Collection[str], by: Actor, on: date
    ) -> None:
        """Let reminders come as *person* wants; as they come already, nothing is added.

        Args:
            roles: that the person holds on the day.

        Raises:
            RemindersAreOwed: none are wanted, and a role must be reminded.
        """
        owed = [role for role in OWED_TO if role in roles]
        if reminders is Reminders.NONE and owed:
            raise RemindersAreOwed(person=person, roles=owed)
        if reminders is not self.reminders:
            self.trigger_event(
                self.RemindersChosen, by=by, person=person, reminders=reminders, on=on
            )
