"""A family's life: one table of what may happen in which state, how often, and when it goes on.

To let something new happen, write a function of one scene and give it a line below.
"""

from collections.abc import Callable
from dataclasses import dataclass

from services.console.year import (
    accompanying,
    amending,
    around,
    at_home,
    drafting,
    entering,
    keeping,
    known_twice,
    objecting,
    posting,
    revising,
    spending,
    visiting,
)
from services.console.year.family import Scene

Happening = Callable[[Scene], str | None]
INTAKE, PACTS = "intake", "pacts"


@dataclass(frozen=True)
class Chance:
    """One thing that may happen.

    Attributes:
        weight: how often, beside the others of the same state.
        happening: asks the services; may say where the family stands then.
        needs: the service that is asked; while it is away, this does not happen.
        within: least and most days until the next thing happens to the family.
    """

    weight: float
    happening: Happening
    needs: str
    within: tuple[int, int]


AT_HOME = (
    Chance(0.4, at_home.a_child_is_born, INTAKE, (1, 9)),
    Chance(0.3, at_home.somebody_moves_in, INTAKE, (1, 9)),
    Chance(0.4, at_home.somebody_goes, INTAKE, (1, 9)),
    Chance(0.2, at_home.the_household_splits, INTAKE, (1, 9)),
    Chance(0.3, at_home.contact_is_restricted, INTAKE, (1, 9)),
    Chance(0.4, at_home.contact_is_free_again, INTAKE, (1, 9)),
)
"""What may happen to the household, once something is known of it."""
TWICE = (
    Chance(0.4, known_twice.referred_once_more, INTAKE, (1, 5)),
    Chance(0.5, known_twice.it_is_one_family, INTAKE, (1, 5)),
    Chance(0.3, known_twice.they_are_two_families, INTAKE, (1, 5)),
    Chance(0.3, known_twice.that_was_a_mistake, INTAKE, (1, 5)),
    Chance(0.2, known_twice.known_elsewhere, INTAKE, (1, 5)),
    Chance(0.3, known_twice.followed_elsewhere, INTAKE, (1, 5)),
)
"""Another access point refers the family, too, here or at the other organisation."""
KEPT = (
    Chance(0.2, keeping.a_hold_is_placed, INTAKE, (1, 20)),
    Chance(0.6, keeping.a_hold_is_lifted, INTAKE, (1, 9)),
)
"""Whether its data must be kept."""
URGENT = (
    Chance(0.8, spending.urgent_aid_is_authorised, PACTS, (1, 5)),
    Chance(1, spending.urgent_aid_is_given, PACTS, (1, 9)),
)
"""What cannot wait until a pact is in force."""
MONEY = (
    Chance(2, spending.plan_an_expense, PACTS, (2, 9)),
    Chance(2, spending.commit_an_expense, PACTS, (2, 9)),
    Chance(0.5, spending.reduce_a_commitment, PACTS, (2, 9)),
    Chance(2, spending.pay_an_expense, PACTS, (2, 9)),
    Chance(0.5, spending.correct_a_payment, PACTS, (2, 9)),
    Chance(1, spending.support_from_elsewhere, PACTS, (2, 9)),
    Chance(0.5, spending.urgent_aid_is_given, PACTS, (1, 9)),
)
"""What is spent along a pact."""
REVISED = (
    Chance(0.7, drafting.change_an_action, PACTS, (1, 6)),
    Chance(0.5, revising.a_goal_is_given_up, PACTS, (1, 6)),
    Chance(0.5, revising.another_capacity, PACTS, (1, 6)),
    Chance(0.5, revising.another_resource, PACTS, (1, 6)),
    Chance(0.5, revising.a_minor_takes_part, PACTS, (1, 6)),
    Chance(0.3, revising.somebody_signs_for_another, PACTS, (1, 6)),
    Chance(0.6, revising.the_minor_is_heard, PACTS, (1, 6)),
)
"""How a draft that is written may change."""
AROUND = (
    *AT_HOME,
    *TWICE,
    *KEPT,
    Chance(0.4, around.somebody_joins, INTAKE, (1, 9)),
    Chance(0.3, around.somebody_leaves, INTAKE, (1, 9)),
    Chance(0.5, around.the_lead_is_handed_over, INTAKE, (1, 9)),
    Chance(0.3, around.another_case_manager, INTAKE, (1, 9)),
    Chance(0.06, keeping.the_family_is_erased, INTAKE, (1, 1)),
    Chance(0.06, keeping.erased_after_its_mails, INTAKE, (1, 1)),
)
"""What may happen beside the pact, whatever its state."""
HELPED = (
    Chance(1, around.a_figure_helps, PACTS, (2, 9)),
    Chance(0.5, around.a_figure_helps_no_more, PACTS, (2, 12)),
)
"""Who of the reference figures helps in an action."""
SAYS = (
    Chance(0.4, objecting.ask_for_a_second_look, PACTS, (1, 9)),
    Chance(0.5, objecting.complain, PACTS, (3, 20)),
    Chance(0.5, objecting.answer_a_complaint, PACTS, (1, 9)),
)
"""What a family may say against what was decided or done."""
AGAIN = (
    *SAYS,
    Chance(4, drafting.draft_again, PACTS, (1, 5)),
    Chance(6, around.rest, PACTS, (1, 1)),
    Chance(0.5, keeping.the_family_is_erased, INTAKE, (1, 1)),
)
"""After a pact has ended."""
AFTER = (
    *AGAIN,
    Chance(5, around.wait, PACTS, (30, 90)),
    Chance(5, accompanying.look_back, PACTS, (5, 30)),
)
"""After a pact that was under way."""
TO_SIGN = (
    Chance(6, revising.the_minor_is_heard, PACTS, (1, 6)),
    *URGENT,
    Chance(8, accompanying.sign, PACTS, (1, 6)),
    Chance(1.5, accompanying.one_signs, PACTS, (5, 40)),
    Chance(1, drafting.decline, PACTS, (5, 20)),
    Chance(1.5, around.wait, PACTS, (10, 45)),
    *SAYS,
    *AROUND,
)

LIFE: dict[str, tuple[Chance, ...]] = {
    "not intercepted": (
        Chance(6, entering.refer, INTAKE, (1, 4)),
        Chance(2, entering.refer_incompletely, INTAKE, (2, 25)),
    ),
    "incomplete": (
        Chance(6, entering.complete_the_referral, INTAKE, (1, 6)),
        Chance(1, entering.give_up, INTAKE, (1, 1)),
    ),
    "referred": (
        Chance(13, entering.bring_good_evidence, INTAKE, (1, 6)),
        Chance(3, entering.bring_failing_evidence, INTAKE, (1, 6)),
        Chance(4, entering.bring_too_little_evidence, INTAKE, (1, 6)),
    ),
    "to be verified": (
        Chance(9, entering.verify, INTAKE, (1, 8)),
        Chance(1, entering.ask_who_may_not_verify, INTAKE, (1, 3)),
        Chance(0.4, keeping.directed_elsewhere, INTAKE, (1, 5)),
        *TWICE,
    ),
    "suspended_verification": (
        Chance(6, entering.bring_good_evidence, INTAKE, (2, 12)),
        Chance(3, entering.assess_the_certificate, INTAKE, (1, 4)),
        Chance(1, entering.bring_failing_evidence, INTAKE, (2, 12)),
        Chance(1, entering.give_up, INTAKE, (1, 1)),
    ),
    "not_eligible": (
        Chance(2, entering.bring_good_evidence, INTAKE, (20, 60)),
        Chance(5, entering.give_up, INTAKE, (1, 1)),
        Chance(0.5, keeping.the_family_is_erased, INTAKE, (1, 1)),
    ),
    "eligible": (
        Chance(9, entering.form_a_microequipe, INTAKE, (1, 8)),
        Chance(1, around.wait, INTAKE, (20, 70)),
        *AT_HOME,
        *TWICE,
        Chance(0.3, keeping.the_family_is_erased, INTAKE, (1, 1)),
    ),
    "no pact yet": (Chance(1, around.wait, PACTS, (1, 2)),),
    "blank": (
        Chance(8, posting.write_and_send_by_mail, PACTS, (1, 9)),
        Chance(0.1, posting.send_a_form_with_mistakes, PACTS, (1, 5)),
        Chance(0.1, posting.send_two_forms, PACTS, (1, 5)),
        Chance(0.2, posting.send_no_form, PACTS, (1, 5)),
        *URGENT,
        Chance(0.3, drafting.decline, PACTS, (5, 20)),
        Chance(0.8, around.wait, PACTS, (20, 70)),
        *AROUND,
    ),
    "written": (
        Chance(7, drafting.propose, PACTS, (5, 15)),
        Chance(1, drafting.add_a_goal, PACTS, (1, 6)),
        *REVISED,
        *HELPED,
        *URGENT,
        Chance(0.3, drafting.decline, PACTS, (5, 20)),
        Chance(1, around.wait, PACTS, (10, 40)),
        *AROUND,
    ),
    "proposed": (
        Chance(12, around.wait, PACTS, (3, 9)),
        Chance(0.1, keeping.erased_while_the_committee_looks, INTAKE, (1, 1)),
        *URGENT,
        *AROUND,
    ),
    "returned": (
        Chance(6, drafting.propose, PACTS, (3, 12)),
        Chance(4, drafting.add_a_goal, PACTS, (1, 5)),
        *REVISED,
        *SAYS,
        Chance(0.6, drafting.decline, PACTS, (5, 20)),
        Chance(1, around.wait, PACTS, (10, 40)),
        *AROUND,
    ),
    "approved": TO_SIGN,
    "approved_with_conditions": TO_SIGN,
    "signed": (
        Chance(9, accompanying.activate, PACTS, (1, 6)),
        Chance(1, around.wait, PACTS, (5, 25)),
    ),
    "active": (
        Chance(6, accompanying.start_actions, PACTS, (2, 12)),
        Chance(7, accompanying.log_help, PACTS, (4, 18)),
        Chance(9, accompanying.log_commitment, PACTS, (4, 18)),
        Chance(2, accompanying.complete_an_action, PACTS, (4, 18)),
        Chance(0.7, accompanying.drop_an_action, PACTS, (4, 18)),
        Chance(4, accompanying.verify, PACTS, (5, 25)),
        Chance(2, visiting.plan_a_visit, PACTS, (2, 12)),
        Chance(3, visiting.visit, PACTS, (3, 12)),
        Chance(0.5, visiting.call_a_visit_off, PACTS, (2, 9)),
        *MONEY,
        *HELPED,
        Chance(0.05, keeping.erased_with_an_amendment_on_its_way, INTAKE, (1, 1)),
        Chance(1.1, amending.propose_an_amendment, PACTS, (3, 12)),
        Chance(0.1, posting.send_an_amendment, PACTS, (3, 12)),
        Chance(0.3, amending.withdraw_the_amendment, PACTS, (3, 12)),
        Chance(0.8, accompanying.suspend, PACTS, (10, 40)),
        Chance(0.7, accompanying.conclude, PACTS, (10, 40)),
        Chance(0.5, accompanying.interrupt, PACTS, (10, 40)),
        *SAYS,
        *AROUND,
    ),
    "suspended": (
        Chance(6, accompanying.resume, PACTS, (2, 12)),
        Chance(1, accompanying.verify, PACTS, (5, 20)),
        Chance(0.7, accompanying.interrupt, PACTS, (10, 40)),
        Chance(1, visiting.visit, PACTS, (3, 12)),
        Chance(1, around.wait, PACTS, (5, 30)),
    ),
    "not_approved": AGAIN,
    "declined": AGAIN,
    "lapsed": AGAIN,
    "concluded": AFTER,
    "interrupted": AFTER,
}
"""By the state: a stage before the pact, or the pact's own state (a draft is blank or written)."""
