"""The door of the microequipe: who is with the family."""

from collections.abc import Mapping
from typing import Any

from services.intake import words
from services.intake.door import (
    EVERYBODY_CONCERNED,
    done,
    edit_microequipe,
    guidelines_today,
    must_see_across,
    seen,
    standing,
    standing_microequipe,
)
from services.intake.family_code import family_id
from services.intake.microequipe import Member, Microequipe, microequipe_id
from services.intake.views.memberships import families_of
from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.hosting import command, query
from services.kernel.words import Body


class MicroequipeCommands:
    """Commands and questions about microequipes; the service joins them."""

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
        guidelines = guidelines_today(intake)
        verified = standing(intake, family, None)
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
        return done(formed) | {"microequipe": str(formed.id)}

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
        edited = standing_microequipe(intake, family, expected_version)
        edited.join(
            _sealed(intake, edited.family, words.team_member(member)),
            guidelines_today(intake).microequipe_requires_both,
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return done(edited) | {"lacking": list(edited.lacking)}

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
        edited = standing_microequipe(intake, family, expected_version)
        edited.leave(
            parsing.uuid("person", person),
            guidelines_today(intake).microequipe_requires_both,
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return done(edited) | {"lacking": list(edited.lacking)}

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
        edited = standing_microequipe(intake, family, expected_version)
        edited.hand_over_lead(
            parsing.uuid("lead", lead), on=parsing.day("on", on), today=intake.today, by=by
        )
        return done(edited)

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
        edited = standing_microequipe(intake, family, expected_version)
        edited.name_case_manager(
            words.person_or_nobody("case_manager", case_manager),
            on=parsing.day("on", on),
            today=intake.today,
            by=by,
        )
        return done(edited)

    @query(*EVERYBODY_CONCERNED)
    def microequipe(
        self, intake: Deciding, by: Actor, *, family: str, day: str | None = None
    ) -> Body:
        """Who was in a family's microequipe on a day, today by default."""
        seen(intake, by, family)
        found = edit_microequipe(intake, family, None)
        return words.about_microequipe(
            found, intake.today if day is None else parsing.day("day", day)
        )

    @query(*EVERYBODY_CONCERNED)
    def families_of(
        self, intake: Deciding, by: Actor, *, person: str, day: str | None = None
    ) -> list[str]:
        """Codes of the families in whose microequipe somebody was on a day, today by default."""
        must_see_across(intake, by)
        return list(
            families_of(
                intake.connection,
                parsing.uuid("person", person),
                intake.today if day is None else parsing.day("day", day),
            )
        )


def _sealed(intake: Deciding, family: str, member: Mapping[str, Any]) -> Member:
    """The member; the name of a figure without an account is kept, and erased, with the family."""
    name = member["name"]
    sealed = None if name is None else intake.seal(family_id(family), "name", name)
    return Member(**{**member, "name": sealed})
