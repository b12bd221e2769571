"""The door of people: words in, one aggregate edited, an answer out. No rule stands here."""

from services.kernel import parsing
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding
from services.kernel.following import know_agreement, know_end
from services.kernel.hosting import Hosted, command, query
from services.kernel.refusal import BadWord
from services.kernel.words import Body
from services.people.codes import AddressKind, Covers, EndedBecause, OrganisationKind, Role
from services.people.organisation import Organisation, organisation_id
from services.people.person import Person
from services.people.published import ended, recorded
from services.people.views import holders

EVERY_ROLE = tuple(role.value for role in Role)


class PeopleService:
    """Commands and questions about organisations and persons."""

    name = "people"
    hosted = Hosted()

    @command("administrator")
    def register_organisation(
        self, people: Deciding, by: Actor, *, organisation: str, kind: str, display_name: str
    ) -> Body:
        """Register a partner; which one is the lead follows from the programme's settings."""
        code = parsing.text("organisation", organisation, longest=30)
        registered = Organisation.register(
            code,
            people.find(Organisation, organisation_id(code)),
            parsing.word("kind", kind, OrganisationKind),
            parsing.text("display_name", display_name, longest=200),
            code == people.lead,
            on=people.today,
            by=by,
        )
        people.add(registered)
        return {"organisation": code, "version": registered.version, "lead": registered.lead}

    @command("administrator")
    def record_agreement(
        self,
        people: Deciding,
        by: Actor,
        *,
        organisation: str,
        partner: str,
        reference: str,
        since: str,
        until: str | None = None,
        signed_on: str | None = None,
        covers: list[str] | None = None,
        expected_version: int | None = None,
    ) -> Body:
        """Record the agreement under which two organisations exchange data.

        Ours opens the way: from its first day on what was said to the partner goes out, and what
        came from it is applied, in order.
        """
        code = parsing.text("organisation", organisation, longest=30)
        edited = people.edit(Organisation, organisation_id(code), expected_version)
        edited.record_agreement(
            parsing.text("partner", partner, longest=30),
            parsing.text("reference", reference, longest=80),
            parsing.day("since", since),
            None if until is None else parsing.day("until", until),
            on=people.today,
            by=by,
            signed_on=None if signed_on is None else parsing.day("signed_on", signed_on),
            covers=(Covers.PROGRAMME,) if covers is None else _covers(covers),
        )
        know_agreement(people, recorded(edited))
        number = edited.agreements[-1].number
        return {"organisation": code, "version": edited.version, "agreement": number}

    @command("administrator")
    def end_agreement(
        self,
        people: Deciding,
        by: Actor,
        *,
        organisation: str,
        agreement: int,
        last: str,
        because: str,
        expected_version: int | None = None,
    ) -> Body:
        """End an agreement; after its last day nothing goes to the partner, and nothing is lost."""
        code = parsing.text("organisation", organisation, longest=30)
        edited = people.edit(Organisation, organisation_id(code), expected_version)
        number, day = parsing.number("agreement", agreement, 1, 9999), parsing.day("last", last)
        edited.end_agreement(
            number, day, parsing.word("because", because, EndedBecause), on=people.today, by=by
        )
        know_end(people, ended(edited, number, day))
        return {"organisation": code, "version": edited.version}

    @command("administrator")
    def register_person(
        self, people: Deciding, by: Actor, *, person: str, display_name: str
    ) -> Body:
        """Register somebody of this organisation under a random id that the caller made."""
        id = parsing.uuid("person", person)
        registered = Person.register(
            id,
            people.find(Person, id),
            people.organisation,
            people.seal(id, "name", parsing.text("display_name", display_name, longest=200)),
            on=people.today,
            by=by,
        )
        people.add(registered)
        return {"person": person, "version": registered.version}

    @command("administrator")
    def record_address(
        self,
        people: Deciding,
        by: Actor,
        *,
        person: str,
        kind: str,
        address: str,
        expected_version: int | None = None,
    ) -> Body:
        """Record where somebody is reached."""
        edited = people.edit(Person, parsing.uuid("person", person), expected_version)
        edited.record_address(
            parsing.word("kind", kind, AddressKind),
            people.seal(edited.id, "address", parsing.text("address", address, longest=320)),
            on=people.today,
            by=by,
        )
        return {"person": person, "version": edited.version}

    @command("administrator")
    def assign_role(
        self,
        people: Deciding,
        by: Actor,
        *,
        person: str,
        role: str,
        since: str,
        until: str | None = None,
        body: str | None = None,
        expected_version: int | None = None,
    ) -> Body:
        """Give somebody a role from a day on."""
        edited = people.edit(Person, parsing.uuid("person", person), expected_version)
        edited.assign_role(
            parsing.word("role", role, Role),
            None if body is None else parsing.text("body", body, longest=80),
            parsing.day("since", since),
            None if until is None else parsing.day("until", until),
            by=by,
        )
        return {"person": person, "version": edited.version}

    @command("administrator")
    def end_role(
        self,
        people: Deciding,
        by: Actor,
        *,
        person: str,
        role: str,
        on: str,
        body: str | None = None,
        expected_version: int | None = None,
    ) -> Body:
        """Record the last day on which somebody holds a role."""
        edited = people.edit(Person, parsing.uuid("person", person), expected_version)
        edited.end_role(
            parsing.word("role", role, Role),
            None if body is None else parsing.text("body", body, longest=80),
            on=parsing.day("on", on),
            by=by,
        )
        return {"person": person, "version": edited.version}

    @query(*EVERY_ROLE)
    def agreements_of(
        self, people: Deciding, by: Actor, *, organisation: str, day: str | None = None
    ) -> list[Body]:
        """The agreements of an organisation, and which are in force on a day, today by default."""
        code = parsing.text("organisation", organisation, longest=30)
        found = people.get(Organisation, organisation_id(code))
        on = people.today if day is None else parsing.day("day", day)
        return [
            {
                "agreement": each.number,
                "partner": each.partner,
                "reference": each.reference,
                "signed_on": each.signed_on and each.signed_on.isoformat(),
                "since": each.since.isoformat(),
                "until": each.until and each.until.isoformat(),
                "covers": [what.value for what in each.covers_what],
                "in_force": each.covers(on),
            }
            for each in found.agreements
        ]

    @query(*EVERY_ROLE)
    def roles_of(self, people: Deciding, by: Actor, *, person: str, day: str | None = None) -> Body:
        """The roles that somebody holds on a day, today by default."""
        found = people.get(Person, parsing.uuid("person", person))
        held = found.roles_on(people.today if day is None else parsing.day("day", day))
        return {
            "person": person,
            "version": found.version,
            "organisation": found.organisation,
            "roles": [{"role": each.role.value, "body": each.body} for each in held],
        }

    @query(*EVERY_ROLE)
    def holders_of(
        self, people: Deciding, by: Actor, *, role: str, day: str | None = None
    ) -> list[Body]:
        """Who holds a role on a day, today by default; ids only."""
        on = people.today if day is None else parsing.day("day", day)
        return [
            {"person": str(each["person"]), "body": each["body"]}
            for each in holders(people.connection, parsing.word("role", role, Role), on)
        ]

    @query("administrator")
    def opened_person(self, people: Deciding, by: Actor, *, person: str) -> Body:
        """Name and addresses of somebody, opened; that they were read is recorded."""
        found = people.get(Person, parsing.uuid("person", person))
        return {
            "person": person,
            "version": found.version,
            "display_name": people.open(found.name),
            "addresses": {
                kind.value: people.open(sealed) for kind, sealed in found.addresses.items()
            },
        }


def _covers(told: object) -> tuple[Covers, ...]:
    if not isinstance(told, list):
        raise BadWord(argument="covers", wanted="list")
    return tuple(parsing.word("covers", each, Covers) for each in told)
