"""The pact: one *patto generativo d'inclusione*, from its draft to its end.

Its state is in ``standing.py``, what may be asked when and by whom in ``life.py``; its chapters are
``drafting.py``, ``proposing.py``, ``relying.py``, ``by_form.py``, ``positions.py``, ``signing.py``,
``following.py``, ``giving.py``, ``visiting.py``, ``verifying.py`` with ``proximity.py``,
``amending.py``, ``aiding.py``, ``spending.py``, ``ending.py``, ``appealing.py``,
``complaining.py``, ``certificates.py``, ``dormancy.py`` and ``taking_part.py``.
"""

from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate, Birth, birth
from services.kernel.ids import stream_id
from services.pacts.aiding import Aiding
from services.pacts.appealing import Appealing
from services.pacts.by_form import ByForm
from services.pacts.certificates import Certified
from services.pacts.complaining import Complaining
from services.pacts.content import Microequipe
from services.pacts.dormancy import Dormancy
from services.pacts.ending import Ending
from services.pacts.following import Following
from services.pacts.giving import Giving
from services.pacts.guidelines import Terms
from services.pacts.positions import Positions
from services.pacts.signing import Signing
from services.pacts.spending import SpendingOn
from services.pacts.standing import Standing
from services.pacts.taking_part import TakingPart
from services.pacts.verifying import Verifying
from services.pacts.visiting import Visiting


class Pact(
    ByForm,
    Positions,
    Signing,
    Following,
    Giving,
    Visiting,
    Verifying,
    Aiding,
    SpendingOn,
    Ending,
    Appealing,
    Complaining,
    Certified,
    Dormancy,
    TakingPart,
):
    """The agreement of a family and its microequipe: assistance, promotion, restitution."""

    TOPIC = "pacts.Pact"

    def __init__(self) -> None:
        Standing.__init__(self)

    # Stored, for ever: topics, field names and the values of enumerations.

    class Drafted(Birth):
        """A blank pact of the full length, from today; without guidelines, of no length yet.

        Attributes:
            number: 1 for the family's first pact.
            formation: the event in which intake said who the microequipe is.
        """

        TOPIC = "pacts.Drafted"
        class_version = 2
        family: str
        number: int
        formation: UUID
        microequipe: Microequipe
        on: date
        starts: date | None
        ends: date | None
        guidelines: int | None

        def apply(self, pact: Standing) -> None:
            pact.family, pact.number = self.family, self.number
            pact.formation, pact.microequipe = self.formation, self.microequipe
            pact.drafted_on = self.on
            pact.starts, pact.ends = self.starts, self.ends

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 nobody told who of the microequipe is a reference figure."""
            state["microequipe"]["figures"] = []

    class MicroequipeChanged(Aggregate.Event):
        """The people around the family are others than before."""

        TOPIC = "pacts.MicroequipeChanged"
        class_version = 2
        formation: UUID
        microequipe: Microequipe

        def apply(self, pact: Standing) -> None:
            pact.formation, pact.microequipe = self.formation, self.microequipe
            pact.engaged = {  # who has left helps no more, and who comes back is asked anew
                action: tuple(person for person in helping if person in pact.figures)
                for action, helping in pact.engaged.items()
            }

        @staticmethod
        def upcast_v1_v2(state: dict[str, Any]) -> None:
            """Until version 2 nobody told who of the microequipe is a reference figure."""
            state["microequipe"]["figures"] = []

    class TextsErased(Aggregate.Event):
        """What was written about the family is destroyed; the history of the pact stays."""

        TOPIC = "pacts.TextsErased"
        on: date

        def apply(self, pact: Standing) -> None:
            pact.texts_erased_on = self.on

    @classmethod
    def draft(
        cls,
        family: str,
        number: int,
        formation: UUID,
        microequipe: Microequipe,
        terms: Terms | None,
        by: Actor,
        on: date,
    ) -> "Pact":
        """A blank pact for *family*; its id is derived, so that the store refuses a second one.

        Args:
            family: code of the family.
            number: 1 for the family's first pact.
            formation: the event in which intake said who the microequipe is.
            microequipe: who they are.
            terms: in force today, if any were heard; a draft does not wait for them.
            by: who drafts.
            on: today, Europe/Rome.
        """
        return birth(
            cls,
            cls.Drafted,
            pact_id(family, number),
            by=by,
            family=family,
            number=number,
            formation=formation,
            microequipe=microequipe,
            on=on,
            starts=terms and on,
            ends=terms and terms.pact_ends(on),
            guidelines=terms and terms.number,
        )

    def draft_again(self, terms: Terms | None, by: Actor, on: date) -> "Pact":
        """The family's next pact, blank, after this one has ended; with the same microequipe.

        Raises:
            PactStillRunning: this one has not ended.
        """
        self._may("draft_again", by)
        return Pact.draft(
            self.family, self.number + 1, self.formation, self.microequipe, terms, by, on
        )

    def follow(self, formation: UUID, microequipe: Microequipe, by: Actor) -> None:
        """Let the pact know who the microequipe is now; what is known adds nothing.

        One that is over knows it too: the family's next pact is drafted with those people.
        """
        if microequipe != self.microequipe:
            self.trigger_event(
                self.MicroequipeChanged, by=by, formation=formation, microequipe=microequipe
            )

    def note_erased_texts(self, by: Actor, on: date) -> None:
        """Note, once, that the texts about the family are gone; who calls destroys them."""
        if self.texts_erased_on is None:
            self.trigger_event(self.TextsErased, by=by, on=on)


def pact_id(family: str, number: int) -> UUID:
    """The id of the pact *number* of *family*."""
    return stream_id("pact", family, number)
