"""How families enter: files of access points, one told twice, the verification, the microequipe."""

from datetime import date
from importlib import resources
from uuid import uuid4

from services.console.story.telling import Followed, Telling
from services.console.story.words import SECOND_REFERRAL
from services.intake.codes import AccessPoint
from services.intake.referral_csv import read_referrals

OF_WHOM = {f"{each.value}.csv": each for each in AccessPoint} | {"disordinata.csv": AccessPoint.CDA}
"""Whose file it is; the untidy one is of the CDA, and says so in its title only."""

OUTCOMES = {"eligible": "requisiti presenti", "not_eligible": "requisiti non presenti"}


def read_files(telling: Telling, organisation: str, *files: str) -> Followed:
    """Record what access points wrote in *files*; the first family of the first one."""
    codes = [code for file in files for code in _read(telling, organisation, file)]
    return Followed(organisation, codes[0])


def _read(telling: Telling, organisation: str, file: str) -> list[str]:
    raw = (resources.files("services.intake") / "samples" / file).read_bytes()
    reading = read_referrals(raw, OF_WHOM[file])
    if reading.problems:
        cells = len(reading.problems)
        telling.say(f"{file}: {cells} celle da correggere, indicate per riga e colonna")
    codes = []
    for referral in reading.referrals:
        made = telling.ask(organisation, "operator", "intake", "refer_family", **referral.refer)
        family = Followed(organisation, made["family"])
        codes.append(family.code)
        for method, words in referral.then:
            telling.intake(family, "operator", method, **words)
    told = "segnalazione" if len(codes) == 1 else "segnalazioni"
    telling.say(f"{len(codes)} {told} da {file} ({organisation})")
    return codes


def refer_again(telling: Telling, family: Followed) -> Followed:
    """Another access point refers somebody of *family*, whom it does not know."""
    referred = telling.ask(
        family.organisation,
        "operator",
        "intake",
        "refer_family",
        access_point="consultorio",
        on=telling.today,
        referral=SECOND_REFERRAL,
    )
    again = Followed(family.organisation, referred["family"])
    telling.intake(again, "operator", "record_information_notice", state="given", on=telling.today)
    telling.say(f"{again.code}: dal consultorio, forse la stessa famiglia di {family.code}")
    return again


def confirm_duplicate(telling: Telling, family: Followed, again: Followed) -> None:
    """A person says that both referrals are of one family."""
    telling.intake(family, "verifier", "confirm_duplicate", other=again.code, goes_on=family.code)
    telling.done(f"{again.code}: una persona conferma, si prosegue con {family.code}")


def verify(
    telling: Telling, family: Followed, at: AccessPoint, directed_to: str | None = None
) -> None:
    """Somebody verifies whether *family* may enter."""
    found = telling.intake(
        family, "verifier", "verify_eligibility", at=at.value, directed_to=directed_to
    )
    telling.done(f"{family.code}: {OUTCOMES.get(found['outcome'], found['outcome'])}")


def form_microequipe(
    telling: Telling, family: Followed, day: date, case_manager: str | None = None
) -> None:
    """The people who matter to *family* come together; a case manager may assist them."""
    telling.on(day)
    lead = telling.cast[family.organisation, "microequipe lead"].id
    neighbour = {
        "person": str(uuid4()),
        "kind": "reference_figure",
        "role": "neighbour",
        "name": f"Vicina Inventata di {family.code}",
        "agreed_on": telling.today,
    }
    members = [{"person": lead, "kind": "social_worker"}, neighbour]
    telling.intake(family, "verifier", "form_microequipe", lead=lead, members=members)
    if case_manager is not None:
        person = telling.cast[family.organisation, case_manager].id
        words = {"case_manager": person, "on": telling.today}
        telling.intake(family, "verifier", "name_case_manager", **words)
    assisted = ", con un case manager" if case_manager else ""
    telling.done(
        f"{family.code}: microequipe formata{assisted}; il patto si scrive con la famiglia"
    )
