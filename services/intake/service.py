"""The door of intake: words in, one aggregate edited, an answer out. No rule stands here."""

import json

from services.intake import words
from services.intake.codes import (
    AccessPoint,
    CapacityKind,
    Direction,
    Element,
    IseeKind,
    NoticeState,
    Outcome,
)
from services.intake.door import (
    EVERYBODY_CONCERNED,
    done,
    edit,
    guidelines_today,
    know,
    must_see_across,
    refer,
    seen,
    standing,
)
from services.intake.file_commands import FileCommands
from services.intake.guidelines import IntakeGuidelines
from services.intake.household import Arrival
from services.intake.household_commands import HouseholdCommands
from services.intake.isee import certificate_text
from services.intake.microequipe_commands import MicroequipeCommands
from services.intake.referral import CONTACTS
from services.intake.views.families import families
from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import Hosted, command, query
from services.kernel.parameters import PARAMETERS, Parameters
from services.kernel.words import Body


class IntakeService(FileCommands, HouseholdCommands, MicroequipeCommands):
    """Commands and questions about families and their microequipes."""

    name = "intake"
    hosted = Hosted()

    @command("access_point_operator", "verifier")
    def refer_family(
        self, intake: Deciding, by: Actor, *, access_point: str, on: str, referral: Body
    ) -> Body:
        """Refer a family that an access point intercepted; ``referral`` may be incomplete."""
        told = words.referral(referral)
        family = refer(
            intake,
            parsing.word("access_point", access_point, AccessPoint),
            told,
            parsing.day("on", on),
            by,
        )
        know(intake, family.code, told, by)
        return done(family) | {"lacking": list(family.lacking)}

    @command("access_point_operator", "verifier")
    def complete_referral(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        referral: Body,
        expected_version: int | None = None,
    ) -> Body:
        """Record all that the access point has told by now."""
        told = words.referral(referral)
        edited = standing(intake, family, expected_version)
        sealed = intake.seal(edited.id, "referral", told.text())
        edited.complete_referral(sealed, told.lacking, on=intake.today, by=by)
        know(intake, edited.code, told, by)
        return {"family": edited.code, "version": edited.version, "lacking": list(told.lacking)}

    @command("access_point_operator", "verifier")
    def record_information_notice(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        state: str,
        on: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record that the family was given the information notice, or is owed it."""
        edited = standing(intake, family, expected_version)
        edited.record_information_notice(
            parsing.word("state", state, NoticeState),
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return done(edited)

    @command("access_point_operator", "verifier")
    def record_isee(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        kind: str,
        value: str,
        protocol: str,
        issued_on: str,
        omissions: bool = False,
        income_only: bool = False,
        expected_version: int | None = None,
    ) -> Body:
        """Record an ISEE certificate that was shown."""
        shown = certificate_text(
            parsing.amount("value", value), parsing.text("protocol", protocol, longest=40)
        )
        edited = standing(intake, family, expected_version)
        edited.record_isee(
            parsing.word("kind", kind, IseeKind),
            parsing.day("issued_on", issued_on),
            words.yes_or_no("omissions", omissions),
            words.yes_or_no("income_only", income_only),
            intake.seal(edited.id, "isee", shown),
            on=intake.today,
            by=by,
        )
        return done(edited)

    @command("verifier")
    def assess_isee(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        accepted: bool,
        reason: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record whether the newest certificate is accepted, where its kind needs an assessment."""
        edited = standing(intake, family, expected_version)
        edited.assess_isee(
            words.yes_or_no("accepted", accepted),
            intake.seal(edited.id, "assessment", parsing.text("reason", reason)),
            guidelines_today(intake),
            on=intake.today,
            by=by,
        )
        return done(edited)

    @command("access_point_operator", "verifier")
    def record_vulnerability(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        element: str,
        note: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record another element of vulnerability, with a note."""
        edited = standing(intake, family, expected_version)
        sealed = intake.seal(edited.id, "vulnerability", parsing.text("note", note))
        edited.record_vulnerability(
            parsing.word("element", element, Element), sealed, on=intake.today, by=by
        )
        return done(edited)

    @command("access_point_operator", "verifier")
    def record_capacity(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        kind: str,
        capacity: str,
        member: int | None = None,
        expected_version: int | None = None,
    ) -> Body:
        """Record what a member, or the family, can do and bring."""
        edited = standing(intake, family, expected_version)
        edited.record_capacity(
            parsing.word("kind", kind, CapacityKind),
            None if member is None else parsing.number("member", member, 1, 99),
            intake.seal(edited.id, "capacity", parsing.text("capacity", capacity)),
            on=intake.today,
            by=by,
        )
        return done(edited)

    @command("access_point_operator", "verifier")
    def direct_elsewhere(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        to: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record where the family was sent before anybody verified it."""
        edited = standing(intake, family, expected_version)
        edited.direct_elsewhere(parsing.word("to", to, Direction), on=intake.today, by=by)
        return done(edited)

    @command("verifier")
    def verify_eligibility(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        at: str,
        directed_to: str | None = None,
        expected_version: int | None = None,
    ) -> Body:
        """Decide today whether the family may enter; ``directed_to`` is needed if it may not."""
        edited = standing(intake, family, expected_version)
        edited.verify_eligibility(
            parsing.word("at", at, AccessPoint),
            edited.evidence(intake.open),
            guidelines_today(intake),
            None if directed_to is None else parsing.word("directed_to", directed_to, Direction),
            on=intake.today,
            by=by,
        )
        return done(edited) | words.about_verification(edited.verifications[-1])

    @query(*EVERYBODY_CONCERNED)
    def family(self, intake: Deciding, by: Actor, *, family: str) -> Body:
        """Codes, days and outcomes of a family."""
        return words.about_family(seen(intake, by, family))

    @query(*EVERYBODY_CONCERNED)
    def families(
        self,
        intake: Deciding,
        by: Actor,
        *,
        access_point: str | None = None,
        outcome: str | None = None,
        without_microequipe: bool = False,
    ) -> list[Body]:
        """How far the families are, latest referral first."""
        must_see_across(intake, by)
        found = families(
            intake.connection,
            access_point=(
                None
                if access_point is None
                else parsing.word("access_point", access_point, AccessPoint)
            ),
            outcome=None if outcome is None else parsing.word("outcome", outcome, Outcome),
            without_microequipe=words.yes_or_no("without_microequipe", without_microequipe),
        )
        return [json.loads(json.dumps(row, default=str)) for row in found]

    @query("verifier")
    def opened_family(self, intake: Deciding, by: Actor, *, family: str) -> Body:
        """What was told about a family, opened; that it was read is recorded.

        Under the mark *contatto sicuro* the contacts that were told stay closed: ``safe_contact``
        says how the family is reached, and it is reached in no other way.
        """
        opened = standing(intake, family, None)
        told = json.loads(intake.open(opened.referral))
        return {
            "family": opened.code,
            "version": opened.version,
            "referral": told | (dict.fromkeys(CONTACTS) if opened.safe_contact else {}),
            "contact_restricted": opened.safe_contact,
            "households": [json.loads(intake.open(each.sealed)) for each in opened.records],
            "came": [
                {"on": each.on.isoformat()} | json.loads(intake.open(each.member))[0]
                for each in opened.changes
                if isinstance(each, Arrival)
            ],
            "safe_contact": (
                None if opened.safe_contact_how is None else intake.open(opened.safe_contact_how)
            ),
            "certificates": [
                {"number": each.number} | json.loads(intake.open(each.sealed))
                for each in opened.certificates
            ],
            "assessments": [
                {
                    "certificate": each.certificate,
                    "accepted": each.accepted,
                    "reason": intake.open(each.reason),
                }
                for each in opened.assessments
            ],
            "vulnerabilities": [
                {"element": each.element.value, "note": intake.open(each.note)}
                for each in opened.vulnerabilities
            ],
            "capacities": [
                {
                    "number": each.number,
                    "kind": each.kind.value,
                    "member": each.member,
                    "capacity": intake.open(each.capacity),
                }
                for each in opened.capacities
            ],
        }

    @query("verifier")
    def assess(self, intake: Deciding, by: Actor, *, family: str) -> Body:
        """What a verification today would decide, explained; nothing is decided."""
        guidelines = guidelines_today(intake)
        assessed = edit(intake, family, None)
        return words.about_decision(
            assessed.assess(intake.open, guidelines, intake.today), guidelines.number
        )

    @query("verifier", "auditor")
    def explain(self, intake: Deciding, by: Actor, *, family: str, number: int) -> Body:
        """Verification ``number`` decided again from what it looked at, explained."""
        explained = edit(intake, family, None)
        verification = explained.verification(parsing.number("number", number, 1, 9999))
        guidelines = IntakeGuidelines.numbered(
            intake.find(Parameters, PARAMETERS), verification.guidelines
        )
        return words.about_decision(
            explained.recompute(number, intake.open, guidelines), guidelines.number
        )
