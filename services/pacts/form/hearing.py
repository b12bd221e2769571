"""A mail brought a form: the pact is proposed as it says, or who sent it learns what to mend."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.civil import civil_day
from services.kernel.deciding import Deciding
from services.kernel.parameters import PARAMETERS, NothingInForce, Parameters
from services.kernel.sealed import Sealed
from services.kernel.vault import Erased
from services.kernel.words import Body, Heard
from services.pacts.by_form import Contents
from services.pacts.certificates import Certificates, certificates_id, relied_until
from services.pacts.content import Action, Capacity, CommunityResource, Goal
from services.pacts.form import entries
from services.pacts.form.amended import amended
from services.pacts.form.fields import (
    ISSUED_VERSION,
    REFERENCE,
    VERSION,
    WITH_FAMILY,
    WITHOUT_NAMES,
)
from services.pacts.form.opening import names_of, opened, sealing
from services.pacts.form.prefilling import Open, prefilled
from services.pacts.form.problems import Kind, Problem, problem
from services.pacts.form.reading import read
from services.pacts.form.received import ReceivedForm, form_id
from services.pacts.form.reference import Reference, amended_by, issued
from services.pacts.form.sealing import held
from services.pacts.form.written import Written, WrittenAction
from services.pacts.guidelines import Terms
from services.pacts.life import DRAFT, State
from services.pacts.pact import Pact
from services.pacts.refusals import DraftDoesNotFitTheForm, NotFromTheLeadOrganisation


def propose_what_a_form_says(deciding: Deciding, heard: Heard) -> None:
    """A mail brought a form: its pact is proposed as it says, or all that is to be mended is told.

    The form of an amendment is one more proposal of the pact in force.

    The day of the proposal is the one on which the form was sent. The same mail again, or the same
    form by another mail, proposes nothing twice.

    Raises:
        NotFromTheLeadOrganisation: the dedicated mailbox is the lead organisation's.
    """
    if heard.organisation != deciding.lead:
        raise NotFromTheLeadOrganisation(organisation=heard.organisation, lead=deciding.lead)
    mail = UUID(heard.body["mail"])
    if deciding.find(ReceivedForm, form_id(mail)) is None:
        deciding.add(_followed(deciding, mail, heard.body))


def _followed(deciding: Deciding, mail: UUID, body: Body) -> ReceivedForm:
    """What became of the form, and the pact proposed if it is to be."""
    on = civil_day(datetime.fromisoformat(body["sent_at"]))
    values, strange = _values(deciding, body)
    reference = Reference.read(body["reference"])
    if strange is None:
        strange = _strange(deciding, reference, values)
    if strange is not None or reference is None:
        told = [strange] if strange else []
        return ReceivedForm.refuse(mail, None, None, told, by=deciding.actor, on=on)
    family, id = reference.family, reference.pact
    pact = deciding.find(Pact, id)
    if pact is None:
        wrong = [problem(Kind.PACT_UNKNOWN)]
        return ReceivedForm.refuse(mail, family, id, wrong, by=deciding.actor, on=on)
    sender = body["sender"] and UUID(body["sender"])
    proposal, problems = _proposed(deciding, pact, reference, values, sender, on)
    if proposal is None:
        return ReceivedForm.refuse(mail, family, id, problems, by=deciding.actor, on=on)
    return ReceivedForm.accept(mail, family, id, proposal, by=deciding.actor, on=on)


def _values(deciding: Deciding, body: Body) -> tuple[dict[str, object], Problem | None]:
    """The values of the form, or why there are none."""
    part = body["form"]
    try:
        fields = json.loads(deciding.open(Sealed(UUID(part["ref"]), part["commitment"])))["fields"]
    except Erased:
        return {}, problem(Kind.FORM_ERASED)
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}, problem(Kind.FORM_UNREADABLE)
    if not isinstance(fields, dict):
        return {}, problem(Kind.FORM_UNREADABLE)
    return fields, None


def _strange(
    deciding: Deciding, reference: Reference | None, values: dict[str, object]
) -> Problem | None:
    """Why the form is not one of ours that is still good, if it is not."""
    if reference is None:
        return problem(Kind.FORM_UNREADABLE)
    if reference.organisation != deciding.organisation:
        return problem(Kind.FORM_OF_ANOTHER_ORGANISATION, organisation=reference.organisation)
    if Reference.read(values.get(REFERENCE)) != reference or not issued(values, deciding.tag):
        return problem(Kind.FORM_ALTERED)
    if values[ISSUED_VERSION] != VERSION:
        return problem(Kind.FORM_VERSION_OLD, version=values[ISSUED_VERSION], now=VERSION)
    return None


def _proposed(
    deciding: Deciding,
    pact: Pact,
    reference: Reference,
    values: dict[str, object],
    sender: UUID | None,
    on: date,
) -> tuple[int | None, list[Problem]]:
    """The number of the proposal that says what the form says, or all that is to be mended.

    Who is only a reference figure learns nothing else: no names by trying, no state of the pact.
    """
    stranger = _about_the_sender(pact, sender)
    if sender in pact.figures:
        return None, stranger
    own = deciding.organisation
    by = Actor.of_service(own, deciding.service, f"{own}/person/{sender}" if sender else None)
    if (amends := amended_by(values)) is not None:
        return amended(deciding, pact, reference, amends, values, stranger, by, on)
    problems = [*stranger, *_about_the_pact(pact, reference)]
    try:
        terms = Terms.in_force(deciding.find(Parameters, PARAMETERS), on)
    except NothingInForce:
        return None, [*problems, problem(Kind.NO_GUIDELINES, day=on)]
    names = names_of(deciding, pact.family)
    reading = read(values, pact.family, pact.microequipe, terms, names)
    same = reading.written is not None and reading.written == _present(deciding, pact, terms)
    if same and pact.state is State.PROPOSED and pact.proposal == reference.proposal:
        return (None, stranger) if stranger else (pact.proposal, [])
    if pact.state in DRAFT:
        problems.extend(reading.problems)
    if problems or reading.written is None:
        return None, problems
    contents = None if same else _sealed(deciding, pact, reading.written)
    isee = relied_until(deciding.find(Certificates, certificates_id(pact.family)))
    return pact.propose_by_form(contents, terms, by=by, on=on, isee_until=isee), []


def _about_the_sender(pact: Pact, sender: UUID | None) -> list[Problem]:
    """A proposal comes from the address of somebody of the microequipe who sees it whole."""
    if sender is None:
        return [problem(Kind.SENDER_UNKNOWN)]
    if sender not in pact.microequipe.professionals:
        return [problem(Kind.SENDER_NOT_OF_THE_MICROEQUIPE)]
    return []


def _about_the_pact(pact: Pact, reference: Reference) -> list[Problem]:
    """The pact waits for the proposal that the form is good for."""
    if pact.state not in DRAFT:
        return [problem(Kind.PACT_NOT_DRAFT, state=pact.state)]
    return reference.is_for(pact.proposal + 1)


def _present(deciding: Deciding, pact: Pact, terms: Terms) -> Written | None:
    """What the pact says now, in the words of a form; None if no form can say it."""
    try:
        values = prefilled(pact, opened(deciding))
    except DraftDoesNotFitTheForm:
        return None
    ticks = dict.fromkeys((WITH_FAMILY.name, WITHOUT_NAMES.name), True)
    return read({**values, **ticks}, pact.family, pact.microequipe, terms).written


def _sealed(deciding: Deciding, pact: Pact, written: Written) -> Contents:
    """What the form says, with its texts in the vault."""
    seal = sealing(deciding, pact.family)
    return Contents(
        starts=written.starts,
        ends=written.ends,
        goals=tuple(Goal(**held("goal", each, seal)) for each in written.goals),
        actions=tuple(Action(**held("action", each, seal)) for each in written.actions),
        capacities=tuple(
            (replace(Capacity(**held("capacity", each, seal)), action=0), each.action)
            for each in written.capacities
        ),
        resources=tuple(
            CommunityResource(**held("resource", each, seal)) for each in written.resources
        ),
        same=tuple(_same(pact, written, opened(deciding))),
    )


def _same(pact: Pact, written: Written, text: Open) -> Iterator[tuple[int, int]]:
    """Yield the places of *written* actions that the draft has already, with their numbers there.

    An action is the same if it is in the same dimension, the same is done, and the same body
    provides it, as in no other of either. Only those in which somebody helps are told.
    """
    helped = [number for number in pact.actions if pact.engaged.get(number)]
    if not helped:
        return
    now = [_what(each, each.description) for each in written.actions]
    was = {number: _what(each, text(each.description)) for number, each in pact.actions.items()}
    for number in helped:
        what = was[number]
        if now.count(what) == 1 and list(was.values()).count(what) == 1:
            yield now.index(what) + 1, number


def _what(action: Action | WrittenAction, description: str | None) -> tuple[str, str | None, str]:
    """By what an action is known again, however it was typed."""
    said = entries.normalised(description)
    return str(action.dimension), said, entries.code(action.provider)
