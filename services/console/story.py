"""The season that the demo tells: two organisations, their access points, three families to follow.

Proposals come by mail, on filled forms; everything else happens by commands to the services, as
people would give them. What follows happens by itself. The people are plainly invented.
"""

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any
from uuid import UUID, uuid4

from services.console.mailing import Mailing, address_of, filled
from services.console.season import Season
from services.intake.codes import AccessPoint
from services.intake.referral_csv import read_referrals
from services.kernel.actor import Actor
from services.kernel.calling import Caller
from services.kernel.ids import stream_id

BEGINS = date(2026, 2, 2)
ENDS = date(2026, 6, 8)
"""The season; its first day is a Monday."""

FILES = {
    "lead": ("cda.csv", "servizi_sociali.csv", "disordinata.csv"),
    "partner": ("cav.csv", "piattaforma.csv", "consultorio.csv"),
}
"""Which access points' files each organisation reads."""

OF_WHOM = {f"{each.value}.csv": each for each in AccessPoint} | {"disordinata.csv": AccessPoint.CDA}
"""Whose file it is; the untidy one is of the CDA, and says so in its title only."""

GUIDELINES: dict[str, Any] = {}
"""What the first guidelines change from the initial ones: nothing."""


@dataclass(frozen=True)
class Person:
    """Somebody of the demo, with the role in which they act, and where mail reaches them."""

    id: str
    actor: Actor
    address: str


@dataclass
class Cast:
    """Who takes part; ids only, their names are in the vault of people."""

    people: dict[tuple[str, str], Person] = field(default_factory=dict)

    def __getitem__(self, who: tuple[str, str]) -> Person:
        return self.people[who]


ROLES: dict[str, tuple[tuple[str, str, str | None], ...]] = {
    "lead": (
        ("project manager", "project_manager", None),
        ("case manager 1", "case_manager", None),
        ("case manager 2", "case_manager", None),
        ("work placement", "work_placement_head", "cooperativa-prova"),
        ("legal", "legal_representative", None),
        ("operator", "access_point_operator", None),
        ("verifier", "verifier", None),
        ("microequipe lead", "microequipe_lead", None),
        ("social worker", "microequipe_member", None),
    ),
    "partner": (
        ("work placement", "work_placement_head", "officina-prova"),
        ("legal", "legal_representative", None),
        ("operator", "access_point_operator", None),
        ("verifier", "verifier", None),
        ("microequipe lead", "microequipe_lead", None),
        ("social worker", "microequipe_member", None),
    ),
}

CONTENTS = {
    "starts": "20/04/2026",
    "ends": "31/03/2027",
    "with_family": "/on",
    "without_names": "/on",
    "goal_1_goal": "Lavoro stabile",
    "goal_1_result": "Contratto di almeno sei mesi",
    "goal_2_goal": "Rete di vicinato",
    "goal_2_result": "Due famiglie con cui contare",
    "assistance_1_description": "Bollette arretrate pagate al fornitore",
    "assistance_1_result": "Nessun distacco della luce",
    "assistance_1_area": "emergency_aid",
    "assistance_1_provider": "cda-borgoprova",
    "assistance_1_starts": "27/04/2026",
    "assistance_1_until": "31/12/2026",
    "assistance_1_eur": "350,00",
    "promotion_1_description": "Corso di saldatura serale",
    "promotion_1_result": "Attestato di frequenza",
    "promotion_1_area": "work_and_training",
    "promotion_1_provider": "cooperativa-prova",
    "promotion_1_committed": "1",
    "promotion_1_starts": "27/04/2026",
    "promotion_1_until": "31/12/2026",
    "promotion_1_hours": "60",
    "restitution_1_description": "Cura dell'orto di quartiere il sabato mattina",
    "restitution_1_result": "Due ore alla settimana insieme ai vicini",
    "restitution_1_area": "complementary_services_and_education",
    "restitution_1_provider": "associazione-orti-prova",
    "restitution_1_committed": "1",
    "restitution_1_starts": "27/04/2026",
    "restitution_1_until": "31/12/2026",
    "restitution_1_hours": "24",
    "capacity_1_description": "Ha già saldato in officina",
    "capacity_1_kind": "professional",
    "capacity_1_person": "1",
    "capacity_1_action": "promotion_1",
    "resource_1_description": "Orti di quartiere",
    "resource_1_kind": "association",
    "resource_1_hours": "40",
}
"""What the microequipes write on their forms, by the names of the fields."""

TO_BE_MENDED = {
    **{name: words for name, words in CONTENTS.items() if not name.startswith("restitution_")},
    "promotion_1_until": "fine anno",
    "with_family": "/Off",
}
"""The same in haste: no restitution, a day that is none, a tick forgotten."""

ONE_MORE_GOAL = {
    "goal_3_goal": "Corso scelto insieme",
    "goal_3_result": "Iscrizione entro un mese",
    "with_family": "/on",
    "without_names": "/on",
}
"""What the committee asked for; the new form has all the rest on it already."""


class Story:
    """Tells the season; *say* is told each step in Italian, for who watches."""

    def __init__(
        self,
        callers: dict[str, Caller],
        mailing: Mailing,
        season: Season,
        say: Callable[[date, str], None],
    ) -> None:
        self._callers = callers
        self._mailing = mailing
        self._season = season
        self._say = say
        self._cast = Cast()

    def tell(self) -> dict[str, str]:
        """Tell it all; the codes of the three families, by what became of them."""
        self._register()
        self._guidelines()
        approved = self._intake("lead", "cda.csv", date(2026, 2, 4))
        returned = self._intake("partner", "piattaforma.csv", date(2026, 2, 5))
        refused = self._intake("lead", "servizi_sociali.csv", date(2026, 2, 6))
        self._rest_of_the_files(date(2026, 2, 9))
        self._verify(approved, returned, refused)
        pacts = {
            family: self._draft(organisation, family, day)
            for organisation, family, day in (
                ("lead", approved, date(2026, 2, 18)),
                ("partner", returned, date(2026, 2, 20)),
            )
        }
        self._propose_in_two_tries("lead", pacts[approved], date(2026, 3, 4), date(2026, 3, 5))
        self._propose("partner", pacts[returned], date(2026, 3, 11), CONTENTS)
        self._say(date(2026, 3, 11), "è arrivata dopo il 10: resta segnata in ritardo")
        self._committee(
            date(2026, 4, 16),
            {pacts[approved]: (1, "approve"), pacts[returned]: (1, "return")},
        )
        self._propose("partner", pacts[returned], date(2026, 4, 22), ONE_MORE_GOAL)
        self._sign("lead", pacts[approved], date(2026, 4, 23))
        self._work("lead", pacts[approved], date(2026, 5, 6))
        self._committee(date(2026, 5, 14), {pacts[returned]: (2, "approve")})
        self._sign("partner", pacts[returned], date(2026, 5, 20))
        self._work("partner", pacts[returned], date(2026, 5, 27))
        self._verify_pact("lead", pacts[approved], date(2026, 6, 4))
        self._season.advance(ENDS)
        return {"approvato": approved, "rinviato e poi approvato": returned, "non idonea": refused}

    def _ask(self, organisation: str, who: str, service: str, method: str, **words: Any) -> Any:
        actor = self._cast[organisation, who].actor
        return self._callers[organisation].call(service, method, actor, **words)

    def _register(self) -> None:
        """Register organisations, persons and their roles."""
        for organisation, roles in ROLES.items():
            administrator = Actor.of_person(organisation, uuid4(), "administrator")
            caller = self._callers[organisation]
            kind = "caritas" if organisation == "lead" else "associazione"
            self._organisation(caller, administrator, organisation, kind)
            for number, (who, role, body) in enumerate(roles, start=1):
                person = str(uuid4())
                caller.call(
                    "people",
                    "register_person",
                    administrator,
                    person=person,
                    display_name=f"Persona Inventata {organisation.capitalize()} {number}",
                )
                caller.call(
                    "people",
                    "assign_role",
                    administrator,
                    person=person,
                    role=role,
                    since=BEGINS.isoformat(),
                    body=body,
                )
                address = address_of(organisation, number)
                caller.call(
                    "people",
                    "record_address",
                    administrator,
                    person=person,
                    kind="mail",
                    address=address,
                )
                actor = Actor.of_person(organisation, person, role)
                self._cast.people[organisation, who] = Person(person, actor, address)
        self._say(self._season.today, "persone e ruoli registrati in due organizzazioni")
        self._season.settle()

    def _organisation(self, caller: Caller, by: Actor, organisation: str, kind: str) -> None:
        caller.call(
            "people",
            "register_organisation",
            by,
            organisation=organisation,
            kind=kind,
            display_name=f"Ente di prova {organisation}",
        )
        for partner in self._callers.keys() - {organisation}:
            caller.call(
                "people",
                "record_agreement",
                by,
                organisation=organisation,
                partner=partner,
                reference=f"accordo di prova {BEGINS.year}/1",
                since=BEGINS.isoformat(),
            )

    def _guidelines(self) -> None:
        """The board meets and issues the initial guidelines; every organisation hears them."""
        board = [self._cast["lead", "legal"].id, self._cast["partner", "legal"].id]
        held = self._ask(
            "lead",
            "project manager",
            "review",
            "hold_session",
            on=BEGINS.isoformat(),
            present=board,
        )
        self._ask(
            "lead",
            "project manager",
            "review",
            "issue_guidelines",
            number=1,
            in_force_from=BEGINS.isoformat(),
            parameters=GUIDELINES,
            session=held["session"],
        )
        self._season.settle()
        self._say(self._season.today, "la cabina di regia emana le linee guida, versione 1")

    def _intake(self, organisation: str, file: str, day: date) -> str:
        """Read an access point's file; the first family of it is the one to follow."""
        self._season.advance(day)
        families = self._read(organisation, file)
        self._say(day, f"{len(families)} segnalazioni da {file} ({organisation})")
        return families[0]

    def _rest_of_the_files(self, day: date) -> None:
        self._season.advance(day)
        for organisation, files in FILES.items():
            for file in files:
                if file not in ("cda.csv", "piattaforma.csv", "servizi_sociali.csv"):
                    families = self._read(organisation, file)
                    self._say(day, f"{len(families)} segnalazioni da {file} ({organisation})")

    def _read(self, organisation: str, file: str) -> list[str]:
        raw = (resources.files("services.intake") / "samples" / file).read_bytes()
        reading = read_referrals(raw, OF_WHOM.get(file))
        if reading.problems:
            self._say(
                self._season.today,
                f"{file}: {len(reading.problems)} celle da correggere, indicate per riga e colonna",
            )
        families = []
        for referral in reading.referrals:
            made = self._ask(organisation, "operator", "intake", "refer_family", **referral.refer)
            families.append(made["family"])
            for method, words in referral.then:
                self._ask(
                    organisation, "operator", "intake", method, family=made["family"], **words
                )
        return families

    def _verify(self, approved: str, returned: str, refused: str) -> None:
        day = date(2026, 2, 12)
        self._season.advance(day)
        for organisation, family, at, directed in (
            ("lead", approved, "cda", None),
            ("partner", returned, "piattaforma", None),
            ("lead", refused, "servizi_sociali", "centro_per_impiego"),
        ):
            found = self._ask(
                organisation,
                "verifier",
                "intake",
                "verify_eligibility",
                family=family,
                at=at,
                directed_to=directed,
            )
            said = {"eligible": "requisiti presenti", "not_eligible": "requisiti non presenti"}
            self._say(day, f"{family}: {said.get(found['outcome'], found['outcome'])}")
        self._season.settle()

    def _draft(self, organisation: str, family: str, day: date) -> UUID:
        """Form the microequipe, and write the pact with the family."""
        self._season.advance(day)
        self._ask(
            organisation,
            "verifier",
            "intake",
            "form_microequipe",
            family=family,
            lead=self._cast[organisation, "microequipe lead"].id,
            members=[
                {
                    "person": self._cast[organisation, "microequipe lead"].id,
                    "kind": "social_worker",
                },
                {
                    "person": str(uuid4()),
                    "kind": "reference_figure",
                    "role": "neighbour",
                    "name": f"Vicina Inventata di {family}",
                    "agreed_on": day.isoformat(),
                },
            ],
        )
        self._season.settle()
        self._say(day, f"{family}: microequipe formata, patto da scrivere con la famiglia")
        return stream_id("pact", family, 1)

    def _editor(self, organisation: str, pact: UUID) -> Callable[..., Any]:
        def edit(method: str, **words: Any) -> Any:
            return self._ask(
                organisation, "microequipe lead", "pacts", method, pact_id=str(pact), **words
            )

        return edit

    def _propose(
        self, organisation: str, pact: UUID, day: date, contents: Mapping[str, str]
    ) -> None:
        """Have the form made, fill it, and send it by mail."""
        self._season.advance(day)
        name, form = self._form(organisation, pact)
        self._send(organisation, name, filled(form, self._answered_for(organisation, contents)))
        self._say(day, f"proposta inviata per mail ({organisation})")

    def _propose_in_two_tries(
        self, organisation: str, pact: UUID, day: date, next_day: date
    ) -> None:
        """The first form is to be mended, the same form mended is a proposal."""
        self._season.advance(day)
        name, form = self._form(organisation, pact)
        hasty = filled(form, self._answered_for(organisation, TO_BE_MENDED))
        self._send(organisation, name, hasty)
        self._say(
            day, f"modulo inviato in fretta: la risposta elenca le correzioni ({organisation})"
        )
        self._season.advance(next_day)
        mended = filled(hasty, self._answered_for(organisation, CONTENTS))
        self._send(organisation, name, mended)
        self._say(next_day, f"proposta inviata per mail, completa ({organisation})")

    def _form(self, organisation: str, pact: UUID) -> tuple[str, bytes]:
        made = self._ask(organisation, "microequipe lead", "pacts", "form", pact_id=str(pact))
        return made["name"], base64.b64decode(made["pdf"])

    def _answered_for(self, organisation: str, contents: Mapping[str, str]) -> dict[str, str]:
        """*contents*, and the lead of the microequipe answers for each action in them."""
        lead = self._cast[organisation, "microequipe lead"].id
        return {
            **contents,
            **{
                name.replace("description", "responsible"): lead
                for name in contents
                if name.endswith("_1_description") and not name.startswith(("capacity", "resource"))
            },
        }

    def _send(self, organisation: str, name: str, form: bytes) -> None:
        sender = self._cast[organisation, "microequipe lead"].address
        self._mailing.send_form(sender, name, form, self._season.now)
        self._season.settle()

    def _committee(self, day: date, wanted: dict[UUID, tuple[int, str]]) -> None:
        """The committee meets: every seat votes, and the manager closes each vote."""
        self._season.advance(day)
        seats = (
            ("project manager", None),
            ("case manager 1", None),
            ("case manager 2", None),
            ("work placement", None),
        )
        for pact, (number, vote) in wanted.items():
            proposal = str(stream_id("proposal", pact, number))
            for who, seat in seats:
                self._ask(
                    "lead",
                    who,
                    "review",
                    "cast_vote",
                    proposal_id=proposal,
                    vote=vote,
                    reason="Motivo di prova: il corso va scelto con la persona"
                    if vote == "return"
                    else "Motivo di prova: patto equilibrato",
                    seat=seat,
                )
            made = self._ask("lead", "project manager", "review", "decide", proposal_id=proposal)
            said = {
                "approved": "approvato",
                "returned": "da integrare",
                "not_approved": "non approvato",
            }
            self._say(day, f"il comitato decide: {said.get(made['outcome'], made['outcome'])}")
        self._season.settle()

    def _sign(self, organisation: str, pact: UUID, day: date) -> None:
        self._season.advance(day)
        edit = self._editor(organisation, pact)
        found = self._ask(organisation, "microequipe lead", "pacts", "pact", pact_id=str(pact))
        for person in self._signatories(found):
            edit("sign", person=person)
        edit("activate")
        self._season.settle()
        self._say(day, f"patto firmato e attivo ({organisation})")

    def _signatories(self, found: dict[str, Any]) -> Iterable[str]:
        return [str(person) for person in found["awaited"]]

    def _work(self, organisation: str, pact: UUID, day: date) -> None:
        """Help received and active commitment, logged side by side."""
        self._season.advance(day)
        edit = self._editor(organisation, pact)
        actions = self._actions(organisation, pact)
        for action in actions.values():
            edit("start_action", action=action)
        edit("log_help", action=actions["assistance"], received_on=day.isoformat(), eur="180.00")
        for dimension, hours in (("restitution", "4.00"), ("promotion", "6.00")):
            action = actions[dimension]
            edit("log_restitution", action=action, done_on=day.isoformat(), hours=hours)
        self._season.settle()
        self._say(day, f"aiuto ricevuto e impegno attivo registrati ({organisation})")

    def _actions(self, organisation: str, pact: UUID) -> dict[str, int]:
        """The number of the action in each dimension."""
        found = self._ask(organisation, "microequipe lead", "pacts", "pact", pact_id=str(pact))
        return {action["dimension"]: action["number"] for action in found["actions"]}

    def _verify_pact(self, organisation: str, pact: UUID, day: date) -> None:
        self._season.advance(day)
        edit = self._editor(organisation, pact)
        action = self._actions(organisation, pact)["restitution"]
        edit("log_restitution", action=action, done_on=day.isoformat(), hours="2.00")
        edit("verify", ratings={"1": 1, "2": 0}, family_present=True)
        self._season.settle()
        self._say(day, f"verifica periodica con la famiglia ({organisation})")
