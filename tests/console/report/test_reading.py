"""What a report reads: one organisation's logs, and birth dates, which is recorded."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from services.console.report.making import make_report
from services.console.report.tables import Report
from services.kernel.settings import Missing
from services.kernel.store import Store
from services.kernel.tables import events, vault_reads
from tests.architecture.season import OPERATOR
from tests.console.report.moments import FIRST, LAST, counts, numbers
from tests.review.house import House
from tests.review.moments import person

JULY_20 = date(2026, 7, 20)


def stores(house: House) -> dict[tuple[str, str], Store]:
    return {place: office.store for place, office in house.offices.items()}


def made(house: House, organisation: str = "nord", **words: Any) -> Report:
    asked = {"first": FIRST, "last": LAST, "known": None, "operator": None, **words}
    return make_report(stores(house), organisation, **asked)


def reads(house: House) -> list[tuple[str, str, str]]:
    """What was read at the console: which kind of entry, by whom, what for."""
    query = select(vault_reads.c.kind, vault_reads.c.actor, vault_reads.c.cause)
    with stores(house)["nord", "intake"].database.reading() as connection:
        rows = [(kind, actor, cause) for kind, actor, cause in connection.execute(query)]
    return [(kind, actor, cause.split(":")[0]) for kind, actor, cause in rows if "console" in cause]


def written(house: House) -> dict[tuple[str, str], int]:
    found = {}
    for place, store in stores(house).items():
        with store.database.reading() as connection:
            found[place] = connection.scalar(select(func.count()).select_from(events)) or 0
    return found


def test_a_small_installation_in_numbers(season: tuple[House, str]) -> None:
    """Its facts are only read; whose birth dates were, and by whom, is recorded."""
    house, _ = season
    before = written(house)
    found = numbers(made(house))
    assert found.pop("waiting")["proposal_to_decision"][0] == 1
    persons = found.pop("persons")
    assert sum(int(line[0] or 0) for line in persons.values()) >= 2
    assert "unknown" not in persons
    assert found.pop("sexes") == {"f": (2,), "m": (1,)}
    assert sum(map(sum, found.pop("ages_and_sexes").values())) == 3
    assert found == {
        "access_points": {"cda": (1,), "cav": (1,)},
        "entries": {"new": (2,)},
        "phases": {"referred": (1,), "draft": (1,)},
        "verifications": {"eligible": (1,), "not_verified": (1,)},
        "proposals": {"late": (1,)},
        "decisions": {"returned": (1,)},
    }
    assert written(house) == before
    assert reads(house) == [("household", "nord/service/console", "console report")]
    made(house, operator=str(person(7)))
    assert reads(house)[1:] == [("household", f"nord/person/{person(7)}", "console report")]
    # the lead's committee decided on the proposal; the family is the partner's
    assert numbers(made(house, "lead")) == {}
    asked = {"first": FIRST, "last": LAST, "known": None, "operator": None}
    some = {place: store for place, store in stores(house).items() if place[1] != "pacts"}
    with pytest.raises(Missing, match="nord does not run pacts here"):
        make_report(some, "nord", **asked)


def test_a_past_period_stays_as_it_was_but_for_ages_and_sexes_of_an_erased_family(
    season: tuple[House, str],
) -> None:
    house, family = season
    told = numbers(made(house))
    persons = sum(counts(made(house), "persons").values())
    house.on(JULY_20)
    house.ask("nord/intake", "verify_eligibility", OPERATOR, family=family, at="cda")
    house.carry()
    assert numbers(made(house)) == told
    assert numbers(made(house, known=date(2026, 7, 5))) == told
    erase = {"family": family, "because": "asked_by_family"}
    house.ask("nord/intake", "erase_family", OPERATOR, **erase)
    house.carry()
    report = made(house)
    assert counts(report, "persons") == {"unknown": persons}
    assert counts(report, "sexes") == {"not_stated": persons}
    of_persons = dict.fromkeys(("persons", "sexes", "ages_and_sexes"))
    assert numbers(report) | of_persons == told | of_persons
