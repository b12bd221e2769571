"""A house in which a family was proposed and another only referred, and it as an installation."""

import json
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from services.console.installation import Installation, Member
from services.intake.codes import AccessPoint
from services.intake.referral_csv import read_referrals
from services.kernel.keys import Keys
from tests.architecture.conftest import house  # noqa: F401  # fixture
from tests.architecture.season import LEAD, OPERATOR, admit, decide, write
from tests.intake.test_service import SAMPLES
from tests.review.house import RUNS, House
from tests.review.office import noon

TODAY = date(2026, 7, 6)


@pytest.fixture
def season(house: House) -> tuple[House, str]:  # noqa: F811
    """Since 6 July: of the partner, a family whose proposal was returned, and one referred."""
    family = admit(house)
    pact = write(house, family)
    house.on(date(2026, 3, 11))
    house.ask("nord/pacts", "propose", LEAD, **pact)
    house.carry()
    decide(house, family)
    house.carry()
    referrals = read_referrals((SAMPLES / "cav.csv").read_bytes(), AccessPoint.CAV).referrals
    house.ask("nord/intake", "refer_family", OPERATOR, **referrals[0].refer)
    house.on(TODAY)
    return house, family


@pytest.fixture
def installation(season: tuple[House, str], tmp_path: Path) -> Path:
    """The house as a folder that the console finds."""
    house, _ = season  # noqa: F811
    secrets = {name: sha256(name.encode()).digest() for name in RUNS}
    organisations, clock = tmp_path / "organisations.json", tmp_path / "clock"
    organisations.write_text(
        json.dumps(
            [
                {
                    "id": name,
                    "lead": name == "lead",
                    "services": services,
                    "verify": Keys(secrets[name]).public.verify,
                    "seal": Keys(secrets[name]).public.seal,
                }
                for name, services in RUNS.items()
            ]
        )
    )
    clock.write_text(noon(TODAY).isoformat())
    members = tuple(
        Member(
            name,
            services,
            {
                "ORGANISATION": name,
                "ORGANISATION_SECRET": secrets[name].hex(),
                "ORGANISATIONS_FILE": str(organisations),
                "AMQP_URL": "amqp://nobody",
                "CLOCK_FILE": str(clock),
            }
            | {
                f"{service.upper()}_DATABASE_URL": str(house.offices[name, service].urls[1])
                for service in services
            },
        )
        for name, services in RUNS.items()
    )
    Installation(members, tmp_path).save()
    return tmp_path
