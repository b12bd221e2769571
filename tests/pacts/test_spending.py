"""Expenses are planned, committed and paid; support from elsewhere stands apart."""

from dataclasses import replace
from datetime import date

import pytest

from services.pacts.budget import Movement, Totals, by_budget_line
from services.pacts.guidelines import Limits
from services.pacts.money import CorrectionReason, OtherSupport, Payee, Payment, Stage
from services.pacts.pact import Pact
from services.pacts.reciprocity import reciprocity, support
from services.pacts.refusals import (
    AlreadyCommitted,
    AlreadyCorrected,
    BelowWhatWasPaid,
    FamiliesAreNotPaid,
    MoreThanCommitted,
    MoreThanPlanned,
    NoSuchItem,
    NotCommitted,
    NotDownwards,
    NothingLogged,
    NotInThePact,
    QuantityNotPositive,
    SupplierNotNamed,
)
from tests.pacts.moments import (
    AUG_1,
    BREAD,
    JUL_1,
    JUN_1,
    LIMITS,
    active,
    amended,
    amendment_proposed,
    eur,
    expense_committed,
    expense_paid,
    expense_planned,
    fact,
    hours,
)
from tests.scenario import given

PLANNED = (*active, expense_planned)
COMMITTED = (*PLANNED, expense_committed)
PAID = (*COMMITTED, expense_paid)
PAY = {"expense": 1, "document": "FT-2026-17", "paid_on": JUL_1, "on": JUL_1}
CORRECT = {"expense": 1, "document": "NC-4", "reason": CorrectionReason.WRONG_AMOUNT, "on": AUG_1}


def test_an_expense_is_planned_committed_and_paid():
    given(*active).when(Pact.plan_expense, expense=BREAD, limits=LIMITS, on=JUN_1).then(
        expense_planned
    )
    given(*PLANNED).when(Pact.commit_expense, expense=1, eur=eur("100.00"), on=JUL_1).then(
        expense_committed
    )
    given(*COMMITTED).when(Pact.pay_expense, eur=eur("60.00"), **PAY).then(expense_paid)


def test_all_that_was_planned_is_committed_if_nothing_else_is_said():
    given(*PLANNED).when(Pact.commit_expense, expense=1, eur=None, on=JUL_1).then(
        fact(Pact.ExpenseCommitted, number=1, eur=eur("120.00"), on=JUL_1)
    )


def test_suppliers_are_paid_and_families_only_if_the_guidelines_allow_it():
    family = replace(BREAD, payee=Payee.FAMILY, supplier=None)
    ask = {"expense": family, "on": JUN_1}
    given(*active).when(Pact.plan_expense, limits=LIMITS, **ask).refuses(
        FamiliesAreNotPaid, guidelines=1
    )
    allowed = Limits(2, eur("300.00"), None, families_paid=True)
    assert given(*active).when(Pact.plan_expense, limits=allowed, **ask).refusal is None


@pytest.mark.parametrize(
    ("payee", "supplier"), [(Payee.SUPPLIER, None), (Payee.FAMILY, "forno-sole")]
)
def test_a_supplier_is_named_where_one_is_paid(payee, supplier):
    expense = replace(BREAD, payee=payee, supplier=supplier)
    given(*active).when(Pact.plan_expense, expense=expense, limits=LIMITS, on=JUN_1).refuses(
        SupplierNotNamed, payee=payee
    )


def test_an_expense_is_for_an_action_of_the_pact():
    given(*active).when(
        Pact.plan_expense, expense=replace(BREAD, action=9), limits=LIMITS, on=JUN_1
    ).refuses(NoSuchItem, action=9)


@pytest.mark.parametrize(("amount", "allowed"), [("-0.01", False), ("0.00", False), ("0.01", True)])
def test_what_is_planned_committed_and_paid_is_above_zero(amount, allowed):
    for answer in (
        given(*active).when(
            Pact.plan_expense, expense=replace(BREAD, eur=eur(amount)), limits=LIMITS, on=JUN_1
        ),
        given(*PLANNED).when(Pact.commit_expense, expense=1, eur=eur(amount), on=JUL_1),
        given(*COMMITTED).when(Pact.pay_expense, eur=eur(amount), **PAY),
    ):
        if allowed:
            assert answer.refusal is None
        else:
            answer.refuses(QuantityNotPositive, quantity="eur", value=amount)


@pytest.mark.parametrize(
    ("amount", "fits"), [("119.99", True), ("120.00", True), ("120.01", False)]
)
def test_no_more_is_committed_than_was_planned(amount, fits):
    answer = given(*PLANNED).when(Pact.commit_expense, expense=1, eur=eur(amount), on=JUL_1)
    if fits:
        assert answer.refusal is None
    else:
        answer.refuses(MoreThanPlanned, expense=1, planned="120.00", asked=amount)


def test_an_expense_is_committed_once():
    given(*COMMITTED).when(Pact.commit_expense, expense=1, eur=None, on=JUL_1).refuses(
        AlreadyCommitted, expense=1, committed="100.00"
    )


@pytest.mark.parametrize(("amount", "fits"), [("39.99", True), ("40.00", True), ("40.01", False)])
def test_no_more_is_paid_than_was_committed(amount, fits):
    answer = given(*PAID).when(Pact.pay_expense, eur=eur(amount), **PAY)
    if fits:
        [told] = answer.facts
        assert dict(told.fields)["payment"] == 2
    else:
        answer.refuses(MoreThanCommitted, expense=1, committed="100.00", paid="60.00", asked=amount)


def test_only_what_was_committed_is_paid_reduced_or_corrected():
    for ask, words in (
        (Pact.pay_expense, {**PAY, "eur": eur("1.00")}),
        (Pact.reduce_commitment, {"expense": 1, "eur": eur("1.00"), "on": JUL_1}),
        (Pact.correct_payment, {**CORRECT, "payment": 1, "eur": eur("1.00")}),
    ):
        given(*PLANNED).when(ask, **words).refuses(NotCommitted, expense=1)
        given(*active).when(ask, **words).refuses(NoSuchItem, expense=1)


@pytest.mark.parametrize(
    ("day", "inside"),
    [
        (date(2026, 5, 31), False),
        (date(2026, 6, 1), True),
        (date(2026, 7, 1), True),
        (date(2026, 7, 2), False),
    ],
)
def test_a_payment_was_made_between_the_first_day_and_today(day, inside):
    answer = given(*COMMITTED).when(Pact.pay_expense, **{**PAY, "eur": eur("1.00"), "paid_on": day})
    if inside:
        assert answer.refusal is None
    else:
        answer.refuses(NotInThePact, day=day, active_from=JUN_1, today=JUL_1)


@pytest.mark.parametrize(
    ("amount", "refusal", "facts"),
    [
        ("100.01", NotDownwards, {"committed": "100.00"}),
        ("100.00", NotDownwards, {"committed": "100.00"}),
        ("99.99", None, {}),
        ("60.00", None, {}),
        ("59.99", BelowWhatWasPaid, {"paid": "60.00"}),
    ],
)
def test_what_was_committed_is_corrected_downwards_and_not_below_what_was_paid(
    amount, refusal, facts
):
    answer = given(*PAID).when(Pact.reduce_commitment, expense=1, eur=eur(amount), on=AUG_1)
    if refusal is None:
        answer.then(
            fact(
                Pact.CommitmentReduced,
                number=1,
                before=eur("100.00"),
                eur=eur(amount),
                on=AUG_1,
            )
        )
    else:
        answer.refuses(refusal, expense=1, asked=amount, **facts)


@pytest.mark.parametrize(("amount", "fits"), [("19.99", True), ("20.00", True), ("20.01", False)])
def test_after_a_correction_downwards_no_more_is_paid_than_is_still_committed(amount, fits):
    reduced = fact(
        Pact.CommitmentReduced, number=1, before=eur("100.00"), eur=eur("80.00"), on=AUG_1
    )
    answer = given(*PAID, reduced).when(
        Pact.pay_expense, expense=1, eur=eur(amount), document="FT-18", paid_on=AUG_1, on=AUG_1
    )
    if fits:
        assert answer.refusal is None
    else:
        answer.refuses(MoreThanCommitted, expense=1, committed="80.00", paid="60.00", asked=amount)


corrected = fact(
    Pact.PaymentCorrected,
    number=1,
    payment=2,
    before=eur("60.00"),
    paid=Payment(eur("45.00"), "NC-4", AUG_1, 1, CorrectionReason.WRONG_AMOUNT),
)


def test_a_payment_is_corrected_by_a_linked_one_alone():
    given(*PAID).when(Pact.correct_payment, payment=1, eur=eur("45.00"), **CORRECT).then(corrected)
    given(*PAID).when(Pact.correct_payment, payment=2, eur=eur("45.00"), **CORRECT).refuses(
        NoSuchItem, payment=2
    )
    given(*PAID, corrected).when(
        Pact.correct_payment, payment=1, eur=eur("45.00"), **CORRECT
    ).refuses(AlreadyCorrected, payment=1, correction=2)
    pact = given(*PAID, corrected).aggregate()
    assert pact.expenses[1].paid == eur("45.00")
    assert list(pact.expenses[1].payments) == [1, 2]


@pytest.mark.parametrize(
    ("amount", "fits"), [("0.00", True), ("99.99", True), ("100.00", True), ("100.01", False)]
)
def test_a_correction_stays_within_what_was_committed(amount, fits):
    answer = given(*PAID).when(Pact.correct_payment, payment=1, eur=eur(amount), **CORRECT)
    if fits:
        assert answer.refusal is None
    else:
        answer.refuses(MoreThanCommitted, expense=1, committed="100.00", paid="0.00", asked=amount)


def test_totals_by_budget_line_are_known_at_any_date():
    reduced = fact(
        Pact.CommitmentReduced, number=1, before=eur("100.00"), eur=eur("80.00"), on=AUG_1
    )
    movements = given(*PAID, corrected, reduced).aggregate().movements
    for day, totals in (
        (date(2026, 5, 31), {}),
        (date(2026, 6, 1), {"A.1": totals_of("120.00")}),
        (date(2026, 6, 30), {"A.1": totals_of("120.00")}),
        (date(2026, 7, 1), {"A.1": totals_of("120.00", "100.00", "60.00")}),
        (date(2026, 7, 31), {"A.1": totals_of("120.00", "100.00", "60.00")}),
        (date(2026, 8, 1), {"A.1": totals_of("120.00", "80.00", "45.00")}),
    ):
        assert by_budget_line(movements, day) == totals
        assert by_budget_line(movements[::-1], day) == totals


def test_budget_lines_are_apart():
    other = Movement("B.2", Stage.PLANNED, eur("10.00"), JUN_1)
    movements = (*given(*PLANNED).aggregate().movements, other, other)
    assert by_budget_line(movements, JUN_1) == {
        "A.1": totals_of("120.00"),
        "B.2": totals_of("20.00"),
    }


def totals_of(planned: str, committed: str = "0.00", paid: str = "0.00") -> Totals:
    return Totals(eur(planned), eur(committed), eur(paid))


def test_expenses_go_on_across_versions_of_the_pact():
    before = given(*PAID).aggregate()
    pact = given(*PAID, amendment_proposed, amended).aggregate()
    assert (pact.expenses, pact.movements) == (before.expenses, before.movements)


def test_support_from_elsewhere_stands_in_the_balance_apart():
    allowance = OtherSupport("assegno-unico", JUL_1, eur("189.20"), None)
    told = fact(Pact.OtherSupportLogged, support=allowance)
    given(*active).when(Pact.log_other_support, support=allowance, on=JUL_1).then(told)
    pact = given(*active, told).aggregate()
    for day, came in ((date(2026, 6, 30), "0.00"), (JUL_1, "189.20"), (AUG_1, "189.20")):
        assert support(pact.other_support, day).eur == eur(came)
        assert support(pact.other_support, day).works == 0
        assert reciprocity(pact.helped, pact.given, day).help_received.eur == eur("0.00")


def test_support_from_elsewhere_says_how_much_and_when():
    ask = given(*active).when
    nothing = OtherSupport("inps", JUL_1, None, None)
    ask(Pact.log_other_support, support=nothing, on=JUL_1).refuses(NothingLogged, source="inps")
    for quantity in ("eur", "hours"):
        zero = replace(nothing, **{quantity: hours("0.00")})
        ask(Pact.log_other_support, support=zero, on=JUL_1).refuses(
            QuantityNotPositive, quantity=quantity, value="0.00"
        )
    tomorrow = replace(nothing, on=date(2026, 7, 2), eur=eur("1.00"))
    ask(Pact.log_other_support, support=tomorrow, on=JUL_1).refuses(
        NotInThePact, day=date(2026, 7, 2), active_from=JUN_1, today=JUL_1
    )


def test_through_the_door_money_is_spent_and_told_by_budget_line(desk):
    desk.reach_the_active_pact()
    words = {"action": 1, "eur": "120", "payer": "lead", "budget_line": "A.1"}
    assert desk.edit("plan_expense", supplier="forno-sole", **words)["expense"] == 1
    desk.edit("commit_expense", expense=1, eur="100")
    paid = {"expense": 1, "eur": "60", "document": "FT-2026/17", "paid_on": "2026-06-01"}
    assert desk.edit("pay_expense", **paid)["payment"] == 1
    desk.edit("correct_payment", expense=1, payment=1, eur="45", document="NC-4", reason="refunded")
    desk.edit("reduce_commitment", expense=1, eur="45")
    desk.edit("log_other_support", source="inps", received_on="2026-06-01", eur="189.2")
    found = desk.edit("expenses", on="2026-06-01")
    assert found["budget_lines"] == {
        "A.1": {"planned": "120.00", "committed": "45.00", "paid": "45.00"}
    }
    [expense] = found["expenses"]
    assert (expense["paid"], expense["payee"]) == ("45.00", "supplier")
    assert [(each["corrects"], each["reason"]) for each in expense["payments"]] == [
        (None, None),
        (1, "refunded"),
    ]
    balance = desk.edit("reciprocity", on="2026-06-01")
    assert balance["other_support"] == {"hours": "0.00", "eur": "189.20", "works": 0}
    assert balance["help_received"]["eur"] == "0.00"
