"""When another service says X, the committee's office decides Y."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.following import follow_agreements
from services.kernel.ids import stream_id
from services.kernel.parameters import PARAMETERS, NothingInForce, Parameters
from services.kernel.refusal import Refused
from services.kernel.sealed import Sealed
from services.kernel.words import Body, Heard, Policies
from services.review.board_members import BOARD_MEMBERS, BOARD_ROLES, BoardMembers, Member
from services.review.committee import COMMITTEE, Committee, Seat
from services.review.cycle import place
from services.review.guidelines import BEFORE_ANY, Guidelines
from services.review.microequipe import Microequipe, microequipe_id
from services.review.proposal import Action, Proposal
from services.review.proposal_review import ProposalReview, review_id
from services.review.setting_aside import SetAsideBecause
from services.review.urgent_aid import UrgentAid, urgent_aid_id
from services.review.views.proposals import of_family


class NotTheirs(Refused):
    """An organisation speaks for itself only: these words are about another one [8]."""


class NotFromTheLead(Refused):
    """Only the lead organisation issues guidelines [8]."""


def hear_the_guidelines_that_the_board_issued(deciding: Deciding, heard: Heard) -> None:
    """Like every other service, review applies the versions it has heard."""
    if heard.organisation != deciding.lead:
        raise NotFromTheLead(said_by=heard.organisation)
    parameters = deciding.find(Parameters, PARAMETERS)
    if parameters is None:
        parameters = deciding.add(Parameters.opened(by=deciding.actor))
    parameters.hear(
        number=heard.body["number"],
        in_force_from=date.fromisoformat(heard.body["in_force_from"]),
        values=heard.body["parameters"],
        by=deciding.actor,
    )


def seat_the_person_whom_an_organisation_appointed(deciding: Deciding, heard: Heard) -> None:
    """A role that sits in the committee gives a seat, one of the board's makes a member."""
    body = heard.body
    _must_be_theirs(heard)
    committee = deciding.find(Committee, COMMITTEE)
    if committee is None:
        committee = deciding.add(Committee.open(by=deciding.actor))
    committee.seat(
        Seat(UUID(body["person"]), body["role"], body["organisation"], body["body"]),
        first=date.fromisoformat(body["from"]),
        last=_day(body["until"]),
        lead=deciding.lead,
        by=deciding.actor,
    )
    members = deciding.find(BoardMembers, BOARD_MEMBERS)
    if members is None and body["role"] in BOARD_ROLES:
        members = deciding.add(BoardMembers.open(by=deciding.actor))
    if members is not None:
        members.join(
            _member(body),
            first=date.fromisoformat(body["from"]),
            last=_day(body["until"]),
            by=deciding.actor,
        )


def unseat_the_person_whose_role_ended(deciding: Deciding, heard: Heard) -> None:
    """Who has the role for the last time has the seat, or sits in the board, for the last time."""
    body = heard.body
    _must_be_theirs(heard)
    committee = deciding.find(Committee, COMMITTEE)
    if committee is not None:
        committee.unseat(
            Seat(UUID(body["person"]), body["role"], body["organisation"], body["body"]),
            last=date.fromisoformat(body["on"]),
            by=deciding.actor,
        )
    members = deciding.find(BoardMembers, BOARD_MEMBERS)
    if members is not None:
        members.leave(_member(body), last=date.fromisoformat(body["on"]), by=deciding.actor)


def receive_the_proposal_that_a_microequipe_sent(deciding: Deciding, heard: Heard) -> None:
    """A proposal gets its place in the calendar, by the day on which it was sent.

    One that comes after its family was erased is set aside at once; one that comes after a change
    of its microequipe that pacts did not know of, or that we heard first, follows it at once.
    """
    _must_be_theirs(heard)
    proposal = _proposal(heard)
    if deciding.find(ProposalReview, review_id(proposal.pact, proposal.number)) is None:
        guidelines = calendar_on(deciding, proposal.sent_on)
        where = place(proposal.sent_on, deciding.today, guidelines)
        review = deciding.add(
            ProposalReview.receive(
                proposal, where, guidelines.number, by=deciding.actor, on=deciding.today
            )
        )
        if deciding.vault.was_erased(stream_id("family", proposal.family)):
            _let_nobody_decide(review, deciding)
        let_the_present_lead_present(review, deciding)


def know_until_when_a_proposal_may_be_approved(deciding: Deciding, heard: Heard) -> None:
    """The organisation that follows the family says until when its ISEE may be relied on."""
    body = heard.body
    _must_be_about_their_family(heard)
    review = deciding.edit(ProposalReview, review_id(UUID(body["pact"]), body["proposal"]))
    review.rely_on_isee(date.fromisoformat(body["until"]), by=deciding.actor, on=deciding.today)


def set_aside_the_amendment_that_was_withdrawn(deciding: Deciding, heard: Heard) -> None:
    """Who sent an amendment took it back: nobody decides on it, and it is overdue nowhere."""
    body = heard.body
    _must_be_about_their_family(heard)
    review = deciding.edit(ProposalReview, review_id(UUID(body["pact"]), body["proposal"]))
    review.withdraw(by=deciding.actor, on=date.fromisoformat(body["on"]))


def let_the_present_lead_present_the_proposal(deciding: Deciding, heard: Heard) -> None:
    """A microequipe has another lead or case manager: so have its proposals that are open.

    Those that are heard or opened again later have them, too: it is remembered.
    """
    family = heard.body["family"]
    _must_be_about_their_family(heard)
    microequipe = deciding.find(Microequipe, microequipe_id(family))
    if microequipe is None:
        microequipe = deciding.add(Microequipe.open(family, by=deciding.actor))
    manager = heard.body["case_manager"]
    microequipe.tell(
        UUID(heard.body["lead"]),
        UUID(manager) if manager else None,
        by=deciding.actor,
        on=deciding.today,
    )
    for review in of_family(deciding.connection, family):
        let_the_present_lead_present(deciding.edit(ProposalReview, review), deciding)


def forget_the_family_that_was_erased(deciding: Deciding, heard: Heard) -> None:
    """What was written about the family is destroyed; its code, votes and outcomes stay.

    What is still undecided is set aside, since nobody could give a reason about the family.
    """
    family = heard.body["family"]
    _must_be_about_their_family(heard)
    for review in of_family(deciding.connection, family):
        _let_nobody_decide(deciding.edit(ProposalReview, review), deciding)
    deciding.erase(stream_id("family", family))


def report_urgent_aid_to_the_next_committee(deciding: Deciding, heard: Heard) -> None:
    """Urgent aid was authorised: it waits to be listed with the next docket."""
    body = heard.body
    _must_be_about_their_family(heard)
    pact = UUID(body["pact"])
    if deciding.find(UrgentAid, urgent_aid_id(pact, body["aid"])) is None:
        deciding.add(
            UrgentAid.report(
                pact,
                body["family"],
                body["aid"],
                Decimal(body["eur"]),
                body["authorised_as"],
                date.fromisoformat(body["on"]),
                by=deciding.actor,
                on=deciding.today,
            )
        )


def open_the_second_look_that_a_family_asked_for(deciding: Deciding, heard: Heard) -> None:
    """A family asked in time: somebody who did not decide is to look at the decision again."""
    body = heard.body
    _must_be_about_their_family(heard)
    review = deciding.edit(ProposalReview, review_id(UUID(body["pact"]), body["proposal"]))
    review.open_second_look(
        date.fromisoformat(body["asked_on"]), by=deciding.actor, on=deciding.today
    )


UNDER_AGREEMENTS = True

POLICIES: Policies = {
    **follow_agreements("people"),
    "people/role_assigned.v1": seat_the_person_whom_an_organisation_appointed,
    "people/role_ended.v1": unseat_the_person_whose_role_ended,
    "intake/microequipe_changed.v1": let_the_present_lead_present_the_proposal,
    "intake/family_erased.v1": forget_the_family_that_was_erased,
    "pacts/pact_proposed.v1": receive_the_proposal_that_a_microequipe_sent,
    "pacts/pact_proposed.v2": receive_the_proposal_that_a_microequipe_sent,
    "pacts/amendment_withdrawn.v1": set_aside_the_amendment_that_was_withdrawn,
    "pacts/isee_relied_on.v1": know_until_when_a_proposal_may_be_approved,
    "pacts/second_look_asked.v1": open_the_second_look_that_a_family_asked_for,
    "pacts/urgent_aid_authorised.v1": report_urgent_aid_to_the_next_committee,
    "review/guidelines_issued.v1": hear_the_guidelines_that_the_board_issued,
}


def guidelines_on(deciding: Deciding, day: date) -> Guidelines:
    """The version in force on *day*, by which votes and decisions are taken.

    Raises:
        NothingInForce: none is.
    """
    parameters = deciding.find(Parameters, PARAMETERS)
    if parameters is None:
        raise NothingInForce(day=day)
    return Guidelines.of(*parameters.on(day))


def calendar_on(deciding: Deciding, day: date) -> Guidelines:
    """The version by which proposals are placed on *day*; the initial readings before any."""
    try:
        return guidelines_on(deciding, day)
    except NothingInForce:
        return BEFORE_ANY


def let_the_present_lead_present(review: ProposalReview, deciding: Deciding) -> None:
    """An open *review* has the lead and case manager whom intake told last, if it told any.

    Intake decides who they are, and pacts hears it from there: what intake told last counts, also
    where a proposal names others. Neither the day nor the instant of the two words tells whether
    pacts knew of a change already when the proposal was sent. So a proposal that names whom intake
    is yet to tell us of has the former ones until that word is heard, and no longer: the words of
    intake come in order, and the last one mends it.
    """
    told = deciding.find(Microequipe, microequipe_id(review.sent.family))
    if told is not None and told.lead is not None:
        review.follow(told.lead, told.case_manager, by=deciding.actor, on=deciding.today)


def _let_nobody_decide(review: ProposalReview, deciding: Deciding) -> None:
    review.note_erased_texts(by=deciding.actor, on=deciding.today)
    review.set_aside(SetAsideBecause.FAMILY_ERASED, by=deciding.actor, on=deciding.today)


def _must_be_theirs(heard: Heard) -> None:
    if heard.body["organisation"] != heard.organisation:
        raise NotTheirs(said_by=heard.organisation, about=heard.body["organisation"])


def _must_be_about_their_family(heard: Heard) -> None:
    """Go on only if the organisation that follows the family spoke; its code begins with it."""
    family = heard.body["family"]
    if family.rsplit("-", 2)[0].lower() != heard.organisation:
        raise NotTheirs(said_by=heard.organisation, about=family)


def _member(body: Body) -> Member:
    return Member(UUID(body["person"]), body["role"], body["organisation"])


def _proposal(heard: Heard) -> Proposal:
    body = heard.body
    return Proposal(
        pact=UUID(body["pact"]),
        number=body["proposal"],
        family=body["family"],
        organisation=body["organisation"],
        lead=UUID(body["lead"]),
        case_manager=UUID(body["case_manager"]) if body["case_manager"] else None,
        sent_on=date.fromisoformat(body["on"]),
        sent_at=heard.said_at,
        actions=tuple(_action(action) for action in body["actions"]),
        goals=body["goals"],
        capacities_linked=body["capacities_linked"],
        community_resources=body["community_resources"],
        amends=(body.get("amendment") or {}).get("amends"),
        by_form=Actor(heard.by).person is None,  # no person asked the service: a mail did
    )


def _action(words: dict[str, Any]) -> Action:
    description = words["description"]
    return Action(
        dimension=words["dimension"],
        area=words["area"],
        provider=words["provider"],
        quantity_eur=_amount(words["quantity_eur"]),
        quantity_hours=_amount(words["quantity_hours"]),
        starts=_day(words["from"]),
        ends=_day(words["until"]),
        description=Sealed(UUID(description["ref"]), description["commitment"]),
    )


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text).quantize(Decimal("0.01"))


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
