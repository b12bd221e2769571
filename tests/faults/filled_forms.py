"""Many filled forms, fast: made by pacts, filled by a program of another maker, one a family.

Setting and filling a form takes seconds, so that is done once for each microequipe. The form of
each further pact is that one with its own hidden fields and a goal of its own, which is what the
mailbox and pacts read; only the reference that a person sees on its pages is that of the first.
"""

import io
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pikepdf

from services.intake.family_code import new_code
from services.kernel.actor import Actor
from services.kernel.deciding import Deciding, Occasion
from services.kernel.ids import stream_id
from services.kernel.store import Store
from services.kernel.words import Heard
from services.pacts.form.issuing import form
from services.pacts.form.reference import Reference
from services.pacts.pact import Pact, pact_id
from services.pacts.policies import POLICIES
from services.review.guidelines import INITIAL
from tests.pacts.form.filled import filled
from tests.pacts.moments import LEAD, MEMBER

FILLER = Path(__file__).parents[1] / "pacts" / "form" / "fillers" / "by_pikepdf.py"
TICKED = "/on"
AT_ONCE = 50
"""Drafts in one transaction."""


@dataclass(frozen=True)
class Draft:
    """The first pact of a family of one organisation."""

    organisation: str
    family: str


def drafts(pacts: Store, lead: UUID, member: UUID, count: int) -> list[Draft]:
    """Pacts of *count* families, drafted as when their microequipe is formed, led by *lead*."""
    own, chance = pacts.programme.own, random.Random(f"families {lead}")
    _hear(pacts, "review/guidelines_issued.v1", [_guidelines()], pacts.programme.lead)
    families: list[str] = []
    while len(families) < count:
        families.append(new_code(own, chance, families.__contains__))
    for at in range(0, count, AT_ONCE):
        formed = [_formed(family, lead, member) for family in families[at : at + AT_ONCE]]
        _hear(pacts, "intake/microequipe_formed.v1", formed, own)
    return [Draft(own, family) for family in families]


def _guidelines() -> dict[str, object]:
    return {"number": 1, "in_force_from": "2026-01-01", "parameters": dict(INITIAL)}


def _formed(family: str, lead: UUID, member: UUID) -> dict[str, object]:
    return {
        "family": family,
        "microequipe": str(stream_id("microequipe", family)),
        "lead": str(lead),
        "members": [str(member)],
        "case_manager": None,
        "on": "2026-05-04",
    }


def _hear(pacts: Store, contract: str, bodies: list[dict[str, object]], organisation: str) -> None:
    """Let the policy of *contract* follow *bodies*, in one transaction."""
    service = contract.partition("/")[0]
    root = stream_id("prepared", contract, json.dumps(bodies))
    actor = Actor.of_service(pacts.programme.own, pacts.composition.name)

    def follow(deciding: Deciding) -> None:
        for number, body in enumerate(bodies):
            words = (contract, body, organisation, service, deciding.now, str(actor.id))
            POLICIES[contract](deciding, Heard(*words, stream_id("prepared", root, number)))

    pacts.decide(Occasion(root, f"prepared:{root}", str(root), actor), follow)


def forms(pacts: Store, lead: UUID, member: UUID, drafted: list[Draft]) -> Iterator[bytes]:
    """Yield the filled form of each of *drafted*, whose microequipe has *lead* and *member*."""
    first = _filled(_issued(pacts, lead, drafted[0].family), lead, member)
    with pikepdf.open(io.BytesIO(first)) as pdf:
        fields = {str(each.T): each for page in pdf.pages for each in page.Annots if "/T" in each}
        for draft in drafted:
            reference = Reference(draft.organisation, draft.family, 1, 1)
            for name, value in reference.hidden(pacts.keys.tag).items():
                fields[name].V = pikepdf.String(value)
            fields["goal_1_goal"].V = pikepdf.String(f"Un lavoro stabile per {draft.family}")
            out = io.BytesIO()
            pdf.save(out)
            yield out.getvalue()


def _issued(pacts: Store, lead: UUID, family: str) -> bytes:
    """The form that *lead* is given for *family*."""
    actor = Actor.of_person(pacts.programme.own, str(lead), "microequipe_lead")
    root = stream_id("issued", family)

    def issue(reading: Deciding) -> bytes:
        return form(reading, reading.get(Pact, pact_id(family, 1)), actor).pdf

    return pacts.ask(Occasion(root, "issued", str(root), actor), issue)


def _filled(pdf: bytes, lead: UUID, member: UUID) -> bytes:
    """*pdf* as pikepdf's own forms fill it, by a program that imports nothing of ours."""
    people = {str(LEAD): str(lead), str(MEMBER): str(member)}
    values = {
        name: True if value == TICKED else {"value": people.get(value, value)}
        for name, value in filled().items()
    }
    with tempfile.TemporaryDirectory(prefix="comunita-form-") as folder:
        given, words, made = (Path(folder) / name for name in ("form.pdf", "values", "filled.pdf"))
        given.write_bytes(pdf)
        words.write_text(json.dumps(values), encoding="utf-8")
        command = [sys.executable, "-I", "-W", "ignore", FILLER, given, words, made]
        subprocess.run(command, check=True, timeout=120)
        return made.read_bytes()
