"""Whether somebody is known already: the few codes of one bucket are opened and compared."""

from collections.abc import Iterable

from services.intake.family_code import family_id
from services.intake.known_persons import BUCKETS, KnownPersons, known_persons_id
from services.intake.pairing import Pair, pair_id
from services.intake.views.persons import in_bucket
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding


def recognise(
    deciding: Deciding, family: str, codes: Iterable[str], *, propose: bool, by: Actor
) -> None:
    """Keep the tax codes that were told of *family*, and propose whoever is known of another one.

    Of two referrals at once the second sees the first. A code that was told of the family before
    adds nothing, nor does a pair that was proposed before, whatever was said of it.

    Args:
        deciding: the decision in which they were told.
        family: its code.
        codes: as :func:`tax_code.read_tax_code` gives them.
        propose: false where it is known why somebody is in two families.
        by: who told.
    """
    told = sorted(set(codes))
    if told:
        deciding.hold()
    for code in told:
        known_of = families_with(deciding, code)
        if family in known_of:
            continue
        known = deciding.find(KnownPersons, known_persons_id(family))
        if known is None:
            known = deciding.add(KnownPersons.opened(family, by))
        sealed = deciding.seal(family_id(family), "tax_code", code)
        known.identify(sealed, bucket_of(deciding, code), on=deciding.today, by=by)
        for other in known_of if propose else ():
            if deciding.find(Pair, pair_id(other, family)) is None:
                deciding.add(Pair.propose(other, family, on=deciding.today, by=by))


def families_with(deciding: Deciding, code: str) -> list[str]:
    """Codes of the families of which somebody with this tax code is known; none that is erased."""
    rows = in_bucket(deciding.connection, bucket_of(deciding, code))
    known = deciding.vault.texts([row.ref for row in rows])
    return [row.family for row in rows if known.get(row.ref) == code]


def bucket_of(deciding: Deciding, code: str) -> int:
    """Among which of the known codes *code* is looked for."""
    return int.from_bytes(deciding.fingerprint(f"tax code/{code}")) % BUCKETS
