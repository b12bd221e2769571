"""When another service says X, we decide Y. What the rules refuse here becomes a fact of ours."""

from collections import deque
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from services.kernel.deciding import Deciding
from services.kernel.following import follow_agreements
from services.kernel.ids import stream_id
from services.kernel.parameters import PARAMETERS, Parameters
from services.kernel.sealed import Sealed
from services.kernel.words import Heard, Policies
from services.pacts.along import SecondLookOutcome, SetAsideBecause
from services.pacts.certificates import Certificates, certificates_id
from services.pacts.contact import Contact, contact_id
from services.pacts.content import Decision, Figure, FigureRole, Microequipe
from services.pacts.form.hearing import propose_what_a_form_says
from services.pacts.guidelines import Terms
from services.pacts.known_names import KnownNames, names_id
from services.pacts.life import State
from services.pacts.pact import Pact, pact_id
from services.pacts.refusals import (
    NotFromItsOrganisation,
    NotFromOurOrganisation,
    NotFromTheLeadOrganisation,
)


def pacts_of(deciding: Deciding, family: str) -> Iterator[Pact]:
    """Yield the pacts of *family*, oldest first; their ids are derived: no view is trusted."""
    number = 1
    while (pact := deciding.find(Pact, pact_id(family, number))) is not None:
        yield pact
        number += 1


def last_pact(deciding: Deciding, family: str) -> Pact | None:
    """The newest pact of *family*."""
    return next(iter(deque(pacts_of(deciding, family), maxlen=1)), None)


def terms_today(deciding: Deciding) -> Terms | None:
    """The terms in force today, or None before any guidelines were heard."""
    parameters = deciding.find(Parameters, PARAMETERS)
    return Terms.in_force(parameters, deciding.today) if parameters else None


def draft_a_pact_with_the_microequipe_that_was_formed(deciding: Deciding, heard: Heard) -> None:
    """A microequipe was formed: its family has a draft, and a running pact knows who it is now.

    Raises:
        NotFromOurOrganisation: another organisation spoke about a family of ours.
    """
    if heard.organisation != deciding.organisation:
        raise NotFromOurOrganisation(organisation=heard.organisation)
    family = heard.body["family"]
    last = last_pact(deciding, family)
    team = microequipe(heard.body, last)
    if last is None or (last.over and last.formation != heard.event_id):
        number = last.number + 1 if last else 1
        terms = terms_today(deciding)
        deciding.add(
            Pact.draft(
                family,
                number,
                heard.event_id,
                team,
                terms,
                by=deciding.actor,
                on=deciding.today,
            )
        )
    elif not last.over:
        last.follow(heard.event_id, team, by=deciding.actor)


def follow_the_microequipe_that_changed(deciding: Deciding, heard: Heard) -> None:
    """People joined or left, the lead was handed over: every pact of the family knows it.

    One that has ended does, too: who has left sees it no more. The lead organisation hears it about
    the families of partners, too; their pacts are theirs.

    Raises:
        NotFromItsOrganisation: another organisation than its own spoke about the family.
        Unknown: the family has no pact here.
    """
    only_from_its_own(heard)
    if heard.organisation != deciding.organisation:
        return
    family = heard.body["family"]
    last = last_pact(deciding, family) or deciding.get(Pact, pact_id(family, 1))
    team = microequipe(heard.body, last)
    for pact in pacts_of(deciding, family):
        pact.follow(pact.formation, team, by=deciding.actor)


def follow_the_decision_on_a_proposal(deciding: Deciding, heard: Heard) -> None:
    """The committee decided: the pact is approved, approved with conditions, returned, or not.

    A decision that corrects the former one takes its place, unless the pact has gone on since. One
    on an amendment is about the amendment alone: the pact in force goes on.

    The lead organisation hears its committee's decisions on every pact; those of partners are not
    ours to change.

    Raises:
        NotFromTheLeadOrganisation: somebody else spoke for the committee.
    """
    only_from_the_lead(deciding, heard)
    body = heard.body
    pact = deciding.find(Pact, UUID(body["pact"]))
    if pact is None and deciding.organisation == deciding.lead:
        return
    pact = pact or deciding.get(Pact, UUID(body["pact"]))
    decision = Decision(
        proposal=body["proposal"],
        outcome=State(body["outcome"]),
        cycle=body["cycle"],
        guidelines=body["guidelines"],
        on=date.fromisoformat(body["on"]),
        reasons=sealed(body["reasons"]),
        conditions=sealed(body["conditions"]),
        corrects=body.get("corrects"),
    )
    if decision.proposal in pact.amendments:
        pact.hear_amendment_decision(decision, by=deciding.actor, on=deciding.today)
        return
    succeeded = deciding.find(Pact, pact_id(pact.family, pact.number + 1)) is not None
    terms = Terms.in_force(deciding.find(Parameters, PARAMETERS), decision.on)
    pact.hear_decision(decision, terms, by=deciding.actor, on=deciding.today, succeeded=succeeded)


def take_back_the_proposal_that_was_set_aside(deciding: Deciding, heard: Heard) -> None:
    """The committee decides nothing on a proposal any more: the pact is a draft again.

    Of an amendment, the pact in force goes on. Partners' pacts are left alone by the lead.

    Raises:
        NotFromTheLeadOrganisation: somebody else spoke for the committee.
    """
    only_from_the_lead(deciding, heard)
    body = heard.body
    pact = deciding.find(Pact, UUID(body["pact"]))
    if pact is None and deciding.organisation == deciding.lead:
        return
    pact = pact or deciding.get(Pact, UUID(body["pact"]))
    proposal, because = body["proposal"], SetAsideBecause(body["because"])
    hear = pact.hear_amendment_set_aside if proposal in pact.amendments else pact.hear_set_aside
    hear(proposal, because, by=deciding.actor, on=date.fromisoformat(body["on"]))


def apply_the_guidelines_that_were_issued(deciding: Deciding, heard: Heard) -> None:
    """The steering board issued guidelines: from their day on, our decisions apply them.

    Raises:
        NotFromTheLeadOrganisation: somebody else spoke for the board.
    """
    only_from_the_lead(deciding, heard)
    parameters = deciding.find(Parameters, PARAMETERS) or deciding.add(
        Parameters.opened(by=deciding.actor)
    )
    parameters.hear(
        heard.body["number"],
        date.fromisoformat(heard.body["in_force_from"]),
        heard.body["parameters"],
        by=deciding.actor,
    )


def learn_names_that_were_told(deciding: Deciding, heard: Heard) -> None:
    """Names of the family's people were told to us alone: no form may carry them.

    Raises:
        NotFromOurOrganisation: another organisation spoke about a family.
    """
    if heard.organisation != deciding.organisation:
        raise NotFromOurOrganisation(organisation=heard.organisation)
    family = heard.body["family"]
    known = deciding.find(KnownNames, names_id(family))
    known = known or deciding.add(KnownNames.opened(family, by=deciding.actor))
    [names] = sealed([heard.body["names"]])
    known.learn(names, on=deciding.today, by=deciding.actor)


def record_what_became_of_a_second_look(deciding: Deciding, heard: Heard) -> None:
    """Somebody who did not decide looked again: the pact knows what came of it.

    Raises:
        NotFromTheLeadOrganisation: somebody else spoke for the committee.
        Unknown: a family of ours, and the pact is not here.
    """
    only_from_the_lead(deciding, heard)
    body = heard.body
    pact = deciding.find(Pact, UUID(body["pact"]))
    if pact is None and deciding.organisation == deciding.lead:
        return
    pact = pact or deciding.get(Pact, UUID(body["pact"]))
    [reason] = sealed([body["reason"]])
    outcome, on = SecondLookOutcome(body["outcome"]), date.fromisoformat(body["on"])
    pact.hear_second_look(body["proposal"], outcome, reason, by=deciding.actor, on=on)


def learn_how_a_family_may_be_reached(deciding: Deciding, heard: Heard) -> None:
    """The mark *contatto sicuro* was set or lifted: what goes to the family obeys it from now on.

    Raises:
        NotFromOurOrganisation: another organisation spoke about a family.
    """
    if heard.organisation != deciding.organisation:
        raise NotFromOurOrganisation(organisation=heard.organisation)
    family = heard.body["family"]
    known = deciding.find(Contact, contact_id(family))
    known = known or deciding.add(Contact.opened(family, by=deciding.actor))
    known.hear(heard.body["safe_contact"], by=deciding.actor, on=deciding.today)


def learn_until_when_a_certificate_is_valid(deciding: Deciding, heard: Heard) -> None:
    """A family showed an ISEE certificate: a pact under way is to know when it runs out.

    Raises:
        NotFromOurOrganisation: another organisation spoke about a family.
    """
    if heard.organisation != deciding.organisation:
        raise NotFromOurOrganisation(organisation=heard.organisation)
    family, body = heard.body["family"], heard.body
    known = deciding.find(Certificates, certificates_id(family))
    known = known or deciding.add(Certificates.opened(family, by=deciding.actor))
    valid_until = date.fromisoformat(body["valid_until"])
    known.hear(body["number"], valid_until, by=deciding.actor, on=deciding.today)


def learn_until_when_the_committee_may_approve(deciding: Deciding, heard: Heard) -> None:
    """The family meets the requirements: how long its ISEE holds is told of what is proposed.

    Raises:
        NotFromOurOrganisation: another organisation spoke about a family.
    """
    if heard.organisation != deciding.organisation:
        raise NotFromOurOrganisation(organisation=heard.organisation)
    family, until = heard.body["family"], heard.body["isee_tolerated_until"]
    if heard.body["outcome"] != "eligible" or until is None:
        return
    known = deciding.find(Certificates, certificates_id(family))
    known = known or deciding.add(Certificates.opened(family, by=deciding.actor))
    known.rely(date.fromisoformat(until), by=deciding.actor, on=deciding.today)
    last = last_pact(deciding, family)
    if last is not None:
        last.rely_on_isee(known.relied_until, by=deciding.actor, on=deciding.today)


def forget_the_family_that_was_erased(deciding: Deciding, heard: Heard) -> None:
    """What was written about the family is destroyed, also what others disclosed to us.

    The lead organisation hears it about the families of partners, whose decisions it heard, too.

    Raises:
        NotFromItsOrganisation: another organisation than its own spoke about the family.
    """
    only_from_its_own(heard)
    family = heard.body["family"]
    for pact in pacts_of(deciding, family):
        pact.note_erased_texts(by=deciding.actor, on=deciding.today)
    deciding.erase(stream_id("family", family))


def only_from_its_own(heard: Heard) -> None:
    """Go on only if the organisation that follows the family said it; the code begins with it."""
    family = heard.body["family"]
    if family.rsplit("-", 2)[0].lower() != heard.organisation:
        raise NotFromItsOrganisation(organisation=heard.organisation, family=family)


def only_from_the_lead(deciding: Deciding, heard: Heard) -> None:
    """Go on only if the lead organisation said it."""
    if heard.organisation != deciding.lead:
        raise NotFromTheLeadOrganisation(organisation=heard.organisation, lead=deciding.lead)


def microequipe(body: dict[str, Any], last: Pact | None) -> Microequipe:
    """Who the microequipe is, as intake says it.

    Its figures change only when somebody joins or leaves: then they are told. What does not tell
    them leaves them as the family's *last* pact knows them.
    """
    manager = body["case_manager"]
    known = last.microequipe.figures if last else ()
    return Microequipe(
        lead=UUID(body["lead"]),
        members=tuple(UUID(member) for member in body["members"]),
        case_manager=UUID(manager) if manager else None,
        figures=tuple(map(_figure, body["figures"])) if "figures" in body else known,
    )


def _figure(told: dict[str, Any]) -> Figure:
    role = told["role"]
    return Figure(UUID(told["person"]), FigureRole(role) if role else None, told["account"])


def sealed(parts: list[dict[str, str]]) -> tuple[Sealed, ...]:
    """References to the texts that came with the words."""
    return tuple(Sealed(UUID(part["ref"]), part["commitment"]) for part in parts)


UNDER_AGREEMENTS = True

POLICIES: Policies = {
    **follow_agreements("people"),
    "notify/form_received.v1": propose_what_a_form_says,
    "intake/microequipe_formed.v1": draft_a_pact_with_the_microequipe_that_was_formed,
    "intake/microequipe_formed.v2": draft_a_pact_with_the_microequipe_that_was_formed,
    "intake/microequipe_changed.v1": follow_the_microequipe_that_changed,
    "intake/microequipe_changed.v2": follow_the_microequipe_that_changed,
    "intake/contact_marked.v1": learn_how_a_family_may_be_reached,
    "intake/names_told.v1": learn_names_that_were_told,
    "intake/isee_recorded.v1": learn_until_when_a_certificate_is_valid,
    "intake/eligibility_verified.v2": learn_until_when_the_committee_may_approve,
    "intake/family_erased.v1": forget_the_family_that_was_erased,
    "review/proposal_decided.v1": follow_the_decision_on_a_proposal,
    "review/proposal_set_aside.v1": take_back_the_proposal_that_was_set_aside,
    "review/second_look_answered.v1": record_what_became_of_a_second_look,
    "review/guidelines_issued.v1": apply_the_guidelines_that_were_issued,
}
