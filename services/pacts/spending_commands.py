"""Commands on expenses and on support from elsewhere, and the question about both."""

import re

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command
from services.kernel.refusal import BadWord
from services.kernel.words import Body
from services.pacts.door import TEAM, Version, answer, edit, limits, maybe, number
from services.pacts.money import CorrectionReason, Expense, OtherSupport, Payee

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9/._-]{0,59}")


class SpendingCommands:
    """Commands on the money that is spent on a pact."""

    @command(*TEAM)
    def plan_expense(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        eur: str,
        payer: str,
        budget_line: str,
        supplier: str | None = None,
        payee: str = Payee.SUPPLIER,
        expected_version: Version = None,
    ) -> Body:
        """Plan what is to be spent on an action, by whom, on which budget line, and who is paid."""
        pact = edit(pacts, pact_id, expected_version)
        expense = Expense(
            action=number("action", action),
            eur=parsing.amount("eur", eur),
            payer=code("payer", payer),
            payee=parsing.word("payee", payee, Payee),
            supplier=maybe(code, "supplier", supplier),
            budget_line=code("budget_line", budget_line),
        )
        planned = pact.plan_expense(expense, limits(pacts), by=by, on=pacts.today)
        return answer(pact, expense=planned)

    @command(*TEAM)
    def commit_expense(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        expense: int,
        eur: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Commit a planned expense, all of it or less."""
        pact = edit(pacts, pact_id, expected_version)
        amount = maybe(parsing.amount, "eur", eur)
        pact.commit_expense(number("expense", expense), amount, by=by, on=pacts.today)
        return answer(pact)

    @command(*TEAM)
    def reduce_commitment(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        expense: int,
        eur: str,
        expected_version: Version = None,
    ) -> Body:
        """Correct what was committed, downwards."""
        pact = edit(pacts, pact_id, expected_version)
        amount = parsing.amount("eur", eur)
        pact.reduce_commitment(number("expense", expense), amount, by=by, on=pacts.today)
        return answer(pact)

    @command(*TEAM)
    def pay_expense(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        expense: int,
        eur: str,
        document: str,
        paid_on: str,
        expected_version: Version = None,
    ) -> Body:
        """Record what was paid of a committed expense, with the code of its document."""
        pact = edit(pacts, pact_id, expected_version)
        payment = pact.pay_expense(
            number("expense", expense),
            parsing.amount("eur", eur),
            code("document", document),
            parsing.day("paid_on", paid_on),
            by=by,
            on=pacts.today,
        )
        return answer(pact, payment=payment)

    @command(*TEAM)
    def correct_payment(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        expense: int,
        payment: int,
        eur: str,
        document: str,
        reason: str,
        expected_version: Version = None,
    ) -> Body:
        """Let a linked correction take the place of a payment."""
        pact = edit(pacts, pact_id, expected_version)
        corrected = pact.correct_payment(
            number("expense", expense),
            number("payment", payment),
            parsing.amount("eur", eur),
            code("document", document),
            parsing.word("reason", reason, CorrectionReason),
            by=by,
            on=pacts.today,
        )
        return answer(pact, payment=corrected)

    @command(*TEAM)
    def log_other_support(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        source: str,
        received_on: str,
        eur: str | None = None,
        hours: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Log support from outside the programme: EUR, hours, or both."""
        pact = edit(pacts, pact_id, expected_version)
        support = OtherSupport(
            code("source", source),
            parsing.day("received_on", received_on),
            maybe(parsing.amount, "eur", eur),
            maybe(parsing.amount, "hours", hours),
        )
        pact.log_other_support(support, by=by, on=pacts.today)
        return answer(pact)


def code(name: str, value: object) -> str:
    """A code of at most 60 letters, digits and ``/ . _ -``: no room for words about a person."""
    if isinstance(value, str) and CODE.fullmatch(value):
        return value
    raise BadWord(argument=name, wanted="code")
