"""Who is told what, once: the sentences that policies and duties share."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.parameters import PARAMETERS, NothingInForce, Parameters
from services.notify.addressees import (
    Addressees,
    Holders,
    addressees_id,
    holders_id,
    organisation_of,
)
from services.notify.calendar import INITIAL, Days
from services.notify.notice import Kind, Notice, Reason, Subject, notice_id, role_at
from services.notify.views import holders

COMMITTEE = ("project_manager", "case_manager", "work_placement_head")
"""Roles that hold a seat in the committee [3]."""


def tell(
    deciding: Deciding,
    cause: UUID,
    kind: Kind,
    recipients: Iterable[str],
    subject: Subject,
    due: date | None = None,
    mail: UUID | None = None,
    reasons: tuple[Reason, ...] = (),
) -> None:
    """Record a notice for each of *recipients*, unless there is one for this cause and kind [1]."""
    for recipient in recipients:
        if deciding.find(Notice, notice_id(cause, kind, recipient)) is None:
            deciding.add(
                Notice.record(
                    cause,
                    kind,
                    recipient,
                    subject,
                    due,
                    by=deciding.actor,
                    on=deciding.today,
                    mail=mail,
                    reasons=reasons,
                )
            )


def persons_of(deciding: Deciding, recipient: str, day: date) -> tuple[UUID, ...]:
    """Who *recipient* is: the person, or those who hold the role on *day*, as far as is known."""
    if ":" not in recipient:
        return (UUID(recipient),)
    holders = deciding.find(Holders, holders_id(*recipient.split(":", 1)))
    return holders.on(day) if holders else ()


def addressees_of(deciding: Deciding, family: str) -> Addressees:
    """Who has to do with *family*, as far as is known; begun, if nothing was."""
    known = deciding.find(Addressees, addressees_id(family))
    return known or deciding.add(Addressees.open(family, by=deciding.actor))


def lead_of(deciding: Deciding, family: str) -> tuple[str, ...]:
    """The lead of the microequipe of *family*, if we are the organisation that follows it.

    Until it is known who that is, or who follows one that has left every role, whoever leads a
    microequipe at our organisation.
    """
    if organisation_of(family) != deciding.organisation:
        return ()
    known = deciding.find(Addressees, addressees_id(family))
    lead = None if known is None else known.lead
    if lead is None or holders.has_left(deciding.connection, lead, deciding.today):
        return (role_at(deciding.organisation, "microequipe_lead"),)
    return (str(lead),)


def referrer_of(deciding: Deciding, family: str) -> tuple[str, ...]:
    """Who referred *family*; until it is known, the operators of our access points."""
    known = deciding.find(Addressees, addressees_id(family))
    if known is None or known.referrer is None:
        return (role_at(deciding.organisation, "access_point_operator"),)
    return (known.referrer,)


def who_is_with(deciding: Deciding, family: str) -> tuple[str, ...]:
    """The lead of its microequipe; until there is one, who referred it."""
    known = deciding.find(Addressees, addressees_id(family))
    if known is None or known.lead is None:
        return referrer_of(deciding, family)
    return lead_of(deciding, family)


def who_follows(deciding: Deciding, family: str) -> list[str]:
    """The lead of its microequipe, and the case manager who assists it."""
    known = deciding.find(Addressees, addressees_id(family))
    assists = [] if known is None or known.case_manager is None else [known.case_manager]
    return _each_once(deciding, lead_of(deciding, family), assists)


def everybody_with(deciding: Deciding, family: str) -> list[str]:
    """Its microequipe and the case manager; until there is one, who referred it."""
    known = deciding.find(Addressees, addressees_id(family))
    if known is None or known.lead is None:
        return list(referrer_of(deciding, family))
    assists = [] if known.case_manager is None else [known.case_manager]
    return _each_once(deciding, lead_of(deciding, family), [*known.members, *assists])


def manager_of_ours(deciding: Deciding) -> list[str]:
    """The project manager, if we are the lead: nobody writes to persons of another organisation."""
    ours = deciding.organisation == deciding.lead
    return [role_at(deciding.lead, "project_manager")] if ours else []


def administrators(deciding: Deciding) -> list[str]:
    """Who administers our organisation."""
    return [role_at(deciding.organisation, "administrator")]


def board(deciding: Deciding) -> list[str]:
    """Those of us who sit in the steering board: who represents us, and the project manager."""
    role = ("legal_representative",)
    held = holders.roles_held(deciding.connection, role, deciding.today)
    ours = [role_at(*each) for each in held if each[0] == deciding.organisation]
    return [*ours, *manager_of_ours(deciding)]


def committee(deciding: Deciding) -> list[str]:
    """The roles of the committee that somebody holds today, at any organisation."""
    held = holders.roles_held(deciding.connection, COMMITTEE, deciding.today)
    manager = role_at(deciding.lead, "project_manager")
    return list(dict.fromkeys([manager, *(role_at(*each) for each in held)]))


def own_committee(deciding: Deciding) -> list[str]:
    """The roles of the committee that somebody holds today at our organisation."""
    held = holders.roles_held(deciding.connection, COMMITTEE, deciding.today)
    return [role_at(*each) for each in held if each[0] == deciding.organisation]


def next_for_proposals(deciding: Deciding, day: date) -> date:
    """Until when, from *day* on, a proposal is on time, by the guidelines in force on that day."""
    due = days_on(deciding, day).next_for_proposals(day)
    return days_on(deciding, due).next_for_proposals(day)


def next_for_decisions(deciding: Deciding, day: date) -> date:
    """By when, after *day*, the committee decides, by the guidelines in force on that day."""
    due = days_on(deciding, day).next_for_decisions(day)
    return days_on(deciding, due).next_for_decisions(day)


def days_on(deciding: Deciding, day: date) -> Days:
    """The days of the guidelines in force on *day*; before any, those of the programme itself."""
    parameters = deciding.find(Parameters, PARAMETERS)
    if parameters is None:
        return INITIAL
    try:
        return Days.of(parameters.on(day)[1])
    except NothingInForce:
        return INITIAL


def _each_once(deciding: Deciding, lead: Iterable[str], others: Iterable[UUID]) -> list[str]:
    """*lead* and *others*, but for those who have left every role."""
    there = [
        str(each)
        for each in others
        if not holders.has_left(deciding.connection, each, deciding.today)
    ]
    return list(dict.fromkeys([*lead, *there]))
