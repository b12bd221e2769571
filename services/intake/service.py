"""The door of intake: words in, one aggregate edited, an answer out. No rule stands here."""

import json
from collections.abc import Mapping
from datetime import date
from random import SystemRandom
from typing import Any

from services.intake import words
from services.intake.codes import (
    AccessPoint,
    CapacityKind,
    Direction,
    Element,
    ErasureReason,
    Going,
    IseeKind,
    LegalHold,
    NoticeState,
    Outcome,
)
from services.intake.family import Family
from services.intake.family_code import family_id, new_code, read_code
from services.intake.guidelines import IntakeGuidelines
from services.intake.household import Arrival, HouseholdFacts
from services.intake.isee import certificate_text
from services.intake.known_names import KnownNames, names_id, names_in
from services.intake.microequipe import Member, Microequipe, microequipe_id, must_see
from services.intake.pairing import Pair, PairState, pair_id
from services.intake.recognising import recognise
from services.intake.referral import ReferralFacts
from services.intake.views.families import families
from services.intake.views.memberships import families_of
from services.intake.views.pairs import pairs
from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import Hosted, command, query
from services.kernel.parameters import PARAMETERS, Parameters
from services.kernel.words import Body

CHANCE = SystemRandom()
"""Where the random characters of family codes come from."""
EVERYBODY_CONCERNED = (
    "access_point_operator",
    "verifier",
    "microequipe_member",
    "microequipe_lead",
    "case_manager",
    "project_manager",
    "auditor",
    "administrator",
)
"""Roles that see codes, days and outcomes; names and amounts are for verifiers."""


class IntakeService:
    """Commands and questions about families and their microequipes."""

    name = "intake"
    hosted = Hosted()

    @command("access_point_operator", "verifier")
    def refer_family(
        self, intake: Deciding, by: Actor, *, access_point: str, on: str, referral: Body
    ) -> Body:
        """Refer a family that an access point intercepted; ``referral`` may be incomplete."""
        told = words.referral(referral)
        family = _refer(
            intake,
            parsing.word("access_point", access_point, AccessPoint),
            told,
            parsing.day("on", on),
            by,
        )
        _know(intake, family.code, told, by)
        return _done(family) | {"lacking": list(family.lacking)}

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
        edited = _standing(intake, family, expected_version)
        sealed = intake.seal(edited.id, "referral", told.text())
        edited.complete_referral(sealed, told.lacking, on=intake.today, by=by)
        _know(intake, edited.code, told, by)
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
        edited = _standing(intake, family, expected_version)
        edited.record_information_notice(
            parsing.word("state", state, NoticeState),
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return _done(edited)

    @command("access_point_operator", "verifier")
    def record_household(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        members: list[Body],
        expected_version: int | None = None,
    ) -> Body:
        """Record who lives together today."""
        household = words.household(members)
        edited = _standing(intake, family, expected_version)
        sealed = intake.seal(edited.id, "household", household.text())
        edited.record_household(household.numbers, sealed, on=intake.today, by=by)
        _know(intake, edited.code, household, by)
        return _done(edited)

    @command("access_point_operator", "verifier")
    def record_birth(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        member: Body,
        expected_version: int | None = None,
    ) -> Body:
        """Record that a child was born; its birth date is sealed with it."""
        edited = _standing(intake, family, expected_version)
        child = words.newcomer(member, edited.next_number)
        born = parsing.day("birth_date", member.get("birth_date"))
        sealed = intake.seal(edited.id, "household", child.text())
        edited.record_birth(sealed, born, today=intake.today, by=by)
        _know(intake, edited.code, child, by)
        return _done(edited) | {"member": edited.numbered}

    @command("access_point_operator", "verifier")
    def record_arrival(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        member: Body,
        on: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record that somebody moved in."""
        edited = _standing(intake, family, expected_version)
        newcomer = words.newcomer(member, edited.next_number)
        sealed = intake.seal(edited.id, "household", newcomer.text())
        edited.record_arrival(sealed, on=parsing.day("on", on), today=intake.today, by=by)
        _know(intake, edited.code, newcomer, by)
        return _done(edited) | {"member": edited.numbered}

    @command("access_point_operator", "verifier")
    def record_departure(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        member: int,
        gone: str,
        on: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record that a member died or moved out."""
        edited = _standing(intake, family, expected_version)
        edited.record_departure(
            parsing.number("member", member, 1, 99),
            parsing.word("gone", gone, Going),
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return _done(edited)

    @command("verifier")
    def split_household(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        members: list[Body],
        on: str,
        expected_version: int | None = None,
    ) -> Body:
        """Give those who go a file of their own, with what was told of them and of nobody else."""
        relations, day = words.going(members), parsing.day("on", on)
        edited = _standing(intake, family, expected_version)
        told = edited.household(intake.open)
        edited.split(tuple(relations), on=day, today=intake.today, by=by)
        made = _refer(intake, edited.access_point, ReferralFacts(), day, by)
        made.come_from_split(edited.code, on=day, by=by)
        made.record_information_notice(NoticeState.OWED, on=intake.today, today=intake.today, by=by)
        if told is not None:
            going = told.going(relations)
            sealed = intake.seal(made.id, "household", going.text())
            made.record_household(going.numbers, sealed, on=intake.today, by=by)
            _know(intake, made.code, going, by, propose=False)
        if edited.safe_contact:
            made.mark_safe_contact(None, on=intake.today, by=by)
        return _done(edited) | {"new_family": made.code}

    @command("access_point_operator", "verifier")
    def mark_safe_contact(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        how: str,
        expected_version: int | None = None,
    ) -> Body:
        """Restrict every contact with the family from today; ``how`` it may be reached."""
        edited = _standing(intake, family, expected_version)
        sealed = intake.seal(edited.id, "safe_contact", parsing.text("how", how))
        edited.mark_safe_contact(sealed, on=intake.today, by=by)
        return _done(edited)

    @command("verifier")
    def lift_safe_contact(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        expected_version: int | None = None,
    ) -> Body:
        """Let the family be reached like any other from today."""
        edited = _standing(intake, family, expected_version)
        edited.lift_safe_contact(on=intake.today, by=by)
        return _done(edited)

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
        edited = _standing(intake, family, expected_version)
        edited.record_isee(
            parsing.word("kind", kind, IseeKind),
            parsing.day("issued_on", issued_on),
            words.yes_or_no("omissions", omissions),
            words.yes_or_no("income_only", income_only),
            intake.seal(edited.id, "isee", shown),
            on=intake.today,
            by=by,
        )
        return _done(edited)

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
        edited = _standing(intake, family, expected_version)
        edited.assess_isee(
            words.yes_or_no("accepted", accepted),
            intake.seal(edited.id, "assessment", parsing.text("reason", reason)),
            _guidelines(intake),
            on=intake.today,
            by=by,
        )
        return _done(edited)

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
        edited = _standing(intake, family, expected_version)
        sealed = intake.seal(edited.id, "vulnerability", parsing.text("note", note))
        edited.record_vulnerability(
            parsing.word("element", element, Element), sealed, on=intake.today, by=by
        )
        return _done(edited)

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
        edited = _standing(intake, family, expected_version)
        edited.record_capacity(
            parsing.word("kind", kind, CapacityKind),
            None if member is None else parsing.number("member", member, 1, 99),
            intake.seal(edited.id, "capacity", parsing.text("capacity", capacity)),
            on=intake.today,
            by=by,
        )
        return _done(edited)

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
        edited = _standing(intake, family, expected_version)
        edited.direct_elsewhere(parsing.word("to", to, Direction), on=intake.today, by=by)
        return _done(edited)

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
        edited = _standing(intake, family, expected_version)
        edited.verify_eligibility(
            parsing.word("at", at, AccessPoint),
            edited.evidence(intake.open),
            _guidelines(intake),
            None if directed_to is None else parsing.word("directed_to", directed_to, Direction),
            on=intake.today,
            by=by,
        )
        return _done(edited) | words.about_verification(edited.verifications[-1])

    @command("microequipe_lead", "project_manager", "verifier")
    def form_microequipe(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        members: list[Body],
        lead: str,
        case_manager: str | None = None,
    ) -> Body:
        """Form the microequipe of an eligible family, from today."""
        guidelines = _guidelines(intake)
        verified = _standing(intake, family, None)
        formed = Microequipe.form(
            verified,
            intake.find(Microequipe, microequipe_id(verified.code)),
            tuple(_sealed(intake, verified.code, member) for member in words.team(members)),
            parsing.uuid("lead", lead),
            words.person_or_nobody("case_manager", case_manager),
            guidelines.number,
            guidelines.microequipe_requires_both,
            on=intake.today,
            by=by,
        )
        intake.add(formed)
        return _done(formed) | {"microequipe": str(formed.id)}

    @command("microequipe_lead", "project_manager", "verifier")
    def join_microequipe(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        member: Body,
        on: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record that somebody is in the microequipe from ``on``."""
        edited = _standing_microequipe(intake, family, expected_version)
        edited.join(
            _sealed(intake, edited.family, words.team_member(member)),
            _guidelines(intake).microequipe_requires_both,
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return _done(edited) | {"lacking": list(edited.lacking)}

    @command("microequipe_lead", "project_manager", "verifier")
    def leave_microequipe(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        person: str,
        on: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record somebody's last day in the microequipe."""
        edited = _standing_microequipe(intake, family, expected_version)
        edited.leave(
            parsing.uuid("person", person),
            _guidelines(intake).microequipe_requires_both,
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return _done(edited) | {"lacking": list(edited.lacking)}

    @command("microequipe_lead", "project_manager", "verifier")
    def hand_over_lead(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        lead: str,
        on: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record who leads the microequipe from ``on``."""
        edited = _standing_microequipe(intake, family, expected_version)
        edited.hand_over_lead(
            parsing.uuid("lead", lead), on=parsing.day("on", on), today=intake.today, by=by
        )
        return _done(edited)

    @command("microequipe_lead", "project_manager", "verifier")
    def name_case_manager(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        case_manager: str | None,
        on: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record who assists the microequipe from ``on``; null: nobody."""
        edited = _standing_microequipe(intake, family, expected_version)
        edited.name_case_manager(
            words.person_or_nobody("case_manager", case_manager),
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return _done(edited)

    @command("verifier")
    def confirm_duplicate(
        self, intake: Deciding, by: Actor, *, family: str, other: str, goes_on: str
    ) -> Body:
        """Record that two referrals are of one family, followed as ``goes_on`` from today."""
        pair = _pair(intake, family, other)
        stays = _standing(intake, goes_on, None)
        pair.confirm(stays.code, on=intake.today, by=by)
        stays.must_be_followed_here()
        joined = _edit(intake, pair.other_than(stays.code), None)
        team = intake.find(Microequipe, microequipe_id(joined.code))
        joined.join(stays.code, team is not None, on=intake.today, by=by)
        if joined.safe_contact and not stays.safe_contact:
            stays.mark_safe_contact(None, on=intake.today, by=by)
        return {"goes_on": stays.code, "joined": joined.code}

    @command("verifier")
    def refuse_duplicate(self, intake: Deciding, by: Actor, *, family: str, other: str) -> Body:
        """Record that two referrals are of two families."""
        pair = _pair(intake, family, other)
        pair.refuse(on=intake.today, by=by)
        return {"first": pair.first, "second": pair.second}

    @command("verifier")
    def undo_duplicate(self, intake: Deciding, by: Actor, *, family: str, other: str) -> Body:
        """Take back what was said of two referrals; a family that was joined goes on by itself."""
        pair = _pair(intake, family, other)
        goes_on = pair.goes_on
        pair.undo(on=intake.today, by=by)
        if goes_on is not None:
            joined = _edit(intake, pair.other_than(goes_on), None)
            joined.undo_joining(on=intake.today, by=by)
        return {"first": pair.first, "second": pair.second}

    @command("administrator")
    def place_legal_hold(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        hold: str,
        expected_version: int | None = None,
    ) -> Body:
        """Keep what is known of the family, whoever asks for its erasure."""
        edited = _edit(intake, family, expected_version)
        edited.place_legal_hold(parsing.word("hold", hold, LegalHold), on=intake.today, by=by)
        return _done(edited)

    @command("administrator")
    def lift_legal_hold(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        hold: str,
        expected_version: int | None = None,
    ) -> Body:
        """Let one reason to keep it no longer stand."""
        edited = _edit(intake, family, expected_version)
        edited.lift_legal_hold(parsing.word("hold", hold, LegalHold), on=intake.today, by=by)
        return _done(edited)

    @command("administrator")
    def erase_family(
        self,
        intake: Deciding,
        by: Actor,
        *,
        family: str,
        because: str,
        expected_version: int | None = None,
    ) -> Body:
        """Destroy everything personal that intake holds about the family; its history stays."""
        edited = _edit(intake, family, expected_version)
        edited.erase(
            parsing.word("because", because, ErasureReason),
            shared=intake.find(Microequipe, microequipe_id(edited.code)) is not None,
            on=intake.today,
            by=by,
        )
        intake.erase(edited.id)
        return _done(edited)

    @query(*EVERYBODY_CONCERNED)
    def family(self, intake: Deciding, by: Actor, *, family: str) -> Body:
        """Codes, days and outcomes of a family."""
        return words.about_family(_seen(intake, by, family))

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

    @query(*EVERYBODY_CONCERNED)
    def household(
        self, intake: Deciding, by: Actor, *, family: str, day: str | None = None
    ) -> Body:
        """Who was of a household on a day, by number; today by default."""
        return words.about_household(
            _seen(intake, by, family), intake.today if day is None else parsing.day("day", day)
        )

    @query("verifier")
    def possible_duplicates(
        self, intake: Deciding, by: Actor, *, state: str = PairState.OPEN.value
    ) -> list[Body]:
        """Pairs of referrals that may concern one person; those that wait for an answer."""
        found = pairs(intake.connection, parsing.word("state", state, PairState))
        return [json.loads(json.dumps(row, default=str)) for row in found]

    @query("verifier")
    def opened_family(self, intake: Deciding, by: Actor, *, family: str) -> Body:
        """What was told about a family, opened; that it was read is recorded."""
        opened = _standing(intake, family, None)
        return {
            "family": opened.code,
            "version": opened.version,
            "referral": json.loads(intake.open(opened.referral)),
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
        guidelines = _guidelines(intake)
        assessed = _edit(intake, family, None)
        return words.about_decision(
            assessed.assess(intake.open, guidelines, intake.today), guidelines.number
        )

    @query("verifier", "auditor")
    def explain(self, intake: Deciding, by: Actor, *, family: str, number: int) -> Body:
        """Verification ``number`` decided again from what it looked at, explained."""
        explained = _edit(intake, family, None)
        verification = explained.verification(parsing.number("number", number, 1, 9999))
        guidelines = IntakeGuidelines.numbered(
            intake.find(Parameters, PARAMETERS), verification.guidelines
        )
        return words.about_decision(
            explained.recompute(number, intake.open, guidelines), guidelines.number
        )

    @query(*EVERYBODY_CONCERNED)
    def microequipe(
        self, intake: Deciding, by: Actor, *, family: str, day: str | None = None
    ) -> Body:
        """Who was in a family's microequipe on a day, today by default."""
        _seen(intake, by, family)
        found = _edit_microequipe(intake, family, None)
        return words.about_microequipe(
            found, intake.today if day is None else parsing.day("day", day)
        )

    @query(*EVERYBODY_CONCERNED)
    def families_of(
        self, intake: Deciding, by: Actor, *, person: str, day: str | None = None
    ) -> list[str]:
        """Codes of the families in whose microequipe somebody was on a day, today by default."""
        return list(
            families_of(
                intake.connection,
                parsing.uuid("person", person),
                intake.today if day is None else parsing.day("day", day),
            )
        )


def _edit(intake: Deciding, family: str, expected_version: int | None) -> Family:
    code = read_code(parsing.text("family", family, longest=80))
    return intake.edit(Family, family_id(code), expected_version)


def _refer(
    intake: Deciding, access_point: AccessPoint, told: ReferralFacts, on: date, by: Actor
) -> Family:
    """A new family, under a code that no other has."""
    code = new_code(
        intake.organisation,
        CHANCE,
        taken=lambda code: intake.find(Family, family_id(code)) is not None,
    )
    sealed = intake.seal(family_id(code), "referral", told.text())
    return intake.add(
        Family.refer(code, access_point, sealed, told.lacking, on=on, today=intake.today, by=by)
    )


def _seen(intake: Deciding, by: Actor, family: str) -> Family:
    found = _edit(intake, family, None)
    must_see(by, found.code, intake.find(Microequipe, microequipe_id(found.code)), intake.today)
    return found


def _know(
    intake: Deciding,
    family: str,
    told: HouseholdFacts | ReferralFacts,
    by: Actor,
    propose: bool = True,
) -> None:
    """Let our pacts know which names nobody may write on a form, and see who is known already."""
    if (names := names_in(told)) is None:
        return
    known = intake.find(KnownNames, names_id(family)) or intake.add(KnownNames.opened(family, by))
    known.tell(intake.seal(family_id(family), "names", names), on=intake.today, by=by)
    recognise(intake, family, told.tax_codes, propose=propose, by=by)


def _standing(intake: Deciding, family: str, expected_version: int | None) -> Family:
    edited = _edit(intake, family, expected_version)
    edited.must_not_be_erased()
    return edited


def _pair(intake: Deciding, family: str, other: str) -> Pair:
    codes = [
        read_code(parsing.text(name, told, longest=80))
        for name, told in (("family", family), ("other", other))
    ]
    return intake.edit(Pair, pair_id(*codes))


def _edit_microequipe(intake: Deciding, family: str, expected_version: int | None) -> Microequipe:
    code = read_code(parsing.text("family", family, longest=80))
    return intake.edit(Microequipe, microequipe_id(code), expected_version)


def _standing_microequipe(
    intake: Deciding, family: str, expected_version: int | None
) -> Microequipe:
    _standing(intake, family, None)
    return _edit_microequipe(intake, family, expected_version)


def _guidelines(intake: Deciding) -> IntakeGuidelines:
    return IntakeGuidelines.in_force(intake.find(Parameters, PARAMETERS), intake.today)


def _sealed(intake: Deciding, family: str, member: Mapping[str, Any]) -> Member:
    """The member; the name of a figure without an account is kept, and erased, with the family."""
    name = member["name"]
    sealed = None if name is None else intake.seal(family_id(family), "name", name)
    return Member(**{**member, "name": sealed})


def _done(edited: Family | Microequipe) -> Body:
    code = edited.code if isinstance(edited, Family) else edited.family
    return {"family": code, "version": edited.version}
