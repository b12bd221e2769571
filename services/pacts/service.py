"""The pacts service at the door: words become types, one pact is edited, the answer is words."""

from base64 import b64encode
from collections.abc import Callable
from functools import partial

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import Hosted, command, query
from services.kernel.refusal import BadWord, Unknown
from services.kernel.sealed import Sealed
from services.kernel.words import Body
from services.pacts.accompanying_commands import AccompanyingCommands, ties_of
from services.pacts.along import NotVerifiedBecause
from services.pacts.amending_commands import AmendmentCommands
from services.pacts.certificates import Certificates, certificates_id, relied_until
from services.pacts.content import (
    Action,
    ActionArea,
    Capacity,
    CapacityKind,
    CommunityResource,
    ConclusionReason,
    DeclineReason,
    Dimension,
    DropReason,
    Goal,
    InterruptionReason,
    ResourceKind,
    SuspensionReason,
)
from services.pacts.door import LEAD, TEAM, Version
from services.pacts.door import answer as _answer
from services.pacts.door import edit as _edit
from services.pacts.door import flag as _flag
from services.pacts.door import maybe as _maybe
from services.pacts.door import must_name_nobody as _must_name_nobody
from services.pacts.door import must_see_across as _must_see_across
from services.pacts.door import number as _number
from services.pacts.door import restricted as _restricted
from services.pacts.door import seal as _seal
from services.pacts.door import several as _list
from services.pacts.door import terms as _terms
from services.pacts.figure_commands import FigureCommands
from services.pacts.form import issuing
from services.pacts.form.issuing import Issue
from services.pacts.form.opening import opened
from services.pacts.money_commands import MoneyCommands
from services.pacts.pact import Pact
from services.pacts.picture import balance, picture, spending
from services.pacts.policies import last_pact, terms_today
from services.pacts.reciprocity import reciprocity, support
from services.pacts.spending_commands import SpendingCommands
from services.pacts.standing import SEE_ANY
from services.pacts.views.by_family import pacts_of, running
from services.pacts.views.drafts import open_drafts
from services.pacts.views.verification import due_by

READERS = (*TEAM, *sorted(SEE_ANY))


class PactsService(
    AccompanyingCommands, AmendmentCommands, FigureCommands, MoneyCommands, SpendingCommands
):
    """Commands on pacts, and questions about them.

    Every command takes the pact's id and, from who edits what they see, its version; it answers
    with both, its state, and the number of what was added. Days are ISO, amounts text with at most
    two decimals.
    """

    name = "pacts"
    hosted = Hosted()

    @command(*LEAD)
    def draft_again(self, pacts: Deciding, by: Actor, *, family: str) -> Body:
        """Draft the family's next pact, after the last one has ended."""
        former = last_pact(pacts, parsing.text("family", family, longest=40))
        if former is None:
            raise Unknown(kind=Pact.TOPIC, family=family)
        former.must_not_be_a_figure(by, family=family)
        return _answer(pacts.add(former.draft_again(terms_today(pacts), by=by, on=pacts.today)))

    @command(*TEAM)
    def set_period(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        starts: str,
        ends: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Say from when to when; without an end, the longest the guidelines allow."""
        pact = _edit(pacts, pact_id, expected_version)
        first, last = parsing.day("starts", starts), _maybe(parsing.day, "ends", ends)
        pact.set_period(first, last, _terms(pacts), by=by)
        return _answer(pact)

    @command(*TEAM)
    def add_goal(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        goal: str,
        expected_result: str,
        expected_version: Version = None,
    ) -> Body:
        """Add a goal and by what one will see that it is reached."""
        pact = _edit(pacts, pact_id, expected_version)
        seal = partial(_seal, pacts, pact, "goal")
        words = Goal(seal("goal", goal), seal("expected_result", expected_result))
        return _answer(pact, goal=pact.add_goal(words, by=by))

    @command(*TEAM)
    def remove_goal(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        goal: int,
        expected_version: Version = None,
    ) -> Body:
        """Take a goal out of the draft."""
        pact = _edit(pacts, pact_id, expected_version)
        pact.remove_goal(_number("goal", goal), by=by)
        return _answer(pact)

    @command(*TEAM)
    def add_action(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        dimension: str,
        area: str,
        description: str,
        provider: str,
        responsible: str,
        starts: str,
        until: str,
        expected_result: str,
        committed: str | None = None,
        quantity_eur: str | None = None,
        quantity_hours: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Add an action; who of the family commits is named for promotion and restitution."""
        pact = _edit(pacts, pact_id, expected_version)
        seal = partial(_seal, pacts, pact, "action")
        action = Action(
            dimension=parsing.word("dimension", dimension, Dimension),
            area=parsing.word("area", area, ActionArea),
            description=seal("description", description),
            provider=parsing.text("provider", provider, longest=60),
            responsible=parsing.uuid("responsible", responsible),
            committed=_maybe(parsing.uuid, "committed", committed),
            starts=parsing.day("starts", starts),
            until=parsing.day("until", until),
            expected_result=seal("expected_result", expected_result),
            quantity_eur=_maybe(parsing.amount, "quantity_eur", quantity_eur),
            quantity_hours=_maybe(parsing.amount, "quantity_hours", quantity_hours),
        )
        return _answer(pact, action=pact.add_action(action, by=by))

    @command(*TEAM)
    def remove_action(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        expected_version: Version = None,
    ) -> Body:
        """Take an action, and the capacities linked to it, out of the draft."""
        pact = _edit(pacts, pact_id, expected_version)
        pact.remove_action(_number("action", action), by=by)
        return _answer(pact)

    @command(*TEAM)
    def link_capacity(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        kind: str,
        description: str,
        person: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Link what somebody of the family can do to an action."""
        pact = _edit(pacts, pact_id, expected_version)
        capacity = Capacity(
            kind=parsing.word("kind", kind, CapacityKind),
            description=_seal(pacts, pact, "capacity", "description", description),
            person=_maybe(parsing.uuid, "person", person),
            action=_number("action", action),
        )
        return _answer(pact, capacity=pact.link_capacity(capacity, by=by))

    @command(*TEAM)
    def unlink_capacity(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        capacity: int,
        expected_version: Version = None,
    ) -> Body:
        """Unlink a capacity from its action."""
        pact = _edit(pacts, pact_id, expected_version)
        pact.unlink_capacity(_number("capacity", capacity), by=by)
        return _answer(pact)

    @command(*TEAM)
    def name_resource(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        kind: str,
        description: str,
        hours: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Name what the community brings, and how many hours in all where they fit."""
        pact = _edit(pacts, pact_id, expected_version)
        resource = CommunityResource(
            kind=parsing.word("kind", kind, ResourceKind),
            description=_seal(pacts, pact, "resource", "description", description),
            hours=_maybe(parsing.amount, "hours", hours),
        )
        return _answer(pact, resource=pact.name_resource(resource, by=by))

    @command(*TEAM)
    def remove_resource(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        resource: int,
        expected_version: Version = None,
    ) -> Body:
        """Take a community resource out of the draft."""
        pact = _edit(pacts, pact_id, expected_version)
        pact.remove_resource(_number("resource", resource), by=by)
        return _answer(pact)

    @command(*TEAM)
    def name_signatories(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        persons: list[str],
        expected_version: Version = None,
    ) -> Body:
        """Say who signs for the family; nobody named means everyone who commits."""
        pact = _edit(pacts, pact_id, expected_version)
        named = tuple(parsing.uuid("persons", person) for person in _list("persons", persons))
        pact.name_signatories(named, by=by)
        return _answer(pact)

    @command(*LEAD)
    def propose(
        self, pacts: Deciding, by: Actor, *, pact_id: str, expected_version: Version = None
    ) -> Body:
        """Send the pact, as it is now, to the committee."""
        pact = _edit(pacts, pact_id, expected_version)
        isee = relied_until(pacts.find(Certificates, certificates_id(pact.family)))
        proposal = pact.propose(by=by, on=pacts.today, isee_until=isee)
        _must_name_nobody(pacts, pact.family, pact.actions)
        return _answer(pact, proposal=proposal)

    @command(*TEAM)
    def sign(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        person: str,
        expected_version: Version = None,
    ) -> Body:
        """Record the signature of one person today."""
        pact = _edit(pacts, pact_id, expected_version)
        pact.sign(parsing.uuid("person", person), by=by, on=pacts.today)
        return _answer(pact)

    @command(*TEAM)
    def decline(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        reason: str = DeclineReason.NOT_SAID,
        expected_version: Version = None,
    ) -> Body:
        """Record that the family does not want this pact."""
        pact = _edit(pacts, pact_id, expected_version)
        because = parsing.word("reason", reason, DeclineReason)
        pact.decline(because, by=by, on=pacts.today)
        return _answer(pact)

    @command(*LEAD)
    def activate(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        ties: dict[str, int] | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Let the signed pact run from today; its ties by kind are the baseline."""
        pact = _edit(pacts, pact_id, expected_version)
        counted = _maybe(ties_of, "ties", ties)
        pact.activate(_terms(pacts), by=by, on=pacts.today, ties=counted)
        return _answer(pact)

    @command(*LEAD)
    def suspend(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        reason: str,
        expected_version: Version = None,
    ) -> Body:
        """Let the pact rest from today."""
        pact = _edit(pacts, pact_id, expected_version)
        because = parsing.word("reason", reason, SuspensionReason)
        pact.suspend(because, by=by, on=pacts.today)
        return _answer(pact)

    @command(*LEAD)
    def resume(
        self, pacts: Deciding, by: Actor, *, pact_id: str, expected_version: Version = None
    ) -> Body:
        """Let a suspended pact run again from today."""
        pact = _edit(pacts, pact_id, expected_version)
        pact.resume(by=by, on=pacts.today)
        return _answer(pact)

    @command(*TEAM)
    def start_action(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        expected_version: Version = None,
    ) -> Body:
        """Record that an action began today."""
        pact = _edit(pacts, pact_id, expected_version)
        pact.start_action(_number("action", action), by=by, on=pacts.today)
        return _answer(pact)

    @command(*TEAM)
    def complete_action(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        expected_version: Version = None,
    ) -> Body:
        """Record that an action was carried out."""
        pact = _edit(pacts, pact_id, expected_version)
        pact.complete_action(_number("action", action), by=by, on=pacts.today)
        return _answer(pact)

    @command(*TEAM)
    def drop_action(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        action: int,
        reason: str,
        expected_version: Version = None,
    ) -> Body:
        """Record that an action will not be carried out, or not to its end, and why."""
        pact = _edit(pacts, pact_id, expected_version)
        because = parsing.word("reason", reason, DropReason)
        pact.drop_action(_number("action", action), because, by=by, on=pacts.today)
        return _answer(pact)

    @command(*TEAM)
    def verify(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        ratings: dict[str, int],
        family_present: bool,
        final: bool = False,
        changes: str | None = None,
        capacities_used: list[int] | None = None,
        ties: dict[str, int] | None = None,
        expected_version: Version = None,
    ) -> Body:
        """Record today's verification: each goal's number with its rating, from -2 to 2."""
        pact = _edit(pacts, pact_id, expected_version)
        used = _maybe(_list, "capacities_used", capacities_used)
        pact.verify(
            _ratings(ratings),
            _terms(pacts),
            by=by,
            on=pacts.today,
            family_present=_flag("family_present", family_present),
            final=_flag("final", final),
            changes=_maybe(partial(_seal, pacts, pact, "verification"), "changes", changes),
            capacities_used=used and [_number("capacities_used", each) for each in used],
            ties=_maybe(ties_of, "ties", ties),
        )
        return _answer(pact)

    @command(*LEAD)
    def conclude(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        reason: str,
        expected_version: Version = None,
    ) -> Body:
        """End the pact at the end of its way."""
        pact = _edit(pacts, pact_id, expected_version)
        because = parsing.word("reason", reason, ConclusionReason)
        pact.conclude(because, _terms(pacts), by=by, on=pacts.today)
        return _answer(pact)

    @command(*LEAD)
    def interrupt(
        self,
        pacts: Deciding,
        by: Actor,
        *,
        pact_id: str,
        reason: str,
        not_verified_because: str | None = None,
        expected_version: Version = None,
    ) -> Body:
        """End the pact before its time."""
        pact = _edit(pacts, pact_id, expected_version)
        unverified = partial(parsing.word, words=NotVerifiedBecause)
        pact.interrupt(
            parsing.word("reason", reason, InterruptionReason),
            _terms(pacts),
            by=by,
            on=pacts.today,
            not_verified_because=_maybe(unverified, "not_verified_because", not_verified_because),
        )
        return _answer(pact)

    @query(*READERS)
    def pact(self, reading: Deciding, by: Actor, *, pact_id: str) -> Body:
        """Everything about one pact; its texts only for the microequipe and its case manager."""
        found = _seen(_edit(reading, pact_id), by)
        told = picture(found, _reader(reading, found.entrusted_to(by)))
        return told | {"safe_contact": _restricted(reading, found.family)}

    @query(*TEAM)
    def form(self, reading: Deciding, by: Actor, *, pact_id: str, safely: bool = False) -> Body:
        """The form for the draft's next proposal: ``name`` and ``pdf`` (base64)."""
        return _paper(reading, issuing.form, pact_id, by, safely)

    @query(*TEAM)
    def printed_pact(
        self, reading: Deciding, by: Actor, *, pact_id: str, safely: bool = False
    ) -> Body:
        """The approved pact on paper, to be signed: ``name`` and ``pdf`` (base64)."""
        return _paper(reading, issuing.printed_pact, pact_id, by, safely)

    @query(*TEAM)
    def family_letter(
        self, reading: Deciding, by: Actor, *, pact_id: str, safely: bool = False
    ) -> Body:
        """The last decision in plain words, for the family: ``name`` and ``pdf`` (base64)."""
        return _paper(reading, issuing.family_letter, pact_id, by, safely)

    @query(*TEAM)
    def figure_sheet(
        self, reading: Deciding, by: Actor, *, pact_id: str, figure: str, safely: bool = False
    ) -> Body:
        """The actions in which a reference figure has a part, for it: ``name`` and ``pdf``."""
        issue = partial(issuing.figure_sheet, figure=parsing.uuid("figure", figure))
        return _paper(reading, issue, pact_id, by, safely)

    @query(*READERS)
    def pacts_of(self, reading: Deciding, by: Actor, *, family: str) -> Body:
        """The pacts of a family, newest first, and which one of them runs."""
        code = parsing.text("family", family, longest=40)
        if (last := last_pact(reading, code)) is not None and not by.roles & SEE_ANY:
            last.must_not_be_a_figure(by, family=code)
            last.must_be_entrusted_to(by)
        now = running(reading.connection, code)
        return {
            "running": str(now) if now else None,
            "pacts": [
                {
                    "pact": str(found.pact),
                    "number": found.number,
                    "state": str(found.state),
                    "since": found.since.isoformat(),
                }
                for found in pacts_of(reading.connection, code)
            ],
        }

    @query(*READERS)
    def reciprocity(self, reading: Deciding, by: Actor, *, pact_id: str, on: str) -> Body:
        """Help received beside active commitment, up to a day included; other support apart."""
        found = _seen(_edit(reading, pact_id), by)
        day = parsing.day("on", on)
        both = reciprocity(found.helped, found.given, day)
        return balance(both, support(found.other_support, day))

    @query(*READERS)
    def expenses(self, reading: Deciding, by: Actor, *, pact_id: str, on: str) -> Body:
        """The expenses of a pact as they stand, and their totals by budget line up to a day."""
        found = _seen(_edit(reading, pact_id), by)
        return spending(found, parsing.day("on", on))

    @query(*READERS)
    def open_drafts(self, reading: Deciding, by: Actor) -> list[Body]:
        """The drafts that wait to be proposed, the longest waiting first."""
        _must_see_across(reading, by)
        return [
            {
                "pact": str(draft.pact),
                "family": draft.family,
                "lead": str(draft.lead),
                "since": draft.since.isoformat(),
            }
            for draft in open_drafts(reading.connection)
        ]

    @query(*READERS)
    def verifications_due(self, reading: Deciding, by: Actor, *, by_day: str) -> list[Body]:
        """What is to be verified on or before a day, the most overdue first."""
        _must_see_across(reading, by)
        return [
            {"pact": str(due.pact), "verify_by": due.verify_by.isoformat()}
            for due in due_by(reading.connection, parsing.day("by_day", by_day))
        ]


def _seen(pact: Pact, by: Actor) -> Pact:
    if not by.roles & SEE_ANY:
        pact.must_be_entrusted_to(by)
    return pact


def _paper(reading: Deciding, issue: Issue, pact_id: str, by: Actor, safely: object) -> Body:
    pact = _edit(reading, pact_id)
    paper = issue(reading, pact, by, _flag("safely", safely))
    return {
        "name": paper.name,
        "pdf": b64encode(paper.pdf).decode(),
        "safe_contact": _restricted(reading, pact.family),
    }


def _ratings(value: object) -> dict[int, int]:
    if not isinstance(value, dict) or not all(
        isinstance(goal, str) and goal.isascii() and goal.isdigit() for goal in value
    ):
        raise BadWord(argument="ratings", wanted="goal numbers with ratings")
    return {int(goal): parsing.number("ratings", each, -99, 99) for goal, each in value.items()}


def _reader(reading: Deciding, allowed: bool) -> Callable[[Sealed | None], str | None]:
    return opened(reading) if allowed else lambda sealed: None
