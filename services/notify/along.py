"""Along a family's path: what has not happened, what was owed, what expires, when to look back.

The board's date is here too: nobody decides anything on hearing it, its members are told.
"""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.words import Heard, Policies
from services.notify.notice import Kind, Subject
from services.notify.speaking import must_be_from_the_lead, must_be_ours
from services.notify.telling import (
    board,
    lead_of,
    manager_of_ours,
    referrer_of,
    tell,
    who_is_with,
)

DORMANT = {"without_microequipe": Kind.FAMILY_WITHOUT_MICROEQUIPE}


def tell_of_a_family_that_waits(deciding: Deciding, heard: Heard) -> None:
    """Who referred it, and the project manager, learn that nothing happens to a family."""
    must_be_ours(deciding, heard)
    family, since = heard.body["family"], date.fromisoformat(heard.body["since"])
    told = [*referrer_of(deciding, family), *manager_of_ours(deciding)]
    tell(deciding, heard.event_id, DORMANT[heard.body["kind"]], told, Subject(family=family), since)


def tell_that_a_family_is_owed_information(deciding: Deciding, heard: Heard) -> None:
    """Whoever is with the family, and the project manager, learn that the law's day went by."""
    must_be_ours(deciding, heard)
    family, due = heard.body["family"], date.fromisoformat(heard.body["due"])
    told = [*who_is_with(deciding, family), *manager_of_ours(deciding)]
    kind = Kind.INFORMATION_NOTICE_OVERDUE
    tell(deciding, heard.event_id, kind, told, Subject(family=family), due)


def remind_of_a_certificate_that_expires(deciding: Deciding, heard: Heard) -> None:
    """The lead learns, while there is time, that the family's ISEE certificate ends."""
    _tell_the_lead(deciding, heard, Kind.CERTIFICATE_EXPIRING, "valid_until")


def tell_that_a_certificate_has_expired(deciding: Deciding, heard: Heard) -> None:
    """The lead learns that it ended, and that the next verification looks at it."""
    _tell_the_lead(deciding, heard, Kind.CERTIFICATE_EXPIRED, "valid_until")


def tell_that_it_is_time_to_look_back(deciding: Deciding, heard: Heard) -> None:
    """The lead learns that some months have passed since the pact ended."""
    _tell_the_lead(deciding, heard, Kind.LOOK_BACK_DUE, "due")


def tell_the_board_by_when_it_meets(deciding: Deciding, heard: Heard) -> None:
    """Every organisation tells those of its own who sit in the board, with a calendar entry."""
    must_be_from_the_lead(deciding, heard)
    due = date.fromisoformat(heard.body["due"])
    tell(deciding, heard.event_id, Kind.BOARD_SESSION_DUE, board(deciding), Subject(), due)


def escalate_a_session_that_was_missed(deciding: Deciding, heard: Heard) -> None:
    """The board's members and the project manager learn that it did not meet in time."""
    must_be_from_the_lead(deciding, heard)
    due = date.fromisoformat(heard.body["due"])
    tell(deciding, heard.event_id, Kind.BOARD_SESSION_MISSED, board(deciding), Subject(), due)


ALONG: Policies = {
    "intake/family_dormant.v1": tell_of_a_family_that_waits,
    "intake/information_notice_overdue.v1": tell_that_a_family_is_owed_information,
    "pacts/certificate_expiring.v1": remind_of_a_certificate_that_expires,
    "pacts/certificate_expired.v1": tell_that_a_certificate_has_expired,
    "pacts/look_back_due.v1": tell_that_it_is_time_to_look_back,
    "review/board_session_due.v1": tell_the_board_by_when_it_meets,
    "review/board_session_missed.v1": escalate_a_session_that_was_missed,
}


def _tell_the_lead(deciding: Deciding, heard: Heard, kind: Kind, day: str) -> None:
    must_be_ours(deciding, heard)
    family, due = heard.body["family"], date.fromisoformat(heard.body[day])
    subject = Subject(family=family, pact=UUID(heard.body["pact"]))
    tell(deciding, heard.event_id, kind, lead_of(deciding, family), subject, due)
