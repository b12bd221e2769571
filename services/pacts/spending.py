"""Spending: expenses are planned, committed and paid; support from elsewhere stands apart."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.kernel.actor import Actor
from services.kernel.aggregate import Aggregate
from services.pacts.budget import Movement, Spending
from services.pacts.guidelines import Limits
from services.pacts.money import (
    CorrectionReason,
    Expense,
    OtherSupport,
    Payee,
    Payment,
    Stage,
)
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
    SupplierNotNamed,
)
from services.pacts.standing import Standing, above_zero


class SpendingOn(Standing):
    """The chapter of the money that is spent on the actions of a pact."""

    # Stored, for ever: topics, field names and the values of enumerations.

    class ExpensePlanned(Aggregate.Event):
        """So much is to be spent on an action."""

        TOPIC = "pacts.ExpensePlanned"
        number: int
        expense: Expense
        guidelines: int
        on: date

        def apply(self, pact: Standing) -> None:
            pact.expenses[self.number] = Spending(self.expense)
            moved(pact, self.number, Stage.PLANNED, self.expense.eur, self.on)

    class ExpenseCommitted(Aggregate.Event):
        """So much of it is owed from now on."""

        TOPIC = "pacts.ExpenseCommitted"
        number: int
        eur: Decimal
        on: date

        def apply(self, pact: Standing) -> None:
            was = pact.expenses[self.number]
            pact.expenses[self.number] = replace(was, committed=self.eur)
            moved(pact, self.number, Stage.COMMITTED, self.eur, self.on)

    class CommitmentReduced(Aggregate.Event):
        """Less is owed than was committed.

        Attributes:
            before: committed until now.
            eur: committed from now on.
        """

        TOPIC = "pacts.CommitmentReduced"
        number: int
        before: Decimal
        eur: Decimal
        on: date

        def apply(self, pact: Standing) -> None:
            was = pact.expenses[self.number]
            pact.expenses[self.number] = replace(was, committed=self.eur)
            moved(pact, self.number, Stage.COMMITTED, self.eur - self.before, self.on)

    class ExpensePaid(Aggregate.Event):
        """So much of it was paid."""

        TOPIC = "pacts.ExpensePaid"
        number: int
        payment: int
        paid: Payment

        def apply(self, pact: Standing) -> None:
            paid(pact, self.number, self.payment, self.paid)
            moved(pact, self.number, Stage.PAID, self.paid.eur, self.paid.on)

    class PaymentCorrected(Aggregate.Event):
        """A payment was not what had been recorded; this takes its place, linked to it.

        Attributes:
            before: what had been recorded.
        """

        TOPIC = "pacts.PaymentCorrected"
        number: int
        payment: int
        before: Decimal
        paid: Payment

        def apply(self, pact: Standing) -> None:
            paid(pact, self.number, self.payment, self.paid)
            moved(pact, self.number, Stage.PAID, self.paid.eur - self.before, self.paid.on)

    class OtherSupportLogged(Aggregate.Event):
        """The family received support from outside the programme."""

        TOPIC = "pacts.OtherSupportLogged"
        support: OtherSupport

        def apply(self, pact: Standing) -> None:
            pact.other_support += (self.support,)

    def plan_expense(self, expense: Expense, limits: Limits, by: Actor, on: date) -> int:
        """Plan what is to be spent on an action, and give its number.

        Raises:
            NoSuchItem: the pact has no such action.
            QuantityNotPositive: its amount is not above zero.
            SupplierNotNamed: a supplier is to be paid and not named, or named beside the family.
            FamiliesAreNotPaid: the family is to be paid, and the guidelines do not allow it.
        """
        self._may("plan_expense", by)
        self._action(expense.action)
        above_zero(eur=expense.eur)
        if (expense.payee is Payee.SUPPLIER) != (expense.supplier is not None):
            raise SupplierNotNamed(payee=expense.payee)
        if expense.payee is Payee.FAMILY and not limits.families_paid:
            raise FamiliesAreNotPaid(guidelines=limits.number)
        number = len(self.expenses) + 1
        self.trigger_event(
            self.ExpensePlanned,
            by=by,
            number=number,
            expense=expense,
            guidelines=limits.number,
            on=on,
        )
        return number

    def commit_expense(self, expense: int, eur: Decimal | None, by: Actor, on: date) -> None:
        """Commit a planned expense.

        Args:
            expense: its number.
            eur: None is all that was planned.
            by: of the microequipe.
            on: today.

        Raises:
            NoSuchItem: nothing was planned under this number.
            AlreadyCommitted: it was committed before.
            QuantityNotPositive: *eur* is not above zero.
            MoreThanPlanned: more is committed than was planned.
        """
        self._may("commit_expense", by)
        found = self._expense(expense)
        if found.committed is not None:
            raise AlreadyCommitted(expense=expense, committed=found.committed)
        planned = found.expense.eur
        amount = planned if eur is None else eur
        above_zero(eur=amount)
        if amount > planned:
            raise MoreThanPlanned(expense=expense, planned=planned, asked=amount)
        self.trigger_event(self.ExpenseCommitted, by=by, number=expense, eur=amount, on=on)

    def reduce_commitment(self, expense: int, eur: Decimal, by: Actor, on: date) -> None:
        """Correct what was committed, downwards; 0.00 lets it go.

        Raises:
            NoSuchItem: nothing was planned under this number.
            NotCommitted: it was not committed.
            NotDownwards: *eur* is not below what was committed.
            BelowWhatWasPaid: more was paid already.
        """
        self._may("reduce_commitment", by)
        found, committed = self._committed(expense)
        if eur >= committed:
            raise NotDownwards(expense=expense, committed=committed, asked=eur)
        if eur < found.paid:
            raise BelowWhatWasPaid(expense=expense, paid=found.paid, asked=eur)
        self.trigger_event(
            self.CommitmentReduced, by=by, number=expense, before=committed, eur=eur, on=on
        )

    def pay_expense(
        self, expense: int, eur: Decimal, document: str, paid_on: date, by: Actor, on: date
    ) -> int:
        """Record a payment on a committed expense, and give its number within the expense.

        Raises:
            NoSuchItem: nothing was planned under this number.
            NotCommitted: it was not committed.
            QuantityNotPositive: *eur* is not above zero.
            MoreThanCommitted: more would be paid than was committed.
            NotInThePact: *paid_on* is before the pact became active, or in the future.
        """
        self._may("pay_expense", by)
        found, committed = self._committed(expense)
        above_zero(eur=eur)
        if found.paid + eur > committed:
            raise MoreThanCommitted(
                expense=expense, committed=committed, paid=found.paid, asked=eur
            )
        self._within(paid_on, on)
        payment = len(found.payments) + 1
        self.trigger_event(
            self.ExpensePaid,
            by=by,
            number=expense,
            payment=payment,
            paid=Payment(eur, document, paid_on, None, None),
        )
        return payment

    def correct_payment(
        self,
        expense: int,
        payment: int,
        eur: Decimal,
        document: str,
        reason: CorrectionReason,
        by: Actor,
        on: date,
    ) -> int:
        """Let a linked correction take the place of a payment, from today; give its number.

        Args:
            expense: its number.
            payment: the one that is corrected, or the last correction of it.
            eur: what was paid really; 0.00 if nothing was.
            document: code of the document behind the correction.
            reason: why.
            by: of the microequipe.
            on: today.

        Raises:
            NoSuchItem: the expense or the payment is not there.
            AlreadyCorrected: a correction has taken its place.
            MoreThanCommitted: more would have been paid than was committed.
        """
        self._may("correct_payment", by)
        found, committed = self._committed(expense)
        if payment not in found.payments:
            raise NoSuchItem(payment=payment)
        if payment in found.corrected:
            raise AlreadyCorrected(payment=payment, correction=found.corrected[payment])
        before = found.payments[payment].eur
        others = found.paid - before
        if others + eur > committed:
            raise MoreThanCommitted(expense=expense, committed=committed, paid=others, asked=eur)
        number = len(found.payments) + 1
        self.trigger_event(
            self.PaymentCorrected,
            by=by,
            number=expense,
            payment=number,
            before=before,
            paid=Payment(eur, document, on, payment, reason),
        )
        return number

    def log_other_support(self, support: OtherSupport, by: Actor, on: date) -> None:
        """Log support that the family received from outside the programme.

        Raises:
            NothingLogged: neither EUR nor hours.
            QuantityNotPositive: EUR or hours are stated and not above zero.
            NotInThePact: it came before the pact became active, or will come.
        """
        self._may("log_other_support", by)
        if support.eur is None and support.hours is None:
            raise NothingLogged(source=support.source)
        above_zero(eur=support.eur, hours=support.hours)
        self._within(support.on, on)
        self.trigger_event(self.OtherSupportLogged, by=by, support=support)

    def _expense(self, number: int) -> Spending:
        if number not in self.expenses:
            raise NoSuchItem(expense=number)
        return self.expenses[number]

    def _committed(self, number: int) -> tuple[Spending, Decimal]:
        found = self._expense(number)
        if found.committed is None:
            raise NotCommitted(expense=number)
        return found, found.committed


def moved(pact: Standing, number: int, stage: Stage, eur: Decimal, on: date) -> None:
    """The effect of every change of an amount: a movement on the budget line of its expense."""
    line = pact.expenses[number].expense.budget_line
    pact.movements += (Movement(line, stage, eur, on),)


def paid(pact: Standing, number: int, payment: int, what: Payment) -> None:
    """The effect of a payment and of its correction: one more payment of the expense."""
    was = pact.expenses[number]
    pact.expenses[number] = replace(was, payments={**was.payments, payment: what})
