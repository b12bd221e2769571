"""What the calendar asks of intake, once for each civil day, at its beginning."""

from datetime import date
from uuid import UUID

from services.intake.family import Family
from services.intake.guidelines import IntakeGuidelines
from services.intake.microequipe import Microequipe, microequipe_id
from services.intake.views.families import eligible_without_microequipe, notices_overdue
from services.intake.views.untold import figures_untold
from services.kernel.deciding import Deciding
from services.kernel.duties import Duty
from services.kernel.parameters import PARAMETERS, Parameters


def note_a_family_without_microequipe(deciding: Deciding, family: UUID, day: date) -> None:
    """A family has met the requirements for so many days, and nobody goes with it: a fact, once."""
    guidelines = IntakeGuidelines.in_force(deciding.find(Parameters, PARAMETERS), day)
    waiting = deciding.edit(Family, family)
    team = deciding.find(Microequipe, microequipe_id(waiting.code))
    waiting.note_that_no_microequipe_was_formed(
        team is not None,
        guidelines.dormant_without_microequipe_days,
        on=day,
        by=deciding.actor,
    )


def note_an_overdue_information_notice(deciding: Deciding, family: UUID, day: date) -> None:
    """The last day for an information notice that is owed is over: a fact, once."""
    deciding.edit(Family, family).note_that_the_notice_is_overdue(on=day, by=deciding.actor)


def tell_who_the_reference_figures_are(deciding: Deciding, microequipe: UUID, day: date) -> None:
    """Pacts do not know yet who the figures of a microequipe are: they are told, once."""
    deciding.edit(Microequipe, microequipe).tell_figures(on=day, by=deciding.actor)


DUTIES: tuple[Duty, ...] = (
    Duty(
        "note_family_without_microequipe",
        eligible_without_microequipe,
        note_a_family_without_microequipe,
    ),
    Duty("note_overdue_information_notice", notices_overdue, note_an_overdue_information_notice),
    Duty("tell_reference_figures", figures_untold, tell_who_the_reference_figures_are),
)
