"""Giving out papers: a draft's form, the approved pact to sign, the family's letter, a figure's
sheet.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.parameters import PARAMETERS, Parameters
from services.pacts.contact import Contact, contact_id
from services.pacts.form.fields import Fields, figures
from services.pacts.form.opening import names_to_compare, opened
from services.pacts.form.own_part import own_actions
from services.pacts.form.pages import InForce, Sending, form_page, labels
from services.pacts.form.prefilling import amendable, prefilled
from services.pacts.form.printing import ATTACHED, printed_page, record
from services.pacts.form.reference import Reference
from services.pacts.form.sheet import sheet_page
from services.pacts.form.telling import family_page
from services.pacts.form.typesetting import form_pdf, paper_pdf
from services.pacts.guidelines import Terms, proposals_by
from services.pacts.life import State
from services.pacts.pact import Pact


@dataclass(frozen=True)
class Paper:
    """A PDF, and the name under which people keep it: codes only."""

    name: str
    pdf: bytes


Issue = Callable[[Deciding, Pact, Actor, bool], Paper]
"""How one kind of paper is given out: *by* whom, and whether it goes by the safe way."""


def form(reading: Deciding, pact: Pact, by: Actor, safely: bool = False) -> Paper:
    """The form for the next proposal of *pact*, with what it says; who reads is recorded.

    Of an active pact it is the form of an amendment, which starts from the pact in force.

    Args:
        safely: who asks says that, under *contatto sicuro*, it goes by the way that was agreed.

    Raises:
        ContactRestricted: the mark stands, and nobody says so.
        NotOfTheMicroequipe, PactNotDraft: *by* may not have it, or not now.
        AmendmentBeforeTheCommittee: an amendment awaits its decision.
        DraftDoesNotFitTheForm: the pact holds more than the form has room for.
    """
    proposal = pact.form(by=by)
    amends = InForce.of(pact) if pact.state is State.ACTIVE else None
    _must_go_safely(reading, pact, safely)
    fields = Fields.of(pact.microequipe) if amends is None else amendable(pact)
    reference = Reference(reading.organisation, pact.family, pact.number, proposal)
    by_day = proposals_by(reading.find(Parameters, PARAMETERS), reading.today)
    hidden = reference.hidden(reading.tag, None if amends is None else amends.number)
    sending = Sending(reading.lead_mail, by_day)
    said = prefilled(pact, opened(reading), fields)
    html = form_page(fields, reference, sending, said, hidden, amends)
    pdf = form_pdf(html, labels(fields, amends), hidden)
    kind = "proposta" if amends is None else "modifica"
    return Paper(f"{kind}-{pact.family}-{pact.number}-{proposal}.pdf", pdf)


def printed_pact(reading: Deciding, pact: Pact, by: Actor, safely: bool = False) -> Paper:
    """The approved *pact* as PDF/A, with its facts attached; who reads its texts is recorded.

    Raises:
        ContactRestricted: as for :func:`form`.
        NotOfTheMicroequipe, PactNotApproved: *by* may not have it, or not now.
    """
    pact.printed_pact(by=by)
    _must_go_safely(reading, pact, safely)
    html = printed_page(pact, opened(reading))
    pdf = paper_pdf(html, record(pact, reading.organisation), ATTACHED)
    return Paper(f"patto-{pact.family}-{pact.number}.pdf", pdf)


def family_letter(reading: Deciding, pact: Pact, by: Actor, safely: bool = False) -> Paper:
    """The last decision on *pact* in plain words, to be handed over; who reads is recorded.

    Raises:
        ContactRestricted: as for :func:`form`.
        NotOfTheMicroequipe, PactNotDecided: *by* may not have it, or not now.
    """
    heard = pact.family_letter(by=by)
    _must_go_safely(reading, pact, safely)
    terms = Terms.in_force(reading.find(Parameters, PARAMETERS), heard)
    pdf = paper_pdf(family_page(pact, opened(reading), terms.second_look_until(heard)))
    assert pact.last_decision is not None  # else `family_letter` refused
    decided = pact.last_decision.proposal
    return Paper(f"lettera-{pact.family}-{pact.number}-{decided}.pdf", pdf)


def figure_sheet(
    reading: Deciding, pact: Pact, by: Actor, safely: bool = False, *, figure: UUID
) -> Paper:
    """The actions of *pact* in which *figure* has a part, to be handed over; who reads is recorded.

    Raises:
        ContactRestricted: as for :func:`form`.
        NotOfTheMicroequipe, OnlyAReferenceFigure: *by* may not have it.
        PactNotApproved: nobody may have it yet.
        NotAReferenceFigure, TakesPartInNothing: there is none for *figure*.
    """
    numbers = pact.figure_sheet(figure, by=by)
    _must_go_safely(reading, pact, safely)
    names = names_to_compare(reading, pact.family)
    actions = list(own_actions(pact, numbers, str(figure), opened(reading), names))
    called = {each.person: (place, words) for place, each, words in figures(pact.microequipe)}
    place, words = called[figure]
    pdf = paper_pdf(sheet_page(pact, words, actions, reading.today))
    return Paper(f"foglio-{pact.family}-{pact.number}-{place}.pdf", pdf)


def _must_go_safely(reading: Deciding, pact: Pact, safely: bool) -> None:
    if (contact := reading.find(Contact, contact_id(pact.family))) is not None:
        contact.must_go_safely(safely)
