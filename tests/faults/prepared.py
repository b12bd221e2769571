"""What a campaign finds: tables whose migration was killed once, and proposals that are overdue."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from services.kernel.actor import Actor
from services.kernel.deciding import Deciding, Occasion
from services.kernel.ids import stream_id
from services.kernel.store import Store
from services.people.codes import AddressKind, Role
from services.people.person import Person
from services.review.cycle import Place
from services.review.proposal_review import ProposalReview
from tests.faults.running import Running
from tests.faults.scene import Scene, administrator
from tests.faults.tally import MIGRATION
from tests.review import moments


def migrate_killed(made: Scene, service: str) -> None:
    """Make all tables; the migration of the lead's *service* is killed first."""
    launcher = ("tests.faults.owner", "migrate")
    owner = Running(made.members["lead"], service, "migrate", made.directory, launcher)
    owner.arm(MIGRATION, 1)
    owner.start().finish()
    owner.must_have_been_killed(MIGRATION)
    for member in made.members.values():
        for each in member.services:
            made.migrate(member.organisation, each)
    made.agree()


def propose(review: Store, number: int, today: date) -> None:
    """A proposal that the committee should have decided by *today*, and has not."""
    family = f"PARTNER-2X8W5{number}-R"
    cause = stream_id("overdue", number)
    actor = Actor.of_service("lead", "review")
    proposal = replace(
        moments.a_proposal(),
        pact=stream_id("pact", family, 1),
        family=family,
        organisation="partner",
    )
    place = Place(f"{today:%Y-%m}", False, today, today)

    def receive(deciding: Deciding) -> None:
        deciding.add(ProposalReview.receive(proposal, place, 1, by=actor, on=today))

    review.decide(Occasion(cause, f"prepared:{number}", str(cause), actor), receive)


def know_sender(people: Store, address: str) -> UUID:
    """Register somebody with a role whose mail address is *address*; the person's id."""
    id, actor = stream_id("invented", address), administrator(people.programme.own)

    def register(deciding: Deciding) -> None:
        name = deciding.seal(id, "name", "Persona inventata")
        where = deciding.seal(id, "address", address)
        day, by = deciding.today, deciding.actor
        person = Person.register(id, None, people.programme.own, name, on=day, by=by)
        person.record_address(AddressKind.MAIL, where, on=day, by=by)
        person.assign_role(Role.WORK_PLACEMENT_HEAD, "body-known", day, None, by=by)
        deciding.add(person)

    people.decide(Occasion(id, f"prepared:{id}", str(id), actor), register)
    return id
