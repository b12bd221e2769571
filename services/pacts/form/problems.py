"""What is wrong with a form: kinds and facts for the list of what to mend, never anybody's text.

The values of the kinds are stored and said to others: they never change. Each has its Italian
sentence in the console, and its line in the README.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from services.pacts.form.fields import Field


class Kind(StrEnum):
    """What is wrong."""

    FORM_ERASED = "form_erased"
    FORM_UNREADABLE = "form_unreadable"
    FORM_OF_ANOTHER_ORGANISATION = "form_of_another_organisation"
    FORM_ALTERED = "form_altered"
    FORM_VERSION_OLD = "form_version_old"
    FORM_OF_ANOTHER_PROPOSAL = "form_of_another_proposal"
    PACT_UNKNOWN = "pact_unknown"
    PACT_NOT_DRAFT = "pact_not_draft"
    SENDER_UNKNOWN = "sender_unknown"
    SENDER_NOT_OF_THE_MICROEQUIPE = "sender_not_of_the_microequipe"
    NO_GUIDELINES = "no_guidelines"

    FIELD_EMPTY = "field_empty"
    FIELD_NOT_TICKED = "field_not_ticked"
    TEXT_TOO_LONG = "text_too_long"
    TEXT_UNREADABLE = "text_unreadable"
    NAME_IN_CLEAR = "name_in_clear"
    DAY_UNREADABLE = "day_unreadable"
    AMOUNT_UNREADABLE = "amount_unreadable"
    AMOUNT_NOT_POSITIVE = "amount_not_positive"
    CHOICE_UNKNOWN = "choice_unknown"
    DATES_REVERSED = "dates_reversed"
    PERIOD_TOO_LONG = "period_too_long"
    ACTION_OUTSIDE_THE_PERIOD = "action_outside_the_period"
    ACTION_NOT_WRITTEN = "action_not_written"
    DIMENSION_WITHOUT_ACTION = "dimension_without_action"
    NO_CAPACITY = "no_capacity"
    NO_RESOURCE = "no_resource"

    PACT_NOT_ACTIVE = "pact_not_active"
    FORM_OF_AN_OLDER_PACT = "form_of_an_older_pact"
    AMENDMENT_BEFORE_THE_COMMITTEE = "amendment_before_the_committee"
    NOTHING_AMENDED = "nothing_amended"
    ENDS_BEFORE_THE_PROPOSAL = "ends_before_the_proposal"
    ACTION_TAKEN_OUT = "action_taken_out"


@dataclass(frozen=True)
class Problem:
    """One thing to mend.

    Attributes:
        facts: codes, numbers, days and labels of the form's own fields as JSON words.
    """

    kind: Kind
    facts: dict[str, Any]


def problem(kind: Kind, field: Field | None = None, **facts: Any) -> Problem:
    """A problem of *kind*, at *field* if it is at one; days as ISO."""
    where = {} if field is None else {"field": field.name, "label": field.label}
    words = {name: fact if isinstance(fact, int) else str(fact) for name, fact in facts.items()}
    return Problem(kind, {**where, **words})
