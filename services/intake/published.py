"""What intake tells the other services. What is not in the table stays ours."""

from collections.abc import Iterable
from typing import Any

from services.intake.answering import Askings
from services.intake.codes import MemberKind
from services.intake.eligibility import failed
from services.intake.family import Family
from services.intake.known_names import KnownNames
from services.intake.microequipe import Member, Microequipe
from services.kernel.words import LEAD, OWN, Body, Publish, Published


def _referred(event: Family.Referred, family: Family) -> Body:
    return {
        "family": event.code,
        "access_point": event.access_point.value,
        "on": event.on.isoformat(),
    }


def _verified(event: Family.EligibilityVerified, family: Family) -> Body:
    return {
        "family": family.code,
        "outcome": event.outcome.value,
        "failed": [code.value for code in failed(event.criteria)],
        "on": event.on.isoformat(),
        "guidelines": event.guidelines,
    }


def _verified_v2(event: Family.EligibilityVerified, family: Family) -> Body:
    until = event.isee_tolerated_until
    return {
        **_verified(event, family),
        "isee_tolerated_until": None if until is None else until.isoformat(),
    }


def _certified(event: Family.IseeRecorded, family: Family) -> Body:
    """How long a certificate is valid; neither its amount nor its protocol."""
    return {
        "family": family.code,
        "number": event.number,
        "kind": event.kind.value,
        "valid_until": event.valid_until.isoformat(),
        "on": event.on.isoformat(),
    }


def _dormant(event: Family.FamilyDormant, family: Family) -> Body:
    return {
        "family": family.code,
        "kind": event.kind.value,
        "since": event.since.isoformat(),
        "on": event.on.isoformat(),
    }


def _notice_overdue(event: Family.InformationNoticeOverdue, family: Family) -> Body:
    return {
        "family": family.code,
        "due": event.due.isoformat(),
        "on": event.on.isoformat(),
    }


def _marked(event: Any, family: Family) -> Body:
    """Whether every contact is restricted; how the family may be reached stays here."""
    return {
        "family": family.code,
        "safe_contact": isinstance(event, Family.ContactMarked),
        "on": event.on.isoformat(),
    }


def _formed(event: Microequipe.Formed, microequipe: Microequipe) -> Body:
    return {
        "family": event.family,
        "microequipe": str(event.originator_id),
        "lead": str(event.lead),
        "members": [str(member.person) for member in event.members if member.has_account],
        "case_manager": None if event.case_manager is None else str(event.case_manager),
        "on": event.on.isoformat(),
    }


def _formed_v2(event: Microequipe.Formed, microequipe: Microequipe) -> Body:
    return {**_formed(event, microequipe), "figures": _figures(event.members)}


def _figures(members: Iterable[Member]) -> list[Body]:
    """Who of *members* is a reference figure, in codes: pacts show those their actions alone."""
    return [
        {
            "person": str(member.person),
            "role": None if member.role is None else member.role.value,
            "account": member.has_account,
        }
        for member in members
        if member.kind is MemberKind.REFERENCE_FIGURE
    ]


def _named(event: KnownNames.Told, known: KnownNames) -> Body:
    names = event.names
    return {
        "family": known.family,
        "names": {"ref": str(names.ref), "commitment": names.commitment},
        "on": event.on.isoformat(),
    }


def _asked(event: Family.AskedElsewhere, family: Family) -> Body:
    codes = event.codes
    return {
        "family": family.code,
        "asking": str(event.asking),
        "codes": {"ref": str(codes.ref), "commitment": codes.commitment},
        "on": event.on.isoformat(),
    }


def _answered(event: Askings.Answered, askings: Askings) -> Body:
    """Yes or no, or why neither; not who it is, nor where or since when."""
    return {
        "family": event.family,
        "asking": str(event.asking),
        "answer": event.answer.value,
        "on": event.on.isoformat(),
    }


def _too_many_asked(event: Askings.TooManyAsked, askings: Askings) -> Body:
    return {"asker": askings.organisation, "on": event.on.isoformat()}


def _answer_came(event: Family.AnsweredElsewhere, family: Family) -> Body:
    """Who asked, and that there is an answer; which one is read with the family."""
    [asked] = [each for each in family.asked if each.asking == event.asking]
    return {
        "family": family.code,
        "answered_by": event.organisation,
        "asked_by": str(asked.by),
        "on": event.on.isoformat(),
    }


def _erased(event: Family.Erased, family: Family) -> Body:
    return {"family": family.code, "on": event.on.isoformat()}


def _us_and_who_may_hold_something(event: Family.Erased, family: Family) -> tuple[str, ...]:
    return (OWN, LEAD) if event.shared else (OWN,)


CHANGES = {
    Microequipe.Joined: "joined",
    Microequipe.Left: "left",
    Microequipe.LeadHandedOver: "lead_handed_over",
    Microequipe.CaseManagerNamed: "case_manager_named",
    Microequipe.FiguresTold: "figures_told",
}


def _changed(event: Any, microequipe: Microequipe) -> Body:
    """Whoever is in it now: a hearer takes it as it is, and needs nothing of before."""
    manager = microequipe.case_manager
    return {
        "family": microequipe.family,
        "microequipe": str(microequipe.id),
        "change": CHANGES[type(event)],
        "lead": str(microequipe.lead),
        "members": [str(each.person) for each in microequipe.staying if each.has_account],
        "case_manager": None if manager is None else str(manager),
        "on": event.on.isoformat(),
    }


def _changed_v2(event: Any, microequipe: Microequipe) -> Body:
    return {**_changed(event, microequipe), "figures": _figures(microequipe.staying)}


_WITHIN = Publish(
    says={"microequipe_changed.v1": _changed, "microequipe_changed.v2": _changed_v2}, to=(OWN,)
)
"""With its figures, who change only so; they are nobody's beyond our own organisation."""
_ALSO_THE_COMMITTEE = Publish(says={"microequipe_changed.v1": _changed}, to=(OWN, LEAD))

PUBLISHED: Published = {
    Family.Referred: Publish(says={"family_referred.v1": _referred}, to=(OWN,)),
    KnownNames.Told: Publish(
        says={"names_told.v1": _named}, to=(OWN,), parts=lambda event, known: (event.names,)
    ),
    Family.IseeRecorded: Publish(says={"isee_recorded.v1": _certified}, to=(OWN,)),
    Family.EligibilityVerified: Publish(
        says={"eligibility_verified.v1": _verified, "eligibility_verified.v2": _verified_v2},
        to=(OWN,),
    ),
    Family.ContactMarked: Publish(says={"contact_marked.v1": _marked}, to=(OWN,)),
    Family.ContactMarkLifted: Publish(says={"contact_marked.v1": _marked}, to=(OWN,)),
    Family.FamilyDormant: Publish(says={"family_dormant.v1": _dormant}, to=(OWN,)),
    Family.InformationNoticeOverdue: Publish(
        says={"information_notice_overdue.v1": _notice_overdue}, to=(OWN,)
    ),
    Family.AskedElsewhere: Publish(
        says={"following_asked.v1": _asked},
        to=lambda event, family: (event.organisation,),
        parts=lambda event, family: (event.codes,),
    ),
    Family.AnsweredElsewhere: Publish(says={"answer_came.v1": _answer_came}, to=(OWN,)),
    Askings.Answered: Publish(
        says={"following_answered.v1": _answered},
        to=lambda event, askings: (askings.organisation,),
    ),
    Askings.TooManyAsked: Publish(says={"too_many_asked.v1": _too_many_asked}, to=(OWN,)),
    Family.Erased: Publish(says={"family_erased.v1": _erased}, to=_us_and_who_may_hold_something),
    Microequipe.Formed: Publish(
        says={"microequipe_formed.v1": _formed, "microequipe_formed.v2": _formed_v2}, to=(OWN,)
    ),
    Microequipe.FiguresTold: Publish(says={"microequipe_changed.v2": _changed_v2}, to=(OWN,)),
    Microequipe.Joined: _WITHIN,
    Microequipe.Left: _WITHIN,
    Microequipe.LeadHandedOver: _ALSO_THE_COMMITTEE,
    Microequipe.CaseManagerNamed: _ALSO_THE_COMMITTEE,
}
