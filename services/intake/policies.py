"""What intake decides when others speak."""

from datetime import date

from services.kernel.deciding import Deciding
from services.kernel.following import follow_agreements
from services.kernel.parameters import PARAMETERS, Parameters
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


UNDER_AGREEMENTS = True

POLICIES: Policies = {
    **follow_agreements("people"),
    "review/guidelines_issued.v1": keep_the_guidelines_that_the_board_issued,
}
