"""Along a family's path: what has not happened, what was owed, what expires, when to look back.

The board's date and the committee's minutes are here too: nobody decides anything on hearing them,
the members are told.
"""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.words import Heard, Policies
from services.notify.board import BOARD, Board
from services.notify.notice import Kind, Subject
from services.notify.speaking import must_be_from_the_lead, must_be_ours
from services.notify.telling import (
    addressees_of,
    board,
    committee,
    everybody_with,
    lead_of,
    manager_of_ours,
    referrer_of,
    tell,
    who_follows,
    who_is_with,
)

DORMANT = {
    "without_microequipe": Kind.FAMILY_WITHOUT_MICROEQUIPE,
    "without_proposal": Kind.FAMILY_WITHOUT_PROPOSAL,
    "without_fact": Kind.FAMILY_WITHOUT_FACT,
}


def tell_of_a_family_that_waits(deciding: Deciding, heard: Heard) -> None:
    """Who referred it, and the project manager, learn that nothing happens to a family."""
    must_be_ours(deciding, heard)
    family, since = heard.body["family"], date.fromisoformat(heard.body["since"])
    told = [*referrer_of(deciding, family), *manager_of_ours(deciding)]
    tell(deciding, heard.event_id, DORMANT[heard.body["kind"]], told, Subject(family=family), since)


def tell_of_a_family_that_is_left_alone(deciding: Deciding, heard: Heard) -> None:
    """The lead and the case manager learn that nothing comes of a draft, or of a pact."""
    must_be_ours(deciding, heard)
    family, since = heard.body["family"], date.fromisoformat(heard.body["since"])
    subject = Subject(family=family, pact=UUID(heard.body["pact"]))
    told = who_follows(deciding, family)
    tell(deciding, heard.event_id, DORMANT[heard.body["kind"]], told, subject, since)


def tell_whoever_is_with_a_family_how_to_reach_it(deciding: Deciding, heard: Heard) -> None:
    """They learn that every contact is restricted, or no longer; never why, nor how.

    Every later letter that may lead to a contact says it again.
    """
    must_be_ours(deciding, heard)
    family, on = heard.body["family"], date.fromisoformat(heard.body["on"])
    stands = heard.body["safe_contact"]
    addressees_of(deciding, family).know_contact(stands, by=deciding.actor)
    kind = Kind.CONTACT_RESTRICTED if stands else Kind.CONTACT_NO_LONGER_RESTRICTED
    told = everybody_with(deciding, family)
    tell(deciding, heard.event_id, kind, told, Subject(family=family), on)


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


def remember_that_the_board_met(deciding: Deciding, heard: Heard) -> None:
    """Nobody is reminded of a session that was held."""
    must_be_from_the_lead(deciding, heard)
    known = deciding.find(Board, BOARD) or deciding.add(Board.open(by=deciding.actor))
    next_due, on = (date.fromisoformat(heard.body[day]) for day in ("next_due", "on"))
    known.meet(next_due, by=deciding.actor, on=on)


def escalate_a_session_that_was_missed(deciding: Deciding, heard: Heard) -> None:
    """The board's members and the project manager learn that it did not meet in time."""
    must_be_from_the_lead(deciding, heard)
    due = date.fromisoformat(heard.body["due"])
    tell(deciding, heard.event_id, Kind.BOARD_SESSION_MISSED, board(deciding), Subject(), due)


def tell_the_committee_that_minutes_are_there(deciding: Deciding, heard: Heard) -> None:
    """Every seat learns that the minutes of a meeting were approved, or corrected."""
    must_be_from_the_lead(deciding, heard)
    body = heard.body
    kind = Kind.MINUTES_CORRECTED if "corrects" in body else Kind.MINUTES_APPROVED
    subject, held = Subject(cycle=body["cycle"], number=body["number"]), body["held_on"]
    told = committee(deciding)
    tell(deciding, heard.event_id, kind, told, subject, date.fromisoformat(held))


ALONG: Policies = {
    "intake/contact_marked.v1": tell_whoever_is_with_a_family_how_to_reach_it,
    "intake/family_dormant.v1": tell_of_a_family_that_waits,
    "intake/information_notice_overdue.v1": tell_that_a_family_is_owed_information,
    "pacts/certificate_expiring.v1": remind_of_a_certificate_that_expires,
    "pacts/certificate_expired.v1": tell_that_a_certificate_has_expired,
    "pacts/family_dormant.v1": tell_of_a_family_that_is_left_alone,
    "pacts/look_back_due.v1": tell_that_it_is_time_to_look_back,
    "review/board_session_due.v1": tell_the_board_by_when_it_meets,
    "review/board_session_held.v1": remember_that_the_board_met,
    "review/board_session_missed.v1": escalate_a_session_that_was_missed,
    "review/minutes_approved.v1": tell_the_committee_that_minutes_are_there,
    "review/minutes_approved.v2": tell_the_committee_that_minutes_are_there,
}


def _tell_the_lead(deciding: Deciding, heard: Heard, kind: Kind, day: str) -> None:
    must_be_ours(deciding, heard)
    family, due = heard.body["family"], date.fromisoformat(heard.body[day])
    subject = Subject(family=family, pact=UUID(heard.body["pact"]))
    tell(deciding, heard.event_id, kind, lead_of(deciding, family), subject, due)
