"""What intake decides when others speak."""

from datetime import date
from uuid import UUID

from services.intake.answering import Askings, askings_id
from services.intake.codes import Elsewhere
from services.intake.family import Family
from services.intake.family_code import family_id, read_code
from services.intake.guidelines import ASKINGS_A_DAY, IntakeGuidelines
from services.intake.recognising_elsewhere import RECOGNITION, look_up, may_be_asked
from services.kernel.deciding import Deciding
from services.kernel.following import follow_agreements
from services.kernel.parameters import PARAMETERS, NothingInForce, Parameters
from services.kernel.sealed import Sealed
from services.kernel.words import Heard, Policies


def keep_the_guidelines_that_the_board_issued(deciding: Deciding, heard: Heard) -> None:
    """Verifications and microequipes apply the version in force on their day."""
    parameters = deciding.find(Parameters, PARAMETERS)
    if parameters is None:
        parameters = deciding.add(Parameters.opened(by=deciding.actor))
    parameters.hear(
        heard.body["number"],
        date.fromisoformat(heard.body["in_force_from"]),
        heard.body["parameters"],
        by=deciding.actor,
    )


def answer_whether_we_follow_somebody(deciding: Deciding, heard: Heard) -> None:
    """Another organisation asks about persons: yes or no, so many times a day; nothing else.

    The fingerprints that it sent are not kept.
    """
    sent = Sealed(UUID(heard.body["codes"]["ref"]), heard.body["codes"]["commitment"])
    who, today = heard.organisation, deciding.today
    askings = deciding.find(Askings, askings_id(who, today))
    askings = askings or deciding.add(Askings.opened(who, on=today, by=deciding.actor))
    askings.answer(
        UUID(heard.body["asking"]),
        read_code(heard.body["family"]),
        heard.by,
        lambda: look_up(deciding, sent, who),
        agreed=may_be_asked(deciding, who),
        most=_askings_a_day(deciding),
        on=today,
        by=deciding.actor,
    )
    deciding.vault.discard(sent.ref)


def keep_what_another_organisation_answered(deciding: Deciding, heard: Heard) -> None:
    """Whether it follows somebody of the family, for who works with it to read."""
    family = deciding.edit(Family, family_id(read_code(heard.body["family"])))
    family.hear_answer(
        UUID(heard.body["asking"]),
        heard.organisation,
        Elsewhere(heard.body["answer"]),
        on=deciding.today,
        by=deciding.actor,
    )


def _askings_a_day(deciding: Deciding) -> int:
    """Of the guidelines in force; before any was heard, the first ones'."""
    try:
        return IntakeGuidelines.in_force(
            deciding.find(Parameters, PARAMETERS), deciding.today
        ).askings_a_day
    except NothingInForce:
        return ASKINGS_A_DAY


UNDER_AGREEMENTS = True
OF_OTHERS_ALONE = ("intake",)
"""What our own intake says is no news to it."""

POLICIES: Policies = {
    **follow_agreements("people", RECOGNITION),
    "intake/following_asked.v1": answer_whether_we_follow_somebody,
    "intake/following_answered.v1": keep_what_another_organisation_answered,
    "review/guidelines_issued.v1": keep_the_guidelines_that_the_board_issued,
}
