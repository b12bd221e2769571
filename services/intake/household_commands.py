"""The door of the household: who lives together, who came and went, and how they are reached."""

from services.intake import words
from services.intake.codes import Going, NoticeState
from services.intake.door import EVERYBODY_CONCERNED, done, know, refer, seen, standing
from services.intake.referral import ReferralFacts
from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.words import Body


class HouseholdCommands:
    """Commands and the question about a household; the service joins them."""

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
        edited = standing(intake, family, expected_version)
        sealed = intake.seal(edited.id, "household", household.text())
        edited.record_household(household.numbers, sealed, on=intake.today, by=by)
        know(intake, edited.code, household, by)
        return done(edited)

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
        edited = standing(intake, family, expected_version)
        child = words.newcomer(member, edited.next_number)
        born = parsing.day("birth_date", member.get("birth_date"))
        sealed = intake.seal(edited.id, "household", child.text())
        edited.record_birth(sealed, born, today=intake.today, by=by)
        know(intake, edited.code, child, by)
        return done(edited) | {"member": edited.numbered}

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
        edited = standing(intake, family, expected_version)
        newcomer = words.newcomer(member, edited.next_number)
        sealed = intake.seal(edited.id, "household", newcomer.text())
        edited.record_arrival(sealed, on=parsing.day("on", on), today=intake.today, by=by)
        know(intake, edited.code, newcomer, by)
        return done(edited) | {"member": edited.numbered}

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
        edited = standing(intake, family, expected_version)
        edited.record_departure(
            parsing.number("member", member, 1, 99),
            parsing.word("gone", gone, Going),
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return done(edited)

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
        edited = standing(intake, family, expected_version)
        told = edited.household(intake.open)
        edited.split(tuple(relations), on=day, today=intake.today, by=by)
        made = refer(intake, edited.access_point, ReferralFacts(), day, by)
        made.come_from_split(edited.code, on=day, by=by)
        made.record_information_notice(NoticeState.OWED, on=intake.today, today=intake.today, by=by)
        if told is not None:
            going = told.going(relations)
            sealed = intake.seal(made.id, "household", going.text())
            made.record_household(going.numbers, sealed, on=intake.today, by=by)
            know(intake, made.code, going, by, propose=False)
        if edited.safe_contact:
            made.mark_safe_contact(None, on=intake.today, by=by)
        return done(edited) | {"new_family": made.code}

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
        edited = standing(intake, family, expected_version)
        sealed = intake.seal(edited.id, "safe_contact", parsing.text("how", how))
        edited.mark_safe_contact(sealed, on=intake.today, by=by)
        return done(edited)

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
        edited = standing(intake, family, expected_version)
        edited.lift_safe_contact(on=intake.today, by=by)
        return done(edited)

    @query(*EVERYBODY_CONCERNED)
    def household(
        self, intake: Deciding, by: Actor, *, family: str, day: str | None = None
    ) -> Body:
        """Who was of a household on a day, by number; today by default."""
        return words.about_household(
            seen(intake, by, family), intake.today if day is None else parsing.day("day", day)
        )
