"""Waiting: what should have happened to a family by now and has not, each noted once."""

from datetime import date, timedelta

from services.intake.codes import Dormancy, NoticeState
from services.intake.standing import Standing
from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate


class Waiting(Standing):
    """The chapter of what the calendar finds."""

    # stored: rename a class at will, never its topic; values of the codes are for ever

    class FamilyDormant(Aggregate.Event):
        """Nothing has happened to the family since ``since``; ``kind`` is what should have."""

        TOPIC = "intake.FamilyDormant"
        kind: Dormancy
        since: date
        on: date

        def apply(self, family: Standing) -> None:
            """Noted for these requirements; once they are met anew it may be noted again."""
            family.dormant_since = self.since

    class InformationNoticeOverdue(Aggregate.Event):
        """The information notice was to be given by ``due``, last day included, and was not."""

        TOPIC = "intake.InformationNoticeOverdue"
        due: date
        on: date

        def apply(self, family: Standing) -> None:
            """Noted."""
            family.notice_overdue = True

    def note_that_no_microequipe_was_formed(
        self, has_microequipe: bool, days: int, *, on: date, by: Actor
    ) -> None:
        """Note that the family has met the requirements for *days* and nobody goes with it [11].

        Nothing is noted before, twice, of a family that has its microequipe, that is erased, or
        that is followed under another code.

        Args:
            has_microequipe: whether it was formed by *on*.
            days: since the verification, as the guidelines of *on* say.
            on: civil day that is looked at.
            by: the service itself.
        """
        since = self.eligible_since
        if since is None or not self.is_followed_here or has_microequipe:
            return
        if self.dormant_since != since and on >= since + timedelta(days=days):
            self.trigger_event(
                self.FamilyDormant, by=by, kind=Dormancy.WITHOUT_MICROEQUIPE, since=since, on=on
            )

    def note_that_the_notice_is_overdue(self, *, on: date, by: Actor) -> None:
        """Note that the information notice is still owed after its last day [8].

        Nothing is noted before, twice, of a family that was given it, that is erased, or that
        is followed under another code.
        """
        due = self.notice_due if self.notice is NoticeState.OWED else None
        if due is None or not self.is_followed_here or self.notice_overdue:
            return
        if on > due:
            self.trigger_event(self.InformationNoticeOverdue, by=by, due=due, on=on)
