"""By form: the microequipe writes the proposal on a form, and on paper the pact is signed."""

from dataclasses import dataclass, replace
from datetime import date

from services.kernel.actor import Actor
from services.pacts.amending import Amending, Wanted
from services.pacts.content import Action, Capacity, CommunityResource, Goal
from services.pacts.drafting import Drafting
from services.pacts.guidelines import Terms
from services.pacts.refusals import PactNotDecided
from services.pacts.taking_part import TakingPart


@dataclass(frozen=True)
class Contents:
    """All that a proposal says.

    Attributes:
        capacities: each with the place, from 1, of its action in *actions*; its own number of the
            action is given when it is written.
        same: places of actions that the draft has already, each with its number there.
    """

    starts: date
    ends: date
    goals: tuple[Goal, ...]
    actions: tuple[Action, ...]
    capacities: tuple[tuple[Capacity, int], ...]
    resources: tuple[CommunityResource, ...]
    same: tuple[tuple[int, int], ...] = ()


class ByForm(Drafting, Amending, TakingPart):
    """The chapter of the papers; it has no facts of its own."""

    def form(self, by: Actor) -> int:
        """Let *by* have a form; give the number of the proposal that it is good for.

        That of an active pact is one for its amendment.

        Raises:
            AmendmentBeforeTheCommittee: an amendment awaits its decision.
        """
        self._may("form", by)
        self._must_have_no_other()
        return self.proposal + 1

    def printed_pact(self, by: Actor) -> None:
        """Let *by* have the pact on paper, to be signed or kept."""
        self._may("printed_pact", by)

    def family_letter(self, by: Actor) -> date:
        """Let *by* have the letter about the last decision; give the day on which it was heard.

        Raises:
            PactNotDecided: there is no decision that stands.
        """
        self._may("family_letter", by)
        heard = self.heard_on()
        if heard is None:
            raise PactNotDecided(state=self.state)
        return heard

    def propose_by_form(
        self,
        contents: Contents | None,
        terms: Terms,
        by: Actor,
        on: date,
        isee_until: date | None = None,
    ) -> int:
        """Write the draft anew and send it to the committee; give the proposal's number.

        Who helps in an action that stays the same goes on helping.

        Args:
            contents: what the form says; None if the draft says that already.
            terms: in force on *on*.
            by: the service, on behalf of who sent the form.
            on: the day on which the form was sent, Europe/Rome.
            isee_until: last day on which the committee may approve on the family's ISEE, if known.

        Raises:
            Refused: what the same words would be refused for one by one; a form that was read
                without a problem says nothing of that kind.
        """
        self._may("propose_by_form", by)
        if contents is not None:
            self._empty(by)
            self._write(contents, terms, by, on)
        return self._send(by, on, isee_until)

    def propose_amendment_by_form(self, wanted: Wanted, by: Actor, on: date) -> int:
        """Send to the committee what a form wants to be otherwise; give the proposal's number.

        Args:
            by: the service, on behalf of who sent the form.
            on: the day on which the form was sent, Europe/Rome.

        Raises:
            Refused: what :meth:`propose_amendment` refuses; a form that was read without a problem
                says nothing of that kind.
        """
        self._may("propose_amendment_by_form", by)
        return self._amend(wanted, by, on)

    def _empty(self, by: Actor) -> None:
        for number in list(self.capacities):
            self.trigger_event(self.CapacityUnlinked, by=by, number=number)
        for number in list(self.actions):
            self.trigger_event(self.ActionRemoved, by=by, number=number)
        for number in list(self.goals):
            self.trigger_event(self.GoalRemoved, by=by, number=number)
        for number in list(self.resources):
            self.trigger_event(self.ResourceRemoved, by=by, number=number)

    def _write(self, contents: Contents, terms: Terms, by: Actor, on: date) -> None:
        self._period(contents.starts, contents.ends, terms, by)
        for goal in contents.goals:
            self.trigger_event(self.GoalAdded, by=by, number=self._next("goal"), goal=goal)
        numbers = [self._put_action(action, by) for action in contents.actions]
        for capacity, place in contents.capacities:
            linked = replace(capacity, action=numbers[place - 1])
            number = self._next("capacity")
            self.trigger_event(self.CapacityLinked, by=by, number=number, capacity=linked)
        for resource in contents.resources:
            self._put_resource(resource, by)
        for place, former in contents.same:
            self._keep_helping(former, numbers[place - 1], by, on)

    def _keep_helping(self, former: int, action: int, by: Actor, on: date) -> None:
        for person in self.engaged.get(former, ()):
            if action not in self.parts_of(person):
                self.trigger_event(self.FigureEngaged, by=by, action=action, person=person, on=on)
