"""Whether somebody is followed by two organisations: fingerprints that both can compare."""

from collections.abc import Callable

import msgspec

from services.intake.asking import MOST_PERSONS
from services.intake.codes import Elsewhere
from services.intake.family import Family
from services.intake.family_code import family_id
from services.intake.microequipe import Microequipe, microequipe_id
from services.intake.views.persons import of_anybody, of_family
from services.kernel.agreements import Agreements, agreements_on
from services.kernel.deciding import Deciding
from services.kernel.sealed import Sealed
from services.kernel.vault import Erased

RECOGNITION = "recognition"
"""What an agreement covers under which two organisations ask each other about persons."""


def may_be_asked(deciding: Deciding, organisation: str) -> bool:
    """Whether we and *organisation* may ask each other today."""
    known = deciding.find(Agreements, agreements_on(RECOGNITION))
    return known is not None and known.in_force_with(organisation, deciding.today)


def fingerprints(deciding: Deciding, family: str, organisation: str) -> list[str]:
    """Of every tax code that is known of *family*, as *organisation* can compare them; hex.

    Raises:
        Unknown: no such organisation takes part.
    """
    fingerprint = _comparing_with(deciding, organisation)
    refs = [row.ref for row in of_family(deciding.connection, family)]
    return sorted({fingerprint(code) for code in deciding.vault.texts(refs).values()})


def look_up(deciding: Deciding, codes: Sealed, organisation: str) -> Elsewhere:
    """Whether we follow somebody of whom *organisation* sent a fingerprint.

    Every code that we know is opened and compared: what only this pair can compute is stored
    nowhere. Under *contatto sicuro* the answer is no, as it is about somebody who is not here.
    """
    try:
        sought = set(msgspec.json.decode(deciding.open(codes), type=list[str]))
    except Erased:  # the family was erased there before we looked: there is nothing to answer
        return Elsewhere.ERASED_MEANWHILE
    except msgspec.MsgspecError:  # no list of fingerprints: it is like nobody whom we know
        return Elsewhere.NOT_FOLLOWED
    if len(sought) > MOST_PERSONS:
        return Elsewhere.TOO_MANY
    fingerprint = _comparing_with(deciding, organisation)
    persons = of_anybody(deciding.connection)
    known = deciding.vault.texts([row.ref for row in persons])
    for row in persons:
        if row.ref in known and fingerprint(known[row.ref]) in sought:
            family = deciding.get(Family, family_id(row.family))
            team = deciding.find(Microequipe, microequipe_id(row.family))
            if family.is_followed(team is not None) and not family.safe_contact:
                return Elsewhere.FOLLOWED
    return Elsewhere.NOT_FOLLOWED


def _comparing_with(deciding: Deciding, organisation: str) -> Callable[[str], str]:
    """Gives the fingerprint of a code as *organisation* can compare it; hex."""
    fingerprint = deciding.fingerprints_with(organisation)
    return lambda code: fingerprint(f"tax code/{code}").hex()
