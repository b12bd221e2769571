"""What passes between two organisations: answers that came, too many askings."""

from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.words import Heard, Policies
from services.notify.notice import Kind, Subject
from services.notify.speaking import must_be_ours
from services.notify.telling import administrators, tell, who_is_with
from services.notify.views import holders


def tell_who_asked_that_an_answer_came(deciding: Deciding, heard: Heard) -> None:
    """Whoever asked another organisation learns that it answered; the answer stands in the file.

    In place of who has left every role: whoever is with the family.
    """
    must_be_ours(deciding, heard)
    family, on = heard.body["family"], date.fromisoformat(heard.body["on"])
    asked_by = UUID(heard.body["asked_by"])
    gone = holders.has_left(deciding.connection, asked_by, deciding.today)
    told = who_is_with(deciding, family) if gone else [str(asked_by)]
    kind = Kind.ANSWERED_ELSEWHERE
    tell(deciding, heard.event_id, kind, told, Subject(family=family), on)


def tell_that_another_organisation_asks_too_much(deciding: Deciding, heard: Heard) -> None:
    """The administrators learn, once for each day, who asked more about persons than is answered.

    Whom it asked about they look up themselves, as far as that is kept.
    """
    must_be_ours(deciding, heard)
    subject, on = Subject(organisation=heard.body["asker"]), date.fromisoformat(heard.body["on"])
    told, kind = administrators(deciding), Kind.TOO_MANY_ASKINGS
    tell(deciding, heard.event_id, kind, told, subject, on)


BETWEEN: Policies = {
    "intake/answer_came.v1": tell_who_asked_that_an_answer_came,
    "intake/too_many_asked.v1": tell_that_another_organisation_asks_too_much,
}
